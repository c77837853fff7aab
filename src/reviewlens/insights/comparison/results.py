"""What `compare_slices` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.ground.estimates import Estimate
from reviewlens.results import Quote, Tabular


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two slices.

    Attributes:
        name: What it was asked for by, such as `rating=1..2`.
        reviews: How many.
        rated: How many of them have stars.
        stars: Their mean, 1..5, None without stars.
        texts: How many different texts they have: what words are counted in.
        mentions: Words and pairs of words that these say, each counted once a text.
    """

    name: str
    reviews: int
    rated: int
    stars: Estimate | None
    texts: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A theme or a term, and how much of each side speaks of it.

    Attributes:
        kind: `theme` or `word`; a pair of words is a `word` too.
        name: What the theme is called, or the term.
        cluster: The theme's number, None for a word.
        more: The side that says it more, `a` or `b`; empty where the two are equal.
        reviews_a: How many reviews of the first side are of the theme, or say the word; of a word
            a text that stands there more than once is counted once.
        reviews_b: Of the second side.
        share_a: Of the reviews (of a word: of the different texts) of the first side, 0..1
            (Wilson's interval).
        share_b: Of the second side.
        difference: `share_a` minus `share_b` (Newcombe's interval).
        log_odds: Of a word, the log of its odds among all that the first side says, minus that of
            the second side: above 0 the first side says it more. None for a theme.
        z: How far `log_odds` is from 0, in standard deviations on the side of 0: beyond 1.96 the
            interval leaves 0 out. None for a theme.
        p: That both sides say it equally often (Fisher's exact test, twice the smaller tail).
        p_adjusted: The same, corrected for all themes, or all words, that were looked at.
        significant: `p_adjusted` is 0.05 or less; always true of a word, as others are left out.
        quotes_a: Of a theme three reviews of the first side, nearest to its centre first; of a
            word that this side says more, the sentence of one that does.
        quotes_b: Of the second side.
    """

    kind: str
    name: str
    cluster: int | None
    more: str
    reviews_a: int
    reviews_b: int
    share_a: Estimate
    share_b: Estimate
    difference: Estimate
    log_odds: Estimate | None
    z: float | None
    p: float
    p_adjusted: float
    significant: bool
    quotes_a: tuple[Quote, ...]
    quotes_b: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Tabular):
    """What tells two sides apart.

    Attributes:
        a: The first side.
        b: The second side.
        shared: Reviews that are on both.
        stars: Mean of the first side minus that of the second (Welch's interval); None where one
            has no stars.
        themes: All of them, the surest difference first.
        words: Those that differ by more than chance, no word twice: of the first side, then of the
            second, by falling z.
        terms: How many words and pairs of words were looked at.
        prior_size: Mentions that the prior weighs as much as, on each side.
        notes: What the user should know besides.
    """

    a: Side
    b: Side
    shared: int
    stars: Estimate | None
    themes: tuple[Difference, ...]
    words: tuple[Difference, ...]
    terms: int
    prior_size: float
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Difference]:
        return (*self.themes, *self.words)
