from __future__ import annotations

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.search.relevance import Judgement
from reviewlens.search.sides import opposes, read_query, read_statements
from reviewlens.store import Hit, StoredPassage

AXIS = np.eye(FakeEncoder().dimension, dtype=np.float32)[0]


@pytest.mark.parametrize(
    ("side", "sentiment", "stars", "expected"),
    [
        (-0.9, 0.6, None, True),
        (-0.9, 0.4, None, False),
        (0.9, -0.6, None, True),
        (0.9, 0.9, None, False),
        (None, -0.9, None, False),
        (-0.9, None, None, False),
        (-0.9, 0.6, 2.0, False),  # the stars say that it does not praise
        (-0.9, 0.95, 2.0, True),
        (-0.9, 0.6, 5.0, True),
        (0.9, -0.6, 4.0, False),
        (0.9, -0.95, 4.0, True),
        (0.9, -0.6, 3.0, True),
    ],
)
def test_who_takes_the_other_side(
    side: float | None, sentiment: float | None, stars: float | None, *, expected: bool
) -> None:
    assert opposes(side, sentiment, stars=stars) is expected


def test_a_query_takes_a_side_or_none() -> None:
    encoder = FakeEncoder()
    bad, good = (read_query(text, AXIS, encoder) for text in ("terrible sound", "great sound"))
    assert bad is not None
    assert good is not None
    assert bad < -0.6
    assert good > 0.6
    assert read_query("the sound", AXIS, encoder) is None
    assert read_query("is the sound terrible?", AXIS, encoder) is None


def test_the_query_s_own_words_are_its_opposite_where_they_are_negated() -> None:
    assert opposes(-0.5, -0.9, contrary=True)
    assert not opposes(-0.9, 0.9, contrary=False)
    assert not opposes(None, 0.9, contrary=True)
    assert not opposes(-0.5, 0.9)  # leans, and takes no side


def test_statements_are_read_where_they_are_known() -> None:
    text = "The lid is awful. We love the spout."
    passage = StoredPassage("r", 0, text=text, original=text, language="en")
    judged = [
        Judgement(Hit(0.5, passage, span=span), vector, 0.5, named=False)
        for span, vector in (((0, 17), AXIS), (None, None), ((18, 36), AXIS))
    ]
    blame, unknown, praise = read_statements(judged, FakeEncoder())
    assert blame is not None
    assert praise is not None
    assert blame < -0.5 < 0.5 < praise
    assert unknown is None
    assert read_statements([], FakeEncoder()) == []
