"""A count that a person checks, on the sample reviews."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.encoders import load_encoder
from reviewlens.errors import InputError

QUERY = "the update broke the bluetooth pairing"


@pytest.fixture
def path(sample_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_path, tmp_path / "checked.db"))


@pytest.fixture
def corpus(path: Path) -> Iterator[Corpus]:
    with Corpus.open(path, encoder=load_encoder(device="cpu")) as opened:
        yield opened


def says(text: str) -> bool:
    return "bluetooth" in text.lower() or "pair" in text.lower()


def test_judging_narrows_a_count_and_is_added_to(corpus: Corpus) -> None:
    before = corpus.count_matches(QUERY)
    assert before.checked is None
    seen: set[str] = set()
    widths = [before.estimate.high - before.estimate.low]
    for n in (20, 30):
        shown = corpus.to_check(QUERY, n)
        assert len(shown) == n
        assert shown.judged == len(seen)
        assert not seen & {one.review_id for one in shown}  # none twice
        seen |= {one.review_id for one in shown}
        corpus.judge(QUERY, {one.review_id: says(one.text) for one in shown}, shown, who="me")
        after = corpus.count_matches(f"  {QUERY.upper()} ")  # the same matter
        assert after.checked is not None
        assert (after.checked.yes + after.checked.no, after.estimate) == (
            len(seen), after.checked.reviews
        )  # fmt: skip
        widths.append(after.estimate.high - after.estimate.low)
    assert widths[0] > widths[1] > widths[2]
    assert after.estimate.low <= 16 <= after.estimate.high
    assert f"by {len(seen)} reviews judged: " in after.to_markdown()
    assert corpus.count_matches("arrived broken").checked is None


def test_those_passed_over_are_drawn_too(corpus: Corpus) -> None:
    shown = corpus.to_check(QUERY, 40)
    assert any(not one.statement for one in shown)
    assert any(one.statement and one.probability > 0.5 for one in shown)
    assert [one.review_id for one in corpus.to_check(QUERY, 40)] == [one.review_id for one in shown]


def test_a_filter_bounds_what_is_checked_and_counted(corpus: Corpus) -> None:
    few = corpus.where(rating="1..2")
    shown = few.to_check(QUERY, 15)
    assert all((one.stars or 0) <= 2 for one in shown)
    few.judge(QUERY, {one.review_id: None for one in shown}, shown)
    checked = few.count_matches(QUERY).checked
    assert checked is not None
    assert (checked.unsure, checked.yes, checked.no) == (15, 0, 0)


def test_what_was_not_shown_is_not_judged(corpus: Corpus) -> None:
    shown = corpus.to_check(QUERY, 3)
    with pytest.raises(InputError, match="'nosuch' was not among those to be checked"):
        corpus.judge(QUERY, {"nosuch": True}, shown)
    assert corpus.count_matches(QUERY).checked is None


def test_the_command_asks_of_each_and_keeps_what_was_said_until_the_end(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked(said: str) -> tuple[dict[str, int], str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        assert run(["--uri", str(path), "count", QUERY, "--check", "5", "-f", "json"]) == 0
        shown = capsys.readouterr()
        return json.loads(shown.out)["checked"], shown.err

    found, told = checked("y\nwhat\nn\nu\nq\n")
    assert "1 of 5" in told
    assert "3 judgements are kept" in told
    assert (found["yes"], found["no"], found["unsure"]) == (1, 1, 1)
    found, told = checked("y\n")  # the end of the input
    assert "1 judgement is kept" in told
    assert found["yes"] == 2
