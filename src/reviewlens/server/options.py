"""What a server allows: who may ask, how much at once, how large a question may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewlens.language_models import LanguageModel


@dataclass(frozen=True, slots=True)
class Options:
    """How an app behaves.

    Attributes:
        hosts: Names in the `Host` header that are answered, without port; all others are refused,
            as a page of another site may have made its own name mean this machine (DNS
            rebinding).
        token: Who has it may read and write; empty for no token, which is for 127.0.0.1 alone.
        read_only_token: Who has it may read; empty for none.
        language_model: Writes the answers to questions; None for answers of quotes. A request can
            neither name one nor change it.
        most_waiting: Requests that may wait for a thread; the next is refused with 503.
        most_connections: Connections at once; further ones are refused with 503.
        most_of_client: Requests of one address at once; further ones are refused with 429.
        body_seconds: How long the next part of a body is waited for.
        threads: Threads that answer short questions.
        most_batch: Searches answered together at most; 1 answers each alone.
        most_results: Largest `n`.
        most_query_characters: Longest text of a question.
        most_queries: Texts that one request may search for.
        most_filter_values: Values of all filters of a request together.
        most_body_bytes: Largest JSON body.
        most_upload_bytes: Largest file.
        access_log: Whether each request is logged: its method, path and status, no text.
        wait_seconds: How long an answer is waited for before a job is named instead.
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    token: str = field(default="", repr=False)
    read_only_token: str = field(default="", repr=False)
    language_model: LanguageModel | None = None
    most_waiting: int = 256
    most_connections: int = 1_000
    most_of_client: int = 256
    body_seconds: float = 30.0
    threads: int = 4
    most_batch: int = 64
    most_results: int = 1_000
    most_query_characters: int = 8_000
    most_queries: int = 100
    most_filter_values: int = 200
    most_body_bytes: int = 8 * 1024 * 1024
    most_upload_bytes: int = 2 * 1024 * 1024 * 1024
    access_log: bool = False
    wait_seconds: float = 20.0
