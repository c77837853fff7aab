"""Modules of Milvus Lite as they are installed."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

import pytest


def as_installed(module: ModuleType) -> Any:
    """Return a module of Milvus Lite once more, with nothing of it replaced."""
    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_again", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, again)  # dataclasses look for their module there
        spec.loader.exec_module(again)
    return again
