from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewlens.errors import InputError
from reviewlens.reading.model import Location, Passage, Rejected, Review
from reviewlens.text.passages import TokenLimits, split_reviews, split_sentences

TOKENS = re.compile(r"\w+|[^\w\s]")


class WordCounter:
    """A token is a word or a sign; words without a vowel are unknown."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        self.batches.append(len(texts))
        found = [TOKENS.findall(text) for text in texts]
        return [(len(tokens), sum(not re.search("[aeiou]", t) for t in tokens)) for tokens in found]


def review(embedded: str) -> Review:
    location = Location("reviews.csv", 7, 6)
    return Review("r1", embedded, embedded, embedded, location, raw=f"7,{embedded}")


def split_one(
    text: str, *, limits: TokenLimits | None = None, window: int = 5
) -> tuple[Passage, ...] | Rejected:
    [result] = split_reviews(
        [review(text)], limits=limits or TokenLimits(), window=window, count_tokens=WordCounter()
    )
    return result


def passages_of(text: str, *, limits: TokenLimits | None = None, window: int = 5) -> list[Passage]:
    result = split_one(text, limits=limits, window=window)
    assert not isinstance(result, Rejected)
    return list(result)


def without_space(text: str) -> str:
    return "".join(text.split())


def test_a_review_within_the_window_is_one_passage() -> None:
    text = "  Good tea, hmm "
    assert passages_of(text) == [
        Passage(number=0, text=text, tokens=4, tokens_embedded=4, tokens_unknown=2)
    ]


def test_a_long_review_is_cut_at_sentence_ends() -> None:
    passages = passages_of("I like it. It is fresh! Never again? No. Yes.")
    assert [(p.number, p.text, p.tokens, p.tokens_embedded) for p in passages] == [
        (0, "I like it.", 4, 4),
        (1, "It is fresh!", 4, 4),
        (2, "Never again? No.", 5, 5),
        (3, "Yes.", 2, 2),
    ]


def test_truncation_is_accounted_for() -> None:
    text = "one two three four five six seven"
    [passage] = passages_of(text, limits=TokenLimits(long="truncate"))
    assert (passage.text, passage.tokens, passage.tokens_embedded) == (text, 7, 5)


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("tea", "too_short", "The review has 1 tokens; at least 2 are wanted."),
        (" \n\t", "too_short", "The review has 0 tokens; at least 2 are wanted."),
        ("a b c d", "too_long", "The review has 4 tokens; at most 3 are taken."),
    ],
)
def test_outside_the_limits_is_rejected_with_the_count(text: str, reason: str, detail: str) -> None:
    assert split_one(text, limits=TokenLimits(minimum=2, maximum=3)) == Rejected(
        location=Location("reviews.csv", 7, 6),
        column="text",
        reason=reason,
        detail=detail,
        raw=f"7,{text}",
    )


def test_white_space_has_no_tokens_whatever_the_tokenizer_says() -> None:
    [result] = split_reviews(
        [review("\n \n")], limits=TokenLimits(), window=5, count_tokens=lambda texts: [(3, 0)]
    )
    assert isinstance(result, Rejected)
    assert result.reason == "too_short"


def test_limits_may_be_counted_in_other_tokens() -> None:
    results = split_reviews(
        [review("a b c"), review("abc def")],
        limits=TokenLimits(maximum=6),
        window=2,
        count_tokens=WordCounter(),
        count_for_limits=lambda texts: [(len(text), 0) for text in texts],
    )
    assert [len(result) if isinstance(result, tuple) else result.reason for result in results] == [
        2,
        "too_long",
    ]


def test_results_are_in_order_and_counted_in_one_call() -> None:
    counter = WordCounter()
    texts = ["one", "", "a b c. d e f. g", "two"]
    results = split_reviews(
        [review(text) for text in texts], limits=TokenLimits(), window=5, count_tokens=counter
    )
    assert [len(result) if isinstance(result, tuple) else 0 for result in results] == [1, 0, 2, 1]
    assert counter.batches[0] == len(texts)
    counter.batches.clear()
    split_reviews([review("short")] * 50, limits=TokenLimits(), window=5, count_tokens=counter)
    assert counter.batches == [50]


def test_no_reviews_give_no_results() -> None:
    assert split_reviews([], limits=TokenLimits(), window=5, count_tokens=WordCounter()) == []


@settings(deadline=None)
@given(st.text(st.sampled_from("aé好. !?\n\t\u2028😀e\u0301-"), max_size=120), st.integers(1, 9))
def test_splitting_loses_nothing_but_white_space(text: str, window: int) -> None:
    counter = WordCounter()
    [result] = split_reviews(
        [review(text)], limits=TokenLimits(minimum=0), window=window, count_tokens=counter
    )
    assert not isinstance(result, Rejected)
    assert without_space("".join(p.text for p in result)) == without_space(text)
    assert [p.number for p in result] == list(range(len(result)))
    assert all(p.tokens == p.tokens_embedded <= window for p in result)


def test_a_word_longer_than_the_window_is_cut_within() -> None:
    [result] = split_reviews(
        [review("abcdefghij")],
        limits=TokenLimits(),
        window=4,
        count_tokens=lambda texts: [(len(text), 0) for text in texts],
    )
    assert not isinstance(result, Rejected)
    assert [p.text for p in result] == ["abcd", "efgh", "ij"]


def test_a_piece_that_cannot_be_cut_is_accounted_for() -> None:
    """One character may be several tokens of a byte-wise tokenizer: more than a tiny window."""
    [result] = split_reviews(
        [review("😀😀")],
        limits=TokenLimits(),
        window=3,
        count_tokens=lambda texts: [(len(text.encode()), 0) for text in texts],
    )
    assert not isinstance(result, Rejected)
    assert [(p.text, p.tokens, p.tokens_embedded) for p in result] == [("😀", 4, 3), ("😀", 4, 3)]


def test_the_longest_review_is_split_in_a_second() -> None:
    text = "The tea was good, and so on. " * 888
    started = time.thread_time()
    passages = passages_of(text, window=254)
    assert time.thread_time() - started < 1
    assert sum(p.tokens for p in passages) == 7_992


@pytest.mark.parametrize(("minimum", "maximum"), [(-1, 5), (6, 5)])
def test_limits_that_let_nothing_through_are_refused(minimum: int, maximum: int) -> None:
    with pytest.raises(InputError, match=f"are {minimum} to {maximum}"):
        TokenLimits(minimum=minimum, maximum=maximum)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello there.  How are you?! Fine...", ["Hello there.", "How are you?!", "Fine..."]),
        ("I paid $3.50. Mr. Smith, e.g., did.", ["I paid $3.50.", "Mr. Smith, e.g., did."]),
        ("Es geht, z. B. mit Dr. Meier. Gut.", ["Es geht, z. B. mit Dr. Meier.", "Gut."]),
        ("味道不错。就是慢！还会再来？好吃", ["味道不错。", "就是慢！", "还会再来？", "好吃"]),
        ("It broke… Never again… or not.", ["It broke…", "Never again… or not."]),
        ("“Great…” Then it died.", ["“Great…”", "Then it died."]),
        ("It is for my dog. Mrs. Hay knows.", ["It is for my dog.", "Mrs. Hay knows."]),
        ("The old one was Bob's. It held.", ["The old one was Bob's.", "It held."]),
        ("Inkl. Netzteil, Art.-Nr. 44, bzw. Akku. Gut!",
         ["Inkl. Netzteil, Art.-Nr. 44, bzw. Akku.", "Gut!"]),
        ("Mme. Petit a appelé M. Roy. Rien, p. ex. Paris !",
         ["Mme. Petit a appelé M. Roy.", "Rien, p. ex. Paris !"]),
        ("¿Llegó? ¡Sí! La Sra. Ruiz, de EE. UU., vino. Bien.",
         ["¿Llegó?", "¡Sí!", "La Sra. Ruiz, de EE. UU., vino.", "Bien."]),
        ("Il sig. Rossi, la dott.ssa Blu e l'avv. Neri. Ottimo.",
         ["Il sig. Rossi, la dott.ssa Blu e l'avv. Neri.", "Ottimo."]),
        ("O Sr. Lima e a Dra. Reis, p. ex. Ana, ligaram. Bom.",
         ["O Sr. Lima e a Dra. Reis, p. ex. Ana, ligaram.", "Bom."]),
        ("Dhr. Bos belde mevr. Vos, o.a. Dinsdag. Prima.",
         ["Dhr. Bos belde mevr. Vos, o.a. Dinsdag.", "Prima."]),
        ("Забрал на ул. Лесной, т. е. Дома. Ждал?.. Долго!",
         ["Забрал на ул. Лесной, т. е. Дома.", "Ждал?..", "Долго!"]),
        ("Очень вкусный рис. Беру ещё.", ["Очень вкусный рис.", "Беру ещё."]),
        ("太慢了……再也不买了。差评！", ["太慢了……再也不买了。", "差评！"]),
        ("「最高です。」と言われた。買った！", ["「最高です。」と言われた。", "買った！"]),
        ("すぐ壊れた｡返品した。", ["すぐ壊れた｡", "返品した。"]),
        ("No full stop\nanother line\r\n\r\nlast", ["No full stop", "another line", "last"]),
        ("one only", ["one only"]),
        (" \n ", []),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_are_found(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(st.sampled_from("aé好B.。… !?\n\"'()」と"), max_size=80))
def test_sentences_hold_all_of_the_text(text: str) -> None:
    sentences = split_sentences(text)
    assert without_space("".join(sentences)) == without_space(text)
    assert all(sentence == sentence.strip() != "" for sentence in sentences)


def test_passage_larger_than_the_store_holds_is_rejected() -> None:
    result = split_one("w" * 65_536)
    assert isinstance(result, Rejected)
    assert (result.reason, result.raw) == ("too_large", "7," + "w" * 65_536)


def test_text_that_stands_for_none_is_rejected_with_its_words() -> None:
    empty = Review("1", "", " nan ", "", Location("f.csv", 2, 1))
    [rejected] = split_reviews([empty], limits=TokenLimits(), window=5, count_tokens=WordCounter())
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.detail) == (
        "too_short", "The text is 'nan', which says nothing.",
    )  # fmt: skip
