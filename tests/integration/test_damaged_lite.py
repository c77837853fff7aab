"""A damaged Milvus Lite directory: the answer is right, or it is told what is wrong, and the cure.

The directory has rows in two files, deletions, an index, saved themes, and writes that were not
flushed, as a process that was killed leaves them.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from milvus_lite.db import MilvusLite

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import CollectionMissing, ReviewLensError, StoreError
from reviewlens.store import ReviewStore, lite_repair

DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "truncated": lambda content: content[: len(content) // 2],
    "flipped": lambda content: flipped(content, 0.8),
    "empty": lambda _: b"",
    **{
        f"flipped at {percent} %": lambda content, percent=percent: flipped(content, percent / 100)
        for percent in range(1, 100, 4)
    },
}
FAST = ("missing", "truncated", "flipped")
FILES = {
    "names": "aliases.json",
    "schema": "collections/reviews_v1/schema.json",
    "list of files": "collections/reviews_v1/manifest.json",
    "older list of files": "collections/reviews_v1/manifest.json.prev",
    "rows": "collections/reviews_v1/partitions/_default/data/*.parquet",
    "deletions": "collections/reviews_v1/partitions/_default/delta/*.parquet",
    "index": "collections/reviews_v1/partitions/_default/indexes/*.idx",
    "log of rows": "collections/reviews_v1/wal/wal_data_*.arrow",
    "themes' schema": "collections/reviews__themes__*/schema.json",
    "themes' list of files": "collections/reviews__themes__*/manifest.json",
    "themes' rows": "collections/reviews__themes__*/partitions/_default/data/*.parquet",
}
# What nothing tells: the log is there only after a process was killed, and has no checksums.
UNTOLD = {("log of rows", "missing"), ("log of rows", "flipped")}

Answer = tuple[object, ...]


def flipped(content: bytes, where: float) -> bytes:
    place = int(where * len(content))
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def open_corpus(path: Path) -> Corpus:
    return Corpus.open(path, encoder=FakeEncoder(dimension=16))


def write(path: Path, start: int, stop: int, words: str) -> Path:
    lines = [f"{n},The {words} number {n} is broken,{n % 5 + 1}\n" for n in range(start, stop)]
    path.write_text("id,text,stars\n" + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    with open_corpus(folder / "open.db") as corpus:
        corpus.ingest(write(folder / "a.csv", 0, 30, "lamp"))
        corpus.themes.save(clusters=2)
        corpus.ingest(write(folder / "b.csv", 10, 40, "kettle"))
        corpus.delete(["3", "17"])
        store = corpus._session.required()
        rows = list(store.heads(["0"], ("text", "original", "content_hash", "vector")).values())
        store.upsert(rows)
        shutil.copytree(folder / "open.db", folder / "made.db")
    return folder / "made.db"


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "reviews.db"))


@pytest.fixture(scope="module")
def right(made: Path) -> Answer:
    copy = made.with_name("right.db")
    return answer(Path(shutil.copytree(made, copy)))


def answer(database: Path) -> Answer:
    with open_corpus(database) as corpus:
        store = corpus._session.required()
        rows = [row for page in store.scan(("text", "cluster", "vector")) for row in page]
        matches = corpus.search("broken kettle", 5, mode="dense", min_similarity=-1.0).matches
        return (
            [(row.review_id, row.text, row.cluster, row.vector.tobytes()) for row in rows],  # type: ignore[union-attr]
            [(match.review_id, match.similarity) for match in matches],
            [(theme.cluster, theme.label, theme.reviews) for theme in corpus.themes.list().themes],
        )


def found(database: Path, kind: str) -> list[Path]:
    paths = sorted(database.glob(FILES[kind]))
    assert paths
    return paths


def damage(path: Path, how: str) -> None:
    content = DAMAGES[how](path.read_bytes())
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


# -- every file, every damage --------------------------------------------------------------------


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=[] if how in FAST else pytest.mark.slow) for how in DAMAGES]
)
@pytest.mark.parametrize("kind", FILES)
def test_damage_is_told_or_the_answer_is_right(
    database: Path, right: Answer, kind: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    if (kind, how.partition(" ")[0]) in UNTOLD:
        pytest.skip("nothing tells of it")
    damage(found(database, kind)[-1], how)
    try:
        given = answer(database)
    except ReviewLensError:
        return
    # What Milvus Lite logs is shown to nobody.
    notes = [record for record in caplog.records if record.name.startswith("reviewlens.")]
    assert notes or given == right


# -- the cures -----------------------------------------------------------------------------------


def told(database: Path) -> str:
    with pytest.raises(StoreError) as error:
        answer(database)
    return str(error.value)


def refused(database: Path) -> str:
    """Return what is said of a database, of which nothing may be touched."""
    before = contents(database)
    said = told(database)
    assert contents(database).items() >= before.items()
    return said


def contents(database: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in database.rglob("*") if path.is_file()}


@pytest.mark.parametrize("how", ["missing", "truncated"])
def test_older_list_of_files_is_not_taken_in_silence(
    database: Path, right: Answer, how: str
) -> None:
    """Milvus Lite would remove what the older one does not name, and deleted reviews be back."""
    (manifest,) = found(database, "list of files")
    damage(manifest, how)
    said = refused(database)
    assert "manifest.json.prev, and remove " in said
    assert "deletions (reviews that were deleted or replaced come back)" in said
    assert mend(said) == 0
    assert answer(database) == right


def mend(said: str) -> int:
    return lite_repair.main(said.rsplit("lite_repair ", 1)[1].split())


def test_without_any_list_of_files_nothing_is_removed(database: Path, right: Answer) -> None:
    for kind in ("list of files", "older list of files"):
        found(database, kind)[0].unlink()
    said = refused(database)
    assert re.search(r"remove \d files of data with \d+ passages and \d list", said)
    assert mend(said) == 0
    assert answer(database) == right


def test_list_of_files_is_not_made_again_under_an_open_database(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = MilvusLite(str(database))
    assert lite_repair.main([str(database / "collections" / "reviews_v1")]) == 1
    assert "is open in another process" in capsys.readouterr().err
    lock.close()
    assert lite_repair.main([str(database)]) == 1
    assert "is no folder of a Milvus Lite collection" in capsys.readouterr().err


def test_lost_deletions_bring_no_review_back_in_silence(database: Path) -> None:
    found(database, "deletions")[0].unlink()
    assert "without which reviews that were deleted or replaced come back" in refused(database)


def test_damaged_index_is_told_and_made_again(database: Path, right: Answer) -> None:
    damage(found(database, "index")[-1], "truncated")
    said = told(database)
    assert "the data are whole" in said
    for path in said.rsplit("(rm ", 1)[1].rstrip(")").split():
        Path(path).unlink(missing_ok=True)  # Milvus Lite may have put its rows elsewhere meanwhile
    assert answer(database) == right


def test_reviews_of_a_lost_file_are_ingested_again(database: Path, right: Answer) -> None:
    lost = found(database, "rows")[-1]
    lost.unlink()
    said = refused(database)
    assert f"{lost} is missing: up to " in said
    (manifest,) = found(database, "list of files")
    listed = json.loads(manifest.read_text())
    del listed["crc32"]
    listed["partitions"]["_default"]["data_files"].remove(f"data/{lost.name}")
    manifest.write_text(json.dumps(listed))
    with open_corpus(database) as corpus:
        corpus.ingest(write(database.with_name("b.csv"), 10, 40, "kettle"))
        corpus.delete(["17"])
    texts = [(row[0], row[1]) for row in answer(database)[0]]  # type: ignore[index,attr-defined]
    assert texts == [(row[0], row[1]) for row in right[0]]  # type: ignore[index,attr-defined]


def test_number_of_the_last_write_that_is_too_low_is_refused(database: Path, right: Answer) -> None:
    (manifest,) = found(database, "list of files")
    listed = json.loads(manifest.read_text())
    del listed["crc32"]  # as of before there was one
    last, listed["current_seq"] = listed["current_seq"], 5
    manifest.write_text(json.dumps(listed))
    assert f"set current_seq in it to {last}" in refused(database)
    manifest.write_text(json.dumps({**listed, "current_seq": last}))
    assert answer(database) == right


def test_lost_names_are_told_and_put_back(database: Path, right: Answer) -> None:
    found(database, "names")[0].unlink()
    said = told(database)
    assert "reviews_v1, but the name 'reviews' that stood for them is lost" in said
    names = said[said.index("{") : said.index("}") + 1]
    (database / "aliases.json").write_text(names, encoding="utf-8")
    assert answer(database) == right


def test_damage_elsewhere_keeps_no_collection_from_being_asked(database: Path) -> None:
    with Corpus.open(database, collection="other", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(write(database.with_name("o.csv"), 0, 25, "other"))
    damage(found(database, "list of files")[0], "truncated")
    before = contents(database / "collections" / "reviews_v1")
    with Corpus.open(database, collection="other", encoder=FakeEncoder(dimension=16)) as corpus:
        assert corpus.size() == 25
        corpus.themes.save(clusters=2)
    with (
        Corpus.open(database, collection="none") as corpus,
        pytest.raises(CollectionMissing, match="found other, reviews"),
    ):
        corpus.size()
    assert contents(database / "collections" / "reviews_v1") == before


# -- nothing that holds data is removed ----------------------------------------------------------


@pytest.mark.parametrize("lost", ["schema", "names"])
def test_ingest_removes_no_reviews_that_milvus_lite_does_not_see(
    database: Path, right: Answer, lost: str
) -> None:
    (path,) = found(database, lost)
    kept = path.read_bytes()
    path.unlink()
    with (
        open_corpus(database) as corpus,
        pytest.raises(StoreError, match=r"aliases\.json|nothing was removed"),
    ):
        corpus.ingest(write(database.with_name("b.csv"), 10, 40, "kettle"))
    path.write_bytes(kept)
    assert answer(database) == right


def test_empty_folder_of_a_killed_first_ingest_is_in_nobodys_way(tmp_path: Path) -> None:
    folder = tmp_path / "reviews.db" / "collections" / "reviews_v1"
    (folder / "wal").mkdir(parents=True)
    (folder / "schema.json.tmp").write_text("{")
    with open_corpus(tmp_path / "reviews.db") as corpus:
        assert corpus.ingest(write(tmp_path / "a.csv", 0, 3, "lamp")).indexed == 3


@pytest.mark.parametrize("gone", ["schema", "rows"])
def test_removal_that_was_interrupted_is_finished(
    database: Path, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: str, **_: object) -> None:
        found(database, gone)[0].unlink()
        raise OSError("killed")

    with open_corpus(database) as corpus:
        corpus.size()
        monkeypatch.setattr("milvus_lite.db.shutil.rmtree", interrupted)
        with pytest.raises(StoreError):
            corpus._session.required().drop()
        monkeypatch.undo()
    with open_corpus(database) as corpus:
        with pytest.raises(CollectionMissing):
            corpus.size()
        assert corpus.ingest(write(database.with_name("c.csv"), 0, 3, "lamp")).indexed == 3
        assert corpus.size() == 3


def test_collection_made_after_a_removal_that_failed_stays(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    (path / "collections").mkdir(parents=True)
    with open_corpus(path) as corpus:
        with pytest.raises(CollectionMissing):
            corpus.size()
        (path / "collections" / "reviews_v1.dropping").touch()
        corpus.ingest(write(tmp_path / "a.csv", 0, 3, "lamp"))
    with open_corpus(path) as corpus:
        assert corpus.size() == 3


def test_set_of_themes_in_use_that_lost_its_name_is_kept(database: Path) -> None:
    names = json.loads((database / "aliases.json").read_text())
    (database / "aliases.json").write_text(json.dumps({"reviews": names["reviews"]}))
    with open_corpus(database) as corpus:
        corpus.themes.save("others", clusters=2)
    assert found(database, "themes' rows")


def test_collection_made_by_another_meanwhile_is_not_made_anew(tmp_path: Path) -> None:
    """It was not there when the store was opened, and it is when it is to be made."""
    path = str(tmp_path / "reviews.db")
    with ReviewStore.open(path, create=True) as late, open_corpus(Path(path)) as corpus:
        corpus.ingest(write(tmp_path / "a.csv", 0, 3, "lamp"))
        late.create(corpus._session.required().pin)
        assert (late.count(), corpus.size()) == (3, 3)
