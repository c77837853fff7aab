"""A report of ten reviews by hand, what hostile texts become in each format, and its errors."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from reviewlens.errors import InputError, MissingExtra, TooFewReviews
from reviewlens.ground import estimates
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.news import Change, Emerging, News
from reviewlens.insights.trends import PERIODS, Period
from reviewlens.report import (
    ENDINGS,
    Report,
    check_output,
    choose_period,
    make_report,
    up_to,
    write_report,
)
from reviewlens.report.html import as_html, line
from reviewlens.report.markdown import as_markdown, escaped
from reviewlens.report.phrases import shortened
from reviewlens.report.xlsx import as_xlsx
from slices_of import slice_of

BEFORE = ["2026-09-02", "2026-09-10", "2026-09-11", "2026-09-30"]
NOW = ["2026-10-01", "2026-10-02", "2026-10-15", "2026-10-16", "2026-10-17", "2026-10-31"]
STARS = [4, 4, 5, 3, 1, 1, 2, None, 1, 5]
THEMES = [0, 0, 0, 1, 1, 1, 1, 1, 0, -1]
TEXTS = [f"battery number {n} charges well" for n in range(3)] + [
    f"bluetooth pairing {n} lost after the update" for n in range(7)
]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}</style>",
    "{{ 7*7 }} {% for x in y %}",
    "=1+2",
    "+1", "-1+cmd", "@SUM(A1)",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "https://evil.example/ www.evil.example a@evil.example",
    "| a | b |\n|---|---|\n# heading\n- item\n1. one",
    "`code` *bold* _em_ ~~gone~~ <b>b</b> &amp; &#60;",
    "\u202eright to left\u202c \x1b[31m\x00red",
    "שלום עולם",
)  # fmt: skip


def ten() -> Slice:
    """Four reviews of September and six of October, of two themes."""
    return slice_of(
        TEXTS,
        stars=STARS,
        dates=[*BEFORE, *NOW],
        products=["Kettle"] * 5 + ["Lamp"] * 5,
        sources=["shop"] * 9 + [""],
        clusters=(),
    )


def themed(reviews: Slice, themes: Sequence[int] = THEMES) -> Slice:
    return replace(reviews, clusters=np.array(themes, np.int32))


def report_of(
    reviews: Slice, of: str | None = None, period: Period = "month", **more: Any
) -> Report:
    chosen = choose_period(reviews.times, period, of)
    reviews = up_to(reviews, chosen)
    settings = {"labels": {0: "battery", 1: "bluetooth"}, "saved": True} | more
    return make_report(reviews, nearest(reviews.vectors, 9), chosen, **settings)


@pytest.fixture(scope="module")
def october() -> Report:
    return report_of(themed(ten()))


# -- by hand ---------------------------------------------------------------------------------------


def test_report_of_ten_reviews_has_their_volume_and_stars(october: Report) -> None:
    assert (october.name, october.first, october.last) == ("2026-10", "2026-10-01", "2026-10-31")
    assert (october.name_before, october.reviews, october.reviews_before) == ("2026-09", 6, 4)
    # 6 in 31 days over 4 in 30; Wilson's interval of 6 of 10 is 0.3127 to 0.8318.
    assert october.rate_ratio is not None
    assert october.rate_ratio.value == pytest.approx(6 / 31 / (4 / 30), abs=1e-4)
    assert october.rate_ratio.low == pytest.approx(0.3127 / 0.6873 * 30 / 31, abs=1e-3)
    assert october.rate_ratio.high == pytest.approx(0.8318 / 0.1682 * 30 / 31, abs=1e-2)
    assert october.stars == estimates.mean([1, 1, 2, 1, 5], low=1, high=5)
    assert october.stars_before == estimates.mean([4, 4, 5, 3], low=1, high=5)
    assert october.stars_change is not None
    assert october.stars_change.value == -2.0
    assert october.histogram == {"1": 3, "2": 1, "3": 0, "4": 0, "5": 1}
    assert october.histogram_before == {"1": 0, "2": 0, "3": 1, "4": 2, "5": 1}
    assert [(one.period, one.reviews) for one in october.periods] == [
        ("2026-09", 4),
        ("2026-10", 6),
    ]
    assert october.mean_stars == (4.0, 2.0)


def test_report_of_ten_reviews_has_their_themes(october: Report) -> None:
    bluetooth, battery = october.themes
    assert (bluetooth.label, bluetooth.reviews, bluetooth.reviews_before) == ("bluetooth", 4, 1)
    assert bluetooth.share == estimates.share(4, 6)
    assert bluetooth.share_before == estimates.share(1, 4)
    assert bluetooth.change is not None
    assert bluetooth.change.value == pytest.approx(4 / 6 - 1 / 4, abs=1e-4)
    assert bluetooth.history == (0.25, 0.6667)
    assert bluetooth.review_ids == ("r0004", "r0005", "r0006", "r0007")
    assert {quote.review_id for quote in bluetooth.quotes} <= set(bluetooth.review_ids)
    # Fisher's exact test: five of ten are of bluetooth, and of the six of October at least four
    # (5 * 10 + 1 * 5 ways of 210); four are of battery, and of the six at most one (4 * 6 + 1).
    assert bluetooth.p == pytest.approx(2 * 55 / 210, abs=1e-4)
    assert battery.p == pytest.approx(2 * 25 / 210, abs=1e-4)
    # Two comparisons: the smaller p times two, unless the larger is smaller than that.
    assert battery.p is not None
    assert battery.p_adjusted == pytest.approx(min(2 * battery.p, bluetooth.p), abs=1e-4)
    assert not bluetooth.significant
    assert not battery.significant
    assert (battery.reviews, battery.reviews_before) == (1, 3)
    assert battery.stars == estimates.mean([1], low=1, high=5)
    assert october.without_theme == 1


def test_report_of_ten_reviews_has_products_and_sources(october: Report) -> None:
    assert [(one.name, one.reviews, one.reviews_before) for one in october.products] == [
        ("Lamp", 5, 0),
        ("Kettle", 1, 4),
    ]
    assert october.products[0].share == estimates.share(5, 6)
    assert october.products[0].stars == estimates.mean([1, 2, 1, 5], low=1, high=5)
    assert [(one.name, one.reviews) for one in october.sources] == [("shop", 5)]


def test_main_points_give_figures_and_quotes(october: Report) -> None:
    texts = [claim.text for claim in october.claims]
    assert texts[0].startswith("6 reviews, 4 in 2026-09: +45 (")
    assert texts[0].endswith(", which may be chance.")
    assert texts[1].startswith("Mean stars 2.00 (1.00–4.15), 4.00 in 2026-09: −2.00 (")
    assert texts[2] == (
        "No theme has changed beyond chance; most is said of “bluetooth”: 4 of 6 reviews."
    )
    assert [quote.review_id for quote in october.claims[2].quotes] == [
        quote.review_id for quote in october.themes[0].quotes[:2]
    ]


def months(counts: Sequence[tuple[int, int]]) -> Slice:
    """For each month from 2026-01 so many reviews of theme 0 and of theme 1."""
    rows = [
        (f"2026-{month:02}-{day % 28 + 1:02}", theme)
        for month, (zeros, ones) in enumerate(counts, 1)
        for day, theme in enumerate([0] * zeros + [1] * ones)
    ]
    texts = [f"{('battery', 'bluetooth')[theme]} word{n}" for n, (_, theme) in enumerate(rows)]
    reviews = slice_of(texts, dates=[day for day, _ in rows])
    return themed(reviews, [theme for _, theme in rows])


def test_theme_that_begins_is_told_with_since_when() -> None:
    found = report_of(months([(12, 0)] * 6 + [(6, 6)] * 3))
    bluetooth = next(theme for theme in found.themes if theme.label == "bluetooth")
    assert bluetooth.since is not None
    assert bluetooth.since.period == "2026-07"
    assert not bluetooth.significant
    assert any(
        claim.text == "“bluetooth”: 50.0% (6 of 12); 50.0% since 2026-07, 0.0% before that."
        and claim.quotes
        for claim in found.claims
    )


def test_theme_that_falls_away_is_told_with_quotes_of_before() -> None:
    found = report_of(months([(20, 20), (40, 0)]))
    gone = next(theme for theme in found.themes if theme.label == "bluetooth")
    assert (gone.reviews, gone.reviews_before, gone.significant) == (0, 20, True)
    assert gone.quotes
    assert all((quote.time or "").startswith("2026-01") for quote in gone.quotes)


def test_theme_of_neither_period_is_no_comparison(october: Report) -> None:
    reviews = slice_of(
        [*TEXTS, "zipper torn"], stars=[*STARS, 3], dates=[*BEFORE, *NOW, "2026-08-05"]
    )
    found = report_of(themed(reviews, [*THEMES, 2]))
    assert [theme.label for theme in found.themes] == ["bluetooth", "battery"]
    assert [theme.p_adjusted for theme in found.themes] == [
        theme.p_adjusted for theme in october.themes
    ]
    assert found.themes[0].history == (0.0, 0.25, 0.6667)


def test_hidden_theme_is_not_told() -> None:
    found = report_of(themed(ten()), hidden={1})
    assert [theme.label for theme in found.themes] == ["battery"]
    assert found.without_theme == 5


def test_later_reviews_change_no_report_of_before() -> None:
    early = report_of(months([(12, 0), (8, 6)]))
    late = report_of(months([(12, 0), (8, 6), (20, 30)]), "2026-02")
    assert asdict(late) == asdict(early)


def test_copies_that_touch_the_period_are_told() -> None:
    copied = "Bought this for my mother and she uses it every single day, five stars from both."
    other = "The hinge of the lid broke in the second week, and nobody answers my letters there."
    reviews = slice_of(
        [*TEXTS, copied, copied, other, other],
        dates=[*BEFORE, *NOW, "2026-09-20", "2026-10-20", "2026-09-20", "2026-09-21"],
        authors=[""] * 10 + ["ann", "ben", "cas", "dee"],
    )
    found = report_of(reviews, labels={}, saved=False)
    [group] = [one for one in found.copies if copied in {quote.text for quote in one.group.quotes}]
    assert group.group.review_ids == ("r0010", "r0011")
    assert group.in_period == ("r0011",)
    assert not any(other in {quote.text for quote in one.group.quotes} for one in found.copies)


def test_oddities_are_of_the_period_and_say_something() -> None:
    texts = [f"{word} charges fast, {word} drains battery {n}" for n in range(12) for word in "ab"]
    odd = ["zebra quartz volcano parliament", "umbrella cathedral saxophone glacier", "ok"]
    dates = ["2026-10-05"] * len(texts) + ["2026-10-06", "2026-09-06", "2026-10-07"]
    found = report_of(slice_of([*texts, *odd], dates=dates), labels={}, saved=False)
    listed = [one.quote.text for one in found.oddities]
    assert listed[0] == odd[0]
    assert found.oddities[0].reasons
    assert not {odd[1], odd[2]} & set(listed)
    assert found.odd >= len(listed)


# -- which period ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "name"),
    [("day", "2026-10-31"), ("week", "2026-W44"), ("month", "2026-10"), ("quarter", "2026-Q4"),
     ("year", "2026")],
)  # fmt: skip
def test_latest_period_with_reviews_is_taken_and_named_again(period: Period, name: str) -> None:
    times = ten().times
    assert choose_period(times, period).name == name
    assert choose_period(times, period, name) == choose_period(times, period)


def test_week_of_a_year_with_53_is_found() -> None:
    times = np.array(["2020-12-30"], "M8[ms]")
    chosen = choose_period(times, "week", "2020-W53")
    assert (chosen.first, chosen.last) == (date(2020, 12, 28), date(2021, 1, 3))
    assert (chosen.days(), chosen.name_before) == (7, "2020-W52")


@pytest.mark.parametrize(
    ("period", "of"),
    [("month", "2026-13"), ("month", "October"), ("month", "2026-Q4"), ("week", "2026-W54"),
     ("quarter", "2026-Q5"), ("day", "2026-02-30"), ("year", "26"), ("month", "٢٠٢٦-10")],
)  # fmt: skip
def test_name_of_no_period_is_refused_with_an_example(period: Period, of: str) -> None:
    with pytest.raises(InputError, match=f"names no {period}; wanted one such as 2026"):
        choose_period(ten().times, period, of)


def test_period_without_reviews_names_those_there_are() -> None:
    with pytest.raises(TooFewReviews, match=r"no review is of 2026-08; .*found 2026-09, 2026-10$"):
        choose_period(ten().times, "month", "2026-08")
    times = np.arange("2020-01", "2026-01", dtype="M8[M]").astype("M8[ms]")
    with pytest.raises(TooFewReviews, match="72 of them from 2020-01 to 2025-10, 2025-11, 2025-12"):
        choose_period(times, "month", "2030-01")


def test_reviews_without_dates_are_refused() -> None:
    with pytest.raises(TooFewReviews, match=r"0 of 2 reviews have a date.*--time-column"):
        choose_period(slice_of(["a", "b"]).times)


def test_unknown_period_is_refused() -> None:
    with pytest.raises(InputError, match="wanted one of day, week"):
        choose_period(ten().times, "fortnight")  # type: ignore[arg-type]


# -- what is missing -------------------------------------------------------------------------------


def test_report_without_stars_has_none() -> None:
    reviews = themed(slice_of(TEXTS, dates=[*BEFORE, *NOW]))
    found = report_of(reviews)
    assert found.stars is None
    assert found.histogram == {}
    assert not any("stars" in claim.text for claim in found.claims)
    assert "no review of the period has stars" in as_html(found)
    assert "none" in as_markdown(found)
    assert as_xlsx(found)


def test_first_period_has_nothing_to_compare_with() -> None:
    found = report_of(themed(ten()), "2026-09")
    assert found.rate_ratio is None
    assert found.stars_change is None
    assert all(theme.change is None and theme.p is None for theme in found.themes)
    assert found.claims[0].text == "4 reviews; none in 2026-08 to compare with."
    assert all((as_html(found), as_markdown(found), as_xlsx(found)))


def test_report_of_one_review_is_whole() -> None:
    found = report_of(slice_of(["很好用"], dates=["2026-10-01"], stars=[5]), labels={}, saved=False)
    assert (found.reviews, found.themes, found.copies, found.oddities) == (1, (), (), ())
    assert any("too few for themes" in note for note in found.notes)
    assert any("no oddities were sought" in note for note in found.notes)
    assert all((as_html(found), as_markdown(found), as_xlsx(found)))


def test_undated_reviews_are_told() -> None:
    reviews = slice_of(["one", "two"], dates=["2026-10-01", None])
    found = report_of(reviews, labels={}, saved=False)
    assert (found.reviews, found.undated) == (1, 1)
    assert any("1 of 2 reviews has no date and is of no period" in note for note in found.notes)


def test_themes_found_now_are_told_to_be_so() -> None:
    found = report_of(themed(ten()), saved=False)
    assert any("no themes are saved" in note for note in found.notes)
    assert any("found for this report" in text for text in found.method)


# -- the formats -----------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.shown += data


@pytest.fixture(scope="module")
def hostile() -> Report:
    """A report in which every text, name, label and id is hostile."""
    texts = [*HOSTILE, *HOSTILE]
    count = len(texts)
    reviews = replace(
        slice_of(
            texts,
            dates=["2026-10-05"] * count,
            stars=[1] * count,
            products=texts,
            sources=texts,
            authors=texts,
        ),
        ids=tuple(f"{text}#{row}" for row, text in enumerate(texts)),
        clusters=np.arange(count, dtype=np.int32) % len(HOSTILE),
    )
    quotes = (reviews.quote(0), reviews.quote(1))
    share = estimates.share(1, 2)
    emerging = Emerging(
        HOSTILE[0], 5, 0, 5, share, share, share, 0.01, 0.01, 0.01, (), None, None, quotes, ()
    )
    change = Change(1, HOSTILE[1], 5, 0, share, share, share, 0.01, 0.01, quotes)
    news = News((emerging,), (change,), (change,), (change,), 5, 5, 0, 0, 3, 0.05, (HOSTILE[2],))
    return report_of(
        reviews,
        labels=dict(enumerate(HOSTILE)),
        news=news,
        notes=HOSTILE,
        collection=HOSTILE[0],
        encoder=HOSTILE[1],
        filters=HOSTILE[2],
    )


def test_hostile_texts_stay_text_on_the_page(hostile: Report) -> None:
    source = as_html(hostile)
    page = Page(source)
    assert page.open == []
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "a", "link", "iframe", "object", "form", "b", "base"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "href", "style")]
    assert [tag for tag, _ in page.elements].count("style") == 1
    for text in HOSTILE:
        assert shortened(text) in " ".join(page.shown.split()), text
    assert "\x1b" not in source
    assert "\u202e" not in source


def test_page_fetches_nothing_and_says_so(october: Report) -> None:
    source = as_html(october)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    metas = [attributes for tag, attributes in Page(source).elements if tag == "meta"]
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in metas
    assert any(meta.get("name") == "viewport" for meta in metas)
    assert not re.search(r"https?://|//\w|url\(|@import|@font-face", source)


def test_page_fits_paper_and_every_direction(october: Report) -> None:
    source = as_html(october)
    for rule in ("@page", "break-inside: avoid", "table-header-group", "prefers-color-scheme"):
        assert rule in source
    elements = Page(source).elements
    assert ("html", {"lang": "en"}) in elements
    assert ("p", {"lang": "", "dir": "auto"}) in elements
    tables = [tag for tag, _ in elements if tag in ("table", "caption", "thead")]
    assert tables.count("table") == tables.count("caption") == tables.count("thead") > 0


def test_template_switches_no_escaping_off() -> None:
    import reviewlens.report.html as module

    template = module._TEMPLATE.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", template)


def test_hostile_texts_stay_text_in_markdown(hostile: Report) -> None:
    source = as_markdown(hostile)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(source)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in [*tokens, *inline]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence",
                        "em_open", "s_open", "strong_open"}  # fmt: skip
    shown = "".join(token.content for token in inline)
    for text in HOSTILE:
        assert shortened(text) in shown, text
    # What GitHub would make a link of without any markup.
    assert not re.search(r"https?://|www\.|\w@\w", source)
    rows = [line for line in source.splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert widths == {5, 6, 7}


@pytest.mark.parametrize(
    "text", ["- item", "+ item", "1. one", "1) one", "= a", "# head", "> quote"]
)
def test_text_that_would_begin_a_block_does_not(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"{escaped(text)}\n")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in tokens[1].children or []) == text


def test_hostile_texts_are_no_formulas_in_the_workbook(hostile: Report) -> None:
    content = as_xlsx(hostile)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert "2026-10-31T00:00:00Z" in book.read("docProps/core.xml").decode()  # not now
        sheets = [book.read(name).decode() for name in book.namelist() if "sheet" in name]
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert {
        "summary",
        "points",
        "themes",
        "theme reviews",
        "quotes",
        "news",
        "products",
        "how",
    } <= set(book.sheet_names)
    cells = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
        if isinstance(cell, str)
    ]
    assert {cell for cell in cells if cell.startswith(("=", "+", "-", "@"))} == {"+1"}  # a number
    assert {"'=1+2", "'@SUM(A1)", "<script>alert(1)</script>"} <= set(cells)


def test_workbook_has_the_figures(october: Report) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(october)))
    header, *rows = book.get_sheet_by_name("themes").to_python()
    first = dict(zip(header, rows[0], strict=True))
    assert (first["theme"], first["reviews"], first["reviews before"]) == ("bluetooth", 4, 1)
    assert first["share"] == october.themes[0].share.value
    reviews = book.get_sheet_by_name("theme reviews").to_python()[1:]
    assert [row[2] for row in reviews if row[1] == "bluetooth"] == [
        "r0004",
        "r0005",
        "r0006",
        "r0007",
    ]


def test_page_has_the_figures_and_ids(october: Report) -> None:
    for text in (Page(as_html(october)).shown, as_markdown(october)):
        for figure in ("66.7%", "+41.7", "4.00", "2026-09", "battery", "Lamp", "Wilson"):
            assert figure in text, figure
        for theme in october.themes:
            assert all(quote.review_id in text for quote in theme.quotes)


def test_two_reports_of_the_same_are_the_same_to_the_byte(tmp_path: Path) -> None:
    for number in (1, 2):
        found = report_of(themed(ten()))
        assert json.dumps(asdict(found))
        for ending in ENDINGS:
            write_report(found, tmp_path / f"{number}{ending}")
    for ending in ENDINGS:
        one, other = ((tmp_path / f"{number}{ending}").read_bytes() for number in (1, 2))
        assert one == other
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{number}{ending}" for number in (1, 2) for ending in ENDINGS
    )


@pytest.mark.parametrize("period", PERIODS)
def test_each_period_can_be_reported(period: Period) -> None:
    found = report_of(themed(ten()), period=period)
    assert found.period == period
    assert len(found.periods) <= 24
    assert as_html(found)


def test_file_that_cannot_be_written_is_refused_before_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wanted an ending of \.html, \.md or \.xlsx"):
        check_output("report.pdf")
    with pytest.raises(InputError, match="there is no folder"):
        check_output(tmp_path / "missing" / "report.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InputError, match="is a directory"):
        check_output(tmp_path / "folder.html")


def test_workbook_without_its_package_is_refused_before_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"reviewlens\[xlsx\]"):
        check_output(tmp_path / "report.xlsx")
    check_output(tmp_path / "report.html")


def test_line_breaks_where_there_is_no_value() -> None:
    assert line([0.0, 1.0, None, 0.5]).count("M") == 2
    assert line([0.0, 1.0]) == "M3.0 23.0h0L117.0 3.0"
    assert line([None, None]) == ""
    assert line([0.0]) == "M3.0 23.0h0"


def test_long_quote_is_cut_between_words() -> None:
    text = shortened("word " * 200)
    assert text.endswith("word …")
    assert len(text) <= 322
