"""A question's answer: what the reviews say, grouped and counted, each with its source."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reviewlens.asking.by_kind import by_month, by_product, by_value, changed, weighed
from reviewlens.asking.citations import MOST_SENTENCES, NO_ANSWER, cited_sentences, request
from reviewlens.asking.claims import (
    Matter,
    Told,
    claim,
    evidence_of,
    matters_of,
    told,
)
from reviewlens.asking.kinds import ReadQuestion
from reviewlens.asking.results import Answer, AskedFilter, Claim, Evidence
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.document import agreed, counted
from reviewlens.encoders import Encoder, load_token_counter
from reviewlens.errors import InputError, LanguageModelError
from reviewlens.ground.copies import normalised
from reviewlens.reading.markup import clean_markup
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    from reviewlens.asking.claims import CountTokens
    from reviewlens.language_models import LanguageModel

BUDGET = 1_500
LEAST_BUDGET = 50
MOST_READ = 1_000
NOT_SAID = "No review says this."
NOT_ABOUT = "This is no question about these reviews."
_AROUND = 2
_LONG = 6
"""A review longer than this part of the budget is given by the sentences around the one found."""
_SIDED = {"complaints": "negative", "why": "negative", "praise": "positive"}
_MOST_NAMED = 12
"""Values, products and months that are listed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a question is answered from.

    Attributes:
        read: The question, as it was read.
        question: As it was asked.
        filters: That it named.
        spoken: What reviews say of it; of a comparison, of each of the two.
        of: Reviews that were looked at.
        side: That was asked for, None for either.
        unrelated: Mean cosine of texts that have nothing to do with each other.
        about: What is asked about, as it was looked for; empty for all.
        total: How many say it, in a sentence, where they were counted.
        floor: Smallest similarity that counts, as the user gave it.
        judged: Whether those found surely speak of it.
        notes: What the user should know.
    """

    read: ReadQuestion
    question: str
    filters: tuple[AskedFilter, ...]
    spoken: tuple[tuple[Spoken, ...], ...]
    of: int
    side: str | None
    unrelated: float
    about: str
    total: str = ""
    floor: float | None = None
    judged: bool = True
    notes: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Spoken, ...]:
        """All statements."""
        return tuple(one for some in self.spoken for one in some)


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
        return _made(ground, NOT_ABOUT)
    if not ground.every:
        return _made(ground, NOT_SAID)
    chosen = _of_side(ground, ground.every)
    if not chosen:
        return _made(ground, _summary(ground, chosen))
    matters = _matters(ground, chosen)
    if model is None:
        return _extracted(ground, chosen, matters, encoder, budget)
    try:
        return _written(ground, matters, budget, model)
    except LanguageModelError as error:
        note = f"The language model wrote no answer, so this one is made of quotes: {error}"
        plain = _extracted(ground, chosen, matters, encoder, budget)
        return replace(plain, model=model.name, notes=(*plain.notes, note))


def _made(ground: Ground, text: str, **more: Any) -> Answer:  # noqa: ANN401 - fields of an answer
    every = ground.every
    plain: dict[str, Any] = {
        "question": ground.question,
        "kind": ground.read.kind,
        "matter": ground.about,
        "filters": ground.filters,
        "answered": False,
        "text": text,
        "summary": "",
        "claims": (),
        "for_": len(reviews_of([one for one in every if one.praises])),
        "against": len(reviews_of([one for one in every if one.blames])),
        "found": len(reviews_of(every)),
        "of": ground.of,
        "evidence": (),
        "method": "extractive",
        "model": None,
        "floor": ground.floor,
        "tokens": 0,
        "notes": ground.notes,
        "judged": ground.judged,
    }
    return Answer(**{**plain, **more})


def _of_side(ground: Ground, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Return the statements that a question asks for: of its side, or wishes."""
    if ground.read.kind == "wishes":
        return [one for one in spoken if one.wishes]
    side = ground.side or _SIDED.get(ground.read.kind)
    if side is None:
        return list(spoken)
    return [one for one in spoken if (one.praises if side == "positive" else one.blames)]


def _matters(ground: Ground, chosen: Sequence[Spoken]) -> list[Matter]:
    """Return statements by what they say and to which side, what most reviews say first."""
    sides = (
        [one for one in chosen if one.praises],
        [one for one in chosen if one.blames],
        [one for one in chosen if not one.praises and not one.blames],
    )
    about_one = bool(ground.about)
    found = [
        matter
        for some in sides
        for matter in matters_of(some, ground.unrelated, about_one=about_one)
    ]
    return sorted(found, key=lambda one: (-one.reviews, one.members[0].review_id))


def _summary(ground: Ground, chosen: Sequence[Spoken]) -> str:
    """Return what reviews say taken together."""
    speaking, some = len(reviews_of(ground.every)), len(reviews_of(chosen))
    kind, total = ground.read.kind, speaking if ground.about else ground.of
    whole = (
        f"Of the {counted(speaking, 'review', 'that speaks', 'that speak')} of it"
        if ground.about
        else f"Of {counted(ground.of, 'review')} looked at"
    )
    part = f"{some:,} ({some / max(1, total):.0%})" if some else "none"
    if kind == "how_many":
        return f"{ground.total[:1].upper()}{ground.total[1:]}." if ground.total else ""
    if kind == "compare":
        parts = zip(ground.read.parts, ground.spoken, strict=True)
        return " ".join(
            f"{name}: {counted(len(reviews_of(some)), 'review')}; {weighed(some)}."
            for name, some in parts
        )
    one = some < 2
    if kind == "wishes":
        return f"{whole} {part} {agreed(one, 'wishes', 'wish')} for something."
    side = ground.side or _SIDED.get(kind)
    if side is not None:
        verbs = ("praises", "praise") if side == "positive" else ("complains", "complain")
        return f"{whole} {part} {agreed(one, *verbs)}."
    if kind == "change":
        how = changed(ground.every) or "too few have a date to tell a change"
        return f"{whole} {how}."
    return f"{whole} {weighed(ground.every)}."


# -- from the reviews' own statements ----------------------------------------------------------


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
    summary = _summary(ground, chosen)
    lines = [f"“{one.text}” {_bracketed(one.review_ids)}" for one in made.claims]
    return _made(
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


# -- by a language model -----------------------------------------------------------------------


def _written(
    ground: Ground, matters: Sequence[Matter], budget: int, model: LanguageModel
) -> Answer:
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
    return _made(
        ground,
        " ".join(f"{one.text} {_bracketed(one.review_ids)}" for one in claims),
        answered=True,
        summary=_summary(ground, [one for matter in matters for one in matter.members]),
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


def _bracketed(citations: Sequence[str]) -> str:
    return " ".join(f"[{one}]" for one in citations)
