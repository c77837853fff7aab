"""What `export` writes, `ingest` reads back: ids, texts, stars, dates and columns unchanged."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.ingest import fields_hashes
from reviewlens.store import FIELDS

pytestmark = pytest.mark.cjk  # a tenth of the texts is taken for Chinese

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
SCALES = ((1, 5), (1, 7), (1, 10), (0, 100))
PIECES = (
    "It broke", "=1+1", "'=1+1", "+39 06", "@home", "-5", "-5 stars", "\ttab", '"', "a, b; c|d",
    "line\nbreak", "<b>bold</b>", "&amp; co", "007", "1e5", "TRUE", "2024-01-02", "нет", "很好",
    "👍🏽", "'quoted'", "\u2028", "＝1", "NULL",
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files of rejected rows go."""
    monkeypatch.chdir(tmp_path)


def rows(seed: int, scale: tuple[int, int]) -> list[dict[str, str]]:
    lot = random.Random(seed)

    def some() -> str:
        return " ".join(lot.choices(PIECES, k=lot.randint(1, 3)))

    low, high = scale
    return [
        {
            "key": f"{number}",
            "comment": f"{some()} {number}",
            "headline": lot.choice(("", some())),
            "stars": lot.choice((str(low), str(high), str(lot.randint(low, high)), "")),
            "date": lot.choice((f"2024-0{lot.randint(1, 9)}-11", "")),
            "item": some(),
            "city": lot.choice(("", some())),
            "language": lot.choice(("", some())),
        }
        for number in range(24)  # of two tables fewer than relevance is measured for
    ]


def write(path: Path, table: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def stored(corpus: Corpus) -> list[dict[str, Any]]:
    found = [asdict(one) for one in corpus.reviews()]
    return sorted(found, key=lambda one: str(one["review_id"]))


@pytest.fixture(scope="module", params=SCALES, ids=str)
def scaled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Corpus]:
    """Reviews with ratings on one scale, of two tables."""
    folder = tmp_path_factory.mktemp("scaled")
    one, other = folder / "one.csv", folder / "other.csv"
    columns = {"id": "key", "product": "item", "title": "headline"}
    write(one, rows(1, request.param))
    # Another table, without some columns: an export has those of both.
    write(other, [{k: v for k, v in row.items() if k != "city"} for row in rows(2, request.param)])
    with Corpus.open(folder / "a.db", encoder=FakeEncoder(dimension=16, window=40)) as corpus:
        corpus.ingest(one, source="shop: A", rating_scale=request.param, columns=columns)
        corpus.ingest(other, rating_scale=request.param, columns=columns)
        yield corpus


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_is_read_back_unchanged(scaled: Corpus, tmp_path: Path, format_: str) -> None:
    out = tmp_path / f"out.{format_}"
    before, exported = stored(scaled), scaled.export(out)
    again = scaled.ingest(out)
    assert (again.read, again.unchanged, again.encoded) == (48, 48, 0)
    assert (again.rejected, again.duplicate, again.skipped) == (0, 0, 0)
    assert stored(scaled) == before
    assert scaled.export(tmp_path / f"again.{format_}").columns == exported.columns
    encoder = FakeEncoder(dimension=16, window=40)
    with Corpus.open(tmp_path / "b.db", encoder=encoder) as corpus:  # one that knows nothing of it
        assert corpus.ingest(out).indexed == 48
        for found, wanted in zip(stored(corpus), before, strict=True):
            # The language of the shortest is told by that of the others in the same file.
            apart = {"extra": None, "rating": None, "language": None}
            assert {**found, **apart} == {**wanted, **apart}
            assert found["rating"] == pytest.approx(wanted["rating"], abs=1e-5)
            filled = {name: value for name, value in wanted["extra"].items() if value}
            assert {name: value for name, value in found["extra"].items() if value} == filled


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_of_labelled_reviews_is_unchanged(
    scaled: Corpus, tmp_path: Path, format_: str
) -> None:
    scaled.classify(["broke", "bold"], min_similarity=None, write="mood")
    before, out = stored(scaled), tmp_path / f"all.{format_}"
    assert any(one["extra"].get("mood") for one in before)
    scaled.export(out)
    again = scaled.ingest(out)
    assert (again.read, again.unchanged, again.updated) == (48, 48, 0)
    assert stored(scaled) == before
    scaled.labels.drop("mood")


def test_a_frame_of_the_reviews_is_an_export_too(scaled: Corpus, tmp_path: Path) -> None:
    frame, before = scaled.to_frame(), stored(scaled)
    assert tuple(frame.columns) == scaled.export(tmp_path / "out.csv").columns
    assert scaled.where(ids=[]).to_frame().columns.equals(frame.columns)
    assert scaled.ingest(frame).unchanged == 48
    assert stored(scaled) == before


def test_a_collection_of_the_older_rule_is_unchanged_too(tmp_path: Path) -> None:
    table = rows(3, (1, 5))
    write(tmp_path / "in.csv", table)
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16, window=40)) as corpus:
        corpus.ingest(tmp_path / "in.csv", columns={"id": "key"})
        store = corpus._session.required()
        made = [row for page in store.scan(FIELDS, base="") for row in page]
        older = {row.review_id: fields_hashes(row)[1] for row in made if row.passage == 0}
        hashes = {row.review_id: row.content_hash.partition(".")[::2] for row in made}
        assert {name for name in older if older[name] != hashes[name][1]}
        store.upsert(
            replace(row, content_hash=f"{hashes[row.review_id][0]}.{older[row.review_id]}")
            for row in made
        )
        assert corpus.ingest(tmp_path / "in.csv", columns={"id": "key"}).unchanged == 24


ODD = """text,rating,rating,embedding,embedding_3,rating (column),source_2
A fine kettle,5,2,a,b,c,d
A bad kettle,1,3,e,f,g,h
Mixed feelings here,9/10,4,i,j,k,l
Half a star,4/6,4,,,,
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("odd")
    filler = "".join(f"Filler text number {n},4,,,,,\n" for n in range(8))
    (folder / "in.csv").write_text(ODD + filler)
    with Corpus.open(folder / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(folder / "in.csv")
        yield corpus


@pytest.mark.parametrize("format_", FORMATS)
def test_odd_ratings_and_columns_called_as_ours_come_back(
    odd: Corpus, tmp_path: Path, format_: str
) -> None:
    out, before = tmp_path / f"out.{format_}", stored(odd)
    for vectors in (False, True, "columns"):
        odd.export(out, vectors=vectors)
        assert odd.ingest(out).unchanged == 12
        assert stored(odd) == before
    with Corpus.open(tmp_path / "b.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(out)
        found = {one["review_id"]: one["rating"] for one in stored(corpus)}
        assert found == {one["review_id"]: pytest.approx(one["rating"]) for one in before}


@pytest.mark.parametrize("format_", FORMATS)
def test_dates_and_ratings_that_cannot_be_read_come_back(tmp_path: Path, format_: str) -> None:
    filler = "".join(f"Filler text number {n},4,2024-01-1{n}\n" for n in range(8))
    (tmp_path / "in.csv").write_text(
        f"comment,rating,when\n{filler}Comes when it likes,quite so,some day\n"
    )
    out = tmp_path / f"out.{format_}"
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(tmp_path / "in.csv", columns={"time": "when", "rating": "rating"})
        before = stored(corpus)
        assert [one["extra"] for one in before if "some day" in str(one["extra"])] == [
            {"rating": "quite so", "when": "some day"}
        ]
        assert {"when", "rating (column)"} <= set(corpus.export(out).columns)
        plain = corpus.where(rating="4").export(tmp_path / f"plain.{format_}")
        assert not {"when", "rating (column)"} & set(plain.columns)
        assert corpus.ingest(out).unchanged == 9
        assert stored(corpus) == before
    with Corpus.open(tmp_path / "b.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(out)
        kept = [one["extra"] for one in stored(corpus)]
        assert {"rating": "quite so", "when": "some day"} in kept


def test_stars_of_one_height_come_back_on_another_collection(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,rating\n" + "".join(f"It is {n},5\n" for n in range(6)))
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(tmp_path / "in.csv", rating_scale=(1, 10))
        before = stored(corpus)
        corpus.export(tmp_path / "out.csv")
    with Corpus.open(tmp_path / "b.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(tmp_path / "out.csv")
        assert [one["rating"] for one in stored(corpus)] == pytest.approx(
            [one["rating"] for one in before]
        )


SCRAPED = "reviewId,content,score,at\n" + "".join(
    f"id{n},It broke in week {n},{n % 5 + 1},2024-03-{n % 28 + 1:02}\n" for n in range(60)
)


def test_rows_that_come_again_do_not_cost_the_ids(tmp_path: Path) -> None:
    day1, day2 = tmp_path / "day1.csv", tmp_path / "day2.csv"
    day1.write_text(SCRAPED)
    day2.write_text(SCRAPED + "".join(SCRAPED.splitlines(keepends=True)[1:8]))
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        corpus.ingest(day1)
        report = corpus.ingest(day2)
        assert (report.unchanged, report.duplicate, report.indexed) == (60, 7, 0)
        assert corpus.size() == 60


def test_of_two_versions_in_a_file_the_newer_is_taken(tmp_path: Path) -> None:
    edited = "id3,It works now,5,2024-05-01\n"
    older = "id5,It was fine,4,2024-01-01\n"
    undated = "id7,No date here,3,\n"
    (tmp_path / "in.csv").write_text(SCRAPED + edited + older + undated)
    with Corpus.open(tmp_path / "a.db", encoder=FakeEncoder(dimension=16)) as corpus:
        report = corpus.ingest(tmp_path / "in.csv")
        assert (report.indexed, report.rejected) == (60, 3)
        assert report.reasons == {"older_version": 3}
        texts = {one.review_id: one.text for one in corpus.reviews()}
    assert texts["id3"] == "It works now"
    assert texts["id5"] == "It broke in week 5"
    assert texts["id7"] == "It broke in week 7"
