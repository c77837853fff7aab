"""Shorter vectors: what they lose, and a model that makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.slicing import Slicing
from reviewlens.encoders.reduced_folder import check_target
from reviewlens.reduction import (
    SAMPLE_TEXTS,
    Reduction,
    reduce_dimensions,
    sampled_passages,
)
from reviewlens.results import OnProgress
from reviewlens.reviews import ReadOptions, listed_paths, read_reviews, survey_reviews


class Reducing(Slicing):
    """What a search loses with shorter vectors."""

    @on_one_collection
    def reduce(
        self,
        paths: str | Path | Sequence[str | Path] = (),
        *,
        dimensions: int | Sequence[int],
        output: str | Path | None = None,
        sample: int = SAMPLE_TEXTS,
        seed: int = 0,
        columns: Mapping[str, str] | None = None,
        text_template: str | None = None,
        on_progress: OnProgress | None = None,
    ) -> Reduction:
        """Measure what a search loses with shorter vectors, and write a model that makes them.

        Half of the texts are for learning (PCA), the other half for measuring, on which the ten
        nearest by whole and by shorter vectors are compared.

        Args:
            paths: Review files, as for `ingest`; none for the reviews of this collection, whose
                vectors are then taken as they are stored.
            dimensions: How many numbers of a vector to keep, fewer than the encoder has; several
                to compare them.
            output: A folder for the model with a layer learnt by PCA, which `encoder` takes
                afterwards; None to measure alone.
            sample: Different texts that are used at most, 100 or more.
            seed: For which ones.
            columns: Header for a role, as for `ingest`, where its name does not tell.
            text_template: What is embedded of a row, as for `ingest`.
            on_progress: Told of the stages `reading` and `encoding`.

        Raises:
            EncoderError: The encoder has no folder to add a layer to.
            InputError: The encoder has no more dimensions, a file cannot be used, or the folder
                cannot be written.
            TooFewReviews: There are too few different texts.
        """
        if output is not None:
            check_target(Path(output).expanduser())
        given = listed_paths(paths)
        vectors = None
        if given:
            options = ReadOptions(columns=dict(columns or {}), text_template=text_template)
            with survey_reviews(given, options, on_progress=on_progress) as survey:
                read = [review for chunk in read_reviews(survey) for review in chunk.reviews]
            texts = [review.embedded for review in read if review.embedded.strip()]
            encoder = self._encoder_for(None)
        else:
            store = self._required_store()
            encoder = self._encoder_for(store if self._wanted is None else None)
            texts, stored = sampled_passages(store, sample, seed)
            if encoder.fingerprint == store.pin.fingerprint:
                vectors = stored
        return reduce_dimensions(
            texts,
            encoder,
            [dimensions] if isinstance(dimensions, int) else dimensions,
            vectors=vectors,
            output=None if output is None else Path(output).expanduser(),
            sample=sample,
            seed=seed,
            on_progress=on_progress,
        )
