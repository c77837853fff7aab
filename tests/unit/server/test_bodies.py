"""What is too large, too much or too slow is refused, with what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from fakes import EmptyCorpus
from reviewlens.server import Options, make_app
from reviewlens.server.bodies import Bodies

OPTIONS = Options(
    most_body_bytes=1_000,
    most_upload_bytes=5_000,
    most_query_characters=50,
    most_queries=3,
    most_results=20,
    most_filter_values=4,
    most_of_client=2,
    body_seconds=0.05,
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(make_app(EmptyCorpus(), OPTIONS), base_url="http://127.0.0.1") as found:  # type: ignore[arg-type]
        yield found


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"q": "a" * 51}, "q"),
        ({"q": "a", "n": 21}, "n"),
        ({"q": "a", "product": ["b"] * 5}, None),
        ({"q": "a", "product": ["b"] * 2, "source": ["c"] * 3}, None),
        ({"q": "a", "product": "b" * 51}, "product"),
        ({"q": "a", "rating": "1" * 51}, "rating"),
    ],
)
def test_large_questions_are_refused(
    client: TestClient, parameters: dict[str, Any], field: str | None
) -> None:
    answer = client.get("/api/v1/search", params=parameters)
    assert answer.status_code == 422
    assert (answer.json()["error"], answer.json()["field"]) == ("TooLarge", field)


@pytest.mark.parametrize(
    "body",
    [
        {"queries": ["a"] * 4},
        {"queries": ["a" * 51]},
        {"queries": ["a"], "n": 21},
        {"queries": ["a"], "product": ["b"] * 5},
    ],
)
def test_large_bodies_of_questions_are_refused(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/api/v1/search", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "TooLarge")


def test_questions_at_the_limit_are_answered(client: TestClient) -> None:
    at = {"q": "a" * 50, "n": 20, "product": ["b"] * 4}
    assert client.get("/api/v1/search", params=at).status_code == 200
    many = {"queries": ["a" * 50] * 3, "n": 20}
    assert len(client.post("/api/v1/search", json=many).json()) == 3


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(client: TestClient) -> None:
    body = b'{"queries": ["' + b"a" * 1_000 + b'"]}'
    kind = {"Content-Type": "application/json"}

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    for content in (body, pieces()):
        answer = client.post("/api/v1/search", content=content, headers=kind)
        assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")
        assert "1,000 bytes" in answer.json()["message"]


async def _through(bodies: Bodies, parts: list[Message | float], **scope: Any) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        part = parts.pop(0) if parts else {"type": "http.disconnect"}
        if isinstance(part, float):
            await asyncio.sleep(part)
            return await receive()
        return part

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "method": "POST", "path": "/x", "headers": [], "client": ("a", 1)}
    await bodies(given | scope, receive, send)
    return sent


async def _reading(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def _part(size: int, *, more: bool) -> Message:
    return {"type": "http.request", "body": b"a" * size, "more_body": more}


def test_a_body_that_stalls_is_given_up() -> None:
    sent = asyncio.run(_through(Bodies(_reading, OPTIONS), [_part(5, more=True), 1.0]))
    assert sent[0]["status"] == 408
    quick = asyncio.run(
        _through(Bodies(_reading, OPTIONS), [_part(5, more=True), _part(5, more=False)])
    )
    assert (quick[0]["status"], quick[1]["body"]) == (200, b"10")


def test_an_upload_may_be_larger_than_a_question() -> None:
    parts: list[Message | float] = [_part(4_000, more=False)]
    sent = asyncio.run(_through(Bodies(_reading, OPTIONS), [*parts], path="/api/v1/uploads"))
    assert sent[0]["status"] == 200
    parts = [_part(40_000, more=True), _part(40_000, more=False)]
    sent = asyncio.run(_through(Bodies(_reading, OPTIONS), parts, path="/api/v1/uploads"))
    assert sent[0]["status"] == 413


def test_one_client_may_not_take_all_places() -> None:
    async def several() -> list[list[Message]]:
        wait = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await wait.wait()
            await PlainTextResponse("")(scope, receive, send)

        bodies = Bodies(slow, OPTIONS)
        own = [
            asyncio.create_task(_through(bodies, [], method="GET", client=(address, 1)))
            for address in ("a", "a", "a", "b")
        ]
        await asyncio.sleep(0)
        wait.set()
        return await asyncio.gather(*own)

    sent = asyncio.run(several())
    refused = [messages[0] for messages in sent if messages and messages[0].get("status") == 429]
    assert len(refused) == 1
    assert b"retry-after" in dict(refused[0]["headers"])
