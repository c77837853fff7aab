"""Figures in words, the same in each format."""

from __future__ import annotations

import unicodedata

from reviewlens.ground.estimates import Estimate

MOST_CHARACTERS = 320
"""Of a quote that is printed; the whole text is found by its id."""


def percent(share: Estimate) -> str:
    """Return a share and its interval: `28.6% (11.7–54.6)`."""
    return f"{share.value:.1%} ({share.low * 100:.1f}–{share.high * 100:.1f})"


def points(change: Estimate) -> str:
    """Return a difference of shares in percentage points: `+12.3 (−4.0 to +20.1)`."""
    return _signed(change.value * 100, change.low * 100, change.high * 100, places=1)


def stars(mean: Estimate | None) -> str:
    """Return mean stars and their interval, `none` without."""
    return "none" if mean is None else f"{mean.value:.2f} ({mean.low:.2f}–{mean.high:.2f})"


def more_stars(change: Estimate) -> str:
    """Return a difference of mean stars."""
    return _signed(change.value, change.low, change.high, places=2)


def ratio(times: Estimate) -> str:
    """Return a ratio as a difference in percent."""
    return _signed(*((one - 1) * 100 for one in (times.value, times.low, times.high)), places=0)


def sure(difference: Estimate, nothing: float = 0.0) -> bool:
    """Tell whether the interval leaves out that nothing has changed."""
    return not difference.low <= nothing <= difference.high


def count(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line, cut between words, without characters that cannot be seen.

    Control characters and those that turn the direction of writing could make a page show
    something else than the text says.
    """
    spaced = " ".join(text.split())
    line = "".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN)
    for turning in _TURNING:
        line = line.replace(turning, "")
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + " …"


_UNSEEN = ("Cc", "Cs")
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _signed(value: float, low: float, high: float, *, places: int) -> str:
    def one(figure: float) -> str:
        figure = round(figure, places)
        return f"{'−' if figure < 0 else '+' if figure > 0 else ''}{abs(figure):.{places}f}"

    return f"{one(value)} ({one(low)} to {one(high)})"
