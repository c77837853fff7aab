"""Reads a sentence-transformers folder as the plain files it is, without torch.

Source: https://sbert.net/docs/sentence_transformer/usage/custom_models.html (the format), and
`sentence_transformers` 6.2 itself for what holds where a file is silent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewlens.errors import EncoderError

# The modules whose settings are known to shape the vector in ways the fingerprint covers.
_KNOWN_MODULES = ("Transformer", "Pooling", "Dense", "LayerNorm", "Dropout", "Normalize")
_LEGACY_POOLING_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True)
class Module:
    """One step of the chain that turns a text into a vector.

    Attributes:
        kind: The class, without its package: `Transformer`, `Pooling`, `Dense` and so on.
        path: The module's own folder.
        config: Its settings as they stand in its file; empty when it has none.
    """

    kind: str
    path: Path
    config: Mapping[str, Any]

    @property
    def weights(self) -> tuple[Path, ...]:
        """Its weight files by name, safetensors before pickles; empty when there are none."""
        for pattern in ("model*.safetensors", "pytorch_model*.bin"):
            if files := sorted(self.path.glob(pattern)):
                return tuple(files)
        return ()

    @property
    def pooling_modes(self) -> tuple[str, ...]:
        """The ways of pooling, their results side by side in this order."""
        modes = self.config.get("pooling_mode")
        if modes is None:
            modes = [mode for key, mode in _LEGACY_POOLING_MODES.items() if self.config.get(key)]
        return (modes,) if isinstance(modes, str) else tuple(modes) or ("mean",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """What a model's files say about it.

    Attributes:
        path: The folder.
        modules: The chain, the transformer first.
        architecture: The transformer's `config.json`.
        dimension: Numbers in a vector.
        truncated: Whether the model's settings cut its vectors off at that.
        max_tokens: Tokens that the transformer reads, special tokens and prompt among them.
        query_prompt: Put before a query; empty when the model has none.
        document_prompt: Put before a document; empty when the model has none.
    """

    path: Path
    modules: tuple[Module, ...]
    architecture: Mapping[str, Any]
    dimension: int
    truncated: bool
    max_tokens: int
    query_prompt: str
    document_prompt: str

    @property
    def transformer(self) -> Module:
        """The module that reads the text; the tokenizer lies in its folder."""
        return self.modules[0]

    @property
    def lower_case(self) -> bool:
        """Whether text is lower-cased before the tokenizer sees it."""
        return bool(self.transformer.config.get("do_lower_case"))


def read_model_folder(path: Path) -> ModelFolder:
    """Reads the settings of the model in `path`.

    Args:
        path: A folder as `SentenceTransformer.save` writes it and the hub holds it.

    Raises:
        EncoderError: The folder is no sentence-transformers model, needs code of its own, or lacks
            a file or a setting without which its vectors cannot be foretold.
    """
    modules = _read_modules(path)
    architecture = _read_json(modules[0].path / "config.json")
    config = _read_json(path / "config_sentence_transformers.json")
    query_prompt, document_prompt = _prompts(config)
    return ModelFolder(
        path=path,
        modules=modules,
        architecture=architecture,
        dimension=_dimension(modules, architecture, config, path),
        truncated=bool(config.get("truncate_dim")),
        max_tokens=_max_tokens(modules[0], architecture),
        query_prompt=query_prompt,
        document_prompt=document_prompt,
    )


def _read_json(path: Path) -> Any:  # noqa: ANN401
    """The file's content, an empty object when there is no such file."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"{path} cannot be read as JSON ({error}); fetch the model again."
        ) from error


def _read_modules(path: Path) -> tuple[Module, ...]:
    entries = _read_json(path / "modules.json")
    if not entries:
        raise EncoderError(
            f"{path} holds no sentence-transformers model: there is no modules.json in it; "
            "give a folder written by SentenceTransformer.save, or a model's name on the hub."
        )
    modules = []
    for entry in entries:
        package, _, kind = entry["type"].rpartition(".")
        if not package.startswith("sentence_transformers.") or kind not in _KNOWN_MODULES:
            raise EncoderError(
                f"The model in {path} has a module {entry['type']}, which reviewlens does not run "
                f"(it runs {', '.join(_KNOWN_MODULES)}, and never a model's own code); "
                "choose another model."
            )
        folder = path / entry["path"]
        settings = "sentence_bert_config.json" if kind == "Transformer" else "config.json"
        module = Module(kind, folder, _read_json(folder / settings))
        if kind in {"Transformer", "Dense", "LayerNorm"} and not module.weights:
            raise EncoderError(f"{folder} holds no weights for {kind}; fetch the model again.")
        modules.append(module)
    if modules[0].kind != "Transformer":
        raise EncoderError(
            f"The model in {path} starts with {modules[0].kind}; a Transformer was wanted."
        )
    return tuple(modules)


def _dimension(
    modules: tuple[Module, ...],
    architecture: Mapping[str, Any],
    config: Mapping[str, Any],
    path: Path,
) -> int:
    dimension = architecture.get("hidden_size")
    for module in modules:
        if module.kind == "Pooling":
            width = module.config.get("embedding_dimension") or module.config.get(
                "word_embedding_dimension"
            )
            dimension = width and width * len(module.pooling_modes)
        elif module.kind == "Dense":
            dimension = module.config.get("out_features")
    if not dimension:
        raise EncoderError(
            f"The files in {path} do not tell how long the model's vectors are; "
            "fetch the model again or choose another."
        )
    return min(int(dimension), int(config.get("truncate_dim") or dimension))


def _max_tokens(transformer: Module, architecture: Mapping[str, Any]) -> int:
    """The module's own limit, else what the tokenizer and the position table allow."""
    tokenizer = _read_json(transformer.path / "tokenizer_config.json")
    own = transformer.config.get("max_seq_length") or tokenizer.get("model_max_length")
    positions = architecture.get("max_position_embeddings", -1)  # XLNet: -1 means no limit
    limits = [limit for limit in (own, positions) if limit and 0 < limit < 1_000_000_000]
    if not limits:
        raise EncoderError(
            f"The files in {transformer.path} do not tell how many tokens the model reads; set "
            '"max_seq_length" in sentence_bert_config.json.'
        )
    return int(min(limits))


def _prompts(config: Mapping[str, Any]) -> tuple[str, str]:
    """The prompts for a query and for a document.

    Each is the one that `encode_query` and `encode_document` would take. The model's default
    prompt is for both, and only where it names neither: else documents would get the query's.
    """
    prompts = config.get("prompts") or {}
    query = prompts.get("query") or ""
    document = next((prompts[name] for name in _DOCUMENT_PROMPTS if prompts.get(name)), "")
    if not query and not document:
        query = document = prompts.get(config.get("default_prompt_name")) or ""
    return query, document
