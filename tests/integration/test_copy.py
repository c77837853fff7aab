"""A collection copied again: the copy is what the collection is by now, and loses nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import EncoderMismatch
from reviewlens.store import FIELDS, ReviewStore, StoredPassage, ThemeSets
from reviewlens.store.labels import write_labels
from reviewlens.upkeep import copy as migration

BACKENDS = ("lite", "container-auth")
LONG = " ".join(f"Sentence number {number} speaks of the kettle." for number in range(60))
SUBJECTS = {
    "battery": ("charge", "drains", "empty", "hours", "dies"),
    "parcel": ("box", "crushed", "courier", "dented", "carton"),
}


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def corpus(backend: Backend, collection_name: str) -> Iterator[Corpus]:
    with Corpus.open(
        backend.uri,
        collection=collection_name,
        encoder=FakeEncoder(dimension=32),
        token=backend.token,
    ) as corpus:
        yield corpus


@pytest.fixture
def local(lite_path: Path) -> Iterator[Corpus]:
    with Corpus.open(lite_path, encoder=FakeEncoder(dimension=32)) as corpus:
        yield corpus


def write(**texts: str) -> str:
    lines = [f"{name},{text},4,Rome" for name, text in texts.items()]
    Path("reviews.csv").write_text("\n".join(["id,text,stars,city", *lines]), encoding="utf-8")
    return "reviews.csv"


def themed_reviews() -> str:
    """Write reviews of two planted themes."""
    return write(
        **{
            f"{subject}{row}": f"{subject} {words[row % 5]} {words[row * 3 % 5]} word{row}"
            for subject, words in SUBJECTS.items()
            for row in range(14)
        }
    )


def rows(store: ReviewStore) -> dict[str, StoredPassage]:
    pages = store.scan(FIELDS, base="")
    return {f"{row.review_id}#{row.passage}": row for page in pages for row in page}


def assert_same(source: Corpus, target: str) -> None:
    """Hold every field of every passage of the copy against the original."""
    with ReviewStore.open(target, source.collection) as copy:
        mine, theirs = rows(source._session.required()), rows(copy)
    assert mine.keys() == theirs.keys()
    for key, row in mine.items():
        twin = theirs[key]
        for name in FIELDS[1:-1]:
            assert getattr(row, name) == getattr(twin, name), (key, name)
        assert np.array_equal(row.vector, twin.vector)  # type: ignore[arg-type]


def test_a_review_that_became_shorter_leaves_no_passage_in_the_copy(corpus: Corpus) -> None:
    corpus.ingest(write(a="A lamp.", b=LONG))
    first = corpus.copy("copy.db")
    corpus.ingest(write(a="A lamp.", b="A kettle."))
    again = corpus.copy("copy.db")
    assert (first.passages > 2, again.passages) == (True, 2)
    assert_same(corpus, "copy.db")


def test_reviews_that_left_stay_in_the_copy_are_told_and_can_be_pruned(local: Corpus) -> None:
    local.ingest(write(a="A lamp.", b=LONG, c="A loud kettle."))
    local.copy("copy.db")
    local.delete(["b", "c"])
    kept = local.copy("copy.db")
    assert (kept.reviews, kept.kept, kept.pruned) == (1, 2, 0)
    with Corpus.open("copy.db", encoder=FakeEncoder(dimension=32)) as copy:
        assert copy.size() == 3
        assert copy.search("Sentence number 55 kettle", 1).matches[0].text == LONG
    pruned = local.copy("copy.db", prune=True)
    assert (pruned.reviews, pruned.kept, pruned.pruned) == (1, 0, 2)
    assert_same(local, "copy.db")


def test_what_a_review_lost_is_gone_from_the_copy(local: Corpus) -> None:
    local.ingest(write(a="A lamp.", b=LONG))
    store = local._session.required()
    write_labels(store, "topic", {"a": ("light", 0.9), "b": ("water", 0.8)})
    local.copy("copy.db")
    write_labels(store, "topic", {"a": (None, 0.0), "b": ("tea", 0.7)})
    Path("reviews.csv").write_text(f"id,text\na,A lamp.\nb,{LONG}\n", encoding="utf-8")
    assert local.ingest("reviews.csv").updated == 2
    local.copy("copy.db")
    assert_same(local, "copy.db")
    with ReviewStore.open("copy.db") as copy:
        heads = copy.heads(["a", "b"], ("extra", "rating"))
    assert heads["a"].extra == {}
    assert heads["b"].extra == {"topic": "tea", "topic.confidence": "0.7"}
    assert heads["b"].rating is None


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=[] if step in ("tails written", "pruned") else pytest.mark.slow)
        for step in migration.STEPS
    ],
)
def test_a_copy_that_was_stopped_is_completed_by_the_next(local: Corpus, step: str) -> None:
    local.ingest(write(a="A lamp.", b=LONG, c=LONG + " Loud.", d="A bowl."))
    local.copy("copy.db")
    local.delete("d")
    local.ingest(write(a=LONG, b="A kettle.", c=LONG))
    store = local._session.required()

    def stop(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with ReviewStore.open("copy.db") as target, pytest.raises(KeyboardInterrupt):
        migration.copy_reviews(store, target, prune=True, on_step=stop)
    local.copy("copy.db", prune=True)
    assert_same(local, "copy.db")


def test_a_copy_into_a_collection_of_another_encoder_names_both_and_changes_nothing(
    local: Corpus,
) -> None:
    local.ingest(write(a="A lamp."))
    other = FakeEncoder(dimension=32, name="other")
    with Corpus.open("copy.db", encoder=other) as target:
        target.ingest(write(z="A bowl."))
    with pytest.raises(EncoderMismatch, match=r"encoder other.*with fake-bag.*--to-collection"):
        local.copy("copy.db")
    with Corpus.open("copy.db", encoder=other) as target:
        assert target.size() == target.where(ids="z").size() == 1


def test_themes_of_the_copy_follow_those_of_the_collection(local: Corpus) -> None:
    local.ingest(themed_reviews())
    local.themes.save()
    local.copy("copy.db")
    local.themes.save("other", clusters=2)
    local.themes.drop("main")
    local.copy("copy.db")
    assert_same(local, "copy.db")
    with ReviewStore.open("copy.db") as copy:
        assert (copy.theme_set, ThemeSets(copy).names()) == ("other", ["main", "other"])
        assert copy.theme_version == ThemeSets(copy).version("other")
    local.themes.drop("other")
    local.copy("copy.db", prune=True)
    assert_same(local, "copy.db")
    with ReviewStore.open("copy.db") as copy:
        assert (copy.theme_set, copy.theme_version, ThemeSets(copy).names()) == ("", "", [])


def test_reviews_copied_into_a_collection_with_themes_of_its_own_get_these(local: Corpus) -> None:
    with Corpus.open("copy.db", encoder=FakeEncoder(dimension=32)) as target:
        target.ingest(themed_reviews())
        target.themes.save(clusters=2)
        before = {
            review.review_id: review.cluster for review in target.search("battery", 99).matches
        }
    local.ingest(write(new="battery charge drains", battery3="battery drains empty word3"))
    assert local.copy("copy.db").kept == 27
    with Corpus.open("copy.db", encoder=FakeEncoder(dimension=32)) as target:
        after = {
            review.review_id: review.cluster for review in target.search("battery", 99).matches
        }
    assert after.pop("new") == after["battery3"] == before["battery3"]
    assert after == before


def test_what_a_copy_knows_is_the_collection_s_or_is_measured_anew(local: Corpus) -> None:
    local.ingest(write(a="A lamp."))
    store = local._session.required()
    store.keep({"relevance": "of the collection", "liking": ""})
    with Corpus.open("copy.db", encoder=FakeEncoder(dimension=32)) as target:
        target.ingest(write(a="A lamp.", z="A bowl."))
        target._session.required().keep({"relevance": "of both", "liking": "of both"})
    found: list[dict[str, str]] = []
    for prune in (False, True):
        local.copy("copy.db", prune=prune)
        with ReviewStore.open("copy.db") as copy:
            found.append(copy.computed)
    assert found == [{}, store.computed]
    assert store.computed["relevance"] == "of the collection"


def test_the_command_tells_what_only_the_other_has(
    local: Corpus, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    local.ingest(write(a="A lamp.", b="A bowl."))
    local.copy("copy.db")
    local.delete("b")
    local.close()
    command: Callable[..., int] = lambda *more: run(["copy", "--to", "copy.db", *more])  # noqa: E731
    assert command() == 0
    said = capsys.readouterr()
    assert "1 review in reviews at copy.db is not in reviews, and stays there" in said.err
    assert command("--prune", "-f", "json") == 0
    said = capsys.readouterr()
    assert '"pruned": 1' in said.out
    assert "stay" not in said.err
