"""Files that are written: what stays of what was there, and what is told where there is no room."""

from __future__ import annotations

import errno
import gc
import os
import signal
import stat
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reviewlens.encoders.graph_cache import store_graph
from reviewlens.errors import EncoderError, InputError
from reviewlens.files.outputs import check_file, standard_output, written, written_text
from reviewlens.files.trouble import cannot_write
from reviewlens.results.tables import XlsxTable

resource = pytest.importorskip("resource", reason="limits of file sizes are those of Unix")

FULL_DEVICE = Path("/dev/full")
needs_full_device = pytest.mark.skipif(
    not FULL_DEVICE.exists(), reason="this system has no /dev/full"
)


@pytest.fixture
def little_room() -> Iterator[Callable[[int], None]]:
    """No file of this process may pass so many bytes, as on a disk that is nearly full."""
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN  # Python's own choice
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def put(file: Path | str, text: str = "new\n") -> None:
    with written_text(file) as stream:
        stream.write(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o646)  # more than a mask leaves
    with written_text(file) as stream:
        stream.write("new\n")
        assert file.read_text(encoding="utf-8") == "old"  # until it is whole
    assert file.read_text(encoding="utf-8") == "new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o646
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, there: bool) -> None:  # noqa: FBT001
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "out.csv", tmp_path / "link.csv"
    if there:
        target.write_text("old", encoding="utf-8")
    link.symlink_to(Path("far") / "out.csv")
    put(link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new\n"
    assert names(tmp_path / "far") == ["out.csv"]


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe, came = tmp_path / "pipe.csv", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: came.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    put(pipe)
    reader.join(timeout=10)
    assert came == ["new\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe.csv"]


def test_a_device_stays_one(tmp_path: Path) -> None:
    (tmp_path / "null.csv").symlink_to(os.devnull)
    for name in (os.devnull, tmp_path / "null.csv"):
        put(name)
        assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    with written(os.devnull) as stream:
        table = XlsxTable(stream, ["text"])  # an archive asks where in the file it is
        table.write([["a"]])
        table.finish()


def test_an_open_file_is_written_to_as_it_is_open(tmp_path: Path) -> None:
    with (tmp_path / "shell.txt").open("w+", encoding="utf-8") as shell:
        shell.write("before\n")
        shell.flush()
        put(f"/dev/fd/{shell.fileno()}")
        (tmp_path / "link").symlink_to(f"/dev/fd/{shell.fileno()}")
        put(tmp_path / "link", "linked\n")
        shell.seek(0)
        assert shell.read() == "before\nnew\nlinked\n"


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("old", encoding="utf-8")

    def fail(name: Path) -> None:
        with written(name) as stream:
            stream.write(b"x" * 1_000_000)
            raise KeyError("of the caller's")

    for name in (file, tmp_path / "new.csv"):
        with pytest.raises(KeyError):
            fail(name)
    assert file.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out.csv"]


def test_no_room_is_told_with_the_cure_and_leaves_what_was_there(
    tmp_path: Path, little_room: Callable[[int], None]
) -> None:
    file = tmp_path / "out.csv"
    file.write_text("old", encoding="utf-8")
    little_room(100_000)
    with pytest.raises(InputError, match=r"out\.csv cannot.*too large.*unchanged.*ulimit"):
        put(file, "x" * 200_000)
    with pytest.raises(InputError, match=r"new\.csv cannot.*too large; files"):
        put(tmp_path / "new.csv", "x" * 200_000)
    assert file.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out.csv"]


@needs_full_device
def test_a_full_disk_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^/dev/full cannot be written: No space.*make room"):
        put(FULL_DEVICE)

    def speak() -> None:
        with standard_output() as stream:
            stream.write("a")

    with FULL_DEVICE.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(InputError, match=r"^standard output cannot be written: No space"):
            speak()
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())  # so that it can be closed


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    error = cannot_write(
        "out.csv cannot be written", OSError(errno.ENOSPC, "No space left"), folder=str(tmp_path)
    )
    told = f"out.csv cannot be written: No space left (in {tmp_path}); make room there"
    assert str(error).startswith(told)


@pytest.mark.parametrize("by", ["python", "numpy"])
def test_a_full_cache_is_told_with_the_cure(
    tmp_path: Path, little_room: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path))

    def make(folder: Path) -> dict[str, Any]:
        little_room(100_000)
        if by == "numpy":
            np.save(folder / "words.npy", np.zeros(100_000))
        (folder / "model.onnx").write_bytes(b"x" * 200_000)
        return {}

    with pytest.raises(EncoderError, match=r"cache directory .* cannot be written.*REVIEWLENS_C"):
        store_graph("f" * 64, make)
    assert names(tmp_path / "encoders") == []


def test_a_reader_that_has_gone_is_no_error_of_ours(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def speak() -> None:
        with written(pipe) as stream:
            os.close(reading)
            stream.write(b"x" * 200_000)

    with pytest.raises(BrokenPipeError):
        speak()


@pytest.mark.parametrize("name", ["none/out.csv", "folder", "loop", "file/out.csv", "a\0b"])
def test_what_cannot_be_written_is_told_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    before = names(tmp_path)
    for refuse in (check_file, put):
        with pytest.raises(InputError, match=r"cannot be written: .*; give another"):
            refuse(tmp_path / name)
    assert names(tmp_path) == before


def test_what_is_protected_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.csv").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).suffix != ".csv")
    with pytest.raises(InputError, match="it is protected"):
        check_file(tmp_path / "out.csv")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(InputError, match=r"the folder .* is protected"):
        check_file(tmp_path / "new.csv")


@pytest.mark.parametrize("fails", ["rows", "temporary files", "target"])
def test_a_workbook_that_fails_says_nothing_of_its_own(
    tmp_path: Path,
    little_room: Callable[[int], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fails: str,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    random = os.urandom(300_000).hex()  # which no archive makes small

    def rows() -> Iterator[list[Any]]:
        for start in range(0, len(random), 1_000):
            yield [random[start : start + 1_000]]
        if fails == "rows":
            raise KeyError("of the caller's")

    def make() -> None:
        with written(tmp_path / "out.xlsx") as stream:
            table = XlsxTable(stream, ["text"])
            try:
                if fails == "temporary files":
                    little_room(100_000)
                table.write(rows())
                if fails == "target":
                    little_room(100_000)
                table.finish()
            except BaseException:
                table.abandon()
                raise

    expected = {"rows": KeyError, "temporary files": OSError, "target": (InputError, OSError)}
    with pytest.raises(expected[fails]):
        make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of files that xlsxwriter leaves open
        gc.collect()
    assert names(tmp_path) == ["temporary"]
    assert names(tmp_path / "temporary") == []
    assert capsys.readouterr().err == ""
