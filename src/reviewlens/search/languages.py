"""Queries in a language that the encoder does not read, or that no review is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from reviewlens.encoders import Encoder, languages_of, word_pieces
from reviewlens.errors import UnknownTokens, UnreadLanguages
from reviewlens.search.known_words import are_usual, known_words, languages_having
from reviewlens.search.modes import Mode
from reviewlens.search.relevance import Relevance, Unmeasured
from reviewlens.search.relevance.words import terms
from reviewlens.settings import ANY_LANGUAGE
from reviewlens.store import Filters, ReviewStore
from reviewlens.store.filters import any_of
from reviewlens.store.languages import unread_of
from reviewlens.text.foreign import foreign_languages, words_of
from reviewlens.text.languages import detect_languages, named, unread_words
from reviewlens.text.scripts import languages_of_script

_FEWEST_WORDS = 3
"""Of a query in Latin letters, whose language fewer do not tell surely enough."""
MOST_UNKNOWN = 0.5
"""Share of a query's tokens that the encoder may not know."""
REBUILT = "reindex --encoder multilingual"
"""What gives a collection, which is bound to its encoder, one that reads more."""
_UNREADABLE = 0.1  # share of the reviews' tokens; an ingest takes more only when it is forced to
_LOOKED_AT = 500
_MOST_NAMED = 2
"""Languages that a query of few words may be in, where reviews in them have its words."""


def languages_read(
    encoder: Encoder, store: ReviewStore | None, told: Collection[str] = ()
) -> frozenset[str]:
    """Return the languages that an encoder reads; none where nobody says.

    Args:
        encoder: Says so, unless the user does or has done.
        store: Where it has been said before.
        told: What the user says now.
    """
    before = () if store is None else store.languages.read
    return frozenset(told) or frozenset(before) or languages_of(encoder)


def query_language(
    query: str, encoder: Encoder, store: ReviewStore, relevance: Relevance | Unmeasured | None
) -> str:
    """Return the language of a query that the encoder does not read, or the reviews are not in.

    Args:
        query: What is asked.
        encoder: Says what it reads, unless the collection does.
        store: The collection.
        relevance: Says what the reviews are in, and which words they have.

    Returns:
        An ISO 639-1 code; empty where the language is both, or cannot be told surely.
    """
    own = relevance.languages if isinstance(relevance, Relevance) else ()
    read = languages_read(encoder, store) - {ANY_LANGUAGE}
    usual = own or tuple(read)
    written = languages_of_script(query)
    if not usual or (not written and len(query.split()) < _FEWEST_WORDS):
        return ""
    foreign = written and {*written}.isdisjoint({*own, *read})
    if not foreign and isinstance(relevance, Relevance) and relevance.words.known(terms(query)):
        return ""
    code = detect_languages([query], dict.fromkeys(usual, 1 / len(usual)))[0]
    unread = unread_of([code], read)
    return code if code and (unread or (own and code not in own)) else ""


def require_read(
    query: str,
    encoder: Encoder,
    store: ReviewStore,
    relevance: Relevance | Unmeasured | None,
    what: str,
) -> None:
    """Refuse a query in a language that the encoder does not read, see `query_language`.

    Args:
        query: What is asked.
        encoder: As there.
        store: The collection.
        relevance: As there.
        what: What goes by meaning alone.

    Raises:
        UnreadLanguages: It is in such a one.
    """
    code = query_language(query, encoder, store, relevance)
    if is_unread(code, encoder, store):
        raise unread_query(code, encoder, store, what)


def is_unread(code: str, encoder: Encoder, store: ReviewStore) -> bool:
    """Tell whether the encoder does not read a language; one that is not known it does."""
    return bool(code and unread_of([code], languages_read(encoder, store)))


def unread_query(code: str, encoder: Encoder, store: ReviewStore, what: str) -> UnreadLanguages:
    """Return the error of a query that is not read, where `what` goes by meaning alone."""
    read = " and ".join(map(named, sorted(languages_read(encoder, store))))
    return UnreadLanguages(
        f"{encoder.name} does not read {named(code)}, which the query is taken for, and {what} "
        f"goes by meaning: ask in {read}"
    )


def unread_notes(store: ReviewStore, filters: Filters | None, what: str) -> tuple[str, ...]:
    """Return how many reviews the encoder does not read, by language; nothing where it reads all.

    Args:
        store: Where they are.
        filters: Which reviews are asked about.
        what: What becomes of those that it does not read.
    """
    counted = _unread_counts(store, filters)
    are = "it is" if counted.total() == 1 else "they are"
    return (f"{unread_words(counted, store.pin.encoder)}: {are} {what}.",) if counted else ()


def _unread_counts(store: ReviewStore, filters: Filters | None) -> Counter[str]:
    codes = store.languages.unread
    if not codes:
        return Counter()
    pages = store.rows(("language",), filters, base=f"passage == 0 and {any_of('language', codes)}")
    return Counter(row.language for page in pages for row in page)


def none_read(store: ReviewStore, filters: Filters | None, *, by_words: bool = False) -> str:
    """Return why no review can be found by meaning; empty where the encoder reads one.

    Args:
        store: Where they are.
        filters: Which reviews are asked about.
        by_words: Whether they are looked for by their words.
    """
    if store.count(filters, base=store.readable_heads):
        return ""
    unread = _unread_counts(store, filters)
    if not unread:
        return "No review matches the filters." if filters else "No review is stored."
    several = unread.total() > 1
    whose = ", ".join(f"{named(code)} {count:,}" for code, count in unread.most_common())
    are = (
        f"None of the {unread.total():,} reviews selected ({whose}) is read by {store.pin.encoder}"
        if several
        else f"The one review selected ({named(*unread)}) is not read by {store.pin.encoder}"
    )
    if by_words:
        alone = "they are looked for by their words" if several else "it is looked for by its words"
        return f"{are}: {alone} alone."
    if not store.analyzer:
        return f"{are}, nor can {'they' if several else 'it'} be found by words: {REBUILT}."
    found = "they are found by words" if several else "it is found by its words"
    return f"{are}; {found}: search --mode keyword."


def language_notes(
    code: str, encoder: Encoder, store: ReviewStore, *, by_words: bool
) -> tuple[str, ...]:
    """Return what is to be said of a query in such a language; nothing of any other.

    Args:
        code: As `query_language` returned it.
        encoder: As there.
        store: Says which languages the reviews are in.
        by_words: Whether the query is looked for by its words.
    """
    if not code:
        return ()
    if is_unread(code, encoder, store):
        which = " and ".join(map(named, sorted(languages_read(encoder, store))))
        does = f"{encoder.name} does not read {named(code)}, which the query is taken for"
        if by_words:
            return (f"{does}: it is looked for by its words alone, and no similarity counts.",)
        if not store.analyzer:
            lacking = f"nor can it be looked for by its words: {store.lacking_keywords}"
            return (f"{does}, {lacking}. Ask in {which}, or {REBUILT}.",)
        return (f"{does}: ask in {which}, or by words with --mode keyword.",)
    return (f"The query is taken for {named(code)}, in which there is hardly a review.",)


def guess_notes(
    query: str,
    encoder: Encoder,
    store: ReviewStore,
    relevance: Relevance | Unmeasured | None,
    *,
    by_words: bool = False,
) -> tuple[str, ...]:
    """Return what is to be said of a query that looks like another language, but for few words.

    Args:
        query: One of which `query_language` says nothing.
        encoder: As there.
        store: The collection.
        relevance: As there.
        by_words: Whether the query is looked for by its words alone.
    """
    own = relevance.languages if isinstance(relevance, Relevance) else ()
    read = languages_read(encoder, store) - {ANY_LANGUAGE}
    usual = read.intersection(own) or read or frozenset(own)
    if not usual or are_usual(words_of(query), usual, store, relevance):
        return ()
    codes = foreign_languages(
        query,
        usual,
        lambda words: known_words(words, usual, store, relevance),
        word_pieces(encoder, read),
    )
    if codes is None:
        return ()
    having = [code for code in languages_having(words_of(query), store) if code not in usual]
    if 0 < len(having) <= _MOST_NAMED:
        codes = tuple(code for code in codes if code in having) or tuple(having)
    which = " and ".join(map(named, sorted(usual)))
    like = (
        f"looks like {' or '.join(map(named, codes))}" if codes else f"does not look like {which}"
    )
    if not read or (codes and not unread_of(codes, read)):
        lacks = "in which there is hardly a review" if codes else "which the reviews are in"
        return (f"The query {like}, {lacks}.",)
    reads = f"which {encoder.name} does not read" if codes else f"and {encoder.name} reads no other"
    if by_words:
        return (f"The query {like}, {reads}: it is looked for by its words alone.",)
    return (
        f"The query {like}, {reads}: what is found by meaning may have little to do with it. Ask "
        f"in {which}, or {REBUILT}.",
    )


def check_readable(
    queries: Sequence[str], modes: Sequence[Mode], encoder: Encoder, store: ReviewStore
) -> list[tuple[str, ...]]:
    """Refuse a query that the encoder cannot read: its vector would be nonsense.

    Returns:
        For each query a note where it cannot be read, nor can the reviews, which were taken all
        the same (`--force`).

    Raises:
        UnknownTokens: Most of its tokens are unknown.
    """
    notes: list[tuple[str, ...]] = []
    unreadable: bool | None = None
    for query, mode, count in zip(queries, modes, encoder.count_tokens(queries), strict=True):
        notes.append(())
        if mode != "keyword" and count.unknown > MOST_UNKNOWN * count.tokens:
            if unreadable is None:
                unreadable = _unreadable(store)
            if unreadable:
                notes[-1] = (
                    f"{encoder.name} does not know most tokens of {query!r}, nor of the reviews: "
                    "what is found has little to do with it.",
                )
                continue
            raise UnknownTokens(
                f"{encoder.name} does not know {count.unknown} of the {count.tokens} tokens of "
                f"{query!r} (at most half is wanted), so that it would find nonsense: ask in a "
                "language that it knows, by words with --mode keyword, or rebuild the collection "
                f"with a multilingual model: {REBUILT}"
            )
    return notes


def _unreadable(store: ReviewStore) -> bool:
    """Tell whether the encoder does not know many of the reviews' own tokens."""
    keys = store.passage_ids(Filters(), base="passage == 0")
    rows = store.get(keys[:: max(1, len(keys) // _LOOKED_AT)], ("tokens", "tokens_unknown"))
    tokens = sum(row.tokens for row in rows.values())
    return sum(row.tokens_unknown for row in rows.values()) > _UNREADABLE * tokens
