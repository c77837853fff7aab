from __future__ import annotations

from collections.abc import Sequence

import pytest

from reviewlens.text.foreign import foreign_languages, words_of

ENGLISH = ("en",)
REVIEWS = frozenset({"the", "kettle", "leaks", "coffee", "gift", "wine", "grüner", "tee"})


def met(words: Sequence[str]) -> frozenset[str]:
    return REVIEWS.intersection(words)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("mala comida", "es"),
        ("servicio lento", "es"),
        ("schlechtes Essen", "de"),
        ("livraison tardive", "fr"),
        ("cibo freddo", "it"),
        ("kötü ses", "tr"),
        ("kotu ses", "tr"),
        ("đồ ăn dở", "vi"),
        ("śmierdzi", "pl"),
        ("dålig kvalitet", "sv"),
        ("bahut accha", "hi"),
    ],
)
def test_few_words_of_another_language_are_told(query: str, code: str) -> None:
    told = foreign_languages(query, ENGLISH, met)
    assert told is not None
    assert told[:1] == (code,)


@pytest.mark.parametrize(
    "query",
    [
        "wifi",
        "meh",
        "battery life",
        "colour faded",
        "qulity poor",
        "iphone charger",
        "café",
        "lovely jubbly",
        "the service was slow",
        "XJ-900",
        "",
        "👍",
    ],
)
def test_english_is_not_foreign(query: str) -> None:
    assert foreign_languages(query, ENGLISH, met) is None


def test_words_that_the_reviews_have_are_not_foreign() -> None:
    assert foreign_languages("Grüner Tee", ENGLISH, lambda words: ()) == ("de",)
    assert foreign_languages("Grüner Tee", ENGLISH, met) is None


def test_two_languages_are_named_where_it_may_be_either() -> None:
    assert foreign_languages("comida", ENGLISH, met) == ("es", "pt")


def test_reviews_are_asked_only_of_what_looks_foreign() -> None:
    asked: list[str] = []

    def never(words: Sequence[str]) -> frozenset[str]:
        asked.extend(words)
        return frozenset()

    assert foreign_languages("battery life", ENGLISH, never) is None
    assert asked == []
    assert foreign_languages("mala comida", ENGLISH, never) is not None
    assert asked == ["mala", "comida"]


def test_a_language_that_is_read_is_not_foreign() -> None:
    assert foreign_languages("mala comida", ["en", "es"], met) is None
    assert foreign_languages("schlechtes Essen", ["de"], met) is None
    assert foreign_languages("dårlig mad", ["no"], met) is None  # Danish is hardly told from it
    assert foreign_languages("mala comida", ["de"], met) is not None


def test_nothing_is_said_of_other_letters_or_to_readers_of_other_letters() -> None:
    assert foreign_languages("плохой звук", ENGLISH, met) is None
    assert foreign_languages("mala comida", ["zh"], met) is None
    assert foreign_languages("mala comida", [], met) is None


def test_many_pieces_speak_for_another_language() -> None:
    query = "gumagana nang"
    assert foreign_languages(query, ENGLISH, met, lambda word: 1) is None
    assert foreign_languages(query, ENGLISH, met, lambda word: 5) is not None


def test_words_have_no_digits_and_more_than_a_letter() -> None:
    assert words_of("L'eau d'été 2x XJ-900 a GO") == ["eau", "été", "xj", "go"]
