"""The reviews that say what a text says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.encoders import Embed, Encoder, embed_queries
from reviewlens.errors import InputError
from reviewlens.search.highlights import matching_words
from reviewlens.search.languages import (
    is_unread,
    language_notes,
    query_language,
    unread_query,
)
from reviewlens.search.matches import Matches
from reviewlens.search.modes import (
    Mode,
    chosen_modes,
    codes_of,
    find_reviews,
    reachable_scores,
)
from reviewlens.search.polarity import Preference, by_side, pool_size
from reviewlens.search.relevance import Floored, NoFloor, Words
from reviewlens.search.reviews import (
    SHOWN,
    check_request,
    match_of,
)
from reviewlens.search.sentences import matching_sentences
from reviewlens.search.strength import check_readable, considered, judge_hits, judge_words
from reviewlens.store import Filters, Hit, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def search(
    store: ReviewStore,
    encoder: Encoder,
    queries: Sequence[str],
    *,
    n: int = 10,
    mode: Mode | None = None,
    filters: Filters | None = None,
    min_similarity: float | None = None,
    explain: bool = False,
    prefer: Preference | None = None,
    floor: Floored | NoFloor | None = None,
    embed: Embed | None = None,
) -> list[Matches]:
    """Return for each query the reviews that say what it says.

    Args:
        store: Where the reviews are.
        encoder: The collection's encoder.
        queries: Texts; each is answered alone.
        n: Reviews for each query at most; a review counts once however many of its passages match.
        mode: By meaning, by words or by both; None for both where there is keyword search.
        filters: Which reviews may be found.
        min_similarity: Smallest cosine similarity that counts as an answer, -1..1.
        explain: Find the sentence that matched best in each review.
        prefer: Prefer reviews that praise, or that complain.
        floor: The collection's; what decides where `min_similarity` is None.
        embed: Embeds the queries; None for the encoder itself.

    Raises:
        InputError: A query is empty, or `n` is out of range.
        UnknownTokens: The encoder does not know most tokens of a query.
        UnreadLanguages: A side is preferred of a query that the encoder does not read.
        Unsupported: `keyword` is wanted of a collection without keyword search.
    """
    check_request(queries, n)
    if not queries:
        return []
    languages = [query_language(query, encoder, store, floor) for query in queries]
    unread = [is_unread(language, encoder, store) for language in languages]
    if prefer is not None and prefer.polarity != "auto" and any(unread):
        raise unread_query(languages[unread.index(True)], encoder, store, "a polarity")
    modes, told = chosen_modes(store, mode, queries, unread=unread)
    unknown = check_readable(queries, modes, encoder, store)
    notes = [
        (*one, *other, *language_notes(language, encoder, store, by_words=used == "keyword"))
        for one, other, language, used in zip(told, unknown, languages, modes, strict=True)
    ]
    vectors = embed(queries) if embed is not None else embed_queries(encoder, queries)
    fields = (*SHOWN, "text") if explain else SHOWN
    if prefer is not None and mode == "keyword":
        raise InputError(
            "a search by words alone has no similarity that a side could be weighed against; "
            "wanted the mode dense or hybrid with a polarity"
        )
    sides = [
        None if prefer is None or foreign else prefer.side(vector)
        for vector, foreign in zip(vectors, unread, strict=True)
    ]
    if any(sides):
        fields = (*fields, "vector")
    wanted = pool_size(n) if any(sides) else considered(n, floor)
    words = floor.floor.words if isinstance(floor, Floored) else None
    found = find_reviews(store, queries, vectors, modes, wanted, filters, fields, words)
    answers = []
    for query, vector, hits, used, side, known, foreign in zip(
        queries, vectors, found, modes, sides, notes, unread, strict=True
    ):
        read: dict[str, float] = {}
        if prefer is not None and side is not None:
            leaning = by_side(hits, prefer.liking, side)
            hits = [hit for hit, _ in leaning]
            read = {hit.passage.review_id: liking for hit, liking in leaning}
        if foreign and mode is None and used == "dense":  # nor can it be looked for by its words
            hits = []
        if foreign and used == "keyword":
            verdict = judge_words(hits, n, reachable_scores(store, [query], filters)[0])
        else:
            verdict = judge_hits(
                query,
                vector,
                hits,
                n,
                floor=floor,
                min_similarity=min_similarity,
            )
        kept = verdict.hits
        matches = [
            # Of a query that is not read the words alone tell, and how surely they do nobody knows.
            match_of(
                hit,
                liking=read.get(hit.passage.review_id),
                strength=None if foreign else strength,
            )
            for hit, strength in zip(kept, verdict.strengths, strict=True)
        ]
        if explain:
            codes = query.split() if foreign else codes_of(query) if used != "dense" else []
            sentences = _sentences(query, vector, kept, encoder, codes)
            telling = matching_words(query, sentences, encoder, words or Words({}))
            matches = [
                replace(match, sentence=sentence, words=own)
                for match, sentence, own in zip(matches, sentences, telling, strict=True)
            ]
        answers.append(
            Matches(
                query,
                bool(matches),
                tuple(matches),
                verdict.floor,
                notes=(*encoder.notes, *known, *verdict.notes),
                mode=used,
                side=side,
                nearest=verdict.nearest,
                calibration=verdict.figures,
            )
        )
    return answers


def _sentences(
    query: str,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    encoder: Encoder,
    codes: Sequence[str],
) -> list[str]:
    """Return what each hit says of a query: its nearest statement, or a sentence with a code."""
    if codes or any(hit.span is None for hit in hits):
        passages = [hit.passage for hit in hits]
        return matching_sentences(query, vector, passages, encoder, codes=codes)
    return [hit.passage.text[slice(*hit.span)] for hit in hits if hit.span is not None]
