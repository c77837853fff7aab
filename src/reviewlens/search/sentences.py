"""Which sentence of a passage says what a query says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, WordAverager, embed_documents
from reviewlens.reading.markup import clean_markup
from reviewlens.store import StoredPassage
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROMISING = 0.08
"""How much less like the query, by words alone, a sentence may be than the best of its passage.

With 30 queries each to 306 sample and 1,000 restaurant reviews, this left 47 % and 36 % of the
tokens to be encoded; in 94 % of the hits of either the sentence was the one that encoding all had
found, in the others its cosine to the query was 0.07 lower on average.
"""
SHORT = 150
"""Characters of a passage of which all sentences are encoded, since that takes so little."""


def matching_sentences(
    query: str,
    vector: NDArray[np.float32],
    passages: Sequence[StoredPassage],
    encoder: Encoder,
    *,
    codes: Sequence[str] = (),
) -> list[str]:
    """Return for each passage the sentence nearest to a query.

    Sentences are compared by the encoder; those whose words promise less than others of their
    passage are left out, where the encoder can tell.

    Args:
        query: The text asked for.
        vector: It, embedded as a query, of shape (dimension,).
        passages: What was found.
        encoder: The collection's encoder.
        codes: What the query names by its letters (XJ-900), which an encoder does not know;
            sentences that have one come before all others.
    """
    groups = [_naming(_sentences(passage), codes) for passage in passages]
    rivals = [_promising(query, group, encoder) if len(group) > 1 else group for group in groups]
    # Of one sentence there is nothing to choose; the same one may stand in many reviews.
    open_ = list(dict.fromkeys(one for group in rivals if len(group) > 1 for one in group))
    similarities = dict(zip(open_, embed_documents(encoder, open_) @ vector, strict=True))
    return [max(group, key=lambda one: similarities.get(one, 0.0)) for group in rivals]


def _sentences(passage: StoredPassage) -> list[str]:
    # The title is shown apart; a first passage begins with it and the usual template's words.
    prefix = f"Title: {clean_markup(passage.title)}; Content: "
    return split_sentences(passage.text.removeprefix(prefix)) or [passage.text]


def _naming(sentences: list[str], codes: Sequence[str]) -> list[str]:
    """Return the sentences that have one of the codes; all where none has."""
    wanted = [code.lower() for code in codes]
    naming = [one for one in sentences if any(code in one.lower() for code in wanted)]
    return naming or sentences


def _promising(query: str, sentences: list[str], encoder: Encoder) -> list[str]:
    short = sum(map(len, sentences)) <= SHORT
    if short or not isinstance(encoder, WordAverager):
        return sentences
    words = encoder.average_words([query, *sentences])
    if words is None:
        return sentences
    alike = words[1:] @ words[0]
    least = alike.max() - PROMISING
    return [one for one, likeness in zip(sentences, alike, strict=True) if likeness >= least]
