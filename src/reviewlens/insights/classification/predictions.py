"""From a model to labelled reviews and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.copies import distinct
from reviewlens.ground.describing import mean_stars
from reviewlens.ground.estimates import share
from reviewlens.insights.classification.evaluation import chosen_labels, codes
from reviewlens.insights.classification.examples import Given
from reviewlens.insights.classification.models import Model, Task, median_stars
from reviewlens.insights.classification.results import (
    Classification,
    Figures,
    Labelled,
    LabelSummary,
)
from reviewlens.insights.classification.training import Learned, learn
from reviewlens.results import OnProgress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice


def by_examples(
    reviews: Slice,
    given: Given,
    outside: NDArray[np.float32] | None = None,
    *,
    task: Task = "classes",
    method: str = "auto",
    min_confidence: float = 0.0,
    linear_only: bool = False,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> tuple[Classification, Learned]:
    """Learn from the reviews that have a label, and give the others theirs.

    Args:
        reviews: Which.
        given: The labels there are; see `given_labels`.
        outside: float32 of shape (texts, dimension): the vectors of the labelled texts that are
            not among the reviews.
        task: What is predicted.
        method: See `learn`.
        min_confidence: Smallest probability of a predicted label, 0..1; below it a review has
            none. Without effect with `several`.
        linear_only: See `learn`.
        seed: See `learn`.
        on_progress: Told of the stage `comparing`.

    Raises:
        TooFewReviews, InputError: See `learn`.
    """
    import numpy as np

    _check_confidence(min_confidence)
    targets = given.targets
    known = [row for row, target in enumerate(targets) if target is not None]
    # A text whose cell says nothing is no example.
    more = [row for row, target in enumerate(given.outside_targets) if target is not None]
    parts = [reviews.vectors[known], *([] if outside is None else [outside[more]])]
    learned = learn(
        np.concatenate(parts).astype(np.float32),
        [*(reviews.texts[row] for row in known), *(given.outside[row] for row in more)],
        [*(targets[row] for row in known), *(given.outside_targets[row] for row in more)],
        task=task,
        method=method,
        linear_only=linear_only,
        seed=seed,
        on_progress=on_progress,
    )
    probabilities = _probabilities(learned.model, reviews)
    said = chosen_labels(task, probabilities, learned.model.threshold)
    # What is said of an example comes from a model that has not seen its text.
    probabilities[known] = learned.probabilities[: len(known)]
    said[known] = learned.said[: len(known)]
    result = _classification(
        reviews,
        learned.model,
        probabilities,
        said,
        dict(zip(known, (targets[row] for row in known), strict=True)),
        min_confidence,
        method=learned.method,
        figures=learned.figures,
        notes=given.notes,
    )
    return result, learned


def by_model(
    reviews: Slice, model: Model, *, method: str, figures: Figures, min_confidence: float = 0.0
) -> Classification:
    """Give each review the label that a model learnt before says.

    Args:
        reviews: Which; their vectors are by the encoder that the model was learnt on.
        model: What predicts.
        method: How it was learnt.
        figures: How good it was where it was learnt.
        min_confidence: See `by_examples`.

    Raises:
        TooFewReviews: There is no review.
    """
    _check_confidence(min_confidence)
    if len(reviews) == 0:
        raise TooFewReviews("there is no review to label; wanted at least one: ingest reviews")
    probabilities = _probabilities(model, reviews)
    said = chosen_labels(model.task, probabilities, model.threshold)
    notes = (
        f"figures are of the {figures.examples:,} examples that the model was learnt from; on "
        "reviews of another kind it may be worse",
    )
    return _classification(
        reviews,
        model,
        probabilities,
        said,
        {},
        min_confidence,
        method=method,
        figures=figures,
        notes=notes,
    )


def _check_confidence(min_confidence: float) -> None:
    if not 0 <= min_confidence <= 1:
        raise InputError(f"the smallest confidence is {min_confidence:g}; wanted 0 to 1")


def _probabilities(model: Model, reviews: Slice) -> NDArray[np.float64]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # sums are then the same whatever the machine
        return model.probabilities(reviews.vectors)


def _classification(
    reviews: Slice,
    model: Model,
    probabilities: NDArray[np.float64],
    said: NDArray[np.bool_],
    given: dict[int, Any],
    min_confidence: float,
    *,
    method: str,
    figures: Figures,
    notes: Sequence[str],
) -> Classification:
    import numpy as np

    task = model.task
    medians = median_stars(probabilities) if task == "stars" else None
    if task != "several" and min_confidence > 0:
        said = said & (probabilities >= min_confidence)
    if task == "stars":
        rows_given = list(given)
        whole = codes(task, np.array([given[row] for row in rows_given], dtype=np.float64))
        given = {row: model.labels[code] for row, code in zip(rows_given, whole, strict=True)}
    place = {label: number for number, label in enumerate(model.labels)}
    rows = []
    for row, chances in enumerate(probabilities):
        predicted = [model.labels[number] for number in np.flatnonzero(said[row])]
        target = given.get(row)
        labels = predicted
        if target is not None:
            labels = list(target) if task == "several" else [target]
        sure = _confidence(task, chances, [place[label] for label in labels])
        others = [chance for label, chance in zip(model.labels, chances, strict=True)
                  if label not in labels]  # fmt: skip
        margin = sure - max(others) if labels and others and task != "several" else None
        rows.append(
            Labelled(
                review_id=reviews.ids[row],
                label="; ".join(labels) or None,
                labels=tuple(labels),
                confidence=round(sure, 4),
                margin=None if margin is None else round(float(margin), 4),
                predicted="; ".join(predicted) or None,
                given=target is not None,
                stars=None if medians is None else int(medians[row]),
            )
        )
    return Classification(
        method=method,
        task=task,
        reviews=len(reviews),
        given=len(given),
        labels=summarized(reviews, rows, model.labels),
        rows=tuple(rows),
        figures=figures,
        settings={
            "min_confidence": None if task == "several" else min_confidence,
            "threshold": model.threshold if task == "several" else None,
        },
        notes=tuple(notes),
    )


def _confidence(task: Task, chances: NDArray[np.float64], places: list[int]) -> float:
    """Return the probability of the labels of one review, or of its having none."""
    if places:
        return float(min(chances[place] for place in places))
    if task == "several":
        return float(1 - chances.max())
    return float(chances.max())


def summarized(
    reviews: Slice, rows: Sequence[Labelled], labels: Sequence[str]
) -> tuple[LabelSummary, ...]:
    """Return what is under each label, most reviews first, then in the order given; none last."""
    import numpy as np

    under: dict[str | None, list[int]] = {label: [] for label in labels}
    under[None] = []
    for number, row in enumerate(rows):
        for label in row.labels or (None,):
            under[label].append(number)
    texts = distinct(reviews.texts).of_row
    copies = np.bincount(texts) if len(texts) else texts
    summaries = []
    for label, members in under.items():
        if label is None and not members:
            continue
        # Who speaks for a label says it most surely; a review of one's own before a copied one.
        speaker = min(
            members,
            key=lambda row: (int(copies[texts[row]] > 1), -rows[row].confidence, row),
            default=None,
        )
        summaries.append(
            LabelSummary(
                label=label,
                reviews=len(members),
                given=sum(rows[row].given for row in members),
                share=share(len(members), len(rows)),
                mean_stars=mean_stars(reviews, members),
                quote=None if speaker is None else reviews.quote(speaker),
            )
        )
    return tuple(sorted(summaries, key=lambda one: (one.label is None, -one.reviews)))
