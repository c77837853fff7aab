"""Corpus, the Python API: each method gathers what it needs and asks the layer below."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal, Unpack

from reviewlens import ingestion, migration, transfer
from reviewlens.corpus.arguments import names_checked
from reviewlens.corpus.continuity import on_one_collection, once_on_one_collection
from reviewlens.corpus.counting import Counting
from reviewlens.corpus.evaluating import Evaluating
from reviewlens.corpus.listing import Listing
from reviewlens.corpus.mapping import Mapping
from reviewlens.corpus.reducing import Reducing
from reviewlens.corpus.searching import Searching
from reviewlens.diagnosis import diagnose
from reviewlens.encoders import Encoder
from reviewlens.errors import InputError, in_words
from reviewlens.ingestion import IngestSettings
from reviewlens.results import (
    CopyReport,
    DeleteReport,
    Diagnosis,
    ExportReport,
    FilePreview,
    IngestPlan,
    IngestReport,
    OnProgress,
    Stats,
)
from reviewlens.reviews import NamedFile, QuotedRows, listed_paths, look_at, survey_reviews
from reviewlens.store import (
    FilterArguments,
    ReviewStore,
    ThemeSets,
    Versions,
    build_filters,
    is_local,
)
from reviewlens.summary import collect_stats

_log = logging.getLogger(__name__)


@names_checked
class Corpus(Searching, Counting, Listing, Mapping, Reducing, Evaluating):
    """Reviews in one collection of a Milvus, with the encoder that they are bound to.

    Nothing is opened or loaded before it is needed. Close the corpus, or use it as a context
    manager: Milvus Lite serves a directory to one process at a time.
    """

    # -- taking in -----------------------------------------------------------------------------

    def ingest(
        self,
        paths: str | Path | NamedFile | Sequence[str | Path | NamedFile],
        *,
        on_progress: OnProgress | None = None,
        on_step: Callable[[str], None] | None = None,
        **settings: Unpack[IngestSettings],
    ) -> IngestReport:
        """Read review files and bring the collection up to them.

        Only what is new, or whose text changed, is embedded. A run that was interrupted is
        completed by the next one.

        Args:
            paths: CSV, TSV (plain, .gz, .zip) or XLSX files, or documents: PDF, Markdown, plain
                text; `-` for standard input.
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
        started = time.monotonic()
        options = ingestion.ingest_options(**settings)
        given = listed_paths(paths)
        inputs = [str(one.path if isinstance(one, NamedFile) else one) for one in given]
        ingestion.check_rejects(options.rejects_file, inputs)
        with (
            self._owner.lease(),
            survey_reviews(
                given, options.read, known_scales=self._known_scales(), on_progress=on_progress
            ) as survey,
        ):
            store = self._serving_store()
            encoder = self._encoder_for(store)
            found = ingestion.inspect(survey, encoder, options, store, on_progress=on_progress)
            if store is None:
                store = self._new_store(encoder, analyzer=found.analyzer)
            notes = self._mended(store, encoder, on_progress)
            due = self._floors.is_due(store)
            report = ingestion.ingest(
                survey,
                found,
                store,
                encoder,
                options,
                started=started,
                assign=self._assign(store),
                on_progress=on_progress,
                on_step=partial(self._at_step, store, on_step),
            )
            notes += self._renewed_floor(store, encoder, report, due=due)
            return replace(
                report,
                notes=(*report.notes, *notes),
                seconds=round(time.monotonic() - started, 3),
            )

    def _mended(
        self, store: ReviewStore, encoder: Encoder, on_progress: OnProgress | None
    ) -> tuple[str, ...]:
        """Embed anew what earlier versions took unchecked from a user's encoder; say how much."""
        if not self._has_own_encoder():
            return ()
        mended = ingestion.mend_vectors(store, encoder, on_progress=on_progress)
        if not mended:
            return ()
        return (
            f"{mended:,} stored passages had a vector that was not finite or not of length 1, and "
            "were embedded anew.",
        )

    def _at_step(
        self, store: ReviewStore, on_step: Callable[[str], None] | None, step: str
    ) -> None:
        if step == ingestion.STEPS[0]:  # the first rows are about to be written
            self._floors.expect(store)
        if on_step is not None:
            on_step(step)

    def _renewed_floor(
        self,
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
            self._floors.renew(store, encoder, report.indexed + report.updated, due=due)
        except Exception as error:
            _log.debug("the floor cannot be calibrated", exc_info=True)
            return (
                "The reviews are stored. The floor below which no review is an answer could not be "
                f"calibrated ({in_words(error)}); the next ingest does that, of whatever file, or "
                "the first search where there is none yet.",
            )
        return ()

    def _known_scales(self) -> dict[str, tuple[float, float]] | None:
        store = self._serving_store()
        return None if store is None else store.scales

    def plan(
        self,
        paths: str | Path | NamedFile | Sequence[str | Path | NamedFile],
        *,
        on_progress: OnProgress | None = None,
        **settings: Unpack[IngestSettings],
    ) -> IngestPlan:
        """Tell what `ingest` would make of some files; Milvus is not touched.

        Args:
            paths: As for `ingest`.
            on_progress: Told the stage (`reading`, `checking`), as for `ingest`.
            **settings: As for `ingest`.
        """
        options = ingestion.ingest_options(**settings)
        with survey_reviews(listed_paths(paths), options.read, on_progress=on_progress) as survey:
            encoder = self._encoder_for(None)
            return ingestion.plan(survey, encoder, options, on_progress=on_progress)

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
        options = ingestion.ingest_options(
            encoding=encoding, delimiter=delimiter, quoted_rows=quoted_rows
        )
        return ingestion.preview(look_at(path, options.read))

    # -- counting --------------------------------------------------------------------------------

    @on_one_collection
    def stats(self) -> Stats:
        """Count what is stored."""
        return collect_stats(self._required_store())

    @on_one_collection
    def count(
        self, review_ids: str | Sequence[str] | None = None, **filters: Unpack[FilterArguments]
    ) -> int:
        """Return how many reviews match; all without ids and filters, none of an empty list."""
        store = self._required_store()
        return store.count(build_filters(store.columns, review_ids=review_ids, **filters))

    # -- taking away ---------------------------------------------------------------------------

    @once_on_one_collection
    def delete(
        self,
        review_ids: str | Sequence[str] | None = None,
        *,
        everything: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> DeleteReport:
        """Delete reviews by id or by filter, or the whole collection.

        Args:
            review_ids: Ids as `search` and `export` show them; unknown ones are passed over. An
                empty list deletes nothing, as an empty filter does.
            everything: Drop the collection itself.
            **filters: See `FilterArguments`; ids and filters together must both hold.

        Raises:
            InputError: Nothing was named, or `everything` was combined with a choice.
        """
        store = self._required_store()
        chosen = build_filters(store.columns, review_ids=review_ids, **filters)
        if everything == bool(chosen):
            raise InputError(
                "nothing says what to delete: give ids, a filter, or everything"
                if not everything
                else "everything is to be deleted, and yet ids or a filter are given: give one"
            )
        if everything:
            report = DeleteReport(store.count(), store.count(base=""), collection_dropped=True)
            ThemeSets(store).drop_all()
            Versions(store).sweep()
            store.drop()
            return report
        return transfer.delete_reviews(store, chosen)

    @once_on_one_collection
    def export(
        self,
        file: str | Path,
        *,
        vectors: bool | Literal["columns"] = False,
        excel: bool = False,
        format: str | None = None,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> ExportReport:
        """Write reviews to a file, one row each, ordered by id.

        Args:
            file: Its ending decides: .csv, .jsonl, .parquet, .xlsx; `-` is standard output.
            vectors: Add the column `embedding`, one vector a review; `columns` for its numbers
                in columns of their own, `embedding_0` and so on.
            excel: Start a CSV with a byte order mark, so that a spreadsheet reads it as UTF-8.
            format: `csv`, `jsonl`, `parquet` or `xlsx` where the ending does not tell.
            on_progress: Told the reviews written.
            **filters: See `FilterArguments`.

        Raises:
            InputError: The format is unknown, or the file cannot be written.
            MissingExtra: The format needs a package that is not installed.
        """
        store = self._required_store()
        return transfer.export_reviews(
            store,
            str(file),
            format_=format,
            vectors=vectors,
            excel=excel,
            filters=build_filters(store.columns, **filters),
            on_progress=on_progress,
        )

    @once_on_one_collection
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
            collection: Its name there; None for the same name.
            token: For the other Milvus.
            prune: Delete what only the other one has: reviews and saved sets of themes.
            on_progress: Told the passages copied.

        Raises:
            EncoderMismatch: The collection there is bound to another encoder.
        """
        store = self._required_store()
        name = collection or self.collection
        if _same_place(self.uri, str(to)) and name == self.collection:
            raise InputError(f"the collection {name!r} is already there; give another --to or name")
        with ReviewStore.open(str(to), name, token=token, create=True) as target:
            return migration.copy_reviews(store, target, prune=prune, on_progress=on_progress)

    # -- keeping -------------------------------------------------------------------------------

    def diagnose(self) -> Diagnosis:
        """Check packages, model, Milvus, disk and memory, with what to do about each trouble."""
        return diagnose(self.uri, self.collection, self._token, self._encoder_for)


def _same_place(one: str, other: str) -> bool:
    if is_local(one) and is_local(other):
        return Path(one).expanduser().resolve() == Path(other).expanduser().resolve()
    return one.rstrip("/") == other.rstrip("/")
