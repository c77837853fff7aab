"""What the filters can be set to, each value with its count under the other filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewlens.results import Facet, Facets, ThemeFacet, iso_time
from reviewlens.search.catalogue import Catalogue, Names, matching
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_VALUES = 200
"""Products, sources or languages that are listed, besides those that are filtered by."""


def count_facets(
    store: ReviewStore,
    catalogue: Catalogue,
    filters: Filters,
    *,
    labels: Mapping[int, str],
    hidden: frozenset[int] = frozenset(),
) -> Facets:
    """Count what the filters can be set to.

    Args:
        store: Where the reviews are.
        catalogue: Of the same store.
        filters: As they are set now.
        labels: What the saved themes are called; empty where none are saved.
        hidden: Themes that are not listed unless they are filtered by.
    """
    base, choices = matching(store, catalogue, filters)

    def others(but: str | None) -> NDArray[np.bool_]:
        left = base.copy()
        for choice, kept in choices.items():
            if choice != but:
                left &= kept
        return left

    products, distinct = _names(catalogue.products, others("product"), filters.get("product") or ())
    dates = others("time")
    first, last = _span(catalogue, dates)
    shown = set(labels) - hidden | set(filters.get("cluster") or ())
    return Facets(
        collection=store.name,
        reviews=int(others(None).sum()),
        total=len(catalogue.ids),
        stars=_stars(catalogue, others("rating")),
        products=products,
        distinct_products=distinct,
        sources=_names(catalogue.sources, others("source"), filters.get("source") or ())[0],
        languages=_names(catalogue.languages, others("language"), filters.get("language") or ())[0],
        themes=_themes(catalogue, others("cluster"), labels, shown) if labels else (),
        months=_months(catalogue, dates),
        first=first,
        last=last,
        columns=store.columns.extra,
    )


def _names(
    names: Names, kept: NDArray[np.bool_], chosen: Sequence[str]
) -> tuple[tuple[Facet, ...], int]:
    """Return the values of a column with their counts, and how many different ones there are."""
    import numpy as np

    counts = np.bincount(names.codes[kept], minlength=len(names.values)).tolist()
    found = {value: count for value, count in zip(names.values, counts, strict=True) if count}
    found |= {value: 0 for value in chosen if value not in found}
    none = found.pop("", None)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    listed = [
        Facet(value, count)
        for place, (value, count) in enumerate(ordered)
        if place < MOST_VALUES or value in chosen
    ]
    distinct = sum(1 for count in found.values() if count)
    return (*listed, *([] if none is None else [Facet("", none)])), distinct


def _stars(catalogue: Catalogue, kept: NDArray[np.bool_]) -> tuple[Facet, ...]:
    import numpy as np

    stars = catalogue.stars[kept]
    values, counts = np.unique(stars[~np.isnan(stars)], return_counts=True)
    found = [
        Facet(f"{value:g}", count)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True)
    ]
    none = int(np.isnan(stars).sum())
    return (*reversed(found), *([Facet("", none)] if none else []))


def _months(catalogue: Catalogue, kept: NDArray[np.bool_]) -> tuple[Facet, ...]:
    import numpy as np

    dated = catalogue.times[kept & catalogue.dated].astype("datetime64[ms]")
    values, counts = np.unique(dated.astype("datetime64[M]"), return_counts=True)
    found = [Facet(str(value), count) for value, count in zip(values, counts.tolist(), strict=True)]
    none = int((kept & ~catalogue.dated).sum())
    return (*found, *([Facet("", none)] if none else []))


def _span(catalogue: Catalogue, kept: NDArray[np.bool_]) -> tuple[str | None, str | None]:
    times = catalogue.times[kept & catalogue.dated]
    if not len(times):
        return None, None
    return iso_time(int(times.min())), iso_time(int(times.max()))


def _themes(
    catalogue: Catalogue, kept: NDArray[np.bool_], labels: Mapping[int, str], shown: set[int]
) -> tuple[ThemeFacet, ...]:
    import numpy as np

    values, counts = np.unique(catalogue.clusters[kept], return_counts=True)
    found = dict(zip(values.tolist(), counts.tolist(), strict=True))
    ordered = sorted(shown - {-1}, key=lambda theme: (-found.get(theme, 0), theme))
    listed = [ThemeFacet(theme, labels.get(theme, ""), found.get(theme, 0)) for theme in ordered]
    return (*listed, ThemeFacet(-1, "", found.get(-1, 0)))
