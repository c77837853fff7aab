"""A question's answer: what the reviews say, grouped and counted, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.asking.by_kind import by_month, by_product, by_value
from reviewlens.asking.claims import (
    Matter,
    Told,
    claim,
    evidence_of,
    told,
)
from reviewlens.asking.ground import Ground, answer_of, bracketed, grouped, of_side, summary_of
from reviewlens.asking.results import VALUES, Answer, Claim, Evidence
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.asking.written import written_answer
from reviewlens.document import agreed, counted
from reviewlens.encoders import Encoder
from reviewlens.errors import InputError, LanguageModelError

if TYPE_CHECKING:
    from reviewlens.language_models import LanguageModel

BUDGET = 1_500
LEAST_BUDGET = 50
MOST_READ = 1_000
NOT_ABOUT = "This is no question about these reviews."
_MOST_NAMED = 12
"""Values, products and months that are listed."""


def answer(
    ground: Ground,
    encoder: Encoder,
    *,
    budget: int = BUDGET,
    model: LanguageModel | None = None,
) -> Answer:
    """Return what the reviews that speak of a question say about it.

    Without a model, each claim is a statement of a review, which stands for those that say the
    like, or a value, a product or a month that they name. With a model, the claims are those of its
    sentences that cite the evidence given to it; where it fails, or none of them does, the answer
    is the one without it, and a note says so.

    Args:
        ground: What it is answered from.
        encoder: The collection's.
        budget: Tokens of the evidence at most.
        model: Writes the answer.

    Raises:
        InputError: The budget is below 50, or below the shortest piece of evidence.
    """
    if budget < LEAST_BUDGET:
        raise InputError(
            f"a budget of {budget} tokens holds no evidence; wanted {LEAST_BUDGET} or more"
        )
    if ground.read.kind == "off_topic":
        return answer_of(ground, NOT_ABOUT)
    if not ground.every:
        return answer_of(ground, ground.unsaid)
    chosen = of_side(ground, ground.every)
    if not chosen:
        return answer_of(ground, summary_of(ground, chosen))
    matters = grouped(ground, chosen)
    if model is None:
        return _extracted(ground, chosen, matters, encoder, budget)
    try:
        return written_answer(ground, matters, budget, model)
    except LanguageModelError as error:
        note = f"The language model wrote no answer, so this one is made of quotes: {error}"
        plain = _extracted(ground, chosen, matters, encoder, budget)
        return replace(plain, model=model.name, notes=(*plain.notes, note))


def _extracted(
    ground: Ground,
    chosen: Sequence[Spoken],
    matters: Sequence[Matter],
    encoder: Encoder,
    budget: int,
) -> Answer:
    speaking = len(reviews_of(ground.every)) if ground.about else ground.of
    made = told(matters, speaking, ground.of, budget=budget, count=encoder.count_tokens)
    if not made.claims:
        shortest = min(one.tokens for one in encoder.count_tokens([one.text for one in chosen]))
        raise InputError(
            f"a budget of {budget} tokens holds none of the evidence, whose shortest piece has "
            f"{shortest}; give a larger --budget"
        )
    notes = list(ground.notes)
    named = _named(ground, chosen, speaking)
    if named is not None:
        made = named
    elif ground.read.kind in ("which", "when", "fact"):
        what = {"which": "product", "when": "date", "fact": "value"}[ground.read.kind]
        notes.append(f"No review that speaks of it has a {what}; this is what they say.")
    if left := len(made.left):
        reviews = len({name for one in made.left for name in reviews_of(one.members)})
        notes.append(
            f"{counted(left, 'more matter')} that {counted(reviews, 'review')} "
            f"{agreed(reviews, 'speaks', 'speak')} of {agreed(left, 'is', 'are')} not shown."
        )
    summary = summary_of(ground, chosen)
    quote = "{}" if ground.read.kind in VALUES else "“{}”"
    lines = [f"{quote.format(one.text)} {bracketed(one.review_ids)}" for one in made.claims]
    return answer_of(
        ground,
        "\n".join((*filter(None, [summary]), *lines)),
        answered=True,
        summary=summary,
        claims=made.claims,
        evidence=made.evidence,
        tokens=made.tokens,
        notes=tuple(notes),
    )


def _named(ground: Ground, chosen: Sequence[Spoken], speaking: int) -> Told | None:
    """Return the claims of a question for values, products, months or two things; None for none."""
    kind = ground.read.kind
    parts: list[tuple[str, Matter]] = []
    if kind == "compare":
        parts = [
            (name, Matter(some))
            for name, some in zip(ground.read.parts, ground.spoken, strict=True)
            if some
        ]
    elif kind == "which":
        parts = by_product(chosen)
    elif kind == "when":
        parts = by_month(chosen)
    elif kind == "fact":
        parts = by_value(chosen, ground.question)
    if not parts:
        return None
    shown = parts[-_MOST_NAMED:] if kind == "when" else parts[:_MOST_NAMED]
    claims: list[Claim] = []
    evidence: dict[str, Evidence] = {}
    for name, matter in shown:
        cited = matter.members[:2]
        claims.append(claim(name, matter.members, cited, speaking, ground.of))
        evidence |= {one.review_id: evidence_of(one) for one in cited}
    left = tuple(matter for _, matter in parts if matter not in [one for _, one in shown])
    return Told(tuple(claims), tuple(evidence.values()), 0, left)
