"""Shares over time, their intervals, and which changes are more than chance."""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, replace
from datetime import date, timedelta
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.stats import fisher_exact

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground import estimates
from reviewlens.ground.differences import adjusted, difference, exact_p
from reviewlens.ground.slices import Slice
from reviewlens.insights.trends import (
    PERIODS,
    Groups,
    Trend,
    Trends,
    by_column,
    by_phrase,
    by_theme,
    draw_trends,
    measure_trends,
)
from reviewlens.insights.trends.periods import (
    first_day,
    last_day,
    period_name,
    period_numbers,
    suitable_period,
)
from reviewlens.insights.trends.plot import fill_plots
from slices_of import slice_of


def times(*days: str) -> Any:
    return np.array(days, dtype="M8[ms]")


def names(day: str) -> list[str]:
    return [period_name(int(period_numbers(times(day), period)[0]), period) for period in PERIODS]


# -- periods -------------------------------------------------------------------------------------


def test_periods_of_a_day_by_hand() -> None:
    assert names("2024-12-30") == ["2024-12-30", "2025-W01", "2024-12", "2024-Q4", "2024"]
    assert names("2026-01-01T23:59:59.999") == [
        "2026-01-01", "2026-W01", "2026-01", "2026-Q1", "2026",
    ]  # fmt: skip
    assert names("2021-01-03")[1] == "2020-W53"
    assert names("1970-01-01")[1:] == ["1970-W01", "1970-01", "1970-Q1", "1970"]


def test_weeks_are_those_of_the_calendar_module() -> None:
    days = [date(1970, 1, 1) + timedelta(days=7 * n + n % 7) for n in range(3_000)]
    numbers = period_numbers(np.array(days, dtype="M8[ms]"), "week").tolist()
    for day, number in zip(days, numbers, strict=True):
        year, week, _ = day.isocalendar()
        assert period_name(number, "week") == f"{year}-W{week:02}"
        assert first_day(number, "week") <= day <= last_day(number, "week")


@pytest.mark.parametrize("period", PERIODS)
def test_periods_follow_each_other_without_a_gap(period: Any) -> None:
    start = int(period_numbers(times("2023-12-15"), period)[0])
    for number in range(start, start + 20):
        assert last_day(number, period) + timedelta(days=1) == first_day(number + 1, period)


def test_finest_period_of_at_most_24_is_taken() -> None:
    def chosen(first: str, last: str) -> str:
        return suitable_period(times(first, last))

    assert chosen("2025-01-01", "2025-01-24") == "day"
    assert chosen("2025-01-01", "2025-01-25") == "week"
    assert chosen("2025-01-06", "2025-06-22") == "week"
    assert chosen("2025-01-06", "2025-06-23") == "month"
    assert chosen("2024-01-01", "2025-12-31") == "month"
    assert chosen("2024-01-01", "2026-01-01") == "quarter"
    assert chosen("2010-01-01", "2025-01-01") == "year"
    assert chosen("1970-01-01", "2025-01-01") == "year"


# -- by hand -------------------------------------------------------------------------------------


def ten() -> Slice:
    return slice_of(
        [f"text {number}" for number in range(10)],
        dates=["2025-01-05", "2025-01-20", "2025-01-31", "2025-01-10", "2025-03-01", "2025-03-02",
               "2025-03-30", "2025-03-31", None, "2025-04-02"],
        stars=[5, 3, 1, 2, 4, None, 5, 1, None, 3],
        products=["A", "A", "B", "B", "A", "A", "A", "B", "A", ""],
    )  # fmt: skip


def rows_of(found: Trends, group: str, within: str | None = None) -> list[Trend]:
    return [row for row in found.trends if (row.group, row.within) == (group, within)]


def test_ten_reviews_by_hand() -> None:
    found = measure_trends(ten(), by_column(ten(), "product"), period="month", min_reviews=1)
    assert (found.by, found.reviews, found.undated, found.without_group) == ("product", 10, 1, 1)
    assert [one.period for one in found.periods] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    assert [one.reviews for one in found.periods] == [4, 0, 4, 1]
    assert asdict(found.periods[1]) == {
        "period": "2025-02", "start": "2025-02-01", "end": "2025-02-28", "reviews": 0,
    }  # fmt: skip
    assert [group.group for group in found.groups] == ["A", "B"]
    january, february, march, april = rows_of(found, "A")
    assert (january.reviews, january.of, january.start) == (2, 4, "2025-01-01")
    assert asdict(january.share or 0) == {"value": 0.5, "low": 0.15, "high": 0.85}
    assert asdict(january.stars or 0) == {"value": 4.0, "low": 1.0, "high": 5.0}  # 4 ± 12.7
    assert (february.reviews, february.of) == (0, 0)
    assert (february.share, february.stars, february.change, february.p) == (None,) * 4
    assert march.stars == estimates.mean([4, 5], low=1, high=5)
    assert (march.share or 0) == estimates.share(3, 4)
    assert march.change is None  # there is nothing in February to compare with
    assert (april.reviews, april.of) == (0, 1)
    assert april.change is not None
    assert april.change.value == -0.75
    assert april.p == 0.8  # the one review of April is of the two in five that are not A, twice
    assert not april.significant
    group = found.groups[0]
    assert (group.reviews, group.share) == (5, estimates.share(5, 9))
    assert group.latest == estimates.share(0, 1)
    assert found.comparisons == 2


def test_change_point_of_ten_by_hand() -> None:
    found = measure_trends(ten(), by_column(ten(), "product"), period="month", min_reviews=1)
    point = found.groups[0].change_point
    assert point is not None
    # After January 3 of 5 against 2 of 4, p = 1; after March 0 of 1 against 5 of 8, p = 4/9 twice.
    assert (point.period, point.p) == ("2025-04", 1.0)
    assert (point.reviews_before, point.of_before, point.reviews, point.of) == (5, 8, 0, 1)
    assert point.before == estimates.share(5, 8)
    assert point.since == estimates.share(0, 1)
    assert point.change.value == -0.625


def test_periods_without_reviews_are_neither_tried_nor_named() -> None:
    reviews = slice_of(
        [str(number) for number in range(22)],
        dates=["2024-01-31"] * 11 + ["2024-04-30"] * 11,
        products=["B"] * 10 + ["A"] * 12,
    )
    found = measure_trends(reviews, by_column(reviews, "product"), period="month")
    assert len(found.periods) == 4
    [point, _] = [one.change_point for one in found.groups]
    assert point is not None
    assert point.period == "2024-04"
    assert point.p == pytest.approx(2 * 12 / comb(22, 11), rel=1e-3)  # one way to split, tried once


def test_across_counts_among_its_own() -> None:
    groups = by_column(ten(), "product")
    found = measure_trends(ten(), groups, period="quarter", across="stars", min_reviews=1)
    assert [(one.group, one.within) for one in found.groups] == [
        ("A", "3"), ("A", "4"), ("A", "5"), ("B", "1"), ("B", "2"),
    ]  # fmt: skip
    first, second = rows_of(found, "A", "3")
    assert (first.reviews, first.of, second.reviews, second.of) == (1, 1, 0, 1)
    assert found.without_across == 1  # r5, the one dated review without stars
    languages = by_column(ten(), "language")
    across = measure_trends(ten(), languages, period="year", across="product", min_reviews=1)
    assert [(one.within, one.reviews) for one in across.groups] == [("A", 5), ("B", 3)]
    assert across.without_across == 1


def test_larger_group_comes_first() -> None:
    reviews = slice_of(list("abcde"), dates=["2024-01-31"] * 5, products=list("AABBB"))
    found = measure_trends(reviews, by_column(reviews, "product"), min_reviews=1)
    assert [one.group for one in found.groups] == ["B", "A"]


def test_review_of_several_labels_is_of_each_group() -> None:
    extra = [
        {"topic": "price; delivery; price", "topic.confidence": "0.9", "city": "Rom; Ost"},
        {"topic": "delivery", "topic.confidence": "0.8", "city": "Rom; Ost"},
        {"topic": "", "topic.confidence": "", "city": ""},
        {},
    ]
    reviews = slice_of(["a", "b", "c", "d"], dates=["2025-01-01"] * 4, extra=extra)
    found = measure_trends(reviews, by_column(reviews, "topic"), min_reviews=1)
    assert [(one.group, one.reviews) for one in found.groups] == [("delivery", 2), ("price", 1)]
    assert found.without_group == 2
    assert by_column(reviews, "city").names == ("Rom; Ost",)


def test_stars_stand_in_their_order_and_go_by_the_name_of_rating() -> None:
    groups = by_column(ten(), "rating")
    assert (groups.by, groups.names) == ("stars", ("1", "2", "3", "4", "5"))
    found = measure_trends(ten(), groups, period="year", min_reviews=1)
    assert [one.group for one in found.groups] == ["1", "2", "3", "4", "5"]
    fewer = measure_trends(ten(), groups, period="year", min_reviews=2)
    assert [(one.group, one.reviews) for one in fewer.groups] == [("1", 2), ("3", 2), ("5", 2)]
    assert fewer.groups_left_out == 2


def test_themes_are_called_as_told() -> None:
    reviews = replace(ten(), clusters=np.array([0, 0, 3, 3, 5, 5, 5, 7, -1, -1], np.int32))
    groups = by_theme(reviews, {0: "box", 3: "pairing", 5: "box"}, saved=False)
    assert groups.names == ("box (theme 0)", "pairing", "box (theme 5)", "theme 7")
    found = measure_trends(reviews, groups, period="year", min_reviews=1)
    assert "no themes are saved" in found.notes[0]
    assert found.without_group == 1
    assert by_theme(reviews, {}).notes == ()


def test_phrases_stay_and_say_what_they_missed() -> None:
    cosines = np.array([[0.5, 0.1]] * 2 + [[0.44, 0.2]] * 8, np.float32)
    groups = by_phrase(["late", "退款"], cosines)
    found = measure_trends(ten(), groups, period="quarter")
    assert [(one.group, one.reviews) for one in found.groups] == [("late", 2), ("退款", 0)]
    none = rows_of(found, "退款")
    assert [(row.reviews, row.p, row.p_adjusted) for row in none] == [(0, None, None), (0, 1, 1)]
    assert found.comparisons == 1  # what no review says in either quarter is no comparison
    assert (found.min_similarity, found.groups_left_out) == (0.45, 0)
    assert "0.45 or more; nothing tells how often that is right" in found.notes[0]
    assert "no review reaches that for '退款'; the nearest has 0.20" in found.notes[1]
    assert len(by_phrase(["late"], cosines[:, :1], min_similarity=0.4).rows) == 10


# -- intervals and tests -------------------------------------------------------------------------


def one(value: int) -> Any:
    return np.array([value])


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),  # Newcombe, 1998, table II, method 10
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_interval_is_that_of_the_published_examples(
    counts: tuple[int, ...], low: float, high: float
) -> None:
    found = difference(*map(one, counts))
    assert found[1:] == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_difference_to_nothing_is_the_width_of_the_share() -> None:
    """Against very many reviews without any, Newcombe's interval is Wilson's of the share."""
    found = difference(one(7), one(40), one(0), one(10**9))
    share = estimates.share(7, 40)
    assert [round(float(one[0]), 4) for one in found] == [share.value, share.low, share.high]


def test_exact_p_is_twice_the_smaller_tail_of_scipys_test() -> None:
    rng = np.random.default_rng(3)
    totals = rng.integers(1, 60, (2, 200))
    counts = rng.integers(0, totals + 1)
    found = exact_p(counts[0], totals[0], counts[1], totals[1])
    for place in range(200):
        (a, b), (n, m) = counts[:, place].tolist(), totals[:, place].tolist()
        table = [[a, n - a], [b, m - b]]
        tails = [fisher_exact(table, alternative=side)[1] for side in ("less", "greater")]
        assert found[place] == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6)
    assert exact_p(one(1), one(3), one(0), one(50))[0] == pytest.approx(2 * 3 / 53)


def test_correction_by_hand() -> None:
    """Of 0.01, 0.02, 0.03, 0.8: times 4/1, 4/2, 4/3, 1, each at most that of the next."""
    found = adjusted(np.array([[0.02, np.nan], [0.8, 0.01], [0.03, np.nan]]))
    expected = [[0.04, np.nan], [0.8, 0.04], [0.04, np.nan]]
    np.testing.assert_allclose(found, expected)
    assert np.isnan(adjusted(np.array([np.nan]))).all()


def simulated(rng: np.random.Generator, shares: Any, each: int) -> tuple[Slice, Groups]:
    """Reviews of as many months as `shares` has columns, each in any of the groups by chance."""
    groups, months = shares.shape
    first = np.datetime64("2020-01", "M")
    of = np.repeat(np.arange(months), each)
    member = rng.random((months * each, groups)) < shares[:, of].T
    rows, numbers = np.nonzero(member)
    reviews = slice_of(
        [f"text {number}" for number in range(months * each)],
        rng.standard_normal((months * each, 8)),
        dates=[str(first + int(month)) for month in of],
    )
    labels = tuple(f"group {number:02}" for number in range(groups))
    return reviews, Groups("topic", labels, rows, numbers.astype(np.int32))


def test_intervals_hold_the_true_figures_in_95_percent() -> None:
    rng = np.random.default_rng(0)
    shares = rng.uniform(0.03, 0.6, (60, 24))
    held = []
    for each in (25, 80):
        reviews, groups = simulated(rng, shares, each)
        found = measure_trends(reviews, groups, period="month")
        truth = {f"group {number:02}": row for number, row in enumerate(shares)}
        places = {one.period: place for place, one in enumerate(found.periods)}
        inside, changed = [], []
        for row in found.trends:
            true, at = truth[row.group], places[row.period]
            assert row.share is not None
            inside.append(row.share.low <= true[at] <= row.share.high)
            if row.change is not None:
                changed.append(row.change.low <= true[at] - true[at - 1] <= row.change.high)
        held += [np.mean(inside), np.mean(changed)]
    assert min(held) >= 0.93
    assert max(held) <= 0.97


# -- planted -------------------------------------------------------------------------------------


def test_what_begins_is_found_and_all_else_is_silent() -> None:
    rng = np.random.default_rng(1)
    shares = np.repeat(np.array([[0.3], [0.2], [0.1], [0.05], [0.02]]), 24, axis=1)
    shares[4, 21:] = 0.3
    reviews, groups = simulated(rng, shares, 15)
    found = measure_trends(reviews, groups, period="month")
    assert [one.change_point.significant for one in found.groups if one.change_point] == [
        one.group == "group 04" for one in found.groups
    ]
    [new] = [one for one in found.groups if one.group == "group 04"]
    point = new.change_point
    assert point is not None
    assert point.period in ("2021-09", "2021-10")  # one of September is of it by chance
    assert point.p_adjusted < 1e-4
    assert point.change.low > 0.1
    members = {reviews.ids[row] for row in groups.rows[groups.numbers == 4]}
    assert len(point.quotes) == 2
    assert all(
        quote.review_id in members and (quote.time or "") >= point.period for quote in point.quotes
    )
    assert not any(row.significant for row in found.trends)  # 15 a month are too few for that


def test_month_that_stands_out_is_a_change_up_and_down() -> None:
    rng = np.random.default_rng(2)
    shares = np.full((6, 12), 0.15)
    shares[2, 6] = 0.6
    reviews, groups = simulated(rng, shares, 60)
    found = measure_trends(reviews, groups, period="month")
    changed = [(row.group, row.period) for row in found.trends if row.significant]
    assert changed == [("group 02", "2020-07"), ("group 02", "2020-08")]
    up, down = (row for row in found.trends if row.significant)
    assert up.change is not None
    assert down.change is not None
    assert up.change.low > 0 > down.change.high
    for row in (up, down):
        assert all((quote.time or "").startswith("2020-07") for quote in row.quotes)
        assert len({quote.text for quote in row.quotes}) == 2


def test_without_a_change_there_is_rarely_an_alarm() -> None:
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(60):
        shares = np.repeat(rng.uniform(0.02, 0.4, (10, 1)), 12, axis=1)
        found = measure_trends(*simulated(rng, shares, 20), period="month")
        alarms += any(row.significant for row in found.trends) or any(
            one.change_point is not None and one.change_point.significant for one in found.groups
        )
    assert alarms <= 5  # of 60; 1 is to be expected


# -- edges ---------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes() -> None:
    shares = np.full((5, 10), 0.2)
    first, second = (
        json.dumps(asdict(measure_trends(*simulated(np.random.default_rng(7), shares, 10))))
        for _ in range(2)
    )
    assert first == second
    assert "NaN" not in first


def test_one_review_is_one_period_with_nothing_to_compare() -> None:
    reviews = slice_of(["好"], dates=["2025-05-05"], products=["茶壶"])
    found = measure_trends(reviews, by_column(reviews, "product"), min_reviews=1)
    [row] = found.trends
    assert (row.group, row.period, row.reviews, row.of) == ("茶壶", "2025-05-05", 1, 1)
    assert (row.stars, row.change, found.groups[0].change_point) == (None, None, None)
    assert found.notes == ("all dated reviews are of one day: there is nothing to compare it with",)


@pytest.mark.parametrize(
    ("last", "told"), [("2025-03-31", False), ("2025-03-28", False), ("2025-03-27", True)]
)
def test_last_period_that_may_go_on_is_told(last: str, told: bool) -> None:  # noqa: FBT001
    reviews = slice_of(["a", "b"], dates=["2025-02-05", last], products=["A", "A"])
    found = measure_trends(reviews, by_column(reviews, "product"), period="month", min_reviews=1)
    assert any(f"last review is of {last}, well before 2025-03 ends" in n for n in found.notes) is (
        told
    )


def test_copies_of_a_text_are_quoted_once() -> None:
    dates = ["2024-05-05"] * 40 + ["2025-05-05"] * 40
    reviews = slice_of(
        ["fine"] * 80, dates=dates, products=["A"] * 40 + ["B"] * 40, stars=[None] * 80
    )
    found = measure_trends(reviews, by_column(reviews, "product"), period="year")
    significant = [row for row in found.trends if row.significant]
    assert [(row.group, row.stars, len(row.quotes)) for row in significant] == [
        ("A", None, 1), ("B", None, 1),
    ]  # fmt: skip


def test_what_cannot_be_counted_is_told() -> None:
    reviews = ten()
    groups = by_column(reviews, "product")
    undated = slice_of(["a", "b"])
    with pytest.raises(TooFewReviews, match="0 of 2 reviews have a date"):
        measure_trends(undated, by_column(undated, "language"))
    with pytest.raises(TooFewReviews, match="0 of 0 reviews have a date"):
        measure_trends(slice_of([], np.empty((0, 8))), groups)
    with pytest.raises(TooFewReviews, match=r"no product has 6 dated reviews, the most .* is 5"):
        measure_trends(reviews, groups, min_reviews=6)
    with pytest.raises(TooFewReviews, match="10 reviews are too few for themes"):
        by_theme(reviews, {})
    with pytest.raises(TooFewReviews, match="no dated review has a product of 6 dated reviews"):
        measure_trends(reviews, by_column(reviews, "language"), across="product", min_reviews=6)
    with pytest.raises(InputError, match=r"no column 'produkt'.* did you mean 'product'"):
        by_column(reviews, "produkt")
    with pytest.raises(InputError, match="the period is 'decade'"):
        measure_trends(reviews, groups, period="decade")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="crossed with 'author'"):
        measure_trends(reviews, groups, across="author")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="min_reviews is 0"):
        measure_trends(reviews, groups, min_reviews=0)
    with pytest.raises(InputError, match="smallest similarity is 2"):
        by_phrase(["a"], np.zeros((1, 1), np.float32), min_similarity=2)
    with pytest.raises(InputError, match="given twice"):
        by_phrase(["a", "a"], np.zeros((1, 2), np.float32))


def test_table_beyond_reason_is_refused() -> None:
    reviews = slice_of(
        [str(number) for number in range(20)],
        dates=["1970-01-01", "2099-12-31"] * 10,
        products=[str(number) for number in range(20)],
    )
    with pytest.raises(InputError, match="20 groups in 47,482 periods are 949,640 rows; wanted"):
        measure_trends(reviews, by_column(reviews, "product"), period="day", min_reviews=1)


# -- drawing -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changing() -> Trends:
    shares = np.full((5, 12), 0.2)
    shares[3, 8:] = 0.9
    reviews, groups = simulated(np.random.default_rng(5), shares, 20)
    return measure_trends(reviews, replace(groups, names=(r"$\x$", "_b", "ﷺ茶", "d", "e" * 90)))


def test_pictures_are_drawn_and_the_same_twice(tmp_path: Path, changing: Trends) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in ("one.svg", "two.svg", "one.png"):
            draw_trends(changing, tmp_path / file, most=3)
    first = (tmp_path / "one.svg").read_bytes()
    assert first == (tmp_path / "two.svg").read_bytes()
    assert len(first) > 10_000
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


def test_plots_show_the_shares_and_what_changed(changing: Trends) -> None:
    names = [group.group for group in changing.groups]
    plots = Figure().subplots(2, 3).ravel().tolist()
    fill_plots(plots, 3, changing, names, [], {name: name for name in names})
    assert [plot.get_visible() for plot in plots] == [True] * 5 + [False]
    for plot, group in zip(plots, changing.groups, strict=False):
        rows = rows_of(changing, group.group)
        line, rings, *points = plot.lines
        assert list(line.get_ydata()) == [row.share.value * 100 for row in rows if row.share]
        highest = max(row.share.high for row in rows if row.share)
        assert highest * 100 <= plot.get_ylim()[1] < highest * 120
        assert plot.get_ylim()[0] == 0
        changed = [place for place, row in enumerate(rows) if row.significant]
        assert list(rings.get_xdata()) == changed
        assert [point.get_xdata()[0] for point in points] == ([7.5] if group.group == "d" else [])


def test_crossed_groups_have_a_plot_each(tmp_path: Path) -> None:
    reviews = replace(ten(), products=("A", "B", "C", "D", "E", "F", "A", "B", "A", ""))
    found = measure_trends(
        reviews, by_column(reviews, "language"), across="product", min_reviews=1, period="month"
    )
    [note] = draw_trends(found, tmp_path / "crossed.svg", most=1)
    assert note == "1 of the products are not drawn; -f csv has all"
    assert (tmp_path / "crossed.svg").stat().st_size > 5_000


def test_picture_that_cannot_be_written_is_told(tmp_path: Path, changing: Trends) -> None:
    with pytest.raises(InputError, match=r"wanted an ending of \.png or \.svg"):
        draw_trends(changing, tmp_path / "trends.pdf")
    with pytest.raises(InputError, match="there is no folder"):
        draw_trends(changing, tmp_path / "none" / "trends.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        draw_trends(changing, tmp_path / "folder.png", most=1)
