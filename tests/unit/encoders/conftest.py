"""The real default model, once a session, and small models made on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_models import DIMENSION, WORDS, ModelMaker, tokenizer_json

from reviewlens.encoders import Encoder, load_encoder


@pytest.fixture(scope="session")
def default_encoder() -> Encoder:
    return load_encoder(device="cpu")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    data = Path(__file__).parents[4] / "shared" / "data"
    if not data.is_dir():
        pytest.skip(f"the public review sets are not in {data}")
    return data


@pytest.fixture
def make_model(tmp_path: Path) -> ModelMaker:
    """Writes the folder of a sentence-transformers model; each argument replaces one of its files.

    The weights are no weights: such a folder can be read, but not run.
    """

    def make(name: str = "model", *, weights: bytes = b"weights", **files: Any) -> Path:
        path = tmp_path / name
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

    return make


@pytest.fixture
def make_running_model(make_model: ModelMaker) -> ModelMaker:
    """As `make_model`, with the weights of a random BERT of two layers."""

    def make(name: str = "model", **files: Any) -> Path:
        import torch
        from transformers import BertConfig, BertModel
        from transformers.utils import logging

        path = make_model(name, **files)
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

    return make
