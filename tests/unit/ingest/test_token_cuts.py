"""How a text is cut: the default model, word vectors and counts, a tokenizer alone."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import FakeEncoder
from reviewlens.document import terminal
from reviewlens.encoders import Encoder, WordCounts, load_encoder, load_token_counter
from reviewlens.errors import EncoderError
from reviewlens.ingest.token_cuts import cut_for_encoder, cut_for_tokenizer

TEXT = "Unbelievably leaky! 好吃"


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    return load_encoder(device="cpu")


def test_tokens_of_the_default_model(minilm: Encoder) -> None:
    found = cut_for_encoder(TEXT, minilm)
    assert [one.token for one in found.tokens] == [
        "un", "##bel", "##ie", "##va", "##bly", "leak", "##y", "!", "[UNK]", "[UNK]"
    ]  # fmt: skip
    assert [one.text for one in found.tokens if one.unknown] == ["好", "吃"]
    assert "".join(one.text for one in found.tokens) == TEXT.replace(" ", "")
    assert (found.count, found.unknown, found.window, found.cut_off) == (10, 2, 254, 0)
    assert found.passages == (TEXT,)
    assert (found.count, found.unknown) == minilm.count_tokens([TEXT])[0]


def test_no_more_than_twenty_unknown_words_are_listed_and_how_many_more_there_are() -> None:
    counts = WordCounts.fit(["tea is good"])
    words = [f"w{number}x" for number in range(22)]
    for known, said in ((2, ""), (20, ""), (22, " and 2 more")):
        found = cut_for_encoder("tea " + " ".join(words[:known]), counts)
        lines = [line.strip() for line in terminal(found.document(), 400).splitlines()]
        listed = lines[lines.index("unknown to the encoder") + 1]
        assert listed == " · ".join(words[: min(known, 20)]) + said


def test_text_beyond_the_window_is_shown_as_ingest_splits_it() -> None:
    counts = WordCounts.fit(["tea is good"])
    counts.window = 4
    found = cut_for_encoder("Tea is good. Good tea is tea. Tea.", counts)
    assert (found.count, found.cut_off) == (8, 4)
    assert [one.embedded for one in found.tokens] == [True] * 4 + [False] * 4
    assert [passage.strip() for passage in found.passages] == [
        "Tea is good.", "Good tea is tea.", "Tea."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", [TEXT, "", " ", "naïve <|endoftext|> 👍🏽", "a\ud800b", "line\nline\t end"]
)
def test_tokenizer_shows_as_many_tokens_as_it_counts(text: str) -> None:
    found = cut_for_tokenizer(text, "cl100k_base")
    counted = load_token_counter("cl100k_base")([text])[0]
    assert found.count == len(found.tokens) == counted.tokens
    covered = {place for one in found.tokens for place in range(one.start, one.end)}
    assert covered == set(range(len(text)))


def test_token_of_a_part_of_a_character_is_shown_by_its_bytes() -> None:
    found = cut_for_tokenizer("吃", "cl100k_base")
    assert [(one.token, one.text, one.start, one.end) for one in found.tokens] == [
        ("\\xe5\\x90", "吃", 0, 1),
        ("\\x83", "吃", 0, 1),
    ]


def test_encoder_that_does_not_show_its_tokens_is_named() -> None:
    fake: Any = FakeEncoder()
    with pytest.raises(EncoderError, match="fake-bag-of-words does not show how it cuts"):
        cut_for_encoder("tea", fake)


def test_unknown_tokenizer_is_refused() -> None:
    with pytest.raises(EncoderError, match="There is no tokenizer p50k here"):
        cut_for_tokenizer("tea", "p50k")
