"""Inputs that are wrong in every way we could think of: one sentence each, or exact rejects."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlens.errors import AmbiguousDates, ColumnError, InputError, UnreadableFile
from reviewlens.reading.encoding import SAMPLE_BYTES
from reviewlens.reading.limits import TableLimits
from reviewlens.reading.model import Rejected, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

Make = Callable[[Path], Path]


def read(
    path: Path, options: ReadOptions | None = None
) -> tuple[list[Review], list[Rejected], int, tuple[str, ...]]:
    with survey_reviews([path], options or ReadOptions()) as survey:
        chunks = list(read_reviews(survey))
    reviews = [review for chunk in chunks for review in chunk.reviews]
    rejected = [reject for chunk in chunks for reject in chunk.rejected]
    duplicates = sum(chunk.duplicates for chunk in chunks)
    assert sum(chunk.read for chunk in chunks) == survey.rows
    assert survey.rows == len(reviews) + len(rejected) + duplicates
    return reviews, rejected, duplicates, survey.notes


def plain(content: str | bytes, name: str = "in.csv") -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def folder_itself(folder: Path) -> Path:
    return folder


def missing(folder: Path) -> Path:
    (folder / "reviews.csv").write_text("text\nhi\n")
    return folder / "review.csv"


def zipped(*names: str, content: bytes = b"text\nhello\n") -> Make:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, content)
        return folder / "in.zip"

    return make


def protected_zip(folder: Path) -> Path:
    path = zipped("a.csv")(folder)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def damaged_zip(folder: Path) -> Path:
    path = zipped("a.csv", content=b"text\n" + b"hello\n" * 500)(folder)
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    return path


def cut_gzip(folder: Path) -> Path:
    whole = gzip.compress(b"text\n" + b"".join(b"review %d\n" % i for i in range(9000)))
    return plain(whole[: len(whole) // 2], "in.csv.gz")(folder)


def bomb(folder: Path) -> Path:
    path = folder / "in.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as stream:
        stream.write(b"text\n")
        for _ in range(110):
            stream.write(b"x" * 1_000_000 + b"\n")
    return path


def zip_bomb(folder: Path) -> Path:
    return zipped("a.csv", content=b"text\n" + (b"x" * 1_000_000 + b"\n") * 110)(folder)


def no_xlsx(folder: Path) -> Path:
    return zipped("xl/workbook.xml", content=b"<nothing/>")(folder)


STOPS: dict[str, tuple[Make, type[InputError], str]] = {
    "empty": (plain(""), UnreadableFile, "is empty; a header line and at least one row"),
    "only blank lines": (plain("\n\n \n"), UnreadableFile, "is empty; a header line"),
    "only a mark": (plain(b"\xef\xbb\xbf"), UnreadableFile, "is empty; a header line"),
    "directory": (folder_itself, UnreadableFile, "is a folder without a file that can be read"),
    "missing": (missing, UnreadableFile, "There is no file .*review.csv; did you mean .*reviews"),
    "picture": (plain(b"\x89PNG\r\n\x1a\n\0\0"), UnreadableFile, "is a PNG picture; a table"),
    "lfs": (
        plain(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        UnreadableFile,
        "a pointer of Git LFS, not the file itself; run git lfs pull",
    ),
    "git-annex": (
        plain("/annex/objects/SHA256E-s1234--abc.csv\n"),
        UnreadableFile,
        "a pointer of git-annex; run git annex get",
    ),
    "page of an error": (
        plain("\n<!DOCTYPE html>\n<html><body><h1>403, Forbidden</h1></body></html>"),
        UnreadableFile,
        "a web page without a table; fetch the file itself",
    ),
    "XML": (
        plain("<reviews>\n<review><text>It broke, twice</text></review></reviews>"),
        UnreadableFile,
        "is XML; save its reviews as CSV or JSON",
    ),
    "JSON in a script": (
        plain('var found = [{"text": "It broke, twice"}];'),
        UnreadableFile,
        "is JavaScript around JSON; take away what stands before and behind",
    ),
    "JSON in a call": (
        plain('callback({"text": "It broke, twice"});'),
        UnreadableFile,
        "JavaScript around JSON",
    ),
    "JSON behind a guard": (
        plain(')]}\'\n{"text": "It broke, twice"}'),
        UnreadableFile,
        "JavaScript around JSON",
    ),
    "Python": (
        plain("{'text': 'It broke, twice', 'stars': 1}\n" * 3),
        UnreadableFile,
        "Python's notation and no JSON; write it with json.dumps",
    ),
    "pickle": (plain(b"\x80\x04\x95\x10\0"), UnreadableFile, "a pickle of Python"),
    "no json": (
        plain(b'[{"text": "hello"}, {"text": '),
        UnreadableFile,
        "begins as JSON and is none",
    ),
    "json without objects": (plain(b'{"a": [1, 2]}'), ColumnError, "no column with a usual name"),
    "page without rows": (
        plain(b"<html><table></table></html>"),
        UnreadableFile,
        "no table with rows",
    ),
    "parquet": (plain(b"PAR1\x15\x04"), UnreadableFile, "cannot be read as Parquet"),
    "old excel": (
        plain(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        UnreadableFile,
        "cannot be read as a workbook",
    ),
    "binary": (
        plain(bytes(range(256)) * 40),
        UnreadableFile,
        "is not text: 1,080 of its first 10,240 bytes",
    ),
    "several members": (
        zipped("a.csv", "b.csv"),
        UnreadableFile,
        r"holds 2 files \(a.csv, b.csv\) where one was expected",
    ),
    "no member": (zipped("__MACOSX/a.csv"), UnreadableFile, "without a file in it"),
    "password": (protected_zip, UnreadableFile, "protected by a password"),
    "damaged zip": (damaged_zip, UnreadableFile, "cannot be unpacked or read"),
    "picture in zip": (
        zipped("a.png", content=b"\x89PNG\r\n\x1a\n"),
        UnreadableFile,
        "is a PNG picture; rows of text",
    ),
    "cut gzip": (cut_gzip, UnreadableFile, "is cut short: the archive ends before its data"),
    "gzip bomb": (bomb, UnreadableFile, "as a zip bomb does"),
    "zip bomb": (zip_bomb, UnreadableFile, "as a zip bomb does"),
    "no workbook": (no_xlsx, UnreadableFile, "cannot be read as a workbook"),
    "no text column": (
        plain("id,city\n1,Paris\n"),
        ColumnError,
        "no column with a usual name for the review's text; it has id, city: name one with --text",
    ),
    "no header": (
        plain("The first review is long enough to be seen as one.,5\nThe second,4\n"),
        ColumnError,
        "it seems to have no header line",
    ),
    "unknown delimiter": (
        plain("id^text\n1^good\n"),
        ColumnError,
        r"read as a single column, 'id\^text'; its delimiter is probably '\^'",
    ),
    "two orders": (
        plain("text,date\na,13/01/2020\nb,01/13/2020\n"),
        AmbiguousDates,
        r"day first \('13/01/2020'\) and with the month first \('01/13/2020'\).*--date-order",
    ),
    "no order": (
        plain("text,date\na,03/04/2021\nb,05/05/2021\n"),
        AmbiguousDates,
        "'03/04/2021' is 3 April 2021 with --date-order dmy and 4 March 2021 with",
    ),
    "undecodable header": (
        plain(b"text,caf\xe9\n" + "déjà vu\n".encode() * 20),
        UnreadableFile,
        "The header of .* cannot be read: .*--encoding",
    ),
}


@pytest.mark.parametrize("case", STOPS)
def test_bad_file_stops_with_one_sentence(case: str, tmp_path: Path) -> None:
    make, error, sentence = STOPS[case]
    path = make(tmp_path)
    with pytest.raises(error, match=sentence) as caught:
        survey_reviews([path], ReadOptions())
    assert type(caught.value) is error
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


# content, options, error, sentence, the setting at fault
FLAGS: dict[str, tuple[str, ReadOptions, type[InputError], str, str]] = {
    "wrong delimiter": (
        "id,text\n1,good\n",
        ReadOptions(delimiter=";"),
        ColumnError,
        "its delimiter is probably ',': give --delimiter ','",
        "delimiter",
    ),
    "long delimiter": (
        "id,text\n",
        ReadOptions(delimiter="::"),
        InputError,
        "'::' cannot be a delimiter; give one character",
        "delimiter",
    ),
    "missing column": (
        "id,text,stars\n1,good,5\n",
        ReadOptions(columns={"rating": "star"}),
        ColumnError,
        "no column 'star'; it has id, text, stars; did you mean --rating-column 'stars'",
        "columns.rating",
    ),
    "no dates": (
        "text,when\ngood,soon\nbad,later\n",
        ReadOptions(columns={"time": "when"}),
        ColumnError,
        "Column 'when' of .* cannot be the time: none of its values is a date, such as 'soon'",
        "columns.time",
    ),
    "no ratings": (
        "text,mood\ngood,happy\n",
        ReadOptions(columns={"rating": "mood"}),
        ColumnError,
        "Column 'mood' of .* cannot be the rating: none of its values is a rating, such as 'happy'",
        "columns.rating",
    ),
    "rounded ids": (
        "key,text\n5.70306E+17,good\n5.70306E+17,bad\n",
        ReadOptions(columns={"id": "key"}),
        ColumnError,
        r"holds ids that a spreadsheet has rounded, such as 5.70306E\+17",
        "columns.id",
    ),
    "no encoding": (
        "text\ngood\n",
        ReadOptions(encoding="utf8000"),
        InputError,
        "There is no encoding 'utf8000'; did you mean utf-8",
        "encoding",
    ),
    "no source column": (
        "text,shop\ngood,a\n",
        ReadOptions(source_column="store"),
        ColumnError,
        "no column 'store'; it has text, shop;",
        "source_column",
    ),
    "template column": (
        "text\ngood\n",
        ReadOptions(text_template="{text} {city}"),
        ColumnError,
        "no column 'city'; it has text",
        "text_template",
    ),
    "template brace": (
        "text\ngood\n",
        ReadOptions(text_template="{text} }"),
        InputError,
        "has a lone '}'",
        "text_template",
    ),
    "no text": (
        "text\ngood\n",
        ReadOptions(columns={"text": ""}),
        ColumnError,
        "is needed",
        "columns.text",
    ),
    "no usual name": (
        "a,b\ngood,bad\n",
        ReadOptions(),
        ColumnError,
        "no column with a usual name",
        "columns.text",
    ),
    "dates either way": (
        "text,date\ngood,01/02/2024\n",
        ReadOptions(),
        AmbiguousDates,
        "can be read two ways",
        "date_order",
    ),
    "scale": (
        "text\n",
        ReadOptions(rating_scale=(5, 1)),
        InputError,
        "5..1 goes down",
        "rating_scale",
    ),
}


@pytest.mark.parametrize("case", FLAGS)
def test_flag_that_does_not_fit_stops_with_one_sentence(case: str, tmp_path: Path) -> None:
    content, options, error, sentence, field = FLAGS[case]
    with pytest.raises(error, match=sentence) as caught:
        survey_reviews([plain(content)(tmp_path)], options)
    assert type(caught.value) is error
    assert caught.value.field == field
    assert "\n" not in str(caught.value)


BATCH = TableLimits(batch_characters=1_600_000)
HUGE = "x" * (BATCH.batch_characters + SAMPLE_BYTES)
"""More than the sample that the encoding is told by, and than what is read at once."""

# content, (line, column, reason) of each rejected row, texts that survive
REJECTS: dict[str, tuple[str | bytes, list[tuple[int, str, str]], list[str]]] = {
    "too many fields": ("id,text\n1,a\n2,b,c\n3,d\n", [(3, "", "ragged_row")], ["a", "d"]),
    "too few fields": ("id,text\n1,a\n2\n3,d\n", [(3, "", "ragged_row")], ["a", "d"]),
    "empty surplus": ("id,text\n1,a,,\n2,b\n", [], ["a", "b"]),
    "missing unnamed": ("id,text,,\n1,a\n2,b,,\n", [], ["a", "b"]),
    "nul byte": (b"id,text\n1,a\n2,b\0c\n3,d\n", [(3, "text", "nul_byte")], ["a", "d"]),
    "nul byte in a legacy encoding": (
        b"id,text\n1,caf\xe9 near the station\n2,b\0c\n3,d\n",
        [(3, "text", "nul_byte")],
        ["café near the station", "d"],
    ),
    "undecodable": (
        "id,text\n1,déjà vu à côté là-bas\n".encode() + b"2,caf\xe9\n3,d\n",
        [(3, "text", "undecodable")],
        ["déjà vu à côté là-bas", "d"],
    ),
    "unclosed quote": (
        'id,text\n1,a\n2,"b\n3,c\n4,d\n',
        [(3, "", "unclosed_quote")],
        ["a", "c", "d"],
    ),
    "unclosed quote before a quoted row": (
        'id,text\n1,"b\n2,c\n3,"d, e"\n4,f\n',
        [(2, "", "unclosed_quote")],
        ["c", "d, e", "f"],
    ),
    "unclosed quote closed by accident": (
        'id,n,text\n1,2,"b\n2,2,c\n3,5",d\n4,4,f\n',
        [(2, "", "unclosed_quote")],
        ["c", "d", "f"],
    ),
    "unclosed quote at the end": ('id,text\n1,a\n2,"b', [(3, "", "unclosed_quote")], ["a"]),
    "stray quote": ('id,text\n1,"a" b\n2,c\n', [(2, "", "bad_quotes")], ["c"]),
    "huge cell": (
        f"id,text\n1,a\n2,{HUGE}\n3,b\n",
        [(3, "text", "too_large")],
        ["a", "b"],
    ),
    "huge title": (f"text,title\na,{'é' * 32_768}\n", [(2, "title", "too_large")], []),
    "huge product": (f"text,asin\na,{'p' * 1025}\nb,q\n", [(2, "asin", "too_large")], ["b"]),
    "huge id": (f"id,text\n{'i' * 513},a\n", [(2, "id", "too_large")], []),
    "huge rest": (f"text,city\na,{'c' * 60_000}\n", [(2, "city", "too_large")], []),
    "repeated id": (
        "".join(["id,text\n", *(f"{i},t{i}\n" for i in range(300)), "7,other\n"]),
        [(302, "id", "duplicate_id")],
        [f"t{i}" for i in range(300)],
    ),
    "quoted whole": (
        'id,text,rating;;;\n1,plain,5;;;\n"2,""b, c"",4";;;\n',
        [],
        ["plain", "b, c"],
    ),
    "quoted whole without a tail": (
        'id,text,rating\n1,plain,5\n"2,""b, c"",4"\n"3,""d, e"",4"\n',
        [],
        ["plain", "b, c", "d, e"],
    ),
    "blank lines": ("id,text\n\n1,a\n  \n2,b\n\n", [], ["a", "b"]),
    "lone carriage returns": (
        b'id,text\r1,"a\rb"\r2\r3,c\r',
        [(4, "", "ragged_row")],
        ["a\rb", "c"],
    ),
    "utf-16": (
        "id,text\r\n1,né\r\n2\r\n3,c\r\n".encode("utf-16"),
        [(3, "", "ragged_row")],
        ["né", "c"],
    ),
    "index without a header": ("text,rating\n1,a,5\n2,b,4\n", [], ["a", "b"]),
    "only a header": ("id,text\n", [], []),
}


@pytest.mark.parametrize("case", REJECTS)
def test_bad_rows_are_rejected_and_nothing_else(case: str, tmp_path: Path) -> None:
    content, expected, texts = REJECTS[case]
    options = ReadOptions(table_limits=BATCH)
    reviews, rejected, duplicates, _ = read(plain(content)(tmp_path), options)
    assert [(r.location.line, r.column, r.reason) for r in rejected] == expected
    assert [review.original for review in reviews] == texts
    assert duplicates == 0
    assert all(reject.detail.endswith(".") and reject.raw for reject in rejected)


def test_rejected_row_keeps_its_raw_text_and_place(tmp_path: Path) -> None:
    rows = 'id,text\r\n1,"a\r\nb"\r\n2,x,"y\r\nz"\r\n3,c\r\n'
    reviews, rejected, _, _ = read(plain(rows)(tmp_path))
    assert rejected[0].raw == '2,x,"y\r\nz"\r\n'
    assert (rejected[0].location.line, rejected[0].location.record) == (4, 2)
    assert [(r.location.line, r.location.record) for r in reviews] == [(2, 1), (6, 3)]


def test_undecodable_bytes_are_shown_in_the_raw_text(tmp_path: Path) -> None:
    rows = "text\nà côté de là-bas, déjà été élevée\n".encode() + b"caf\xe9\n"
    _, rejected, _, _ = read(plain(rows)(tmp_path))
    assert rejected[0].raw == "caf\\xe9\n"
    rejected[0].raw.encode()


def test_empty_file_with_header_leaves_a_note(tmp_path: Path) -> None:
    _, _, _, notes = read(plain("id,text\n")(tmp_path))
    assert [note.endswith("holds a header but no row below it.") for note in notes] == [True]


def test_permission_denied_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plain("text\na\n")(tmp_path)

    def refuse(*_: object, **__: object) -> io.BufferedReader:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableFile, match=r"in\.csv cannot be read: Permission denied"):
        survey_reviews([path], ReadOptions())


def test_file_that_grows_between_the_passes_stops(tmp_path: Path) -> None:
    path = plain("text\na\n")(tmp_path)
    with survey_reviews([path], ReadOptions()) as survey:
        path.write_text("text\na\nb\n")
        with pytest.raises(InputError, match="changed while it was being read"):
            list(read_reviews(survey))
