"""The documents agree with the code: the reference is current, the examples run."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]


def test_command_reference_is_current() -> None:
    render = runpy.run_path(str(ROOT / "docs" / "reference.py"))["render"]
    for file, text in render().items():
        assert file.read_text(encoding="utf-8") == text, f"{file.name}: run make docs"


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize(
    ("page", "every"), [("README.md", 5), pytest.param("docs/python.md", 1, marks=pytest.mark.slow)]
)
def test_python_examples_run(
    page: str,
    every: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On the sample, or on some of it: to embed all takes as long as a hundred other tests."""
    monkeypatch.chdir(tmp_path)
    sample = pd.read_csv(ROOT / "datasets" / "sample_reviews.csv", dtype=str)[::every]
    (tmp_path / "datasets").mkdir()
    sample.to_csv(tmp_path / "datasets" / "sample_reviews.csv", index=False)
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)
    exec(compile(example, page, "exec"), {})
    assert re.search(r"broke|crush|smash|crack|dent", capsys.readouterr().out)
