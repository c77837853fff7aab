"""A model on a server that speaks the OpenAI protocol (`/chat/completions`)."""

from __future__ import annotations

import os
import re
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.errors import InputError, LanguageModelError, MissingExtra
from reviewlens.language_models.endpoint import Client, Endpoint

if TYPE_CHECKING:
    import openai

KEYS = ("REVIEWLENS_LLM_KEY", "OPENAI_API_KEY")
"""Variables that may hold the key; the first that is set is taken."""
REQUEST_SECONDS = 60.0
CALL_SECONDS = 240.0
"""How long a busy server is asked, all tries and waits together."""
RETRIES = 3
_MOST_CHARACTERS = 20_000
# Reasoning models of local servers write their thoughts in front of the answer.
_THOUGHTS = re.compile(r"\s*<think>.*?</think>", re.DOTALL)


class ChatModel:
    """A `LanguageModel` behind a URL; nothing is sent before it is asked to write.

    Args:
        url: Of the server's API, such as `http://localhost:8080/v1`.
        name: What the model is called there.
        key: None for that of the environment (`REVIEWLENS_LLM_KEY`, else `OPENAI_API_KEY`);
            empty for none.
        seconds: How long an answer may take.
        deadline: How long a busy server is asked, all tries and waits together, if not shorter.
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
        deadline: float = CALL_SECONDS,
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
        self._key = _environment_key() if key is None else key.strip()
        self._client = Client(
            endpoint,
            key=self._key,
            setting="--llm-url",
            seconds=seconds,
            deadline=max(seconds, deadline),
            patient=False,  # somebody waits
            retries=retries,
            refusal=self._refusal,
            raises=LanguageModelError,
        )

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

        def chat(client: openai.OpenAI) -> object:
            create = partial(client.chat.completions.create, model=self.name, messages=messages)
            try:
                return create(temperature=0)
            except openai.BadRequestError as error:
                if "temperature" not in str(error.body):
                    raise
                return create()

        written = _written(self._client.ask(chat))
        if written is None:
            raise LanguageModelError(
                f"{self.address} gave no text ({self.name}); check that it is a model that chats."
            )
        return written[:_MOST_CHARACTERS]

    def _refusal(self, status: int, said: str) -> str:
        where = self.address
        # What a server says to a wrong key may quote a part of it: it is not passed on.
        if status == 401:
            state = "does not accept the key" if self._key else "wants a key"
            return f"{where} {state} (401); set {KEYS[0]}, or name its file with --llm-key-file."
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
