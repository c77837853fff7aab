"""Rows and texts of the input that stand there more than once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus

ROWS = "Good lamp,5\nGood lamp,5\nGood lamp,5\nGood lamp,4\nBad kettle,1\n"


@pytest.mark.parametrize(
    ("repeats", "rows", "texts", "duplicate"), [("keep", 2, 4, 0), ("drop", 0, 2, 2)]
)
def test_copies_are_counted_at_ingest_and_in_the_plan(
    tmp_path: Path, repeats: Literal["keep", "drop"], rows: int, texts: int, duplicate: int
) -> None:
    (tmp_path / "a.csv").write_text(f"text,stars\n{ROWS}", encoding="utf-8")
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=8)) as corpus:
        plan = corpus.plan(tmp_path / "a.csv", repeats=repeats)
        report = corpus.ingest(tmp_path / "a.csv", repeats=repeats)
        again = corpus.ingest(tmp_path / "a.csv", repeats=repeats)
    for found in (plan, report, again):
        assert (found.copied_rows, found.copied_texts, found.duplicate) == (rows, texts, duplicate)


def test_a_row_whose_id_is_given_is_no_copy_of_another(tmp_path: Path) -> None:
    rows = "".join(f"{number}~2,{line}\n" for number, line in enumerate(ROWS.splitlines()))
    (tmp_path / "a.csv").write_text(f"id,text,stars\n{rows}", encoding="utf-8")
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=8)) as corpus:
        report = corpus.ingest(tmp_path / "a.csv")
    assert (report.indexed, report.copied_rows, report.duplicate) == (5, 0, 0)
