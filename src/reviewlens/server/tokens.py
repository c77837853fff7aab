"""What a token must be like, before the server starts."""

from __future__ import annotations

import re

from reviewlens.errors import InputError

_LEAST_HEX = 32
_LEAST = 22
_LEAST_DIFFERENT = 8


def check_token(token: str, what: str, cure: str) -> None:
    """Refuse a token that could be guessed: it must have 128 bits, as random ones have them.

    Args:
        token: The token.
        what: It is called in the message, which does not show it.
        cure: How to make a better one.

    Raises:
        InputError: It is too short, has characters that no header can carry, or repeats itself.
    """
    least = _LEAST_HEX if re.fullmatch(r"[0-9a-fA-F]*", token) else _LEAST
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]*", token):
        problem = "has other characters than letters, digits and ._~+/=-"
    elif len(token) < least:
        problem = f"has {len(token)} characters, which can be guessed; wanted {least} or more"
    elif len(set(token)) < _LEAST_DIFFERENT:
        problem = f"has {len(set(token))} different characters, which can be guessed"
    else:
        return
    raise InputError(f"{what} {problem}; {cure}")
