from __future__ import annotations

import pytest

from reviewlens.text.languages import NAMES
from reviewlens.text.review_words import LIKE_THEM, REVIEW_WORDS, languages_of_word, unmarked
from reviewlens.text.words import stop_words


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("comida", "es"),
        ("pessimo", "it"),
        ("péssimo", "pt"),
        ("kotu", "tr"),
        ("kötü", "tr"),
        ("jakosc", "pl"),
        ("unfreundlicher", ""),
        ("delicioses", "es"),
    ],
)
def test_a_word_is_known_without_its_marks_and_but_for_its_end(word: str, code: str) -> None:
    assert (code in languages_of_word(word)) == bool(code)


@pytest.mark.parametrize("word", ["products", "clients", "material", "café", "cafe", "hang"])
def test_english_words_are_of_no_other_language(word: str) -> None:
    assert languages_of_word(word) == frozenset()


def test_with_its_marks_a_word_is_not_english() -> None:
    assert "vi" in languages_of_word("hàng")
    assert languages_of_word("hang") == frozenset()


@pytest.mark.parametrize("code", REVIEW_WORDS)
def test_lists_are_of_known_languages_and_say_a_word_once(code: str) -> None:
    words = REVIEW_WORDS[code].split()
    assert code in NAMES
    assert len(words) == len(set(words)) > 50 or code == "ms"
    assert all(word == word.lower() for word in words)
    assert stop_words("en").isdisjoint(words)


def test_words_like_them_are_written_without_marks() -> None:
    assert [word for word in LIKE_THEM.split() if word != unmarked(word)] == []
