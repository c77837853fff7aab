"""The path of a GPU, on a device that only says that it is one: none was at hand."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_models import ModelMaker

from reviewlens.encoders import load_encoder
from reviewlens.encoders.accelerators import WORTH_IT, AcceleratedEncoder, find_accelerator
from reviewlens.encoders.model import Model
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


def on_device(
    folder: Path, *, moved_by: float
) -> tuple[SentenceTransformersEncoder, list[FakeNetwork]]:
    """An encoder on such a device, and the networks that it loads."""
    made: list[FakeNetwork] = []

    def load(model: object, device: str | None) -> Any:
        assert device == "cuda"
        made.append(FakeNetwork(moved_by))
        return made[-1]

    return SentenceTransformersEncoder(Model(folder, name="m"), device="cuda", load=load), made


def test_a_device_that_is_named_is_used(folder: Path) -> None:
    encoder = load_encoder(str(folder), device="cuda")
    assert isinstance(encoder, SentenceTransformersEncoder)
    assert encoder._device == "cuda"


def test_a_device_runs_in_half_precision_with_larger_batches(folder: Path) -> None:
    encoder, made = on_device(folder, moved_by=0.001)
    vectors = encoder.encode_documents(["tea", "the tea"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert [network.halved for network in made] == [True]
    assert made[0].batch_sizes[-1] == 256
    assert encoder.notes == ()


def test_half_precision_that_gives_other_vectors_is_not_used(folder: Path) -> None:
    encoder, made = on_device(folder, moved_by=0.5)
    encoder.encode_documents(["tea"])
    assert [network.halved for network in made] == [True, False]
    assert "runs in full precision on" in encoder.notes[0]


def test_a_gpu_gets_many_documents_and_nothing_else(folder: Path) -> None:
    given: list[tuple[str, int]] = []

    class Processor(OnnxEncoder):
        def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
            given.append(("processor", len(texts)))
            return np.zeros((len(texts), 16), dtype=np.float32)

    class Accelerator(SentenceTransformersEncoder):
        def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
            given.append(("accelerator", len(texts)))
            return np.zeros((len(texts), 16), dtype=np.float32)

    model = Model(folder, name="m")
    encoder = AcceleratedEncoder(model, Processor(model), Accelerator(model))
    encoder.encode_documents(["tea"] * WORTH_IT)
    encoder.encode_documents(["tea"] * (WORTH_IT - 1))
    encoder.encode_queries(["tea"] * WORTH_IT)
    assert given == [
        ("accelerator", WORTH_IT),
        ("processor", WORTH_IT - 1),
        ("processor", WORTH_IT),
    ]


def machine_with(
    monkeypatch: pytest.MonkeyPatch,
    *,
    system: str = "linux",
    machine: str = "x86_64",
    torch: str = "2.13.0",
    devices: int | None,
) -> None:
    """Make this a machine of that kind, with so many GPUs; None: without NVIDIA's driver."""

    def count(pointer: Any) -> int:
        pointer._obj.value = devices
        return 0

    def library(name: str) -> object:
        if devices is None:
            raise OSError(name)
        return SimpleNamespace(cuInit=lambda flags: 0, cuDeviceGetCount=count)

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(metadata, "version", lambda package: torch)
    monkeypatch.setattr(ctypes, "CDLL", library)


def test_a_gpu_that_is_found_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine_with(monkeypatch, devices=1)
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, AcceleratedEncoder)
    assert isinstance(encoder._processor, OnnxEncoder)
    assert encoder._accelerator._device == "cuda"
    machine_with(monkeypatch, devices=0)
    assert isinstance(load_encoder(str(folder)), OnnxEncoder)


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
    machine_with(monkeypatch, system=system, machine=machine, torch=torch, devices=devices)
    assert find_accelerator() == expected
