"""Files that commands write: whether they can be is told before anything is opened or read."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewlens.cli.main import run

FULL = Path("/dev/full")


@pytest.mark.parametrize(
    "arguments",
    [
        ("clusters", "--assignments", "none/x.csv"),
        ("classify", "--stars", "--assignments", "none/x.csv"),
        ("classify", "--stars", "--save", "none/x.npz"),
        ("map", "-o", "none/x.html"),
        ("map", "-f", "csv", "--axes", "none/x.json"),
        ("report", "-o", "none/x.md"),
        ("trends", "-o", "none/x.png"),
        ("ingest", "missing.csv", "--rejects", "none/x.csv"),
        ("ingest", "missing.csv", "--rejects", "folder"),
        ("words", "learn", "a b c", "-o", "none/x.vec"),
        ("words", "counts", "missing.csv", "-o", "none/x.json"),
        ("words", "plot", "a", "b", "-o", "none/x.png", "--vectors", "missing.vec"),
        ("reduce", "missing.csv", "--dimensions", "2", "-o", "file/folder"),
    ],
    ids=" ".join,
)
def test_a_file_that_cannot_be_written_is_told_first(
    arguments: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    assert run(["--uri", "missing.db", *arguments]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize(
    ("command", "file", "package"),
    [
        ("map", "x.png", "matplotlib"),
        ("map", "x.html", "plotly"),
        ("map", "x.parquet", "pyarrow"),
        ("trends", "x.svg", "matplotlib"),
        ("report", "x.xlsx", "xlsxwriter"),
    ],
)
def test_a_package_that_writes_and_is_not_there_is_told_first(
    command: str,
    file: str,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    missing = str(tmp_path / "missing.db")
    assert run(["--uri", missing, command, "-o", str(tmp_path / file)]) == 1
    assert f"needs the package {package}" in capsys.readouterr().err


def test_axes_that_a_method_has_not_are_refused_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    axes = str(tmp_path / "x.json")
    arguments = ["map", "-f", "csv", "--method", "umap", "--axes", axes]
    assert run(["--uri", str(tmp_path / "missing.db"), *arguments]) == 1
    assert "umap has no axes" in capsys.readouterr().err


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_what_cannot_be_printed_is_told(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        status = run(["words", "angles", "a b", "b c", "-f", form])
        monkeypatch.undo()
        assert (
            str(Path(f"/dev/fd/{full.fileno()}").readlink()) == os.devnull
        )  # so that it can be closed
    assert status == 1
    told = capsys.readouterr().err
    assert told.startswith("reviewlens: standard output cannot be written: No space left on device")
    assert told.count("\n") == 1


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_much_that_cannot_be_printed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [f"word{number} " * 40 for number in range(40)]
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        status = run(["words", "angles", *texts, "-f", "json"])
        monkeypatch.undo()
    assert status == 1
    assert "should not happen" not in (told := capsys.readouterr().err)
    assert "No space left on device; make room" in told
