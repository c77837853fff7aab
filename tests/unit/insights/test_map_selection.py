"""What is told of reviews that someone picked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reviewlens.ground.slices import Slice
from reviewlens.insights.description import Description, Part, describe_selection
from reviewlens.search import Catalogue
from reviewlens.search.catalogue import Names
from slices_of import slice_of

LOUD = 12


def stored() -> tuple[Slice, Catalogue]:
    """Twelve loud kettles of one star, then 24 quiet lamps of five or none."""
    texts = [f"The motor howls dreadfully, sample {n}." for n in range(LOUD)]
    texts += [f"The light glows softly, sample {n}." for n in range(24)]
    stars = [1.0] * LOUD + [5.0] * 20 + [None] * 4
    dates = ["2024-03-01"] * LOUD + ["2023-01-01", *[None] * 23]
    clusters = np.array([7] * LOUD + [3] * 20 + [-1] * 4)
    reviews = replace(slice_of(texts, stars=stars, dates=dates), clusters=clusters)
    times = reviews.times.astype(np.int64)
    blank = Names(("",), np.zeros(36, dtype=np.int64))
    catalogue = Catalogue(
        ids=reviews.ids,
        rows={name: row for row, name in enumerate(reviews.ids)},
        stars=reviews.stars,
        times=np.where(np.isnat(reviews.times), 0, times),
        dated=~np.isnat(reviews.times),
        clusters=clusters.astype(np.int64),
        texts={
            "product": Names(("kettle", "lamp"), np.array([0] * LOUD + [1] * 24)),
            "source": blank,
            "language": blank,
        },
    )
    return reviews, catalogue


def described(rows: range) -> Description:
    reviews, catalogue = stored()
    kept = np.zeros(len(reviews), dtype=bool)
    kept[list(rows)] = True
    inside, outside = (reviews.take(np.flatnonzero(side)) for side in (kept, ~kept))
    return describe_selection(catalogue, kept, inside, outside, labels={7: "loud", 3: "light"})


def counts(parts: tuple[Part, ...]) -> list[tuple[str, str, int]]:
    return [(part.value, part.label, part.reviews) for part in parts]


@pytest.fixture(scope="module")
def loud() -> Description:
    return described(range(LOUD))


def test_figures_are_of_the_selection_and_the_rest(loud: Description) -> None:
    assert (loud.reviews, loud.rest, loud.rated, loud.read, loud.read_rest) == (12, 24, 12, 12, 24)
    assert loud.mean is not None
    assert loud.mean.value == 1.0
    assert loud.mean_rest is not None
    assert loud.mean_rest.value == 5.0
    assert (loud.first, loud.last) == ("2024-03-01T00:00:00Z",) * 2


def test_parts_have_their_share_beside_that_of_the_rest(loud: Description) -> None:
    assert counts(loud.themes) == [("7", "loud", 12)]
    assert counts(loud.products) == [("kettle", "kettle", 12)]
    assert counts(loud.stars) == [(str(n), str(n), 12 if n == 1 else 0) for n in (5, 4, 3, 2, 1)]
    fives = loud.stars[0]
    assert fives.share.value == 0.0
    assert fives.share_rest is not None
    assert fives.share_rest.value == round(20 / 24, 4)
    # One of C(36, 12) ways has all of the twelve on this side; twice the smaller tail.
    assert loud.themes[0].p == pytest.approx(2 / 1_251_677_700, rel=1e-3)


def test_words_are_those_it_says_more(loud: Description) -> None:
    said = {word.name for word in loud.words}
    assert any("motor" in word or "howls" in word for word in said)
    assert not any("light" in word or "glows" in word for word in said)
    assert all("howls" in quote.text for quote in loud.quotes)


def test_reviews_without_stars_stand_last_and_are_counted() -> None:
    found = described(range(LOUD, 36))
    assert counts(found.stars)[-1] == ("", "", 4)
    assert counts(found.themes) == [("3", "light", 20)]
    assert found.rated == 20


def test_all_reviews_have_no_rest() -> None:
    found = described(range(36))
    assert (found.rest, found.words, found.mean_rest) == (0, (), None)
    assert all(part.share_rest is None and part.p is None for part in found.products)


def test_one_review_is_told_of() -> None:
    found = described(range(1))
    assert (found.reviews, found.words, len(found.quotes)) == (1, (), 1)


def test_halves_go_to_the_stars_below() -> None:
    reviews, catalogue = stored()
    halves = np.float32([4.5, 2.9999998, np.nan] + [1] * 33).astype(np.float64)
    kept = np.arange(36) < 3
    inside, outside = (reviews.take(np.flatnonzero(side)) for side in (kept, ~kept))
    found = describe_selection(replace(catalogue, stars=halves), kept, inside, outside)
    assert [part.reviews for part in found.stars] == [0, 1, 1, 0, 0, 1]
    assert found.themes == ()
