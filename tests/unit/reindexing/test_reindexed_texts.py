"""What was embedded of a stored review is told to the letter, by its hash."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fakes import FakeEncoder
from reviewlens.ingestion import embedding_hash
from reviewlens.passages import TokenLimits, split_reviews
from reviewlens.reindexing.texts import Embedded, Long, Texts
from reviewlens.reviews import Location, Rejected, Review, clean_markup, embed
from reviewlens.store import StoredPassage

WINDOW = 12
LONG_TEXT = (
    "The lamp is bright and warm. I read under it every night!\n\nThe kettle boils fast.  "
    "It is loud, though, and the lid sticks.<br/>Would I buy it again? Yes &amp; no."
)


def stored(
    original: str, *, title: str = "", embedded: str = "", long: Long = "split"
) -> list[StoredPassage]:
    """Return the rows that an ingest makes of a review."""
    embedded = embedded or embed(clean_markup(title), clean_markup(original))
    review = Review("r", "", "", embedded, Location("f", 1, 1))
    [cut] = split_reviews(
        [review],
        limits=TokenLimits(long=long),
        window=WINDOW,
        count_tokens=FakeEncoder(window=WINDOW).count_tokens,
    )
    assert not isinstance(cut, Rejected)
    return [
        StoredPassage(
            "r",
            passage.number,
            content_hash=f"{embedding_hash(embedded, long, WINDOW)}.other",
            text=passage.text,
            original=original if passage.number == 0 else "",
            title=title,
        )
        for passage in cut
    ]


def told(*reviews: Sequence[StoredPassage]) -> list[Embedded]:
    texts = Texts()
    texts.learn(reviews)
    return [texts.of(passages) for passages in reviews]


@pytest.mark.parametrize("long", ["split", "truncate"])
def test_short_review_is_its_passage(long: Long) -> None:
    [found] = told(stored("Good lamp.", title="Nice", long=long))
    assert found == Embedded("Title: Nice; Content: Good lamp.", long, exact=True)


@pytest.mark.parametrize("title", ["", "Lamp & kettle"])
def test_white_space_at_the_cuts_comes_back(title: str) -> None:
    passages = stored(LONG_TEXT, title=title)
    assert len(passages) > 3
    [found] = told(passages)
    assert found == Embedded(embed(title, clean_markup(LONG_TEXT)), "split", exact=True)


def test_template_that_is_not_kept_is_told_as_well() -> None:
    embedded = f"Lamps | {clean_markup(LONG_TEXT)} | by Ada, in Paris, on a rainy Sunday in May"
    [found] = told(stored(LONG_TEXT, embedded=embedded))
    assert found == Embedded(embedded, "split", exact=True)


def test_truncated_review_stays_whole() -> None:
    [found] = told(stored(LONG_TEXT, long="truncate"))
    assert found == Embedded(clean_markup(LONG_TEXT), "truncate", exact=True)


def test_reviews_of_both_treatments_are_told_apart() -> None:
    found = told(stored("Good."), stored(LONG_TEXT, long="truncate"), stored(LONG_TEXT))
    assert [(one.long, one.exact) for one in found] == [
        ("split", True),
        ("truncate", True),
        ("split", True),
    ]


def test_text_that_no_hash_fits_is_put_together_and_said_to_be_inexact() -> None:
    passages = stored("unlike", embedded="one two three four five six  " * 6)
    [short, found] = told(stored("Good."), passages)
    assert short.exact
    assert not found.exact
    assert found.text.split() == ["one", "two", "three", "four", "five", "six"] * 6
