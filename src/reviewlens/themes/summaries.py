"""What the themes are by now: how many reviews, since when, with which stars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.document import Document, Entry, Gap, Text
from reviewlens.document import Quote as Words
from reviewlens.ground import phrases
from reviewlens.ground.estimates import Estimate, mean, share
from reviewlens.reading.markup import clean_markup
from reviewlens.results import Quote, Single, Tabular, iso_time

if TYPE_CHECKING:
    from reviewlens.store import Filters, ReviewStore, StoredPassage
    from reviewlens.themes.model import Theme, ThemeSet


_VOCABULARY = 20


@dataclass(frozen=True, slots=True, repr=False)
class ThemeSummary(Single):
    """A saved theme as it is now.

    Attributes:
        cluster: Its number, never given to another.
        label: What it is called: the analyst's name, else its terms.
        name: The analyst's name, empty without.
        terms: Words that tell it from the others, best first.
        vocabulary: Its commonest words when it was found, with how many reviews had them.
        reviews: How many have it now.
        new: How many of these were not there when the set was saved.
        share: Of the reviews that say something, 0..1; None for those that say nothing.
        stars: Their mean, None without stars.
        first: Earliest date, ISO 8601 in UTC, None without dates.
        last: Latest date.
        parts: How many finer parts it can be split into.
        hidden: Whether it is left out of lists and news.
        says_nothing: Whether it is the group of reviews that say nothing.
        origin: `found`, `split from N` or `adopted`.
        quotes: Reviews nearest to its centre when it was found, as far as they are still there.
    """

    cluster: int
    label: str
    name: str
    terms: tuple[str, ...]
    vocabulary: dict[str, int]
    reviews: int
    new: int
    share: Estimate | None
    stars: Estimate | None
    first: str | None
    last: str | None
    parts: int
    hidden: bool
    says_nothing: bool
    origin: str
    quotes: tuple[Quote, ...]

    def entry(self) -> Entry:
        """Return it as an entry of a list: its name and its figures."""
        words = f" ({', '.join(self.terms)})" if self.name and self.terms else ""
        facts = [f"{self.reviews:,} reviews"]
        if self.new:
            facts.append(f"{self.new:,} new")
        if self.share is not None:
            facts.append(phrases.share(self.share))
        if self.stars is not None:
            facts.append(phrases.mean_stars(self.stars))
        if self.hidden:
            facts.append("hidden")
        return Entry(self.label + words, (), self.cluster, "strong", " · ".join(facts))

    def document(self, *, details: bool = False) -> Document:
        """Return it in words: figures, words, finer parts, quotes; see `Single.document`."""
        facts = {
            "named": f"found as {', '.join(self.terms)}" if self.name else "",
            "origin": self.origin,
            "dates": phrases.dates(self.first, self.last),
            "finer parts": str(self.parts) if self.parts > 1 else "",
            "hidden": "yes" if self.hidden else "",
            "words": ", ".join(list(self.vocabulary)[:_VOCABULARY]),
        }
        lines = [Text(f"{name}: {text}") for name, text in facts.items() if text]
        quotes = [Words(one.text, one.review_id, lines=4) for one in self.quotes]
        return (replace(self.entry(), parts=(*lines, *quotes)),)


@dataclass(frozen=True, slots=True, repr=False)
class ThemeList(Tabular):
    """The themes in use.

    Attributes:
        set: Name of the set.
        created: When it was saved, ISO 8601 in UTC.
        reviews: How many there are now, of a selection those of it.
        new: How many of these were not there when the set was saved, and are read by the encoder.
        themes: Most reviews first; those that say nothing last.
        notes: What the user should know besides.
    """

    set: str
    created: str
    reviews: int
    new: int
    themes: tuple[ThemeSummary, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[ThemeSummary]:
        return self.themes

    def document(self, *, details: bool = False) -> Document:
        """Return the themes, each with its figures; see `Tabular.document`."""
        head = f"{self.reviews:,} reviews, {self.new:,} of them since the themes were saved"
        entries = (part for theme in self.themes for part in (Gap(), theme.entry()))
        return (Text(f"{head} ({self.set}, {self.created[:10]})"), *entries)


@dataclass(frozen=True, slots=True)
class SavedSet:
    """A set of themes.

    Attributes:
        set: Its name.
        in_use: Whether the reviews have its themes.
    """

    set: str
    in_use: bool


@dataclass(frozen=True, slots=True, repr=False)
class SavedSets(Tabular):
    """The sets of themes that are saved.

    Attributes:
        sets: By name.
    """

    sets: tuple[SavedSet, ...]

    def _rows(self) -> Sequence[SavedSet]:
        return self.sets

    def document(self, *, details: bool = False) -> Document:
        """Return a line a set, that in use with a star before it."""
        if not self.sets:
            return (Text("no sets; make one with: reviewlens clusters --save"),)
        return tuple(Text(f"{'*' if one.in_use else ' '} {one.set}") for one in self.sets)


def list_themes(
    store: ReviewStore, found: ThemeSet, filters: Filters, *, hidden: bool
) -> ThemeList:
    """Count the reviews of each theme.

    Args:
        store: Where they are.
        found: The set in use, with its members.
        filters: Which reviews are counted, and quoted.
        hidden: List hidden themes too.
    """
    fields = ("review_id", "cluster", "rating", "time", "language")
    members: dict[int, list[StoredPassage]] = {theme.number: [] for theme in found.themes}
    chosen: set[str] = set()
    new, unread = 0, store.languages.unread
    for page in store.scan(fields, filters):
        for row in page:
            chosen.add(row.review_id)
            new += row.review_id not in found.members and row.language not in unread
            if row.cluster in members:
                members[row.cluster].append(row)
    speaking = sum(len(members[t.number]) for t in found.themes if not t.says_nothing)
    listed = [theme for theme in found.themes if hidden or not theme.hidden]
    quoted = store.heads(
        [one for theme in listed for one in theme.quotes if one in chosen],
        ("review_id", "original", "rating", "time", "cluster"),
    )
    summaries = [
        _summary(theme, members[theme.number], speaking, found, quoted) for theme in listed
    ]
    summaries.sort(key=lambda one: (one.says_nothing, -one.reviews, one.cluster))
    return ThemeList(
        set=found.name,
        created=iso_time(found.created) or "",
        reviews=len(chosen),
        new=new,
        themes=tuple(summaries),
    )


def _summary(
    theme: Theme,
    rows: Sequence[StoredPassage],
    speaking: int,
    found: ThemeSet,
    quoted: dict[str, StoredPassage],
) -> ThemeSummary:
    stars = [row.rating for row in rows if row.rating is not None]
    times = [row.time for row in rows if row.time is not None]
    # One that was deleted, or says something else by now and has another theme, is no quote.
    quotes = [quoted[one] for one in theme.quotes if one in quoted]
    return ThemeSummary(
        cluster=theme.number,
        label=theme.called,
        name=theme.name,
        terms=theme.terms,
        vocabulary=dict(theme.vocabulary),
        reviews=len(rows),
        new=sum(row.review_id not in found.members for row in rows),
        share=None if theme.says_nothing or not speaking else share(len(rows), speaking),
        stars=mean(stars, low=1.0, high=5.0) if stars else None,
        first=iso_time(min(times)) if times else None,
        last=iso_time(max(times)) if times else None,
        parts=len(theme.centres),
        hidden=theme.hidden,
        says_nothing=theme.says_nothing,
        origin=theme.origin,
        quotes=tuple(
            Quote(
                row.review_id,
                clean_markup(row.original),
                None if row.rating is None else round(row.rating, 2),
                iso_time(row.time),
            )
            for row in quotes
            if row.cluster == theme.number
        ),
    )
