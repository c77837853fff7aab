"""A question that is declared in one module, and registered in one line, has all its faces."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.cli.main import cli, load_command
from reviewlens.corpus import Selection
from reviewlens.errors import InputError
from reviewlens.insights.base import slice_of
from reviewlens.questions import Asked, Face, Ge, Gt, asked_of
from reviewlens.results import OnProgress, Tabular
from reviewlens.server import make_app
from reviewlens.session import Lease

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Shout:
    """A review in capitals.

    Attributes:
        review_id: Which.
        capitals: Share of its letters, 0..1.
    """

    review_id: str
    capitals: float


@dataclass(frozen=True, slots=True)
class Shouting(Tabular):
    """Reviews in capitals, most first.

    Attributes:
        reviews: That were looked at.
        shouts: The reviews.
    """

    reviews: int
    shouts: tuple[Shout, ...]

    def _rows(self) -> tuple[Shout, ...]:
        return self.shouts


def find_shouting(
    lease: Lease,
    *,
    share: Annotated[float, Gt(0), Face(metavar="X")] = 0.5,
    n: Annotated[int, Ge(0), Face(flag="-n")] = 10,
    on_progress: OnProgress | None = None,
) -> Shouting:
    """List the reviews that are written in capitals.

    Args:
        share: Of the letters, from which on a review shouts.
        n: How many at most.
        on_progress: Told of the stage `reading`.
    """
    reviews = slice_of(lease, on_progress=on_progress)
    found = [
        Shout(key, sum(one.isupper() for one in text) / len(text))
        for key, text in zip(reviews.ids, reviews.texts, strict=True)
    ]
    loud = sorted((one for one in found if one.capitals >= share), key=lambda one: one.review_id)
    return Shouting(len(found), tuple(loud[:n]))


def index() -> dict[str, str]:
    """The index of commands as `make docs` writes it now."""
    written: dict[str, Any] = {}
    exec(runpy.run_path(str(ROOT / "docs" / "reference.py"))["_index"](), written)
    derived: dict[str, str] = written["DERIVED"]
    return derived


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("questions")
    rows = [
        ("1", "BROKEN", "1"), ("2", "It arrived broken", "1"), ("3", "GREAT", "5"),
        ("4", "The kettle leaks", "2"),
    ]  # fmt: skip
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "text", "stars"), *rows])
    with (
        pytest.MonkeyPatch.context() as patch,
        Corpus.open(folder / "reviews.db", encoder=FakeEncoder(dimension=32)) as opened,
    ):
        shout = Asked(find_shouting)
        shout.__set_name__(Selection, "shout")
        patch.setattr(Selection, "shout", shout, raising=False)  # the one line
        patch.setattr(
            sys.modules["reviewlens.cli.main"], "DERIVED", index()
        )  # what `make docs` writes
        opened.ingest(folder / "reviews.csv", columns={"id": "id"})
        yield opened


def asked(corpus: Any) -> Any:
    return corpus.shout


def test_it_is_a_method_of_a_selection_with_its_own_signature(corpus: Corpus) -> None:
    method = asked(corpus)
    assert str(inspect.signature(method)).startswith("(*, share: ")
    assert method.__doc__ == find_shouting.__doc__
    assert [one.review_id for one in method().shouts] == ["1", "3"]
    assert [one.review_id for one in asked(corpus.where(rating=5))().shouts] == ["3"]


def test_names_and_ranges_are_refused_before_anything_is_read(corpus: Corpus) -> None:
    with pytest.raises(TypeError, match=r"shout\(\) has no argument 'sahre'; did you mean 'share'"):
        asked(corpus)(sahre=1)
    for given, told in (
        ({"share": 0}, "share is 0; wanted a number above 0"),
        ({"n": 1.5}, "n is 1.5; wanted a whole number at least 0"),
        ({"n": True}, "n is True"),
        ({"share": -(10**400)}, "wanted a number above 0"),  # no float is as small
        ({"share": "much"}, "share is 'much'; wanted a number above 0"),
    ):
        with pytest.raises(InputError, match=re.escape(told)):
            asked(Corpus.open("nowhere.db"))(**given)


def test_a_call_of_another_kind_is_told_what_is_wanted(corpus: Corpus) -> None:
    wanted = r"shout\(\): too many positional arguments; wanted shout\(share, n, on_progress\)"
    with pytest.raises(TypeError, match=wanted):
        asked(corpus)(1)
    for call, told in (
        (lambda: asked(corpus)(rating=1), "ask it of corpus.where(rating=…)"),
        (lambda: asked(corpus)(where=["a=b"]), "ask it of corpus.where('COLUMN=VALUE')"),
        (lambda: corpus.themes.list(rating=1), "ask it of corpus.where(rating=…)"),
        (lambda: corpus.stats(rating=1), "it is of all"),
    ):
        with pytest.raises(TypeError, match=re.escape(told)):
            call()


def test_several_values_are_any_iterable_and_one_is_one(corpus: Corpus) -> None:
    wanted = [[match.review_id for match in corpus.search(text)] for text in ("broken", "kettle")]
    for given in (("broken", "kettle"), iter(["broken", "kettle"])):
        found = corpus.search_many(given)  # type: ignore[arg-type]
        assert [[match.review_id for match in one] for one in found] == wanted
    assert [one.query for one in corpus.search_many("broken")] == ["broken"]
    few = corpus.where("id!=1")
    assert few.describe(iter(["2", "3"])).reviews == 2  # type: ignore[arg-type]


def test_what_is_compared_is_of_one_corpus(corpus: Corpus, tmp_path: Path) -> None:
    other = Corpus.open(tmp_path / "other.db").where(rating=5)
    given: Any
    for given in (other, "rating=5", other.filters):
        for name in ("other", "within"):
            with pytest.raises(InputError, match=f"{name} is .*wanted a selection of the same"):
                corpus.compare(**{name: given})


class _Settings:
    """Stands in for the group's options: the corpus is open already."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def open(self) -> _Settings:
        return self

    def __enter__(self) -> Corpus:
        return self._corpus

    def __exit__(self, *error: object) -> None:
        pass


def run(corpus: Corpus, *arguments: str) -> tuple[int, str]:
    command = load_command("shout")
    assert command is not None
    done = CliRunner().invoke(command, arguments, obj=_Settings(corpus))
    return done.exit_code, done.output


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv"])
def test_it_is_a_command_in_all_formats(corpus: Corpus, format_: str) -> None:
    status, out = run(corpus, "--share", "0.9", "--rating", "1..2", "-f", format_)
    assert status == 0, out
    if format_ == "json":
        assert json.loads(out) == {"reviews": 3, "shouts": [{"review_id": "1", "capitals": 1.0}]}
    elif format_ == "jsonl":
        assert json.loads(out) == {"review_id": "1", "capitals": 1.0}
    elif format_ == "csv":
        assert list(csv.reader(io.StringIO(out))) == [["review_id", "capitals"], ["1", "1.0"]]
    else:
        assert [line.split() for line in out.splitlines()] == [
            ["review", "id", "capitals"],
            ["1", "1.0"],
        ]


def test_the_command_refuses_what_it_does_not_know(corpus: Corpus) -> None:
    for arguments, told in (
        (["--sahre", "1"], "No such option '--sahre'. (Did you mean one of: '--share'"),
        (["--share", "0"], "0.0 is not in the range x>0"),
        (["--raiting", "1"], "'--rating'"),
    ):
        status, out = run(corpus, *arguments)
        assert status == 2
        assert told in out
    assert "Of the letters, from which on a review shouts." in run(corpus, "--help")[1]


@pytest.fixture(scope="module")
def client(corpus: Corpus) -> TestClient:
    return TestClient(make_app(corpus), base_url="http://127.0.0.1")


def test_it_is_a_route_with_its_schema(client: TestClient) -> None:
    answer = client.get("/api/v1/shout", params={"share": 0.9, "rating": "1..2"})
    assert answer.json() == {"reviews": 3, "shouts": [{"review_id": "1", "capitals": 1.0}]}
    rows = client.get("/api/v1/shout", params={"format": "csv"})
    assert rows.text.removeprefix("\ufeff").splitlines() == ["review_id,capitals", "1,1.0", "3,1.0"]
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/shout"]["get"]
    share = next(one for one in described["parameters"] if one["name"] == "share")
    assert share["schema"]["exclusiveMinimum"] == 0
    assert share["description"] == "Of the letters, from which on a review shouts."
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith(
        "Shouting"
    )
    assert {"202", "422"} <= described["responses"].keys()


def test_the_route_refuses_what_it_does_not_know(client: TestClient) -> None:
    for name, value, told in (
        ("sahre", "1", "did you mean share?"),
        ("share", "0", "greater than 0"),
        ("raiting", "1", "did you mean rating?"),
    ):
        answer = client.get("/api/v1/shout", params={name: value})
        assert answer.status_code == 422
        assert told in answer.json()["message"]


def test_it_has_its_rows_in_the_documents(corpus: Corpus) -> None:
    del corpus
    render = runpy.run_path(str(ROOT / "docs" / "reference.py"))["render"]
    texts = {file.name: text for file, text in render().items()}
    told = "List the reviews that are written in capitals."
    assert f"| `selection.shout(share=…, n=…)` | `Shouting` | {told} |" in texts["python.md"]
    assert f"| GET `/shout` | {told} | long, " in texts["api.md"]
    assert "## reviewlens shout\n" in texts["cli.md"]
    assert f'"shout": "{told}"' in texts["index.py"]


def test_an_answer_is_kept_under_the_name_and_the_bound_arguments(corpus: Corpus) -> None:
    del corpus
    shout = asked_of(Selection)["shout"]
    assert shout.key({}) == shout.key({"n": 10}) == shout.key({"share": 0.5})
    assert len({shout.key({}), shout.key({"n": 11}), Selection.anomalies.key({"n": 10})}) == 3


def test_the_list_of_commands_imports_no_question() -> None:
    code = (
        "import sys; from reviewlens.cli.main import run; run(['--help']); "
        "print([name for name in sys.modules if name.startswith('reviewlens.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    loaded = done.splitlines()[-1]
    assert "reviewlens.cli.main" in loaded
    assert not re.search(r"reviewlens\.(corpus|insights|retrieval|questions)", loaded)
    assert cli.name == "cli"
