"""The server: one request for vectors, its answer checked, its errors told in a sentence."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.errors import EmbeddingServerError, EncoderError
from reviewlens.language_models.endpoint import Client, Endpoint

if TYPE_CHECKING:
    import numpy as np
    import openai
    from numpy.typing import NDArray

KEY = "OPENAI_API_KEY"
ADDRESS = "OPENAI_BASE_URL"
_OPENAI = "https://api.openai.com/v1"
REQUEST_SECONDS = 120.0
CALL_SECONDS = 600.0
"""How long a server may hold a request, all tries and waits together."""
RETRIES = 4


class Server:
    """The server that the environment names; nothing is sent before something is asked.

    Args:
        model: The model's name on the server.
        seconds: How long it may take to answer one request.
        deadline: The same with all tries and the waits between them.

    Attributes:
        address: Where it is, without a password.

    Raises:
        EncoderError: `OPENAI_BASE_URL` is no address.
    """

    def __init__(
        self, model: str, *, seconds: float = REQUEST_SECONDS, deadline: float = CALL_SECONDS
    ) -> None:
        self._model = model
        self._seconds, self._deadline = seconds, deadline
        url = os.environ.get(ADDRESS, "").strip() or _OPENAI
        endpoint = Endpoint.at(url)
        if endpoint is None:
            raise EncoderError(
                f"{ADDRESS} is {url.rpartition('@')[2]!r}, which is no address of a server; wanted "
                f"one such as {_OPENAI} or http://localhost:8080/v1."
            )
        self._endpoint = endpoint
        self.address = endpoint.address
        self._made: Client | None = None
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

        def embed(client: openai.OpenAI) -> bytes:
            answer = client.embeddings.with_raw_response.create(
                model=self._model,
                input=list(texts),
                # Every server knows floats; OpenAI's base64 is a third of the bytes.
                encoding_format="base64" if self._endpoint.of_openai else "float",
                dimensions=openai.omit if dimensions is None else dimensions,
            )
            return answer.content

        return self._read(self._client().ask(embed), len(texts))

    def check(self) -> str:
        """Ask for the model, and return what the server said in a few words.

        A server without a list of models is asked for the vector of one word.

        Raises:
            EmbeddingServerError: It cannot be reached, or refuses the key or the model.
        """
        import openai

        def is_listed(client: openai.OpenAI) -> bool:
            try:
                client.models.with_raw_response.retrieve(self._model)
            except (openai.AuthenticationError, openai.PermissionDeniedError):
                raise
            except openai.APIStatusError as error:
                if error.status_code < 400:  # it sends elsewhere
                    raise
                return False
            return True

        if not self._client().ask(is_listed):
            self.vectors(["key"])
        accepted = "key accepted" if _key() else "asks for no key"
        return f"{self.address}, {accepted}"

    # -- the request ---------------------------------------------------------------------------

    def _client(self) -> Client:
        with self._making:
            if self._made is None:
                key = _key()
                if not key and self._endpoint.of_openai:
                    raise EmbeddingServerError(
                        f"{self.address} wants a key, and there is none; set the environment "
                        f"variable {KEY}, or {ADDRESS} to a server of your own."
                    )
                self._made = Client(
                    self._endpoint,
                    key=key,
                    setting=ADDRESS,
                    seconds=self._seconds,
                    deadline=self._deadline,
                    patient=True,  # an ingest runs for hours
                    retries=RETRIES,
                    refusal=self._refusal,
                    raises=EmbeddingServerError,
                )
            return self._made

    def _refusal(self, status: int, said: str) -> str:
        where = self.address
        # What the server says to a wrong key may quote a part of it: it is not passed on.
        if status == 401 and not _key():
            return f"{where} wants a key (401); set the environment variable {KEY}."
        if status == 401:
            return f"{where} does not accept the key in {KEY} (401); set a valid one."
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
