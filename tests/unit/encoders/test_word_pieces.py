from __future__ import annotations

import pytest

from fakes import FakeEncoder
from reviewlens.encoders import Token, load_encoder, word_pieces
from reviewlens.errors import EncoderError


class Unseen(FakeEncoder):
    """Does not show how it cuts."""

    def tokens_of(self, text: str) -> list[Token]:
        raise EncoderError("it does not show how it cuts a text.")


class Whole(FakeEncoder):
    """Cuts nothing."""

    def tokens_of(self, text: str) -> list[Token]:
        return [Token(text, 0, len(text), unknown=False)]


def test_word_piece_cuts_words_of_other_languages_into_more() -> None:
    pieces = word_pieces(load_encoder(), {"en"})
    assert pieces is not None
    assert pieces("kitchen") == 1
    assert pieces("schrecklich") > 2


@pytest.mark.parametrize("encoder", [FakeEncoder(), Unseen(), Whole()])
def test_no_other_tokenizer_tells_anything(encoder: FakeEncoder) -> None:
    assert word_pieces(encoder, {"en"}) is None


def test_one_for_any_language_tells_nothing() -> None:
    assert word_pieces(load_encoder(), {"mul"}) is None
    assert word_pieces(load_encoder(), ()) is None
