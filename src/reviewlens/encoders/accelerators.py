"""Finding a GPU without importing torch, and sharing the work with it."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING

from reviewlens.encoders.model_encoder import ModelEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.encoders.model import Model
    from reviewlens.encoders.onnx_runtime import OnnxEncoder
    from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder

WORTH_IT = 256
"""Texts from which on loading torch and filling a GPU takes less time than the processor would."""


def find_accelerator() -> str | None:
    """Return `cuda` or `mps` where there is such a device and a torch that uses it, else None."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else None
    if metadata.version("torch").endswith("+cpu"):
        return None
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    devices = ctypes.c_int(0)
    counted = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(devices)) == 0
    return "cuda" if counted and devices.value else None


class AcceleratedEncoder(ModelEncoder):
    """An `Encoder` that gives many documents to a GPU; few, and queries, to the processor.

    Args:
        model: The model.
        processor: It on the processor, starts within a second.
        accelerator: It on a device.
    """

    def __init__(
        self, model: Model, processor: OnnxEncoder, accelerator: SentenceTransformersEncoder
    ) -> None:
        super().__init__(model)
        self._processor = processor
        self._accelerator = accelerator

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the model is run; empty as long as nothing ran."""
        return (*self._processor.notes, *self._accelerator.notes)

    def preload(self) -> None:
        """Prepares the processor for queries."""
        self._processor.preload()

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by, on the processor; else as `encode_documents`."""
        return self._processor.encode_queries(texts)

    def average_words(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Embeds texts by their words alone, on the processor; None where it cannot."""
        return self._processor.average_words(texts)

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Embeds texts with that prompt before each; else as `encode_documents`."""
        chosen = self._accelerator if len(texts) >= WORTH_IT else self._processor
        return chosen.encode(texts, prompt)
