"""Figures, stars and dates in words, the same in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewlens.ground.estimates import Estimate


def interval(figure: Estimate, form: str = ".1%") -> str:
    """Return a figure with its 95 % interval: `36.4% (30.0% to 43.2%)`."""
    return f"{figure.value:{form}} ({figure.low:{form}} to {figure.high:{form}})"


def share(figure: Estimate, *, details: bool = False) -> str:
    """Return a share, with its interval where details are asked for."""
    return interval(figure) if details else f"{figure.value:.1%}"


def mean_stars(mean: Estimate | None, *, details: bool = False) -> str:
    """Return mean stars: `4.5 stars`, with details `4.5 stars (3.9 to 5.0)`."""
    if mean is None:
        return "no stars"
    bounds = f" ({mean.low:.1f} to {mean.high:.1f})" if details else ""
    return f"{mean.value:.1f} stars{bounds}"


def stars(given: float | None) -> str:
    """Return the stars of one review, drawn, with the figure where it is no whole: `★★★☆☆ 3.2`."""
    if given is None:
        return "no stars"
    full = int(given + 0.5)
    exact = f"{given:.2g}"
    return "★" * full + "☆" * (5 - full) + ("" if exact == str(full) else f" {exact}")


def dates(first: str | None, last: str | None) -> str:
    """Return the days from the first to the last, empty without dates."""
    return "" if first is None else f"{first[:10]} to {(last or '')[:10]}"
