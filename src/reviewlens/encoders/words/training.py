"""Word vectors learnt from a small text, so that what they are can be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders.words.cut import plain_words
from reviewlens.encoders.words.formats import Read
from reviewlens.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_WORDS = 2_000
"""Of a vocabulary; the table of who stands beside whom is held whole."""


def count_pairs(sentences: Sequence[str], *, window: int) -> tuple[list[str], NDArray[np.float64]]:
    """Count how often words stand near each other.

    Args:
        sentences: Pairs do not reach from one into another.
        window: Words to each side that count as near, 1 or more.

    Returns:
        The words, the most frequent first, equally frequent ones by spelling; and the table, shape
        (words, words), symmetric.

    Raises:
        InputError: There are fewer than two words, too many, or no window.
    """
    import numpy as np

    if window < 1:
        raise InputError(f"the window is {window}; wanted 1 word to each side or more")
    texts = [plain_words(sentence) for sentence in sentences]
    frequencies = Counter(word for text in texts for word in text)
    words = sorted(frequencies, key=lambda word: (-frequencies[word], word))
    if not 2 <= len(words) <= MOST_WORDS:
        raise InputError(
            f"the text has {len(words):,} different words; wanted 2 to {MOST_WORDS:,}: this is "
            "for small texts, other word vectors are given with --vectors"
        )
    places = {word: place for place, word in enumerate(words)}
    table = np.zeros((len(words), len(words)))
    for text in texts:
        for at, word in enumerate(text):
            for near in text[at + 1 : at + 1 + window]:
                table[places[word], places[near]] += 1
                table[places[near], places[word]] += 1
    return words, table


def learn_words(sentences: Sequence[str], *, window: int = 2, dimension: int = 50) -> Read:
    """Learn word vectors from a small text: words with the same neighbours get alike vectors.

    How often each word stands near each other one is counted; a count is replaced by how far it
    exceeds chance, max(0, log(p(a, b) / (p(a) p(b)))); and of this table the largest singular
    vectors are kept, each times the root of its singular value. word2vec comes to much the same
    by small random steps, which need a large text; this way a small one is enough, and the same
    text gives the same vectors. Each direction's largest number is positive.

    Args:
        sentences: As `count_pairs` takes them.
        window: Words to each side that count as near, 1 or more.
        dimension: Numbers in a vector at most; a text of few words has fewer.

    Raises:
        InputError: As `count_pairs`; or no word stands near another.

    Source: Levy and Goldberg, "Neural word embedding as implicit matrix factorization", 2014;
        Levy, Goldberg and Dagan, "Improving distributional similarity", 2015.
    """
    import numpy as np

    if dimension < 1:
        raise InputError(f"the vectors are to have {dimension} numbers; wanted 1 or more")
    words, table = count_pairs(sentences, window=window)
    total = table.sum()
    if not total:
        raise InputError("no word stands near another in the text; wanted sentences of two words")
    each = table.sum(axis=1)
    chance = np.outer(each, each)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.log(table * total / chance)
    excess[~np.isfinite(excess)] = 0
    left, sizes, _ = np.linalg.svd(excess.clip(0))
    kept = min(dimension, int((sizes > 1e-9 * max(sizes[0], 1e-9)).sum()))
    if not kept:
        raise InputError(
            "every word of the text stands near every other as often as chance would have it; "
            "wanted a longer text"
        )
    vectors = left[:, :kept] * np.sqrt(sizes[:kept])
    largest = np.abs(vectors).round(9).argmax(axis=0)
    vectors *= np.sign(vectors[largest, np.arange(kept)])
    return Read(words, (vectors.round(6) + 0.0).astype(np.float32))
