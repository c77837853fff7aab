"""What to call a cluster: the words that it has and the others have not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from reviewlens.text.words import distinct_terms, terms_of

TERMS = 3
_WEAK = 0.3


def label_groups(
    documents: Sequence[Sequence[str]],
    groups: Sequence[int],
    *,
    weak: Mapping[int, frozenset[str]] | None = None,
    terms: int = TERMS,
    languages: Sequence[str] = (),
) -> list[tuple[str, ...]]:
    """Return the terms of each group, no two groups with the same.

    Class-based TF-IDF: how often a word, or pair of words in a row, stands in a group against how
    often in all, each review counted once for a term, so that one review that repeats itself does
    not name a group. Terms are taken by falling score, none that shares a word with one before it
    (`lamp` and `lamps` count as the same), and none of a single review where others are to be had.

    Args:
        documents: The content words of each review, in order.
        groups: The group of each review, numbered from 0 without a gap.
        weak: For a group the words that count little, such as those of its products' names.
        terms: How many; more only where two groups would have the same.
        languages: ISO 639-1 code of each review; that of most reviews of a group tells which words
            count as the same. None are English.

    Source:
        Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022.
        There a term counts as often as it occurs, and labels may repeat.
    """
    counts: list[Counter[str]] = [Counter() for _ in range(max(groups, default=-1) + 1)]
    spoken: list[Counter[str]] = [Counter() for _ in counts]
    for language, group in zip(languages, groups, strict=False):
        spoken[group][language] += 1
    for words, group in zip(documents, groups, strict=True):
        counts[group].update(set(terms_of(words)))
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    average = total.total() / max(1, len(counts))
    taken: set[tuple[str, ...]] = set()
    result = []
    for group, count in enumerate(counts):
        frail = (weak or {}).get(group, frozenset())
        ranked = _ranked(count, total, average, frail)
        language = max(spoken[group], key=spoken[group].__getitem__, default="")
        for most in range(terms, terms + len(counts) + 1):
            chosen = tuple(distinct_terms(ranked, most, language))
            if chosen not in taken:
                break
        while chosen in taken or not chosen:
            chosen = (*chosen, f"group {group}")
        taken.add(chosen)
        result.append(chosen)
    return result


def _ranked(
    count: Mapping[str, int], total: Mapping[str, int], average: float, weak: frozenset[str]
) -> list[str]:
    """Return terms by falling score, then those of a single review."""

    def key(term: str) -> tuple[bool, float, str]:
        score = count[term] * math.log(1 + average / total[term])
        share = sum(word in weak for word in term.split(" ")) / (term.count(" ") + 1)
        return count[term] == 1, -score * (1 - share * (1 - _WEAK)), term

    return sorted(count, key=key)
