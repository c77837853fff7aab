"""Encoders of the user's own that have a name, for commands, the server and stored collections."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from reviewlens.encoders.protocol import Encoder
from reviewlens.errors import EncoderError

GROUP = "reviewlens.encoders"
"""The group of entry points by which an installed package provides encoders, each by its name."""

_made: dict[str, Callable[[], Encoder]] = {}


def register_encoder(name: str, make: Callable[[], Encoder] | None) -> None:
    """Let an encoder of your own be found by a name, in this process.

    Args:
        name: What `--encoder`, `Corpus.open` and a collection that was made with it call it; the
            encoder's own `name`.
        make: Returns it, each time that it is asked for; None takes the name away again.
    """
    if make is None:
        _made.pop(name, None)
    else:
        _made[name] = make


def is_registered(name: str) -> bool:
    """Tell whether a name was given to `register_encoder`."""
    return name in _made


def provided(name: str) -> EntryPoint | None:
    """Return what an installed package provides under a name, None where none does."""
    return next(iter(entry_points(group=GROUP, name=name)), None)


def make_registered(name: str) -> Encoder:
    """Return the encoder that was registered by a name, or that an installed package provides.

    Raises:
        EncoderError: It cannot be imported or made.
    """
    if name in _made:
        return _made[name]()
    point = provided(name)
    assert point is not None
    try:
        found: Encoder = point.load()()
    except Exception as error:
        raise EncoderError(
            f"The encoder {name} of {point.value} cannot be made ({type(error).__name__}: {error})."
        ) from error
    return found
