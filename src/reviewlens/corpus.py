"""Corpus and Selection: what can be asked of reviews, a line each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar, Unpack

from reviewlens.encoders import Encoder, Precision
from reviewlens.errors import InputError
from reviewlens.questions import Asked, Later, names_checked
from reviewlens.search import questions as retrieval
from reviewlens.session import Encoders, Lease, Session, load_options
from reviewlens.settings import DEFAULT_COLLECTION, DEFAULT_URI
from reviewlens.store import FILTERS, Condition, Day, Filters, ReviewStore, Stars, choose

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
    from reviewlens.insights.classification import kept_labels as labels
    from reviewlens.insights.classification import question as classification
    from reviewlens.insights.classification.kept_labels import Labels
    from reviewlens.insights.clusters import question as clusters
    from reviewlens.insights.comparison import question as comparison
    from reviewlens.insights.duplicates import question as duplicates
    from reviewlens.insights.trends import question as trends
    from reviewlens.reading import preview as looks
    from reviewlens.reading.files import NamedFile
    from reviewlens.reading.given import Given
    from reviewlens.reading.quoted_rows import QuotedRows
    from reviewlens.report import question as report
    from reviewlens.results import (
        DeleteReport,
        Diagnosis,
        FilePreview,
        IngestPlan,
        IngestReport,
        OnProgress,
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
    figures = Later("reviewlens.upkeep.stats")
    themes = Later("reviewlens.themes")
    labels = Later("reviewlens.insights.classification.kept_labels")
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
    to_check = Asked(retrieval.to_check, public=False)
    judge = Asked(retrieval.judge, times=1, public=False)
    ask = Asked.later(lambda: asking.ask)

    # -- which they are ------------------------------------------------------------------------

    size = Asked(retrieval.size, brief=True, public=False)
    reviews = Asked(retrieval.reviews, brief=True, public=False)
    facets = Asked(retrieval.facets, public=False)
    matching_ids = Asked(retrieval.matching_ids, brief=True, public=False)
    slice = Asked.later(lambda: base.slice_of, public=False)
    to_frame = Asked.later(lambda: exports.frame, public=False)
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

    @property
    def labels(self) -> Labels:
        """The labels that `classify` kept with the reviews: listed, renamed and dropped."""
        return labels.Labels(self._session, self.filters)


class Corpus(Selection):
    """Reviews in one collection of a Milvus, with the encoder that they are bound to.

    It is the selection of all of them. Nothing is opened or loaded before it is needed. Close it,
    or use it as a context manager: Milvus Lite serves a directory to one process at a time.

    Attributes:
        uri: A path ending in `.db`, or a server's URL.
        collection: Name of the collection.
    """

    def __init__(self, session: Session) -> None:
        """See `open`."""
        super().__init__(session, Filters())
        self.uri = session.uri
        self.collection = session.collection

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
        encoders = Encoders(encoder, load_options(device, precision, dimensions))
        return cls(Session(str(uri), collection, token, encoders, on_opened=_finish_themes))

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
        return ingests.ingest_files(
            self._session,
            paths,
            settings,
            assigning=themes.assigning,
            on_progress=on_progress,
            on_step=on_step,
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
        return ingests.plan_files(self._session, paths, settings, on_progress=on_progress)

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

    # -- moving and looking after ----------------------------------------------------------------

    copy = Asked.later(lambda: copies.copy, times=1, public=False, filtered=False)
    reindex = Asked.later(lambda: reindexes.reindex, times=1, public=False, filtered=False)
    stats = Asked.later(lambda: figures.stats, public=False, filtered=False)
    reduce = Asked.later(lambda: reduction.reduce, filtered=False)

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
        with session.owner.lease():
            found = doctor.diagnose(
                session.uri, session.collection, session.token, session.encoder_for
            )
            if not (reviews or mend):
                return found
            return doctor.with_reviews(
                found, session.serving, session.encoder_for, mend=mend, on_progress=on_progress
            )


def _finish_themes(store: ReviewStore) -> None:
    """Write the themes of a set into the reviews, if a process was killed before it had."""
    if store.theme_set or store.theme_version:
        themes.finish(store)
