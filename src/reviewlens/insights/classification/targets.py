"""Labels as numbers, and whether they are enough to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.errors import TooFewReviews
from reviewlens.insights.classification.evaluation import one_hot
from reviewlens.insights.classification.models import STARS, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 8
"""Examples that are needed at least."""
FEWEST_TEXTS = 2
"""Distinct texts that each label needs, so that one can be learnt from and one judged by."""


def encoded(task: Task, targets: Sequence[Any]) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Return the labels in order, and the truth as numbers.

    Label numbers of shape (n,); bool of shape (n, labels) for `several`; float64 for stars.
    """
    import numpy as np

    if task == "stars":
        return STARS, np.asarray(targets, dtype=np.float64)
    if task == "classes":
        labels = tuple(sorted(set(targets)))
        place = {label: number for number, label in enumerate(labels)}
        return labels, np.array([place[target] for target in targets], dtype=np.intp)
    labels = tuple(sorted({label for target in targets for label in target}))
    truth = [[label in target for label in labels] for target in targets]
    return labels, np.array(truth, dtype=bool).reshape(len(targets), len(labels))


def check(
    task: Task, labels: tuple[str, ...], truth: NDArray[Any], groups: NDArray[np.intp]
) -> None:
    """Refuse what nothing can be learnt from.

    Args:
        task: What is predicted.
        labels: What can be predicted.
        truth: See `encoded`.
        groups: The wording of each example.

    Raises:
        TooFewReviews: There are too few examples, labels, or texts with a label.
    """
    import numpy as np

    if len(truth) < FEWEST:
        what = "reviews with stars" if task == "stars" else "labelled reviews"
        raise TooFewReviews(
            f"there are {len(truth)} {what}, too few to learn from; wanted at least {FEWEST}: "
            + ("widen the filters" if task == "stars" else "label more, or describe the labels")
        )
    true = one_hot(task, truth, len(labels))
    texts = {label: len(np.unique(groups[true[:, place]])) for place, label in enumerate(labels)}
    if task == "stars":
        if sum(count > 0 for count in texts.values()) < 2:
            raise TooFewReviews(
                "all stars are the same, so there is nothing to learn; wanted at least two "
                "different ones: widen the filters"
            )
        if len(np.unique(groups)) < 2 * FEWEST_TEXTS:
            raise TooFewReviews(
                f"there are {len(np.unique(groups))} distinct texts with stars, too few to learn "
                f"from; wanted at least {2 * FEWEST_TEXTS}: widen the filters"
            )
        return
    fewest = 1 if task == "several" else 2
    if len(labels) < fewest:
        raise TooFewReviews(
            f"there are {len(labels)} different labels"
            + (f" ({labels[0]})" if labels else "")
            + f" among {len(truth)} examples; wanted at least {fewest}: label others as well"
        )
    rare = [f"{label!r}" for label, count in texts.items() if count < FEWEST_TEXTS]
    if rare:
        raise TooFewReviews(
            f"{len(rare)} of {len(labels)} labels have a single distinct text: "
            f"{', '.join(rare[:5])}{' …' if len(rare) > 5 else ''}; wanted at least "
            f"{FEWEST_TEXTS} each: give more examples of them, or leave them out"
        )
