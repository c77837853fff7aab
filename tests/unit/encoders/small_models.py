"""The parts of which the tests make models small enough to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "query", "passage", "find", ":", "the", "tea", "was")
DIMENSION = 16

ModelMaker = Callable[..., Path]


def tokenizer_json(words: tuple[str, ...] = WORDS) -> dict[str, Any]:
    """A tokenizer of whole words, which puts `[CLS]` before a text and `[SEP]` after it."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    definition: dict[str, Any] = json.loads(tokenizer.to_str())
    return definition
