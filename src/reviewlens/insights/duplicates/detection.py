"""Which reviews are copies of each other, word for word, nearly so, or in meaning?"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from reviewlens.errors import InputError
from reviewlens.ground.copies import Distinct, distinct, distinct_graph
from reviewlens.insights.duplicates.results import (
    KINDS,
    DuplicateGroup,
    Duplicates,
    Flag,
    Kind,
)
from reviewlens.results import iso_time
from reviewlens.text.negation import negations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.neighbors import NeighborGraph
    from reviewlens.ground.slices import Slice

    Shingles = NDArray[np.uint64]
    Pairs = dict[tuple[int, int], float]

_SHINGLE = 3
_PERMUTATIONS = 128
_FOUND = 0.995  # of the pairs that just reach the threshold
_ESTIMATE_OFF = 0.15  # over three standard errors of 128 permutations
_COMPARED = 200
_SHORT_CHARACTERS = 40
_STARS_APART = 3
_QUOTES = 3
_NAMES = 5


def find_duplicates(
    reviews: Slice, graph: NeighborGraph, *, near: float = 0.8, meaning: float = 0.95
) -> Duplicates:
    """Group the reviews that are copies of each other; each keeps its row.

    Exact copies share the normalised text. Among the distinct texts near copies are sought by
    MinHash over runs of three characters, and each pair found is verified by the true Jaccard
    index. Among what is left, texts of the same meaning are pairs of the neighbour graph. A pair
    stands in one group, of the strictest kind that holds.

    A group is a text with most others about it and those others: each is itself as like the
    first as the threshold demands. Connected components would chain a to z by small steps.

    A text and its negation have nearly the same vector ("the battery is good", "is not good": a
    cosine of 0.95), so a pair with different numbers of negating words, or with stars three apart,
    is not of the same meaning. Opposites without a negation ("too loud", "too quiet") are told by
    their stars alone. Texts of which the encoder knows no token, such as two emoji, have the same
    vector whatever they say, and are of the same meaning as none.

    Args:
        reviews: With vectors.
        graph: Their neighbours.
        near: Smallest Jaccard index of near copies, above 0 to 1; 1 finds none beyond the exact.
        meaning: Smallest cosine of the same meaning, above 0 to 1; above 1 finds none.

    Raises:
        InputError: A threshold outside of its range.

    Source:
        Broder, "On the resemblance and containment of documents", 1997; the groups are the star
        cover of Aslam, Pelekhov and Rus, "The star clustering algorithm", 2004.
    """
    for name, value, most in (("near", near, 1.0), ("meaning", meaning, 2.0)):
        if not 0 < value <= most:
            raise InputError(
                f"the threshold {name} is {value:g}; wanted a similarity above 0 and up to 1"
            )
    found = distinct(reviews.texts)
    exact = [rows for rows in _rows_by_text(found) if len(rows) > 1]
    groups = [_group("exact", reviews, rows, 1.0) for rows in exact]

    shingles = [_shingles(text) for text in found.texts]
    stars = _stars(reviews, found)

    @cache
    def negating(text: int) -> int:
        row = int(found.first[text])
        return negations(reviews.texts[row], reviews.languages[row])

    representative = list(range(len(found)))
    for members, similarity in _stars_of(_near_pairs(shingles, near)):
        polarity = len({negating(text) for text in members}) > 1 or _apart(stars, members)
        rows = [int(found.first[text]) for text in members]
        groups.append(_group("near", reviews, rows, similarity, polarity=polarity))
        for text in members:
            representative[text] = members[0]

    vectors = reviews.vectors[found.first]
    read = reviews.unknown < reviews.tokens  # else it has the vector of any other of unknown tokens
    pairs: Pairs = {}
    for one, other in _alike(distinct_graph(found, reviews.vectors, graph), meaning):
        pair = sorted((representative[one], representative[other]))
        similarity = float(vectors[pair[0]] @ vectors[pair[1]])
        same = negating(pair[0]) == negating(pair[1]) and not _apart(stars, pair)
        same = same and all(read[found.first[text]] for text in pair)
        if pair[0] != pair[1] and same and similarity >= meaning:
            pairs[pair[0], pair[1]] = similarity
    for members, similarity in _stars_of(pairs):
        rows = [int(found.first[text]) for text in members]
        groups.append(_group("meaning", reviews, rows, similarity))

    groups.sort(key=_order)
    counts = Counter(group.kind for group in groups)
    return Duplicates(
        reviews=len(reviews),
        texts=len(found),
        near=near,
        meaning=meaning,
        recall=round(graph.recall, 4),
        counts={kind: counts[kind] for kind in KINDS},
        groups=tuple(groups),
    )


def _rows_by_text(found: Distinct) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(len(found))]
    for row, text in enumerate(found.of_row):
        rows[text].append(row)
    return rows


# -- near copies ---------------------------------------------------------------------------------


def _shingles(text: str) -> Shingles:
    """Return the runs of three characters of a normalised text as numbers, each once, rising."""
    import numpy as np

    codes = np.frombuffer(text.ljust(_SHINGLE).encode("utf-32-le", "surrogatepass"), np.uint32)
    wide = codes.astype(np.uint64)
    joined = (wide[:-2] << np.uint64(42)) | (wide[1:-1] << np.uint64(21)) | wide[2:]
    return np.unique(joined)


def _jaccard(one: Shingles, other: Shingles) -> float:
    """Return the share of shingles that both have of those that either has."""
    import numpy as np

    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def _near_pairs(shingles: Sequence[Shingles], near: float) -> Pairs:
    """Return the pairs of texts with a Jaccard index of at least `near`.

    The bands of the sketches are such that of pairs at the threshold one in 200 is missed. Of the
    candidates a text is compared with the 200 whose sketches are most like its own, so that the
    work of a family of thousands of copies stays in bounds.
    """
    import numpy as np
    from datasketch import MinHash, MinHashLSH

    if near >= 1:
        return {}
    lsh = MinHashLSH(num_perm=_PERMUTATIONS, params=_bands(near))
    empty = MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=int)
    sketches = np.empty((len(shingles), _PERMUTATIONS), dtype=np.uint32)
    lengths = np.array([len(own) for own in shingles])
    mixer = np.uint64(0x9E3779B97F4A7C15)
    pairs: Pairs = {}
    for text, own in enumerate(shingles):
        sketch = empty.copy()
        # The upper half of a product, since datasketch permutes numbers of 32 bits.
        sketch.update_batch(((own * mixer) >> np.uint64(32)).tolist())
        sketches[text] = sketch.hashvalues
        candidates = np.sort(np.array(lsh.query(sketch), dtype=np.intp))
        theirs = lengths[candidates]
        alike = (theirs >= near * lengths[text]) & (near * theirs <= lengths[text])
        candidates = candidates[alike]
        estimates = (sketches[candidates] == sketches[text]).mean(axis=1)
        order = np.argsort(-estimates, kind="stable")[:_COMPARED]
        for other in candidates[order[estimates[order] >= near - _ESTIMATE_OFF]]:
            similarity = _jaccard(own, shingles[other])
            if similarity >= near:
                pairs[int(other), text] = similarity
        lsh.insert(text, sketch, check_duplication=False)
    return pairs


def _bands(near: float) -> tuple[int, int]:
    """Return how many bands of how many rows find pairs at the threshold, with fewest others."""
    rows = 1
    while 1 - (1 - near ** (rows + 1)) ** (_PERMUTATIONS // (rows + 1)) >= _FOUND:
        rows += 1
    return _PERMUTATIONS // rows, rows


def _stars_of(pairs: Pairs) -> list[tuple[list[int], float]]:
    """Return groups, each a text and those alike, and the smallest similarity to it.

    The text with most pairs comes first, takes those that are free, and so on.
    """
    near: dict[int, dict[int, float]] = {}
    for (one, other), similarity in pairs.items():
        near.setdefault(one, {})[other] = similarity
        near.setdefault(other, {})[one] = similarity
    taken: set[int] = set()
    groups = []
    for centre in sorted(near, key=lambda text: (-len(near[text]), text)):
        members = [text for text in sorted(near[centre]) if text not in taken]
        if centre in taken or not members:
            continue
        taken.update((centre, *members))
        groups.append(([centre, *members], min(near[centre][text] for text in members)))
    return groups


# -- the same meaning ----------------------------------------------------------------------------


def _alike(graph: NeighborGraph, meaning: float) -> list[tuple[int, int]]:
    import numpy as np

    rows, places = np.nonzero(graph.similarities >= meaning)
    return [
        (int(row), int(graph.rows[row, place])) for row, place in zip(rows, places, strict=True)
    ]


def _stars(reviews: Slice, found: Distinct) -> list[float]:
    """Return the mean stars of the copies of each text, NaN without."""
    import numpy as np

    rated = ~np.isnan(reviews.stars)
    of_row, count = found.of_row[rated], len(found)
    sums = np.bincount(of_row, weights=reviews.stars[rated], minlength=count)
    counts = np.bincount(of_row, minlength=count)
    return [
        float(total / number) if number else float("nan")
        for total, number in zip(sums, counts, strict=True)
    ]


def _apart(stars: Sequence[float], texts: Sequence[int]) -> bool:
    given = [stars[text] for text in texts if stars[text] == stars[text]]
    return bool(given) and max(given) - min(given) >= _STARS_APART


# -- what is told of a group ---------------------------------------------------------------------


def _group(
    kind: Kind, reviews: Slice, rows: Sequence[int], similarity: float, *, polarity: bool = False
) -> DuplicateGroup:
    import numpy as np

    authors = _commonest(reviews.authors, rows)
    products = _commonest(reviews.products, rows)
    sources = _commonest(reviews.sources, rows)
    times = [reviews.times[row] for row in rows if not np.isnat(reviews.times[row])]
    days = {time.astype("datetime64[D]") for time in times}
    first, last = (_iso(min(times)), _iso(max(times))) if times else (None, None)
    flags: list[Flag] = []
    if all(_is_short(reviews.texts[row]) for row in rows):
        flags = ["short"]
    else:
        spans: tuple[tuple[Flag, bool], ...] = (
            ("authors", len(authors) > 1),
            ("products", len(products) > 1),
            ("dates", len(days) > 1),
            ("polarity", polarity),
        )
        flags = [flag for flag, holds in spans if holds]
    texts = dict.fromkeys(reviews.texts[row] for row in rows)
    shown = [next(row for row in rows if reviews.texts[row] == text) for text in texts]
    return DuplicateGroup(
        kind=kind,
        review_ids=tuple(reviews.ids[row] for row in rows),
        similarity=round(similarity, 4),
        authors=len(authors),
        products=len(products),
        first=first,
        last=last,
        flags=tuple(flags),
        quotes=tuple(reviews.quote(row) for row in shown[:_QUOTES]),
        sources=len(sources),
        author_names=authors[:_NAMES],
        product_names=products[:_NAMES],
        source_names=sources[:_NAMES],
    )


def _commonest(names: Sequence[str], rows: Sequence[int]) -> tuple[str, ...]:
    """Return the names of some reviews, the one of most reviews first; blank ones are none."""
    counts = Counter(names[row] for row in rows if names[row])
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _iso(time: np.datetime64) -> str:
    import numpy as np

    return iso_time(int(time.astype(np.int64))) or ""


def _is_short(text: str) -> bool:
    """Whether people write it by chance; an East Asian character says as much as two letters."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide < _SHORT_CHARACTERS


def _order(group: DuplicateGroup) -> tuple[bool, int, int, int, str]:
    spans = sum(flag in ("authors", "products", "dates") for flag in group.flags)
    return (
        "short" in group.flags,
        -min(spans, 1),
        KINDS.index(group.kind),
        -len(group.review_ids),
        group.review_ids[0],
    )
