"""Which reviews say what a text says, or what a review says; how many; what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response

from reviewlens.corpus import Selection
from reviewlens.results import Matches, Stats
from reviewlens.search import Mode, Polarity
from reviewlens.server.batching import Way
from reviewlens.server.bodies import check_count, check_texts
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.long import Format, Wait, answered, long, table
from reviewlens.server.routes.parameters import Filtered, filtered_body, filters_of
from reviewlens.server.service import Shared
from reviewlens.server.tables import tabulated

router = APIRouter(tags=["search"])

_MODE = "By meaning, by words, or both; without it both where the text has a code such as XJ-900."
_POLARITY = "Prefer reviews that praise, that complain, or that do what the text does."
_FLOOR = "Smallest cosine similarity, instead of the calibrated floor; -1 shows all."
_EXPLAIN = "Find the sentence that matched best in each review, and the words in it."

Text = Annotated[str, Query(description="What to look for, in plain words.")]
Count = Annotated[int, Query(ge=1, le=1000, description="Reviews at most.")]
Least = Annotated[float | None, Query(ge=-1, le=1, description=_FLOOR)]
Side = Annotated[Polarity | None, Query(description=_POLARITY)]


@router.get("/search", **table(Matches))
async def search(
    request: Request,
    service: Shared,
    filters: Filtered,
    q: Text,
    n: Count = 10,
    mode: Annotated[Mode | None, Query(description=_MODE)] = None,
    polarity: Side = None,
    min_similarity: Least = None,
    explain: Annotated[bool, Query(description=_EXPLAIN)] = False,
    format: Format = "json",
) -> Response:
    """Find the reviews that say what a text says, best first."""
    check_texts(service.options, [q])
    check_count(service.options, n)
    way = Way(n, mode, polarity, min_similarity, explain, filters)
    found = await service.searches.search(q, way, request.is_disconnected)
    if format == "json":
        return Response(to_json(found, inf_nan_mode="null"), media_type="application/json")
    return await service.read(lambda: tabulated(found, format, "search"))


@filtered_body
class Queries:
    """Several searches at once; their arguments are those of one, the filters among them.

    Attributes:
        queries: What to look for, each answered alone.
        n: Reviews for each at most.
        mode: `dense` by meaning, `keyword` by words, `hybrid` by both.
        polarity: Prefer reviews that praise, that complain, or that do what the text does.
        min_similarity: Smallest cosine similarity, instead of the calibrated floor.
        explain: Find the sentence that matched best in each review.
    """

    queries: Annotated[list[str], Field(min_length=1)]
    n: Annotated[int, Field(ge=1, le=1000)] = 10
    mode: Mode | None = None
    polarity: Polarity | None = None
    min_similarity: Annotated[float | None, Field(ge=-1, le=1)] = None
    explain: bool = False


@router.post("/search")
async def search_many(service: Shared, body: Queries) -> list[Matches]:
    """Answer many searches at once, in order; nothing is changed by it."""
    check_texts(service.options, body.queries, field="queries")
    check_count(service.options, body.n)
    selection = service.corpus.only(filters_of(body, service.options))
    return await service.read(
        lambda: selection.search_many(
            body.queries,
            body.n,
            mode=body.mode,
            polarity=body.polarity,
            min_similarity=body.min_similarity,
            explain=body.explain,
        )
    )


for _asked in (Selection.similar, Selection.count_matches, Selection.ask):
    QuestionRoute(asked=_asked).add_to(router)


@router.get("/stats", **long(Stats))
async def stats(service: Shared, wait: Wait = None) -> Response:
    """Count what is stored: reviews, stars, dates, products, languages, tokens."""
    work = await service.answer(
        "stats", lambda _: service.corpus.stats(), key=(), wait=wait, cancellable=False
    )
    return await answered(work)


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
