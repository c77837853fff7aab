"""Marks of a text that no distance tells: its language, its emptiness, its form, its product."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OWN_LANGUAGE_REVIEWS = 5
_OWN_LANGUAGE_SHARE = 0.01
_PRODUCT_REVIEWS = 20
_PRODUCT_LANGUAGE_SHARE = 0.9

_SPOKEN = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(
    r"https?://|www\.\w|[\w.+-]+@\w+\.\w|(?<![\w.])@[a-z]\w{3,}|\bt\.me/|\bwhats?app\b|\btelegram\b",
    re.IGNORECASE,
)
# What the longer patterns cannot do without, found ten times as fast.
_MAY_AUTOMATIC = re.compile(r"auto|reply|自", re.IGNORECASE)
_MAY_ADDRESS = re.compile(r"[@/]|www|what|tele", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\d\s?[$€£¥]|\b\d+ ?(?:dollars|euros?|usd|eur|gbp)\b|"
    r"\bfree\b|\bbonus\b|\bdiscount\b|\bgratis\b|\bgratuit|\bpromo",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"\b(?:automatic(?:ally)?|auto)[ -](?:generated|sent)|"
    r"\bdo not reply to this (?:e-?mail|message)|"
    r"\bautomatisch (?:erstellt|generiert|erzeugt|versendet)|"
    r"\b(?:généré|envoyé) automatiquement|"
    r"\b(?:generado|enviado) automáticamente|\bgenerato automaticamente|自动发送|自動送信",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\blorem ipsum\b|\b(?:insert|write|type) (?:your )?review here\b", re.I)
_LONG_RUN = re.compile(r"(\w)\1{7,}")
_NO_PROSE = re.compile(r"[\d#$%&()*+/:;<=>@\[\\\]^_`{|}~\"-]")
_MOST_SIGNS = 0.3
_PROSE_FROM = 60
_REPEATED = 0.4
_REPEATED_TIMES = 3


def own_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that a corpus is in, most reviews first.

    One is its own with five reviews and 1 % of those whose language is known, and the commonest
    always.
    """
    counts = Counter(language for language in languages if language)
    fewest = max(_OWN_LANGUAGE_REVIEWS, _OWN_LANGUAGE_SHARE * counts.total())
    ordered = sorted(counts, key=lambda language: (-counts[language], language))
    return tuple(
        language
        for place, language in enumerate(ordered)
        if place == 0 or counts[language] >= fewest
    )


def other_language(
    languages: Sequence[str], products: Sequence[str], own: Sequence[str]
) -> dict[int, str]:
    """Tell reviews that are in another language than the corpus, or than their product's reviews.

    A product has a language when it has twenty reviews, nine in ten of them in it.

    Args:
        languages: Of each review, empty where not known.
        products: Of each review, empty for none.
        own: The corpus's languages.

    Returns:
        By row, the reason in words.
    """
    counts = Counter(languages)
    of_product: dict[str, Counter[str]] = {}
    for language, product in zip(languages, products, strict=True):
        if language and product:
            of_product.setdefault(product, Counter())[language] += 1
    found: dict[int, str] = {}
    for row, (language, product) in enumerate(zip(languages, products, strict=True)):
        if not language:
            continue
        if language not in own:
            found[row] = (
                f"in {language}, as {counts[language]} of {len(languages)} reviews are; "
                f"the corpus is in {', '.join(own)}"
            )
        elif product:
            here = of_product[product]
            main, most = max(here.items(), key=lambda item: (item[1], item[0]))
            total = here.total()
            enough = total >= _PRODUCT_REVIEWS and most >= _PRODUCT_LANGUAGE_SHARE * total
            if enough and language != main:
                found[row] = (
                    f"in {language}, while {most} of {total} reviews of its product are in {main}"
                )
    return found


def is_empty(text: str, words: Callable[[], Sequence[str]]) -> bool:
    """Whether a text has hardly a word with content, such as `ok`, `10/10` or a thumb up.

    Args:
        text: As given.
        words: Gives its content words, if asked.
    """
    return len(text) < 40 and len(_SPOKEN.findall(text)) <= 3 and len(words()) <= 1


def boilerplate(text: str) -> str:
    """Return why a text is no review but an advert, a log, filler or a message, else ``""``."""
    if _FILLER.search(text):
        return "filler text"
    if _MAY_AUTOMATIC.search(text) and _AUTOMATIC.search(text):
        return "a message sent by a machine"
    if (
        _MAY_ADDRESS.search(text)
        and (address := _ADDRESS.search(text))
        and len(set(_MONEY.findall(text))) >= 2
    ):
        return f"an advert: an address ({address[0].strip()}…) and money"
    if len(text) >= _PROSE_FROM:
        signs = len(_NO_PROSE.findall(text)) / len(text)
        if signs > _MOST_SIGNS:
            return f"{signs:.0%} of its characters are digits and signs"
    if run := _LONG_RUN.search(text):
        return f"{run[1]} {len(run[0])} times in a row"
    words = [word.casefold() for word in _SPOKEN.findall(text)]
    if len(words) - len(set(words)) < max(_REPEATED_TIMES, _REPEATED * len(words)):
        return ""
    repeated = sum(
        word == words[place - 1]
        or (place >= 3 and words[place - 1 : place + 1] == words[place - 3 : place - 1])
        for place, word in enumerate(words)
        if place
    )
    if repeated >= _REPEATED_TIMES and repeated >= _REPEATED * len(words):
        return f"{repeated} of its {len(words)} words repeat the one or the two before"
    return ""


def product_margins(
    vectors: NDArray[np.float32], products: Sequence[str]
) -> tuple[NDArray[np.float64], tuple[str, ...], float]:
    """Tell how much nearer each review is to its own product's others than to another product's.

    Args:
        vectors: float32 of shape (texts, dimension), unit length; of distinct texts, lest copies
            pull a centre to them.
        products: Of each, empty for none.

    Returns:
        The similarity to the centre of its product, itself left out, less that to the nearest
        centre of another, NaN for a product of fewer than twenty; the other product, if the
        review is as near to it as the nearest quarter of that product's own, else empty; and the
        share of reviews that are nearest to their own product, NaN with fewer than two.
    """
    import numpy as np

    count = len(products)
    counts = Counter(product for product in products if product)
    names = sorted(name for name, n in counts.items() if n >= _PRODUCT_REVIEWS)
    margins, like = np.full(count, np.nan), [""] * count
    if len(names) < 2:
        return margins, tuple(like), float("nan")
    number = {name: place for place, name in enumerate(names)}
    own = np.array([number.get(product, -1) for product in products])
    sums = np.stack([vectors[own == place].sum(axis=0) for place in range(len(names))])
    centres = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    members = [np.flatnonzero(own == place) for place in range(len(names))]
    to_own = []
    for place, rows in enumerate(members):
        rest = sums[place] - vectors[rows]
        rest /= np.linalg.norm(rest, axis=1, keepdims=True)
        to_own.append((rest * vectors[rows]).sum(axis=1))
    usual = np.array([np.quantile(similarities, 0.75) for similarities in to_own])
    for place, rows in enumerate(members):
        to_others = vectors[rows] @ centres.T
        to_others[:, place] = -2
        best = to_others.argmax(axis=1)
        margins[rows] = to_own[place] - to_others.max(axis=1)
        for row, other, similarity in zip(rows, best, to_others.max(axis=1), strict=True):
            like[row] = names[other] if similarity >= usual[other] else ""
    return margins, tuple(like), float(np.mean(margins[own >= 0] > 0))
