from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import numpy as np

from reviewlens.ground.slices import read_slice
from reviewlens.store import Filters, StoredPassage
from reviewlens.text.boilerplate import NO_BOILERPLATE


class Store:
    """One review whose text stands for none."""

    pin = SimpleNamespace(dimension=2)
    made_with = SimpleNamespace(sources={})
    boilerplate = NO_BOILERPLATE

    def passage_ids(self, filters: Filters, *, base: str) -> list[str]:
        return ["r#0"]

    def pages(self, keys: Sequence[str], fields: Sequence[str]) -> Iterator[list[StoredPassage]]:
        vector = np.array([1, 0], dtype=np.float32)
        yield [
            StoredPassage(
                review_id="r", passage=0, text="t", original="nan", title="Nice &amp; new",
                vector=vector,
            )
        ]  # fmt: skip


def test_placeholder_is_no_text_of_a_slice() -> None:
    found = read_slice(Store())  # type: ignore[arg-type]
    assert (found.texts, found.titles) == (("",), ("Nice & new",))
