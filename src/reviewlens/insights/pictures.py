"""Drawing a map: a picture, a page that works offline, a table of points."""

from __future__ import annotations

import html
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from reviewlens.errors import InputError, MissingExtra
from reviewlens.files.fonts import drawing
from reviewlens.files.outputs import check_file, check_package, write_figure, written, written_text
from reviewlens.insights.projection import Point, Projection
from reviewlens.results.tables import CsvTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Plot

Color = Literal["cluster", "product", "stars", "time", "language", "source"]

COLORS = ("cluster", "product", "stars", "time", "language", "source")
ENDINGS = (".html", ".png", ".svg", ".parquet", ".csv")

_PICTURE = ("matplotlib", "maps", "drawing a picture")
_NEEDED = {
    ".html": ("plotly", "maps", "drawing a page"),
    ".png": _PICTURE,
    ".svg": _PICTURE,
    ".parquet": ("pyarrow", "parquet", "writing Parquet"),
}
_MOST_GROUPS = 8
_OTHERS, _NONE = "others", "none"
_GREY = "#9A9A9A"
# Okabe and Ito's colours, told apart by colour-blind readers; every group has a shape besides.
_DISTINCT = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8C6D00", "#000000")
# Of the colour map cividis, for what has an order.
_ORDERED = ((0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102),
            (246, 220, 74))  # fmt: skip
_SHAPES = "osD^vPX*"
_PAGE_SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")
_SHOWN_CHARACTERS = 400
_LEGEND_SIZE = 60.0
_TITLE_CHARACTERS = 110
_PICTURE_CHARACTERS = 85  # of a line beside the legend


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    color: str
    shape: int
    points: tuple[Point, ...]


def draw(
    projection: Projection,
    file: str | Path,
    *,
    color: Color | None = None,
) -> tuple[str, ...]:
    """Write a map to a file; its ending says how.

    `.png` and `.svg` are pictures with a legend, and with labels where groups are clusters or
    products. `.html` is one page that fetches nothing: pointing at a review shows its text. `.csv`
    and `.parquet` are the points.

    Args:
        projection: What to draw.
        file: Where to.
        color: What colours tell; None for clusters where there are any, else products where there
            are several, else stars. Of more than eight groups the largest are told apart.

    Returns:
        What the user should know, such as labels that no font here can draw.

    Raises:
        InputError: The ending or the colour is unknown, or the file cannot be written.
        MissingExtra: matplotlib, plotly or pyarrow is not installed.
    """
    check_output(file, color)
    ending = Path(file).suffix.lower()
    chosen = color or _telling(projection.points)
    if ending == ".csv":
        _write_csv(projection.points, file)
    elif ending == ".parquet":
        _write_parquet(projection.points, file)
    elif ending == ".html":
        _write_page(projection, file, chosen)
    else:
        return _write_picture(projection, file, chosen)
    return ()


def check_output(file: str | Path, color: Color | None) -> None:
    """Tell at once what `draw` would only tell when all is computed.

    Raises:
        InputError: The ending or the colour is unknown, or the file cannot be written.
        MissingExtra: What writes it is not installed.
    """
    check_file(file, ENDINGS)
    needed = _NEEDED.get(Path(file).suffix.lower())
    if needed is not None:
        check_package(*needed)
    if color is not None and color not in COLORS:
        raise InputError(f"the colour is {color!r}; wanted one of {', '.join(COLORS)}")


def _telling(points: Sequence[Point]) -> Color:
    if any(point.cluster >= 0 for point in points):
        return "cluster"
    return "product" if len({point.product for point in points}) > 1 else "stars"


# -- groups --------------------------------------------------------------------------------------


def _groups(points: Sequence[Point], color: Color) -> list[_Group]:
    """Return the groups in the order of the legend, the ones without a colour of their own last."""
    if color == "time":
        values = _periods(points)
    elif color == "stars":
        values = ["" if p.stars is None else f"{int(p.stars + 0.5)}" for p in points]
    elif color == "cluster":
        values = ["" if p.cluster < 0 else p.label or f"cluster {p.cluster}" for p in points]
    else:
        values = [str(getattr(point, color)) for point in points]
    ordered = color in ("stars", "time")
    counts = Counter(value for value in values if value)
    largest = sorted(counts, key=lambda value: (-counts[value], value))
    told = sorted(counts) if ordered else largest[:_MOST_GROUPS]
    members: dict[str, list[Point]] = {value: [] for value in (*told, _OTHERS, _NONE)}
    for value, point in zip(values, points, strict=True):
        members[value if value in told and value else _OTHERS if value else _NONE].append(point)
    rest = len(counts) - len(told)
    names = {_OTHERS: f"{rest} others", _NONE: f"no {color}"}
    groups = []
    for place, value in enumerate(members):
        if members[value]:
            grey = place >= len(told)
            shade = _shade(place, len(told)) if ordered else _DISTINCT[place % len(_DISTINCT)]
            name = (
                names.get(value, value) if grey else f"{value} stars" if color == "stars" else value
            )
            groups.append(
                _Group(name, _GREY if grey else shade, 0 if grey else place, tuple(members[value]))
            )
    return groups


def _periods(points: Sequence[Point]) -> list[str]:
    """Return each point's month, quarter, year or decade: the finest of at most eight."""
    days = [point.time or "" for point in points]
    forms: tuple[Callable[[str], str], ...] = (
        lambda day: day[:7],
        lambda day: f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}",
        lambda day: day[:4],
        lambda day: f"{day[:3]}0s",
    )
    for form in forms:
        values = [form(day) if day else "" for day in days]
        if len({value for value in values if value}) <= _MOST_GROUPS:
            break
    return values


def _shade(place: int, count: int) -> str:
    at = place / max(1, count - 1) * (len(_ORDERED) - 1)
    low = min(int(at), len(_ORDERED) - 2)
    pair = zip(_ORDERED[low], _ORDERED[low + 1], strict=True)
    red, green, blue = (round(one + (other - one) * (at - low)) for one, other in pair)
    return f"#{red:02X}{green:02X}{blue:02X}"


def _titles(projection: Projection) -> tuple[str, str, str]:
    """Return the title and what the axes are called."""
    title = f"{len(projection.points):,} reviews, {projection.method.upper()}"
    if projection.axes is None:
        return title, "", ""
    x, y = projection.axes.explained
    return title, f"{x:.1%} of the variance", f"{y:.1%} of the variance"


# -- a picture -----------------------------------------------------------------------------------


def _write_picture(projection: Projection, file: str | Path, color: Color) -> tuple[str, ...]:
    groups = _groups(projection.points, color)
    title, x_title, y_title = _titles(projection)
    with drawing([group.name for group in groups], size=10) as (new_figure, names, notes):
        figure = new_figure(figsize=(11, 7))
        plot = figure.add_subplot()
        size = min(36.0, max(4.0, 6_000 / len(projection.points)))
        handles = []
        # What has no colour of its own lies below the rest.
        for group in reversed(groups):
            handles.append(
                plot.scatter(
                    [point.x for point in group.points],
                    [point.y for point in group.points],
                    s=size,
                    facecolors="none" if group.color == _GREY else group.color,
                    edgecolors=_GREY if group.color == _GREY else "none",
                    marker=_SHAPES[group.shape % len(_SHAPES)],
                    alpha=0.75,
                    linewidths=1,
                    rasterized=len(projection.points) > 5_000,
                )
            )
        under = [textwrap.fill(note, _PICTURE_CHARACTERS) for note in projection.notes]
        plot.set_title("\n".join([title, *under]), loc="left", parse_math=False)
        plot.set_xlabel(x_title)
        plot.set_ylabel(y_title)
        plot.set_aspect("equal", adjustable="datalim")
        plot.spines[["top", "right"]].set_visible(False)
        shown = [
            f"{_shortened(name, 44)} ({len(group.points):,})"
            for name, group in zip(names, groups, strict=True)
        ]
        legend = figure.legend(
            handles[::-1],
            shown,
            loc="outside right upper",
            frameon=False,
            markerscale=(_LEGEND_SIZE / size) ** 0.5,
            title=color,
        )
        for text in legend.get_texts():
            text.set_parse_math(False)
        if color in ("cluster", "product"):
            _label(plot, groups, names)
        write_figure(figure, file)
    return tuple(f"{note}, or draw to .html, where the browser has the fonts" for note in notes)


def _label(plot: Plot, groups: Sequence[_Group], names: Sequence[str]) -> None:
    """Write each group's name at its middle, moved up or down where it would lie on another."""
    figure = plot.figure
    figure.draw_without_rendering()  # type: ignore[union-attr]
    placed: list[Any] = []
    for group, name in zip(groups, names, strict=True):
        if group.color == _GREY:
            continue
        middle = (median(p.x for p in group.points), median(p.y for p in group.points))
        text = plot.annotate(
            _shortened(name, 32),
            middle,
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            bbox={"boxstyle": "round,pad=0.2", "fc": "white", "ec": group.color, "alpha": 0.85},
            parse_math=False,
        )
        for step in range(40):
            # Up and down in turns, ever further.
            text.set_position((0, (step + 1) // 2 * 7 * (-1) ** step))
            box = text.get_window_extent().padded(8)
            if not any(box.overlaps(other) for other in placed):
                break
        placed.append(box)


def _shortened(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


# -- a page --------------------------------------------------------------------------------------


def _write_page(projection: Projection, file: str | Path, color: Color) -> None:
    try:
        import plotly.graph_objects as graph
    except ImportError as error:
        raise MissingExtra(*_NEEDED[".html"]) from error
    title, x_title, y_title = _titles(projection)
    figure = graph.Figure(
        [
            graph.Scattergl(
                x=[point.x for point in group.points],
                y=[point.y for point in group.points],
                mode="markers",
                name=f"{html.escape(group.name)} ({len(group.points):,})",
                marker={
                    "color": group.color,
                    "size": 7,
                    "opacity": 0.75,
                    "symbol": "circle-open"
                    if group.color == _GREY
                    else _PAGE_SHAPES[group.shape % len(_PAGE_SHAPES)],
                },
                text=[_hover(point) for point in group.points],
                hovertemplate="%{text}<extra></extra>",
            )
            for group in reversed(_groups(projection.points, color))
        ],
        {
            "title": {"text": title, "subtitle": {"text": _subtitle(projection)}},
            "template": "plotly_white",
            "hovermode": "closest",
            "legend": {"title": {"text": color}, "traceorder": "reversed"},
            "xaxis": {"title": {"text": x_title}},
            "yaxis": {"title": {"text": y_title}, "scaleanchor": "x"},
            "hoverlabel": {"align": "left"},
        },
    )
    page = figure.to_html(
        include_plotlyjs=True,
        include_mathjax=False,
        div_id="map",
        default_height="95vh",
        config={"displaylogo": False, "scrollZoom": True, "responsive": True},
    )
    with written_text(file) as stream:
        stream.write(page)


def _subtitle(projection: Projection) -> str:
    lines = [line for note in projection.notes for line in textwrap.wrap(note, _TITLE_CHARACTERS)]
    return "<br>".join(map(html.escape, lines))


def _hover(point: Point) -> str:
    """Return what is shown of a review; plotly reads it as HTML, so the review is escaped."""
    stars = "" if point.stars is None else f"{point.stars:.2g} of 5 stars"
    facts = [point.review_id, stars, (point.time or "")[:10], point.product]
    text = (
        point.text if len(point.text) <= _SHOWN_CHARACTERS else point.text[:_SHOWN_CHARACTERS] + "…"
    )
    lines = [f"<b>{html.escape(' · '.join(fact for fact in facts if fact))}</b>"]
    for paragraph in ([point.title] if point.title else []) + [text]:
        lines += [html.escape(line) for line in textwrap.wrap(paragraph, 80)]
    return "<br>".join(lines)


# -- tables --------------------------------------------------------------------------------------


def _write_csv(points: Sequence[Point], file: str | Path) -> None:
    with written_text(file) as stream:
        table = CsvTable(stream, [f.name for f in fields(Point)])
        table.write([*asdict(point).values()] for point in points)


def _write_parquet(points: Sequence[Point], file: str | Path) -> None:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra(*_NEEDED[".parquet"]) from error
    types: Mapping[str, Any] = dict.fromkeys(("x", "y", "stars"), arrow.float64())
    types = {**types, "cluster": arrow.int64()}
    schema = arrow.schema([(f.name, types.get(f.name, arrow.string())) for f in fields(Point)])
    table = arrow.Table.from_pylist([asdict(point) for point in points], schema=schema)
    with written(file) as stream:
        parquet.write_table(table, stream)
