"""What `ingest` makes of the columns that are named, and its list of exports."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reviewlens.cli.ingest import columns_named
from reviewlens.cli.main import run
from reviewlens.reading.names import ROLES
from reviewlens.reading.presets import presets


@pytest.mark.parametrize(
    ("texts", "named"),
    [((), {}), (("a",), {"text": "a"}), (("",), {"text": ""}), (("b", "a"), {"text": ("b", "a")})],
)
def test_text_columns_are_one_or_several(texts: Sequence[str], named: dict[str, object]) -> None:
    given: dict[str, object] = {f"{role}_column": None for role in ROLES} | {"text_column": texts}
    assert columns_named(given) == named
    assert columns_named(given | {"time_column": ""}) == {**named, "time": ""}


def test_known_exports_are_listed_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    # Not asked by itself, as a command keeps the names of its help from the first time on.
    assert run(["ingest", "--presets"]) == 0
    said = capsys.readouterr().out
    assert all(f"{preset.name}: {preset.title}" in said for preset in presets())
