"""What `compare_slices` answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Facts, Gap, Part, Table, Text
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import interval
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
        unread: How many of the reviews are in a language that the encoder does not read: they are
            left out of themes and words.
    """

    name: str
    reviews: int
    rated: int
    stars: Estimate | None
    texts: int
    mentions: int
    unread: int = 0


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
        share_a: Of the reviews read (of a word: of the different texts) of the first side, 0..1
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

    details_help = "Show intervals, p-values, more quotes, the prior."

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

    def document(self, *, details: bool = False) -> Document:
        """Return both sides, then themes and words that tell them apart; see `Tabular.document`."""
        themes = [one for one in self.themes if one.significant or details]
        title = "All themes" if details else "Themes that differ"
        none = f"none of {len(self.themes)}, beyond chance"
        how = {
            "words looked at": self.terms,
            "different texts": f"A {self.a.texts:,}, B {self.b.texts:,}",
            "mentions": f"A {self.a.mentions:,}, B {self.b.mentions:,}",
            "prior, in mentions": f"{self.prior_size:,.0f}",
            "on both sides": self.shared,
        }
        return (
            *self._sides(details=details),
            *(_listed(title, themes, none, details=details) if self.themes else ()),
            *(
                part
                for letter in "AB"
                for part in _listed(
                    f"Words that {letter} says more",
                    [word for word in self.words if word.more == letter.lower()],
                    "none, beyond chance",
                    details=details,
                )
            ),
            *((Gap(), Facts("How words were compared", how)) if details else ()),
        )

    def _sides(self, *, details: bool) -> Iterator[Part]:
        sides = {"A": self.a, "B": self.b}
        for letter, side in sides.items():
            yield Text(f"{letter}: {side.name}", "strong")
        yield Gap()
        means = (
            "none" if side.stars is None else f"{side.stars.value:.2f}" for side in sides.values()
        )
        notes: list[Part] = [] if self.stars is None else [Text(_apart(self.stars), "figures")]
        if details:
            notes += [
                Text(
                    f"{letter} {interval(side.stars, '.2f')}, of {side.rated:,} with stars",
                    "figures",
                )
                for letter, side in sides.items()
                if side.stars is not None
            ]
        rows = (
            ("reviews", f"{self.a.reviews:,}", f"{self.b.reviews:,}"),
            ("mean stars", *means),
        )
        yield Table(("", *_SIDES), rows, wide=True, notes=((), tuple(notes)))


_SIDES = ("      A", "      B")


def _listed(
    title: str, differences: Sequence[Difference], none: str, *, details: bool
) -> Iterator[Part]:
    yield Gap()
    yield Text(title, "strong")
    if not differences:
        yield Text(none, inset=2)
        return
    yield Table(
        ("", "", ""),
        tuple((one.name, *_shares(one)) for one in differences),
        wide=True,
        notes=tuple(tuple(_notes(one, details=details)) for one in differences),
    )


def _shares(one: Difference) -> tuple[str, str]:
    width = len(_SIDES[0])
    return f"{one.share_a.value:.1%}".rjust(width), f"{one.share_b.value:.1%}".rjust(width)


def _notes(one: Difference, *, details: bool) -> Iterator[Part]:
    if details:
        counts = f"A {one.reviews_a:,} ({_range(one.share_a)}), B {one.reviews_b:,}"
        apart = interval(one.difference, "+.1%")
        yield Text(f"{counts} ({_range(one.share_b)}); A less B {apart}")
        chance = f"p {one.p:.2g}, corrected {one.p_adjusted:.2g}"
        if one.log_odds is not None:
            chance += f"; log-odds ratio {interval(one.log_odds, '+.2f')}, z {one.z:+.2f}"
        elif not one.significant:
            chance += ": may be chance"
        yield Text(chance, "figures")
    own, others = [("A", quote) for quote in one.quotes_a], [("B", quote) for quote in one.quotes_b]
    quotes = [*others, *own] if one.more == "b" else [*own, *others]
    for letter, quote in quotes if details else quotes[:1]:
        yield Words(quote.text, quote.review_id, letter if details else "")


def _apart(stars: Estimate) -> str:
    if stars.low <= 0 <= stars.high:
        return f"no difference beyond chance: A less B {interval(stars, '+.2f')}"
    more, ends = (
        ("A", (stars.low, stars.high)) if stars.value > 0 else ("B", (-stars.high, -stars.low))
    )
    return f"{more} has {abs(stars.value):.2f} more ({ends[0]:.2f} to {ends[1]:.2f})"


def _range(figure: Estimate) -> str:
    return f"{figure.low:.1%} to {figure.high:.1%}"
