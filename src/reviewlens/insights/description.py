"""What is told of reviews that someone picked: stars, themes, products, words, who speaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from reviewlens.errors import InputError
from reviewlens.ground.describing import quotes
from reviewlens.ground.differences import exact_p, four_figures
from reviewlens.ground.estimates import Estimate, mean, share
from reviewlens.ground.slices import Slice, drawn, read_passages
from reviewlens.insights.base import theme_labels
from reviewlens.insights.comparison import Difference
from reviewlens.insights.comparison.words import compare_words
from reviewlens.questions import Face, Ge
from reviewlens.results import OnProgress, Quote, Tabular, iso_time
from reviewlens.search import Catalogue
from reviewlens.search.catalogue import catalogue_of, left_by
from reviewlens.session import Lease
from reviewlens.store import passage_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Kept = NDArray[np.bool_]

_PARTS = 10
_READ = 4_000
"""Reviews on each side whose words are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A product, theme or number of stars, and how much of the selection it is.

    Attributes:
        value: Product, theme's number or stars as text; empty for reviews that have none.
        label: What it is called.
        reviews: Of the selection.
        share: Of the selection, 0..1 (Wilson's interval).
        share_rest: Of all other reviews; None where there are none.
        p: That both have it equally often (Fisher's exact test); None where there are no others.
    """

    value: str
    label: str
    reviews: int
    share: Estimate
    share_rest: Estimate | None
    p: float | None


@dataclass(frozen=True, slots=True, repr=False)
class Description(Tabular):
    """What tells the reviews that were picked from the rest.

    Attributes:
        reviews: How many of them are stored.
        rest: How many others there are.
        rated: How many of the selection have stars.
        mean: Their mean, 1..5; None without stars.
        mean_rest: That of the others; None without stars.
        stars: From 5 to 1, halves with the nearest whole number below, none last.
        first, last: Earliest and latest date, ISO; None without dates.
        themes: Saved themes, the most frequent in the selection first, none among them.
        products: Likewise.
        words: What the selection says more than the rest beyond chance, the surest first.
        read: Reviews of the selection whose words were counted: all, or so many drawn at random.
        read_rest: Likewise of the rest.
        quotes: Reviews that speak for it: the nearest to its middle, of those that are read.
    """

    reviews: int
    rest: int
    rated: int
    mean: Estimate | None
    mean_rest: Estimate | None
    stars: tuple[Part, ...]
    first: str | None
    last: str | None
    themes: tuple[Part, ...]
    products: tuple[Part, ...]
    words: tuple[Difference, ...]
    read: int
    read_rest: int
    quotes: tuple[Quote, ...]

    def _rows(self) -> Sequence[Difference]:
        return self.words


def describe_selection(
    catalogue: Catalogue,
    kept: Kept,
    drawn: Slice,
    drawn_rest: Slice,
    *,
    labels: Mapping[int, str] | None = None,
    n: int = 10,
    unread: Collection[str] = (),
) -> Description:
    """Tell what some reviews have and say more than the rest.

    Stars, themes, products and dates are of all of them; words and quotes of those that were drawn,
    since to read a hundred thousand texts takes a minute and tells hardly more than some thousand.

    Args:
        catalogue: Of all reviews.
        kept: bool of shape (reviews,): those that were picked, one at least.
        drawn: Of these, with their texts; all or some.
        drawn_rest: Of the others, likewise; it may be empty.
        labels: What the saved themes are called.
        n: Words at most.
        unread: Languages that the encoder does not read: such reviews are no quotes, as nothing
            tells which of them are near the middle.
    """
    import numpy as np

    words = compare_words(drawn, drawn_rest, n=n).differences if len(drawn_rest) else ()
    labels = labels or {}
    names = catalogue.products.values
    themes = [part for part in _parts(catalogue.clusters, kept) if part.value != "-1"]
    themes = [replace(part, label=labels.get(int(part.value), "")) for part in themes]
    products = [
        replace(part, value=names[int(part.value)], label=names[int(part.value)])
        for part in _parts(catalogue.products.codes, kept)
    ]
    read = drawn.without_languages(unread)
    dates = catalogue.times[kept & catalogue.dated]
    return Description(
        reviews=int(kept.sum()),
        rest=int((~kept).sum()),
        rated=int((~np.isnan(catalogue.stars[kept])).sum()),
        mean=_mean(catalogue.stars[kept]),
        mean_rest=_mean(catalogue.stars[~kept]),
        stars=_stars(catalogue.stars, kept),
        first=iso_time(int(dates.min())) if len(dates) else None,
        last=iso_time(int(dates.max())) if len(dates) else None,
        themes=tuple(themes[:_PARTS]) if labels else (),
        products=tuple(part for part in products if part.label)[:_PARTS],
        words=tuple(word for word in words if word.more == "a"),
        read=len(drawn),
        read_rest=len(drawn_rest),
        quotes=quotes(read, np.arange(len(read))) if len(read) else (),
    )


def _mean(stars: NDArray[np.float64]) -> Estimate | None:
    import numpy as np

    given = stars[~np.isnan(stars)].tolist()
    return mean(given, low=1.0, high=5.0) if given else None


def _stars(stars: NDArray[np.float64], kept: Kept) -> tuple[Part, ...]:
    import numpy as np

    # Stored as 32 bits, so 3 may have become a little less.
    whole = np.where(np.isnan(stars), 0, np.floor(stars + 1e-4)).astype(np.int64)
    found = {part.value: part for part in _parts(whole, kept)}
    rated = [
        found.get(str(value)) or _part(str(value), 0, int((whole[~kept] == value).sum()), kept)
        for value in (5, 4, 3, 2, 1)
    ]
    none = [replace(found["0"], value="", label="")] if "0" in found else []
    return (*rated, *none)


def _parts(values: NDArray[np.int64], kept: Kept) -> list[Part]:
    """Return the values that the selection has, the most frequent first."""
    import numpy as np

    found, counts = np.unique(values[kept], return_counts=True)
    counted = zip(found.tolist(), counts.tolist(), strict=True)
    ranked = sorted(counted, key=lambda at: (-at[1], at[0]))
    return [
        _part(str(value), count, int((values[~kept] == value).sum()), kept)
        for value, count in ranked[: _PARTS + 1]  # one of them may be that of none
    ]


def _part(value: str, count: int, count_rest: int, kept: Kept) -> Part:
    import numpy as np

    total, rest = int(kept.sum()), int((~kept).sum())
    if not rest:
        return Part(value, value, count, share(count, total), None, None)
    p = exact_p(*(np.array([figure]) for figure in (count, total, count_rest, rest)))
    return Part(
        value,
        value,
        count,
        share(count, total),
        share(count_rest, rest),
        four_figures(float(p[0])),
    )


def describe(
    lease: Lease,
    review_ids: str | Sequence[str],
    *,
    n: Annotated[int, Ge(1), Face(flag="-n")] = 10,
    on_progress: OnProgress | None = None,
) -> Description:
    """Tell what some reviews have and say more than all others.

    Stars, themes, products and dates are of all of them; words and quotes of 4,000 on each
    side at most, drawn at random (the same ones each time).

    Args:
        review_ids: Which; those that are unknown, or not in the selection, are passed over.
        n: Words at most, 1 or more.
        on_progress: Told of the stage `reading`.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: None of them is stored, or n is below 1.
    """
    import numpy as np

    store = lease.store
    catalogue = catalogue_of(lease)
    if lease.filters:
        catalogue = catalogue.limited(left_by(lease.store, catalogue, lease.filters))
    wanted = [review_ids] if isinstance(review_ids, str) else review_ids
    kept = catalogue.named(wanted)
    if not kept.any():
        where = "in the selection" if lease.filters else "stored"
        are_not = f"none of the {len(wanted)} reviews is"
        if len(wanted) == 1:
            are_not = "the review is not"
        raise InputError(f"{are_not} {where}; wanted ids of reviews that are")
    sides = [
        drawn([passage_id(catalogue.ids[at], 0) for at in np.flatnonzero(side)], _READ)
        for side in (kept, ~kept)
    ]
    # Both are read as one, so that progress runs once to its end.
    reviews = read_passages(store, [*sides[0], *sides[1]], on_progress=on_progress)
    on_side = catalogue.named(key.rpartition("#")[0] for key in sides[0])
    inside = np.array([on_side[catalogue.rows[name]] for name in reviews.ids], dtype=bool)
    return describe_selection(
        catalogue,
        kept,
        reviews.take(np.flatnonzero(inside)),
        reviews.take(np.flatnonzero(~inside)),
        labels=theme_labels(lease),
        n=n,
        unread=store.languages.unread,
    )
