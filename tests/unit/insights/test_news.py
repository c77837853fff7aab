"""News: what emerges, grows, shrinks and vanishes, and silence where nothing does."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import fisher_exact, hypergeom

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.differences import adjusted
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters.graph import shared_neighbors
from reviewlens.insights.news import News, find_news
from reviewlens.insights.news.emerging import emerging_groups, grown
from reviewlens.insights.news.places import voted
from reviewlens.insights.news.scan import (
    SPARSE,
    Windows,
    highest,
    shuffled,
    surprise,
    surprise_within,
    windows,
)
from slices_of import slice_of

SUBJECTS = ("battery", "parcel", "refund", "sound", "colour", "manual")
LABELS = dict(enumerate(SUBJECTS))
CENTRES = np.random.default_rng(7).standard_normal((len(SUBJECTS), 32))


def corpus(
    known: list[int], new: list[int], *, assigned: dict[int, int] | None = None, seed: int = 0
) -> tuple[Slice, NDArray[np.bool_]]:
    """Return so many known and new reviews of each subject, in a random order.

    Args:
        known: For each subject.
        new: Likewise.
        assigned: The theme that reviews of a subject got, where it is not the subject's number.
        seed: Of the vectors and words.
    """
    draw = np.random.default_rng(seed)
    subject = np.concatenate([np.repeat(np.arange(len(part)), part) for part in (known, new)])
    was = np.arange(len(subject)) < sum(known)
    order = draw.permutation(len(subject))
    subject, was = subject[order], was[order]
    vectors = CENTRES[subject] + 0.5 * draw.standard_normal((len(subject), 32))
    words = [f"{SUBJECTS[one]} speaks{row} of{row * 7}" for row, one in enumerate(subject)]
    themes = np.array([(assigned or {}).get(one, one) for one in subject.tolist()], np.int32)
    return replace(slice_of(words, vectors), clusters=themes), was


def news_of(reviews: Slice, known: NDArray[np.bool_], **options: Any) -> News:
    graph = nearest(reviews.vectors)
    return find_news(reviews, graph, known=known, labels=LABELS, **options)


def subject_of(reviews: Slice, review_id: str) -> str:
    return reviews.texts[reviews.ids.index(review_id)].split()[0]


def weights_of(reviews: Slice) -> sparse.csr_matrix:
    graph = nearest(reviews.vectors)
    return shared_neighbors(graph, np.arange(len(reviews)), reviews.vectors)


# -- by hand ---------------------------------------------------------------------------------


def test_difference_and_p_by_hand() -> None:
    reviews, known = corpus([48, 32], [56, 14])
    news = news_of(reviews, known)
    (grown_theme,), (fallen,) = news.growing, news.shrinking
    assert grown_theme.cluster == 0
    assert (grown_theme.reviews, grown_theme.reviews_before) == (56, 48)
    assert grown_theme.share.value == 0.8
    assert grown_theme.share_before.value == 0.6
    # Newcombe (1998), the first example of table II.
    assert grown_theme.difference == Estimate(0.2, 0.0524, 0.3339)
    assert fallen.difference == Estimate(-0.2, -0.3339, -0.0524)
    assert grown_theme.p == pytest.approx(fisher_exact([[56, 14], [48, 32]])[1], abs=2e-3)
    assert grown_theme.p_adjusted == grown_theme.p
    assert (news.reviews, news.reviews_before, news.themes) == (70, 80, 2)


def test_adjusted_by_hand() -> None:
    found = adjusted(np.array([0.01, 0.04, 0.03, 0.5]))
    assert found == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_surprise_by_hand() -> None:
    found = surprise(10, 5, 4)
    assert found[4] == pytest.approx(math.log(210 / 5))
    # One known text is more than a quarter of the two that chance puts there.
    assert found.tolist()[:4] == [0, 0, 0, 0]


def test_windows_by_hand() -> None:
    """A path: what the walk is at most often is the text itself, then the nearer ones."""
    path = sparse.diags([np.ones(11)], [1], shape=(12, 12))
    found = windows((path + path.T).tocsr())
    assert found.sizes == (6,)
    assert found.rows[5].tolist()[0] == 5
    assert set(found.rows[5, 1:3].tolist()) == {4, 6}
    assert set(found.rows[5, 3:5].tolist()) == {3, 7}
    assert found.rows[0].tolist() == [0, 1, 2, 3, 4, -1]


def test_windows_count_what_is_not_reached_as_known() -> None:
    around = Windows(np.array([[0, 1, -1], [1, 0, -1], [2, 1, 0]], np.int32), (2, 3))
    table = np.arange(4, dtype=np.float32)
    new = np.array([[True, False], [True, True], [True, True]])
    assert highest(around.rings(), [table, table], new).tolist() == [[2, 1], [2, 1], [3, 2]]
    only = around.rings(np.array([2]))
    assert highest(only, [table, table], new).tolist() == [[3, 2]]


def test_groups_by_hand() -> None:
    """Two pools whose windows reach into each other are one group, a third is another."""
    own = [np.arange(20), np.arange(20, 40), np.arange(40, 60), np.arange(60, 80)]
    beyond = [own[1], own[0], own[2][13:], own[3][13:]]
    rows = [
        np.concatenate([np.roll(pool, -place)[:13], other[:5]])
        for pool, other in zip(own, beyond, strict=True)
        for place in range(20)
    ]
    new = np.arange(80) < 60
    around = Windows(np.array(rows, np.int32), (13, 18))
    found = grown(np.array([0, 20, 45]), around, new, [13, 13, 13])
    assert [group.tolist() for group in found] == [list(range(40)), list(range(40, 60))]


def test_four_texts_are_no_group() -> None:
    rows = np.full((10, 13), -1, np.int32)
    for pool in (range(4), range(4, 9)):
        for place in pool:
            rows[place, : len(pool)] = [place, *(one for one in pool if one != place)]
    # The last one is linked, but in no window: -1 must not stand for it.
    rows[9, :2] = [9, 4]
    found = grown(np.array([0, 4]), Windows(rows, (4, 6)), np.ones(10, bool), [6, 6])
    assert [group.tolist() for group in found] == [[4, 5, 6, 7, 8]]


def test_votes_by_hand() -> None:
    rows = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]], np.int32)
    graph = NeighborGraph(rows, np.ones((4, 3), np.float32), 1.0)
    voters = np.array([True, True, True, False])
    # 0: one vote for each of two themes; 1 and 2: likewise; 3: two for theme 4.
    found = voted(np.array([4, 4, 1, 1], np.int32), graph, voters)
    assert found.tolist() == [1, 1, 4, 4]
    alone = voted(np.array([4, 4, 1, 1], np.int32), graph, np.zeros(4, bool))
    assert alone.tolist() == [4, 4, 1, 1]


# -- planted truth ---------------------------------------------------------------------------


def test_new_subject_emerges_with_its_reviews_and_quotes() -> None:
    reviews, known = corpus([40, 40, 40, 40, 0], [40, 40, 40, 40, 30], assigned={4: 2})
    news = news_of(reviews, known)
    (found,) = news.emerging
    own = [subject_of(reviews, one) == "colour" for one in found.review_ids]
    assert found.reviews == len(own) == found.texts
    assert sum(own) >= 27
    assert np.mean(own) >= 0.9
    assert [subject_of(reviews, quote.review_id) for quote in found.quotes] == ["colour"] * 3
    assert found.label.startswith("colour")
    assert found.reviews_before <= 1
    assert found.difference.low > 0.05
    assert found.p == found.p_adjusted == 0.005
    assert [(one.cluster, one.label) for one in found.nearest] == [(2, "refund")]
    assert len(news) == 1


def test_new_subject_emerges_among_few_new_reviews() -> None:
    """Where a twentieth is new, twelve reviews are enough."""
    reviews, known = corpus([200, 200, 200, 0], [6, 6, 6, 12], assigned={3: 0})
    (found,) = news_of(reviews, known).emerging
    assert {subject_of(reviews, one) for one in found.review_ids} == {"sound"}
    assert found.reviews >= 9


def test_two_new_subjects_are_two_themes() -> None:
    reviews, known = corpus([60] * 3 + [0, 0], [60] * 3 + [40, 30], assigned={3: 0, 4: 0})
    news = news_of(reviews, known)
    assert [one.label.split(",")[0] for one in news.emerging] == ["sound", "colour"]


@pytest.mark.parametrize("times", [2, 6])
def test_theme_that_grows_does_not_emerge(times: int) -> None:
    reviews, known = corpus([40, 40, 40, 40], [40 * times, 40, 40, 40])
    news = news_of(reviews, known)
    assert not news.emerging
    assert [one.cluster for one in news.growing] == [0]
    assert all(subject_of(reviews, one.review_id) == "battery" for one in news.growing[0].quotes)


def test_theme_without_new_reviews_has_vanished() -> None:
    reviews, known = corpus([40, 40, 40, 40], [60, 60, 60, 0])
    news = news_of(reviews, known)
    (gone,) = news.vanished
    assert (gone.cluster, gone.reviews, gone.reviews_before) == (3, 0, 40)
    assert not news.shrinking
    assert len(gone.quotes) == 3
    reviews, known = corpus([40, 40, 40, 40], [60, 60, 60, 15])
    news = news_of(reviews, known)
    assert not news.vanished
    assert [one.cluster for one in news.shrinking] == [3]


@pytest.mark.parametrize("in_new_place", [True, False])
def test_copied_text_is_no_theme(in_new_place: bool) -> None:  # noqa: FBT001
    reviews, known = corpus([200, 200, 200, 0], [6, 6, 6, 12], assigned={3: 0})
    texts, vectors = list(reviews.texts), reviews.vectors.copy()
    copies = [row for row, text in enumerate(texts) if text.startswith("sound")]
    place = copies[0] if in_new_place else 0
    for row in copies:
        texts[row], vectors[row] = "Sound came off!", vectors[place]
    copied = replace(reviews, texts=tuple(texts), vectors=vectors)
    assert not news_of(copied, known).emerging


def test_copies_of_a_known_text_are_not_new() -> None:
    """Thirty different new texts emerge; were each known before, they do not."""
    reviews, known = corpus([40, 40, 40, 1], [40, 40, 40, 30], assigned={3: 0})
    assert news_of(reviews, known).emerging
    new = [r for r, text in enumerate(reviews.texts) if text.startswith("sound") and not known[r]]
    every = np.r_[np.arange(len(reviews)), new]
    doubled = replace(reviews.take(every), ids=tuple(f"r{row:04}" for row in range(len(every))))
    assert not news_of(doubled, np.r_[known, np.ones(len(new), bool)]).emerging


def test_nothing_new_gives_silence() -> None:
    changed = 0
    for seed in range(8):
        reviews, known = corpus([25] * 6, [25] * 6, seed=seed)
        news = news_of(reviews, np.random.default_rng(seed).permutation(known), seed=seed)
        assert not news.emerging
        assert news.notes == ()
        changed += len(news) > 0
    assert changed <= 1


# -- two roads -------------------------------------------------------------------------------


def test_windows_agree_with_powers_of_a_matrix() -> None:
    reviews, _ = corpus([40] * 4, [0] * 4)
    weights = weights_of(reviews)
    dense = weights.toarray().astype(float)
    dense += np.diag(dense.max(axis=1))
    degree = dense.sum(axis=1)
    mass = np.linalg.matrix_power(dense / degree[:, None], 4) / degree
    found = windows(weights)
    assert found.sizes == (6, 9, 13, 18, 25, 35, 50, 70)
    for row in range(len(reviews)):
        reached = found.rows[row][found.rows[row] >= 0]
        others = np.delete(mass[row], row)
        assert reached[0] == row
        # What is hardly ever reached is forgotten on the way.
        assert mass[row][reached[1:21]] == pytest.approx(np.sort(others)[:-21:-1], rel=0.01)


def test_highest_agrees_with_a_literal_count() -> None:
    draw = np.random.default_rng(0)
    rows = np.array([draw.permutation(60)[:25] for _ in range(60)], np.int32)
    new = draw.random(60) < 0.5
    new[rows[3]] = True
    sizes = (6, 9, 13, 18, 25)
    tables = [surprise(60, int(new.sum()), size) for size in sizes]
    found = highest(Windows(rows, sizes).rings(), tables, new[:, None])[:, 0]
    for row in range(60):
        best = 0.0
        for size in sizes:
            held = int(new[rows[row, :size]].sum())
            if size - held > SPARSE * size * (1 - new.mean()):
                continue
            p = sum(hypergeom.pmf(x, 60, new.sum(), size) for x in range(held, size + 1))
            best = max(best, -math.log(p))
        assert found[row] == pytest.approx(best, rel=1e-5)
    assert found[3] > 5


def test_surprise_within_one_theme_is_surprise() -> None:
    draw = np.random.default_rng(0)
    rows = np.array([draw.permutation(40)[:18] for _ in range(40)], np.int32)
    new = np.arange(40) < 22
    found = surprise_within(np.zeros(40, np.intp), new, rows, 18)
    assert found == pytest.approx(np.tile(surprise(40, 22, 18), (40, 1)))


def test_surprise_within_a_grown_theme_is_less() -> None:
    themes = np.repeat([0, 1], 40)
    new = np.r_[np.arange(40) < 32, np.arange(40) < 8]
    rows = np.stack([np.arange(18), np.arange(40, 58)]).astype(np.int32)
    found = surprise_within(themes, new, rows, 18)
    assert found[0, 18] < 7 < found[1, 18]
    assert found[0, 18] == pytest.approx(-hypergeom.logpmf(18, 40, 32, 18))


def test_shuffled_agrees_with_dealing_theme_by_theme() -> None:
    draw = np.random.default_rng(0)
    themes = draw.integers(0, 3, 200)
    new = draw.random(200) < 0.3 + 0.2 * themes
    dealt = np.array([shuffled(new, themes, draw) for _ in range(400)])
    for theme in range(3):
        own = themes == theme
        assert (dealt[:, own].sum(axis=1) == new[own].sum()).all()
        by_hand = np.array([draw.permutation(new[own]) for _ in range(400)])
        spread = dealt[:, own].mean(axis=0).std(), by_hand.mean(axis=0).std()
        assert spread[0] == pytest.approx(spread[1], rel=0.35)


def test_p_agrees_with_permutations_written_out() -> None:
    reviews, known = corpus([30, 30, 30, 0], [30, 30, 30, 16])
    weights, new = weights_of(reviews), ~known
    (found,) = emerging_groups(
        weights, new, np.zeros(len(new), int), rate=0.4, permutations=19
    ).groups
    around = windows(weights)
    surprises = {
        (size, held): -hypergeom.logsf(held - 1, len(new), new.sum(), size)
        for size in around.sizes
        for held in range(size + 1)
    }

    def largest(labels: NDArray[np.bool_], members: set[int]) -> float:
        top = 0.0
        for row in members:
            for size in around.sizes:
                held = sum(bool(labels[one]) for one in around.rows[row, :size] if one >= 0)
                if size - held <= SPARSE * size * (1 - new.mean()):
                    top = max(top, surprises[size, held])
        return top

    draw, everyone = np.random.default_rng(0), set(range(len(new)))
    seen = largest(new, set(found.members.tolist()))
    beaten = sum(largest(draw.permutation(new), everyone) >= seen for _ in range(19))
    assert found.p == (1 + beaten) / 20


def test_groups_agree_with_a_search_link_by_link() -> None:
    draw = np.random.default_rng(1)
    reviews, known = corpus([30, 30, 0, 0], [30, 30, 20, 20])
    around = windows(weights_of(reviews))
    hot = draw.choice(np.flatnonzero(~known), 30, replace=False)
    found = grown(hot, around, ~known, [13] * len(hot))
    rows = sorted(row for group in found for row in group.tolist())
    open_rows = set(rows)
    groups = []
    while open_rows:
        group, edge = set(), {min(open_rows)}
        while edge:
            group |= edge
            edge = {
                other
                for other in open_rows - group
                if any(
                    other in around.rows[one, :18] or one in around.rows[other, :18] for one in edge
                )
            }
        open_rows -= group
        groups.append(sorted(group))
    assert sorted(map(sorted, (group.tolist() for group in found))) == sorted(groups)


def test_votes_agree_with_a_literal_count() -> None:
    draw = np.random.default_rng(3)
    rows = np.array([draw.permutation(90)[:40] for _ in range(90)], np.int32)
    clusters = draw.integers(-1, 6, 90).astype(np.int32)
    voters = draw.random(90) < 0.6
    graph = NeighborGraph(rows, np.ones(rows.shape, np.float32), 1.0)
    found = voted(clusters, graph, voters)
    for row in range(90):
        near = [one for one in rows[row] if voters[one] and clusters[one] >= 0][:15]
        counts = [sum(clusters[one] == theme for one in near) for theme in range(6)]
        assert found[row] == counts.index(max(counts))


# -- edges -----------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes() -> None:
    reviews, known = corpus([60, 60, 60, 0], [60, 60, 120, 40], assigned={3: 1})
    found = [json.dumps(asdict(news_of(reviews, known, seed=3))) for _ in range(2)]
    assert found[0] == found[1]
    assert json.loads(found[0])["emerging"]
    assert json.loads(found[0])["growing"]


def test_rule_that_assigns_does_not_make_a_theme_grow() -> None:
    """New reviews near a border go to theme 1, known ones there were in theme 0."""
    reviews, known = corpus([80, 40], [80, 44])
    clusters = reviews.clusters.copy()
    border = np.flatnonzero((clusters == 0) & ~known)[:30]
    clusters[border] = 1
    news = news_of(replace(reviews, clusters=clusters), known)
    assert len(news) == 0


def test_theme_that_one_rule_has_rise_and_the_other_fall_has_no_news() -> None:
    reviews, known = corpus([60, 60], [20, 100])
    clusters = reviews.clusters.copy()
    clusters[np.flatnonzero((clusters == 1) & ~known)[:60]] = 0
    assert len(news_of(replace(reviews, clusters=clusters), known)) == 0


def test_quotes_are_the_nearest_to_the_middle() -> None:
    reviews, known = corpus([40, 40, 40, 0], [40, 40, 40, 30], assigned={3: 0})
    (found,) = news_of(reviews, known).emerging
    rows = [reviews.ids.index(one) for one in found.review_ids]
    middle = reviews.vectors[rows].mean(axis=0)
    nearest_first = sorted(rows, key=lambda row: -float(reviews.vectors[row] @ middle))
    assert [one.review_id for one in found.quotes] == [reviews.ids[r] for r in nearest_first[:3]]


def test_emerging_theme_has_a_name_of_its_own() -> None:
    reviews, known = corpus([40, 40, 40, 0], [40, 40, 40, 30], assigned={3: 0})
    graph = nearest(reviews.vectors)
    (found,) = find_news(reviews, graph, known=known, labels={}).emerging
    assert found.nearest[0].label == "theme 0"
    (again,) = find_news(reviews, graph, known=known, labels={7: found.label}).emerging
    assert again.label == f"{found.label} (new)"


def test_hidden_theme_is_not_compared() -> None:
    reviews, known = corpus([40, 40, 40], [120, 40, 40])
    assert news_of(reviews, known).growing
    news = news_of(reviews, known, hidden={0})
    assert not news.growing
    assert news.themes == 2


def test_reviews_that_say_nothing_are_counted_apart() -> None:
    reviews, known = corpus([40, 40], [40, 40])
    texts = list(reviews.texts)
    for row in range(30):
        texts[row] = "Love it!"
    news = news_of(replace(reviews, texts=tuple(texts)), known)
    assert news.silent + news.silent_before == 30
    assert news.reviews + news.reviews_before == 130


def test_no_new_reviews_is_a_note() -> None:
    reviews, known = corpus([40, 40], [0, 0])
    news = news_of(reviews, known)
    assert len(news) == 0
    assert news.notes == (
        "No new reviews that say something have come since the themes were saved.",
    )


def test_few_new_reviews_are_a_note() -> None:
    reviews, known = corpus([40, 40], [2, 2])
    assert "4, too few for an emerging theme; wanted at least 5" in news_of(reviews, known).notes[0]


def test_hardly_any_known_reviews_are_a_note() -> None:
    reviews, known = corpus([25], [600])
    assert "so large a part" in news_of(reviews, known).notes[0]


def test_too_few_known_reviews_are_refused() -> None:
    reviews, known = corpus([10], [100])
    with pytest.raises(TooFewReviews, match=r"10 of the reviews .* wanted at least 20"):
        news_of(reviews, known)


@pytest.mark.parametrize("rate", [0.0, 0.6, math.nan])
def test_rate_out_of_range_is_refused(rate: float) -> None:
    reviews, known = corpus([30], [30])
    with pytest.raises(InputError, match=r"wanted 0\.01 to 0\.5"):
        news_of(reviews, known, rate=rate)


def test_dates_are_told_where_there_are_any() -> None:
    reviews, known = corpus([40, 40, 40, 0], [40, 40, 40, 30], assigned={3: 0})
    assert (news_of(reviews, known).emerging[0].first, len(reviews)) == (None, 270)
    days = np.datetime64("2026-01-01", "ms") + np.arange(270) * np.timedelta64(1, "D")
    (found,) = news_of(replace(reviews, times=days), known).emerging
    rows = [reviews.ids.index(one) for one in found.review_ids]
    assert found.first == f"{days[min(rows)].astype('M8[s]')}Z"
    assert found.last == f"{days[max(rows)].astype('M8[s]')}Z"


def test_reviews_without_a_theme_are_compared_with_none() -> None:
    reviews, known = corpus([40, 40], [40, 40])
    clusters = np.where(reviews.clusters == 1, -1, reviews.clusters).astype(np.int32)
    assert news_of(replace(reviews, clusters=clusters), known).themes == 1
    nothing = replace(reviews, clusters=np.full(len(reviews), -1, np.int32))
    assert news_of(nothing, known).themes == 0


def test_table_has_a_row_for_each_news() -> None:
    reviews, known = corpus([40, 40, 40, 0], [40, 100, 40, 30], assigned={3: 0})
    news = news_of(reviews, known)
    frame = news.to_frame()
    assert frame["kind"].tolist() == ["emerging", "growing", "shrinking", "shrinking"]
    assert len(frame) == len(news)


def test_windows_leave_half_of_all_outside() -> None:
    reviews, _ = corpus([10, 9], [0, 0])
    assert windows(weights_of(reviews)).sizes == (6, 9)
