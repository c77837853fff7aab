"""Stored reviews that something has changed: `doctor` tells and mends, an ingest makes whole.

What changes a byte of a file that Milvus Lite wrote with checksums is told when it is read. Files
of earlier versions have none, and a server's rows can be written by any client.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from fakes import FakeEncoder, Register
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.results import Check
from reviewlens.store import FIELDS, StoredPassage
from reviewlens.store.schema import encode_row
from reviewlens.upkeep.damage import check_reviews

WORDS = ("lamp", "kettle", "granola", "broken", "box", "late", "refund", "battery", "noisy")


def encoder() -> FakeEncoder:
    return FakeEncoder(name="checked", dimension=32, window=20)


ROWS = 45  # of 50 texts on, relevance would be measured as well


def write(path: Path, count: int = ROWS) -> Path:
    """Write reviews of which every third is long, on a scale whose stars are no short numbers."""
    lines = ["id,title,text,rating,date,city,topic,topic.confidence"]
    for row in range(count):
        text = ". ".join(" ".join(WORDS[(row + n) % 6 :][:4]) for n in range(1 + 3 * (row % 3)))
        lines.append(
            f'r{row},Title {row},"{text} & <b>number</b> {row}.\n\nThe end.",{row % 10 + 1},'
            f"2024-01-{row % 28 + 1:02},{['Paris', 'Rome'][row % 2]},own,0.5"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "reviews.csv")


@pytest.fixture
def corpus(backend: Backend, collection_name: str, file: Path) -> Iterator[Corpus]:
    where = {"collection": collection_name, "token": backend.token}
    with Corpus.open(backend.uri, **where, encoder=encoder()) as found:
        found.ingest(file)
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of them, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    with Corpus.open(folder / "reviews.db", encoder=encoder()) as found:
        found.ingest(write(folder / "reviews.csv"))
    return folder / "reviews.db"


@pytest.fixture
def own(made: Path, tmp_path: Path, file: Path) -> Iterator[Corpus]:
    """The same on Milvus Lite alone."""
    shutil.copytree(made, tmp_path / "reviews.db")
    with Corpus.open(tmp_path / "reviews.db", encoder=encoder()) as found:
        yield found


def checked(corpus: Corpus, *, mend: bool = False) -> Check:
    [check] = [
        one
        for one in corpus.diagnose(reviews=True, mend=mend).checks
        if one.name == "Stored reviews"
    ]
    return check


def rows(corpus: Corpus) -> dict[str, StoredPassage]:
    found = [row for page in corpus._session.required().scan(FIELDS, base="") for row in page]
    return {f"{row.review_id}#{row.passage}": row for row in found}


def change(corpus: Corpus, *keys: str, **fields: Any) -> None:
    """Write changed rows past our code."""
    store = corpus._session.required()
    found = store.get(keys, FIELDS)
    assert len(found) == len(keys)
    store._client.upsert(
        store.version, [encode_row(replace(one, **fields)) for one in found.values()]
    )


def assert_same(corpus: Corpus, before: dict[str, StoredPassage]) -> None:
    now = rows(corpus)
    assert now.keys() == before.keys()
    for key, row in now.items():
        wanted = before[key]
        assert replace(row, vector=None) == replace(wanted, vector=None)
        assert row.vector is not None
        assert wanted.vector is not None
        assert np.allclose(row.vector, wanted.vector, atol=1e-6)


# -- what is whole is not doubted ------------------------------------------------------------------


def test_reviews_that_are_as_they_were_ingested_are_sound(corpus: Corpus, file: Path) -> None:
    check = checked(corpus)
    assert (check.state, check.cure) == ("ok", "")
    assert re.match(
        rf"{ROWS} reviews compared with their hashes and vectors in \d+\.\d s; the texts of \d+ "
        r"embedded again, which gives vectors of similarity 1\.0000 or more$",
        check.found,
    )
    assert "Stored reviews" not in {one.name for one in corpus.diagnose().checks}


@pytest.mark.backends("lite", "container-auth")
def test_damage_is_told_and_cured_on_a_server_too(corpus: Corpus, file: Path) -> None:
    assert checked(corpus).state == "ok"
    before = rows(corpus)
    change(corpus, "r0#0", "r5#1", text="goof")
    change(corpus, "r1#0", original="goof")
    assert "2 reviews (r0, r5) damaged" in checked(corpus).found
    assert "marked for the next ingest: 1 review (r1)" in checked(corpus, mend=True).found
    assert corpus.ingest(file).updated == 1
    assert_same(corpus, before)
    assert checked(corpus).state == "ok"


def test_labels_themes_templates_and_both_treatments_are_sound(own: Corpus, tmp_path: Path) -> None:
    own.ingest(write(tmp_path / "t.csv"), source="t", text_template="{city} |\n\n {Text}: {title} ")
    own.ingest(write(tmp_path / "c.csv"), source="c", long="truncate", rating_scale="1..20")
    own.themes.save(clusters=3)
    own.classify(["lamp", "kettle"], write="kind", min_similarity=None)
    check = checked(own)
    assert (check.state, check.found[:20]) == ("ok", f"{3 * ROWS} reviews compared")
    assert "earlier version" not in check.found
    before = rows(own)
    mended = checked(own, mend=True)
    assert (mended.state, mended.cure) == ("ok", "")
    assert_same(own, before)


def test_reviews_of_a_reindexed_collection_are_sound(own: Corpus) -> None:
    own.reindex(FakeEncoder(name="new", dimension=32, window=9), grace=0)
    assert checked(own).state == "ok"
    assert own._session.required().made_with.window == 9


# -- damage and its cure ---------------------------------------------------------------------------


DAMAGES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "text": (("r0#0",), {"text": "Title: Title 0; Content: lamp is goof"}),
    "passage": (("r5#1",), {"text": "kettle granola"}),
    "hash": (("r3#0",), {"content_hash": "0" * 32 + "." + "1" * 32}),
    "vector": (("r5#2", "r6#0"), {"vector": np.full(32, 0.5, dtype=np.float32)}),
    "title of a passage": (("r5#1",), {"title": "Other"}),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_the_rest_of_a_review_tells_is_mended_at_once(own: Corpus, what: str) -> None:
    before = rows(own)
    keys, fields = DAMAGES[what]
    if what == "hash":
        shaping, _, others = before["r3#0"].content_hash.partition(".")
        fields = {"content_hash": f"{shaping[::-1]}.{others}"}
    change(own, *keys, **fields)
    check = checked(own)
    assert check.state == "trouble"
    assert "doctor --mend" in check.cure
    for key in keys:
        assert key.partition("#")[0] in check.found
    mended = checked(own, mend=True)
    assert mended.state == "ok"
    assert "made again or embedded anew" in mended.found
    assert_same(own, before)
    assert checked(own).state == "ok"


LOST: dict[str, tuple[dict[str, Any], int]] = {
    "text and original": ({"text": "goof", "original": "goof"}, 1),
    "text and hash": ({"text": "goof", "content_hash": "0" * 32 + "." + "1" * 32}, 1),
    "original": ({"original": "goof"}, 0),
    "author and date": ({"author": "Eve", "time": 5}, 0),
    "stars": ({"rating": 1.5}, 0),
    "city": ({"extra": {"city": "Oslo", "topic": "own", "topic.confidence": "0.5"}}, 0),
}


@pytest.mark.parametrize("what", LOST)
def test_what_nothing_stored_tells_is_made_whole_by_the_next_ingest(
    own: Corpus, file: Path, what: str
) -> None:
    before = rows(own)
    fields, encoded = LOST[what]
    change(own, "r0#0", **fields)
    check = checked(own)
    assert check.state == "trouble"
    assert "1 review (r0)" in check.found
    assert "doctor --mend" in check.cure
    mended = checked(own, mend=True)
    assert mended.state == "trouble"
    assert "marked for the next ingest: 1 review (r0)" in mended.found
    assert "Ingest their files again" in mended.cure
    waiting = checked(own)
    assert waiting.state == "trouble"
    assert "1 review (r0) found damaged before" in waiting.found
    report = own.ingest(file)
    assert (report.updated, report.unchanged, report.encoded) == (1, ROWS - 1, encoded)
    assert_same(own, before)
    assert checked(own).state == "ok"


def test_ingest_alone_does_not_find_a_changed_text(own: Corpus, file: Path) -> None:
    """It compares hashes, and would read all texts otherwise."""
    change(own, "r0#0", text="goof", original="goof")
    assert own.ingest(file).unchanged == ROWS


def test_byte_that_changed_in_a_file_without_checksums_is_told_and_cured(
    tmp_path: Path, file: Path
) -> None:
    database = tmp_path / "earlier.db"
    with Corpus.open(database, encoder=encoder()) as corpus:
        corpus.ingest(file)
        before = rows(corpus)
    flipped = 0
    for path in database.rglob("data/*.parquet"):
        # As an earlier version has written it.
        table = parquet.read_table(path)
        parquet.write_table(table, path, compression="none", use_dictionary=False)
        content = path.read_bytes()
        place = content.rfind(b"number 17.")
        if place >= 0:
            flipped += 1
            path.write_bytes(content[:place] + b"l" + content[place + 1 :])
    assert flipped
    with Corpus.open(database, encoder=encoder()) as corpus:
        assert "lumber 17." in rows(corpus)["r17#0"].original + rows(corpus)["r17#2"].text
        assert "r17" in checked(corpus).found
        checked(corpus, mend=True)
        corpus.ingest(file)
        assert_same(corpus, before)
        assert checked(corpus).state == "ok"


def test_vector_of_another_text_is_found_in_the_sample_and_all_are_mended(own: Corpus) -> None:
    before = rows(own)
    vector = before["r1#0"].vector
    change(own, *(key for key in before if key.endswith("#0")), vector=vector)
    check = checked(own)
    assert check.state == "trouble"
    assert "with a vector that is not that of the text" in check.found
    assert checked(own, mend=True).state == "ok"
    assert_same(own, before)


def test_review_of_an_interrupted_ingest_is_noted(own: Corpus, file: Path) -> None:
    before = rows(own)
    own._session.required().delete(["r5#1"])
    check = checked(own)
    assert check.state == "note"
    assert "1 review (r5) not whole" in check.found
    assert own.ingest(file).updated == 1
    assert_same(own, before)


def test_reviews_are_compared_page_by_page(own: Corpus) -> None:
    before = rows(own)
    change(own, "r0#0", "r44#0", text="goof")
    told: list[tuple[str, int, int]] = []
    check = check_reviews(
        own._session.required(),
        encoder(),
        mend=True,
        reviews_at_once=7,
        on_progress=lambda *told_: told.append(told_),
    )
    assert "2 reviews (r0, r44) damaged" in check.found
    assert [done for _, done, _ in told] == [7, 14, 21, 28, 35, 42, 45]
    assert_same(own, before)


# -- collections of earlier versions ---------------------------------------------------------------


def make_earlier(corpus: Corpus) -> None:
    """Leave of a collection what an earlier version would have made."""
    store = corpus._session.required()
    found = [replace(row, made=None) for row in rows(corpus).values()]
    store._client.upsert(store.version, [encode_row(row) for row in found])
    store.keep({"made": "{}"})


def test_collection_of_an_earlier_version_is_compared_as_far_as_it_can_be(
    own: Corpus, tmp_path: Path
) -> None:
    own.ingest(write(tmp_path / "t.csv"), source="t", text_template="{city} |\n\n {Text}")
    own.ingest(write(tmp_path / "c.csv"), source="c", long="truncate")
    make_earlier(own)
    check = checked(own)
    assert check.state == "ok"
    assert re.search(r"; \d+ of an earlier version cannot be compared in all fields", check.found)
    before = rows(own)
    change(own, "r0#0", "r5#1", "c:r2#0", text="goof")
    assert "3 reviews (c:r2, r0, r5) damaged" in checked(own).found
    assert checked(own, mend=True).state == "ok"
    assert {key: row.text for key, row in rows(own).items()} == {
        key: row.text for key, row in before.items()
    }


# -- the command -----------------------------------------------------------------------------------


def test_command_tells_and_mends(
    own: Corpus, registered: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    change(own, "r0#0", text="goof")
    own.close()
    registered(encoder().name, encoder)
    said = command(own, capsys, "--reviews", "-f", "json", status=1)
    assert json.loads(said)["checks"][-1]["state"] == "trouble"
    said = " ".join(command(own, capsys, "--mend").split())
    assert "made again or embedded anew: 1 review (r0)" in said
    assert f"{ROWS} reviews compared" in command(own, capsys, "--reviews")
    assert "Stored reviews" not in command(own, capsys)


def command(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0
) -> str:
    assert run(["--uri", corpus.uri, "doctor", *arguments]) == status
    return capsys.readouterr().out


def test_nothing_is_mended_without_the_encoder(
    own: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(own, "r0#0", text="goof")
    own.close()
    with Corpus.open(own.uri, encoder=FakeEncoder(name="another", dimension=32)) as other:
        check = checked(other)
        assert "no text embedded again, for the encoder cannot be had" in check.found
        assert "1 review (r0) damaged" in check.found
        refused = checked(other, mend=True)
        assert refused.state == "trouble"
        assert "nothing is mended without the encoder: the collection" in refused.found


def test_without_a_collection_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "none.db", encoder=encoder()) as corpus:
        assert corpus.diagnose(reviews=True, mend=True).healthy
    assert list(tmp_path.iterdir()) == []
