"""Reviews on a plane: points, what filters leave of them, and what was picked there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from reviewlens.corpus import Selection
from reviewlens.insights.description import Description
from reviewlens.insights.projection import Method
from reviewlens.results import OnProgress, Reviews
from reviewlens.server.points import DESCRIPTION, MEDIA_TYPE, packed
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.long import ROWS, Format, Wait, answered, answers
from reviewlens.server.routes.parameters import Body
from reviewlens.server.service import Shared
from reviewlens.server.tables import tabulated

router = APIRouter(tags=["map"])

_METHOD = "`umap` separates groups better; it needs `reviewlens[umap]`, and time."
_MOST_IDS = 100_000
_PAGE = 10_000


QuestionRoute(asked=Selection.map, defaults={"color": "stars"}).add_to(router)


_points = answers(None)
_points["responses"][200] = {
    "description": DESCRIPTION,
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}
_points["responses"][304] = {"description": "It is the map that `If-None-Match` names."}


@router.get("/map/points", **_points, response_class=Response)
async def points(
    request: Request,
    service: Shared,
    method: Annotated[Method, Query(description=_METHOD)] = "pca",
    wait: Wait = None,
) -> Response:
    """Lay all reviews on a plane, in one binary answer without texts; kept until they change."""
    work = await service.answer(
        "points",
        lambda progress: packed(service.corpus.layout(method=method, on_progress=progress)),
        key=method,
        wait=wait,
    )
    response = await answered(work)
    tag = response.headers.get("ETag")
    if tag is not None and request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return response


@dataclass(frozen=True, slots=True)
class MatchingIds:
    """The reviews that filters leave.

    Attributes:
        review_ids: In order.
    """

    review_ids: tuple[str, ...]


QuestionRoute(
    asked=Selection.matching_ids,
    path="map/matching",
    name="matching",
    result=MatchingIds,
    answer=lambda ids, _: MatchingIds(ids),
).add_to(router)


@dataclass(frozen=True, slots=True)
class Scores:
    """How unlike the rest each review is.

    Attributes:
        review_ids: By falling score.
        scores: Of each, higher is odder.
    """

    review_ids: tuple[str, ...]
    scores: tuple[float, ...]


@router.get("/map/scores", **answers(Scores))
async def scores(service: Shared, wait: Wait = None) -> Response:
    """Score how unlike the rest each review is, as `anomalies` does, without the reasons."""

    def scored(progress: OnProgress) -> Scores:
        found = service.corpus.anomalies(n=0, on_progress=progress).anomalies
        return Scores(tuple(one.review_id for one in found), tuple(one.score for one in found))

    return await answered(await service.answer("scores", scored, key=(), wait=wait))


class Picked(Body):
    """Which reviews were picked.

    Attributes:
        review_ids: Unknown ones are passed over.
    """

    review_ids: Annotated[list[str], Field(min_length=1, max_length=_MOST_IDS)]


@router.post("/selection", **answers(Description, ROWS))
async def selection(
    service: Shared,
    body: Picked,
    n: Annotated[int, Query(ge=1, le=100, description="Words at most.")] = 10,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Tell what some reviews have and say more than all others; nothing is changed by it."""
    work = await service.answer(
        "selection",
        lambda progress: service.corpus.describe(body.review_ids, n=n, on_progress=progress),
        key=(n, tuple(body.review_ids)),
        wait=wait,
    )
    return await answered(work, format)


@router.post("/selection/file", **answers(None, ROWS), response_class=Response)
async def selection_file(
    service: Shared,
    body: Picked,
    format: Annotated[Literal["csv", "xlsx"], Query(description="Of the file.")] = "csv",
    wait: Wait = None,
) -> Response:
    """Take the reviews that were picked away as a file, however many, ordered by id."""

    def written(progress: OnProgress) -> Response:
        found: list[Any] = []
        for start in range(0, len(body.review_ids), _PAGE):
            progress("reading", start, len(body.review_ids))
            page = body.review_ids[start : start + _PAGE]
            found += service.corpus.where(ids=page).reviews(n=_PAGE, order="id").reviews
        found.sort(key=lambda review: review.review_id)
        progress("writing", 0, 0)
        return tabulated(Reviews(tuple(found), len(found)), format, "selection")

    return await answered(await service.answer("selection-file", written, wait=wait))
