"""JSON, JSON lines, Parquet, pages called `.xls` and ODS: the same reviews whatever they are in."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reviewlens.errors import UnreadableFile
from reviewlens.reading.model import Chunk
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
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


def read(path: Any, **options: Any) -> tuple[Survey, list[Chunk]]:
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


def test_values_of_mongodb_are_what_they_stand_for(tmp_path: Path) -> None:
    when: list[Any] = ["2024-03-01T08:00:00Z", {"$numberLong": "1709280000000"}, 1709280000000]
    rows: list[dict[str, Any]] = [
        {
            "_id": {"$oid": f"65f00000000000000000000{place}"},
            "text": f"It broke on day {place}",
            "stars": {"$numberInt": "2"},
            "date": {"$date": date},
            "price": {"$numberDecimal": "9.50"},
            "seen": [{"$numberLong": "12345678901"}],
            "by": {"$ref": "users"},
        }
        for place, date in enumerate(when)
    ]
    (tmp_path / "a.jsonl").write_bytes(lines(rows))
    for given in (tmp_path / "a.jsonl", rows):
        survey, [chunk] = read(given)
        assert survey.files[0].header == (
            "_id", "text", "stars", "date", "price", "seen", "by.$ref",
        )  # fmt: skip
        assert [review.rating for review in chunk.reviews] == [2.0] * 3
        assert {review.time for review in chunk.reviews} == {1709280000000}
        assert chunk.reviews[0].review_id == "65f000000000000000000000"
        assert chunk.reviews[0].extra["price"] == "9.50"
        assert given is rows or chunk.reviews[0].extra["seen"] == '["12345678901"]'


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


def test_durations_and_odd_characters_of_a_sheet_are_read_as_they_are_shown(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    took = [timedelta(days=1, seconds=7384), timedelta(seconds=59.5), timedelta(0)]
    with xlsxwriter.Workbook(path) as book:
        sheet, hours = book.add_worksheet(), book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_row(0, 0, ["text", "took"])
        for row, one in enumerate(took, start=1):
            sheet.write_row(row, 0, [f"It \ufffebroke\uffff on day {row}"])
            sheet.write_datetime(row, 1, one, hours)
    _, [chunk] = read(path)
    assert [one.extra["took"] for one in chunk.reviews] == ["26:03:04", "0:00:59.5", "0:00:00"]
    assert chunk.reviews[0].text == "It \ufffebroke\uffff on day 1"


def book_of(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    with pytest.importorskip("xlsxwriter").Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


REVIEWS = (("May",), ("when", "comment"), ("2024-05-01", "it broke"), ("2024-05-02", "fine"))


@pytest.mark.parametrize(
    ("before", "given", "taken"),
    [
        ((("Summary",), ("mean", 4.2)), {}, "Reviews"),
        ((("Notes", "Text"), ("a", "all is well")), {}, "Before"),
        ((("Notes", "said"), ("a", "all is well")), {"columns": {"text": "said"}}, "Before"),
        ((("Notes", "said"), ("a", "all is well")), {"columns": {"text": "comment"}}, "Reviews"),
        ((("Notes", "said"), ("a", "all is well")), {"text_template": "{said}"}, "Before"),
    ],
)
def test_the_sheet_that_has_the_text_is_read(
    tmp_path: Path, before: Sequence[Sequence[object]], given: Mapping[str, Any], taken: str
) -> None:
    path = book_of(tmp_path / "a.xlsx", Before=before, Reviews=REVIEWS, Empty=())
    survey, [chunk] = read(path, **given)
    other = "Before" if taken == "Reviews" else "Reviews"
    assert f"the sheet {taken} is read, not {other} (--sheet NAME)." in " ".join(survey.notes)
    assert [review.embedded for review in chunk.reviews] == (
        ["it broke", "fine"] if taken == "Reviews" else ["all is well"]
    )


def test_cells_that_are_merged_over_rows_count_for_each(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.importorskip("xlsxwriter").Workbook(path) as book:
        sheet = book.add_worksheet()
        rows = ("product", "comment"), ("", "it broke"), ("", "fine"), ("", ""), ("Pot", "good")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        sheet.merge_range("A2:A4", "Pan")
        sheet.merge_range("B5:D5", "good")
    survey, [chunk] = read(path)
    assert [(review.product, review.text) for review in chunk.reviews] == [
        ("Pan", "it broke"), ("Pan", "fine"), ("Pot", "good"),
    ]  # fmt: skip
    assert any("merged over several rows, such as 'Pan'" in note for note in survey.notes)


def texts_of(path: Path, content: str | bytes) -> tuple[list[str], tuple[str, ...]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    survey, chunks = read(path)
    return [review.text for chunk in chunks for review in chunk.reviews], survey.notes


A, B = {"text": "It broke", "rating": 1}, {"text": "Fine", "rating": 5}
SHAPES: dict[str, tuple[str, str]] = {
    "a list of one": (json.dumps({"reviews": [A]}), "It broke"),
    "a page a line": (
        "\n".join(json.dumps({"page": one, "reviews": [A, B]}) for one in "12"),
        "It broke|Fine|It broke|Fine",
    ),
    "a page behind the other": (
        json.dumps([{"page": 1, "reviews": [A]}, {"page": 2, "reviews": [B]}]),
        "It broke|Fine",
    ),
    "a page with a message a line": (
        "\n".join(
            json.dumps({"status": "ok", "message": f"page {one}", "data": {"reviews": reviews}})
            for one, reviews in enumerate([[A, B], [], [A]])
        ),
        "It broke|Fine|It broke",
    ),
    "products with their reviews": (
        json.dumps(
            [{"description": "A pan", "reviews": [A]}, {"description": "A pot", "reviews": [B]}]
        ),
        "It broke|Fine",
    ),
    "messages with answers a line": (
        "\n".join(
            json.dumps(
                {"message": text, "comments": [{"text": "Sorry"}], "replies": [{"text": "Oh"}]}
            )
            for text in ("It broke", "Fine")
        ),
        "It broke|Fine",
    ),
    "several lists": (
        json.dumps({"page1": {"reviews": [A, B]}, "page2": {"reviews": [B]}}),
        "It broke|Fine|Fine",
    ),
    "replies": (json.dumps({**A, "replies": [{"text": "Sorry"}] * 2}), "It broke"),
    "a message": (json.dumps({"message": "ok", "data": [A, B]}), "It broke|Fine"),
    "products beside": (
        json.dumps(
            {"products": [{"id": i, "description": "A pan"} for i in range(5)], "reviews": [A, B]}
        ),
        "It broke|Fine",
    ),
    "by key": (json.dumps({"r1": A, "r2": B}), "It broke|Fine"),
    "one by key": (json.dumps({"r1": A}), "It broke"),
    "a product and reviews by key": (
        json.dumps({"product": {"description": "A pan"}, "reviews": {"r1": A, "r2": B}}),
        "It broke|Fine",
    ),
    "by key inside": (json.dumps({"reviews": {"r1": A, "r2": B}}), "It broke|Fine"),
    "split": (
        json.dumps({"columns": list(A), "index": [0, 1], "data": [[*A.values()], [*B.values()]]}),
        "It broke|Fine",
    ),
    "table": (
        json.dumps({"schema": {"fields": [{"name": "a", "type": "b"}] * 3}, "data": [A, B]}),
        "It broke|Fine",
    ),
    "printed one after the other": (
        json.dumps(A, indent=2) + "\n" + json.dumps(B, indent=2),
        "It broke|Fine",
    ),
    "two on one line": (json.dumps(A) + " " + json.dumps(B), "It broke|Fine"),
    "lists with a header": (
        json.dumps([list(A), [*A.values()], [*B.values()]]),
        "It broke|Fine",
    ),
    "texts alone": (json.dumps(["It broke", "Fine"]), "It broke|Fine"),
    "line separators": (
        '{"text": "It\u2028broke"}\n{"text": "Fi\u0085ne"}\n',
        "It broke|Fi ne",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reviews_are_found_in_every_shape_of_json(tmp_path: Path, shape: str) -> None:
    content, texts = SHAPES[shape]
    found, _ = texts_of(tmp_path / "a.json", content)
    assert [" ".join(text.split()) for text in found] == texts.split("|")


def test_lists_that_are_read_and_that_are_not_are_told(tmp_path: Path) -> None:
    _, notes = texts_of(tmp_path / "a.json", SHAPES["several lists"][0])
    assert any("read from 'page1.reviews', 'page2.reviews'" in note for note in notes)
    _, notes = texts_of(tmp_path / "a.json", SHAPES["products beside"][0])
    assert any("'products' (5) is not read" in note for note in notes)
    _, notes = texts_of(tmp_path / "a.json", SHAPES["a page with a message a line"][0])
    assert notes[0].endswith(
        "each line holds several reviews; 1 of them holds none; the reviews are read from "
        "'data.reviews' inside of it."
    )


@pytest.mark.parametrize(
    ("found", "products", "field"),
    [
        ([{"product": "Pan", "price": 3, "reviews": [A]}] * 2, ["Pan"] * 2, "product"),
        ({"result": {"name": "Cafe", "rating": 4.4, "reviews": [A, B]}}, ["Cafe"] * 2, "name"),
        ({"asin": "B0042", "title": "Small pan", "reviews": [A]}, ["Small pan"], "title"),
        ({"product": {"name": "Pan", "reviews": {"edges": [A]}}}, ["Pan"], "name"),
        ({"name": "Page 1", "reviews": [{**A, "product": "Pot"}]}, ["Pot"], ""),
    ],
)  # fmt: skip
def test_what_reviews_are_of_comes_with_them(
    tmp_path: Path, found: object, products: list[str], field: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(found))
    survey, [chunk] = read(tmp_path / "a.json")
    assert [review.product for review in chunk.reviews] == products
    told = [note for note in survey.notes if "their product from" in note]
    assert [f"from {field!r} beside them (--product-column '')" in note for note in told] == (
        [True] if field else []
    )


def test_lists_by_name_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"Pan": [A], "Pot": [B]}))
    survey, [chunk] = read(tmp_path / "a.json")
    assert [review.extra["key"] for review in chunk.reviews] == ["Pan", "Pot"]
    assert any("each with the name of its list as 'key'" in note for note in survey.notes)


@pytest.mark.parametrize("content", ["[]", "{}", '{"count": 0, "reviews": []}'])
def test_json_without_reviews_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.json holds no reviews"):
        texts_of(tmp_path / "a.json", content)


@pytest.mark.parametrize("split", [True, False])
def test_a_list_that_is_longer_than_the_header_is_rejected(tmp_path: Path, split: bool) -> None:  # noqa: FBT001
    header = ["text", "stars"]
    rows = [["It broke", 1], ["It leaks", "sadly", 2], ["Fine", 5, None, ""], ["Short"]]
    content = {"columns": header, "data": rows} if split else [header, *rows]
    (tmp_path / "a.json").write_text(json.dumps(content))
    survey, [chunk] = read(tmp_path / "a.json")
    assert survey.files[0].header == ("text", "stars")
    assert [review.text for review in chunk.reviews] == ["It broke", "Fine", "Short"]
    [rejected] = chunk.rejected
    assert (rejected.location.line, rejected.reason) == (3, "ragged_row")
    assert rejected.raw == '["It leaks", "sadly", "2"]'
    (tmp_path / "a.json").write_text(json.dumps([header, rows[1]]))
    with pytest.raises(UnreadableFile, match="all 1 hold what is no text, or more values than"):
        read(tmp_path / "a.json")


def test_a_field_that_stands_twice_is_kept_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "first", "text": "second"}\n{"text": "x"}\n')
    survey, [chunk] = read(tmp_path / "a.jsonl", columns={"text": "text"})
    assert (chunk.reviews[0].text, chunk.reviews[0].extra["text_2"]) == ("first", "second")
    assert any("'text' stands more than once in one object" in note for note in survey.notes)


def test_bytes_of_another_encoding_in_a_list_are_refused_with_the_cure(tmp_path: Path) -> None:
    good = '{"text": "schön größer"}, '.encode() * 4
    content = b"[" + good + '{"text": "caf\xe9"}]'.encode("latin-1")
    with pytest.raises(UnreadableFile, match=r"name the encoding .* --encoding cp1252"):
        texts_of(tmp_path / "a.json", content)


@pytest.mark.parametrize("form", ["a.json", "a.jsonl"])
def test_a_row_that_is_no_text_is_rejected_alone(tmp_path: Path, form: str) -> None:
    rows = ['{"text": "good"}', r'{"text": "\ud83d"}', r'{"text": "a\u0000b"}', '{"text": "fine"}']
    content = "\n".join(rows) if form == "a.jsonl" else f"[{','.join(rows)}]"
    (tmp_path / form).write_text(content)
    _, [chunk] = read(tmp_path / form)
    assert [review.text for review in chunk.reviews] == ["good", "fine"]
    assert [one.reason for one in chunk.rejected] == ["undecodable", "nul_byte"]
    assert r"\ud83d" in chunk.rejected[0].raw


def test_bytes_in_json_lines_reject_their_line(tmp_path: Path) -> None:
    content = '{"text": "schön"}\n'.encode() * 2 + b'{"text": "caf\xe9"}\n'
    (tmp_path / "a.jsonl").write_bytes(content)
    _, [chunk] = read(tmp_path / "a.jsonl")
    assert [(one.reason, one.raw) for one in chunk.rejected] == [
        ("undecodable", '{"text": "caf\\xe9"}')
    ]


def test_fields_that_few_rows_have_are_no_bomb(tmp_path: Path) -> None:
    rows = [{"text": "x", f"k{number}": 1} for number in range(12_000)]
    with pytest.raises(UnreadableFile, match="too many different fields for its rows: 12,001"):
        texts_of(tmp_path / "a.jsonl", lines(rows))


def test_parquet_of_every_type_is_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as writer

    columns = {
        "text": pa.array([b"It broke", b"\xff", "schön".encode()], pa.binary()),
        "date": pa.array([1_700_000_000_000_000_001] * 3, pa.timestamp("ns")),
        "far": pa.array([10**18, 0, None], pa.timestamp("us")),
        "took": pa.array([1, 2, None], pa.duration("ns")),
    }
    table = pa.table([*columns.values(), pa.array(["a", "b", "c"])], names=[*columns, "took"])
    writer.write_table(table, tmp_path / "a.parquet")
    _, [chunk] = read(tmp_path / "a.parquet")
    assert [review.text for review in chunk.reviews] == ["It broke", "schön"]
    assert [one.reason for one in chunk.rejected] == ["undecodable"]
    assert chunk.reviews[0].time == 1_700_000_000_000
    assert chunk.reviews[0].extra["took_2"] == "a"
    assert chunk.reviews[0].extra["far"] != chunk.reviews[1].extra["far"] == ""
    writer.write_table(table.slice(0, 0), tmp_path / "b.parquet")
    with pytest.raises(UnreadableFile, match="holds no rows"):
        read(tmp_path / "b.parquet")


def test_pictures_in_columns_are_left_out_and_told(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as writer

    png, jpeg = b"\x89PNG\r\n\x1a\n\x00\xff", b"\xff\xd8\xff\xe0"
    rows = [
        {"text": "It broke", "stars": 1, "photo": png, "more": [png, jpeg], "note": b"boxed"},
        {"text": "Fine", "stars": 5, "photo": None, "more": [], "note": "schön".encode()},
    ]
    for row in rows:
        row["image"] = {"bytes": jpeg, "path": "a.jpg"}
    writer.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    for given in (tmp_path / "a.parquet", pa.Table.from_pylist(rows).to_pandas()):
        survey, [chunk] = read(given)
        assert [review.text for review in chunk.reviews] == ["It broke", "Fine"]
        assert [review.extra["note"] for review in chunk.reviews] == ["boxed", "schön"]
        assert {"photo", "image.bytes"}.isdisjoint(survey.files[0].header)
        assert chunk.reviews[0].extra["image.path"] == "a.jpg"
        told = [note for note in survey.notes if "bytes that are no text" in note]
        assert re.search(r"'photo', .*'image\.bytes'", told[0])


HEAD = "<html><table><tr><th>text</th><th>rating</th><th>city</th></tr>"
SHEET = '<Workbook xmlns:ss="urn:x"><Worksheet><Table>'


def sheet_of(*rows: Sequence[str | tuple[str, str]]) -> str:
    """Return a workbook in XML: its cells, some with an attribute."""
    body = ""
    for row in rows:
        pairs = [("", one) if isinstance(one, str) else one for one in row]
        cells = (f"<Cell {said}><Data>{text}</Data></Cell>" for said, text in pairs)
        body += f"<Row>{''.join(cells)}</Row>"
    return f"{SHEET}{body}</Table></Worksheet></Workbook>"


PAGES = {
    "short and long rows": (
        f"{HEAD}<tr><td>It broke</td></tr><tr><td>Fine<td>5<td>Rome<td>more</tr></table>",
        [("It broke", ""), ("Fine", "Rome")],
    ),
    "rowspan": (
        f"{HEAD}<tr><td>It broke</td><td>1</td><td rowspan=2>Oslo</td></tr>"
        "<tr><td>Fine<td>5</tr></table>",
        [("It broke", "Oslo"), ("Fine", "Oslo")],
    ),
    "an odd colspan": (
        f'{HEAD}<tr><td colspan="²">It broke<td>1<td>Oslo</tr></table>',
        [("It broke", "Oslo")],
    ),
    "a table inside": (
        f"{HEAD}<tr><td>It <table><tr><td>x</table>broke<td>1<td>Oslo</tr></table>",
        [("It broke", "Oslo")],
    ),
    "merged cells": (
        sheet_of(
            ["text", "rating", "city"], [('ss:MergeAcross="1"', "It broke"), "Oslo"], ["Fine"]
        ),
        [("It broke", "Oslo"), ("Fine", "")],
    ),
    "cells merged down and skipped": (
        sheet_of(
            ["text", "rating", "city", "shop"],
            ["It broke", "1", ('ss:MergeDown="2"', "Oslo"), "A"],
            ["Fine", "5", "B"],
            ["Good", ('ss:Index="4"', "C")],
        ),
        [("It broke", "Oslo"), ("Fine", "Oslo"), ("Good", "Oslo")],
    ),
    "a comment": (
        sheet_of(
            ["text", "city"], ["It broke</Data><Comment><Data>Who?</Data></Comment><Data>", ""]
        ),
        [("It broke", "")],
    ),
    "characters that XML has not": (
        sheet_of(["text", "city"], ["It &#7;broke", "Os\uffff"], ["Fi\x07ne", "&#xFFFE;&#233;"]),
        [("It \ufffdbroke", "Os\ufffd"), ("Fi\ufffdne", "\ufffdé")],
    ),
}


@pytest.mark.parametrize("page_", PAGES)
def test_rows_of_a_page_are_as_wide_as_the_widest(tmp_path: Path, page_: str) -> None:
    content, wanted = PAGES[page_]
    (tmp_path / "a.xls").write_text(content, encoding="utf-8")
    _, [chunk] = read(tmp_path / "a.xls")
    assert [(review.text, review.extra["city"]) for review in chunk.reviews] == wanted
