"""A map in columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reviewlens.errors import TooFewReviews
from reviewlens.insights.layout import NO_DAY, Layout, place_reviews
from reviewlens.insights.projection import project
from slices_of import slice_of


def laid_out(**more: object) -> Layout:
    rng = np.random.default_rng(3)
    reviews = slice_of(
        ["a", "b", "c", "d", "e"],
        rng.standard_normal((5, 8)),
        stars=[5, None, 3.5, 1, 1],
        dates=["1970-01-03", None, "1969-12-31", "2024-02-29T23:59:59", "1970-01-01"],
        products=["kettle", "", "lamp", "lamp", "茶"],
        clusters=np.array([4, -1, 4, 4, 2], dtype=np.int32),
    )
    clusters = np.array([4, -1, 4, 4, 2], dtype=np.int32)
    return place_reviews(replace(reviews, clusters=clusters, **more), labels={4: "too loud"})  # type: ignore[arg-type]


def test_places_are_those_of_the_map_of_points() -> None:
    rng = np.random.default_rng(3)
    reviews = slice_of([f"text {n}" for n in range(40)], rng.standard_normal((40, 8)))
    points = project(reviews).points
    found = place_reviews(reviews)
    assert found.ids == tuple(point.review_id for point in points)
    expected = [(point.x, point.y) for point in points]
    np.testing.assert_allclose(found.places, expected, atol=1e-5)


def test_columns_say_what_is_absent() -> None:
    found = laid_out()
    assert found.days.tolist() == [2, NO_DAY, -1, 19782, 0]
    np.testing.assert_array_equal(found.stars, np.float32([5, np.nan, 3.5, 1, 1]))
    assert found.clusters.tolist() == [4, -1, 4, 4, 2]


def test_names_stand_once_the_most_frequent_first() -> None:
    found = laid_out()
    assert found.products.names == ("lamp", "", "kettle", "茶")
    assert found.products.of_review.tolist() == [2, 1, 0, 0, 3]


def test_theme_lies_at_the_median_of_its_reviews() -> None:
    found = laid_out()
    assert [(theme.cluster, theme.label, theme.reviews) for theme in found.themes] == [
        (4, "too loud", 3),
        (2, "theme 2", 1),
    ]
    middle = np.median(found.places[[0, 2, 3]], axis=0)
    np.testing.assert_allclose((found.themes[0].x, found.themes[0].y), middle, atol=1e-5)


def test_version_is_of_everything_in_it() -> None:
    first = laid_out()
    assert laid_out().version == first.version
    others = [
        laid_out(ids=("r0", "r1", "r2", "r3", "r4")),
        laid_out(products=("kettle", "", "lamp", "lamp", "tea")),
        laid_out(sources=("web", "", "", "", "")),
        laid_out(stars=np.array([4, np.nan, 3.5, 1, 1])),
        laid_out(times=np.array(["2001-01-01"] * 5, dtype="M8[ms]")),
        laid_out(vectors=np.eye(5, 8, dtype=np.float32)),
        replace(first, themes=()),
    ]
    assert len({first.version, *(other.version for other in others)}) == 8


def test_two_reviews_are_too_few() -> None:
    with pytest.raises(TooFewReviews, match="at least 3 reviews, found 2"):
        place_reviews(slice_of(["one", "two"]))
