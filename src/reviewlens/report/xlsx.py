"""A report as a workbook, a sheet for each part; no cell is a formula or a link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO

from reviewlens.files.formulas import defused
from reviewlens.ground.estimates import Estimate
from reviewlens.insights.news import Change, Emerging
from reviewlens.report.results import Report
from reviewlens.results import Quote
from reviewlens.results.tables import MOST_CHARACTERS

Cell = str | int | float | None
Sheet = tuple[Sequence[str], list[Sequence[Cell]]]

_WIDEST = 60


def as_xlsx(report: Report) -> bytes:
    """Return the workbook."""
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # Else it would be the time of writing, and no two workbooks were alike.
    last = date.fromisoformat(report.last)
    book.set_properties({"created": datetime(last.year, last.month, last.day)})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    wrap.set_align("top")
    for name, (header, rows) in _sheets(report).items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, title in enumerate(header):
            sheet.write_string(0, column, _text(title), bold)
            longest = max((len(str(row[column] or "")) for row in rows), default=0)
            sheet.set_column(column, column, min(_WIDEST, max(longest, len(title)) + 2))
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(place, column, value, wrap)
                elif value:
                    sheet.write_string(place, column, _text(value), wrap)
    book.close()
    return content.getvalue()


def _text(value: str) -> str:
    return str(defused(value))[:MOST_CHARACTERS]


def _sheets(report: Report) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {
        "summary": _summary(report),
        "points": _points(report),
        "themes": _themes(report),
        "theme reviews": (
            ("cluster", "theme", "review_id"),
            [(theme.cluster, theme.label, one) for theme in report.themes
             for one in theme.review_ids],
        ),
        "quotes": (
            ("part", "of", "review_id", "stars", "time", "text"),
            [(part, of, one.review_id, one.stars, one.time, one.text)
             for part, of, one in _quotes(report)],
        ),
        "news": _news(report),
        "products": _parts(report, "products"),
        "sources": _parts(report, "sources"),
        "oddities": (
            ("review_id", "product", "score", "why", "text"),
            [(one.quote.review_id, one.product, one.score, "; ".join(one.reasons), one.quote.text)
             for one in report.oddities],
        ),
        "copies": (
            ("group", "kind", "review_id", "in period", "similarity", "authors", "products"),
            [(number, one.group.kind, name, "yes" if name in one.in_period else "no",
              one.group.similarity, one.group.authors, one.group.products)
             for number, one in enumerate(report.copies, 1) for name in one.group.review_ids],
        ),
        "how": (
            ("how it was computed",),
            [(text,) for text in (*report.method, *(f"Note: {one}" for one in report.other_notes))],
        ),
    }  # fmt: skip
    return {name: sheet for name, sheet in sheets.items() if sheet[1]}


def _figures(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)


def _points(report: Report) -> Sheet:
    return ("main point", "reviews"), [
        (claim.text, " ".join(quote.review_id for quote in claim.quotes)) for claim in report.claims
    ]


def _summary(report: Report) -> Sheet:
    rows: list[Sequence[Cell]] = [
        ("period", report.name, None, None),
        ("first day", report.first, None, None),
        ("last day", report.last, None, None),
        ("compared with", report.name_before, None, None),
        ("collection", report.collection, None, None),
        ("filters", report.filters, None, None),
        *([("not read", report.unread_note, None, None)] if report.unread else []),
        ("reviews", report.reviews, None, None),
        ("reviews before", report.reviews_before, None, None),
        ("reviews a day, times those before", *_figures(report.rate_ratio)),
        ("mean stars", *_figures(report.stars)),
        ("mean stars before", *_figures(report.stars_before)),
        ("change of mean stars", *_figures(report.stars_change)),
    ]
    for name, histogram in (("", report.histogram), (" before", report.histogram_before)):
        rows += [(f"{star} of 5{name}", number, None, None) for star, number in histogram.items()]
    return ("figure", "value", "low", "high"), rows


def _themes(report: Report) -> Sheet:
    header = (
        "cluster", "theme", "reviews", "reviews before", "share", "share low", "share high",
        "share before", "change", "change low", "change high", "p", "p adjusted", "changed",
        "since", "share since", "share before that", "mean stars", "stars low", "stars high",
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for theme in report.themes:
        point = theme.since
        rows.append((
            theme.cluster, theme.label, theme.reviews, theme.reviews_before,
            *_figures(theme.share), _figures(theme.share_before)[0], *_figures(theme.change),
            theme.p, theme.p_adjusted, "yes" if theme.significant else "no",
            None if point is None else point.period,
            None if point is None else point.since.value,
            None if point is None else point.before.value,
            *_figures(theme.stars),
        ))  # fmt: skip
    return header, rows


def _news(report: Report) -> Sheet:
    header = ("news", "theme", "reviews", "reviews before", "share", "share before", "p adjusted")
    return header, [
        (kind, one.label, one.reviews, one.reviews_before, one.share.value, one.share_before.value,
         one.p_adjusted)
        for kind, one in _told(report)
    ]  # fmt: skip


def _told(report: Report) -> Iterator[tuple[str, Change | Emerging]]:
    if report.news is not None:
        for kind in ("emerging", "growing", "shrinking", "vanished"):
            for one in getattr(report.news, kind):
                yield kind, one


def _parts(report: Report, which: str) -> Sheet:
    header = ("name", "reviews", "reviews before", "share", "low", "high", "mean stars", "low",
              "high")  # fmt: skip
    parts = report.products if which == "products" else report.sources
    return header, [
        (one.name, one.reviews, one.reviews_before, *_figures(one.share), *_figures(one.stars))
        for one in parts
    ]


def _quotes(report: Report) -> Iterator[tuple[str, str, Quote]]:
    for theme in report.themes:
        for quote in theme.quotes:
            yield "theme", theme.label, quote
    for kind, one in _told(report):
        for quote in one.quotes:
            yield kind, one.label, quote
    for copy in report.copies:
        for quote in copy.group.quotes:
            yield "copies", copy.group.kind, quote
