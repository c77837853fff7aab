"""What other packages do not document is used in few modules, each with tests of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import reviewlens

SOURCE = Path(reviewlens.__file__).parent
MODULES = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

# Packages, or parts of them, that hardly document what is taken of them, and who may take it.
INSIDE = {
    "milvus_lite": ("store/lite_",),
    "pymilvus.client": ("store/pymilvus_inside.py",),
    "pymilvus.grpc_gen": ("store/pymilvus_inside.py",),
    "sknetwork": ("insights/clusters/leiden.py",),
    "fastapi.dependencies": ("server/fastapi_inside.py",),
    "uvicorn.protocols": ("server/connections.py",),
    "rich.cells": ("document.py", "ground/phrases.py"),
}
GUARDED = tuple(place for places in INSIDE.values() for place in places)
# Documented for all that their names begin like private ones.
DOCUMENTED = {"_replace", "_fields", "_asdict", "_exit"}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_names() -> set[str]:
    """Names that are defined somewhere in the project, as functions, classes or attributes."""
    names = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def test_the_inside_of_packages_is_imported_by_its_own_modules_alone() -> None:
    found = {
        (module, name)
        for module, tree in TREES.items()
        for name in imported(tree)
        for inside, places in INSIDE.items()
        if f"{name}.".startswith(f"{inside}.") and not module.startswith(places)
    }
    assert found == set()


def test_a_module_named_private_is_imported_nowhere() -> None:
    found = {
        (module, name)
        for module, tree in TREES.items()
        for name in imported(tree)
        if any(part.startswith("_") and part != "__version__" for part in name.split("."))
        and not name.startswith("__future__")
    }
    assert found == set()


def test_private_names_of_others_are_used_in_those_modules_alone() -> None:
    own = own_names() | DOCUMENTED
    used = {
        (module, node.attr)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in own
    }
    assert {place for place in used if not place[0].startswith(GUARDED)} == set()
    assert ("store/lite_checksums.py", "_FAISS_AVAILABLE") in used
