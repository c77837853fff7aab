"""What is boilerplate, by how it stands in many reviews, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from reviewlens.ingest.boilerplate import FEWEST_REVIEWS, find_boilerplate
from reviewlens.results import LeftOut
from reviewlens.text.boilerplate import NO_BOILERPLATE, Boilerplate

SIGNATURE = "Sent from my phone."
PROMOTION = "[This review was collected as part of a promotion.]"
THINGS = ["kettle", "lamp", "chair", "desk", "sofa", "clock", "radio", "oven", "fridge", "mixer"]
PLACES = ["kitchen", "office", "bedroom", "garage", "hall", "attic", "cellar"]
DEEDS = ("broke in week", "came with scratch", "cost less than", "was moved on day")


def own(number: int) -> str:
    """Return what one customer alone says."""
    thing, place = THINGS[number % 10], PLACES[number % 7]
    return f"The {thing} of the {place} {DEEDS[number % 4]} {number}. Its box had {number} nails."


def reviews(count: int = 300, *, with_: Callable[[int], str | None]) -> list[str]:
    """Return different reviews, some of them in another form."""
    return [with_(number) or own(number) for number in range(count)]


def every(step: int, form: Callable[[int], str]) -> Callable[[int], str | None]:
    return lambda number: form(number) if number % step == 0 else None


def sentences(texts: Sequence[str]) -> tuple[str, ...]:
    return find_boilerplate(texts, NO_BOILERPLATE)[0].sentences


def test_signature_and_what_a_site_adds_are_found_with_their_share() -> None:
    texts = reviews(
        with_=lambda number: (
            f"{PROMOTION} {own(number)}"
            if number % 10 == 0
            else f"{own(number)}\n{SIGNATURE}"
            if number % 10 == 1
            else f"{PROMOTION} {own(number)} {SIGNATURE}"
            if number % 10 == 2
            else None
        )
    )
    _, told = find_boilerplate(texts, NO_BOILERPLATE)
    assert set(told) == {
        LeftOut("Sent from my phone", 0.2),
        LeftOut("This review was collected as part of a promotion", 0.2),
    }


def test_title_of_many_reviews_is_found_and_the_name_of_a_place_is_not() -> None:
    def titled(number: int) -> str:
        site = "Harbour Shop customer review" if number % 2 else f"Note {number} on it"
        return (
            f"Title: {site if number % 30 else 'The shop in Haven Street'}; Content: {own(number)}"
        )

    assert sentences(reviews(with_=titled)) == ("Harbour Shop customer review",)


def test_of_few_reviews_nothing_is_found() -> None:
    form = every(5, lambda number: f"{own(number)} {SIGNATURE}")
    assert sentences(reviews(FEWEST_REVIEWS - 1, with_=form)) == ()
    assert sentences(reviews(FEWEST_REVIEWS, with_=form)) == ("Sent from my phone",)


def test_what_stands_on_one_in_a_hundred_or_on_nine_stays() -> None:
    form = lambda number: f"{own(number)} {SIGNATURE}"  # noqa: E731
    assert sentences(reviews(216, with_=every(24, form))) == ()
    assert sentences(reviews(2_000, with_=every(100, form))) == ()
    assert sentences(reviews(2_000, with_=every(80, form))) == ("Sent from my phone",)


def test_copies_and_near_copies_of_a_review_count_once() -> None:
    sold = "We took three of these. The man at the till wrapped them in paper."
    assert sentences([*reviews(with_=lambda _: None), *[sold] * 40]) == ()
    near = [f"{sold} Bought on day {day}." for day in range(40)]
    assert sentences([*reviews(with_=lambda _: None), *near]) == ()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("I love it so much.", id="praise"),
        pytest.param("I would not buy it again.", id="blame"),
        pytest.param("Thank you.", id="too short"),
    ],
)
def test_what_people_say_alike_is_no_boilerplate(said: str) -> None:
    assert sentences(reviews(with_=every(5, lambda number: f"{own(number)} {said}"))) == ()


def test_what_stands_anywhere_or_is_written_in_several_ways_is_no_boilerplate() -> None:
    said = "It stands on the table."

    def anywhere(number: int) -> str:
        first, last = own(number).split(". ")
        return (f"{said} {first}. {last}", f"{first}. {said} {last}", f"{first}. {last} {said}")[
            number // 5 % 3
        ]

    def anyhow(number: int) -> str:
        form = (said, said.lower(), said.upper())[number // 5 % 3]
        return f"{own(number)} {form}"

    assert sentences(reviews(with_=every(5, anywhere))) == ()
    assert sentences(reviews(with_=every(5, anyhow))) == ()


def test_what_is_mostly_all_that_a_review_says_is_no_boilerplate() -> None:
    said = ("Sent from my phone", "Posted from a train")

    def form(number: int) -> str | None:
        if number % 5 == 0:
            return f"{own(number)} {said[0]}."
        return f"{said[0]}{'!' * number} {said[1]}{'?' * number}" if number % 2 else None

    assert sentences(reviews(with_=form)) == ()


def test_language_without_sides_needs_more_words() -> None:
    def german(number: int) -> str:
        return f"Der Topf aus dem Haus {number} kam am Tag {number} mit der Post an und war leer."

    def with_(end: str) -> list[str]:
        return [german(number) + (f" {end}" if number % 5 == 0 else "") for number in range(300)]

    assert sentences(with_("Sehr gute Ware.")) == ()
    long = "Diese Bewertung wurde im Rahmen einer Aktion gesammelt"
    assert sentences(with_(f"{long}.")) == (long,)


def test_what_is_known_stays_and_is_told_where_it_stands() -> None:
    known = Boilerplate(("Posted by a friend", "Not there"))
    found, told = find_boilerplate([f"{own(1)} Posted by a friend!", own(2)], known)
    assert found == known
    assert told == (LeftOut("Posted by a friend", 0.5),)
