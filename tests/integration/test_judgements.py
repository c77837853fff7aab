"""What a person said of reviews, kept beside the collection, whatever becomes of that."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.errors import InputError, NotFound
from reviewlens.search.judgements import (
    Said,
    drop_judgements,
    hash_of,
    judge,
    judgements_of,
    matter_of,
)
from reviewlens.store import Companion, KeptRow, ReviewStore

BACKENDS = ("lite", "container-auth")
QUERY = "The kettle is loud"
TEXTS = {
    "a": "The kettle is very loud.",
    "b": "A quiet lamp.",
    "c": "It roars like a train.",
    "it's #4": "Lid broke.",
}


def encoder() -> FakeEncoder:
    return FakeEncoder(dimension=32)


@pytest.fixture
def corpus(backend: Backend, collection_name: str, tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(
        backend.uri, collection=collection_name, encoder=encoder(), token=backend.token
    ) as found:
        found.ingest(write(tmp_path))
        yield found


def write(folder: Path, **changed: str) -> Path:
    lines = [f"{name},{text}" for name, text in {**TEXTS, **changed}.items()]
    path = folder / "reviews.csv"
    path.write_text("\n".join(["id,text", *lines]), encoding="utf-8")
    return path


def store_of(corpus: Corpus) -> ReviewStore:
    return corpus._session.required()


def said(**reviews: bool | None) -> list[Said]:
    return [Said(name, says, 0.25, 1) for name, says in reviews.items()]


def answers(corpus: Corpus, query: str = QUERY) -> dict[str, bool | None]:
    return {one.review_id: one.says for one in judgements_of(store_of(corpus), query)}


def moment() -> datetime:
    return datetime(2026, 12, 1, 12, 30, tzinfo=UTC)


def test_judgements_are_read_by_query_with_who_when_and_how_they_were_drawn(
    corpus: Corpus,
) -> None:
    store = store_of(corpus)
    judge(store, QUERY, said(a=True, b=False), who="Ann", now=moment)
    judge(store, "  the KETTLE is\tloud ", [Said("it's #4", None, 0.01, 5)], who="Bo")
    judge(store, "the lamp is dim", said(b=False))
    found = {one.review_id: one for one in judgements_of(store, QUERY)}
    assert {name: one.says for name, one in found.items()} == {
        "a": True,
        "b": False,
        "it's #4": None,
    }
    first, odd = found["a"], found["it's #4"]
    assert (first.who, first.when, first.query) == ("Ann", "2026-12-01T12:30:00Z", QUERY)
    assert (first.probability, first.stratum) == (0.25, 1)
    assert (odd.query, odd.matter) == ("  the KETTLE is\tloud ", "the kettle is loud")
    assert len(judgements_of(store)) == 4


def test_a_later_judgement_takes_the_place_of_an_earlier_one(corpus: Corpus) -> None:
    judge(store_of(corpus), QUERY, said(a=True, c=None))
    judge(store_of(corpus), QUERY.upper(), said(c=True))
    assert answers(corpus) == {"a": True, "c": True}


def test_a_review_whose_text_changed_loses_its_judgement_and_that_is_told(
    corpus: Corpus, tmp_path: Path
) -> None:
    store = store_of(corpus)
    judge(store, QUERY, said(a=True, b=False, c=True))
    corpus.ingest(write(tmp_path, a="The kettle is silent."))
    corpus.delete(["b"])
    found = judgements_of(store_of(corpus), QUERY)
    assert ([one.review_id for one in found], found.changed, found.gone) == (["c"], 1, 1)
    assert found.notes == (
        "1 review has changed since being judged: what was said there does not count any more.",
        "1 judged review is not there any more, and not counted.",
    )
    judge(store_of(corpus), QUERY, said(a=False))
    assert answers(corpus) == {"a": False, "c": True}


def test_judgements_survive_reindex_with_another_encoder(corpus: Corpus) -> None:
    judge(store_of(corpus), QUERY, said(a=True, b=False))
    corpus.reindex(FakeEncoder(dimension=48, name="other", window=12), grace=0)
    assert store_of(corpus).version.endswith("_v2")
    assert answers(corpus) == {"a": True, "b": False}
    assert judgements_of(store_of(corpus), QUERY).changed == 0


def test_what_is_judged_while_a_reindex_runs_is_there_afterwards(corpus: Corpus) -> None:
    steps = iter([("made", "a"), ("ready", "b"), ("swapped", "c")])
    due = next(steps)

    def step(name: str) -> None:
        nonlocal due
        if name == due[0]:
            judge(old, QUERY, said(**{due[1]: True}))
            due = next(steps, ("", ""))

    old = store_of(corpus)
    corpus.reindex(grace=0, on_step=step)
    assert answers(corpus) == {"a": True, "b": True, "c": True}


def test_judgements_survive_an_alias_switch_behind_an_open_corpus(
    corpus: Corpus, backend: Backend, collection_name: str
) -> None:
    old = store_of(corpus)
    judge(old, QUERY, said(a=True))
    with Corpus.open(
        backend.uri, collection=collection_name, encoder=encoder(), token=backend.token
    ) as other:
        other.reindex(grace=0)
    # As a question does it, which is asked again of the version in service.
    corpus._session.ask(lambda lease: judge(lease.store, QUERY, said(b=False)))
    assert store_of(corpus).version != old.version
    assert answers(corpus) == {"a": True, "b": False}


def test_copy_takes_judgements_along_and_the_later_one_stays(
    corpus: Corpus, tmp_path: Path
) -> None:
    judge(store_of(corpus), QUERY, said(a=True, b=False), now=moment)
    corpus.copy(tmp_path / "copy.db")
    with Corpus.open(
        tmp_path / "copy.db", collection=corpus.collection, encoder=encoder()
    ) as other:
        assert answers(other) == {"a": True, "b": False}
        judge(store_of(other), QUERY, said(a=False, c=True))
    corpus.copy(tmp_path / "copy.db")
    with Corpus.open(
        tmp_path / "copy.db", collection=corpus.collection, encoder=encoder()
    ) as other:
        assert answers(other) == {"a": False, "b": False, "c": True}
    corpus.copy(tmp_path / "copy.db", prune=True)
    with Corpus.open(
        tmp_path / "copy.db", collection=corpus.collection, encoder=encoder()
    ) as other:
        assert answers(other) == {"a": False, "b": False}


def test_judgements_are_dropped_by_query_and_by_review(corpus: Corpus) -> None:
    store = store_of(corpus)
    judge(store, QUERY, said(a=True, b=False, c=True))
    judge(store, "dim", said(a=False))
    assert drop_judgements(store, QUERY, ["a", "z"]) == 1
    assert drop_judgements(store, QUERY, []) == 0
    assert answers(corpus) == {"b": False, "c": True}
    assert (drop_judgements(store, QUERY), drop_judgements(store)) == (2, 1)
    assert len(judgements_of(store)) == drop_judgements(store) == 0


def test_judgements_go_with_the_whole_collection_and_are_no_collection(corpus: Corpus) -> None:
    store = store_of(corpus)
    judge(store, QUERY, said(a=True))
    assert [name for name in store.collections() if name.startswith(store.name)] == [store.name]
    client = store._client
    corpus.delete(everything=True)
    assert [name for name in client.list_collections() if name.startswith(store.name)] == []


def test_judgements_are_exported_as_lines_and_rows(corpus: Corpus) -> None:
    judge(store_of(corpus), QUERY, said(a=True, b=None), who="Ann", now=moment)
    found = judgements_of(store_of(corpus))
    lines = [json.loads(line) for line in found.json_lines()]
    assert [(one["review_id"], one["says"], one["who"]) for one in lines] == [
        ("a", True, "Ann"),
        ("b", None, "Ann"),
    ]
    frame = found.to_frame()
    assert list(frame["review_id"]) == ["a", "b"]
    assert {"query", "says", "when", "probability", "stratum"} <= set(frame.columns)


def test_what_cannot_be_judged_is_refused_and_nothing_is_kept(corpus: Corpus) -> None:
    store = store_of(corpus)
    with pytest.raises(NotFound, match="no review 'z'"):
        judge(store, QUERY, said(a=True, z=True))
    with pytest.raises(InputError, match="the query is empty"):
        judge(store, " \n", said(a=True))
    with pytest.raises(InputError, match="outside 0 to 1"):
        judge(store, QUERY, [Said("a", True, 1.5, 0)])
    assert not Companion(store).exists


def test_a_companion_whose_making_was_interrupted_is_completed(corpus: Corpus) -> None:
    from reviewlens.store import companion

    store = store_of(corpus)
    name = f"{store.name}{companion.COMPANION}"
    store._client.create_collection(name, schema=companion._schema(), consistency_level="Strong")
    assert answers(corpus) == {}
    judge(store, QUERY, said(a=True))
    assert answers(corpus) == {"a": True}


@pytest.mark.backends("lite")
def test_what_was_judged_by_a_process_that_was_killed_is_there(
    backend: Backend, tmp_path: Path
) -> None:
    with Corpus.open(backend.uri, encoder=encoder()) as found:
        found.ingest(write(tmp_path))
    script = f"""
        import os
        from reviewlens.search.judgements import Said, judge
        from reviewlens.store import ReviewStore
        store = ReviewStore.open({backend.uri!r})
        judge(store, {QUERY!r}, [Said("a", True, 0.5, 0)])
        os._exit(9)
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert run.returncode == 9
    with Corpus.open(backend.uri, encoder=encoder()) as found:
        assert answers(found) == {"a": True}


def test_rows_of_other_kinds_and_keys_are_apart(corpus: Corpus) -> None:
    companion = Companion(store_of(corpus))
    rows = [KeptRow(kind, key, "p", {"of": key}) for kind in ("x", "y") for key in ("1", "a:b")]
    companion.write(rows)
    assert companion.read("x") == [rows[0], rows[1]]
    assert companion.read("y", "a:b") == [rows[3]]
    companion.remove([rows[0]])
    assert companion.read("x") == [rows[1]]
    assert companion.read("z") == []


def test_matters_are_one_in_whatever_case_and_white_space() -> None:
    assert matter_of(" Ｂattery\n  LIFE ") == "battery life"


def test_hash_tells_title_from_text(corpus: Corpus) -> None:
    head = store_of(corpus).heads(["a"], ("title", "original"))["a"]
    assert hash_of(head) != hash_of(type(head)("a", 0, title=head.original))
