from __future__ import annotations

from dataclasses import replace

from reviewlens.document import terminal
from reviewlens.search.matches import Match, Matches, side_by_side


def test_match_is_printed_as_a_reader_sees_it() -> None:
    text = "I said &#34;never&#34;<br/>again"
    match = Match("r1", 0.5, 4.0, None, "Kettle", "Pots &amp; &quot;Pans&quot;", text, None)
    printed = terminal([match.entry(1)], 80)
    assert 'Pots & "Pans"' in printed
    assert 'I said "never"' in printed
    assert "&" not in printed.replace("Pots & ", "")


def test_an_answer_is_its_matches_and_no_answer_says_how_to_see_the_nearest() -> None:
    match = Match("r1", 0.5, 4.0, None, "Kettle", "Pots", "They <b>shine</b>.", None)
    shown = Matches("q", answered=True, matches=(match,), floor=0.3)._repr_html_()
    assert "They shine." in shown
    refused = Matches("q", answered=False, matches=(), floor=0.6, nearest=0.5)
    assert refused.to_markdown() == "No review found with a similarity of 0.6 or more.\n"


def test_words_that_made_the_match_are_seen() -> None:
    match = Match("r1", 0.5, 4.0, None, "", "", "", "The box broke.", words=("box", "broke"))
    said = terminal([match.entry(1)], 80).splitlines()[-1]
    assert said == "     The \x1b[1;4mbox\x1b[0m \x1b[1;4mbroke\x1b[0m."


def test_collections_none_of_which_has_an_answer_each_say_so() -> None:
    one = Matches("q", answered=False, matches=(), floor=None, nearest=0.3)
    two = Matches("q", answered=False, matches=(), floor=0.6, nearest=0.5)
    assert terminal(side_by_side({"a": one, "b": two}, 3), 80).splitlines() == [
        "a: No review says this.",
        "b: No review found with a similarity of 0.6 or more.",
    ]


def test_what_is_near_and_what_says_the_opposite_stand_below() -> None:
    match = Match("r1", 0.5, 4.0, None, "", "", "They shine.", None, probability=0.3)
    others = tuple(replace(match, review_id=f"o{n}") for n in range(5))
    found = Matches("q", answered=False, matches=(), floor=None, nearest=0.5, near=(match,))
    assert found.unsure
    shown = found.to_markdown()
    assert shown.startswith("No review surely says this.")
    assert "Near, and may say it:" in shown
    sided = replace(found, opposite=others, near=()).to_markdown()
    assert sided.startswith("No review found says this; some say the opposite.")
    assert sided.count("They shine.") == 3
    assert "… and more: -f json" in sided
