"""Reviews into passages that fit the encoder's window; nothing is cut off in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.errors import InputError
from reviewlens.reading.model import TEXT_BYTES, Passage, Rejected, Review
from reviewlens.text.support import SUPPORT

# The tokens of each text and how many of them are unknown: what an encoder's count_tokens gives.
CountTokens = Callable[[Sequence[str]], Sequence[tuple[int, int]]]

_NO_LIMIT = 2**31 - 1
# Where Unicode's rules see a sentence end and a reader does not: a title, a short form, an initial;
# the language is not asked, as those of one are no words of another.
_SHORT_FORMS = "|".join(form for one in SUPPORT.values() for form in one.short_forms.split())
_ABBREVIATION = re.compile(
    rf"(?:(?:^|[\s(])[^\W\d_]|(?:^|[\s('’])(?:{_SHORT_FORMS}))\.$", re.IGNORECASE
)
_LONGEST_FORM = 20
# And where a reader sees one and the rules do not: dots in one character before a capital letter.
_ELLIPSIS = re.compile(r"…[\"'”’»)\]]*\s+(?=(\w))")
# 「…。」と: what was said, and that it was said.
_QUOTED = re.compile(r"[。！？!?][」』]$")
_SAID = ("と", "って")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLimits:
    """How many tokens a review may have, and what becomes of one longer than the window.

    Attributes:
        minimum: Fewer are rejected.
        maximum: More are rejected.
        long: `split` cuts at sentence ends and embeds all of it; `truncate` embeds the beginning.
    """

    minimum: int = 1
    maximum: int = 8_000
    long: Literal["split", "truncate"] = "split"

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.maximum:
            raise InputError(
                f"The token limits are {self.minimum} to {self.maximum}; the lower must not be "
                "negative, nor above the upper."
            )


def split_reviews(
    reviews: Sequence[Review],
    *,
    limits: TokenLimits,
    window: int,
    count_tokens: CountTokens,
    count_for_limits: CountTokens | None = None,
) -> list[tuple[Passage, ...] | Rejected]:
    """Filters reviews by their length in tokens and cuts the long ones into passages.

    What is counted and cut is `Review.embedded`; one of nothing but white space has no tokens.

    Args:
        reviews: As read.
        limits: What is let through, and how a long review is treated.
        window: Tokens that the encoder embeds of one text.
        count_tokens: The encoder's own; called once for all reviews, and then for the long ones.
        count_for_limits: Counts for the limits alone, when these are in other tokens.

    Returns:
        For each review, in order: its passages, numbered from 0, or why it was not taken. Passages
        put together give all of the review but white space where it was cut.
    """
    texts = [review.embedded for review in reviews]
    counts = _count(texts, count_tokens)
    measures = counts if count_for_limits is None else _count(texts, count_for_limits)
    results: list[tuple[Passage, ...] | Rejected] = []
    for review, count, (measure, _) in zip(reviews, counts, measures, strict=True):
        if (rejected := _outside(review, measure, limits)) is not None:
            results.append(rejected)
            continue
        if count[0] > window and limits.long == "split":
            passages = split_text(review.embedded, window, count_tokens)
        else:
            passages = (_passage(0, review.embedded, count, window),)
        results.append(_oversized(review, passages) or passages)
    return results


def split_text(text: str, window: int, count_tokens: CountTokens) -> tuple[Passage, ...]:
    """Cut a text at sentence ends, or where it must be, into passages that fit the window.

    Args:
        text: Longer than the window.
        window: Tokens that the encoder embeds of one text.
        count_tokens: The encoder's own.

    Returns:
        The passages, numbered from 0; put together they give the text but white space.
    """
    from semantic_text_splitter import TextSplitter

    splitter = TextSplitter.from_callback(lambda piece: count_tokens([piece])[0][0], window)
    pieces = splitter.chunks(text)
    return tuple(
        _passage(number, piece, count, window)
        for number, (piece, count) in enumerate(zip(pieces, count_tokens(pieces), strict=True))
    )


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, by Unicode's rules for sentence ends; a line end is one too.

    Short forms of several languages (`Dr.`, `z. B.`, `p. ej.`: `support.py`) do not end a sentence,
    nor does what is quoted in Japanese before the と of who says it; `…` before a capital letter
    does.

    Returns:
        The sentences in order, without white space around them; none is empty.

    Source: Unicode Standard Annex 29, https://www.unicode.org/reports/tr29/#Sentence_Boundaries
    """
    from semantic_text_splitter import TextSplitter

    # A capacity that is full from the first character on: each chunk is one unit of the highest
    # level, which is the sentence where a text has no line ends.
    splitter = TextSplitter((1, _NO_LIMIT), trim=False)
    sentences: list[str] = []
    for line in text.splitlines():
        pending = ""
        for piece in splitter.chunks(line):
            if pending and not _goes_on(pending.rstrip(), piece):
                sentences += _by_ellipses(pending)
                pending = ""
            pending += piece
        sentences += _by_ellipses(pending)
    return [sentence for piece in sentences if (sentence := piece.strip())]


def _goes_on(sentence: str, rest: str) -> bool:
    """Tell whether a sentence is not at its end, although Unicode's rules say so."""
    quoted = rest.startswith(_SAID) and bool(_QUOTED.search(sentence, len(sentence) - 2))
    return quoted or ends_shortened(sentence)


def ends_shortened(text: str) -> bool:
    """Tell whether a text ends with a short form such as `Dr.`, which ends no sentence."""
    return bool(_ABBREVIATION.search(text, max(0, len(text) - _LONGEST_FORM)))


def _by_ellipses(sentence: str) -> Iterator[str]:
    start = 0
    for dots in _ELLIPSIS.finditer(sentence):
        if dots[1].isupper():
            yield sentence[start : dots.end()]
            start = dots.end()
    yield sentence[start:]


def _count(texts: Sequence[str], count_tokens: CountTokens) -> list[tuple[int, int]]:
    counts = count_tokens(texts)
    return [count if text.strip() else (0, 0) for text, count in zip(texts, counts, strict=True)]


def _passage(number: int, text: str, count: tuple[int, int], window: int) -> Passage:
    tokens, unknown = count
    return Passage(
        number=number,
        text=text,
        tokens=tokens,
        tokens_embedded=min(tokens, window),
        tokens_unknown=unknown,
    )


def _outside(review: Review, tokens: int, limits: TokenLimits) -> Rejected | None:
    if tokens < limits.minimum:
        reason, bound = "too_short", f"at least {limits.minimum} are wanted"
    elif tokens > limits.maximum:
        reason, bound = "too_long", f"at most {limits.maximum} are taken"
    else:
        return None
    if not review.embedded and (written := review.original.strip()):
        return _rejected(review, reason, f"The text is {written[:40]!r}, which says nothing.")
    return _rejected(review, reason, f"The review has {tokens} tokens; {bound}.")


def _oversized(review: Review, passages: tuple[Passage, ...]) -> Rejected | None:
    # Few tokens can be many bytes: a word of 60,000 letters is one.
    size = max(len(passage.text.encode()) for passage in passages)
    if size <= TEXT_BYTES:
        return None
    detail = f"A passage has {size:,} bytes; at most {TEXT_BYTES:,} can be stored."
    return _rejected(review, "too_large", detail)


def _rejected(review: Review, reason: str, detail: str) -> Rejected:
    return Rejected(review.location, "text", reason, detail, review.raw)
