"""What keeps a corpus well: judged, measured, rebuilt, checked, and reviews taken out of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from reviewlens.encoders import Precision
from reviewlens.evaluation import Evaluation
from reviewlens.reduction import SAMPLE_TEXTS, Reduction
from reviewlens.results import DeleteReport, Diagnosis, ReindexReport
from reviewlens.server.routes.long import Format, Wait, answered, asked, long, table
from reviewlens.server.routes.parameters import Filtered, Seed, request_body
from reviewlens.server.service import Shared
from reviewlens.server.tables import tabulated

router = APIRouter(tags=["keeping"])

_Values = Annotated[list[str] | None, Field(max_length=1000)]


@router.get("/evaluate", **long(Evaluation, rows=True))
async def evaluate(
    service: Shared,
    filters: Filtered,
    sample: Annotated[
        int, Query(ge=20, le=100_000, description="Reviews to draw at most.")
    ] = 1_000,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Measure how well reviews are found: index, sentences, titles, neighbours."""
    arguments = {"sample": sample, "seed": seed, **filters}
    return await asked(service.corpus.evaluate, arguments, service, wait=wait, format=format)


@router.get("/reduce", **long(Reduction, rows=True))
async def reduce(
    service: Shared,
    dimensions: Annotated[
        list[Annotated[int, Field(ge=1, le=100_000)]],
        Query(min_length=1, max_length=20, description="Numbers of a vector to keep."),
    ],
    sample: Annotated[
        int, Query(ge=100, le=1_000_000, description="Different texts at most.")
    ] = SAMPLE_TEXTS,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Measure what a search loses with shorter vectors."""
    arguments = {"dimensions": dimensions, "sample": sample, "seed": seed}
    return await asked(service.corpus.reduce, arguments, service, wait=wait, format=format)


@request_body
class Rebuilding:
    """How the collection is rebuilt: from its stored reviews, vectors and all, unless said.

    Attributes:
        precision: Embed anew with this precision of the collection's encoder.
        dimensions: Embed anew and keep so many numbers of each vector.
        force: Go on although the encoder does not know more than 10 % of the tokens.
        grace: Seconds until the old version is removed.
    """

    precision: Precision | None = None
    dimensions: Annotated[int | None, Field(ge=1, le=100_000)] = None
    force: bool = False
    grace: Annotated[float | None, Field(ge=0, le=60)] = None


@router.post("/reindex", **long(ReindexReport))
async def reindex(service: Shared, body: Rebuilding, wait: Wait = None) -> Response:
    """Rebuild the collection beside the one in service, which answers meanwhile; then swap."""
    work = await service.write(
        "reindex",
        lambda progress: service.corpus.reindex(
            precision=body.precision,
            dimensions=body.dimensions,
            force=body.force,
            grace=body.grace,
            on_progress=progress,
        ),
        wait=wait,
    )
    return await answered(work)


@request_body
class Deleting:
    """What is deleted: reviews by ids, by filters (both must hold), or everything.

    What is left out, or null, says nothing; an empty list of ids or values deletes no review.

    Attributes:
        everything: Drop the collection itself, with its themes.
    """

    review_ids: Annotated[list[str] | None, Field(max_length=100_000)] = None
    everything: bool = False
    rating: Annotated[str | None, Field(max_length=100)] = None
    since: Annotated[str | None, Field(max_length=100)] = None
    until: Annotated[str | None, Field(max_length=100)] = None
    product: _Values = None
    source: _Values = None
    language: _Values = None
    cluster: Annotated[list[int] | None, Field(max_length=1000)] = None
    where: _Values = None

    def arguments(self) -> dict[str, Any]:
        """Return what is given, as arguments of `Corpus.delete`."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in given.items() if value is not None}


@router.post("/delete", **long(DeleteReport))
async def delete(service: Shared, body: Deleting, wait: Wait = None) -> Response:
    """Delete reviews; the body must say which."""
    given = body.arguments()
    work = await service.write(
        "delete", lambda _: service.corpus.delete(**given), wait=wait, cancellable=False
    )
    return await answered(work)


@router.get("/doctor", **table(Diagnosis))
async def doctor(service: Shared, format: Format = "json") -> Any:  # noqa: ANN401
    """Check packages, model, Milvus, disk and memory, with what to do about each trouble."""
    return await service.read(lambda: tabulated(service.corpus.diagnose(), format, "doctor"))
