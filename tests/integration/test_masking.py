"""`ingest --mask`: no byte of a private detail is left anywhere, and counts by person hold."""

from __future__ import annotations

import csv
import json
import logging
from collections import Counter
from pathlib import Path

import pytest
from pyarrow import parquet

from chat_server import ChatServer
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import ConflictingIds, InputError
from reviewlens.language_models import ChatModel

HEADER = ("id", "text", "Reviewer", "E-Mail", "Phone", "Order No", "rating", "date", "note")
PEOPLE = (
    ("Wilma Quist", "wilma.quist@example.org", "+49 171 2395671", "112-1239567-1294567"),
    ("Osk Brahm", "osk_brahm@post.example.de", "(415) 555-2671", "A4457781"),
    ("Ines Tovar", "itovar+shop@example.com", "06 12 94 56 78", "TCK-2024-00123"),
)
ROWS = (
    *("1|The parcel was crushed. Write to {mail}|0|5", "2|A crushed parcel, call {phone}|0|1"),
    *(
        "3|Good tea, but order {order} came crushed|1|2",
        "4|My card 4111 1111 1111 1111 was charged|2|1",
    ),
    *("5|Refund to DE89 3704 0044 0532 0130 00, the box is torn|1|1", "6|All is well|0|4"),
    *("7|Mail <b>{mail}</b> or osk_brahm&#64;post.example.de about the parcel|2|3",),
    "8|See https://example.com/r?token=9f8e7d6c5b4a&mail=itovar%2Bshop%40example.com|2|x {mail}",
)
BYTES = (
    """
wilma|quist|brahm|itovar|2395671|239 5671|5552671|555-2671|1239567|1294567|4457781|2024-00123
94 56 78|0694567|12945678|4111 1111|41111111|0532 0130|05320130|9f8e7d6c
""".strip()
    .replace("\n", "|")
    .split("|")
)


def write(path: Path, *, rows: tuple[str, ...] = ROWS, broken: bool = True) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEADER)
        for row in rows:
            number, text, who, rating = row.split("|")
            name, mail, phone, order = PEOPLE[int(who)]
            values = {"mail": mail, "phone": phone, "order": order}
            table.writerow(
                [
                    number,
                    text.format(**values),
                    name,
                    mail,
                    phone,
                    order,
                    rating.format(**values),
                    "2024-05-06",
                    f"talked to {mail}",
                ]
            )
        if broken:
            table.writerow(["9", "Wilma Quist", "wilma.quist@example.org", *range(12)])
            table.writerow(
                ["10", "word " * 300 + "wilma.quist@example.org", "Osk Brahm", *[""] * 6]
            )
    return path


def left(text: str) -> list[str]:
    return [one for one in BYTES if one in text.casefold()]


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def opened(path: Path, *, collection: str = "reviews") -> Corpus:
    return Corpus.open(path, collection=collection, encoder=FakeEncoder(dimension=32))


def authors(corpus: Corpus) -> list[int]:
    """How many reviews each author has, the most first."""
    corpus.export("counted.jsonl")
    rows = map(json.loads, Path("counted.jsonl").read_text("utf-8").splitlines())
    return sorted(Counter(row["author"] for row in rows).values(), reverse=True)


def test_no_byte_of_a_detail_is_left(
    lite_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    asked: list[str] = []

    def writes(instruction: str, text: str) -> str:
        asked.append(instruction + text)
        return "Parcels are crushed."

    with opened(lite_path) as corpus, ChatServer(writes) as server:
        report = corpus.ingest(write(Path("in.csv")), mask=True, max_tokens=200)
        assert (report.indexed, report.rejected, report.masked) == (8, 2, "all")
        assert report.private["email"] >= 17
        corpus.export("out.csv")
        corpus.export("out.jsonl")
        plan = corpus.plan("in.csv", mask=True, max_tokens=200)
        model = ChatModel(server.url, "writer")
        answer = corpus.ask("crushed parcel", model=model, min_similarity=0.1)
    assert answer.found
    assert asked
    said = "".join((*asked, repr(report), repr(plan), str(report), str(plan), caplog.text))
    captured = capfd.readouterr()
    assert left(said + captured.out + captured.err) == []
    assert left(repr(answer)) == []
    files = [path for path in Path.cwd().rglob("*") if path.is_file() and path.name != "in.csv"]
    files += [path for path in lite_path.rglob("*") if path.is_file()]
    assert {"in.rejects.csv", "out.csv", "out.jsonl"} <= {path.name for path in files}
    tables = [parquet.read_table(path) for path in files if path.suffix == ".parquet"]
    assert any(table.num_rows == 8 for table in tables)
    assert left("".join(str(table.to_pylist()) for table in tables)) == []
    for path in files:
        assert left(path.read_bytes().decode("latin-1")) == [], path


def test_counts_hold_over_two_ingests_and_masking_is_kept(lite_path: Path) -> None:
    with opened(lite_path) as corpus:
        corpus.ingest(write(Path("first.csv"), rows=ROWS[:4], broken=False), mask=True)
        again = corpus.ingest("first.csv", mask=True)
        assert (again.unchanged, again.encoded) == (4, 0)
        later = corpus.ingest(write(Path("second.csv"), rows=ROWS[4:], broken=False))
        assert later.masked == "all"
        assert any("masked: so have these" in note for note in later.notes)
        assert authors(corpus) == [3, 3, 2]
    assert left(Path("counted.jsonl").read_text("utf-8")) == []


def test_author_alone_is_masked_and_more_later(lite_path: Path) -> None:
    write(Path("in.csv"), broken=False)
    with opened(lite_path) as corpus:
        report = corpus.ingest("in.csv", mask_author=True)
        assert report.masked == "author"
        assert authors(corpus) == [3, 3, 2]
        text = Path("counted.jsonl").read_text("utf-8")
        assert "Wilma Quist" not in text
        assert "wilma.quist@example.org" in text
        author = json.loads(text.splitlines()[0])["author"]
        whole = corpus.ingest("in.csv", mask=True)
        assert (whole.updated, whole.masked) == (8, "all")
        (note,) = [note for note in whole.notes if "Milvus Lite keeps" in note]
        assert note.startswith("8 reviews were replaced.")
        corpus.export("counted.jsonl")
    text = Path("counted.jsonl").read_text("utf-8")
    assert left(text) == []
    assert author in text


def test_that_no_author_column_was_taken_is_told(lite_path: Path) -> None:
    Path("in.csv").write_text("Review,Rating\nMail me at a.b@example.com please.,2\n", "utf-8")
    with opened(lite_path) as corpus:
        for told in (
            corpus.plan("in.csv", mask_author=True),
            corpus.ingest("in.csv", mask_author=True),
        ):
            said = " ".join(told.notes)
            assert "No author column was taken, so no author is masked: --author-column." in said
            assert "none is masked, --mask masks them" in said
            assert "the authors are masked" not in said


def test_name_of_a_customer_is_the_author_that_is_masked(lite_path: Path) -> None:
    rows = "".join(f"Der Kessel ist leise {i};Karl Weber{i};k{i}@gmx.de\n" for i in range(9))
    Path("in.csv").write_text(f"Bewertung;Kundenname;E-Mail-Adresse\n{rows}", "utf-8")
    with opened(lite_path) as corpus:
        report = corpus.ingest("in.csv", mask_author=True)
        corpus.export("counted.jsonl")
    assert "the authors are masked" in " ".join(report.notes)
    assert "Weber" not in Path("counted.jsonl").read_text("utf-8")


def bytes_of(folder: Path) -> str:
    """What a directory holds, compressed as it is or not."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    tables = [parquet.read_table(path) for path in files if path.suffix == ".parquet"]
    plain = "".join(path.read_bytes().decode("latin-1") for path in files)
    return plain + "".join(str(table.to_pylist()) for table in tables)


def test_file_that_went_in_plain_is_masked_in_its_place(lite_path: Path) -> None:
    write(Path("in.csv"), broken=False)
    write(Path("more.csv"), rows=("20|Fine, ask for {mail}|0|5",), broken=False)
    with opened(lite_path) as corpus:
        corpus.ingest("in.csv")
        corpus.ingest("more.csv")
        report = corpus.ingest("in.csv", mask=True)
        assert (report.updated, report.indexed) == (8, 0)
        told = " ".join(report.notes)
        assert "1 review that reviews held before has private details that are not masked" in told
        assert "8 reviews were replaced. Milvus Lite keeps what they held in its files" in told
        assert left(bytes_of(lite_path))
        again = corpus.ingest("more.csv", mask=True)
        assert again.updated == 1
        assert "1 review was replaced. Milvus Lite keeps what it held" in " ".join(again.notes)
        corpus.reindex(grace=0)
        assert corpus.ingest("in.csv", mask=True).updated == 0
    assert left(bytes_of(lite_path)) == []


def test_another_review_under_an_id_is_refused_with_a_mask_too(lite_path: Path) -> None:
    write(Path("in.csv"), rows=ROWS[:1], broken=False)
    with opened(lite_path) as corpus:
        corpus.ingest("in.csv")
        text = Path("in.csv").read_text("utf-8")
        Path("in.csv").write_text(text.replace(PEOPLE[0][0], "Someone Else"), "utf-8")
        with pytest.raises(ConflictingIds, match="1 of 1 id is stored already for a review"):
            corpus.ingest("in.csv", mask=True)


def test_what_is_deleted_is_told_to_lie_in_files_until_these_are_written_anew(
    lite_path: Path,
) -> None:
    write(Path("in.csv"), broken=False)
    with opened(lite_path) as corpus:
        corpus.ingest("in.csv")
        assert corpus.delete([]).notes == ()
        corpus.export("all.jsonl")
        rows = Path("all.jsonl").read_text("utf-8").splitlines()
        ids = [json.loads(row)["review_id"] for row in rows]
        report = corpus.delete(ids[:1])
        assert "1 review deleted" in report.to_markdown()
        assert "1 review is deleted. Milvus Lite keeps what it held" in report.notes[0]
        corpus.delete(ids[1:])
        assert left(bytes_of(lite_path))
        corpus.reindex(grace=0)
    assert left(bytes_of(lite_path)) == []


def test_details_are_told_without_a_mask(lite_path: Path) -> None:
    write(Path("in.csv"), broken=False)
    with opened(lite_path) as corpus:
        plan, report = corpus.plan("in.csv"), corpus.ingest("in.csv")
    for told in (plan, report):
        (note,) = [note for note in told.notes if "--mask masks them" in note]
        assert note.startswith("8 rows hold private details (e-mail addresses ")
        assert (told.private_rows, told.private["person"], told.masked) == (8, 8, "")


def test_export_of_masked_reviews_is_read_back_as_it_was(lite_path: Path) -> None:
    write(Path("in.csv"), broken=False)
    with opened(lite_path) as corpus:
        corpus.ingest("in.csv", mask=True)
        corpus.export("out.csv")
        assert corpus.ingest("out.csv").unchanged == 8


def test_reindex_and_copy_keep_the_salt(lite_path: Path, tmp_path: Path) -> None:
    write(Path("first.csv"), rows=ROWS[:4], broken=False)
    write(Path("second.csv"), rows=ROWS[4:], broken=False)
    other = tmp_path / "other.db"
    with opened(lite_path) as corpus:
        corpus.ingest("first.csv", mask=True)
        corpus.reindex(encoder=FakeEncoder(dimension=16, name="another"))
        corpus.copy(other)
    with Corpus.open(other, encoder=FakeEncoder(dimension=16, name="another")) as copy:
        assert copy.ingest("second.csv").masked == "all"
        assert authors(copy) == [3, 3, 2]


def test_copy_into_a_collection_with_other_tokens_is_refused(
    lite_path: Path, tmp_path: Path
) -> None:
    write(Path("in.csv"), broken=False)
    other = tmp_path / "other.db"
    with opened(other) as there:
        there.ingest("in.csv", mask=True)
    with opened(lite_path) as corpus:
        corpus.ingest("in.csv")
        with pytest.raises(InputError, match="and this one not"):
            corpus.copy(other)
    with opened(tmp_path / "third.db") as third:
        third.ingest("in.csv", mask=True)
        with pytest.raises(InputError, match="other tokens"):
            third.copy(other)
