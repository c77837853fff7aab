"""Who is answered: one test for each promise of `reviewlens serve`."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from fakes import EmptyCorpus
from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.server import Options, make_app
from reviewlens.server.pages import PAGES, RENAMED
from reviewlens.server.security import COOKIE, HEADERS
from reviewlens.server.tokens import check_token

WRITER = "kJ8s-w2QxT4vLr7Yb0cN9dFhGm3pZa5e"
READER = "Rt6y_Uo1iPq8wEz4xCv2bNm7kLj5hGf3"
LOCAL = "http://127.0.0.1:8765"
SEARCH = "/api/v1/search?q=secret%20question"


class Stub(EmptyCorpus):
    """Counts to three."""

    collection = "reviews"

    def size(self) -> int:
        return 3


def asking(options: Options, base_url: str = LOCAL) -> TestClient:
    return TestClient(make_app(Stub(), options), base_url=base_url)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def open_client() -> Iterator[TestClient]:
    with asking(Options()) as client:
        yield client


@pytest.fixture(scope="module")
def guarded() -> Iterator[TestClient]:
    with asking(Options(token=WRITER, read_only_token=READER)) as client:
        yield client


@pytest.fixture
def keyed(guarded: TestClient) -> TestClient:
    """A server with both tokens that has seen nobody yet."""
    guarded.cookies.clear()
    guarded.app.state.keys._tries.clear()  # type: ignore[attr-defined]
    return guarded


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(response: Any, status: int) -> str:
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error", "message", "field"}
    message: str = body["message"]
    return message


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST", "[::1]", "[::1]:8765"]
)
def test_own_names_are_answered_whatever_the_port(open_client: TestClient, host: str) -> None:
    assert open_client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "", "localhost:x@evil"]
)
def test_other_names_are_refused(open_client: TestClient, host: str) -> None:
    for path in ("/healthz", "/", SEARCH, "/static/shared/dom.js"):
        assert "--allow-host" in refused(open_client.get(path, headers={"Host": host}), 421)


def test_a_name_that_is_allowed_is_answered() -> None:
    with asking(Options(hosts=("reviews.lan",)), "http://reviews.lan:99") as client:
        assert client.get("/healthz").status_code == 200
        refused(client.get("/healthz", headers={"Host": "localhost"}), 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_are_refused(open_client: TestClient, headers: dict[str, str]) -> None:
    refused(open_client.get(SEARCH, headers=headers), 403)
    refused(open_client.post("/api/v1/delete", json={"everything": True}, headers=headers), 403)
    refused(open_client.post("/sign-in", json={"token": "x"}, headers=headers), 403)


def test_own_pages_are_answered(open_client: TestClient) -> None:
    own = {"Origin": LOCAL, "Sec-Fetch-Site": "same-origin"}
    assert open_client.get(SEARCH, headers=own).status_code == 200
    body = {"queries": ["a"]}
    assert open_client.post("/api/v1/search", json=body, headers=own).status_code == 200
    # A link in a message leads to a page, and a form without a referrer is sent as from `null`.
    assert open_client.get("/?q=a", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    form = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert open_client.post("/sign-in", data={"token": "x"}, headers=form).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_form_can_send_changes_nothing(open_client: TestClient, kind: str) -> None:
    answer = open_client.post(
        "/api/v1/delete", content=b'{"everything": true}', headers={"Content-Type": kind}
    )
    assert "application/json" in refused(answer, 415)


def test_without_token_nothing_but_sign_in_is_answered(keyed: TestClient) -> None:
    for path in (SEARCH, "/metrics", "/readyz", "/api/v1/openapi.json", "/nothing"):
        answer = keyed.get(path)
        assert "/sign-in" in refused(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    refused(keyed.post("/api/v1/delete", json={"everything": True}), 401)
    for path in ("/healthz", "/sign-in", "/static/shared/dom.js"):
        assert keyed.get(path).status_code == 200
    page = keyed.get("/themes?x=1&y=2", follow_redirects=False)
    assert page.status_code == 303
    assert page.headers["Location"] == "/sign-in?next=%2Fthemes%3Fx%3D1%26y%3D2"


def test_every_route_needs_the_token(keyed: TestClient) -> None:
    routes = keyed.get("/api/v1/openapi.json", headers=bearer(WRITER)).json()["paths"]
    for path, methods in routes.items():
        for method in methods:
            answer = keyed.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == (200 if path == "/healthz" else 401), path
    assert len(routes) > 30
    for path in PAGES:
        expected = 200 if path == "/sign-in" else 303
        assert keyed.get(path, follow_redirects=False).status_code == expected


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_page_by_its_old_name_leads_to_the_new_one(
    open_client: TestClient, old: str, new: str
) -> None:
    answer = open_client.get(f"{old}?tab=copies&product=%2F%2Fevil", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{new}?tab=copies&product=%2F%2Fevil"


@pytest.mark.parametrize("token", ["", "x", WRITER[:-1], WRITER + "x", WRITER.lower(), "é"])
def test_a_wrong_token_is_refused(keyed: TestClient, token: str) -> None:
    refused(keyed.get(SEARCH, headers={"Authorization": f"Bearer {token}".encode()}), 401)


def test_tokens_are_compared_in_constant_time(
    keyed: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hmac

    compared = []
    plain = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(a) or plain(a, b))
    keyed.get(SEARCH, headers=bearer(WRITER))
    keyed.get(SEARCH, headers=bearer("wrong"))
    assert compared == [WRITER.encode()] * 2 + [b"wrong"] * 2


def test_the_reader_asks_and_changes_nothing(keyed: TestClient) -> None:
    reader = bearer(READER)
    assert keyed.get(SEARCH, headers=reader).status_code == 200
    assert keyed.post("/api/v1/search", json={"queries": ["a"]}, headers=reader).status_code == 200
    changes = 0
    for path, methods in keyed.get("/api/v1/openapi.json", headers=reader).json()["paths"].items():
        for method in set(methods) - {"get"}:
            if path.removeprefix("/api/v1/") in (
                "search", "reviews", "classify", "selection", "selection/file", "jobs/{job}/cancel"
            ):  # fmt: skip
                continue
            plain = path.replace("{", "").replace("}", "")
            assert "reading" in refused(keyed.request(method, plain, headers=reader), 403)
            changes += 1
    assert changes > 10


def test_the_reader_gives_up_what_only_asks(keyed: TestClient) -> None:
    jobs, go = keyed.app.state.service.jobs, threading.Event()  # type: ignore[attr-defined]

    def ask(progress: OnProgress) -> None:
        while not go.wait(0.005):
            progress("asking", 0, 1)

    asking, writing = jobs.start("asks", ask), jobs.start("writes", ask, writes=True)
    try:
        reader = bearer(READER)
        answer = keyed.post(f"/api/v1/jobs/{writing.job}/cancel", headers=reader)
        assert "reading" in refused(answer, 403)
        assert not writing.given_up
        assert keyed.post(f"/api/v1/jobs/{asking.job}/cancel", headers=reader).status_code == 200
        asking.task.future.result(timeout=5)
        assert asking.state == "cancelled"
        writer = bearer(WRITER)
        assert keyed.post(f"/api/v1/jobs/{writing.job}/cancel", headers=writer).status_code == 200
        refused(keyed.post(f"/api/v1/jobs/{asking.job}/cancel"), 401)
        refused(keyed.post("/api/v1/jobs/none/cancel", headers=reader), 404)
        refused(keyed.post(f"/api/v1/jobs/{asking.job}/cancel/x", headers=reader), 403)
    finally:
        go.set()


def test_signing_in_gives_a_cookie_that_scripts_cannot_read(keyed: TestClient) -> None:
    answer = keyed.post("/sign-in", json={"token": READER, "next": "/themes?a=1"})
    assert answer.json() == {"next": "/themes?a=1"}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie
    assert READER not in cookie
    assert keyed.get(SEARCH).status_code == 200
    refused(keyed.post("/api/v1/delete", json={"everything": True}), 403)
    keyed.post("/sign-out")
    refused(keyed.get(SEARCH), 401)


def test_signing_in_by_form_leads_on(keyed: TestClient) -> None:
    form = {"token": WRITER, "next": "/map"}
    answer = keyed.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/map")
    wrong = keyed.post("/sign-in", data={"token": "no"}, follow_redirects=False)
    assert wrong.headers["Location"] == "/sign-in?wrong=1"


@pytest.mark.parametrize("following", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_signing_in_leads_to_no_other_site(keyed: TestClient, following: str) -> None:
    answer = keyed.post("/sign-in", json={"token": WRITER, "next": following})
    assert answer.json() == {"next": "/"}


def test_guessing_tokens_is_stopped(keyed: TestClient) -> None:
    for _ in range(10):
        assert "not the token" in refused(keyed.post("/sign-in", json={"token": "guess"}), 401)
    answer = keyed.post("/sign-in", json={"token": "guess"})
    refused(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0
    refused(keyed.get(SEARCH, headers=bearer("guess")), 429)
    # Behind a proxy all have one address: who has the right one is not kept out by others.
    assert keyed.get(SEARCH, headers=bearer(WRITER)).status_code == 200
    assert keyed.post("/sign-in", json={"token": WRITER}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/", "/map", "/nothing", SEARCH, "/static/search.js"])
def test_every_response_has_the_headers(open_client: TestClient, path: str) -> None:
    answer = open_client.get(path)
    for name in HEADERS:
        assert name in answer.headers
    assert "server" not in answer.headers
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    if path.startswith("/api"):
        assert answer.headers["cache-control"] == "no-store"


def test_no_page_runs_what_is_inline_or_evaluated(open_client: TestClient) -> None:
    for path in PAGES:
        policy = open_client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        page = open_client.get(path).text
        assert " style=" not in page
        scripts = re.findall(
            r'<script[^>]* src="/(?:static|drawing)/[\w./-]+"[^>]*></script>', page
        )
        assert page.count("<script") == len(scripts)


def test_no_token_and_no_text_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("reviewlens"), "propagate", True)
    options = Options(token=WRITER, read_only_token=READER, access_log=True)
    assert WRITER not in repr(options)
    with asking(options) as client:
        client.post("/sign-in", json={"token": WRITER})
        client.get(SEARCH)
        client.get(SEARCH, headers=bearer(READER))
        client.get(SEARCH + "&token=" + READER)
        client.get("/api/v1/stats", headers=bearer(WRITER))  # the stub has none: a traceback
    ours = [one for one in caplog.records if one.name.startswith(("reviewlens", "uvicorn"))]
    told = "\n".join(logging.Formatter().format(one) for one in ours)
    assert "GET /api/v1/search 200" in told
    assert "AttributeError" in told
    for secret in (WRITER, READER, "secret", "q="):
        assert secret not in told


def test_what_should_not_happen_is_told_without_traceback(open_client: TestClient) -> None:
    assert "log" in refused(open_client.get("/api/v1/stats"), 500)


_FILES = {
    "axes",
    "file",
    "files",
    "folder",
    "output",
    "path",
    "paths",
    "rejects_file",
    "save",
    "to",
}


def test_no_parameter_names_a_file(open_client: TestClient) -> None:
    document = open_client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for route in methods.values():
            names = {one["name"] for one in route.get("parameters", ())}
            for content in route.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if name and "multipart" not in str(content) and not path.endswith("/uploads"):
                    names |= set(document["components"]["schemas"][name].get("properties", ()))
            assert not names & _FILES, (path, names & _FILES)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..%5capp.py",
    ],
)
def test_static_files_are_those_of_the_explorer_alone(open_client: TestClient, path: str) -> None:
    refused(open_client.get(path), 404)


@pytest.mark.parametrize("token", [WRITER, "0123456789abcdef" * 2, "abcdefghij-ABCDEFGHIJ_"])
def test_long_tokens_do(token: str) -> None:
    check_token(token, "the token", "make one")


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("0123456789abcdef0123456789abcde", "31 characters"),
        ("abcdefghij-ABCDEFGHIJ", "21 characters"),
        ("", "0 characters"),
        ("a" * 40, "1 different"),
        ("wöra" * 10, "other characters"),
    ],
)
def test_short_tokens_are_refused(token: str, problem: str) -> None:
    with pytest.raises(InputError, match=f"{problem}.*make one") as caught:
        check_token(token, "the token", "make one")
    assert not token or token not in str(caught.value)
