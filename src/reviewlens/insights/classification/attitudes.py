"""Labels that are attitudes: each review goes by the praise and blame in what it says."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from reviewlens.errors import TooFewReviews
from reviewlens.insights.classification.predictions import summarized
from reviewlens.insights.classification.results import Classification, Labelled
from reviewlens.search.sides import OPPOSES, said_in
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    from reviewlens.ground.slices import Slice

Attitude = Literal["positive", "negative", "neutral"]

_NAMES: dict[Attitude, str] = {
    "positive": "positive pos good praise praises happy satisfied like likes love favourable "
    "favorable compliment promoter recommend",
    "negative": "negative neg bad blame blames complaint complaints complains unhappy dissatisfied "
    "unsatisfied dislike dislikes hate unfavourable unfavorable criticism critical detractor",
    "neutral": "neutral neither mixed none other indifferent passive",
}
_ATTITUDES = {name: attitude for attitude, names in _NAMES.items() for name in names.split()}
_SUREST = 0.99


def read_attitudes(labels: Mapping[str, str]) -> dict[Attitude, str] | None:
    """Return the labels by the attitude that each names, where all of them do, praise and blame.

    Args:
        labels: With descriptions. One that has a description of its own is not what its name says
            alone.
    """
    found: dict[Attitude, str] = {}
    for name, text in labels.items():
        attitude = _ATTITUDES.get(name.lower())
        if attitude is None or attitude in found or text != name:
            return None
        found[attitude] = name
    return found if {"positive", "negative"} <= found.keys() else None


def sentiments_of(store: ReviewStore, filters: Filters) -> dict[str, list[float]]:
    """Return by review the sentiment of each thing that it says, -1 (blames) to 1 (praises).

    Args:
        store: With statements.
        filters: Which reviews. One of which nothing can be read is left out.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for page in store.scan(("review_id", "text", "statements", "language"), filters, base=""):
        for stored, said in zip(page, said_in(page, store.pin.encoder), strict=True):
            own = [one.sentiment for one in said if one.sentiment is not None]
            if own:
                found[stored.review_id] += own
    return found


def overall(sentiments: Sequence[float]) -> float:
    """Return the sentiment of a review as a whole, -1..1.

    The log odds of its statements are added up and divided by the root of their number: what is
    said often counts for more than what is said once, and a long review is not the surer for it.

    Args:
        sentiments: Of its statements, at least one.
    """
    bound = [max(-_SUREST, min(_SUREST, one)) for one in sentiments]
    return math.tanh(math.fsum(map(math.atanh, bound)) / math.sqrt(len(bound)))


def by_attitudes(
    reviews: Slice,
    labels: Mapping[Attitude, str],
    sentiments: Mapping[str, Sequence[float]],
    *,
    several: bool = False,
) -> Classification:
    """Give each review the label of the attitude that it shows.

    Args:
        reviews: Which.
        labels: By attitude. With `neutral` among them what leans neither way surely has that one.
        sentiments: Of what each review says; one that is not there has no label.
        several: A review that praises one thing and blames another has both.

    Raises:
        TooFewReviews: There is no review.
    """
    if len(reviews) == 0:
        raise TooFewReviews("there is no review to label; wanted at least one: ingest reviews")
    rows = []
    for review_id in reviews.ids:
        said = sentiments.get(review_id, ())
        score = overall(said) if said else 0.0
        shown = _shown(said, score, labels, several=several)
        found = [labels[attitude] for attitude in shown if attitude in labels]
        label = "; ".join(found) or None
        rows.append(
            Labelled(
                review_id=review_id,
                label=label,
                labels=tuple(found),
                confidence=round(abs(score), 4),
                margin=None,
                predicted=label,
                given=False,
                stars=None,
            )
        )
    unread = sum(review_id not in sentiments for review_id in reviews.ids)
    notes = [f"{' and '.join(labels.values())} are read as praise and blame in what reviews say"]
    if unread:
        notes.append(f"reviews without a label, of which nothing can be read: {unread:,}")
    return Classification(
        method="sentiment",
        task="several" if several else "classes",
        reviews=len(reviews),
        given=0,
        labels=summarized(reviews, rows, list(labels.values())),
        rows=tuple(rows),
        figures=None,
        settings={f"label {name}": attitude for attitude, name in labels.items()},
        notes=tuple(notes),
    )


def _shown(
    said: Sequence[float], score: float, labels: Iterable[Attitude], *, several: bool
) -> list[Attitude]:
    """Return which attitudes a review shows."""
    if not said:
        return []
    if several:
        both: list[Attitude] = [
            *(("positive",) if max(said) >= OPPOSES else ()),
            *(("negative",) if min(said) <= -OPPOSES else ()),
        ]
        return both or ["neutral"]
    if "neutral" in labels and abs(score) < OPPOSES:
        return ["neutral"]
    return ["positive" if score > 0 else "negative"]
