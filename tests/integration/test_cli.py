"""The command line as a user meets it: what is printed where, and the exit status.

Most commands run in this process; the default encoder is then loaded once for all of them.
"""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from fakes import FakeEncoder, Register
from reviewlens.cli.main import run
from reviewlens.cli.messages import Messages
from reviewlens.cli.options import FORMATS
from reviewlens.errors import StoreUnreachable
from reviewlens.results import CopyReport, DeleteReport, IngestPlan, IngestReport, Stats
from reviewlens.search.matches import Match, Matches
from reviewlens.store import ReviewStore

HEADER = "id,title,text,stars,date,product,author,city,delay"
ROWS = [
    "1,Not for my dog,My dog refuses to eat it. He walks away.,1,2024-01-05,dog food,ann,Paris,3",
    "2,Stale,The crackers arrived stale and soft.,2,2024-01-20,crackers,bob,Rome,5",
    "3,Crunchy,Crunchy crackers with plenty of salt.,5,2024-02-02,crackers,cid,Paris,1",
    "4,Leaks,The kettle leaks from the bottom after a week.,1,2024-02-10,kettle,dee,Oslo,2",
    "5,Fast,Boils water quickly and looks good. I like it.,5,2024-02-29,kettle,eve,Rome,2",
    '6,"Paris, TX",The blanket is warm and soft.,4,2024-03-01,blanket,fay,"Paris, TX",4',
    "7,,Support never answered my emails about the refund.,1,2024-03-02,kettle,gus,,10",
    "8,好吃,味道很好 会再买,5,2024-03-03,面条,李,上海,1",
    "9,Undated,These pens write smoothly.,4,,pens,hal,Oslo,2",
    *(
        f"{n},Pens {n},Pen number {n} of a box of many pens writes well enough at my desk.,"
        f"{n % 5 + 1},2024-04-{n - 9:02d},pens,author{n},Lyon,{n % 4}"
        for n in range(10, 31)
    ),
]
QUERY = "dog will not eat the food"


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("REVIEWLENS_")]:
        # The cache stays: without it the model would be exported anew, into the user's own.
        if name != "REVIEWLENS_CACHE" and "TEST" not in name and "REQUIRE" not in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of 30 reviews, made with the default encoder; to be read only."""
    folder = tmp_path_factory.mktemp("cli")
    file = write(folder / "reviews.csv")
    assert run(["--uri", f"{folder / 'reviews.db'}", "ingest", str(file), "-f", "json"]) == 0
    return folder / "reviews.db"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process; whatever happens, no traceback and no excuse for one."""

    def ask(*arguments: object) -> Outcome:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        for word in ("Traceback", "should not happen"):
            assert word not in captured.err
        return Outcome(status, captured.out, captured.err)

    return ask


@pytest.fixture
def stored(command: Command, prepared: Path) -> Command:
    """Runs a reading command on the prepared database."""
    return lambda *arguments: command("--uri", prepared, *arguments)


@pytest.fixture
def own(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the prepared database that a test may change: `./reviews.db`, the default."""
    return Path(shutil.copytree(prepared, tmp_path / "reviews.db"))


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *(rows or ROWS)]) + "\n", encoding="utf-8")
    return path


def process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    code = "from reviewlens.cli import main; main()"
    command = [sys.executable, "-c", code, *(str(argument) for argument in arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, **options
    )


def parsed(out: str, format_: str) -> list[dict[str, Any]]:
    """The records of any format but the table."""
    if format_ == "json":
        value = json.loads(out)
        return value if isinstance(value, list) else [value]
    if format_ == "jsonl":
        return [json.loads(line) for line in out.splitlines()]
    return list(csv.DictReader(io.StringIO(out)))


def names(result: Any) -> set[str]:
    return {item.name for item in fields(result)}


def ids(outcome: Outcome) -> list[str]:
    assert outcome.status == 0, outcome.err
    return [match["review_id"] for match in json.loads(outcome.out)["matches"]]


def assert_narrow(out: str) -> None:
    assert [line for line in out.splitlines() if cell_len(line) > 80] == []


# -- formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("asked", [("search", QUERY), ("similar", "1")], ids=lambda asked: asked[0])
def test_matches_have_their_names_in_every_format(
    stored: Command, asked: tuple[str, str], format_: str
) -> None:
    outcome = stored(*asked, "-n", 3, "-f", format_)
    assert outcome.status == 0
    [note] = outcome.err.splitlines()
    assert note.startswith("1 review is in Chinese, which ")
    if format_ == "table":
        assert_narrow(outcome.out)
        assert "★" in outcome.out
        return
    records = parsed(outcome.out, format_)
    if format_ == "csv":
        assert set(records[0]) == {"query"} | names(Match)
        assert len(records) == 3
        return
    assert set(records[0]) == names(Matches)
    assert len(records[0]["matches"]) == 3
    assert set(records[0]["matches"][0]) == names(Match)
    assert records[0]["query"] == asked[1]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("flags", [(), ("--dry-run",)], ids=["ingest", "dry-run"])
def test_ingest_reports_in_every_format(
    command: Command, tmp_path: Path, flags: tuple[str, ...], format_: str
) -> None:
    file = write(tmp_path / "in.csv", *ROWS[:3], "4,ragged")
    outcome = command("ingest", file.name, *flags, "-f", format_)
    assert outcome.status == 0
    if format_ == "table":
        assert outcome.out.startswith("4 rows read")
        return
    (record,) = parsed(outcome.out, format_)
    assert set(record) == names(IngestPlan if flags else IngestReport)
    assert (int(record["read"]), int(record["rejected"])) == (4, 1)
    six = ("indexed", "updated", "unchanged", "duplicate", "skipped", "rejected")
    assert flags or sum(int(record[name]) for name in six) == 4


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_what_could_not_be_read_is_told_with_an_example(
    command: Command, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    rows = [f"fine number {n},5,2024-03-01" for n in range(9)] + ["odd,great,soon", "bare,,"]
    file = write(tmp_path / "in.csv", *rows, header="text,rating,date")
    outcome = command("ingest", file.name, *flags)
    assert re.search(r"undated +2, such as 'soon'", outcome.out)
    assert re.search(r"unrated +2, such as 'great'", outcome.out)


@pytest.mark.parametrize("format_", FORMATS)
def test_stats_in_every_format(stored: Command, prepared: Path, format_: str) -> None:
    outcome = stored("stats", "-f", format_)
    assert (outcome.status, outcome.err) == (0, "")
    if format_ == "table":
        assert outcome.out.startswith("30 reviews in reviews\n")
        return
    (record,) = parsed(outcome.out, format_)
    assert set(record) == names(Stats)
    assert (record["uri"], record["encoder"]) == (str(prepared), "all-MiniLM-L6-v2")
    assert (int(record["reviews"]), int(record["passages"]), int(record["dated"])) == (30, 30, 29)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("arguments", "result", "count"),
    [
        (("copy", "--to", "copy.db"), CopyReport, 30),
        (("delete", "1", "2", "--yes"), DeleteReport, 2),
        (("export", "out.csv"), None, 30),
    ],
    ids=["copy", "delete", "export"],
)
def test_keeping_commands_report_in_every_format(
    command: Command, arguments: tuple[str, ...], result: Any, count: int, format_: str
) -> None:
    outcome = command(*arguments, "-f", format_)
    assert (outcome.status, outcome.err) == (0, "")
    if format_ == "table":
        assert outcome.out.startswith(f"{count} reviews")
        return
    (record,) = parsed(outcome.out, format_)
    assert int(record["reviews"]) == count
    assert result is None or set(record) == names(result)


@pytest.mark.parametrize("format_", FORMATS)
def test_doctor_in_every_format(stored: Command, format_: str) -> None:
    outcome = stored("doctor", "-f", format_)
    assert (outcome.status, outcome.err) == (0, "")
    if format_ == "table":
        assert re.search(r"^ok +Collection: reviews: 30 passages", outcome.out, re.M)
        return
    records = parsed(outcome.out, format_)
    checks = records[0]["checks"] if format_ == "json" else records
    assert {check["state"] for check in checks} <= {"ok", "note"}
    assert {"Python", "Packages", "Encoder", "Milvus", "Collection", "Disk", "Memory"} <= {
        check["name"] for check in checks
    }
    assert all(check["cure"] for check in checks if check["state"] == "note" and "Dock" in check)


def test_no_match_is_a_csv_with_its_header(stored: Command) -> None:
    outcome = stored("search", QUERY, "--min-similarity", 0.99, "-f", "csv")
    assert outcome.status == 0
    assert parsed(outcome.out, "csv") == []
    assert outcome.out.startswith("query,review_id,similarity,")


# -- search --------------------------------------------------------------------------------------


def test_search_finds_what_is_meant(stored: Command) -> None:
    assert ids(stored("search", QUERY, "-n", 1, "-f", "json")) == ["1"]
    assert ids(stored("search", "no reply from customer service", "-n", 1, "-f", "json")) == ["7"]
    assert "1" not in ids(stored("similar", "1", "-n", 29, "-f", "json"))


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--rating 1..2 --product kettle", {"4", "7"}),
        ("--rating ..1 --until 2024-02", {"1", "4"}),
        ("--since 2024-02-29 --until 2024-03-01", {"5", "6"}),
        ("--product crackers --product blanket", {"2", "3", "6"}),
        ("--language zh", {"8"}),
        ("--where delay>=5", {"2", "7"}),
        ("--where city=Oslo,Rome", {"2", "4", "5", "9"}),
        (r"--where city=Paris\,_TX", {"6"}),
        ("--where city=Paris --where stars=5", {"3"}),
        ("--where city!=Lyon --where delay<2", {"3", "8"}),
        ("--where product=面条", {"8"}),
        ("--where author=ann", {"1"}),
        ("--source nosuch", set()),
        ("--cluster 3", set()),
    ],
)
def test_filters_are_flags(stored: Command, flags: str, expected: set[str]) -> None:
    given = [flag.replace("_", " ") for flag in flags.split(" ")]
    found = ids(stored("search", QUERY, "-n", 30, "-f", "json", *given))
    assert set(found) == expected - {"8"}  # in Chinese, which the encoder does not read
    listed = stored("export", "-f", "jsonl", *given)
    assert [json.loads(line)["review_id"] for line in listed.out.splitlines()] == sorted(expected)


def test_many_queries_are_answered_one_a_line(
    stored: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = "\ufeffleaking kettle\n\n  stale crackers \r\n"
    (tmp_path / "queries.txt").write_text(queries, encoding="utf-8")
    outcome = stored("search", "--queries", "queries.txt", "-n", 1, "-f", "jsonl")
    answers = parsed(outcome.out, "jsonl")
    assert [answer["query"] for answer in answers] == ["leaking kettle", "stale crackers"]
    assert [answer["matches"][0]["review_id"] for answer in answers] == ["4", "2"]
    monkeypatch.setattr("sys.stdin", io.StringIO("leaking kettle\nstale crackers\n"))
    assert stored("search", "--queries", "-", "-n", 1, "-f", "jsonl").out == outcome.out
    listed = parsed(stored("search", "--queries", "queries.txt", "-n", 1, "-f", "json").out, "json")
    assert listed == answers


def test_a_query_without_an_answer_has_a_line_of_its_own_in_csv(
    stored: Command, tmp_path: Path
) -> None:
    (tmp_path / "queries.txt").write_text("leaking kettle\nquarterly tax law\n", encoding="utf-8")
    asked = ("search", "--queries", "queries.txt", "-n", 1, "--min-similarity", 0.3, "-f", "csv")
    found, refused = parsed(stored(*asked).out, "csv")
    assert (found["query"], found["review_id"]) == ("leaking kettle", "4")
    assert (refused["query"], refused["review_id"]) == ("quarterly tax law", "")
    alone = stored("search", "quarterly tax law", "--min-similarity", 0.6, "-f", "csv")
    assert parsed(alone.out, "csv") == []


def test_explain_names_the_sentence(stored: Command) -> None:
    asked = ("search", "he walks away", "-n", 1, "-f", "json")
    plain, explained = stored(*asked), stored(*asked, "--explain")
    [told], [more] = (json.loads(one.out)["matches"] for one in (plain, explained))
    assert told["sentence"] == told["statement"] == "He walks away."
    assert (told["words"], more["words"]) == ([], ["He", "walks", "away"])
    assert "He walks away.\n" in stored(*asked[:-2]).out


def test_floor_leaves_a_question_unanswered(stored: Command) -> None:
    asked = ("search", "quarterly tax law", "--min-similarity", 0.6)
    answer = json.loads(stored(*asked, "-f", "json").out)
    assert (answer["answered"], answer["matches"], answer["floor"]) == (False, [], 0.6)
    assert stored(*asked).out == "No review found with a similarity of 0.6 or more.\n"
    kept = json.loads(stored("search", QUERY, "--min-similarity", 0.5, "-f", "json").out)
    assert kept["answered"]
    assert all(match["similarity"] >= 0.5 for match in kept["matches"])


@pytest.mark.cjk
def test_table_of_chinese_reviews_fits_80_columns(command: Command, tmp_path: Path) -> None:
    text = "味道很好分量也足下次还会再来" * 8
    product = "超长续航无线蓝牙耳机主动降噪运动跑步双耳入耳式适用华为小米苹果手机"
    file = write(tmp_path / "zh.csv", f"1,{text[:60]},{text},5,2024-01-05,{product},李,上海,1")
    assert command("ingest", file, "--force", "--quiet").status == 0
    outcome = command("search", "味道", "--mode", "keyword")
    assert outcome.status == 0
    assert "味道很好" in outcome.out
    assert_narrow(outcome.out)
    assert_narrow(command("stats").out)


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("search",),
        ("search", "x", "--queries", "y"),
        ("search", "x", "--nosuch"),
        ("search", "x", "-n", "0"),
        ("search", "x", "-f", "xml"),
        ("similar",),
        ("ingest",),
        ("ingest", "x.csv", "--max-rejected", "many"),
        ("ingest", "x.csv", "--max-rejected", "-1"),
        ("ingest", "x.csv", "--max-rejected", "nan%"),
        ("ingest", "x.csv", "--repeats", "sometimes"),
        ("delete", "--yes"),
        ("delete", "1", "--all", "--yes"),
        ("export",),
        ("export", "-f", "json"),
        ("copy",),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(command: Command, arguments: tuple[str, ...]) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("Usage: reviewlens")
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("search", " "), "query is empty"),
        (("search", "x", "-n", "10001"), "wanted 1 to 10,000"),
        (("search", "x", "--rating", "2..1"), "rating '2..1'"),
        (("search", "x", "--rating", "nan"), "rating 'nan'"),
        (("search", "x", "--since", "yesterday"), "date 'yesterday'"),
        (("search", "x", "--until", "2023-02-29"), "date '2023-02-29'"),
        (("search", "x", "--where", "town=Paris"), "no column 'town'"),
        (("search", "x", "--where", "city"), "no operator"),
        (("search", "x", "--where", "city>Rome"), "which is no number"),
        (("search", "--queries", "nosuch.txt"), "queries cannot be read from nosuch.txt"),
        (("search", "--queries", os.devnull), "no query in"),
        (("similar", "nosuch"), "no review 'nosuch'"),
        (("delete", "--where", "town=Paris", "--yes"), "no column 'town'"),
        (("export", "out.doc"), "wanted an ending of .csv"),
        (("export", "nosuch/out.csv"), "nosuch/out.csv cannot be written"),
        (("export", "nosuch/out.jsonl"), "nosuch/out.jsonl cannot be written"),
        (("export", "nosuch/out.parquet"), "nosuch/out.parquet cannot be written"),
        (("export", "nosuch/out.xlsx"), "nosuch/out.xlsx cannot be written"),
        (("export", "folder.csv"), "folder.csv cannot be written"),
        (("ingest", "nosuch.csv"), "nosuch.csv"),
        (("ingest", "folder.csv"), "folder.csv"),
        (("copy", "--to", "copy.txt"), "ends in .db"),
        (("copy", "--to", "x.db", "--to-token-file", "nosuch"), "token file nosuch"),
        (("--collection", "nosuch", "stats"), "no collection 'nosuch'.*found reviews"),
        (("--collection", "a b", "stats"), "collection name 'a b'"),
        (("--collection", "a" * 256, "stats"), "wanted up to 201 letters"),
        (("--uri", f"{'a' * 256}.db", "stats"), "name too long; give another --uri"),
        (("copy", "--to", f"{'a' * 256}.db"), "name too long; give another --uri"),
        (("--token-file", "nosuch", "stats"), "token file nosuch cannot be read"),
        (("--token-file", os.devnull, "stats"), "is empty"),
        (("--encoder", "nosuch", "search", "x"), "nosuch"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_exits_with_1_and_one_sentence(
    stored: Command, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    outcome = stored(*arguments)
    assert (outcome.status, outcome.out) == (1, "")
    assert re.fullmatch(f"reviewlens: .*{message}.*\n", outcome.err)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


READING = [
    ("search", "x"),
    ("similar", "1"),
    ("stats",),
    ("export", "out.csv"),
    ("copy", "--to", "copy.db"),
    ("delete", "--all", "--yes"),
]


@pytest.mark.parametrize("arguments", READING, ids=lambda arguments: arguments[0])
def test_missing_database_is_not_made_by_reading(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.out) == (1, "")
    assert re.fullmatch(
        r"reviewlens: there is no database at ./reviews.db.*ingest.*\n", outcome.err
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("delete", "--all"), ("ingest", "in.csv")], ids=lambda a: a[0]
)
@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("file.db", "is a file, but a Milvus Lite database is a directory"),
        ("reviews", "wanted a path that ends in .db"),
        ("http://127.0.0.1:1", "does not answer"),
        ("ftp://127.0.0.1", "ftp://127.0.0.1"),
        ("http://127.0.0.1:port", "127.0.0.1:port"),
        ("http://[bad", r"\[bad"),
    ],
)
def test_address_that_is_none_is_told_at_once(
    command: Command, tmp_path: Path, uri: str, message: str, arguments: tuple[str, ...]
) -> None:
    write(tmp_path / "in.csv")
    (tmp_path / "file.db").touch()
    started = time.monotonic()
    outcome = command("--uri", uri, *arguments)
    assert time.monotonic() - started < 5
    assert (outcome.status, outcome.out) == (1, "")
    assert re.fullmatch(f"reviewlens: .*{message}.*\n", outcome.err)
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "file.db"}


def test_password_in_the_address_is_not_shown(command: Command, lite_server: str) -> None:
    uri = lite_server.replace("http://", "http://root:s3cret@")
    outcome = command("--uri", uri, "--collection", "nosuch", "stats")
    assert outcome.status == 1
    assert "no collection 'nosuch'" in outcome.err
    assert "s3cret" not in outcome.err


@pytest.mark.slow
def test_server_that_takes_connections_but_never_answers_is_given_up(command: Command) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        outcome = command("--uri", f"http://127.0.0.1:{silent.getsockname()[1]}", "stats")
    assert outcome.status == 1
    assert time.monotonic() - started < 30


def test_another_encoder_is_refused(stored: Command, tmp_path: Path, registered: Register) -> None:
    registered("other", lambda: FakeEncoder(dimension=384))
    for arguments in (("search", "x"), ("ingest", write(tmp_path / "in.csv"))):
        outcome = stored("--encoder", "other", *arguments)
        assert outcome.status == 1
        assert re.search(r"made with the encoder all-MiniLM-L6-v2 .*--encoder", outcome.err)


# -- ingest --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "status"), [("5%", 0), ("4.9%", 3), ("1", 0), ("0", 3), ("0%", 3), ("100%", 0)]
)
@pytest.mark.parametrize("flags", [(), ("--dry-run",)], ids=["ingest", "dry-run"])
def test_limit_of_rejected_rows_exits_with_3(
    command: Command, tmp_path: Path, limit: str, status: int, flags: tuple[str, ...]
) -> None:
    file = write(tmp_path / "in.csv", *ROWS[:19], "20,ragged")
    outcome = command("ingest", file, "--max-rejected", limit, "-f", "json", *flags)
    assert outcome.status == status
    report = json.loads(outcome.out)
    assert (report["read"], report["rejected"]) == (20, 1)
    assert ("1 of 20 rows were rejected, more than the" in outcome.err) == (status == 3)


def test_several_files_plain_gzipped_and_from_stdin_are_one_ingest(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.csv", *ROWS[:2])
    with gzip.open(tmp_path / "b.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join([HEADER, *ROWS[2:5]]))
    given = io.BytesIO("\n".join([HEADER, *ROWS[5:9]]).encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(given))
    outcome = command("ingest", "a.csv", "b.csv.gz", "-", "-f", "json", "--force")
    report = json.loads(outcome.out)
    assert (report["read"], report["indexed"]) == (9, 9)
    assert [file["file"] for file in report["files"]] == ["a.csv", "b.csv.gz", "-"]
    assert [file["rows"] for file in report["files"]] == [2, 3, 4]
    assert json.loads(command("stats", "-f", "json").out)["reviews"] == 9


def test_dry_run_touches_nothing(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", *ROWS[:3], "4,ragged")
    outcome = command("ingest", file, "--dry-run")
    assert outcome.status == 0
    assert "nothing was stored" in outcome.out
    assert "My dog refuses to eat it." in outcome.out
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.usefixtures("own")
def test_dry_run_leaves_a_database_as_it_was(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", *(row.replace("2024", "2025") for row in ROWS[:3]))
    before = command("export", "-f", "jsonl").out
    assert command("ingest", file, "--replace", "--dry-run").status == 0
    assert command("export", "-f", "jsonl").out == before


def test_notes_go_to_stderr_as_text_as_json_or_not_at_all(command: Command, tmp_path: Path) -> None:
    write(tmp_path / "in.csv", *ROWS[:2])
    twice = ("ingest", "in.csv", "in.csv", "-f", "json")
    text = command(*twice)
    assert text.err == (
        "in.csv was named twice and is read once.\n"
        "2 rows hold private details (names in columns 2): --mask masks them, "
        "--mask-author the authors alone.\n"
    )
    assert json.loads(text.out)["notes"] == text.err.splitlines()
    logged = [json.loads(line) for line in command(*twice, "--log-format", "json").err.splitlines()]
    assert {line["level"] for line in logged} == {"progress", "note"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["time"]) for line in logged)
    assert command(*twice, "--quiet").err == ""
    assert command(*twice, "--quiet", "--log-format", "json").err == ""


def test_quiet_still_tells_what_was_decided_about_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "nights.csv").write_text(
        "Sales of May\n\ntext,score\nWarm room,9\nCold room,2\nFine,7\n", encoding="utf-8"
    )
    outcome = command("ingest", "nights.csv", "nights.csv", "--quiet", "-f", "json")
    said = outcome.err.splitlines()
    assert any("above the header are left out, such as" in line for line in said)
    assert not any("named twice" in line for line in said)
    report = json.loads(outcome.out)
    assert report["decisions"] == said
    assert len(report["notes"]) == len(said) + 1


@pytest.mark.parametrize(
    ("flags", "status"), [(("nosuch.csv",), 1), (("in.csv", "--max-rejected", "0"), 3)]
)
def test_errors_are_json_where_the_log_is(
    command: Command, tmp_path: Path, flags: tuple[str, ...], status: int
) -> None:
    write(tmp_path / "in.csv", *ROWS[:2], "3,ragged")
    outcome = command("ingest", *flags, "--log-format", "json", "--quiet")
    assert outcome.status == status
    (line,) = outcome.err.splitlines()
    assert (json.loads(line)["level"], bool(json.loads(line)["message"])) == ("error", True)


def test_log_format_of_one_command_is_not_that_of_the_next(command: Command) -> None:
    command("ingest", "nosuch.csv", "--log-format", "json")
    assert command("stats").err.startswith("reviewlens: there is no database")


def test_rejected_rows_go_where_they_are_told_to(command: Command, tmp_path: Path) -> None:
    write(tmp_path / "in.csv", *ROWS[:2], "3,ragged")
    outcome = command("ingest", "in.csv", "--rejects", "bad rows.csv", "-f", "json")
    assert json.loads(outcome.out)["rejects_file"] == "bad rows.csv"
    (row,) = csv.DictReader((tmp_path / "bad rows.csv").read_text("utf-8").splitlines())
    assert (row["file"], row["line"], row["raw"]) == ("in.csv", "4", "3,ragged")
    assert json.loads(command("ingest", "in.csv", "-f", "json").out)["rejects_file"] == (
        "in.rejects.csv"
    )


@pytest.mark.parametrize(
    ("name", "flags"),
    [("in.csv", ("--rejects", "in.csv")), ("in.csv", ("--rejects", "./in.csv")),
     ("in.rejects.csv", ())],
)  # fmt: skip
def test_rejected_rows_never_overwrite_the_input(
    command: Command, tmp_path: Path, name: str, flags: tuple[str, ...]
) -> None:
    file = write(tmp_path / name, *ROWS[:2], "3,ragged")
    before = file.read_bytes()
    outcome = command("ingest", name, *flags)
    assert file.read_bytes() == before
    assert outcome.status == 1
    assert "--rejects" in outcome.err


def test_report_of_a_file_far_down_is_a_table_still(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "a_folder_with_a_long_name" / "and_another_one_below_it" / "and_one_more"
    folder.mkdir(parents=True)
    outcome = command("ingest", write(folder / "in.csv", *ROWS[:2]))
    assert outcome.status == 0
    assert "all-MiniLM-L6-v2" in outcome.out


def test_row_too_large_once_put_together_is_rejected_alone(
    command: Command, tmp_path: Path
) -> None:
    """Title and text each fit a field of Milvus, what is embedded of them does not."""
    large = f"1,{'t' * 40_000},{'x' * 40_000},5,2024-01-05,p,a,c,1"
    file = write(tmp_path / "in.csv", large, ROWS[1])
    outcome = command("ingest", file.name, "--force", "-f", "json")
    assert outcome.status == 0, outcome.err
    report = json.loads(outcome.out)
    assert (report["indexed"], report["rejected"]) == (1, 1)


def test_columns_and_scale_are_flags(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", "so good,9,Rome", "so bad,2,Oslo", header="note,mark,town")
    flags = ("--text-column", "note", "--rating-column", "mark", "--rating-scale", "1..10")
    report = json.loads(command("ingest", file, *flags, "-f", "json").out)
    assert report["columns"] == {"text": "note", "rating": "mark"}
    assert report["rating_scales"] == {"": [1, 10]}
    answer = json.loads(command("search", "bad", "--rating", "..2", "-f", "json").out)
    (match,) = answer["matches"]
    assert (match["rating_given"], match["extra"]) == (2, {"town": "Oslo"})


# -- keeping -------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("answer", "status", "left"), [("y\n", 0, 26), ("n\n", 130, 30), ("\n", 130, 30), ("", 130, 30)]
)
def test_delete_asks_first(
    command: Command, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, left: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    outcome = command("delete", "--rating", "1..2", "--until", "2024-03")
    assert outcome.status == status
    assert "Delete 4 reviews from reviews at ./reviews.db? [y/N]" in outcome.err
    assert "Delete" not in outcome.out
    assert json.loads(command("stats", "-f", "json").out)["reviews"] == left


@pytest.mark.usefixtures("own")
def test_delete_with_no_one_to_ask_wants_yes(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    outcome = command("delete", "--all")
    assert (outcome.status, outcome.out) == (1, "")
    assert re.match(r"reviewlens: Delete 30 reviews.*--yes", outcome.err)
    assert json.loads(command("stats", "-f", "json").out)["reviews"] == 30


@pytest.mark.usefixtures("own")
def test_delete_by_id_by_filter_and_all(command: Command) -> None:
    def deleted(*arguments: str) -> dict[str, Any]:
        outcome = command("delete", *arguments, "--yes", "-f", "json")
        report: dict[str, Any] = json.loads(outcome.out)
        return report

    assert deleted("1", "2", "nosuch")["reviews"] == 2
    assert deleted("3", "4", "--product", "kettle")["reviews"] == 1
    assert deleted("--where", "city=Lyon")["reviews"] == 21
    assert deleted("nosuch")["reviews"] == 0
    whole = {"reviews": 6, "passages": 6, "collection_dropped": True, "notes": []}
    assert deleted("--all") == whole
    assert "found none" in command("stats").err


def test_export_to_stdout_is_nothing_but_reviews(stored: Command) -> None:
    table = stored("export", "-f", "csv", "--product", "kettle")
    lines = stored("export", "-f", "jsonl", "--product", "kettle")
    assert (table.status, table.err, lines.err) == (0, "", "")
    rows, records = parsed(table.out, "csv"), parsed(lines.out, "jsonl")
    assert [row["review_id"] for row in rows] == ["4", "5", "7"]
    wanted = "review_id,text,title,rating,time,product,author,source,language,cluster"
    assert table.out.startswith(wanted)
    assert list(records[0]) == list(rows[0])
    assert (records[0]["city"], records[0]["delay"]) == ("Oslo", "2")
    assert stored("export", "-", "-f", "csv", "--product", "kettle").out == table.out


def test_export_to_a_file_of_no_telling_name_is_of_the_format_given(
    stored: Command, tmp_path: Path
) -> None:
    exported = stored("export", tmp_path / "reviews", "-f", "jsonl", "--product", "kettle")
    assert (exported.status, exported.out, exported.err) == (0, "", "")
    assert len(parsed((tmp_path / "reviews").read_text("utf-8"), "jsonl")) == 3
    assert stored("export", "/dev/null", "-f", "csv").status == 0
    assert "does not tell its format" in stored("export", tmp_path / "other", "-f", "json").err


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_export_to_a_file_says_what_it_wrote(stored: Command, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    report = json.loads(stored("export", file, "--vectors", "-f", "json").out)
    assert (report["reviews"], report["format"], report["file"]) == (30, ending, str(file))
    assert report["columns"][-3:] == ["city", "delay", "embedding"]
    assert file.stat().st_size > 1_000
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_failed_export_leaves_the_old_file(
    stored: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> object:
        raise StoreUnreachable("the server went away")

    monkeypatch.setattr(ReviewStore, "scan", gone)
    for ending in ("csv", "jsonl", "parquet", "xlsx"):
        (tmp_path / f"out.{ending}").write_text("old")
        assert stored("export", f"out.{ending}").err == "reviewlens: the server went away\n"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"] * 4
    gc.collect()  # a file left open is told of here, not in the next test


def test_excel_gets_its_byte_order_mark(stored: Command, tmp_path: Path) -> None:
    stored("export", "out.csv", "--excel")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfreview_id,")


@pytest.mark.usefixtures("own")
def test_copy_answers_as_the_original_does(command: Command) -> None:
    assert command("copy", "--to", "copy.db", "--to-collection", "kept").status == 0
    asked = ("search", QUERY, "-f", "json")
    copied = command("--uri", "copy.db", "--collection", "kept", *asked)
    assert json.loads(copied.out) == json.loads(command(*asked).out)
    assert command("copy", "--to", "./reviews.db").status == 1


def test_environment_names_the_corpus(
    command: Command, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWLENS_URI", str(prepared))
    assert json.loads(command("stats", "-f", "json").out)["uri"] == str(prepared)
    monkeypatch.setenv("REVIEWLENS_COLLECTION", "nosuch")
    assert "no collection 'nosuch'" in command("stats").err
    assert command("--collection", "reviews", "stats").status == 0
    assert "no database at other.db" in command("--uri", "other.db", "stats").err


def test_doctor_notes_what_is_not_there_yet(command: Command, tmp_path: Path) -> None:
    outcome = command("doctor")
    assert outcome.status == 0
    wanted = r"^note +Milvus: no database at \./reviews\.db yet\n +\S.*ingest"
    assert re.search(wanted, outcome.out, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "file.db", "reviews", "http://h:port"])
def test_doctor_exits_with_1_where_there_is_trouble(
    command: Command, tmp_path: Path, uri: str
) -> None:
    (tmp_path / "file.db").touch()
    outcome = command("--uri", uri, "doctor", "-f", "json")
    assert outcome.status == 1
    found = json.loads(outcome.out)
    assert not found["healthy"]
    (trouble,) = [check for check in found["checks"] if check["state"] == "trouble"]
    assert trouble["name"] == "Milvus"
    assert re.fullmatch("reviewlens: there is trouble.*\n", outcome.err)


@pytest.mark.parametrize("flag", ["-h", "--help", "--version"])
def test_help_and_version(command: Command, flag: str) -> None:
    outcome = command(flag)
    assert (outcome.status, outcome.err) == (0, "")
    assert "reviewlens" in outcome.out


# -- as processes of their own -------------------------------------------------------------------


def test_locked_database_is_told_within_two_seconds(prepared: Path) -> None:
    took = []
    with ReviewStore.open(str(prepared)):
        for _ in range(3):  # the fastest counts: others use this machine as well
            started = time.monotonic()
            done = process("--uri", prepared, "stats")
            took.append(time.monotonic() - started)
            assert (done.returncode, done.stdout) == (1, "")
            assert re.fullmatch(r"reviewlens: .* is open in another process, .*\n", done.stderr)
            if took[-1] < 2:
                break
    assert min(took) < 2


@pytest.mark.parametrize(
    "asked",
    [("similar", "1"), pytest.param(("search", QUERY), marks=pytest.mark.slow)],  # imports torch
    ids=["similar", "search"],
)
def test_answer_of_a_process_is_printed_and_nothing_else(
    prepared: Path, asked: tuple[str, str]
) -> None:
    done = process("--uri", prepared, *asked, "-f", "jsonl", "-n", 2)
    [note] = done.stderr.splitlines()
    assert (done.returncode, "which all-MiniLM-L6-v2 does not read" in note) == (0, True)
    assert len(json.loads(done.stdout)["matches"]) == 2


def test_unreachable_server_leaves_no_noise(tmp_path: Path) -> None:
    done = process("--uri", "http://127.0.0.1:1", "stats", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_reader_that_goes_away_is_no_error(prepared: Path) -> None:
    code = "from reviewlens.cli import main; main()"
    command = [sys.executable, "-c", code, "--uri", str(prepared), "export", "-f", "jsonl"]
    command.append("--vectors")  # more than a pipe holds
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == 0


_INTERRUPTED = """
import signal, sys
# A shell that starts the tests in the background has the signal ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {tests!r})
from fakes import FakeEncoder
from reviewlens.encoders import register_encoder
register_encoder("all-MiniLM-L6-v2", lambda: FakeEncoder(dimension=16))
from reviewlens.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Interrupted:
    process: subprocess.CompletedProcess[str]
    database: Path


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Interrupted:
    """An ingest of 30,000 rows after Ctrl-C, which landed between two chunks being written."""
    folder = tmp_path_factory.mktemp("interrupted")
    rows = (f"{n},T,Pen {n},5,2024-01-05,p,a,c,1" for n in range(30_000))
    file = write(folder / "in.csv", *rows)
    code = _INTERRUPTED.format(tests=str(Path(__file__).parents[1]))
    command = [sys.executable, "-c", code, "ingest", str(file), "--log-format", "json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=folder, **pipes) as running:
        assert running.stderr
        lines = map(json.loads, running.stderr)
        first = next(line for line in lines if line["stage"] == "writing" and line["done"])
        assert first["done"] < first["total"] == 30_000
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    ended = subprocess.CompletedProcess(command, running.returncode, out, err)
    return Interrupted(ended, folder / "reviews.db")


def test_control_c_ends_with_130_and_no_traceback(interrupted: Interrupted) -> None:
    ended = interrupted.process
    assert (ended.returncode, ended.stdout) == (130, "")
    assert "stopped" in ended.stderr
    for word in ("Traceback", "KeyboardInterrupt", "Exception"):
        assert word not in ended.stderr
    with ReviewStore.open(str(interrupted.database)) as store:  # whole, and not locked
        assert 0 < store.count() < 30_000


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a killed process leaves a folder")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_standard_input_is_not_left_behind(tmp_path: Path, number: int, status: int) -> None:
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-c", "from reviewlens.cli import main; main()", "ingest", "-"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as running:
        assert running.stdin
        running.stdin.write(b"text\n" + b"It leaks.\n" * 200_000)  # more than a pipe holds
        running.stdin.flush()
        running.send_signal(number)
        _, told = running.communicate(timeout=60)
    assert (running.returncode, told) == (status, b"")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_step_that_is_told_again_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    messages = Messages(as_json=True)
    for stage, done in (("checking", 9), ("writing", 0), ("writing", 0), ("writing", 5)):
        messages.progress(stage, done, 9)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = [(line["stage"], line["done"]) for line in lines]
    assert told == [("checking", 9), ("writing", 0), ("writing", 5)]


def test_control_c_is_json_where_the_log_is(interrupted: Interrupted) -> None:
    *progress, last = [json.loads(line) for line in interrupted.process.stderr.splitlines()]
    assert {line["level"] for line in progress} <= {"progress"}
    assert (last["level"], last["message"]) == ("error", "stopped")
