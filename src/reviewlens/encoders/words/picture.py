"""Words on a plane, as a picture or a page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.encoders.words.labels import Offset, place_labels
from reviewlens.encoders.words.results import WordMap, WordPoint
from reviewlens.errors import MissingExtra
from reviewlens.files.fonts import drawing
from reviewlens.files.outputs import write_figure, written_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENDINGS = (".png", ".svg", ".html")
_COLOR = "#0072B2"
_FAR = 26.0  # pixels of a label from its point, from which on a line joins them
_PAGE = (960, 680)
_PAGE_MARGINS = (70, 30, 60, 60)  # left, right, top, bottom
_PAGE_LETTER, _PAGE_LINE = 9.5, 22.0  # width and height of a letter, on the safe side
_OVERLAP = "some labels lie on others; draw fewer words"


def draw_words(
    words: Sequence[str], unit: NDArray[np.float64], vectors: str, file: str | Path
) -> WordMap:
    """Draw words on the plane in which they differ most, each with its label.

    Args:
        words: Two or more, all different.
        unit: Their vectors, shape (words, dimension), each of length 1.
        vectors: Name of the word vectors.
        file: Where to; its ending says how.

    Returns:
        Where the words lie, with notes on the picture.
    """
    found = _on_plane(words, unit, vectors)
    draw = _write_page if Path(file).suffix.lower() == ".html" else _write_picture
    notes = draw(found, file)
    return WordMap(found.vectors, found.explained, found.points, notes)


def _on_plane(words: Sequence[str], unit: NDArray[np.float64], vectors: str) -> WordMap:
    import numpy as np

    centred = unit - unit.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    variances = sizes**2
    axes = np.zeros((2, unit.shape[1]))
    explained = [0.0, 0.0]
    for axis in range(min(2, len(sizes))):
        if variances[axis] <= 1e-12 * max(1.0, variances[0]):
            continue
        direction = directions[axis]
        axes[axis] = direction * np.sign(direction[np.abs(direction).argmax()])
        explained[axis] = round(float(variances[axis] / variances.sum()), 4)
    places = (centred @ axes.T).round(5) + 0.0
    points = [WordPoint(word, x, y) for word, (x, y) in zip(words, places.tolist(), strict=True)]
    return WordMap(vectors, (explained[0], explained[1]), tuple(points))


def _titles(found: WordMap) -> tuple[str, str, str]:
    x, y = found.explained
    title = f"{len(found.points)} words, {found.vectors}, PCA"
    return title, f"{x:.1%} of the variance", f"{y:.1%} of the variance"


def _write_picture(found: WordMap, file: str | Path) -> tuple[str, ...]:
    title, x_title, y_title = _titles(found)
    words = [point.word for point in found.points]
    with drawing(words, "drawing words", size=12) as (new_figure, names, notes):
        figure = new_figure(figsize=(9, 6.5))
        plot = figure.add_subplot()
        plot.scatter([p.x for p in found.points], [p.y for p in found.points], s=36, color=_COLOR)
        plot.margins(0.12)
        plot.set_title(title, loc="left", parse_math=False)
        plot.set_xlabel(x_title)
        plot.set_ylabel(y_title)
        plot.spines[["top", "right"]].set_visible(False)
        texts = [
            plot.annotate(
                name.strip(),
                (point.x, point.y),
                xytext=(0, 0),
                textcoords="offset pixels",
                ha="center",
                va="center",
                parse_math=False,
                arrowprops={"arrowstyle": "-", "color": "#9A9A9A", "shrinkA": 2, "shrinkB": 4},
            )
            for name, point in zip(names, found.points, strict=True)
        ]
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        boxes = [text.get_window_extent() for text in texts]
        pixels = plot.transData.transform([(point.x, point.y) for point in found.points])
        area = plot.get_window_extent()
        offsets, free = place_labels(
            [(float(x), float(y)) for x, y in pixels],
            [(box.width, box.height) for box in boxes],
            (area.x0, area.y0, area.x1, area.y1),
            marker=10,
        )
        for text, offset in zip(texts, offsets, strict=True):
            text.set_position((offset.x, offset.y))
            text.arrow_patch.set_visible(offset.distance > _FAR)  # type: ignore[union-attr]
        write_figure(figure, file)
    notes = tuple(f"{note}, or draw to .html, where the browser has the fonts" for note in notes)
    return notes if free else (*notes, _OVERLAP)


def _write_page(found: WordMap, file: str | Path) -> tuple[str, ...]:
    try:
        import plotly.graph_objects as graph
    except ImportError as error:
        raise MissingExtra("plotly", "maps", "drawing words") from error
    title, x_title, y_title = _titles(found)
    ranges = [_range([p.x for p in found.points]), _range([p.y for p in found.points])]
    offsets, free = _page_offsets(found, ranges)
    figure = graph.Figure(
        [
            graph.Scatter(
                x=[point.x for point in found.points],
                y=[point.y for point in found.points],
                mode="markers",
                marker={"color": _COLOR, "size": 9},
                text=[html.escape(point.word) for point in found.points],
                hovertemplate="%{text}<extra></extra>",
            )
        ],
        {
            "title": {"text": html.escape(title)},
            "template": "plotly_white",
            "width": _PAGE[0],
            "height": _PAGE[1],
            "margin": dict(zip("lrtb", _PAGE_MARGINS, strict=True)),
            "xaxis": {"title": {"text": x_title}, "range": ranges[0]},
            "yaxis": {"title": {"text": y_title}, "range": ranges[1]},
            "annotations": [
                {
                    "x": point.x,
                    "y": point.y,
                    "text": html.escape(point.word),
                    "ax": round(offset.x, 1),
                    "ay": round(-offset.y, 1),
                    "showarrow": True,
                    "arrowhead": 0,
                    "arrowwidth": 1 if offset.distance > _FAR else 0.1,
                    "arrowcolor": "#9A9A9A" if offset.distance > _FAR else "rgba(0,0,0,0)",
                    "font": {"size": 15},
                }
                for point, offset in zip(found.points, offsets, strict=True)
            ],
        },
    )
    page = figure.to_html(
        include_plotlyjs=True,
        include_mathjax=False,
        div_id="words",
        config={"displaylogo": False},
    )
    with written_text(file) as stream:
        stream.write(page)
    return () if free else (_OVERLAP,)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.12 * (high - low) or 1.0
    return low - room, high + room


def _page_offsets(
    found: WordMap, ranges: Sequence[tuple[float, float]]
) -> tuple[list[Offset], bool]:
    left, right, top, bottom = _PAGE_MARGINS
    width, height = _PAGE[0] - left - right, _PAGE[1] - top - bottom
    (x0, x1), (y0, y1) = ranges
    pixels = [
        ((point.x - x0) / (x1 - x0) * width, (point.y - y0) / (y1 - y0) * height)
        for point in found.points
    ]
    # Chinese signs are twice as wide as letters.
    wide = [sum(1 + (ord(sign) > 0x2E80) for sign in point.word) for point in found.points]
    sizes = [(_PAGE_LETTER * letters, _PAGE_LINE) for letters in wide]
    return place_labels(pixels, sizes, (0, 0, width, height), marker=8)
