"""Do two checkouts give the same answers? Every command's JSON of the one against the other's.

For each set of reviews either checkout makes a collection with its own code, in its own folder,
and is asked the same commands with `-f json`, in the same order. Numbers may differ by 1e-6, all
else must be equal. What was renamed by design stands in `RENAMED`, what depends on the machine or
the moment in `LEFT_OUT`. Each difference is printed, and the exit status is 1 if there is one.

    python benchmarks/answers.py --old ../main --new . --data FOLDER
    python benchmarks/answers.py --old ../main --new . --sets sample --only 'search|clusters'
    python benchmarks/answers.py --old ../main --new . --upgrade

With `--upgrade` the new checkout makes no collection: it is given a copy of what the old one made,
and both open, ask, ingest into and reindex it. `--old X --new X` shows what is not the same twice.
FOLDER holds `fine_food_reviews_1k.csv` and `banking77_test.csv`; without it the sample is asked.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[1] / "datasets" / "sample_reviews.csv"
TOLERANCE = 1e-6

# (a command's words as a pattern, path of the key in the old JSON): its path in the new one. A path
# is written without places: `matches[].review_id`. "" as the new path: taken away by design.
RENAMED: dict[tuple[str, str], str] = {}

# (a command's words as a pattern, path as a pattern): not compared.
LEFT_OUT: tuple[tuple[str, str], ...] = (
    (".*", r"(.*\.)?seconds"),
    (".*", r"(.*\.)?\w+_(per_second|seconds)"),
    ("themes list", "created"),
    ("doctor", r"checks\[(Python|Packages|Memory|Disk|Docker)\]\.(found|state|cure)"),
)

# Runs in each checkout: the commands of stdin, one after another, what each said as a line of JSON.
_WORKER = """
import contextlib, io, json, sys, time
from pathlib import Path
import reviewlens
from reviewlens.cli.main import run
home = Path(sys.argv[1]).resolve()
assert home in Path(reviewlens.__file__).resolve().parents, (reviewlens.__file__, home)
answers = open("answers.jsonl", "a", encoding="utf-8")
for arguments in json.load(sys.stdin):
    out, err, started = io.StringIO(), io.StringIO(), time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = run(arguments)
        except SystemExit as left:
            status = left.code
        except Exception as error:
            status = f"{type(error).__name__}: {error}"
    told = {"status": status, "out": out.getvalue(), "err": err.getvalue(),
            "seconds": time.monotonic() - started}
    print(json.dumps(told), file=answers, flush=True)
"""

# Two processes run at once: threads that wait for each other by spinning would slow both.
_SETTING = {
    "COLUMNS": "80", "HF_HUB_OFFLINE": "1", "REVIEWLENS_LLM_URL": "",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Reviews:
    """A set of reviews, and what can be asked of it.

    Attributes:
        name: What it is called here.
        file: The CSV.
        queries: Texts to search for; the last one is said by no review.
        filters: Lists of options, each of which leaves some reviews.
        by: Columns to group by.
        sides: Two filters as `compare` takes them.
        labels: For `classify --labels`.
        learnt: Options of `classify` that learn.
        ingest: Options of `ingest`.
        few: Filters that leave so few reviews that their sentences are soon encoded.
    """

    name: str
    file: Path
    queries: tuple[str, ...]
    filters: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]
    sides: tuple[str, ...]
    labels: tuple[str, ...]
    learnt: tuple[tuple[str, ...], ...]
    ingest: tuple[str, ...] = ()
    few: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A command, and the file it writes, if that is to be compared too."""

    arguments: tuple[str, ...]
    file: str = ""

    @property
    def name(self) -> str:
        """The command as one would type it."""
        return " ".join(f'"{word}"' if " " in word else word for word in self.arguments)


@dataclass(slots=True)
class Asked:
    """A checkout, in a folder of its own."""

    label: str
    checkout: Path
    python: str
    folder: Path
    answers: list[Any] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def ask(self, steps: Sequence[Step]) -> None:
        """Run the steps in one process; a file that a step writes is a part of its answer."""
        lines = self.folder / "answers.jsonl"
        lines.unlink(missing_ok=True)
        done = subprocess.run(
            [self.python, "-c", _WORKER, str(self.checkout)],
            input=json.dumps([_command(step) for step in steps]),
            cwd=self.folder,
            env={**os.environ, **_SETTING, "PYTHONPATH": str(self.checkout / "src")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
        if len(told) != len(steps):
            raise SystemExit(f"{self.label}: {len(told)} of {len(steps)} steps\n{done.stderr}")
        self.seconds += [one["seconds"] for one in told]
        self.answers += [self._answer(step, one) for step, one in zip(steps, told, strict=True)]

    def _answer(self, step: Step, told: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {"status": told["status"]}
        try:
            answer["json"] = json.loads(told["out"])
        except ValueError:
            answer["out"] = told["out"].splitlines()
        if told["status"] != 0:
            answer["error"] = told["err"].splitlines()
        if step.file and (self.folder / step.file).is_file():
            answer["file"] = _rows(self.folder / step.file)
        return answer


def _command(step: Step) -> list[str]:
    if step.arguments[0] in ("words", "tokens"):
        return [*step.arguments, "-f", "json"]
    # Those that change something and print a line take no format.
    plain = step.arguments[0] == "themes" and step.arguments[1] in _PLAIN
    return ["--uri", "reviews.db", *step.arguments, *([] if plain else ["-f", "json"])]


_PLAIN = ("rename", "merge", "split", "hide", "use", "drop", "adopt")


def _rows(file: Path) -> list[Any]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return text.splitlines()


# -- what is asked -------------------------------------------------------------------------------


def sets(data: Path | None) -> list[Reviews]:
    """The sample, and the two public files if their folder is given."""
    sample = Reviews(
        name="sample",
        file=SAMPLE,
        queries=("arrived broken in a crushed box", "battery does not last",
                 "update to 3.7.2 broke the bluetooth pairing", "how do I extend a visa"),
        filters=(("--rating", "1..2"), ("--since", "2026-06"), ("--until", "2025-12-31"),
                 ("--product", "Ovandil Halo Lamp", "--product", "Fennolt Daypack 24L"),
                 ("--source", "webshop"), ("--language", "en"),
                 ("--where", "country=US,GB", "--where", "delivery_days>=3"),
                 ("--where", "version!=3.3.1")),
        by=("product", "country", "month"),
        sides=("rating=1..2 and source=webshop", "rating=4.."),
        labels=("delivery: the parcel came late or broken", "battery: how long the battery lasts",
                "price"),
        learnt=(("--column", "product"), ("--stars",)),
        ingest=("--source-column", "source"),
    )  # fmt: skip
    if data is None:
        return [sample]
    food = Reviews(
        name="food",
        file=data / "fine_food_reviews_1k.csv",
        queries=("dog refuses to eat it", "arrived stale", "too sweet for my taste",
                 "how do I extend a visa"),
        filters=(("--rating", "1..2"), ("--rating", "5"), ("--until", "2012-10-25"),
                 ("--language", "en", "--rating", "..3"), ("--product", "B003XPF9BO")),
        by=("stars", "author"),
        sides=("rating=1..2",),
        labels=("pets: food for dogs and cats", "coffee and tea", "sweets: sugar or chocolate"),
        learnt=(("--stars",),),
        few=("--rating", "1..2"),
    )  # fmt: skip
    intents = "category=card_arrival,lost_or_stolen_card,top_up_failed"
    banking = Reviews(
        name="banking",
        file=data / "banking77_test.csv",
        queries=("my card has not come yet", "I was charged twice", "forgot my passcode",
                 "the crackers are stale"),
        filters=(("--where", intents), ("--language", "en")),
        by=("category", "language"),
        sides=(intents,),
        labels=("card", "transfer: money that was sent", "exchange: the rate of a currency"),
        learnt=(("--column", "category"),),
        few=("--where", intents),
    )  # fmt: skip
    return [sample, food, banking]


def making(reviews: Reviews) -> list[Step]:
    """The collection, of four in five of the rows: the others come later."""
    return [
        Step(("ingest", "first.csv", "--dry-run", *reviews.ingest)),
        Step(("ingest", "first.csv", *reviews.ingest)),
        Step(("export", "made.jsonl", "--vectors"), file="made.jsonl"),
    ]


def questions(reviews: Reviews, row: dict[str, Any]) -> Iterator[Step]:
    """What changes nothing. `row` is a review that is stored."""
    first, second, *_ = queries = reviews.queries
    filters = reviews.filters
    for query in queries:
        yield Step(("search", query))
        yield Step(("search", query, "--explain", "-n", "5"))
        yield Step(("search", query, "--count"))
        yield Step(("ask", query))
    for options in filters:
        yield Step(("search", first, "-n", "20", *options))
        yield Step(("search", second, "--count", *options))
        yield Step(("ask", first, *options))
    yield Step(("search", "--queries", "queries.txt"))
    for mode in ("dense", "keyword", "hybrid"):
        yield Step(("search", first, "--mode", mode, *filters[0]))
    for side in ("positive", "negative", "auto"):
        yield Step(("search", first, "--polarity", side))
        yield Step(("ask", second, "--polarity", side, "--budget", "300", "-n", "50"))
    yield Step(("search", first, "--min-similarity", "0.4", "-n", "50"))
    yield Step(("similar", row["review_id"]))
    yield Step(("similar", row["review_id"], "-n", "3", "--min-similarity", "0.3", *filters[0]))
    yield from _insights(reviews, row)
    for ending in ("jsonl", "csv"):
        yield Step(("export", f"part.{ending}", *filters[0]), file=f"part.{ending}")
    yield Step(("reduce", "--from-collection", "--dimensions", "32", "--sample", "100"))
    yield Step(("stats",))
    yield Step(("doctor",))
    # What is wrong is said in the same words.
    yield Step(("similar", "there is no such id"))
    yield Step(("search", first, "--where", "colour=red"))
    yield Step(("search", first, "--rating", "7..9"))
    yield Step(("trends", "--by", "colour"))


def _insights(reviews: Reviews, row: dict[str, Any]) -> Iterator[Step]:
    filters, few = reviews.filters, reviews.few
    yield Step(("clusters", "--assignments", "clusters.csv"), file="clusters.csv")
    yield Step(("clusters", "--clusters", "5", *filters[0]))
    yield Step(("clusters", "--resolution", "2", "--seed", "3"))
    yield Step(("clusters", "--across", "source"))
    yield Step(("clusters", "--across", "product"))
    yield Step(("clusters", "--unit", "sentence", *few))
    for options in ((), filters[0], ("-n", "0", "--kind", "unusual"), ("--seed", "4")):
        yield Step(("anomalies", *options))
    for options in ((), ("--near", "0.6", "--meaning", "0.9"), filters[0]):
        yield Step(("duplicates", *options))
    yield from _over_time(reviews)
    yield Step(("compare", *reviews.sides))
    yield Step(("compare", *reviews.sides, "-n", "0", "--prior-size", "50", *filters[-1]))
    yield Step(("diversity",))
    for column in reviews.by:
        yield Step(("diversity", "--by", column, "--min-reviews", "5"))
    for kind in ("representative", "diverse"):
        yield Step(("diversity", "--sample", "7", "--kind", kind, *filters[0]))
    yield Step(("recommend", "--review", row["review_id"], "--kind", "review", "-n", "5"))
    yield Step(("recommend", "--review", row["review_id"]))
    yield Step(("recommend", "--for-product", row.get("product") or "none", "--diversity", "0.7"))
    yield Step(("recommend", "--author", row.get("author") or "none", *filters[0]))
    yield from _labels(reviews)
    yield Step(("evaluate", "--sample", "60", *few))
    for options in ((), filters[0], ("--color", "stars"), ("--method", "pca", "--seed", "2")):
        yield Step(("map", "-o", "map.csv", *options), file="map.csv")


def _over_time(reviews: Reviews) -> Iterator[Step]:
    first, second, *_ = reviews.queries
    yield Step(("trends",))
    for column in reviews.by:
        yield Step(("trends", "--by", column, "--min-reviews", "3"))
    yield Step(("trends", "--query", first, "--query", second, "--period", "month"))
    yield Step(("trends", "--query", first, "--min-similarity", "0.3", *reviews.filters[0]))
    yield Step(("trends", "--across", "stars", "-n", "5"))
    yield Step(("report", "-o", "report.md"), file="report.md")
    yield Step(("report", "--period", "quarter", *reviews.filters[-1]))


def _labels(reviews: Reviews) -> Iterator[Step]:
    named = [word for label in reviews.labels for word in ("--labels", label)]
    file = "labels.csv"
    yield Step(("classify", *named, "--assignments", file), file=file)
    yield Step(("classify", *named, "--multi", "--min-similarity", "0.2", "--min-margin", "0.01"))
    for options in reviews.learnt:
        for method in ("ridge", "logistic"):
            yield Step(("classify", *options, "--method", method, "--save", "labels.npz"))
        yield Step(("classify", "--model", "labels.npz", "--min-confidence", "0.5"))


def without_reviews() -> Iterator[Step]:
    """What needs no collection."""
    yield Step(("tokens", "The kettle's unbelievably leaky 好吃"))
    yield Step(("tokens", "The kettle leaks 好", "--tokenizer", "cl100k_base"))
    yield Step(("tokens", "The kettle leaks", "--encoder", "glove-6b-50d"))
    yield Step(("words", "nearest", "coffee", "-n", "5"))
    yield Step(("words", "analogy", "king", "man", "woman"))
    yield Step(("words", "analogy", "king", "man", "woman", "--method", "mul", "-n", "3"))
    yield Step(("words", "angles", "tea and milk", "tea, tea", "honey"))
    yield Step(("words", "angles", "3,2,4,0", "1,3,0,2"))
    yield Step(("words", "plot", "king", "queen", "cat", "dog", "-o", "words.png"))
    yield Step(("words", "learn", "The king rules. The queen rules.", "-o", "toy.vec"),
               file="toy.vec")  # fmt: skip
    yield Step(("words", "nearest", "king", "--vectors", "toy.vec"))
    yield Step(("words", "counts", "first.csv", "-o", "counts.json", "--limit", "50"),
               file="counts.json")  # fmt: skip


def changes(reviews: Reviews) -> Iterator[Step]:
    """Themes and labels that are kept, reviews that come and go, and what is told of them then."""
    named = [word for label in reviews.labels for word in ("--labels", label)]
    first = reviews.queries[0]
    yield Step(("clusters", "--save"))
    yield Step(("themes", "list"))
    yield Step(("themes", "show", "1"))
    yield Step(("themes", "news"))
    yield Step(("themes", "rename", "1", "The first one"))
    yield Step(("ingest", "rest.csv", *reviews.ingest))
    yield Step(("themes", "list", "--hidden"))
    yield Step(("themes", "news", "--rate", "0.2"))
    yield Step(("themes", "merge", "1", "2"))
    yield Step(("themes", "hide", "3"))
    yield Step(("clusters", "--refit"))
    yield Step(("clusters", "--save", "fine", "--resolution", "4"))
    yield Step(("themes", "sets"))
    yield Step(("themes", "list"))
    yield Step(("themes", "split", "1"))
    yield Step(("themes", "adopt", "--all"))
    yield Step(("search", first, "--cluster", "1"))
    yield from _over_time(reviews)
    yield Step(("compare", *reviews.sides))
    yield Step(("diversity", "--by", "cluster"))
    yield Step(("map", "-o", "map.csv"), file="map.csv")
    yield Step(("classify", *named, "--write", "kind"))
    yield Step(("search", first, "--where", f"kind={reviews.labels[-1].split(':')[0]}"))
    yield Step(("trends", "--by", "kind"))
    yield Step(("themes", "use", "fine"))
    yield Step(("themes", "drop", "fine", "--yes"))
    yield Step(("copy", "--to", "copied.db"))
    yield Step(("delete", "--yes", *reviews.filters[0]))
    yield Step(("stats",))
    yield Step(("export", "all.jsonl", "--vector-columns"), file="all.jsonl")


def upgrade(reviews: Reviews) -> Iterator[Step]:
    """A collection of the old checkout: opened, asked, ingested into, reindexed."""
    first, second, *_ = reviews.queries
    yield Step(("stats",))
    yield Step(("doctor",))
    for query in reviews.queries:
        yield Step(("search", query, "--explain"))
    yield Step(("search", first, "--count", *reviews.filters[0]))
    yield Step(("themes", "list"))
    yield Step(("themes", "show", "1"))
    yield Step(("search", first, "--cluster", "1"))
    yield Step(("ingest", "first.csv", *reviews.ingest))  # nothing is embedded anew
    yield Step(("ingest", "rest.csv", *reviews.ingest))
    yield Step(("themes", "news"))
    yield Step(("clusters", "--refit"))
    yield Step(("reindex",))
    yield Step(("search", second))
    yield Step(("reindex", "--encoder", "glove-6b-50d", "--force"))
    yield Step(("search", second, "--min-similarity", "0"))
    yield Step(("themes", "list"))
    yield Step(("ingest", "first.csv", *reviews.ingest))
    yield Step(("stats",))
    yield Step(("export", "all.jsonl", "--vectors"), file="all.jsonl")


# -- what differs --------------------------------------------------------------------------------


def differences(
    command: str,
    old: Any,  # noqa: ANN401 - whatever JSON holds
    new: Any,  # noqa: ANN401
    path: str = "",
    *,
    renamed: Mapping[tuple[str, str], str] = RENAMED,
) -> Iterator[tuple[str, Any, Any]]:
    """Where two answers differ: the path, what the old one has, what the new one has."""
    if any(re.fullmatch(what + r"\b.*", command) and re.fullmatch(where, path.removeprefix("json."))
           for what, where in LEFT_OUT):  # fmt: skip
        return
    if isinstance(old, dict) and isinstance(new, dict):
        names = {_new_name(command, path, key, renamed): key for key in old}
        for key in sorted({*names, *new}):
            below = f"{path}.{key}" if path else str(key)
            mine = old[names[key]] if key in names else _MISSING
            if key:  # what was taken away by design has no name
                theirs = new.get(key, _MISSING)
                yield from differences(command, mine, theirs, below, renamed=renamed)
    elif isinstance(old, list) and isinstance(new, list):
        places = _places(old)
        for place, (one, other) in enumerate(zip(old, new, strict=False)):
            below = f"{path}[{places[place]}]"
            yield from differences(command, one, other, below, renamed=renamed)
        if len(old) != len(new):
            yield f"{path}[]", f"{len(old)} of them", f"{len(new)} of them"
    elif not _same(old, new):
        yield path, old, new


_MISSING = "(no such key)"


def _places(items: list[Any]) -> list[Any]:
    """Checks are known by their name, all else by place."""
    if items and all(isinstance(item, dict) and {"name", "cure"} <= {*item} for item in items):
        return [item["name"] for item in items]
    return list(range(len(items)))


def _new_name(command: str, path: str, key: str, renamed: Mapping[tuple[str, str], str]) -> str:
    where = re.sub(r"\[[^]]*\]", "[]", f"{path}.{key}").removeprefix("json").removeprefix(".")
    for (what, old), new in renamed.items():
        if where == old and re.fullmatch(what + r"\b.*", command):
            return new.rsplit(".", 1)[-1]
    return key


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401
    if isinstance(old, float) and isinstance(new, float | int) and not isinstance(new, bool):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(old) is type(new) and old == new


def report(steps: Sequence[Step], old: Asked, new: Asked, *, most: int) -> int:
    """Print the differences, at most so many a command; return how many there are in all."""
    total = 0
    for step, mine, others in zip(steps, old.answers, new.answers, strict=True):
        found = list(differences(step.name, mine, others))
        total += len(found)
        for path, one, other in found[:most]:
            print(f"  {step.name}\n    {path}\n      old {_short(one)}\n      new {_short(other)}")
        if len(found) > most:
            print(f"    … and {len(found) - most} more of this command")
    return total


def _short(value: Any) -> str:  # noqa: ANN401
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]} …"


# -- the run -------------------------------------------------------------------------------------


def prepare(reviews: Reviews, folder: Path, limit: int | None) -> None:
    """Put the reviews into the folder under names that are the same for both checkouts."""
    folder.mkdir(parents=True)
    with reviews.file.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    rows = (
        rows[:: max(1, len(rows) // limit)] if limit else rows
    )  # files are sorted by their labels
    parts = {
        "first.csv": [row for place, row in enumerate(rows) if place % 5 != 4],
        "rest.csv": rows[4::5],
    }
    for name, part in parts.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *part])
    (folder / "queries.txt").write_text("\n".join(reviews.queries) + "\n", encoding="utf-8")


def both(pool: ThreadPoolExecutor, pair: tuple[Asked, Asked], steps: Sequence[Step]) -> None:
    """Ask both at once."""
    list(pool.map(lambda asked: asked.ask(steps), pair))


def compare(reviews: Reviews, options: argparse.Namespace, folder: Path) -> int:
    """Ask both checkouts about one set; return how many differences there are."""
    old = Asked("old", options.old, options.python_old or options.python, folder / "old")
    new = Asked("new", options.new, options.python, folder / "new")
    pair, steps, started = (old, new), making(reviews), time.monotonic()
    for asked in pair:
        prepare(reviews, asked.folder, options.limit)
    with ThreadPoolExecutor(2) as pool:
        if options.upgrade:
            steps += [Step(("clusters", "--save"))]
            old.ask(steps)
            shutil.copytree(old.folder / "reviews.db", new.folder / "reviews.db")
            asking = list(upgrade(reviews))
            new.answers += old.answers
            new.seconds += [0.0] * len(steps)
        else:
            both(pool, pair, steps)
            row = next(row for row in old.answers[-1]["file"] if row["review_id"])
            asking = list(questions(reviews, row))
            asking += without_reviews() if reviews.name == "sample" else ()
            asking += changes(reviews)
        wanted = re.compile(options.only)
        asking = [step for step in asking if wanted.search(step.name)]
        both(pool, pair, asking)
    steps += asking
    assert len(steps) == len(old.answers) == len(new.answers)
    if options.keep:
        _keep(steps, pair, folder)
    total = report(steps, old, new, most=options.most)
    refused = sum(answer["status"] != 0 for answer in old.answers)
    print(
        f"{reviews.name}: {len(steps)} commands, {refused} of them refused by the old checkout, "
        f"{total} differences, {time.monotonic() - started:.0f} s",
        flush=True,
    )
    return total


def _keep(steps: Sequence[Step], pair: tuple[Asked, Asked], folder: Path) -> None:
    for asked in pair:
        told = zip(steps, asked.seconds, asked.answers, strict=True)
        lines = [{"command": step.name, "seconds": took, **answer} for step, took, answer in told]
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / f"{asked.label}.jsonl").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Compare the two checkouts on each set that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--old", type=Path, required=True, metavar="CHECKOUT")
    parser.add_argument("--new", type=Path, required=True, metavar="CHECKOUT")
    parser.add_argument("--python", default=sys.executable, help="what runs both")
    parser.add_argument("--python-old", help="what runs the old one, if it is another")
    parser.add_argument("--data", type=Path, help="folder of the public files")
    parser.add_argument("--sets", nargs="*", help="sample, food, banking")
    parser.add_argument("--limit", type=int, metavar="N", help="about N rows of each set")
    parser.add_argument("--only", default="", help="commands that this pattern finds")
    parser.add_argument(
        "--upgrade", action="store_true", help="the new one gets the old's collection"
    )
    parser.add_argument("--most", type=int, default=20, help="differences a command to print")
    parser.add_argument("--keep", type=Path, help="folder to keep collections and answers in")
    options = parser.parse_args()
    options.old, options.new = options.old.resolve(), options.new.resolve()
    chosen = [one for one in sets(options.data) if not options.sets or one.name in options.sets]
    with tempfile.TemporaryDirectory() as made:
        total = 0
        for reviews in chosen:
            folder = Path(options.keep or made) / reviews.name
            shutil.rmtree(folder, ignore_errors=True)
            total += compare(reviews, options, folder)
    sys.exit(total > 0)


if __name__ == "__main__":
    main()
