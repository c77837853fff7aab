from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from reviewlens.reading.exports import COLUMNS
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey, survey_reviews


def survey(tmp_path: Path, content: str, **options: object) -> Survey:
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8")
    return survey_reviews([path], ReadOptions(**options))  # type: ignore[arg-type]


def test_survey_tells_what_it_decided(tmp_path: Path) -> None:
    found = survey(tmp_path, "Text;Score;Date;city\nGood;4;31.12.2020;Bonn\n")
    file = found.files[0]
    assert (file.encoding, file.encoding_decided, file.delimiter) == ("utf-8", "valid UTF-8", ";")
    assert file.columns == {"text": "Text", "rating": "Score", "time": "Date"}
    assert (file.date_order, file.rows, found.rows) == ("dmy", 1, 1)
    assert file.sample == ({"Text": "Good", "Score": "4", "Date": "31.12.2020", "city": "Bonn"},)
    assert found.scales == {"": (1.0, 5.0)}
    assert found.notes == ()


@pytest.mark.parametrize(
    ("ids", "mapped"),
    [("1 2 3", True), ("1 1 2", False), ("5.7E+17 6.7E+17", False)],
)
def test_id_column_that_identifies_nothing_is_refused(
    tmp_path: Path,
    ids: str,
    mapped: bool,  # noqa: FBT001
) -> None:
    rows = "".join(f"{value},t{number}\n" for number, value in enumerate(ids.split()))
    found = survey(tmp_path, "id,text\n" + rows)
    assert ("id" in found.files[0].columns) == mapped
    assert any("is not used as the id, because" in note for note in found.notes) != mapped


def test_repeating_ids_given_by_flag_are_used(tmp_path: Path) -> None:
    found = survey(tmp_path, "id,text\n1,a\n1,b\n", columns={"id": "id"})
    assert found.files[0].columns["id"] == "id"


def test_scales_are_settled_by_source_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,stars,shop\nx,5,A\ny,4,B\n")
    (tmp_path / "b.csv").write_text("text,stars,shop\nz,9,B\n")
    options = ReadOptions(source_column="shop")
    found = survey_reviews([tmp_path / "a.csv", tmp_path / "b.csv"], options)
    assert found.scales == {"A": (1.0, 5.0), "B": (1.0, 10.0)}
    stars = [review.rating for chunk in read_reviews(found) for review in chunk.reviews]
    assert stars == pytest.approx([5.0, 1 + 4 * 3 / 9, 1 + 4 * 8 / 9])


@pytest.mark.parametrize(
    ("ratings", "options", "note"),
    [
        ("1 2 9", {"rating_scale": (1, 5)}, "1 rating lies outside 1..5; it is kept as given"),
        ("1 4 7", {}, "reach 7 and are read as 1..10; if their scale is another"),
        ("300 900", {}, "run from 300 to 900, which is no usual scale"),
    ],
)
def test_scale_that_is_doubtful_leaves_a_note(
    tmp_path: Path, ratings: str, options: dict[str, object], note: str
) -> None:
    rows = "".join(f"t,{rating}\n" for rating in ratings.split())
    assert any(note in found for found in survey(tmp_path, "text,rating\n" + rows, **options).notes)


def test_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text\na\n")
    found = survey_reviews([path, tmp_path / "." / "in.csv"], ReadOptions())
    assert found.rows == 1
    assert found.notes == (f"{path} was named twice and is read once.",)


def test_standard_input_is_spooled_and_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stdin = SimpleNamespace(buffer=io.BytesIO(b"text\nhello\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    with survey_reviews(["-"], ReadOptions()) as found:
        copy = found.files[0].source.path
        for _ in range(2):
            assert [c.reviews[0].location.file for c in read_reviews(found)] == ["-"]
        assert list(tmp_path.iterdir()) == []  # no name, so that a killed process leaves nothing
        assert copy.exists()
    assert not copy.exists()


@pytest.mark.parametrize("content", [b"", b"id,city\n1,Bonn\n"])
def test_spooled_copy_is_removed_when_the_survey_stops(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    with pytest.raises(Exception, match=r"-|a header line"):
        survey_reviews(["-"], ReadOptions())
    assert list(tmp_path.iterdir()) == []


def test_document_is_spooled_without_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    path = tmp_path / "reviews.md"
    path.write_text("# First\n\nIt leaks.\n\n# Second\n\nIt works.\n")
    with survey_reviews([path], ReadOptions()) as found:
        assert found.rows == 2
        assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_named_pipe_is_spooled(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"text\nhello\n",))
    writer.start()
    with survey_reviews([pipe], ReadOptions()) as found:
        assert found.rows == 1
    writer.join()


def test_import_loads_nothing_heavy() -> None:
    heavy = "{'pandas', 'numpy', 'dateutil', 'charset_normalizer', 'python_calamine', 'fasttext'}"
    code = f"import sys, reviewlens.reading; sys.exit(str({heavy} & set(sys.modules) or ''))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stderr.strip() in (b"", b"set()")


def test_known_scale_holds_where_the_values_fit_it(tmp_path: Path) -> None:
    low = tmp_path / "low.csv"
    low.write_text("text,rating\n" + "fine,4\n" * 20 + "bad,2\n" * 5)
    assert survey_reviews([low], ReadOptions()).scales == {"": (1, 5)}
    known = {"": (1.0, 10.0)}
    assert survey_reviews([low], ReadOptions(), known_scales=known).scales == known
    high = tmp_path / "high.csv"
    high.write_text("text,rating\n" + "fine,80\n" * 20 + "bad,20\n" * 5)
    assert survey_reviews([high], ReadOptions(), known_scales=known).scales[""][1] == 100
    given = ReadOptions(rating_scale=(1, 5))
    assert survey_reviews([low], given, known_scales=known).scales == {"": (1, 5)}


def test_ids_that_each_source_counts_name_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("id,source,text\n1,shop,a\n2,shop,b\n1,app,c\n2,app,d\n")
    [note] = survey_reviews([path], ReadOptions()).notes
    assert note.endswith("If each source numbers its own, give --source-column source.")
    survey = survey_reviews([path], ReadOptions(source_column="source"))
    assert survey.files[0].columns["id"] == "id"


def notes_of(tmp_path: Path, ratings: dict[str, int], **options: object) -> tuple[str, ...]:
    rows = "".join(f"t,{rating}\n" * count for rating, count in ratings.items())
    return survey(tmp_path, "text,rating\n" + rows, **options).notes


STARS = {"1": 100, "4": 300, "5": 600}


@pytest.mark.parametrize(
    ("odd", "note"),
    [
        ("9/10", "1 rating names a highest one of its own, such as 9/10, and is read by it"),
        ("5/7", "1 rating lies outside 1..5; it is kept as given, without stars, such as 5/7"),
        ("55", "1 rating lies outside 1..5; it is kept as given, without stars, such as 55"),
        ("24/7", "1 value of column 'rating' is no rating, such as '24/7'"),
        ("12/2023", "1 value of column 'rating' is no rating, such as '12/2023'"),
    ],
)
def test_odd_rating_among_a_thousand_is_told_and_moves_no_other(
    tmp_path: Path, odd: str, note: str
) -> None:
    [told] = notes_of(tmp_path, {**STARS, odd: 1})
    assert note in told
    assert "--rating-" in told
    found = survey_reviews([tmp_path / "in.csv"], ReadOptions())
    reviews = [review for chunk in read_reviews(found) for review in chunk.reviews]
    assert [review.rating for review in reviews[:1000]] == [1] * 100 + [4] * 300 + [5] * 600
    assert reviews[1000].rating == (4.5 if odd == "9/10" else None)


@pytest.mark.parametrize(
    ("ratings", "note"),
    [
        ({"4": 30, "5": 15, "9": 1}, "1 of 46 ratings above 5, such as 9, makes the scale 1..10;"),
        (
            {"0": 3, "4": 57},
            "3 of 60 ratings are 0 and are taken as not rated, as",
        ),
        ({"0": 3, "9": 57}, "3 of 60 ratings below 1, such as 0, make the scale 0..10;"),
        ({"1": 60}, "All 60 ratings are 1 and are read as 1..5; if 1 is the best, give"),
    ],
)
def test_scale_that_a_few_ratings_make_is_told(
    tmp_path: Path, ratings: dict[str, int], note: str
) -> None:
    assert any(note in told for told in notes_of(tmp_path, ratings))
    assert notes_of(tmp_path, ratings, rating_scale=(0, 10)) == ()


def test_rows_without_a_text_have_no_say_in_the_scale(tmp_path: Path) -> None:
    content = "title,text,stars\n" + ",good,4\n" * 20 + "Total,,\n,,80\n,nan,20\n"
    assert survey(tmp_path, content).scales == {"": (1.0, 5.0)}
    told = survey(tmp_path, content + "Superb,,9\nBad,,8\n").scales
    assert told == {"": (1.0, 10.0)}  # a title alone is a review


def test_promoter_scores_are_of_ten_whatever_they_reach(tmp_path: Path) -> None:
    content = "review,{}\n" + "good,4\nfine,3\nbad,1\n" * 9
    name = "How likely are you to recommend us?"
    found = survey(tmp_path, content.format(name), columns={"rating": name})
    assert found.scales == {"": (0.0, 10.0)}
    assert found.notes == (
        "The ratings are read as net promoter scores, 0..10, as their column is called "
        "(--rating-scale LOW..HIGH).",
    )


def test_odd_rating_does_not_unsettle_a_known_scale(tmp_path: Path) -> None:
    path = tmp_path / "low.csv"
    path.write_text("text,rating\n" + "fine,4\n" * 300 + "bad,2\n" * 50 + "odd,99\n")
    known = {"": (1.0, 10.0)}
    found = survey_reviews([path], ReadOptions(), known_scales=known)
    assert found.scales == known
    assert "1 rating lies outside 1..10" in found.notes[0]


def test_odd_rounded_id_does_not_cost_the_ids(tmp_path: Path) -> None:
    rows = "".join(f"{number},t{number}\n" for number in range(300)) + "5.7E+17,odd\n"
    for columns in ({}, {"id": "id"}):
        found = survey(tmp_path, "id,text\n" + rows, columns=columns)
        assert found.files[0].columns["id"] == "id"
        [note] = found.notes
        assert "a spreadsheet has rounded 1 id, such as 5.7E+17" in note


def test_order_of_dates_is_told_where_few_dates_tell_it(tmp_path: Path) -> None:
    days = [f"0{day}/0{month}/{year}" for day in range(1, 8) for month in range(1, 8)
            for year in range(2010, 2015)]  # fmt: skip
    rows = "".join(f"t,{day}\n" for day in (*days, "13/01/2024"))
    found = survey(tmp_path, "text,date\n" + rows)
    assert found.files[0].date_order == "dmy"
    [note] = found.notes
    assert note.endswith("the others can be read either way (--date-order mdy).")
    assert survey(tmp_path, "text,date\n" + rows, date_order="dmy").notes == ()


def test_column_that_is_given_is_taken_and_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    content = "review,when,mood\n" + "good,soon,happy\n" * 9 + "bad,2024-03-05,2\n"
    found = survey(tmp_path, content, columns={"time": "when", "rating": "mood"})
    assert found.files[0].columns == {"text": "review", "time": "when", "rating": "mood"}
    reviews = [review for chunk in read_reviews(found) for review in chunk.reviews]
    assert [(r.time is None, r.rating is None) for r in reviews] == [(True, True)] * 9 + [
        (False, False)
    ]
    assert reviews[0].extra == {"when": "soon", "mood": "happy"}


def test_note_promises_to_insist_only_where_that_can_be(tmp_path: Path) -> None:
    mostly = survey(tmp_path, "text,date\n" + "good,soon\n" * 9 + "bad,2024-03-05\n").notes
    assert "(--time-column 'date' insists)" in mostly[0]
    nothing = survey(tmp_path, "text,date\n" + "good,soon\n" * 9).notes
    assert nothing[0].endswith("it holds mostly no dates, such as 'soon'.")


def test_days_of_a_spreadsheet_are_read_in_a_column_of_them(tmp_path: Path) -> None:
    found = survey(tmp_path, "text,date\na,45292\nb,45293.25\nc,NULL\n")
    assert "read as days of a spreadsheet's calendar: 45292 is 1 January 2024" in found.notes[0]
    reviews = [review for chunk in read_reviews(found) for review in chunk.reviews]
    assert [review.time for review in reviews] == [1_704_067_200_000, 1_704_175_200_000, None]


def test_header_tells_the_order_of_dates(tmp_path: Path) -> None:
    found = survey(tmp_path, "Rezension;Datum\ngut;05/03/2024\n")
    assert found.files[0].date_order == "dmy"
    assert "as the language of the header says ('Datum')" in found.notes[0]
    given = survey(tmp_path, "Rezension;Datum\ngut;05/03/2024\n", date_order="mdy")
    assert (given.files[0].date_order, given.notes) == ("mdy", ())


@pytest.mark.parametrize(
    ("other", "told"),
    [("said long ago by me", True), ("x", False)],
)
def test_texts_in_another_column_are_told(tmp_path: Path, other: str, *, told: bool) -> None:
    rows = "".join(f",{n % 5 + 1},{other} {n}\n" for n in range(20)) + "all of it is fine,5,\n"
    path = tmp_path / "in.csv"
    path.write_text("content,stars,remarks by phone\n" + rows, encoding="utf-8")
    notes = survey_reviews([path], ReadOptions()).notes
    hint = "20 rows have no text in 'content'; 20 have one in 'remarks by phone': "
    assert any(hint + "--text-column 'remarks by phone'." in note for note in notes) == told


@pytest.mark.parametrize(("plain", "told"), [("5", True), ("9", False)])
def test_plain_ratings_among_those_that_name_their_highest_are_told(
    tmp_path: Path, plain: str, *, told: bool
) -> None:
    rows = "".join(f"It is {n},8/10\n" for n in range(60))
    rows += "".join(f"So {n},{plain}\n" for n in range(40))
    found = survey(tmp_path, "text,rating\n" + rows)
    assert found.scales == {"": (1.0, 10.0)}
    assert any("40 of 100 ratings name no highest one" in note for note in found.notes) == told


@pytest.mark.parametrize(("cluster", "told"), [("-1", False), ("3", True)])
def test_themes_of_an_export_are_told_not_to_be_read(
    tmp_path: Path,
    cluster: str,
    told: bool,  # noqa: FBT001
) -> None:
    row = dict.fromkeys(COLUMNS, "") | {"review_id": "a", "text": "It broke", "cluster": cluster}
    path = tmp_path / "out.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    with survey_reviews([path], ReadOptions()) as found:
        [note] = found.notes
    assert "is an export of reviewlens" in note
    assert ("themes are not: `copy` takes them" in note) == told


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (
            ["fine and good,4", "n/a,4"],
            "1 text stands for none, such as 'n/a', and counts as empty",
        ),
        (["good,4", "n/a,4", "n/a,3"], "2 texts stand for none, such as 'n/a', and count as empty"),
        (
            ["good,4", "bad,good", "fine,5"],
            "1 value of column 'stars' is no rating, such as 'good'",
        ),
        (
            ["good,4", ",3", ",2"],
            "2 of 3 rows have a rating and no text; they say nothing, and are",
        ),
        (["good,4", ",3"], "1 of 2 rows has a rating and no text; it says nothing, and is skipped"),
    ],
)
def test_notes_agree_with_how_many_they_tell_of(
    tmp_path: Path, rows: list[str], wanted: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text("\n".join(["text,stars", *rows]) + "\n", encoding="utf-8")
    options = ReadOptions(columns={"text": "text", "rating": "stars"})
    with survey_reviews([path], options) as survey:
        assert wanted in " ".join(survey.notes)
