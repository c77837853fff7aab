from __future__ import annotations

import pytest

from reviewlens.cli.search import _print_match
from reviewlens.results import Match


def test_match_is_printed_as_a_reader_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = "I said &#34;never&#34;<br/>again"
    match = Match("r1", 0.5, 4.0, None, "Kettle", "Pots &amp; &quot;Pans&quot;", text, None)
    _print_match(1, match)
    printed = capsys.readouterr().out
    assert 'Pots & "Pans"' in printed
    assert 'I said "never"' in printed
    assert "&" not in printed.replace("Pots & ", "")
