from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

from reviewlens.store import Columns, Languages, Pin, StoredPassage
from reviewlens.upkeep.stats import collect_stats


class Stored:
    """Reviews with their scores, as a collection holds them."""

    uri, name, analyzer, pin = "memory", "reviews", "", Pin("m", "f", 2, 1)
    milvus = SimpleNamespace(version="")

    def __init__(self, column: str, scores: Sequence[float]) -> None:
        self.columns = Columns(mapped={column: "rating_given"})
        self.scales = {"": (0.0, 10.0)}
        self._scores = scores
        self.languages = Languages()

    def scan(self, fields: Sequence[str], base: str) -> Iterator[list[StoredPassage]]:
        assert "rating_given" in fields
        yield [
            StoredPassage(review_id=str(number), passage=0, text="t", rating_given=score)
            for number, score in enumerate(self._scores)
        ]


def test_promoters_passives_and_detractors_are_counted() -> None:
    found = collect_stats(Stored("nps", [10, 10, 9, 8, 7, 6, 0]))  # type: ignore[arg-type]
    assert found.nps == {"promoters": 3, "passives": 2, "detractors": 2, "score": 14}


def test_other_ratings_have_no_promoters() -> None:
    assert collect_stats(Stored("score", [10, 9])).nps == {}  # type: ignore[arg-type]
