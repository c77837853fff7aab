"""Tables in parts, of which only the first has a header."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewlens.errors import InputError
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

HEAD = "review,stars,date\n"
FIRST = "A fine lamp,5,2024-01-02\nA dim lamp,2,2024-01-03\n"
SECOND = "A loud kettle,1,2024-02-01\nA quick kettle,4,2024-02-02\n"


def texts(paths: list[Path], **options: object) -> tuple[list[str], str]:
    with survey_reviews(paths, ReadOptions(**options)) as survey:  # type: ignore[arg-type]
        chunks = list(read_reviews(survey))
        return [one.text for chunk in chunks for one in chunk.reviews], " ".join(survey.decisions)


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    return [tmp_path / "part1.csv", tmp_path / "part2.csv"]


def test_a_part_without_a_header_goes_on_where_the_first_ended(parts: list[Path]) -> None:
    for part, content in zip(parts, (HEAD + FIRST, SECOND), strict=True):
        part.write_text(content, encoding="utf-8")
    found, told = texts(parts)
    assert found == ["A fine lamp", "A dim lamp", "A loud kettle", "A quick kettle"]
    assert "part2.csv has no header, and its first line is a row as those of " in told
    assert "--no-header" in told


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(HEAD + SECOND, id="its own header"),
        pytest.param("date,review,stars\n2024-02-01,A loud kettle,1\n", id="another order"),
        pytest.param("text,rating,time\nA loud kettle,1,2024-02-01\n", id="other names"),
    ],
)
def test_a_header_of_its_own_is_one(parts: list[Path], second: str) -> None:
    for part, content in zip(parts, (HEAD + FIRST, second), strict=True):
        part.write_text(content, encoding="utf-8")
    found, told = texts(parts)
    assert found[2] == "A loud kettle"
    assert "has no header" not in told


def test_a_part_of_another_width_is_refused_as_before(parts: list[Path]) -> None:
    for part, content in zip(parts, (HEAD + FIRST, "A kettle,1\nA pot,2\n"), strict=True):
        part.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="seems to have no header line"):
        texts(parts)


def test_equal_cells_of_a_first_row_are_still_what_they_are(parts: list[Path]) -> None:
    for part, content in zip(
        parts, ("review,stars,helpful\nA fine lamp,5,1\n", "A loud kettle,1,1\n"), strict=True
    ):
        part.write_text(content, encoding="utf-8")
    assert texts(parts)[0] == ["A fine lamp", "A loud kettle"]
