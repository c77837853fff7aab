"""What a run reaches for beyond this machine, and what it leaves behind: seen below Python.

The demo's commands, a report, maps and the server, which is given a file and asked, run in a
process with a home, a directory for temporary files and a log of the network of its own. The log is
written by `network_log.c`, which stands before the C library and so sees what any dependency does;
it refuses what it logs.

Environment:
    REVIEWLENS_REQUIRE_COMPILER: set to 1, a test fails where the log cannot be compiled; it is
        skipped otherwise.
"""

from __future__ import annotations

import csv
import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewlens.encoders import load_encoder
from reviewlens.files.cache import user_cache
from reviewlens.search.relevance.probes import load_probes

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "datasets" / "sample_reviews.csv"
COMMANDS = (
    "ingest reviews.csv --source-column source --quiet",
    "clusters --rating 1..2",
    "search arrived --since 2024-12 -n 3",
    "search visa",
    "clusters --save",
    "report -o report.html",
    "map -o map.html",
    "map -o map.png",
    "serve --port 0",
)
_RUN = """
import sys
from reviewlens.cli.main import run
for command in sys.argv[1:]:
    assert run(command.split()) == 0, command
"""
_SWITCHES = ("REVIEWLENS_", "XDG_", "ORT_", "HF_", "MPL", "DISABLE_TELEMETRY", "DO_NOT_TRACK")
"""How the names of variables begin that could switch something on or off."""
_ALIVE_SECONDS = 15.0
"""How long the process lives at least; ONNX Runtime tells its maker something after nine."""
_BOUNDARY = "a-line-between"


@dataclass(frozen=True, slots=True)
class Traces:
    """What a process left.

    Attributes:
        network: What was looked up, connected to, sent to or listened at beyond this machine.
        home: The files in its home.
        temporary: Those in its directory for temporary files.
        stderr: What it said.
    """

    network: list[str]
    home: list[str]
    temporary: list[str]
    stderr: str


@pytest.fixture(scope="module")
def network_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled log."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        reason = "the network is watched on Linux with a C compiler (on Debian: gcc, libc6-dev)"
        if os.environ.get("REVIEWLENS_REQUIRE_COMPILER") == "1":
            pytest.fail(f"REVIEWLENS_REQUIRE_COMPILER=1, but {reason}", pytrace=False)
        pytest.skip(reason)
    library = tmp_path_factory.mktemp("network") / "log.so"
    source = Path(__file__).with_name("network_log.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture(scope="module")
def traces(
    network_log: Path, exported_model: None, tmp_path_factory: pytest.TempPathFactory
) -> Traces:
    """Those of the commands, the server among them."""
    del exported_model
    folder = tmp_path_factory.mktemp("traces")
    home, temporary, work = (folder / name for name in ("home", "tmp", "work"))
    for made in (home, temporary, work):
        made.mkdir()
    _link_graph(home / ".cache" / "reviewlens")
    more = _write_reviews(work)
    own = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LD_PRELOAD": str(network_log),
        "NETWORK_LOG": str(folder / "network"),
    }
    command = [sys.executable, "-c", _RUN, *COMMANDS]
    started = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=work,
        env=_plain_environment() | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        while " at http://" not in said:
            said += (line := process.stderr.readline())
            assert line, said
        _use_server(said.rpartition(" at ")[2].split()[0], more)
        time.sleep(max(0.0, started + _ALIVE_SECONDS - time.monotonic()))
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=60)[1]
    assert process.returncode == 0, said
    lines = (folder / "network").read_text().splitlines()
    assert "watched python" in {line[: len("watched python")] for line in lines}
    network = [line for line in lines if not line.startswith("watched ")]
    return Traces(network, _files(home), _files(temporary), said)


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_SWITCHES)}


def _link_graph(cache: Path) -> None:
    """Let the model's graph, and the vectors of the probes, be in a cache already."""
    encoder = load_encoder(device="cpu")
    load_probes(encoder)
    for path in (Path("encoders") / encoder.fingerprint, Path("probes")):
        shutil.copytree(user_cache() / path, cache / path, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def _write_reviews(folder: Path) -> Path:
    """Write short reviews, enough of them with few stars for clusters; return a file with more."""
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: len(row["text"]))
    low = [row for row in rows if row["source"] == "webshop" and row["rating"] in ("1", "2")]
    others = [row for row in rows if row["source"] == "webshop" and row["rating"] == "5"]
    files = folder / "reviews.csv", folder / "more.csv"
    for file, chosen in zip(
        files, ([*low[:24], *others[:16], *others[60:72]], others[72:76]), strict=True
    ):
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(chosen)
    return files[1]


def _use_server(address: str, file: Path) -> None:
    """Upload a file, store its reviews, and search them."""
    assert _asked(address, "readyz")["ready"]
    part = f'Content-Disposition: form-data; name="file"; filename="{file.name}"'
    form = f"--{_BOUNDARY}\r\n{part}\r\n\r\n{file.read_text()}\r\n--{_BOUNDARY}--\r\n"
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    upload = _asked(address, "api/v1/uploads", form, kind)["upload"]
    settings = json.dumps({"source_column": "source"})
    report = _asked(address, f"api/v1/uploads/{upload}/ingest?wait=60", settings)
    assert report["indexed"] == 4
    assert _asked(address, "api/v1/search?q=dead%20after%20three%20weeks&n=3")["matches"]


def _asked(
    address: str, path: str, body: str | None = None, kind: str = "application/json"
) -> dict[str, object]:
    data = None if body is None else body.encode()
    request = urllib.request.Request(f"{address}{path}", data, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=120) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def _files(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()]


def test_nothing_beyond_this_machine_is_reached_for(traces: Traces) -> None:
    assert traces.network == []


def test_a_run_leaves_only_the_files_that_are_listed(traces: Traces) -> None:
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    patterns = re.findall(r"^\| `~/([^`]+)` \|", page, re.MULTILINE)
    assert [pattern for pattern in patterns if not fnmatch.filter(traces.home, pattern)] == []
    listed = {file for pattern in patterns for file in fnmatch.filter(traces.home, pattern)}
    assert sorted(set(traces.home) - listed) == []
    assert traces.temporary == []


def test_home_that_cannot_be_written_is_no_matter(
    exported_model: None, sample_path: Path, tmp_path: Path
) -> None:
    del exported_model
    (tmp_path / "home").touch()  # no directory can be made below a file
    own = {
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path),
        "REVIEWLENS_CACHE": str(user_cache()),
        "REVIEWLENS_URI": str(shutil.copytree(sample_path, tmp_path / "reviews.db")),
    }
    command = [sys.executable, "-c", _RUN, "search broken", "map -o map.png"]
    done = subprocess.run(
        command, cwd=tmp_path, env=_plain_environment() | own, capture_output=True, text=True
    )
    notes = done.stderr.splitlines()  # of the search and of the map
    assert (done.returncode, len(notes)) == (0, 2)
    assert all("does not read" in note for note in notes)
    assert {path.name for path in tmp_path.iterdir()} == {"home", "reviews.db", "map.png"}
