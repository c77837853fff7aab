"""JSON, JSON lines, Parquet, pages called `.xls` and ODS: the same reviews whatever they are in."""

from __future__ import annotations

import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import Chunk, read_reviews
from reviewlens.reading.survey import Survey, survey_reviews

ROWS: list[dict[str, Any]] = [
    {
        "reviewId": f"r{number}",
        "text": f'It "leaks", after\n{number} weeks',
        "rating": float(1 + number % 5),
        "date": f"2024-03-{number + 1:02}",
        "user": {"name": f"Ann {number}", "from": {"city": "Oslo"}},
        "pictures": [{"url": "a"}] if number == 3 else [],
        "helpful": None if number else 12345678901234567890,
        "bought": number % 2 == 0,
    }
    for number in range(8)
]


def lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def by_column(rows: Sequence[Mapping[str, Any]]) -> bytes:
    plain = [name for name in rows[0] if not isinstance(rows[0][name], dict | list)]
    table = {name: {str(i): row[name] for i, row in enumerate(rows)} for name in plain}
    return json.dumps(table).encode()


def parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as writer

    plain = [{**row, "helpful": str(row["helpful"] or "")} for row in rows]
    target = io.BytesIO()
    writer.write_table(pyarrow.Table.from_pylist(plain), target)
    return target.getvalue()


def cells(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    names = ("reviewId", "text", "rating", "date")
    return [list(names), *([str(row[name]) for name in names] for row in rows)]


def page(rows: Sequence[Mapping[str, Any]]) -> bytes:
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(one)}</td>" for one in row) + "</tr>"
        for row in cells(rows)
    )
    menu = "<table><tr><td>Home</td><td>Help</td></tr></table>"
    style = "<style>td { color: red }</style>"
    return f"<html><head>{style}</head><body>{menu}<table>{body}</table></body></html>".encode()


def workbook_in_xml(rows: Sequence[Mapping[str, Any]]) -> bytes:
    body = "".join(
        "<Row>"
        + "".join(
            f'<Cell ss:Index="{place}"><Data ss:Type="String">{html.escape(one)}</Data></Cell>'
            for place, one in enumerate(row, start=1)
        )
        + "</Row>"
        for row in cells(rows)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        f"{body}</Table></Worksheet></Workbook>"
    ).encode()


def ods(rows: Sequence[Mapping[str, Any]]) -> bytes:
    def cell(text: str) -> str:
        told = "".join(f"<text:p>{html.escape(part)}</text:p>" for part in text.split("\n"))
        return f'<table:table-cell office:value-type="string">{told}</table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in cells(rows)
    )
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{urn}:office:1.0" '
        f'xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{urn}:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


FORMS: dict[str, tuple[str, Callable[[Sequence[Mapping[str, Any]]], bytes]]] = {
    "lines": ("a.jsonl", lines),
    "lines called csv": ("a.csv", lines),
    "packed lines": ("a.jsonl.gz", lambda rows: gzip.compress(lines(rows))),
    "a list": ("a.json", lambda rows: json.dumps(rows).encode()),
    "a list over many lines": ("a.json", lambda rows: json.dumps(rows, indent=2).encode()),
    "inside an object": (
        "a.json",
        lambda rows: json.dumps({"n": 1, "data": {"all": rows}}).encode(),
    ),
    "with a mark": ("a.json", lambda rows: b"\xef\xbb\xbf" + json.dumps(rows).encode()),
    "in utf-16": ("a.json", lambda rows: json.dumps(rows).encode("utf-16")),
    "by column": ("a.json", by_column),
    "parquet": ("a.parquet", parquet),
    "a page": ("a.xls", page),
    "xml": ("a.xls", workbook_in_xml),
    "ods": ("a.ods", ods),
}


def read(path: Path, **options: Any) -> tuple[Survey, list[Chunk]]:
    with survey_reviews([path], ReadOptions(**options)) as survey:
        return survey, list(read_reviews(survey))


@pytest.mark.parametrize("form", FORMS)
def test_reviews_are_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    name, write = FORMS[form]
    path = tmp_path / name
    path.write_bytes(write(ROWS))
    survey, chunks = read(path)
    reviews = [review for chunk in chunks for review in chunk.reviews]
    assert [review.review_id for review in reviews] == [row["reviewId"] for row in ROWS]
    assert [review.original for review in reviews] == [row["text"] for row in ROWS]
    assert [review.rating for review in reviews] == [row["rating"] for row in ROWS]
    assert reviews[1].time == 1_709_337_600_000
    assert survey.rows == len(ROWS)
    assert not any(chunk.rejected for chunk in chunks)


@pytest.mark.parametrize("form", ["lines", "a list", "parquet"])
def test_fields_inside_have_dotted_names_and_numbers_stay_as_written(
    tmp_path: Path, form: str
) -> None:
    name, write = FORMS[form]
    (tmp_path / name).write_bytes(write(ROWS))
    _, [chunk] = read(tmp_path / name)
    extra = chunk.reviews[3].extra
    assert chunk.reviews[3].author == "Ann 3"
    assert extra["user.from.city"] == "Oslo"
    assert json.loads(extra["pictures"]) == [{"url": "a"}]
    assert extra["bought"] == "false"
    assert chunk.reviews[0].extra["helpful"] == "12345678901234567890"
    assert chunk.reviews[0].extra["pictures"] == ""


def test_a_line_that_is_no_object_is_rejected_with_its_line(tmp_path: Path) -> None:
    content = lines(ROWS[:3]) + b'{"text": "cut off\n[1, 2]\n' + lines(ROWS[3:])
    (tmp_path / "a.jsonl").write_bytes(content)
    _, chunks = read(tmp_path / "a.jsonl")
    rejected = [one for chunk in chunks for one in chunk.rejected]
    assert [(one.location.line, one.reason) for one in rejected] == [
        (4, "bad_json"),
        (5, "bad_json"),
    ]
    assert rejected[0].raw == '{"text": "cut off'
    assert sum(len(chunk.reviews) for chunk in chunks) == len(ROWS)


def test_where_the_reviews_are_inside_is_told(tmp_path: Path) -> None:
    name, write = FORMS["inside an object"]
    (tmp_path / name).write_bytes(write(ROWS))
    survey, _ = read(tmp_path / name)
    assert any("read from 'data.all' inside of it" in note for note in survey.notes)


def test_a_field_that_comes_late_is_a_column_too(tmp_path: Path) -> None:
    rows = [{"text": "one"}, {"text": "two", "Stars": 4}, {"city": "Rome", "text": "three"}]
    (tmp_path / "a.jsonl").write_bytes(lines(rows))
    survey, [chunk] = read(tmp_path / "a.jsonl")
    assert survey.files[0].header == ("text", "Stars", "city")
    assert [review.extra for review in chunk.reviews] == [
        {"city": ""},
        {"city": ""},
        {"city": "Rome"},
    ]


def test_a_table_whose_first_name_has_a_bracket_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("[id],text\n1,hello\n2,it broke\n")
    _, [chunk] = read(tmp_path / "a.csv")
    assert [review.text for review in chunk.reviews] == ["hello", "it broke"]


def test_a_sheet_is_taken_by_name_and_by_number(tmp_path: Path) -> None:
    openpyxl_free = pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    with openpyxl_free.Workbook(path) as book:
        for name, text in (("Summary", "total"), ("Reviews", "it broke"), ("Old", "long ago")):
            sheet = book.add_worksheet(name)
            sheet.write_column(0, 0, ["text", text])
    for wanted in ("Reviews", "2"):
        _, [chunk] = read(path, sheet=wanted)
        assert [review.text for review in chunk.reviews] == ["it broke"]
    with pytest.raises(Exception, match="has no sheet 'Nope'; it has Summary, Reviews, Old"):
        read(path, sheet="Nope")
