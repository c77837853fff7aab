"""Which reviews say what a text says, or what a review says; how many; what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from reviewlens.corpus import Selection
from reviewlens.search.matches import Matches
from reviewlens.server.batching import Way
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.parameters import Filtered
from reviewlens.server.service import Service, Shared
from reviewlens.store import Filters

router = APIRouter(tags=["search"])


async def _batched(
    service: Service, request: Request, filters: Filters, given: dict[str, Any]
) -> Matches:
    query = given.pop("query")
    way = Way(filters, tuple(given.items()))
    return await service.searches.search(query, way, request.is_disconnected)


_search = QuestionRoute(asked=Selection.search, by=_batched)
_many = QuestionRoute(
    asked=Selection.search_many,
    path="search",
    verb="POST",
    given={"queries": (Annotated[list[str], Field(min_length=1)], ...)},
    body=(
        "Queries",
        "Several searches at once; their arguments are those of one, the filters among them.",
    ),
    filtered_body=True,
)
for _route in (_search, _many):
    _route.add_to(router)
for _asked in (Selection.similar, Selection.count_matches, Selection.ask):
    QuestionRoute(asked=_asked).add_to(router)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many reviews match.

    Attributes:
        reviews: That the filters let through; all without filters.
    """

    reviews: int


@router.get("/size")
@router.get("/count", name="count", deprecated=True)
async def size(service: Shared, filters: Filtered) -> Counted:
    """Count the reviews that filters let through; all without filters."""
    return Counted(await service.read(lambda: service.corpus.only(filters).size()))
