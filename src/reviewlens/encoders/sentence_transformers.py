"""The backend that runs any sentence-transformers model with torch."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewlens.encoders.text_tokenizer import well_formed
from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from reviewlens.encoders.model import Model
    from reviewlens.encoders.protocol import TokenCount

_DEVICES = ("cpu", "cuda", "mps", "xpu", "npu", "hpu")
_CHATTY = ("transformers", "sentence_transformers", "huggingface_hub")


class SentenceTransformersEncoder:
    """An `Encoder` that loads torch and the weights with the first text it embeds.

    Args:
        model: The model to run.
        device: `cpu`, `cuda`, `cuda:1`, `mps` and so on; None picks the first of CUDA, Apple's
            MPS and the processor that is there.

    Raises:
        EncoderError: There is no device of that name. Whether this machine has the device is
            only known, and raised, when the first text is embedded.
    """

    def __init__(self, model: Model, *, device: str | None = None) -> None:
        if device is not None and device.partition(":")[0] not in _DEVICES:
            raise EncoderError(
                f"There is no device {device}; give one of {', '.join(_DEVICES)}, or none to have "
                "the fastest picked."
            )
        self._model = model
        self._device = device
        self._network: SentenceTransformer | None = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """What loads the same weights again."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._model.dimension

    @property
    def window(self) -> int:
        """Tokens of a document that are embedded: special tokens and prompt are taken off."""
        return self._model.window

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; loads neither torch nor weights."""
        return self._model.count_tokens(texts)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The weights cannot be loaded, or gave a vector that cannot be used.
        """
        return self._encode(texts, self._model.folder.document_prompt)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The weights cannot be loaded, or gave a vector that cannot be used.
        """
        return self._encode(texts, self._model.folder.query_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        network = self._loaded()
        with _quiet():
            raw = network.encode(
                [well_formed(text) for text in texts],
                prompt=prompt,  # never None: an empty one keeps the model's default prompt out
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return unit_vectors(raw, dimension=self.dimension)

    def _loaded(self) -> SentenceTransformer:
        with self._loading:
            if self._network is None:
                self._network = _load(self._model, self._device)
            return self._network


def _load(model: Model, device: str | None) -> SentenceTransformer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # First: huggingface_hub 2.4 prints to stdout when it is left to sentence_transformers.
        from huggingface_hub import snapshot_download  # noqa: F401
        from sentence_transformers import SentenceTransformer
    device = _usable_device(device)
    try:
        with _quiet():
            network = SentenceTransformer(
                str(model.folder.path), device=device, local_files_only=True
            )
    except Exception as error:  # whatever a damaged or foreign model makes transformers raise
        raise EncoderError(
            f"The model {model.name} cannot be loaded on {device}: {error}; "
            "fetch it again or choose another."
        ) from error
    network.float()  # some weights are stored as fp16; the fingerprint says fp32
    network.max_seq_length = model.folder.max_tokens
    return network


def _usable_device(device: str | None) -> str:
    import torch

    if device is None:
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.zeros(1, device=device).cpu()
    except (AssertionError, ImportError, NotImplementedError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise EncoderError(
            f"This machine has no device {device} that torch {torch.__version__} can use "
            f"({reason}); give cpu, or none to have the fastest picked."
        ) from error
    return device


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the libraries' bars, warnings and notes off the user's terminal."""
    from transformers.utils import logging as transformers_logging

    loggers = [logging.getLogger(name) for name in _CHATTY]
    levels = [logger.level for logger in loggers]
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()
