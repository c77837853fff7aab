"""What comes after the write never makes an error of an ingest: it is told, and made up for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pymilvus.exceptions import MilvusException

from fakes import FakeEncoder, Register, Wrapped
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.encoders import Encoder
from reviewlens.errors import CollectionReplaced, EncoderError, StoreError
from reviewlens.search.relevance import Unmeasured
from reviewlens.search.relevance.sample import Sample
from reviewlens.store import ReviewStore

BACKENDS = ("lite",)


class Unwilling(FakeEncoder):
    """Embeds documents, and queries only while it is willing to."""

    def __init__(self, error: BaseException | None = None) -> None:
        super().__init__(dimension=32, name=f"unwilling {type(error).__name__}")
        self.error = error

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.error is not None:
            raise self.error
        return super().encode_queries(texts)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def quickly_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A measurement that asks the encoder and takes no time."""

    def measure(sample: Sample, _probes: object, encoder: Encoder) -> Unmeasured:
        encoder.encode_queries(["what relevance asks"])
        return Unmeasured(encoder.fingerprint, sample.reviews, "quick")

    monkeypatch.setattr("reviewlens.search.keeper.measure", measure)


def write(first: int, last: int, *more: str) -> str:
    lines = [
        f"r{n},Lamp {n} is bright and word{n} arrived.,{n % 5 + 1}" for n in range(first, last)
    ]
    Path("reviews.csv").write_text("\n".join(["id,text,stars", *lines, *more]), encoding="utf-8")
    return "reviews.csv"


def computed_of(database: Path) -> dict[str, str]:
    with ReviewStore.open(str(database)) as store:
        return store.computed


@pytest.mark.parametrize(
    "error",
    [EncoderError("the probes are refused"), IndexError("list index out of range")],
    ids=["one of ours", "a fault"],
)
def test_relevance_that_cannot_be_measured_is_a_note_and_made_up_for_by_the_next_ingest(
    lite_path: Path, error: Exception
) -> None:
    encoder = Unwilling(error)
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        report = corpus.ingest(write(0, 60))
        assert (report.indexed, corpus.size()) == (60, 60)
        [note] = [note for note in report.notes if "be measured" in note]
        assert note.startswith("The reviews are stored.")
        assert str(error) in note
    assert "relevance" not in computed_of(lite_path)
    encoder.error = None
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        again = corpus.ingest("reviews.csv")
        assert (again.unchanged, again.notes) == (60, ())
    assert list(computed_of(lite_path)) == ["relevance"]


def test_relevance_out_of_date_is_renewed_by_the_next_ingest_of_nothing_new(
    lite_path: Path,
) -> None:
    encoder = Unwilling()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest(write(0, 60))
        before = corpus._session.required().computed["relevance"]
        encoder.error = EncoderError("refused")
        corpus.ingest(write(60, 90))
        store = corpus._session.required()
        assert store.computed == {"relevance": before, "relevance_due": "yes"}
        encoder.error = None
        assert corpus.ingest("reviews.csv").unchanged == 30
        assert '"reviews": 90' in store.computed["relevance"]
        assert list(store.computed) == ["relevance"]


def test_a_run_stopped_before_relevance_is_made_up_for(lite_path: Path) -> None:
    encoder = Unwilling(KeyboardInterrupt())
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        with pytest.raises(KeyboardInterrupt):
            corpus.ingest(write(0, 60))
        encoder.error = None
        assert corpus.ingest("reviews.csv").unchanged == 60
        assert list(corpus._session.required().computed) == ["relevance"]


def test_a_search_makes_up_for_relevance_that_is_missing(lite_path: Path) -> None:
    encoder = Unwilling(EncoderError("refused"))
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest(write(0, 60))
        encoder.error = None
        assert corpus.search("word7 arrived").matches
        assert list(corpus._session.required().computed) == ["relevance"]


def test_a_small_change_leaves_relevance_and_owes_nothing(lite_path: Path) -> None:
    with Corpus.open(lite_path, encoder=Unwilling()) as corpus:
        corpus.ingest(write(0, 60))
        before = corpus._session.required().computed
        corpus.ingest(write(60, 62))
        assert corpus._session.required().computed == before


class Unsettled(Wrapped):
    """A store's client whose flush fails."""

    def __init__(self, client: Any, error: Exception) -> None:
        super().__init__(client)
        self.error = error

    def flush(self, *_: object, **__: object) -> None:
        raise self.error


def test_an_index_that_is_not_made_at_once_is_a_note(lite_path: Path) -> None:
    encoder = Unwilling()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        store = corpus._session.new_store(encoder)
        client = Unsettled(store._client, MilvusException(message="refused: rate limit"))
        store._client = client
        report = corpus.ingest(write(0, 5))
        assert (report.indexed, corpus.size()) == (5, 5)
        assert any("rate limit" in note for note in report.notes)
        # What was written may be in a version that nobody asks any more.
        client.error = CollectionReplaced("rebuilt")
        with pytest.raises(CollectionReplaced):
            corpus.ingest(write(5, 9))


def test_the_command_ends_with_0_and_tells_the_note(
    lite_path: Path, registered: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    registered("unwilling", lambda: Unwilling(StoreError("Milvus is busy")))
    assert run(["--uri", str(lite_path), "--encoder", "unwilling", "ingest", write(0, 60)]) == 0
    said = capsys.readouterr()
    assert "could not be measured (Milvus is busy)" in said.err
    assert "60 rows read" in said.out


def test_rejected_rows_that_cannot_be_written_are_told(
    lite_path: Path, registered: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    registered("unwilling", Unwilling)
    arguments = ["--uri", str(lite_path), "--encoder", "unwilling", "ingest", write(0, 5, "x,,")]
    assert run([*arguments, "--rejects", "/dev/full"]) == 1
    said = capsys.readouterr()
    told = "rejected rows (--rejects FILE) cannot be written to /dev/full: No space left"
    assert told in said.err


def test_a_long_name_of_a_file_has_a_file_of_rejected_rows(lite_path: Path) -> None:
    path = Path("é" * 125 + ".csv")  # 254 bytes of 255
    path.write_text("id,text,stars\n1,A lamp.,5\n2,,\n", encoding="utf-8")
    with Corpus.open(lite_path, encoder=Unwilling()) as corpus:
        report = corpus.ingest(path)
    assert (report.indexed, report.rejected) == (1, 1)
    assert Path(str(report.rejects_file)).name == "é" * 121 + ".rejects.csv"
