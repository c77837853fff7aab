"""In how many hand-written source files does one idea stand?

    python benchmarks/places.py [--list] [CHECKOUT]

For every question of a selection, each of its parameters and every filter, the files of src/ are
counted that would have to be looked at to change it. What `make docs` writes, tests and the
CHANGELOG are no places.

A file holds a question where it declares it, names its function or method in the corpus, a command
or a route, or asks its route from a page; a link to a page of that name asks nothing. It holds a
parameter of a question where it holds the question and has a parameter, a keyword argument, an
option or a key of that name. It holds a filter where that is declared, or is a parameter of what
takes filters, or in the explorer's filter bar. Python is read by `ast`, JavaScript by its words,
comments aside.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
GENERATED = ("cli/index.py",)
FACES = ("reviewlens.cli", "reviewlens.server")  # their modules bear the names of questions
_COMMENT = re.compile(r"/\*.*?\*/|(?m:^\s*//[^\n]*$)", re.DOTALL)
TOLD = ("on_progress", "on_step")  # what each question has, and none declares anew


@dataclass(frozen=True, slots=True)
class Source:
    """What a file of src/ has in it.

    Attributes:
        path: Below src/reviewlens.
        names: Functions, attributes and names that it uses or defines.
        arguments: Parameters, keyword arguments, keys and options in it.
        fields: Parameters and fields of classes, and what `name=` of a filter says.
    """

    path: str
    names: frozenset[str]
    arguments: frozenset[str]
    fields: frozenset[str]


def sources(root: Path) -> Iterator[Source]:
    package = root / "src" / "reviewlens"
    for file in sorted(package.rglob("*.py")):
        path = str(file.relative_to(package))
        if path not in GENERATED:
            yield _python(path, ast.parse(file.read_text(encoding="utf-8")))
    for file in sorted(package.rglob("*.js")):
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        words = frozenset(re.findall(r"[A-Za-z_]\w*", text))
        routes = frozenset(re.findall(r'(?<!["`], )"/(\w+)"', text))
        bar = words if "shared/filters" in str(file) else frozenset()
        yield Source(str(file.relative_to(package)), routes, words, bar)


def _python(path: str, tree: ast.Module) -> Source:  # noqa: C901 - a kind of node each
    names: set[str] = set()
    arguments: set[str] = set()
    fields: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            own = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg]
            fields |= {one.arg for one in own if one is not None}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            fields.add(node.target.id)
        elif isinstance(node, ast.Assign) and path == "corpus.py":
            names |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.Call) and path == "store/filters.py":
            fields |= {
                one.value.value
                for one in node.keywords
                if one.arg == "name" and isinstance(one.value, ast.Constant)
            }
        elif isinstance(node, ast.Attribute):
            if ast.unparse(node.value).rpartition(".")[2] in ("corpus", "selection", "Selection"):
                names.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(FACES):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.keyword) and node.arg:
            arguments.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            arguments.add(node.value.removeprefix("--"))
    return Source(path, frozenset(names), frozenset(arguments | fields), frozenset(fields))


def places(root: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the kind and the name of each idea, and the files that hold it."""
    from reviewlens.corpus import Selection
    from reviewlens.questions import asked_of
    from reviewlens.store import FILTERS

    found = list(sources(root))
    for name, asked in asked_of(Selection).items():
        if not asked.public:
            continue
        function = asked.function
        module = function.__module__.removeprefix("reviewlens.").replace(".", "/")
        folder = module.rpartition("/")[0] if module.endswith("/question") else module
        holding = [
            one
            for one in found
            if one.path.startswith(folder)
            or (
                {function.__name__, name} & one.names
                and one.path.partition("/")[0] in ("cli", "server", "corpus.py")
            )
        ]
        faces = [one for one in holding if not one.path.startswith(folder)]
        own = [one for one in holding if one.path.startswith(module)]
        yield "question", name, [one.path for one in (*own, *faces)]
        for parameter in asked.parameters:
            if parameter not in TOLD:
                paths = [one.path for one in (*own, *faces) if parameter in one.arguments]
                yield "parameter", f"{name}.{parameter}", paths
    for name, one in FILTERS.items():
        if one.shown:
            filtering = ("store/filters.py", "corpus.py", "cli/", "server/")
            paths = [
                file.path
                for file in found
                if name in file.fields and file.path.startswith(filtering)
            ]
            yield "filter", name, paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--list", action="store_true", help="name the files of each")
    arguments = parser.parse_args()
    counts: dict[str, list[int]] = {}
    for kind, name, paths in places(arguments.checkout):
        counts.setdefault(kind, []).append(len(paths))
        if arguments.list:
            print(f"{kind:<10} {name:<28} {len(paths)}  {', '.join(paths)}")
    for kind, numbers in counts.items():
        print(f"{kind:<10} {len(numbers):>4}  median {median(numbers):g}, most {max(numbers)}")
    sys.exit(0)


if __name__ == "__main__":
    main()
