"""Documents as records: pages, sections, parts, ids, and what cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reviewlens.errors import InputError, MissingExtra, UnreadableFile
from reviewlens.reading.documents.sections import joined_lines, markdown_sections
from reviewlens.reading.limits import CONVERSION
from reviewlens.reading.model import Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

HANDBOOK = """\
---
author: someone
---
Welcome to the **handbook** of [Ketterby](https://example.org/k).

# Returns

Send the kettle back within thirty days
in its *own* box.

- keep the receipt
- take a photo

```
# not a heading
```

Warranty
--------

| part | years |
|---|---|
| lid | 2 |

# Returns

Once more.
"""


def read(*files: Path, **options: object) -> tuple[list[Review], tuple[str, ...]]:
    with survey_reviews(files, ReadOptions(**options)) as survey:  # type: ignore[arg-type]
        return [one for chunk in read_reviews(survey) for one in chunk.reviews], survey.notes


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def pdf(*pages: str, encrypted: str = "") -> bytes:
    """A PDF with a text on each page, one line a text line."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(595, 842)
        lines = " T* ".join(f"({line}) Tj" for line in text.split("\n"))
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET".encode("latin-1"))
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    if encrypted:
        writer.encrypt(encrypted, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


# -- pages and sections ------------------------------------------------------------------------


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    file = write(
        tmp_path / "kettle.pdf", pdf("Fill it.", "", "Descale it after each\nmonth of use.")
    )
    reviews, notes = read(file)
    assert [(one.review_id, one.text, one.title, dict(one.extra)) for one in reviews] == [
        ("kettle.pdf p. 1", "Fill it.", "kettle.pdf", {"document": "kettle.pdf", "page": "1"}),
        ("kettle.pdf p. 3", "Descale it after each month of use.", "kettle.pdf",
         {"document": "kettle.pdf", "page": "3"}),
    ]  # fmt: skip
    assert reviews[1].location.line == 3
    assert notes == (
        f"{file} is read as a document: 2 pages with text.",
        f"{file}: 1 pages hold no text; they may be pictures.",
    )


def test_sections_of_markdown(tmp_path: Path) -> None:
    reviews, notes = read(write(tmp_path / "hand.md", HANDBOOK))
    assert [(one.review_id, one.title, one.text) for one in reviews] == [
        ("hand.md", "hand.md", "Welcome to the handbook of Ketterby."),
        ("hand.md § Returns", "Returns",
         "Send the kettle back within thirty days in its own box.\nkeep the receipt\n"
         "take a photo\n# not a heading"),
        ("hand.md § Warranty", "Warranty", "part | years\nlid | 2"),
        ("hand.md § Returns (2)", "Returns", "Once more."),
    ]  # fmt: skip
    lines = HANDBOOK.splitlines()
    assert [lines[one.location.line - 1] for one in reviews[1:]] == [
        "# Returns", "Warranty", "# Returns"
    ]  # fmt: skip
    assert "4 sections" in notes[0]


def test_plain_text_and_its_pages(tmp_path: Path) -> None:
    [one] = read(write(tmp_path / "a.txt", "Dear customer,\n\nfill it to the line.\n"))[0]
    assert (one.review_id, one.text) == ("a.txt", "Dear customer,\nfill it to the line.")
    two = read(write(tmp_path / "b.txt", "one\ntwo\n\fthree\n"))[0]
    assert [(one.review_id, one.location.line) for one in two] == [
        ("b.txt p. 1", 1), ("b.txt p. 2", 3)
    ]  # fmt: skip


def test_long_section_is_cut_and_its_first_part_keeps_the_id(tmp_path: Path) -> None:
    words = "The kettle boils water in three minutes. " * 250
    reviews, _ = read(write(tmp_path / "a.md", f"# Use\n\n{words}"))
    assert [one.review_id for one in reviews] == [
        "a.md § Use",
        "a.md § Use, part 2",
        "a.md § Use, part 3",
    ]
    assert all(len(one.text) <= 4_000 for one in reviews)
    assert " ".join(one.text for one in reviews).split() == words.split()


def test_source_is_a_part_of_the_ids_and_both_are_stable(tmp_path: Path) -> None:
    file = write(tmp_path / "a.md", HANDBOOK)
    reviews, _ = read(file, source="manual")
    assert reviews[0].review_id == "manual:a.md"
    assert reviews == read(file, source="manual")[0]


def test_documents_and_tables_together_with_the_tables_options(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "Body,stars\nGood kettle,5\n")
    document = write(tmp_path / "a.md", "Fill it.")
    reviews, _ = read(
        table, document, columns={"text": "Body"}, text_template="{Body}!", source_column="stars"
    )
    assert [one.text for one in reviews] == ["Good kettle", "Fill it."]
    assert reviews[1].embedded == "Title: a.md; Content: Fill it."


def test_encoding_of_a_text(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "Schöne Grüße an alle Käufer".encode("cp1252"))
    assert read(file)[0][0].text == "Schöne Grüße an alle Käufer"
    assert read(file, encoding="cp1252")[0][0].text == "Schöne Grüße an alle Käufer"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("The lid leaks when it\nis full.", "The lid leaks when it is full."),
        ("The lid leaks when you\nFill it.", "The lid leaks when you Fill it."),
        ("Use\nThe lid leaks when you fill it.", "Use\nThe lid leaks when you fill it."),
        ("It has a water-\nproof lid.", "It has a waterproof lid."),
        ("one line here\n\nanother", "one line here\nanother"),
        ("Take:\n- the lid\n- the base\n2. a cup", "Take:\n- the lid\n- the base\n2. a cup"),
        ("水壶的盖子漏水\n而且很吵", "水壶的盖子漏水而且很吵"),
        ("", ""),
    ],
)  # fmt: skip
def test_lines_of_a_paragraph_are_joined(text: str, joined: str) -> None:
    assert joined_lines(text) == joined


def test_markdown_without_words_has_no_text() -> None:
    assert [one.text for one in markdown_sections("# A\n\n# B\n")] == ["", "", ""]


# -- what is a document ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("text\trating\nfine\t5\nbad\t1\n", ["fine", "bad"]),
        ("Review\nfine\nbad\n", ["fine", "bad"]),
        ("Comments\n\nThey are fine.\n", ["Comments\nThey are fine."]),
        ("Text, tests and more\nThey say much.\n", ["Text, tests and more They say much."]),
        ("One, two\nThree, four\n", ["One, two Three, four"]),
        ('"Good," she says.\n', ['"Good," she says.']),
        ('"Text", they say,\n"is not closed.\n', ['"Text", they say, "is not closed.']),
    ],
)  # fmt: skip
def test_text_file_is_a_table_where_its_first_line_is_a_header(
    content: str, texts: list[str], tmp_path: Path
) -> None:
    assert [one.text for one in read(write(tmp_path / "a.txt", content))[0]] == texts


def test_text_file_is_a_table_where_the_user_says_so(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "what they said\nfine\nbad\n")
    assert len(read(file)[0]) == 1
    assert len(read(file, columns={"text": "what they said"})[0]) == 2


def test_pdf_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    assert read(write(tmp_path / "book", pdf("Fill it.")))[0][0].review_id == "book p. 1"


# -- what cannot be read -----------------------------------------------------------------------

BAD = {
    "encrypted": ("a.pdf", lambda: pdf("Fill it.", encrypted="secret"), "encrypted; save it"),
    "scanned": ("a.pdf", lambda: pdf("", ""), "holds no text; its pages are pictures"),
    "cut short": ("a.pdf", lambda: pdf("Fill it.")[:300], "cannot be read as a PDF"),
    "no PDF at all": ("a.pdf", lambda: b"%PDF-1.7\nhello", "cannot be read as a PDF"),
    "empty": ("a.md", lambda: b"", "is empty"),
    "white space": ("a.md", lambda: b" \n\n ", "holds no text; give a file"),
    "binary": ("a.txt", lambda: b"a\x00b" * 10, "is not text"),
    "a NUL": ("a.txt", lambda: b"a fine kettle " * 10 + b"\x00", "holds NUL bytes"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_document_is_one_sentence(case: str, tmp_path: Path) -> None:
    name, content, said = BAD[case]
    file = write(tmp_path / name, content())
    with pytest.raises(UnreadableFile, match=said) as caught:
        read(file)
    assert str(file) in str(caught.value)


def test_pdf_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Fill it."))))
    writer.encrypt("", owner_password="owner", algorithm="RC4-128")
    with (tmp_path / "a.pdf").open("wb") as file:
        writer.write(file)
    assert read(tmp_path / "a.pdf")[0][0].text == "Fill it."


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("pages", 1, "has 2 pages; at most 1"),
        ("pdf_bytes", 100, "at most 0 MB"),
        ("characters", 5, "split it"),
        ("page_bytes", 20, "as a bomb does"),
    ],
)
def test_limits(limit: str, value: int, said: str, tmp_path: Path) -> None:
    limits = replace(CONVERSION, **{limit: value})  # type: ignore[arg-type]
    file = write(tmp_path / "a.pdf", pdf("Fill it.", "Descale it."))
    with pytest.raises(UnreadableFile, match=said):
        read(file, conversion_limits=limits)


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one, two = write(tmp_path / "a.md", "One."), write(tmp_path / "b" / "a.md", "Two.")
    with pytest.raises(InputError, match="documents of the same name"):
        read(one, two)


def test_missing_package_is_named(tmp_path: Path, uninstall: Callable[[str], None]) -> None:
    file = write(tmp_path / "a.pdf", pdf("Fill it."))
    uninstall("pypdf")
    with pytest.raises(MissingExtra, match=r"reviewlens\[pdf\]"):
        read(file)


def test_no_spool_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spools = tmp_path / "spools"
    spools.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spools))
    read(write(tmp_path / "a.md", HANDBOOK))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pdf("Fill it."))))
    assert read(Path("-"))[0][0].review_id == "stdin p. 1"
    with pytest.raises(UnreadableFile):
        read(write(tmp_path / "b.md", HANDBOOK), write(tmp_path / "a.pdf", b"%PDF-1.7\nhello"))
    assert list(spools.iterdir()) == []
