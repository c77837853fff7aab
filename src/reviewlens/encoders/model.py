"""A model on this machine, as far as it is known without its weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Literal

from reviewlens.encoders.model_card import card_languages
from reviewlens.encoders.model_folder import Module, read_model_folder
from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.text_tokenizer import load_tokenizer
from reviewlens.errors import EncoderError

# What in config.json shapes the vectors and cannot be read off the weights. The rest is notes on
# how the model was trained and defaults that come and go with the release that saved it.
_ARCHITECTURE = ("model_type", "hidden_act", "layer_norm_eps", "num_attention_heads")
# Settings of the Transformer module that are in the fingerprint elsewhere, or shape nothing.
_TRANSFORMER_NOTES = ("max_seq_length", "modality_config", "module_output_name", "unpad_inputs")
_DENSE = ("activation_function", "use_residual")


Precision = Literal["fp32", "int8"]
# A new way of rounding is another encoder.
_PRECISION_CLASSES = {"fp32": "fp32", "int8": "int8-1"}


class Model:
    """Everything of an encoder but the arithmetic; every backend is built on one.

    Args:
        path: The folder of a sentence-transformers model.
        name: What loads the same weights again.
        precision: `fp32`, or `int8` for rounded weights and products.
        languages: Those that it reads, as `LanguageReader` has them; None for what its card says.

    Attributes:
        folder: What the model's files say.
        window: Tokens of a document that are embedded: special tokens and prompt are taken off.

    Raises:
        EncoderError: The folder holds no model that can be run.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        precision: Precision = "fp32",
        languages: frozenset[str] | None = None,
    ) -> None:
        self.name = name
        self._languages = languages
        self.precision: Precision = precision
        self.folder = read_model_folder(path)
        self._tokenizer = load_tokenizer(self.folder)
        self.window = self.folder.max_tokens - self._tokenizer.overhead
        if self.window < 1:
            raise EncoderError(
                f"The model {name} reads {self.folder.max_tokens} tokens, and its special tokens "
                f"and prompt take {self._tokenizer.overhead} of them; choose another model."
            )

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self.folder.dimension

    @cached_property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that it reads; empty where it is not known."""
        if self._languages is None:
            return card_languages(self.folder.path)
        return self._languages

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors.

        That is weights, tokenizer, module chain, prompts, window and precision class; neither
        paths nor names, nor how the JSON was laid out, nor what runs the model. Vectors are always
        scaled to unit length, so a module at the end that does so is no difference.
        """
        return digest(
            {
                "scheme": 1,
                "precision": _PRECISION_CLASSES[self.precision],
                "modules": [
                    {"kind": module.kind, **_settings(module), "weights": _weights(module)}
                    for module in _shaping(self.folder.modules)
                ],
                "architecture": _chosen(self.folder.architecture, _ARCHITECTURE),
                "tokenizer": digest(self._tokenizer.definition),
                "prompts": [self.folder.query_prompt, self.folder.document_prompt],
                "window": self.window,
                "dimension": self.dimension,
            }
        )

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; order kept."""
        return self._tokenizer.count(texts)

    def tokens_of(self, text: str) -> list[Token]:
        """The tokens of a text, as a document, in order."""
        return self._tokenizer.tokens(text)

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """What the transformer reads of each text; the prompt must be in it. Order kept."""
        return self._tokenizer.ids(texts, self.folder.max_tokens)


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file; one that has not changed is read once."""
    state = path.stat()
    return _file_sha256(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _file_sha256(path: Path, size: int, _changed: int) -> str:
    if size == 0:  # nothing to map
        return hashlib.sha256().hexdigest()
    # In one piece: Python's lock is given back once for all of it, not once for every block, so
    # that another thread which imports modules meanwhile does not hold this one up.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return hashlib.sha256(content).hexdigest()


def digest(value: Mapping[str, Any]) -> str:
    """Return SHA-256 (hex) of a value, however its JSON is laid out."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _shaping(modules: Sequence[Module]) -> list[Module]:
    """The chain without what leaves no trace: dropout, and scaling to unit length at its end."""
    shaping = [module for module in modules if module.kind != "Dropout"]
    while shaping[-1].kind == "Normalize":
        shaping.pop()
    return shaping


def _weights(module: Module) -> list[str]:
    return [file_sha256(path) for path in module.weights]


def _chosen(config: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The settings under `keys` that are switched on: an absent one means its default."""
    return {key: config[key] for key in keys if config.get(key)}


def _settings(module: Module) -> dict[str, Any]:
    """What of the module's settings shapes the vectors, in one form for all releases."""
    if module.kind == "Pooling":
        with_prompt = module.config.get("include_prompt", True)
        return {"modes": module.pooling_modes, "include_prompt": with_prompt}
    if module.kind == "Dense":
        return _chosen(module.config, _DENSE)
    if module.kind == "Transformer":
        keys = [key for key in module.config if key not in _TRANSFORMER_NOTES]
        settings = _chosen(module.config, keys)
        if settings.get("transformer_task") == "feature-extraction":
            del settings["transformer_task"]
        return settings
    return {}
