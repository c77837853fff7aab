"""An encoder on a server: what is sent, what is taken back, and every way in which it can fail."""

from __future__ import annotations

import email.utils
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from openai_server import (
    BAG,
    EmbeddingServer,
    Fault,
    answering,
    dropped,
    failing,
    slow,
    spoilt,
)
from reviewlens.encoders import Encoder, ServedEncoder, load_encoder
from reviewlens.encoders.openai import OpenAIEncoder
from reviewlens.encoders.token_counters import cut_tokens, load_token_counter
from reviewlens.errors import EmbeddingServerError, EncoderError, MissingExtra

KEY = "sk-proj-4f9a7secret"
TEXTS = ["The dog loves this food.", "Arrived stale and crushed.", "Great coffee!"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    with EmbeddingServer(key=KEY) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client wanted to wait before each retry; it does not."""
    waits: list[float] = []
    monkeypatch.setattr("openai._base_client.time.sleep", waits.append)
    return waits


def bag() -> Encoder:
    return load_encoder("openai:bag")


# -- names and what is known of them -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dimension", "window", "price"),
    [
        ("openai:text-embedding-3-small", 1_536, 8_191, 0.02),
        ("openai:text-embedding-3-large", 3_072, 8_191, 0.13),
        ("openai:text-embedding-ada-002", 1_536, 8_191, 0.10),
        ("openai:text-embedding-3-large+256d", 256, 8_191, 0.13),
        ("openai:text-embedding-3-small+512w+32d", 32, 512, 0.02),
        ("openai:bag", BAG, 384, None),
        ("openai:bag+100w", BAG, 100, None),
        ("openai:bag+16d", 16, 384, None),
    ],
)
def test_name_tells_dimension_and_window(
    server: EmbeddingServer, name: str, dimension: int, window: int, price: float | None
) -> None:
    encoder = load_encoder(name)
    assert server.paths == []
    assert (encoder.name, encoder.dimension, encoder.window) == (name, dimension, window)
    assert isinstance(encoder, ServedEncoder)
    assert encoder.price == price
    # Only the dimension of a whole model that is not known has to be asked for.
    assert len(server.requests) == (dimension == BAG)
    assert encoder.encode_documents(TEXTS).shape == (3, dimension)


def test_dimensions_given_apart_are_those_in_the_name(server: EmbeddingServer) -> None:
    apart = load_encoder("openai:text-embedding-3-large", dimensions=256)
    named = load_encoder("openai:text-embedding-3-large+256d")
    assert apart.name == named.name
    assert apart.fingerprint == named.fingerprint
    whole = load_encoder("openai:text-embedding-3-large", dimensions=3_072)
    assert whole.name == "openai:text-embedding-3-large"


def test_fingerprint_covers_model_dimension_and_window(server: EmbeddingServer) -> None:
    names = ["text-embedding-3-small", "text-embedding-ada-002", "text-embedding-3-small+512d",
             "text-embedding-3-small+512w", "bag", "bag+63d"]  # fmt: skip
    assert len({load_encoder(f"openai:{name}").fingerprint for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("openai:", "names no model; give one behind the colon"),
        ("openai:bag+0w", "has a window of 0; wanted 1 to 8191"),
        ("openai:bag+9000w", "has a window of 9000"),
        ("openai:text-embedding-3-small+2000d", "has 1536 dimensions; 2000 of them cannot"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    server: EmbeddingServer, name: str, sentence: str
) -> None:
    with pytest.raises(EncoderError, match=sentence):
        load_encoder(name)


def test_what_is_for_models_on_this_machine_is_refused(server: EmbeddingServer) -> None:
    with pytest.raises(EncoderError, match=r"runs on its server; leave --precision int8 out"):
        load_encoder("openai:bag", precision="int8")
    with pytest.raises(EncoderError, match=r"leave --device cuda out"):
        load_encoder("openai:bag", device="cuda")
    with pytest.raises(EncoderError, match=r"leave the revision main out"):
        load_encoder("openai:bag", revision="main")


def test_a_missing_package_is_named(uninstall: Callable[[str], None]) -> None:
    uninstall("openai")
    with pytest.raises(MissingExtra, match=r"needs the package openai.*'reviewlens\[openai\]'"):
        bag()


def test_package_is_imported_by_the_first_request_alone() -> None:
    code = (
        "import sys\n"
        "from reviewlens.encoders import load_encoder\n"
        "assert 'openai' not in sys.modules\n"
        "encoder = load_encoder('openai:text-embedding-3-small')\n"
        "encoder.count_tokens(['tea']), encoder.dimension, encoder.fingerprint\n"
        "print('openai' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# -- what is sent ------------------------------------------------------------------------------


def test_each_text_is_sent_once_and_none_empty(server: EmbeddingServer) -> None:
    vectors = load_encoder("openai:text-embedding-3-small").encode_documents(
        ["tea", "", "tea", " \n", "milk"]
    )
    assert [request["input"] for request in server.requests] == [["tea", " ", " ", "milk"]]
    assert (vectors[0] == vectors[2]).all()
    assert server.requests[0] == {
        "model": "text-embedding-3-small",
        "input": ["tea", " ", " ", "milk"],
        "encoding_format": "float",
    }


def test_shorter_vectors_are_asked_for_where_the_model_makes_them(server: EmbeddingServer) -> None:
    short = load_encoder("openai:text-embedding-3-large+256d").encode_documents(TEXTS)
    assert server.requests[-1]["dimensions"] == 256
    whole = load_encoder("openai:text-embedding-3-large").encode_documents(TEXTS)
    assert "dimensions" not in server.requests[-1]
    by_hand = whole[:, :256] / np.linalg.norm(whole[:, :256], axis=1, keepdims=True)
    assert np.abs(short - by_hand).max() < 1e-6
    load_encoder("openai:text-embedding-ada-002+256d").encode_documents(TEXTS)
    assert "dimensions" not in server.requests[-1]


def test_batches_are_bounded_by_count(server: EmbeddingServer) -> None:
    texts = [f"tea {number}" for number in range(70)]
    vectors = bag().encode_documents(texts)
    assert [len(request["input"]) for request in server.requests if len(request["input"]) > 1] == [
        32, 32, 6
    ]  # fmt: skip
    assert np.abs(vectors - server.vectors(texts, "bag")).max() < 1e-6
    small = load_encoder("openai:text-embedding-3-small+8d")
    server.requests.clear()
    small.encode_documents([f"tea {number}" for number in range(2_050)])
    assert [len(request["input"]) for request in server.requests] == [2_048, 2]


def test_batches_are_bounded_by_tokens(server: EmbeddingServer) -> None:
    encoder = load_encoder("openai:text-embedding-ada-002")
    texts = [f"{number}" + " tea" * 7_000 for number in range(50)]
    tokens = encoder.count_tokens(texts)[0].tokens
    encoder.encode_documents(texts)
    assert [len(request["input"]) for request in server.requests] == [
        300_000 // tokens, 50 - 300_000 // tokens
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["tea " * 20_000, "好吃" * 9_000, "👩‍🍳" * 3_000, "x" * 100_000])
def test_what_passes_the_window_is_not_sent(server: EmbeddingServer, text: str) -> None:
    load_encoder("openai:text-embedding-3-small").encode_documents([text])
    (sent,) = server.requests[0]["input"]
    assert text.startswith(sent)
    tokens = load_token_counter("cl100k_base")([sent])[0].tokens
    assert 8_185 <= tokens <= 8_191


def test_cutting_keeps_whole_characters() -> None:
    assert cut_tokens("tea milk bread", 2, name="cl100k_base") == "tea milk"
    assert cut_tokens("tea", 2, name="cl100k_base") == "tea"
    for most in range(1, 12):
        cut = cut_tokens("好👩‍🍳吃 tea", most, name="cl100k_base")
        assert "好👩‍🍳吃 tea".startswith(cut)
        assert load_token_counter("cl100k_base")([cut])[0].tokens <= most


def test_where_texts_go_is_said_once_and_before(
    server: EmbeddingServer, caplog: pytest.LogCaptureFixture
) -> None:
    said = f"Texts of reviews and queries are sent to {server.url}, to be embedded by bag."
    server.faults.append(failing(400))
    with caplog.at_level(logging.INFO, "reviewlens"):
        with pytest.raises(EmbeddingServerError):
            bag().encode_documents(TEXTS)
        assert caplog.messages == [said]
        caplog.clear()
        encoder = bag()
        encoder.encode_documents(TEXTS)
        encoder.encode_queries(TEXTS)
        assert caplog.messages == [said]


def test_key_is_sent_as_the_protocol_wants_it(server: EmbeddingServer) -> None:
    bag().encode_documents(TEXTS)
    assert [headers["authorization"] for headers in server.headers] == [f"Bearer {KEY}"] * 2


def test_no_key_is_sent_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with EmbeddingServer() as open_server:
        monkeypatch.setenv("OPENAI_BASE_URL", open_server.url)
        bag().encode_documents(TEXTS)
    assert ["authorization" in headers for headers in open_server.headers] == [False, False]


# -- what is taken back ------------------------------------------------------------------------


def test_order_is_that_of_the_index(server: EmbeddingServer) -> None:
    server.faults.append(spoilt(lambda data: data[::-1]))
    vectors = load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert np.abs(vectors - server.vectors(TEXTS, "bag")).max() < 1e-6


def test_vectors_may_come_in_base64(server: EmbeddingServer) -> None:
    server.base64 = True
    vectors = bag().encode_documents(TEXTS)
    assert np.abs(vectors - server.vectors(TEXTS, "bag")).max() < 1e-6


def first(**changes: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda data: data[0].update(changes)


def forget(name: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda data: [
        {key: row[key] for key in row if place or key != name} for place, row in enumerate(data)
    ]


WRONG: dict[str, tuple[Fault, str]] = {
    "too few": (spoilt(lambda data: data[:-1]), "gave 2 vectors for 3 texts"),
    "too many": (spoilt(lambda data: [*data, data[0]]), "gave 4 vectors for 3 texts"),
    "index twice": (spoilt(first(index=1)), "gave the index 1 where each of 0 to 2 was due once"),
    "index beyond": (spoilt(first(index=3)), "gave the index 3 where"),
    "no index": (spoilt(forget("index")), "gave the index None where"),
    "index as text": (spoilt(first(index="0")), "gave the index '0' where"),
    "no vector": (spoilt(forget("embedding")), "not finite for text 1|no vector for text 1"),
    "empty vector": (spoilt(first(embedding=[])), "what is no vector for text 1"),
    "nested vector": (spoilt(first(embedding=[[1.0]])), "what is no vector for text 1"),
    "words": (spoilt(first(embedding=["a"])), "what is no vector for text 1"),
    "no base64": (spoilt(first(embedding="?")), "what is no vector for text 1"),
    "odd base64": (spoilt(first(embedding="AAAA")), "what is no vector for text 1"),
    "ragged": (spoilt(first(embedding=[1.0] * 63)), "gave vectors of 63 and of 64 numbers"),
    "NaN": (spoilt(first(embedding=[float("nan")] * 64)), "not finite for text 1"),
    "infinity": (spoilt(first(embedding=[float("inf")] * 64)), "not finite for text 1"),
    "null": (spoilt(first(embedding=[None] * 64)), "not finite for text 1"),
    "zeros": (spoilt(first(embedding=[0.0] * 64)), "a vector of zeros for text 1"),
    "other dimension": (
        spoilt(lambda data: [{**row, "embedding": row["embedding"][:50]} for row in data]),
        "gave vectors of 50 numbers, and 64 were wanted of bag",
    ),
    "no JSON": (answering(b"<html>It works!</html>"), "gave text that is no JSON"),
    "cut JSON": (answering(b'{"data": ['), "gave text that is no JSON"),
    "no bytes": (answering(b""), "gave text that is no JSON"),
    "no data": (answering(b'{"object": "list"}'), "gave JSON without a list of vectors"),
    "a list": (answering(b"[1, 2]"), "gave JSON without a list of vectors"),
}


@pytest.mark.parametrize(("fault", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_right_is_refused(
    server: EmbeddingServer, fault: Fault, sentence: str
) -> None:
    encoder = bag()
    assert encoder.dimension == BAG
    server.faults.append(fault)
    with pytest.raises(EmbeddingServerError, match=sentence):
        encoder.encode_documents(TEXTS)
    assert encoder.encode_documents(TEXTS).shape == (3, BAG)


def test_a_model_shorter_than_asked_for_is_refused(server: EmbeddingServer) -> None:
    with pytest.raises(EmbeddingServerError, match="vectors of 64 numbers, and 100 were wanted"):
        load_encoder("openai:bag+100d").encode_documents(TEXTS)


# -- a server that is busy, or fails -----------------------------------------------------------


def test_retry_after_in_seconds_is_waited_for(
    server: EmbeddingServer, slept: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    encoder = bag()
    server.faults += [failing(429, Retry_After="7"), failing(503, Retry_After="3")]
    with caplog.at_level(logging.INFO, "reviewlens"):
        assert encoder.encode_documents(TEXTS).shape == (3, BAG)
    assert slept == [7.0, 3.0]
    assert f"{server.url} answered 429 (retry after 7); trying again." in caplog.messages


def test_retry_after_as_a_date_is_waited_for(server: EmbeddingServer, slept: list[float]) -> None:
    date = email.utils.formatdate(time.time() + 30, usegmt=True)
    server.faults.append(failing(429, Retry_After=date))
    assert load_encoder("openai:bag+64d").encode_documents(TEXTS).shape == (3, BAG)
    (wait,) = slept
    assert 25 <= wait <= 30


def test_retries_are_bounded_and_farther_and_farther_apart(
    server: EmbeddingServer, slept: list[float]
) -> None:
    server.faults += [failing(500, "out of memory")] * 10
    with pytest.raises(EmbeddingServerError, match=r"failed 5 times \(500: out of memory\)"):
        load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert len(server.requests) == 5
    shares = [wait / longest for wait, longest in zip(slept, [0.5, 1, 2, 4], strict=True)]
    assert all(0.75 <= share <= 1 for share in shares)
    assert len(set(shares)) == 4


def test_a_quota_that_is_used_up_is_told(server: EmbeddingServer, slept: list[float]) -> None:
    server.faults += [failing(429, "You exceeded your current quota")] * 5
    with pytest.raises(EmbeddingServerError, match=r"still busy after 5 tries.*exceeded your"):
        load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert len(slept) == 4


def test_a_dropped_connection_is_tried_again(server: EmbeddingServer, slept: list[float]) -> None:
    server.faults.append(dropped)
    assert load_encoder("openai:bag+64d").encode_documents(TEXTS).shape == (3, BAG)
    assert len(slept) == 1
    server.faults += [dropped] * 5
    with pytest.raises(EmbeddingServerError, match="cannot be reached"):
        load_encoder("openai:bag+64d").encode_documents(TEXTS)


def test_a_slow_answer_is_not_waited_for(server: EmbeddingServer, slept: list[float]) -> None:
    server.faults += [slow] * 5
    encoder = OpenAIEncoder("openai:bag", dimensions=64, seconds=0.2)
    with pytest.raises(EmbeddingServerError, match=r"gave no answer within 0\.2 s"):
        encoder.encode_documents(TEXTS)
    assert len(slept) == 4


def test_a_server_that_is_not_there_is_named(
    slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddingServer() as gone:
        pass
    monkeypatch.setenv("OPENAI_BASE_URL", gone.url)
    with pytest.raises(EmbeddingServerError, match=rf"{gone.url} cannot be reached \(.*refused"):
        load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert len(slept) == 4


@pytest.mark.parametrize("address", ["localhost:8080/v1", "ftp://example.org", "nonsense"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(EncoderError, match=r"OPENAI_BASE_URL is .*which is no address of a server"):
        bag()


# -- key and model -----------------------------------------------------------------------------


def test_a_wrong_key_names_its_variable_and_never_itself(
    server: EmbeddingServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-one")
    encoder = bag()
    with (
        caplog.at_level(logging.DEBUG, "reviewlens"),
        pytest.raises(EmbeddingServerError, match=r"the key in OPENAI_API_KEY \(401\)") as raised,
    ):
        encoder.encode_documents(TEXTS)
    assert len(server.requests) == 1
    for shown in (str(raised.value), caplog.text, repr(encoder), repr(vars(encoder)), encoder.name):
        assert "sk-wrong" not in shown


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_a_key_that_a_server_repeats_is_left_out(
    server: EmbeddingServer, slept: list[float], status: int
) -> None:
    server.faults += [failing(status, f"not with {KEY} in organisation 7")] * 5
    with pytest.raises(EmbeddingServerError, match="not with … in organisation 7") as raised:
        load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert KEY not in str(raised.value)


def test_a_password_in_the_address_is_left_out(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url.replace("//", "//user:hush@"))
    server.key = ""
    server.faults.append(failing(400, "user:hush is nobody"))
    with caplog.at_level(logging.INFO, "reviewlens"), pytest.raises(EmbeddingServerError) as raised:
        load_encoder("openai:bag+64d").encode_documents(TEXTS)
    assert "hush" not in str(raised.value)
    assert "hush" not in caplog.text


def test_no_key_at_all_is_told(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(EmbeddingServerError, match=r"wants a key \(401\); set .* OPENAI_API_KEY"):
        bag().encode_documents(TEXTS)
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(EmbeddingServerError, match=r"api\.openai\.com/v1 wants a key.*there is no"):
        load_encoder("openai:text-embedding-3-small").encode_documents(TEXTS)


def test_a_model_that_is_not_there_is_named(server: EmbeddingServer) -> None:
    with pytest.raises(EmbeddingServerError, match=r"has no model sack, or .*\(404: The model"):
        load_encoder("openai:sack").encode_documents(TEXTS)


def test_a_key_without_the_right_is_told(server: EmbeddingServer) -> None:
    server.faults.append(failing(403, "Project 7 has no access"))
    with pytest.raises(EmbeddingServerError, match=r"key in OPENAI_API_KEY may not use bag at"):
        load_encoder("openai:bag+64d").encode_documents(TEXTS)


def test_checking_asks_for_the_model(server: EmbeddingServer) -> None:
    encoder = load_encoder("openai:text-embedding-3-small")
    assert isinstance(encoder, ServedEncoder)
    assert encoder.check() == f"{server.url}, key accepted"
    assert server.paths == ["/v1/models/text-embedding-3-small"]


def test_checking_embeds_a_word_where_there_is_no_list(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.lists_models = False
    encoder = load_encoder("openai:bag")
    assert isinstance(encoder, ServedEncoder)
    assert encoder.check() == f"{server.url}, key accepted"
    assert server.paths == ["/v1/models/bag", "/v1/embeddings"]
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-one")
    wrong = load_encoder("openai:bag")
    assert isinstance(wrong, ServedEncoder)
    with pytest.raises(EmbeddingServerError, match=r"the key in OPENAI_API_KEY \(401\)"):
        wrong.check()
