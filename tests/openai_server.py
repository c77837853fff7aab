"""A server in a thread that speaks the OpenAI protocol, limits and faults included."""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.encoders import load_token_counter

OPENAI = {"text-embedding-3-small": 1_536, "text-embedding-3-large": 3_072,
          "text-embedding-ada-002": 1_536}  # fmt: skip
BAG = 64
"""Numbers in the vectors of the model `bag`, which is none of OpenAI's."""

Fault = Callable[["Handler", dict[str, Any]], None]
"""Answers a request in its own way; is given what would have been the right answer."""


class EmbeddingServer:
    """Serves `bag` and OpenAI's models; their vectors are those of a bag of words.

    Args:
        key: The one that is wanted; empty for none.
        lists_models: Whether it answers `/models/NAME`.

    Attributes:
        requests: The bodies of all requests for vectors, in order.
        headers: Their headers, names in lower case.
        paths: The path of every request.
        faults: Each spoils one request, the first the next one.
    """

    def __init__(self, *, key: str = "", lists_models: bool = True) -> None:
        self.key = key
        self.lists_models = lists_models
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.faults: deque[Fault] = deque()
        self.base64 = False
        self.released = threading.Event()
        self._count = load_token_counter("cl100k_base")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.embedding_server = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def complaint(self, body: dict[str, Any]) -> tuple[int, str] | None:
        """What the real ones refuse."""
        texts, model = body["input"], body["model"]
        if model != "bag" and model not in OPENAI:
            return 404, f"The model `{model}` does not exist"
        if body.get("dimensions") and not model.startswith("text-embedding-3"):
            return 400, "This model does not support specifying dimensions."
        most, longest = (32, 512) if model == "bag" else (2_048, 8_191)
        tokens = [tokens for tokens, _ in self._count(texts)]
        if not texts or any(not text for text in texts):
            return 400, "'$.input' is invalid: an empty string"
        if len(texts) > most:
            return 413, f"batch size {len(texts)} > maximum allowed batch size {most}"
        if max(tokens) > longest or sum(tokens) > 300_000:
            return 400, f"maximum context length is {longest} tokens"
        return None

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        vectors = self.vectors(body["input"], body["model"], body.get("dimensions"))
        packed = self.base64 or body.get("encoding_format") == "base64"
        return {
            "object": "list",
            "model": body["model"],
            "data": [
                {
                    "object": "embedding",
                    "index": index,
                    "embedding": base64.b64encode(row.astype("<f4").tobytes()).decode()
                    if packed
                    else row.tolist(),
                }
                for index, row in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }

    def vectors(
        self, texts: list[str], model: str, dimensions: int | None = None
    ) -> NDArray[np.float32]:
        """The bag's numbers over and over, each time smaller, to the model's dimension."""
        bag = _words().encode_documents(texts)
        times = OPENAI.get(model, BAG) // BAG
        whole = np.hstack([bag / (1 + turn) for turn in range(times)])[:, :dimensions]
        return whole / np.linalg.norm(whole, axis=1, keepdims=True)


@cache
def _words() -> FakeEncoder:
    return FakeEncoder(dimension=BAG, window=20_000)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def of(self) -> EmbeddingServer:
        return self.server.embedding_server  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        self.of.paths.append(self.path)
        model = self.path.rpartition("/models/")[2]
        if not self._let_in():
            return
        if not self.of.lists_models or not (model == "bag" or model in OPENAI):
            self.send(404, {"error": {"message": "Not Found"}})
        else:
            self.send(200, {"id": model, "object": "model", "created": 0, "owned_by": "tests"})

    def do_POST(self) -> None:
        self.of.paths.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.of.requests.append(body)
        self.of.headers.append({name.lower(): value for name, value in self.headers.items()})
        if not self._let_in():
            return
        if refused := self.of.complaint(body):
            self.send(refused[0], {"error": {"message": refused[1]}})
            return
        answer = self.of.answer(body)
        if self.of.faults:
            self.of.faults.popleft()(self, answer)
        else:
            self.send(200, answer)

    def _let_in(self) -> bool:
        given = self.headers.get("Authorization", "")
        if not self.of.key or given == f"Bearer {self.of.key}":
            return True
        # OpenAI's own sentence quotes the beginning and the end of the key.
        said = f"Incorrect API key provided: {given.removeprefix('Bearer ')}."
        self.send(401, {"error": {"message": said}})
        return False

    def send(self, status: int, body: Any, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


def failing(status: int, message: str = "so it is", **headers: str) -> Fault:
    return lambda handler, _: handler.send(status, {"error": {"message": message}}, **headers)


def answering(content: bytes) -> Fault:
    return lambda handler, _: handler.send(200, content)


def spoilt(spoil: Callable[[list[dict[str, Any]]], Any]) -> Fault:
    """Change the list of vectors in place, or give another."""

    def fault(handler: Handler, answer: dict[str, Any]) -> None:
        given = spoil(answer["data"])
        handler.send(200, answer if given is None else {**answer, "data": given})

    return fault


def dropped(handler: Handler, _: dict[str, Any]) -> None:
    """Break the connection off in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


def slow(handler: Handler, _: dict[str, Any]) -> None:
    """Answer when the test is over."""
    handler.of.released.wait(20)
    handler.close_connection = True
