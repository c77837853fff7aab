"""A model on a server: what is sent, what comes back, and what goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat_server import ChatServer
from openai_server import Fault, answering, dropped, failing, slow
from reviewlens.errors import InputError, LanguageModelError, MissingExtra
from reviewlens.language_models import ChatModel, chat, language_model, read_key

KEY = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in chat.KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(lambda instruction, text: f"{instruction}/{text}") as served:
        yield served


def test_instruction_and_text_are_two_messages(server: ChatServer) -> None:
    model = ChatModel(server.url, "writer")
    assert model.complete("Do", "it") == "Do/it"
    [body] = server.requests
    assert body["model"] == "writer"
    assert body["messages"] == [
        {"role": "system", "content": "Do"}, {"role": "user", "content": "it"}
    ]  # fmt: skip
    assert server.paths == ["/v1/chat/completions"]
    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize("where", ["key", "REVIEWLENS_LLM_KEY", "OPENAI_API_KEY"])
def test_key_reaches_the_server(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if where != "key":
        monkeypatch.setenv(where, f" {KEY}\n")
    with ChatServer(lambda *_: "yes", key=KEY) as server:
        model = ChatModel(server.url, "writer", key=KEY if where == "key" else None)
        assert model.complete("Do", "it") == "yes"


def test_own_key_goes_before_openais(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWLENS_LLM_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with ChatServer(lambda *_: "yes", key=KEY) as server:
        assert ChatModel(server.url, "writer").complete("Do", "it") == "yes"


def test_model_without_a_temperature_is_asked_without_one() -> None:
    with ChatServer(lambda *_: "yes", refuses="temperature") as server:
        assert ChatModel(server.url, "writer").complete("Do", "it") == "yes"
        assert [body.get("temperature") for body in server.requests] == [0, None]


@pytest.mark.parametrize("written", ["<think>\nWell…\n</think>\n yes ", " yes"])
def test_thoughts_are_no_part_of_the_answer(written: str) -> None:
    with ChatServer(lambda *_: written) as server:
        assert ChatModel(server.url, "writer").complete("Do", "it") == "yes"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_server_is_asked_again(
    status: int, server: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults += [failing(status, retry_after="0.01")] * 2
    with caplog.at_level(logging.INFO, "reviewlens"):
        assert ChatModel(server.url, "writer").complete("Do", "it") == "Do/it"
    assert len(server.requests) == 3
    assert f"answered {status} (retry after 0.01)" in caplog.text


FAULTS: dict[str, tuple[Fault, str]] = {
    "429": (failing(429, "quota", retry_after="0.01"), "still busy after 2 tries"),
    "500": (failing(500, retry_after="0.01"), "failed 2 times"),
    "404": (failing(404), "check --llm-model and --llm-url"),
    "403": (failing(403, f"{KEY} may not"), "refused the request for writer .403: … may not"),
    "400": (failing(400, "too long"), "400: too long"),
    "slow": (slow, "gave no answer within 0.2 s"),
    "dropped": (dropped, "cannot be reached"),
    "no JSON": (answering(b"<html>"), "gave"),
    "a number": (answering(b"7"), "gave no text"),
    "no choices": (answering(b'{"choices": []}'), "gave no text"),
    "no message": (answering(b'{"choices": [{}]}'), "gave no text"),
    "odd choices": (answering(b'{"choices": [null, 7]}'), "gave no text"),
    "null": (answering(b'{"choices": [{"message": {"content": null}}]}'), "gave no text"),
    "empty": (answering(b'{"choices": [{"message": {"content": " "}}]}'), "gave no text"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault_is_one_sentence(case: str, server: ChatServer) -> None:
    fault, said = FAULTS[case]
    server.faults += [fault] * 3
    model = ChatModel(server.url, "writer", key=KEY, seconds=0.2, retries=1)
    with pytest.raises(LanguageModelError, match=said) as caught:
        model.complete("Do", "it")
    assert server.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_text_goes_to_no_other_address(server: ChatServer) -> None:
    with ChatServer(lambda *_: "elsewhere") as other:
        server.faults += [failing(307, location=f"{other.url}/chat/completions")]
        with pytest.raises(LanguageModelError, match="sends to another address"):
            ChatModel(server.url, "writer").complete("Do", "it")
        assert other.requests == []


def test_wrong_key_is_told_without_the_key() -> None:
    with ChatServer(lambda *_: "yes", key="sk-right") as server:
        with pytest.raises(LanguageModelError, match="does not accept the key") as caught:
            ChatModel(server.url, "writer", key=KEY).complete("Do", "it")
        assert KEY not in str(caught.value)
        with pytest.raises(LanguageModelError, match="wants a key"):
            ChatModel(server.url, "writer").complete("Do", "it")


def test_password_in_the_url_is_not_told() -> None:
    model = ChatModel("http://me:hidden@127.0.0.1:9/v1", "writer", retries=0)
    assert model.address == "http://127.0.0.1:9/v1"
    with pytest.raises(LanguageModelError, match="cannot be reached") as caught:
        model.complete("Do", "it")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://x/v1", "http://", "/v1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="no address of a language model"):
        ChatModel(url, "writer")


def test_address_needs_a_name() -> None:
    with pytest.raises(InputError, match="--llm-model"):
        language_model("http://x/v1", None)
    assert language_model(None, "writer") is None
    assert language_model(" ", "writer") is None


def test_missing_package_is_named(uninstall: Callable[[str], None]) -> None:
    uninstall("openai")
    with pytest.raises(MissingExtra, match=r"reviewlens\[openai\]"):
        ChatModel("http://x/v1", "writer")


def test_key_file_holds_one_line(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(InputError, match="No such file"):
        read_key(file)
    for content in ("", "two\nlines"):
        file.write_text(content)
        with pytest.raises(InputError, match="wanted one line") as caught:
            read_key(file)
        assert "two" not in str(caught.value)
    file.write_text(f"{KEY}\n")
    assert read_key(file) == KEY
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="it is no text"):
        read_key(file)
