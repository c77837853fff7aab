"""What a count says in words, and how it is estimated."""

from __future__ import annotations

import pytest

from reviewlens.document import terminal
from reviewlens.ground.estimates import Estimate
from reviewlens.results import as_json
from reviewlens.search import CountGroup, MatchCount
from reviewlens.search.count import count_of, in_words
from reviewlens.search.mentions import Mention, Mentions, _beyond
from reviewlens.search.relevance import Judgement, load_count_prior
from reviewlens.search.verdicts import Found
from reviewlens.store import Hit, StoredPassage

FOUND = MatchCount(
    query="arrived broken", answered=True, literal=3, estimate=Estimate(4, 1, 16),
    for_=Estimate(0, 0, 0), against=Estimate(4, 1, 16), side="negative", of=310,
    share=Estimate(0.012, 0.003, 0.05), stars=None, complete=True,
    groups=(
        *(CountGroup("month", f"2025-{month:02}", month % 3 + 1, 0) for month in range(1, 15)),
        CountGroup("product", "", 4, 3),
    ),
)  # fmt: skip


def mention(name: str, probability: float, **more: object) -> Mention:
    passage = StoredPassage(review_id=name, passage=0, product="Kettle", rating=2.0)
    named = bool(more.get("named"))
    judgement = Judgement(Hit(0.5, passage), probability, named=named)
    sentiment = more.get("sentiment", -0.9)
    assert sentiment is None or isinstance(sentiment, float)
    return Mention(
        Found(judgement.hit, judgement, sentiment), probability, bool(more.get("opposed"))
    )


def test_a_count_is_told_with_its_interval_and_the_latest_months() -> None:
    lines = terminal(FOUND.document(), 80).splitlines()
    assert lines[1:3] == [
        "at least 1 and at most 16 reviews say this of 310",
        "3 reviews have all its words in one statement",
    ]
    months = [line for line in lines if "2025-" in line]
    assert [line.count("█") for line in months[:3]] == [8, 16, 24]
    assert (len(months), lines[-1]) == (12, "… and 2 more earlier months: -f json")


def test_a_page_has_the_months_as_a_table() -> None:
    assert "| 2025-14 | ████████████████████████ | 0 |" in FOUND.to_markdown()
    assert "<td>2025-14</td>" in FOUND._repr_html_()


def test_json_has_for_and_against_and_is_read_back() -> None:
    plain = as_json(FOUND)
    assert plain["for"] == {"value": 0, "low": 0, "high": 0}
    assert plain["against"]["high"] == 16
    assert "for_" not in plain
    assert MatchCount.from_json(plain) == FOUND


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((40, 33, 48), "about 40 (33 to 48)"),
        ((40, 9, 210), "at least 9 and at most 210"),
        ((8, 0.2, 50), "at most 50"),
        ((3, 3, 3), "3"),
    ],
)
def test_only_what_can_be_relied_on_is_a_figure(
    figures: tuple[float, float, float], words: str
) -> None:
    assert in_words(Estimate(*figures)) == words


def test_what_nobody_says_is_told_so_with_what_may_have_been_missed() -> None:
    none = count_of("q", Mentions((), None, complete=True), 310, answered=False)
    lines = terminal(none.document(), 80).splitlines()
    assert lines[1].startswith("No review says this; should one have been missed, at most ")
    assert (none.estimate.value, none.groups, none.literal) == (0, (), 0)


def test_the_opposite_is_another_figure() -> None:
    says = [mention(f"a{place}", 0.9, named=True) for place in range(20)]
    other = [
        mention(f"b{place}", 0.9, named=True, opposed=True, sentiment=0.9) for place in range(9)
    ]
    alone = count_of("rude staff", Mentions(tuple(says), -0.9, complete=True), 500, answered=True)
    both = count_of(
        "rude staff", Mentions((*says, *other), -0.9, complete=True), 500, answered=True
    )
    assert (both.literal, both.estimate) == (20, alone.estimate)
    assert both.against == both.estimate
    assert 0 < both.for_.value < both.against.value
    assert alone.for_.value == 0


def test_the_parts_make_the_whole() -> None:
    some = [mention(f"a{place}", 0.3 + place / 100, named=place % 2 == 0) for place in range(40)]
    found = count_of("rude staff", Mentions(tuple(some), None, complete=True), 500, answered=True)
    for by in ("month", "product", "stars"):
        groups = [group for group in found.groups if group.by == by]
        assert sum(group.reviews for group in groups) == pytest.approx(found.estimate.value, abs=1)
        assert sum(group.literal for group in groups) == found.literal == 20


def test_twice_as_many_of_both_are_about_twice_as_many_and_no_fewer_than_have_the_words() -> None:
    prior = load_count_prior()
    value, low, high = prior.estimate(500, 400, 100_000)
    twice, _, _ = prior.estimate(1000, 800, 100_000)
    assert twice == pytest.approx(2 * value, rel=0.02)
    assert low < value < high
    assert prior.estimate(0, 90, 1000)[2] >= 90
    assert prior.estimate(500, 400, 450)[2] == 450


def test_what_lies_beyond_falls_on_as_it_fell() -> None:
    assert _beyond([0.5] * 1_499) == 0
    assert _beyond([0.5] * 1_125 + [0.0] * 375) == 0
    assert _beyond([0.8] * 1_125 + [0.4] * 375) == pytest.approx(0.4 * 375)  # half as much again
    assert _beyond([0.8] * 1_500) == pytest.approx(0.8 * 375 * 9)  # nine tenths, and so on
