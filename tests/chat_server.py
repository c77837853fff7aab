"""The server in a thread that speaks the OpenAI protocol, with a model that writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openai_server import EmbeddingServer

Writes = Callable[[str, str], str]
"""What the model writes, given the instruction and the text."""


class ChatServer(EmbeddingServer):
    """Serves one model, which writes what a test says.

    Args:
        writes: Given the instruction and the text.
        key: The one that is wanted; empty for none.
        refuses: A parameter that the model does not know.
    """

    def __init__(self, writes: Writes, *, key: str = "", refuses: str = "") -> None:
        super().__init__(key=key)
        self.writes = writes
        self._refuses = refuses

    def complaint(self, body: dict[str, Any]) -> tuple[int, str] | None:
        if self._refuses in body:
            return 400, f"Unsupported value: '{self._refuses}' does not support 0 with this model."
        return None

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        instruction, text = [message["content"] for message in body["messages"]]
        written = {"role": "assistant", "content": self.writes(instruction, text)}
        return {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": written}],
        }
