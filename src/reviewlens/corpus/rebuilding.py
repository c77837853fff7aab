"""The method of a corpus that rebuilds its collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from reviewlens.corpus.reports import Reports
from reviewlens.corpus.session import pin_of
from reviewlens.encoders import Encoder, Precision, load_encoder
from reviewlens.results import OnProgress, ReindexReport

if TYPE_CHECKING:
    from reviewlens.store import ReviewStore


class Rebuilding(Reports):
    """Another version of the collection, built beside the one in service."""

    def reindex(
        self,
        encoder: str | Encoder | None = None,
        *,
        precision: Precision | None = None,
        dimensions: int | None = None,
        force: bool = False,
        grace: float | None = None,
        on_progress: OnProgress | None = None,
        on_step: Callable[[str], None] | None = None,
    ) -> ReindexReport:
        """Rebuild the collection from its stored reviews, and put it in the place of the old one.

        Searches go on meanwhile, in this process and in others: each is answered by the old
        version or by the new one, never by both. Themes keep their numbers and names, and reviews
        their themes and labels. Killed at any moment, the old version or the new one is in
        service, and the same call completes it.

        Args:
            encoder: Another encoder to embed with, by name or as an object. None for the one that
                the collection has: its vectors are then kept, and nothing is encoded.
            precision: `fp32` or `int8` of the encoder; another precision is another encoder.
            dimensions: Numbers of each vector that are kept; likewise.
            force: Go on although the encoder does not know more than 10 % of the tokens.
            grace: Seconds, 0 or more, from the swap until the old version is removed. None for 3,
                which is enough for readers that hold it to notice, and for requests under way.
            on_progress: Told of the stage `reindexing`, in reviews.
            on_step: Called with each name of `reindexing.STEPS` and `reindexing.COPY_STEPS`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            EncoderError: The encoder cannot be found or run; the old version is in service.
            UnknownTokens: It cannot read the reviews; likewise.
            StoreError: Milvus cannot be used; run the same reindex again to complete it.
        """
        from reviewlens.reindexing import GRACE_SECONDS, Watching, reindex, require_readable

        with self._owner.lease():
            self._serving_store()
            store = self._required_store()
            found = self._other_encoder(store, encoder, precision, dimensions)
            pin = store.pin if found is None else pin_of(found)
            if found is not None and pin.fingerprint == store.pin.fingerprint:
                found = None  # the vectors are there
            if found is not None and not force:
                require_readable(store, found)

            def swapped(served: ReviewStore) -> None:
                self._swap(served, found)

            watching = Watching(progress=on_progress, swapped=swapped)
            if on_step is not None:
                watching = replace(watching, step=on_step)
            return reindex(
                store,
                pin,
                found,
                own=partial(self._encoder_for, store),
                grace=GRACE_SECONDS if grace is None else grace,
                watching=watching,
            )

    def _other_encoder(
        self,
        store: ReviewStore,
        encoder: str | Encoder | None,
        precision: Precision | None,
        dimensions: int | None,
    ) -> Encoder | None:
        """Return the encoder that is wanted, None where the collection's own is to stay."""
        if encoder is not None and not isinstance(encoder, str):
            return encoder
        if encoder is None and precision is None and dimensions is None:
            return None
        return load_encoder(
            encoder or store.pin.encoder,
            device=self._device,
            precision=precision,
            dimensions=dimensions,
        )

    def _swap(self, served: ReviewStore, encoder: Encoder | None) -> None:
        """Ask the new version from now on; questions under way end on the old one."""
        with self._guard:
            self._followed = True
            if encoder is not None:
                if self._encoder is not None:
                    self._others[self._encoder.fingerprint] = self._encoder
                self._encoder = self._wanted = encoder
        # After its encoder is there: whoever meets the new version looks for that.
        self._owner.replace(served)
