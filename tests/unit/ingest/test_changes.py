from __future__ import annotations

from collections.abc import Mapping

import pytest

from reviewlens.ingest.changes import Candidate, Changes, Tally
from reviewlens.ingest.stored import Hashes, hashes
from reviewlens.reading.model import Location, Review

SAME, OTHER_FIELDS, OTHER_TEXT = hashes("text.fields"), hashes("text.old"), hashes("old.fields")


def taken(passages: int, stored: Mapping[int, Hashes]) -> Changes:
    review = Review("r", "a text", "a text", "a text", Location("a.csv", 2, 1))
    changes = Changes(Tally(), [])
    changes.take(Candidate(review, passages, "text.fields", "text.older"), stored)
    return changes


@pytest.mark.parametrize(
    ("stored", "fate"),
    [
        ({}, "indexed"),
        ({0: SAME, 1: SAME}, "unchanged"),
        ({0: OTHER_FIELDS, 1: OTHER_FIELDS}, "updated"),
        ({0: OTHER_FIELDS, 1: SAME}, "updated"),
        ({0: OTHER_TEXT, 1: OTHER_TEXT}, "updated"),
        ({0: OTHER_TEXT, 1: SAME}, "updated"),
        ({0: SAME}, "updated"),
        ({1: SAME}, "indexed"),
        ({0: SAME, 1: SAME, 2: SAME}, "updated"),
        ({0: SAME, 1: SAME, 7: OTHER_TEXT}, "updated"),
    ],
)
def test_a_review_is_stored_only_with_all_its_passages_and_none_beyond(
    stored: Mapping[int, Hashes], fate: str
) -> None:
    changes = taken(2, stored)
    tally = changes.tally
    fates = {"indexed": tally.indexed, "unchanged": tally.unchanged, "updated": tally.updated}
    assert fates == {"indexed": 0, "unchanged": 0, "updated": 0, fate: 1}
    only_fields = bool(stored) and stored.keys() == {0, 1} and OTHER_TEXT not in stored.values()
    assert bool(changes.to_update) == (only_fields and fate == "updated")
    assert bool(changes.to_embed) == (not only_fields)


def test_passages_beyond_the_last_are_surplus_wherever_they_stand() -> None:
    assert taken(2, {0: SAME, 1: SAME, 2: SAME, 9: OTHER_TEXT}).surplus == ["r#2", "r#9"]
    assert taken(2, {1: SAME}).surplus == []


def test_tallies_add_up() -> None:
    tally = Tally(read=3, indexed=1)
    tally.add(Tally(read=4, updated=2, tokens=7))
    assert tally == Tally(read=7, indexed=1, updated=2, tokens=7)
