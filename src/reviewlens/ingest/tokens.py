"""How a text is cut: its tokens, which of them are unknown, and what an encoder would embed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.encoders import Encoder, TokenShower, load_token_shower
from reviewlens.errors import EncoderError
from reviewlens.results import Tabular
from reviewlens.text.passages import split_text


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token of a text.

    Attributes:
        token: As the tokenizer writes it, such as `##ing` for the end of a word.
        text: The part of the text it stands for.
        start: Where that begins, in characters from 0.
        end: The character after its last.
        unknown: Whether the model does not know it.
        embedded: Whether it is within the window.
    """

    token: str
    text: str
    start: int
    end: int
    unknown: bool
    embedded: bool


@dataclass(frozen=True, slots=True, repr=False)
class TokenCut(Tabular):
    """A text as a tokenizer cuts it.

    Attributes:
        tokenizer: The encoder, or the tokenizer, that was asked.
        count: Tokens of the text; special tokens and prompts are not counted.
        unknown: How many of them the model does not know.
        window: Tokens that are embedded of one text; None for a tokenizer without a model.
        cut_off: Tokens beyond the window, which `ingest --long truncate` would not embed.
        tokens: All of them, in order.
        passages: What `ingest` would embed instead of a text beyond the window; the text itself
            where it fits.
    """

    tokenizer: str
    count: int
    unknown: int
    window: int | None
    cut_off: int
    tokens: tuple[ShownToken, ...]
    passages: tuple[str, ...]

    def _rows(self) -> Sequence[ShownToken]:
        return self.tokens


def cut_for_encoder(text: str, encoder: Encoder) -> TokenCut:
    """Show how an encoder cuts a text.

    Raises:
        EncoderError: It cannot show that.
    """
    if not isinstance(encoder, TokenShower):
        raise EncoderError(
            f"{encoder.name} does not show how it cuts a text; its {encoder.window} tokens are "
            "counted alone."
        )
    tokens, window = encoder.tokens_of(text), encoder.window
    passages = [text]
    if len(tokens) > window:
        passages = [passage.text for passage in split_text(text, window, encoder.count_tokens)]
    return TokenCut(
        tokenizer=encoder.name,
        count=len(tokens),
        unknown=sum(token.unknown for token in tokens),
        window=window,
        cut_off=max(0, len(tokens) - window),
        tokens=tuple(
            ShownToken(
                token.text,
                text[token.start : token.end],
                token.start,
                token.end,
                token.unknown,
                place < window,
            )
            for place, token in enumerate(tokens)
        ),
        passages=tuple(passages),
    )


def cut_for_tokenizer(text: str, name: str) -> TokenCut:
    """Show how a tokenizer without a model cuts a text.

    Args:
        text: Any.
        name: One of `TOKEN_COUNTERS`, such as `cl100k_base`.

    Raises:
        EncoderError: There is none of that name.
    """
    tokens = load_token_shower(name)(text)
    return TokenCut(
        tokenizer=name,
        count=len(tokens),
        unknown=0,
        window=None,
        cut_off=0,
        tokens=tuple(
            ShownToken(
                token.text,
                text[token.start : token.end],
                token.start,
                token.end,
                unknown=False,
                embedded=True,
            )
            for token in tokens
        ),
        passages=(text,),
    )
