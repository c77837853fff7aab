"""An ingest of files into a corpus, from their names to its report; the plan of one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from reviewlens.document import agreed, counted
from reviewlens.encoders import Encoder
from reviewlens.errors import in_words
from reviewlens.ingest.inspection import fitting_analyzer, inspect
from reviewlens.ingest.masking import (
    begins_masking,
    keep_mask,
    mask_for,
    mask_notes,
    unmasked_notes,
)
from reviewlens.ingest.options import IngestSettings, ingest_options
from reviewlens.ingest.readability import require_words
from reviewlens.ingest.rejects import check_rejects
from reviewlens.ingest.repair import mend_vectors
from reviewlens.ingest.report import ingest, plan
from reviewlens.ingest.writer import STEPS, Assign
from reviewlens.reading.given import Given, listed
from reviewlens.reading.survey import survey_reviews
from reviewlens.results import IngestPlan, IngestReport, OnProgress
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.session import Session
from reviewlens.store import ReviewStore

if TYPE_CHECKING:
    import pandas as pd

    Paths = Given | pd.DataFrame | Iterable[Given | Mapping[str, Any]]

_log = logging.getLogger(__name__)


def ingest_files(
    session: Session,
    paths: Paths,
    settings: IngestSettings,
    *,
    assigning: Callable[[ReviewStore], Assign | None],
    on_progress: OnProgress | None = None,
    on_step: Callable[[str], None] | None = None,
) -> IngestReport:
    """Read review files and bring the collection up to them; see `Corpus.ingest`.

    Args:
        session: Of the corpus.
        paths: As `Corpus.ingest` takes them.
        settings: What the user decided.
        assigning: Returns what tells the saved theme of a review, None where there are none.
        on_progress: Told the stage, what of it is done and what there is in all.
        on_step: Called with each name of `STEPS` as it is done.
    """
    started, keeper = time.monotonic(), session.kept(RelevanceKeeper)
    options = ingest_options(**settings)
    given, told = listed(paths)
    inputs = [str(one.path if hasattr(one, "path") else one) for one in given]
    check_rejects(options.rejects_file, inputs)
    with ExitStack() as held:
        held.enter_context(session.owner.lease())
        store = session.serving()
        mask = mask_for(store, options.masks)
        told = [*told, *mask_notes(store, options.masks, mask)]
        begins = begins_masking(store, mask)
        survey = held.enter_context(
            survey_reviews(
                given,
                replace(options.read, mask=mask),
                known_scales=None if store is None else store.scales,
                on_progress=on_progress,
            )
        )
        store = session.serving()
        encoder = session.encoder_for(store)
        found = inspect(survey, encoder, options, store, keep=True, on_progress=on_progress)
        if store is None:
            if not options.force:
                require_words(found.languages)
            store = session.new_store(encoder, analyzer=fitting_analyzer(found.languages))
        keep_mask(store, mask)
        notes = _mended(session, store, encoder, on_progress)
        due = keeper.is_due(store)
        report = ingest(
            survey,
            found,
            store,
            encoder,
            options,
            started=started,
            assign=assigning(store),
            on_progress=on_progress,
            on_step=partial(_at_step, keeper, store, on_step),
        )
        notes += _renewed_relevance(keeper, store, encoder, report, due=due)
        if mask is not None and (begins or found.unmasked):
            notes += tuple(unmasked_notes(store, mask, report.updated))
        return replace(
            report,
            notes=(*told, *report.notes, *notes),
            decisions=(*told, *report.decisions),
            seconds=round(time.monotonic() - started, 3),
        )


def plan_files(
    session: Session,
    paths: Paths,
    settings: IngestSettings,
    *,
    on_progress: OnProgress | None = None,
) -> IngestPlan:
    """Tell what `ingest_files` would make of some files; Milvus is not touched."""
    options = ingest_options(**settings)
    given, told = listed(paths)
    read = replace(options.read, mask=mask_for(None, options.masks))
    with survey_reviews(given, read, on_progress=on_progress) as survey:
        found = plan(survey, session.encoder_for(None), options, on_progress=on_progress)
    return replace(found, notes=(*told, *found.notes), decisions=(*told, *found.decisions))


def _mended(
    session: Session, store: ReviewStore, encoder: Encoder, on_progress: OnProgress | None
) -> tuple[str, ...]:
    """Embed anew what earlier versions took unchecked from a user's encoder; say how much."""
    if not session.encoders.own:
        return ()
    mended = mend_vectors(store, encoder, on_progress=on_progress)
    if not mended:
        return ()
    return (
        f"{counted(mended, 'stored passage')} had a vector that was not finite or not of length 1, "
        f"and {agreed(mended, 'was', 'were')} embedded anew.",
    )


def _at_step(
    keeper: RelevanceKeeper, store: ReviewStore, on_step: Callable[[str], None] | None, step: str
) -> None:
    if step == STEPS[0]:  # the first rows are about to be written
        keeper.expect(store)
    if on_step is not None:
        on_step(step)


def _renewed_relevance(
    keeper: RelevanceKeeper,
    store: ReviewStore,
    encoder: Encoder,
    report: IngestReport,
    *,
    due: bool,
) -> tuple[str, ...]:
    """Bring relevance up to what was written; say so where that cannot be done now.

    The reviews are stored by then, whatever becomes of it.
    """
    try:
        keeper.renew(store, encoder, report.indexed + report.updated, due=due)
    except Exception as error:
        _log.debug("relevance cannot be measured", exc_info=True)
        return (
            "The reviews are stored. What tells whether one says what is asked could not be "
            f"measured ({in_words(error)}); the next ingest does that, of whatever file, or the "
            "first search.",
        )
    return ()
