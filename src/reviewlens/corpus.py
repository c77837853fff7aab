"""Corpus and Selection: what can be asked of reviews, a line each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar, Unpack

from reviewlens.encoders import Encoder, Precision, load_encoder
from reviewlens.errors import InputError, in_words
from reviewlens.questions import Asked, Later, names_checked
from reviewlens.search import questions as retrieval
from reviewlens.search.floors import FloorKeeper
from reviewlens.session import Encoders, Lease, Session, load_options, pin_of
from reviewlens.settings import DEFAULT_COLLECTION, DEFAULT_URI
from reviewlens.store import FILTERS, Condition, Day, Filters, ReviewStore, Stars, choose, is_local

# Each is imported when it is first used: a search does not wait for what it does not ask.
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Self

    import pandas as pd

    from reviewlens import ingest as ingests
    from reviewlens import themes
    from reviewlens.asking import question as asking
    from reviewlens.evaluation import question as evaluation
    from reviewlens.ground import reduction
    from reviewlens.insights import base, diversity, recommendations
    from reviewlens.insights import description as descriptions
    from reviewlens.insights import map as maps
    from reviewlens.insights import sample as samples
    from reviewlens.insights.anomalies import question as anomalies
    from reviewlens.insights.classification import question as classification
    from reviewlens.insights.clusters import question as clusters
    from reviewlens.insights.comparison import question as comparison
    from reviewlens.insights.duplicates import question as duplicates
    from reviewlens.insights.trends import question as trends
    from reviewlens.reading import given as givens
    from reviewlens.reading import preview as looks
    from reviewlens.reading import survey as surveys
    from reviewlens.reading.files import NamedFile
    from reviewlens.reading.given import Given
    from reviewlens.reading.quoted_rows import QuotedRows
    from reviewlens.report import question as report
    from reviewlens.results import (
        CopyReport,
        DeleteReport,
        Diagnosis,
        FilePreview,
        IngestPlan,
        IngestReport,
        OnProgress,
        ReindexReport,
        Stats,
    )
    from reviewlens.themes import Themes
    from reviewlens.upkeep import copy as copies
    from reviewlens.upkeep import doctor
    from reviewlens.upkeep import export as exports
    from reviewlens.upkeep import reindex as reindexes
    from reviewlens.upkeep import stats as figures
else:
    doctor = Later("reviewlens.upkeep.doctor")
    ingests = Later("reviewlens.ingest")
    copies = Later("reviewlens.upkeep.copy")
    reduction = Later("reviewlens.ground.reduction")
    reindexes = Later("reviewlens.upkeep.reindex")
    looks = Later("reviewlens.reading.preview")
    givens = Later("reviewlens.reading.given")
    surveys = Later("reviewlens.reading.survey")
    figures = Later("reviewlens.upkeep.stats")
    themes = Later("reviewlens.themes")
    exports = Later("reviewlens.upkeep.export")
    asking = Later("reviewlens.asking.question")
    evaluation = Later("reviewlens.evaluation.question")
    diversity = Later("reviewlens.insights.diversity")
    base = Later("reviewlens.insights.base")
    maps = Later("reviewlens.insights.map")
    recommendations = Later("reviewlens.insights.recommendations")
    samples = Later("reviewlens.insights.sample")
    descriptions = Later("reviewlens.insights.description")
    anomalies = Later("reviewlens.insights.anomalies.question")
    classification = Later("reviewlens.insights.classification.question")
    clusters = Later("reviewlens.insights.clusters.question")
    comparison = Later("reviewlens.insights.comparison.question")
    duplicates = Later("reviewlens.insights.duplicates.question")
    trends = Later("reviewlens.insights.trends.question")
    report = Later("reviewlens.report.question")

_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)


class Selection:
    """Some of the reviews of a corpus: all that its filters leave.

    It is a value: it holds no reviews and asks nothing until it is asked.

    Attributes:
        filters: Which reviews.
    """

    filter_names: ClassVar[Collection[str]] = (*FILTERS, "where")

    def __init__(self, session: Session, filters: Filters) -> None:
        """See `Corpus.where`."""
        self._session = session
        self.filters = filters

    @names_checked
    def where(
        self,
        *conditions: str | Condition,
        rating: Stars | None = None,
        since: Day | None = None,
        until: Day | None = None,
        product: str | Sequence[str] | None = None,
        source: str | Sequence[str] | None = None,
        language: str | Sequence[str] | None = None,
        cluster: int | Sequence[int] | None = None,
        ids: str | Sequence[str] | None = None,
    ) -> Selection:
        """Return those of the reviews that all of this holds for.

        None is "not given"; an empty list selects nothing.

        Args:
            *conditions: On any ingested column: `city=Paris`, `version!=2.1`, `delay>=3`,
                `city=Paris,Rome`, or `Condition` objects.
            rating: `1..2`, `4..`, `..2` or `5` on the 1-5 scale, inclusive; a number, or the lowest
                and the highest as a pair, of which None is open.
            since: Earliest date: `2024`, `2024-03`, `2024-03-05` or an ISO time, UTC without a
                zone; or a date, a datetime or a `pandas.Timestamp`.
            until: Latest date, inclusive: `2024-03` includes the whole of March.
            product: One or several; any of them. Likewise `source`, `language`, and `cluster`, the
                number of a saved theme.
            source: See `product`.
            language: See `product`; codes such as `en`.
            cluster: See `product`.
            ids: Review ids, any of them; unknown ones are passed over.

        Raises:
            FilterError: One of them cannot be read. That a column is not there is told when the
                selection is asked.
            TypeError: There is no such filter, or one is of another kind.
        """
        chosen = choose(
            *conditions,
            rating=rating,
            since=since,
            until=until,
            product=product,
            source=source,
            language=language,
            cluster=cluster,
            ids=ids,
        )
        return self.only(chosen)

    def only(self, filters: Filters) -> Selection:
        """Return those of the reviews that filters leave, as `where` makes them."""
        return Selection(self._session, self.filters & filters)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same choice of the same corpus."""
        if not isinstance(other, Selection):
            return NotImplemented
        return (self._session, self.filters) == (other._session, other.filters)

    def __hash__(self) -> int:
        """Return what equal selections share."""
        return hash((id(self._session), self.filters))

    def __repr__(self) -> str:
        """Return the corpus and the filters; nothing is asked."""
        return f"<{self._session.uri} {self._session.collection}: {self.filters}>"

    def _ask(self, asked: Asked[..., _Answer], call: Callable[[Lease], _Answer]) -> _Answer:
        return self._session.ask(call, self.filters, times=asked.times)

    # -- what they say -------------------------------------------------------------------------

    search = Asked(retrieval.search, brief=True)
    search_many = Asked(retrieval.search_many, brief=True, public=False)
    prepare = Asked(retrieval.prepare, brief=True, public=False)
    similar = Asked(retrieval.similar, brief=True)
    count_matches = Asked(retrieval.count_matches, brief=True, public=False)
    ask = Asked.later(lambda: asking.ask)

    # -- which they are ------------------------------------------------------------------------

    size = Asked(retrieval.size, brief=True, public=False)
    reviews = Asked(retrieval.reviews, brief=True, public=False)
    facets = Asked(retrieval.facets, public=False)
    matching_ids = Asked(retrieval.matching_ids, brief=True, public=False)
    slice = Asked.later(lambda: base.slice_of, public=False)
    to_frame = Asked.later(lambda: base.frame, public=False)
    vectors = Asked.later(lambda: base.vectors, public=False)
    texts = Asked.later(lambda: base.texts, public=False)
    export = Asked.later(lambda: exports.export, times=1)

    # -- what they say together ----------------------------------------------------------------

    clusters = Asked.later(lambda: clusters.clusters)
    anomalies = Asked.later(lambda: anomalies.anomalies)
    duplicates = Asked.later(lambda: duplicates.duplicates)
    trends = Asked.later(lambda: trends.trends_of)
    compare = Asked.later(lambda: comparison.compare)
    compare_texts = Asked.later(lambda: comparison.compare_texts, public=False)
    diversity = Asked.later(lambda: diversity.diversity_of)
    sample = Asked.later(lambda: samples.sample_of)
    recommend = Asked.later(lambda: recommendations.recommended)
    classify = Asked.later(lambda: classification.classify)
    map = Asked.later(lambda: maps.map_of)
    layout = Asked.later(lambda: maps.layout_of, public=False)
    describe = Asked.later(lambda: descriptions.describe, public=False)
    report = Asked.later(lambda: report.report)
    evaluate = Asked.later(lambda: evaluation.evaluate_by)

    @property
    def themes(self) -> Themes:
        """The saved themes: listed, named and changed; what is told of reviews, is of these."""
        return themes.Themes(self._session, self.filters)


class Corpus(Selection):
    """Reviews in one collection of a Milvus, with the encoder that they are bound to.

    It is the selection of all of them. Nothing is opened or loaded before it is needed. Close it,
    or use it as a context manager: Milvus Lite serves a directory to one process at a time.

    Attributes:
        uri: A path ending in `.db`, or a server's URL.
        collection: Name of the collection.
    """

    def __init__(
        self,
        uri: str = DEFAULT_URI,
        *,
        collection: str = DEFAULT_COLLECTION,
        encoder: str | Encoder | None = None,
        token: str = "",
        device: str | None = None,
        precision: Precision | None = None,
        dimensions: int | None = None,
    ) -> None:
        """See `open`."""
        encoders = Encoders(encoder, load_options(device, precision, dimensions))
        session = Session(uri, collection, token, encoders, on_opened=_finish_themes)
        super().__init__(session, Filters())
        self.uri = uri
        self.collection = collection

    @classmethod
    def open(
        cls,
        uri: str | Path = DEFAULT_URI,
        *,
        collection: str = DEFAULT_COLLECTION,
        encoder: str | Encoder | None = None,
        token: str = "",
        device: str | None = None,
        precision: Precision | None = None,
        dimensions: int | None = None,
    ) -> Self:
        """Return the corpus at an address; Milvus itself is reached at the first use.

        Args:
            uri: A path ending in `.db` for Milvus Lite, or a server's URL.
            collection: Name of the collection.
            encoder: A model's name or folder, or an object that keeps the `Encoder` contract;
                without it the one that the collection was made with (all-MiniLM-L6-v2 for a new
                collection).
            token: `user:password` or an API key for a server.
            device: `cpu`, `cuda`, `mps`; None picks.
            precision: `fp32` or `int8`; without it that of the encoder's name.
            dimensions: Numbers of each vector that are kept, 1 or more; without it what the
                encoder's name says. An encoder given as an object is taken as it is.
        """
        return cls(
            str(uri),
            collection=collection,
            encoder=encoder,
            token=token,
            device=device,
            precision=precision,
            dimensions=dimensions,
        )

    @property
    def embedded(self) -> bool:
        """Whether it is a Milvus Lite directory, which nobody but this process can change."""
        return self._session.embedded

    def close(self) -> None:
        """Release the Milvus Lite directory, or the connection; a call after it is an error.

        Questions that other threads are asking are waited for.
        """
        self._session.owner.close()

    def __enter__(self) -> Self:
        """Return the corpus itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    # -- taking in -----------------------------------------------------------------------------

    @names_checked
    def ingest(
        self,
        paths: Given | pd.DataFrame | Iterable[Given | Mapping[str, Any]],
        *,
        on_progress: OnProgress | None = None,
        on_step: Callable[[str], None] | None = None,
        **settings: Unpack[ingests.IngestSettings],
    ) -> IngestReport:
        """Read review files and bring the collection up to them.

        Only what is new, or whose text changed, is embedded. A run that was interrupted is
        completed by the next one.

        Args:
            paths: Files: tables (CSV, TSV, JSON, JSON lines, each also as .gz or .zip; XLSX, XLS,
                ODS, Parquet) or documents (PDF, Markdown, plain text), a folder or a pattern of
                them, `-` for standard input; or a `pandas.DataFrame`, or mappings, one a review.
            on_progress: Told the stage (`reading`, `checking`, `writing`), what of it is done and
                what there is in all, rows but in the first; where it raises, the work ends.
            on_step: Called with each name of `ingestion.STEPS` as it is done, in another thread.
            **settings: See `IngestSettings`.

        Raises:
            InputError: A file, a column, a date order or the text itself cannot be used;
                nothing has then been stored.
            EncoderMismatch: The collection is bound to another encoder; nothing is stored.
            StoreError: Milvus cannot be used; run the same ingest again to complete it.
        """
        session, floors = self._session, self._session.kept(FloorKeeper)
        started = time.monotonic()
        options = ingests.ingest_options(**settings)
        given, told = givens.listed(paths)
        inputs = [str(one.path if hasattr(one, "path") else one) for one in given]
        ingests.check_rejects(options.rejects_file, inputs)
        with (
            session.owner.lease(),
            surveys.survey_reviews(
                given, options.read, known_scales=_known_scales(session), on_progress=on_progress
            ) as survey,
        ):
            store = session.serving()
            encoder = session.encoder_for(store)
            found = ingests.inspect(survey, encoder, options, store, on_progress=on_progress)
            if store is None:
                store = session.new_store(encoder, analyzer=found.analyzer)
            notes = _mended(session, store, encoder, on_progress)
            due = floors.is_due(store)
            report = ingests.ingest(
                survey,
                found,
                store,
                encoder,
                options,
                started=started,
                assign=themes.assigning(store),
                on_progress=on_progress,
                on_step=partial(_at_step, floors, store, on_step),
            )
            notes += _renewed_floor(floors, store, encoder, report, due=due)
            return replace(
                report,
                notes=(*told, *report.notes, *notes),
                seconds=round(time.monotonic() - started, 3),
            )

    @names_checked
    def plan(
        self,
        paths: Given | pd.DataFrame | Iterable[Given | Mapping[str, Any]],
        *,
        on_progress: OnProgress | None = None,
        **settings: Unpack[ingests.IngestSettings],
    ) -> IngestPlan:
        """Tell what `ingest` would make of some files; Milvus is not touched.

        Args:
            paths: As for `ingest`.
            on_progress: Told the stage (`reading`, `checking`), as for `ingest`.
            **settings: As for `ingest`.
        """
        options = ingests.ingest_options(**settings)
        given, _ = givens.listed(paths)
        with surveys.survey_reviews(given, options.read, on_progress=on_progress) as survey:
            encoder = self._session.encoder_for(None)
            return ingests.plan(survey, encoder, options, on_progress=on_progress)

    @names_checked
    def preview(
        self,
        path: str | Path | NamedFile,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        quoted_rows: QuotedRows = "auto",
    ) -> FilePreview:
        """Show a file's columns, examples of what stands in them, and what each is taken for.

        It says so too of a file that `plan` refuses, for want of a text column or of a date order.

        Args:
            path: As for `ingest`.
            encoding: As for `ingest`.
            delimiter: As for `ingest`.
            quoted_rows: As for `ingest`.

        Raises:
            InputError: The file cannot be read, or not so.
        """
        options = ingests.ingest_options(
            encoding=encoding, delimiter=delimiter, quoted_rows=quoted_rows
        )
        return ingests.preview(looks.look_at(path, options.read))

    # -- moving ----------------------------------------------------------------------------------

    @names_checked
    def copy(
        self,
        to: str | Path,
        *,
        collection: str | None = None,
        token: str = "",
        prune: bool = False,
        on_progress: OnProgress | None = None,
    ) -> CopyReport:
        """Copy every review to another Milvus, vectors and all, without encoding.

        What was copied before becomes what it is now. Reviews that only the other one has stay,
        and are counted in the report. Run again, an interrupted copy is completed.

        Args:
            to: A path ending in `.db` or a server's URL.
            collection: Its name there; the same name without.
            token: For the other Milvus.
            prune: Delete what only the other one has: reviews and saved sets of themes.
            on_progress: Told the passages copied.

        Raises:
            EncoderMismatch: The collection there is bound to another encoder.
        """
        name = collection or self.collection
        if _same_place(self.uri, str(to)) and name == self.collection:
            raise InputError(f"the collection {name!r} is already there; give another --to or name")

        def copied(lease: Lease) -> CopyReport:
            store = lease.store  # before anything is made there
            with ReviewStore.open(str(to), name, token=token, create=True) as target:
                return copies.copy_reviews(store, target, prune=prune, on_progress=on_progress)

        return self._session.ask(copied, times=1)

    @names_checked
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
            encoder: Another encoder to embed with, by name or as an object. Without it the one that
                the collection has: its vectors are then kept, and nothing is encoded.
            precision: `fp32` or `int8` of the encoder; another precision is another encoder.
            dimensions: Numbers of each vector that are kept; likewise.
            force: Go on although the encoder does not know more than 10 % of the tokens.
            grace: Seconds, 0 or more, from the swap until the old version is removed. Without it 3,
                which is enough for readers that hold it to notice, and for requests under way.
            on_progress: Told of the stage `reindexing`, in reviews.
            on_step: Called with each name of `reindexing.STEPS` and `reindexing.COPY_STEPS`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            EncoderError: The encoder cannot be found or run; the old version is in service.
            UnknownTokens: It cannot read the reviews; likewise.
            StoreError: Milvus cannot be used; run the same reindex again to complete it.
        """
        session = self._session
        with session.rebuilding, session.owner.lease():
            session.serving()
            store = session.required()
            found = _other_encoder(session, store, encoder, precision, dimensions)
            pin = store.pin if found is None else pin_of(found)
            if found is not None and pin.fingerprint == store.pin.fingerprint:
                found = None  # the vectors are there
            if found is not None and not force:
                reindexes.require_readable(store, found)

            def swapped(served: ReviewStore) -> None:
                session.swap(served, found)

            watching = reindexes.Watching(progress=on_progress, swapped=swapped)
            if on_step is not None:
                watching = replace(watching, step=on_step)
            return reindexes.reindex(
                store,
                pin,
                found,
                own=partial(session.encoder_for, store),
                grace=reindexes.GRACE_SECONDS if grace is None else grace,
                watching=watching,
            )

    @names_checked
    def delete(
        self, selection: Selection | str | Sequence[str] | None = None, *, everything: bool = False
    ) -> DeleteReport:
        """Delete some of the reviews, or the whole collection.

        Args:
            selection: Which, `corpus.where(…)`, or ids as `search` and `export` show them; unknown
                ones are passed over, and an empty list deletes nothing.
            everything: Drop the collection itself.

        Raises:
            InputError: Nothing was named, `everything` was combined with a choice, or the selection
                is that of all reviews.
        """
        if isinstance(selection, Selection):
            if selection._session is not self._session:
                raise InputError(f"{selection!r} is of another corpus; wanted one of {self!r}")
            chosen = selection.filters
        else:
            chosen = choose(ids=selection)
        return self._session.ask(
            lambda lease: exports.delete(lease, everything=everything), chosen, times=1
        )

    @names_checked
    def stats(self) -> Stats:
        """Count what is stored."""
        return self._session.ask(lambda lease: figures.collect_stats(lease.store))

    @names_checked
    def diagnose(
        self, *, reviews: bool = False, mend: bool = False, on_progress: OnProgress | None = None
    ) -> Diagnosis:
        """Check packages, model, Milvus, disk and memory, with what to do about each trouble.

        Args:
            reviews: Compare all stored reviews with their hashes and vectors, and the vectors of 50
                with what their texts give now; it reads everything.
            mend: Do that, and mend what is damaged: from the rest of the review where that tells
                it, and else by the next ingest of its file.
            on_progress: Told of the stage `checking reviews`.
        """
        session = self._session
        found = doctor.diagnose(session.uri, session.collection, session.token, session.encoder_for)
        if not (reviews or mend):
            return found
        with session.owner.lease():
            return doctor.with_reviews(
                found, session.serving, session.encoder_for, mend=mend, on_progress=on_progress
            )

    reduce = Asked.later(lambda: reduction.reduce, filtered=False)


def _finish_themes(store: ReviewStore) -> None:
    """Write the themes of a set into the reviews, if a process was killed before it had."""
    if store.theme_set or store.theme_version:
        themes.finish(store)


def _mended(
    session: Session, store: ReviewStore, encoder: Encoder, on_progress: OnProgress | None
) -> tuple[str, ...]:
    """Embed anew what earlier versions took unchecked from a user's encoder; say how much."""
    if not session.encoders.own:
        return ()
    mended = ingests.mend_vectors(store, encoder, on_progress=on_progress)
    if not mended:
        return ()
    return (
        f"{mended:,} stored passages had a vector that was not finite or not of length 1, and "
        "were embedded anew.",
    )


def _at_step(
    floors: FloorKeeper, store: ReviewStore, on_step: Callable[[str], None] | None, step: str
) -> None:
    if step == ingests.STEPS[0]:  # the first rows are about to be written
        floors.expect(store)
    if on_step is not None:
        on_step(step)


def _renewed_floor(
    floors: FloorKeeper,
    store: ReviewStore,
    encoder: Encoder,
    report: IngestReport,
    *,
    due: bool,
) -> tuple[str, ...]:
    """Bring the floor up to what was written; say so where that cannot be done now.

    The reviews are stored by then, whatever becomes of the floor.
    """
    try:
        floors.renew(store, encoder, report.indexed + report.updated, due=due)
    except Exception as error:
        _log.debug("the floor cannot be calibrated", exc_info=True)
        return (
            "The reviews are stored. The floor below which no review is an answer could not be "
            f"calibrated ({in_words(error)}); the next ingest does that, of whatever file, or "
            "the first search where there is none yet.",
        )
    return ()


def _known_scales(session: Session) -> dict[str, tuple[float, float]] | None:
    store = session.serving()
    return None if store is None else store.scales


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


def _same_place(one: str, other: str) -> bool:
    if is_local(one) and is_local(other):
        return Path(one).expanduser().resolve() == Path(other).expanduser().resolve()
    return one.rstrip("/") == other.rstrip("/")
