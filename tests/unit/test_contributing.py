"""CONTRIBUTING.md speaks of the house as it is."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "reviewlens"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def rooms() -> list[str]:
    return [
        name
        for row in re.findall(r"^\| (`.*?`) \|", PAGE, re.M)
        for name in re.findall(r"`(.*?)`", row)
    ]


def test_the_map_has_every_room_and_no_other() -> None:
    there = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}
    there |= {f"{path.name}/" for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    mapped = [name for name in rooms() if not name.startswith("REVIEWLENS_")]
    assert sorted(mapped) == sorted(there)


def test_the_direction_is_that_which_is_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    checked = [
        {name.strip().removeprefix("reviewlens.") for name in layer.split("|")} for layer in layers
    ]
    drawn = re.search(r"```\n(cli → .*?)```", PAGE, re.DOTALL)
    assert drawn
    told = [set(re.findall(r"\w+", layer)) for layer in drawn[1].split("→")]
    assert told == checked


def named() -> Iterator[tuple[Path, str]]:
    """What the walks name: a file of a room, and a function or a method of it."""
    walks = PAGE[PAGE.index("### One review in") : PAGE.index("### A question, a filter")]
    for given in re.findall(r"`([^`]+)`", " ".join(walks.split())):
        file, _, name = given.partition(": ")
        if re.fullmatch(r"[a-z_/]+/[a-z_]+\.py", file) or file in {
            "corpus.py",
            "session.py",
        }:
            yield PACKAGE / file, name


def test_the_walks_name_functions_that_are_there() -> None:
    found = list(named())
    assert len(found) > 20
    for file, name in found:
        assert file.exists(), file
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {getattr(node, "name", "") for node in tree.body}
        names |= {
            f"{node.name}.{getattr(inner, 'name', '')}"
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            for inner in node.body
        }
        assert not name or name in names, (file.name, name)


def test_own_modules_are_imported_at_the_top_of_files() -> None:
    inside = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reviewlens")
    ]
    assert inside == []
