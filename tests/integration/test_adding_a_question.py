"""docs/adding-a-question.md, followed word by word in a copy of the source."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-question.md").read_text(encoding="utf-8")
REVIEWS = "id,text,stars\n1,It broke after a week of use,1\n2,Fine,5\n3,It is loud at night,2\n"


def insert_below(file: Path, line: str, code: str, *, behind: str = "") -> None:
    """Put code below the first line that begins so, behind a text of the file."""
    text = file.read_text(encoding="utf-8")
    start = text.index(behind) if behind else 0
    found = re.compile(rf"^{re.escape(line)}.*\n", re.MULTILINE).search(text, start)
    assert found, line
    file.write_text(text[: found.end()] + code + text[found.end() :], encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("adding")
    for folder in ("src", "docs"):  # with what is compiled, which is as old as its source
        shutil.copytree(ROOT / folder, root / folder)
    module, imported, later, line = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    package = root / "src" / "reviewlens"
    (package / "insights" / "longest.py").write_text(module, encoding="utf-8")
    insert_below(package / "corpus.py", "if TYPE_CHECKING:", imported)
    insert_below(package / "corpus.py", "else:", later, behind="if TYPE_CHECKING:")
    insert_below(package / "corpus.py", "    size = ", line)
    main = package / "cli" / "main.py"
    text = main.read_text(encoding="utf-8")
    assert text.count('"map")') == 1
    main.write_text(text.replace('"map")', '"map", "longest")'), encoding="utf-8")
    run(root, str(root / "docs" / "reference.py"))
    (root / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    with Corpus.open(root / "reviews.db", encoder=FakeEncoder(dimension=8)) as corpus:
        corpus.ingest(root / "reviews.csv")
    return root


def commanded(root: Path, *commands: list[str]) -> list[tuple[int, str]]:
    """Run commands one after the other in one process; return how each ended and what it said."""
    code = (
        "import contextlib, io, json, sys\nfrom reviewlens.cli.main import run\n"
        "for command in json.loads(sys.argv[1]):\n    said = io.StringIO()\n"
        "    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):\n"
        "        status = run(command)\n    print(json.dumps([status, said.getvalue()]))\n"
    )
    lines = run(root, "-c", code, json.dumps(commands)).splitlines()
    return [(status, said) for status, said in map(json.loads, lines)]


def run(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_page_leads_to_a_question_with_all_its_faces(copy: Path) -> None:
    commands = re.findall(r"^reviewlens (longest .*)$", PAGE, re.MULTILINE)
    said = commanded(copy, *(command.split() for command in commands), ["longest", "-n", "0"],
                     ["--help"])  # fmt: skip
    assert [status for status, _ in said] == [0, 0, 0, 2, 0]
    shown, answer, help_, refused, listed = (text for _, text in said)
    assert shown == (
        "The longest of 2 reviews\n"
        "  1  7 words · 1\n     It broke after a week of use\n"
        "  2  5 words · 3\n     It is loud at night\n"
    )
    found = json.loads(answer)
    assert (found["reviews"], [one["review_id"] for one in found["longest"]]) == (3, ["1", "3"])
    assert "List the longest reviews." in help_
    assert "--rating" in help_
    assert "0 is not in the range x>=1" in refused
    assert re.search(r"^Read a few instead of all:\n(.*\n){1,8}  longest ", listed, re.MULTILINE)
    for page, said in (("cli.md", "## reviewlens longest"), ("python.md", "selection.longest("),
                       ("api.md", "| GET `/longest` |")):  # fmt: skip
        assert said in (copy / "docs" / page).read_text(encoding="utf-8"), page
    asked = (
        "from reviewlens import Corpus\nimport asyncio\n"
        "from fastapi.testclient import TestClient\nfrom reviewlens.server import make_app\n"
        "corpus = Corpus.open('reviews.db')\n"
        "try:\n    corpus.longest(m=2)\nexcept TypeError as error:\n    print(error)\n"
        "client = TestClient(make_app(corpus), base_url='http://127.0.0.1')\n"
        "print(client.get('/api/v1/longest?n=1&rating=1..2').json()['longest'])\n"
    )
    said = run(copy, "-c", asked)
    assert "longest() has no argument 'm'; wanted one of n" in said
    assert "It broke after a week of use" in said
