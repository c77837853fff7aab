from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.encoders.batching import Streams, physical_cores, token_batches


@given(st.lists(st.integers(0, 600), max_size=60), st.integers(1, 2_000))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(token_batches(lengths, budget))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = max(lengths[index] for index in batch) * len(batch)
        assert padded <= budget or len(batch) == 1


def test_texts_of_like_length_are_read_together() -> None:
    assert list(token_batches([3, 50, 4, 49, 2], 100)) == [[1, 3], [2, 0, 4]]


def test_streams_keep_the_order_and_take_few_items_ahead() -> None:
    taken = 0
    gate = threading.Event()

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(50):
            taken += 1
            yield number

    def work(number: int) -> int:
        gate.wait(10)
        return number * number

    results = Streams(2).map(work, items())
    threading.Timer(0.2, gate.set).start()
    assert next(results) == 0
    assert taken <= 2 * 2
    assert list(results) == [number * number for number in range(1, 50)]


def test_an_error_in_a_stream_reaches_the_caller() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = Streams(2).map(work, range(100))
    with pytest.raises(ValueError, match="three"):
        list(results)


def test_there_is_a_core() -> None:
    assert physical_cores() >= 1
