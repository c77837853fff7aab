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


def write_model(
    folder: Path, name: str = "model", *, weights: bytes = b"weights", **files: Any
) -> Path:
    """Writes the folder of a sentence-transformers model; each argument replaces one of its files.

    The weights are no weights: such a folder can be read, but not run.
    """
    path = folder / name
    (path / "1_Pooling").mkdir(parents=True)
    contents: dict[str, Any] = {
        "modules": [
            {"name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
        "config": {"model_type": "bert", "hidden_size": DIMENSION},
        "sentence_bert_config": {"max_seq_length": 12, "do_lower_case": False},
        "config_sentence_transformers": {"__version__": {"sentence_transformers": "2.0.0"}},
        "tokenizer_config": {"tokenizer_class": "BertTokenizer"},
        "pooling": {"word_embedding_dimension": DIMENSION, "pooling_mode_mean_tokens": True},
        "tokenizer": tokenizer_json(),
    }
    for key, content in (contents | files).items():
        file = "1_Pooling/config.json" if key == "pooling" else f"{key}.json"
        (path / file).write_text(json.dumps(content, indent=2), encoding="utf-8")
    (path / "model.safetensors").write_bytes(weights)
    return path


def write_running_model(folder: Path, name: str = "model", **files: Any) -> Path:
    """As `write_model`, with the weights of a random BERT of two layers."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    path = write_model(folder, name, **files)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=DIMENSION,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    logging.disable_progress_bar()
    BertModel(config).eval().save_pretrained(path)
    return path
