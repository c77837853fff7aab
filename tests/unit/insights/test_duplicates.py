"""Copies: word for word, nearly so, and in meaning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from reviewlens.errors import InputError
from reviewlens.ground.copies import distinct, distinct_graph, normalised
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.duplicates import Duplicates, find_duplicates
from reviewlens.insights.duplicates.detection import (
    _jaccard,
    _near_pairs,
    _shingles,
)
from slices_of import slice_of

LONG = "These earbuds are the best I have ever owned, the bass is deep and the battery lasts long."
OTHER = "The granola arrived in a torn bag and half of it was on the floor of the delivery van."


def found(texts: Sequence[str], vectors: Any = None, **columns: Any) -> Duplicates:
    options = {name: columns.pop(name) for name in ("near", "meaning") if name in columns}
    reviews = slice_of(texts, vectors, **columns)
    return find_duplicates(reviews, nearest(reviews.vectors), **options)


def groups(result: Duplicates) -> list[tuple[str, tuple[str, ...]]]:
    return [(group.kind, group.review_ids) for group in result.groups]


# -- by hand -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Love it!", "  love\tIT "),
        ("It's great.", "it’s great"),
        ("ＧＯＯＤ １０", "good 10"),
        ("Straße", "STRASSE"),
        ("well_made", "well made"),
        ("好 用！", "好 用"),
        ("अच्छा है।", "अच्छा है"),
        ("Love it ❤️", "love it ❤"),
    ],
)
def test_texts_that_differ_in_form_alone_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("👍", "👎"), ("!!!", "???"), ("10", "1"), ("not good", "good"), ("", "?"), ("कि", "की")],
)
def test_texts_that_say_something_else_are_not(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_jaccard_index_by_hand() -> None:
    # "abcde": abc bcd cde; "abcdx": abc bcd cdx; two of four.
    assert _jaccard(_shingles("abcde"), _shingles("abcdx")) == 0.5
    assert _jaccard(_shingles("ab"), _shingles("ab")) == 1.0


def test_exact_copies_keep_their_rows_and_tell_what_they_span() -> None:
    result = found(
        [LONG, OTHER, LONG.upper(), f"{LONG}!!"],
        authors=("ann", "bob", "cid", ""),
        products=("buds", "granola", "lamp", "buds"),
        dates=("2024-01-05", None, "2024-01-09", None),
    )
    (group,) = result.groups
    assert (group.kind, group.review_ids) == ("exact", ("r0000", "r0002", "r0003"))
    assert (group.authors, group.products, group.similarity) == (2, 2, 1.0)
    assert (group.first, group.last) == ("2024-01-05T00:00:00Z", "2024-01-09T00:00:00Z")
    assert group.flags == ("authors", "products", "dates")
    assert [quote.review_id for quote in group.quotes] == ["r0000", "r0002", "r0003"]
    assert (result.reviews, result.texts) == (4, 2)
    assert result.counts == {"exact": 1, "near": 0, "meaning": 0}


def test_group_names_whose_and_of_what_its_reviews_are() -> None:
    result = found(
        [LONG] * 8,
        authors=("zoe", "zoe", "ann", "bob", "cid", "dee", "eve", ""),
        products=("",) * 8,
        sources=("shop", "app", "app", "", "", "", "", ""),
    )
    (group,) = result.groups
    assert (group.authors, group.author_names) == (6, ("zoe", "ann", "bob", "cid", "dee"))
    assert (group.products, group.product_names) == (0, ())
    assert (group.sources, group.source_names) == (2, ("app", "shop"))


def test_short_texts_are_kept_but_not_flagged_as_copied() -> None:
    result = found(
        ["Love it!", "love it", LONG, LONG], authors=("a", "b", "c", "d"), products=tuple("pqrs")
    )
    assert groups(result) == [("exact", ("r0002", "r0003")), ("exact", ("r0000", "r0001"))]
    assert result.groups[1].flags == ("short",)


def test_one_author_at_one_time_has_no_flags() -> None:
    result = found([LONG, LONG], authors=("a", "a"), products=("p", "p"), dates=("2024", "2024"))
    assert result.groups[0].flags == ()


def test_pair_stands_in_the_strictest_group_alone() -> None:
    edited = LONG.replace("deep", "really deep")
    result = found([LONG, edited, LONG, OTHER], near=0.8)
    assert groups(result) == [("exact", ("r0000", "r0002")), ("near", ("r0000", "r0001"))]
    pairs = [pair for group in result.groups for pair in combinations(group.review_ids, 2)]
    assert len(pairs) == len(set(pairs))


def test_texts_of_unknown_tokens_alone_are_not_the_same_meaning() -> None:
    texts = ["😡😡 😡", "😍 😍😍", "wonderful jug"]
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    tokens, unknown = np.array([3, 3, 2], np.int32), np.array([3, 3, 0], np.int32)
    reviews = replace(slice_of(texts, vectors), tokens=tokens, unknown=unknown)
    graph = nearest(reviews.vectors)
    assert find_duplicates(reviews, graph).groups == ()
    some = replace(reviews, unknown=np.array([2, 2, 0], np.int32))
    assert groups(find_duplicates(some, graph)) == [("meaning", ("r0000", "r0001"))]


def test_same_meaning_is_found_by_the_vectors() -> None:
    vectors = np.array([[1, 0, 0], [0.99, 0.14, 0], [0, 0, 1.0]])
    texts = ["Sound is superb", "Wonderful music from these", "The granola is stale"]
    assert groups(found(texts, vectors)) == [("meaning", ("r0000", "r0001"))]
    assert found(texts, vectors).groups[0].similarity == 0.9901  # 0.99 / √(0.99² + 0.14²)
    assert found(texts, vectors, meaning=0.995).groups == ()
    assert found(texts, vectors, meaning=1.1).groups == ()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "the battery is good", "the battery is not good"),
        ("en", "it works", "it doesn’t work"),
        ("", "would buy again", "would never buy again"),
        ("de", "der Akku ist gut", "der Akku ist nicht gut"),
        ("de", "ein Grund zur Klage", "kein Grund zur Klage"),
        ("fr", "la batterie est bonne", "la batterie n'est pas bonne"),
        ("fr", "elle marche", "elle ne marche plus"),
        ("es", "la batería es buena", "la batería no es buena"),
        ("it", "la batteria è buona", "la batteria non è buona"),
        ("zh", "电池好用", "电池不好用"),
        ("nl", "de batterij is goed", "de batterij is niet goed"),
        ("pt", "a bateria é boa", "a bateria não é boa"),
        ("ru", "батарея хорошая", "батарея не хорошая"),
        ("ja", "使いやすい", "使いやすくない"),
    ],
)
def test_text_and_its_negation_are_not_the_same_meaning(
    language: str, one: str, other: str
) -> None:
    vectors = np.array([[1.0, 0.01], [1.0, 0.02]])
    languages = (language, language)
    assert groups(found([one, other], vectors, languages=languages, unknown=(0, 0), near=1)) == []
    again = other.replace(" ", "  ") + " yes"
    # Read by an encoder that knows the tokens of all these languages.
    same = found([other, again], vectors, languages=languages, unknown=(0, 0), near=1)
    assert groups(same) == [("meaning", ("r0000", "r0001"))]


@pytest.mark.parametrize(("stars", "count"), [((5, 1), 0), ((5, 3), 1), ((5, None), 1)])
def test_stars_far_apart_are_not_the_same_meaning(
    stars: tuple[float | None, ...], count: int
) -> None:
    vectors = np.array([[1.0, 0.01], [1.0, 0.02]])
    assert len(found(["quite loud", "rather noisy"], vectors, stars=stars)) == count


def test_near_copy_that_negates_is_flagged() -> None:
    result = found([LONG, LONG.replace("is deep", "is not deep")], authors=("a", "b"))
    assert [(group.kind, group.flags) for group in result.groups] == [
        ("near", ("authors", "polarity"))
    ]


# -- planted -------------------------------------------------------------------------------------


def test_chain_is_not_one_group() -> None:
    """Each text is near the next, the ends are not: every member is near its group's first."""
    words = [f"word{number:03}" for number in range(80)]
    texts = [" ".join(words[start : start + 40]) for start in range(0, 24, 3)]
    result = found(texts, near=0.8)
    assert len(result) > 1
    members = [name for group in result.groups for name in group.review_ids]
    assert len(members) == len(set(members))
    for group in result.groups:
        first, *others = (_shingles(normalised(texts[int(name[1:])])) for name in group.review_ids)
        assert all(_jaccard(first, other) >= 0.8 for other in others)


def edited_families(count: int) -> list[str]:
    """Families of four edits of a random text of thirty words, one after the other."""
    random = np.random.default_rng(5)
    vocabulary = ["".join(random.choice(list("abcdefghinorstu"), 6)) for _ in range(400)]
    texts = []
    for _ in range(count):
        words = list(random.choice(vocabulary, 30))
        for _ in range(4):
            changed = [*words]
            changed[int(random.integers(30))] = str(random.choice(vocabulary))
            texts.append(" ".join(changed))
    return texts


def test_planted_families_are_found() -> None:
    texts = edited_families(40)
    result = found(texts, meaning=1.1)
    families = {
        tuple(sorted(int(name[1:]) for name in group.review_ids)) for group in result.groups
    }
    assert families == {tuple(range(start, start + 4)) for start in range(0, 160, 4)}


# -- two roads -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_against_all() -> dict[tuple[int, int], float]:
    """How near each two texts of sixty families are."""
    sets = [{text[at : at + 3] for at in range(len(text) - 2)} for text in edited_families(60)]
    return {
        (one, other): len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        for one, other in combinations(range(len(sets)), 2)
    }


@pytest.mark.parametrize("near", [0.5, 0.8, 0.87])
def test_near_pairs_are_those_of_all_against_all(
    near: float, all_against_all: dict[tuple[int, int], float]
) -> None:
    truth = {pair: value for pair, value in all_against_all.items() if value >= near}
    pairs = _near_pairs([_shingles(text) for text in edited_families(60)], near)
    assert all(pairs[pair] == pytest.approx(truth[pair]) for pair in pairs)
    assert len(pairs) >= 0.98 * len(truth) > 50


def test_graph_of_distinct_texts_is_that_of_their_vectors() -> None:
    texts = [*edited_families(20), *["Love it!"] * 30, *["ok"] * 5]
    reviews = slice_of(texts)
    known = distinct(reviews.texts)
    graph = distinct_graph(known, reviews.vectors, nearest(reviews.vectors, 10))
    truth = nearest(reviews.vectors[known.first], 10)
    np.testing.assert_allclose(graph.similarities, truth.similarities, atol=1e-6)
    assert (graph.rows == truth.rows).mean() > 0.99
    assert (graph.rows != np.arange(len(known))[:, None]).all()


# -- edges ---------------------------------------------------------------------------------------


def test_same_answer_twice() -> None:
    texts = [*edited_families(10), LONG, LONG]
    once, again = (json.dumps(asdict(found(texts))) for _ in range(2))
    assert once == again


def test_nothing_alike_gives_no_group() -> None:
    assert found(["One text here", "Quite another subject"]).groups == ()
    empty = slice_of([LONG]).take(np.arange(0))
    assert find_duplicates(empty, nearest(empty.vectors)).groups == ()


def test_all_the_same_text_is_one_group() -> None:
    result = found([LONG] * 60)
    assert [len(group.review_ids) for group in result.groups] == [60]
    assert result.texts == 1


def test_chinese_copies_are_found() -> None:
    text = "这个音箱的音质很好，电池也很耐用，孩子们都很喜欢，我们每天早上都在用它。"
    result = found([text, text.replace("很", "非常", 1), "完全不一样的话"], languages=["zh"] * 3)
    assert groups(result) == [("near", ("r0000", "r0001"))]
    assert result.groups[0].flags == ()


def test_reviews_are_not_changed() -> None:
    reviews = slice_of([LONG, LONG, OTHER])
    before = replace(reviews, vectors=reviews.vectors.copy())
    find_duplicates(reviews, nearest(reviews.vectors))
    for name in Slice.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(before, name), getattr(reviews, name))


@pytest.mark.parametrize("options", [{"near": 0}, {"near": 1.2}, {"meaning": -1}])
def test_threshold_out_of_range_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(InputError, match="wanted a similarity above 0"):
        found([LONG, OTHER], **options)


def test_a_threshold_next_to_nothing_is_no_trouble() -> None:
    result = found([LONG, LONG.replace("best", "worst"), OTHER], near=5e-324)
    assert result.near == 5e-324
