"""Slices for tests, made of as little as a test says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.ground.slices import Slice

ENCODER = FakeEncoder()


def slice_of(
    texts: Sequence[str],
    vectors: NDArray[Any] | None = None,
    *,
    stars: Sequence[float | None] | None = None,
    dates: Sequence[str | None] | None = None,
    **columns: Sequence[Any],
) -> Slice:
    """Return reviews `r0000`, `r0001`, … of these texts.

    Args:
        texts: What the reviews say.
        vectors: Made unit length; the bag of words of `FakeEncoder` without.
        stars: None for a review without.
        dates: ISO dates, None for a review without.
        **columns: Other fields of `Slice`, such as `products` or `languages`.
    """
    count = len(texts)
    found = ENCODER.encode_documents(texts) if vectors is None else np.asarray(vectors, np.float32)
    if vectors is not None:
        found = found / np.linalg.norm(found, axis=1, keepdims=True)
    blank = ("",) * count
    counts = ENCODER.count_tokens(texts)
    fields: dict[str, Any] = {
        "ids": tuple(f"r{row:04}" for row in range(count)),
        "titles": blank,
        "products": blank,
        "authors": blank,
        "sources": blank,
        "languages": ("en",) * count,
        "clusters": np.full(count, -1, np.int32),
        "extra": ({},) * count,
        "fixed": ((),) * count,
        "tokens": np.array([one.tokens for one in counts], np.int32),
        "unknown": np.array([one.unknown for one in counts], np.int32),
    }
    fields |= {name: tuple(values) for name, values in columns.items()}
    return Slice(
        vectors=found,
        texts=tuple(texts),
        stars=np.array([np.nan if s is None else s for s in stars or [None] * count], np.float64),
        times=np.array(["NaT" if d is None else d for d in dates or [None] * count], "M8[ms]"),
        **fields,
    )
