"""Labels given as words: each review goes to the description that is nearest in meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.insights.classification.predictions import summarized
from reviewlens.insights.classification.results import Classification, Labelled
from reviewlens.settings import LABEL_FLOOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice


def read_descriptions(labels: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    """Return each label with its description, in order.

    Args:
        labels: Names with descriptions, or texts such as `delivery: it came late or broken`; a
            name alone describes itself.

    Raises:
        InputError: A name is empty or given twice.
    """
    if isinstance(labels, Mapping):
        pairs = [(name.strip(), text.strip()) for name, text in labels.items()]
    else:
        halves = [label.partition(":") for label in labels]
        pairs = [(name.strip(), text.strip()) for name, _, text in halves]
    found: dict[str, str] = {}
    for name, text in pairs:
        if not name or name in found:
            raise InputError(
                f"the label {name!r} is {'given twice' if name else 'empty'}; wanted names that "
                "differ, each as 'name: description'"
            )
        found[name] = text or name
    return found


def nearest_descriptions(
    vectors: NDArray[np.float32], descriptions: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Return the number of the description nearest to each review, of shape (n,)."""
    found: NDArray[np.intp] = (vectors @ descriptions.T).argmax(axis=1)
    return found


def by_descriptions(
    reviews: Slice,
    descriptions: Mapping[str, str],
    vectors: NDArray[np.float32],
    *,
    several: bool = False,
    min_similarity: float | None = LABEL_FLOOR,
    min_margin: float = 0.0,
) -> Classification:
    """Give each review the label whose description is nearest to it.

    Nothing is learnt, so nothing is known of how often it is right: a cosine is no probability,
    and the encoder may put a review near the words of a description rather than near its sense,
    above all where descriptions differ in a sentiment alone. Examples are better.

    Args:
        reviews: Which.
        descriptions: Label and what a review under it says.
        vectors: float32 of shape (labels, dimension): the descriptions, in order.
        several: Every description that reaches the floor, not only the nearest.
        min_similarity: Smallest cosine that fits, -1..1; a review that none fits has no label.
            None for no floor.
        min_margin: How far the nearest description must be above the next one, 0..2; below it
            the review has no label. Without effect with `several`.

    Raises:
        InputError: There is no label, or a limit is out of range.
        TooFewReviews: There is no review.
    """
    import numpy as np

    if not descriptions:
        raise InputError("there is no label; wanted at least one, as 'name: description'")
    floor = -1.0 if min_similarity is None else min_similarity
    if not -1 <= floor <= 1 or not 0 <= min_margin <= 2:
        raise InputError(
            f"the smallest similarity is {floor:g} and the smallest margin {min_margin:g}; "
            "wanted -1 to 1 and 0 to 2"
        )
    if len(reviews) == 0:
        raise TooFewReviews("there is no review to label; wanted at least one: ingest reviews")
    names = list(descriptions)
    similarities = (reviews.vectors @ vectors.T).astype(np.float64)
    order = np.argsort(-similarities, axis=1, kind="stable")
    rows = []
    for row, found in enumerate(similarities):
        best = float(found[order[row, 0]])
        margin = best - float(found[order[row, 1]]) if len(names) > 1 else None
        if several:
            labels = [names[place] for place in order[row] if found[place] >= floor]
            sure = min((float(one) for one in found if one >= floor), default=best)
        else:
            fits = best >= floor and (margin is None or margin >= min_margin)
            labels, sure = ([names[order[row, 0]]] if fits else []), best
        label = "; ".join(labels) or None
        rows.append(
            Labelled(
                review_id=reviews.ids[row],
                label=label,
                labels=tuple(labels),
                confidence=round(sure, 4),
                margin=None if several or margin is None else round(margin, 4),
                predicted=label,
                given=False,
                stars=None,
            )
        )
    return Classification(
        method="descriptions",
        task="several" if several else "classes",
        reviews=len(reviews),
        given=0,
        labels=summarized(reviews, rows, names),
        rows=tuple(rows),
        figures=None,
        settings={
            "min_similarity": min_similarity,
            "min_margin": None if several else min_margin,
            **{f"label {name}": text for name, text in descriptions.items()},
        },
        notes=("labels by description alone: nothing tells how many of them are right",),
    )
