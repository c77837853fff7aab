"""Where does each review lie on a map, for those who draw it themselves?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.ground.slices import Slice
from reviewlens.insights.projection import Method, lay_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_DAY = -(2**31)
"""The day of a review without a date."""


@dataclass(frozen=True, slots=True)
class PlacedTheme:
    """A saved theme on the map.

    Attributes:
        cluster: Its number.
        label: What it is called.
        reviews: How many it has here.
        x: The middle of its reviews: the median, which stays among most of them.
        y: Likewise.
    """

    cluster: int
    label: str
    reviews: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """A column of names: the different ones, the most frequent first, and which each review has.

    Attributes:
        names: Each once; empty for none.
        of_review: int32 of shape (reviews,), places in `names`.
    """

    names: tuple[str, ...]
    of_review: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A map of reviews in columns, one row each, ordered by id; without their texts.

    Attributes:
        method: `pca` or `umap`.
        explained: Share of the vectors' variance along x and y, 0..1; None for `umap`.
        ids: Review ids.
        places: float32 of shape (reviews, 2).
        stars: float32 of shape (reviews,), NaN where there are none.
        days: int32 of shape (reviews,), days since 1970-01-01 in UTC; `NO_DAY` where there is none.
        clusters: int32 of shape (reviews,), the saved theme, -1 for none.
        products: Likewise `sources` and `languages`.
        themes: Those that reviews here have, the largest first.
        notes: What the user should know besides.
    """

    method: Method
    explained: tuple[float, float] | None
    ids: tuple[str, ...]
    places: NDArray[np.float32]
    stars: NDArray[np.float32]
    days: NDArray[np.int32]
    clusters: NDArray[np.int32]
    products: Codes
    sources: Codes
    languages: Codes
    themes: tuple[PlacedTheme, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of reviews."""
        return len(self.ids)

    @property
    def version(self) -> str:
        """What names this very map: another one as soon as anything in it is another."""
        found = hashlib.sha256(repr((self.method, self.themes, self.notes)).encode())
        for names in (self.ids, self.products.names, self.sources.names, self.languages.names):
            found.update("\0".join(names).encode("utf-8", "surrogatepass") + b"\1")
        for column in (
            self.places,
            self.stars,
            self.days,
            self.clusters,
            *(codes.of_review for codes in (self.products, self.sources, self.languages)),
        ):
            found.update(column.tobytes())
        return found.hexdigest()[:16]


def place_reviews(
    reviews: Slice,
    *,
    method: Method = "pca",
    encoder: str = "",
    graph: NeighborGraph | None = None,
    labels: Mapping[int, str] | None = None,
    seed: int = 0,
) -> Layout:
    """Lay reviews on a plane as `project` does, and return columns rather than points.

    For a hundred thousand reviews that is a few megabytes, which a browser draws from as they are.

    Args:
        reviews: At least three; their texts are not looked at.
        method: `pca` or `umap`.
        encoder: See `project`.
        graph: Neighbours for `umap`.
        labels: What the saved themes are called.
        seed: For `umap`.

    Raises:
        TooFewReviews: There are fewer than three.
        InputError: There is no such method.
        MissingExtra: `umap-learn` is not installed.
    """
    import numpy as np

    places, axes = lay_out(reviews, method=method, encoder=encoder, graph=graph, seed=seed)
    days = reviews.times.astype("datetime64[D]").astype(np.int64)
    return Layout(
        method=method,
        explained=None if axes is None else axes.explained,
        ids=reviews.ids,
        places=places.astype(np.float32),
        stars=reviews.stars.astype(np.float32),
        days=np.where(np.isnat(reviews.times), NO_DAY, days).astype(np.int32),
        clusters=reviews.clusters.astype(np.int32),
        products=_codes(reviews.products),
        sources=_codes(reviews.sources),
        languages=_codes(reviews.languages),
        themes=_themes(reviews.clusters, places, labels or {}),
    )


def _codes(values: Sequence[str]) -> Codes:
    from collections import Counter

    import numpy as np

    ranked = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    place_of = {name: place for place, (name, _) in enumerate(ranked)}
    return Codes(tuple(place_of), np.array([place_of[value] for value in values], dtype=np.int32))


def _themes(
    clusters: NDArray[np.int32], places: NDArray[np.float64], labels: Mapping[int, str]
) -> tuple[PlacedTheme, ...]:
    import numpy as np

    found = []
    for cluster in np.unique(clusters[clusters >= 0]).tolist():
        inside = clusters == cluster
        x, y = np.median(places[inside], axis=0).round(5).tolist()
        label = labels.get(cluster) or f"theme {cluster}"
        found.append(PlacedTheme(cluster, label, int(inside.sum()), x + 0.0, y + 0.0))
    return tuple(sorted(found, key=lambda theme: (-theme.reviews, theme.cluster)))
