"""What may listen at the address of a Milvus, in threads: other programs, a Milvus in trouble."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Self

import grpc
from pymilvus.grpc_gen import milvus_pb2, milvus_pb2_grpc

HTTP = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def listening(says: bytes | None = None, *, hangs: bool = False) -> Iterator[str]:
    """Take connections, say something or nothing, and close them unless it is to hang."""
    taken: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection = listener.accept()[0]
                if says is not None:
                    connection.recv(4_096)
                    connection.sendall(says)
                taken.append(connection) if hangs else connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in taken:
                connection.close()


class FakeMilvus(milvus_pb2_grpc.MilvusServiceServicer):
    """Answers the first requests of a client as Milvus does, and then as a test says.

    Args:
        answer: Given a method's name, gRPC's context and this server; returns what is answered, or
            None for what Milvus would.
        port: To listen at; any free one without.
    """

    def __init__(
        self, answer: Callable[[str, Any, FakeMilvus], Any] = lambda *_: None, *, port: int = 0
    ) -> None:
        self.released = threading.Event()
        self.asked: list[str] = []
        self._answer = answer
        self._workers = ThreadPoolExecutor(64)
        self._server = grpc.server(self._workers, options=[("grpc.so_reuseport", 0)])
        milvus_pb2_grpc.add_MilvusServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self.uri = f"http://127.0.0.1:{self.port}"

    def __getattribute__(self, name: str) -> Any:
        if not name[0].isupper():
            return super().__getattribute__(name)
        return lambda _, context: self.reply(name, context)

    def reply(self, method: str, context: Any) -> Any:
        self.asked.append(method)
        answer = self._answer(method, context, self)
        if answer is not None:
            return answer
        if method == "GetVersion":
            return milvus_pb2.GetVersionResponse(version="v2.5.0")
        if method == "Connect":
            return milvus_pb2.ConnectResponse()
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"unknown method {method}")

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self._server.stop(0).wait()
        self._workers.shutdown()
