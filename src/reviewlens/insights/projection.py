"""Where does each review lie on a map, so that near ones say alike?"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reviewlens.document import Document, Facts
from reviewlens.errors import InputError, MissingExtra, TooFewReviews
from reviewlens.files.outputs import written_text
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice
from reviewlens.results import Tabular

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Method = Literal["pca", "umap"]

FEWEST_REVIEWS = 3
_NEIGHBORS = 15
_BLOCK_ROWS = 8_192


@dataclass(frozen=True, slots=True)
class Axes:
    """The plane that reviews are seen on; a review lands on it without moving another.

    Attributes:
        encoder: Fingerprint of the encoder whose vectors they fit.
        reviews: How many reviews they were made of.
        mean: The vector that lies at (0, 0).
        components: The directions of x and y, unit vectors.
        explained: Share of the vectors' variance along each, 0..1.
    """

    encoder: str
    reviews: int
    mean: tuple[float, ...]
    components: tuple[tuple[float, ...], tuple[float, ...]]
    explained: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A review on the map; a missing text is empty, a missing number None, no cluster -1.

    Attributes:
        label: What its cluster is called.
    """

    review_id: str
    x: float
    y: float
    text: str
    title: str
    product: str
    stars: float | None
    time: str | None
    source: str
    language: str
    cluster: int
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Projection(Tabular):
    """A map of reviews.

    Attributes:
        method: `pca` or `umap`.
        axes: What new reviews can be laid on; None for `umap`, which has no such axes.
        points: One a review, ordered by id.
        notes: What the user should know besides.
    """

    method: Method
    axes: Axes | None
    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Point]:
        return self.points

    def document(self, *, details: bool = False, files: Sequence[str | Path] = ()) -> Document:
        """Return how much of what tells the reviews apart is shown; see `Tabular.document`.

        Args:
            details: No difference.
            files: Where it was drawn.
        """
        facts: dict[str, Any] = {"files": list(map(str, files))}
        if self.axes is not None:
            x, y = self.axes.explained
            facts["shown"] = f"{x + y:.0%} of the variance ({x:.1%} and {y:.1%})"
        return (Facts(f"{len(self.points):,} reviews, {self.method.upper()}", facts),)


def project(
    reviews: Slice,
    *,
    method: Method = "pca",
    axes: Axes | None = None,
    encoder: str = "",
    graph: NeighborGraph | None = None,
    labels: Mapping[int, str] | None = None,
    seed: int = 0,
) -> Projection:
    """Lay reviews on a plane.

    `pca` turns the vectors so that x and y are the two directions in which they differ most. It is
    exact (eigenvectors of the covariance, whose size does not grow with the reviews) and straight:
    distances on the map are never larger than the true ones, and a new review can be laid on saved
    axes. Each direction is turned so that its largest number is positive. Unlike scikit-learn's
    PCA it makes no copy of all vectors.

    `umap` keeps near what is near, and separates groups better, but distances between groups and
    their sizes mean nothing, and a new review moves the others. It starts from the exact neighbour
    graph and the PCA, so that a seed gives the same map on one machine.

    Args:
        reviews: At least three; with `axes` any number.
        method: `pca` or `umap`.
        axes: Lay the reviews on these instead of axes of their own (`pca`).
        encoder: Fingerprint of the encoder, kept with new axes and compared with given ones.
        graph: Neighbours for `umap`; they are looked for if it is None.
        labels: What the clusters of `reviews` are called.
        seed: For `umap`.

    Raises:
        TooFewReviews: There are fewer than three.
        InputError: The axes are those of another encoder, or given for `umap`.
        MissingExtra: `umap-learn` is not installed.

    Source:
        Pearson, "On lines and planes of closest fit", 1901. McInnes, Healy and Melville, "UMAP",
        2018.
    """
    places, found = lay_out(
        reviews, method=method, axes=axes, encoder=encoder, graph=graph, seed=seed
    )
    return Projection(method, found, tuple(_points(reviews, places, labels or {})))


def lay_out(
    reviews: Slice,
    *,
    method: Method = "pca",
    axes: Axes | None = None,
    encoder: str = "",
    graph: NeighborGraph | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.float64], Axes | None]:
    """Return where `project` lays reviews, of shape (reviews, 2), and the axes; see there."""
    if method not in ("pca", "umap"):
        raise InputError(f"the method is {method!r}; wanted pca or umap")
    if len(reviews) < FEWEST_REVIEWS and axes is None:
        raise TooFewReviews(
            f"a map needs at least {FEWEST_REVIEWS} reviews, found {len(reviews)}: widen the "
            "filters or ingest more"
        )
    if axes is None:
        axes = _principal_axes(reviews.vectors, encoder)
    elif method == "umap":
        raise InputError(
            "umap has no axes that reviews can be laid on; leave --axes out, or use pca"
        )
    elif axes.encoder != encoder or len(axes.mean) != reviews.vectors.shape[1]:
        raise InputError(
            "the axes were made with another encoder than this collection's; make new ones, in "
            "another file"
        )
    places = _on_axes(reviews.vectors, axes)
    if method == "umap":
        places = _uniform_manifold(reviews.vectors, graph, places, seed)
    return places, axes if method == "pca" else None


def require_umap() -> None:
    """Refuse to begin what would end for lack of `umap-learn`.

    Raises:
        MissingExtra: It is not installed.
    """
    if "umap" not in sys.modules and find_spec("umap") is None:
        raise _no_umap()


def _no_umap() -> MissingExtra:
    return MissingExtra("umap-learn", "umap", "a UMAP map")


def _principal_axes(vectors: NDArray[np.float32], encoder: str) -> Axes:
    import numpy as np

    mean = vectors.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((vectors.shape[1],) * 2)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        centred = vectors[start : start + _BLOCK_ROWS] - mean.astype(np.float32)
        covariance += centred.T @ centred
    values, directions = np.linalg.eigh(covariance / len(vectors))
    total = float(values.clip(0).sum())
    components, explained = [], []
    for place in (-1, -2):
        direction = directions[:, place]
        direction = direction * np.sign(direction[np.abs(direction).argmax()])
        components.append(tuple(direction.round(8).tolist()))
        share = max(0.0, float(values[place])) / total if total > 1e-9 else 0.0
        explained.append(round(share, 4))
    return Axes(
        encoder,
        len(vectors),
        tuple(mean.round(8).tolist()),
        (components[0], components[1]),
        (explained[0], explained[1]),
    )


def _on_axes(vectors: NDArray[np.float32], axes: Axes) -> NDArray[np.float64]:
    import numpy as np

    components = np.array(axes.components)
    places: NDArray[np.float64] = vectors @ components.T - components @ np.array(axes.mean)
    return places


def _uniform_manifold(
    vectors: NDArray[np.float32],
    graph: NeighborGraph | None,
    start: NDArray[np.float64],
    seed: int,
) -> NDArray[np.float64]:
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for tensorflow, which is not needed
            import umap
    except ImportError as error:
        raise _no_umap() from error
    graph = graph or nearest(vectors, _NEIGHBORS)
    k = min(_NEIGHBORS, graph.k)
    own = np.arange(len(vectors), dtype=np.int32)[:, None]
    distances = 1 - graph.similarities[:, :k]
    neighbors = (
        np.hstack([own, graph.rows[:, :k]]),
        np.hstack([np.zeros((len(own), 1), np.float32), distances.clip(0)]),
    )
    spread = float(np.abs(start).max()) or 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that one thread is used, as a seed wants it
        found: Any = umap.UMAP(
            n_neighbors=k + 1,
            metric="cosine",
            precomputed_knn=neighbors,
            init=(10 * start / spread).astype(np.float32),
            random_state=seed,
            n_jobs=1,
        ).fit_transform(vectors)
    places: NDArray[np.float64] = np.asarray(found, dtype=np.float64)
    return places


def _points(reviews: Slice, places: NDArray[np.float64], labels: Mapping[int, str]) -> list[Point]:
    points = []
    for row, (x, y) in enumerate(places.round(5).tolist()):
        quote = reviews.quote(row)
        points.append(
            Point(
                review_id=quote.review_id,
                x=x + 0.0,  # no -0.0
                y=y + 0.0,
                text=quote.text,
                title=reviews.titles[row],
                product=reviews.products[row],
                stars=quote.stars,
                time=quote.time,
                source=reviews.sources[row],
                language=reviews.languages[row],
                cluster=int(reviews.clusters[row]),
                label=labels.get(int(reviews.clusters[row]), ""),
            )
        )
    return points


def write_axes(axes: Axes, file: str | Path) -> None:
    """Write axes as JSON.

    Raises:
        InputError: The file cannot be written.
    """
    with written_text(file, called="the axes") as stream:
        stream.write(json.dumps(asdict(axes)) + "\n")


def read_axes(file: str | Path) -> Axes:
    """Read axes that `write_axes` wrote.

    Raises:
        InputError: They are not in the file.
    """
    import numpy as np

    try:
        found: Mapping[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
        x, y = (tuple(map(float, component)) for component in found["components"])
        share_x, share_y = map(float, found["explained"])
        mean = tuple(map(float, found["mean"]))
        if not np.isfinite([mean, x, y]).all():
            raise ValueError("not finite")
        return Axes(str(found["encoder"]), int(found["reviews"]), mean, (x, y), (share_x, share_y))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"there are no axes in {file}; wanted a file that --axes of an earlier run wrote"
        ) from error
