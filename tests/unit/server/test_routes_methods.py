"""Every method of the Python API has a route, or a reason why not; every argument likewise."""

from __future__ import annotations

import inspect
import operator
from typing import Any

import pytest

from reviewlens import Corpus
from reviewlens.insights.classification.kept_labels import Labels
from reviewlens.questions import Asked, asked_of
from reviewlens.server import make_app
from reviewlens.themes import Themes

ROUTES: dict[str, tuple[str, ...]] = {
    "themes.adopt": ("POST /themes/adopt",),
    "anomalies": ("GET /anomalies",),
    "ask": ("GET /ask",),
    "classify": ("GET /classify", "POST /classify", "POST /labels"),
    "clusters": ("GET /clusters",),
    "compare_texts": ("GET /compare",),
    "size": ("GET /size", "GET /count"),
    "count_matches": ("GET /count_matches",),
    "delete": ("POST /delete",),
    "describe": ("POST /selection",),
    "diagnose": ("GET /doctor", "POST /doctor"),
    "diversity": ("GET /diversity",),
    "themes.drop": ("DELETE /theme_sets/{name}",),
    "duplicates": ("GET /duplicates",),
    "evaluate": ("GET /evaluate",),
    "export": ("GET /export",),
    "facets": ("GET /facets",),
    "themes.hide": ("PATCH /themes/{theme}",),
    "ingest": ("POST /uploads/{upload}/ingest",),
    "layout": ("GET /map/points",),
    "map": ("GET /map",),
    "matching_ids": ("GET /map/matching",),
    "themes.merge": ("POST /themes/{theme}/merge",),
    "themes.news": ("GET /news",),
    "plan": ("POST /uploads/{upload}/plan",),
    "preview": ("GET /uploads/{upload}/preview",),
    "recommend": ("GET /recommend",),
    "reduce": ("GET /reduce",),
    "themes.refit": ("POST /themes/refit",),
    "reindex": ("POST /reindex",),
    "themes.rename": ("PATCH /themes/{theme}",),
    "report": ("GET /report",),
    "reviews": ("GET /reviews", "POST /reviews"),
    "sample": ("GET /sample",),
    "themes.save": ("POST /themes",),
    "search": ("GET /search",),
    "search_many": ("POST /search",),
    "similar": ("GET /similar",),
    "themes.split": ("POST /themes/{theme}/split",),
    "stats": ("GET /stats",),
    "themes.get": ("GET /themes/{theme}",),
    "themes.sets": ("GET /theme_sets",),
    "themes.list": ("GET /themes",),
    "labels.list": ("GET /labels",),
    "labels.rename": ("POST /labels/{name}/rename",),
    "labels.drop": ("DELETE /labels/{name}",),
    "trends": ("GET /trends",),
    "themes.use": ("POST /theme_sets/{name}/use",),
}
NO_ROUTE = {
    "compare": "takes another selection; `compare_texts` takes what an address can say",
    "to_check": "its judgements are given on the command line, one by one",
    "judge": "takes what `to_check` showed",
    "close": "the server closes the corpus when it ends",
    "copy": "would give a client the network of the server, and a token of another Milvus",
    "open": "the server has one corpus",
    "only": "every route takes filters",
    "where": "every route takes filters",
    "prepare": "the server does so for the searches that wait",
    "texts": "`reviews` has them",
    "to_frame": "a table of pandas; `reviews` and `export` have the same",
    "vectors": "`export` has them",
    "slice": "vectors in memory, which the insights work on",
}
KEPT = {"themes": Themes, "labels": Labels}
"""What objects of their own have the methods for."""
FILTERS = {"rating", "since", "until", "product", "source", "language", "cluster", "where"}
UNFILTERED = {
    "describe",  # of the reviews that were picked
    "layout",  # a filter picks points of the whole, by GET /map/matching
}
OTHERWISE: dict[str, set[str]] = {
    "labels.rename": {"to"},  # in the body it is `new_name`
    "ask": {"model"},  # the server's
    "classify": {"examples", "model", "save"},  # files; examples stand in the body of a POST
    "clusters": {"model"},  # the server's, with `named`
    "evaluate": {"encoders"},  # folders of the server, or its network
    "layout": {"seed"},
    "reduce": {"paths", "output", "columns", "text_template"},  # files
    "recommend": {"for_author"},  # `author`
    "reindex": {"encoder"},  # a folder of the server, or its network
    "themes.save": {"model"},
    "search": {"query"},  # `q`
    "count_matches": {"query"},
    "delete": {"selection"},  # ids and filters
    "trends": {"drawn"},  # a picture's
}
CHECKED = sorted(
    set(ROUTES)
    - {"export", "ingest", "map", "plan", "preview", "report"}  # files, which have tests of theirs
)


def corpus_methods() -> set[str]:
    return {
        name
        for name, found in inspect.getmembers(Corpus)
        if not name.startswith("_") and (callable(found) or isinstance(found, Asked))
    } | {f"{kept}.{name}" for kept, owner in KEPT.items() for name in asked_of(owner)}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The OpenAPI document; the corpus is not opened for it."""
    document: dict[str, Any] = make_app(Corpus.open("nowhere.db")).openapi()
    return document


def operation(document: dict[str, Any], route: str) -> dict[str, Any]:
    verb, path = route.split()
    found: dict[str, Any] = document["paths"][f"/api/v1{path}"][verb.lower()]
    return found


def test_every_method_has_a_route_or_a_reason(document: dict[str, Any]) -> None:
    assert corpus_methods() == {*ROUTES, *NO_ROUTE}
    assert not ROUTES.keys() & NO_ROUTE.keys()
    for routes in ROUTES.values():
        for route in routes:
            operation(document, route)


@pytest.mark.parametrize("method", CHECKED)
def test_routes_take_every_argument_of_the_method(document: dict[str, Any], method: str) -> None:
    taken: set[str] = set()
    for route in ROUTES[method]:
        declared = operation(document, route)
        taken |= {one["name"] for one in declared.get("parameters", ())}
        body = declared.get("requestBody", {"content": {}})["content"].get("application/json")
        if body is not None:
            name = body["schema"]["$ref"].rpartition("/")[2]
            taken |= document["components"]["schemas"][name]["properties"].keys()
    called = operator.attrgetter(method)(Corpus.open("nowhere.db"))
    wanted = {
        name
        for name, parameter in inspect.signature(called).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_POSITIONAL
    }
    asked = asked_of(Corpus).get(method)
    if asked is not None and asked.filtered and method not in UNFILTERED:
        wanted |= FILTERS
    # Merging names its others `themes`; progress and steps are told by the job.
    wanted -= {"self", "on_progress", "on_step", "others"} | OTHERWISE.get(method, set())
    assert wanted <= taken


def test_every_route_declares_how_failures_look(document: dict[str, Any]) -> None:
    for path, verbs in document["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for verb, declared in verbs.items():
            for status in ("default", "422"):
                schema = declared["responses"][status]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}, (verb, path)
