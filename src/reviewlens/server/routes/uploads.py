"""Uploading a file of reviews, looking at it, and storing what is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, StrictBool, create_model
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from reviewlens.ingest import IngestSettings
from reviewlens.questions import argument_texts
from reviewlens.reading.files import NamedFile
from reviewlens.reading.names import Role
from reviewlens.reading.options import MOST_SKIPPED_ROWS
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.results import FilePreview, IngestPlan, IngestReport, OnProgress
from reviewlens.server.forms import received
from reviewlens.server.routes.jobs import Named
from reviewlens.server.routes.long import Wait, answered, answers
from reviewlens.server.routes.parameters import Body
from reviewlens.server.service import Shared
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


_GIVEN: dict[str, tuple[Any, Any]] = {
    "columns": (dict[Role, str | list[str] | None], {}),
    "source": (Annotated[str, Field(max_length=1000)], ""),
    "rating_scale": (str | None, None),
    "quoted_rows": (QuotedRows, "auto"),
    "sheet": (str, ""),
    "skip_rows": (Annotated[int | None, Field(ge=0, le=MOST_SKIPPED_ROWS)], None),
    "names": (list[str] | None, None),
    "repeats": (Literal["keep", "drop"], "keep"),
    "min_tokens": (Annotated[int, Field(ge=0)], 1),
    "max_tokens": (Annotated[int, Field(ge=0)], 8000),
    "long": (Literal["split", "truncate"], "split"),
    "tokenizer": (
        Literal["cl100k_base", "o200k_base", "p50k_base", "r50k_base"] | None,
        None,
    ),
    "latest": (Annotated[int | None, Field(ge=1)], None),
    "keep_boilerplate": (StrictBool, False),
    "force": (StrictBool, False),
    "replace": (StrictBool, False),
    "mask": (StrictBool, False),
    "mask_author": (StrictBool, False),
}
"""Settings that JSON says in another form than Python, or that are something when left out."""


def _fields() -> dict[str, Any]:
    kinds, told = get_type_hints(IngestSettings), argument_texts(IngestSettings)
    del kinds["rejects_file"]
    fields = {name: _GIVEN.get(name, (kind, None)) for name, kind in kinds.items()}
    return {
        name: (kind, Field(default, description=told[name]))
        for name, (kind, default) in fields.items()
    }


if TYPE_CHECKING:
    Settings = Body
else:
    Settings = create_model(
        "Settings",
        __doc__="How a file is read; what is left out is decided on the file itself.",
        __base__=Body,
        **_fields(),
    )


def _arguments(settings: Settings) -> dict[str, Any]:
    """Return the settings as `Corpus.ingest` takes them."""
    given = settings.model_dump()
    given["columns"] = {role: header or "" for role, header in given["columns"].items()}
    return given


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

    return await service.read(look, looks=True)


@router.post("/uploads/{upload}/plan", **answers(IngestPlan))
async def plan(
    service: Shared, stored: NamedUpload, settings: Settings, wait: Wait = None
) -> Response:
    """Tell what an ingest would make of a file; nothing is stored."""

    def planned(progress: OnProgress) -> IngestPlan:
        with service.uploads.used(stored) as path:
            return service.corpus.plan(
                NamedFile(path, stored.name), on_progress=progress, **_arguments(settings)
            )

    return await answered(await service.answer("plan", planned, wait=wait))


@router.post("/uploads/{upload}/ingest", **answers(IngestReport))
async def ingest(
    service: Shared, stored: NamedUpload, settings: Settings, wait: Wait = None
) -> Response:
    """Store the reviews of a file, and tell what became of every row.

    Where it is cancelled or fails, what is stored stays, and the next ingest of the file completes
    it. `GET /jobs/{job}/rejects` has the rows that were not taken; the
    header `X-Job` names the job.
    """
    rejects = service.uploads.scratch(".csv")

    def ingesting(progress: OnProgress) -> IngestReport:
        with service.uploads.used(stored) as path:
            report = service.corpus.ingest(
                NamedFile(path, stored.name),
                on_progress=progress,
                rejects_file=rejects,
                **_arguments(settings),
            )
        named = None if report.rejects_file is None else rejects_name(stored.name)
        return replace(report, rejects_file=named)

    work = await service.answer("ingest", ingesting, wait=wait, left=rejects, writes=True)
    return await answered(work)


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
