"""`ask`: what the reviews say in answer to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

from reviewlens.asking.answer import BUDGET, LEAST_BUDGET, MOST_READ, answer
from reviewlens.asking.filters_in_words import FilteredQuestion, read_filters
from reviewlens.asking.ground import Ground
from reviewlens.asking.kinds import ReadQuestion, read_question
from reviewlens.asking.results import Answer, AskedFilter
from reviewlens.asking.spoken import Spoken, reviews_of, spoken_in_all, spoken_of
from reviewlens.encoders import embed_documents
from reviewlens.errors import InputError
from reviewlens.ground.copies import normalised
from reviewlens.language_models import LanguageModel
from reviewlens.questions import Face, Ge, Le
from reviewlens.search import retrieval
from reviewlens.search.count import count_of
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.search.languages import (
    is_unread,
    none_read,
    query_language,
    unread_notes,
    unread_query,
)
from reviewlens.search.matches import Matches
from reviewlens.search.mentions import Mentions, find_mentions
from reviewlens.search.questions import facets, search
from reviewlens.search.relevance import Relevance, Unmeasured
from reviewlens.search.reviews import check_request
from reviewlens.search.sides import Polarity
from reviewlens.session import EVERYTHING, Lease
from reviewlens.settings import QUERY_FLOOR
from reviewlens.store import Hit, StoredPassage, choose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WHICH = re.compile(
    r"^(?:product|item|shop|store|brand|model|version|place|one)s?\b", re.IGNORECASE
)
"""What a question asks for by `which`, and not about."""


def ask(
    lease: Lease,
    question: Annotated[str, Face(flag="QUESTION")],
    *,
    n: Annotated[int, Ge(1), Le(MOST_READ), Face(flag="-n")] = 100,
    budget: Annotated[int, Ge(LEAST_BUDGET), Face(metavar="TOKENS")] = BUDGET,
    model: LanguageModel | None = None,
    polarity: Polarity | None = None,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
    as_asked: bool = False,
) -> Answer:
    """Answer a question from the reviews, with the ids of those that say so.

    Args:
        question: In plain words.
        n: Reviews to look at, at most, where they are the nearest by a similarity: 1 to 1,000.
        budget: Tokens of the evidence at most, 50 or more.
        model: Writes the answer from the evidence (`language_models.ChatModel`), which is
            sent to it; where it fails, or cites nothing that exists, the answer is made of
            the reviews' own statements, as it is without a model, and `notes` says so.
        polarity: As for `search`; statements of the other side are left out.
        min_similarity: Smallest cosine similarity that counts as an answer, -1..1.
        as_asked: Take times, stars and products that the question names for words, not filters.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: The question is empty, a number is out of range, or a filter cannot be read.
    """
    if not 1 <= n <= MOST_READ:
        raise InputError(f"{n} reviews cannot be looked at; wanted 1 to {MOST_READ:,}")
    check_request([question], n)
    lease.session.preload()
    asked = FilteredQuestion(question) if as_asked else _filtered(lease, question)
    if asked.filters:
        lease = lease.of(lease.filters & choose(**asked.values))
    read = read_question(asked.question)
    if read.kind == "compare" and len(read.parts) != 2:  # which two is not told
        read = replace(read, kind="judgement")
    if read.kind == "off_topic" and _is_said(lease, read.question):
        read = replace(read, kind="saying", matter=read.question.strip(" ?!."))
    side = None if polarity in (None, "auto") else polarity
    ground = _ground(lease, read, n, polarity, min_similarity)
    if not ground.every and read.kind != "off_topic":
        ground = _unsaid(lease, ground)
    filters = tuple(AskedFilter(one.name, one.value, one.words) for one in asked.filters)
    notes = tuple(
        f"“{one.words}” is read as {one.name} {one.value} (--as-asked: as words)."
        for one in asked.filters
    )
    ground = replace(
        ground,
        question=question,
        filters=filters,
        side=side or read.side,
        notes=(*notes, *ground.notes),
    )
    return answer(ground, lease.encoder, budget=budget, model=model)


def _is_said(lease: Lease, question: str) -> bool:
    """Tell whether a review or a page answers what sounds like no question to reviews.

    "How do I remove limescale?" is one to a manual.
    """
    relevance = lease.session.kept(RelevanceKeeper).of(lease.store, lease.encoder)
    least = None if isinstance(relevance, Relevance) else QUERY_FLOOR
    return search(lease, question, 1, min_similarity=least).answered


def _filtered(lease: Lease, question: str) -> FilteredQuestion:
    """Return a question without the filters that it names, and these."""
    known = facets(lease.of(EVERYTHING))

    def read(taken_back: Sequence[str] = ()) -> FilteredQuestion:
        return read_filters(
            question,
            newest=None if known.last is None else date.fromisoformat(known.last[:10]),
            products=[str(one.value) for one in known.products if one.value],
            sources=[str(one.value) for one in known.sources if one.value],
            taken_back=taken_back,
        )

    lacking = set() if any(one.value for one in known.stars) else {"rating"}
    if known.last is None:
        lacking |= {"since", "until"}
    found = read()
    # Of reviews without stars or dates a filter by these would leave none.
    return read([one.words for one in found.filters if one.name in lacking])


def _ground(
    lease: Lease,
    read: ReadQuestion,
    n: int,
    polarity: Polarity | None,
    min_similarity: float | None,
) -> Ground:
    store, encoder = lease.store, lease.encoder
    relevance = lease.session.kept(RelevanceKeeper).of(store, encoder)
    unrelated = relevance.probes.scale.mean if isinstance(relevance, Relevance) else 0.0
    about = read.parts or (read.matter or _WHICH.sub("", read.asks).strip(),)
    empty = Ground(
        read,
        read.question,
        (),
        ((),),
        0,
        None,
        unrelated,
        about=" ".join(about),
        floor=min_similarity,
    )
    if read.kind == "off_topic":
        return empty
    language = query_language(read.question, encoder, store, relevance) if store.analyzer else ""
    unread = is_unread(language, encoder, store)
    if unread and polarity not in (None, "auto"):
        raise unread_query(language, encoder, store, "a polarity")
    total = (
        store.count(lease.filters)
        if unread
        else store.count(lease.filters, base=store.readable_heads)
    )
    if not any(about):
        return _of_all(lease, empty)
    found: list[tuple[Spoken, ...]] = []
    notes: list[str] = []
    said, judged = "", True
    for text in about:
        # As unread as the question is what it asks about, of which two words tell no language.
        matches = (
            _by_their_words(lease, text, n, relevance, language)
            if unread
            else search(lease, text, n, polarity=polarity, min_similarity=min_similarity)
        )
        notes += matches.notes
        by_chance = matches.mode != "keyword" and min_similarity is None
        if not matches.answered:
            found.append(())
        elif by_chance and isinstance(relevance, Relevance):
            mentions = _mentions(lease, text, relevance)
            found.append(tuple(spoken_of(mentions, encoder.name)))
            said = count_of(text, mentions, total, answered=True).sentence
        else:
            judged = not by_chance
            found.append(tuple(_of_matches(lease, matches)))
    if read.kind == "wishes" and 2 * len(reviews_of(found[0])) > total:
        return _of_all(lease, empty)  # they are about what all reviews speak of
    return replace(
        empty,
        spoken=tuple(found),
        of=total,
        total=said,
        judged=judged,
        notes=tuple(dict.fromkeys(notes)),
    )


def _mentions(lease: Lease, text: str, relevance: Relevance) -> Mentions:
    [vector] = lease.embed([text])
    return find_mentions(lease.store, lease.encoder, text, vector, relevance, lease.filters)


def _by_their_words(
    lease: Lease, text: str, n: int, relevance: Relevance | Unmeasured | None, language: str
) -> Matches:
    """Return what has the words of a text in a language that the encoder does not read."""
    [matches] = retrieval.search(
        lease.store,
        lease.encoder,
        [text],
        n=n,
        filters=lease.filters,
        relevance=relevance,
        embed=lease.embed,
        language=language,
    )
    return matches


def _unsaid(lease: Lease, ground: Ground) -> Ground:
    """Return what nothing was found for with why, where no review could be read."""
    why = none_read(lease.store, lease.filters)
    if not why:
        return ground
    told = {
        none_read(lease.store, lease.filters, by_words=True),
        *unread_notes(lease.store, lease.filters, "left out"),
    }
    left = tuple(note for note in ground.notes if note not in told)
    return replace(ground, unsaid=why, notes=left)


def _of_all(lease: Lease, empty: Ground) -> Ground:
    """Return what reviews say of anything."""
    store = lease.store
    spoken = tuple(spoken_in_all(store, lease.encoder.name, lease.filters))
    return replace(
        empty,
        spoken=(spoken,),
        of=len(reviews_of(spoken)),
        about="",
        notes=unread_notes(store, lease.filters, "left out"),
    )


def _of_matches(lease: Lease, matches: Matches) -> list[Spoken]:
    """Return the statements of what a search found, where no probability tells what says it."""
    texts = [one.sentence or one.text for one in matches]
    if not texts:
        return []
    if matches.mode == "keyword":  # what the encoder does not read has its own words in common
        vectors = _by_words(texts)
    else:
        vectors = embed_documents(lease.encoder, texts)
    return [
        Spoken(
            Hit(
                one.similarity,
                StoredPassage(
                    review_id=one.review_id,
                    passage=one.passage,
                    title=one.title,
                    product=one.product,
                    original=one.text,
                    rating=one.rating,
                ),
            ),
            text,
            vector,
            one.sentiment,
            one.similarity,
        )
        for one, text, vector in zip(matches, texts, vectors, strict=True)
    ]


def _by_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return vectors that are the same of the same words, and have nothing in common else."""
    import numpy as np

    keys = [normalised(one) for one in texts]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.eye(len(places), dtype=np.float32)[[places[key] for key in keys]]
