"""What stands on many reviews is left out of vectors and names, told, and kept where wanted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.ground.describing import words_said
from reviewlens.ground.slices import read_slice
from reviewlens.results import Check, LeftOut
from reviewlens.store import FIELDS, StoredPassage, unpack

SIGNATURE = "Posted through the harbour app."
SUBJECTS = {
    "battery": ["charge", "drains", "empty", "hours", "dies", "swells"],
    "parcel": ["box", "crushed", "courier", "dented", "carton", "torn"],
    "kettle": ["boil", "water", "lid", "steam", "handle", "spout"],
}
SIGNED = 36


def write(path: Path, *, signature: str = SIGNATURE, rows: int = 210) -> Path:
    """Write reviews of three subjects, of which the first 36 end with a signature."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "text", "rating"])
        for row in range(rows):
            subject = list(SUBJECTS)[row % 3]
            words = [SUBJECTS[subject][(row // 3 + step * step) % 6] for step in range(3)]
            said = f"The {subject} {' '.join(words)} word{row}."
            table.writerow([row, f"{said} {signature}" if row < SIGNED else said, row % 5 + 1])
    return path


def encoder() -> FakeEncoder:
    return FakeEncoder(dimension=64)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "in.csv")


@pytest.fixture
def corpus(lite_path: Path) -> Iterator[Corpus]:
    with Corpus.open(lite_path, encoder=encoder()) as opened:
        yield opened


def checked(corpus: Corpus) -> Check:
    checks = corpus.diagnose(reviews=True).checks
    return next(one for one in checks if one.name == "Stored reviews")


def stored(corpus: Corpus) -> dict[str, StoredPassage]:
    with corpus._session.owner.lease():
        pages = list(corpus._session.required().scan(FIELDS))
    return {row.review_id: row for page in pages for row in page}


def spoken(row: StoredPassage) -> str:
    """Return what of a passage has vectors of its own."""
    packed = unpack(row.statements)
    assert packed is not None
    return " ".join(row.text[start:end] for start, end in packed.spans.tolist())


def signed(corpus: Corpus) -> int:
    """Return of how many stored reviews the signature is embedded."""
    return sum("harbour" in spoken(row) for row in stored(corpus).values())


def test_signature_is_told_left_out_of_meaning_and_found_by_its_words(
    corpus: Corpus, file: Path
) -> None:
    assert corpus.ingest(file).boilerplate == (LeftOut(SIGNATURE[:-1], round(SIGNED / 210, 4)),)
    row = stored(corpus)["0"]
    assert SIGNATURE in row.text
    assert SIGNATURE in row.original
    assert spoken(row) == row.text.removesuffix(f" {SIGNATURE}")
    assert row.vector is not None
    assert np.allclose(row.vector, encoder().encode_documents([spoken(row)])[0], atol=1e-6)
    assert signed(corpus) == 0
    near = corpus.search(SIGNATURE, mode="dense", min_similarity=-1)
    assert near.matches[0].similarity < 0.5
    words = corpus.search("harbour app", mode="keyword", n=SIGNED)
    assert {match.review_id for match in words} == set(map(str, range(SIGNED)))


def test_query_for_its_words_is_not_denied(corpus: Corpus, file: Path) -> None:
    corpus.ingest(file)
    answer = corpus.search("harbour app")
    assert answer.answered
    assert {match.statement for match in answer} == {SIGNATURE}


def test_names_of_clusters_hold_none_of_its_words(corpus: Corpus, file: Path) -> None:
    corpus.ingest(file)
    words = {word for one in corpus.clusters() for word in one.label.split(", ")}
    assert not words & {"harbour", "app", "posted", "harbour app"}
    with corpus._session.owner.lease():
        reviews = read_slice(corpus._session.required())
    assert "harbour" not in {
        word for row in range(len(reviews)) for word in words_said(reviews, row)
    }


def test_later_ingests_leave_out_what_the_first_found(
    corpus: Corpus, file: Path, tmp_path: Path
) -> None:
    corpus.ingest(file)
    again = corpus.ingest(file)
    assert (again.unchanged, again.encoded) == (210, 0)
    few = tmp_path / "few.csv"
    few.write_text(f"id,text\nnew,The fridge hums. {SIGNATURE.upper()}\n", encoding="utf-8")
    assert corpus.ingest(few).boilerplate == (LeftOut(SIGNATURE[:-1], 1.0),)
    assert spoken(stored(corpus)["new"]) == "The fridge hums."
    other = write(tmp_path / "other.csv", signature="Written on the night train.")
    report = corpus.ingest(other)
    assert (report.updated, [one.text for one in report.boilerplate]) == (
        SIGNED,
        ["Written on the night train"],
    )
    assert corpus.ingest(other).unchanged == 210
    assert checked(corpus).state == "ok"


def test_kept_boilerplate_is_embedded_and_the_option_undone(corpus: Corpus, file: Path) -> None:
    corpus.ingest(file)
    kept = corpus.ingest(file, keep_boilerplate=True)
    assert (kept.updated, kept.unchanged, kept.boilerplate) == (SIGNED, 210 - SIGNED, ())
    assert signed(corpus) == SIGNED
    assert checked(corpus).state == "ok"
    assert corpus.ingest(file, keep_boilerplate=True).unchanged == 210
    assert corpus.ingest(file).updated == SIGNED
    assert signed(corpus) == 0


def test_reindex_and_copy_keep_it(
    corpus: Corpus, file: Path, lite_path: Path, tmp_path: Path
) -> None:
    corpus.ingest(file)
    target = tmp_path / "copy.db"
    corpus.copy(str(target))
    with Corpus.open(target, encoder=encoder()) as copied:
        assert copied.ingest(file).unchanged == 210
        assert checked(copied).state == "ok"
    other = FakeEncoder(dimension=48, name="other")
    assert corpus.reindex(other, grace=0).inexact == 0
    assert signed(corpus) == 0
    with Corpus.open(lite_path, encoder=other) as reindexed:
        assert reindexed.ingest(file).unchanged == 210


def test_what_a_killed_ingest_left_is_completed_alike(corpus: Corpus, file: Path) -> None:
    def stop(step: str) -> None:
        if step == "tails written":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus.ingest(file, on_step=stop)
    assert corpus.ingest(file).indexed == 210
    assert corpus.ingest(file).unchanged == 210


def test_without_any_nothing_is_kept_of_it(corpus: Corpus, tmp_path: Path) -> None:
    report = corpus.ingest(write(tmp_path / "in.csv", signature="", rows=60))
    assert report.boilerplate == ()
    assert "boilerplate" not in corpus._session.required().properties


def test_dry_run_says_what_would_be_left_out_and_what_keeps_it(file: Path, asked: Asked) -> None:
    said = " ".join(asked.told("ingest", str(file), "--dry-run").split())
    told = f'left out as boilerplate "{SIGNATURE[:-1]}" (17% of the reviews); kept with'
    assert f"{told} --keep-boilerplate" in said
    assert "boilerplate" not in asked.told("ingest", str(file), "--dry-run", "--keep-boilerplate")
