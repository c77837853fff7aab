"""Temporary files and folders: private, and gone however a process ends."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reviewlens.files import temporary
from reviewlens.files.temporary import TemporaryFile, TemporaryFolder, remove_left_behind

_MAKE = """
import sys
from reviewlens.files.temporary import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "text").write_text("a review")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory for temporary files, here and in processes that are started."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="files without a name are opened on Linux")
def test_file_has_no_name_and_can_be_opened_again(place: Path) -> None:
    file = TemporaryFile()
    file.path.write_bytes(b"a review")
    assert list(place.iterdir()) == []
    with file.path.open("rb") as first, file.path.open("rb") as second:
        assert first.read() == second.read() == b"a review"
    read = "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text())"
    child = subprocess.run([sys.executable, "-c", read, file.path], capture_output=True, text=True)
    assert child.stdout == "a review\n"
    file.close()
    assert not file.path.exists()
    file.close()  # again does nothing


def test_file_lies_in_a_folder_where_it_cannot_be_opened_without_a_name(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "_PROCESSES", place / "none")
    file = TemporaryFile()
    file.path.write_bytes(b"a review")
    [folder] = place.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    file.close()
    assert list(place.iterdir()) == []


def test_folder_of_a_killed_process_is_removed_by_the_next(place: Path) -> None:
    other = place / "reviewlens-of-another-program"
    other.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _MAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        with TemporaryFolder() as own:  # that of a process that lives is let be
            assert set(place.iterdir()) == {left, own.path, other}
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (left / "text").exists()
    remove_left_behind()
    assert list(place.iterdir()) == [other]


def test_folder_of_another_user_is_let_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = place / "reviewlens-x.locked"
    left.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    remove_left_behind()
    assert left.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="files without a name are opened on Linux")
def test_file_that_nobody_refers_to_is_closed() -> None:
    file = TemporaryFile()
    path = file.path
    assert path.exists()
    del file
    gc.collect()  # a file left open would be told of here, which is an error in the tests
    assert not path.exists()
