"""A model on a server that speaks the OpenAI protocol (`/chat/completions`)."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.endpoints import Endpoint
from reviewlens.errors import InputError, LanguageModelError, MissingExtra

if TYPE_CHECKING:
    import openai

KEYS = ("REVIEWLENS_LLM_KEY", "OPENAI_API_KEY")
"""Variables that may hold the key; the first that is set is taken."""
REQUEST_SECONDS = 60.0
RETRIES = 3
"""After a busy or failing server: as long as its Retry-After says (two minutes at most), else
0.5, 1 and 2 seconds, each less by up to a quarter at random."""
_MOST_CHARACTERS = 20_000
# Reasoning models of local servers write their thoughts in front of the answer.
_THOUGHTS = re.compile(r"\s*<think>.*?</think>", re.DOTALL)

_log = logging.getLogger(__name__)


class ChatModel:
    """A `LanguageModel` behind a URL; nothing is sent before it is asked to write.

    Args:
        url: Of the server's API, such as `http://localhost:8080/v1`.
        name: What the model is called there.
        key: None for that of the environment (`REVIEWLENS_LLM_KEY`, else `OPENAI_API_KEY`);
            empty for none.
        seconds: How long an answer may take.
        retries: How often a busy or failing server is asked again.

    Raises:
        InputError: The URL is no address, or there is no name.
        MissingExtra: The package `openai` is not installed.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        key: str | None = None,
        seconds: float = REQUEST_SECONDS,
        retries: int = RETRIES,
    ) -> None:
        endpoint = Endpoint.at(url)
        if endpoint is None:
            shown = url.strip().rpartition("@")[2]
            raise InputError(
                f"{shown!r} is no address of a language model; wanted one such as "
                "http://localhost:8080/v1 (--llm-url)"
            )
        if not name.strip():
            raise InputError(
                "a language model needs its name as well as its address; give it with --llm-model"
            )
        if find_spec("openai") is None:
            raise MissingExtra("openai", "openai", "Asking a language model")
        self.name = name.strip()
        self.address = endpoint.address
        self._endpoint = endpoint
        self._key = _environment_key() if key is None else key.strip()
        self._seconds = seconds
        self._retries = retries

    def complete(self, instruction: str, text: str) -> str:
        """Return what the model writes, at temperature 0 where it has one.

        Raises:
            LanguageModelError: It cannot be reached, refuses, or gives nothing.
        """
        import openai

        messages: list[Any] = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": text},
        ]
        # A server that asks for no key gets none.
        headers: Any = {} if self._key else {"Authorization": openai.omit}
        with self._told(), self._client() as client:
            create = partial(
                client.chat.completions.create,
                model=self.name,
                messages=messages,
                extra_headers=headers,
            )
            try:
                answer = create(temperature=0)
            except openai.BadRequestError as error:
                if "temperature" not in str(error.body):
                    raise
                answer = create()
        written = _written(answer)
        if written is None:
            raise LanguageModelError(
                f"{self.address} gave no text ({self.name}); check that it is a model that chats."
            )
        return written[:_MOST_CHARACTERS]

    def _client(self) -> openai.OpenAI:
        import openai

        return openai.OpenAI(
            api_key=self._key or "none",
            base_url=self._endpoint.url,
            max_retries=self._retries,
            timeout=openai.Timeout(self._seconds, connect=min(10.0, self._seconds)),
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False,  # texts go to no other host than the one that is told
                event_hooks={"response": [self._note_busy]},
            ),
        )

    def _note_busy(self, response: Any) -> None:  # noqa: ANN401 - httpx's
        if note := self._endpoint.busy(response, self._key):
            _log.info("%s.", note)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Translate the client's errors; what cannot be read as an answer is one too."""
        import openai

        try:
            yield
        except openai.OpenAIError as error:
            raise LanguageModelError(self._sentence(error)) from error
        except ValueError as error:
            said = self._endpoint.shown(str(error), self._key)
            raise LanguageModelError(
                f"{self.address} gave an answer that cannot be read ({said})."
            ) from error

    def _sentence(self, error: openai.OpenAIError) -> str:
        import openai

        failure = self._endpoint.failure(
            error,
            key=self._key,
            seconds=self._seconds,
            tries=self._retries + 1,
            setting="--llm-url",
        )
        if failure is not None or not isinstance(error, openai.APIStatusError):
            return failure or str(error)
        where, status = self.address, error.status_code
        # What a server says to a wrong key may quote a part of it: it is not passed on.
        if status == 401:
            state = "does not accept the key" if self._key else "wants a key"
            return f"{where} {state} (401); set {KEYS[0]}, or name its file with --llm-key-file."
        if 300 <= status < 400:
            return f"{where} sends to another address ({status}); give that one as --llm-url."
        said = self._endpoint.said(error, self._key)
        if status == 404:
            return (
                f"{where} has no model {self.name}, or does not chat (404: {said}); check "
                "--llm-model and --llm-url."
            )
        return f"{where} refused the request for {self.name} ({status}: {said})."


def language_model(
    url: str | None, name: str | None, *, key_file: str | None = None
) -> ChatModel | None:
    """Return the model that a user named, None where no URL is given.

    Raises:
        InputError: The URL is no address, there is no name, or the file has no key.
        MissingExtra: The package `openai` is not installed.
    """
    if not url or not url.strip():
        return None
    return ChatModel(url, name or "", key=None if key_file is None else read_key(key_file))


def read_key(file: str | Path) -> str:
    """Return the key that a file holds.

    Raises:
        InputError: It cannot be read, or does not hold one line.
    """
    try:
        lines = Path(file).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise InputError(
            f"the key file {file} cannot be read: {reason}; wanted one line, the key"
        ) from error
    if len(lines) != 1:
        raise InputError(f"the key file {file} holds {len(lines)} words; wanted one line, the key")
    return lines[0]


def _environment_key() -> str:
    return next((found for name in KEYS if (found := os.environ.get(name, "").strip())), "")


def _written(answer: Any) -> str | None:  # noqa: ANN401 - a server's, which may be anything
    choices = getattr(answer, "choices", None)
    if not isinstance(choices, list) or not choices:
        return None
    content = getattr(getattr(choices[0], "message", None), "content", None)
    if not isinstance(content, str):
        return None
    return _THOUGHTS.sub("", content).strip() or None
