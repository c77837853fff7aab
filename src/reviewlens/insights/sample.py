"""Which few reviews stand for all of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from reviewlens.document import Document, Entry, Text
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.copies import distinct
from reviewlens.ground.phrases import stars
from reviewlens.ground.slices import Slice
from reviewlens.insights.base import slice_of
from reviewlens.questions import Face, Ge
from reviewlens.results import OnProgress, Tabular
from reviewlens.session import Lease

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["representative", "diverse"]

_COMPARED = 50_000_000
_FEWEST_CANDIDATES = 1_000
_BLOCK_CELLS = 8_000_000
_RECHECKED = 128


@dataclass(frozen=True, slots=True)
class SampledReview:
    """A review of a sample.

    Attributes:
        review_id: Which it is.
        text: What it says.
        stars: 1 to 5, None where there are none.
        time: ISO 8601 in UTC, None where there is none.
        product: Empty where there is none.
        stands_for: Reviews that are nearer to it than to any other of the sample, it included.
        nearest: Cosine to the nearest other review of the sample, None where it is the only one.
    """

    review_id: str
    text: str
    stars: float | None
    time: str | None
    product: str
    stands_for: int
    nearest: float | None


@dataclass(frozen=True, slots=True, repr=False)
class Sample(Tabular):
    """A few reviews instead of many, in the order chosen.

    Attributes:
        kind: `representative` or `diverse`.
        reviews: Reviews that were chosen from.
        distinct: How many different texts they have; no text is chosen twice.
        candidates: How many of these could be chosen; fewer than `distinct` in a large corpus,
            where they are drawn at random.
        coverage: Mean cosine of a review to the nearest one of the sample.
        worst: The smallest such cosine.
        sample: The reviews.
        notes: What the user should know besides.
    """

    details_help = "Show how near the nearest others are."

    kind: Kind
    reviews: int
    distinct: int
    candidates: int
    coverage: float
    worst: float
    sample: tuple[SampledReview, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[SampledReview]:
        return self.sample

    def document(self, *, details: bool = False) -> Document:
        """Return the reviews, and how well they stand for all; see `Tabular.document`."""
        told = (
            f"{len(self.sample):,} of {self.reviews:,} reviews; mean similarity of a review to "
            f"the nearest of them {self.coverage:.2f}"
        )
        told += f", the smallest {self.worst:.2f}" if details else ""
        entries = (
            _entry(number, one, details=details) for number, one in enumerate(self.sample, start=1)
        )
        return (*entries, Text(told))


def _entry(number: int, one: SampledReview, *, details: bool) -> Entry:
    facts = [
        f"stands for {one.stands_for:,}",
        stars(one.stars),
        (one.time or "")[:10],
        one.product,
        one.review_id,
    ]
    if details and one.nearest is not None:
        facts.append(f"nearest other {one.nearest:.2f}")
    return Entry(" · ".join(filter(None, facts)), (Text(one.text, lines=3),), number)


def choose_sample(
    reviews: Slice,
    n: int,
    *,
    kind: Kind = "representative",
    compared: int = _COMPARED,
    seed: int = 0,
) -> Sample:
    """Choose the few reviews to read instead of all.

    `representative` chooses those to which all reviews are as near as can be: it maximises the sum
    of every review's cosine to the nearest chosen one (facility location), greedily, which reaches
    at least 63 % of the best possible sum. Gains only fall as reviews are chosen, so that few need
    to be computed again (lazy greedy).

    `diverse` chooses those that are as unlike each other as can be: it begins with the most typical
    review and adds the one whose nearest chosen review is furthest (farthest point; maximal
    marginal relevance with all weight on novelty). It finds what is rare, and with it what is odd.

    Args:
        reviews: To choose from.
        n: How many; all different texts where there are no more.
        kind: `representative` or `diverse`.
        compared: Pairs of a candidate and a review that are compared for a representative sample,
            at most; it is chosen from so many texts, but at least 1,000. By default these are all
            texts of up to 7,000 reviews.
        seed: For the draw of the candidates where they are not all.

    Raises:
        TooFewReviews: There are none.
        InputError: The kind is unknown, or n is below 1.

    Source:
        Nemhauser, Wolsey and Fisher, "An analysis of approximations for maximizing submodular set
        functions", 1978. Minoux, "Accelerated greedy algorithms", 1978. Gonzalez, "Clustering to
        minimize the maximum intercluster distance", 1985. Carbonell and Goldstein, "The use of
        MMR", SIGIR 1998.
    """
    import numpy as np

    if kind not in ("representative", "diverse"):
        raise InputError(f"the kind of sample is {kind!r}; wanted representative or diverse")
    if n < 1:
        raise InputError(f"a sample of {n} was asked for; wanted 1 or more")
    if len(reviews) == 0:
        raise TooFewReviews("there are no reviews to choose from: widen the filters or ingest some")
    first = distinct(reviews.texts).first
    candidates = first
    if kind == "representative":
        most = max(_FEWEST_CANDIDATES, compared // len(reviews))
        if len(first) > most:
            drawn = np.random.default_rng(seed).choice(first, most, replace=False)
            candidates = np.sort(drawn)
        chosen = _most_representative(reviews.vectors, candidates, n)
    else:
        chosen = _most_diverse(reviews.vectors, candidates, n)
    return _sample(reviews, chosen, kind, len(first), len(candidates))


def _most_representative(
    vectors: NDArray[np.float32], candidates: NDArray[np.intp], n: int
) -> list[int]:
    import numpy as np

    covered = np.zeros(len(vectors), dtype=np.float32)

    def gains(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how much each row would add to the sum of cosines to the nearest chosen."""
        step = max(1, _BLOCK_CELLS // len(vectors))
        found = []
        for start in range(0, len(rows), step):
            more = vectors[rows[start : start + step]] @ vectors.T
            more -= covered
            found.append(np.maximum(more, 0.0, out=more).sum(axis=1, dtype=np.float64))
        return np.concatenate(found)

    bounds = gains(candidates)
    chosen: list[int] = []
    while len(chosen) < min(n, len(candidates)):
        current = np.zeros(len(candidates), dtype=bool)
        while not current[best := int(bounds.argmax())]:
            top = np.argpartition(-bounds, min(_RECHECKED, len(bounds)) - 1)[:_RECHECKED]
            stale = top[~current[top] & np.isfinite(bounds[top])]
            bounds[stale] = gains(candidates[stale])
            current[stale] = True
        chosen.append(int(candidates[best]))
        np.maximum(covered, vectors @ vectors[chosen[-1]], out=covered)
        bounds[best] = -np.inf
    return chosen


def _most_diverse(vectors: NDArray[np.float32], candidates: NDArray[np.intp], n: int) -> list[int]:
    import numpy as np

    those = vectors[candidates]
    best = int((those @ vectors.mean(axis=0)).argmax())
    nearest = np.full(len(candidates), -np.inf, dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < min(n, len(candidates)):
        chosen.append(int(candidates[best]))
        np.maximum(nearest, those @ those[best], out=nearest)
        nearest[best] = np.inf
        best = int(nearest.argmin())
    return chosen


def _sample(
    reviews: Slice, chosen: Sequence[int], kind: Kind, texts: int, candidates: int
) -> Sample:
    import numpy as np

    picked = reviews.vectors[list(chosen)]
    nearest = np.full(len(reviews), -np.inf, dtype=np.float32)
    owner = np.zeros(len(reviews), dtype=np.intp)
    for place, vector in enumerate(picked):
        cosines = reviews.vectors @ vector
        nearer = cosines > nearest
        nearest[nearer], owner[nearer] = cosines[nearer], place
    owner[list(chosen)] = np.arange(len(chosen))
    stands_for = np.bincount(owner, minlength=len(chosen))
    among = picked @ picked.T
    np.fill_diagonal(among, -np.inf)
    return Sample(
        kind=kind,
        reviews=len(reviews),
        distinct=texts,
        candidates=candidates,
        coverage=round(float(nearest.mean(dtype=np.float64)), 4),
        worst=round(float(nearest.min()), 4),
        sample=tuple(
            SampledReview(
                **asdict(reviews.quote(row)),
                product=reviews.products[row],
                stands_for=int(stands_for[place]),
                nearest=None if len(chosen) == 1 else round(float(among[place].max()), 4),
            )
            for place, row in enumerate(chosen)
        ),
    )


def sample_of(
    lease: Lease,
    n: Annotated[int, Ge(1), Face(flag="-n")],
    *,
    kind: Kind = "representative",
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Sample:
    """Choose the few reviews to read instead of all; no text is chosen twice.

    Args:
        n: How many; all different texts where there are no more.
        kind: `representative`: those to which all reviews are as near as can be; `diverse`:
            those that are most unlike each other.
        seed: For the draw of candidates where there are more than 7,000 reviews.
        on_progress: Told of the stage `reading`.

    Raises:
        TooFewReviews: There is no review.
        InputError: The kind is unknown, or n is below 1.
    """
    reviews = slice_of(lease, fewest=1, purpose="a sample", on_progress=on_progress)
    return choose_sample(reviews, n, kind=kind, seed=seed)
