"""From a sentence-transformers model to a graph for ONNX Runtime; the only use of torch's exporter.

Pooling and scaling to unit length are part of the graph, so that what runs it needs neither torch
nor the model's code.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.graph_cache import GRAPH, WORDS
from reviewlens.encoders.probe import probe_texts
from reviewlens.encoders.sentence_transformers import load_network, quiet
from reviewlens.encoders.vectors import unit_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from reviewlens.encoders.model import Model


class NotExportable(Exception):
    """A model that has no graph which does what it does; why, for the user."""


INPUTS = ("input_ids", "attention_mask")
_OPSET = 18
_LARGEST = 1_900_000_000  # bytes; a graph in one file cannot pass 2 GB


def export(model: Model, folder: Path) -> NDArray[np.float32]:
    """Write the graph of a model into a folder, and its static word vectors if it has any.

    Args:
        model: Its precision decides whether the weights are quantized.
        folder: Receives the files `model.onnx` and `words.npy`.

    Returns:
        The original's vectors of the probe texts, shape (texts, dimension), to compare with.

    Raises:
        NotExportable: There can be no graph of this model.
        EncoderError: The model cannot be loaded.
    """
    _refuse_what_cannot_be_exported(model)
    network = load_network(model, "cpu")
    prompt = model.folder.document_prompt
    with quiet():
        raw = network.encode(probe_texts(), prompt=prompt, show_progress_bar=False)
    try:
        with _silent():
            _write_graph(network, model.dimension, folder / GRAPH)
            if model.precision == "int8":
                _quantize(folder / GRAPH)
            _write_words(network, folder / WORDS)
    except Exception as error:  # whatever a foreign architecture makes the exporter raise
        reason = str(error).strip().partition("\n")[0][:200]
        raise NotExportable(f"it cannot be exported ({type(error).__name__}: {reason})") from error
    return unit_vectors(raw, dimension=model.dimension)


def _refuse_what_cannot_be_exported(model: Model) -> None:
    folder = model.folder
    prompted = folder.document_prompt or folder.query_prompt
    for module in folder.modules:
        if prompted and module.kind == "Pooling" and not module.config.get("include_prompt", True):
            raise NotExportable("its pooling leaves out the prompt, which a graph does not know")
    if sum(path.stat().st_size for module in folder.modules for path in module.weights) > _LARGEST:
        raise NotExportable("its weights are over 1.9 GB, more than a graph in one file can hold")


def _write_graph(network: SentenceTransformer, dimension: int, path: Path) -> None:
    import torch

    class Chain(torch.nn.Module):  # type: ignore[misc]
        """The whole chain of modules with plain tensors as its arguments."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:  # noqa: ANN401
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in self.modules_in_order:
                features = module(features)
            return features["sentence_embedding"][:, :dimension]

    # Fused attention brings a test for NaN and a copy of the mask into every layer of the graph.
    network[0].auto_model.set_attn_implementation("eager")
    ids = torch.arange(32).reshape(2, 16) % 8
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    axes = {0: "batch", 1: "tokens"}
    with torch.no_grad():
        # The exporter that torch recommends (dynamo=True) takes 15 s and a package more where
        # this one takes 2 s, and the graphs of the two run equally fast.
        torch.onnx.export(
            Chain().eval(),
            (ids, mask),
            str(path),
            input_names=list(INPUTS),
            output_names=["vectors"],
            dynamic_axes={INPUTS[0]: axes, INPUTS[1]: axes, "vectors": {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def _write_words(network: SentenceTransformer, path: Path) -> None:
    """Write the vector of each token, less the mean of all, made small where it is frequent.

    The weight is a / (a + p) with a = 1e-4 (Arora et al. 2017, "SIF"); the share p of a token is
    taken from Zipf's law, since vocabularies are sorted by frequency.
    """
    import numpy as np

    try:
        table = network[0].auto_model.get_input_embeddings().weight.detach().float().numpy()
    except (AttributeError, NotImplementedError):  # another kind of model
        return
    share = 1 / np.arange(2, len(table) + 2)
    weights = 1e-4 / (1e-4 + share / share.sum())
    # A tokenizer may have special tokens that the model never got.
    weights[[token for token in network.tokenizer.all_special_ids if token < len(table)]] = 0
    np.save(path, ((table - table.mean(axis=0)) * weights[:, None]).astype(np.float16))


def _quantize(path: Path) -> None:
    """Replace the fp32 products with weights by int8 ones, but for those that lose most."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exact = path.with_name("exact.onnx")
    path.rename(exact)
    products = _weight_products(exact)
    quantize_dynamic(
        exact,
        path,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=products,
        per_channel=True,
        # Seven bits of weight: with eight, processors without VNNI overflow and the same text
        # would get another vector on another machine.
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
    exact.unlink()


def _weight_products(path: Path) -> list[str]:
    """Return the names of the products with weights that are to be quantized.

    Those that lead back into the residual stream in the first half of the layers stay exact: a
    rounding there goes through all that follows, and loses more than all others together.
    """
    import onnx

    graph = onnx.load(path).graph
    constants = {weight.name for weight in graph.initializer}
    readers: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)

    def into_residual(node: Any) -> bool:  # noqa: ANN401
        """Whether the product, its bias added, is added to something computed."""
        (output,) = node.output
        following = readers.get(output, [])
        if len(following) != 1 or following[0].op_type != "Add":
            return False
        if any(name in constants for name in following[0].input):
            return into_residual(following[0])
        return True

    products = [n for n in graph.node if n.op_type == "MatMul" and n.input[1] in constants]
    first_half = products[: len(products) // 2]
    exact = {node.name for node in first_half if into_residual(node)}
    return [node.name for node in products if node.name not in exact]


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the exporter's and the quantizer's remarks off the terminal."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), quiet():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)
