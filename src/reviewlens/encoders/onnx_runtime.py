"""The backend that runs a model exported to a graph, without torch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.batching import Streams, physical_cores, token_batches
from reviewlens.encoders.graph_cache import (
    GRAPH,
    WORDS,
    DamagedGraph,
    Found,
    find_graph,
    store_graph,
)
from reviewlens.encoders.model_encoder import ModelEncoder
from reviewlens.encoders.onnx_export import NotExportable, export
from reviewlens.encoders.probe import LEAST_COSINE, probe_texts
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.encoders.model import Model

WINDOW_TEXTS = 2_048
"""Texts that are sorted by length together; it bounds what is held of their tokens."""
BATCH_TOKENS = 1_024
_LEAST_TOKENS = 64  # fewer do not keep the matrix units busy
_BATCHES_A_STREAM = 4  # of few texts: more leave little padding and end at about the same time
_LEAST_INT8_COSINE = 0.95

_logger = logging.getLogger(__name__)


class Graph:
    """A graph that ONNX Runtime has loaded.

    Args:
        path: The graph.
        pad: The id that fills up the shorter texts of a batch.
        each_alone: Give every text a run of its own. An int8 graph takes the range of its numbers
            from all texts of a run, so that a vector would depend on its company.

    Raises:
        EncoderError: ONNX Runtime cannot load it.
    """

    def __init__(self, path: Path, *, pad: int, each_alone: bool) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # One thread a run: the streams are the parallelism, and they do not wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's own errors have no common base
            reason = str(error).partition("\n")[0]
            raise EncoderError(f"ONNX Runtime cannot load {path} ({reason})") from error
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._pad = pad
        self._each_alone = each_alone
        self._streams = Streams(physical_cores())

    def vectors(
        self, windows: Iterable[Sequence[Sequence[int]]], dimension: int
    ) -> NDArray[np.float32]:
        """Return the vector of each text, order kept.

        Args:
            windows: Token ids of the texts, special tokens among them, a window at a time; the
                next window is asked for while the last one is computed.
            dimension: Numbers in a vector.
        """
        import numpy as np

        batches = self._batches(windows)
        first = next(batches, None)
        if first is None:
            return np.empty((0, dimension), dtype=np.float32)
        second = next(batches, None)
        if second is None:  # a query: no thread is worth it
            results = [self._run(first)]
        else:
            results = list(self._streams.map(self._run, _chain(first, second, batches)))
        order = np.concatenate([places for places, _ in results])
        found = np.concatenate([vectors for _, vectors in results])
        restored = np.empty_like(found)
        restored[order] = found
        return restored

    def _batches(
        self, windows: Iterable[Sequence[Sequence[int]]]
    ) -> Iterator[tuple[list[int], list[Sequence[int]]]]:
        """Yield places and token ids of the texts of each batch."""
        start = 0
        for window in windows:
            lengths = [len(ids) for ids in window]
            for batch in token_batches(lengths, self._budget(sum(lengths))):
                yield [start + index for index in batch], [window[index] for index in batch]
            start += len(window)

    def _budget(self, tokens: int) -> int:
        """Tokens of a batch: few texts are shared out too, unless they are hardly any."""
        if self._each_alone:
            return 1
        share = tokens // (self._streams.count * _BATCHES_A_STREAM)
        return min(BATCH_TOKENS, max(_LEAST_TOKENS, share))

    def _run(
        self, batch: tuple[list[int], list[Sequence[int]]]
    ) -> tuple[list[int], NDArray[np.float32]]:
        import numpy as np

        places, texts = batch
        longest = max(len(ids) for ids in texts)
        ids = np.full((len(texts), longest), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        given = dict(zip(self._inputs, (ids, mask), strict=True))
        return places, self._session.run(None, given)[0]


def _chain(first: Any, second: Any, rest: Iterator[Any]) -> Iterator[Any]:  # noqa: ANN401
    yield first
    yield second
    yield from rest


class OnnxEncoder(ModelEncoder):
    """An `Encoder` on the processor that loads its exported graph with the first text it embeds.

    A graph that is not in the cache yet is made from the original by torch, once. Where the model
    cannot be exported in fp32, or its graph does not agree with the original, the original itself
    is used, and `notes` says why.

    Args:
        model: The model to run.
        exporter: Makes the graph, as `export` does.
    """

    def __init__(
        self, model: Model, *, exporter: Callable[[Model, Path], NDArray[np.float32]] = export
    ) -> None:
        super().__init__(model)
        self._export = exporter
        self._graph: Graph | None = None
        self._words: NDArray[np.float16] | None = None
        self._original: SentenceTransformersEncoder | None = None
        self._loading = threading.Lock()

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Embeds texts with that prompt before each; else as `encode_documents`."""
        self._load()
        if self._graph is not None:
            return _vectors(self._graph, self._model, texts, prompt)
        assert self._original is not None
        return self._original.encode(texts, prompt)

    def average_words(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Embeds texts by their words alone, far quicker; None for a model without word vectors."""
        import numpy as np

        self._load()
        if self._words is None:
            return None
        tokens = self._model.token_ids(texts)
        sums = np.stack([self._words[ids].sum(axis=0, dtype=np.float32) for ids in tokens])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        unit: NDArray[np.float32] = sums / lengths
        return unit

    def preload(self) -> None:
        """Load a graph that is in the cache; leave all else to the first text."""
        with self._loading, suppress(DamagedGraph, EncoderError):
            if self._graph is not None or self._original is not None:
                return
            found = find_graph(self.fingerprint)
            if found is not None and "refused" not in found[1]:
                self._use(found[0])

    def _load(self) -> None:
        with self._loading:
            if self._graph is None and self._original is None:
                self._prepare()

    def _prepare(self) -> None:
        """Load the graph, made first if need be; take the original where there can be none."""
        try:
            folder, facts = self._found() or self._made()
            if "refused" in facts:
                raise EncoderError(facts["refused"])
            self._use(folder)
        except EncoderError as error:
            if self._model.precision != "fp32":
                raise EncoderError(f"{self.name} cannot be run: {error}") from error
            self._original = SentenceTransformersEncoder(self._model, device="cpu")
            self._notes.append(f"{self.name} runs with torch, which is slower: {error}.")

    def _use(self, folder: Path) -> None:
        import numpy as np

        self._graph = _load_graph(folder, self._model)
        if (folder / WORDS).exists():
            self._words = np.asarray(np.load(folder / WORDS, mmap_mode="r"))

    def _found(self) -> Found | None:
        """Return what is in the cache, None when it is nothing or not to be used."""
        try:
            found = find_graph(self.fingerprint)
        except DamagedGraph as error:
            self._notes.append(f"The exported {self.name} in the cache was made anew: {error}.")
            return None
        if found is not None and found[1].get("refused") and found[1]["by"] != _versions():
            return None  # what could not be exported then may be exported now
        return found

    def _made(self) -> Found:
        _logger.info("Preparing %s for quick use, once: about half a minute.", self.name)
        store_graph(self.fingerprint, self._make)
        try:
            found = find_graph(self.fingerprint)
        except DamagedGraph as error:
            raise EncoderError(f"what was just exported is damaged: {error}") from error
        assert found is not None
        return found

    def _make(self, folder: Path) -> dict[str, Any]:
        """Export into the folder and compare; a refusal is kept, so that it is not tried again."""
        facts = {"name": self.name, "precision": self._model.precision, "by": _versions()}
        try:
            reference = self._export(self._model, folder)
            cosine = self._least_cosine(folder, reference)
        except NotExportable as error:
            for path in folder.iterdir():
                path.unlink()
            return {**facts, "refused": str(error)}
        return {**facts, "least_cosine": round(cosine, 7)}

    def _least_cosine(self, folder: Path, reference: NDArray[np.float32]) -> float:
        prompt = self._model.folder.document_prompt
        try:
            vectors = _vectors(_load_graph(folder, self._model), self._model, probe_texts(), prompt)
        except EncoderError as error:
            raise NotExportable(f"its exported graph cannot be run ({error})") from error
        cosine = float((vectors * reference).sum(axis=1).min())
        least = LEAST_COSINE if self._model.precision == "fp32" else _LEAST_INT8_COSINE
        if cosine < least:
            raise NotExportable(
                "its exported graph gives other vectors than the original (cosine "
                f"{cosine:.6f}, at least {least} is wanted)"
            )
        return cosine


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {package: version(package) for package in ("onnxruntime", "torch", "transformers")}


def _load_graph(folder: Path, model: Model) -> Graph:
    pad = int(model.folder.architecture.get("pad_token_id") or 0)
    return Graph(folder / GRAPH, pad=pad, each_alone=model.precision == "int8")


def _vectors(graph: Graph, model: Model, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
    return graph_vectors(
        graph,
        [prompt + text for text in texts],
        dimension=model.dimension,
        token_ids=model.token_ids,
    )


def graph_vectors(
    graph: Graph,
    texts: Sequence[str],
    *,
    dimension: int,
    token_ids: Callable[[Sequence[str]], list[list[int]]],
) -> NDArray[np.float32]:
    """Return the vectors of texts, prompts in them; the same text is embedded once.

    Args:
        graph: What embeds them.
        texts: Any number of them.
        dimension: Numbers in a vector.
        token_ids: Returns what the graph reads of each text.
    """
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    distinct = list(places)

    def windows() -> Iterator[list[list[int]]]:
        for start in range(0, len(distinct), WINDOW_TEXTS):
            window = distinct[start : start + WINDOW_TEXTS]
            yield token_ids(window)

    raw = graph.vectors(windows(), dimension)
    vectors = unit_vectors(raw, dimension=dimension)
    return vectors[[places[text] for text in texts]]
