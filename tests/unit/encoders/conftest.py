"""The real default model, once a session, and small models made on the spot."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from small_models import ModelMaker, write_model, write_running_model

from reviewlens.encoders import Encoder, load_encoder


@pytest.fixture(scope="session")
def default_encoder() -> Encoder:
    return load_encoder(device="cpu")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    data = Path(__file__).parents[4] / "shared" / "data"
    if not data.is_dir():
        pytest.skip(f"the public review sets are not in {data}")
    return data


@pytest.fixture
def make_model(tmp_path: Path) -> ModelMaker:
    """See `write_model`; the folder is the test's own."""
    return partial(write_model, tmp_path)


@pytest.fixture
def make_running_model(tmp_path: Path) -> ModelMaker:
    """See `write_running_model`; the folder is the test's own."""
    return partial(write_running_model, tmp_path)
