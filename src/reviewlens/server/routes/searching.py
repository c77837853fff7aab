"""Which reviews say what a text says, or what a review says; how many; what they say together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response

from reviewlens.asking import BUDGET, Answer
from reviewlens.results import Matches, Stats
from reviewlens.retrieval import MatchCount, Mode, Polarity
from reviewlens.server.batching import Way
from reviewlens.server.limits import check_count, check_filters, check_texts
from reviewlens.server.routes.long import Format, Wait, answered, fixed, long, table
from reviewlens.server.routes.parameters import Filtered, request_body
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
    way = Way.of(n, mode, polarity, min_similarity, explain=explain, filters=filters)
    found = await service.searches.search(q, way, request.is_disconnected)
    if format == "json":
        return Response(to_json(found, inf_nan_mode="null"), media_type="application/json")
    return await service.read(lambda: tabulated(found, format, "search"))


@request_body
class Queries:
    """Several searches at once; their arguments are those of one, the filters among them.

    What is left out, or null, is not filtered by; an empty list of values leaves no review.

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
    rating: str | None = None
    since: str | None = None
    until: str | None = None
    product: list[str] | None = None
    source: list[str] | None = None
    language: list[str] | None = None
    cluster: list[int] | None = None
    where: list[str] | None = None

    def arguments(self) -> dict[str, Any]:
        """Return what is given as arguments of `Corpus.search_many`."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@router.post("/search")
async def search_many(service: Shared, body: Queries) -> list[Matches]:
    """Answer many searches at once, in order; nothing is changed by it."""
    check_texts(service.options, body.queries, field="queries")
    check_count(service.options, body.n)
    given = body.arguments()
    names = ("rating", "since", "until", "product", "source", "language", "cluster", "where")
    check_filters(service.options, {name: given[name] for name in names if name in given})
    return await service.read(lambda: service.corpus.search_many(**given))


@router.get("/similar", **table(Matches))
async def similar(
    service: Shared,
    filters: Filtered,
    review_id: Annotated[str, Query(description="As the search shows it.")],
    n: Count = 10,
    min_similarity: Least = None,
    format: Format = "json",
) -> Any:  # noqa: ANN401 - matches, or a file of them
    """Find the reviews most like a stored one, itself left out."""
    check_texts(service.options, [review_id], field="review_id")
    check_count(service.options, n)
    return await service.read(
        lambda: tabulated(
            service.corpus.similar(review_id, n, min_similarity=min_similarity, **filters),
            format,
            "similar",
        )
    )


@router.get("/count_matches", **table(MatchCount))
async def count_matches(
    service: Shared,
    filters: Filtered,
    q: Annotated[str, Query(description="What to count, in plain words.")],
    min_similarity: Annotated[
        float | None,
        Query(ge=-1, le=1, description="Smallest cosine that counts, instead of the calibrated."),
    ] = None,
    format: Format = "json",
) -> Any:  # noqa: ANN401 - a count, or a file of its groups
    """Count the reviews that say what a text says: all of them, not the nearest few."""
    check_texts(service.options, [q])
    return await service.read(
        lambda: tabulated(
            service.corpus.count_matches(q, min_similarity=min_similarity, **filters),
            format,
            "count",
        )
    )


@router.get("/ask", **long(Answer, rows=True))
async def ask(
    service: Shared,
    filters: Filtered,
    question: Annotated[str, Query(description="In plain words.")],
    n: Annotated[int, Query(ge=1, le=1000, description="Reviews to look at, at most.")] = 100,
    budget: Annotated[
        int, Query(ge=50, le=100_000, description="Tokens of the evidence at most.")
    ] = BUDGET,
    polarity: Side = None,
    min_similarity: Least = None,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Answer a question from the reviews, with the ids of those that say so.

    Where the server was started with a language model, that one writes the answer.
    """
    check_texts(service.options, [question], field="question")
    check_count(service.options, n)
    work = await service.answer(
        "ask",
        lambda progress: service.corpus.ask(
            question,
            n=n,
            budget=budget,
            model=service.options.language_model,
            polarity=polarity,
            min_similarity=min_similarity,
            **filters,
        ),
        key=fixed([question, n, budget, polarity, min_similarity, filters]),
        wait=wait,
        cancellable=False,
    )
    return await answered(work, format)


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


@router.get("/count")
async def count(service: Shared, filters: Filtered) -> Counted:
    """Count the reviews that filters let through; all without filters."""
    return Counted(await service.read(lambda: service.corpus.count(**filters)))
