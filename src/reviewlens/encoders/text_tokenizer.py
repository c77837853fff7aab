"""A model's own tokenizer, without transformers: it counts tokens and cuts nothing off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from reviewlens.encoders.model_folder import ModelFolder

_BATCH = 1_024  # an Encoding is far larger than its text: this bounds the memory


def well_formed(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class TextTokenizer:
    """Counts the tokens of documents as the model will see them, prompt in front.

    Args:
        tokenizer: Truncation and padding are switched off in it.
        prompt: What the model puts before each document.

    Attributes:
        definition: All that decides how a text is cut, as JSON: no truncation, no padding.
        overhead: Tokens of an input that are not the document's: special tokens and prompt.
    """

    def __init__(self, tokenizer: Tokenizer, *, prompt: str = "") -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.definition: dict[str, Any] = json.loads(tokenizer.to_str())
        self._tokenizer = tokenizer
        self._cutting: Tokenizer | None = None
        self._unknown_id = _unknown_id(tokenizer, self.definition["model"])
        self._prompt = prompt
        # Without its trailing space: that belongs to the word that follows it in most tokenizers.
        self._prompt_tokens, self._prompt_unknown = self._count([prompt.rstrip()])[0]
        self.overhead = tokenizer.num_special_tokens_to_add(is_pair=False) + self._prompt_tokens

    def count(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, special tokens and prompt left out; order kept."""
        return [
            TokenCount(max(0, tokens - self._prompt_tokens), max(0, unknown - self._prompt_unknown))
            for tokens, unknown in self._count([self._prompt + text for text in texts])
        ]

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text, special tokens and prompt left out, with where they stand in it."""
        before = len(self._prompt)
        encoding = self._tokenizer.encode(
            well_formed(self._prompt + text), add_special_tokens=False
        )
        return [
            Token(token, max(0, start - before), end - before, number == self._unknown_id)
            for token, number, (start, end) in zip(
                encoding.tokens, encoding.ids, encoding.offsets, strict=True
            )
            if not before or end > before
        ]

    def ids(self, texts: Sequence[str], limit: int) -> list[list[int]]:
        """The ids of each text with special tokens, cut by the tokenizer's own rule; order kept.

        Args:
            texts: With the prompt, where there is to be one.
            limit: Ids of a text at most.
        """
        if self._cutting is None:
            from tokenizers import Tokenizer

            cutting = Tokenizer.from_str(self._tokenizer.to_str())
            cutting.enable_truncation(limit)
            self._cutting = cutting
        batch = [well_formed(text) for text in texts]
        return [encoding.ids for encoding in self._cutting.encode_batch_fast(batch)]

    def _count(self, texts: Sequence[str]) -> list[TokenCount]:
        counts = []
        for start in range(0, len(texts), _BATCH):
            batch = [well_formed(text) for text in texts[start : start + _BATCH]]
            for encoding in self._tokenizer.encode_batch_fast(batch, add_special_tokens=False):
                ids = encoding.ids
                counts.append(TokenCount(len(ids), ids.count(self._unknown_id)))
        return counts


def load_tokenizer(folder: ModelFolder) -> TextTokenizer:
    """Loads the tokenizer of the model in `folder`.

    It is read from `tokenizer.json`. An old folder without one is given to transformers, which
    converts its vocabulary; that imports transformers, and torch with it.

    Raises:
        EncoderError: There is no tokenizer, or none that the `tokenizers` library can run.
    """
    from tokenizers import Tokenizer, normalizers

    path = folder.transformer.path / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path)) if path.exists() else _converted(path.parent)
    except Exception as error:  # tokenizers raises bare Exception
        raise EncoderError(
            f"The tokenizer in {path.parent} cannot be read ({error}); fetch the model again."
        ) from error
    if folder.lower_case:
        steps = [normalizers.Lowercase(), *filter(None, [tokenizer.normalizer])]
        tokenizer.normalizer = normalizers.Sequence(steps)
    return TextTokenizer(tokenizer, prompt=folder.document_prompt)


def _converted(path: Any) -> Tokenizer:  # noqa: ANN401
    from transformers import AutoTokenizer

    fast: Tokenizer = AutoTokenizer.from_pretrained(
        str(path), local_files_only=True, use_fast=True
    ).backend_tokenizer
    return fast


def _unknown_id(tokenizer: Tokenizer, model: dict[str, Any]) -> int:
    """The id that stands for what the model does not know; -1 where it knows every byte."""
    if model.get("unk_id") is not None:  # Unigram
        return int(model["unk_id"])
    unknown = tokenizer.token_to_id(model.get("unk_token") or "")  # WordPiece, WordLevel, BPE
    return -1 if unknown is None else unknown
