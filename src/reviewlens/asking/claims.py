"""Statements put together that say the like: what the reviews say, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.asking.results import Claim, Evidence
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.encoders import TokenCount
from reviewlens.ground.copies import normalised
from reviewlens.ground.estimates import mean
from reviewlens.results import iso_time
from reviewlens.text.statements import count_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CLAIMS = 8
MOST_GROUPED = 1_200
"""Statements that are put together; of more, so many are drawn."""
_EVIDENCE_A_CLAIM = 6
COPY = 0.95
"""From which cosine on two statements say the same in nearly the same words."""
SAME_MATTER = 0.35
"""How far from unrelated (0) to equal (1) two statements are that speak of one matter.

Read off some questions to the sample reviews: at 0.25 praise and complaints about a box are one
group, at 0.45 a crushed parcel and a ripped packaging are two.
"""
_FEWEST_APART = 20
"""Statements about one matter from which on what they have in common can be told from the rest."""
_QUOTABLE = 5
"""Words that a quote has at least, where another that says the like has them."""

CountTokens = Callable[[Sequence[str]], Sequence[TokenCount]]


@dataclass(frozen=True, slots=True)
class Matter:
    """Statements that say the like, the most typical first."""

    members: tuple[Spoken, ...]

    @property
    def reviews(self) -> int:
        """How many reviews say one of them."""
        return len(reviews_of(self.members))


def matters_of(
    spoken: Sequence[Spoken], unrelated: float, *, about_one: bool = False
) -> list[Matter]:
    """Return statements by what they say, what most reviews say first.

    Args:
        spoken: Any number.
        unrelated: Mean cosine of texts that have nothing to do with each other.
        about_one: Whether all speak of one matter, so that they are told apart by what else they
            say.
    """
    import numpy as np

    if not spoken:
        return []
    some = sorted(spoken, key=lambda one: (one.review_id, one.hit.span or (0, 0)))
    if len(some) > MOST_GROUPED:
        rows = np.random.default_rng(0).choice(len(some), MOST_GROUPED, replace=False)
        some = [some[row] for row in np.sort(rows)]
    vectors = np.stack([one.vector for one in some])
    if about_one and len(some) >= _FEWEST_APART:
        vectors, unrelated = _apart(vectors), 0.0
    nearness = np.array([one.nearness for one in some], dtype=np.float32)
    groups = group(vectors, nearness, round(unrelated, 3))
    found = []
    for number in range(int(groups.max()) + 1):
        rows = np.flatnonzero(groups == number)
        order = _typical(vectors[rows], nearness[rows])
        members = [some[rows[place]] for place in order]
        members.sort(key=lambda one: count_words(one.text) < _QUOTABLE)
        found.append(Matter(tuple(members)))
    return sorted(found, key=lambda one: (-one.reviews, one.members[0].review_id))


def _apart(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit vectors without what all of them have in common."""
    import numpy as np

    left = vectors - vectors.mean(axis=0)
    apart: NDArray[np.float32] = left / np.maximum(
        np.linalg.norm(left, axis=1, keepdims=True), 1e-6
    )
    return apart


def _typical(vectors: NDArray[np.float32], nearness: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the order of statements by how near each is to all, and to what was asked."""
    import numpy as np

    centre = vectors.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    return np.argsort(-np.round(vectors @ centre + nearness, 5), kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Claims and what they are made from.

    Attributes:
        claims: In order.
        evidence: The statements that are cited.
        tokens: Of these.
        left: Matters that are not among the claims.
    """

    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    tokens: int
    left: tuple[Matter, ...] = ()


def told(
    matters: Sequence[Matter], speaking: int, of: int, *, budget: int, count: CountTokens
) -> Told:
    """Return a claim for each of the first matters, quoted by its most typical statement.

    Args:
        matters: In order.
        speaking: Reviews that speak of what is asked about.
        of: Reviews that were looked at.
        budget: Tokens of the evidence at most.
        count: Counts these.
    """
    claims: list[Claim] = []
    evidence: list[Evidence] = []
    spent = 0
    copies = Counter(
        normalised(one.hit.passage.original) for matter in matters for one in matter.members
    )
    for matter in matters[:MOST_CLAIMS]:
        cited = _distinct(matter.members)
        sizes = [size.tokens for size in count([one.text for one in cited])]
        fitting: list[Spoken] = []
        for one, size in zip(cited, sizes, strict=True):
            if spent + size <= budget:
                spent += size
                fitting.append(one)
        if not fitting:
            break
        evidence += [evidence_of(one, copies) for one in fitting]
        claims.append(claim(fitting[0].text, matter.members, fitting, speaking, of))
    return Told(tuple(claims), tuple(evidence), spent, tuple(matters[len(claims) :]))


def claim(
    text: str,
    members: Sequence[Spoken],
    cited: Sequence[Spoken],
    speaking: int,
    of: int,
) -> Claim:
    """Return a claim.

    Args:
        text: What it says.
        members: The statements that say it, at least one.
        cited: Those that are cited.
        speaking: Reviews that speak of what is asked about.
        of: Reviews that were looked at.
    """
    reviews = reviews_of(members)
    stars = {one.review_id: one.hit.passage.rating for one in members}
    known = [one for one in stars.values() if one is not None]
    return Claim(
        text=text,
        for_=len(reviews_of([one for one in members if one.praises])),
        against=len(reviews_of([one for one in members if one.blames])),
        reviews=len(reviews),
        share=round(len(reviews) / max(1, speaking), 4),
        of_all=round(len(reviews) / max(1, of), 4),
        stars=mean(known, low=1.0, high=5.0) if known else None,
        review_ids=tuple(dict.fromkeys(one.review_id for one in cited)),
    )


def evidence_of(one: Spoken, copies: Counter[str] | None = None, text: str = "") -> Evidence:
    """Return a statement as evidence, or more of its review."""
    stored = one.hit.passage
    return Evidence(
        review_id=one.review_id,
        text=text or one.text,
        product=stored.product,
        stars=stored.rating,
        time=iso_time(stored.time),
        similarity=round(one.nearness, 4),
        copies=max(1, copies[normalised(stored.original)]) if copies else 1,
    )


def _distinct(members: Sequence[Spoken]) -> list[Spoken]:
    """Return the first statements of different reviews that are not nearly the same words."""
    chosen: list[Spoken] = []
    for one in members:
        new = one.review_id not in reviews_of(chosen)
        if new and all(float(one.vector @ other.vector) < COPY for other in chosen):
            chosen.append(one)
        if len(chosen) == _EVIDENCE_A_CLAIM:
            break
    return chosen or list(members[:1])


def group(
    vectors: NDArray[np.float32], relevance: NDArray[np.float32], unrelated: float
) -> NDArray[np.intp]:
    """Return for each sentence the number of its group: those that speak of one matter.

    Groups are those of average linkage. The first is the strongest: that with the largest sum of
    the cosines to the question.

    Args:
        vectors: float32 of shape (sentences, dimension), unit length.
        relevance: Cosine of each sentence and the question.
        unrelated: Mean cosine of sentences that have nothing to do with each other; it differs
            much between encoders.
    """
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    count = len(vectors)
    if count < 2:
        return np.zeros(count, dtype=np.intp)
    cosines = np.round((vectors @ vectors.T).astype(np.float64), 5)
    distances: NDArray[np.float64] = np.clip(1 - (cosines + cosines.T) / 2, 0, 2)
    np.fill_diagonal(distances, 0)
    farthest = 1 - (unrelated + SAME_MATTER * (1 - unrelated))
    tree = linkage(squareform(distances, checks=False), method="average")
    labels = fcluster(tree, farthest, criterion="distance")
    names = np.unique(labels)
    strength = [round(float(relevance[labels == name].sum()), 5) for name in names]
    first = [int(np.flatnonzero(labels == name)[0]) for name in names]
    order = sorted(range(len(names)), key=lambda place: (-strength[place], first[place]))
    result = np.empty(count, dtype=np.intp)
    for number, place in enumerate(order):
        result[labels == names[place]] = number
    return result
