"""Drawing trends: one small plot for each group, with the intervals of its shares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.files.fonts import drawing
from reviewlens.files.outputs import check_file, check_package, write_figure
from reviewlens.insights.trends.results import Trend, TrendGroup, Trends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes as Plot

ENDINGS = (".png", ".svg")

_COLUMNS = 3
_MOST_CROSSED = 5
_WIDTH = 11.0
_TITLE_CHARACTERS = 110  # over the whole width
_TICK_WIDTH = 0.6
# Okabe and Ito's colours, told apart by colour-blind readers.
_COLOR = "#0072B2"
_CHANGED = "#D55E00"


def check_picture(file: str | Path) -> None:
    """Tell at once what `draw_trends` would only tell when all is computed.

    Raises:
        InputError: The ending is unknown, or the file cannot be written.
        MissingExtra: matplotlib is not installed.
    """
    check_file(file, ENDINGS)
    check_package("matplotlib", "maps", "drawing a picture")


def draw_trends(trends: Trends, file: str | Path, *, most: int = 12) -> tuple[str, ...]:
    """Draw the share of each group over the periods, with its 95 % interval.

    Each group has a plot and a scale of its own. A dashed line is its change point, a ring a
    change against the period before, both where they are significant. A period without reviews
    is a gap. A crossed group has a row of plots of one scale, of five products at the most.

    Args:
        trends: What to draw.
        file: Where to; its ending says how.
        most: How many groups, the largest.

    Returns:
        What the user should know, such as names that no font here can draw.

    Raises:
        InputError: The file cannot be written.
        MissingExtra: matplotlib is not installed.
    """
    check_picture(file)
    names = list(dict.fromkeys(group.group for group in trends.groups))[:most]
    crossed = _crossed(trends)
    labels = [*names, *crossed]
    with drawing(labels, size=8) as (new_figure, drawn, notes):
        shown = dict(zip(labels, map(str.strip, drawn), strict=True))
        columns = len(crossed) or _COLUMNS
        height = len(names) if crossed else -(-len(names) // columns)
        figure = new_figure(figsize=(_WIDTH, 0.9 + 1.9 * height), facecolor="white")
        grid = figure.subplots(
            height, columns, sharex=True, sharey="row" if crossed else False, squeeze=False
        )
        fill_plots(grid.ravel().tolist(), columns, trends, names, crossed, shown)
        figure.suptitle(_heading(trends), x=0.01, ha="left", fontsize=10, parse_math=False)
        write_figure(figure, file)
    left = len({group.within for group in trends.groups}) - len(crossed)
    if crossed and left:
        notes = (*notes, f"{left} of the products are not drawn; -f csv has all")
    return notes


def fill_plots(
    plots: Sequence[Plot],
    columns: int,
    trends: Trends,
    names: Sequence[str],
    crossed: Sequence[str],
    shown: Mapping[str, str],
) -> None:
    """Draw into each plot what belongs there, row by row; those left over are hidden.

    A plot of a group within what none of its reviews has stays empty.

    Args:
        plots: Enough of them.
        columns: How many stand beside each other; with crossed groups as many as `crossed`.
        trends: What to draw.
        names: The groups.
        crossed: What they are crossed with, nothing if they are not.
        shown: What is written for the names of both.
    """
    series = _series(trends)
    strata: list[str | None] = [*crossed] or [None]
    wanted = [(name, within) for name in names for within in strata]
    room = _TITLE_CHARACTERS // columns
    for plot, (name, within) in zip(plots, wanted, strict=False):
        if (name, within) in series:
            _draw(plot, *series[name, within])
        title = _cut(shown[name], room)
        if within is not None:
            above = _cut(shown[name], _TITLE_CHARACTERS) if within == strata[0] else ""
            title = f"{above}\n{_cut(shown[within], room)}"
        plot.set_title(title, loc="left", fontsize=9, parse_math=False)
    # An axis that is set to begin at 0 no longer grows with what is drawn.
    for place, plot in enumerate(plots):
        _dress(plot, trends, columns, lowest=place + columns >= len(wanted))
        plot.set_visible(place < len(wanted))


def _crossed(trends: Trends) -> list[str]:
    """Return the stars, or the largest products, that groups are crossed with, if they are."""
    sizes: dict[str, int] = {}
    for group in trends.groups:
        if group.within is not None:
            sizes[group.within] = sizes.get(group.within, 0) + group.reviews
    if trends.across == "stars":
        return sorted(sizes)
    return sorted(sizes, key=lambda name: (-sizes[name], name))[:_MOST_CROSSED]


def _series(trends: Trends) -> dict[tuple[str, str | None], tuple[TrendGroup, list[Trend]]]:
    found: dict[tuple[str, str | None], tuple[TrendGroup, list[Trend]]] = {
        (group.group, group.within): (group, []) for group in trends.groups
    }
    for row in trends.trends:
        found[row.group, row.within][1].append(row)
    return found


def _heading(trends: Trends) -> str:
    first, last = trends.periods[0].period, trends.periods[-1].period
    of = {None: "all reviews", "stars": "reviews with the same stars"}.get(
        trends.across, "reviews of the same product"
    )
    return (
        f"Share of {of} by {trends.period}, {first} to {last}, with 95 % intervals; "
        "marked: significant changes; scales differ"
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _draw(plot: Plot, group: TrendGroup, rows: Sequence[Trend]) -> None:
    missing = float("nan")
    x = range(len(rows))
    share = [row.share.value * 100 if row.share else missing for row in rows]
    low = [row.share.low * 100 if row.share else missing for row in rows]
    high = [row.share.high * 100 if row.share else missing for row in rows]
    plot.fill_between(x, low, high, color=_COLOR, alpha=0.2, lw=0)
    plot.plot(x, share, color=_COLOR, marker="o", ms=2.5, lw=1.2)
    changed = [at for at, row in enumerate(rows) if row.significant]
    plot.plot(
        changed, [share[at] for at in changed],
        ls="none", marker="o", ms=8, mfc="none", mec=_CHANGED, mew=1.4,
    )  # fmt: skip
    point = group.change_point
    if point is not None and point.significant:
        begins = [row.period for row in rows].index(point.period)
        plot.axvline(begins - 0.5, color=_CHANGED, lw=1.2, ls="--")


def _dress(plot: Plot, trends: Trends, columns: int, *, lowest: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    count = len(trends.periods)
    most = int(_WIDTH / columns / _TICK_WIDTH)
    ticks = list(range(0, count, -(-count // most)))
    plot.set_xticks(ticks, [trends.periods[at].period for at in ticks], rotation=30, ha="right")
    plot.tick_params(labelbottom=lowest)
    plot.set_xlim(-0.6, count - 0.4)
    plot.yaxis.set_major_locator(MaxNLocator(nbins=4, min_n_ticks=3))
    plot.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")
    plot.spines[["top", "right"]].set_visible(False)
    plot.grid(axis="y", color="#E0E0E0", lw=0.6)
    plot.set_ylim(bottom=0)
