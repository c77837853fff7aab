"""`evaluate`: how well reviews are found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from reviewlens.encoders import Encoder, load_encoder
from reviewlens.evaluation import LEAST_QUESTIONS, Evaluation, evaluate
from reviewlens.questions import Face, Ge
from reviewlens.results import OnProgress
from reviewlens.session import Lease


def evaluate_by(
    lease: Lease,
    encoders: Annotated[
        Sequence[str | Encoder], Face(flag="--encoder", metavar="NAME", local=True)
    ] = (),
    *,
    sample: Annotated[int, Ge(LEAST_QUESTIONS), Face(metavar="N")] = 1_000,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Measure how well reviews are found: index, sentences, titles, neighbours.

    The collection is not changed. Each encoder embeds the texts of a sample anew, titles left
    out; the collection's own is asked by words and by both as well.

    Args:
        encoders: Names, folders or objects, to be compared side by side; none for that of the
            collection.
        sample: Reviews to draw at most, 20 or more.
        seed: Of the draws.
        on_progress: Told of the stage `encoding`, in texts.

    Raises:
        CollectionMissing: Nothing has been ingested.
        EncoderError: An encoder cannot be found or run.
        InputError: The sample is too small, or a filter cannot be read.
        TooFewReviews: There are fewer than 20 different texts.
    """
    store = lease.store
    wanted = list(dict.fromkeys(encoders))
    compared = [
        load_encoder(one, **lease.session.encoders.options) if isinstance(one, str) else one
        for one in wanted
    ]
    return evaluate(
        store,
        compared or [lease.encoder],
        filters=lease.filters,
        size=sample,
        seed=seed,
        on_progress=on_progress,
    )
