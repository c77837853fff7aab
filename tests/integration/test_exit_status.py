"""How `ingest` ends: 0 where the texts are stored, 1 with the reason where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes import FakeEncoder
from reviewlens.cli.main import run

GOOD = "text,stars\n" + "".join(f"It broke in week {n},2\n" for n in range(6))
CASES = {
    "all taken": (GOOD, 0, ""),
    "all known already": (GOOD, 0, ""),
    "a few rejected": (GOOD + "a,b,c,d\n" * 3, 0, ""),
    "ratings without a text": (GOOD + ",5\n" * 30, 0, ""),
    "most rejected": (GOOD + "a,b,c,d\n" * 7, 1, "of 13 rows with a text 7 were rejected, most"),
    "none taken": (
        "text,stars\n" + "a,b,c,d\n" * 4,
        1,
        "of 4 rows 4 were rejected, most of them as",
    ),
    "ratings alone": (
        "text,stars\n" + ",5\n" * 4,
        1,
        "nothing is stored: of 4 rows 0 were rejected",
    ),
    "placeholders alone": ("text,stars\n" + "n/a,5\n" * 4, 1, "4 have no text"),
}


@pytest.mark.parametrize("case", CASES)
def test_status_says_whether_the_texts_are_stored(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, status, told = CASES[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text(content)
    command = ["ingest", "in.csv", "-f", "json"]
    encoder = FakeEncoder(dimension=16)
    if case == "all known already":
        assert run(command, encoder=encoder) == 0
        capsys.readouterr()
    assert run(command, encoder=encoder) == status
    said = capsys.readouterr()
    assert told in " ".join(said.err.split())
    report = json.loads(said.out)
    fates = ("indexed", "updated", "unchanged", "duplicate", "skipped", "rejected")
    assert sum(report[name] for name in fates) == report["read"]
