"""How a text is cut: its tokens, which of them are unknown, and what an encoder would embed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Text
from reviewlens.encoders import Encoder, Token, TokenShower, load_token_shower
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

    def document(self, *, details: bool = False) -> Document:
        """Return the tokens, those beyond the window apart; see `Tabular.document`."""
        head = f"{self.tokenizer}: {self.count:,} tokens, {self.unknown:,} unknown"
        if self.window is not None:
            head += f"; {self.window:,} are embedded of one text"
        parts = [Text(head)]
        for embedded, name in ((True, "tokens"), (False, "beyond the window")):
            told = [_visible(one.token) for one in self.tokens if one.embedded is embedded]
            if told:
                parts += [Text(name, inset=2), Text(" · ".join(told), lines=1_000, inset=5)]
        unknown = list(dict.fromkeys(one.text for one in self.tokens if one.unknown))
        if unknown:
            more = len(unknown) - _UNKNOWN_SHOWN
            listed = " · ".join(unknown[:_UNKNOWN_SHOWN])
            listed += f" and {more} more" if more > 0 else ""
            parts += [Text("unknown to the encoder", inset=2), Text(listed, inset=5)]
        if self.cut_off:
            told_of = f"{self.cut_off:,} tokens do not fit; ingest makes these passages of it"
            parts.append(Text(told_of, inset=2))
            parts += [
                Text(f"{number}: {passage}", lines=4, inset=5)
                for number, passage in enumerate(self.passages, start=1)
            ]
        return tuple(parts)


_UNKNOWN_SHOWN = 20


def _visible(token: str) -> str:
    """Return a token with its white space made visible."""
    return token.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")


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
    return _cut(text, encoder.name, tokens, window, passages)


def cut_for_tokenizer(text: str, name: str) -> TokenCut:
    """Show how a tokenizer without a model cuts a text.

    Args:
        text: Any.
        name: One of `TOKEN_COUNTERS`, such as `cl100k_base`.

    Raises:
        EncoderError: There is none of that name.
    """
    return _cut(text, name, load_token_shower(name)(text), None, (text,))


def _cut(
    text: str, name: str, tokens: Sequence[Token], window: int | None, passages: Sequence[str]
) -> TokenCut:
    fitting = len(tokens) if window is None else window
    return TokenCut(
        tokenizer=name,
        count=len(tokens),
        unknown=sum(token.unknown for token in tokens),
        window=window,
        cut_off=max(0, len(tokens) - fitting),
        tokens=tuple(
            ShownToken(
                token.text,
                text[token.start : token.end],
                token.start,
                token.end,
                token.unknown,
                embedded=place < fitting,
            )
            for place, token in enumerate(tokens)
        ),
        passages=tuple(passages),
    )
