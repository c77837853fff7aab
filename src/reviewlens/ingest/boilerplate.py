"""Which sentences of the input are boilerplate, by how often they stand there.

Such are the title that a site gives to all its reviews, the signature of a phone, and that a review
was collected as part of a promotion. What customers often say is told from them by this: it praises
or blames, it stands anywhere in a review, it is written in several ways, it is short, or it is all
that a review says. In doubt a sentence is left where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reviewlens.reading.template import embedded_parts
from reviewlens.results import LeftOut
from reviewlens.store import ReviewStore
from reviewlens.text.boilerplate import (
    NO_BOILERPLATE,
    Boilerplate,
    embedded_sentences,
    folded,
    unsigned,
)
from reviewlens.text.languages import detect_languages
from reviewlens.text.sentiment import read_sentiment
from reviewlens.text.statements import count_words

SHARE = 0.01
"""A sentence must stand on more than this of the different reviews."""
TITLE_SHARE = 0.05
"""And a title on more than this: many name a product or a place, which tells reviews apart."""
FEWEST_REVIEWS = 200
"""Of fewer, one in a hundred is one or two, which is chance."""
FEWEST_TIMES = 10
"""Of 200 reviews: what a few people said in the same words is no boilerplate."""

_FEWEST_WORDS, _FEWEST_WORDS_UNREAD = 3, 6
"""In English; and in languages of which words do not tell what is for or against."""
_MOST_PRAISE, _MOST_BLAME = 0.7, 0.85
"""Words alone read what they do not know as blame rather: `Customer review`, 0.65."""
_SAME_PLACE = _SAME_FORM = 0.8
_NEW = 0.5
"""Of the characters beside it: what was said with it before is a copy, or nearly one."""
_LANGUAGE_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class _Review:
    """The sentences of a review, folded, each with how it is written."""

    text: str
    title: Mapping[str, str]
    body: Mapping[str, str]

    @property
    def sentences(self) -> dict[str, str]:
        return {**self.title, **self.body}


@dataclass(slots=True)
class _Standing:
    """How a sentence stands in reviews.

    Attributes:
        alone: Reviews that say nothing besides.
        beside: Texts of the reviews that say something besides, and each something else.
        others: What was said in these, folded.
        places: In how many of them it is the title, or the first or the last of the text.
        forms: How it is written, by reviews.
    """

    alone: int = 0
    beside: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    places: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)


def decide_boilerplate(
    texts: Sequence[str], store: ReviewStore | None, *, keep: bool
) -> tuple[Boilerplate, tuple[LeftOut, ...]]:
    """Decide what an ingest leaves out, and tell what of it stands in its reviews.

    Args:
        texts: See `find_boilerplate`.
        store: Where the reviews are to go, None when it does not exist yet. An older collection
            has the vectors of whole passages, of which nothing is left out.
        keep: Leave nothing out.
    """
    known = NO_BOILERPLATE if store is None else store.boilerplate
    if keep:
        return known.dropped(), ()
    if store is not None and not store.has_statements:
        return known, ()
    return find_boilerplate(texts, known)


def find_boilerplate(
    texts: Sequence[str], known: Boilerplate
) -> tuple[Boilerplate, tuple[LeftOut, ...]]:
    """Find sentences that stand on so many reviews that they say nothing of any one.

    Args:
        texts: What is embedded of some thousand reviews at most. Those that are equal but for case,
            white space and signs are one; of those that are nearly equal only the first counts for
            the sentences that they share.
        known: What is left out already.

    Returns:
        That with the sentences that were found, and what of it stands in these reviews.
    """
    different: dict[str, str] = {}
    for text in texts:
        different.setdefault(folded(text), text)
    reviews = [_review(text) for text in different.values()]
    holding = Counter(key for review in reviews for key in review.sentences)
    if len(reviews) >= FEWEST_REVIEWS:
        often = {key for key, count in holding.items() if _is_often(count, len(reviews))}
        known = known.joined(_fixed(_standings(reviews, often), len(reviews)))
    counts = [(one, holding[folded(one)]) for one in known.sentences]
    return known, tuple(
        LeftOut(one, round(count / len(reviews), 4)) for one, count in counts if count
    )


def _review(text: str) -> _Review:
    title, *body = embedded_parts(text)
    title_end = title[1] if body else 0
    parts: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for start, end in embedded_sentences(text):
        if key := folded(text[start:end]):
            parts[start >= title_end].setdefault(key, unsigned(text[start:end]))
    return _Review(text, *parts)


def _is_often(count: int, reviews: int, share: float = SHARE) -> bool:
    return count >= FEWEST_TIMES and count > share * reviews


def _standings(reviews: Sequence[_Review], often: Collection[str]) -> dict[str, _Standing]:
    """Return how the sentences of many reviews stand in them, those of most reviews first."""
    standings = {key: _Standing() for key in often}
    for review in reviews:
        own = review.sentences.keys() - often
        for key in review.sentences.keys() & often:
            standing = standings[key]
            standing.forms[review.sentences[key]] += 1
            if not own:
                standing.alone += 1
                continue
            others = review.sentences.keys() - {key}
            if _length(others - standing.others) >= _NEW * _length(others):
                standing.beside.append(review.text)
                standing.others.update(others)
                standing.places.update(_places(key, review, own))
    return dict(sorted(standings.items(), key=lambda one: (-one[1].forms.total(), one[0])))


def _length(sentences: Collection[str]) -> int:
    return sum(map(len, sentences))


def _places(key: str, review: _Review, own: Collection[str]) -> set[str]:
    """Return where a sentence stands, others that stand on many reviews aside."""
    if key in review.title:
        return {"title"}
    body = [one for one in review.body if one == key or one in own]
    return {name for name, at in (("first", 0), ("last", -1)) if body[at] == key}


def _fixed(standings: Mapping[str, _Standing], reviews: int) -> list[str]:
    """Return the sentences that are boilerplate, as they are written most often."""
    found = [key for key, standing in standings.items() if _is_fixed(standing, reviews)]
    read = read_sentiment(found)
    return [
        standings[key].forms.most_common(1)[0][0]
        for key, praise, blame in zip(found, read.praise, read.blame, strict=True)
        if count_words(key) >= _FEWEST_WORDS
        and (
            (praise <= _MOST_PRAISE and blame <= _MOST_BLAME)
            if _is_english(standings[key].beside)
            else count_words(key) >= _FEWEST_WORDS_UNREAD
        )
    ]


def _is_fixed(standing: _Standing, reviews: int) -> bool:
    """Tell whether a sentence stands beside much else, always in one form and at one place."""
    beside = len(standing.beside)
    [(place, times)] = standing.places.most_common(1) or [("", 0)]
    [(_, written)] = standing.forms.most_common(1)
    return (
        _is_often(beside, reviews, TITLE_SHARE if place == "title" else SHARE)
        and standing.alone <= beside
        and times >= _SAME_PLACE * beside
        and written >= _SAME_FORM * standing.forms.total()
    )


def _is_english(texts: Sequence[str]) -> bool:
    codes = Counter(detect_languages(texts[:_LANGUAGE_SAMPLE]))
    return codes["en"] + codes[""] > codes.total() / 2
