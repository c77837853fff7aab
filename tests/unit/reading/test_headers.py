"""Where a table begins, and which of its rows are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewlens.errors import ColumnError, InputError, UnreadableFile
from reviewlens.reading.model import Rejected, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

BODY = "".join(f"It broke in week {n},{n % 5 + 1},2024-03-{n + 1:02}\n" for n in range(12))
PLAIN = "review,stars,date\n" + BODY


def read(
    tmp_path: Path, content: str, **options: Any
) -> tuple[list[Review], list[Rejected], Sequence[str], tuple[str, ...]]:
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with survey_reviews([path], ReadOptions(**options)) as survey:
        chunks = list(read_reviews(survey))
    reviews = [one for chunk in chunks for one in chunk.reviews]
    rejected = [one for chunk in chunks for one in chunk.rejected]
    return reviews, rejected, survey.files[0].header, survey.notes


ABOVE = {
    "a title": "Review export\n",
    "a title and blank cells": "Review export,,\nMarch 2024,,\n,,\n",
    "a title, a date and an empty line": "Review export\nCreated: 2024-04-01 10:00\n\n",
    "comments": "# made by a machine\n# a,b,c and more, with commas, in it\n",
    "a sentence with a comma": "All reviews of March, without tests\n\n",
    "a title that is a usual name": "Reviews,,\n",
    "groups of columns": "Feedback,,When\n",
    "a title and groups of columns": "March,,\nWhat was said,,When\n",
    "many lines": "".join(f"Filter {n}: none\n" for n in range(9)),
}


@pytest.mark.parametrize("above", ABOVE)
def test_what_stands_above_the_header_is_left_out_and_told(tmp_path: Path, above: str) -> None:
    reviews, rejected, header, notes = read(tmp_path, ABOVE[above] + PLAIN)
    assert list(header) == ["review", "stars", "date"]
    assert (len(reviews), rejected) == (12, [])
    assert reviews[0].location.line == ABOVE[above].count("\n") + 2
    assert any("above the header" in note and "left out" in note for note in notes)


HEADERS = {
    "plain": PLAIN,
    "one column": "review\n" + "It broke\n" * 9,
    "rows wider than the header": "id,review\n" + "".join(f"{n},7,It broke,\n" for n in range(9)),
    "names of an index": "review,stars\n" + "".join(f"{n},It broke,4\n" for n in range(9)),
    "a sparse header": "review,,\n" + BODY,
    "a header of comments": "# review,stars\n" + "It broke,3\n" * 5,
    "a single row": "review,stars\nIt broke,3\n",
    "a sparse header and words": "review,,who\nreview it,blue,Ann\n" + "It broke,red,Eva\n" * 9,
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_on_the_first_line_is_the_header(tmp_path: Path, kind: str) -> None:
    first = HEADERS[kind].split("\n", 1)[0].split(",")[0]
    _, _, header, notes = read(tmp_path, HEADERS[kind], columns={"text": first.strip("# ")}
                               if kind == "a header of comments" else {})  # fmt: skip
    assert first in header or first == "review"
    assert not any("above the header" in note for note in notes)


def test_the_user_may_say_how_many_lines_stand_above(tmp_path: Path) -> None:
    content = "a,b,c\nx,y,z\nreview,stars,date\n" + BODY
    reviews, *_ = read(tmp_path, content, skip_rows=2)
    assert len(reviews) == 12
    reviews, *_ = read(tmp_path, PLAIN, skip_rows=0)
    assert len(reviews) == 12


def test_a_table_without_a_header_has_names_by_place_or_as_given(tmp_path: Path) -> None:
    reviews, _, header, _ = read(tmp_path, BODY, names=[], columns={"text": "column 1"})
    assert (len(reviews), list(header)) == (12, ["column 1", "column 2", "column 3"])
    reviews, _, _, _ = read(tmp_path, BODY, names=["said", "stars", "when"],
                            columns={"text": "said", "time": "when"})  # fmt: skip
    assert (reviews[0].text, reviews[0].rating) == ("It broke in week 0", 1.0)
    assert reviews[11].time is not None
    with pytest.raises(InputError, match="has 3 columns, and 2 names were given: said, stars"):
        read(tmp_path, BODY, names=["said", "stars"])


@pytest.mark.parametrize("name", ["said.txt", "said.csv"])
def test_one_name_makes_each_line_a_review(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('It broke, twice\nToo loud; slow\n"Fine, quiet"\n')
    with survey_reviews([tmp_path / name], ReadOptions(names=["text"])) as survey:
        texts = [one.text for chunk in read_reviews(survey) for one in chunk.reviews]
    assert texts == ["It broke, twice", "Too loud; slow", "Fine, quiet"]


def test_without_names_the_text_is_the_column_of_texts_and_told(tmp_path: Path) -> None:
    rows = "".join(f"{n},4,The lid leaks since week {n}\n" for n in range(9))
    reviews, _, _, notes = read(tmp_path, rows, names=[])
    assert reviews[0].text == "The lid leaks since week 0"
    assert any("text is read from 'column 3', as texts stand in it" in note for note in notes)


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        ("4,2024-03-01,The lid leaks since May\n" * 3, "give --no-header, or the columns' names"),
        ("The lid leaks since May\nToo loud for a bedroom\n", "give --names text if that is a"),
    ],
)
def test_a_missing_header_is_told_with_what_reads_it(
    tmp_path: Path, content: str, cure: str
) -> None:
    with pytest.raises(ColumnError, match=cure):
        read(tmp_path, content)


QUESTIONS = "What do you say?,How many stars?,When?\n"
IMPORT_IDS = '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""date""}"\n'


@pytest.mark.parametrize(
    ("labels", "count"),
    [(QUESTIONS, 1), (QUESTIONS + IMPORT_IDS, 2), (IMPORT_IDS, 1), ("Open-Ended Response,,\n", 1)],
)
def test_rows_that_say_what_the_columns_are_are_no_reviews(
    tmp_path: Path, labels: str, count: int
) -> None:
    reviews, rejected, _, notes = read(tmp_path, "review,stars,date\n" + labels + BODY)
    assert len(reviews) == 12
    assert [one.reason for one in rejected] == ["label_row"] * count
    assert any("say what the columns are" in note for note in notes)


@pytest.mark.parametrize(
    "first",
    [
        "Great kettle,n/a,2024-03-01\n",
        "Great kettle,,\n",
        "Great kettle,unknown,\n",
        "Fine,5,n/a\n",
    ],
)
def test_a_first_review_with_odd_values_is_a_review(tmp_path: Path, first: str) -> None:
    reviews, rejected, *_ = read(tmp_path, "review,stars,date\n" + first + BODY)
    assert (len(reviews), rejected) == (13, [])


def test_the_header_once_more_among_the_rows_is_no_review(tmp_path: Path) -> None:
    reviews, rejected, _, notes = read(tmp_path, PLAIN + PLAIN + PLAIN)
    assert len(reviews) == 36
    assert [(one.reason, one.location.line) for one in rejected] == [
        ("header_again", 14),
        ("header_again", 27),
    ]
    assert any("the header comes 2 times more" in note for note in notes)


def test_a_comma_in_every_text_makes_no_index(tmp_path: Path) -> None:
    rows = "".join(f"Great coffee {n},Portland, OR\n" for n in range(12))
    reviews, rejected, *_ = read(tmp_path, "text,city\n" + rows)
    assert reviews == []
    assert {one.reason for one in rejected} == {"ragged_row"}


def test_lines_above_a_header_end_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        read(tmp_path, PLAIN, skip_rows=10**12)


def test_a_backslash_that_escapes_no_quote_stays(tmp_path: Path) -> None:
    row = '"has \\"quotes\\", C:\\temp 100\\% \\N",4\n'
    reviews, *_ = read(tmp_path, "review,stars\n" + row * 20)
    assert reviews[0].text == 'has "quotes", C:\\temp 100\\% \\N'


def test_an_id_of_several_authors_is_none(tmp_path: Path) -> None:
    rows = "".join(f"u{n},P{n},It broke in week {n},2024-03-{n + 1:02}\n" for n in range(20))
    reviews, rejected, _, notes = read(
        tmp_path, "uid,product,text,date\n" + rows + "u3,P9,Another thing,2024-05-01\n"
    )
    assert (len(reviews), rejected) == (21, [])
    assert any("stand on rows of several products or authors" in note for note in notes)


SAID = 'She said "it broke", then left'
WAYS = {
    "doubled quotes": 'review,stars\n"She said ""it broke"", then left",2\n',
    "backslashes": 'review,stars\n"She said \\"it broke\\", then left",2\n',
    "single quotes": "'review','stars'\n'She said \"it broke\", then left','2'\n",
    "blanks before quotes": 'stars, review\n2, "She said ""it broke"", then left"\n',
    "control-A": f"review\x01stars\n{SAID}\x012\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_quote_gives_the_same_text(tmp_path: Path, way: str) -> None:
    header, row = WAYS[way].split("\n")[:2]
    reviews, rejected, *_ = read(tmp_path, f"{header}\n" + f"{row}\n" * 12)
    assert rejected == []
    assert {review.text for review in reviews} == {SAID}
    assert {review.rating_given for review in reviews} == {2.0}


def test_the_user_may_say_how_cells_are_quoted(tmp_path: Path) -> None:
    content = "review,stars\n~it broke, twice~,1\n~a \\~ in it~,2\n"
    reviews, *_ = read(tmp_path, content, quote="~", escape="\\")
    assert [review.text for review in reviews] == ["it broke, twice", "a ~ in it"]
    with pytest.raises(InputError, match="'ab' cannot be the quote; give one character"):
        read(tmp_path, content, quote="ab")
