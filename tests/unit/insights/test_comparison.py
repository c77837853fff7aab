"""What tells two sides apart: stars, themes, words."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import beta, fisher_exact

from reviewlens.document import counted
from reviewlens.errors import InputError, MissingExtra, TooFewReviews
from reviewlens.ground.differences import difference
from reviewlens.ground.slices import Slice
from reviewlens.insights.comparison import Comparison, Difference, compare_slices
from reviewlens.insights.comparison.themes import compare_themes
from reviewlens.insights.comparison.words import (
    FEWEST_MENTIONS,
    compare_words,
    log_odds,
    usual_prior,
)
from slices_of import slice_of

LEAKY = [f"leaks {word}" for word in ("anvil", "bison", "cedar", "dingo", "ember")]
SHINY = [f"shines {word}" for word in ("ferry", "gravel", "hazel", "igloo", "jersey")]
VOCABULARY = [f"{one}{other}" for one in "bdfgklmnprst" for other in ("alo", "ebu", "ino", "oda")]


def side(
    texts: Sequence[str], *, clusters: Sequence[int] = (), first: int = 0, **more: Any
) -> Slice:
    """Reviews of these texts, numbered from `first`."""
    made = slice_of(texts, np.eye(8)[np.arange(len(texts)) % 8], **more)
    return replace(
        made,
        ids=tuple(f"r{first + row:04}" for row in range(len(texts))),
        clusters=np.array(clusters or [-1] * len(texts), np.int32),
    )


def spoken(
    count: int, seed: int, *, words: int = 8, planted: str = "", share: float = 0
) -> list[str]:
    """Texts of random words, a share of which say one more."""
    rng = np.random.default_rng(seed)
    texts = [" ".join(rng.choice(VOCABULARY, words)) for _ in range(count)]
    return [f"{text} {planted}" if rng.random() < share else text for text in texts]


def named(result: Comparison, more: str) -> list[str]:
    return [word.name for word in result.words if word.more == more]


# -- by hand -------------------------------------------------------------------------------------


def log_odds_by_hand(term: str, texts: list[list[str]], size: float) -> float:
    """The paper's formula, term by term."""
    counts = [
        Counter(
            said
            for text in of_side
            for said in {*text.split(), *(f"{x} {y}" for x, y in pairwise(text.split()) if x != y)}
        )
        for of_side in texts
    ]
    everything = sum(counts[0].values()) + sum(counts[1].values())
    prior = size * (counts[0][term] + counts[1][term]) / everything
    odds = []
    for count in counts:
        said, n = count[term], sum(count.values())
        odds.append((said + prior) / (n + size - said - prior))
    return math.log(odds[0]) - math.log(odds[1])


def test_ten_reviews_by_hand() -> None:
    clusters = [0, 0, 0, 0, 1], [1, 1, 1, 1, 1]
    result = compare_slices(
        side(LEAKY, clusters=clusters[0], stars=[1, 1, 2, 2, 1]),
        side(SHINY, clusters=clusters[1], stars=[5, 4, 5, 5, 5], first=5),
        names=("before", "after"),
        labels={0: "leaks"},
        prior_size=6,
    )
    assert (result.a.name, result.a.reviews, result.b.name) == ("before", 5, "after")
    assert result.stars is not None
    assert result.stars.value == pytest.approx(1.4 - 4.8)
    assert (result.a.mentions, result.b.mentions, result.terms) == (15, 15, 2)
    leaks, shines = result.words
    assert (leaks.name, leaks.more, leaks.reviews_a, leaks.reviews_b) == ("leaks", "a", 5, 0)
    assert (shines.name, shines.more) == ("shines", "b")
    # 5 of 15 mentions and none, a prior of 6 * 5/30 = 1: log(6/15) - log(1/20)
    assert leaks.log_odds is not None
    assert leaks.log_odds.value == pytest.approx(math.log(0.4 / 0.05), abs=1e-4)
    assert leaks.log_odds.value == pytest.approx(
        log_odds_by_hand("leaks", [LEAKY, SHINY], 6), abs=1e-4
    )
    assert leaks.p == pytest.approx(2 / math.comb(10, 5), rel=1e-3)
    assert leaks.quotes_a[0].text.startswith("leaks")
    assert leaks.quotes_b == ()
    themes = {theme.cluster: theme for theme in result.themes}
    assert (themes[0].name, themes[1].name) == ("leaks", "theme 1")
    assert (themes[0].share_a.value, themes[0].share_b.value) == (0.8, 0.0)
    assert themes[0].difference.value == 0.8
    # 4 of 5 and none of 5: C(5,4)/C(10,4), twice; of both themes, so that it stays corrected
    assert themes[0].p == pytest.approx(2 * 5 / math.comb(10, 4), rel=1e-3)
    assert themes[0].p_adjusted == themes[0].p
    assert themes[0].significant


def test_log_odds_of_every_term_are_the_papers() -> None:
    texts = [spoken(30, 1), spoken(20, 2, words=5)]
    found = compare_words(side(texts[0]), side(texts[1]), prior_size=40)
    assert found.differences == ()
    counts = [Counter(word for text in one for word in set(text.split())) for one in texts]
    vocabulary = sorted(counts[0] | counts[1])
    said = [np.array([count[word] for word in vocabulary]) for count in counts]
    odds = log_odds(said[0], said[1], *found.mentions, prior_size=40)
    expected = [log_odds_by_hand(word, texts, 40) for word in vocabulary]
    assert odds.value == pytest.approx(expected)


# -- two roads -----------------------------------------------------------------------------------


def test_interval_of_log_odds_is_that_of_draws_from_the_posterior() -> None:
    counts, mentions, size = (np.array([12, 3, 40]), np.array([4, 9, 30])), (900, 1200), 60.0
    found = log_odds(*counts, *mentions, prior_size=size)
    rng = np.random.default_rng(0)
    for at in range(3):
        prior = size * (counts[0][at] + counts[1][at]) / sum(mentions)
        drawn = [
            beta.rvs(said[at] + prior, n + size - said[at] - prior, size=40_000, random_state=rng)
            for said, n in zip(counts, mentions, strict=True)
        ]
        logs = [np.log(p / (1 - p)) for p in drawn]
        low, high = np.percentile(logs[0] - logs[1], [2.5, 97.5])
        assert (found.low[at], found.high[at]) == pytest.approx((low, high), abs=0.12)


def test_z_of_words_said_often_is_the_papers() -> None:
    said = np.array([400, 900]), np.array([300, 1000])
    size, mentions = 100.0, (50_000, 60_000)
    found = log_odds(*said, *mentions, prior_size=size)
    prior = size * (said[0] + said[1]) / sum(mentions)
    variance = 1 / (said[0] + prior) + 1 / (said[1] + prior)
    assert found.z == pytest.approx(found.value / np.sqrt(variance), rel=0.03)


def test_p_of_sides_of_one_size_is_scipys() -> None:
    clusters = [0] * 9 + [1] * 11, [0] * 3 + [1] * 17
    a, b = (side(spoken(20, seed), clusters=one) for seed, one in enumerate(clusters))
    for theme in compare_themes(a, b, {}):
        table = [
            [theme.reviews_a, 20 - theme.reviews_a],
            [theme.reviews_b, 20 - theme.reviews_b],
        ]
        # The tails of sides of one size are alike, where both ways of two-sided tests agree.
        assert theme.p == pytest.approx(fisher_exact(table).pvalue, rel=1e-3)


# -- planted -------------------------------------------------------------------------------------


def planted_sides() -> tuple[Slice, Slice]:
    rng = np.random.default_rng(5)
    themes = [
        rng.choice(4, 200, p=p).tolist() for p in ([0.4, 0.3, 0.2, 0.1], [0.1, 0.3, 0.2, 0.4])
    ]
    return (
        side(spoken(200, 3, planted="courier crushed", share=0.15), clusters=themes[0]),
        side(spoken(200, 4, planted="firmware", share=0.15), clusters=themes[1], first=200),
    )


def test_planted_words_and_themes_are_found() -> None:
    result = compare_slices(*planted_sides(), labels={0: "parcels", 3: "updates"})
    assert named(result, "a") == ["courier crushed"]  # the pair says more than either word
    assert named(result, "b") == ["firmware"]
    assert {(one.name, one.more) for one in result.themes if one.significant} == {
        ("parcels", "a"),
        ("updates", "b"),
    }
    for word in result.words:
        assert word.log_odds is not None
        quotes = word.quotes_a or word.quotes_b
        assert abs(word.z or 0) > 1.96
        assert word.log_odds.low > 0 or word.log_odds.high < 0
        assert word.name.split()[0] in quotes[0].text
        assert (int(quotes[0].review_id[1:]) < 200) == (word.more == "a")
    assert [one.p for one in result.themes] == sorted(one.p for one in result.themes)
    theme = result.themes[0]
    assert len(theme.quotes_a) == len(theme.quotes_b) == 3
    assert len({quote.review_id for quote in (*theme.quotes_a, *theme.quotes_b)}) == 6


def test_quotes_are_those_nearest_to_the_centre() -> None:
    vectors = np.eye(4)[[0, 0, 0, 0, 1, 2]]
    a = replace(slice_of([f"text {n}" for n in range(6)], vectors), clusters=np.zeros(6, np.int32))
    quotes = compare_themes(a, a, {})[0].quotes_a
    assert [quote.review_id for quote in quotes] == ["r0000", "r0001", "r0002"]


def test_longer_reviews_do_not_say_every_word_more() -> None:
    short, long = spoken(150, 6, words=4), spoken(150, 7, words=12)
    result = compare_slices(side(short), side(long, first=150), n=0)
    assert result.words == ()


def test_copies_count_once_for_words() -> None:
    copied = "the carton was crushed by the courier on the stairs"
    a = side(spoken(60, 8) + [copied] * 10 + [copied.upper() + " "])
    result = compare_slices(a, side(spoken(60, 9), first=100))
    assert (result.a.reviews, result.a.texts) == (71, 61)
    assert result.words == ()


# -- how often it is wrong -----------------------------------------------------------------------


def test_random_halves_differ_no_more_often_than_is_said() -> None:
    rng = np.random.default_rng(11)
    texts = spoken(60, 12, words=5)
    everything = side(texts, clusters=rng.choice(6, 60).tolist())
    named_themes, named_words = 0, 0
    for _ in range(200):
        dealt = rng.permutation(60)
        result = compare_slices(everything.take(dealt[:30]), everything.take(dealt[30:]))
        named_themes += any(theme.significant for theme in result.themes)
        named_words += bool(result.words)
    assert named_themes <= 10
    assert named_words <= 10


def drawn_counts(
    rng: np.random.Generator, shares: NDArray[np.float64], reviews: int
) -> NDArray[np.int64]:
    """How many of some reviews, of different lengths, say each word."""
    lengths = rng.gamma(4, 1 / 4, reviews).clip(0, 1 / shares.max())
    said: NDArray[np.int64] = (rng.random((reviews, len(shares))) < np.outer(lengths, shares)).sum(
        0
    )
    return said


@pytest.mark.parametrize("sizes", [(300, 300), (100, 500)])
def test_interval_of_log_odds_holds_the_truth(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    base = 0.3 / np.arange(1, 301) ** 0.6
    held = []
    for _ in range(30):
        apart = rng.normal(0, 0.7, 300)
        shares = base * np.exp(apart / 2), base * np.exp(-apart / 2)
        parts = [share / share.sum() for share in shares]
        truth = np.log(parts[0] / (1 - parts[0])) - np.log(parts[1] / (1 - parts[1]))
        said = [drawn_counts(rng, s, size) for s, size in zip(shares, sizes, strict=True)]
        mentions = [int(one.sum()) for one in said]
        looked_at = said[0] + said[1] >= FEWEST_MENTIONS
        chosen = [one[looked_at] for one in said]
        odds = log_odds(*chosen, *mentions, prior_size=usual_prior(sum(mentions)))
        held.append(((odds.low <= truth[looked_at]) & (truth[looked_at] <= odds.high)).mean())
    assert 0.93 <= np.mean(held) <= 0.97


@pytest.mark.parametrize(("share_a", "share_b"), [(0.05, 0.05), (0.02, 0.2), (0.5, 0.3)])
def test_interval_of_a_difference_of_shares_holds_the_truth(share_a: float, share_b: float) -> None:
    rng = np.random.default_rng(1)
    counts = rng.binomial(60, share_a, 4000), rng.binomial(200, share_b, 4000)
    _, low, high = difference(counts[0], np.full(4000, 60), counts[1], np.full(4000, 200))
    truth = share_a - share_b
    assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.97


# -- mirrored, again, and other scripts ------------------------------------------------------------


def mirrored(one: Difference) -> dict[str, Any]:
    plain = asdict(one)
    for name in ("difference", "log_odds"):
        if plain[name] is not None:
            value, low, high = plain[name].values()
            plain[name] = {"value": -value, "low": -high, "high": -low}
    return plain | {
        "more": {"a": "b", "b": "a", "": ""}[one.more],
        "z": None if one.z is None else -one.z,
        **{f"{name}_{to}": plain[f"{name}_{of}"] for name in ("reviews", "share", "quotes")
           for to, of in ("ab", "ba")},
    }  # fmt: skip


def test_sides_swapped_give_the_mirror_image() -> None:
    a, b = planted_sides()
    stars = np.random.default_rng(0).integers(1, 6, 400).astype(float)
    a, b = replace(a, stars=stars[:200]), replace(b, stars=stars[200:])
    there, back = compare_slices(a, b), compare_slices(b, a)
    assert there.stars is not None
    assert back.stars is not None
    assert asdict(there.stars) == {
        "value": -back.stars.value, "low": -back.stars.high, "high": -back.stars.low
    }  # fmt: skip
    assert [mirrored(one) for one in back.themes] == [asdict(one) for one in there.themes]
    assert sorted(map(str, (mirrored(one) for one in back.words))) == sorted(
        str(asdict(one)) for one in there.words
    )
    assert (back.a, back.b) == (replace(there.b, name="A"), replace(there.a, name="B"))


def test_same_input_gives_the_same_bytes() -> None:
    first, second = (
        json.dumps(asdict(compare_slices(*planted_sides())), allow_nan=False) for _ in range(2)
    )
    assert first == second


@pytest.mark.cjk
def test_chinese_reviews_are_cut_into_words() -> None:
    praise = [
        f"味道很好 {word}" for word in ("面条", "米饭", "牛肉", "鸡肉", "青菜", "豆腐", "水果")
    ]
    blame = [
        f"送餐太慢 {word}" for word in ("面条", "米饭", "牛肉", "鸡肉", "青菜", "豆腐", "水果")
    ]
    result = compare_slices(
        side(praise, languages=["zh"] * 7), side(blame, languages=["zh"] * 7, first=7)
    )
    assert any("味道" in name for name in named(result, "a"))
    assert any("送餐" in name or "慢" in name for name in named(result, "b"))


@pytest.mark.usefixtures("without_cjk")
def test_few_reviews_whose_words_are_not_told_are_left_out_and_many_refused() -> None:
    a = side([*spoken(30, 1, planted="lid", share=1), "味道很好"], languages=["en"] * 30 + ["zh"])
    b = side(spoken(30, 2), languages=["en"] * 30, first=40)
    result = compare_slices(a, b)
    assert "lid" in named(result, "a")
    assert result.a.reviews == 31
    assert any("1 of the reviews is Chinese or Japanese" in note for note in result.notes)
    with pytest.raises(MissingExtra, match="cjk"):
        compare_slices(side(["味道很好"] * 6, languages=["zh"] * 6), b)


# -- what is refused, and what is noted ------------------------------------------------------------


def test_stars_are_none_without_any() -> None:
    result = compare_slices(side(LEAKY), side(SHINY, first=5, stars=[1, None, 3, 4, 5]))
    assert result.themes == ()
    assert result.notes[0].startswith("no themes are compared")
    assert (result.a.stars, result.stars, result.b.rated) == (None, None, 4)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_side_with_too_few_reviews_is_named(count: int) -> None:
    many, few = side(LEAKY), side(SHINY).take(np.arange(count))
    with pytest.raises(
        TooFewReviews,
        match=f"{counted(count, 'review', 'is', 'are')} on side B \\(late\\).*at least 5",
    ):
        compare_slices(many, few, names=("early", "late"))
    with pytest.raises(TooFewReviews, match="side A"):
        compare_slices(few, many)


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="n is -1"):
        compare_slices(side(LEAKY), side(SHINY), n=-1)
    for size in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="size of the prior"):
            compare_slices(side(LEAKY), side(SHINY), prior_size=size)


def test_reviews_on_both_sides_are_told() -> None:
    result = compare_slices(side(LEAKY + SHINY, clusters=[0] * 10), side(SHINY, first=5))
    assert result.shared == 5
    assert result.notes[0].startswith("5 of the reviews are on both sides")
    assert result.notes[1] == "5 of the reviews have no theme"


def test_a_side_compared_with_itself_has_no_difference() -> None:
    one = side(LEAKY, clusters=[0, 0, 1, 1, 1], stars=[1, 2, 3, 4, 5])
    result = compare_slices(one, one)
    assert result.stars is not None
    assert result.stars.value == 0
    assert [(theme.more, theme.p, theme.significant) for theme in result.themes] == [
        ("", 1.0, False)
    ] * 2
    assert result.words == ()


def test_words_of_product_names_are_left_out_where_they_tell_the_side() -> None:
    texts = [f"zorbot {word}" for word in VOCABULARY[:20]], VOCABULARY[20:40]
    products = ["Zorbot 3"] * 20, ["Halo"] * 20
    apart = [side(t, products=p) for t, p in zip(texts, products, strict=True)]
    result = compare_slices(*apart)
    assert result.words == ()
    assert "words of the products' names are left out" in result.notes[-1]
    mixed = replace(apart[1], products=("Zorbot 3", *products[1][1:]))
    assert named(compare_slices(apart[0], mixed), "a") == ["zorbot"]


@pytest.mark.parametrize("text", ["", "the", "👍"])
def test_reviews_without_words_have_none_that_differ(text: str) -> None:
    result = compare_slices(side([text] * 6, clusters=[0] * 6), side([text] * 6, first=6))
    assert (result.words, result.terms) == ((), 0)
    assert result.themes[0].reviews_a == 6


def test_word_is_not_told_twice_and_n_is_kept() -> None:
    a = side([f"{text} box boxes parcel stairs" for text in spoken(40, 20, words=3)])
    b = side(spoken(40, 21, words=3), first=40)
    every = compare_slices(a, b, n=0)
    words = [word for name in named(every, "a") for word in name.split()]
    assert sorted(words) == ["box", "boxes", "parcel", "stairs"]
    assert compare_slices(a, b, n=1).words == every.words[:1]


def test_quote_of_a_word_is_the_sentence_that_says_it() -> None:
    texts = spoken(20, 22, words=3)
    a = side(
        [f"Nice {text}. The firmware failed." for text in texts[:10]],
        titles=["Lost pairing"] * 10,
    )
    result = compare_slices(a, side(texts[10:], first=10))
    quotes = {word.name: word.quotes_a[0] for word in result.words}
    assert quotes["firmware failed"].text == "The firmware failed."
    assert quotes["lost pairing"].text == "Lost pairing"
    assert len({quote.review_id for quote in quotes.values()}) == len(quotes) >= 3


def test_quotes_of_a_theme_are_different_texts() -> None:
    a = side(["the same"] * 4 + ["another"], clusters=[0] * 5)
    assert [quote.text for quote in compare_themes(a, a, {})[0].quotes_a] == [
        "the same",
        "another",
    ]


def test_prior_is_three_roots_and_at_most_a_tenth() -> None:
    assert [usual_prior(mentions) for mentions in (0, 100, 10_000)] == [1.0, 10.0, 300.0]


def test_rows_make_a_table() -> None:
    frame = compare_slices(*planted_sides()).to_frame()
    assert list(frame["kind"].unique()) == ["theme", "word"]
    assert len(frame) == 6
