"""A report as Markdown (GitHub's, for its tables), every text escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewlens.report.phrases import (
    MOST_CHARACTERS,
    count,
    more_stars,
    percent,
    points,
    ratio,
    shortened,
    stars,
)
from reviewlens.report.results import Report
from reviewlens.results import Quote

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#|~!&$@])")
_AT_START = re.compile(r"^(\s*)([-+=:])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")
_LINKS = re.compile(r"(://|\bwww\.)", re.IGNORECASE)
_KINDS = {
    "exact": "The same text",
    "near": "Nearly the same text",
    "meaning": "The same in other words",
}


def escaped(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line that Markdown shows as it is: no markup, HTML, table or link."""
    line = _MARKUP.sub(r"\\\1", shortened(text, most))
    line = _AT_START.sub(r"\1\\\2", line)
    line = _NUMBERED.sub(r"\1\\\2", line)
    return _LINKS.sub(lambda found: found[1].replace(":", "\\:").replace(".", "\\."), line)


def as_markdown(report: Report) -> str:
    """Return the report."""
    blocks = [
        f"# Reviews of {report.name}",
        f"{report.first} to {report.last}, against {report.name_before}. Collection "
        f"{escaped(report.collection)}, filters: {escaped(report.filters)}.",
        *([escaped(report.unread_note, 600)] if report.unread else []),
        "## Main points",
    ]
    for claim in report.claims:
        lines = [f"- {escaped(claim.text)}", *(f"  {_quoted(quote)}" for quote in claim.quotes)]
        blocks.append("\n".join(lines))
    blocks += ["## Volume and stars", _figures(report)]
    for title, parts in (("Product", report.products), ("Source", report.sources)):
        if parts:
            head = (title, "Reviews", report.name_before, "Share", "Mean stars")
            rows = [
                (escaped(one.name), f"{one.reviews:,}", f"{one.reviews_before:,}",
                 percent(one.share), stars(one.stars))
                for one in parts
            ]  # fmt: skip
            blocks.append(_table(head, rows))
    blocks += _themes(report)
    blocks += _news(report)
    blocks += _oddities(report)
    blocks.append("## How it was computed")
    blocks += [escaped(text, 2000) for text in report.method]
    blocks += [f"Note: {escaped(note, 600)}" for note in report.other_notes]
    return "\n\n".join(blocks) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _quoted(quote: Quote) -> str:
    about = [escaped(quote.review_id)]
    if quote.stars is not None:
        about.append(f"{round(quote.stars, 1):g} of 5")
    if quote.time is not None:
        about.append(quote.time[:10])
    return f"- “{escaped(quote.text)}” ({', '.join(about)})"


def _quotes(quotes: Sequence[Quote]) -> str:
    return "\n".join(map(_quoted, quotes))


def _figures(report: Report) -> str:
    a_day = "" if report.rate_ratio is None else f"{ratio(report.rate_ratio)} % a day"
    rows = [("Reviews", f"{report.reviews:,}", f"{report.reviews_before:,}", a_day)]
    change = "" if report.stars_change is None else more_stars(report.stars_change)
    rows.append(("Mean stars", stars(report.stars), stars(report.stars_before), change))
    rows += [
        (f"{star} of 5", f"{number:,}", f"{report.histogram_before.get(star, 0):,}", "")
        for star, number in reversed(list(report.histogram.items()))
    ]
    return _table(("", report.name, report.name_before, "Change"), rows)


def _themes(report: Report) -> list[str]:
    if not report.themes:
        return []
    rows = [
        (
            escaped(theme.label),
            f"{theme.reviews:,}",
            percent(theme.share),
            "–"
            if theme.change is None
            else points(theme.change) + (" **changed**" if theme.significant else ""),
            "–"
            if theme.since is None
            else f"{theme.since.period}: {theme.since.since.value:.1%}, "
            f"{theme.since.before.value:.1%} before",
            stars(theme.stars),
        )
        for theme in report.themes
    ]
    blocks = [
        "## Themes",
        _table(("Theme", "Reviews", "Share", "Change in points", "Since", "Mean stars"), rows),
    ]
    for theme in report.themes:
        blocks += [f"### {escaped(theme.label)}", _quotes(theme.quotes)]
    return blocks


def _news(report: Report) -> list[str]:
    news = report.news
    if news is None:
        return []
    blocks = ["## News since the themes were saved"]
    for one in news.emerging:
        blocks += [
            f"### Emerging: {escaped(one.label)}",
            f"{count(one.reviews, 'new review')}, {one.reviews_before:,} before; p {one.p:.2g}",
            _quotes(one.quotes),
        ]
    kinds = {"Growing": news.growing, "Shrinking": news.shrinking, "Vanished": news.vanished}
    for title, found in kinds.items():
        for change in found:
            blocks += [
                f"### {title}: {escaped(change.label)}",
                f"{percent(change.share)} of the new reviews, {percent(change.share_before)} of "
                f"those before; p {change.p_adjusted:.2g}",
                _quotes(change.quotes),
            ]
    if len(blocks) == 1:
        blocks.append("No theme emerges, grows, shrinks or has vanished beyond chance.")
    return [*blocks, *(escaped(note, 600) for note in news.notes)]


def _oddities(report: Report) -> list[str]:
    blocks = []
    if report.oddities:
        blocks.append(f"## Unlike the rest ({len(report.oddities)} of {report.odd:,})")
        for one in report.oddities:
            why = "; ".join(escaped(reason) for reason in one.reasons)
            product = f"{escaped(one.product)}: " if one.product else ""
            blocks.append(f"{_quoted(one.quote)}\n  {product}{why}")
    if report.copies:
        blocks.append(f"## Copied reviews ({len(report.copies)} of {report.copied:,} groups)")
        for copy in report.copies:
            ids = ", ".join(escaped(one) for one in copy.in_period)
            size = count(len(copy.group.review_ids), "review")
            blocks += [
                f"### {_KINDS[copy.group.kind]}, {size}",
                _quotes(copy.group.quotes[:2]),
                f"{count(copy.group.authors, 'author')}, {count(copy.group.products, 'product')}. "
                f"Of the period: {ids}",
            ]
    return blocks
