"""What holds for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# The default model is exported once for all runs, never into the user's own cache.
os.environ["REVIEWLENS_CACHE"] = str(Path(__file__).parents[1] / ".cache")


@pytest.fixture(scope="session")
def exported_model() -> None:
    """The default model is exported: a process that uses it from now on finds the graph."""
    from reviewlens.encoders import load_encoder

    load_encoder(device="cpu").encode_queries(["ready"])
