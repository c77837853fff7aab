"""The reviews that say what a text says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.encoders import Embed, Encoder, embed_queries
from reviewlens.search.highlights import matching_words
from reviewlens.search.languages import (
    check_readable,
    guess_notes,
    is_unread,
    language_notes,
    none_read,
    query_language,
    unread_query,
)
from reviewlens.search.matches import Match, Matches
from reviewlens.search.modes import (
    Mode,
    chosen_modes,
    codes_of,
    find_reviews,
    reachable_scores,
)
from reviewlens.search.relevance import Relevance, Unmeasured, Words
from reviewlens.search.reviews import (
    SHOWN,
    check_request,
    match_of,
)
from reviewlens.search.sentences import matching_sentences
from reviewlens.search.sides import Side
from reviewlens.search.statements import STATEMENTS
from reviewlens.search.verdicts import Found, considered, judge_hits, judge_words
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
    side: Side | None = None,
    relevance: Relevance | Unmeasured | None = None,
    embed: Embed | None = None,
    language: str = "",
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
        explain: Mark the words of each statement that made the match.
        side: Prefer reviews that praise, or that complain; None for the side of each query.
        relevance: The collection's; what decides where `min_similarity` is None.
        embed: Embeds the queries; None for the encoder itself.
        language: That the queries are in, ISO 639-1; empty where they have to tell it themselves.

    Raises:
        InputError: A query is empty, or `n` is out of range.
        UnknownTokens: The encoder does not know most tokens of a query.
        UnreadLanguages: A side is preferred of a query that the encoder does not read.
        Unsupported: `keyword` is wanted of a collection without keyword search.
    """
    check_request(queries, n)
    if not queries:
        return []
    languages = [language or query_language(query, encoder, store, relevance) for query in queries]
    unread = [is_unread(language, encoder, store) for language in languages]
    if side is not None and any(unread):
        raise unread_query(languages[unread.index(True)], encoder, store, "a polarity")
    vectors = embed(queries) if embed is not None else embed_queries(encoder, queries)
    closed = _is_closed(store, vectors, filters)
    unread = [one or closed for one in unread]
    modes, told = chosen_modes(store, mode, queries, unread=unread)
    unknown = check_readable(queries, modes, encoder, store)
    notes = [
        (
            *one,
            *other,
            *(
                language_notes(language, encoder, store, by_words=used == "keyword")
                or guess_notes(query, encoder, store, relevance, by_words=used == "keyword")
            ),
        )
        for query, one, other, language, used in zip(
            queries, told, unknown, languages, modes, strict=True
        )
    ]
    fields: tuple[str, ...] = (*SHOWN, "text", *STATEMENTS)
    wanted = considered(n, relevance, side)
    words = relevance.words if isinstance(relevance, Relevance) else None
    found = find_reviews(store, queries, vectors, modes, wanted, filters, fields, words)
    answers = []
    for query, vector, hits, used, known, foreign in zip(
        queries, vectors, found, modes, notes, unread, strict=True
    ):
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
                # Of a query that is not read nobody knows how surely reviews say it.
                relevance=None if foreign else relevance,
                encoder=encoder,
                mode=used,
                min_similarity=min_similarity,
                side=side,
            )
        if closed or not hits:
            why = none_read(store, filters, by_words=used == "keyword")
            verdict = replace(verdict, notes=(*verdict.notes, why) if why else verdict.notes)
        codes = query.split() if foreign else codes_of(query) if used != "dense" else []
        telling = _Telling(query, vector, encoder, codes, words or Words({}), explain=explain)
        answers.append(
            Matches(
                query,
                bool(verdict.found),
                telling.matches(verdict.found),
                floor=min_similarity,
                near=telling.matches(verdict.near),
                opposite=telling.matches(verdict.opposite),
                notes=(*encoder.notes, *known, *verdict.notes),
                mode=used,
                side=verdict.side,
                nearest=verdict.nearest,
            )
        )
    return answers


def _is_closed(store: ReviewStore, vectors: NDArray[np.float32], filters: Filters | None) -> bool:
    """Tell whether filters leave reviews, if any, that the encoder does not read, and no other."""
    # Nothing is nearest to a vector: quicker than to count those that are read.
    return bool(filters and store.languages.unread) and not store.search(vectors[:1], 1, filters)[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Telling:
    """Makes the matches of a query.

    Attributes:
        query: As given.
        vector: It, embedded.
        encoder: The collection's.
        codes: What the query names by its letters.
        words: Weights of the collection's words.
        explain: Whether words of the statements are marked.
    """

    query: str
    vector: NDArray[np.float32]
    encoder: Encoder
    codes: Sequence[str]
    words: Words
    explain: bool

    def matches(self, found: Sequence[Found]) -> tuple[Match, ...]:
        """Return what a result tells of reviews that are shown."""
        sentences = self._sentences([one.hit for one in found])
        marked: Sequence[tuple[str, ...]] = [()] * len(found)
        if self.explain:
            said = [one or "" for one in sentences]
            marked = matching_words(self.query, said, self.encoder, self.words)
        return tuple(
            match_of(
                one.hit,
                sentence=sentence,
                words=words,
                probability=None if one.judgement is None else one.judgement.probability,
                strength=None if one.judgement is None else one.judgement.strength,
                sentiment=one.sentiment,
            )
            for one, sentence, words in zip(found, sentences, marked, strict=True)
        )

    def _sentences(self, hits: Sequence[Hit]) -> list[str | None]:
        """Return what each says of the query: its statement, or a sentence with a code."""
        known = [None if hit.span is None else hit.passage.text[slice(*hit.span)] for hit in hits]
        if self.codes or (self.explain and None in known):
            passages = [hit.passage for hit in hits]
            return [
                *matching_sentences(
                    self.query, self.vector, passages, self.encoder, codes=self.codes
                )
            ]
        return known
