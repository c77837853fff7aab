"""What was embedded of a stored review is kept, and told to the letter; of earlier ones too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes import FakeEncoder
from reviewlens.ingest import Embedded, embedded_of, embedding_hash
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.model import Location, Rejected, Review
from reviewlens.reading.template import embed
from reviewlens.store import Long, StoredPassage, made_of
from reviewlens.store.schema import decode_row, encode_row
from reviewlens.text.passages import TokenLimits, split_reviews

WINDOW = 12
LONG_TEXT = (
    "The lamp is bright and warm. I read under it every night!\n\nThe kettle boils fast.  "
    "It is loud, though, and the lid sticks.<br/>Would I buy it again? Yes &amp; no."
)
TEMPLATED = f"Lamps |\n\n {clean_markup(LONG_TEXT)} | by Ada,\n in Paris, on a rainy Sunday in May"


def stored(
    original: str, *, title: str = "", embedded: str = "", long: Long = "split"
) -> list[StoredPassage]:
    """Return the rows that an ingest makes of a review, without vectors."""
    embedded = embedded or embed(clean_markup(title), clean_markup(original))
    [cut] = split_reviews(
        [Review("r", "", "", embedded, Location("f", 1, 1))],
        limits=TokenLimits(long=long),
        window=WINDOW,
        count_tokens=FakeEncoder(window=WINDOW).count_tokens,
    )
    assert not isinstance(cut, Rejected)
    made = made_of(embedded, [passage.text for passage in cut], long)
    return [
        StoredPassage(
            "r",
            passage.number,
            content_hash=f"{embedding_hash(embedded, long, WINDOW)}.other",
            text=passage.text,
            original=original if passage.number == 0 else "",
            title=title,
            tokens=passage.tokens,
            tokens_embedded=passage.tokens_embedded,
            extra={"city": "Paris", "#": "7"},
            made=made if passage.number == 0 else None,
        )
        for passage in cut
    ]


def of_earlier_version(passages: list[StoredPassage]) -> list[StoredPassage]:
    return [replace(row, made=None) for row in passages]


@pytest.mark.parametrize("long", ["split", "truncate"])
@pytest.mark.parametrize(
    ("text", "embedded"),
    [
        ("Good lamp.", ""),
        (LONG_TEXT, ""),
        (LONG_TEXT, TEMPLATED),
        ("unlike", "  one two three four five six\t" * 6),
    ],
)
def test_text_and_treatment_are_kept(text: str, embedded: str, long: Long) -> None:
    passages = stored(text, title="Lamp & kettle", embedded=embedded, long=long)
    rows = [encode_row(row) for row in passages]
    again = [decode_row({name: row[name] for name in row if name != "vector"}) for row in rows]
    assert again == passages
    wanted = embedded or embed("Lamp & kettle", clean_markup(text))
    assert embedded_of(again, WINDOW) == Embedded(wanted, long, sure=True)
    # It is kept: neither a hash nor a window is needed for it.
    without = [replace(row, content_hash="") for row in again]
    assert embedded_of(without, 0) == Embedded(wanted, long, sure=False)


def test_short_review_that_is_split_needs_nothing_kept() -> None:
    [row] = stored("Good lamp.")
    assert row.made is None
    assert encode_row(row)["extra"].keys() == {"city", "##", "###"}


def test_white_space_that_is_too_much_to_keep_is_not_kept() -> None:
    text = "".join(f"word{number}{' ' * 400}\n" for number in range(400))
    passages = stored("unlike", embedded=text)
    assert passages[0].made is None
    assert not embedded_of(passages, WINDOW).sure


def test_what_is_kept_and_cannot_be_read_is_passed_over() -> None:
    row = encode_row(stored("Good lamp.", long="truncate")[0])
    for spoilt in ("x", {"long": "x"}, {"long": "split", "between": {"a": " "}}, {"long": ["a"]}):
        row["extra"]["# made"] = spoilt
        assert decode_row({"id": "r#0", "extra": row["extra"]}).made is None


# -- what an earlier version ingested --------------------------------------------------------------


@pytest.mark.parametrize("long", ["split", "truncate"])
def test_short_review_of_an_earlier_version_is_its_passage(long: Long) -> None:
    passages = of_earlier_version(stored("Good lamp.", title="Nice", long=long))
    assert embedded_of(passages, WINDOW) == Embedded("Title: Nice; Content: Good lamp.", long, True)


@pytest.mark.parametrize("title", ["", "Lamp & kettle"])
def test_long_review_of_an_earlier_version_is_what_is_embedded_without_a_template(
    title: str,
) -> None:
    passages = of_earlier_version(stored(LONG_TEXT, title=title))
    assert len(passages) > 3
    wanted = embed(title, clean_markup(LONG_TEXT))
    assert embedded_of(passages, WINDOW) == Embedded(wanted, "split", sure=True)


def test_truncated_review_of_an_earlier_version_stays_whole() -> None:
    passages = of_earlier_version(stored(LONG_TEXT, long="truncate"))
    assert embedded_of(passages, WINDOW) == Embedded(clean_markup(LONG_TEXT), "truncate", sure=True)


def test_text_that_no_hash_fits_is_joined_and_said_not_to_be_sure() -> None:
    passages = of_earlier_version(stored(LONG_TEXT, embedded=TEMPLATED))
    found = embedded_of(passages, WINDOW)
    assert not found.sure
    assert found.text.split() == TEMPLATED.split()
    assert not embedded_of(of_earlier_version(stored("Good.")), 0).sure
