"""Each route of the HTTP API answers what the method of the Python API does."""

from __future__ import annotations

import csv
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from fastapi.testclient import TestClient
from pydantic_core import from_json, to_json

from fakes import FakeEncoder
from milvus_servers import Backend, drop_collections
from reviewlens import Corpus
from reviewlens.errors import InputError
from reviewlens.insights.classification import Example
from reviewlens.results import as_json
from reviewlens.server import make_app
from reviewlens.store import FIELDS
from reviewlens.store.schema import encode_row

pytestmark = pytest.mark.cjk  # the sample has Chinese reviews, whose words are told

API = "/api/v1"
SAMPLE = Path(__file__).parents[2] / "datasets" / "sample_reviews.csv"
LAMP = "Ovandil Halo Lamp"


@pytest.fixture(scope="module")
def stored(sample_of_words: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as the bag of words sees it, with saved themes; to be copied."""
    path = tmp_path_factory.mktemp("routes") / "sample.db"
    shutil.copytree(sample_of_words, path)
    with Corpus.open(path, encoder=FakeEncoder()) as corpus:
        corpus.themes.save(clusters=6)
    return path


def served(path: Path) -> Iterator[tuple[TestClient, Corpus]]:
    corpus = Corpus.open(path, encoder=FakeEncoder())
    with TestClient(make_app(corpus), base_url="http://localhost") as client:
        yield client, corpus


@pytest.fixture(scope="module")
def asked(stored: Path) -> Iterator[tuple[TestClient, Corpus]]:
    """The API and the corpus behind it; to be read only."""
    yield from served(stored)


@pytest.fixture
def changed(stored: Path, tmp_path: Path, asked: object) -> Iterator[tuple[TestClient, Corpus]]:
    """The same over a copy, to be changed."""
    shutil.copytree(stored, tmp_path / "reviews.db")
    yield from served(tmp_path / "reviews.db")


def waiting(path: str) -> dict[str, int]:
    """Return what has a long question wait for its answer; a short one has no such parameter."""
    return {} if path == "/reviews" else {"wait": 60}


def plain(result: Any) -> Any:
    """Return a result as JSON has it."""
    return from_json(to_json(as_json(result), inf_nan_mode="null"))


QUESTIONS: dict[str, tuple[str, dict[str, Any], Callable[[Corpus], Any]]] = {
    "facets": (
        "/facets",
        {"rating": "1..2", "product": LAMP},
        lambda corpus: corpus.where(rating="1..2", product=LAMP).facets(),
    ),
    "reviews": (
        "/reviews",
        {"n": 3, "offset": 2, "order": "-rating", "language": "en"},
        lambda corpus: corpus.where(language="en").reviews(n=3, offset=2, order="-rating"),
    ),
    "clusters": (
        "/clusters",
        {"clusters": 4, "seed": 1, "source": "webshop"},
        lambda corpus: corpus.where(source="webshop").clusters(clusters=4, seed=1),
    ),
    "anomalies": (
        "/anomalies",
        {"n": 5, "kinds": ["empty", "other language"]},
        lambda corpus: corpus.anomalies(n=5, kinds=("empty", "other language")),
    ),
    "duplicates": (
        "/duplicates",
        {"near": 0.7, "meaning": 0.9},
        lambda corpus: corpus.duplicates(near=0.7, meaning=0.9),
    ),
    "diversity": (
        "/diversity",
        {"by": "product", "min_reviews": 30},
        lambda corpus: corpus.diversity(by="product", min_reviews=30),
    ),
    "sample": (
        "/sample",
        {"n": 4, "kind": "diverse"},
        lambda corpus: corpus.sample(4, kind="diverse"),
    ),
    "recommend": (
        "/recommend",
        {"review_id": "webshop:6", "kind": "review", "n": 3, "diversity": 0.5},
        lambda corpus: corpus.recommend(review_id="webshop:6", kind="review", n=3, diversity=0.5),
    ),
    "trends": (
        "/trends",
        {"query": ["late delivery", "battery"], "period": "quarter", "min_similarity": 0.3},
        lambda corpus: corpus.trends(
            query=["late delivery", "battery"], period="quarter", min_similarity=0.3
        ),
    ),
    "compare": (
        "/compare",
        {"a": f"product={LAMP}", "n": 3, "since": "2025"},
        lambda corpus: corpus.where(since="2025").compare_texts(f"product={LAMP}", n=3),
    ),
    "news": ("/news", {"rate": 0.1}, lambda corpus: corpus.themes.news(rate=0.1)),
    "classify": (
        "/classify",
        {"labels": ["battery", "parcel"], "min_similarity": 0.1},
        lambda corpus: corpus.classify(["battery", "parcel"], min_similarity=0.1),
    ),
    "evaluate": (
        "/evaluate",
        {"sample": 40, "seed": 2},
        lambda corpus: corpus.evaluate(sample=40, seed=2),
    ),
    "reduce": (
        "/reduce",
        {"dimensions": [16, 64]},
        lambda corpus: corpus.reduce(dimensions=[16, 64]),
    ),
    "themes": ("/themes", {"hidden": True}, lambda corpus: corpus.themes.list(hidden=True)),
    "theme": ("/themes/1", {}, lambda corpus: corpus.themes.get(1)),
    "themes of some": (
        "/themes",
        {"rating": "1..2"},
        lambda corpus: corpus.where(rating="1..2").themes.list(),
    ),
    "theme of some": (
        "/themes/1",
        {"rating": "1..2"},
        lambda corpus: corpus.where(rating="1..2").themes.get(1),
    ),
}
TIMED = {"seconds"}
LIKEWISE = ("evaluate", "reduce")
"""Those which need no more of a server than others; test_hybrid_command.py has its modes."""
ALSO: dict[str, Callable[[Corpus], Any]] = {
    "ask": lambda corpus: corpus.ask("what is wrong with the battery?"),
    "map": lambda corpus: corpus.map(),
    "report": lambda corpus: corpus.report(of="2026-10"),
    # By meaning: words weigh another on each Milvus, or are not to be had.
    "search": lambda corpus: corpus.where(rating="1..2").search("box crushed", 20, mode="dense"),
    "similar": lambda corpus: corpus.similar("webshop:6"),
}
"""Questions whose routes answer in a form of their own."""
READ_BACK: dict[str, Callable[[Corpus], Any]] = {
    **ALSO,
    "count": lambda corpus: corpus.count_matches("box crushed"),
    "stats": lambda corpus: corpus.stats(),
    "doctor": lambda corpus: corpus.diagnose(),
    "describe": lambda corpus: corpus.describe(["webshop:6", "webshop:7"]),
}
"""More questions whose results are read back from their JSON."""


Answers = Callable[[str], Any]


@pytest.fixture(scope="module")
def answers(asked: tuple[TestClient, Corpus]) -> Answers:
    """What the Python API answers to each, asked once for all tests."""
    methods = {name: question for name, (_, _, question) in QUESTIONS.items()} | READ_BACK
    return cache(lambda name: methods[name](asked[1]))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_route_answers_what_the_method_does(
    asked: tuple[TestClient, Corpus], answers: Answers, name: str
) -> None:
    client, _ = asked
    path, parameters, _ = QUESTIONS[name]
    answer = client.get(API + path, params={**waiting(path), **parameters})
    assert answer.status_code == 200, answer.text
    result = answers(name)
    assert without(answer.json()) == without(plain(result))
    assert without(plain(type(result).from_json(answer.content))) == without(plain(result))


def test_themes_are_told_of_the_selection(asked: tuple[TestClient, Corpus]) -> None:
    low = asked[1].where(rating="1..2")
    listed, of_each = low.themes.list(), [low.where(cluster=n).size() for n in range(7)]
    assert {one.cluster: one.reviews for one in listed} == dict(enumerate(of_each))
    assert sum(of_each) == listed.reviews == low.size()
    assert all(one.stars is None or one.stars.value <= 2 for one in listed)
    assert all(
        quote.stars is not None and quote.stars <= 2 for one in listed for quote in one.quotes
    )


def test_what_was_picked_is_described_against_its_selection(
    asked: tuple[TestClient, Corpus],
) -> None:
    low, lamps = asked[1].where(rating="1..2"), asked[1].where(product=LAMP)
    both = low.where(product=LAMP).matching_ids()
    found = low.describe(lamps.matching_ids())
    assert (found.reviews, found.rest) == (len(both), low.size() - len(both))
    for mean in (found.mean, found.mean_rest):
        assert mean is not None
        assert mean.value <= 2
    assert {quote.review_id for quote in found.quotes} <= set(both)
    with pytest.raises(InputError, match="the review is not in the selection"):
        low.describe(asked[1].where(rating=5).matching_ids()[:1])


@pytest.mark.parametrize("name", READ_BACK)
def test_an_answer_is_read_back_from_its_json(answers: Answers, name: str) -> None:
    result = answers(name)
    assert type(result).from_json(json.dumps(as_json(result))) == result


@pytest.fixture(scope="module")
def on_a_server(stored: Path, milvus_container_with_auth: tuple[str, str]) -> Iterator[Corpus]:
    """The same reviews and themes on a server, which asks for a token; to be read only."""
    uri, token = milvus_container_with_auth
    name = f"test_{uuid.uuid4().hex[:12]}"
    copied = Path(shutil.copytree(stored, stored.with_name("to-be-copied.db")))
    with Corpus.open(copied, encoder=FakeEncoder()) as corpus:
        corpus.copy(uri, collection=name, token=token)
    with Corpus.open(uri, collection=name, token=token, encoder=FakeEncoder()) as corpus:
        yield corpus
    drop_collections(Backend("container-auth", uri, token), prefix=name)


@pytest.mark.container
@pytest.mark.parametrize("name", [name for name in (*QUESTIONS, *ALSO) if name not in LIKEWISE])
def test_a_question_has_the_same_answer_on_a_server(
    answers: Answers, on_a_server: Corpus, name: str
) -> None:
    question = ALSO[name] if name in ALSO else QUESTIONS[name][2]
    there = without(plain(question(on_a_server)))
    assert there == approximately(without(plain(answers(name))))


def approximately(result: Any) -> Any:
    """Allow numbers to differ by a rounding: a server sums similarities in another order."""
    if isinstance(result, dict):
        own = {"collection": ANY} if "collection" in result else {}
        return {name: approximately(value) for name, value in result.items()} | own
    if isinstance(result, list):
        return [approximately(one) for one in result]
    return pytest.approx(result, abs=2e-4) if isinstance(result, float) else result


def without(result: Any) -> Any:
    """Leave out how long a piece of work took."""
    if isinstance(result, dict):
        return {name: without(value) for name, value in result.items() if name not in TIMED}
    return [without(one) for one in result] if isinstance(result, list) else result


def test_descriptions_and_examples_stand_in_a_body(asked: tuple[TestClient, Corpus]) -> None:
    client, corpus = asked
    described = {"light": "the lamp is too bright", "parcel": "arrived late"}
    answer = client.post(f"{API}/classify", json={"labels": described, "min_similarity": None})
    assert answer.json() == plain(corpus.classify(described, min_similarity=None))

    rows = corpus.where(product=LAMP).reviews(n=12, order="id").reviews
    rows += corpus.where(product="Fennolt Daypack 24L").reviews(n=12, order="id").reviews
    told = [{"review_id": one.review_id, "label": one.product} for one in rows]
    answer = client.post(f"{API}/classify", json={"examples": told, "method": "ridge"})
    examples = [Example(one["review_id"], "", one["label"]) for one in told]
    assert answer.json() == plain(corpus.classify(examples=examples, method="ridge"))


def test_many_reviews_are_asked_for_in_a_body(asked: tuple[TestClient, Corpus]) -> None:
    client, corpus = asked
    wanted = [one.review_id for one in corpus.reviews(n=300).reviews]
    answer = client.post(f"{API}/reviews", json={"review_ids": wanted, "n": 300})
    assert answer.json() == plain(corpus.where(ids=wanted).reviews(n=300))


def test_rows_come_as_a_file(asked: tuple[TestClient, Corpus]) -> None:
    client, _ = asked
    answer = client.get(f"{API}/clusters", params={"clusters": 4, "format": "csv", "wait": 60})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="clusters.csv"'
    assert answer.content.decode("utf-8-sig").startswith("cluster,label,")
    sheet = client.get(f"{API}/reviews", params={"n": 2, "format": "xlsx"})
    assert sheet.content.startswith(b"PK")


def test_the_report_opens_in_a_browser_and_runs_nothing(
    asked: tuple[TestClient, Corpus],
) -> None:
    page = asked[0].get(f"{API}/report", params={"format": "html", "of": "2026-10"})
    assert page.headers["content-disposition"] == 'inline; filename="report-2026-10.html"'
    rules = dict(
        rule.strip().partition(" ")[::2]
        for rule in page.headers["content-security-policy"].split(";")
    )
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "sandbox": "",
    }
    notes = asked[0].get(f"{API}/report", params={"format": "md", "of": "2026-10"})
    assert notes.headers["content-disposition"] == 'attachment; filename="report-2026-10.md"'


def test_the_news_come_as_a_file(asked: tuple[TestClient, Corpus]) -> None:
    file = asked[0].get(f"{API}/news", params={"format": "csv"})
    assert file.headers["content-disposition"] == 'attachment; filename="news.csv"'
    assert "label,reviews,reviews_before" in file.text.partition("\n")[0]


def test_what_takes_long_is_a_job_whose_result_is_the_answer(
    asked: tuple[TestClient, Corpus],
) -> None:
    client, corpus = asked
    first = client.get(f"{API}/clusters", params={"seed": 7, "wait": 0})
    assert first.status_code == 202
    job = first.json()["job"]
    again = client.get(f"{API}/clusters", params={"seed": 7, "wait": 60})
    assert client.get(f"{API}/jobs/{job}").json()["state"] == "done"
    assert client.get(f"{API}/jobs/{job}/result").json() == again.json()
    assert again.json() == plain(corpus.clusters(seed=7))


@pytest.mark.parametrize(
    ("path", "parameters", "error", "field"),
    [
        ("/facets", {"rating": "many"}, "FilterError", None),
        ("/facets", {"where": "ctiy=Rome"}, "FilterError", None),
        ("/reviews", {"order": "stars"}, "InvalidRequest", "order"),
        ("/reviews", {"n": 1001}, "InvalidRequest", "n"),
        ("/recommend", {}, "InputError", None),
        ("/clusters", {"resolution": "nan"}, "InvalidRequest", "resolution"),
        ("/clusters", {"resolution": 1, "clusters": 3}, "InputError", None),
        ("/clusters", {"named": True}, "Unsupported", "named"),
        ("/clusters", {"product": "Radio"}, "TooFewReviews", None),
        ("/diversity", {"by": "nothing"}, "InputError", None),
        ("/compare", {"a": "rating=9"}, "TooFewReviews", None),
        ("/classify", {}, "InputError", None),
        ("/reduce", {"dimensions": 256}, "InputError", None),
    ],
)
def test_what_cannot_be_answered_is_refused(
    asked: tuple[TestClient, Corpus],
    path: str,
    parameters: dict[str, Any],
    error: str,
    field: str | None,
) -> None:
    client, _ = asked
    answer = client.get(API + path, params={**waiting(path), **parameters})
    assert answer.status_code == 422
    told = answer.json()
    assert told.keys() == {"error", "message", "field"}
    assert (told["error"] in (error, "ColumnError"), told["field"]) == (True, field)


def test_misspelt_parameters_and_fields_are_refused(asked: tuple[TestClient, Corpus]) -> None:
    client, corpus = asked
    stored = corpus.size()
    answer = client.get(f"{API}/search", params={"q": "lamp", "produkt": LAMP})
    assert (answer.status_code, answer.json()["field"]) == (422, "produkt")
    assert answer.json()["message"].endswith("; did you mean product?")
    answer = client.post(f"{API}/delete", json={"rating": "1..5", "produkt": [LAMP]})
    assert (answer.status_code, answer.json()["field"]) == (422, "produkt")
    assert answer.json()["message"].endswith("; did you mean product?")
    assert client.get(f"{API}/jobs", params={"x": 1}).json()["message"].endswith("these: none")
    assert corpus.size() == stored


def test_what_takes_one_value_is_not_given_two(asked: tuple[TestClient, Corpus]) -> None:
    client, _ = asked
    answer = client.get(f"{API}/size", params={"rating": ["1", "5"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "rating")
    assert answer.json()["message"] == "rating is given 2 times; it takes one value"
    both = client.get(f"{API}/size", params={"rating": "1..5", "language": ["en", "de"]})
    assert both.status_code == 200


def test_an_empty_list_of_a_body_leaves_nothing_and_an_empty_text_is_refused(
    asked: tuple[TestClient, Corpus],
) -> None:
    client, corpus = asked
    for name in ("product", "source", "language", "cluster"):
        empty = client.post(f"{API}/search", json={"queries": ["lamp"], name: []}).json()
        assert empty[0]["matches"] == [], name
        given = client.post(f"{API}/search", json={"queries": ["lamp"], name: None}).json()
        assert given[0]["matches"], name
    assert client.post(f"{API}/reviews", json={"review_ids": []}).json()["total"] == 0
    assert client.post(f"{API}/reviews", json={}).json()["total"] == corpus.size()
    for name in ("rating", "since", "until"):
        assert client.get(f"{API}/count", params={name: ""}).status_code == 422, name


@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        ("GET /themes/99", None),
        ("PATCH /themes/99", {"name": "Sound"}),
        ("PATCH /themes/99", {"hidden": True}),
        ("POST /themes/99/merge", {"themes": [0]}),
        ("POST /themes/0/merge", {"themes": [99]}),
        ("POST /themes/99/split", None),
        ("POST /theme_sets/other/use", None),
        ("DELETE /theme_sets/other", None),
        ("GET /similar?review_id=webshop:none", None),
        ("GET /recommend?review_id=webshop:none", None),
        ("GET /recommend?for_product=Radio", None),
        ("GET /recommend?author=Nobody", None),
    ],
)
def test_what_is_not_there_is_not_found(
    asked: tuple[TestClient, Corpus], request_line: str, body: dict[str, Any] | None
) -> None:
    client, _ = asked
    method, path = request_line.split()
    answer = client.request(method, API + path, json=body)
    assert (answer.status_code, answer.json()["error"]) == (404, "NotFound"), answer.text


def test_doctor_looks_while_others_ask(asked: tuple[TestClient, Corpus]) -> None:
    client, _ = asked
    before = client.get(f"{API}/count").json()
    found = client.get(f"{API}/doctor").json()
    assert {"Milvus", "Collection"} <= {check["name"] for check in found["checks"]}
    assert client.get(f"{API}/count").json() == before


def test_doctor_compares_and_mends_stored_reviews(changed: tuple[TestClient, Corpus]) -> None:
    client, corpus = changed
    store = corpus._session.required()
    name = corpus.reviews(n=1).reviews[0].review_id
    head = store.heads([name], FIELDS)[name]
    store._client.upsert(store.version, [encode_row(replace(head, text="goof"))])
    for body, state in (({}, "trouble"), ({"mend": True}, "ok")):
        found = client.post(f"{API}/doctor", json=body, params={"wait": 60}).json()
        assert (found["checks"][-1]["name"], found["checks"][-1]["state"]) == (
            "Stored reviews",
            state,
        )
        assert f"1 review ({name}) damaged" in found["checks"][-1]["found"]
    assert store.heads([name], ("text",))[name].text == head.text


def test_the_analyst_has_the_last_word_on_themes(changed: tuple[TestClient, Corpus]) -> None:
    client, corpus = changed
    renamed = client.patch(f"{API}/themes/1", json={"name": "Sound"})
    assert renamed.json() == {"themes": [1]}
    assert client.get(f"{API}/themes/1").json()["label"] == "Sound"
    assert client.patch(f"{API}/themes/1", json={}).status_code == 422
    client.patch(f"{API}/themes/2", json={"hidden": True})
    listed = {one["cluster"] for one in client.get(f"{API}/themes").json()["themes"]}
    assert 1 in listed
    assert 2 not in listed
    both = corpus.themes.get(0).reviews + corpus.themes.get(1).reviews
    assert client.post(f"{API}/themes/1/merge", json={"themes": [0]}).json() == {"themes": [1]}
    assert client.get(f"{API}/themes/1").json()["reviews"] == both
    parts = client.post(f"{API}/themes/1/split").json()["themes"]
    assert parts[0] == 1
    assert len(parts) > 1


def test_sets_of_themes_are_made_chosen_and_dropped(changed: tuple[TestClient, Corpus]) -> None:
    client, _ = changed
    made = client.post(f"{API}/themes", json={"name": "fine", "clusters": 8}, params={"wait": 60})
    assert made.status_code == 200
    assert made.json()["clusters"][0]["cluster"] == 0
    sets = [{"set": "fine", "in_use": True}, {"set": "main", "in_use": False}]
    assert client.get(f"{API}/theme_sets").json() == {"sets": sets}
    refit = client.post(f"{API}/themes/refit", json={}, params={"wait": 60})
    assert refit.json().keys() == {"kept", "born", "died", "split", "merged"}
    assert client.post(f"{API}/theme_sets/main/use").json() == {"name": "main"}
    assert client.delete(f"{API}/theme_sets/fine").json() == {"name": "fine"}
    assert client.get(f"{API}/theme_sets").json() == {"sets": [{"set": "main", "in_use": True}]}
    assert client.delete(f"{API}/theme_sets/fine").status_code == 404
    nothing = client.post(f"{API}/themes/adopt", json={"which": [1]}, params={"wait": 60})
    assert "no emerging theme 1" in nothing.json()["message"]


def test_export_is_a_file_of_the_reviews_that_match(
    asked: tuple[TestClient, Corpus],
) -> None:
    client, corpus = asked
    where = {"rating": "1..2", "product": LAMP}
    of = {review.review_id for review in corpus.where(**where).reviews(n=1_000).reviews}
    assert 0 < len(of) < corpus.size()
    csv_file = client.get(f"{API}/export", params=where)
    assert 'filename="reviews.csv"' in csv_file.headers["content-disposition"]
    assert csv_file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(csv_file.content.decode("utf-8-sig"))))
    assert sorted(row["review_id"] for row in rows) == sorted(of)
    lines = client.get(f"{API}/export", params={**where, "format": "jsonl", "vectors": True})
    vectors = {row["review_id"]: row["embedding"] for row in map(json.loads, lines.iter_lines())}
    assert vectors.keys() == of
    assert {len(vector) for vector in vectors.values()} == {corpus.stats().dimension}


def test_labels_are_kept_rebuilding_keeps_and_deleting_must_say_what(
    changed: tuple[TestClient, Corpus],
) -> None:
    client, _ = changed
    kept = client.post(
        f"{API}/labels",
        json={"labels": {"x": "battery"}},
        params={"write": "topic", "wait": 60},
    )
    under = [row["review_id"] for row in kept.json()["rows"] if row["label"] == "x"]
    assert client.get(f"{API}/count", params={"where": "topic=x"}).json() == {"reviews": len(under)}
    rebuilt = client.post(f"{API}/reindex", json={"grace": 0}, params={"wait": 60}).json()
    assert (rebuilt["reviews"], rebuilt["encoded"]) == (310, 0)
    assert client.post(f"{API}/delete", json={}).status_code == 422
    both = client.post(f"{API}/delete", json={"everything": True, "rating": "1"})
    assert both.status_code == 422
    for empty in ({"product": []}, {"review_ids": []}, {"rating": "1", "cluster": []}):
        assert client.post(f"{API}/delete", json=empty).json()["reviews"] == 0
    few = client.get(f"{API}/facets").json()["total"]
    gone = client.post(f"{API}/delete", json={"rating": "1", "source": ["webshop"]}).json()
    assert client.get(f"{API}/facets").json()["total"] == few - gone["reviews"] < few
    assert client.post(f"{API}/delete", json={"everything": True}).json()["collection_dropped"]
    assert client.get(f"{API}/facets").status_code == 404
