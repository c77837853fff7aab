from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.errors import UnreadableFile
from reviewlens.reading.dialects import sniff_dialect
from reviewlens.reading.encoding import Encoding
from reviewlens.reading.limits import TABLE, TableLimits
from reviewlens.reading.records import Dialect, Record, RecordReader, decoded_lines

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)


def frame(
    content: bytes,
    dialect: Dialect,
    header: Sequence[str] = ("a", "b", "c"),
    limits: TableLimits = TABLE,
) -> list[Record]:
    lines = decoded_lines(io.BytesIO(content), Encoding("utf-8", "").name, "f.csv", limits)
    reader = RecordReader(lines, dialect, limits)
    reader.expect(header)
    records: list[Record] = []
    while some := reader.read(2):
        records += some
    return records


@given(ROWS, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_a_csv_writer_wrote_comes_back(
    rows: list[list[str]], delimiter: str, end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    records = frame(text.getvalue().encode(), Dialect(delimiter))
    assert [record.fields for record in records] == rows
    assert "".join(record.raw for record in records) == text.getvalue()
    lines = len(list(io.StringIO(text.getvalue(), newline="")))
    assert all(1 <= record.line <= lines for record in records)


@given(st.binary(max_size=300))
def test_no_byte_is_lost_whatever_the_input(content: bytes) -> None:
    records = frame(content, Dialect(","))
    raw = "".join(record.raw for record in records)
    shown = content.decode("utf-8", "backslashreplace")
    assert "".join(raw.split()) == "".join(shown.split())


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",")),
        ("a\tb\n1,5\t2,5\n", Dialect("\t")),
        ("a;b\n1,5;2,5\n", Dialect(";")),
        ("a|b|c\nx, y|2|3\n", Dialect("|")),
        ("review\nGood, really\n", Dialect("")),
        ("sep=;\na;b\n1;2\n", Dialect(";", named=True)),
        ("a,b;;\n1,2;;\n", Dialect(";", inner=",")),
        ('"a,b"\n"1,""x, y"""\n', Dialect("", inner=",")),
        ('a,b\n"1,""x, y"""\n"2,""z"""\n', Dialect(",", inner=",")),
        ("a,b\n0,1,2\n1,3,4\n", Dialect(",", indexed=True)),
    ],
)
def test_dialect_is_sniffed(text: str, dialect: Dialect) -> None:
    assert sniff_dialect(text.splitlines(keepends=True), None) == dialect


def test_field_limit_of_the_csv_module_is_left_as_it_was() -> None:
    before = csv.field_size_limit(131_072)
    records = frame(b"a,b," + b"x" * 200_000 + b"\n", Dialect(","))
    assert len(records[0].fields[2]) == 200_000
    assert csv.field_size_limit(before) == 131_072


def test_unclosed_quote_in_an_endless_file_is_given_up_at_the_cap() -> None:
    rows = 'a,"b,c\n' + "".join(f"{number},b,c\n" for number in range(3_000))
    records = frame(rows.encode(), Dialect(","), limits=TableLimits(record_characters=5_000))
    assert [record.reason for record in records] == ["unclosed_quote", *[""] * 3_000]
    assert [record.line for record in records] == list(range(1, 3_002))


def test_line_beyond_any_review_stops() -> None:
    limits = TableLimits(line_characters=1_000)
    with pytest.raises(UnreadableFile, match="has a line of more than"):
        frame(b"a,b,c\n" + b"x" * 2_000, Dialect(","), limits=limits)
