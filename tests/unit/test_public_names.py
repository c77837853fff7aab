"""Lists that must agree: public names, errors and their tree, commands and what tells of them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import reviewlens
from reviewlens import Corpus, errors
from reviewlens.cli.filters import filter_options
from reviewlens.cli.index import DERIVED
from reviewlens.cli.main import COMMANDS, GROUPS, cli, load_command

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
EVERY = sorted({*COMMANDS, *DERIVED})
MODULES = [found.name for found in pkgutil.walk_packages(reviewlens.__path__, prefix="reviewlens.")]


@pytest.mark.parametrize("name", ["reviewlens", *MODULES])
def test_all_names_what_is_there(name: str) -> None:
    module = importlib.import_module(name)
    names = getattr(module, "__all__", ())
    assert [each for each in names if not hasattr(module, each)] == []
    assert len(set(names)) == len(names)


def test_public_names_are_sorted() -> None:
    for module in (reviewlens, errors):
        names = [name for name in module.__all__ if name != "__version__"]
        assert names == sorted(names)


def test_every_error_is_public_and_of_the_family() -> None:
    made = {
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if found.__module__ == errors.__name__
    }
    assert made == set(errors.__all__)
    assert all(issubclass(getattr(errors, name), errors.ReviewLensError) for name in made)


def test_tree_of_errors_is_the_tree_in_the_docstring() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    ((?:[│├└─ ]{4})*)([A-Z]\w+)  +\S", line)
        if match:
            depth = len(match[1]) // 4
            above[depth:] = [match[2]]
            drawn[match[2]] = above[depth - 1] if depth else "Exception"
    assert drawn == {name: getattr(errors, name).__base__.__name__ for name in errors.__all__}


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "pymilvus", "pandas", "numpy")
    later = (*heavy, "reviewlens.corpus", "reviewlens.results")
    code = f"import sys, reviewlens.cli; print([n for n in {later!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_can_be_had_though_they_are_imported_late() -> None:
    had: dict[str, object] = {}
    exec("from reviewlens import *", had)
    assert [name for name in reviewlens.__all__ if name not in had] == []
    assert [name for name in reviewlens.__all__ if name not in dir(reviewlens)] == []
    assert had["Corpus"] is importlib.import_module("reviewlens.corpus").Corpus


@pytest.mark.parametrize("name", ["nosuch", "load_encoder", "_Single"])
def test_name_that_is_not_public_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'reviewlens' has no attribute '{name}'"):
        getattr(reviewlens, name)
    with pytest.raises(ImportError, match=f"cannot import name '{name}'"):
        exec(f"from reviewlens import {name}")


@pytest.mark.parametrize(
    ("package", "home"),
    [("pymilvus", "store"), ("milvus_lite", "store"), ("torch", "encoders"),
     ("sentence_transformers", "encoders"), ("transformers", "encoders"), ("click", "cli")],
)  # fmt: skip
def test_package_has_one_home(package: str, home: str) -> None:
    """import-linter keeps our own modules in order; this keeps the foreign ones at home."""
    source = ROOT / "src" / "reviewlens"
    imports = re.compile(rf"^\s*(?:import|from) {package}\b", re.MULTILINE)
    users = [
        path.relative_to(source)
        for path in source.rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    assert users
    assert [path for path in users if path.parts[0] != home] == []


def test_every_command_and_option_has_its_help() -> None:
    for name in EVERY:
        command = load_command(name)
        assert command.help, name
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help, (name, option.name)  # type: ignore[attr-defined]
    help_ = cli.get_help(click.Context(cli, **cli.context_settings))
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", help_, re.M)] == []


def test_every_command_stands_in_one_group_of_the_help() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == EVERY
    help_ = cli.get_help(click.Context(cli, **cli.context_settings))
    assert [title for title in GROUPS if f"\n{title}:\n" not in help_] == []


def test_filter_options_are_named_as_the_filters_of_the_api() -> None:
    options = filter_options(click.Command("any")).params  # type: ignore[attr-defined]
    names = set(inspect.signature(Corpus.where).parameters) - {"self", "conditions", "ids"}
    assert {option.name for option in options} == names | {"where"}


def test_every_command_is_in_the_table() -> None:
    made = [
        found
        for module in MODULES
        if module.startswith("reviewlens.cli.")
        for found in vars(importlib.import_module(module)).values()
        if isinstance(found, click.Command) and found is not cli
    ]
    inner = {
        id(each)
        for found in made
        if isinstance(found, click.Group)
        for each in found.commands.values()
    }
    assert {found.name for found in made if id(found) not in inner} == set(COMMANDS)


def test_help_in_the_table_is_the_commands_own() -> None:
    listed = COMMANDS | DERIVED
    own = {name: load_command(name).get_short_help_str(limit=1_000) for name in EVERY}
    assert listed == own
    assert [name for name in EVERY if load_command(name).name != name] == []


@pytest.fixture
def readme() -> str:
    if not README.exists():
        pytest.skip("there is no README.md yet")
    return README.read_text(encoding="utf-8")


def shown_commands(text: str) -> list[tuple[str, str]]:
    """Each command line of a text, in a block or between backticks: the command and the rest."""
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^(?:\$ )?(?:\S*/)?reviewlens (.+)$", blocks, re.MULTILINE)
    lines += re.findall(r"(?<!`)`reviewlens ([^`\n]+)`", text)
    found = []
    for line in lines:
        words = re.sub(r"^(?:--(?:uri|collection|token-file) \S+ )*", "", line)
        name, _, rest = words.partition(" ")
        found.append((name, rest.partition(" #")[0].partition(" |")[0]))
    return found


@pytest.mark.parametrize("name", EVERY)
def test_readme_shows_every_command(readme: str, name: str) -> None:
    assert name in {shown for shown, _ in shown_commands(readme)}


def test_readme_shows_only_commands_and_options_that_exist(readme: str) -> None:
    assert shown_commands(readme)
    for name, rest in shown_commands(readme):
        assert name in EVERY, name
        known = {form for option in load_command(name).params for form in option.opts}
        used = re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)
        assert [form for form in used if form not in {*known, "--help"}] == [], name
