"""Which words of a query the reviews have, as they are or but for a slip of the finger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from string import ascii_lowercase

from reviewlens.search.relevance import Relevance, Unmeasured
from reviewlens.search.relevance.words import terms
from reviewlens.store import ReviewStore
from reviewlens.text.review_words import languages_of_word
from reviewlens.text.words import stop_words

_WITH_A_WORD = 20
"""Reviews with a word at most whose language is looked at."""
_LEAST_LETTERS = 4
"""Of a word that may be a slip: with fewer nearly anything is one letter away from a word."""
_MOST_SLIPS = 40
"""Words that one may be a slip of at most."""


def known_words(
    words: Sequence[str],
    languages: Collection[str],
    store: ReviewStore,
    relevance: Relevance | Unmeasured | None,
) -> frozenset[str]:
    """Return those of some words that reviews in some languages have, or one a letter away.

    Reviews whose language could not be told count as well. Where words cannot be looked for, what
    relevance knows of the collection answers, by their first letters.

    Args:
        words: In lower case.
        languages: ISO 639-1 codes.
        store: Where the reviews are.
        relevance: The collection's.
    """
    weights = relevance.words.weights if isinstance(relevance, Relevance) else {}
    different = sorted(set(words))
    if not store.analyzer:
        found = {word for word in different if terms(word) <= weights.keys()}
    else:
        found = _met(different, languages, store)
    common = stop_words("en") if "en" in languages else frozenset()
    open_ = [word for word in different if word not in found and _may_be_slip(word)]
    meant = {word: set(slips(word)) for word in open_}
    found |= {word for word in open_ if meant[word] & common}
    near = {
        word: sorted(one for one in meant[word] if terms(one) <= weights.keys())[:_MOST_SLIPS]
        for word in open_
        if word not in found
    }
    wanted = sorted({one for some in near.values() for one in some})
    met = _met(wanted, languages, store) if store.analyzer and wanted else set(wanted)
    return frozenset(found | {word for word, some in near.items() if met.intersection(some)})


def are_usual(
    words: Sequence[str],
    languages: Collection[str],
    store: ReviewStore,
    relevance: Relevance | Unmeasured | None,
) -> bool:
    """Tell, without a detector of languages, that there is no doubt about some words.

    They begin as words of several reviews do, and none is a usual one of another language; or
    reviews have them all.

    Args:
        words: As for `known_words`, and the others too.
        languages: As there.
        store: As there.
        relevance: As there.
    """
    weights = relevance.words.weights if isinstance(relevance, Relevance) else {}
    if all(terms(word) <= weights.keys() and not languages_of_word(word) for word in words):
        return True
    different = sorted(set(words))
    return bool(store.analyzer) and _met(different, languages, store) >= set(different)


def languages_having(words: Sequence[str], store: ReviewStore) -> tuple[str, ...]:
    """Return the language in whose reviews the most of some words are; several where as many are.

    Returns:
        ISO 639-1 codes in order; none where no language has half of the words, or words cannot be
        looked for.
    """
    different = sorted(set(words))
    if not store.analyzer or not different:
        return ()
    found = store.search_words(different, _WITH_A_WORD, fields=("language",))
    counted = Counter(
        code for hits in found for code in {hit.passage.language for hit in hits} if code
    )
    most = max(counted.values(), default=0)
    return tuple(
        sorted(code for code, count in counted.items() if count == most >= len(different) / 2)
    )


def slips(word: str) -> Iterator[str]:
    """Yield what may be meant by a word with a letter too many, too few, wrong, or two swapped."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _may_be_slip(word: str) -> bool:
    """Tell whether a word is no usual one of another language, and long enough."""
    return word.isascii() and len(word) >= _LEAST_LETTERS and not languages_of_word(word)


def _met(words: Sequence[str], languages: Collection[str], store: ReviewStore) -> set[str]:
    """Return the words that are in reviews of some languages, or of none that is told."""
    found = store.search_words(words, _WITH_A_WORD, fields=("language",))
    wanted = {"", *languages}
    return {
        word
        for word, hits in zip(words, found, strict=True)
        if any(hit.passage.language in wanted for hit in hits)
    }
