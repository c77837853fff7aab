from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from reviewlens.search.known_words import are_usual, known_words, languages_having, slips
from reviewlens.search.relevance import Relevance, Words
from reviewlens.search.relevance.model import Measured


class Store:
    """Reviews by word, in one language each."""

    def __init__(self, languages: dict[str, str], analyzer: str = "standard") -> None:
        self.languages, self.analyzer = languages, analyzer
        self.asked: list[list[str]] = []

    def search_words(
        self, texts: Sequence[str], limit: int, *, fields: Sequence[str]
    ) -> list[list[SimpleNamespace]]:
        self.asked.append(list(texts))
        passages = (
            [SimpleNamespace(language=self.languages[text])] if text in self.languages else []
            for text in texts
        )
        return [[SimpleNamespace(passage=one) for one in some] for some in passages]


def relevance(*terms: str) -> Relevance:
    centroid = np.zeros(2, dtype=np.float32)
    words = Words(dict.fromkeys(terms, 0.5))
    return Relevance(Measured("", 60, ("en",), centroid, words), None)  # type: ignore[arg-type]


def test_words_are_known_of_reviews_in_the_languages_asked_for() -> None:
    store = Store({"kettle": "en", "comida": "es", "accha": ""})
    words = ["kettle", "comida", "accha", "absent"]
    assert known_words(words, ["en"], store, None) == {"kettle", "accha"}  # type: ignore[arg-type]


def test_a_slip_of_a_word_that_is_there_is_known() -> None:
    store, measured = Store({"kettle": "en"}), relevance("kettl")
    words = ["ketle", "kettel", "kettlr", "kkettle", "kotl"]
    assert known_words(words, ["en"], store, measured) == set(words[:-1])  # type: ignore[arg-type]
    store = Store({"kettledrum": "en"})
    assert known_words(["ketle"], ["en"], store, measured) == set()  # type: ignore[arg-type]


def test_a_slip_of_a_stop_word_is_known_and_a_word_of_another_language_is_none() -> None:
    store, measured = Store({"batter": "en"}), relevance("batte")
    assert known_words(["thhis"], ["en"], store, measured) == {"thhis"}  # type: ignore[arg-type]
    assert known_words(["batterie"], ["en"], store, measured) == set()  # type: ignore[arg-type]


def test_without_keyword_search_first_letters_answer() -> None:
    store = Store({}, analyzer="")
    measured = relevance("kettl")
    words = ["kettles", "ketle", "comida"]
    assert known_words(words, ["en"], store, measured) == {"kettles", "ketle"}  # type: ignore[arg-type]
    assert known_words(words, ["en"], store, None) == set()  # type: ignore[arg-type]
    assert store.asked == []


def test_slips_are_one_letter_away() -> None:
    assert {"ten", "et", "a", "tan", "t"} & set(slips("ate")) == set()
    assert {"at", "te", "late", "ated", "ape", "tae"} <= set(slips("ate"))


def test_there_is_no_doubt_about_words_of_reviews() -> None:
    store, measured = Store({"kettle": "en", "comida": "es"}), relevance("kettl", "servi")
    assert are_usual(["kettles", "service"], ["en"], store, measured)  # type: ignore[arg-type]
    assert store.asked == []
    assert not are_usual(["kettles", "servicio"], ["en"], store, measured)  # type: ignore[arg-type]
    assert are_usual(["kettle"], ["en"], store, None)  # type: ignore[arg-type]
    assert not are_usual(["kettle", "comida"], ["en"], store, None)  # type: ignore[arg-type]
    assert not are_usual(["kettle"], ["en"], Store({}, analyzer=""), None)  # type: ignore[arg-type]


def test_reviews_that_have_most_of_the_words_tell_their_language() -> None:
    store = Store({"akku": "de", "leer": "de", "batterie": "fr", "odd": ""})
    assert languages_having(["akku", "leer", "batterie"], store) == ("de",)  # type: ignore[arg-type]
    assert languages_having(["akku", "batterie"], store) == ("de", "fr")  # type: ignore[arg-type]
    assert languages_having(["akku", "none", "at all"], store) == ()  # type: ignore[arg-type]
    assert languages_having(["odd"], store) == ()  # type: ignore[arg-type]
    assert languages_having(["akku"], Store({"akku": "de"}, "")) == ()  # type: ignore[arg-type]
