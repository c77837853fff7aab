"""Exact facts of public exports; skipped where they are not at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewlens.reading.model import Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey, survey_reviews

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not in {DATA}")


def read(name: str, notes: int = 0) -> tuple[Survey, list[Review]]:
    survey = survey_reviews([DATA / name], ReadOptions())
    chunks = list(read_reviews(survey))
    assert not any(chunk.rejected or chunk.duplicates for chunk in chunks)
    assert len(survey.notes) == notes
    return survey, [review for chunk in chunks for review in chunk.reviews]


def test_alexa_repeated_texts_stay_reviews_of_their_own() -> None:
    survey, reviews = read("amazon_alexa.tsv", notes=1)
    assert survey.notes[0].endswith("1 text stands for none, such as 'None', and counts as empty.")
    assert survey.files[0].columns == {
        "text": "verified_reviews", "rating": "rating", "time": "date", "product": "variation",
    }  # fmt: skip
    assert survey.rows == 3150
    assert len(reviews) == len({review.review_id for review in reviews}) == 3070
    assert sum("~" in review.review_id for review in reviews) == 686
    assert survey.scales == {"": (1.0, 5.0)}
    assert all(review.time for review in reviews)
    assert set(reviews[0].extra) == {"feedback"}


def test_mcdonalds_with_lone_carriage_returns_is_read() -> None:
    survey, reviews = read("mcdonalds_yelp.csv", notes=1)
    file = survey.files[0]
    assert (file.encoding, file.encoding_decided) == ("cp1252", "charset-normalizer")
    assert "it is read as cp1252, by charset-normalizer (--encoding)" in survey.notes[0]
    assert file.columns == {"text": "review", "id": "_unit_id"}
    assert len(reviews) == 1525
    assert sum(not review.extra["policies_violated"] for review in reviews) == 54
    assert reviews[0].extra["policies_violated"] == "RudeService\rOrderProblem\rFilthy"
    assert reviews[0].review_id == "679455653"


def test_fine_food_has_titles_products_and_dates() -> None:
    survey, reviews = read("fine_food_reviews_1k.csv")
    assert set(survey.files[0].columns) == {
        "text", "title", "rating", "time", "product", "author",
    }  # fmt: skip
    assert len(reviews) == 1000
    assert len({review.product for review in reviews}) == 868
    assert len({review.author for review in reviews}) == 708
    stars = [review.rating for review in reviews]
    assert [stars.count(n) for n in (5.0, 4.0, 3.0, 2.0, 1.0)] == [651, 138, 75, 49, 87]
    assert len({review.time for review in reviews}) == 2
    assert not any("<br" in review.text for review in reviews)


def test_waimai_is_read_whole() -> None:
    survey, reviews = read("waimai_10k.csv")
    assert survey.files[0].columns == {"text": "review"}
    assert len(reviews) == 11_987
    assert {review.extra["label"] for review in reviews} == {"0", "1"}


def test_file_without_a_header_says_so() -> None:
    with pytest.raises(Exception, match="it seems to have no header line"):
        survey_reviews([DATA / "stsb_en_test.csv"], ReadOptions())
