"""One client for servers that embed and servers that write: where texts go, what is sent, when."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

import pytest

from chat_server import ChatServer
from openai_server import EmbeddingServer, Fault, Handler, failing, slow
from reviewlens.encoders import ServedEncoder, load_encoder
from reviewlens.encoders.openai import OpenAIEncoder
from reviewlens.errors import EmbeddingServerError, LanguageModelError, ReviewLensError
from reviewlens.language_models import ChatModel
from reviewlens.language_models.endpoint import Endpoint

KEY = "sk-secret-0123456789"


class Ask(Protocol):
    """Sends a text to the server at a URL, which may take the limits given."""

    def __call__(self, url: str, **limits: float) -> object: ...


class BothServer(ChatServer):
    """Serves a model that writes and one that embeds."""

    def __init__(self) -> None:
        super().__init__(lambda *_: "yes")

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        return super().answer(body) if "messages" in body else EmbeddingServer.answer(self, body)


@pytest.fixture
def server() -> Iterator[BothServer]:
    with BothServer() as served:
        yield served


@pytest.fixture(params=["embed", "write"])
def ask(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def embed(url: str, **limits: float) -> object:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        return OpenAIEncoder("openai:bag", dimensions=64, **limits).encode_documents(["tea"])

    def write(url: str, **limits: float) -> object:
        model = ChatModel(url, "writer", **{"seconds": 120.0, **limits})  # type: ignore[arg-type]
        return model.complete("Do", "it")

    return embed if request.param == "embed" else write


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_texts_follow_no_redirect(ask: Ask, status: int, server: BothServer) -> None:
    with BothServer() as other:
        there = other.url.replace("//", "//me:hush@") + "/embeddings?token=hush"
        server.faults.append(failing(status, location=there))
        with pytest.raises(ReviewLensError, match=r"OPENAI_BASE_URL|--llm-url") as caught:
            ask(server.url)
    assert other.paths == []
    assert f"sends to another address, {other.url}/embeddings ({status})" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "shown"),
    [("", "one that it does not name"), ("/v2/embeddings", "127.0.0.1"), ("http://[", "does not")],
)
def test_redirect_to_nowhere_is_told(location: str, shown: str, server: BothServer) -> None:
    server.faults.append(failing(302, location=location))
    with pytest.raises(LanguageModelError, match="sends to another address") as caught:
        ChatModel(server.url, "writer").complete("Do", "it")
    assert shown in str(caught.value)


def test_check_of_a_server_follows_no_redirect(
    server: BothServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(handler: Handler) -> None:
        handler.send(307, {}, location="http://127.0.0.1:9/v1")

    monkeypatch.setattr(Handler, "do_GET", elsewhere)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    encoder = load_encoder("openai:bag+64d")
    assert isinstance(encoder, ServedEncoder)
    with pytest.raises(EmbeddingServerError, match=r"another address, http://127\.0\.0\.1:9/v1"):
        encoder.check()
    assert server.requests == []


def test_only_what_is_needed_is_sent(
    ask: Ask, server: BothServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "hush")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: hush\nAuthorization: Bearer hush")
    ask(server.url)
    [headers] = server.headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "hush" not in str(headers)
    assert set(headers) <= {
        "accept", "accept-encoding", "authorization", "connection", "content-length",
        "content-type", "host", "user-agent", "x-stainless-raw-response",
    }  # fmt: skip


def test_proxy_of_the_environment_is_not_on_the_way_to_this_machine(
    ask: Ask, server: BothServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with BothServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        ask(server.url)
        assert (len(server.paths), proxy.paths) == (1, [])
        ask("http://models.example/v1")
        assert [path.rpartition("/v1/")[0] for path in proxy.paths] == ["http://models.example"]


def drip(handler: Handler, _: dict[str, Any]) -> None:
    """Send a byte now and then: no part of the answer is late, and it never ends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    with suppress(OSError):
        while not handler.of.released.wait(0.05):
            handler.wfile.write(b" ")
    handler.close_connection = True


@pytest.mark.parametrize("fault", [slow, drip, failing(503, retry_after="60")])
def test_one_deadline_however_many_tries(ask: Ask, fault: Fault, server: BothServer) -> None:
    server.faults += [fault] * 9
    start = time.monotonic()
    with pytest.raises(ReviewLensError, match=r"gave no answer within 0\.3 s|failed once"):
        ask(server.url, seconds=0.3, deadline=0.3)
    assert time.monotonic() - start < 1


def test_model_that_does_not_answer_is_not_asked_again(server: BothServer) -> None:
    server.faults.append(slow)
    with pytest.raises(LanguageModelError, match=r"gave no answer within 0\.2 s"):
        ChatModel(server.url, "writer", seconds=0.2).complete("Do", "it")
    assert len(server.requests) == 1


def test_server_that_does_not_want_to_be_asked_again_is_not(ask: Ask, server: BothServer) -> None:
    server.faults += [failing(503, retry_after="600"), failing(429, x_should_retry="false")]
    for said in (r"failed once \(503", r"still busy after 1 try, .*\(429: so it is\)"):
        with pytest.raises(ReviewLensError, match=said):
            ask(server.url)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8080/v1", True), ("http://127.1.2.3/v1", True),
        ("http://[::1]:80/v1", True), ("https://models.localhost/v1", True),
        ("https://api.openai.com/v1", False), ("http://localhost.example/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)  # fmt: skip
def test_addresses_of_this_machine_are_known(url: str, *, local: bool) -> None:
    endpoint = Endpoint.at(url)
    assert endpoint is not None
    assert endpoint.on_this_machine is local


@pytest.mark.parametrize("url", ["http://[", "http://host:port/v1", "http://host:99999/v1"])
def test_what_cannot_be_read_as_a_url_is_no_endpoint(url: str) -> None:
    assert Endpoint.at(url) is None
