from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from reviewlens.search.relevance import NAMES, Question, Words, terms
from reviewlens.search.relevance.evidence import Scale, evidence, look_at
from reviewlens.store import Hit, StoredPassage, pack

AXES = np.eye(3, dtype=np.float32)


def test_terms_are_beginnings_of_words_and_pairs_of_east_asian_characters() -> None:
    assert terms("Delivery was LATE, delivered") == {"deliv", "was", "late"}
    assert terms("电池不好") == {"电池", "池不", "不好"}
    assert terms("XJ-900 好") == {"xj", "900", "好"}
    assert terms("  !") == frozenset()
    assert terms("Dogs, a dog; rooms, the room") == {"dog", "a", "room", "the"}
    assert terms("glass bus is this") == {"glass", "bus", "is", "this"}


def test_a_word_weighs_less_the_more_reviews_have_it() -> None:
    reviews = [frozenset({"the", f"only{place}"}) for place in range(99)]
    reviews[0] |= {"lamp"}
    reviews[1] |= {"lamp"}
    words = Words.of(reviews)
    # ln(100/99)/ln 100 is below a third: nothing. ln(100/2)/ln 100 = 0.85: (0.85 - 1/3) * 3/2.
    assert words.weights == {"the": 0.0, "lamp": 0.75}
    assert words.weight(["the", "lamp", "only7", "never"]) == 2.75
    assert Words.read(words.plain()) == words


def passage(text: str, title: str = "") -> StoredPassage:
    return StoredPassage("r", 0, text=text, original=text, title=title)


def test_words_in_a_statement_and_in_a_review_by_hand() -> None:
    words = Words({"the": 0.0, "lamp": 0.5})
    question = Question("lamp hums", AXES[0], frozenset({"lamp", "hum"}), 0.5, 0.2)
    apart = look_at(question, Hit(0.4, passage("The lamp is new. It hums all day.")), words)
    assert (apart.similarity, apart.whole, apart.span) == (0.4, 0.4, None)
    assert apart.said == pytest.approx(1 / 1.5)  # "hums" weighs 1, "lamp" 0.5
    assert apart.shared == 1
    titled = look_at(question, Hit(0.4, passage("It hums.", "My lamp")), words)
    assert titled.shared == 1
    assert look_at(question, Hit(0.4, passage("Nothing")), words).shared == 0


def test_the_statement_that_says_it_has_the_words_where_two_are_near() -> None:
    text = "It glows at night. The lamp hums all day."
    spans = [(0, 18), (19, 41)]
    vectors = np.stack([AXES[0], (AXES[0] + 0.3 * AXES[1]) / math.hypot(1, 0.3)])
    stored = replace(passage(text), statements=pack(spans, vectors))
    question = Question("lamp hums", AXES[0], frozenset({"lamp", "hum"}), 0.5, 0.2)
    found = look_at(question, Hit(0.9, stored), Words({}))
    assert found.span == (19, 41)
    assert found.similarity == pytest.approx(1.0, abs=0.01)  # of the nearest, which is another
    assert found.said == 1
    far = look_at(replace(question, telling=frozenset({"night"})), Hit(0.9, stored), Words({}))
    assert far.span == (0, 18)


def test_evidence_by_hand() -> None:
    words = Words({"the": 0.0, "lamp": 0.5})
    question = Question("lamp hums", AXES[0], frozenset({"lamp", "hum"}), 0.5, 0.2)
    hits = [Hit(0.6, passage("The lamp hums.")), Hit(0.4, passage("The lamp is new."))]
    said = [look_at(question, hit, words) for hit in hits]
    rows = evidence(question, hits, said, words, Scale(0.1, 0.1))
    first, second = (dict(zip(NAMES, row, strict=True)) for row in rows.tolist())
    assert first["similarity"] == pytest.approx((0.6 - 0.1) / 0.1)
    assert first["whole"] == first["similarity"]  # no statements are kept
    assert (first["shared"], first["missing"]) == (1, 0)
    assert second["shared"] == pytest.approx(0.5 / 1.5)
    assert second["missing"] == pytest.approx(1.0)
    assert first["words"] > second["words"] > 0
    assert first["best"] == second["best"] == pytest.approx((0.5 - 0.1) / 0.1)
    assert first["best_said"] == 1
    assert first["typical"] == pytest.approx(4.0)
    assert first["foreign"] == pytest.approx(1.0)
    assert first["weight"] == 1.5
    assert evidence(question, [], [], words, Scale(0, 1)).shape == (0, len(NAMES))


def test_words_tell_nothing_of_a_query_without_any() -> None:
    question = Question("the", AXES[1], frozenset(), 0.0, 0.0)
    said = look_at(question, Hit(0.4, passage("the")), Words({}))
    assert (said.said, said.shared) == (0, 0)


def test_only_so_many_probes_count_as_near() -> None:
    probes = np.stack([AXES[0]] * 5 + [-AXES[0]] * 20)
    question = Question.of("", AXES[0], frozenset(), AXES[0] / 2, probes)
    assert (question.foreign, question.typical) == (1.0, 0.5)


def test_small_words_are_not_looked_for() -> None:
    words = Words({"the": 0.0, "was": 0.0, "box": 0.0, "crush": 0.6})
    assert words.telling("the box was crushed").split() == ["box", "crushed"]  # box is no stop word
    assert words.telling("The BOX was crushed, XJ-900").split() == ["BOX", "crushed,", "XJ-900"]
    assert words.telling("was the") == "was the"
    assert Words({}).telling("the die was cast") == "the die was cast"  # they are rare here
