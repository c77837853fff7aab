"""Rows of results as files for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from random import Random

import pytest
from pydantic_core import from_json, to_json
from python_calamine import CalamineWorkbook

from reviewlens.files.formulas import defused
from reviewlens.ground.estimates import Estimate
from reviewlens.results import Quote
from reviewlens.results.tables import XlsxTable
from reviewlens.search.matches import Match, Matches
from reviewlens.server.tables import attachment, tabulated


@dataclass(frozen=True)
class Row:
    name: str
    share: Estimate | None
    quote: Quote | None
    words: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


QUOTE = Quote("r1", "broken", 1.0, None)
ROWS = [
    Row("plain", Estimate(0.5, 0.4, 0.6), QUOTE, ("a", "b"), {"city": "Paris"}),
    Row("=cmd|' /C calc'!A0", None, None, (), {"delay": "-5", "name": "Ann"}),
]
HEADER = [
    "name", "share", "share_low", "share_high", "quote_review_id", "quote_text", "quote_stars",
    "quote_time", "words", "city", "delay", "name (column)",
]  # fmt: skip


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_csv_has_a_column_for_each_figure_and_ingested_column() -> None:
    response = tabulated(ROWS, "csv", "rows")
    assert response.body.startswith(b"\xef\xbb\xbf")  # so that a spreadsheet reads UTF-8
    header, first, second = csv_rows(response.body)
    assert header == HEADER
    assert first == [
        "plain", "0.5", "0.4", "0.6", "r1", "broken", "1.0", "", '["a", "b"]', "Paris", "", "",
    ]  # fmt: skip
    assert second[1:8] == [""] * 7
    assert second[9:] == ["", "-5", "Ann"]


def test_no_cell_of_a_csv_is_run_as_a_formula() -> None:
    _, _, second = csv_rows(tabulated(ROWS, "csv", "rows").body)
    assert second[0] == "'=cmd|' /C calc'!A0"


def test_xlsx_has_texts_and_numbers_but_no_formula() -> None:
    response = tabulated(ROWS, "xlsx", "rows")
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.body)).get_sheet_by_index(0)
    header, first, second = sheet.to_python()
    assert header == HEADER
    assert first[:4] == ["plain", 0.5, 0.4, 0.6]
    assert second[0] == "=cmd|' /C calc'!A0"  # a text, not what it would come to


def test_xlsx_that_is_written_or_given_up_leaves_no_rows_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    given_up, written = (XlsxTable(BytesIO(), ["text"]) for _ in range(2))
    for table in (given_up, written):
        table.write([["It leaks."]] * 1_000)
    assert {path.suffix for path in tmp_path.iterdir()} == {".locked"}  # swept after a kill
    written.finish()
    assert len(list(tmp_path.iterdir())) == 1
    given_up.abandon()
    assert list(tmp_path.iterdir()) == []


def test_result_without_rows_has_its_header() -> None:
    found = Matches("nothing", answered=False, matches=(), floor=None)
    ((header),) = csv_rows(tabulated(found, "csv", "search").body)
    assert header[:3] == ["review_id", "similarity", "rating"]
    assert "extra" not in header


def test_rows_of_a_result_are_its_matches() -> None:
    match = Match("r1", 0.5, 4.0, None, "lamp", "", "好的灯", None, extra={"city": "上海"})
    found = Matches("灯", answered=True, matches=(match,), floor=None)
    header, row = csv_rows(tabulated(found, "csv", "search").body)
    assert dict(zip(header, row, strict=True)) | {"text": "好的灯", "city": "上海"} == dict(
        zip(header, row, strict=True)
    )


def test_mappings_are_rows_too_and_values_that_are_no_number_stay_empty() -> None:
    rows = [{"a": 1, "b": None}, {"a": float("nan"), "b": True}]
    sheet = CalamineWorkbook.from_filelike(BytesIO(tabulated(rows, "xlsx", "x").body))
    assert sheet.get_sheet_by_index(0).to_python() == [["a", "b"], [1.0, ""], ["", True]]


def test_json_is_the_result_itself() -> None:
    response = tabulated(ROWS, "json", "rows")
    assert response.media_type == "application/json"
    assert from_json(response.body) == from_json(to_json(ROWS, inf_nan_mode="null"))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report-2026-10.html", "report-2026-10.html"),
        ('a"; filename="b\r\nX: y.csv', "a-filename-b-X-y.csv"),
        ("../../etc/passwd", "etc-passwd"),
        ("评论.csv", "csv"),
        ("", "reviewlens"),
    ],
)
def test_file_name_of_a_download_is_harmless(name: str, safe: str) -> None:
    assert attachment(name) == f'attachment; filename="{safe}"'


RUN = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x0b=1", "\x0c=1", "\0=1",
    "＝1+1", "＋1", "－1+1", "＠SUM(A1)", " =1+1", "\u00a0=1", "\ufeff=1", '"=1+1', "'=1+1",
    "“=1", " '\t=1", "\nplain", "'\nplain", "-", "--1", "-1-1", "+49 30 1",
]  # fmt: skip
NOT_RUN = [
    "", "plain", "a=1", "-5", "+5.5", "-1e-5", "-.5", "5", "'quoted'", "“So it is”", " a", "' a",
    "l'eau", "1-1", "好吃", "'", -5, -5.5, None, True,
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_may_run_is_defused(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", NOT_RUN)
def test_what_no_spreadsheet_runs_is_left_as_it_is(text: object) -> None:
    assert defused(text) == text


def test_defusing_can_be_undone() -> None:
    random = Random(0)
    signs = "=+-@＝'\"“ \t\n\v\0\ufeffa5.e"
    for _ in range(20_000):
        text = "".join(random.choices(signs, k=random.randint(0, 6)))
        cell = defused(text)
        ours = cell.startswith("'") and defused(cell[1:]) == cell
        assert (cell[1:] if ours else cell) == text
