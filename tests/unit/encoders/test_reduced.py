"""Shorter vectors: the first numbers, and a model with a layer more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small_models import DIMENSION, ModelMaker

from fakes import FakeEncoder
from reviewlens.encoders import Encoder, load_encoder, preload_encoder
from reviewlens.encoders.model_encoder import ModelEncoder
from reviewlens.encoders.reduced import SAMPLE, ReducedEncoder, split_dimensions, truncated
from reviewlens.encoders.reduced_folder import check_target, extensible_folder, write_reduced
from reviewlens.errors import EncoderError, InputError

TEXTS = ["the tea", "was the passage", "find tea", "", "好吃"]


# -- the first numbers -------------------------------------------------------------------------


def test_first_numbers_are_scaled_again() -> None:
    whole = np.array([[0.6, 0.8, 0.0], [0.0, 0.28, 0.96]], dtype=np.float32)
    assert truncated(whole, 2) == pytest.approx(np.array([[0.6, 0.8], [0.0, 1.0]]))
    assert truncated(whole, 3) == pytest.approx(whole)
    assert truncated(whole[:0], 2).shape == (0, 2)
    with pytest.raises(EncoderError, match="first 1 numbers of a vector are all zero"):
        truncated(whole, 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all-MiniLM-L6-v2", ("all-MiniLM-L6-v2", None)),
        ("all-MiniLM-L6-v2+128d", ("all-MiniLM-L6-v2", 128)),
        ("all-MiniLM-L6-v2+int8+64d", ("all-MiniLM-L6-v2+int8", 64)),
        ("org/model@main+128", ("org/model@main+128", None)),
        ("+128d", ("+128d", None)),
    ],
)
def test_dimensions_stand_at_the_end_of_a_name(name: str, expected: tuple[str, int]) -> None:
    assert split_dimensions(name) == expected


def test_a_folder_may_be_called_so(make_model: ModelMaker) -> None:
    folder = make_model("model+8d")
    assert load_encoder(str(folder)).dimension == DIMENSION
    assert load_encoder(f"{folder}+4d").dimension == 4


def test_argument_name_and_both_are_one_encoder() -> None:
    named = load_encoder("all-MiniLM-L6-v2+128d")
    given = load_encoder(dimensions=128)
    both = load_encoder("all-MiniLM-L6-v2+256d", dimensions=128)
    assert {named.name, given.name, both.name} == {"all-MiniLM-L6-v2+128d"}
    assert named.fingerprint == given.fingerprint == both.fingerprint
    assert load_encoder("all-MiniLM-L6-v2+64d").fingerprint != named.fingerprint
    rounded = load_encoder(precision="int8", dimensions=128)
    assert rounded.name == "all-MiniLM-L6-v2+int8+128d"
    assert load_encoder(rounded.name).fingerprint == rounded.fingerprint != named.fingerprint


def test_all_dimensions_are_the_encoder_itself() -> None:
    whole = load_encoder()
    assert load_encoder(dimensions=384).name == whole.name
    assert load_encoder("all-MiniLM-L6-v2+384d").fingerprint == whole.fingerprint


@pytest.mark.parametrize("dimensions", [0, -1, 385])
def test_dimensions_that_are_not_there_are_refused(dimensions: int) -> None:
    with pytest.raises(EncoderError, match=r"has 384 dimensions; .*--dimensions from 1 to 384"):
        load_encoder(dimensions=dimensions)


def test_vectors_are_those_of_the_whole_cut_off(default_encoder: Encoder) -> None:
    reduced = ReducedEncoder(default_encoder, 100)
    texts = ["Arrived broken.", "Great coffee!", ""]
    whole = default_encoder.encode_documents(texts)[:, :100]
    by_hand = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    assert np.abs(reduced.encode_documents(texts) - by_hand).max() < 1e-6
    assert np.abs(reduced.encode_queries(texts) - by_hand).max() < 1e-5
    assert reduced.count_tokens(texts) == default_encoder.count_tokens(texts)
    words = reduced.average_words(texts)
    assert words is not None
    assert words.shape[0] == 3


def test_a_sample_of_whole_vectors_is_kept() -> None:
    fake = FakeEncoder(dimension=12)
    reduced = ReducedEncoder(fake, 5)
    assert reduced.sample().shape == (0, 12)
    reduced.encode_queries(["not a document"])
    reduced.encode_documents(["a b", "c", "a b"])
    assert np.abs(reduced.sample() - fake.encode_documents(["a b", "c"])).max() < 1e-6
    reduced.encode_documents([f"text {number}" for number in range(SAMPLE + 10)])
    assert reduced.sample().shape == (SAMPLE, 12)
    assert reduced.average_words(["a"]) is None


def test_a_preloaded_one_is_ready(default_encoder: Encoder) -> None:
    ready = preload_encoder("all-MiniLM-L6-v2", dimensions=64).result()
    assert (ready.name, ready.dimension) == ("all-MiniLM-L6-v2+64d", 64)
    assert ready.encode_queries(["tea"]).shape == (1, 64)


# -- a layer -----------------------------------------------------------------------------------


@pytest.fixture
def components() -> np.ndarray:
    random = np.random.default_rng(3).standard_normal((DIMENSION, 6))
    return np.linalg.qr(random)[0].T


@pytest.mark.parametrize("normalized", [False, True])
def test_layer_is_applied_to_unit_vectors(
    make_running_model: ModelMaker, tmp_path: Path, components: np.ndarray, *, normalized: bool
) -> None:
    whole = load_encoder(str(make_running_model()), device="cpu")
    source = extensible_folder(whole)
    if normalized:
        path = source.path / "modules.json"
        modules = json.loads(path.read_text())
        modules.append(
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            }
        )
        path.write_text(json.dumps(modules))
        source = extensible_folder(load_encoder(str(source.path), device="cpu"))
    write_reduced(source, tmp_path / "shorter", components=components)
    encoder = load_encoder(str(tmp_path / "shorter"), device="cpu")
    assert (encoder.dimension, encoder.window) == (6, whole.window)
    projected = whole.encode_documents(TEXTS) @ components.T
    by_hand = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    assert np.abs(encoder.encode_documents(TEXTS) - by_hand).max() < 1e-5
    assert encoder.notes == ()  # by the graph, not by torch


def test_sentence_transformers_loads_the_folder_alike(
    make_running_model: ModelMaker, tmp_path: Path, components: np.ndarray
) -> None:
    from sentence_transformers import SentenceTransformer

    whole = load_encoder(str(make_running_model()), device="cpu")
    write_reduced(extensible_folder(whole), tmp_path / "shorter", components=components)
    theirs = SentenceTransformer(str(tmp_path / "shorter"), device="cpu", local_files_only=True)
    ours = load_encoder(str(tmp_path / "shorter"), device="cpu")
    given = theirs.encode(TEXTS, show_progress_bar=False)
    assert np.abs(given - ours.encode_documents(TEXTS)).max() < 1e-5


def test_another_layer_is_another_encoder(
    make_running_model: ModelMaker, tmp_path: Path, components: np.ndarray
) -> None:
    source = extensible_folder(load_encoder(str(make_running_model()), device="cpu"))
    for name, layer in {"a": components, "b": components, "c": -components}.items():
        write_reduced(source, tmp_path / name, components=layer)
    made = [load_encoder(str(tmp_path / name)).fingerprint for name in "abc"]
    assert made[0] == made[1] != made[2]


def test_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    check_target(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    check_target(tmp_path / "empty")
    with pytest.raises(InputError, match="is there already; give --output a folder that is not"):
        check_target(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is there already"):
        check_target(tmp_path / "file")


def test_a_place_that_cannot_be_written_is_named(
    make_model: ModelMaker, tmp_path: Path, components: np.ndarray
) -> None:
    encoder = load_encoder(str(make_model()))
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"cannot be written to .*file/shorter"):
        write_reduced(
            extensible_folder(encoder), tmp_path / "file" / "shorter", components=components
        )


def test_an_interrupted_write_leaves_nothing(make_model: ModelMaker, tmp_path: Path) -> None:
    class Killed:
        """Components that are asked for their numbers when the run is killed."""

        shape = (4, 16)

        def __array__(self, *_: object, **__: object) -> np.ndarray:
            assert any((tmp_path / "out").iterdir())
            raise KeyboardInterrupt

    source, killed = extensible_folder(load_encoder(str(make_model()))), Killed()
    with pytest.raises(KeyboardInterrupt):
        write_reduced(source, tmp_path / "out" / "m", components=killed)  # type: ignore[arg-type]
    assert list((tmp_path / "out").iterdir()) == []


def test_what_no_layer_can_follow_is_refused(make_model: ModelMaker) -> None:
    with pytest.raises(EncoderError, match="folder of a sentence-transformers model, and fake"):
        extensible_folder(FakeEncoder())
    with pytest.raises(EncoderError, match=r"\+int8 is rounded"):
        extensible_folder(load_encoder(str(make_model("rounded")), precision="int8"))
    cut = make_model("cut", config_sentence_transformers={"truncate_dim": 8})
    with pytest.raises(EncoderError, match="its vectors are cut off"):
        extensible_folder(load_encoder(str(cut)))
    plain = load_encoder(str(make_model("plain")))
    assert isinstance(plain, ModelEncoder)
    assert extensible_folder(plain) == plain.folder
