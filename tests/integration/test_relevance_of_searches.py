"""`search` that may say that no review says it, and `search --count`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymilvus.exceptions import MilvusException

from fakes import FakeEncoder, Wrapped
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.encoders import load_encoder
from reviewlens.errors import StoreError, UnknownTokens, UnreadLanguages
from reviewlens.search.matches import Matches
from reviewlens.store import ReviewStore

PARTS = ("lid", "cable", "strap", "box", "spout", "handle", "button", "filter")
FAULTS = ("broke", "leaks", "rattles", "smells", "wobbles", "jams", "rusts", "cracked")


@pytest.fixture(scope="module")
def sample(sample_path: Path) -> Iterator[Corpus]:
    with Corpus.open(sample_path, encoder=load_encoder(device="cpu")) as corpus:
        yield corpus


def planted(name: str, folder: Path, parts: tuple[str, ...] = PARTS) -> Path:
    file = folder / name
    rows = [f"{part} {fault},The {part} {fault} and I sent it back,1" for part in parts
            for fault in FAULTS]  # fmt: skip
    file.write_text("\n".join(["title,text,stars", *rows]) + "\n")
    return file


def strengths(answer: Matches) -> list[str | None]:
    return [match.strength for match in answer.matches]


def test_what_reviews_say_is_found_and_its_strength_told(sample: Corpus) -> None:
    answer = sample.search("the update broke the bluetooth pairing", 5)
    assert answer.answered
    assert len(answer) == 5
    assert answer.matches[0].strength == "strong"
    assert answer.matches[0].probability >= 0.75
    assert [one.statement for one in answer] == [one.sentence for one in answer]
    assert all(one.statement in one.text or one.statement == one.title for one in answer)
    assert answer.nearest is not None
    assert answer.nearest >= answer.matches[0].similarity


def test_matches_are_in_order_of_their_probability(sample: Corpus) -> None:
    for query in ("arrived broken", "update broke the bluetooth pairing", "late delivery"):
        chances = [one.probability for one in sample.search(query, 20)]
        assert chances == sorted(chances, reverse=True)


def test_what_is_near_is_shown_below_the_line(sample: Corpus) -> None:
    refused = sample.search("goalkeeper saved the penalty")
    assert len(refused.near) == 3
    assert {one.strength for one in refused.near} == {"weak"}
    few = sample.search("goalkeeper saved the penalty", 1)
    assert len(few.near) == 1
    full = sample.search("arrived broken", 5)
    assert (len(full), full.near) == (5, ())


def test_those_who_say_the_opposite_stand_apart(sample: Corpus) -> None:
    good, bad = sample.search("great sound"), sample.search("terrible sound")
    assert (good.side, bad.side) == ("positive", "negative")
    assert {one.review_id for one in bad.opposite} & {one.review_id for one in good}
    assert all(one.sentiment >= 0.5 for one in bad.opposite)
    assert all(one.sentiment > -0.5 for one in good)
    assert not {one.review_id for one in bad} & {one.review_id for one in bad.opposite}
    plain = sample.search("the sound")
    assert (plain.side, plain.opposite) == (None, ())


@pytest.mark.parametrize(
    "query",
    [
        "How do I extend my residence permit?",
        "goalkeeper saved the penalty",
        "sonata for cello and piano",
        "the supreme court overturned the ruling",
    ],
)
def test_no_review_says_this(query: str, sample: Corpus) -> None:
    answer = sample.search(query)
    assert (answer.answered, answer.matches) == (False, ())
    assert answer.floor is None


def test_a_similarity_given_decides_instead(sample: Corpus) -> None:
    answer = sample.search("goalkeeper saved the penalty", 3, min_similarity=-1)
    assert answer.answered
    assert strengths(answer) == ["weak"] * 3
    assert (answer.floor, answer.near, answer.opposite) == (-1, (), ())


def test_a_filter_leaves_what_is_said_to_no_one(sample: Corpus) -> None:
    assert not sample.where(rating="5").search("goalkeeper saved the penalty").answered


def test_of_few_shown_one_says_it(sample: Corpus) -> None:
    for query in ("drips when pouring", "lunch leaked", "late delivery"):
        answer = sample.search(query, 1)
        assert answer.answered == sample.search(query, 10).answered
        assert not answer.answered or strengths(answer) != ["weak"]


def test_whether_any_review_says_it_does_not_depend_on_how_many_are_asked_for(
    sample_of_words: Path,
) -> None:
    """The nearest alone may be no answer where the fifth is one."""
    with Corpus.open(sample_of_words, encoder=FakeEncoder()) as corpus:
        for query in ("great value", "hard to clean", "smells bad", "noisy"):
            told = [corpus.search(query, n) for n in (1, 3, 10)]
            assert len({(one.answered, one.floor, one.nearest) for one in told}) == 1


def test_words_that_match_are_told(sample: Corpus) -> None:
    answer = sample.search("update broke the bluetooth pairing", 3, explain=True)
    for match in answer.matches:
        assert match.sentence is not None
        assert match.words
        assert all(word in match.sentence for word in match.words)
    assert sample.search("bluetooth pairing", 1).matches[0].words == ()


def test_an_unreadable_query_is_refused(sample: Corpus) -> None:
    with pytest.raises(UnknownTokens, match=r"does not know \d+ of the \d+ tokens"):
        sample.search("电池不耐用很差", mode="dense")
    with pytest.raises(UnreadLanguages):
        sample.count_matches("电池不耐用很差")


def test_count_covers_the_planted_theme(sample: Corpus) -> None:
    # Sixteen reviews, one more in French, and some that merely mention it.
    found = sample.count_matches("the update broke the bluetooth pairing")
    assert found.estimate.low <= 16 <= found.estimate.high < 283
    assert found.literal <= found.estimate.high
    assert found.for_.value < found.against.value <= found.estimate.value
    assert found.of == 310 - 27
    assert any("27 reviews are in languages (German 8" in note for note in found.notes)
    assert found.stars is not None
    assert found.stars.value < 2.5
    months = [group for group in found.groups if group.by == "month"]
    for by in ("month", "product", "stars"):
        groups = [group for group in found.groups if group.by == by]
        assert sum(group.literal for group in groups) == found.literal
    assert [group.value for group in months] == sorted(group.value for group in months)
    assert max(months, key=lambda group: group.reviews).value >= "2026-08"


def test_a_list_and_a_count_agree_whether_any_review_says_it(sample: Corpus) -> None:
    for query in ("arrived broken", "goalkeeper saved the penalty", "great value", "hard to clean"):
        listed, counted = sample.search(query), sample.count_matches(query)
        assert counted.answered == (listed.answered or listed.unsure)
        assert (counted.estimate.value > 0) == counted.answered


def test_count_is_of_all_that_are_near_enough(sample: Corpus) -> None:
    """As vectors of whole passages are counted, all of those are looked at."""
    found = sample.count_matches("arrived broken", min_similarity=0.35)
    vector = load_encoder(device="cpu").encode_queries(["arrived broken"])
    with ReviewStore.open(sample.uri) as store:
        near = [hit for hit in store.search(vector, 400)[0] if hit.similarity >= 0.35]
    reviews = len({hit.passage.review_id for hit in near})
    assert (found.estimate.low, found.estimate.value, found.estimate.high) == (reviews,) * 3
    narrow = sample.where(rating="1..2").count_matches("arrived broken", min_similarity=0.35)
    assert 0 < narrow.estimate.value <= reviews
    assert narrow.of < found.of


def test_what_no_review_says_counts_nothing(sample: Corpus) -> None:
    found = sample.count_matches("goalkeeper saved the penalty")
    assert (found.answered, found.estimate.value, found.groups) == (False, 0, ())
    assert (found.literal, found.share.value) == (0, 0)


def test_few_reviews_are_shown_however_far_and_the_answer_says_so(
    tmp_path: Path, lite_path: Path
) -> None:
    encoder = FakeEncoder()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest(planted("few.csv", tmp_path, PARTS[:2]))
        calls = encoder.calls
        answer = corpus.search("orbit of a distant comet", 3)
        assert (answer.answered, answer.floor, strengths(answer)) == (True, None, [None] * 3)
        assert any(
            note.startswith("Whether a review says it cannot be told") for note in answer.notes
        )
        assert encoder.calls == calls + 1  # the query alone


def test_relevance_is_kept_and_renewed_as_the_corpus_grows(
    backend: Backend, collection_name: str, tmp_path: Path
) -> None:
    encoder = FakeEncoder()
    where = {"collection": collection_name, "token": backend.token, "encoder": encoder}
    with Corpus.open(backend.uri, **where) as corpus:
        corpus.ingest(planted("one.csv", tmp_path))
        kept = corpus._session.required().properties["relevance"]
        assert json.loads(kept)["reviews"] == 64
    with Corpus.open(backend.uri, **where) as corpus:
        calls = encoder.calls
        assert corpus.search("the spout leaks", 1).answered
        assert not corpus.search("orbit of a distant comet").answered
        assert encoder.calls <= calls + 3  # two queries; the probes where no cache can be written
        calls = encoder.calls
        corpus.ingest(tmp_path / "one.csv")
        assert encoder.calls == calls
        assert corpus._session.required().properties["relevance"] == kept
        corpus.ingest(planted("two.csv", tmp_path, ("zip", "lens")))
        renewed = corpus._session.required().properties["relevance"]
        assert json.loads(renewed)["reviews"] == 80
        corpus._session.required().keep({"relevance": ""})
        again = corpus.search("the lens rusts", 1)
        assert again.answered
        assert corpus._session.required().properties["relevance"] == renewed


class ReadOnly(Wrapped):
    """A store's client of who may only read."""

    def alter_collection_properties(self, *_: object, **__: object) -> None:
        raise MilvusException(message="permission denied")


def test_who_may_only_read_has_relevance_all_the_same(tmp_path: Path, lite_path: Path) -> None:
    encoder = FakeEncoder()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest(planted("one.csv", tmp_path))
        store = corpus._session.required()
        store.keep({"relevance": ""})

        store._client = ReadOnly(store._client)
        with pytest.raises(StoreError, match="permission denied"):
            store.keep({"relevance": "something"})
        assert corpus.search("the spout leaks", 1).matches[0].probability is not None
        calls = encoder.calls
        assert not corpus.search("orbit of a distant comet").answered
        assert encoder.calls == calls + 1
        assert store.properties["relevance"] == ""


def test_command_says_so(
    sample: Corpus, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    uri = ["--uri", sample.uri]
    assert run([*uri, "search", "goalkeeper saved the penalty"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("No review says this.\n\nNear, but does not say it:\n")
    assert run([*uri, "search", "late delivery", "-n", "2"]) == 0
    shown = capsys.readouterr().out
    assert "strong · " in shown
    assert "similarity" not in shown
    assert run([*uri, "search", "late delivery", "-n", "2", "--details"]) == 0
    assert re.search(
        r"strong · probability 0\.\d\d · similarity 0\.\d\d · ", capsys.readouterr().out
    )
    assert run([*uri, "search", "arrived broken", "--count"]) == 0
    shown = capsys.readouterr().out
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "reviews say this of 283" in shown
    assert run([*uri, "count", "arrived broken"]) == 0
    assert capsys.readouterr().out == shown
    assert run([*uri, "search", "arrived broken", "--count", "-f", "json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["answered"]
    assert plain["literal"] <= plain["estimate"]["high"]
    assert plain["for"].keys() == plain["against"].keys() == {"value", "low", "high"}
    assert plain["of"] == 283  # those that the encoder reads
    assert plain["share"].keys() == {"value", "low", "high"}
    assert run([*uri, "search", "电池不耐用很差", "--mode", "dense"]) == 1
    assert "does not know" in capsys.readouterr().err
    assert run([*uri, "search", "a", "--count", "--mode", "keyword"]) == 2
