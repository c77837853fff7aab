from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder, Wrapped
from reviewlens import Corpus
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.evaluation import Evaluation, Figure
from reviewlens.evaluation.measures import _index
from reviewlens.evaluation.sample import sentence_questions
from reviewlens.evaluation.ways import embed, rankings
from reviewlens.store import Filters

SUBJECTS = [
    "kettle boils water", "lamp flickers nightly", "cable frays early", "radio hums loudly",
    "oven bakes bread", "torch shines far",
]  # fmt: skip
OPENINGS = [
    "yesterday", "today", "monday", "tuesday", "friday", "sunday", "june", "july", "august",
    "winter",
]  # fmt: skip


class Blind(FakeEncoder):
    """Sees nothing: every text has a direction of its own by chance."""

    def __init__(self) -> None:
        super().__init__(name="blind")

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [np.random.default_rng(zlib.crc32(text.encode())) for text in texts]
        found = np.array([row.standard_normal(self.dimension) for row in rows], dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_documents([f"query {text}" for text in texts])


def table() -> str:
    """60 reviews: six products with ten each, whose stars and titles follow the product."""
    lines = ["id,title,text,stars,product"]
    for number, subject in enumerate(SUBJECTS):
        for place, opening in enumerate(OPENINGS):
            text = f"Bought it {opening}: {subject} and {subject}. The {subject} {number}{place}."
            lines.append(f"{number}-{place},{subject} {opening},{text},{number % 5 + 1},p{number}")
    return "\n".join([*lines, lines[1].replace("0-0", "copy")]) + "\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("evaluate")
    (folder / "reviews.csv").write_text(table(), encoding="utf-8")
    with Corpus.open(folder / "reviews.db", encoder=FakeEncoder()) as opened:
        opened.ingest(folder / "reviews.csv")
        yield opened


@pytest.fixture(scope="module")
def found(corpus: Corpus) -> Evaluation:
    return corpus.evaluate([FakeEncoder(), Blind()])


def figures(found: Evaluation, task: str, measure: str) -> dict[tuple[str, str], Figure]:
    chosen = [one for one in found.figures if (one.task, one.measure) == (task, measure)]
    return {(one.encoder, one.mode): one for one in chosen}


SEEING, BLIND = ("fake-bag-of-words", "dense"), ("blind", "dense")


def test_copies_are_one_text(found: Evaluation) -> None:
    assert (found.reviews, found.sampled, found.texts) == (61, 61, 60)
    assert found.skipped == ()


def test_the_index_finds_all_true_neighbours(found: Evaluation) -> None:
    (figure,) = figures(found, "index", "recall@10").values()
    assert figure.estimate.value == 1.0
    assert figure.estimate.low > 0.98


class Half(Wrapped):
    """A store whose index finds every other review of those that it should."""

    def search(self, *asked: Any, **more: Any) -> list[Any]:
        return [hits[::2] for hits in self.inner.search(*asked, **more)]


def test_a_broken_index_is_found_out(corpus: Corpus) -> None:
    (figure,) = _index(Half(corpus._session.required()), Filters(), 0)  # type: ignore[arg-type]
    assert figure.estimate.value == 0.5


def test_an_encoder_that_sees_is_told_from_one_that_does_not(found: Evaluation) -> None:
    for task, measure in (("self-retrieval", "recall@1"), ("title", "ndcg@10")):
        both = figures(found, task, measure)
        assert both[SEEING].estimate.value > 0.9
        assert both[BLIND].estimate.value < 0.2
        assert both[SEEING].difference is None
        difference = both[BLIND].difference
        assert difference is not None
        assert difference.high < 0


def test_words_find_the_sentence_in_every_way_that_has_them(found: Evaluation) -> None:
    both = figures(found, "self-retrieval", "mrr@10")
    assert {key[1] for key in both} == {"dense", "keyword", "hybrid"}
    assert both["fake-bag-of-words", "keyword"].estimate.value > 0.95
    assert both["fake-bag-of-words", "hybrid"].estimate.value > 0.95
    assert ("blind", "keyword") not in both


def test_neighbours_agree_beyond_chance_where_the_encoder_sees(found: Evaluation) -> None:
    product = figures(found, "neighbors", "same_product")
    # by hand: a text has 9 others of its product among 59
    assert product[SEEING].chance == pytest.approx(9 / 59, abs=1e-4)
    # nine of the ten nearest at best
    assert product[SEEING].estimate.value > 0.7
    assert product[BLIND].estimate.low < 9 / 59 < product[BLIND].estimate.high + 0.05
    stars = figures(found, "neighbors", "same_stars")
    # products 0 and 5 have the same stars: 20 texts, and 10 of each of the others
    assert stars[SEEING].chance == pytest.approx((20 * 19 + 4 * 90) / (60 * 59), abs=1e-4)


def test_the_title_is_no_part_of_what_is_searched(corpus: Corpus) -> None:
    encoder = FakeEncoder()
    seen: list[str] = []
    embed_documents = encoder.encode_documents

    def watched(texts: Sequence[str]) -> NDArray[np.float32]:
        seen.extend(texts)
        return embed_documents(texts)

    encoder.encode_documents = watched  # type: ignore[method-assign]
    corpus.evaluate([encoder])
    assert any(text.startswith("Bought it") for text in seen)
    assert not any("Title:" in text for text in seen)


def test_the_same_seed_gives_the_same_figures_and_another_another_sample(corpus: Corpus) -> None:
    one, two, other = (corpus.evaluate(sample=30, seed=seed) for seed in (1, 1, 2))
    assert asdict(one) == asdict(two)
    assert one.sampled == 30
    assert one.figures != other.figures


def test_what_cannot_be_asked_is_skipped_with_the_reason(tmp_path: Path) -> None:
    lines = [f"{row},single sentence number {row} about the kettle" for row in range(30)]
    (tmp_path / "r.csv").write_text("id,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "r.csv")
        found = corpus.evaluate()
    assert {one.task for one in found.figures} == {"index"}
    reasons = {(one.task, one.what): one.reason for one in found.skipped}
    assert reasons["title", ""] == "0 texts have a title; wanted at least 20"
    assert reasons["self-retrieval", ""].startswith("0 texts have two sentences or more")
    assert "0 texts have stars" in reasons["neighbors", "same_stars"]
    assert "0 texts have product" in reasons["neighbors", "same_product"]


def test_too_little_to_judge_by_is_refused(corpus: Corpus) -> None:
    with pytest.raises(TooFewReviews, match="10 different texts are too few"):
        corpus.where(product="p1").evaluate()
    with pytest.raises(InputError, match="sample is 5; wanted a whole number at least 20"):
        corpus.evaluate(sample=5)
    with pytest.raises(TooFewReviews, match="0 different texts"):
        corpus.where(product="nothing").evaluate()


def test_a_sentence_that_stands_in_two_texts_is_not_asked_for() -> None:
    texts = [
        "The same sentence in both. Only the first has this one.",
        "The same sentence in both. Good.",
        "One sentence alone is all of a text.",
    ]
    asked = sentence_questions(texts, 0)
    assert asked.queries == ("Only the first has this one.",)
    assert asked.targets == (0,)


def test_chinese_sentences_are_asked_for() -> None:
    asked = sentence_questions(
        ["电池很差，两天就没电了。充电也太慢了，让人失望。", "好。不错。"], 0
    )
    assert len(asked.queries) == 1
    assert asked.targets == (0,)


def test_long_texts_are_found_by_any_of_their_passages() -> None:
    encoder = FakeEncoder(window=12)
    long = " ".join(f"word{number} is here today." for number in range(40))
    texts = embed(["a lamp that shines", long, "the kettle boils"], encoder)
    assert len(texts.passages) > 10
    assert texts.pooled().shape == (3, encoder.dimension)
    assert np.linalg.norm(texts.pooled(), axis=1) == pytest.approx(1.0, abs=1e-5)
    queries = ["word39", "lamp"]
    vectors = encoder.encode_queries(queries)
    found = rankings(texts, "dense", None, queries, vectors, 3)
    assert [ranking[0] for ranking in found] == ["000001", "000000"]
    # each text once, however many of its passages are near
    assert all(len(set(ranking)) == len(ranking) == 3 for ranking in found)
