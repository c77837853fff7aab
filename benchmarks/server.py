"""Many clients that search at once: what is gained by answering them together?

The app of `reviewlens serve` runs in processes of its own on Milvus Lite, the clients here, over
loopback, each with a different text every time and without the matching sentence. `together` is
the server as it is, with 32 clients; `one at a time` the same server with batches of one and one
client, one search after the other. Rounds of the two follow each other.

    python benchmarks/server.py --reviews FILE                 # 60 seconds of each, 1,000 reviews
    python benchmarks/server.py --seconds 4 --rounds 2         # short form, with the sample
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import itertools
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from setup import SAMPLE, describe, read_texts


@dataclass
class Measured:
    """What was seen of one kind of server."""

    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    processor: float = 0.0


@dataclass(frozen=True)
class Served:
    """A server: its port and its process."""

    port: int
    process: psutil.Process

    def processor(self) -> float:
        """Seconds of a core that it has used."""
        times = self.process.cpu_times()
        return times.user + times.system


def serve(uri: str, most_batch: int) -> None:
    """Serve until a signal comes; print the port first."""
    from reviewlens import Corpus
    from reviewlens.server import Options, listen, run

    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    options = Options(most_batch=most_batch)
    run(Corpus.open(uri), options, listener, on_start=lambda: print(port, flush=True))


@contextmanager
def serving(uri: Path, most_batch: int) -> Iterator[Served]:
    """A server in a process of its own."""
    command = [sys.executable, __file__, "--serve", str(uri), "--batch", str(most_batch)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Served(int(process.stdout.readline()), psutil.Process(process.pid))
        finally:
            process.terminate()


def queries(texts: list[str]) -> Iterator[str]:
    """Yield texts as people type them: three to seven words, out of the reviews, none twice."""
    chance = random.Random(1)
    seen: set[str] = set()
    words = [text.split() for text in texts if len(text.split()) >= 8]
    while True:
        own = chance.choice(words)
        count = chance.randint(3, 7)
        start = chance.randrange(len(own) - count + 1)
        text = " ".join(own[start : start + count])
        if text in seen or any(character.isdigit() for character in text):
            text = f"{text} {chance.choice(chance.choice(words))}"
        if text not in seen:
            seen.add(text)
            yield text


async def client(port: int, texts: Iterator[str], until: float, measured: Measured) -> int:
    """Search again and again over one connection; return how many answers came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while (started := time.perf_counter()) < until:
        path = f"/api/v1/search?q={quote(next(texts))}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        measured.seconds.append(time.perf_counter() - started)
        if head.startswith(b"HTTP/1.1 200") and body.startswith(b'{"query":'):
            count += 1
        else:
            measured.errors += 1
    writer.close()
    return count


async def load(
    server: Served, clients: int, seconds: float, texts: Iterator[str], measured: Measured
) -> None:
    """Let clients search for some seconds; errors of the connection count as such."""
    used, started = server.processor(), time.perf_counter()
    tasks = [client(server.port, texts, started + seconds, measured) for _ in range(clients)]
    counts = await asyncio.gather(*tasks, return_exceptions=True)
    measured.errors += sum(isinstance(count, BaseException) for count in counts)
    done = sum(count for count in counts if isinstance(count, int))
    measured.processor += server.processor() - used
    measured.rates.append(done / (time.perf_counter() - started))


def fill(reviews: Path, limit: int, folder: Path) -> tuple[Path, Path]:
    """Store `limit` reviews twice, the rows of the file again and again if it has fewer."""
    from reviewlens import Corpus

    with reviews.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    file = folder / "reviews.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["number", *header[1:]] if header[0] in ("", "id") else header)
        for number, row in enumerate(itertools.islice(itertools.cycle(rows), limit)):
            writer.writerow([number, *row[1:]] if header[0] in ("", "id") else row)
    made = folder / "together.db"
    with Corpus.open(made) as corpus:
        corpus.ingest(file, id_column="")
        stored = corpus.size()
    assert stored == limit, stored
    return made, shutil.copytree(made, folder / "alone.db")


def told(name: str, measured: Measured) -> None:
    """Print throughput and latencies."""
    cuts = statistics.quantiles(measured.seconds, n=100)
    p50, p95, p99 = (1e3 * cuts[share - 1] for share in (50, 95, 99))
    rates = measured.rates
    print(
        f"  {name:15}{statistics.median(rates):7.1f} searches/s "
        f"({min(rates):.1f}-{max(rates):.1f})  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  "
        f"{1e3 * measured.processor / len(measured.seconds):5.1f} ms of a core each  "
        f"{len(measured.seconds):,} answers, {measured.errors} errors"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60, help="Of each kind, all rounds.")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--database", type=Path, help="A stored corpus to copy, instead.")
    parser.add_argument("--batch", type=int, default=64, help=argparse.SUPPRESS)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.batch)
        return
    print(describe())
    texts = queries(read_texts(arguments.reviews))
    together, alone = Measured(), Measured()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if arguments.database:
            many = Path(shutil.copytree(arguments.database, folder / "together.db"))
            one = Path(shutil.copytree(arguments.database, folder / "alone.db"))
        else:
            many, one = fill(arguments.reviews, arguments.limit, folder)
        with serving(many, arguments.batch) as shared, serving(one, 1) as single:
            seconds = arguments.seconds / arguments.rounds
            for server, clients in ((shared, arguments.clients), (single, 1)):
                asyncio.run(load(server, clients, 2, texts, Measured()))  # warm
            for _ in range(arguments.rounds):
                asyncio.run(load(single, 1, seconds, texts, alone))
                asyncio.run(load(shared, arguments.clients, seconds, texts, together))
    ratios = [one / other for one, other in zip(together.rates, alone.rates, strict=True)]
    print(
        f"Milvus Lite, {arguments.limit:,} reviews, {arguments.clients} clients, "
        f"{arguments.seconds:g} s of each in {arguments.rounds} rounds"
    )
    told("one at a time", alone)
    told("together", together)
    print(
        f"  ratio          {statistics.median(ratios):7.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    )
    print(json.dumps({"ratio": round(statistics.median(ratios), 3), "errors": together.errors}))


if __name__ == "__main__":
    main()
