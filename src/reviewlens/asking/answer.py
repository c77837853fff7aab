"""A question's answer: what the reviews found say, grouped and counted, each with its source."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from reviewlens.asking.citations import MOST_SENTENCES, NO_ANSWER, cited_sentences, request
from reviewlens.asking.evidence import choose, group
from reviewlens.asking.results import Answer, Evidence, Statement
from reviewlens.document import counted
from reviewlens.encoders import (
    Embed,
    Encoder,
    TokenCount,
    embed_documents,
    embed_queries,
    load_token_counter,
)
from reviewlens.errors import InputError, LanguageModelError
from reviewlens.ground.copies import normalised
from reviewlens.ground.estimates import mean
from reviewlens.reading.markup import clean_markup
from reviewlens.search.matches import Match, Matches
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.language_models import LanguageModel

BUDGET = 1_500
LEAST_BUDGET = 50
MOST_READ = 1_000
MOST_STATEMENTS = 8
NOT_SAID = "No review says this."
_AROUND = 2
_LONG = 6
"""A review longer than this part of the budget is given by the sentences around the one found."""
_UNRELATED = (
    "The train was twenty minutes late on Monday.",
    "She plays the violin in a small orchestra.",
    "Copper conducts electricity better than iron.",
    "The bread tasted of rye and honey.",
    "They repainted the fence behind the school.",
    "Whales breathe air and feed their young with milk.",
    "The court postponed the hearing to next spring.",
    "His password has to be changed every month.",
)
"""Sentences that have nothing to do with each other: what an encoder calls far apart."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Reviews that speak of it, each with the sentence that answers best.

    Attributes:
        matches: With their sentences.
        vectors: Of the sentences, float32 of shape (reviews, dimension).
        relevance: Cosine of each sentence and the question.
        groups: Number of each sentence's group, 0 the strongest.
        copies: How many of the reviews have the same text.
    """

    matches: tuple[Match, ...]
    vectors: NDArray[np.float32]
    relevance: NDArray[np.float32]
    groups: NDArray[np.intp]
    copies: tuple[int, ...]

    def evidence(self, row: int, text: str) -> Evidence:
        match = self.matches[row]
        return Evidence(
            review_id=match.review_id,
            text=text,
            product=match.product,
            stars=match.rating,
            time=match.time,
            similarity=round(float(self.relevance[row]), 4),
            copies=self.copies[row],
        )

    def statement(self, text: str, citations: Sequence[str], groups: Sequence[int]) -> Statement:
        members = [
            match
            for match, number in zip(self.matches, self.groups.tolist(), strict=True)
            if number in groups
        ]
        stars = [match.rating for match in members if match.rating is not None]
        return Statement(
            text=text,
            citations=tuple(citations),
            reviews=len(members),
            share=round(len(members) / len(self.matches), 4),
            stars=mean(stars, low=1.0, high=5.0) if stars else None,
        )


def answer(
    matches: Matches,
    encoder: Encoder,
    *,
    budget: int = BUDGET,
    model: LanguageModel | None = None,
    embed: Embed | None = None,
) -> Answer:
    """Return what the reviews that a question found say about it.

    Without a model, each statement is a sentence of a review, which stands for its group. With a
    model, the statements are those of its sentences that cite the evidence given to it; where it
    fails, or none of them does, the answer is the one without it, and a note says so.

    Args:
        matches: What a search for the question found, each with its sentence.
        encoder: The collection's.
        budget: Tokens of the evidence at most.
        model: Writes the answer.
        embed: Embeds the question; None for the encoder itself.

    Raises:
        InputError: The budget is below 50, or below the shortest piece of evidence.
    """
    if budget < LEAST_BUDGET:
        raise InputError(
            f"a budget of {budget} tokens holds no evidence; wanted {LEAST_BUDGET} or more"
        )
    matches = _kept(matches)
    if not matches.answered:
        return _nothing(matches)
    found = _look_at(matches, encoder, embed or partial(embed_queries, encoder))
    if model is None:
        return _extracted(matches, found, encoder, budget)
    try:
        return _written(matches, found, budget, model)
    except LanguageModelError as error:
        note = f"The language model wrote no answer, so this one is made of quotes: {error}"
        plain = _extracted(matches, found, encoder, budget)
        return replace(plain, model=model.name, notes=(*plain.notes, note))


def _kept(matches: Matches) -> Matches:
    """Leave out reviews that are no answer on their own, and those of the side not asked for."""
    weak = "weak" if matches.floor is None else ""  # a floor of the user's overrides
    strong = [match for match in matches.matches if match.strength != weak]
    notes = list(matches.notes)
    if left := len(matches.opposite):
        what = "complain" if matches.side == "positive" else "praise"
        does = f"{what}s, and is" if left == 1 else f"{what}, and are"
        notes.append(f"{left} of the reviews found {does} left out.")
    if matches.answered and not _judged(matches):
        notes.append(
            f"The nearest {counted(len(strong), 'review', 'counts', 'count')} as found, whatever "
            f"{'it says' if len(strong) == 1 else 'they say'}; "
            "--min-similarity sets how near."
        )
    return replace(matches, answered=bool(strong), matches=tuple(strong), notes=tuple(notes))


def _judged(matches: Matches) -> bool:
    """Tell whether something decided which reviews are an answer."""
    known = any(match.strength for match in matches.matches)
    return known or matches.floor is not None or matches.mode == "keyword"


def _nothing(matches: Matches) -> Answer:
    return Answer(
        question=matches.query,
        answered=False,
        text=NOT_SAID,
        statements=(),
        evidence=(),
        method="extractive",
        model=None,
        found=0,
        floor=matches.floor,
        tokens=0,
        notes=matches.notes,
    )


def _look_at(matches: Matches, encoder: Encoder, embed: Embed) -> _Found:
    import numpy as np

    sentences = [match.sentence or match.text for match in matches.matches]
    if matches.mode == "keyword":
        vectors, relevance = _by_words(matches.matches, sentences)
        unrelated = 0.0
    else:
        places = {text: row for row, text in enumerate(dict.fromkeys((*sentences, *_UNRELATED)))}
        encoded = embed_documents(encoder, list(places))
        vectors = encoded[[places[text] for text in sentences]]
        relevance = vectors @ embed([matches.query])[0]
        probes = encoded[[places[text] for text in _UNRELATED]]
        unrelated = float(np.mean([one @ other for one, other in combinations(probes, 2)]))
    keys = [normalised(match.text) for match in matches.matches]
    counts = Counter(keys)
    return _Found(
        matches=matches.matches,
        vectors=vectors,
        relevance=relevance,
        groups=group(vectors, relevance, round(unrelated, 3)),
        copies=tuple(counts[key] for key in keys),
    )


def _by_words(
    matches: Sequence[Match], sentences: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return vectors and relevance of sentences that the encoder does not read.

    Those of the same words have the same vector, and any others nothing in common.
    """
    import numpy as np

    keys = [normalised(one) for one in sentences]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    vectors = np.eye(len(places), dtype=np.float32)[[places[key] for key in keys]]
    scores = np.array([match.keyword_score or 0.0 for match in matches], dtype=np.float32)
    return vectors, scores / max(float(scores.max()), 1e-9)


# -- from the reviews' own sentences -----------------------------------------------------------


def _extracted(matches: Matches, found: _Found, encoder: Encoder, budget: int) -> Answer:
    pieces = [match.sentence or match.text for match in found.matches]
    rows, tokens = _within(budget, found, pieces, encoder.count_tokens)
    by_group: dict[int, list[int]] = {}
    for row in rows:
        by_group.setdefault(int(found.groups[row]), []).append(row)
    statements: list[Statement] = []
    least = -1.0 if matches.floor is None else matches.floor
    for number, members in sorted(by_group.items()):
        typical = _most_typical(found, members, number)
        if len(statements) == MOST_STATEMENTS or (statements and found.relevance[typical] < least):
            continue
        members.sort(key=lambda row: row != typical)
        cited = [found.matches[row].review_id for row in members]
        statements.append(found.statement(pieces[typical], cited, (number,)))
    notes = list(matches.notes)
    if others := int(found.groups.max()) + 1 - len(statements):
        reviews = len(found.matches) - sum(one.reviews for one in statements)
        notes.append(
            f"{counted(others, 'more matter')} that {reviews} of the reviews found "
            f"{'speaks' if reviews == 1 else 'speak'} of "
            f"{'is' if others == 1 else 'are'} not shown."
        )
    return Answer(
        question=matches.query,
        answered=True,
        judged=_judged(matches),
        text="\n".join(f"“{one.text}” {_bracketed(one.citations)}" for one in statements),
        statements=tuple(statements),
        evidence=tuple(found.evidence(row, pieces[row]) for row in rows),
        method="extractive",
        model=None,
        found=len(found.matches),
        floor=matches.floor,
        tokens=tokens,
        notes=tuple(notes),
    )


def _most_typical(found: _Found, rows: Sequence[int], number: int) -> int:
    """Return which of some sentences is near the question and near the others of its group."""
    import numpy as np

    centre = found.vectors[found.groups == number].mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    scores = np.round(found.relevance[rows] + found.vectors[rows] @ centre, 5)
    return rows[int(np.argmax(scores))]


# -- by a language model -----------------------------------------------------------------------


def _written(matches: Matches, found: _Found, budget: int, model: LanguageModel) -> Answer:
    count = load_token_counter("cl100k_base")
    pieces = _contexts(found, count, budget // _LONG)
    rows, tokens = _within(budget, found, pieces, count)
    evidence = [found.evidence(row, pieces[row]) for row in rows]
    asked = request(matches.query, evidence)
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
    notes = list(matches.notes)
    if dropped:
        notes.append(
            f"{dropped} of the {dropped + len(sentences)} sentences of {model.name} "
            f"{'was dropped: it cites' if dropped == 1 else 'were dropped: they cite'} no review "
            "that it was given."
        )
    if len(sentences) > (most := 2 * MOST_SENTENCES):
        notes.append(f"Only the first {most} of {len(sentences)} sentences are shown.")
        sentences = sentences[:most]
    group_of = {found.matches[row].review_id: int(found.groups[row]) for row in rows}
    statements = [
        found.statement(one.text, one.citations, [group_of[cited] for cited in one.citations])
        for one in sentences
    ]
    return Answer(
        question=matches.query,
        answered=True,
        judged=_judged(matches),
        text=" ".join(f"{one.text} {_bracketed(one.citations)}" for one in statements),
        statements=tuple(statements),
        evidence=tuple(evidence),
        method="model",
        model=model.name,
        found=len(found.matches),
        floor=matches.floor,
        tokens=tokens,
        notes=tuple(notes),
    )


def _contexts(
    found: _Found, count: Callable[[Sequence[str]], list[TokenCount]], longest: int
) -> list[str]:
    """Return each review whole, or of a long one the sentences around the one that was found."""
    texts = [_titled(match, clean_markup(match.text)) for match in found.matches]
    pieces = []
    for match, text, size in zip(found.matches, texts, count(texts), strict=True):
        if size.tokens <= longest or match.sentence is None:
            pieces.append(text)
            continue
        sentences = split_sentences(clean_markup(match.text))
        # The sentence may stand in the text cut at another place than where it was found.
        said = match.sentence
        at = next((at for at, one in enumerate(sentences) if one in said or said in one), -1)
        around = sentences[max(0, at - _AROUND) : at + _AROUND + 1] if at >= 0 else []
        context = _titled(match, " ".join(around or [match.sentence]))
        fits = count([context])[0].tokens <= longest
        pieces.append(context if fits else match.sentence)
    return pieces


def _titled(match: Match, text: str) -> str:
    title = clean_markup(match.title)
    return f"{title}: {text}" if title else text


# -- both --------------------------------------------------------------------------------------


def _within(
    budget: int,
    found: _Found,
    pieces: Sequence[str],
    count: Callable[[Sequence[str]], list[TokenCount]],
) -> tuple[list[int], int]:
    """Return which pieces are taken, and the tokens that they have."""
    tokens = [size.tokens for size in count(pieces)]
    rows = choose(found.relevance, found.vectors, tokens, budget)
    if not rows:
        raise InputError(
            f"a budget of {budget} tokens holds none of the evidence, whose shortest piece has "
            f"{min(tokens)}; give a larger --budget"
        )
    return rows, sum(tokens[row] for row in rows)


def _bracketed(citations: Sequence[str]) -> str:
    return " ".join(f"[{one}]" for one in citations)
