"""The server: one request for vectors, its answer checked, its errors told in a sentence."""

from __future__ import annotations

import base64
import json
import logging
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reviewlens.endpoints import Endpoint
from reviewlens.errors import EmbeddingServerError, EncoderError

if TYPE_CHECKING:
    import numpy as np
    import openai
    from numpy.typing import NDArray

KEY = "OPENAI_API_KEY"
ADDRESS = "OPENAI_BASE_URL"
_OPENAI = "https://api.openai.com/v1"
REQUEST_SECONDS = 120.0
RETRIES = 4
"""After a busy or failing server: as long as its Retry-After says (two minutes at most), else
0.5, 1, 2 and 4 seconds, each less by up to a quarter at random."""

_logger = logging.getLogger(__name__)


class Server:
    """The server that the environment names; nothing is sent before something is asked.

    Args:
        model: The model's name on the server.

    Attributes:
        address: Where it is, without a password.

    Raises:
        EncoderError: `OPENAI_BASE_URL` is no address.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        url = os.environ.get(ADDRESS, "").strip() or _OPENAI
        endpoint = Endpoint.at(url)
        if endpoint is None:
            raise EncoderError(
                f"{ADDRESS} is {url.rpartition('@')[2]!r}, which is no address of a server; wanted "
                f"one such as {_OPENAI} or http://localhost:8080/v1."
            )
        self._endpoint = endpoint
        self.address = endpoint.address
        self._of_openai = endpoint.host == "api.openai.com"
        self._made: openai.OpenAI | None = None
        self._making = threading.Lock()

    def vectors(
        self, texts: Sequence[str], *, dimensions: int | None = None
    ) -> NDArray[np.float64]:
        """Return the vectors of the texts of one request.

        Args:
            texts: At least one; none is empty.
            dimensions: How many numbers to ask for; None for the model's own.

        Returns:
            Shape (texts, dimension), order kept, every row finite and not zero.

        Raises:
            EmbeddingServerError: It cannot be reached, refuses, or gives what cannot be right.
        """
        import openai

        with self._told():
            answer = self._client().embeddings.with_raw_response.create(
                model=self._model,
                input=list(texts),
                # Every server knows floats; OpenAI's base64 is a third of the bytes.
                encoding_format="base64" if self._of_openai else "float",
                dimensions=openai.omit if dimensions is None else dimensions,
                extra_headers=self._headers(),
            )
            content = answer.content
        return self._read(content, len(texts))

    def check(self) -> str:
        """Ask for the model, and return what the server said in a few words.

        A server without a list of models is asked for the vector of one word.

        Raises:
            EmbeddingServerError: It cannot be reached, or refuses the key or the model.
        """
        import openai

        with self._told():
            client = self._client().with_options(max_retries=1)
            try:
                client.models.with_raw_response.retrieve(self._model, extra_headers=self._headers())
            except (openai.AuthenticationError, openai.PermissionDeniedError):
                raise
            except openai.APIStatusError:
                self.vectors(["key"])
        accepted = "key accepted" if _key() else "asks for no key"
        return f"{self.address}, {accepted}"

    # -- the request ---------------------------------------------------------------------------

    def _client(self) -> openai.OpenAI:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _headers(self) -> dict[str, Any]:
        import openai

        # A server that asks for no key gets none.
        return {} if _key() else {"Authorization": openai.omit}

    def _make(self) -> openai.OpenAI:
        import openai

        key = _key()
        if not key and self._of_openai:
            raise EmbeddingServerError(
                f"{self.address} wants a key, and there is none; set the environment variable "
                f"{KEY}, or {ADDRESS} to a server of your own."
            )
        client = openai.OpenAI(
            api_key=key or "none",
            base_url=self._endpoint.url,
            max_retries=RETRIES,
            timeout=openai.Timeout(REQUEST_SECONDS, connect=10.0),
            http_client=openai.DefaultHttpxClient(event_hooks={"response": [self._note_busy]}),
        )
        weakref.finalize(self, client.close)
        return client

    def _note_busy(self, response: Any) -> None:  # noqa: ANN401 - httpx's
        if note := self._endpoint.busy(response, _key()):
            _logger.info("%s; trying again.", note)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Translate the client's errors."""
        import openai

        try:
            yield
        except openai.OpenAIError as error:
            raise EmbeddingServerError(self._sentence(error)) from error

    def _sentence(self, error: openai.OpenAIError) -> str:
        import openai

        failure = self._endpoint.failure(
            error, key=_key(), seconds=REQUEST_SECONDS, tries=RETRIES + 1, setting=ADDRESS
        )
        if failure is not None or not isinstance(error, openai.APIStatusError):
            return failure or str(error)
        where, status = self.address, error.status_code
        # What the server says to a wrong key may quote a part of it: it is not passed on.
        if status == 401 and not _key():
            return f"{where} wants a key (401); set the environment variable {KEY}."
        if status == 401:
            return f"{where} does not accept the key in {KEY} (401); set a valid one."
        said = self._endpoint.said(error, _key())
        if status == 403:
            return (
                f"The key in {KEY} may not use {self._model} at {where} (403: {said}); "
                "give another key or model."
            )
        if status == 404:
            return (
                f"{where} has no model {self._model}, or makes no embeddings (404: {said}); "
                f"check the name behind openai: and {ADDRESS}."
            )
        return f"{where} refused the request for {self._model} ({status}: {said})."

    # -- the answer ----------------------------------------------------------------------------

    def _read(self, content: bytes, texts: int) -> NDArray[np.float64]:
        import numpy as np

        try:
            answer = json.loads(content)
        except ValueError as error:
            raise self._wrong("text that is no JSON") from error
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
            raise self._wrong("JSON without a list of vectors under data")
        if len(data) != texts:
            raise self._wrong(f"{len(data)} vectors for {texts} texts")
        rows: dict[int, NDArray[np.float64]] = {}
        for entry in data:
            index = entry.get("index")
            if type(index) is not int or not 0 <= index < texts or index in rows:
                raise self._wrong(
                    f"the index {index!r} where each of 0 to {texts - 1} was due once"
                )
            rows[index] = self._numbers(entry.get("embedding"), index)
        lengths = {len(row) for row in rows.values()}
        if len(lengths) > 1:
            raise self._wrong(f"vectors of {min(lengths)} and of {max(lengths)} numbers")
        return np.stack([rows[index] for index in range(texts)])

    def _numbers(self, given: Any, index: int) -> NDArray[np.float64]:  # noqa: ANN401 - JSON
        import numpy as np

        try:
            if isinstance(given, str):
                packed = base64.b64decode(given, validate=True)
                row = np.frombuffer(packed, dtype="<f4").astype(np.float64)
            else:
                row = np.asarray(given, dtype=np.float64)
        except (ValueError, TypeError) as error:
            raise self._wrong(f"what is no vector for text {index + 1}") from error
        if row.ndim != 1 or not len(row):
            raise self._wrong(f"what is no vector for text {index + 1}")
        if not np.isfinite(row).all():
            raise self._wrong(f"a vector that is not finite for text {index + 1}")
        if not row.any():
            raise self._wrong(f"a vector of zeros for text {index + 1}")
        return row

    def _wrong(self, what: str) -> EmbeddingServerError:
        return EmbeddingServerError(
            f"{self.address} gave {what} ({self._model}); nothing of it was used: check whether "
            "the server really makes embeddings with that model."
        )


def _key() -> str:
    return os.environ.get(KEY, "").strip()
