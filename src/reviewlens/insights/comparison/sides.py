"""Two slices beside each other: sizes, stars, themes and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from reviewlens.document import agreed
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.describing import given_stars, mean_stars
from reviewlens.ground.estimates import mean_difference
from reviewlens.ground.slices import Slice
from reviewlens.insights.comparison.results import Comparison, Side
from reviewlens.insights.comparison.themes import compare_themes
from reviewlens.insights.comparison.words import compare_words
from reviewlens.text.cjk import EXTRA, INSTALL, has_words
from reviewlens.text.languages import unread_words

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
    unread: Collection[str] = (),
    encoder: str = "the encoder",
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
        unread: Languages that the encoder does not read: reviews in these count as reviews, with
            their stars, and are left out of themes and words.
        encoder: Its name, for notes.

    Raises:
        TooFewReviews: A side has fewer than five reviews, or fewer that the encoder reads.
        InputError: A number out of its range.
    """
    read_a, read_b = a.without_languages(unread), b.without_languages(unread)
    for letter, name, whole, read in (("A", names[0], a, read_a), ("B", names[1], b, read_b)):
        _require_enough(letter, name, whole, read, encoder)
    if n < 0:
        raise InputError(f"n is {n}; wanted 0 for all words, or how many a side at most")
    if prior_size is not None and not 0 < prior_size < float("inf"):
        raise InputError(f"the size of the prior is {prior_size}; wanted a number above 0")
    themes = compare_themes(read_a, read_b, labels or {})
    cut_a, cut_b, uncut = _with_words(read_a, read_b)
    words = compare_words(cut_a, cut_b, n=n, prior_size=prior_size)
    shared = len(set(a.ids).intersection(b.ids))
    stars_a, stars_b = (given_stars(side, range(len(side))) for side in (a, b))
    return Comparison(
        a=_side(names[0], a, read_a, words.texts[0], words.mentions[0]),
        b=_side(names[1], b, read_b, words.texts[1], words.mentions[1]),
        shared=shared,
        stars=mean_difference(stars_a, stars_b, low=1.0, high=5.0) if stars_a and stars_b else None,
        themes=themes,
        words=words.differences,
        terms=words.terms,
        prior_size=words.prior_size,
        notes=(
            *_notes(read_a, read_b, shared, left_out=words.names_left_out, uncut=uncut),
            *_unread_notes((a, b), (read_a, read_b), encoder),
        ),
    )


def _require_enough(letter: str, name: str, whole: Slice, read: Slice, encoder: str) -> None:
    if len(read) >= FEWEST_REVIEWS:
        return
    left = _unread_words((whole,), (read,), encoder)
    raise TooFewReviews(
        f"{len(read)} review{agreed(len(read), '', 's')}"
        f"{' that the encoder reads' if left else ''} {agreed(len(read), 'is', 'are')} on side "
        f"{letter} ({name}), too few to compare; wanted at least {FEWEST_REVIEWS}: widen that "
        "side, or the filters of both"
        + (f", or reindex --encoder multilingual. {left}." if left else "")
    )


def _unread_words(whole: Sequence[Slice], read: Sequence[Slice], encoder: str) -> str:
    """Return how many reviews are not read; empty of none."""
    counted: Counter[str] = Counter()
    counted.update(code for side in whole for code in side.languages)
    counted.subtract(code for side in read for code in side.languages)
    left = +counted
    return unread_words(left, encoder) if left else ""


def _unread_notes(
    whole: tuple[Slice, Slice], read: tuple[Slice, Slice], encoder: str
) -> tuple[str, ...]:
    told = _unread_words(whole, read, encoder)
    if not told:
        return ()
    on_a, on_b = (len(one) - len(kept) for one, kept in zip(whole, read, strict=True))
    count = "It counts as a review, with its stars, and is"
    if on_a + on_b > 1:
        count = "They count as reviews, with their stars, and are"
    return (
        f"{told}: {on_a:,} on side A, {on_b:,} on side B. {count} left out of themes and words.",
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


def _side(name: str, reviews: Slice, read: Slice, texts: int, mentions: int) -> Side:
    rows = range(len(reviews))
    return Side(
        name,
        len(reviews),
        len(given_stars(reviews, rows)),
        mean_stars(reviews, rows),
        texts,
        mentions,
        len(reviews) - len(read),
    )


def _notes(a: Slice, b: Slice, shared: int, *, left_out: bool, uncut: int) -> tuple[str, ...]:
    notes = []
    if shared:
        notes.append(
            f"{shared:,} of the reviews {agreed(shared, 'is', 'are')} on both sides and "
            f"{agreed(shared, 'counts', 'count')} on each, so that the sides "
            "look more alike than they are"
        )
    without = int((a.clusters < 0).sum() + (b.clusters < 0).sum())
    if without == len(a) + len(b):
        notes.append(
            "no themes are compared: none are saved, and there are too few reviews to find some"
        )
    elif without:
        notes.append(f"{without:,} of the reviews {agreed(without, 'has', 'have')} no theme")
    if left_out:
        notes.append(
            "no product is on both sides, so the words of the products' names are left out"
        )
    if uncut:
        notes.append(
            f"{uncut:,} of the reviews {agreed(uncut, 'is', 'are')} Chinese or Japanese: "
            f"{agreed(uncut, 'its', 'their')} words are left out, as the "
            f"extra `{EXTRA}` is not installed ({INSTALL})"
        )
    return tuple(notes)
