from __future__ import annotations

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.search.sides import lean, opposes, read_query, read_statements, side_of
from reviewlens.store import Hit, StoredPassage, pack

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
        (-0.9, 0.8, 2.0, True),
        (-0.9, 0.1, 5.0, True),  # that it does
        (-0.9, None, 5.0, True),
        (-0.9, None, 4.0, False),
        (0.9, -0.6, 4.0, False),
        (0.9, -0.8, 4.0, True),
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


def test_a_side_is_a_sign() -> None:
    assert [side_of(read) for read in (0.7, -0.7, None)] == ["positive", "negative", None]
    assert (lean(None, None), lean(-0.5, None), lean(-0.5, 5.0)) == (0.0, -0.5, 0.0)


def test_statements_are_read_where_they_are_known() -> None:
    text = "The lid is awful. We love the spout."
    spans = ((0, 17), (18, 36))
    passage = StoredPassage(
        "r",
        0,
        text=text,
        original=text,
        language="en",
        statements=pack(spans, AXIS[None, :].repeat(2, 0)),
    )
    hits = [Hit(0.5, passage, span=span) for span in (spans[0], None, spans[1])]
    blame, unknown, praise = read_statements(hits, FakeEncoder())
    assert blame is not None
    assert praise is not None
    assert blame < -0.5 < 0.5 < praise
    assert unknown is None
    assert read_statements([], FakeEncoder()) == []


def test_a_statement_of_another_language_has_no_sentiment() -> None:
    text = "Der Deckel ist furchtbar."
    passage = StoredPassage(
        "r", 0, text=text, language="de", statements=pack([(0, 25)], AXIS[None, :])
    )
    assert read_statements([Hit(0.5, passage, span=(0, 25))], FakeEncoder()) == [None]
