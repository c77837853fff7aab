"""Matplotlib, and labels that the fonts of this machine can draw."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reviewlens.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "PingFang SC",
    "Hiragino Sans", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback", "IPAGothic", "Arial Unicode MS",
)  # fmt: skip


@contextmanager
def drawing(
    labels: Sequence[str], purpose: str = "drawing a picture", *, size: int
) -> Iterator[tuple[Callable[..., Figure], list[str], tuple[str, ...]]]:
    """Give what makes a figure, the labels as they can be drawn in it, and notes on these.

    What is drawn in the block has fonts for the labels, and is the same bytes each time.

    Args:
        labels: What is to be written.
        purpose: For the error.
        size: Of letters, in points.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    try:
        with _quiet_import():
            import matplotlib as mpl
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("matplotlib", "maps", purpose) from error

    def new_figure(**how: Any) -> Figure:  # noqa: ANN401 - whatever a figure takes
        figure = Figure(dpi=150, layout="constrained", **how)
        FigureCanvasAgg(figure)
        return figure

    families, drawn, notes = _drawable(labels)
    settings: dict[Any, Any] = {
        "font.family": families,
        "svg.hashsalt": "reviewlens",
        "font.size": size,
    }
    with mpl.rc_context(settings):
        yield new_figure, drawn, notes


@contextmanager
def _quiet_import() -> Iterator[None]:
    """Import matplotlib without remarks where the user's home cannot be written.

    It then looks for the fonts of this machine in each process.
    """
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _drawable(names: Sequence[str]) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Return fonts, and names that they can draw; what they cannot is a number, with a note."""
    from matplotlib import font_manager as fonts

    known = {font.name for font in fonts.fontManager.ttflist}
    families = ["DejaVu Sans", *(name for name in _WIDE_FONTS if name in known)]
    glyphs: set[int] = set()
    for family in families:
        glyphs |= set(fonts.get_font(fonts.findfont(family)).get_charmap())
    drawn, lost = [], 0
    for number, name in enumerate(names, start=1):
        fits = all(ord(character) in glyphs for character in name)
        lost += not fits
        # A legend passes over a label that begins with an underscore.
        drawn.append(f"[{number}]" if not fits else f" {name}" if name.startswith("_") else name)
    if not lost:
        return families, drawn, ()
    note = (
        f"no font on this machine can draw {lost} of the labels, which are numbers instead; "
        "install a font such as Noto Sans CJK"
    )
    return families, drawn, (note,)
