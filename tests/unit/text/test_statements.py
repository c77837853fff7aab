"""A text is cut into what it says, and nothing of it is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.text.statements import MOST_WORDS, count_words, split_statements

CUT = """
en|The room was dark,|but the staff could not be kinder.
en|Although the box was torn,|the kettle itself works.
en|Though small and noisy,|I could sleep there;|the breakfast was poor.
en|The room was clean|and the staff were friendly.
en|We liked the burger and the fries that were served with it.
en|I loved the soup,|the only downside was the bill.
en|Nothing but praise from all of us.
en|Not only cheap to run but also quiet.
en|Anything but friendly at the desk.
en|The lid does not fit at all|but it keeps the tea warm.
en|Good value. Too loud.
en|It arrived late ;) and broken, sadly.
en|A fine kettle -|it boils in a minute.
en|Works well, however.
en|The cabin was small|but had a nice view.
en|Great soup,|but the bread was stale.
en|The rooms were bright|(the towels were a bit thin)|and the garden was quiet.
en|The owner (who is a baker) greets the guests.
en|Although the hall is narrow|you can store two bikes there.
en|The tea is mediocre,|except for the green one.
de|Das Zimmer war sauber,|aber das Frühstück war kalt.
de|Obwohl es teuer war,|kommen wir gerne wieder.
fr|La chambre était propre|mais le petit-déjeuner était froid.
es|El cuarto era pequeño,|pero la cama era muy cómoda.
it|La stanza era piccola|ma il letto era comodo.
pt|O quarto era pequeno,|mas a cama era boa.
nl|De kamer was klein|maar het bed was goed.
ru|Экран у него хороший,|но батарея совсем слабая.
pl|Pokój był bardzo mały,|ale łóżko było wygodne.
zh|送餐很快，|但是味道不怎么样
ja|味はおいしいですが、|値段が高いです。
""".strip().splitlines()


@pytest.mark.parametrize("case", CUT)
def test_sentences_are_cut_where_they_turn(case: str) -> None:
    language, *wanted = case.split("|")
    text = (" " if language not in ("zh", "ja") else "").join(wanted)
    found = [one.text for one in split_statements(text, language)]
    assert found == [re.sub(r"[,，、;]$|\s-$", "", one) for one in wanted]


def test_a_language_that_is_not_known_is_cut_as_english_is() -> None:
    text = "The room was dark, but the staff could not be kinder."
    assert split_statements(text) == split_statements(text, "xx") == split_statements(text, "en")


def test_few_words_go_with_what_stands_beside_them_on_the_line() -> None:
    text = "Great!\nIt boils in a minute. Loud. The cord is short"
    assert [one.text for one in split_statements(text)] == [
        "Great!",
        "It boils in a minute. Loud.",
        "The cord is short",
    ]


def test_what_was_written_without_stops_is_cut() -> None:
    text = " ".join(f"word{number}" for number in range(130))
    parts = split_statements(text)
    assert " ".join(one.text for one in parts) == text
    assert max(count_words(one.text) for one in parts) <= MOST_WORDS
    assert len(parts) <= 6
    chinese = "送餐很快味道好吃分量很足" * 20
    assert max(count_words(one.text) for one in split_statements(chinese, "zh")) <= MOST_WORDS


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u2028"])
def test_nothing_says_nothing(text: str) -> None:
    assert split_statements(text) == []


@given(
    st.lists(
        st.sampled_from(
            ["but", "the", "room", "was", "fine", ".", ",", ";", "\n", "- ", "although", "味道好",
             "，", "…", "Dr.", "and", "it", "😀", "\u2028", "e.g.", ")", "However", "!?"]
        ),
        max_size=60,
    ),
    st.sampled_from(["en", "de", "zh", "ja", ""]),
)  # fmt: skip
def test_statements_stand_where_they_say_and_no_word_is_lost(
    parts: list[str], language: str
) -> None:
    text = " ".join(parts)
    found = split_statements(text, language)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    between = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    assert re.fullmatch(r"[\s,，、;\-–—]*", between)
    assert all(one.text == one.text.strip() != "" for one in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It lasts an hour, I must say.", ["It lasts an hour, I must say."]),
        ("I think it is fine, and it was cheap.", ["I think it is fine", "and it was cheap."]),
    ],
)
def test_an_aside_is_no_statement(text: str, said: list[str]) -> None:
    assert [one.text for one in split_statements(text, "en")] == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it broke within days. we sent it back", ["it broke within days.", "we sent it back"]),
        ("It came with approx. five screws in it.", ["It came with approx. five screws in it."]),
        ("great stuff! will buy again soon", ["great stuff! will buy again soon"]),
    ],
)  # fmt: skip
def test_a_sentence_ends_before_a_small_letter_too(text: str, expected: list[str]) -> None:
    assert [one.text for one in split_statements(text, "en")] == expected
