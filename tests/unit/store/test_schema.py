"""Rows on their way into Milvus and back; batches that a server takes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.store import FIELDS, StoredPassage, passage_id
from reviewlens.store.schema import (
    as_number,
    batches,
    build_schema,
    decode_extra,
    decode_row,
    described_analyzer,
    encode_extra,
    encode_row,
    number_key,
    text_key,
)

VECTOR = np.ones(4, dtype=np.float32) / 2
_names = st.text(st.characters(exclude_categories=["Cs"]) | st.just("#"), max_size=12)
_values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers().map(str),
    st.floats(allow_nan=True).map(str),
)


def passage(number: int, **fields: object) -> StoredPassage:
    return StoredPassage(f"r{number}", 0, **{"vector": VECTOR, **fields})  # type: ignore[arg-type]


@given(st.dictionaries(_names, _values, max_size=8))
def test_extra_columns_come_back_as_they_were(extra: dict[str, str]) -> None:
    """Through JSON, as Milvus keeps them, and whatever number of `#` a name begins with."""
    encoded = json.loads(json.dumps(encode_extra(extra), allow_nan=False))
    assert decode_extra(encoded) == extra


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["", "a", "b"])), unique=True))
def test_no_two_columns_share_a_key(names: list[tuple[int, str]]) -> None:
    columns = ["#" * marks + rest for marks, rest in names]
    keys = [key for column in columns for key in (text_key(column), number_key(column))]
    assert len(set(keys)) == 2 * len(columns)


def test_numbers_stand_beside_their_texts() -> None:
    extra = {"delay": "3.0", "version": "1.2.3", "#n": "5", "none": ""}
    assert encode_extra(extra) == {
        "delay": "3.0",
        "#delay": 3.0,
        "version": "1.2.3",
        "##n": "5",
        "###n": 5.0,
        "none": "",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3.0), (" -2.5 ", -2.5), ("1e3", 1000.0), ("1_000", None), ("nan", None), ("inf", None),
     ("", None), ("3 days", None), ("0x10", None), ("1,5", None), ("1e999", None)],
)  # fmt: skip
def test_number_is_told_from_text(text: str, number: float | None) -> None:
    assert as_number(text) == number


@given(
    rating=st.none() | st.floats(1, 5, width=32),
    rating_given=st.none() | st.floats(-1e9, 1e9, width=32),
    time=st.none() | st.integers(-(2**61), 2**53),
)
def test_absent_is_none_on_both_sides_and_never_a_value(
    rating: float | None, rating_given: float | None, time: int | None
) -> None:
    row = encode_row(passage(1, rating=rating, rating_given=rating_given, time=time))
    assert not any(value is None for value in row.values())
    for name in ("rating", "rating_given"):
        row[name] = float(np.float32(row[name]))  # what a FLOAT field keeps
    back = decode_row(row)
    assert (back.rating is None, back.rating_given is None) == (
        rating is None,
        rating_given is None,
    )
    assert back.time == time
    if rating is not None:
        assert back.rating == pytest.approx(rating, rel=1e-6)


def test_row_holds_every_field_and_comes_back_whole() -> None:
    given_ = passage(1, title="T", rating=3.7, time=5, extra={"city": "Paris"}, cluster=2)
    row = encode_row(given_)
    assert set(row) == set(FIELDS)
    back = decode_row(row)
    for name in set(FIELDS) - {"vector"}:
        assert name == "id" or getattr(back, name) == getattr(given_, name), name


def test_fields_not_asked_for_keep_their_defaults() -> None:
    back = decode_row({"id": "a#b#12", "title": "T"})
    assert back == StoredPassage("a#b", 12, title="T")
    assert passage_id("a#b", 12) == "a#b#12"


@pytest.mark.parametrize("keywords", [True, False])
def test_schema_has_every_field_that_is_written(keywords: bool) -> None:  # noqa: FBT001
    schema = build_schema(4, keywords=keywords).to_dict()
    made = {field["name"] for field in schema["fields"]}
    assert made == set(FIELDS) | ({"keywords"} if keywords else set())


@pytest.mark.parametrize("analyzer", ["standard", "jieba"])
def test_the_analyzer_is_read_from_a_description_as_it_was_written(analyzer: str) -> None:
    fields = build_schema(4, keywords=True, analyzer=analyzer).to_dict()["fields"]
    assert described_analyzer({"fields": fields}) == analyzer
    # as text or read already
    for field in fields:
        if "analyzer_params" in field.get("params", {}):
            field["params"]["analyzer_params"] = json.loads(field["params"]["analyzer_params"])
    assert described_analyzer({"fields": fields}) == analyzer


def test_a_collection_without_keywords_has_no_analyzer() -> None:
    fields = build_schema(4, keywords=False).to_dict()["fields"]
    assert described_analyzer({"fields": fields}) == ""
    assert described_analyzer({}) == ""
    tokenizer = {"analyzer_params": {"tokenizer": {"type": "jieba", "mode": "exact"}}}
    other = [{"name": "keywords"}, {"name": "text", "params": tokenizer}]
    assert described_analyzer({"fields": other}) == "jieba"


def test_batches_end_at_the_number_of_rows() -> None:
    rows = [passage(number) for number in range(25)]
    made = list(batches(rows, version=2, most_rows=10, most_bytes=10**9))
    assert [len(batch) for batch in made] == [10, 10, 5]
    assert [row["review_id"] for batch in made for row in batch] == [row.review_id for row in rows]
    assert list(batches([], version=2, most_rows=10, most_bytes=10)) == []


@given(st.lists(st.integers(0, 3_000), max_size=30))
def test_batches_never_pass_the_bytes_but_for_a_single_row(sizes: list[int]) -> None:
    """Measured as JSON in UTF-8, which is no smaller than what goes over the wire."""
    rows = [
        passage(number, text="é" * size, extra={"note": "x" * size})
        for number, size in enumerate(sizes)
    ]
    made = list(batches(rows, version=2, most_rows=1_000, most_bytes=20_000))
    assert sum(len(batch) for batch in made) == len(rows)
    for batch in made:
        written = sum(len(_wire(row)) for row in batch)
        assert written <= 20_000 or len(batch) == 1


def test_batches_read_no_further_than_they_need() -> None:
    taken: list[int] = []

    def rows() -> object:
        for number in range(100):
            taken.append(number)
            yield passage(number)

    next(iter(batches(rows(), version=2, most_rows=10, most_bytes=10**9)))  # type: ignore[arg-type]
    assert len(taken) == 11


def _wire(row: dict[str, object]) -> bytes:
    texts = {key: value for key, value in row.items() if key != "vector"}
    return json.dumps(texts, ensure_ascii=False).encode() + VECTOR.tobytes()
