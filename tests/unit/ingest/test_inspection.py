from __future__ import annotations

from pathlib import Path

from fakes import FakeEncoder
from reviewlens.ingest import IngestOptions
from reviewlens.ingest.inspection import Inspection, inspect
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.survey import survey_reviews


def inspected(tmp_path: Path, content: str) -> Inspection:
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8")
    with survey_reviews([path], ReadOptions()) as survey:
        return inspect(survey, FakeEncoder(), IngestOptions(), None)


def test_what_could_not_be_read_is_counted_with_an_example(tmp_path: Path) -> None:
    rows = "fine,4,2024-03-01\n" * 200 + "good,,\nbad,great,soon\nodd,55,2024-03-02\n"
    found = inspected(tmp_path, "text,rating,date\n" + rows)
    assert (found.undated, found.unrated) == (2, 3)
    assert found.unread == {"time": "soon", "rating": "great"}


def test_rows_that_are_rejected_are_not_counted_as_unread(tmp_path: Path) -> None:
    rows = "fine,4,2024-03-01\n" * 5 + ",Total,Total\n"
    found = inspected(tmp_path, "text,rating,date\n" + rows)
    assert (found.undated, found.unrated, found.unread) == (0, 0, {})
    assert found.reasons == {"too_short": 1}


def test_tokens_of_rows_that_are_rejected_are_not_among_the_statistics(tmp_path: Path) -> None:
    found = inspected(tmp_path, "text,product\n" + "fine,lamp\n" * 2 + ".,lamp\n" * 3)
    told = found.statistics()
    assert found.reasons == {"too_short": 3}
    assert told is not None
    assert (told.smallest, told.lower_quartile, told.median, told.largest) == (1, 1, 1, 1)


def test_unknown_tokens_are_those_of_reviews_that_the_encoder_is_to_read() -> None:
    found = Inspection()
    found.tokens_in.update(en=900, zh=100)
    found.unknown_in.update(en=9, zh=100)
    assert found.unknown_of(["en"]) == 0.01
    assert (
        found.unknown_of([]) == found.unknown_of(["mul"]) == found.unknown_of(["en", "zh"]) == 0.109
    )
