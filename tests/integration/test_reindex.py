"""Reindex: another version beside the one in service, and searches that never notice."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder, Register
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import (
    CollectionMissing,
    CollectionReplaced,
    EncoderError,
    EncoderMismatch,
    UnknownTokens,
)
from reviewlens.search.matches import Matches
from reviewlens.store import FIELDS, ReviewStore, Versions
from reviewlens.themes import saved_themes

WORDS = (
    "lamp",
    "kettle",
    "granola",
    "broken",
    "box",
    "late",
    "refund",
    "battery",
    "noisy",
    "clean",
)
QUERIES = [f"{one} {other}" for one in WORDS for other in WORDS if one < other]
SEARCHES = 1_000
THREADS = 8

Answer = tuple[tuple[str, float], ...]
Answers = dict[str, Answer]


def old_encoder() -> FakeEncoder:
    return FakeEncoder(name="old", dimension=48, window=30)


def new_encoder() -> FakeEncoder:
    # Of the same dimension: Milvus would refuse a query that met vectors of another.
    return FakeEncoder(name="new", dimension=48, window=12)


@pytest.fixture(autouse=True)
def found_by_name(registered: Register) -> None:
    registered("old", old_encoder)
    registered("new", new_encoder)


BACKENDS = ("lite", "container-auth")
ROWS = 45  # of 50 texts on, relevance is measured as well; `corpus` has so many


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("reviews") / "reviews.csv", ROWS)


def write(path: Path, count: int, *, changed: int = -1) -> Path:
    """Write reviews of which every third is of several passages with either encoder."""
    source = random.Random(3)
    lines = ["id,title,text,stars,city"]
    for row in range(count):
        text = ". ".join(" ".join(source.choices(WORDS, k=9)) for _ in range(1 + 5 * (row % 3)))
        more = " and something else" if row == changed else ""
        lines.append(f"{row},Review {row},{text}{more}.,{row % 5 + 1},{['Paris', 'Rome'][row % 2]}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def corpus(backend: Backend, collection_name: str, tmp_path: Path) -> Iterator[Corpus]:
    where = {"collection": collection_name, "token": backend.token}
    with Corpus.open(backend.uri, **where, encoder=old_encoder()) as found:
        found.ingest(write(tmp_path / "reviews.csv", 2 * ROWS))
        yield found


@pytest.fixture(scope="module")
def made(file: Path) -> Path:
    """A database to be copied, with themes and labels."""
    database = file.with_name("made.db")
    with Corpus.open(database, encoder=old_encoder()) as found:
        found.ingest(file)
        found.themes.save(clusters=3)
        found.themes.rename(2, "Mine")
        found.classify(["lamp", "kettle"], write="topic", min_similarity=None)
    return database


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Iterator[Corpus]:
    """A corpus on a copy of it, on Milvus Lite."""
    shutil.copytree(made, tmp_path / "reviews.db")
    with Corpus.open(tmp_path / "reviews.db", encoder=old_encoder()) as found:
        yield found


def answer_of(found: Matches) -> Answer:
    return tuple((match.review_id, match.similarity) for match in found.matches)


def answers(corpus: Corpus) -> Answers:
    found = corpus.search_many(QUERIES, 5, min_similarity=-1.0)
    return {one.query: answer_of(one) for one in found}


def search_on(
    corpus: Corpus, done: threading.Event, first: int, given: list[tuple[str, Answer]]
) -> None:
    """Search, one query after the other, until the work is done; at least for a while."""
    number = first
    while not done.is_set():
        query = QUERIES[number % len(QUERIES)]
        given.append((query, answer_of(corpus.search(query, 5, min_similarity=-1.0))))
        number += 1


# -- searched without interruption -----------------------------------------------------------------


def test_reindex_under_a_thousand_searches_gives_no_error_and_no_mixed_answer(
    corpus: Corpus,
    backend: Backend,
    collection_name: str,
) -> None:
    """Half of the threads share the corpus that is reindexed; the others know nothing of it."""
    old = answers(corpus)
    done = threading.Event()
    given: list[tuple[str, Answer]] = []
    errors: list[BaseException] = []
    where = {"collection": collection_name, "token": backend.token}
    with Corpus.open(backend.uri, **where, encoder=old_encoder()) as other:

        def searching(number: int) -> None:
            try:
                search_on((corpus, other)[number % 2], done, 5 * number, given)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=searching, args=(n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        while len(given) < SEARCHES // 3:
            done.wait(0.05)
        # Without any grace the old version is dropped under the readers that still ask it.
        corpus.reindex(new_encoder(), grace=0.0 if backend.name == "lite" else None)
        after = len(given)
        while len(given) < max(SEARCHES, after + SEARCHES // 4) and not errors:
            done.wait(0.05)
        done.set()
        for thread in threads:
            thread.join()
        new = answers(corpus)
        assert errors == []
        assert len(given) >= SEARCHES
        assert all(old[query] != new[query] for query in QUERIES)
        kinds = Counter(
            "old" if found == old[query] else "new" if found == new[query] else "mixed"
            for query, found in given
        )
        assert set(kinds) == {"old", "new"}
        assert answers(other) == new
        assert other.stats().encoder == "new"


def test_answer_while_the_old_version_is_dropped_is_that_of_the_new_one(own: Corpus) -> None:
    """Each request of a question can be the one that finds the old version gone."""
    with Corpus.open(own.uri, encoder=old_encoder()) as other:
        reading = other._session.required()
        own.reindex(new_encoder(), grace=0)
        assert other._session.owner.store is reading
        found = other.search(QUERIES[0], 5, min_similarity=-1.0, explain=True)
        assert answer_of(found) == answer_of(own.search(QUERIES[0], 5, min_similarity=-1.0))
        assert other.size() == ROWS
        assert other.similar(found.matches[0].review_id, 3).matches


def test_empty_answer_of_a_replaced_version_is_not_believed(own: Corpus) -> None:
    """A server answers with nothing while it drops a collection."""
    store = own._session.required()
    report = own.reindex(
        new_encoder(), grace=0, on_step=lambda step: _empty(store) if step == "swapped" else None
    )
    assert (report.reviews, own.size()) == (ROWS, ROWS)
    assert any(f"none of its {ROWS} reviews is there any more" in note for note in report.notes)


def test_deletion_of_all_before_the_swap_is_carried(own: Corpus) -> None:
    def delete_all(step: str) -> None:
        if step == "themes written":
            own.delete(own.where(rating="1..5"))

    report = own.reindex(new_encoder(), grace=0, on_step=delete_all)
    assert (report.reviews, own.size(), report.notes) == (0, 0, ())


def test_version_that_another_process_drops_is_not_replaced_by_nothing(own: Corpus) -> None:
    def drop(step: str) -> None:
        if step == "ready":
            with Corpus.open(own.uri) as other:
                other.delete(everything=True)

    with pytest.raises(CollectionReplaced):
        own.reindex(new_encoder(), grace=0, on_step=drop)
    with pytest.raises(CollectionMissing):
        own.size()


def _empty(store: ReviewStore) -> None:
    store._client.delete(store.version, filter='id != ""')
    vector = old_encoder().encode_queries(["lamp"])
    with pytest.raises(CollectionReplaced, match="was rebuilt while this ran"):
        store.search(vector, 5)
    with pytest.raises(CollectionReplaced):
        store.count()


def test_reader_that_was_opened_with_an_encoder_is_refused_when_it_never_was_the_right_one(
    own: Corpus,
) -> None:
    own.reindex(new_encoder(), grace=0)
    with (
        Corpus.open(own.uri, encoder=old_encoder()) as other,
        pytest.raises(EncoderMismatch, match="made with the encoder new"),
    ):
        other.search("lamp")


# -- what goes along -------------------------------------------------------------------------------


def test_everything_but_the_vectors_goes_along(own: Corpus, file: Path, tmp_path: Path) -> None:
    before, themes = _rows(own), own.themes.list()
    report = own.reindex(new_encoder(), grace=0)
    assert (report.encoder_before, report.encoder, report.dimension) == ("old", "new", 48)
    assert (report.reviews, report.reused, report.inexact) == (ROWS, 0, 0)
    assert report.passages >= report.encoded > ROWS
    assert _rows(own) == before
    now = own.themes.list()
    assert [(one.cluster, one.label, one.reviews) for one in now.themes] == [
        (one.cluster, one.label, one.reviews) for one in themes.themes
    ]
    assert {"Mine"} == {one.name for one in now.themes if one.name}
    assert own.where("topic=lamp", "city=Paris").size() > 0
    again = own.ingest(file)
    assert (again.unchanged, again.encoded) == (ROWS, 0)
    more = own.ingest(write(tmp_path / "more.csv", ROWS + 3))
    assert more.indexed == 3
    assert own.where(cluster=[0, 1, 2]).size() == own.size() == ROWS + 3


TEMPLATE = "{title} |\n\n {text} from {city}"


@pytest.fixture(scope="module")
def made_of_templates(file: Path) -> Path:
    """A database, to be copied, of long reviews that a template made, and of truncated ones."""
    database = file.with_name("templated.db")
    with Corpus.open(database, encoder=old_encoder()) as found:
        found.ingest(file, text_template=TEMPLATE)
        found.ingest(file, source="cut", long="truncate")
    return database


@pytest.fixture
def templated(made_of_templates: Path, tmp_path: Path) -> Iterator[Corpus]:
    """A corpus on a copy of it."""
    shutil.copytree(made_of_templates, tmp_path / "templated.db")
    with Corpus.open(tmp_path / "templated.db", encoder=old_encoder()) as found:
        yield found


def again(corpus: Corpus, file: Path) -> tuple[int, int]:
    """Return how many reviews of the two ingests are as they were, once more."""
    return (
        corpus.ingest(file, text_template=TEMPLATE).unchanged,
        corpus.ingest(file, source="cut", long="truncate").unchanged,
    )


def test_what_an_ingest_was_made_with_is_kept_and_goes_along(templated: Corpus, file: Path) -> None:
    # So narrow that each is cut behind the title, where the template has line ends.
    narrow = FakeEncoder(name="narrow", dimension=48, window=4)
    for encoder in (narrow, new_encoder()):
        report = templated.reindex(encoder, grace=0)
        assert (report.inexact, report.notes) == (0, ())
    kept = templated._session.required().made_with
    assert kept.window == 12
    assert [kept.sources[name]["long"] for name in ("", "cut")] == ["split", "truncate"]
    assert kept.sources[""]["text_template"] == TEMPLATE
    assert kept.sources[""]["columns"]["rating"] == "stars"
    assert again(templated, file) == (ROWS, ROWS)


@pytest.mark.parametrize("lost", [False, True])
def test_reviews_of_an_earlier_version_are_told_by_their_hashes_or_said_not_to_be(
    templated: Corpus, file: Path, registered: Register, *, lost: bool
) -> None:
    """Without the encoder that they were ingested with, no hash can be compared; that a review was
    cut off, its counts of tokens tell."""
    narrow = FakeEncoder(name="narrow", dimension=48, window=4)
    templated.reindex(narrow, grace=0)
    store = templated._session.required()
    rows = [row for page in store.scan(FIELDS, base="") for row in page]
    store.upsert(replace(row, made=None) for row in rows)
    store.keep({"made": "{}"})
    templated.close()
    registered("narrow", _no_encoder if lost else lambda: narrow)
    with Corpus.open(templated.uri) as corpus:
        report = corpus.reindex(new_encoder(), grace=0)
        assert report.inexact == (2 * ROWS if lost else ROWS)
        assert f"{report.inexact} reviews is not kept to the letter" in report.notes[0]
        assert again(corpus, file) == (0, ROWS)


def _no_encoder() -> FakeEncoder:
    raise EncoderError("it is gone")


def _rows(corpus: Corpus) -> list[tuple[object, ...]]:
    fields = ("original", "title", "rating", "time", "language", "cluster", "extra")
    pages = corpus._session.required().scan(fields)
    return [
        (row.review_id, *(getattr(row, name) for name in fields)) for page in pages for row in page
    ]


def test_own_encoder_again_keeps_vectors_and_encodes_nothing(own: Corpus) -> None:
    before, old = _rows(own), answers(own)
    store = own._session.required()
    themes = saved_themes(store)
    encoder = own._session.encoder_for(store)
    calls = encoder.calls  # type: ignore[attr-defined]
    report = own.reindex()
    assert (report.encoded, report.reused) == (0, report.passages)
    assert own._session.required().version == "reviews_v2"
    assert encoder.calls == calls  # type: ignore[attr-defined]
    assert _rows(own) == before
    for query, found in answers(own).items():
        assert [name for name, _ in found] == [name for name, _ in old[query]]
        assert [one for _, one in found] == pytest.approx([one for _, one in old[query]], abs=2e-6)
    saved = saved_themes(own._session.required())
    assert themes is not None
    assert saved is not None
    assert [one.centres.tolist() for one in saved.themes] == [
        one.centres.tolist() for one in themes.themes
    ]
    listed = own._session.required()._client.list_collections()
    assert sorted(listed) == ["reviews_v2", "reviews_v2__themes__main_v1"]


def test_what_holds_for_the_encoder_alone_stays_behind(own: Corpus) -> None:
    own._session.required().keep({"floor.en": "0.4", "liking": "x", "other": "y"})
    own.reindex(grace=0)
    kept = own._session.required().properties
    assert (kept["floor.en"], kept["liking"], kept["other"]) == ("0.4", "x", "y")
    own.reindex(new_encoder(), grace=0)
    kept = own._session.required().properties
    assert ("floor.en" in kept, "liking" in kept, kept["other"]) == (False, False, "y")


def test_collection_of_the_users_that_has_the_next_name_is_left_alone(
    own: Corpus, file: Path
) -> None:
    with Corpus.open(own.uri, collection="reviews_v2", encoder=old_encoder()) as other:
        other.ingest(file)
    own.reindex(grace=0)
    assert own._session.required().version == "reviews_v3"
    with Corpus.open(own.uri, collection="reviews_v2") as other:
        assert other.size() == ROWS


def test_collection_of_no_reviews_is_rebuilt_too(own: Corpus, file: Path) -> None:
    own.delete(own.where(rating="1..5"))
    assert own.reindex(new_encoder(), grace=0).reviews == 0
    assert own.ingest(file).indexed == ROWS


def test_collection_that_was_rebuilt_can_be_deleted_whole(own: Corpus) -> None:
    own.reindex(grace=0)
    client = own._session.required()._client
    Versions(own._session.required()).begin(
        own._session.required().pin, {}, analyzer="standard"
    )  # as of a run that was killed
    own.delete(everything=True)
    assert client.list_collections() == []


# -- writes meanwhile ------------------------------------------------------------------------------


@pytest.mark.usefixtures("reindexed_by_fifteen")
def test_what_is_ingested_deleted_and_labelled_meanwhile_is_not_lost(
    own: Corpus, tmp_path: Path
) -> None:
    passed: Counter[str] = Counter()

    def on_step(step: str) -> None:
        passed[step] += 1
        if step == "heads written" and passed[step] == 2:
            with Corpus.open(own.uri, encoder=old_encoder()) as other:
                other.ingest(write(tmp_path / "more.csv", ROWS + 3, changed=3))
                other.delete(["5"])
                other.classify(["clean", "noisy"], write="state", min_similarity=None)
                other.themes.rename(1, "Yours")
        if step == "swapped":
            assert own.size() == ROWS + 2  # from the first moment on

    report = own.reindex(new_encoder(), grace=0, on_step=on_step)
    assert report.reviews == own.size() == ROWS + 2
    changed = own._session.required().heads(["3"], ("original",))["3"]
    assert changed.original.endswith("and something else.")
    assert own.where("state=clean,noisy").size() == ROWS + 2
    assert {one.name for one in own.themes.list().themes} == {"", "Mine", "Yours"}


def test_write_under_way_at_the_swap_is_carried_over_and_the_next_is_refused(own: Corpus) -> None:
    store = own._session.required()
    head = next(iter(store.scan(("text", "vector", "original", "content_hash"))))[0]

    def on_step(step: str) -> None:
        if step == "swapped":  # it had asked which version is in service just before
            row = {**_encoded(head), "id": "late#0", "review_id": "late"}
            store._client.upsert(store.version, [row])
            with pytest.raises(CollectionReplaced, match="run the command again"):
                store.upsert([head])

    own.reindex(new_encoder(), grace=0, on_step=on_step)
    assert own.where(ids="late").size() == 1


def _encoded(row: Any) -> dict[str, Any]:
    from reviewlens.store.schema import encode_row

    return encode_row(row)


def test_long_lived_writer_goes_on_with_the_new_version(
    own: Corpus, file: Path, tmp_path: Path
) -> None:
    with Corpus.open(own.uri, encoder=old_encoder()) as other:
        assert other.size() == ROWS
        own.reindex(new_encoder(), grace=1.2)  # longer than a store goes without looking
        report = other.ingest(write(tmp_path / "more.csv", ROWS + 2))
        assert (report.unchanged, report.indexed, report.encoder) == (ROWS, 2, "new")
        other.themes.rename(0, "First")
    assert own.themes.list().themes


# -- refusals and the command ----------------------------------------------------------------------


def test_encoder_that_cannot_read_the_reviews_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    (tmp_path / "reviews.csv").write_text("text\n灯很亮\n水壶漏水\n很好", encoding="utf-8")
    with Corpus.open(tmp_path / "reviews.db", encoder=old_encoder()) as corpus:
        corpus.ingest(tmp_path / "reviews.csv", force=True)
        with pytest.raises(UnknownTokens, match="new does not know 100% of the tokens"):
            corpus.reindex(new_encoder())
        assert corpus._session.required()._client.list_collections() == ["reviews_v1"]
        assert corpus.reindex(new_encoder(), force=True, grace=0).encoder == "new"


def test_command_reindexes_and_says_what_became(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    database = shutil.copytree(made, tmp_path / "reviews.db")
    assert run(["--uri", str(database), "reindex", "--encoder", "new", "-f", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["encoder"], report["reviews"], report["resumed"]) == ("new", ROWS, False)
    assert (
        run(
            [
                "--uri",
                str(database),
                "search",
                "broken kettle",
                "--min-similarity",
                "-1",
                "-f",
                "json",
            ]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["matches"]
    assert run(["--uri", str(database), "reindex"]) == 0
    shown = capsys.readouterr().out
    assert "reviews rebuilt in" in shown
    assert "new, 48 dimensions" in shown
    assert run(["--uri", str(tmp_path / "none.db"), "reindex"]) == 1
    assert "there is no database" in capsys.readouterr().err
