"""What a review says is found by the statement that says it; older collections are taken along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import EncoderMismatch
from reviewlens.store import FIELDS, Filters, Pin, ReviewStore, StoredPassage, unpack

LONG = (
    "We bought it for the kitchen in spring. The box was large and heavy. My sister has the same "
    "one in green. It came with two spare rings and a little spoon. The handle leaks hot water "
    "onto my fingers. We use it every morning before work. The colour goes well with the tiles."
)
SHORT = [
    "The handle is pretty and the water is hot.",
    "Fingers crossed that it lasts.",
    "Hot tea every morning, lovely.",
    "The lid fits well.",
    "It came in a large box.",
    "Green suits the kitchen.",
]


def frame() -> pd.DataFrame:
    rows = [("long", LONG), *((f"s{number}", text) for number, text in enumerate(SHORT))]
    return pd.DataFrame(rows, columns=["id", "text"])


def made(uri: Path, version: int, encoder: FakeEncoder) -> None:
    """Make an empty collection of a schema version."""
    pin = Pin(encoder.name, encoder.fingerprint, encoder.dimension, version)
    with ReviewStore.open(str(uri), create=True) as store:
        store.create(pin)


def rows(uri: Path) -> dict[str, StoredPassage]:
    with ReviewStore.open(str(uri)) as store:
        return store.get(store.passage_ids(Filters()), FIELDS)


def test_a_long_review_is_found_by_the_one_thing_that_it_says(tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(frame())
        for mode in ("dense", "hybrid"):
            first = corpus.search("handle leaks hot water onto fingers", mode=mode, explain=True)[0]
            assert first.review_id == "long", mode
            assert first.sentence == "The handle leaks hot water onto my fingers."
            assert first.similarity > 0.8


def test_a_title_that_says_it_is_shown_once(tmp_path: Path) -> None:
    said = pd.DataFrame([("a", "Leaks at the handle", "I sent it back.")])
    said.columns = pd.Index(["id", "title", "text"])
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(pd.concat([said, frame()]))
        answer = corpus.search("leaks at the handle", n=1, explain=True)
    assert answer[0].sentence == "Leaks at the handle"
    assert answer.to_markdown().count("Leaks at the handle") == 1
    assert "I sent it back." in answer.to_markdown()


def test_a_collection_of_version_1_goes_on_and_is_rebuilt(tmp_path: Path) -> None:
    uri, encoder = tmp_path / "r.db", FakeEncoder()
    made(uri, 1, encoder)
    with Corpus.open(uri, encoder=encoder) as corpus:
        assert corpus.ingest(frame()).indexed == 7
        before = corpus.search("The lid fits well.", n=3, mode="dense", explain=True)
        assert (before[0].review_id, before[0].sentence) == ("s3", "The lid fits well.")
    stored = rows(uri)
    assert not any(row.statements for row in stored.values())
    whole = encoder.encode_documents([LONG])[0]
    assert np.allclose(stored["long#0"].vector, whole, atol=1e-6)

    with Corpus.open(uri, encoder=encoder) as corpus:
        report = corpus.reindex(grace=0)
        assert report.encoded == 7
        first = corpus.search("handle leaks hot water onto fingers", mode="dense", explain=True)[0]
        assert first.sentence == "The handle leaks hot water onto my fingers."
        assert corpus.ingest(frame()).unchanged == 7
        assert corpus.reindex(grace=0).encoded == 0
    packed = unpack(rows(uri)["long#0"].statements)
    assert packed is not None
    assert len(packed.spans) == 7


def test_statements_are_stored_like_any_field(tmp_path: Path) -> None:
    """Other fields that change leave them, and a copy has them too."""
    changed = frame().assign(stars=[3] * 7)
    uri, other, encoder = tmp_path / "r.db", tmp_path / "other.db", FakeEncoder()
    with Corpus.open(uri, encoder=encoder) as corpus:
        corpus.ingest(frame())
    before = statements(uri)
    assert all(before.values())
    with Corpus.open(uri, encoder=encoder) as corpus:
        assert corpus.ingest(changed).updated == 7
        corpus.copy(other)
    assert statements(uri) == before
    assert statements(other) == before


def statements(uri: Path) -> dict[str, str]:
    return {key: row.statements for key, row in rows(uri).items()}


@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_collections_of_two_versions_are_not_put_together(
    tmp_path: Path, versions: tuple[int, int]
) -> None:
    encoder = FakeEncoder()
    for name, version in zip(("a.db", "b.db"), versions, strict=True):
        made(tmp_path / name, version, encoder)
        with Corpus.open(tmp_path / name, encoder=encoder) as corpus:
            corpus.ingest(frame())
    with (
        Corpus.open(tmp_path / "a.db", encoder=encoder) as corpus,
        pytest.raises(EncoderMismatch, match=r"earlier reviewlens.*reindex"),
    ):
        corpus.copy(tmp_path / "b.db")


def test_what_stands_in_a_review_is_never_denied(tmp_path: Path) -> None:
    """A word on a fifth of the reviews says little, and is said all the same."""
    texts = [
        f"Week {number}: the {part} {fault} again, and I wrote to the shop."
        for number, part in enumerate(("lid", "cable", "strap", "box", "spout", "button") * 4)
        for fault in ("broke", "leaks", "rattles", "smells", "jams")
    ]
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(pd.DataFrame({"id": range(len(texts)), "text": texts}))
        for query in ("spout", "button rattles", "cable"):
            for mode in (None, "dense", "hybrid", "keyword"):
                answer = corpus.search(query, n=3, mode=mode)
                assert answer.answered, (query, mode)
                assert all(word in match.text for match in answer[:3] for word in query.split()), (
                    query,
                    mode,
                )
        assert not corpus.search("visa extension at the embassy").answered


def test_fewer_are_the_first_of_more(tmp_path: Path) -> None:
    """What is asked for changes no score, as long as no more is looked at for it."""
    texts = [
        f"Week {number}: the {part} {fault} again" + " and I wrote to the shop" * (number % 4)
        for number, part in enumerate(("lid", "cable", "strap", "box", "spout", "button") * 5)
        for fault in ("broke", "leaks", "rattles", "smells", "jams")
    ]
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as corpus:
        corpus.ingest(pd.DataFrame({"id": range(len(texts)), "text": texts}))
        for query in ("spout rattles again", "wrote to the shop", "week 3 cable"):
            most = corpus.search(query, n=60, mode="hybrid", min_similarity=-1)
            for n in (1, 3, 8):
                assert corpus.search(query, n=n, mode="hybrid", min_similarity=-1)[:] == most[:n]


def test_doctor_notes_a_collection_of_an_earlier_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder = FakeEncoder()
    made(tmp_path / "r.db", 1, encoder)
    with Corpus.open(tmp_path / "r.db", encoder=encoder) as corpus:
        corpus.ingest(frame())
    run(["--uri", str(tmp_path / "r.db"), "doctor"])
    assert "an earlier version made it" in " ".join(capsys.readouterr().out.split())
