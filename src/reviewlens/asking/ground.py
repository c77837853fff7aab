"""What a question is answered from, and what that says taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.asking.by_kind import changed, weighed
from reviewlens.asking.claims import (
    Matter,
    matters_of,
)
from reviewlens.asking.kinds import ReadQuestion
from reviewlens.asking.results import Answer, AskedFilter
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.document import agreed, counted

if TYPE_CHECKING:
    pass


NOT_SAID = "No review says this."
_SIDED = {"complaints": "negative", "why": "negative", "praise": "positive"}


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
        unsaid: What is answered where no review says anything of it.
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
    unsaid: str = NOT_SAID

    @property
    def every(self) -> tuple[Spoken, ...]:
        """All statements."""
        return tuple(one for some in self.spoken for one in some)

    @property
    def sided(self) -> bool:
        """Whether it can be told of any of them which side it takes; not where none is read."""
        return any(one.sentiment is not None for one in self.every)


def answer_of(ground: Ground, text: str, **more: Any) -> Answer:  # noqa: ANN401 - fields of an answer
    """Return an answer of a text and nothing else, but for the fields that are given."""
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


def of_side(ground: Ground, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Return the statements that a question asks for: of its side, or wishes."""
    if not ground.sided:
        return list(spoken)
    if ground.read.kind == "wishes":
        return [one for one in spoken if one.wishes]
    side = ground.side or _SIDED.get(ground.read.kind)
    if side is None:
        return list(spoken)
    return [one for one in spoken if (one.praises if side == "positive" else one.blames)]


def grouped(ground: Ground, chosen: Sequence[Spoken]) -> list[Matter]:
    """Return statements by what they say and to which side, what most reviews say first.

    Where nothing tells whether they speak of it at all, the nearest come first.
    """
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
    if not ground.judged:  # the nearest, whatever they say: how near is all that is known
        return sorted(found, key=lambda one: -max(said.nearness for said in one.members))
    return sorted(found, key=lambda one: (-one.reviews, one.members[0].review_id))


def summary_of(ground: Ground, chosen: Sequence[Spoken]) -> str:
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
    if not ground.sided:
        return (
            f"{counted(speaking, 'review')} {agreed(speaking, 'speaks', 'speak')} of it; who "
            "praises and who complains cannot be told."
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


def bracketed(citations: Sequence[str]) -> str:
    """Return ids as a text cites them."""
    return " ".join(f"[{one}]" for one in citations)
