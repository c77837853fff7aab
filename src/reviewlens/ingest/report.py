"""An ingest from its two passes to its report, and the plan of one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from reviewlens.encoders import Encoder, ServedEncoder
from reviewlens.errors import CollectionReplaced, InputError, MissingExtra, in_words
from reviewlens.ground.reduction import loss_note
from reviewlens.ground.slices import fixed_of
from reviewlens.ingest.changes import Tally
from reviewlens.ingest.inspection import SKIPPED, TAKEN, Inspection, inspect
from reviewlens.ingest.masking import private_facts, private_note
from reviewlens.ingest.options import IngestOptions
from reviewlens.ingest.readability import require_readable, require_words, untold_note
from reviewlens.ingest.rejects import RejectsFile, rejects_path
from reviewlens.ingest.writer import Assign, write
from reviewlens.reading.model import Rejected, Review
from reviewlens.reading.names import ROLES
from reviewlens.reading.preview import Look
from reviewlens.reading.survey import FileSurvey, Survey
from reviewlens.reading.template import fixed_words
from reviewlens.results import (
    ColumnPreview,
    FilePreview,
    IngestPlan,
    IngestReport,
    OnProgress,
    iso_time,
)
from reviewlens.search.languages import languages_read
from reviewlens.store import Columns, Languages, MadeWith, ReviewStore
from reviewlens.text.cjk import INSTALL, WITHOUT_SPACES, has_analyzer, words_note
from reviewlens.text.languages import unread_words

_FIELDS = {"id": "review_id", "rating": "rating_given"}
"""What holds a column of a role, where it is not called like the role."""

_EXAMPLES = 3
_EXAMPLE_CHARACTERS = 120


def ingest(
    survey: Survey,
    found: Inspection,
    store: ReviewStore,
    encoder: Encoder,
    options: IngestOptions,
    *,
    started: float,
    assign: Assign | None = None,
    on_progress: OnProgress | None = None,
    on_step: Callable[[str], None] | None = None,
) -> IngestReport:
    """Write what the first pass accepted, and report what became of every row.

    Args:
        survey: The files.
        found: What the first pass decided.
        store: An existing collection.
        encoder: The encoder that it is bound to.
        options: What the user decided.
        started: `time.monotonic()` when the first pass began.
        assign: Tells the saved theme of a review.
        on_progress: Told the rows written.
        on_step: Called with each named step.
    """
    rejects = RejectsFile(rejects_path(options.rejects_file, [file.file for file in survey.files]))
    if found.reasons.total():
        rejects.open()
    store.remember(_columns(survey), survey.scales, _made_with(survey, encoder, options, store))
    read = languages_read(encoder, store, options.reads)
    store.remember_languages(Languages(tuple(sorted(read))))
    store.keep_boilerplate(found.boilerplate)  # before a row is written without it
    try:
        tally = write(
            survey,
            found,
            store,
            encoder,
            options,
            rejects,
            assign=assign,
            on_step=on_step or (lambda step: None),
            on_progress=on_progress,
        )
    except BaseException:
        with suppress(InputError):  # the first error is the one to tell
            rejects.close()
        raise
    notes = [
        *private_note(found.private, survey.options.mask, survey.files),
        *_unread(tally.languages, store),
        *_untold(found, encoder),
        *words_note(found.languages),
        *_after_the_write(store, rejects, encoder),
    ]
    report = _report(survey, tally, rejects, store, encoder, seconds=time.monotonic() - started)
    return replace(
        report,
        notes=(*report.notes, *notes),
        undated_example=found.unread.get("time"),
        unrated_example=found.unread.get("rating"),
        copied_rows=found.copies.rows,
        copied_texts=found.copies.texts,
        boilerplate=found.left_out,
        **private_facts(found.private, survey.options.mask),
    )


def _unread(languages: Counter[str], store: ReviewStore) -> Iterator[str]:
    """Say of how many of the reviews that were embedded the vector says nothing."""
    unread = Counter({code: languages[code] for code in store.languages.unread if languages[code]})
    if unread:
        does = "it is stored and found by its words"
        if unread.total() > 1:
            does = "they are stored and found by their words"
        told = unread_words(unread, store.pin.encoder)
        yield f"{told}: {does}, and left out of what goes by meaning."
    if store.analyzer == "standard" and any(languages[code] for code in WITHOUT_SPACES):
        first = "" if has_analyzer() else f"{INSTALL}, then "
        yield (
            "Words of Chinese and Japanese reviews are not found in this collection, which was "
            f"made for languages with spaces between words: {first}`reviewlens reindex` makes it "
            "anew."
        )


def _untold(found: Inspection, encoder: Encoder) -> Iterator[str]:
    """Say where most of the reviews look like nothing that the encoder reads."""
    if note := untold_note(found.languages, found.unreadable, found.unreadable_example, encoder):
        yield note


def _after_the_write(store: ReviewStore, rejects: RejectsFile, encoder: Encoder) -> Iterator[str]:
    """Finish, and say what could not be done: the reviews are stored by now.

    Raises:
        CollectionReplaced: They are in a version that may be out of service.
    """
    try:
        rejects.close()
    except InputError as error:
        yield f"The reviews are stored. Of those rejected some are not in the file: {error}"
    try:
        store.settle()
    except CollectionReplaced:
        raise
    except Exception as error:
        yield (
            "The reviews are stored. Milvus did not index them at once, and will do so by itself "
            f"({in_words(error)})."
        )
    try:
        yield from loss_note(encoder)
    except Exception as error:
        yield f"The reviews are stored. What shorter vectors lost is not known ({in_words(error)})."


def plan(
    survey: Survey,
    encoder: Encoder,
    options: IngestOptions,
    *,
    on_progress: OnProgress | None = None,
) -> IngestPlan:
    """Tell what an ingest would make of the input; nothing is stored."""
    found = inspect(survey, encoder, replace(options, force=True), None, on_progress=on_progress)
    complaint = ""
    try:
        if not options.force:
            read = languages_read(encoder, None, options.reads)
            require_readable(found.languages, found.unknown_of(read), encoder, read)
            require_words(found.languages)
    except (InputError, MissingExtra) as error:
        complaint = str(error)
    skipped = found.silent
    if found.chosen is not None:
        skipped += int((found.chosen == SKIPPED).sum())
    rejected = found.reasons.total()
    tokens = sum(
        count for row, count in enumerate(found.tokens_embedded) if found.fate(row) == TAKEN
    )
    cost, price_notes = _cost(encoder, tokens)
    return IngestPlan(
        read=found.read,
        accepted=found.read - found.duplicate - skipped - rejected,
        duplicate=found.duplicate,
        skipped=skipped,
        rejected=rejected,
        undated=found.undated,
        reasons={reason: count for reason, count in found.reasons.items() if count},
        rejects=tuple(_reject(row) for row in found.rejects),
        files=tuple(_file(file) for file in survey.files),
        rating_scales=dict(survey.scales),
        first_rows=tuple(_first_row(review) for review in found.first),
        tokens=found.statistics(),
        tokens_unknown=round(found.unknown_share, 4),
        window=encoder.window,
        encoder=encoder.name,
        notes=(
            *survey.notes,
            *private_note(found.private, survey.options.mask, survey.files),
            *_untold(found, encoder),
            *words_note(found.languages),
            *price_notes,
            *([f"The ingest would stop: {complaint}"] if complaint else []),
        ),
        decisions=survey.decisions,
        tokens_embedded=tokens,
        cost=cost,
        unrated=found.unrated,
        undated_example=found.unread.get("time"),
        unrated_example=found.unread.get("rating"),
        copied_rows=found.copies.rows,
        copied_texts=found.copies.texts,
        boilerplate=found.left_out,
        **private_facts(found.private, survey.options.mask),
    )


def preview(look: Look) -> FilePreview:
    """Tell what a first look at a file shows."""
    roles: dict[str, str] = {header: role for role, header in look.columns.items()}
    roles |= dict.fromkeys(look.texts, "text")
    return FilePreview(
        file=look.file,
        encoding=look.encoding,
        encoding_decided=look.encoding_decided,
        delimiter=look.delimiter,
        columns=tuple(
            ColumnPreview(name, roles.get(name, ""), _examples(values))
            for name, values in look.values.items()
        ),
        preset=look.preset,
    )


def _examples(values: Sequence[str]) -> tuple[str, ...]:
    different = dict.fromkeys(value.strip() for value in values if value.strip())
    return tuple(
        value if len(value) <= _EXAMPLE_CHARACTERS else value[: _EXAMPLE_CHARACTERS - 1] + "…"
        for value in list(different)[:_EXAMPLES]
    )


def _cost(encoder: Encoder, tokens: int) -> tuple[float | None, tuple[str, ...]]:
    """Return what a server asks for embedding so much, and how that is known."""
    if not isinstance(encoder, ServedEncoder):
        return None, ()
    if encoder.price is None:
        return None, (f"What {encoder.name} costs is not known here; its server does the work.",)
    note = (
        f"{encoder.name} cost ${encoder.price:g} a million tokens in {encoder.price_of}; reviews "
        "that are stored already cost nothing again."
    )
    return round(tokens * encoder.price / 1e6, 6), (note,)


def _report(
    survey: Survey,
    tally: Tally,
    rejects: RejectsFile,
    store: ReviewStore,
    encoder: Encoder,
    *,
    seconds: float,
) -> IngestReport:
    return IngestReport(
        read=tally.read,
        indexed=tally.indexed,
        updated=tally.updated,
        unchanged=tally.unchanged,
        duplicate=tally.duplicate,
        skipped=tally.skipped,
        rejected=rejects.written,
        encoded=tally.encoded,
        tokens=tally.tokens,
        tokens_embedded=tally.tokens_embedded,
        tokens_unknown=tally.tokens_unknown,
        undated=tally.undated,
        reasons=dict(rejects.reasons),
        rejects_file=str(rejects.path) if rejects.written else None,
        encoding=_joined(file.encoding for file in survey.files),
        columns=_roles(survey),
        files=tuple(_file(file) for file in survey.files),
        rating_scales=dict(survey.scales),
        notes=(*survey.notes, *encoder.notes),
        decisions=survey.decisions,
        collection=store.name,
        encoder=encoder.name,
        seconds=round(seconds, 3),
        unrated=tally.unrated,
    )


def _made_with(
    survey: Survey, encoder: Encoder, options: IngestOptions, store: ReviewStore
) -> MadeWith:
    """Return what is kept of the settings, so that nobody has to guess them.

    What was written into texts stays in those that are stored already.
    """
    source = options.read.source
    before = store.made_with.sources.get(source, {})
    fixed = dict.fromkeys((*fixed_of(before), *_fixed(survey)))
    settings = {
        "long": options.limits.long,
        "text_template": options.read.text_template,
        "columns": _roles(survey),
        **({"fixed": list(fixed)} if fixed else {}),
    }
    return MadeWith(encoder.window, {source: settings})


def _fixed(survey: Survey) -> Iterator[str]:
    """Yield what is written into texts: the words of a template, the marks of joined columns."""
    for file in survey.files:
        if survey.options.text_template and "text" not in file.columns:
            yield from fixed_words(survey.options.text_template)
        yield from (f"{part.mark}:" for part in file.texts if part.mark)


def _roles(survey: Survey) -> dict[str, str]:
    """Return the column taken for each role; where the files differ, all of them."""
    return {
        role: _joined(
            name for file in survey.files for given, name in _columns_taken(file) if given == role
        )
        for role in ROLES
        if any(role in file.columns for file in survey.files)
    }


def _columns_taken(file: FileSurvey) -> list[tuple[str, str]]:
    """Return the roles with their columns, that of the text for each of its columns."""
    texts = [("text", part.header) for part in file.texts]
    others = [(role, name) for role, name in file.columns.items() if not (texts and role == "text")]
    return [*texts, *others]


def _joined(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _columns(survey: Survey) -> Columns:
    """Return what a filter may name: extra columns, and the headers of the others."""
    columns = Columns()
    for file in survey.files:
        columns = columns.joined(_columns_of(file))
    return columns


def _columns_of(file: FileSurvey) -> Columns:
    fields = {file.source_column: "source"} if file.source_column else {}
    linked = file.preset is not None and bool(file.preset.id_in)
    fields |= {
        header: _FIELDS.get(role, role)
        for role, header in _columns_taken(file)
        if not (linked and role == "id")
    }
    return Columns(tuple(name for _, name in file.extra), fields)


def _reject(row: Rejected) -> Mapping[str, Any]:
    return {
        "file": row.location.file,
        "line": row.location.line,
        "record": row.location.record,
        "column": row.column,
        "reason": row.reason,
        "detail": row.detail,
    }


def _file(file: FileSurvey) -> Mapping[str, Any]:
    return {
        "file": file.file,
        "rows": file.rows,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "date_order": file.date_order,
        "columns": dict(file.columns),
        **({"text_columns": [part.header for part in file.texts]} if file.texts else {}),
        **({"preset": file.preset.name} if file.preset else {}),
        "extra": list(_columns_of(file).extra),
    }


def _first_row(review: Review) -> Mapping[str, Any]:
    return {
        "review_id": review.review_id,
        "rating": review.rating,
        "rating_given": review.rating_given,
        "time": iso_time(review.time),
        "product": review.product,
        "author": review.author,
        "source": review.source,
        "embedded": review.embedded,
    }
