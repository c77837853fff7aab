"""How the text that was embedded of a review is put together from its passages.

A content hash holds that text to the letter. The passages hold it but for white space where it was
cut, and they do not tell what would have become of it if it had been longer than the window.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Long = Literal["split", "truncate"]

KEY = "# made"
"""Where `extra` holds it. It is passed over like a number's key, and none meets it: the names of
ingested columns have no white space at their ends."""
_MOST_BYTES = 4_000
_USUAL = " "


@dataclass(frozen=True, slots=True)
class Made:
    """What the passages of a review do not tell of it.

    Attributes:
        long: What becomes of the text where it is longer than the window.
        between: By number of a passage what stood before it, and by the number after the last what
            stood behind that; left out where it is what one expects, one blank between two
            passages and nothing at the ends.
    """

    long: Long
    between: Mapping[int, str] = field(default_factory=dict)

    def text(self, passages: Sequence[str]) -> str:
        """Put the passages of a review together."""
        parts = []
        for number, passage in enumerate(passages):
            parts += [self.between.get(number, _USUAL if number else ""), passage]
        return "".join([*parts, self.between.get(len(passages), "")])

    def encoded(self) -> dict[str, Any]:
        """Return it as JSON."""
        between = {str(number): text for number, text in self.between.items()}
        return {"long": self.long, **({"between": between} if between else {})}


def made_of(text: str, passages: Sequence[str], long: Long) -> Made | None:
    """Return what is to be kept with a review.

    Args:
        text: All that was embedded.
        passages: What it was cut into.
        long: `split` or `truncate`.

    Returns:
        None where nothing has to be: a review of one passage that would have been split; and where
        it would be too large to keep, or passages are no pieces of the text.
    """
    if len(passages) == 1 and passages[0] == text:
        return None if long == "split" else Made(long)
    between = spaces(text, passages)
    if between is None:
        return None
    made = Made(long, between)
    return made if len(json.dumps(made.encoded())) <= _MOST_BYTES else None


def spaces(text: str, passages: Sequence[str]) -> dict[int, str] | None:
    """Return what stands before and behind passages of a text, as in `Made.between`.

    Returns:
        None where they are not the text but for white space.
    """
    found: dict[int, str] = {}
    end = 0
    for number, passage in enumerate(passages):
        place = text.find(passage, end)
        if place < 0:
            return None
        found[number] = text[end:place]
        end = place + len(passage)
    found[len(passages)] = text[end:]
    if any(space.strip() for space in found.values()):
        return None
    last = len(passages)
    return {
        number: space
        for number, space in found.items()
        if space != (_USUAL if 0 < number < last else "")
    }


def decode_made(kept: object) -> Made | None:
    """Return what `extra` holds of it; None where it holds nothing that can be read."""
    if not isinstance(kept, Mapping) or kept.get("long") not in ("split", "truncate"):
        return None
    between = kept.get("between", {})
    if not isinstance(between, Mapping) or not all(
        str(number).isdecimal() and isinstance(space, str) for number, space in between.items()
    ):
        return None
    return Made(kept["long"], {int(number): space for number, space in between.items()})
