"""Themes among the vectors of another encoder: the same ones, with other centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.ground.slices import Slice
from reviewlens.themes import Member, Theme, ThemeSet, digest, recentred, row_of, themes_of
from slices_of import slice_of

TEXTS = ["a lamp", "b lamp", "c kettle", "d kettle", "e late", "ok"]
BEFORE = np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 1, 0], [0, 0.8, 0.6], [0, 0, 1], [0.6, 0, 0.8]])
AFTER = np.array([[0, 1], [0, 1], [1, 0], [0.6, 0.8], [-1, 0], [0, -1]], dtype=float)


def unencoded(texts: Sequence[str]) -> NDArray[np.float32]:
    raise AssertionError(texts)


def theme(number: int, *centres: list[float], says_nothing: bool = False) -> Theme:
    return Theme(
        number=number,
        label=f"label{number}",
        name=f"name{number}",
        terms=(f"term{number}", "more"),
        vocabulary={"word": 2},
        says_nothing=says_nothing,
        hidden=number == 3,
        origin="found",
        quotes=(),
        centres=np.array(centres, dtype=np.float32).reshape(len(centres), 3),
    )


def themes(reviews: Slice, *all_: Theme, members: dict[int, int]) -> ThemeSet:
    known = {
        reviews.ids[row]: Member(number, 0.9, digest(reviews.titles[row], reviews.texts[row]))
        for row, number in members.items()
    }
    return ThemeSet("main", 1, 1.0, 0.9, 10.0, 9, all_, known)


def rows_of_theme(one: Theme) -> object:
    return row_of(one).data


@pytest.fixture
def before() -> Slice:
    return slice_of(TEXTS, BEFORE)


@pytest.fixture
def after() -> Slice:
    return slice_of(TEXTS, AFTER)


def test_centres_are_the_means_of_the_same_members(before: Slice, after: Slice) -> None:
    found = themes(
        before,
        theme(0, [1, 0, 0]),
        theme(3, [0, 1, 0], [0, 0, 1]),
        members={0: 0, 1: 0, 2: 3, 3: 3, 4: 3},
    )
    changed = recentred(found, before, after, unencoded)
    assert [one.number for one in changed.themes] == [0, 3]
    assert changed.themes[0].centres.tolist() == [[0, 1]]
    # The two parts stay: rows 2 and 3 were nearest to the first, row 4 to the second.
    mean = np.array([1.6, 0.8]) / np.hypot(1.6, 0.8)
    assert changed.themes[1].centres == pytest.approx(np.array([mean, [-1, 0]]), abs=1e-6)
    for one, other in zip(found.themes, changed.themes, strict=True):
        assert rows_of_theme(one) == rows_of_theme(other)
    assert (changed.members, changed.next_number) == (found.members, 9)
    assert {name: number for name, (number, _) in themes_of(changed, after).items()} == dict(
        zip(after.ids, [0, 0, 3, 3, 3, 3], strict=True)
    )


def test_part_that_no_member_is_in_any_more_goes(before: Slice, after: Slice) -> None:
    found = themes(before, theme(0, [1, 0, 0], [0, 0, -1]), members={0: 0})
    assert recentred(found, before, after, unencoded).themes[0].centres.tolist() == [[0, 1]]


def test_member_that_says_something_else_by_now_does_not_count(before: Slice, after: Slice) -> None:
    found = themes(before, theme(0, [1, 0, 0]), members={0: 0, 2: 0})
    other = replace(before, texts=(*before.texts[:2], "changed", *before.texts[3:]))
    assert recentred(found, other, after, unencoded).themes[0].centres.tolist() == [[0, 1]]


def test_theme_without_members_goes_by_the_reviews_that_have_it(
    before: Slice, after: Slice
) -> None:
    found = themes(before, theme(0, [1, 0, 0]), theme(7, [0, 0, 1]), members={0: 0})
    having = replace(before, clusters=np.array([0, 0, 0, 0, 7, 0], dtype=np.int32))
    changed = recentred(found, having, after, unencoded)
    assert changed.themes[1].centres.tolist() == [[-1, 0]]


def test_theme_of_no_review_at_all_goes_by_its_words(before: Slice, after: Slice) -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[0.6, -0.8]], dtype=np.float32)

    found = themes(before, theme(0, [1, 0, 0]), theme(7, [0, 0, 1]), members={0: 0})
    changed = recentred(found, before, after, encode)
    assert asked == ["term7, more"]
    assert changed.themes[1].centres == pytest.approx(np.array([[0.6, -0.8]]))


def test_theme_of_reviews_that_say_nothing_needs_no_centre(before: Slice, after: Slice) -> None:
    silent = theme(4, says_nothing=True)
    found = themes(before, theme(0, [1, 0, 0]), silent, members={0: 0})
    assert recentred(found, before, after, unencoded).themes[1].centres.shape == (0, 2)
