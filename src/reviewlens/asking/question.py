"""`ask`: what the reviews say in answer to a question."""

from __future__ import annotations

from typing import Annotated

from reviewlens.asking.answer import BUDGET, LEAST_BUDGET, MOST_READ, answer
from reviewlens.asking.results import Answer
from reviewlens.errors import InputError
from reviewlens.language_models import LanguageModel
from reviewlens.questions import Face, Ge, Le
from reviewlens.search.questions import search
from reviewlens.search.sides import Polarity
from reviewlens.session import Lease


def ask(
    lease: Lease,
    question: Annotated[str, Face(flag="QUESTION")],
    *,
    n: Annotated[int, Ge(1), Le(MOST_READ), Face(flag="-n")] = 100,
    budget: Annotated[int, Ge(LEAST_BUDGET), Face(metavar="TOKENS")] = BUDGET,
    model: LanguageModel | None = None,
    polarity: Polarity | None = None,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
) -> Answer:
    """Answer a question from the reviews, with the ids of those that say so.

    Args:
        question: In plain words.
        n: Reviews to look at, at most: 1 to 1,000.
        budget: Tokens of the evidence at most, 50 or more.
        model: Writes the answer from the evidence (`language_models.ChatModel`), which is
            sent to it; where it fails, or cites nothing that exists, the answer is made of
            the reviews' own sentences, as it is without a model, and `notes` says so.
        polarity: As for `search`; reviews of the other side are left out.
        min_similarity: Smallest cosine similarity that counts as an answer, -1..1.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: The question is empty, a number is out of range, or a filter cannot be read.
    """
    if not 1 <= n <= MOST_READ:
        raise InputError(f"{n} reviews cannot be looked at; wanted 1 to {MOST_READ:,}")
    matches = search(
        lease,
        question,
        n,
        polarity=polarity,
        min_similarity=min_similarity,
        explain=True,
    )
    return answer(matches, lease.encoder, budget=budget, model=model, embed=lease.embed)
