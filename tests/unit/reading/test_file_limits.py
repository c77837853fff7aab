"""Small files that ask for much: each is answered by a sentence, soon, and can be given up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from reviewlens.errors import UnreadableFile
from reviewlens.reading.documents.sections import joined_lines, markdown_sections
from reviewlens.reading.limits import ConversionLimits, TableLimits
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.preview import look_at
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>It leaks.</t></is></c></row>'
)


def workbook(path: Path, *sheets: str, shared: str = "", states: tuple[str, ...] = ()) -> Path:
    """Write a workbook of sheets as they stand in its XML."""
    numbered = list(enumerate(sheets, start=1))
    names = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"'
        + (f' state="{states[n - 1]}"/>' if states else "/>")
        for n, _ in numbered
    )
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/s{n}.xml"/>'
            for n, _ in numbered
        )
        + "</Relationships>",
        **{
            f"xl/worksheets/s{n}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
            "</worksheet>"
            for n, rows in numbered
        },
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, HEAD + content)
    return path


def texts(path: Path, **options: Any) -> list[str]:
    with survey_reviews([path], ReadOptions(**options)) as survey:
        return [review.text for chunk in read_reviews(survey) for review in chunk.reviews]


def test_part_that_stands_in_a_workbook_twice_matters_only_where_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", TABLE)
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("docProps/thumbnail.jpeg", "docProps/Thumbnail.jpeg"):
            archive.writestr(name, "picture")
    assert texts(path) == ["It leaks."]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/S1.xml", "<worksheet/>")
    assert "its part 'xl/worksheets/s1.xml' stands in it twice" in refusal(path)


def refusal(path: Path, **options: Any) -> str:
    before, started = psutil.Process().memory_info().rss, time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        texts(path, **options)
    assert time.monotonic() - started < 10
    assert psutil.Process().memory_info().rss - before < 100_000_000
    assert str(path) in str(caught.value)
    return str(caught.value)


# -- workbooks -----------------------------------------------------------------------------------

FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
FAR_BY_ROW = '<row r="900000"><c r="ZZ1"/><c><v>1</v></c></row>'
PREFIXED = FAR.replace("<", "<x:").replace("<x:/", "</x:")
MANY_TEXTS = f'<sst xmlns="{MAIN}" count="1" uniqueCount="900000000000"><si><t>a</t></si></sst>'
LONG_TEXT = f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{"a" * 32_000}</t></si></sst>'
MANY_CELLS = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 9001))


@pytest.mark.parametrize(
    ("rows", "shared", "said"),
    [
        (
            TABLE + FAR,
            "",
            "from A1 to XFD1048576, 17,179,869,184 cells, of which 3 hold ",
        ),
        (TABLE + FAR_BY_ROW, "", "from A1 to AAA900000"),
        (TABLE + PREFIXED, "", "delete what stands far from the table"),
        (TABLE, MANY_TEXTS, "900,000,000,000 texts or more"),
        (MANY_CELLS, LONG_TEXT, "hold something, 1"),
    ],
    ids=["far cell", "row beyond", "prefix", "texts declared", "one text in many cells"],
)
def test_workbook_that_asks_for_too_much_is_refused_before_it_is_read(
    rows: str, shared: str, said: str, tmp_path: Path
) -> None:
    message = refusal(workbook(tmp_path / "in.xlsx", rows, shared=shared))
    assert said in message
    assert "MB of memory" in message
    assert "save the sheet with the reviews as CSV" in message


def test_sheet_reaches_as_far_as_its_cells_that_hold_something(tmp_path: Path) -> None:
    formatted = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert texts(workbook(tmp_path / "in.xlsx", TABLE + formatted)) == ["It leaks."]


def test_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    hidden = TABLE.replace("leaks", "is hidden")
    path = workbook(
        tmp_path / "in.xlsx", hidden, "", TABLE, FAR, states=("hidden", *["visible"] * 3)
    )
    assert texts(path) == ["It leaks."]
    with survey_reviews([path], ReadOptions()) as survey:
        assert f"{path}: the sheet S3 is read, not S4 (--sheet NAME)." in survey.notes


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
@pytest.mark.parametrize("content", ["# A heading\n\nIt leaks.\n", "> - " * 5])
def test_memory_that_nothing_foretold_is_limited(content: str, tmp_path: Path) -> None:
    limits = ConversionLimits(least_memory=20_000_000, memory_a_text_byte=1)
    path = tmp_path / "in.md"
    path.write_text(content + "- a\n" * 250_000)
    said = refusal(path, conversion_limits=limits)
    assert "than the 21 MB of memory that a file of 1.0 MB may" in said


# -- documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("in.md", "# a\n", "than 100 headings"), ("in.txt", "a\f", "than 100 pages")],
)
def test_too_many_pieces_are_refused(name: str, content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content * 101)
    refused = refusal(path, conversion_limits=ConversionLimits(pieces=100))
    assert f"{said}, which is the most read of one file; split it" in refused


def test_markdown_is_the_same_read_in_parts() -> None:
    text = (
        "---\na: b\n---\nBefore, see [the list][l].\n\n"
        + "".join(
            f"# Part {n}\n\nA text of [two][l]\nlines\n\n```\n# code\n\n\n```\n\n- one\n\n"
            f"  # in it\n- two\n\n| a | b |\n|---|---|\n| {n} | 2 |\n\nHeading {n}\n---\n"
            "<div>\n# html\n</div>\n\n"
            for n in range(12)
        )
        + "    # indented\n\n[l]: https://example.org\n"
    )
    whole = list(markdown_sections(text, "in.md"))
    assert len(whole) == 25
    assert whole[1].text.startswith("A text of two lines\n# code\none\nin it\ntwo\na | b")
    for size in (1, 50, 300):
        limits = ConversionLimits(part_characters=size)
        assert list(markdown_sections(text, "in.md", limits)) == whole


def test_lines_of_a_long_paragraph_are_joined_in_time() -> None:
    started = time.thread_time()
    joined = joined_lines("the water-\nproof lid\n" * 100_000)
    assert joined.startswith("the waterproof lid the waterproof")
    assert time.thread_time() - started < 5


# -- tables --------------------------------------------------------------------------------------


def test_too_many_columns_are_refused_and_the_most_are_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text," + "a," * 99_999 + "\nfine," + "," * 99_999 + "\n")
    assert "has 100,001 columns; at most 16,384 are read" in refusal(path)
    with pytest.raises(UnreadableFile, match="100,001 columns"):
        look_at(path, ReadOptions())
    path.write_text("text" + ",a" * 16_383 + "\n" + ("fine" + "," * 16_383 + "\n") * 20)
    with survey_reviews([path], ReadOptions()) as survey:
        assert (survey.rows, len(survey.files[0].header)) == (20, 16_384)
        chunks = [chunk.read for chunk in read_reviews(survey)]
    assert chunks == [15, 5]


def test_text_with_a_long_first_line_is_a_document_and_no_table(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("one, " * 20_000)
    assert "".join(texts(path)).count("one") == 20_000


def test_quotes_that_are_never_closed_are_given_up(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text,b\n" + 'a","b\n' * 1_000)
    told: list[int] = []
    options = ReadOptions(table_limits=TableLimits(batch_characters=50_000))
    with survey_reviews(
        [path], options, on_progress=lambda stage, done, total: told.append(done)
    ) as survey:
        assert survey.rows == 1_000
    assert len(told) > 50  # though these are a thousand rows, which are read at once
    said = refusal(path, table_limits=TableLimits(lines_again=100_000))
    assert "too many quotes that are opened and not closed" in said


# -- archives ------------------------------------------------------------------------------------


def test_archive_with_a_long_list_of_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(160):
            archive.writestr(f"{number:_>65000}.csv", "")
    assert "list of members" in refusal(path)


# -- giving up -----------------------------------------------------------------------------------


class GivenUp(Exception):
    pass


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


@pytest.mark.parametrize("kind", ["csv", "md", "xlsx"])
def test_survey_is_given_up_at_its_next_sign_of_progress(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"in.{kind}"
    if kind == "xlsx":
        rows = (f'<row r="{n}"><c><v>1</v></c><c><v>2</v></c></row>' for n in range(3, 400_000))
        workbook(path, TABLE + "".join(rows))
    else:
        path.write_text("text\n" + "It leaks.\n\n- a\n" * 200_000)
    before = children()
    stages: list[str] = []

    def give_up(stage: str, done: int, total: int) -> None:
        stages.append(stage)
        if len(stages) > 1:
            raise GivenUp

    started = time.monotonic()
    with pytest.raises(GivenUp):
        survey_reviews([path], ReadOptions(), on_progress=give_up)
    assert time.monotonic() - started < 2
    assert stages == ["reading", "reading"]
    assert children() == before


PARENT = """
import sys
from pathlib import Path
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.survey import survey_reviews
print("started", flush=True)
survey_reviews([Path(sys.argv[1])], ReadOptions())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_child_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "in.md"
    path.write_text("- a\n" * 400_000)
    with subprocess.Popen([sys.executable, "-c", PARENT, str(path)], stdout=subprocess.PIPE) as run:
        parent = psutil.Process(run.pid)
        _wait(lambda: bool(parent.children()))
        [child] = parent.children()
        run.kill()
    _wait(lambda: not child.is_running())


def _wait(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_first_look_ends_in_time(tmp_path: Path) -> None:
    options = ReadOptions(conversion_limits=ConversionLimits(preview_seconds=0.2))
    path = tmp_path / "in.md"
    path.write_text("- a\n" * 400_000)
    with pytest.raises(UnreadableFile, match="longer to look at than a first look may; split it"):
        look_at(path, options)


def test_file_of_the_directory_is_not_run_in_place_of_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "in.md"
    path.write_text("It leaks.")
    assert texts(path) == ["It leaks."]


# -- full size -----------------------------------------------------------------------------------


def _memory() -> int:
    running = psutil.Process()
    total = 0
    for process in (running, *running.children(recursive=True)):
        with suppress(psutil.Error):  # it may have ended meanwhile
            total += process.memory_info().rss
    return total


@pytest.mark.slow
@pytest.mark.parametrize("name", ["in.xlsx", "in.csv", "in.md"])
def test_file_of_full_size_is_answered_soon_and_takes_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "in.xlsx":
        workbook(path, TABLE + FAR)
    elif name == "in.csv":
        path.write_text("text," + ",".join(f"name {n}" for n in range(99_999)) + "\n")
    else:
        path.write_text("# a\n" * 6_000_000)
    rest, most, ended = _memory(), [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            most[0] = max(most[0], _memory())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        refusal(path)
    finally:
        ended.set()
        watching.join()
    assert most[0] - rest < 500_000_000
