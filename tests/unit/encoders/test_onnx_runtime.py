"""The exported graph: that it is the same encoder, and that no other file is taken for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from small_models import ModelMaker

from reviewlens.encoders import Encoder, WordAverager, load_encoder
from reviewlens.encoders.graph_cache import cache_directory
from reviewlens.encoders.model import Model
from reviewlens.encoders.onnx_export import export
from reviewlens.encoders.onnx_runtime import WINDOW_TEXTS, OnnxEncoder
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.errors import EncoderError

WORDS = ("the", "tea", "was")
TEXTS = ["the tea was the tea", "tea", "find the passage " * 9, "was : was", ""]


@pytest.fixture(scope="session")
def int8_encoder() -> Encoder:
    return load_encoder(precision="int8")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "cache"))
    return cache_directory()


@pytest.fixture
def small(make_running_model: ModelMaker, cache: Path) -> Model:
    del cache  # made first: nothing of the small model may stay
    return Model(make_running_model(), name="small")


def exported(
    model: Model, exporter: Callable[[Model, Path], NDArray[np.float32]] = export
) -> tuple[OnnxEncoder, NDArray[np.float32]]:
    encoder = OnnxEncoder(model, exporter=exporter)
    return encoder, encoder.encode_documents(TEXTS)


def original(model: Model) -> NDArray[np.float32]:
    return SentenceTransformersEncoder(model, device="cpu").encode_documents(TEXTS)


def least_cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float((first * second).sum(axis=1).min())


def test_a_graph_that_is_loaded_is_not_loaded_again(small: Model) -> None:
    """Whoever opens a collection with an encoder that was used before has it preloaded."""
    encoder, _ = exported(small)
    loaded = encoder._graph
    encoder.preload()
    assert loaded is not None
    assert encoder._graph is loaded


def test_a_graph_and_its_original_are_one_encoder(default_encoder: Encoder) -> None:
    texts = ["Stale.", "It was good, " * 30, "bitter tea " * 300, "Le thé était froid", "好吃", ""]
    model = Model(_default_folder(), name="all-MiniLM-L6-v2")
    torch = SentenceTransformersEncoder(model, device="cpu")
    assert torch.fingerprint == default_encoder.fingerprint
    documents = default_encoder.encode_documents(texts), torch.encode_documents(texts)
    assert least_cosine(*documents) > 0.99999
    queries = default_encoder.encode_queries(texts), torch.encode_queries(texts)
    assert least_cosine(*queries) > 0.99999


def _default_folder() -> Path:
    from reviewlens.encoders.sources import find_model

    return find_model("all-MiniLM-L6-v2").path


def test_windows_and_batches_leave_the_order_alone(small: Model) -> None:
    encoder = OnnxEncoder(small)
    texts = [" ".join(words) for length in range(8) for words in product(WORDS, repeat=length)]
    texts = texts[-40:] + texts[:: len(texts) // WINDOW_TEXTS]
    assert WINDOW_TEXTS + 40 <= len(set(texts)) < 2 * WINDOW_TEXTS
    together = encoder.encode_documents(texts)
    assert len(together) == len(texts)
    some = [*range(30), *range(WINDOW_TEXTS - 10, WINDOW_TEXTS + 10), len(texts) - 1]
    alone = np.vstack([encoder.encode_documents([texts[place]]) for place in some])
    assert np.abs(together[some] - alone).max() < 1e-6
    assert np.abs(np.diff(together[some], axis=0)).max(axis=1).min() > 1e-3


def test_a_second_encoder_loads_what_the_first_exported(small: Model) -> None:
    def again(*_: object) -> NDArray[np.float32]:
        raise AssertionError("exported again")

    first, vectors = exported(small)
    assert least_cosine(vectors, original(small)) > 0.99999
    second, loaded = exported(small, again)
    assert np.array_equal(vectors, loaded)
    assert first.notes == second.notes == ()


@pytest.mark.parametrize(
    "damage", ["truncated", "swapped", "missing", "words", "manifest", "other manifest"]
)
def test_a_damaged_graph_is_made_anew_with_a_note(damage: str, small: Model, cache: Path) -> None:
    exported(small)
    folder = cache / small.fingerprint
    graph, manifest = folder / "model.onnx", folder / "manifest.json"
    sound = graph.read_bytes()
    if damage == "truncated":
        graph.write_bytes(sound[:-100])
    elif damage == "swapped":
        graph.write_bytes(sound.replace(b"ai.onnx", b"xi.onnx") + b"\0")
    elif damage == "missing":
        graph.unlink()
    elif damage == "words":
        words = np.load(folder / "words.npy")
        np.save(folder / "words.npy", -words)
    elif damage == "manifest":
        manifest.write_text("{", encoding="utf-8")
    else:  # a folder in good order, of another model
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(facts | {"fingerprint": "f" * 64}), encoding="utf-8")
    encoder, vectors = exported(small)
    (note,) = encoder.notes
    assert "in the cache was made anew: " in note
    assert least_cosine(vectors, original(small)) > 0.99999
    assert graph.read_bytes() == sound
    assert exported(small)[0].notes == ()
    assert [path.name for path in cache.iterdir()] == [small.fingerprint]


def test_the_words_of_the_default_model_tell_what_is_near(default_encoder: Encoder) -> None:
    assert isinstance(default_encoder, WordAverager)
    words = default_encoder.average_words(
        ["the dog refuses to eat it", "My puppy will not eat this food.", "The price went up.", ""]
    )
    assert words is not None
    assert np.linalg.norm(words, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    near, far, nothing = words[1:] @ words[0]
    assert near > far + 0.2
    assert nothing == 0


def test_a_graph_that_disagrees_is_refused_once(small: Model, cache: Path) -> None:
    calls = []

    def disagreeing(model: Model, folder: Path) -> NDArray[np.float32]:
        calls.append(model)
        return -export(model, folder)

    encoder, vectors = exported(small, disagreeing)
    (note,) = encoder.notes
    assert "small runs with torch, which is slower" in note
    assert "gives other vectors than the original (cosine -1.0" in note
    assert np.array_equal(vectors, original(small))
    assert not (cache / small.fingerprint / "model.onnx").exists()
    assert exported(small, disagreeing)[0].notes == encoder.notes
    assert len(calls) == 1
    path = cache / small.fingerprint / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["facts"]["by"]["onnxruntime"] = "0.1"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    exported(small, disagreeing)  # another version may be able to
    assert len(calls) == 2


def test_a_model_that_cannot_be_exported_runs_with_torch(
    small: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator\nand more")

    monkeypatch.setattr("torch.onnx.export", failing)
    encoder, vectors = exported(small)
    assert "it cannot be exported (RuntimeError: no such operator)." in encoder.notes[0]
    assert np.array_equal(vectors, original(small))


def test_a_cache_that_cannot_be_written_is_named(
    small: Model, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.parent.write_text("a file", encoding="utf-8")
    encoder, vectors = exported(small)
    assert "cannot be written" in encoder.notes[0]
    assert "REVIEWLENS_CACHE" in encoder.notes[0]
    assert np.array_equal(vectors, original(small))


def test_a_graph_that_others_could_have_written_is_not_loaded(small: Model, cache: Path) -> None:
    exported(small)
    (cache / small.fingerprint / "manifest.json").chmod(0o666)
    encoder, vectors = exported(small)
    assert "can be written by others" in encoder.notes[0]
    assert "REVIEWLENS_CACHE" in encoder.notes[0]
    assert np.array_equal(vectors, original(small))


def test_an_export_that_dies_leaves_nothing_to_be_used(
    small: Model, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("torch.onnx.export", killed)
    with pytest.raises(KeyboardInterrupt):
        exported(small)
    assert list(cache.iterdir()) == []


def test_another_process_may_put_the_graph_there_first(small: Model, cache: Path) -> None:
    exported(small)
    other = cache.with_name("other")
    shutil.copytree(cache, other)
    encoder = OnnxEncoder(small)
    make = encoder._make

    def overtaken(folder: Path) -> dict[str, object]:
        facts = make(folder)
        shutil.copytree(other / small.fingerprint, cache / small.fingerprint, dirs_exist_ok=True)
        return facts

    encoder._make = overtaken  # type: ignore[method-assign]
    shutil.rmtree(cache / small.fingerprint)
    assert least_cosine(encoder.encode_documents(TEXTS), original(small)) > 0.99999
    assert [path.name for path in cache.iterdir()] == [small.fingerprint]


def test_int8_is_another_encoder_that_its_name_loads_again(
    int8_encoder: Encoder, default_encoder: Encoder
) -> None:
    assert int8_encoder.name == "all-MiniLM-L6-v2+int8"
    assert int8_encoder.fingerprint != default_encoder.fingerprint
    assert load_encoder(int8_encoder.name).fingerprint == int8_encoder.fingerprint
    texts = ["The tea was stale and bitter.", "Arrived broken, box crushed.", "Great price!"]
    cosines = (int8_encoder.encode_queries(texts) * default_encoder.encode_queries(texts)).sum(1)
    assert cosines.min() > 0.97
    assert cosines.max() < 0.99999


def test_an_int8_vector_does_not_depend_on_its_company(int8_encoder: Encoder) -> None:
    texts = [f"Review {number}: " + "quite good " * (number % 7) for number in range(20)]
    together = int8_encoder.encode_documents(texts)
    alone = np.vstack([int8_encoder.encode_documents([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_int8_has_no_fallback(small: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr("onnxruntime.quantization.quantize_dynamic", failing)
    model = Model(small.folder.path, name="small+int8", precision="int8")
    with pytest.raises(EncoderError, match=r"small\+int8 cannot be run: it cannot be exported"):
        OnnxEncoder(model).encode_documents(["tea"])


def test_a_precision_that_is_none_is_refused() -> None:
    with pytest.raises(EncoderError, match="no precision fp8; give fp32 or int8"):
        load_encoder(precision="fp8")  # type: ignore[arg-type]
    with pytest.raises(EncoderError, match="runs on the processor alone"):
        load_encoder(precision="int8", device="cuda")
