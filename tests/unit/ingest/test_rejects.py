"""The file of rejected rows: what a spreadsheet makes of it, and where it can be."""

from __future__ import annotations

import csv
import os
from contextlib import closing
from pathlib import Path

import pytest

from reviewlens.errors import InputError
from reviewlens.ingest.rejects import RejectsFile, check_rejects
from reviewlens.reading.model import Location, Rejected

HOSTILE = ("=HYPERLINK(1)", "\n=1+1", "\x0b=1", "＝1+1", "@SUM(1)", "plain")


def rejected(raw: str) -> Rejected:
    return Rejected(Location("=a.csv", 2, 1), "-stars", "bad_rating", "+no rating", raw)


def test_no_cell_of_rejected_rows_is_run(tmp_path: Path) -> None:
    with closing(RejectsFile(tmp_path / "r.csv")) as rejects:
        rejects.write([rejected(raw) for raw in HOSTILE])
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["raw"] for row in rows] == [*("'" + raw for raw in HOSTILE[:-1]), "plain"]
    first = rows[0]
    assert (first["file"], first["column"], first["detail"]) == (
        "'=a.csv",
        "'-stars",
        "'+no rating",
    )
    assert (first["line"], first["record"]) == ("2", "1")


def test_rejected_rows_are_there_before_the_end(tmp_path: Path) -> None:
    (tmp_path / "far.csv").write_text("of an earlier run", encoding="utf-8")
    (tmp_path / "r.csv").symlink_to("far.csv")
    rejects = RejectsFile(tmp_path / "r.csv")
    rejects.write([rejected("x" * 1_000)] * 1_000)
    assert (tmp_path / "far.csv").stat().st_size > 500_000  # as a killed process leaves it
    rejects.close()
    assert (tmp_path / "r.csv").is_symlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_of_the_rejects() -> None:
    rejects = RejectsFile(Path("/dev/full"))
    told = r"rejected rows \(--rejects FILE\) cannot be written to /dev/full: No space.*make room"
    with pytest.raises(InputError, match=told):
        rejects.write([rejected("a")])


def test_where_rejects_cannot_be_is_told_before(tmp_path: Path) -> None:
    reviews = tmp_path / "a.csv"
    reviews.touch()
    with pytest.raises(InputError, match=r"--rejects FILE.*there is no folder"):
        check_rejects(tmp_path / "none" / "r.csv", ["-"])
    with pytest.raises(InputError, match="over the reviews that are read"):
        check_rejects(reviews, [str(reviews)])
    check_rejects(Path(os.devnull), ["-"])
    check_rejects(None, ["-"])
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
