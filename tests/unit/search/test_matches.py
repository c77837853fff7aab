from __future__ import annotations

from reviewlens.document import terminal
from reviewlens.search.matches import Match, Matches


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
