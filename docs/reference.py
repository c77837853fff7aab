"""Write what the documents repeat of the code; `make docs` runs it, a test holds it current.

These are docs/cli.md, the tables of methods in docs/python.md, of routes in docs/api.md and of
languages in docs/languages.md, and the index of commands (src/reviewlens/cli/index.py).
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click

import reviewlens.cli
from reviewlens.cli.main import cli
from reviewlens.cli.questions import derived
from reviewlens.corpus import Corpus
from reviewlens.insights.classification.kept_labels import Labels
from reviewlens.questions import Asked, asked_of, help_of
from reviewlens.server import make_app
from reviewlens.server.tables import MEDIA_TYPES
from reviewlens.text.cjk import WITHOUT_SPACES
from reviewlens.text.contentless import JUDGING
from reviewlens.text.languages import NAMES, named
from reviewlens.text.support import SUPPORT, Support
from reviewlens.text.words import stop_words
from reviewlens.themes import Themes

ROOT = Path(__file__).parents[1]
LANGUAGES = ROOT / "docs" / "languages.md"
HEAD = """# The command line

Written by `make docs` from the commands' own help.

Results go to stdout; progress, notes and errors go to stderr. Exit status: 0 done, 1 an error of
reviewlens (one sentence that says what is wrong and what to do), 2 wrong usage, 3 a limit that you
set was passed, 130 stopped by Ctrl-C, 143 by SIGTERM.
"""
API = "/api/v1"
_MARKED = "<!-- {0} -->\n{1}\n<!-- end of {0} -->"


def render() -> dict[Path, str]:
    """Return what each file is to hold."""
    return {
        ROOT / "docs" / "cli.md": _commands(),
        ROOT / "docs" / "python.md": _replaced(ROOT / "docs" / "python.md", "methods", _methods()),
        ROOT / "docs" / "api.md": _replaced(ROOT / "docs" / "api.md", "routes", _routes()),
        LANGUAGES: _replaced(LANGUAGES, "languages", _languages()),
        ROOT / "src" / "reviewlens" / "cli" / "index.py": _index(),
    }


def _replaced(page: Path, name: str, rows: Iterator[str]) -> str:
    marked = _MARKED.format(name, "\n".join(rows))
    pattern = _MARKED.format(name, ".*")
    text = page.read_text(encoding="utf-8")
    return re.sub(pattern, lambda _: marked, text, count=1, flags=re.DOTALL)


# -- languages -----------------------------------------------------------------------------------


def _languages() -> Iterator[str]:
    yield "| language | words | stop words | stems | sentences | clauses | negation | praise |"
    yield "|---|---|---|---|---|---|---|---|"
    for code in sorted(NAMES, key=named):
        known = SUPPORT.get(code, Support())
        stop = len(stop_words(code))
        if known == Support() and not stop:
            continue
        cutter = known.cutter
        cells = (
            f"{named(code)} `{code}`",
            f"{cutter} (`cjk`)" if code in WITHOUT_SPACES else cutter or "–",
            str(stop or "–"),
            "base form" if cutter == "janome" else "yes" if known.stemmer else "–",
            "Unicode +" if known.short_forms else "Unicode" if cutter else "–",
            "yes" if known.turns else "–",
            "yes" if known.negates else "–",
            "yes" if code in JUDGING else "–",
        )
        yield f"| {' | '.join(cells)} |"


# -- commands ------------------------------------------------------------------------------------


def _commands() -> str:
    parts = [HEAD, _section("reviewlens", cli)]
    commands = {
        **{name: command for name, (_, command) in shown_by_modules().items()},
        **{name: derived(name) for name in _derived()},
    }
    for name, command in sorted(commands.items()):
        parts.append(_section(f"reviewlens {name}", command))
        if isinstance(command, click.Group):
            parts += [
                _section(f"reviewlens {name} {inner}", command.commands[inner])
                for inner in sorted(command.commands)
            ]
    return "\n".join(parts)


@cache
def shown_by_modules() -> dict[str, tuple[str, click.Command]]:
    """Return the commands that modules show, by name, each with its module's name."""
    names = sorted(one.name for one in pkgutil.iter_modules(reviewlens.cli.__path__))
    made = [
        (name, command)
        for name in names
        for command in vars(importlib.import_module(f"reviewlens.cli.{name}")).values()
        if isinstance(command, click.Command) and command is not cli
    ]
    groups = [command for _, command in made if isinstance(command, click.Group)]
    inner = {id(command) for group in groups for command in group.commands.values()}
    return {str(one.name): (name, one) for name, one in made if id(one) not in inner}


def _section(name: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=name, terminal_width=90, help_option_names=["-h", "--help"]
    )
    return f"## {name}\n\n```\n{command.get_help(context)}\n```\n"


def _derived() -> dict[str, Asked[..., Any]]:
    """Return the questions whose commands no module shows."""
    return {
        name: asked
        for name, asked in asked_of(Corpus).items()
        if asked.public and name not in shown_by_modules()
    }


def _index() -> str:
    shown = shown_by_modules()
    commands = {
        name: command.get_short_help_str(limit=1_000) for name, (_, command) in shown.items()
    }
    modules = {name: module for name, (module, _) in shown.items() if module != name}
    derived = {name: asked.help for name, asked in _derived().items()}
    return (
        '"""The names of all commands and their help, so that a list of them need not import '
        'them.\n\nWritten by `make docs`.\n"""\n\n'
        f"COMMANDS: dict[str, str] = {_listed(commands)}\n"
        '"""Those that modules show, each of the module of its name, but for these."""\n'
        f"MODULES: dict[str, str] = {_listed(modules)}\n"
        f"DERIVED: dict[str, str] = {_listed(derived)}\n"
        '"""Those that are derived from their questions alone."""\n'
    )


def _listed(texts: Mapping[str, str]) -> str:
    entries = []
    for name, text in sorted(texts.items()):
        entry = f"    {json.dumps(name)}: {json.dumps(text, ensure_ascii=False)},\n"
        if len(entry) > 101:
            parts = textwrap.wrap(text, 84, drop_whitespace=False)
            lines = [f"        {json.dumps(part, ensure_ascii=False)}\n" for part in parts]
            entry = f"    {json.dumps(name)}: (\n{''.join(lines)}    ),\n"
        entries.append(entry)
    return "{\n" + "".join(entries) + "}" if entries else "{}"


# -- methods -------------------------------------------------------------------------------------


def _methods() -> Iterator[str]:
    yield "| method | gives | |"
    yield "|---|---|---|"
    asked = asked_of(Corpus)
    own = [
        name
        for name, found in vars(Corpus).items()
        if inspect.isfunction(found) and not name.startswith("_")
    ]
    for name in ["where", *own]:
        yield _method(f"corpus.{name}", getattr(Corpus, name))
    for name, one in asked.items():
        yield _method(f"{'selection' if one.filtered else 'corpus'}.{name}", one)
    for kept, owner in (("themes", Themes), ("labels", Labels)):
        for name, one in asked_of(owner).items():
            yield _method(f"selection.{kept}.{name}", one)


def _method(name: str, found: Asked[..., Any] | Callable[..., Any]) -> str:
    signature = found.signature if isinstance(found, Asked) else inspect.signature(found)
    arguments = []
    for parameter in signature.parameters.values():
        if parameter.name in ("self", "on_progress", "on_step"):
            continue
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        given = "" if star or parameter.default is parameter.empty else "=…"
        arguments.append(f"{star}{parameter.name}{given}")
    if isinstance(found, Asked):
        result, told = _named(found.result), found.help
    else:
        result, told = str(signature.return_annotation), help_of(found)
    return f"| `{name}({', '.join(arguments)})` | `{result}` | {told} |"


def _named(result: object) -> str:
    if result is type(None):
        return "None"
    return result.__name__ if isinstance(result, type) else re.sub(r"\w+\.", "", str(result))


# -- routes --------------------------------------------------------------------------------------


def _routes() -> Iterator[str]:
    yield "| request | answers | |"
    yield "|---|---|---|"
    paths = make_app(Corpus.open("nowhere.db")).openapi()["paths"]
    for path, methods in paths.items():
        for method, route in methods.items():
            if path.startswith(API):
                request = f"{method.upper()} `{path.removeprefix(API)}`"
                yield f"| {request} | {_told(route)} | {_formats(route)} |"


def _told(route: Mapping[str, Any]) -> str:
    told = " ".join(route["description"].split("\n\n")[0].split())
    return told + (" An older name." if route.get("deprecated") else "")


def _formats(route: Mapping[str, Any]) -> str:
    names = {kind: name for name, kind in MEDIA_TYPES.items() if name != "json"}
    content = route["responses"].get("200", {}).get("content", {})
    formats = [f"`{names[kind]}`" for kind in content if kind in names]
    return ", ".join([*(["long"] if "202" in route["responses"] else []), *formats])


if __name__ == "__main__":
    index = ROOT / "src" / "reviewlens" / "cli" / "index.py"
    listed = index.read_text(encoding="utf-8")
    for file, text in render().items():
        file.write_text(text, encoding="utf-8")
        print(f"{file.name} written")
    if index.read_text(encoding="utf-8") != listed:  # the pages list the commands of the index
        subprocess.run([sys.executable, __file__], check=True)
