"""How much a word weighs in a sentence, and the direction that all sentences share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHT = 1e-4
"""The `a` of a / (a + p): the lower, the less a frequent word weighs. Arora et al. found values
from 1e-4 to 1e-3 best; of these two the first is much better on STSb with GloVe (docs/words.md)."""
SENTENCE = 10
"""Words of the sentences of which the common direction is; it hardly depends on their number."""
_BLOCK = 16_384


def word_weights(count: int) -> NDArray[np.float64]:
    """Return the weights of the words of a vocabulary, the most frequent word first.

    A word of probability p weighs a / (a + p). Files of word vectors hold no counts, but are
    sorted by frequency, and by Zipf's law the r-th word of n has p = (1 / r) / (1 + 1/2 + … + 1/n).

    Args:
        count: Words in the vocabulary.

    Source: Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings",
        ICLR 2017. Zipf, "Human behavior and the principle of least effort", 1949.
    """
    weights: NDArray[np.float64] = WEIGHT / (WEIGHT + _probabilities(count))
    return weights


def common_direction(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the first principal direction of sentences, to be taken out of each.

    Arora et al. take it from the sentences at hand; then a vector would depend on its company.
    Here it comes from the vocabulary: for a sentence s that is the mean of L words drawn with
    probability p, each with its weight w,

        E[s sᵀ] = 1/L Σ p w² v vᵀ + (1 - 1/L) m mᵀ   with   m = Σ p w v,

    whose eigenvector of the largest eigenvalue it is. Its largest number is positive.

    Args:
        vectors: Shape (words, dimension), the most frequent word first.

    Returns:
        Shape (dimension,), a unit vector.
    """
    import numpy as np

    count, dimension = vectors.shape
    probabilities, weights = _probabilities(count), word_weights(count)
    mean, moment = np.zeros(dimension), np.zeros((dimension, dimension))
    for start in range(0, count, _BLOCK):
        block = slice(start, start + _BLOCK)
        rows = vectors[block].astype(np.float64) * weights[block, None]
        mean += probabilities[block] @ rows
        moment += (rows.T * probabilities[block]) @ rows
    moment = moment / SENTENCE + (1 - 1 / SENTENCE) * np.outer(mean, mean)
    direction = np.linalg.eigh(moment)[1][:, -1]
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def _probabilities(count: int) -> NDArray[np.float64]:
    import numpy as np

    shares = 1 / np.arange(1, count + 1)
    probabilities: NDArray[np.float64] = shares / shares.sum()
    return probabilities
