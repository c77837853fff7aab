from __future__ import annotations

from reviewlens.cli.search import entry
from reviewlens.document import terminal
from reviewlens.results import Match


def test_match_is_printed_as_a_reader_sees_it() -> None:
    text = "I said &#34;never&#34;<br/>again"
    match = Match("r1", 0.5, 4.0, None, "Kettle", "Pots &amp; &quot;Pans&quot;", text, None)
    printed = terminal([entry(1, match)], 80)
    assert 'Pots & "Pans"' in printed
    assert 'I said "never"' in printed
    assert "&" not in printed.replace("Pots & ", "")


def test_words_that_made_the_match_are_seen() -> None:
    match = Match("r1", 0.5, 4.0, None, "", "", "", "The box broke.", words=("box", "broke"))
    said = terminal([entry(1, match)], 80).splitlines()[-1]
    assert said == "     The \x1b[1;4mbox\x1b[0m \x1b[1;4mbroke\x1b[0m."
