"""What comes before the token is looked at: whatever it is, it is refused, and breaks nothing."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from random import Random
from typing import Self

import pytest
from starlette.testclient import TestClient

from fakes import EmptyCorpus
from reviewlens.errors import CollectionMissing, InputError, StoreError, StoreLocked
from reviewlens.results import DeleteReport
from reviewlens.server import Options, make_app
from reviewlens.server.security import COOKIE, Keys
from reviewlens.store import Filters

WRITER = "kJ8s-w2QxT4vLr7Yb0cN9dFhGm3pZa5e"
LOCAL = "http://127.0.0.1:8765"
SEARCH = "/api/v1/search?q=late"
BEARER = {"Authorization": f"Bearer {WRITER}"}


class Stub(EmptyCorpus):
    """Deletes what it is told, fails as it is told."""

    collection = "reviews"
    embedded = True
    failing: Exception | None = None
    ids: tuple[str, ...] = ()

    def only(self, filters: Filters) -> Self:
        self.ids = filters.get("ids") or ()
        return self

    def delete(self, selection: Stub, *, everything: bool) -> DeleteReport:
        ids = selection.ids
        "".join(ids).encode()  # as whatever sends them does
        return DeleteReport(len(ids), len(ids), collection_dropped=everything)

    def stats(self) -> None:
        if self.failing is not None:
            raise self.failing


@pytest.fixture(scope="module")
def served() -> Iterator[TestClient]:
    with TestClient(make_app(Stub(), Options(token=WRITER)), base_url=LOCAL) as client:  # type: ignore[arg-type]
        yield client


@pytest.fixture
def client(served: TestClient) -> TestClient:
    served.cookies.clear()
    served.app.state.keys._tries.clear()  # type: ignore[attr-defined]
    return served


def test_a_malformed_origin_is_refused(client: TestClient) -> None:
    for origin in (
        "http://[",
        "http://[::1",
        "//",
        "http://127.0.0.1:8765/x",
        "\u2100",
        "http://a]",
    ):
        headers = {"Origin": origin.encode()}
        assert client.get(SEARCH, headers=headers).status_code == 403
        assert client.post("/sign-in", json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % n for n in range(11))),
        ("application/json", b"[" * 50_000),
        ("application/json", b"[1]"),
        ("application/json", b"{"),
        ("application/json", b"\xff\xfe\xfd"),
        ("application/json", b'{"token": ' + b"9" * 5_000 + b"}"),
    ],
)
def test_what_is_no_sign_in_is_refused(client: TestClient, kind: str, content: bytes) -> None:
    answer = client.post("/sign-in", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")


def test_a_sign_in_is_small(client: TestClient) -> None:
    content = b'{"token": "' + b"x" * 100_000 + b'"}'
    answer = client.post("/sign-in", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")


@pytest.mark.parametrize("token", ['"\\ud800"', "1", "null", '["a"]', "{}"])
def test_a_token_of_another_kind_is_a_wrong_one(client: TestClient, token: str) -> None:
    content = f'{{"token": {token}, "next": "\\ud800"}}'
    answer = client.post("/sign-in", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "others", ['theme={"dark":true}', "a b=c", "=", "x[y]=1", 'q="un', "\xe9=\xe9", "a=b; $Path"]
)
def test_cookies_of_other_programs_do_not_hinder(client: TestClient, others: str) -> None:
    ours = f"{COOKIE}={Keys(Options(token=WRITER)).cookie(WRITER)}"
    for cookie in (f"{others}; {ours}", f"{ours}; {others}", ours):
        answer = client.get(SEARCH, headers={"Cookie": cookie.encode("latin-1")})
        assert answer.status_code == 200
    apart = [("Cookie", others.encode("latin-1")), ("Cookie", ours.encode())]
    assert client.get(SEARCH, headers=apart).status_code == 200


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Host", ("evil.example", "127.0.0.1:8765")),
        ("Host", ("127.0.0.1:8765", "127.0.0.1:8765")),
        ("Origin", ("https://evil.example", LOCAL)),
        ("Sec-Fetch-Site", ("cross-site", "same-origin")),
        ("Authorization", ("Bearer x", f"Bearer {WRITER}")),
        ("Content-Type", ("text/plain", "application/json")),
        ("Content-Length", ("13", "2")),
    ],
)
def test_a_second_header_is_refused(client: TestClient, name: str, values: tuple[str, str]) -> None:
    headers = [*BEARER.items()] if name != "Authorization" else []
    answer = client.post(
        "/api/v1/search",
        content=b'{"queries":[]}',
        headers=[*headers, *((name, v) for v in values)],
    )
    assert answer.status_code == 400
    assert f"more than one header {name.lower()}" in answer.json()["message"]


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5_000, "", "0x10", "\xb2"])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    headers = [*BEARER.items(), ("Content-Length", length.encode("latin-1"))]
    answer = client.post("/api/v1/search", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/v1/delete", rb'{"review_ids": ["a", "\ud800"]}', "review_ids.1"),
        ("/api/v1/delete", b'{"review_ids": ["\xed\xa0\x80"]}', "review_ids.0"),
        ("/api/v1/delete", rb'{"\udfff": 1}', None),
        ("/api/v1/search", rb'{"queries": ["\udc00"]}', "queries.0"),
        ("/api/v1/search", rb'{"queries": [], "where": ["a=\ud800"]}', "where.0"),
        ("/api/v1/classify", rb'{"labels": {"a": "\ud800"}}', "labels.a"),
        ("/api/v1/classify", rb'{"labels": {"\ud800": "a"}}', "labels"),
        ("/api/v1/uploads/x/plan", rb'{"columns": {"text": "\ud800"}}', "columns.text"),
    ],
)
def test_half_a_character_is_refused_with_its_field(
    client: TestClient, path: str, body: bytes, field: str | None
) -> None:
    answer = client.post(path, content=body, headers=BEARER | {"Content-Type": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["error"], told["field"]) == (422, "InvalidRequest", field)
    assert "surrogate" in told["message"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/search?q=%ED%A0%80", "q"),
        ("/api/v1/search?q=late&product=caf%E9", "product"),
        ("/api/v1/themes/%ff", None),
    ],
)
def test_an_address_that_is_no_text_is_refused(
    client: TestClient, path: str, field: str | None
) -> None:
    answer = client.get(path, headers=BEARER)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "UTF-8" in answer.json()["message"]


def test_whole_characters_of_a_pair_are_taken(client: TestClient) -> None:
    headers = BEARER | {"Content-Type": "application/json"}
    body = rb'{"review_ids": ["\ud83d\ude00"]}'
    assert client.post("/api/v1/delete", content=body, headers=headers).json()["reviews"] == 1


def test_fields_by_the_thousand_are_refused_at_once(client: TestClient) -> None:
    body = {f"field {place}": place for place in range(20_000)}
    answer = client.post("/api/v1/search", json=body, headers=BEARER)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("the body has 20,000 fields; no route takes more")


def test_wrong_tokens_take_no_more_memory_than_is_set(client: TestClient) -> None:
    keys: Keys = client.app.state.keys  # type: ignore[attr-defined]
    for place in range(3_000):
        for _ in range(3):
            keys.failed(f"10.0.{place // 256}.{place % 256}")
    for _ in range(100):
        keys.failed("10.1.0.0")
    assert len(keys._tries) <= 1_000
    assert max(map(len, keys._tries.values())) <= 10


ODD = (
    "", " ", "\t", "null", "*", "http://[", "http://", "::", "[", "]", "\xff", "\x80\xff", "%",
    "%00", "%ED%A0%80", "a" * 5_000, ";", "=", ";=;", ",", '"', "\\", "Bearer", "Bearer ",
    "bearer \xff", "Basic eA==", "-1", "9" * 30, "1, 1", "chunked", "text/html; charset=\xff",
    "application/json",
    "application/json; boundary=", "multipart/form-data", "multipart/form-data; boundary=\xff",
    "127.0.0.1:8765", "127.0.0.1:99999999999", "[::1%25x]:1", "localhost.", "cross-site", "none",
)  # fmt: skip
NAMES = (
    "Host", "Origin", "Cookie", "Authorization", "Content-Type", "Content-Length",
    "Sec-Fetch-Site", "Transfer-Encoding", "If-None-Match", "Range", "Accept-Encoding",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"\xff", rb'"\ud800"', b"[" * 10_000, b"a=b&" * 20, b"token=%ED%A0%80", b"NaN",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: \xff; filename*=x''%ff\r\n\r\n--x--",
)  # fmt: skip
PATHS = (
    SEARCH, "/", "/sign-in", "/sign-in?next=%ED%A0%80", "/healthz", "/metrics", "/nothing%00",
    "/api/v1/delete", "/api/v1/uploads", "/api/v1/themes/%ff", "/api/v1/search?q=%ED%A0%80&%ff=%ff",
    "/static/%ED%A0%80", "/static/%00", "/api/v1/jobs/%ED%A0%80/cancel",
)  # fmt: skip


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))]
)
def test_no_malformed_request_breaks_the_server(client: TestClient, seed: int) -> None:
    random = Random(seed)
    for _ in range(150):
        headers = [(random.choice(NAMES), random.choice(ODD).encode("latin-1")) for _ in range(2)]
        if random.random() < 0.5:
            headers += [(name, value.encode()) for name, value in BEARER.items()]
        method, path, content = map(random.choice, (("GET", "POST", "HEAD", "X"), PATHS, BODIES))
        answer = client.request(
            method, path, content=content, headers=headers, follow_redirects=False
        )
        assert answer.status_code < 500, (method, path, content, headers)


SECRET = "/home/ann/private reviews"


@pytest.mark.parametrize(
    "error",
    [
        StoreError(f"Milvus at {SECRET}/reviews.db refused: [Errno 5] I/O: '{SECRET}/x/a.parquet'"),
        CollectionMissing(f"there is no database at {SECRET}/reviews.db: make it"),
        StoreLocked(f"{SECRET}/reviews.db is open in another process; see http://localhost:19530"),
        StoreError("unix:/home/ann/milvus.sock and ~/x/reviews.db and ann/reviews.db"),
        InputError("/tmp/reviewlens-serve-x1/ann.csv cannot be read"),
    ],
)
def test_no_answer_shows_where_the_server_has_its_files(
    client: TestClient, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stub, "failing", error)
    answer = client.get("/api/v1/stats", headers=BEARER)
    assert answer.status_code >= 400
    message = answer.json()["message"]
    assert "/home" not in message
    assert "/tmp" not in message
    assert "ann/" not in message
    assert ("http://localhost:19530" in message) == ("http://localhost:19530" in str(error))
    assert ".db" in message or "ann.csv" in message  # the name alone stays


def test_a_message_that_is_no_text_is_told_all_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stub, "failing", InputError("no file \udcff.csv", field="\udcff"))
    told = client.get("/api/v1/stats", headers=BEARER).json()
    assert told == {"error": "InputError", "message": "no file ?.csv", "field": "?"}


def test_a_full_disk_of_the_server_is_told_as_such(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/srv/x")
    ours = InputError("/srv/x cannot be written")
    ours.__cause__ = full
    for error in (full, ours):
        monkeypatch.setattr(Stub, "failing", error)
        answer = client.get("/api/v1/stats", headers=BEARER)
        assert (answer.status_code, answer.json()["error"]) == (507, "Full")
        assert "/srv" not in answer.text
