"""Which statements are but names, which wish for something, and to which side they count."""

from __future__ import annotations

import numpy as np
import pytest

from reviewlens.asking.by_kind import values_in
from reviewlens.asking.spoken import Spoken, is_name
from reviewlens.store import Hit, StoredPassage


def spoken(text: str, sentiment: float | None, stars: float | None = None) -> Spoken:
    passage = StoredPassage(review_id="1", passage=0, rating=stars)
    return Spoken(Hit(0.5, passage), text, np.zeros(3, dtype=np.float32), sentiment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Northern Air Business Class Lounge - Harbour Airport", True),
        ("House of the Rising Bread", True),
        ("Kettle 3000 Pro", True),
        ("Great Kettle", False),  # which judges
        ("Northern Air lounge was full", False),
        ("Kettle", False),  # one word is no name of which it can be told
        ("NEVER AGAIN", False),
        ("the lid leaks", False),
    ],
)
def test_names(text: str, *, expected: bool) -> None:
    assert is_name(text) is expected


@pytest.mark.parametrize(
    ("sentiment", "stars", "praises", "blames"),
    [
        (0.9, None, True, False),
        (-0.9, None, False, True),
        (0.9, 1.0, False, False),  # kind words in a review of one star
        (0.0, 1.0, False, False),  # few stars make no complaint of words that are none
        (None, 5.0, False, False),
        (-0.3, 1.0, False, True),
    ],
)
def test_sides_need_words_of_their_own(
    sentiment: float | None, stars: float | None, *, praises: bool, blames: bool
) -> None:
    one = spoken("It is what it is.", sentiment, stars)
    assert (one.praises, one.blames) == (praises, blames)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I wish it had a handle.", True),
        ("It would be nice to have a timer.", True),
        ("They should add a dark mode.", True),
        ("It is a nice handle.", False),
    ],
)
def test_wishes(text: str, *, expected: bool) -> None:
    assert spoken(text, None).wishes is expected


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("It costs $12.50 and holds 2 liters.", "How much is it?", ["$12.50"]),
        ("I paid 15 euros, then £3.", "what does it cost", ["15 euros", "£3"]),
        ("Lasts 3-4 hours or half an hour.", "how long does it last?",
         ["3-4 hours", "half an hour"]),
        ("Open 6 am to 10 pm.", "What time does it open?", ["6 am", "10 pm"]),
        ("It is 40 cm wide and weighs 2 kg.", "How big is it?", ["40 cm", "2 kg"]),
        ("95% of it is gone in 2 days.", "tell me a figure", ["95%", "2 days"]),
        ("It is good.", "How much is it?", []),
    ],
)  # fmt: skip
def test_values_that_a_question_wants(text: str, question: str, expected: list[str]) -> None:
    assert values_in(text, question) == expected
