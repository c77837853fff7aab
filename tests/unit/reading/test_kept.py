"""The chunks of the first reading, kept for the second."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from reviewlens.reading import kept
from reviewlens.reading.model import Chunk
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey, survey_reviews

ROWS = (
    "1,Good lamp,5,2024-01-05,red,T\n"
    '2,"Two lines\nand ""quotes"" &amp; <b>bold</b>",4,not a date,,\n'
    "3,,3,2024-01-06,blue,\n"
    "4,ragged\n"
    "5,灯很亮 \U0001f600,1,2024-01-07,\x7f,T\n"
    "1,Another text under an id,2,2024-01-08,green,T\n"
)


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    file = tmp_path / "a.csv"
    file.write_text(f"id,text,stars,date,colour,title\n{ROWS}", encoding="utf-8")
    return survey_reviews([file], ReadOptions(chunk_rows=2))


def raws(chunks: list[Chunk]) -> list[str]:
    return [one.raw for chunk in chunks for one in (*chunk.reviews, *chunk.rejected)]


def test_what_is_kept_is_what_was_read_and_no_file_is_read_again(survey: Survey) -> None:
    with survey:
        first = list(read_reviews(survey, keep=True))
        assert survey.kept.whole
        Path(survey.files[0].file).unlink()
        second = list(read_reviews(survey))
        assert len(first) == 3
        assert second == first
        assert raws(second) == raws(first)
    assert not survey.kept.whole


def test_without_room_the_input_is_read_again(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(path=Path("/dev/full"), close=lambda: None)
    monkeypatch.setattr(kept, "TemporaryFile", lambda: full)
    with survey:
        first = list(read_reviews(survey, keep=True))
        assert not survey.kept.whole
        assert list(read_reviews(survey)) == first


def test_very_much_is_not_kept(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT_BYTES", 100)
    with survey:
        first = list(read_reviews(survey, keep=True))
        assert not survey.kept.whole
        assert list(read_reviews(survey)) == first


def test_a_reading_that_was_broken_off_keeps_nothing(survey: Survey) -> None:
    with survey:
        chunks = read_reviews(survey, keep=True)
        next(chunks)
        chunks.close()
        assert not survey.kept.whole
        assert len(list(read_reviews(survey))) == 3
