"""The Python API from files to answers, with an encoder that counts its work."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.errors import (
    CollectionMissing,
    ConflictingIds,
    EncoderMismatch,
    FilterError,
    InputError,
    StoreError,
    TooFewReviews,
    UnknownTokens,
)
from reviewlens.reading.options import ReadOptions
from reviewlens.results import IngestReport
from reviewlens.store import ReviewStore, StoredPassage

HEADER = "id,title,text,stars,date,product,author,city\n"
ROWS = [
    '1,Broken,"The lamp arrived broken, glass everywhere.",1,2024-01-05,lamp,ann,Paris',
    "2,Bright,A bright and warm lamp for reading.,5,2024-02-10,lamp,bob,Rome",
    "3,Stale,The granola was stale and soft.,2,2024-03-15,granola,cid,Paris",
    "4,Crunchy,Crunchy granola with real maple.,5,2024-04-20,granola,dee,Oslo",
    "5,,My dog refuses to eat this food.,1,,dog food,eve,",
]
LONG = " ".join(f"Sentence number {number} speaks of the kettle." for number in range(60))

Figures = ("indexed", "updated", "unchanged", "duplicate", "skipped", "rejected")


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "\n".join(rows or ROWS) + "\n", encoding="utf-8")
    return path


def figures(report: IngestReport) -> dict[str, int]:
    """The six fates that are not zero; they must add up to the rows read."""
    counts = {name: getattr(report, name) for name in Figures}
    assert sum(counts.values()) == report.read
    return {name: count for name, count in counts.items() if count}


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where rejected rows go


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder(dimension=64)


@pytest.fixture
def corpus(backend: Backend, collection_name: str, encoder: FakeEncoder) -> Iterator[Corpus]:
    with Corpus.open(
        backend.uri, collection=collection_name, encoder=encoder, token=backend.token
    ) as corpus:
        yield corpus


@pytest.fixture
def lite_corpus(lite_path: Path, encoder: FakeEncoder) -> Iterator[Corpus]:
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        yield corpus


# -- from files to answers ----------------------------------------------------------------------


def test_ingested_reviews_are_found(corpus: Corpus, tmp_path: Path) -> None:
    report = corpus.ingest(write(tmp_path / "a.csv"))
    assert figures(report) == {"indexed": 5}
    matches = corpus.search("dog refuses food", 2).matches
    assert matches[0].review_id == "5"
    assert matches[0].text == "My dog refuses to eat this food."
    assert (matches[0].rating, matches[0].time, matches[0].extra) == (1.0, None, {"city": ""})
    only = corpus.where("city=Paris", rating="1..2").search("granola", 5).matches
    assert [match.review_id for match in only] == ["3", "1"]
    assert only[0].time == "2024-03-15T00:00:00Z"


def test_a_text_is_embedded_once_however_it_is_asked(
    lite_corpus: Corpus, encoder: FakeEncoder, tmp_path: Path
) -> None:
    lite_corpus.ingest(write(tmp_path / "a.csv"))
    text = "lamp arrived broken"
    lite_corpus.search("once, for what is measured", 1)
    before = encoder.encoded
    lite_corpus.prepare([text])
    assert encoder.encoded == before + 1
    found = lite_corpus.search(text, 3)
    lite_corpus.where(rating="1..3").search(text, 2, min_similarity=0.1)
    lite_corpus.count_matches(text)
    assert encoder.encoded == before + 1
    assert found.matches == lite_corpus.search(text, 3).matches
    assert lite_corpus.search("lamp arrived broke", 1).matches
    assert encoder.encoded == before + 2


@pytest.mark.backends("lite", "container-auth")
def test_second_ingest_embeds_only_what_changed(
    corpus: Corpus, encoder: FakeEncoder, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", *ROWS, f"6,Kettle,{LONG},4,2024-05-01,kettle,fay,Rome")
    first = corpus.ingest(path)
    assert figures(first) == {"indexed": 6}
    assert first.encoded > 6
    before = encoder.calls
    assert figures(corpus.ingest(path)) == {"unchanged": 6}
    assert encoder.calls == before
    changed = [*ROWS]
    changed[0] = changed[0].replace(",1,2024", ",2,2024")  # stars alone
    changed[1] = changed[1].replace("warm", "cold")
    path = write(path, *changed, f"6,Kettle,{LONG},4,2024-05-01,kettle,fay,Oslo")
    second = corpus.ingest(path)
    assert figures(second) == {"updated": 3, "unchanged": 3}
    assert second.encoded == 1
    assert corpus.stats().passages == first.encoded
    assert corpus.search("lamp arrived broken", 1).matches[0].rating == 2.0
    assert {m.review_id for m in corpus.where("city=Oslo").search("kettle", 9).matches} == {
        "4",
        "6",
    }


def test_id_in_two_files_of_one_run_sees_what_the_first_wrote(
    corpus: Corpus, encoder: FakeEncoder, tmp_path: Path
) -> None:
    first = write(
        tmp_path / "a.csv",
        f"6,,{LONG},4,2024-05-01,kettle,fay,Rome",
        "7,,A bright lamp.,5,2024-05-02,lamp,gus,Rome",
        "8,,A dull lamp.,2,2024-05-03,lamp,hal,Rome",
    )
    second = write(
        tmp_path / "b.csv",
        "6,,A kettle.,4,2024-05-01,kettle,fay,Rome",
        "7,,A bright lamp.,5,2024-05-02,lamp,gus,Rome",
        "8,,A dull lamp.,2,2024-05-03,lamp,hal,Oslo",
        "9,,A loud kettle.,1,2024-05-04,kettle,ida,Oslo",
    )
    report = corpus.ingest([first, second])
    assert figures(report) == {"indexed": 4, "updated": 2, "unchanged": 1}
    assert (corpus.stats().reviews, corpus.stats().passages) == (4, 4)
    assert corpus.where("city=Rome").search("kettle", 1).matches[0].text == "A kettle."
    assert corpus.where("city=Oslo").size() == 2
    encoded = encoder.encoded
    assert figures(corpus.ingest(second)) == {"unchanged": 4}
    assert encoder.encoded == encoded
    # The files again, against what they left: the last one wins once more.
    assert figures(corpus.ingest([first, second])) == {"updated": 4, "unchanged": 3}
    assert figures(corpus.ingest(second)) == {"unchanged": 4}
    assert corpus.stats().passages == 4


def test_rows_that_two_exports_share_are_stored_once(corpus: Corpus, tmp_path: Path) -> None:
    lines = [f"Review number {number} of a lamp.,{number % 5 + 1}" for number in range(12)]
    for name, part in (("a.csv", lines[:8]), ("b.csv", lines[4:])):
        (tmp_path / name).write_text("\n".join(["review,rating", *part]), encoding="utf-8")
    report = corpus.ingest([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert figures(report) == {"indexed": 12, "unchanged": 4}
    assert report.encoded == corpus.size() == 12


@pytest.mark.backends("lite", "container-auth")
def test_a_review_deleted_by_another_while_it_is_refreshed_is_stored_again(
    corpus: Corpus, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*ROWS, f"6,Kettle,{LONG},4,2024-05-01,kettle,fay,Rome"]
    corpus.ingest(write(tmp_path / "a.csv", *rows))
    passages = corpus.stats().passages
    changed = write(tmp_path / "a.csv", *(row.replace("-0", "-1", 1) for row in rows))

    gone = ["2#0", "6#0", "6#1"]  # a part of a review is enough

    def delete(step: str) -> None:
        if step == "heads written" and gone:  # of the first chunk: the others are refreshed later
            corpus._session.required().delete(gone)
            gone.clear()

    monkeypatch.setitem(ReadOptions.__init__.__kwdefaults__, "chunk_rows", 1)
    report = corpus.ingest(changed, on_step=delete, replace=True)
    # What was a date is none now but a column of its own, and of one review it is empty.
    assert figures(report) == {"indexed": 2, "updated": 3, "unchanged": 1}
    assert (corpus.size(), corpus.stats().passages) == (6, passages)
    assert figures(corpus.ingest(changed)) == {"unchanged": 6}


def test_shorter_text_leaves_no_passage_behind(corpus: Corpus, tmp_path: Path) -> None:
    corpus.ingest(write(tmp_path / "a.csv", f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    assert corpus.stats().passages > 1
    report = corpus.ingest(write(tmp_path / "a.csv", "6,,A kettle.,4,2024-05-01,kettle,fay,Rome"))
    assert figures(report) == {"updated": 1}
    assert (corpus.stats().reviews, corpus.stats().passages) == (1, 1)


def test_review_with_many_passages_counts_once(corpus: Corpus, tmp_path: Path) -> None:
    corpus.ingest(write(tmp_path / "a.csv", *ROWS, f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    matches = corpus.search("Sentence number 55 kettle", 6).matches
    assert len({match.review_id for match in matches}) == len(matches) == 6
    assert matches[0].review_id == "6"
    assert matches[0].passage > 0
    assert matches[0].text == LONG


@pytest.mark.backends("lite", "container-auth")
def test_equal_texts_are_all_found_and_counted(corpus: Corpus, tmp_path: Path) -> None:
    others = [f"{number},,Parcel {number} came late by {number} days,3,,,," for number in range(99)]
    equal = [f"e{number},,It leaks from the bottom,1,,,," for number in range(60)]
    corpus.ingest(write(tmp_path / "a.csv", *others, *equal))
    found = corpus.search("It leaks from the bottom", 100, min_similarity=0.99)
    assert len(found) == 60
    near = corpus.count_matches("It leaks from the bottom", min_similarity=0.99)
    assert near.estimate.value == 60
    # With so many texts relevance is measured, on a server too.
    assert json.loads(corpus._session.required().properties["relevance"])["reviews"] == 159


def test_similar_leaves_the_review_itself_out(corpus: Corpus, tmp_path: Path) -> None:
    corpus.ingest(write(tmp_path / "a.csv", *ROWS, f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    assert "4" in {match.review_id for match in corpus.similar("3", 2).matches}
    assert "6" not in {match.review_id for match in corpus.similar("6", 5).matches}
    far = corpus.similar("6", 5, min_similarity=1)
    assert (far.answered, far.nearest) == (False, corpus.similar("6", 1).matches[0].similarity)
    with pytest.raises(InputError, match="no review 'nosuch'"):
        corpus.similar("nosuch")


def test_deleted_reviews_are_gone_with_their_passages(corpus: Corpus, tmp_path: Path) -> None:
    corpus.ingest(write(tmp_path / "a.csv", *ROWS, f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    assert corpus.delete("6").reviews == 1
    assert (corpus.stats().reviews, corpus.stats().passages) == (5, 5)
    assert corpus.delete(corpus.where(product="lamp")).reviews == 2
    assert corpus.size() == 3
    with pytest.raises(InputError, match="nothing says what to delete"):
        corpus.delete()
    assert corpus.delete(everything=True).collection_dropped
    with pytest.raises(CollectionMissing):
        corpus.search("lamp")


def test_an_empty_list_deletes_and_finds_nothing(lite_corpus: Corpus, tmp_path: Path) -> None:
    lite_corpus.ingest(write(tmp_path / "a.csv"))
    for empty in (
        {"product": []},
        {"cluster": ()},
        {"ids": []},
        {"rating": "1", "source": []},
    ):
        assert lite_corpus.delete(lite_corpus.where(**empty)).reviews == 0  # type: ignore[arg-type]
        assert lite_corpus.where(**empty).size() == 0  # type: ignore[arg-type]
        assert lite_corpus.where(**empty).reviews().total == 0  # type: ignore[arg-type]
        assert lite_corpus.size() == 5
    assert lite_corpus.where(product=[]).search("lamp").matches == ()
    assert lite_corpus.where(product=[]).facets().reviews == 0
    with pytest.raises(InputError, match="nothing says what to delete"):
        lite_corpus.delete(lite_corpus.where(product=None))
    with pytest.raises(InputError, match="everything is to be deleted, and yet"):
        lite_corpus.delete(lite_corpus.where(product=[]), everything=True)
    with pytest.raises(TooFewReviews, match=r"on side A \(product=\[\]\)"):
        lite_corpus.where(product=[]).compare(lite_corpus.where(product="lamp"))


def test_a_number_that_a_review_is_not_leaves_it(corpus: Corpus, tmp_path: Path) -> None:
    sizes = ("M", "M", "M", "42", "42", "42.0", "")
    rows = [f"{place},,Text {place},,,,,{size}" for place, size in enumerate(sizes)]
    corpus.ingest(write(tmp_path / "a.csv", *rows))
    assert corpus.where("city!=42").size() == 4
    assert corpus.where("city!=42,M").size() == 1
    assert corpus.where("city!=42").export(tmp_path / "out.csv").reviews == 4
    assert corpus.delete(corpus.where("city!=42")).reviews == 4
    assert corpus.size() == 3


def test_every_column_is_found_by_its_own_name(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "Id,Head,Words,Points,When,Thing,Who,Shop,size\n"
        "1,Broken,Glass everywhere,7.5,2024-01-05,lamp,ann,web,L\n"
        "2,Bright,Bright and warm,3.7,2024-01-06,kettle,bob,,M\n",
        encoding="utf-8",
    )
    roles = {"id": "Id", "title": "Head", "text": "Words", "rating": "Points", "time": "When",
             "product": "Thing", "author": "Who"}  # fmt: skip
    corpus.ingest(file, columns=roles, source_column="Shop", source="desk", rating_scale="1..10")
    corpus.reindex(grace=0)
    corpus.copy(tmp_path / "copy.db")
    with Corpus.open(tmp_path / "copy.db", collection=corpus.collection) as copy:
        for one in (corpus, copy):
            for where in ("Id=web:1", "Head=Broken", "Points=7.5", "Points>3.7", "Thing=lamp",
                          "Who=ann", "Shop=web", "Shop!=desk", "size=L", "source=web"):  # fmt: skip
                assert one.where(where).matching_ids() == ("web:1",), where
            for where, cure in (("When=2024", "--since and --until"), ("Words=x", "a search")):
                with pytest.raises(FilterError, match=cure):
                    one.where(where).size()
            assert one.stats().columns == ("size",)


def test_a_header_of_two_files_is_found_in_both(lite_corpus: Corpus, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("id,text,shop\n1,Glass everywhere,web\n2,Bright,desk\n", encoding="utf-8")
    second.write_text("id,text,shop\n3,Bright and warm,web\n4,Soft,app\n", encoding="utf-8")
    lite_corpus.ingest(first)
    lite_corpus.ingest(second, source_column="shop")
    assert lite_corpus.where("shop=web").matching_ids() == ("1", "web:3")
    assert lite_corpus.where("shop!=web").matching_ids() == ("2", "app:4")
    lite_corpus.ingest(second, source_column="shop", columns={"author": "shop"}, replace=True)
    with pytest.raises(FilterError, match="the author in one file and the source in another"):
        lite_corpus.where("shop=web").size()


@pytest.mark.backends("lite", "container-auth")
def test_copy_needs_no_encoding(
    corpus: Corpus, backend: Backend, encoder: FakeEncoder, tmp_path: Path
) -> None:
    corpus.ingest(write(tmp_path / "a.csv", *ROWS, f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    calls = encoder.calls
    report = corpus.copy(tmp_path / "copy.db")
    assert (report.reviews, encoder.calls) == (6, calls)
    with Corpus.open(tmp_path / "copy.db", collection=corpus.collection, encoder=encoder) as copy:
        for text in ("granola", "broken lamp"):
            mine, theirs = corpus.search(text).matches, copy.search(text).matches
            assert [m.review_id for m in mine] == [m.review_id for m in theirs]
        assert figures(copy.ingest(tmp_path / "a.csv")) == {"unchanged": 6}
        assert copy.where("city=Paris").size() == 2
        back = copy.copy(backend.uri, collection=f"{corpus.collection}_b", token=backend.token)
        assert back.passages == report.passages


def test_another_encoder_is_refused_and_nothing_changes(
    corpus: Corpus, backend: Backend, tmp_path: Path
) -> None:
    corpus.ingest(write(tmp_path / "a.csv"))
    other = FakeEncoder(dimension=64, name="other")
    with Corpus.open(
        backend.uri, collection=corpus.collection, encoder=other, token=backend.token
    ) as wrong:
        for use in (lambda: wrong.search("lamp"), lambda: wrong.ingest(tmp_path / "a.csv")):
            with pytest.raises(EncoderMismatch, match=r"fake-bag-of-words.*other"):
                use()
    assert corpus.size() == 5


# -- what does not depend on the Milvus ----------------------------------------------------------


def test_rejected_rows_are_kept_with_their_reason(lite_corpus: Corpus, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        *ROWS,
        "6,too few",
        "7,,,,2024-01-01,lamp,gus,Rome",
        f"8,,{'word ' * 40},3,2024-01-01,lamp,gus,Rome",
        "2,Bright,Another text.,5,2024-02-10,lamp,bob,Rome",
        ROWS[3],
        "9,,,3,2024-01-01,lamp,gus,Rome",
    )
    # Given by flag, the ids are used although some repeat.
    report = lite_corpus.ingest(path, max_tokens=30, columns={"id": "id"})
    assert figures(report) == {"indexed": 5, "duplicate": 1, "skipped": 1, "rejected": 4}
    with Path(str(report.rejects_file)).open(newline="") as stream:
        rejects = {row["line"]: row for row in csv.DictReader(stream)}
    assert {line: row["reason"] for line, row in rejects.items()} == {
        "7": "ragged_row",
        "8": "too_short",
        "9": "too_long",
        "10": "duplicate_id",
    }
    assert rejects["8"]["raw"] == "7,,,,2024-01-01,lamp,gus,Rome"
    assert sum(report.reasons.values()) == 4


def test_repeated_reviews_without_ids_stay_reviews(lite_corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("review,rating\nLove it!,5\nLove it!,5\nLove it!,5\nMeh,3\n")
    assert figures(lite_corpus.ingest(path)) == {"indexed": 4}
    assert figures(lite_corpus.ingest(path)) == {"unchanged": 4}
    assert figures(lite_corpus.ingest(path, repeats="drop")) == {"unchanged": 2, "duplicate": 2}


def test_repeated_texts_are_encoded_once(
    lite_corpus: Corpus, encoder: FakeEncoder, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("review,rating\n" + "Love it!,5\n" * 8 + "Meh,3\n" * 2, encoding="utf-8")
    report = lite_corpus.ingest(path)
    assert figures(report) == {"indexed": 10}
    assert report.encoded == encoder.encoded == 2
    assert lite_corpus.size() == 10
    for text in ("Love it!", "Meh"):
        found = lite_corpus.search(text, 2).matches
        assert [(match.text, round(match.similarity, 4)) for match in found] == [(text, 1.0)] * 2


def test_leftover_passage_far_behind_the_last_is_removed(
    lite_corpus: Corpus, encoder: FakeEncoder, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv")
    lite_corpus.ingest(path)
    with ReviewStore.open(lite_corpus.uri) as store:
        vector = encoder.encode_documents(["left over"])[0]
        store.upsert([StoredPassage(review_id="3", passage=7, content_hash="x.y", vector=vector)])
    report = lite_corpus.ingest(path)
    assert figures(report) == {"updated": 1, "unchanged": 4}
    assert lite_corpus.stats().passages == 5


def test_two_exports_with_the_same_ids_stop_and_name_source(
    lite_corpus: Corpus, tmp_path: Path
) -> None:
    one = write(tmp_path / "one.csv")
    other = write(tmp_path / "two.csv", *(row.replace("2024", "2025") for row in ROWS[:4]))
    lite_corpus.ingest(one)
    with pytest.raises(ConflictingIds, match=r"4 of 4 ids are stored already.*--source") as refused:
        lite_corpus.ingest(other)
    assert refused.value.field == "replace"
    with pytest.raises(ConflictingIds, match="in two files"):
        Corpus.open(tmp_path / "x.db", encoder=FakeEncoder()).ingest([one, other])
    assert not (tmp_path / "x.db").exists()
    assert figures(lite_corpus.ingest(other, source="second")) == {"indexed": 4}
    assert figures(lite_corpus.ingest(other, replace=True)) == {"updated": 4}
    assert lite_corpus.where(source="second").size() == 4


def test_many_rows_without_ids_do_not_hide_that_all_ids_of_a_file_are_of_other_reviews(
    lite_corpus: Corpus, tmp_path: Path
) -> None:
    lite_corpus.ingest(write(tmp_path / "one.csv"))
    other = write(tmp_path / "two.csv", *(row.replace("2024", "2025") for row in ROWS[:4]))
    without = tmp_path / "three.csv"
    without.write_text("text\n" + "".join(f"Lamp number {n} is fine\n" for n in range(500)))
    with pytest.raises(ConflictingIds, match="4 of 4 ids are stored already"):
        lite_corpus.ingest([other, without])
    assert lite_corpus.size() == 5


def test_unreadable_language_stops_before_any_write(lite_corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "zh.csv"
    path.write_text("review\n很快好吃味道足量大\n送餐快态度也特别好\n", encoding="utf-8")
    with pytest.raises(
        UnknownTokens, match=r"does not know 100%.*multilingual.*--force"
    ) as refused:
        lite_corpus.ingest(path)
    assert refused.value.field == "force"
    assert not Path(lite_corpus.uri).exists()
    assert figures(lite_corpus.ingest(path, force=True)) == {"indexed": 2}


def test_plan_tells_that_the_ingest_would_stop(lite_corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "zh.csv"
    path.write_text("review\n很快好吃味道足量大\n", encoding="utf-8")
    plan = lite_corpus.plan(path)
    assert plan.accepted == 1
    assert plan.notes[-1].startswith("The ingest would stop: fake-bag-of-words does not know 100%")
    assert not any("would stop" in note for note in lite_corpus.plan(path, force=True).notes)


def test_plan_touches_nothing(lite_corpus: Corpus, encoder: FakeEncoder, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    plan = lite_corpus.plan(
        write(tmp_path / "a.csv", *ROWS, "6,too few"),
        on_progress=lambda *step: told.append(step),
    )
    assert (plan.read, plan.accepted, plan.rejected) == (6, 5, 1)
    assert [stage for stage, *_ in told] == ["reading", "checking"]
    assert told[-1] == ("checking", 6, 6)
    assert plan.files[0]["columns"]["rating"] == "stars"
    assert plan.rating_scales == {"": (1.0, 5.0)}
    assert encoder.calls == 0
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv"}
    json.dumps(asdict(plan))


def test_latest_skips_the_older(lite_corpus: Corpus, tmp_path: Path) -> None:
    report = lite_corpus.ingest(write(tmp_path / "a.csv"), latest=2)
    assert figures(report) == {"indexed": 2, "skipped": 3}
    assert {row.review_id for row in lite_corpus.search("granola").matches} == {"3", "4"}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_export_holds_every_review(lite_corpus: Corpus, tmp_path: Path, ending: str) -> None:
    import pandas as pd

    lite_corpus.ingest(write(tmp_path / "a.csv", *ROWS, f"6,,{LONG},4,2024-05-01,kettle,fay,Rome"))
    path = tmp_path / f"out.{ending}"
    report = lite_corpus.export(path, vectors=True)
    read: dict[str, Callable[[Path], pd.DataFrame]] = {
        "csv": pd.read_csv,
        "jsonl": lambda file: pd.read_json(file, lines=True),
        "parquet": pd.read_parquet,
        "xlsx": lambda file: pd.read_excel(file, engine="calamine"),
    }
    frame = read[ending](path)
    assert list(frame.columns) == list(report.columns)
    assert [str(value) for value in frame["review_id"]] == ["1", "2", "3", "4", "5", "6"]
    assert frame["text"][5] == LONG
    assert list(frame["city"][:2]) == ["Paris", "Rome"]
    vector = frame["embedding"][5]
    vector = json.loads(vector) if isinstance(vector, str) else vector
    assert np.linalg.norm(np.asarray(vector, dtype=float)) == pytest.approx(1.0, abs=1e-4)

    lite_corpus.export(path, vectors="columns")
    spread = read[ending](path)
    assert list(spread.columns) == [*report.columns[:-1], *(f"embedding_{n}" for n in range(64))]
    spread_vectors = spread.iloc[:, -64:].to_numpy(dtype=float)
    np.testing.assert_allclose(spread_vectors[5], np.asarray(vector, dtype=float), atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(spread_vectors, axis=1), 1.0, atol=1e-4)


def test_exported_formulas_are_defused(lite_corpus: Corpus, tmp_path: Path) -> None:
    lite_corpus.ingest(
        write(tmp_path / "a.csv", '1,"=HYPERLINK(1)",@SUM(A1),1,2024-01-05,-5,+ann,"=1+1"')
    )
    lite_corpus.export(tmp_path / "out.csv", excel=True)
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["text"] == "'@SUM(A1)"
    assert row["product"] == "-5"
    assert row["author"] == "'+ann"
    assert row["city"] == "'=1+1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_exports_follow_links_and_tell_of_a_full_disk(lite_corpus: Corpus, tmp_path: Path) -> None:
    lite_corpus.ingest(write(tmp_path / "a.csv"))
    for ending in ("csv", "jsonl", "parquet", "xlsx"):
        for device, link in (("/dev/null", tmp_path / f"null.{ending}"),
                             ("/dev/full", tmp_path / f"full.{ending}")):  # fmt: skip
            link.symlink_to(device)
        assert lite_corpus.export(tmp_path / f"null.{ending}").reviews == 5
        with pytest.raises(InputError, match=rf"full\.{ending} cannot be written: No space"):
            lite_corpus.export(tmp_path / f"full.{ending}")
        assert (tmp_path / f"null.{ending}").readlink() == Path("/dev/null")
    assert not list(tmp_path.glob(".*"))
    assert Path("/dev/null").is_char_device()


def test_closed_corpus_lets_another_open_the_directory(lite_corpus: Corpus, tmp_path: Path) -> None:
    from milvus_lite.db import MilvusLite

    lite_corpus.ingest(write(tmp_path / "a.csv"))
    lite_corpus.close()
    MilvusLite(lite_corpus.uri).close()  # takes the lock, as another process would
    with pytest.raises(StoreError, match="was closed"):
        lite_corpus.diagnose()
    with pytest.raises(StoreError, match="was closed"):
        lite_corpus.size()
    with Corpus.open(lite_corpus.uri) as again:
        assert again.size() == 5


def test_what_was_done_is_read_back_from_its_json(lite_corpus: Corpus, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv")
    done: list[Any] = [
        lite_corpus.preview(file),
        lite_corpus.plan(file),
        lite_corpus.ingest(file),
        lite_corpus.facets(),
        lite_corpus.export(tmp_path / "b.csv"),
        lite_corpus.copy(tmp_path / "b.db"),
        lite_corpus.reindex(force=True),
        lite_corpus.delete("1"),
    ]
    for result in done:
        assert type(result).from_json(json.dumps(asdict(result))) == result


def test_results_are_tables_and_html(lite_corpus: Corpus, tmp_path: Path) -> None:
    report = lite_corpus.ingest(
        write(tmp_path / "a.csv", "1,<b>,A <i>fine</i> lamp & more.,5,2024-01-05,lamp,ann,Paris")
    )
    matches = lite_corpus.search("fine lamp")
    assert list(matches.to_frame()["review_id"]) == ["1"]
    assert "A fine lamp &amp; more." in matches._repr_html_()
    assert "indexed" in report._repr_html_()
    assert "lamp" in lite_corpus.stats()._repr_html_()
