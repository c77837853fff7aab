from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviewlens.errors import ColumnError, InputError
from reviewlens.reading.model import Chunk, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey, survey_reviews


def open_survey(tmp_path: Path, content: str, **options: object) -> Survey:
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return survey_reviews([path], ReadOptions(**options))  # type: ignore[arg-type]


def read(tmp_path: Path, content: str, **options: object) -> list[Review]:
    chunks = read_reviews(open_survey(tmp_path, content, **options))
    return [review for chunk in chunks for review in chunk.reviews]


def test_review_holds_every_role_and_the_rest(tmp_path: Path) -> None:
    header = "id,text,title,rating,date,asin,userid,city\n"
    row = " 7 , Good<br/>&amp; cheap , Nice ,4,2021-03-04,P1 , U1, Bonn\n"
    (review,) = read(tmp_path, header + row, source="shop", rating_scale=(0, 5))
    assert review.review_id == "shop:7"
    assert (review.original, review.text) == (" Good<br/>&amp; cheap ", "Good\n& cheap")
    assert review.embedded == "Title: Nice; Content: Good\n& cheap"
    assert (review.title, review.product, review.author) == ("Nice", "P1", "U1")
    assert (review.rating_given, review.rating) == (4.0, pytest.approx(4.2))
    assert review.time == datetime(2021, 3, 4, tzinfo=UTC).timestamp() * 1000
    assert (review.source, review.extra) == ("shop", {"city": " Bonn"})


def test_placeholder_is_an_empty_text_and_no_value(tmp_path: Path) -> None:
    content = "id,title,text,author,product,date\n7,,nan,-,N/A,NULL\nNone,Nice,n/a,A,P,\n"
    first, second = read(tmp_path, content)
    assert (first.original, first.text, first.embedded) == ("nan", "", "")
    assert (first.author, first.product, first.time, first.extra) == ("", "", None, {})
    assert (second.embedded, second.author) == ("Title: Nice", "A")
    assert second.review_id != "None"
    (third,) = read(tmp_path, "title,text\nN/A,good\n")
    assert (third.title, third.embedded) == ("", "good")


def test_placeholder_of_a_source_is_that_of_the_file(tmp_path: Path) -> None:
    survey = open_survey(
        tmp_path, "text,shop,stars\na,N/A,5\nb,,4\n", source="mine", source_column="shop"
    )
    assert survey.scales == {"mine": (1.0, 5.0)}
    (chunk,) = read_reviews(survey)
    assert [(review.source, review.rating) for review in chunk.reviews] == [
        ("mine", 5),
        ("mine", 4),
    ]


def test_placeholder_of_a_text_is_told(tmp_path: Path) -> None:
    survey = open_survey(tmp_path, "text\nnan\nNone of it works\n-\nnan\n\n")
    [note] = survey.notes
    assert note.endswith("in.csv: 3 texts stand for none, such as 'nan', and count as empty.")


def test_entities_are_read_in_names_too(tmp_path: Path) -> None:
    content = "text,product,author\nthe &#34;best&#34;,Pots &amp; Pans,&quot;Jo&quot;\n"
    (review,) = read(tmp_path, content)
    assert (review.text, review.original) == ('the "best"', "the &#34;best&#34;")
    assert (review.product, review.author) == ("Pots & Pans", '"Jo"')


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    rows = "".join(f"t{i % 3},{i % 6}\n" for i in range(25))
    survey = open_survey(tmp_path, "text,rating\n" + rows, chunk_rows=7)
    first, second = list(read_reviews(survey)), list(read_reviews(survey))
    assert first == second
    assert [chunk.read for chunk in first] == [7, 7, 7, 4]


def test_unreadable_date_keeps_the_review_undated(tmp_path: Path) -> None:
    survey = open_survey(tmp_path, "text,date\na,2021-01-01\nb,soon\nc,\nd,2021-01-02\n")
    (chunk,) = read_reviews(survey)
    assert [review.time is None for review in chunk.reviews] == [False, True, True, False]
    assert chunk.reviews[1].extra == {"date": "soon"}


def test_rating_outside_its_scale_is_kept_without_stars(tmp_path: Path) -> None:
    reviews = read(tmp_path, "text,rating\na,9\nb,great\nc,5\n", rating_scale=(1, 5))
    assert [(r.rating_given, r.rating) for r in reviews] == [(9, None), (None, None), (5, 5)]
    assert reviews[1].extra == {"rating": "great"}


def test_equal_rows_are_reviews_of_their_own_or_duplicates(tmp_path: Path) -> None:
    content = "text\nsame\nsame\nother\nsame\n"
    ids = [review.review_id for review in read(tmp_path, content)]
    assert ids[1::2] == [f"{ids[0]}~2", f"{ids[0]}~3"]
    (chunk,) = read_reviews(open_survey(tmp_path, content, repeats="drop"))
    assert [review.review_id for review in chunk.reviews] == [ids[0], ids[2]]
    assert chunk.duplicates == 2


def test_same_id_is_a_duplicate_or_rejected(tmp_path: Path) -> None:
    content = "id,text\n1,a\n1,a\n1,b\n,a\n,a\n"
    (chunk,) = read_reviews(open_survey(tmp_path, content, columns={"id": "id"}))
    ids = [review.review_id for review in chunk.reviews]
    assert (ids[0], chunk.duplicates) == ("1", 1)
    assert ids[2] == f"{ids[1]}~2"
    assert [(r.location.line, r.reason, r.raw) for r in chunk.rejected] == [
        (4, "duplicate_id", "1,b\n")
    ]


def test_source_and_other_fields_make_another_id(tmp_path: Path) -> None:
    header = "text,title,rating,date,asin,userid\n"
    rows = ["a,,,,,", "a,t,,,,", "a,,5,,,", "a,,,2021-01-01,,", "a,,,,P,", "a,,,,,U"]
    reviews = read(tmp_path, header + "\n".join(rows) + "\n")
    reviews += read(tmp_path, header + "a,,,,,\n", source="shop")
    ids = {review.review_id for review in reviews}
    assert len(ids) == len(reviews) == 7
    assert not any("~" in review_id for review_id in ids)


def test_source_column_falls_back_to_the_source(tmp_path: Path) -> None:
    content = "id,text,shop\n1,a,A\n2,b,\n"
    reviews = read(tmp_path, content, source="rest", source_column="Shop")
    assert [review.review_id for review in reviews] == ["A:1", "rest:2"]
    assert reviews[0].extra == {}


def test_template_names_any_column(tmp_path: Path) -> None:
    content = "text,city\nGood,Bonn\n,Bonn\n"
    reviews = read(tmp_path, content, text_template="{City}: {text}")
    assert [review.embedded for review in reviews] == ["Bonn: Good", ""]


def test_a_table_without_texts_is_put_into_words_by_the_template(tmp_path: Path) -> None:
    content = "age,job,stars\n31,engineer,4\n45, ,2\n,,1\n31,engineer,4\n"
    reviews = read(tmp_path, content, text_template="Age: {age}; Job: {job}")
    assert [review.text for review in reviews[:2]] == ["Age: 31; Job: engineer", "Age: 45; Job:"]
    assert [review.original for review in reviews[:2]] == [review.text for review in reviews[:2]]
    assert [review.embedded for review in reviews[:2]] == [review.text for review in reviews[:2]]
    assert reviews[0].extra == {"age": "31", "job": "engineer"}
    assert len(reviews) == 3  # a rating alone is no review
    assert reviews[2].review_id == reviews[0].review_id + "~2"


def test_a_table_without_texts_needs_a_template(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match=r"--text-template, such as 'age: \{age\}'"):
        open_survey(tmp_path, "age,job\n31,engineer\n")


@pytest.mark.parametrize("kind", ["gz", "zip", "utf-16", "cp1252", "xlsx"])
def test_every_kind_of_file_gives_the_same_reviews(tmp_path: Path, kind: str) -> None:
    text = 'id,text,rating,date\n1,Très bon café déjà vu à côté,5,2021-03-04\n2,"a, b",4,\n'
    path = tmp_path / f"in.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("reviews/", "")
            archive.writestr("reviews/in.csv", text)
            archive.writestr("__MACOSX/in.csv", "x")
    elif kind == "xlsx":
        write_sheet(path)
    else:
        path.write_text(text, encoding=kind)
    expected = read(tmp_path, text)
    chunks: list[Chunk] = list(read_reviews(survey_reviews([path], ReadOptions())))
    reviews = [review for chunk in chunks for review in chunk.reviews]
    assert [(r.review_id, r.text, r.rating, r.time, r.location.line) for r in reviews] == [
        (r.review_id, r.text, r.rating, r.time, r.location.line) for r in expected
    ]


def write_sheet(path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "text", "rating", "date"])
    sheet.write_row(1, 0, [1, "Très bon café déjà vu à côté", 5])
    sheet.write_datetime(1, 3, datetime(2021, 3, 4), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_row(2, 0, [2, "a, b", 4])
    book.close()


def test_sheet_keeps_cells_without_a_header_and_its_row_numbers(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "in.xlsx")
    sheet = book.add_worksheet("Reviews")
    for row, cells in enumerate([["id", "text"], [5.7030613e17, "a"], [], [2, "b", "c"]]):
        sheet.write_row(row, 0, cells)
    book.add_worksheet("Other").write(0, 0, "x")
    book.close()
    survey = survey_reviews([tmp_path / "in.xlsx"], ReadOptions())
    (chunk,) = read_reviews(survey)
    assert [(review.text, review.location.line) for review in chunk.reviews] == [("a", 2), ("b", 4)]
    assert chunk.reviews[1].extra == {"id": "2", "column_3": "c"}
    assert "the sheet Reviews is read, not Other" in survey.notes[0]
    assert "a spreadsheet has rounded its values, such as 5.70306E+17" in survey.notes[1]


def test_two_sides_are_one_review_and_no_other_columns(tmp_path: Path) -> None:
    content = 'stars,liked,disliked,city\n4,"quiet, clean",cold soup,Bonn\n2,,a long queue,Ulm\n'
    survey = open_survey(tmp_path, content)
    (chunk,) = read_reviews(survey)
    assert [review.text for review in chunk.reviews] == [
        "Liked: quiet, clean\nDisliked: cold soup",
        "Disliked: a long queue",
    ]
    assert [review.extra for review in chunk.reviews] == [{"city": "Bonn"}, {"city": "Ulm"}]
    assert [part.header for part in survey.files[0].texts] == ["liked", "disliked"]


@pytest.mark.parametrize(
    ("columns", "texts"),
    [
        ({"text": ["b", "a"]}, ["two\none"]),
        ({"text": ["b"]}, ["two"]),
        ({"text": "a"}, ["one"]),
    ],
)
def test_columns_named_for_the_text_are_joined_in_their_order(
    tmp_path: Path, columns: dict[str, object], texts: list[str]
) -> None:
    reviews = read(tmp_path, "a,b\none,two\n", columns=columns)
    assert [review.original for review in reviews] == texts


@pytest.mark.parametrize("columns", [{"rating": ["a", "b"]}, {"text": []}, {"text": ["a", ""]}])
def test_several_columns_for_what_is_one_are_refused(
    tmp_path: Path, columns: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="wanted one header"):
        read(tmp_path, "a,b\none,two\n", columns=columns)


def test_template_takes_the_joined_text_by_its_role(tmp_path: Path) -> None:
    (review,) = read(
        tmp_path, "a,b,c\none,two,x\n", columns={"text": ["b", "a"]}, text_template="{c}: {text}"
    )
    assert (review.text, review.embedded) == ("two\none", "x: two\none")
