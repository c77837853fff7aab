"""Names that are not known: refused, with the known one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def refuse_unknown(given: Iterable[str], known: Iterable[str], complaint: str) -> None:
    """Refuse names of arguments that are not known, which would otherwise be passed over.

    Args:
        given: The names.
        known: Those that there are.
        complaint: What is said of an unknown one, such as `there is no filter`.

    Raises:
        TypeError: One is not known; it is Python's error for such a name.
    """
    names = list(known)
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        near = nearest(unknown, names)
        wanted = f"wanted one of {', '.join(names)}" if names else "it takes none"
        if near is not None:
            wanted = f"did you mean {near!r}?"
        raise TypeError(f"{complaint} {unknown!r}; {wanted}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelt most like another, in whatever case; None for none."""
    by_case = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_case, n=1)
    return by_case[near[0]] if near else None
