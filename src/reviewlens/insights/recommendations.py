"""Which products, or reviews, come next for a review, a product or an author?"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from reviewlens.document import Document, Entry, Text, counted
from reviewlens.errors import InputError, NotFound, TooFewReviews, UnreadLanguages
from reviewlens.ground import phrases
from reviewlens.ground.copies import normalised
from reviewlens.ground.describing import mean_stars
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.slices import Slice, read_slice
from reviewlens.insights.base import slice_of
from reviewlens.questions import Face, Ge, Le, one_of
from reviewlens.results import OnProgress, Quote, Tabular
from reviewlens.session import Lease
from reviewlens.store import Condition, choose
from reviewlens.text.languages import named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Basis = Literal["review", "product", "author"]
Wanted = Literal["product", "review"]

LIKED, DISLIKED = 4.0, 2.0
"""Stars from which, and up to which, an author liked a product or did not."""

_DISLIKED_WEIGHT = 0.5
_POOL = 5
_ROUNDED_UP = 1e-6  # stars that were mapped from another scale


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product, or a review, to look at next.

    Attributes:
        product: Empty for a review without one.
        similarity: Cosine to what was asked for, -1..1; of a product, that of its mean vector.
        reviews: Reviews of the product among those recommended from, 0 without a product.
        stars: Their mean stars, None where none has stars.
        reason: The review of the product that is nearest to what was asked for, for a product or
            an author among those with 4 or 5 stars, if there are any; or the recommended review
            itself.
        reason_similarity: Its cosine.
    """

    product: str
    similarity: float
    reviews: int
    stars: Estimate | None
    reason: Quote
    reason_similarity: float


@dataclass(frozen=True, slots=True, repr=False)
class Recommendations(Tabular):
    """What to look at next, in the order chosen.

    Attributes:
        basis: What was asked for: `review`, `product` or `author`.
        asked: Its id or name.
        kind: What is recommended: `product` or `review`.
        liked: Reviews that the recommendations are like.
        disliked: Reviews that they are unlike (an author's of 1 or 2 stars).
        left_out: Products that were left out as already seen.
        recommendations: The first is the most similar; the others are similar and unlike those
            before them.
        notes: What the user should know besides.
    """

    details_help = "Intervals, and what was left out."

    basis: Basis
    asked: str
    kind: Wanted
    liked: int
    disliked: int
    left_out: tuple[str, ...]
    recommendations: tuple[Recommendation, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Recommendation]:
        return self.recommendations

    def document(self, *, details: bool = False) -> Document:
        """Return what is recommended, each with the review that is the reason."""
        made = f"Made from {counted(self.liked, 'review')}"
        made += f", and against {self.disliked:,}" if self.disliked else ""
        left_out = ", ".join(self.left_out) or "no product"
        return (
            *(
                _entry(number, one, details=details)
                for number, one in enumerate(self.recommendations, start=1)
            ),
            *((Text(f"{made}. Left out as seen: {left_out}."),) if details else ()),
        )


def _entry(number: int, one: Recommendation, *, details: bool) -> Entry:
    facts = [f"{one.similarity:.2f}", one.product]
    if one.reviews:
        count = counted(one.reviews, "review")
        facts += [phrases.mean_stars(one.stars, details=details), count]
    quote = one.reason
    likeness = f"similarity {one.reason_similarity:.2f}" if details else ""
    source = (quote.review_id, phrases.stars(quote.stars), (quote.time or "")[:10], likeness)
    parts = (
        Text(f"“{quote.text}”", lines=3),
        Text(" · ".join(filter(None, source)), "soft"),
    )
    return Entry(" · ".join(filter(None, facts)), parts, number)


def recommend(
    reviews: Slice,
    asked: Slice,
    *,
    basis: Basis,
    name: str,
    n: int = 10,
    kind: Wanted = "product",
    diversity: float = 0.3,
    unread: Collection[str] = (),
) -> Recommendations:
    """Recommend products or reviews by what reviews say, not by who bought what.

    What is asked for becomes one vector. For a review it is its own. For a product it is the mean
    of its reviews, each weighted by its stars (1 to 5), so that what is liked about it counts up to
    five times what is not; reviews without stars count as its mean, and without any stars all count
    the same. For an author it is the mean of the reviews with 4 or 5 stars, minus half the mean of
    those with 1 or 2 (Rocchio); the half keeps a few complaints from turning the taste around. An
    author without any stars is taken to have liked everything.

    Candidate products have the vector of a product as above. Left out are the products that the
    reviews asked about are of, and copies of these reviews' texts.

    Of the 5 n most similar candidates, n are chosen by maximal marginal relevance: each has the
    highest (1 - diversity) x similarity - diversity x (cosine to the nearest chosen).

    Args:
        reviews: What may be recommended.
        asked: The review, or all reviews of the product or by the author.
        basis: Which of the three `asked` is.
        name: The review's id, or the product's or author's name.
        n: How many at most.
        kind: `product` or `review`.
        diversity: 0 for the most similar ones, 1 for those most unlike each other.
        unread: Languages that the encoder does not read: of reviews asked about in these, the
            products count as seen, and the vectors for nothing.

    Raises:
        TooFewReviews: Nothing is left to recommend, or the author liked nothing.
        UnreadLanguages: The encoder reads no review that is asked about.
        InputError: `n`, `kind` or `diversity` cannot be used, or no product is known.

    Source:
        Carbonell and Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998. Rocchio,
        "Relevance feedback in information retrieval", 1971.
    """
    import numpy as np

    _check(n, kind, diversity)
    query, liked, disliked = _taste(_read_of(asked, unread, basis, name), basis, name)
    seen = {product for product in asked.products if product}
    copies = {normalised(text) for text in asked.texts}
    rows = np.array(
        [
            row
            for row in range(len(reviews))
            if reviews.products[row] not in seen
            and normalised(reviews.texts[row]) not in copies
            and (reviews.products[row] or kind == "review")
        ],
        dtype=np.intp,
    )
    if len(rows) == 0:
        raise _nothing_left(reviews, kind, basis, name, seen)
    if kind == "product":
        found = _recommended_products(
            reviews, _members(reviews, rows), query, n, diversity, liked_alone=basis != "review"
        )
    else:
        found = _recommended_reviews(reviews, rows, query, n, diversity)
    return Recommendations(basis, name, kind, liked, disliked, tuple(sorted(seen)), tuple(found))


def _check(n: int, kind: str, diversity: float) -> None:
    if n < 1:
        raise InputError(f"{n} recommendations were asked for; wanted 1 or more")
    if kind not in ("product", "review"):
        raise InputError(f"{kind!r} cannot be recommended; wanted product or review")
    if not 0 <= diversity <= 1:
        raise InputError(f"the diversity is {diversity:g}; wanted 0 to 1")


def _taste(asked: Slice, basis: Basis, name: str) -> tuple[NDArray[np.float32], int, int]:
    """Return the vector asked for, and how many reviews it is made of, liked and not."""
    import numpy as np

    everything = np.arange(len(asked))
    if basis != "author":
        return _mean(asked, everything), len(asked), 0
    if np.isnan(asked.stars).all():
        return _mean(asked, everything), len(asked), 0
    liked = np.flatnonzero(asked.stars >= LIKED - _ROUNDED_UP)
    disliked = np.flatnonzero(asked.stars <= DISLIKED + _ROUNDED_UP)
    if len(liked) == 0:
        raise TooFewReviews(
            f"the author {name!r} has {counted(len(asked), 'review')} and none with 4 or 5 stars, "
            "so that there is no taste to go by; ask for one of the reviews or a product instead"
        )
    taste = asked.vectors[liked].mean(axis=0)
    if len(disliked):
        taste = taste - _DISLIKED_WEIGHT * asked.vectors[disliked].mean(axis=0)
    return _unit(taste), len(liked), len(disliked)


def _mean(reviews: Slice, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the mean vector of some reviews, weighted by stars, at unit length."""
    import numpy as np

    stars = reviews.stars[rows]
    given = ~np.isnan(stars)
    if not given.any():
        return _unit(reviews.vectors[rows].mean(axis=0))
    weights = np.where(given, stars, stars[given].mean()).astype(np.float32)
    return _unit(weights @ reviews.vectors[rows])


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    length = float(np.linalg.norm(vector))
    return (vector / (length or 1.0)).astype(np.float32)


def _nothing_left(
    reviews: Slice, kind: Wanted, basis: Basis, name: str, seen: Collection[str]
) -> InputError:
    if kind == "product" and not seen and not any(reviews.products):
        return InputError(
            "no product is known, so that none can be recommended; ingest with --product-column, "
            "or ask for --kind review"
        )
    return TooFewReviews(
        f"nothing is left to recommend for the {basis} {name!r}: of the {len(reviews)} reviews to "
        "choose from, all are of products already seen, or copies; widen the filters"
    )


def _members(reviews: Slice, rows: Iterable[int]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for row in rows:
        members.setdefault(reviews.products[row], []).append(int(row))
    return members


def _recommended_products(
    reviews: Slice,
    members: dict[str, list[int]],
    query: NDArray[np.float32],
    n: int,
    diversity: float,
    *,
    liked_alone: bool,
) -> list[Recommendation]:
    import numpy as np

    groups = [np.array(rows) for rows in members.values()]
    vectors = np.stack([_mean(reviews, group) for group in groups])
    relevance, cosines = vectors @ query, reviews.vectors @ query
    whole = _members(reviews, range(len(reviews)))
    told: set[str] = set()
    found = []
    for place in _by_marginal_relevance(
        np.arange(len(groups)), relevance, vectors, n=n, diversity=diversity
    ):
        group = groups[place]
        praising = group[~(reviews.stars[group] < LIKED - _ROUNDED_UP)]
        if liked_alone and len(praising):
            group = praising
        nearest_first = group[(-cosines[group]).argsort(kind="stable")]
        # One text is no reason for two products.
        fresh = (row for row in nearest_first if normalised(reviews.texts[row]) not in told)
        reason = int(next(fresh, nearest_first[0]))
        told.add(normalised(reviews.texts[reason]))
        everyone = whole[reviews.products[reason]]
        found.append(
            _recommendation(
                reviews, reason, everyone, float(relevance[place]), float(cosines[reason])
            )
        )
    return found


def _recommended_reviews(
    reviews: Slice,
    rows: NDArray[np.intp],
    query: NDArray[np.float32],
    n: int,
    diversity: float,
) -> list[Recommendation]:
    import numpy as np

    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(normalised(reviews.texts[row]), int(row))
    distinct = np.array(list(first.values()))
    cosines = reviews.vectors @ query
    whole = _members(reviews, range(len(reviews)))
    return [
        _recommendation(
            reviews,
            row,
            whole[reviews.products[row]] if reviews.products[row] else [],
            float(cosines[row]),
            float(cosines[row]),
        )
        for row in _by_marginal_relevance(
            distinct, cosines, reviews.vectors, n=n, diversity=diversity
        )
    ]


def _recommendation(
    reviews: Slice,
    reason: int,
    everyone: Sequence[int],
    similarity: float,
    reason_similarity: float,
) -> Recommendation:
    return Recommendation(
        product=reviews.products[reason],
        similarity=round(similarity, 4),
        reviews=len(everyone),
        stars=mean_stars(reviews, everyone),
        reason=reviews.quote(reason),
        reason_similarity=round(reason_similarity, 4),
    )


def _by_marginal_relevance(
    candidates: NDArray[np.intp],
    relevance: NDArray[np.float32],
    vectors: NDArray[np.float32],
    *,
    n: int,
    diversity: float,
) -> list[int]:
    """Return n of the 5 n most relevant candidates, in the order chosen."""
    import numpy as np

    pool = candidates[(-relevance[candidates]).argsort(kind="stable")[: _POOL * n]]
    nearest = np.full(len(pool), -1.0, dtype=np.float32)
    chosen = [0]
    while len(chosen) < min(n, len(pool)):
        np.maximum(nearest, vectors[pool] @ vectors[pool[chosen[-1]]], out=nearest)
        worth = (1 - diversity) * relevance[pool] - diversity * nearest
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return [int(pool[place]) for place in chosen]


def unknown_name(basis: Basis, name: str, names: Collection[str]) -> NotFound:
    """Return the error that nothing is stored under a name, with names like it.

    Args:
        basis: What was asked for.
        name: Its id or name.
        names: Those that are stored.
    """
    what = (
        f"no review has the id {name!r}" if basis == "review" else f"no {basis} is named {name!r}"
    )
    folded = {known.casefold(): known for known in sorted(names, reverse=True) if known}
    near = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
    near += [known for known in sorted(folded) if name.casefold() in known and known not in near]
    if not folded:
        return NotFound(f"{what}: the collection has no {basis} at all")
    cure = "did you mean " + ", ".join(repr(folded[known]) for known in near[:3]) + "?"
    return NotFound(f"{what} among {len(folded):,}; " + (cure if near else "see the export"))


@one_of("review_id", "for_product", "for_author", required=True)
def recommended(
    lease: Lease,
    *,
    review_id: Annotated[str | None, Face(flag="--review", metavar="ID")] = None,
    for_product: Annotated[str | None, Face(metavar="NAME")] = None,
    for_author: Annotated[str | None, Face(flag="--author", metavar="NAME", query="author")] = None,
    n: Annotated[int, Ge(1), Face(flag="-n")] = 10,
    kind: Wanted = "product",
    diversity: Annotated[float, Ge(0), Le(1)] = 0.3,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Recommendations:
    """Recommend products or reviews for a review, a product or an author, with the reason.

    What has been seen is left out: the product itself, all products of the author, copies of
    the texts asked about. The filters say what may be recommended; what is asked for is found
    whether they leave it or not.

    Args:
        review_id: What is like this review. One of the three must be given.
        for_product: What is like the reviews of this product, weighted by their stars.
        for_author: What is like the reviews that this author liked (4 or 5 stars), and unlike
            those of 1 or 2.
        n: How many at most.
        kind: `product` or `review`.
        diversity: 0 for the most similar ones, 1 for those most unlike each other.
        seed: Without effect, as nothing here is random.
        on_progress: Told of the stage `reading`.

    Raises:
        NotFound: There is no such review, product or author.
        InputError: Not one of them was given.
        TooFewReviews: Nothing is left to recommend, or the author liked nothing.
        UnreadLanguages: The encoder reads no review that is asked about.
    """
    del seed
    named = {"review": review_id, "product": for_product, "author": for_author}
    given: list[tuple[Basis, str]] = [
        (basis, name)  # type: ignore[misc]
        for basis, name in named.items()
        if name is not None
    ]
    basis, name = given[0]
    field = "review_id" if basis == "review" else basis
    store = lease.store
    # A file's own column of that name is no id.
    of_it = choose(ids=name) if basis == "review" else choose(Condition(field, "=", (name,)))
    asked = read_slice(store, of_it)
    if not name or len(asked) == 0:  # an empty name is that of none
        pages = store.scan((field,))
        raise unknown_name(basis, name, {getattr(row, field) for page in pages for row in page})
    reviews = slice_of(lease, fewest=1, purpose="recommendations", on_progress=on_progress)
    return recommend(
        reviews,
        asked,
        basis=basis,
        name=name,
        n=n,
        kind=kind,
        diversity=diversity,
        unread=store.languages.unread,
    )


def _read_of(asked: Slice, unread: Collection[str], basis: Basis, name: str) -> Slice:
    """Return those of the reviews asked about whose vectors say something.

    Raises:
        UnreadLanguages: None does.
    """
    read = asked.without_languages(unread)
    if not len(read):
        codes = " and ".join(map(named, sorted(set(asked.languages))))
        raise UnreadLanguages(
            f"what is asked of the {basis} {name!r} is in {codes}, which the encoder does not "
            "read, so that nothing is near it by meaning: reindex --encoder multilingual"
        )
    return read
