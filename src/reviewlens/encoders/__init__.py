"""Texts into vectors: the `Encoder` contract, and one file a backend.

`load_encoder` finds a model and reads what its files tell. The weights are loaded by the first text
that is embedded, so that a run with nothing to embed does not pay for them. On the processor a
model runs as a graph exported from it, without torch; on a GPU with torch.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from reviewlens.encoders.model import Model, Precision
from reviewlens.encoders.protocol import Encoder, TokenCount, WordAverager
from reviewlens.encoders.sources import DEFAULT_ENCODER, find_model
from reviewlens.encoders.token_counters import TOKEN_COUNTERS, load_token_counter
from reviewlens.errors import EncoderError

__all__ = [
    "DEFAULT_ENCODER",
    "TOKEN_COUNTERS",
    "Encoder",
    "Precision",
    "TokenCount",
    "WordAverager",
    "load_encoder",
    "load_token_counter",
    "preload_encoder",
]


_ROUNDED = "+int8"


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    device: str | None = None,
    revision: str | None = None,
    precision: Precision | None = None,
) -> Encoder:
    """Makes the encoder of that name ready, without its weights.

    Args:
        name: `all-MiniLM-L6-v2`, which needs no network; the folder of a sentence-transformers
            model; or a model on the Hugging Face hub, `org/model` or `org/model@revision`.
            With `+int8` at its end it is the encoder of that precision.
        device: `cpu`, `cuda`, `mps` and so on; None picks the fastest that is there.
        revision: A branch, tag or commit of a hub model. Whatever is given, the encoder's name
            holds the commit it came to.
        precision: `fp32`, or `int8` for about 1.5 times the speed on the processor and vectors
            that are a little off: another encoder. None takes what the name says.

    Returns:
        An encoder; its `name` given to this function loads the same weights again.

    Raises:
        EncoderError: The model cannot be found, fetched, trusted or run.
    """
    rounded = name.endswith(_ROUNDED) and not Path(name).expanduser().exists()
    if rounded:
        name = name.removesuffix(_ROUNDED)
    if precision is None:
        precision = "int8" if rounded else "fp32"
    if precision not in ("fp32", "int8"):
        raise EncoderError(f"There is no precision {precision}; give fp32 or int8.")
    found = find_model(name, revision=revision)
    suffix = _ROUNDED if precision == "int8" else ""
    model = Model(found.path, name=found.name + suffix, precision=precision)
    return _on_device(model, device)


def preload_encoder(
    name: str, *, device: str | None = None, precision: Precision | None = None
) -> Future[Encoder]:
    """Makes an encoder ready for queries in another thread; the arguments are `load_encoder`'s."""
    from reviewlens.encoders.accelerators import AcceleratedEncoder
    from reviewlens.encoders.onnx_runtime import OnnxEncoder

    ready: Future[Encoder] = Future()

    def load() -> None:
        try:
            encoder = load_encoder(name, device=device, precision=precision)
            if isinstance(encoder, OnnxEncoder | AcceleratedEncoder):
                encoder.preload()
            ready.set_result(encoder)
        except BaseException as error:
            ready.set_exception(error)

    Thread(target=load, name="preload", daemon=True).start()
    return ready


def _on_device(model: Model, device: str | None) -> Encoder:
    from reviewlens.encoders.accelerators import AcceleratedEncoder, find_accelerator
    from reviewlens.encoders.onnx_runtime import OnnxEncoder
    from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder

    processor = OnnxEncoder(model)
    if device == "cpu":
        return processor
    if model.precision == "int8":
        if device is not None:
            raise EncoderError(
                f"{model.name} runs on the processor alone; leave --device {device} out, or "
                "use --precision fp32."
            )
        return processor
    if device is not None:
        return SentenceTransformersEncoder(model, device=device)
    accelerator = find_accelerator()
    if accelerator is None:
        return processor
    return AcceleratedEncoder(
        model, processor, SentenceTransformersEncoder(model, device=accelerator)
    )
