"""An answer that a language model writes from the evidence."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.asking.citations import MOST_SENTENCES, NO_ANSWER, cited_sentences, request
from reviewlens.asking.claims import (
    Matter,
    claim,
    evidence_of,
)
from reviewlens.asking.ground import Ground, answer_of, bracketed, summary_of
from reviewlens.asking.results import Answer, Evidence
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.document import agreed
from reviewlens.encoders import load_token_counter
from reviewlens.errors import InputError, LanguageModelError
from reviewlens.ground.copies import normalised
from reviewlens.reading.markup import clean_markup
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    from reviewlens.asking.claims import CountTokens
    from reviewlens.language_models import LanguageModel


_AROUND = 2
_LONG = 6
"""A review longer than this part of the budget is given by the sentences around the one found."""

_log = logging.getLogger(__name__)


def written_answer(
    ground: Ground, matters: Sequence[Matter], budget: int, model: LanguageModel
) -> Answer:
    """Return the answer that a model writes, of the sentences that cite what it was given.

    Args:
        ground: What it is answered from.
        matters: What the reviews say, in order.
        budget: Tokens of the evidence at most.
        model: Writes it.

    Raises:
        LanguageModelError: It fails, finds no answer, or cites nothing that it was given.
        InputError: The budget is below the shortest piece of evidence.
    """
    count = load_token_counter("cl100k_base")
    firsts = _by_turns(matters)
    evidence, tokens = _within(budget, firsts, count)
    asked = request(ground.question, evidence)
    _log.info(
        "%d reviews, %s tokens, and the question are sent to %s, for %s to answer.",
        len(evidence),
        f"{tokens:,}",
        model.address,
        model.name,
    )
    written = model.complete(asked.instruction, asked.text)
    if written.strip(" .*") == NO_ANSWER:
        raise LanguageModelError(f"{model.name} finds no answer in the evidence.")
    sentences, dropped = cited_sentences(written, asked.labels)
    if not sentences:
        raise LanguageModelError(
            f"none of the {dropped} sentences of {model.name} cites a review that it was given."
        )
    notes = list(ground.notes)
    if dropped:
        notes.append(
            f"{dropped} of the {dropped + len(sentences)} sentences of {model.name} "
            f"{agreed(dropped, 'was dropped: it cites', 'were dropped: they cite')} no review "
            "that it was given."
        )
    if len(sentences) > (most := 2 * MOST_SENTENCES):
        notes.append(f"Only the first {most} of {len(sentences)} sentences are shown.")
        sentences = sentences[:most]
    matter_of = {one.review_id: matter for matter in reversed(matters) for one in matter.members}
    speaking = len(reviews_of(ground.every)) if ground.about else ground.of
    claims = []
    for one in sentences:
        members = [
            said
            for matter in {id(matter_of[name]): matter_of[name] for name in one.citations}.values()
            for said in matter.members
        ]
        cited = [next(said for said in members if said.review_id == name) for name in one.citations]
        claims.append(claim(one.text, members, cited, speaking, ground.of))
    return answer_of(
        ground,
        " ".join(f"{one.text} {bracketed(one.review_ids)}" for one in claims),
        answered=True,
        summary=summary_of(ground, [one for matter in matters for one in matter.members]),
        claims=tuple(claims),
        evidence=tuple(evidence),
        method="model",
        model=model.name,
        tokens=tokens,
        notes=tuple(notes),
    )


def _by_turns(matters: Sequence[Matter]) -> list[Spoken]:
    """Return statements of different reviews, the first of each matter, then the second, and so on.

    So that a model has something of each, and no text twice.
    """
    chosen: dict[str, Spoken] = {}
    longest = max(len(matter.members) for matter in matters)
    for place in range(longest):
        for matter in matters:
            if place < len(matter.members):
                one = matter.members[place]
                chosen.setdefault(normalised(one.hit.passage.original), one)
    return list({one.review_id: one for one in chosen.values()}.values())


def _within(
    budget: int, spoken: Sequence[Spoken], count: CountTokens
) -> tuple[list[Evidence], int]:
    """Return the evidence that fits a budget, and its tokens."""
    copies = Counter(normalised(one.hit.passage.original) for one in spoken)
    texts = _contexts(spoken, count, budget // _LONG)
    found: list[Evidence] = []
    spent = 0
    sizes = [one.tokens for one in count(texts)]
    for one, text, size in zip(spoken, texts, sizes, strict=True):
        if spent + size <= budget:
            spent += size
            found.append(evidence_of(one, copies, text))
    if not found:
        raise InputError(
            f"a budget of {budget} tokens holds none of the evidence, whose shortest piece has "
            f"{min(sizes)}; give a larger --budget"
        )
    return found, spent


def _contexts(spoken: Sequence[Spoken], count: CountTokens, longest: int) -> list[str]:
    """Return each review whole, or of a long one the sentences around the one that was found."""
    texts = [_titled(one, clean_markup(one.hit.passage.original)) for one in spoken]
    pieces = []
    for one, text, size in zip(spoken, texts, count(texts), strict=True):
        if size.tokens <= longest:
            pieces.append(text)
            continue
        sentences = split_sentences(clean_markup(one.hit.passage.original))
        # The statement may stand in the text cut at another place than where it was found.
        at = next(
            (at for at, own in enumerate(sentences) if own in one.text or one.text in own), -1
        )
        around = sentences[max(0, at - _AROUND) : at + _AROUND + 1] if at >= 0 else []
        context = _titled(one, " ".join(around or [one.text]))
        fits = count([context])[0].tokens <= longest
        pieces.append(context if fits else one.text)
    return pieces


def _titled(one: Spoken, text: str) -> str:
    title = clean_markup(one.hit.passage.title)
    return f"{title}: {text}" if title else text
