"""`benchmarks/answers.py` tells what differs between two answers, and nothing else."""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "answers.py"


@pytest.fixture(scope="module")
def answers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("answers", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["answers"] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"share": 0.25, "n": 3}, {"share": 0.25 + 1e-8, "n": 3}, []),
        ({"share": 0.25}, {"share": 0.2501}, ["share"]),
        ({"share": 1.0}, {"share": True}, ["share"]),
        ({"n": 10_000_000}, {"n": 10_000_001}, ["n"]),
        ({"rows": [{"id": "a"}, {"id": "b"}]}, {"rows": [{"id": "a"}]}, ["rows[]"]),
        ({"rows": [{"id": "a"}]}, {"rows": [{"id": "b"}]}, ["rows[0].id"]),
        ({"label": None}, {}, ["label"]),
        ({}, {"label": None}, ["label"]),
        ({"seconds": 1.5}, {"seconds": 9.5}, []),
    ],
)
def test_what_differs_is_told(answers: ModuleType, old: Any, new: Any, paths: list[str]) -> None:
    found = answers.differences("search tea", {"json": old}, {"json": new})
    assert [path for path, *_ in found] == [f"json.{path}" for path in paths]


def test_renamed_keys_are_compared_under_their_new_name(answers: ModuleType) -> None:
    renamed = {("search", "rows[].id"): "rows[].review_id", ("search", "kind"): ""}
    differences = partial(answers.differences, renamed=renamed)
    old = {"json": {"rows": [{"id": "a"}], "kind": "x"}}
    new = {"json": {"rows": [{"review_id": "a"}]}}
    assert not list(differences("search tea", old, new))
    assert len(list(differences("ask tea", old, new))) == 3
    new["json"]["rows"][0]["review_id"] = "b"
    [(path, *values)] = differences("search tea", old, new)
    assert (path, values) == ("json.rows[0].review_id", ["a", "b"])


def test_facts_of_the_machine_are_left_out_by_name(answers: ModuleType) -> None:
    def doctor(name: str, found: str) -> dict[str, Any]:
        return {"json": {"checks": [{"name": name, "found": found, "cure": ""}]}}

    disk = answers.differences("doctor", doctor("Disk", "1 GB free"), doctor("Disk", "2 GB free"))
    assert not list(disk)
    model = answers.differences("doctor", doctor("Encoder", "one"), doctor("Encoder", "another"))
    assert [path for path, *_ in model] == ["json.checks[Encoder].found"]
