"""Texts into words, as a vocabulary has them, and into tokens, as a model shows them."""

from __future__ import annotations

import json

import pytest
from small_models import tokenizer_json

from reviewlens.encoders.text_tokenizer import TextTokenizer
from reviewlens.encoders.words.cut import cut_words, plain_words
from reviewlens.errors import MissingExtra

VOCABULARY = {
    "the",
    "do",
    "n't",
    "it",
    "'s",
    "well",
    "made",
    "Apple",
    "apple",
    "café",
    "好",
    "质量",
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The apple, the Apple!", ["the", "apple", "the", "Apple"]),
        ("Don’t — it's", ["do", "n't", "it", "'s"]),
        ("well-made", ["well", "made"]),
        ("well-madx", ["well", None]),
        ("badly-madx", [None]),
        ("doesn't", [None, "n't"]),
        ("cafe\u0301 Café", ["café", "café"]),
        pytest.param("质量好吃", ["质量", "好", None], marks=pytest.mark.cjk),
        ("", []),
        ("?! … 👍", []),
        ("snake_case", [None, None]),
    ],
)
def test_words_are_found_as_the_vocabulary_has_them(text: str, words: list[str | None]) -> None:
    cuts = list(cut_words(text, VOCABULARY))
    assert [cut.word for cut in cuts] == words
    for cut in cuts:
        assert cut.start < cut.end <= len(text)


@pytest.mark.cjk
def test_a_word_is_told_where_it_stands() -> None:
    text = "It isn't 质量x well-made"
    cuts = list(cut_words(text, {*VOCABULARY, "is"}))
    assert [text[cut.start : cut.end] for cut in cuts] == [
        "It", "is", "n't", "质量", "x", "well", "made"
    ]  # fmt: skip
    assert [cut.start for cut in cuts] == sorted(cut.start for cut in cuts)


def test_words_are_plain_whatever_there_is() -> None:
    assert plain_words("DON’T stop, U.S. cafe\u0301!") == ["don't", "stop", "u.s", "café"]
    assert plain_words("ไม่ดี हिन्दी") == ["ไม่ดี", "हिन्दी"]


def test_prompt_of_a_model_is_left_out() -> None:
    from tokenizers import Tokenizer

    made = TextTokenizer(Tokenizer.from_str(json.dumps(tokenizer_json())), prompt="passage: ")
    tokens = made.tokens("The tea was xyz")
    assert [(one.text, one.start, one.end, one.unknown) for one in tokens] == [
        ("the", 0, 3, False),
        ("tea", 4, 7, False),
        ("was", 8, 11, False),
        ("[UNK]", 12, 15, True),
    ]
    assert len(tokens) == made.count(["The tea was xyz"])[0].tokens


@pytest.mark.usefixtures("without_cjk")
def test_without_the_extra_characters_are_words_where_they_are_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # as with rjieba, which finds 好吃 that is not there
    assert [cut.word for cut in cut_words("很好吃 apple", VOCABULARY)] == [
        None,
        "好",
        None,
        "apple",
    ]
    with pytest.raises(MissingExtra, match=r"rjieba.*reviewlens\[cjk\]"):
        list(cut_words("这质量 apple", VOCABULARY))
    assert plain_words("a 质量") == ["a", "质", "量"]
    assert "reviewlens[cjk]" in caplog.text


@pytest.mark.cjk
def test_with_the_extra_they_are_the_same() -> None:
    assert [cut.word for cut in cut_words("很好吃 apple", VOCABULARY)] == [
        None,
        "好",
        None,
        "apple",
    ]
