"""The three stages of the second pass, on a store in memory that one thread at a time may use."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.ingest import STEPS, IngestOptions, inspect
from reviewlens.ingest.changes import Tally
from reviewlens.ingest.rejects import RejectsFile
from reviewlens.ingest.stored import Hashes, StoredReviews
from reviewlens.ingest.vectors import TEXTS_AT_ONCE
from reviewlens.ingest.writer import write
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.survey import survey_reviews
from reviewlens.store import Languages, StoredPassage, passage_id
from reviewlens.text.boilerplate import NO_BOILERPLATE
from reviewlens.text.passages import TokenLimits

CHUNK, CHUNKS = 10, 6
PATIENCE = 20.0  # seconds; only a failure takes them


class MemoryStore:
    """Passages by key. `seconds` each write takes; two uses at a time are an error."""

    exists = True
    has_statements = True
    languages = Languages()
    boilerplate = NO_BOILERPLATE

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.rows: dict[str, StoredPassage] = {}
        self.written: list[tuple[str, list[str]]] = []
        self.asked: list[tuple[str, int]] = []
        self.fail_at: tuple[int, BaseException] | None = None
        self._seconds = seconds
        self._writes = 0
        self._busy = threading.Lock()

    def remember_languages(self, languages: Languages) -> None:
        pass

    def upsert(self, passages: Iterable[StoredPassage]) -> int:
        rows = {passage_id(row.review_id, row.passage): row for row in passages}
        with self._alone():
            self._writes += bool(rows)
            if self.fail_at is not None and self._writes == self.fail_at[0]:
                raise self.fail_at[1]
            time.sleep(self._seconds)
            self.rows.update(rows)
            self.written.append(("upsert", [*rows]))
        return len(rows)

    def delete(self, ids: Sequence[str]) -> None:
        with self._alone():
            for key in ids:
                self.rows.pop(key, None)
            self.written.append(("delete", [*ids]))

    def get(self, ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        with self._alone():
            self.asked.append(("get", len(ids)))
            return {key: self.rows[key] for key in ids if key in self.rows}

    def passages(self, review_ids: Sequence[str], fields: Sequence[str]) -> list[StoredPassage]:
        wanted = set(review_ids)
        with self._alone():
            self.asked.append(("passages", len(review_ids)))
            return [row for row in self.rows.values() if row.review_id in wanted]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert self._busy.acquire(blocking=False), "the store is used by two threads at once"
        try:
            yield
        finally:
            self._busy.release()


class WatchedStored:
    """What is stored, looked up for each chunk that the second pass reads.

    Tells each of them to a function, by its number from 1.
    """

    def __init__(self, stored: StoredReviews, watch: Callable[[int], None]) -> None:
        self._stored = stored
        self._watch = watch
        self._chunks = 0
        self.note = stored.note

    def passages(self, review_ids: Sequence[str]) -> list[Mapping[int, Hashes]]:
        self._chunks += 1
        self._watch(self._chunks)
        return self._stored.passages(review_ids)


class WatchedEncoder(FakeEncoder):
    """Tells each call of `encode_documents` to a function, by its number from 1."""

    def __init__(
        self, watch: Callable[[int], None] = lambda call: None, *, window: int = 254
    ) -> None:
        super().__init__(dimension=16, window=window)
        self._watch = watch

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._watch(self.calls + 1)
        return super().encode_documents(texts)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = [f"{number},Lamp number {number} is bright.,5" for number in range(CHUNK * CHUNKS)]
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join(["id,text,stars", *lines]), encoding="utf-8")
    return path


def ingested(
    file: Path,
    store: MemoryStore,
    encoder: FakeEncoder,
    *,
    options: IngestOptions | None = None,
    request_passages: int = 1_000,
    on_chunk: Callable[[int], None] = lambda chunk: None,
    on_step: Callable[[str], None] = lambda step: None,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Tally:
    options = options or IngestOptions(read=ReadOptions(chunk_rows=CHUNK))
    with survey_reviews([file], options.read) as survey:
        found = inspect(
            survey, encoder, options, store, request_passages=request_passages  # type: ignore[arg-type]
        )  # fmt: skip
        found.stored = WatchedStored(found.stored, on_chunk)  # type: ignore[assignment]
        with closing(RejectsFile(Path("rejects.csv"))) as rejects:
            return write(
                survey, found, store, encoder, options, rejects,  # type: ignore[arg-type]
                on_step=on_step, on_progress=on_progress,
            )  # fmt: skip


def threads_left() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("ingest")]


def test_every_chunk_is_written_and_counted(file: Path) -> None:
    store, encoder = MemoryStore(), WatchedEncoder()
    tally = ingested(file, store, encoder)
    assert tally == Tally(
        read=60,
        indexed=60,
        encoded=60,
        tokens=360,
        tokens_embedded=360,
        undated=60,
        languages=Counter(en=60),
    )
    assert len(store.rows) == encoder.encoded == 60
    again = ingested(file, store, encoder)
    assert (again.unchanged, again.encoded, again.tokens) == (60, 0, 360)
    assert encoder.calls == CHUNKS
    assert threads_left() == []


@pytest.mark.parametrize(
    ("passages", "asked"), [(1, [10] * CHUNKS), (12, [20, 20, 20]), (1_000, [60])]
)
def test_the_store_is_asked_in_few_requests_and_reads_nothing_else(
    file: Path, passages: int, asked: list[int]
) -> None:
    store = MemoryStore()
    ingested(file, store, WatchedEncoder())
    store.asked.clear()
    tally = ingested(file, store, WatchedEncoder(), request_passages=passages)
    assert tally.unchanged == 60
    assert store.asked == [("passages", count) for count in asked]


def test_passages_of_long_reviews_count_where_the_store_is_asked(file: Path) -> None:
    text = "A bright lamp. " * 4
    rows = [f"{number},{text if number < 2 else 'A lamp.'}" for number in range(40)]
    file.write_text("\n".join(["id,text", *rows]), encoding="utf-8")
    store, encoder = MemoryStore(), WatchedEncoder(window=4)
    ingested(file, store, encoder, request_passages=15)
    assert [reviews for _, reviews in store.asked if reviews] == [10, 20, 10]


def test_reviews_without_stars_are_counted(file: Path) -> None:
    file.write_text("text,rating\ngood,5\nbad,1\nodd,great\nbare,\n,Total\n")
    assert ingested(file, MemoryStore(), WatchedEncoder()).unrated == 2


def test_tokens_are_those_of_the_reviews_taken(file: Path) -> None:
    file.write_text(
        "text,date\n"
        "Skipped for its age although it is long enough.,2020-01-01\n"
        "Six tokens 很 are here.,2024-01-01\n"
        "Too.,2024-01-02\n"
        "Three tokens.,\n"
        "Four tokens of them.,2024-01-03\n",
        encoding="utf-8",
    )
    encoder = FakeEncoder(dimension=16, window=4)
    options = IngestOptions(limits=TokenLimits(minimum=3, long="truncate"), latest=2)
    store = MemoryStore()
    first = ingested(file, store, encoder, options=options)
    again = ingested(file, store, encoder, options=options)
    assert (first.read, first.indexed, first.skipped, again.unchanged) == (5, 2, 2, 2)
    for tally in (first, again):
        assert (tally.tokens, tally.tokens_embedded, tally.tokens_unknown) == (11, 8, 1)


def test_a_review_s_first_passage_is_written_last(file: Path) -> None:
    store, encoder = MemoryStore(), FakeEncoder(dimension=16, window=4)
    file.write_text("id,text\n1," + "A bright lamp. " * 4, encoding="utf-8")
    ingested(file, store, encoder)
    file.write_text("id,text\n1," + "A dull lamp. " * 2, encoding="utf-8")
    ingested(file, store, encoder)
    assert store.written == [
        ("upsert", ["1#1", "1#2", "1#3"]),
        ("delete", []),
        ("upsert", ["1#0"]),
        ("upsert", ["1#1"]),
        ("delete", ["1#2", "1#3"]),
        ("upsert", ["1#0"]),
    ]


def test_steps_of_a_chunk_follow_those_of_the_chunk_before(file: Path) -> None:
    steps: list[str] = []

    def on_step(step: str) -> None:
        steps.append(step)
        time.sleep(0.01)  # the next chunk is long encoded

    ingested(file, MemoryStore(seconds=0.02), WatchedEncoder(), on_step=on_step)
    assert steps == [*STEPS] * CHUNKS


def test_next_chunk_is_read_and_the_last_is_written_while_one_is_encoded(file: Path) -> None:
    second_is_read, second_is_encoded = threading.Event(), threading.Event()

    def on_chunk(chunk: int) -> None:
        if chunk == 2:
            second_is_read.set()

    def watch_encoding(call: int) -> None:
        if call == 1:
            assert second_is_read.wait(PATIENCE), "nothing is read while a chunk is encoded"
        else:
            second_is_encoded.set()

    def on_step(step: str) -> None:
        assert second_is_encoded.wait(PATIENCE), "nothing is encoded while a chunk is written"

    encoder = WatchedEncoder(watch_encoding)
    ingested(file, MemoryStore(), encoder, on_chunk=on_chunk, on_step=on_step)


def test_no_more_than_two_chunks_wait(file: Path) -> None:
    written = 0
    ahead: list[int] = []

    def on_step(step: str) -> None:
        nonlocal written
        written += step == "heads written"

    def on_chunk(chunk: int) -> None:
        ahead.append(chunk - written)

    store = MemoryStore(seconds=0.05)
    ingested(file, store, WatchedEncoder(), on_chunk=on_chunk, on_step=on_step)
    assert len(ahead) == CHUNKS
    assert max(ahead) <= 3  # one that is written, two that wait or are at work


def test_progress_is_told_by_this_thread_when_the_chunk_is_written(file: Path) -> None:
    store, told = MemoryStore(seconds=0.01), []

    def on_progress(stage: str, done: int, of: int) -> None:
        told.append((stage, done, of, len(store.rows) >= done, threading.current_thread()))

    ingested(file, store, WatchedEncoder(), on_progress=on_progress)
    me = threading.current_thread()
    assert told == [("writing", done, 60, True, me) for done in range(CHUNK, 61, CHUNK)]


def test_progress_is_told_again_while_a_chunk_is_encoded_and_can_stop_it(file: Path) -> None:
    each = TEXTS_AT_ONCE // CHUNK + 1  # passages of a review: a chunk is encoded in two parts
    lines = [
        f"{number},{' '.join(f'Lamp {number} {place}.' for place in range(each))}"
        for number in range(3 * CHUNK)
    ]
    file.write_text("\n".join(["id,text", *lines]), encoding="utf-8")
    store, encoder, told = MemoryStore(), WatchedEncoder(window=4), []

    def on_progress(_stage: str, done: int, _of: int) -> None:
        told.append(done)
        if told.count(CHUNK) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingested(file, store, encoder, on_progress=on_progress)
    # The third chunk is half encoded; the second has been encoded and is being written.
    assert told == [0, 0, CHUNK, CHUNK]
    assert encoder.encoded == 2 * CHUNK * each + TEXTS_AT_ONCE
    assert len(store.rows) == 2 * CHUNK * each


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("stage", ["reading", "encoding", "writing", "step", "progress"])
def test_an_error_in_any_stage_stops_all_and_loses_nothing_confirmed(
    file: Path, stage: str, kind: type[BaseException]
) -> None:
    error, confirmed = kind("stop"), 0
    store = MemoryStore(seconds=0.01)
    passed: list[str] = []

    def fail(where: str, moment: bool) -> None:  # noqa: FBT001
        if where == stage and moment:
            raise error

    def on_step(step: str) -> None:
        passed.append(step)
        fail("step", passed.count("encoded") == 3)

    def on_progress(_stage: str, done: int, _of: int) -> None:
        nonlocal confirmed
        confirmed = done
        fail("progress", done == 2 * CHUNK)

    def on_chunk(chunk: int) -> None:
        fail("reading", chunk == 3)

    encoder = WatchedEncoder(lambda call: fail("encoding", call == 3))
    if stage == "writing":
        store.fail_at = (3, error)
    with pytest.raises(kind) as caught:
        ingested(file, store, encoder, on_chunk=on_chunk, on_step=on_step, on_progress=on_progress)
    assert caught.value is error
    assert threads_left() == []
    assert sorted(int(row.review_id) for row in store.rows.values()) == list(range(2 * CHUNK))
    assert confirmed <= 2 * CHUNK
    assert passed.count("encoded") == (3 if stage in ("writing", "step") else 2)


def test_an_interrupt_while_encoding_is_raised_at_once(file: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    never, me = threading.Event(), threading.get_ident()

    def watch(call: int) -> None:
        if call == 2:
            threading.Timer(0.2, signal.pthread_kill, (me, signal.SIGINT)).start()
            never.wait(PATIENCE)

    started, store = time.monotonic(), MemoryStore()
    try:
        with pytest.raises(KeyboardInterrupt):
            ingested(file, store, WatchedEncoder(watch))
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < PATIENCE / 2
    assert threads_left() == []
    assert len(store.rows) == CHUNK


def _refreshed_after(
    file: Path, store: MemoryStore, happens: Callable[[], None]
) -> tuple[Tally, int]:
    """Ingest the file with other stars, where something happens to the store once it was asked."""
    encoder = FakeEncoder(dimension=16, window=8)
    ingested(file, store, encoder)
    before = encoder.encoded
    file.write_text(file.read_text(encoding="utf-8").replace(",5", ",4"), encoding="utf-8")

    def on_progress(stage: str, _done: int, _of: int) -> None:
        if stage == "writing" and not happened:
            happened.append(True)
            happens()

    happened: list[bool] = []
    tally = ingested(file, store, encoder, on_progress=on_progress)
    assert happened
    assert tally.read == tally.indexed + tally.updated + tally.unchanged == CHUNK * CHUNKS
    assert {row.rating for row in store.rows.values()} == {4.0}
    return tally, encoder.encoded - before


def test_a_review_that_is_deleted_while_it_is_refreshed_is_written_anew(file: Path) -> None:
    store = MemoryStore()

    def delete() -> None:
        for review in (40, 41):
            del store.rows[f"{review}#0"]

    tally, encoded = _refreshed_after(file, store, delete)
    assert (tally.updated, tally.indexed, tally.encoded, encoded) == (58, 2, 2, 2)
    assert len(store.rows) == CHUNK * CHUNKS
    again = ingested(file, store, FakeEncoder(dimension=16, window=8))
    assert again.unchanged == CHUNK * CHUNKS


def test_a_review_that_gets_another_text_while_it_is_refreshed_has_that_of_the_file(
    file: Path,
) -> None:
    store = MemoryStore()

    def rewrite() -> None:
        for number in range(3):
            row = replace(store.rows["40#0"], passage=number, text="other", content_hash="x.y")
            store.rows[f"40#{number}"] = row

    tally, encoded = _refreshed_after(file, store, rewrite)
    assert (tally.updated, tally.indexed, encoded) == (60, 0, 1)
    assert store.rows["40#0"].text == "Lamp number 40 is bright."
    assert len(store.rows) == CHUNK * CHUNKS
