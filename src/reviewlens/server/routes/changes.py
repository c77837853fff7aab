"""What differs: over time, between two sides, and since themes were saved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from reviewlens.defaults import QUERY_FLOOR, TREND_REVIEWS
from reviewlens.insights.comparison import Comparison
from reviewlens.insights.news import News
from reviewlens.insights.trends import Across, Period, Trends
from reviewlens.server.limits import check_count, check_filters, check_texts
from reviewlens.server.routes.long import Format, Wait, asked, long
from reviewlens.server.routes.parameters import Filtered, Seed
from reviewlens.server.service import Shared

router = APIRouter(tags=["changes"])

_PERIOD = "Without it the finest of which there are no more than 24."
_BY = "Follow the values of a column; without it themes: the saved ones, else clusters found now."
_QUERY = "Phrases that are followed instead of themes."
_ACROSS = "Each group among the reviews with these stars, or of this product."
_LEAST = "With phrases, the smallest cosine at which a review says so."
_SIDE = "Filters as one text: `rating=1..2 and product=Kettle`."
_PRIOR = "How many mentions the prior of the words weighs as much as."
_RATE = "How often themes without news may be told."


@router.get("/trends", **long(Trends, rows=True))
async def trends(
    service: Shared,
    filters: Filtered,
    period: Annotated[Period | None, Query(description=_PERIOD)] = None,
    by: Annotated[str | None, Query(description=_BY)] = None,
    query: Annotated[list[str], Query(description=_QUERY)] = [],  # noqa: B006
    across: Annotated[Across | None, Query(description=_ACROSS)] = None,
    min_similarity: Annotated[float, Query(ge=-1, le=1, description=_LEAST)] = QUERY_FLOOR,
    min_reviews: Annotated[
        int, Query(ge=1, le=1_000_000, description="Smaller groups are left out, and counted.")
    ] = TREND_REVIEWS,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Tell what is said how often, period by period, and which changes are more than chance."""
    if query:
        check_texts(service.options, query, field="query")
    arguments = {
        "period": period,
        "by": by,
        "query": query,
        "across": across,
        "min_similarity": min_similarity,
        "min_reviews": min_reviews,
        "seed": seed,
        **filters,
    }
    return await asked(service.corpus.trends, arguments, service, wait=wait, format=format)


@router.get("/compare", **long(Comparison))
async def compare(
    service: Shared,
    filters: Filtered,
    a: Annotated[str, Query(description=_SIDE)],
    b: Annotated[str, Query(description="Likewise, or `rest` for all that are not on a.")] = "rest",
    n: Annotated[int, Query(ge=0, le=1000, description="Words a side; 0 for all.")] = 10,
    prior_size: Annotated[float | None, Query(gt=0, le=1e9, description=_PRIOR)] = None,
    seed: Seed = 0,
    wait: Wait = None,
) -> Response:
    """Tell which themes and words are more of one side than of another, and their stars."""
    check_filters(service.options, {"a": a, "b": b})
    check_count(service.options, n)
    arguments = {"a": a, "b": b, "n": n, "prior_size": prior_size, "seed": seed, **filters}
    return await asked(service.corpus.compare, arguments, service, wait=wait)


@router.get("/news", **long(News, rows=True))
async def news(
    service: Shared,
    filters: Filtered,
    rate: Annotated[float, Query(ge=0.01, le=0.5, description=_RATE)] = 0.05,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Tell which themes have grown, shrunk, vanished or emerged since they were saved."""
    arguments = {"rate": rate, "seed": seed, **filters}
    return await asked(service.corpus.news, arguments, service, wait=wait, format=format)
