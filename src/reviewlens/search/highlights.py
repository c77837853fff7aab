"""Which words of a sentence made it match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewlens.encoders import Encoder, WordAverager
from reviewlens.search.relevance import Words, terms

ALIKE = 0.5
"""Smallest cosine of two words' static vectors at which one is taken to say what the other does."""
_TELLING = 0.25
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")


def matching_words(
    query: str, sentences: Sequence[str], encoder: Encoder, words: Words
) -> list[tuple[str, ...]]:
    """Return for each sentence the words that say what a word of the query says.

    These are the query's own words, whatever their endings, and, where the encoder has static
    vectors of words, those near one of them. Words that are in most reviews tell nothing.

    Args:
        query: What was asked.
        sentences: One of each match.
        encoder: The collection's encoder.
        words: Of the collection; without any, every word tells.

    Returns:
        Words as they stand in the sentence, each once, in order.
    """
    asked = [word for word in _words(query) if words.weight(terms(word)) >= _TELLING]
    own = frozenset(term for word in asked for term in terms(word))
    given = [_words(sentence) for sentence in sentences]
    others = sorted(
        {
            word
            for some in given
            for word in some
            if not terms(word) & own and words.weight(terms(word)) >= _TELLING
        }
    )
    near = _near(asked, others, encoder)
    return [tuple(word for word in some if terms(word) & own or word in near) for some in given]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(text)))


def _near(asked: Sequence[str], others: Sequence[str], encoder: Encoder) -> set[str]:
    if not asked or not others or not isinstance(encoder, WordAverager):
        return set()
    vectors = encoder.average_words([*asked, *others])
    if vectors is None:
        return set()
    likeness = (vectors[len(asked) :] @ vectors[: len(asked)].T).max(axis=1)
    return {word for word, value in zip(others, likeness, strict=True) if value >= ALIKE}
