"""`reindex`: a corpus' collection rebuilt from what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from reviewlens import ingest
from reviewlens.encoders import Encoder, Precision, languages_of, load_encoder
from reviewlens.questions import Ge
from reviewlens.results import OnProgress, ReindexReport
from reviewlens.session import Lease, Session, pin_of
from reviewlens.store import SCHEMA_VERSION, Filters, ReviewStore
from reviewlens.upkeep.reindex_steps import GRACE_SECONDS, Watching, rebuild

_SAMPLE = 500
"""Reviews, spread evenly, that are looked at before hours are spent on them all."""


def reindex(
    lease: Lease,
    encoder: str | Encoder | None = None,
    *,
    precision: Precision | None = None,
    dimensions: Annotated[int | None, Ge(1)] = None,
    force: bool = False,
    grace: Annotated[float | None, Ge(0)] = None,
    on_progress: OnProgress | None = None,
    on_step: Callable[[str], None] | None = None,
) -> ReindexReport:
    """Rebuild the collection from its stored reviews, and put it in the place of the old one.

    Searches go on meanwhile, in this process and in others: each is answered by the old
    version or by the new one, never by both. Themes keep their numbers and names, and reviews
    their themes and labels. Killed at any moment, the old version or the new one is in
    service, and the same call completes it.

    Args:
        encoder: Another encoder to embed with, by name or as an object. Without it the one that
            the collection has: its vectors are then kept, and nothing is encoded; but for a
            collection of an earlier version, which has no vectors of single statements.
        precision: `fp32` or `int8` of the encoder; another precision is another encoder.
        dimensions: Numbers of each vector that are kept; likewise.
        force: Go on although the encoder does not know more than 10 % of the tokens.
        grace: Seconds, 0 or more, from the swap until the old version is removed. Without it 3,
            which is enough for readers that hold it to notice, and for requests under way.
        on_progress: Told of the stage `reindexing`, in reviews.
        on_step: Called with each name of `reindex_steps.STEPS` and `reindex_rows.STEPS`.

    Raises:
        CollectionMissing: Nothing has been ingested.
        EncoderError: The encoder cannot be found or run; the old version is in service.
        UnknownTokens: It cannot read the reviews; likewise.
        StoreError: Milvus cannot be used; run the same reindex again to complete it.
    """
    session = lease.session
    with session.rebuilding:
        session.serving()  # what another thread rebuilt meanwhile
        store = session.required()
        found = _other_encoder(session, store, encoder, precision, dimensions)
        if found is None or pin_of(found).fingerprint == store.pin.fingerprint:
            pin = replace(store.pin, schema_version=SCHEMA_VERSION)
            # Statements are to be embedded that a collection of an earlier version lacks.
            lacking = store.pin.schema_version < SCHEMA_VERSION
            found = session.encoder_for(store) if lacking else None
        else:
            pin = pin_of(found)
            if not force:
                _require_readable(store, found)

        def swapped(served: ReviewStore) -> None:
            session.swap(served, found)

        return rebuild(
            store,
            pin,
            found,
            own=partial(session.encoder_for, store),
            grace=GRACE_SECONDS if grace is None else grace,
            watching=Watching(
                progress=on_progress, step=on_step or (lambda _: None), swapped=swapped
            ),
        )


def _other_encoder(
    session: Session,
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
        device=session.encoders.options["device"],
        precision=precision,
        dimensions=dimensions,
    )


def _require_readable(store: ReviewStore, encoder: Encoder) -> None:
    """Refuse an encoder that does not read a large part of the reviews; see `ingest`.

    Args:
        store: Where the reviews are.
        encoder: Counts tokens; its weights are not needed.

    Raises:
        UnreadLanguages: More than 10 % of the reviews are in languages that it does not read.
        UnknownTokens: More than 10 % of the tokens are unknown to it.
    """
    keys = store.passage_ids(Filters(), base="passage == 0")
    sample = keys[:: max(1, len(keys) // _SAMPLE)]
    rows = store.get(sample, ("text", "language")).values()
    counts = encoder.count_tokens([row.text for row in rows])
    share = sum(unknown for _, unknown in counts) / max(1, sum(tokens for tokens, _ in counts))
    ingest.require_readable(
        Counter(row.language for row in rows), share, encoder, languages_of(encoder)
    )
