"""Rows in a single cell: split where they can only be rows, told, and as the user wants it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reviewlens.errors import ColumnError
from reviewlens.reading.limits import TableLimits
from reviewlens.reading.model import Rejected, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.preview import look_at
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

SHORT_RECORDS = TableLimits(record_characters=5_000)


def read(
    folder: Path, content: str, **options: Any
) -> tuple[list[Review], list[Rejected], tuple[str, ...]]:
    path = folder / "in.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with survey_reviews([path], ReadOptions(**options)) as survey:
        chunks = list(read_reviews(survey))
    reviews = [review for chunk in chunks for review in chunk.reviews]
    rejected = [reject for chunk in chunks for reject in chunk.rejected]
    assert survey.rows == len(reviews) + len(rejected)
    return reviews, rejected, survey.notes


@pytest.mark.parametrize("delimiter", [None, ","])
def test_cell_with_empty_ones_behind_it_is_never_split(
    tmp_path: Path, delimiter: str | None
) -> None:
    texts = ["Good, works well", "Good,works", '"Fine",it is', '1,"b, c"'] * 5
    rows = "".join('"' + text.replace('"', '""') + '",\n' for text in texts)
    reviews, rejected, notes = read(tmp_path, "text,reply\n" + rows, delimiter=delimiter)
    assert [review.original for review in reviews] == texts
    assert [review.extra for review in reviews] == [{"reply": ""}] * 20
    assert (rejected, notes) == ([], ())


def test_rows_that_can_only_be_rows_are_split_and_told(tmp_path: Path) -> None:
    plain = "".join(f"{number},good {number},5\n" for number in range(400))
    content = "id,text,rating\n" + plain + '900,ok,4\n"901,""b, c"",4"\n'
    reviews, rejected, notes = read(tmp_path, content)
    assert [review.text for review in reviews[-2:]] == ["ok", "b, c"]
    assert rejected == []
    [note] = notes
    assert '1 of 402 rows is a single cell that holds a row, such as \'"901,""b, c"",4"\'' in note
    assert "on line 403" in note
    assert "--quoted-rows keep" in note


def test_quoted_rows_are_kept_where_the_user_says_so(tmp_path: Path) -> None:
    content = 'id,text,rating\n1,a,5\n"2,""b, c"",4"\n"3,""d, e"",4"\n'
    reviews, rejected, notes = read(tmp_path, content, quoted_rows="keep")
    assert [review.text for review in reviews] == ["a"]
    assert [reject.reason for reject in rejected] == ["ragged_row"] * 2
    assert rejected[0].detail == (
        "It has 1 fields where the header has 3. It is one quoted cell; --quoted-rows split reads "
        "the 3 fields inside it."
    )
    assert not any("single cell" in note for note in notes)


def test_what_may_be_a_short_row_is_split_only_where_the_user_says_so(tmp_path: Path) -> None:
    rows = ['"Good, works well"', "fine,thanks", '"So, so"', '"She said ""no"", left"']
    content = "text,reply\n" + "\n".join(rows) + "\n"
    for delimiter in (None, ","):
        reviews, rejected, _ = read(tmp_path, content, delimiter=delimiter)
        assert [review.text for review in reviews] == ["fine"]
        assert [reject.reason for reject in rejected] == ["ragged_row"] * 3
    reviews, rejected, _ = read(tmp_path, content, quoted_rows="split")
    assert [(review.text, review.extra["reply"]) for review in reviews] == [
        ("Good", " works well"), ("fine", "thanks"), ("So", " so"), ('She said "no"', " left"),
    ]  # fmt: skip


def test_file_of_which_every_row_is_one_cell_is_split(tmp_path: Path) -> None:
    content = 'id,text,rating\n"1,good,5"\n"2,bad,1"\n"3,odd"\n'
    content += "".join(f'"{number},fine,5"\n' for number in range(4, 24))
    reviews, rejected, notes = read(tmp_path, content)
    assert [(review.text, review.rating) for review in reviews[:2]] == [("good", 5), ("bad", 1)]
    assert [(reject.location.line, reject.reason) for reject in rejected] == [(4, "ragged_row")]
    assert "22 of 23 rows are a single cell" in notes[-1]


WHOLE = {
    "tail": 'id,text,rating;;;\n1,plain,5;;;\n"2,""b, c"",4";;;\n',
    "quoted": '"id,text,rating"\n"1,plain,5"\n"2,""b, c"",4"\n',
}


@pytest.mark.parametrize(
    ("kind", "delimiter"),
    [("tail", None), ("tail", ";"), ("quoted", None), ("quoted", ";"), ("quoted", ",")],
)
def test_table_in_its_first_column_is_read_by_what_is_inside(
    tmp_path: Path, kind: str, delimiter: str | None
) -> None:
    reviews, _, notes = read(tmp_path, WHOLE[kind], delimiter=delimiter)
    assert [(review.text, review.rating) for review in reviews] == [("plain", 5), ("b, c", 4)]
    assert "2 of 2 rows are a single cell that holds a row" in notes[0]


def test_row_of_such_a_table_with_cells_beside_it_is_rejected(tmp_path: Path) -> None:
    content = WHOLE["tail"] + "3,a;b,5;;\n" + "".join(f"{n},d,5;;;\n" for n in range(4, 34))
    reviews, rejected, _ = read(tmp_path, content)
    assert len(reviews) == 32
    assert [(reject.location.line, reject.detail) for reject in rejected] == [
        (4, "It has cells beside the one that holds the row.")
    ]


@pytest.mark.parametrize("name", ["id,text,rating", "'ID, Text, rating'", "text|reply|n"])
def test_column_that_is_named_by_the_user_is_one_column(tmp_path: Path, name: str) -> None:
    texts = [re.sub(r"\w+", str(number), name.strip("'")) for number in range(20)]
    content = "\n".join(f'"{cell}"' for cell in (name, *texts)) + "\n"
    reviews, _, notes = read(tmp_path, content, columns={"text": name})
    assert [review.original for review in reviews] == texts
    assert notes == ()
    template = read(tmp_path, content, text_template=f"It is {{{name}}}", columns={"text": ""})
    assert [review.embedded for review in template[0]] == [f"It is {text}" for text in texts]


def test_kept_table_says_what_its_only_column_is(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="was read as a single column, 'id,text,rating'"):
        read(tmp_path, WHOLE["quoted"], quoted_rows="keep")
    look = look_at(tmp_path / "in.csv", ReadOptions(quoted_rows="keep"))
    assert list(look.values) == ["id,text,rating"]
    assert list(look_at(tmp_path / "in.csv", ReadOptions()).values) == ["id", "text", "rating"]


def test_rows_of_empty_cells_are_rows_whatever_parts_them(tmp_path: Path) -> None:
    for delimiter in ",\t":
        content = "text,reply\nfine,\n,\n\n  \ngood,\n".replace(",", delimiter)
        reviews, _, _ = read(tmp_path, content)
        assert [review.original for review in reviews] == ["fine", "", "good"]


@pytest.mark.parametrize("line", ["Good, works\n", "a,b\r\n", "1,2,3\n", "word\n", '""a"",b\n'])
def test_cell_that_is_too_large_is_one_row(tmp_path: Path, line: str) -> None:
    cell = line * (130_000 // len(line) + 1)
    content = f'text,reply\na,b\n"{cell}",c\nd,"{cell}"\nx,y\n'
    reviews, rejected, _ = read(tmp_path, content)
    assert [review.text for review in reviews] == ["a", "x"]
    assert [(reject.reason, reject.column) for reject in rejected] == [
        ("too_large", "text"), ("too_large", "reply"),
    ]  # fmt: skip
    assert rejected[0].raw == f'"{cell}",c\n'
    assert [review.location.record for review in reviews] == [1, 4]


@pytest.mark.parametrize("header", ["text", "text,reply"])
@pytest.mark.parametrize("behind", ["", ',"a, ""b""\nc"'])
def test_cell_beyond_all_bounds_is_one_row(tmp_path: Path, header: str, behind: str) -> None:
    tail = "" if header == "text" else ",b"
    huge = 'It said ""no"", and more.\n' * 300
    behind = behind if tail else ""
    content = f'{header}\na{tail}\n"{huge}"{behind or tail}\nz{tail}\n'
    reviews, rejected, _ = read(tmp_path, content, table_limits=SHORT_RECORDS)
    assert [review.text for review in reviews] == ["a", "z"]
    [reject] = rejected
    assert (reject.reason, reject.location.line) == ("too_large", 3)
    assert reject.raw.startswith('"It said ""no"", and more.\nIt said')


def test_quote_that_is_never_closed_costs_its_line_alone(tmp_path: Path) -> None:
    rows = "".join(f"{number},b\n" for number in range(900))
    content = f'id,text\nx,"never\n{rows}z,5"\n'
    reviews, rejected, _ = read(tmp_path, content, table_limits=SHORT_RECORDS)
    assert [(reject.reason, reject.location.line) for reject in rejected] == [("unclosed_quote", 2)]
    assert [review.text for review in reviews] == ["b"] * 900 + ['5"']


def test_undecodable_row_of_the_wrong_width_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\n1,a\n2,b,caf\xe9\n3,d\n")
    with survey_reviews([path], ReadOptions(encoding="utf-8")) as survey:
        [chunk] = read_reviews(survey)
    [reject] = chunk.rejected
    assert (reject.reason, reject.column, reject.location.line) == ("undecodable", "", 3)
    assert len(chunk.reviews) == 2


def test_mark_before_a_quoted_header_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes('\ufeff"text, full",n\n"a, b",1\n'.encode("utf-16-le"))
    with survey_reviews(
        [path], ReadOptions(encoding="utf-16-le", delimiter=",", columns={"text": "text, full"})
    ) as survey:
        [chunk] = read_reviews(survey)
    assert chunk.reviews[0].original == "a, b"


def test_no_character_parts_the_only_column(tmp_path: Path) -> None:
    reviews, rejected, _ = read(tmp_path, "text\nfine\x1f but it came very late\ngood\n")
    assert [review.original for review in reviews] == ["fine\x1f but it came very late", "good"]
    assert rejected == []
