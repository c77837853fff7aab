from __future__ import annotations

from pathlib import Path

import pytest

from reviewlens.reading.placeholders import filled, is_placeholder

VALUES = Path(__file__).parents[3] / "docs" / "values.md"


def listed() -> list[str]:
    """Return the placeholders that the document names."""
    part = VALUES.read_text(encoding="utf-8").partition("## Missing values")[2]
    return [word.strip("`") for word in part.split("\n\n")[2].replace("\n", " ").split(", ")]


@pytest.mark.parametrize("value", [*listed(), "  NaN ", "No Comment.", "- - -", "N/A.", "\u2026"])
def test_placeholder_says_nothing(value: str) -> None:
    assert is_placeholder(value)
    assert filled(value) == ""


def test_the_document_lists_placeholders() -> None:
    assert len(listed()) >= 20


@pytest.mark.parametrize(
    "value",
    [
        "None of it works",
        "nano",
        "?",
        "!!",
        ":)",
        "👍",
        "No",
        "nothing",
        "Nadia",
        "0",
        "-1",
        "Empty!",
    ],
)
def test_what_says_something_is_kept(value: str) -> None:
    assert not is_placeholder(value)
    assert filled(f" {value} ") == value


@pytest.mark.parametrize("value", ["", " ", "\n\t"])
def test_blank_is_empty_and_no_placeholder(value: str) -> None:
    assert (is_placeholder(value), filled(value)) == (False, "")
