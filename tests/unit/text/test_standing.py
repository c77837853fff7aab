"""How the words of a statement stand, and which stand together."""

from __future__ import annotations

from reviewlens.text.standing import PAIRED, marks


def pairs(text: str) -> list[int]:
    return [key for key, state in marks(text)[0] if state == PAIRED]


def test_two_words_one_behind_the_other_are_a_pair_in_that_order() -> None:
    assert len(pairs("to die for")) == 2
    assert pairs("old one")[0] in pairs("My old ones were better.")
    assert set(pairs("better than")).isdisjoint(pairs("than better"))


def test_signs_part_pairs_and_single_words_are_none() -> None:
    assert pairs("good") == pairs("") == pairs("good. bad") == []
    assert pairs("It leaks, never again.") == pairs("It leaks") + pairs("never again")
