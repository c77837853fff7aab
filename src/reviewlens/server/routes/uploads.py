"""Uploading a file of reviews, looking at it, and storing what is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from reviewlens.reading.files import NamedFile
from reviewlens.reading.options import MOST_SKIPPED_ROWS
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.results import FilePreview, IngestPlan, IngestReport, OnProgress
from reviewlens.server.forms import received
from reviewlens.server.routes.jobs import Named
from reviewlens.server.routes.long import Wait, answered, long
from reviewlens.server.service import Service, Shared
from reviewlens.server.tables import MEDIA_TYPES, attachment
from reviewlens.server.uploads import StoredUpload, ending_of

router = APIRouter(tags=["uploads"])


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded.

    Attributes:
        upload: Its id, for the routes below `/uploads`.
        name: As the sender calls it; used in reports.
        bytes: Its size.
    """

    upload: str
    name: str
    bytes: int


class Settings(BaseModel):
    """How a file is read; what is left out is decided on the file itself."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[
        Literal["text", "title", "rating", "time", "product", "author", "id"],
        str | list[str] | None,
    ] = Field(
        default_factory=dict,
        description="Header for each role where its name does not tell; null for none; a list "
        "for a text that is in several columns.",
    )
    preset: str | None = Field(
        None,
        description="Export whose columns are known, such as `trustpilot`; `none` for none; it is "
        "recognised without.",
    )
    source: str = Field("", max_length=1000, description="Where the reviews come from.")
    source_column: str | None = Field(None, description="Column that holds the source instead.")
    encoding: str | None = Field(None, description="Character encoding, such as `cp1252`.")
    delimiter: str | None = Field(None, description="Between the fields: one character, or `tab`.")
    date_order: Literal["dmy", "mdy", "ymd"] | None = Field(
        None, description="Order in dates, where these do not tell."
    )
    rating_scale: str | None = Field(
        None, description="Lowest and highest rating possible, such as `1..10`."
    )
    text_template: str | None = Field(
        None, description="What is embedded, such as `{Summary}: {Text}`."
    )
    quoted_rows: QuotedRows = Field(
        "auto",
        description="Rows that are one quoted cell: split into the fields inside where they can "
        "only be rows, wherever these fit (`split`), or kept.",
    )
    sheet: str = Field("", description="Of a workbook, by name or number from 1.")
    skip_rows: int | None = Field(
        None,
        ge=0,
        le=MOST_SKIPPED_ROWS,
        description="Lines, or rows of a sheet, above the header; found out without.",
    )
    names: list[str] | None = Field(
        None, description="Of the columns, where the file has no header; `[]`: by their places."
    )
    quote: str | None = Field(None, description="What cells are quoted by.")
    escape: str | None = Field(None, description="What stands before a quote inside a cell.")
    repeats: Literal["keep", "drop"] = Field(
        "keep", description="Identical rows without ids: reviews of their own, or duplicates."
    )
    min_tokens: int = Field(1, ge=0, description="Reviews with fewer tokens are rejected.")
    max_tokens: int = Field(8000, ge=0, description="Reviews with more tokens are rejected.")
    long: Literal["split", "truncate"] = Field(
        "split", description="What becomes of reviews beyond the encoder's window."
    )
    tokenizer: Literal["cl100k_base", "o200k_base", "p50k_base", "r50k_base"] | None = Field(
        None, description="Counts for the two limits in place of the encoder's."
    )
    latest: int | None = Field(None, ge=1, description="Take only the latest so many by date.")
    force: StrictBool = Field(
        False, description="Go on although the encoder does not know more than 10 % of the tokens."
    )
    replace: StrictBool = Field(
        False, description="Go on although ids come back with another author, product or date."
    )

    def arguments(self) -> dict[str, Any]:
        """Return them as `Corpus.ingest` takes them."""
        given = self.model_dump(exclude={"columns"})
        columns = {role: header or "" for role, header in self.columns.items()}
        return {**given, "columns": columns}


def _named(service: Shared, upload: str) -> StoredUpload:
    found = service.uploads.find(upload)
    if found is None:
        raise HTTPException(404, "there is no such upload, or it is kept no longer: upload again")
    return found


NamedUpload = Annotated[StoredUpload, Depends(_named)]
"""The upload that the path names; 404 where there is none."""


@router.post(
    "/uploads",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }
    },
)
async def upload(service: Shared, request: Request) -> Upload:
    """Take a file: a table (CSV, TSV, JSON, JSON lines, Parquet), a workbook or a document.

    Workbooks are XLSX, XLSM, XLSB, XLS or ODS; documents PDF, Markdown or text. Each may be
    packed as .gz or .zip.

    Nothing is stored in the corpus yet. The file is kept for some hours.
    """
    stored = await received(request, service.uploads, service.options.most_upload_bytes)
    return Upload(stored.upload, stored.name, stored.size)


@router.delete("/uploads/{upload}", status_code=204)
async def forget(service: Shared, stored: NamedUpload) -> None:
    """Remove an uploaded file, once no job reads it any more."""
    service.uploads.remove(stored)


@router.get("/uploads/{upload}/preview")
async def preview(
    service: Shared,
    stored: NamedUpload,
    encoding: Annotated[str | None, Query(description="Character encoding.")] = None,
    delimiter: Annotated[str | None, Query(description="One character, or `tab`.")] = None,
    quoted_rows: Annotated[
        QuotedRows, Query(description="Rows that are one quoted cell; see `plan`.")
    ] = "auto",
) -> FilePreview:
    """Show a file's columns, examples of what is in them, and what each is taken for."""

    def look() -> FilePreview:
        with service.uploads.used(stored) as path:
            return service.corpus.preview(
                NamedFile(path, stored.name),
                encoding=encoding,
                delimiter=delimiter,
                quoted_rows=quoted_rows,
            )

    return await service.look(look)


@router.post("/uploads/{upload}/plan", **long(IngestPlan))
async def plan(
    service: Shared, stored: NamedUpload, settings: Settings, wait: Wait = None
) -> Response:
    """Tell what an ingest would make of a file; nothing is stored."""

    def planned(progress: OnProgress) -> IngestPlan:
        with service.uploads.used(stored) as path:
            return service.corpus.plan(
                NamedFile(path, stored.name), on_progress=progress, **settings.arguments()
            )

    return await answered(await service.answer("plan", planned, wait=wait))


@router.post("/uploads/{upload}/ingest", **long(IngestReport))
async def ingest(
    service: Shared, stored: NamedUpload, settings: Settings, wait: Wait = None
) -> Response:
    """Store the reviews of a file, and tell what became of every row.

    Where it is cancelled or fails, what is stored stays, and the next ingest of the file completes
    it. `GET /jobs/{job}/rejects` has the rows that were not taken; the
    header `X-Job` names the job.
    """
    rejects = service.uploads.scratch(".csv")
    work = await service.answer(
        "ingest",
        _ingesting(service, stored, settings, rejects),
        wait=wait,
        left=rejects,
        writes=True,
    )
    return await answered(work)


def _ingesting(
    service: Service, stored: StoredUpload, settings: Settings, rejects: Path
) -> Callable[[OnProgress], IngestReport]:
    def ingesting(progress: OnProgress) -> IngestReport:
        with service.uploads.used(stored) as path:
            report = service.corpus.ingest(
                NamedFile(path, stored.name),
                on_progress=progress,
                rejects_file=rejects,
                **settings.arguments(),
            )
        named = None if report.rejects_file is None else rejects_name(stored.name)
        return replace(report, rejects_file=named)

    return ingesting


def rejects_name(name: str) -> str:
    """Return how the file with the rejected rows of a file is called."""
    return f"{name.removesuffix(ending_of(name))}.rejects.csv"


@router.get(
    "/jobs/{job}/rejects",
    response_model=None,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def rejected(work: Named) -> Response:
    """Return the rows that an ingest did not take, with their reasons, as CSV."""
    left = work.task.left
    if left is None or work.task.ended is None or not left.exists():
        raise HTTPException(404, "this job has no rejected rows")
    name = work.result.rejects_file if work.result is not None else "rejects.csv"
    return FileResponse(
        left,
        media_type=MEDIA_TYPES["csv"],
        headers={"Content-Disposition": attachment(name or "rejects.csv")},
    )
