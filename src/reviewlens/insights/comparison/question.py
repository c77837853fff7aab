"""`compare`: what tells two sides apart."""

from __future__ import annotations

from typing import Annotated, Protocol

from reviewlens.errors import InputError
from reviewlens.ground.slices import read_passages
from reviewlens.insights.base import themed
from reviewlens.insights.comparison.results import Comparison
from reviewlens.insights.comparison.sides import compare_slices
from reviewlens.questions import Face, Ge, Gt
from reviewlens.results import OnProgress
from reviewlens.session import Lease
from reviewlens.store import Filters, parse_expression, passage_id

REST = "rest"


class Side(Protocol):
    """What a selection is compared with: another one."""

    @property
    def filters(self) -> Filters:
        """Which reviews it holds."""
        ...


def compare(
    lease: Lease,
    other: Side | None = None,
    *,
    within: Side | None = None,
    n: Annotated[int, Ge(0), Face(flag="-n")] = 10,
    prior_size: Annotated[float | None, Gt(0), Face(metavar="X")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Tell which themes and words are more of this selection than of another, and their stars.

    Themes are the saved ones; where none are saved, clusters found now in both sides together.

    Args:
        other: The other selection; without it all reviews that are not in this one.
        within: Both sides are looked at within this selection; without it all reviews.
        n: Words a side at most; 0 for all that differ.
        prior_size: How many mentions the prior of the words weighs as much as, above 0; without it
            three times the square root of all, at most a tenth of them.
        seed: For clusters found now.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: A side has fewer than five reviews, or fewer that the encoder reads; the
            message says which.
        InputError: What it is compared with is no selection of the same corpus.
        MissingExtra: A review is Chinese or Japanese, and the extra `cjk` is missing.
    """
    b = None if other is None else _filters_of(lease, "other", other)
    return _compared(
        lease,
        lease.filters,
        b,
        Filters() if within is None else _filters_of(lease, "within", within),
        names=(str(lease.filters), "the rest" if b is None else str(b)),
        n=n,
        prior_size=prior_size,
        seed=seed,
        on_progress=on_progress,
    )


def compare_texts(
    lease: Lease,
    a: Annotated[str, Face(flag="A")],
    b: Annotated[str, Face(flag="[B]")] = REST,
    *,
    n: Annotated[int, Ge(0), Face(flag="-n")] = 10,
    prior_size: Annotated[float | None, Gt(0), Face(metavar="X")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Tell which themes and words are more of the reviews A than of the reviews B.

    Args:
        a: One side, as one text: `rating=1..2 and product=Kettle`.
        b: The other side, likewise; `rest` for all reviews that are not on the first.
        n: Words a side at most; 0 for all that differ.
        prior_size: How many mentions the prior of the words weighs as much as, above 0; without it
            three times the square root of all, at most a tenth of them.
        seed: For clusters found now.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: A side has fewer than five reviews, or fewer that the encoder reads; the
            message says which.
        FilterError: A side cannot be read.
        MissingExtra: A review is Chinese or Japanese, and the extra `cjk` is missing.
    """
    columns = lease.store.columns
    return _compared(
        lease,
        parse_expression(a, columns),
        None if b == REST else parse_expression(b, columns),
        lease.filters,
        names=(a, "the rest" if b == REST else b),
        n=n,
        prior_size=prior_size,
        seed=seed,
        on_progress=on_progress,
    )


def _filters_of(lease: Lease, name: str, side: Side) -> Filters:
    """Return which reviews a selection holds; of another corpus, they would be looked for here."""
    if getattr(side, "_session", None) is not lease.session:
        raise InputError(
            f"{name} is {side!r:.80}; wanted a selection of the same corpus, such as "
            "corpus.where(rating='4..')",
            field=name,
        )
    return side.filters


def _compared(
    lease: Lease,
    a: Filters,
    b: Filters | None,
    common: Filters,
    *,
    names: tuple[str, str],
    n: int,
    prior_size: float | None,
    seed: int,
    on_progress: OnProgress | None,
) -> Comparison:
    import numpy as np

    store = lease.store
    of_both = set(store.passage_ids(common)) if common or b is None else None

    def found(side: Filters) -> set[str]:
        keys = set(store.passage_ids(side))
        return keys if of_both is None else keys & of_both

    keys_a = found(a)
    keys_b = of_both - keys_a if b is None and of_both is not None else found(b or common)
    # What is on both sides is read once.
    reviews = read_passages(store, sorted(keys_a | keys_b), on_progress=on_progress)
    reviews, labels = themed(lease, reviews, seed=seed, on_progress=on_progress)
    heads = [passage_id(name, 0) for name in reviews.ids]
    on_a, on_b = (
        reviews.take(np.flatnonzero([head in keys for head in heads])) for keys in (keys_a, keys_b)
    )
    return compare_slices(
        on_a,
        on_b,
        names=names,
        labels=labels,
        n=n,
        prior_size=prior_size,
        unread=store.languages.unread,
        encoder=store.pin.encoder,
    )
