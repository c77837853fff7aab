"""What is read of a model's folder: window, dimension, prompts, fingerprint, refusals."""

from __future__ import annotations

import json
import shutil
from typing import Any

import numpy as np
import pytest
from small_models import DIMENSION, WORDS, ModelMaker, tokenizer_json

from reviewlens.encoders import Encoder, load_encoder
from reviewlens.errors import EncoderError

PROMPTS = {"prompts": {"query": "find: ", "document": "passage: "}}


def test_window_is_what_special_tokens_and_prompt_leave(make_model: ModelMaker) -> None:
    assert load_encoder(str(make_model("plain"))).window == 12 - 2
    with_prompt = make_model("prompt", config_sentence_transformers=PROMPTS)
    assert load_encoder(str(with_prompt)).window == 12 - 2 - 2


@pytest.mark.parametrize(
    ("files", "window"),
    [
        ({"sentence_bert_config": {"max_seq_length": 30}}, 28),
        ({"sentence_bert_config": {}, "tokenizer_config": {"model_max_length": 20}}, 18),
        ({"sentence_bert_config": {}, "tokenizer_config": {"model_max_length": 1e30}}, 38),
        ({"sentence_bert_config": {"max_seq_length": 512}}, 38),
    ],
)
def test_window_is_the_narrowest_limit(
    make_model: ModelMaker, files: dict[str, Any], window: int
) -> None:
    config = {"model_type": "bert", "hidden_size": DIMENSION, "max_position_embeddings": 40}
    assert load_encoder(str(make_model(config=config, **files))).window == window


def test_dimension_follows_the_chain(make_model: ModelMaker) -> None:
    two_modes = {"embedding_dimension": DIMENSION, "pooling_mode": ["cls", "mean"]}
    assert load_encoder(str(make_model("two", pooling=two_modes))).dimension == 2 * DIMENSION
    shorter = make_model("short", config_sentence_transformers={"truncate_dim": 8})
    assert load_encoder(str(shorter)).dimension == 8
    path = make_model("dense")
    modules = json.loads((path / "modules.json").read_text())
    modules.append({"path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (path / "modules.json").write_text(json.dumps(modules))
    (path / "2_Dense").mkdir()
    (path / "2_Dense" / "config.json").write_text('{"in_features": 16, "out_features": 5}')
    (path / "2_Dense" / "pytorch_model.bin").write_bytes(b"weights")
    assert load_encoder(str(path)).dimension == 5


def test_an_old_folder_without_tokenizer_json_is_read(make_model: ModelMaker) -> None:
    path = make_model(tokenizer_config={"tokenizer_class": "BertTokenizer"})
    (path / "tokenizer.json").unlink()
    (path / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    encoder = load_encoder(str(path))
    assert encoder.window == 12 - 2
    assert encoder.count_tokens(["the tea", "the coffee was"]) == [(2, 0), (3, 1)]


def test_prompt_is_not_counted(make_model: ModelMaker) -> None:
    plain = load_encoder(str(make_model("plain")))
    prompted = load_encoder(str(make_model("prompt", config_sentence_transformers=PROMPTS)))
    texts = ["the tea", "", "the coffee was"]
    assert plain.count_tokens(texts) == prompted.count_tokens(texts) == [(2, 0), (0, 0), (3, 1)]


CHANGES: dict[str, dict[str, Any]] = {
    "weights": {"weights": b"other weights"},
    "tokenizer": {"tokenizer": tokenizer_json((*WORDS, "coffee"))},
    "pooling": {"pooling": {"embedding_dimension": DIMENSION, "pooling_mode": "cls"}},
    "window": {"sentence_bert_config": {"max_seq_length": 11}},
    "query prompt": {"config_sentence_transformers": {"prompts": {"query": "find: "}}},
    "document prompt": {"config_sentence_transformers": {"prompts": {"passage": "passage: "}}},
    "default prompt": {
        "config_sentence_transformers": {"prompts": {"s": "find: "}, "default_prompt_name": "s"}
    },
    "lower case": {"sentence_bert_config": {"max_seq_length": 12, "do_lower_case": True}},
    "architecture": {"config": {"model_type": "mpnet", "hidden_size": DIMENSION}},
    "truncation": {"config_sentence_transformers": {"truncate_dim": 8}},
}


def test_fingerprint_changes_with_all_that_shapes_a_vector(make_model: ModelMaker) -> None:
    folders = [make_model("unchanged")]
    folders += [make_model(name, **change) for name, change in CHANGES.items()]
    assert len({load_encoder(str(folder)).fingerprint for folder in folders}) == len(folders)


def test_fingerprint_keeps_through_another_release(make_model: ModelMaker) -> None:
    """The same model as sentence-transformers 2 and 6 write it, under another path."""
    package = "sentence_transformers.sentence_transformer.modules"
    truncation = {"direction": "Right", "max_length": 9, "strategy": "LongestFirst", "stride": 0}
    newer = make_model(
        "newer",
        modules=[
            {"idx": 0, "path": "", "type": "sentence_transformers.base.modules.Transformer"},
            {"idx": 1, "path": "1_Pooling", "type": f"{package}.pooling.Pooling"},
            {"idx": 2, "path": "2_Normalize", "type": f"{package}.normalize.Normalize"},
        ],
        config={"transformers_version": "5.23.0", "hidden_size": DIMENSION, "model_type": "bert"},
        sentence_bert_config={
            "transformer_task": "feature-extraction",
            "modality_config": {"text": {"method": "forward"}},
            "module_output_name": "token_embeddings",
        },
        tokenizer_config={"model_max_length": 12},
        pooling={"embedding_dimension": DIMENSION, "pooling_mode": "mean", "include_prompt": True},
        config_sentence_transformers={"prompts": {"query": "", "document": ""}},
        tokenizer=tokenizer_json() | {"truncation": truncation},
    )
    assert load_encoder(str(newer)).fingerprint == load_encoder(str(make_model())).fingerprint


def test_name_of_a_folder_loads_it_again(
    make_model: ModelMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_model()
    monkeypatch.chdir(path.parent)
    encoder = load_encoder("model")
    monkeypatch.chdir("/")
    assert load_encoder(encoder.name).fingerprint == encoder.fingerprint


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"modules": []}, "holds no sentence-transformers model: there is no modules.json"),
        (
            {"modules": [{"path": "", "type": "modeling_custom.CustomTransformer"}]},
            "has a module modeling_custom.CustomTransformer, which reviewlens does not run",
        ),
        ({"tokenizer": {"version": "1.0"}}, "tokenizer in .* cannot be read"),
        ({"sentence_bert_config": {"max_seq_length": 2}}, "special tokens and prompt take 2"),
        ({"sentence_bert_config": {}}, "do not tell how many tokens"),
        ({"pooling": {}}, "do not tell how long the model's vectors are"),
    ],
)
def test_a_folder_that_cannot_be_run_is_refused(
    make_model: ModelMaker, files: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(EncoderError, match=sentence):
        load_encoder(str(make_model(**files)))


def test_missing_and_damaged_files_are_named(make_model: ModelMaker) -> None:
    path = make_model()
    (path / "modules.json").write_bytes(b"\xff{")
    with pytest.raises(EncoderError, match=r"modules\.json cannot be read as JSON"):
        load_encoder(str(path))
    shutil.rmtree(path)
    path = make_model()
    (path / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match="holds no weights for Transformer"):
        load_encoder(str(path))


def test_damaged_weights_give_one_sentence(make_model: ModelMaker) -> None:
    encoder = load_encoder(str(make_model()))
    with pytest.raises(EncoderError, match=r"cannot be loaded on \w+: .*; fetch it again"):
        encoder.encode_documents(["tea"])


def test_queries_and_documents_get_their_own_prompt(make_running_model: ModelMaker) -> None:
    plain = load_encoder(str(make_running_model("plain")), device="cpu")
    prompted = load_encoder(
        str(make_running_model("prompts", config_sentence_transformers=PROMPTS)), device="cpu"
    )
    by_hand = plain.encode_documents(["find: the tea", "passage: the tea", "the tea"])
    query, document = prompted.encode_queries(["the tea"]), prompted.encode_documents(["the tea"])
    assert np.abs(query[0] - by_hand[0]).max() < 1e-6
    assert np.abs(document[0] - by_hand[1]).max() < 1e-6
    assert np.abs(by_hand[0] - by_hand[1]).max() > 1e-3
    assert np.abs(by_hand[0] - by_hand[2]).max() > 1e-3


def test_window_of_a_model_with_a_prompt_is_just_filled(make_running_model: ModelMaker) -> None:
    path = make_running_model(config_sentence_transformers=PROMPTS)
    encoder = load_encoder(str(path), device="cpu")
    fits = "tea " * encoder.window
    whole, longer, shorter = encoder.encode_documents([fits, fits + "was", fits[:-4] + "was"])
    assert np.abs(whole - longer).max() < 1e-6
    assert np.abs(whole - shorter).max() > 1e-4


def test_a_limit_beyond_the_position_table_is_brought_down(
    make_running_model: ModelMaker,
) -> None:
    path = make_running_model(sentence_bert_config={"max_seq_length": 512})
    encoder = load_encoder(str(path), device="cpu")
    assert encoder.window == 32 - 2
    assert encoder.encode_documents(["tea " * 100]).shape == (1, DIMENSION)


def test_default_prompt_is_for_both_sides(make_running_model: ModelMaker) -> None:
    config = {"prompts": {"always": "find: "}, "default_prompt_name": "always"}
    path = make_running_model(config_sentence_transformers=config)
    encoder: Encoder = load_encoder(str(path), device="cpu")
    plain = load_encoder(str(make_running_model("plain")), device="cpu")
    expected = plain.encode_documents(["find: tea"])
    assert np.abs(encoder.encode_documents(["tea"]) - expected).max() < 1e-6
    assert np.abs(encoder.encode_queries(["tea"]) - expected).max() < 1e-6


def test_vectors_of_another_length_are_refused(make_running_model: ModelMaker) -> None:
    path = make_running_model(
        pooling={"word_embedding_dimension": 24, "pooling_mode_mean_tokens": True},
    )
    with pytest.raises(EncoderError, match=r"shape \(1, 16\), but its folder says 24"):
        load_encoder(str(path), device="cpu").encode_documents(["tea"])
