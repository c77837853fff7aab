"""The encoder on a server that speaks the OpenAI protocol: OpenAI itself, or one of your own."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reviewlens.encoders.model import digest
from reviewlens.encoders.openai_models import PRICES_OF, served_model
from reviewlens.encoders.openai_server import CALL_SECONDS, REQUEST_SECONDS, Server
from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.text_tokenizer import well_formed
from reviewlens.encoders.token_counters import (
    cut_tokens,
    load_token_counter,
    load_token_shower,
)
from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EmbeddingServerError, EncoderError, MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREFIX = "openai:"
_TOKENS = "cl100k_base"
_WINDOW = re.compile(r"(?P<model>.+)\+(?P<window>\d+)w")
_EMPTY = " "  # the protocol refuses a text without a character

_logger = logging.getLogger(__name__)


class OpenAIEncoder:
    """An `Encoder` on a server that speaks the OpenAI protocol (`/embeddings`).

    `OPENAI_BASE_URL` and `OPENAI_API_KEY` say which. The protocol does not tell which weights
    stand behind a model's name, so the fingerprint covers name, dimension and window alone.

    Args:
        name: `openai:MODEL`, or `openai:MODEL+512w` for a window of 512 tokens (cl100k_base).
        dimensions: Keep the first so many numbers; the server is asked to where it can. None for
            all.
        seconds: How long the server may take to answer one request.
        deadline: The same with all tries and the waits between them.

    Raises:
        EncoderError: The name or the address is none, or there are fewer dimensions.
        MissingExtra: The package `openai` is not installed.
    """

    def __init__(
        self,
        name: str,
        *,
        dimensions: int | None = None,
        seconds: float = REQUEST_SECONDS,
        deadline: float = CALL_SECONDS,
    ) -> None:
        model = name.removeprefix(PREFIX)
        found = _WINDOW.fullmatch(model)
        self._id = found["model"] if found else model
        if not self._id.strip():
            raise EncoderError(
                f"{name} names no model; give one behind the colon, such as "
                "openai:text-embedding-3-small."
            )
        if find_spec("openai") is None:
            raise MissingExtra("openai", "openai", f"The encoder {name}")
        self._model = served_model(self._id)
        self.window = int(found["window"]) if found else self._model.window
        if not 1 <= self.window <= 8_191:
            raise EncoderError(f"{name} has a window of {self.window}; wanted 1 to 8191 tokens.")
        whole = self._model.dimension
        if dimensions is not None and not 1 <= dimensions <= (whole or dimensions):
            raise EncoderError(
                f"{self._id} has {whole} dimensions; {dimensions} of them cannot be kept."
            )
        self._kept = None if dimensions == whole else dimensions
        shown = f"+{self.window}w" if self.window != self._model.window else ""
        shown += f"+{self._kept}d" if self._kept is not None else ""
        self.name = f"{PREFIX}{self._id}{shown}"
        self._server = Server(self._id, seconds=seconds, deadline=deadline)
        self._announced = False
        self._announcing = threading.Lock()

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector; of a model that is not known, the server is asked once."""
        if (known := self._kept or self._model.dimension) is not None:
            return known
        self._announce()
        return int(self._server.vectors(["dimension"]).shape[1])

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the model's name, dimension and window: no more is known of it."""
        return digest(
            {
                "scheme": 1,
                "protocol": "openai",
                "model": self._id,
                "dimension": self.dimension,
                "window": self.window,
            }
        )

    @property
    def languages(self) -> frozenset[str]:
        """Any, of OpenAI's models; of others it is not known."""
        return self._model.languages

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing: what leaves the machine is said before the first request."""
        return ()

    @property
    def price(self) -> float | None:
        """US dollars for a million tokens; None when it is not known."""
        return self._model.price

    @property
    def price_of(self) -> str:
        """When the price was looked up."""
        return PRICES_OF

    def check(self) -> str:
        """Ask whether the server takes key and model, and return what it said."""
        return self._server.check()

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text by cl100k_base; order kept, none unknown."""
        return load_token_counter(_TOKENS)(texts)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the tokens of a text by cl100k_base, in order; nothing leaves the machine."""
        return load_token_shower(_TOKENS)(text)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off, and stays here.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EmbeddingServerError: It cannot be reached, refuses, or gives what cannot be right.
        """
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        self._announce()
        batches = [self._vectors(batch) for batch in self._batches(list(places))]
        return np.concatenate(batches)[[places[text] for text in texts]]

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; the same as `encode_documents`."""
        return self.encode_documents(texts)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """Yield the texts as they are sent, as many at a time as a request may hold."""
        batch: list[str] = []
        held = 0
        for text, (tokens, _) in zip(texts, self.count_tokens(texts), strict=True):
            sent = well_formed(text) if text.strip() else _EMPTY
            if tokens > self.window:
                sent = cut_tokens(sent, self.window, name=_TOKENS)
            size = min(tokens, self.window)
            full = len(batch) == self._model.batch_texts or held + size > self._model.batch_tokens
            if batch and full:
                yield batch
                batch, held = [], 0
            batch.append(sent)
            held += size
        yield batch

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        asked = self._kept if self._model.shortens else None
        raw = self._server.vectors(texts, dimensions=asked)
        whole = raw.shape[1]
        if self._kept is not None and asked is None and whole >= self._kept:
            raw = raw[:, : self._kept]
        if raw.shape[1] != self.dimension:
            raise EmbeddingServerError(
                f"{self._server.address} gave vectors of {whole} numbers, and {self.dimension} "
                f"were wanted of {self._id}; nothing of it was used: is another model behind "
                "that name now?"
            )
        return unit_vectors(raw, dimension=self.dimension)

    def _announce(self) -> None:
        with self._announcing:
            if not self._announced:
                _logger.info(
                    "Texts of reviews and queries are sent to %s, to be embedded by %s.",
                    self._server.address,
                    self._id,
                )
            self._announced = True
