"""Which side a query takes, and which of the statements found take the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.search.relevance import Judgement
from reviewlens.text.languages import detect_languages
from reviewlens.text.sentiment import read_sentiment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TAKES_A_SIDE = 0.675
"""Sentiment from which on a query takes a side, -1..1 either way.

Of 160 queries to files of four kinds, at 0.4 more of those without a side are taken to have one and
lose half of their reviews, at 0.8 fewer of those that have one are.
"""
LEANS = 0.5
"""Sentiment from which on the negation of a query's own words is its opposite: (not) crowded."""
OPPOSES = 0.5
"""Sentiment from which on a statement takes the other side."""
OPPOSES_WITH_STARS_AGAINST = 0.9
"""The same of a statement that praises in a review of few stars, or blames in one of many."""
_FEW, _MANY = 2.0, 4.0


def read_query(query: str, vector: NDArray[np.float32], encoder: Encoder) -> float | None:
    """Return the sentiment of a query, -1 (blames) to 1 (praises); None where it has none to tell.

    A question takes no side: it asks for either.

    Args:
        query: What is asked.
        vector: It, embedded, of shape (dimension,).
        encoder: The collection's.
    """
    if query.rstrip().endswith(("?", "？")):
        return None
    language = detect_languages([query])[0]
    read = read_sentiment([query], vector[None, :], encoder=encoder.name, languages=language)
    score = round(float(read.score[0]), 4)
    return score if abs(score) >= LEANS else None


def read_statements(judged: Sequence[Judgement], encoder: Encoder) -> list[float | None]:
    """Return the sentiment of the statement of each judgement; None where none is known.

    Args:
        judged: Of reviews with statements.
        encoder: The collection's.

    Returns:
        From -1 (blames) to 1 (praises).
    """
    import numpy as np

    known = [
        (place, one.hit.passage.text[slice(*one.hit.span)], one.vector)
        for place, one in enumerate(judged)
        if one.hit.span is not None and one.vector is not None
    ]
    found: list[float | None] = [None] * len(judged)
    if not known:
        return found
    places, texts, vectors = zip(*known, strict=True)
    languages = [judged[place].hit.passage.language for place in places]
    read = read_sentiment(texts, np.stack(vectors), encoder=encoder.name, languages=languages)
    for place, score in zip(places, read.score.tolist(), strict=True):
        found[place] = round(score, 4)
    return found


def opposes(
    side: float | None,
    sentiment: float | None,
    *,
    stars: float | None = None,
    contrary: bool | None = None,
) -> bool:
    """Tell whether a statement says the opposite of a query.

    Args:
        side: The query's sentiment, None for none.
        sentiment: The statement's, None where it is not known.
        stars: Of its review, 1..5; None for none.
        contrary: Of a statement with all words of the query, whether it negates them otherwise;
            that then decides. None for any other.
    """
    if side is None:
        return False
    if contrary is not None:
        return contrary
    if sentiment is None or abs(side) < TAKES_A_SIDE:
        return False
    praises = side < 0
    against = stars is not None and (stars <= _FEW if praises else stars >= _MANY)
    least = OPPOSES_WITH_STARS_AGAINST if against else OPPOSES
    return sentiment >= least if praises else sentiment <= -least
