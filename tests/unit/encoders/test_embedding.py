"""What an encoder gives is checked before anybody uses it, whoever wrote the encoder."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reviewlens
from fakes import FakeEncoder
from reviewlens.encoders import embed_documents, embed_queries
from reviewlens.errors import EncoderError

TEXTS = ["A bright lamp.", "A dull lamp.", "A kettle."]
UNIT = np.eye(3, 4, dtype=np.float64)


class Giving(FakeEncoder):
    """Gives what it is told to."""

    def __init__(self, given: Any) -> None:
        super().__init__(dimension=4, name="my-own")
        self._given = given

    def encode_documents(self, texts: Sequence[str]) -> Any:
        return self._given


def _with(place: tuple[int, int], value: float) -> np.ndarray:
    given = UNIT.copy()
    given[place] = value
    return given


class InTraining:
    """A tensor of torch that keeps a gradient."""

    def __array__(self, *_: object, **__: object) -> np.ndarray:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


WRONG: dict[str, tuple[Any, str]] = {
    "no number": (_with((1, 0), np.nan), "not finite.*'A dull lamp.'"),
    "no end": (_with((2, 0), -np.inf), "not finite.*'A kettle.'"),
    "beyond 32 bits": (_with((2, 2), 1e60), "not finite.*'A kettle.'"),
    "too long": (UNIT * 2, "length 2 .*'A bright lamp.'"),
    "nothing": (_with((1, 1), 0.0), "length 0 .*'A dull lamp.'"),
    "part of training": (InTraining(), r"no array \(Can't call numpy\(\)"),
    "a row too many": (np.eye(4), r"shape \(4, 4\) for 3 texts; wanted \(3, 4\)"),
    "a row too few": (UNIT[:2], r"shape \(2, 4\) for 3 texts"),
    "too few numbers": (UNIT[:, :3], r"shape \(3, 3\) for 3 texts"),
    "flat": (UNIT.ravel(), r"shape \(12,\) for 3 texts"),
    "ragged": ([[1.0, 0, 0, 0], [1.0], [1.0]], "no array"),
    "words": ([["a"] * 4] * 3, "array of <U1"),
    "nothing at all": (None, "array of object"),
    "complex": (UNIT * 1j, "array of complex128"),
}


@pytest.mark.parametrize("embed", [embed_documents, embed_queries])
@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_used_is_refused(kind: str, embed: Callable[..., Any]) -> None:
    given, said = WRONG[kind]
    with pytest.raises(EncoderError, match=f"my-own gave .*{said}"):
        embed(Giving(given), TEXTS)


@pytest.mark.parametrize(
    "given",
    [UNIT, UNIT.tolist(), UNIT.astype(int), UNIT.astype(np.float16), UNIT[:, ::-1], UNIT * 1.0005],
    ids=["64 bits", "lists", "whole numbers", "16 bits", "a view", "rounded"],
)
def test_what_can_be_used_comes_as_32_bits(given: Any) -> None:
    vectors = embed_documents(Giving(given), TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.float32, (3, 4))
    assert vectors.flags.c_contiguous
    assert vectors == pytest.approx(np.asarray(given, dtype=float))


@pytest.mark.parametrize("length", [0.9955, 1.0048])
def test_a_vector_that_was_scaled_in_bfloat16_is_used_and_of_length_1(length: float) -> None:
    vectors = embed_documents(Giving(UNIT * length), TEXTS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_the_review_is_named_where_it_is_known() -> None:
    with pytest.raises(EncoderError, match="of the review 'shop-2'"):
        embed_documents(Giving(WRONG["no number"][0]), TEXTS, ids=["shop-1", "shop-2", "shop-3"])


def test_an_encoder_is_not_asked_for_no_texts() -> None:
    assert embed_documents(Giving(None), []).shape == (0, 4)


def test_nobody_takes_vectors_from_an_encoder_unchecked() -> None:
    source = Path(reviewlens.__file__).parent
    taking = re.compile(r"\.encode_(documents|queries)\b")
    found = {
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if taking.search(file.read_text(encoding="utf-8"))
    }
    # Those in `encoders` are made of one another.
    assert {name for name in found if not name.startswith("encoders/")} == set()
