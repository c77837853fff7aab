from __future__ import annotations

import math

import numpy as np
import pytest

from reviewlens.search.relevance import Question, Words, terms

AXES = np.eye(3, dtype=np.float32)


def test_terms_are_beginnings_of_words_and_pairs_of_east_asian_characters() -> None:
    assert terms("Delivery was LATE, delivered") == {"deliv", "was", "late"}
    assert terms("电池不好") == {"电池", "池不", "不好"}
    assert terms("XJ-900 好") == {"xj", "900", "好"}
    assert terms("  !") == frozenset()


def test_a_word_weighs_less_the_more_reviews_have_it() -> None:
    reviews = [frozenset({"the", f"only{place}"}) for place in range(99)]
    reviews[0] |= {"lamp"}
    reviews[1] |= {"lamp"}
    words = Words.of(reviews)
    # ln(100/99)/ln 100 is below a third: nothing. ln(100/2)/ln 100 = 0.85: (0.85 - 1/3) * 3/2.
    assert words.weights == {"the": 0.0, "lamp": 0.75}
    assert words.weight(["the", "lamp", "only7", "never"]) == 2.75
    assert Words.read(words.plain()) == words


def test_evidence_by_hand() -> None:
    words = Words({"the": 0.0, "lamp": 0.5})
    question = Question.of(frozenset({"the", "lamp", "hums"}), AXES[0], words, AXES[0] / 2, AXES)
    assert (question.weight, question.typical) == (1.5, 0.5)
    assert question.foreign == pytest.approx(1 / 3)  # the mean of 1, 0 and 0
    found = question.evidence(0.4, frozenset({"the", "hums"}), words)
    assert found == (0.4, 0.5, question.foreign, pytest.approx(1 / 1.5), 0.5, 0.0)


def test_words_tell_nothing_of_a_query_in_another_language_or_without_any() -> None:
    words = Words({"the": 0.0})
    for own in (None, frozenset[str](), frozenset({"the"})):
        question = Question.of(own, AXES[1], words, AXES[0], AXES[:1])
        assert question.evidence(0.4, frozenset({"the"}), words) == (0.4, 0.0, 0.0, 0.5, 0.0, 1.0)


def test_only_so_many_probes_count_as_near() -> None:
    probes = np.stack([AXES[0]] * 5 + [-AXES[0]] * 20)
    question = Question.of(frozenset(), AXES[0], Words({}), AXES[0], probes)
    assert math.isclose(question.foreign, 1.0)
