"""`reviewlens serve` as a process: it listens, answers, holds its directory, and ends cleanly."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reviewlens import Corpus
from reviewlens.cli.main import run

TOKEN = "kJ8s-w2QxT4vLr7Yb0cN9dFhGm3pZa5e"
COMMAND = [sys.executable, "-c", "from reviewlens.cli import main; main()"]


@contextmanager
def serving(uri: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, once it says that it listens; gives the process and its address."""
    command = [*COMMAND, "--uri", str(uri), "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = ""
            while " at http://" not in line:
                line = process.stderr.readline()
                assert line, "the server ended"
            assert line.startswith("reviewlens of reviews at http://127.0.0.1:")
            assert line.endswith("/ (Ctrl-C ends it)\n")
            yield process, line.split()[4]
        finally:
            process.kill()


def asked(address: str, path: str, **headers: str) -> bytes:
    request = urllib.request.Request(f"{address}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def ended(process: subprocess.Popen[str], number: int) -> int:
    started = time.monotonic()
    process.send_signal(number)
    status = process.wait(20)
    assert time.monotonic() - started < 15
    return status


def test_it_answers_as_the_command_does_and_ends_cleanly(
    sample_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = Path(shutil.copytree(sample_path, tmp_path / "reviews.db"))
    with serving(uri) as (process, address):
        assert json.loads(asked(address, "healthz")) == {"status": "ok"}
        found = json.loads(asked(address, "api/v1/search?q=arrived%20broken&n=5"))
        assert run(["--uri", str(uri), "stats"]) == 1
        assert "`reviewlens serve`" in capsys.readouterr().err
        assert ended(process, signal.SIGTERM) == 0
    assert run(["--uri", str(uri), "search", "arrived broken", "-n", "5", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == found | {
        "matches": [match | {"words": []} for match in found["matches"]]
    }
    with Corpus.open(uri) as corpus:
        assert corpus.size() == 310


def test_an_empty_explorer_starts_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    uri = tmp_path / "empty.db"
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (tmp_path / "token").chmod(0o600)
    with serving(uri, "--access-token-file", str(tmp_path / "token")) as (process, address):
        ready = asked(address, "readyz", Authorization=f"Bearer {TOKEN}")
        assert json.loads(ready) == {"ready": True, "reviews": 0}
        assert b"Sign in" in asked(address, "")
        assert ended(process, signal.SIGINT) == 0
        assert process.stderr is not None
        assert TOKEN not in process.stderr.read()
    assert not uri.exists()


def _told(capsys: pytest.CaptureFixture[str], uri: Path, *options: str) -> str:
    assert run(["--uri", str(uri), "serve", *options]) == 1
    told = capsys.readouterr().err
    assert told.startswith("reviewlens: ")
    assert told.count("\n") == 1
    return told


def test_another_address_needs_a_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "reviews.lan"):
        told = _told(capsys, tmp_path / "a.db", "--host", host)
        assert "--access-token-file" in told
        assert "secrets.token_urlsafe" in told


def test_token_files_that_do_not_do_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uri, file = tmp_path / "a.db", tmp_path / "token"
    assert "cannot be read" in _told(capsys, uri, "--access-token-file", str(file))
    for text, problem in (("", "0 words"), ("a b", "2 words"), ("short", "5 characters")):
        file.write_text(text)
        assert problem in _told(capsys, uri, "--access-token-file", str(file))
    assert "--access-token-file as well" in _told(capsys, uri, "--read-only-token-file", str(file))


def test_a_port_in_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = _told(capsys, tmp_path / "a.db", "--port", port)
    assert "in use" in told
    assert "--port" in told


def test_a_directory_that_another_process_has_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import fcntl

    uri = tmp_path / "a.db"
    uri.mkdir()
    with (uri / "LOCK").open("w") as lock:
        # Another open file of this process is as good as another process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "open in another process" in _told(capsys, uri, "--port", "0")


def test_what_is_not_installed_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    told = _told(capsys, tmp_path / "a.db", "--port", "0")
    assert "pip install 'reviewlens[server]'" in told
