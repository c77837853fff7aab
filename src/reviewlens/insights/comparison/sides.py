"""Two slices beside each other: sizes, stars, themes and words."""

from __future__ import annotations

from collections.abc import Mapping

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.describing import given_stars, mean_stars
from reviewlens.ground.estimates import mean_difference
from reviewlens.ground.slices import Slice
from reviewlens.insights.comparison.results import Comparison, Side
from reviewlens.insights.comparison.themes import compare_themes
from reviewlens.insights.comparison.words import compare_words
from reviewlens.text.cjk import EXTRA, INSTALL, has_words

_MOST_UNCUT = 0.1
FEWEST_REVIEWS = 5
"""Of a side: of fewer every interval is so wide that nothing could be told."""


def compare_slices(
    a: Slice,
    b: Slice,
    *,
    names: tuple[str, str] = ("A", "B"),
    labels: Mapping[int, str] | None = None,
    n: int = 10,
    prior_size: float | None = None,
) -> Comparison:
    """Tell which themes and words are more of one side than of the other.

    Both are asked twice: by how much, with an interval, and whether it could be chance, by an
    exact test that is corrected for as many themes, or words, as there are. If the reviews had
    been dealt to the two sides at random, one comparison in twenty at most would name a theme, and
    one in twenty a word.

    Args:
        a: One side, its themes in `clusters` (-1 for a review that has none).
        b: The other side. A review that is on both counts on each.
        names: What the sides are called.
        labels: What the themes are called; one that is missing is called `theme N`.
        n: Words a side at most; 0 for all that differ.
        prior_size: How many mentions the prior of the words weighs as much as, above 0: more
            draws the log-odds of rare words nearer to 0. None takes three times the square root
            of all mentions of both sides, at most a tenth of them.

    Raises:
        TooFewReviews: A side has fewer than five reviews.
        InputError: A number out of its range.
    """
    for side, name, reviews in zip("AB", names, (a, b), strict=True):
        if len(reviews) < FEWEST_REVIEWS:
            raise TooFewReviews(
                f"{len(reviews)} reviews are on side {side} ({name}), too few to compare; wanted "
                f"at least {FEWEST_REVIEWS}: widen that side, or the filters of both"
            )
    if n < 0:
        raise InputError(f"n is {n}; wanted 0 for all words, or how many a side at most")
    if prior_size is not None and not 0 < prior_size < float("inf"):
        raise InputError(f"the size of the prior is {prior_size}; wanted a number above 0")
    themes = compare_themes(a, b, labels or {})
    cut_a, cut_b, uncut = _with_words(a, b)
    words = compare_words(cut_a, cut_b, n=n, prior_size=prior_size)
    shared = len(set(a.ids).intersection(b.ids))
    stars_a, stars_b = (given_stars(side, range(len(side))) for side in (a, b))
    return Comparison(
        a=_side(names[0], a, len(stars_a), words.texts[0], words.mentions[0]),
        b=_side(names[1], b, len(stars_b), words.texts[1], words.mentions[1]),
        shared=shared,
        stars=mean_difference(stars_a, stars_b, low=1.0, high=5.0) if stars_a and stars_b else None,
        themes=themes,
        words=words.differences,
        terms=words.terms,
        prior_size=words.prior_size,
        notes=_notes(a, b, shared, left_out=words.names_left_out, uncut=uncut),
    )


def _with_words(a: Slice, b: Slice) -> tuple[Slice, Slice, int]:
    """Return the sides without reviews whose words cannot be told here, and how many these are.

    Where they are more than a tenth, both sides are given back whole, and are refused by the name
    of what is missing.
    """
    import numpy as np

    rows = [[row for row, code in enumerate(one.languages) if has_words(code)] for one in (a, b)]
    uncut = len(a) + len(b) - sum(map(len, rows))
    if not uncut or uncut > _MOST_UNCUT * (len(a) + len(b)):
        return a, b, 0
    cut_a, cut_b = (
        one.take(np.array(kept, np.intp)) for one, kept in zip((a, b), rows, strict=True)
    )
    return cut_a, cut_b, uncut


def _side(name: str, reviews: Slice, rated: int, texts: int, mentions: int) -> Side:
    stars = mean_stars(reviews, range(len(reviews)))
    return Side(name, len(reviews), rated, stars, texts, mentions)


def _notes(a: Slice, b: Slice, shared: int, *, left_out: bool, uncut: int) -> tuple[str, ...]:
    notes = []
    if shared:
        notes.append(
            f"{shared:,} of the reviews are on both sides and count on each, so that the sides "
            "look more alike than they are"
        )
    without = int((a.clusters < 0).sum() + (b.clusters < 0).sum())
    if without == len(a) + len(b):
        notes.append(
            "no themes are compared: none are saved, and there are too few reviews to find some"
        )
    elif without:
        notes.append(f"{without:,} of the reviews have no theme")
    if left_out:
        notes.append(
            "no product is on both sides, so the words of the products' names are left out"
        )
    if uncut:
        notes.append(
            f"{uncut:,} of the reviews are Chinese or Japanese: their words are left out, as the "
            f"extra `{EXTRA}` is not installed ({INSTALL})"
        )
    return tuple(notes)
