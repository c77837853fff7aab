"""Ids of reviews: the same on every machine, and never two reviews under one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{2,3}")


def is_rounded(value: str) -> bool:
    """Tell whether a spreadsheet has rounded this id, as in `5.70306E+17`."""
    return "E+" in value and _ROUNDED.fullmatch(value.strip()) is not None


def join_id(source: str, given: str) -> str:
    """Put source and id together so that no other pair gives the same.

    `shop:17`; the id alone without a source. What stands before the first colon is the source,
    so a colon in a source is escaped, and an id with a colon gets an empty source.
    """
    if source:
        escaped = source.replace("%", "%25").replace(":", "%3A")
        return f"{escaped}:{given}"
    return f":{given}" if ":" in given else given


def digest(parts: Sequence[str]) -> bytes:
    """Hash a sequence of strings to 16 bytes; none holds a NUL, so their borders count."""
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()


class Identities:
    """The ids of one file so far, as digests.

    Args:
        repeats: `keep` makes rows of equal content reviews of their own, `drop` duplicates.
    """

    def __init__(self, repeats: Literal["keep", "drop"]) -> None:
        self._repeats = repeats
        self._given: dict[bytes, bytes] = {}
        self._hashed: set[bytes] = set()
        self._copies: dict[bytes, int] = {}

    def of_given(self, review_id: str, row: Sequence[str]) -> Literal["new", "same", "other"]:
        """Take a row that has an id; tell what stood under this id before it.

        Args:
            review_id: Source and id, joined.
            row: All fields of the row.
        """
        content = digest(row)
        before = self._given.setdefault(digest([review_id]), content)
        if before is content:
            return "new"
        return "same" if before == content else "other"

    def of_content(self, parts: Sequence[str]) -> str | None:
        """Make an id for a row that has none; None for a repeat that is to be dropped.

        The k-th row of equal content gets `~k`, from the second on.
        """
        content = digest(parts)
        if content not in self._hashed:
            self._hashed.add(content)
            return content.hex()
        if self._repeats == "drop":
            return None
        copy = self._copies[content] = self._copies.get(content, 1) + 1
        return f"{content.hex()}~{copy}"
