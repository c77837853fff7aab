from __future__ import annotations

from collections import Counter

import pytest

from fakes import FakeEncoder
from reviewlens.errors import UnknownTokens, UnreadLanguages
from reviewlens.ingest.readability import require_readable, says_nothing_of, untold_note


def complaint(languages: dict[str, int]) -> str:
    try:
        require_readable(Counter(languages), 0.0, FakeEncoder(), ["en"])
    except UnreadLanguages as error:
        return str(error)
    return ""


def test_shares_are_of_those_that_can_be_told_and_say_so() -> None:
    told = complaint({"": 880, "fr": 60, "de": 23, "en": 37})
    assert (
        "reads English, but 69% of the 120 of 1,000 reviews looked at whose language can be told "
        "are in other languages (French 50%, German 19%; at most 10% is wanted)" in told
    )


def test_where_all_can_be_told_they_are_of_all() -> None:
    assert "but 75% of the 80 reviews looked at are in other" in complaint({"fr": 60, "en": 20})
    assert "but the review looked at is in another language (French 100%" in complaint({"fr": 1})


@pytest.mark.parametrize(
    ("foreign", "share"), [(101, "10.1%"), (105, "10.5%"), (106, "11%"), (100, ""), (150, "15%")]
)
def test_a_share_above_the_limit_is_shown_so(foreign: int, share: str) -> None:
    told = complaint({"fr": foreign, "en": 1000 - foreign})
    assert (f"but {share} of the 1,000 reviews" in told) == bool(share)
    assert (f"(French {share}; at most 10%" in told) == bool(share)


def test_a_share_of_tokens_above_the_limit_is_shown_so() -> None:
    with pytest.raises(UnknownTokens, match=r"does not know 10\.01% of the tokens"):
        require_readable(Counter({"en": 9}), 0.1001, FakeEncoder(), ["en"])


@pytest.mark.parametrize(
    "languages",
    [
        {"": 991, "fr": 3, "en": 6},  # 3 of 9
        {"": 900, "fr": 12, "en": 7},  # 19
        {"": 950, "fr": 40, "en": 10},  # of 5 % of all
        {"": 7, "fr": 3},  # less than half of few
        {"": 100, "fr": 9, "en": 91},
        {"": 5},
        {},
    ],
)
def test_few_that_can_be_told_stop_nothing(languages: dict[str, int]) -> None:
    assert complaint(languages) == ""


def test_half_of_few_are_enough() -> None:
    assert "67% of the 6 of 10 reviews" in complaint({"": 4, "fr": 4, "en": 2})


@pytest.mark.parametrize(
    "text", ["👍👍", "🙂 !!", "XJ-900 4711", "bahut accha product hai", "kargo gec geldi"]
)
def test_codes_emoji_and_foreign_words_are_nothing_that_is_read(text: str) -> None:
    assert says_nothing_of(text, ["en"], FakeEncoder())


@pytest.mark.parametrize(
    "text", ["ok", "Nice", "Love it!!", "A++", "Great 👍", "5/5 good one", "meh"]
)
def test_short_english_is_read(text: str) -> None:
    assert not says_nothing_of(text, ["en"], FakeEncoder())


def test_words_are_no_matter_where_any_language_is_read_or_nobody_says() -> None:
    for read in (["mul"], []):
        assert not says_nothing_of("bahut accha product hai", read, FakeEncoder())
        assert says_nothing_of("👍👍", read, FakeEncoder())


def test_what_cannot_be_told_is_noted_where_it_is_most() -> None:
    def note(languages: dict[str, int], unreadable: int) -> str:
        return untold_note(Counter(languages), unreadable, "👍", FakeEncoder())

    assert note({"": 60, "en": 40}, 50).startswith(
        "The language cannot be told of 60 of the 100 reviews looked at, such as '👍': "
    )
    assert "cannot be told of any of the 60 reviews looked at" in note({"": 60}, 60)
    assert note({"": 50, "en": 50}, 50) == ""  # not most of all
    assert note({"": 60, "en": 40}, 30) == ""  # most of them look like what is read
    assert note({"": 4}, 4) == ""
