"""The backend that runs any sentence-transformers model with torch."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewlens.encoders.model_encoder import ModelEncoder
from reviewlens.encoders.probe import LEAST_COSINE, probe_texts
from reviewlens.encoders.text_tokenizer import well_formed
from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from reviewlens.encoders.model import Model

_DEVICES = ("cpu", "cuda", "mps", "xpu", "npu", "hpu")
_BATCH_TEXTS = {"cpu": 32, "device": 256}
_CHATTY = ("transformers", "sentence_transformers", "huggingface_hub")


class SentenceTransformersEncoder(ModelEncoder):
    """An `Encoder` that loads torch and the weights with the first text it embeds.

    Args:
        model: The model to run.
        device: `cpu`, `cuda`, `cuda:1`, `mps` and so on; None picks the first of CUDA, Apple's
            MPS and the processor that is there.
        load: Loads the weights, as `load_network` does, which is taken without.

    Raises:
        EncoderError: There is no device of that name. Whether this machine has the device is
            only known, and raised, when the first text is embedded.
    """

    def __init__(
        self,
        model: Model,
        *,
        device: str | None = None,
        load: Callable[[Model, str | None], SentenceTransformer] | None = None,
    ) -> None:
        if device is not None and device.partition(":")[0] not in _DEVICES:
            raise EncoderError(
                f"There is no device {device}; give one of {', '.join(_DEVICES)}, or none to have "
                "the fastest picked."
            )
        super().__init__(model)
        self._device = device
        self._load_network = load or load_network
        self._network: SentenceTransformer | None = None
        self._loading = threading.Lock()

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Embeds texts with that prompt before each; else as `encode_documents`."""
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        network = self._loaded()
        with quiet():
            raw = network.encode(
                [well_formed(text) for text in texts],
                batch_size=_BATCH_TEXTS["cpu" if network.device.type == "cpu" else "device"],
                prompt=prompt,  # never None: an empty one keeps the model's default prompt out
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return unit_vectors(raw, dimension=self.dimension)

    def _loaded(self) -> SentenceTransformer:
        with self._loading:
            if self._network is None:
                self._network = self._load()
            return self._network

    def _load(self) -> SentenceTransformer:
        """Load the weights, on a device in half precision if they give the same vectors there."""
        network = self._load_network(self._model, self._device)
        if network.device.type == "cpu":
            return network
        cosine = _cosine_of_half(network, self._model)
        if cosine >= LEAST_COSINE:
            return network
        self._notes.append(
            f"{self.name} runs in full precision on {network.device}: in half precision its "
            f"vectors differ (cosine {cosine:.6f}, at least {LEAST_COSINE} is wanted)."
        )
        return self._load_network(self._model, self._device)


def load_network(model: Model, device: str | None) -> SentenceTransformer:
    """Load torch and the weights, in full precision.

    Raises:
        EncoderError: They cannot be loaded, or there is no such device.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # First: huggingface_hub 2.4 prints to stdout when it is left to sentence_transformers.
        from huggingface_hub import snapshot_download  # noqa: F401
        from sentence_transformers import SentenceTransformer
    device = _usable_device(device)
    try:
        with quiet():
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


def _cosine_of_half(network: SentenceTransformer, model: Model) -> float:
    """Halve the precision of the weights; return how near the vectors stay, 0 if unusable."""

    def probed() -> NDArray[np.float32]:
        with quiet():
            raw = network.encode(
                probe_texts(), prompt=model.folder.document_prompt, show_progress_bar=False
            )
        return unit_vectors(raw, dimension=model.dimension)

    whole = probed()
    network.half()
    try:
        return float((probed() * whole).sum(axis=1).min())
    except EncoderError:  # numbers beyond the range of half precision
        return 0.0


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
def quiet() -> Iterator[None]:
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
