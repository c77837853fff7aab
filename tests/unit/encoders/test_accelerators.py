"""The path of a GPU, on a device that only says that it is one: none was at hand."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_models import ModelMaker

from reviewlens import encoders
from reviewlens.encoders import accelerators, load_encoder, sentence_transformers
from reviewlens.encoders.accelerators import WORTH_IT, AcceleratedEncoder, find_accelerator
from reviewlens.encoders.onnx_runtime import OnnxEncoder
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder


class FakeNetwork:
    """A network on a device: half precision moves its vectors by as much as it is told."""

    def __init__(self, moved_by: float) -> None:
        self.device = SimpleNamespace(type="cuda")
        self.moved_by = moved_by
        self.halved = False
        self.batch_sizes: list[int] = []

    def half(self) -> None:
        self.halved = True

    def encode(self, texts: list[str], *, batch_size: int = 32, **_: Any) -> NDArray[np.float32]:
        self.batch_sizes.append(batch_size)
        vectors = np.ones((len(texts), 16), dtype=np.float16 if self.halved else np.float32)
        vectors[:, 0] += self.moved_by * self.halved
        return vectors


@pytest.fixture
def folder(make_model: ModelMaker) -> Path:
    return make_model()


def loaded_networks(monkeypatch: pytest.MonkeyPatch, moved_by: float) -> list[FakeNetwork]:
    made: list[FakeNetwork] = []

    def load(model: object, device: str | None) -> FakeNetwork:
        assert device == "cuda"
        made.append(FakeNetwork(moved_by))
        return made[-1]

    monkeypatch.setattr(sentence_transformers, "load_network", load)
    return made


def test_a_device_runs_in_half_precision_with_larger_batches(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loaded_networks(monkeypatch, moved_by=0.001)
    encoder = load_encoder(str(folder), device="cuda")
    assert isinstance(encoder, SentenceTransformersEncoder)
    vectors = encoder.encode_documents(["tea", "the tea"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert [network.halved for network in made] == [True]
    assert made[0].batch_sizes[-1] == 256
    assert encoder.notes == ()


def test_half_precision_that_gives_other_vectors_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loaded_networks(monkeypatch, moved_by=0.5)
    encoder = load_encoder(str(folder), device="cuda")
    encoder.encode_documents(["tea"])
    assert [network.halved for network in made] == [True, False]
    assert "runs in full precision on" in encoder.notes[0]


def test_a_gpu_that_is_found_gets_many_documents_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "find_accelerator", lambda: "cuda")
    given: list[tuple[str, int]] = []

    def encode(self: object, texts: list[str], prompt: str) -> NDArray[np.float32]:
        given.append((type(self).__name__, len(texts)))
        return np.zeros((len(texts), 16), dtype=np.float32)

    for kind in (OnnxEncoder, SentenceTransformersEncoder):
        monkeypatch.setattr(kind, "encode", encode)
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, AcceleratedEncoder)
    encoder.encode_documents(["tea"] * WORTH_IT)
    encoder.encode_documents(["tea"] * (WORTH_IT - 1))
    encoder.encode_queries(["tea"] * WORTH_IT)
    assert given == [
        ("SentenceTransformersEncoder", WORTH_IT),
        ("OnnxEncoder", WORTH_IT - 1),
        ("OnnxEncoder", WORTH_IT),
    ]


@pytest.mark.parametrize(
    ("system", "machine", "torch", "devices", "expected"),
    [
        ("darwin", "arm64", "2.13.0", 0, "mps"),
        ("darwin", "x86_64", "2.2.0", 0, None),
        ("linux", "x86_64", "2.13.0+cpu", 1, None),
        ("linux", "x86_64", "2.13.0", 1, "cuda"),
        ("linux", "x86_64", "2.13.0", 0, None),
        ("linux", "x86_64", "2.13.0", None, None),
    ],
)
def test_a_gpu_is_found_without_torch(
    system: str,
    machine: str,
    torch: str,
    devices: int | None,
    expected: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def count(pointer: Any) -> int:
        pointer._obj.value = devices
        return 0

    def library(name: str) -> object:
        if devices is None:
            raise OSError(name)
        return SimpleNamespace(cuInit=lambda flags: 0, cuDeviceGetCount=count)

    monkeypatch.setattr(accelerators, "sys", SimpleNamespace(platform=system))
    monkeypatch.setattr(accelerators.platform, "machine", lambda: machine)
    monkeypatch.setattr(accelerators.metadata, "version", lambda package: torch)
    monkeypatch.setattr(ctypes, "CDLL", library)
    assert find_accelerator() == expected
