"""What comes next for a review, a product or an author."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.slices import Slice
from reviewlens.insights.recommendations import recommend, unknown_name
from slices_of import slice_of

AXES = np.eye(8)


def shop() -> Slice:
    """Four products, each on an axis of its own or between two; `ann` has seen the first."""
    vectors = np.array([
        AXES[0], AXES[0] + 0.1 * AXES[5],          # 0-1 kettle
        AXES[0] + 0.4 * AXES[1], AXES[0],          # 2-3 teapot, near the kettle
        AXES[2], AXES[2] + 0.2 * AXES[0],          # 4-5 lamp
        AXES[0] + AXES[2], AXES[0] + AXES[2],      # 6-7 toaster, between
    ])  # fmt: skip
    products = ["kettle"] * 2 + ["teapot"] * 2 + ["lamp"] * 2 + ["toaster"] * 2
    return slice_of(
        [f"text {n}" for n in range(8)],
        vectors,
        products=products,
        authors=["ann", "bob", "cid", "dee", "eve", "bob", "fay", "gus"],
        stars=[5, 1, 5, 4, 2, 5, 3, None],
        dates=["2024-01-05", *[None] * 7],
    )


def asked_of(reviews: Slice, *rows: int) -> Slice:
    return reviews.take(np.array(rows))


def names(found: Any) -> list[str]:
    return [one.product for one in found.recommendations]


# -- by hand -------------------------------------------------------------------------------------


def test_similar_products_come_in_order_with_reason_and_stars() -> None:
    reviews = shop()
    found = recommend(
        reviews, asked_of(reviews, 0, 1), basis="product", name="kettle", diversity=0.0
    )
    assert names(found) == ["teapot", "toaster", "lamp"]
    teapot, toaster, _ = found.recommendations
    assert teapot.reason.review_id == "r0003"
    assert (teapot.reviews, teapot.stars.value if teapot.stars else None) == (2, 4.5)
    assert (toaster.reviews, toaster.stars.value if toaster.stars else None) == (2, 3.0)
    assert found.left_out == ("kettle",)


def test_stars_weigh_what_a_product_is_like() -> None:
    reviews = slice_of(
        ["a", "b", "c", "d"],
        AXES[[0, 1, 0, 1]],
        products=["both", "both", "liked", "not"],
        stars=[5, 1, 3, 3],
    )
    found = recommend(reviews, asked_of(reviews, 0, 1), basis="product", name="both")
    assert names(found) == ["liked", "not"]
    length = np.hypot(5, 1)
    expected = pytest.approx([5 / length, 1 / length], abs=1e-4)
    assert [one.similarity for one in found.recommendations] == expected
    plain = replace(reviews, stars=np.full(4, np.nan))
    even = recommend(plain, asked_of(plain, 0, 1), basis="product", name="both")
    assert [one.similarity for one in even.recommendations] == pytest.approx([0.7071] * 2)
    assert even.recommendations[0].stars is None


def test_what_an_author_did_not_like_is_taken_off() -> None:
    reviews = slice_of(
        ["a", "b", "c", "d", "e"],
        np.stack([AXES[0], AXES[1], AXES[0] + AXES[1], AXES[0] + AXES[2], AXES[3]]),
        products=["liked", "loathed", "like both", "like the first", "neither"],
        authors=["ann", "ann", "", "", ""],
        stars=[5, 1, 4, 4, 4],
    )
    found = recommend(reviews, asked_of(reviews, 0, 1), basis="author", name="ann", diversity=0.0)
    assert names(found) == ["like the first", "like both", "neither"]
    query = (AXES[0] - 0.5 * AXES[1]) / np.sqrt(1.25)
    expected = float(query @ (AXES[0] + AXES[2]) / np.sqrt(2))
    assert found.recommendations[0].similarity == pytest.approx(expected, abs=1e-4)
    assert (found.liked, found.disliked) == (1, 1)
    assert found.left_out == ("liked", "loathed")


def test_reason_for_an_author_is_praise_where_there_is_some() -> None:
    reviews = slice_of(
        ["seen", "near complaint", "far praise", "only complaint"],
        np.stack([AXES[0], AXES[0], AXES[0] + AXES[1], AXES[0] + AXES[2]]),
        products=["a", "b", "b", "c"],
        stars=[5, 1, 5, 1],
    )
    asked = asked_of(reviews, 0)
    for basis, reasons in (("author", ["far praise", "only complaint"]),
                           ("review", ["near complaint", "only complaint"])):  # fmt: skip
        found = recommend(reviews, asked, basis=basis, name="x")  # type: ignore[arg-type]
        assert [one.reason.text for one in found.recommendations] == reasons


def test_reviews_like_one_are_of_other_products_and_other_texts() -> None:
    reviews = slice_of(
        ["It leaks", "it  LEAKS", "Leaks too", "Leaks too", "Dry", "Same product"],
        np.stack([AXES[0], AXES[0], AXES[0] + AXES[1], AXES[0] + AXES[1], AXES[2], AXES[0]]),
        products=["kettle", "jug", "jug", "bottle", "", "kettle"],
    )
    found = recommend(
        reviews, asked_of(reviews, 0), basis="review", name="r0000", kind="review", diversity=0.0
    )
    assert [one.reason.review_id for one in found.recommendations] == ["r0002", "r0004"]
    first, last = found.recommendations
    assert (first.similarity, first.reason_similarity, first.reviews) == (0.7071, 0.7071, 2)
    assert (last.product, last.reviews, last.stars) == ("", 0, None)


def test_one_text_is_no_reason_for_two_products() -> None:
    reviews = slice_of(
        ["asked", "Life changing", "Life changing", "Fine"],
        np.stack([AXES[0], AXES[0], AXES[0], AXES[0] + AXES[1]]),
        products=["a", "b", "c", "c"],
    )
    found = recommend(reviews, asked_of(reviews, 0), basis="review", name="r0000")
    assert sorted(one.reason.text for one in found.recommendations) == ["Fine", "Life changing"]


def test_count_and_stars_are_of_the_whole_product() -> None:
    reviews = slice_of(
        ["Love it", "Love it!", "Fine"],
        np.stack([AXES[0], AXES[0], AXES[0] + AXES[1]]),
        products=["a", "b", "b"],
        stars=[5, 1, 4],
    )
    (found,) = recommend(reviews, asked_of(reviews, 0), basis="product", name="a").recommendations
    assert found.reason.text == "Fine"
    assert (found.reviews, found.stars.value if found.stars else None) == (2, 2.5)


def test_diversity_passes_over_a_second_of_the_same_kind() -> None:
    vectors = [AXES[0], AXES[0] + 0.5 * AXES[1], AXES[0] + 0.51 * AXES[1], AXES[0] + 0.7 * AXES[2]]
    reviews = slice_of(
        list("abcd"), np.stack(vectors), products=["asked", "first", "twin", "other"]
    )
    asked = asked_of(reviews, 0)
    near = recommend(reviews, asked, basis="product", name="asked", n=2, diversity=0.0)
    varied = recommend(reviews, asked, basis="product", name="asked", n=2, diversity=0.5)
    assert (names(near), names(varied)) == (["first", "twin"], ["first", "other"])


# -- two roads -----------------------------------------------------------------------------------


@pytest.mark.parametrize("diversity", [0.0, 0.3, 1.0])
def test_order_is_that_of_plain_marginal_relevance(diversity: float) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((60, 8)).astype(np.float32)
    reviews = slice_of([f"t{n}" for n in range(60)], vectors)
    found = recommend(
        reviews, asked_of(reviews, 0), basis="review", name="r0000", kind="review", n=6,
        diversity=diversity,
    )  # fmt: skip
    query = reviews.vectors[0]
    pool = sorted(range(1, 60), key=lambda row: -float(reviews.vectors[row] @ query))[:30]
    plain = [pool[0]]
    while len(plain) < 6:

        def worth(row: int) -> float:
            near = max(float(reviews.vectors[row] @ reviews.vectors[other]) for other in plain)
            return (1 - diversity) * float(reviews.vectors[row] @ query) - diversity * near

        plain.append(max((row for row in pool if row not in plain), key=worth))
    assert [int(one.reason.review_id[1:]) for one in found.recommendations] == plain


# -- planted -------------------------------------------------------------------------------------


def test_planted_tastes_are_found() -> None:
    """Forty authors like products of one of four kinds and dislike those of another."""
    rng = np.random.default_rng(3)
    kinds = np.repeat(np.arange(4), 6)  # of 24 products
    rows = []
    for author in range(40):
        likes, dislikes = author % 4, (author + 1) % 4
        rows += [(author, p, 5) for p in rng.choice(np.flatnonzero(kinds == likes), 3, False)]
        rows += [(author, p, 1) for p in rng.choice(np.flatnonzero(kinds == dislikes), 2, False)]
    vectors = np.stack([
        0.6 * AXES[7] + 0.5 * AXES[kinds[product]] + 0.2 * rng.standard_normal(8)
        for _, product, _ in rows
    ])  # fmt: skip
    reviews = slice_of(
        [f"text {n}" for n in range(len(rows))],
        vectors,
        authors=[f"author {author}" for author, _, _ in rows],
        products=[f"{product}" for _, product, _ in rows],
        stars=[stars for *_, stars in rows],
    )
    right = 0
    for author in range(40):
        own = np.flatnonzero([name == f"author {author}" for name in reviews.authors])
        found = recommend(
            reviews, reviews.take(own), basis="author", name=f"author {author}", n=3, diversity=0.1
        )
        assert not set(names(found)) & {reviews.products[row] for row in own}
        right += sum(kinds[int(product)] == author % 4 for product in names(found))
    assert right >= 0.9 * 120


# -- edges ---------------------------------------------------------------------------------------


def test_same_question_gives_the_same_bytes() -> None:
    reviews = shop()
    one, two = (
        json.dumps(asdict(recommend(reviews, asked_of(reviews, 0), basis="author", name="ann")))
        for _ in range(2)
    )
    assert one == two


def test_author_without_stars_is_taken_to_have_liked_all() -> None:
    reviews = replace(shop(), stars=np.full(8, np.nan))
    found = recommend(reviews, asked_of(reviews, 1, 5), basis="author", name="bob")
    assert (found.liked, found.disliked) == (2, 0)
    assert sorted(names(found)) == ["teapot", "toaster"]


def test_stars_of_another_scale_count_as_liked() -> None:
    reviews = slice_of(
        ["a", "b"], AXES[:2], products=["x", "y"], stars=[float(np.float32(4) - 3e-7), 3]
    )
    found = recommend(reviews, asked_of(reviews, 0), basis="author", name="ann")
    assert found.liked == 1


def test_author_who_liked_nothing_is_told() -> None:
    reviews = shop()
    with pytest.raises(TooFewReviews, match="'eve' has 1 review and none with 4 or 5 stars"):
        recommend(reviews, asked_of(reviews, 4), basis="author", name="eve")


def test_nothing_left_is_told() -> None:
    reviews = shop()
    kettles = asked_of(reviews, 0, 1)
    with pytest.raises(TooFewReviews, match="nothing is left to recommend for the product"):
        recommend(kettles, kettles, basis="product", name="kettle")
    with pytest.raises(TooFewReviews, match="of the 0 reviews"):
        recommend(slice_of([]), kettles, basis="product", name="kettle")


def test_no_products_is_told_with_the_cure() -> None:
    reviews = slice_of(["味道很好", "好吃", "不好"])
    with pytest.raises(InputError, match="no product is known"):
        recommend(reviews, asked_of(reviews, 0), basis="review", name="r0000")
    found = recommend(reviews, asked_of(reviews, 0), basis="review", name="r0000", kind="review")
    assert len(found.recommendations) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"n": 0}, "0 recommendations"), ({"diversity": 1.5}, "wanted 0 to 1"),
     ({"kind": "author"}, "wanted product or review")],
)  # fmt: skip
def test_argument_that_cannot_be_used_is_told(arguments: dict[str, Any], said: str) -> None:
    reviews = shop()
    with pytest.raises(InputError, match=said):
        recommend(reviews, asked_of(reviews, 0), basis="review", name="r0000", **arguments)


def test_unknown_name_is_told_with_near_ones() -> None:
    names = {"Ovandil Halo Lamp", "Kettle", "Kettle II", ""}
    assert str(unknown_name("product", "ketle", names)) == (
        "no product is named 'ketle' among 3; did you mean 'Kettle', 'Kettle II'?"
    )
    assert "'Ovandil Halo Lamp'" in str(unknown_name("product", "halo", names))
    assert str(unknown_name("author", "ann", {""})).endswith("has no author at all")
    assert "no review has the id 'x9' among 1" in str(unknown_name("review", "x9", {"abc"}))
