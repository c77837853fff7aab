"""What all reviews say together: groups, oddities, copies, how varied they are, what is next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from reviewlens.defaults import LEAST_REVIEWS
from reviewlens.insights.anomalies import Anomalies
from reviewlens.insights.anomalies import Kind as AnomalyKind
from reviewlens.insights.clusters import Across, Clusters, Unit
from reviewlens.insights.diversity import Diversity
from reviewlens.insights.duplicates import Duplicates
from reviewlens.insights.recommendations import Recommendations, Wanted
from reviewlens.insights.sampling import Kind as SampleKind
from reviewlens.insights.sampling import Sample
from reviewlens.server.limits import check_count
from reviewlens.server.routes.long import Format, Wait, asked, long
from reviewlens.server.routes.parameters import Filtered, Named, Seed, language_model
from reviewlens.server.service import Shared

router = APIRouter(tags=["insights"])

_RESOLUTION = "Higher gives more and smaller clusters; without it the most stable one is found."
_CLUSTERS = "About so many, instead of a resolution."
_ACROSS = "Take out first what is common to all reviews of one product, language or source."
_UNIT = "With `sentence` a review may be in several clusters."
_BY = "A figure for each `product`, `stars`, `month` … or value of another column."
_NEAR = "Smallest Jaccard index of near copies; 1 finds none."
_MEANING = "Smallest cosine of texts of the same meaning; above 1 finds none."
_DIVERSITY = "0 for the most similar ones, 1 for those most unlike each other."

Resolution = Annotated[float | None, Query(gt=0, le=1000, description=_RESOLUTION)]
About = Annotated[int | None, Query(ge=2, le=10_000, description=_CLUSTERS)]


@router.get("/clusters", **long(Clusters, rows=True))
async def clusters(
    service: Shared,
    filters: Filtered,
    resolution: Resolution = None,
    clusters: About = None,
    across: Annotated[Across | None, Query(description=_ACROSS)] = None,
    unit: Annotated[Unit, Query(description=_UNIT)] = "review",
    named: Named = False,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Group reviews by what they say, each group with its label, stars and quotes."""
    model = language_model(service, named=named)
    arguments = {
        "resolution": resolution,
        "clusters": clusters,
        "across": across,
        "unit": unit,
        "model": model,
        "seed": seed,
        **filters,
    }
    return await asked(service.corpus.clusters, arguments, service, wait=wait, format=format)


@router.get("/anomalies", **long(Anomalies, rows=True))
async def anomalies(
    service: Shared,
    filters: Filtered,
    n: Annotated[int, Query(ge=0, le=1_000_000, description="How many; 0 for all.")] = 20,
    kinds: Annotated[list[AnomalyKind], Query(description="Only those of one of these.")] = [],  # noqa: B006
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """List the reviews that are most unlike the rest, each with why."""
    wanted = tuple(dict.fromkeys(kinds)) or None
    arguments = {"n": n, "kinds": wanted, "seed": seed, **filters}
    return await asked(service.corpus.anomalies, arguments, service, wait=wait, format=format)


@router.get("/duplicates", **long(Duplicates, rows=True))
async def duplicates(
    service: Shared,
    filters: Filtered,
    near: Annotated[float, Query(gt=0, le=1, description=_NEAR)] = 0.8,
    meaning: Annotated[float, Query(gt=0, le=2, description=_MEANING)] = 0.95,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Group the reviews that are copies of each other: word for word, nearly, or in meaning."""
    arguments = {"near": near, "meaning": meaning, **filters}
    return await asked(service.corpus.duplicates, arguments, service, wait=wait, format=format)


@router.get("/diversity", **long(Diversity, rows=True))
async def diversity(
    service: Shared,
    filters: Filtered,
    by: Annotated[str | None, Query(description=_BY)] = None,
    min_reviews: Annotated[
        int, Query(ge=2, le=1_000_000, description="Smaller groups are left out, and counted.")
    ] = LEAST_REVIEWS,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Measure how varied reviews are: mean pairwise similarity and Vendi score."""
    arguments = {"by": by, "min_reviews": min_reviews, "seed": seed, **filters}
    return await asked(service.corpus.diversity, arguments, service, wait=wait, format=format)


@router.get("/sample", **long(Sample, rows=True))
async def sample(
    service: Shared,
    filters: Filtered,
    n: Annotated[int, Query(ge=1, le=1000, description="Reviews to read instead of all.")],
    kind: Annotated[
        SampleKind, Query(description="Those nearest to all, or most unlike each other.")
    ] = "representative",
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Choose the few reviews to read instead of all; no text is chosen twice."""
    check_count(service.options, n)
    arguments = {"n": n, "kind": kind, "seed": seed, **filters}
    return await asked(service.corpus.sample, arguments, service, wait=wait, format=format)


@router.get("/recommend", **long(Recommendations, rows=True))
async def recommend(
    service: Shared,
    filters: Filtered,
    review_id: Annotated[str | None, Query(description="What is like this review.")] = None,
    for_product: Annotated[
        str | None, Query(description="What is like the reviews of this product.")
    ] = None,
    author: Annotated[
        str | None, Query(description="What is like the reviews that this author liked.")
    ] = None,
    n: Annotated[int, Query(ge=1, le=1000, description="At most.")] = 10,
    kind: Annotated[Wanted, Query(description="Products or reviews.")] = "product",
    diversity: Annotated[float, Query(ge=0, le=1, description=_DIVERSITY)] = 0.3,
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Recommend products or reviews for a review, a product or an author: one of the three."""
    check_count(service.options, n)
    arguments = {
        "review_id": review_id,
        "for_product": for_product,
        "author": author,
        "n": n,
        "kind": kind,
        "diversity": diversity,
        "seed": seed,
        **filters,
    }
    return await asked(service.corpus.recommend, arguments, service, wait=wait, format=format)
