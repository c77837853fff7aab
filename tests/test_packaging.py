"""What pyproject.toml promises, what is imported, and what the documents say of both."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {name: PROJECT["optional-dependencies"][name] for name in PROJECT["optional-dependencies"]}

# What fastapi gives as its own is Starlette's and pydantic's, whose releases it follows.
WITH_ANOTHER = {"starlette": "fastapi", "pydantic": "fastapi", "pydantic_core": "fastapi"}


def name_of(requirement: str) -> str:
    return re.split(r"[<>=;\[ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def rows_of(heading: str) -> list[list[str]]:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_page_of_dependencies_names_those_of_the_project() -> None:
    named = [row[0] for row in rows_of("Always")]
    assert sorted(named) == sorted(map(name_of, PROJECT["dependencies"]))


def test_page_of_dependencies_names_the_extras_and_what_they_bring() -> None:
    told = {
        row[0]: [one for one in re.sub(r" \(.*?\)", "", row[1]).split(", ") if one]
        for row in rows_of("With an extra")
    }
    assert told == {
        extra: [name for name in map(name_of, wanted) if name != "reviewlens"]
        for extra, wanted in EXTRAS.items()
        if extra != "dev"
    }


def test_extras_are_all_a_part_of_dev_but_umap() -> None:
    [own] = [one for one in EXTRAS["dev"] if one.startswith("reviewlens")]
    assert set(re.findall(r"\w+", own)) - {"reviewlens"} == EXTRAS.keys() - {"dev", "umap"}


@pytest.mark.cjk
def test_what_is_imported_is_declared() -> None:
    declared = {
        name_of(one) for wanted in (PROJECT["dependencies"], *EXTRAS.values()) for one in wanted
    }
    providers = packages_distributions()
    imported = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    imported -= {*sys.stdlib_module_names, "reviewlens", "umap"}
    missing = {
        module
        for module in imported
        if not {name_of(one) for one in providers[WITH_ANOTHER.get(module, module)]} & declared
    }
    assert missing == set()
    assert "numpy" in imported


def test_pythons_that_are_promised_are_those_of_doctor_and_readme() -> None:
    named = [
        found[1]
        for one in PROJECT["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one))
    ]
    least, most = named[0], named[-1]
    assert PROJECT["requires-python"] == f">={least},<3.{int(most.partition('.')[2]) + 1}"
    doctor = (ROOT / "src/reviewlens/upkeep/doctor.py").read_text(encoding="utf-8")
    assert f"Use Python {', '.join(named[:-1])} or {most}." in doctor
    assert f"Python {least} to {most}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_names_every_extra() -> None:
    install = (
        (ROOT / "README.md")
        .read_text(encoding="utf-8")
        .partition("## Install\n")[2]
        .partition("\n## ")[0]
    )
    assert EXTRAS.keys() - {"dev"} <= set(re.findall(r"`(\w+)`", install))
