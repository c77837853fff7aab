"""What single kinds of questions are answered with: values, products, months, two things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from reviewlens.asking.claims import Matter
from reviewlens.asking.spoken import Spoken, reviews_of
from reviewlens.document import agreed, counted
from reviewlens.ground.estimates import share
from reviewlens.results import iso_month

_MONEY = r"(?:dollars?|bucks?|cents?|usd|euros?|eur|pounds?|gbp)"
_SPAN = r"(?:minutes?|mins?|seconds?|secs?|hours?|hrs?|days?|nights?|weeks?|months?|years?|yrs?)"
_SIZE = (
    r"(?:feet|foot|ft|inch(?:es)?|cm|mm|meters?|metres?|km|miles?|kg|lbs?|ounces?|oz|grams?|ml|"
    r"liters?|litres?|gallons?|gb|mb|mbps|watts?|volts?|mph)"
)
_CLOCK = r"(?:am|pm|a\.m\.|p\.m\.|o'clock)"
_OTHER = r"(?:calories|percent|times|people|stars?|points?)"
_NUMBER = r"\d+(?:[.,:]\d+)*"
_SUM = rf"[$£€¥]\s?{_NUMBER}|{_NUMBER}\s?[£€]"
_SPELT = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|"
    r"half an|a few|several|a couple of)"
)
_AMOUNT = rf"(?:{_NUMBER}(?:\s?(?:-|–|to|or)\s?{_NUMBER})?|{_SPELT})[\s-]?"
_WANTED = (
    (
        r"cost|price|expensive|how much (?:is|are|do|does|did)|fee|charge|\bpay\b",
        rf"{_SUM}|{_AMOUNT}{_MONEY}\b",
    ),
    (r"what time|opening|open\b|close\b", rf"{_AMOUNT}{_CLOCK}|\b\d\d?:\d\d\b|24 ?h(?:ours?|rs?)?"),
    (r"how (?:long|soon|fast|quick|often)|since when|last\b", rf"{_AMOUNT}{_SPAN}\b"),
    (r"how (?:big|large|small|tall|wide|heavy|far)|size|weigh", rf"{_AMOUNT}{_SIZE}\b"),
)
"""What a question asks for, and what values answer it; any value where none of these."""
_ANY = rf"{_SUM}|{_NUMBER}\s?[%°]|{_AMOUNT}(?:{_MONEY}|{_SPAN}|{_SIZE}|{_CLOCK}|{_OTHER})\b"
_FEWEST = 5
"""Reviews that must speak of it before one side is said to outweigh the other."""


def values_in(text: str, question: str = "") -> list[str]:
    """Return the values that a statement names, as it names them: sums, times, sizes.

    Args:
        text: The statement.
        question: What is asked, which tells what kind of values are wanted.
    """
    wanted = next((what for asks, what in _WANTED if re.search(asks, question, re.I)), _ANY)
    return [" ".join(one.group().lower().split()) for one in re.finditer(wanted, text, re.I)]


def by_value(spoken: Sequence[Spoken], question: str) -> list[tuple[str, Matter]]:
    """Return the values that statements name, each with those that do, the most named first."""
    return _by(spoken, lambda one: values_in(one.text, question))


def by_product(spoken: Sequence[Spoken]) -> list[tuple[str, Matter]]:
    """Return the products that statements are about, each with those, the most first."""
    return _by(spoken, lambda one: [one.hit.passage.product] if one.hit.passage.product else [])


def by_month(spoken: Sequence[Spoken]) -> list[tuple[str, Matter]]:
    """Return the months that statements are from, each with those, in order."""
    return sorted(_by(spoken, lambda one: [month] if (month := month_of(one)) else []))


def month_of(one: Spoken) -> str:
    """Return the month of a statement as `2026-03`; empty where it is not known."""
    return iso_month(one.hit.passage.time)


def _by(
    spoken: Sequence[Spoken], names: Callable[[Spoken], Sequence[str]]
) -> list[tuple[str, Matter]]:
    some: dict[str, list[Spoken]] = defaultdict(list)
    for one in spoken:
        for name in dict.fromkeys(names(one)):
            some[name].append(one)
    found = [(name, Matter(tuple(own))) for name, own in some.items()]
    return sorted(found, key=lambda one: (-one[1].reviews, one[0]))


def weighed(spoken: Sequence[Spoken]) -> str:
    """Return how many of some reviews praise and how many blame, and which outweighs."""
    praise, sided = _sides(spoken)
    blame, total = sided - praise, len(reviews_of(spoken))
    sides = (
        f"{praise:,} {agreed(praise, 'praises', 'praise')} it ({praise / max(1, total):.0%}), "
        f"{blame:,} {agreed(blame, 'complains', 'complain')} ({blame / max(1, total):.0%})"
    )
    if praise + blame < _FEWEST:
        return f"{sides}: too few to say which outweighs"
    part = share(praise, praise + blame)
    if part.low > 0.5:
        return f"{sides}: more praise than complaint"
    if part.high < 0.5:
        return f"{sides}: more complaint than praise"
    return f"{sides}: for and against are about even"


def changed(spoken: Sequence[Spoken]) -> str:
    """Return how the praise of what some reviews speak of changed from the first half to the last.

    Empty where fewer than ten of them have a date.
    """
    dated = sorted(
        (one for one in spoken if month_of(one)), key=lambda one: one.hit.passage.time or 0
    )
    if len(reviews_of(dated)) < 2 * _FEWEST:
        return ""
    halves = dated[: len(dated) // 2], dated[len(dated) // 2 :]
    (before, first), (after, last) = (_sides(half) for half in halves)
    span = month_of(halves[1][0])
    if not first or not last:
        return f"before and since {span} too few praise or complain to tell a change"
    shares = share(before, first), share(after, last)
    words = f"before {span} {before / first:.0%} of those with a side praise it, since then " \
            f"{after / last:.0%} ({counted(first, 'review')} and {last:,})"  # fmt: skip
    apart = shares[0].high < shares[1].low or shares[1].high < shares[0].low
    better = "better" if after / last > before / first else "worse"
    return f"{words}: {f'it got {better}' if apart else 'no change that is more than chance'}"


def _sides(some: Sequence[Spoken]) -> tuple[int, int]:
    """Return how many reviews praise, and how many praise or blame."""
    praise = len(reviews_of([one for one in some if one.praises]))
    return praise, praise + len(reviews_of([one for one in some if one.blames]))
