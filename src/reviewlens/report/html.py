"""A report as one page: no scripts, nothing fetched, fit for paper, telephone and dark screens.

The page is a Jinja2 template with autoescape on, rather than strings put together here: then a
text from a review is escaped because nobody asked for anything else, and no place can forget it.
The page's own rule (Content-Security-Policy) forbids scripts and fetching besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewlens.report import phrases
from reviewlens.report.results import Report

_TEMPLATE = Path(__file__).with_name("page.html.jinja")
_WIDTH, _HEIGHT, _MARGIN = 120.0, 26.0, 3.0


def as_html(report: Report) -> str:
    """Return the page."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=phrases.percent,
        points=phrases.points,
        stars=phrases.stars,
        more_stars=phrases.more_stars,
        ratio=phrases.ratio,
        shortened=phrases.shortened,
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        report=report, line=line, bars=bars, sure=phrases.sure, count=phrases.count
    )


def line(values: Sequence[float | None], low: float = 0.0, high: float | None = None) -> str:
    """Return the path of a line through values, for SVG; a gap where there is none.

    Args:
        values: From left to right.
        low: Value at the bottom.
        high: Value at the top; the largest without.
    """
    top = high if high is not None else max((one for one in values if one is not None), default=1)
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(values) - 1)
    reach = (_HEIGHT - 2 * _MARGIN) / ((top - low) or 1)
    path, drawing = [], False
    for place, value in enumerate(values):
        if value is not None:
            x, y = _MARGIN + place * step, _HEIGHT - _MARGIN - (value - low) * reach
            # A dot of its own where a value stands between gaps.
            path.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}" + ("" if drawing else "h0"))
        drawing = value is not None
    return "".join(path)


def bars(now: Mapping[str, int], before: Mapping[str, int]) -> list[dict[str, float | int | str]]:
    """Return for each star, five first, counts and lengths of bars as shares of the period."""
    longest = max(
        [one / total for part in (now, before) if (total := sum(part.values()))
         for one in part.values()],
        default=0.0,
    )  # fmt: skip

    def length(part: Mapping[str, int], star: str) -> float:
        total = sum(part.values())
        return round(100 * part.get(star, 0) / total / longest, 1) if total and longest else 0.0

    return [
        {
            "star": star,
            "now": now.get(star, 0),
            "before": before.get(star, 0),
            "length": length(now, star),
            "length_before": length(before, star),
        }
        for star in "54321"
    ]
