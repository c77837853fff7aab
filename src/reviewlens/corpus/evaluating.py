"""The method of a corpus that tells how well it is searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.rebuilding import Rebuilding
from reviewlens.encoders import Encoder, load_encoder
from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments, build_filters

if TYPE_CHECKING:
    from reviewlens.evaluation import Evaluation


class Evaluating(Rebuilding):
    """Judges the index and encoders by the stored reviews themselves."""

    @on_one_collection
    def evaluate(
        self,
        encoders: Sequence[str | Encoder] = (),
        *,
        sample: int = 1_000,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
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
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            EncoderError: An encoder cannot be found or run.
            InputError: The sample is too small, or a filter cannot be read.
            TooFewReviews: There are fewer than 20 different texts.
        """
        from reviewlens.evaluation import LEAST_QUESTIONS, evaluate

        if sample < LEAST_QUESTIONS:
            raise InputError(
                f"a sample of {sample} reviews is too small to judge by; wanted at least "
                f"{LEAST_QUESTIONS}"
            )
        store = self._required_store()
        wanted = list(dict.fromkeys(encoders))
        compared = [
            load_encoder(one, **self._how()) if isinstance(one, str) else one for one in wanted
        ]
        return evaluate(
            store,
            compared or [self._encoder_for(store)],
            filters=build_filters(store.columns, **filters),
            size=sample,
            seed=seed,
            on_progress=on_progress,
        )
