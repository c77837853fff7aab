from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import InputError, Unsupported
from reviewlens.search import by_both, by_words, reachable_scores
from reviewlens.search.modes import chosen_modes, codes_of, query_words
from reviewlens.store import Hit, KeywordHit, ReviewStore, StoredPassage

REVIEWS = """id,text,stars,product
1,The XJ-900 stopped working after a week,1,radio
2,My old radio stopped working as well,2,radio
3,Error E04 appears on the display again and again,1,oven
4,The oven is fine and bakes bread evenly,5,oven
5,Ordered B0012XYZ and got something else,2,cable
6,A cable that does what it should,4,cable
7,Stopped stopped stopped stopped,1,radio
8,Bread bread and more bread from this oven,5,oven
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("modes")
    (folder / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    with Corpus.open(folder / "reviews.db", encoder=FakeEncoder()) as opened:
        opened.ingest(folder / "reviews.csv")
        yield opened


@pytest.fixture(scope="module")
def store(corpus: Corpus) -> ReviewStore:
    return corpus._session.required()


def stored(name: str, *vector: float, passage: int = 0) -> StoredPassage:
    return StoredPassage(name, passage, vector=np.array(vector, dtype=np.float32))


QUERY = np.array([1.0, 0.0], dtype=np.float32)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("XJ-900 broken", ["XJ-900"]),
        ("error E04?", ["E04"]),
        ("b0012xyz", ["b0012xyz"]),
        ("part 4711 missing", ["4711"]),
        ("型号XJ-900的电池", ["XJ-900"]),
        ("version 2.1.4b", ["2.1.4b"]),
        ("broke after 2 weeks, 100 dollars", []),
        ("my 3rd since the 90s, $18.88 for 20-30 of them", []),
        ("the 1stb and model 20-300", ["1stb", "20-300"]),
        ("well-made and long-lasting", []),
        ("", []),
    ],
)
def test_codes_are_told_from_words_and_small_numbers(query: str, codes: list[str]) -> None:
    assert codes_of(query) == codes


@pytest.mark.parametrize("mode", ["keyword", "hybrid", None])
@pytest.mark.parametrize(("code", "review"), [("XJ-900", "1"), ("e04", "3"), ("B0012XYZ", "5")])
def test_codes_are_found(corpus: Corpus, mode: str | None, code: str, review: str) -> None:
    found = corpus.search(code, n=3, mode=mode, min_similarity=-1)  # type: ignore[arg-type]
    assert found.matches[0].review_id == review
    assert found.mode == (mode or "hybrid")
    assert (found.matches[0].keyword_score or 0) > 0


def test_without_a_mode_a_query_goes_by_both_and_by_meaning_alone_where_wanted(
    corpus: Corpus,
) -> None:
    found = corpus.search("stopped working", min_similarity=-1)
    assert found.mode == "hybrid"
    assert found == corpus.search("stopped working", mode="hybrid", min_similarity=-1)
    found = corpus.search("stopped working", mode="dense", min_similarity=-1)
    assert found.mode == "dense"
    assert {match.keyword_score for match in found.matches} == {None}
    assert {match.score for match in found.matches} == {None}


def test_queries_asked_at_once_are_answered_as_alone(corpus: Corpus) -> None:
    queries = ["stopped working", "E04", "bread", "XJ-900 stopped"]
    together = corpus.search_many(queries, 4, min_similarity=-1)
    assert [one.mode for one in together] == ["hybrid"] * 4
    assert together == [corpus.search(query, 4, min_similarity=-1) for query in queries]


def test_keyword_search_ranks_by_bm25_and_finds_nothing_without_the_words(corpus: Corpus) -> None:
    found = corpus.search("bread", mode="keyword", min_similarity=-1).matches
    assert [match.review_id for match in found] == ["8", "4"]
    scores = [match.keyword_score or 0 for match in found]
    assert scores == sorted(scores, reverse=True)
    assert not corpus.search("zeppelin", mode="keyword", min_similarity=-1).answered
    assert not corpus.search("?!", mode="keyword", min_similarity=-1).answered


def test_similarity_is_the_cosine_in_every_mode(corpus: Corpus) -> None:
    dense = corpus.search("oven bread", 8, mode="dense", min_similarity=-1).matches
    cosines = {match.review_id: match.similarity for match in dense}
    for mode in ("keyword", "hybrid"):
        for match in corpus.search("oven bread", 8, mode=mode, min_similarity=-1).matches:  # type: ignore[arg-type]
            assert match.similarity == pytest.approx(cosines[match.review_id], abs=1e-5)


def test_hybrid_scores_fall_and_the_filters_hold(corpus: Corpus) -> None:
    found = (
        corpus.where(product="oven").search("oven E04", mode="hybrid", min_similarity=-1).matches
    )
    assert {match.product for match in found} == {"oven"}
    scores = [match.score or 0 for match in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0
    assert max(scores) <= 1
    only = corpus.where(rating="5..").search("oven E04", mode="keyword", min_similarity=-1).matches
    assert {match.review_id for match in only} <= {"4", "8"}


def test_the_sentence_with_the_code_is_shown(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(
        "id,text\n1,Broken radio. Its label near the battery under the lid says XJ-900 in silver.\n"
        "2,Another text about something else entirely. It has two sentences.\n",
        encoding="utf-8",
    )
    with Corpus.open(tmp_path / "long.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "long.csv")
        found = corpus.search("broken radio XJ-900", n=1, explain=True, min_similarity=-1)
    assert found.matches[0].sentence == (
        "Its label near the battery under the lid says XJ-900 in silver."
    )


def test_a_code_that_is_not_meant_is_not_found_first(tmp_path: Path) -> None:
    lines = ["1,The XJ-901 is fine", "2,The XJ-900 was a gift for an uncle of mine in spring"]
    lines += [f"{row},some lamp or other number {row} is fine" for row in range(3, 20)]
    (tmp_path / "r.csv").write_text("id,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    asked = "fine XJ-900"
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "r.csv")
        dense = corpus.search(asked, mode="dense", min_similarity=-1)
        found = corpus.search(asked, min_similarity=-1)
    assert dense.matches[0].review_id == "1"
    assert found.matches[0].review_id == "2"


def test_fused_hits_by_hand_and_ties_by_id() -> None:
    near = [Hit(0.8, stored("b")), Hit(0.8, stored("a")), Hit(0.1, stored("c"))]
    named = [KeywordHit(4.0, stored("d", 0.8, 0.6)), KeywordHit(2.0, stored("c", 0.1, 0.0))]
    found = by_both(near, named, QUERY, reachable=4.0)
    # a, b: 0.7; d: 0.7 + 0.3 = 1.0; c: 0.7 * 1.1 / 1.8 + 0.3 * 0.5 = 0.5778
    assert [hit.passage.review_id for hit in found] == ["d", "a", "b", "c"]
    assert [hit.score for hit in found] == pytest.approx([1.0, 0.7, 0.7, 0.7 * 1.1 / 1.8 + 0.15])
    assert [hit.keyword_score for hit in found] == [4.0, 0.0, 0.0, 2.0]
    assert by_both(near[::-1], named[::-1], QUERY, reachable=4.0) == found


def test_equal_keyword_scores_go_by_similarity() -> None:
    named = [
        KeywordHit(3.0, stored(name, cosine, 0.0)) for name, cosine in (("a", 0.1), ("b", 0.9))
    ]
    assert [hit.passage.review_id for hit in by_words(named, QUERY)] == ["b", "a"]


def test_two_passages_of_a_review_are_two_candidates() -> None:
    named = [KeywordHit(3.0, stored("a", 0.5, 0.0, passage=2))]
    found = by_both([Hit(0.6, stored("a"))], named, QUERY, reachable=3.0)
    assert [(hit.passage.passage, hit.keyword_score) for hit in found] == [(2, 3.0), (0, 0.0)]


def test_a_long_review_counts_once_in_every_mode(tmp_path: Path) -> None:
    many = " ".join(f"The kettle leaks water number {count}." for count in range(400))
    rows = [f"{name},{many if name == 'long' else text}" for name, text in (
        ("long", ""), ("x", "a kettle without any leak"), ("y", "the lamp is bright")
    )]  # fmt: skip
    (tmp_path / "r.csv").write_text("id,text\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder(window=20)) as corpus:
        corpus.ingest(tmp_path / "r.csv")
        assert corpus.stats().passages > 100
        for mode in ("keyword", "hybrid"):
            found = corpus.search("the kettle", mode=mode, min_similarity=-1)  # type: ignore[arg-type]
            assert sorted(match.review_id for match in found.matches) == ["long", "x", "y"]


def test_what_can_be_reached_is_no_less_than_any_score(store: ReviewStore) -> None:
    texts = ["stopped working stopped", "bread oven zeppelin", "zeppelin", "?"]
    reachable = reachable_scores(store, texts, None)
    for text, most in zip(texts, reachable, strict=True):
        for hit in store.search_words([text], 10)[0]:
            assert 0 < hit.score <= most + 1e-6
    assert reachable[2:] == [0.0, 0.0]
    # a word that none has is as rare as the rarest that one has
    known = reachable_scores(store, ["bread oven"], None)[0]
    assert reachable[1] > known


@pytest.mark.cjk
def test_words_of_a_chinese_query_are_told_apart() -> None:
    assert query_words("电池很差 XJ-900", "standard") == ["电池很差", "xj", "900"]
    assert "电池" in query_words("电池很差 XJ-900", "jieba")


def test_without_keyword_search_hybrid_says_so_and_keyword_is_refused(store: ReviewStore) -> None:
    class Older:
        analyzer = ""
        lacking_keywords = "this Milvus (v2.3.5) has no keyword search: use another"

    older: ReviewStore = Older()  # type: ignore[assignment]
    modes, notes = chosen_modes(older, "hybrid", ["a", "b"])
    assert modes == ["dense", "dense"]
    assert notes == [("Searched by meaning alone: " + Older.lacking_keywords + ".",)] * 2
    assert chosen_modes(older, None, ["plain words"]) == (["dense"], [()])
    assert chosen_modes(older, None, ["plain words", "E04"])[1] == [(), notes[0]]
    assert chosen_modes(older, "dense", ["E04"]) == (["dense"], [()])
    with pytest.raises(Unsupported, match="no keyword search"):
        chosen_modes(older, "keyword", ["a"])
    with pytest.raises(InputError, match="wanted dense, keyword, hybrid"):
        chosen_modes(store, "lexical", ["a"])  # type: ignore[arg-type]


@pytest.mark.cjk
def test_chinese_words_are_found_where_most_is_chinese(tmp_path: Path) -> None:
    (tmp_path / "zh.csv").write_text(
        "id,text\n1,这款手机的电池很差，充电太慢\n2,屏幕非常清晰，颜色漂亮\n"
        "3,送货员态度很好，准时送达\n4,XJ-900的包装破损了\n",
        encoding="utf-8",
    )
    with Corpus.open(tmp_path / "zh.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "zh.csv", force=True)
        assert corpus.stats().analyzer == "jieba"
        for query, review in (("电池", "1"), ("颜色", "2"), ("xj-900", "4")):
            found = corpus.search(query, mode="keyword", min_similarity=-1)
            assert [match.review_id for match in found.matches] == [review]
    # it is what the collection was made with, whatever comes later
    with Corpus.open(tmp_path / "zh.db", encoder=FakeEncoder()) as corpus:
        (tmp_path / "en.csv").write_text("id,text\n9,A cable that works\n", encoding="utf-8")
        corpus.ingest(tmp_path / "en.csv")
        assert corpus.stats().analyzer == "jieba"
        assert corpus.search("Cable", mode="keyword", min_similarity=-1).matches[0].review_id == "9"
        corpus.copy(tmp_path / "copy.db")
    with Corpus.open(tmp_path / "copy.db", encoder=FakeEncoder()) as corpus:
        assert corpus.stats().analyzer == "jieba"


def test_other_languages_have_the_standard_analyzer(corpus: Corpus) -> None:
    assert corpus.stats().analyzer == "standard"


def test_keyword_scores_need_their_vectors() -> None:
    hit = KeywordHit(1.0, replace(stored("a", 1.0, 0.0), vector=None))
    with pytest.raises(ValueError, match="without its vector"):
        by_words([hit], QUERY)
