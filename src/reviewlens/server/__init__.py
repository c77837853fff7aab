"""The HTTP API and the web explorer over one corpus."""

from __future__ import annotations

from reviewlens.server.app import make_app
from reviewlens.server.options import Options
from reviewlens.server.process import listen, run

__all__ = ["Options", "listen", "make_app", "run"]
