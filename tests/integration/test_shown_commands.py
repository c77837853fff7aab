"""What the documents show of commands is what these print."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from reviewlens.cli.main import run

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md", "docs/tokens.md", "docs/compare.md", "docs/words.md", "docs/how-it-works.md",
    "docs/how-it-works.zh.md",
)  # fmt: skip
TRANSLATED = {"docs/how-it-works.zh.md": "docs/how-it-works.md"}
"""Documents that show much of what another shows: what they share is printed for that one."""
AS_STORED = 3
"""Lines of an ingest that tell how much was new, and how long it took."""


def commands_of(document: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each command of a document with what is shown below it, which may be nothing."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for block in re.findall(r"^```\n(\$ .*?)^```", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.strip().splitlines()
            yield shlex.split(command), lines


def test_documents_that_show_commands_are_listed() -> None:
    documents = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    shown = [str(one.relative_to(ROOT)) for one in documents if "\n$ reviewlens" in one.read_text()]
    assert sorted(shown) == sorted(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_shows_is_printed(
    document: str,
    sample_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(sample_path, tmp_path / "reviews.db")
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("REVIEWLENS_URI", raising=False)
    for (program, *arguments), lines in (*commands_of("docs/words.md"), *commands_of(document)):
        if program == "cat":  # how-it-works.md has the same text
            Path(arguments[0]).write_text("\n".join(lines), encoding="utf-8")
    others = [*commands_of(TRANSLATED[document])] if document in TRANSLATED else []
    for (program, *arguments), lines in commands_of(document):
        if program != "reviewlens" or ([program, *arguments], lines) in others:
            continue
        assert run(arguments) == 0
        printed = [line.rstrip() for line in capsys.readouterr().out.strip("\n").splitlines()]
        skipped = AS_STORED if arguments[0] == "ingest" else 0
        wanted = list(takewhile(lambda line: "are saved too" not in line, lines))[skipped:]
        while wanted and not wanted[-1]:
            wanted.pop()
        if "…" in wanted:  # the beginning is left out
            wanted.remove("…")
            printed = printed[-len(wanted) :]
        if wanted:
            assert printed[skipped:] == wanted, arguments
