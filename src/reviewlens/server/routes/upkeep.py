"""What keeps a corpus well: judged, measured, rebuilt, checked, and reviews taken out of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StrictBool
from starlette.responses import Response

from reviewlens.corpus import Corpus
from reviewlens.results import DeleteReport, Diagnosis, OnProgress
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.long import ROWS, Format, Wait, answered, answers
from reviewlens.server.routes.parameters import Body, FilteredBody, filters_of
from reviewlens.server.service import Shared
from reviewlens.server.tables import tabulated

router = APIRouter(tags=["keeping"])


QuestionRoute(asked=Corpus.stats).add_to(router)
QuestionRoute(
    asked=Corpus.reindex,
    verb="POST",
    help="Rebuild the collection beside the one in service, which answers meanwhile; then swap.",
    body=(
        "Rebuilding",
        "How the collection is rebuilt: from its stored reviews, vectors and all, unless said.",
    ),
    given={
        "dimensions": (Annotated[int | None, Field(ge=1, le=100_000)], None),
        "grace": (Annotated[float | None, Field(ge=0, le=60)], None),
    },
    without=("encoder",),
    writes=True,
).add_to(router)


class Deleting(FilteredBody):
    """What is deleted: reviews by ids, by filters (both must hold), or everything.

    What is left out, or null, says nothing; an empty list of ids or values deletes no review.

    Attributes:
        everything: Drop the collection itself, with its themes.
    """

    review_ids: Annotated[list[str] | None, Field(max_length=100_000)] = None
    everything: StrictBool = False


@router.post("/delete", **answers(DeleteReport))
async def delete(service: Shared, body: Deleting, wait: Wait = None) -> Response:
    """Delete reviews; the body must say which."""
    chosen = filters_of(body, service.options, ids=body.review_ids)

    def delete(_: OnProgress) -> DeleteReport:
        selection = service.corpus.only(chosen) if chosen else None
        return service.corpus.delete(selection, everything=body.everything)

    work = await service.answer("delete", delete, wait=wait, cancellable=False, writes=True)
    return await answered(work)


@router.get("/doctor", **answers(Diagnosis, ROWS, long=False))
async def doctor(service: Shared, format: Format = "json") -> Response:
    """Check packages, model, Milvus, disk and memory, with what to do about each trouble."""
    return await service.read(lambda: tabulated(service.corpus.diagnose(), format, "doctor"))


class Examining(Body):
    """What is looked at besides the set-up.

    Attributes:
        reviews: All stored reviews, compared with their hashes and vectors.
        mend: The same, and what is damaged is mended or marked for the next ingest of its file.
    """

    reviews: StrictBool = True
    mend: StrictBool = False


@router.post("/doctor", **answers(Diagnosis))
async def examine(service: Shared, body: Examining, wait: Wait = None) -> Response:
    """Check the set-up and all stored reviews, and mend what is damaged where that is asked."""
    work = await service.answer(
        "doctor",
        lambda progress: service.corpus.diagnose(**body.model_dump(), on_progress=progress),
        wait=wait,
        writes=True,
    )
    return await answered(work)
