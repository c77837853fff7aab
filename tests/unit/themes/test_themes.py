"""Saved themes: made, kept as rows, given to reviews, matched, changed by the analyst."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from reviewlens.errors import InputError
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters import find_clusters
from reviewlens.store import chunks
from reviewlens.store.theme_sets import DATA_BYTES
from reviewlens.themes import (
    Member,
    Theme,
    ThemeSet,
    adopt,
    assign,
    digest,
    make_set,
    match_themes,
    merged,
    required,
    rows_of,
    said_by,
    set_of,
    split,
    themes_of,
)
from reviewlens.themes.assignment import fit_sharpness
from slices_of import slice_of

SUBJECTS = ("battery", "parcel", "refund", "sound")


@cache
def reviews() -> Slice:
    """Four subjects of 30 reviews around centres of their own, and five that say nothing."""
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((5, 24))
    truth = np.repeat(np.arange(5), [30, 30, 30, 30, 5])
    vectors = centres[truth] + 0.4 * draw.standard_normal((125, 24))
    texts = [f"{SUBJECTS[one]} words{row} other{row}" for row, one in enumerate(truth[:120])]
    return slice_of([*texts, "Love it!", "ok", "5/5", "Great", ""], vectors)


@cache
def made() -> ThemeSet:
    found = find_clusters(reviews(), nearest(reviews().vectors), resolution=1)
    return make_set("main", reviews(), found, created=1_000)


def theme(number: int, *centres: list[float], **values: object) -> Theme:
    plain = Theme(
        number=number,
        label=f"label {number}",
        name="",
        terms=(f"term{number}",),
        vocabulary={f"term{number}": 3},
        says_nothing=False,
        hidden=False,
        origin="found",
        quotes=(),
        centres=np.array(centres, np.float32),
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def set_with(*themes: Theme, **values: object) -> ThemeSet:
    plain = ThemeSet("main", 0, 1.0, 1.0, 10.0, 1 + max(t.number for t in themes), themes, {})
    return replace(plain, **values)  # type: ignore[arg-type]


# -- by hand -------------------------------------------------------------------------------------


def test_review_goes_to_the_theme_of_its_nearest_centre_as_sure_as_the_softmax_says() -> None:
    found = set_with(theme(4, [1, 0], [0, 1]), theme(7, [-1, 0]), sharpness=2.0)
    vectors = np.array([[0, 1], [-1, 0], [0.6, -0.8]], np.float32)
    numbers, confidence = assign(found, vectors, [("", "a kettle", "en")] * 3)
    assert numbers.tolist() == [4, 7, 4]
    expected = [
        np.exp(2 * a) / (np.exp(2 * a) + np.exp(2 * b)) for a, b in ((1, 0), (1, 0), (0.6, -0.6))
    ]
    np.testing.assert_allclose(confidence, expected, atol=1e-4)


def test_reviews_that_say_nothing_go_by_the_rule() -> None:
    found = set_with(theme(0, [1, 0]), theme(1, [0, 1], says_nothing=True))
    numbers, confidence = assign(
        found, np.array([[1, 0], [0, 1]], np.float32), [("", "Great!", "en"), ("", "the lid", "en")]
    )
    assert numbers.tolist() == [1, 0]
    assert confidence.tolist() == [1.0, 1.0]
    without, _ = assign(
        set_with(theme(0, [1, 0])), np.eye(2, dtype=np.float32), [("", "ok", "en")] * 2
    )
    assert without.tolist() == [0, 0]


@pytest.mark.usefixtures("without_cjk")
def test_review_without_the_extra_goes_to_the_nearest_theme_and_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = set_with(theme(0, [1, 0]), theme(1, [0, 1], says_nothing=True))
    said = [("", "最高", "ja"), ("", "Great!", "en")]
    numbers, _ = assign(found, np.eye(2, dtype=np.float32), said)
    assert numbers.tolist() == [0, 1]
    assert "pip install 'reviewlens[cjk]'" in caplog.text


def test_member_keeps_its_theme_until_it_says_something_else() -> None:
    found = set_with(
        theme(0, [1, 0]),
        theme(1, [0, 1]),
        members={
            "r0000": Member(1, 0.7, digest("", "one")),
            "r0001": Member(1, 0.7, digest("", "was")),
        },
        adopted={"r0002": Member(1, 0.9, digest("", "three"))},
    )
    stored = slice_of(["one", "two", "three", "four"], np.array([[1, 0]] * 4))
    assert {key: number for key, (number, _) in themes_of(found, stored).items()} == {
        "r0000": 1, "r0001": 0, "r0002": 1, "r0003": 0,
    }  # fmt: skip
    assert themes_of(found, stored)["r0000"] == (1, 0.7)
    assert set(themes_of(None, stored).values()) == {(-1, 0.0)}


def test_merged_themes_are_one_with_all_centres_and_members() -> None:
    found = set_with(
        theme(0, [1, 0]),
        theme(1, [0, 1], name="Mine", vocabulary={"lid": 2}),
        theme(2, [-1, 0], vocabulary={"lid": 3, "cup": 1}),
        members={"a": Member(2, 0.5, ""), "b": Member(0, 0.5, "")},
        adopted={"c": Member(2, 0.5, "")},
    )
    whole = merged(found, 1, [2])
    assert [one.number for one in whole.themes] == [0, 1]
    joined = required(whole, 1)
    assert (joined.called, joined.centres.tolist()) == ("Mine", [[0, 1], [-1, 0]])
    assert joined.vocabulary == {"lid": 5, "cup": 1}
    assert [one.theme for one in whole.members.values()] == [1, 0]
    assert whole.adopted["c"].theme == 1
    assert whole.next_number == 3
    for into, others in ((1, [1]), (1, [2, 2]), (9, [0]), (0, [9])):
        with pytest.raises(InputError, match=r"see `themes list`|wanted|different"):
            merged(found, into, others)
    silent = set_with(theme(0, [1, 0]), theme(1, [0, 1], says_nothing=True))
    with pytest.raises(InputError, match="theme 1 holds the reviews that say nothing"):
        merged(silent, 0, [1])


def test_split_theme_leaves_its_number_to_the_largest_part() -> None:
    found = set_with(
        theme(0, [1, 0], [0, 1], name="Mine"),
        theme(3, [-1, 0]),
        members={f"r000{row}": Member(0, 0.5, "") for row in range(5)} | {"x": Member(3, 1, "")},
    )
    own = slice_of(
        ["lid stuck", "cup one", "cup two", "cup three", "lid loose"],
        np.array([[1, 0], [0, 1], [0, 1], [0.1, 1], [1, 0.1]]),
    )
    parts = split(found, 0, own)
    assert [one.number for one in parts.themes] == [0, 3, 4]
    assert (required(parts, 0).name, required(parts, 4).name) == ("Mine", "")
    assert required(parts, 0).centres.tolist() == [[0, 1]]
    assert required(parts, 0).terms[0] == "cup"
    assert required(parts, 4).terms[0] == "lid"
    assert required(parts, 4).origin == "split from 0"
    assert {key: one.theme for key, one in parts.members.items()} == {
        "r0000": 4, "r0001": 0, "r0002": 0, "r0003": 0, "r0004": 4, "x": 3,
    }  # fmt: skip
    with pytest.raises(InputError, match="has no finer parts"):
        split(found, 3, own)


def test_adopted_theme_has_a_number_of_its_own_and_its_reviews() -> None:
    found = set_with(theme(0, [1, 0]), theme(5, [0, 1]))
    new = slice_of(["pairing one", "pairing two"], np.array([[1, 1], [1, 1.2]]))
    grown = adopt(found, new, "pairing, app", ("pairing", "app"))
    assert grown.theme(6) is not None
    assert (required(grown, 6).origin, grown.next_number) == ("adopted", 7)
    assert {key: one.theme for key, one in grown.adopted.items()} == {"r0000": 6, "r0001": 6}
    assert grown.members == found.members
    numbers, _ = assign(grown, new.vectors, said_by(new))
    assert numbers.tolist() == [6, 6]


def test_new_themes_take_the_numbers_of_the_old_ones_that_they_share_most_with() -> None:
    old = set_with(
        theme(0, [1, 0], name="Box"), theme(2, [0, 1]), theme(3, [-1, 0], hidden=True),
        theme(8, [0, -1], says_nothing=True), next_number=12,
    )  # fmt: skip
    before = {f"{n}": number for n, number in enumerate([0] * 6 + [2] * 4 + [3] * 4 + [8] * 2)}
    after = [1] * 5 + [0] + [0] * 4 + [2] * 2 + [4] * 2 + [3] * 2
    new = set_with(
        theme(0, [0, 1]), theme(1, [1, 0]), theme(2, [-1, 0]), theme(4, [-1, 0.1]),
        theme(3, [0, -1], says_nothing=True),
        members={f"{n}": Member(number, 1.0, "") for n, number in enumerate(after)},
        name="another",
    )  # fmt: skip
    result, refit = match_themes(old, new, before)
    assert [one.number for one in result.themes] == [0, 2, 3, 8, 12]
    assert [one.name for one in result.themes] == ["Box", "", "", "", ""]
    assert (required(result, 3).hidden, required(result, 8).says_nothing) == (True, True)
    assert (result.name, result.next_number) == ("main", 13)
    assert refit.kept == {0: round(5 / 6, 4), 2: round(4 / 5, 4), 3: 0.5, 8: 1.0}
    assert (refit.born, refit.died) == ((12,), ())
    assert refit.split == {3: (3, 12)}
    assert refit.merged == {}
    assert [one.theme for one in result.members.values()][:6] == [0] * 5 + [2]


def test_themes_that_share_little_are_not_the_same() -> None:
    old = set_with(theme(0, [1, 0]), theme(1, [0, 1]))
    before = {f"{n}": n // 10 for n in range(20)}
    members = {f"{n}": Member(int(n == 19), 1.0, "") for n in range(20)}
    new = set_with(theme(0, [1, 1]), theme(1, [0, 1]), members=members)
    _, refit = match_themes(old, new, before)
    assert (refit.kept, refit.died, refit.born) == ({0: round(10 / 19, 4)}, (1,), (2,))
    assert refit.merged == {0: (0, 1)}


def test_sharpness_is_fitted_on_reviews_that_are_left_out_of_the_centres() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.standard_normal((60, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    theme_of, part_of = np.repeat(np.arange(6, dtype=np.int32), 10), np.zeros(60, np.int32)
    means = vectors.reshape(6, 10, 24).mean(axis=1)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    by_chance = [theme(n, mean.tolist()) for n, mean in enumerate(means)]
    # Each is nearest to the mean that it is a part of; of noise that says nothing.
    assert ((vectors @ means.T).argmax(axis=1) == theme_of).mean() > 0.5
    assert fit_sharpness(vectors, theme_of, part_of, by_chance) == 5.0
    apart = (np.eye(24)[theme_of] + 0.1 * vectors).astype(np.float32)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    told = [theme(n, np.eye(24)[n].tolist()) for n in range(6)]
    assert fit_sharpness(apart, theme_of, part_of, told) > 20


def test_numbers_of_dead_themes_are_not_given_again() -> None:
    old = set_with(theme(0, [1, 0]), theme(1, [0, 1]), next_number=2)
    members = {f"{n}": Member(0, 1.0, "") for n in range(8)}
    before = {f"{n}": n % 2 for n in range(2)}
    result, refit = match_themes(old, set_with(theme(0, [-1, 0]), members=members), before)
    assert refit.died in ((0, 1), (1,), (0,))
    assert all(one.number not in refit.died for one in result.themes)
    told = set_with(theme(0, [1, 0]), members={"a": Member(0, 1, ""), "b": Member(0, 1, "")})
    _, both = match_themes(old, told, {"a": 0, "b": 1})
    assert both.merged == {next(iter(both.kept)): (0, 1)}


def test_large_sets_are_cut_into_rows_that_fit() -> None:
    members = {f"review {n} of a rather long name": [n, 0.5, "é" * 6] for n in range(5_000)}
    parts = list(chunks(members))
    assert len(parts) > 1
    assert {key: value for part in parts for key, value in part.items()} == members
    assert all(len(json.dumps(part, ensure_ascii=False).encode()) <= DATA_BYTES for part in parts)


# -- planted -------------------------------------------------------------------------------------


def test_themes_are_those_of_the_clusters_with_their_parts_as_centres() -> None:
    found = made()
    assert [one.number for one in found.themes] == [0, 1, 2, 3, 4]
    assert found.themes[4].says_nothing
    assert len(found.members) == 125
    for one in found.themes[:4]:
        own = [
            row for row, key in enumerate(reviews().ids) if found.members[key].theme == one.number
        ]
        subject = SUBJECTS[own[0] // 30]
        assert one.vocabulary[subject] == 30
        assert one.terms[0].split()[0] == subject
        assert set(one.quotes) <= {reviews().ids[row] for row in own}
        np.testing.assert_allclose(np.linalg.norm(one.centres, axis=1), 1, atol=1e-5)
    # Whoever it was made from is assigned where it is, and surely so.
    numbers, confidence = assign(found, reviews().vectors, said_by(reviews()))
    assert numbers.tolist() == [one.theme for one in found.members.values()]
    assert confidence.min() > 0.5


def test_set_as_rows_is_the_same_set_again() -> None:
    rows = rows_of(adopt(made(), reviews().take(np.arange(3)), "a, b", ("a", "b")))
    again = set_of(rows[::-1], 24)
    first = {(row.kind, row.key): row for row in rows}
    second = {(row.kind, row.key): row for row in rows_of(again)}
    assert {kind for kind, _ in first} == {"set", "theme", "centre", "member", "adopted"}
    for key, row in first.items():
        assert row.data == second[key].data
        assert row.kind != "centre" or np.array_equal(row.vector, second[key].vector)
    assert set_of(rows, 24).labels == {one.number: one.called for one in again.themes}


def test_refit_of_the_same_reviews_changes_nothing() -> None:
    named = replace(
        made(), themes=tuple(replace(one, name=f"Mine {one.number}") for one in made().themes)
    )
    before = {key: one.theme for key, one in named.members.items()}
    again, refit = match_themes(named, made(), before)
    assert again.labels == named.labels
    assert again.members == named.members
    assert set(refit.kept.values()) == {1.0}
    assert (refit.born, refit.died, refit.split, refit.merged) == ((), (), {}, {})
