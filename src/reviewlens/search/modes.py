"""Finding reviews by meaning, by words, or by both."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from reviewlens.errors import InputError, Unsupported
from reviewlens.search.fusion import CODE_WEIGHT, DENSE_WEIGHT, fuse, pool_size
from reviewlens.search.relevance import Words, word_scores
from reviewlens.search.reviews import widened
from reviewlens.search.statements import (
    QUERIES_AT_ONCE,
    STATEMENTS,
    completed,
    in_order,
    nearest_saying,
    nearest_statement,
    passages_for,
)
from reviewlens.store import Filters, Hit, KeywordHit, ReviewStore, passage_id
from reviewlens.text.cjk import chinese

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Mode = Literal["dense", "keyword", "hybrid"]
"""By meaning, by words (BM25), by both."""
MODES: tuple[Mode, ...] = get_args(Mode)

_RUN = re.compile(r"[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*")
_LONG_NUMBER = 4
_COUNTED = re.compile(r"\d+(?:st|nd|rd|th|s)|\d+\.\d\d?|\d\d[-/]\d\d", re.IGNORECASE)
"""What people count, date and pay: 3rd, 90s, 18.88, 20-30."""
_WORDS_AT_ONCE = 1_000


def codes_of(query: str) -> list[str]:
    """Return what in a query is like a product's number: XJ-900, E04, B0012XYZ, 4711.

    An encoder has no vector of its own for these; their letters have to be looked for.
    """
    codes = []
    for run in _RUN.findall(query):
        digits = sum(character.isdigit() for character in run)
        letters = any(character.isalpha() for character in run)
        if digits and (letters or digits >= _LONG_NUMBER) and not _COUNTED.fullmatch(run):
            codes.append(run)
    return codes


def dense_weight(query: str) -> float:
    """Return the weight of similarity in a hybrid search for a query."""
    return CODE_WEIGHT if codes_of(query) else DENSE_WEIGHT


def chosen_modes(
    store: ReviewStore, mode: Mode | None, queries: Sequence[str], *, unread: Sequence[bool] = ()
) -> tuple[list[Mode], list[tuple[str, ...]]]:
    """Return how each query is to be answered, and for each what the user should know of it.

    Args:
        store: Where the reviews are.
        mode: As the user gave it; None for `hybrid` where the collection has keyword search.
        queries: What is asked.
        unread: Of each query, whether the encoder does not read its language, so that words alone
            can find it; by meaning such a query is asked only where the user says so.

    Raises:
        InputError: There is no such mode.
        Unsupported: `keyword` is wanted of a collection without keyword search.
    """
    if mode is not None and mode not in MODES:
        raise InputError(f"there is no search mode {mode!r}; wanted {', '.join(MODES)}")
    modes: list[Mode] = [
        mode or ("hybrid" if store.analyzer or codes_of(query) else "dense") for query in queries
    ]
    if mode in (None, "hybrid") and store.analyzer and any(unread):
        modes = [
            "keyword" if by_words else one for one, by_words in zip(modes, unread, strict=True)
        ]
    if store.analyzer or set(modes) == {"dense"}:
        return modes, [() for _ in queries]
    if mode == "keyword":
        raise Unsupported(store.lacking_keywords)
    note = f"Searched by meaning alone: {store.lacking_keywords}."
    return ["dense" for _ in queries], [() if one == "dense" else (note,) for one in modes]


def find_reviews(
    store: ReviewStore,
    queries: Sequence[str],
    vectors: NDArray[np.float32],
    modes: Sequence[Mode],
    n: int,
    filters: Filters | None,
    fields: Sequence[str],
    words: Words | None = None,
) -> list[list[Hit]]:
    """Return for each query the best passage of each of the `n` best reviews, best first.

    Args:
        store: Where the reviews are.
        queries: Texts.
        vectors: They, embedded, of shape (queries, dimension).
        modes: How each is to be answered.
        n: Reviews for each query.
        filters: Which reviews may be found.
        fields: Names from `schema.FIELDS`.
        words: Weights of the collection's words, by which those found are scored; None for what
            Milvus gives.
    """
    answers: list[list[Hit]] = [[] for _ in queries]
    for mode in MODES:
        own = [index for index, chosen in enumerate(modes) if chosen == mode]
        if not own:
            continue
        if mode == "dense":
            found = nearest_saying(store, vectors[own], n, filters, fields)
        else:
            found = []
            for start in range(0, len(own), QUERIES_AT_ONCE):
                part = own[start : start + QUERIES_AT_ONCE]
                asked = [queries[index] for index in part]
                found += _with_words(store, asked, vectors[part], mode, n, filters, fields, words)
        for index, hits in zip(own, found, strict=True):
            answers[index] = hits
    return answers


def _with_words(
    store: ReviewStore,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    mode: Mode,
    n: int,
    filters: Filters | None,
    fields: Sequence[str],
    weights: Words | None,
) -> list[list[Hit]]:
    """Find reviews by words or by both; long ones must not crowd out others, as in the dense."""
    if store.analyzer == "jieba":  # which takes marks for words
        texts = [_without_marks(text) for text in texts]
    reachable = [0.0] * len(texts)
    if mode == "hybrid" and weights is None:
        reachable = reachable_scores(store, texts, filters)
    needed = ("vector", *STATEMENTS, *(() if weights is None else ("text",)))
    asked = texts
    if mode == "hybrid" and weights is not None:
        # Milvus Lite looks at all passages that have a word, which for small ones are most.
        asked = [weights.telling(text) for text in texts]

    def ask(open_: list[int], times: int) -> list[tuple[list[Hit], bool]]:
        limit = times * pool_size(n)
        words = store.search_words([asked[index] for index in open_], limit, filters, fields=needed)
        if mode == "keyword":
            return [
                (by_words(hits, vectors[index]), len(hits) >= limit)
                for index, hits in zip(open_, words, strict=True)
            ]
        if weights is not None:
            for place, index in enumerate(open_):
                words[place], reachable[index] = _weighed(words[place], texts[index], weights)
        near = store.search(vectors[open_], times * passages_for(n), filters, fields=STATEMENTS)
        return [
            (
                by_both(
                    in_order(nearest_statement(hits, vectors[index])),
                    named,
                    vectors[index],
                    reachable=reachable[index],
                    weight=dense_weight(texts[index]),
                ),
                len(named) >= limit or len(hits) >= times * passages_for(n),
            )
            for index, hits, named in zip(open_, near, words, strict=True)
        ]

    return completed(widened(ask, len(texts), n), store, fields)


def _weighed(
    named: Sequence[KeywordHit], query: str, words: Words
) -> tuple[list[KeywordHit], float]:
    """Return what was found by words with scores by a collection's own weights, and their bound."""
    scores, most = word_scores(query, [hit.passage.text for hit in named], words)
    return [KeywordHit(score, hit.passage) for score, hit in zip(scores, named, strict=True)], most


def reachable_scores(
    store: ReviewStore, texts: Sequence[str], filters: Filters | None
) -> list[float]:
    """Return for each text a score that no passage can pass.

    It is what a passage would have that matched each of the words as well as the best one for that
    word does. A word that none has would be at least as rare as the rarest that one has.

    Args:
        store: Where the reviews are.
        texts: Queries.
        filters: Which reviews may be found.
    """
    split = [Counter(query_words(text, store.analyzer)) for text in texts]
    different = sorted({word for words in split for word in words})
    best: dict[str, float] = {}
    for start in range(0, len(different), _WORDS_AT_ONCE):
        asked = different[start : start + _WORDS_AT_ONCE]
        found = store.search_words(asked, 1, filters, fields=())
        best |= {word: hits[0].score for word, hits in zip(asked, found, strict=True) if hits}
    reachable = []
    for words in split:
        rarest = max((best.get(word, 0.0) for word in words), default=0.0)
        counted = sorted(words.items())
        reachable.append(sum(count * best.get(word, rarest) for word, count in counted))
    return reachable


def query_words(query: str, analyzer: str) -> list[str]:
    """Return the words of a query, about as Milvus takes it apart.

    Raises:
        MissingExtra: The analyzer is jieba, and the extra `cjk` is not installed.
    """
    if analyzer != "jieba":
        return re.findall(r"\w+", query.lower())
    return [word for word in chinese().cut(query.lower()) if any(map(str.isalnum, word))]


def _without_marks(query: str) -> str:
    """Return a query without its marks, but those inside of codes; of marks alone as it is."""
    around = f" {query} "
    kept = "".join(
        " "
        if unicodedata.category(letter)[0] in "PS"
        and not (_in_code(around[at]) and _in_code(around[at + 2]))
        else letter
        for at, letter in enumerate(query)
    )
    return kept if kept.strip() else query


def _in_code(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def by_words(named: Sequence[KeywordHit], vector: NDArray[np.float32]) -> list[Hit]:
    """Return what a keyword search found, with its similarity, best first.

    Args:
        named: With their vectors.
        vector: The query's.
    """
    hits = [
        replace(hit, keyword_score=one.score)
        for hit, one in zip(_placed(named, vector), named, strict=True)
    ]
    return sorted(hits, key=lambda hit: (-(hit.keyword_score or 0.0), *_tied(hit)))


def by_both(
    near: Sequence[Hit],
    named: Sequence[KeywordHit],
    vector: NDArray[np.float32],
    *,
    reachable: float,
    weight: float = DENSE_WEIGHT,
) -> list[Hit]:
    """Return what either search found in one ranking, best first.

    Args:
        near: By similarity.
        named: By words, with their vectors.
        vector: The query's.
        reachable: What no keyword score passes.
        weight: Of the similarity, 0..1.
    """
    words = {_key(hit): hit.score for hit in named}
    candidates = {_key(hit): hit for hit in near}
    others = [hit for hit in named if _key(hit) not in candidates]
    candidates |= {_key(hit): hit for hit in _placed(others, vector)}
    keys, hits = list(candidates), list(candidates.values())
    keyword_scores = [words.get(key, 0.0) for key in keys]
    scores = fuse(
        [hit.similarity for hit in hits], keyword_scores, reachable=reachable, weight=weight
    )
    fused = [
        replace(hit, score=score, keyword_score=keyword_score)
        for hit, score, keyword_score in zip(hits, scores, keyword_scores, strict=True)
    ]
    return sorted(fused, key=lambda hit: (-(hit.score or 0.0), *_tied(hit)))


def _placed(named: Sequence[KeywordHit], vector: NDArray[np.float32]) -> list[Hit]:
    """Return what was found by words with the similarity of its nearest statement."""
    hits = [Hit(_cosine(hit, vector), hit.passage) for hit in named]
    return nearest_statement(hits, vector)


def _key(hit: Hit | KeywordHit) -> str:
    return passage_id(hit.passage.review_id, hit.passage.passage)


def _tied(hit: Hit) -> tuple[float, str, int]:
    """Return what orders hits of the same score."""
    return -hit.similarity, hit.passage.review_id, hit.passage.passage


def _cosine(hit: KeywordHit, vector: NDArray[np.float32]) -> float:
    stored = hit.passage.vector
    if stored is None:
        raise ValueError("a keyword hit without its vector")
    return float(stored @ vector)
