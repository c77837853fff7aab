"""`map` and `layout`: reviews on a plane, so that near ones say alike."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.files.outputs import check_file
from reviewlens.insights.base import graph_of, slice_of, theme_labels, themed
from reviewlens.insights.layout import Layout, place_reviews
from reviewlens.insights.pictures import Color, check_output, draw
from reviewlens.insights.projection import (
    FEWEST_REVIEWS,
    Method,
    Projection,
    project,
    read_axes,
    require_umap,
    write_axes,
)
from reviewlens.questions import Face, Ge
from reviewlens.results import OnProgress
from reviewlens.session import Lease

_log = logging.getLogger(__name__)


def map_of(
    lease: Lease,
    *outputs: Annotated[str | Path, Face(flag="-o/--output", metavar="FILE", local=True)],
    method: Method = "pca",
    color: Color | None = None,
    axes: Annotated[str | Path | None, Face(metavar="FILE", local=True)] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Projection:
    """Lay reviews on a plane, so that near ones say alike, and draw them.

    Reviews in a language that the encoder does not read have no place there, and are counted.

    Args:
        *outputs: Files to write: .html, .png, .svg, .parquet or .csv.
        method: `pca`, or `umap`, which separates groups better and moves with every review.
        color: What colours tell: `cluster`, `product`, `stars`, `time`, `language` or
            `source`; without it clusters where there are enough reviews for them, else products,
            else stars. Clusters are the saved themes, else those of `clusters`, found anew.
        axes: File of the axes of an earlier `pca` map, on which these reviews are laid, so that
            none moves; if it is not there, the axes are written to it.
        seed: For `umap` and clusters.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: There are fewer than three, and no axes; or too few for clusters, and
            these are asked for.
        InputError: A file, the method, the colour or the axes cannot be used.
        MissingExtra: A package that draws, or `umap-learn`, is not installed.
    """
    for output in outputs:
        check_output(output, color)
    if axes is not None and not Path(axes).exists():
        if method != "pca":
            raise InputError(f"{method} has no axes to write to {axes}; leave them out or use pca")
        check_file(axes, called="the axes")
    store = lease.store
    known = read_axes(axes) if axes is not None and Path(axes).exists() else None
    fewest = FEWEST_REVIEWS if known is None else 0
    reviews = slice_of(lease, fewest=fewest, purpose="a map", on_progress=on_progress)
    graph = None
    labels: Mapping[int, str] = {}
    if method == "umap" or color in ("cluster", None):
        graph = graph_of(reviews, on_progress)
    if graph is not None and color in ("cluster", None):
        reviews, labels = themed(lease, reviews, seed=seed, graph=graph)
        if color is not None and not (reviews.clusters >= 0).any():
            raise TooFewReviews(
                "these reviews are too few for clusters; wanted at least 20 that say "
                "something: take another --color, widen the filters, or ingest more"
            )
    found = lease.noted(  # before it is drawn, as the page tells it too
        project(
            reviews,
            method=method,
            axes=known,
            encoder=store.pin.fingerprint,
            graph=graph,
            labels=labels,
            seed=seed,
        )
    )
    if axes is not None and known is None:
        assert found.axes is not None
        write_axes(found.axes, axes)
    for output in outputs:
        for note in draw(found, output, color=color):
            _log.info(note)
    return found


def layout_of(
    lease: Lease,
    *,
    method: Method = "pca",
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Layout:
    """Lay reviews on a plane as `map` does, in columns for who draws many of them.

    No text is read, and no themes are looked for: those that are saved are named.

    Args:
        method: `pca`, or `umap`, which separates groups better and takes far longer.
        seed: For `umap`.
        on_progress: Told of the stages `reading` and, for `umap`, `neighbours`.

    Raises:
        TooFewReviews: There are fewer than three.
        MissingExtra: `umap-learn` is not installed.
    """
    if method == "umap":
        require_umap()
    reviews = slice_of(
        lease, fewest=FEWEST_REVIEWS, purpose="a map", texts=False, on_progress=on_progress
    )
    return place_reviews(
        reviews,
        method=method,
        encoder=lease.store.pin.fingerprint,
        graph=graph_of(reviews, on_progress) if method == "umap" else None,
        labels=theme_labels(lease),
        seed=seed,
    )
