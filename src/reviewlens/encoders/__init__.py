"""Texts into vectors: the `Encoder` contract, and one file a backend.

`load_encoder` finds a model and reads what its files tell. Torch and the weights are loaded by the
first text that is embedded, so that a run with nothing to embed pays for neither.
"""

from __future__ import annotations

from reviewlens.encoders.model import Model
from reviewlens.encoders.protocol import Encoder, TokenCount
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.encoders.sources import DEFAULT_ENCODER, find_model
from reviewlens.encoders.token_counters import TOKEN_COUNTERS, load_token_counter

__all__ = [
    "DEFAULT_ENCODER",
    "TOKEN_COUNTERS",
    "Encoder",
    "TokenCount",
    "load_encoder",
    "load_token_counter",
]


def load_encoder(
    name: str = DEFAULT_ENCODER, *, device: str | None = None, revision: str | None = None
) -> Encoder:
    """Makes the encoder of that name ready, without its weights.

    Args:
        name: `all-MiniLM-L6-v2`, which needs no network; the folder of a sentence-transformers
            model; or a model on the Hugging Face hub, `org/model` or `org/model@revision`.
        device: `cpu`, `cuda`, `mps` and so on; None picks the fastest that is there.
        revision: A branch, tag or commit of a hub model. Whatever is given, the encoder's name
            holds the commit it came to.

    Returns:
        An encoder; its `name` given to this function loads the same weights again.

    Raises:
        EncoderError: The model cannot be found, fetched, trusted or run.
    """
    found = find_model(name, revision=revision)
    return SentenceTransformersEncoder(Model(found.path, name=found.name), device=device)
