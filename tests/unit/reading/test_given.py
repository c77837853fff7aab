"""Files, folders, patterns, data frames and rows are taken alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import Review, read_reviews
from reviewlens.reading.survey import survey_reviews

FRAME = pd.DataFrame(
    {
        "text": ["It broke", "Fine", None, "Loud at night"],
        "stars": [1, 5, np.nan, 2],
        "when": pd.to_datetime(
            ["2024-03-01", "2024-03-02 10:00", None, "2024-03-04"], format="mixed"
        ),
        "count": pd.array([1, None, 3, 4], dtype="Int64"),
        "helpful": [True, False, True, False],
    },
    index=pd.Index(["a", "b", "c", "d"], name="review_id"),
)


def read(given: Any, **options: Any) -> tuple[list[Review], tuple[str, ...]]:
    with survey_reviews(given, ReadOptions(**options)) as survey:
        chunks = list(read_reviews(survey))
    return [review for chunk in chunks for review in chunk.reviews], survey.notes


def test_a_data_frame_is_read_with_its_index_and_without_nothings() -> None:
    reviews, _ = read(FRAME, columns={"time": "when"})
    assert [one.review_id for one in reviews] == ["a", "b", "c", "d"]
    assert [one.rating for one in reviews] == [1.0, 5.0, None, 2.0]
    assert reviews[1].time == int(datetime(2024, 3, 2, 10, tzinfo=UTC).timestamp() * 1000)
    assert reviews[2].time is None
    assert reviews[2].text == ""
    assert [one.extra["count"] for one in reviews] == ["1", "", "3", "4"]
    assert reviews[0].extra["helpful"] == "true"


def test_objects_and_a_generator_of_them_are_read() -> None:
    rows = [{"text": "It broke", "by": {"name": "Ann"}}, {"text": "Fine", "tags": ["a", "b"]}]

    def generated() -> Iterator[dict[str, Any]]:
        yield from rows

    for given in (rows, generated()):
        reviews, _ = read(given)
        assert [one.text for one in reviews] == ["It broke", "Fine"]
        assert reviews[1].extra["tags"] == '["a", "b"]'
        assert reviews[0].extra["by.name"] == "Ann"


class Said(NamedTuple):
    text: str
    stars: int


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    stars: int


@pytest.mark.parametrize("kind", [Said, Written])
def test_named_tuples_and_data_classes_are_rows(kind: type[Said] | type[Written]) -> None:
    reviews, _ = read([kind("It broke", 1), kind("Fine", 5)])
    assert [(one.text, one.rating) for one in reviews] == [("It broke", 1.0), ("Fine", 5.0)]


def test_a_corpus_takes_a_frame_twice_and_knows_it(tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        assert corpus.ingest(FRAME.dropna(subset="text")).indexed == 3
        again = corpus.ingest(FRAME.dropna(subset="text"))
        assert (again.unchanged, again.encoded) == (3, 0)
        assert corpus.plan(FRAME).read == 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {"b.csv": "two", "a.tsv": "one", "c.rejects.csv": "no", ".d.csv": "no"}
    for name, text in texts.items():
        (tmp_path / name).write_text(f"text\n{text}\n")
    (tmp_path / "e.jsonl").write_text('{"text": "three"}\n')
    (tmp_path / "notes.doc").write_text("no")
    (tmp_path / "inner").mkdir()
    return tmp_path


def test_a_folder_is_its_files_in_order(folder: Path) -> None:
    reviews, notes = read(folder)
    assert [one.text for one in reviews] == ["one", "two", "three"]
    assert notes[0] == f"3 files of {folder} are read: a.tsv, b.csv, e.jsonl."


def test_a_pattern_is_the_files_that_are_called_so(folder: Path) -> None:
    reviews, _ = read(str(folder / "[ab].*"))
    assert [one.text for one in reviews] == ["one", "two"]
    reviews, _ = read([folder / "b.csv", str(folder / "*.jsonl")])
    assert [one.text for one in reviews] == ["two", "three"]


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ("inner", UnreadableFile, "is a folder without a file that can be read"),
        ("x*.csv", UnreadableFile, "No file is called as"),
        (pd.DataFrame({"text": []}), UnreadableFile, "The DataFrame given has no rows"),
        ({"text": "one"}, InputError, "dict cannot be ingested; wanted files, a data frame"),
        (7, InputError, "int cannot be ingested"),
        ([{"text": "one"}, 7], InputError, "Row 2 is 7, without names"),
        ([], InputError, "No file was given"),
    ],
)
def test_what_holds_nothing_is_refused(
    folder: Path, given: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        read(str(folder / given) if isinstance(given, str) else given)


def test_rows_that_are_no_text_are_rejected_alone() -> None:
    rows = [{"text": text} for text in ("Fine", "\ud83d", "a\0b", b"broke", b"\xff")]
    for given in (rows, pd.DataFrame(rows)):
        with survey_reviews(given, ReadOptions()) as survey:
            [chunk] = read_reviews(survey)
        assert [one.text for one in chunk.reviews] == ["Fine", "broke"]
        reasons = [one.reason for one in chunk.rejected]
        assert reasons == ["undecodable", "nul_byte", "undecodable"]


def test_columns_of_one_name_are_both_kept() -> None:
    frame = pd.DataFrame([["Fine", "a", "b"]], columns=["text", "city", "city"])
    [review], _ = read(frame)
    assert (review.extra["city"], review.extra["city_2"]) == ("a", "b")


def test_a_folder_leaves_what_is_about_it_and_texts_beside_tables(folder: Path) -> None:
    for name in ("README.md", "LICENSE.txt", "~$b.csv", "notes.txt"):
        (folder / name).write_text("Not a review")
    reviews, notes = read(folder)
    assert [one.text for one in reviews] == ["one", "two", "three"]
    assert any("notes.txt is not read" in note for note in notes)
