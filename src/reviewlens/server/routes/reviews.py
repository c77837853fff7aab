"""Reviews as they are stored, and what the filters can be set to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from reviewlens.corpus import Selection
from reviewlens.results import Facets, Reviews
from reviewlens.search import Order
from reviewlens.server.bodies import check_count, check_filters
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.long import ROWS, Format, answers
from reviewlens.server.routes.parameters import Body, Filtered
from reviewlens.server.service import Shared
from reviewlens.server.tables import tabulated
from reviewlens.store import FILTERS, WHERE
from reviewlens.store.filters import Filter

router = APIRouter(tags=["reviews"])

_IDS = "Any of these; unknown ones are passed over."
_OFFSET = "How many are left out before the first."
_ORDER = "By date, stars or id; `-` for the latest or best first. Those without one stand last."


@dataclass(frozen=True, slots=True)
class DescribedFilter:
    """A filter that every question takes, as a page asks for it.

    Attributes:
        name: Of the parameter.
        title: What it is called.
        help: What it takes.
        form: How it is asked for: `stars`, `date`, `values` or `languages` of those that there are,
            `conditions`.
        many: Whether it takes several values.
        list: Of what `facets` tells, the list of its values; None where there is none.
    """

    name: str
    title: str
    help: str
    form: str
    many: bool
    list: str | None


_LISTS = {one.name: f"{one.name}s" for one in FILTERS.values()} | {
    "rating": "stars",
    "cluster": "themes",
}
_KNOWN = {one.name for one in fields(Facets)}


def _described(one: Filter) -> DescribedFilter:
    values = _LISTS[one.name]
    listed = values if values in _KNOWN else None
    return DescribedFilter(one.name, one.title, one.help, one.form, one.many, listed)


@router.get("/filters")
async def filters() -> tuple[DescribedFilter, ...]:
    """Describe the filters that every question takes."""
    others = DescribedFilter("where", "Other columns", WHERE, "conditions", many=True, list=None)
    return (*(_described(one) for one in FILTERS.values() if one.shown), others)


QuestionRoute(
    asked=Selection.facets,
    help="Count what each filter can be set to, under all the other filters as they are set.",
).add_to(router)


@router.get("/reviews", **answers(Reviews, ROWS, long=False))
async def reviews(
    service: Shared,
    filters: Filtered,
    review_ids: Annotated[list[str], Query(description=_IDS)] = [],  # noqa: B006
    n: Annotated[int, Query(ge=0, le=1000, description="Reviews at most.")] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31, description=_OFFSET)] = 0,
    order: Annotated[Order, Query(description=_ORDER)] = "-time",
    format: Format = "json",
) -> Response:
    """List reviews, by their ids or by filters, page by page."""
    check_filters(service.options, {"review_ids": review_ids})
    check_count(service.options, n)
    chosen = service.corpus.only(filters).where(ids=review_ids or None)
    return await service.read(
        lambda: tabulated(chosen.reviews(n=n, offset=offset, order=order), format, "reviews")
    )


class Listed(Body):
    """Which reviews are listed, where their ids are too many for an address.

    Attributes:
        review_ids: Any of these, none where there are none; unknown ones are passed over. All
            reviews without.
        n: Reviews at most.
        offset: How many are left out before the first.
        order: By date, stars or id; with `-` the latest or best first.
    """

    review_ids: Annotated[list[str] | None, Field(max_length=100_000)] = None
    n: Annotated[int, Field(ge=0, le=10_000)] = 50
    offset: Annotated[int, Field(ge=0, le=2**31)] = 0
    order: Order = "-time"


@router.post("/reviews", **answers(Reviews, ROWS, long=False))
async def reviews_of(
    service: Shared,
    body: Listed,
    filters: Filtered,
    format: Format = "json",
) -> Response:
    """List reviews by their ids, however many; nothing is changed by it."""
    given = body.model_dump()
    chosen = service.corpus.only(filters).where(ids=given.pop("review_ids"))
    return await service.read(lambda: tabulated(chosen.reviews(**given), format, "reviews"))
