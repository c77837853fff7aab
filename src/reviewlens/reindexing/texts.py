"""What was embedded of a stored review, to the letter, and which hash stands for that.

A content hash holds the text that was embedded, whether a long one was split, and the encoder's
window. None of these is stored as such. The passages hold the text but for white space at the
cuts; the hash itself tells which of the ways to fill that in, which window and which treatment of
long reviews are the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reviewlens.ingestion import embedding_hash
from reviewlens.reviews import clean_markup, embed
from reviewlens.store import StoredPassage

Long = Literal["split", "truncate"]

_WAYS: tuple[Long, ...] = ("split", "truncate")
_WIDEST_WINDOW = 40_000
_TRIED = 3
_EDGE = 24


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was embedded of a review.

    Attributes:
        text: All of it.
        long: What became of it if it was longer than the window.
        exact: Whether the hash says so; else white space may differ where it was cut.
    """

    text: str
    long: Long
    exact: bool


class Texts:
    """Tells what was embedded of reviews of one collection."""

    def __init__(self) -> None:
        self._window: int | None = None

    def learn(self, reviews: Iterable[Sequence[StoredPassage]]) -> None:
        """Find the window, which is the same for all reviews of a collection; once.

        Args:
            reviews: The passages of each of some, as for `of`.
        """
        if self._window is not None:
            return
        # What is short and was not cut is certain, and quick to try.
        for passages in sorted(reviews, key=lambda own: (len(own), len(own[0].text)))[:_TRIED]:
            wanted = passages[0].content_hash.partition(".")[0]
            for text in _candidates(passages):
                for window in range(_WIDEST_WINDOW):
                    if wanted in (embedding_hash(text, long, window) for long in _WAYS):
                        self._window = window
                        return

    def of(self, passages: Sequence[StoredPassage]) -> Embedded:
        """Return what was embedded of a review.

        Args:
            passages: Those of the review, in order, the first one among them.
        """
        wanted = passages[0].content_hash.partition(".")[0]
        candidates = list(dict.fromkeys(_candidates(passages)))
        if self._window is not None:
            for text in candidates:
                for long in _WAYS:
                    if embedding_hash(text, long, self._window) == wanted:
                        return Embedded(text, long, exact=True)
        return Embedded(candidates[0], "split", exact=False)


def _candidates(passages: Sequence[StoredPassage]) -> Iterator[str]:
    """Yield what may have been embedded, the likeliest first."""
    texts = [passage.text for passage in passages]
    if len(texts) == 1:
        yield texts[0]
        return
    original, title = clean_markup(passages[0].original), clean_markup(passages[0].title)
    yield _joined(texts, original)
    yield embed(title, original)
    yield " ".join(texts)


def _joined(texts: Sequence[str], original: str) -> str:
    """Put passages together with the white space that the original has between them."""
    whole = texts[0]
    for before, after in pairwise(texts):
        cut = re.search(re.escape(before[-_EDGE:]) + r"(\s*)" + re.escape(after[:_EDGE]), original)
        whole += (cut[1] if cut else " ") + after
    return whole
