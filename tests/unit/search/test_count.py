"""What a count says in words."""

from __future__ import annotations

from reviewlens.document import terminal
from reviewlens.ground.estimates import Estimate
from reviewlens.search import CountGroup, MatchCount

FOUND = MatchCount(
    query="arrived broken", answered=True, reviews=4, of=310,
    share=Estimate(0.012, 0.0, 0.05), estimated=Estimate(4, 0, 16), stars=None,
    min_similarity=0.42, found_share=0.9, false_share=0.01, complete=False,
    groups=(
        *(CountGroup("month", f"2025-{month:02}", month % 3 + 1, None) for month in range(1, 15)),
        CountGroup("product", "", 4, 1.5),
    ),
)  # fmt: skip


def test_a_count_is_told_with_its_interval_and_the_latest_months() -> None:
    lines = terminal(FOUND.document(), 80).splitlines()
    assert lines[1:4] == [
        "at least 4 of 310 reviews counted, from a cosine of 0.42 on",
        "estimated: 1.2% (0.0% to 5.0%), 4 reviews (0 to 16)",
        "",
    ]
    months = [line for line in lines if "2025-" in line]
    assert [line.count("█") for line in months[:3]] == [8, 16, 24]
    assert (len(months), lines[-1]) == (12, "… and 2 more earlier months: -f json")


def test_a_page_has_the_months_as_a_table() -> None:
    assert "| 2025-14 | 3 |  | ████████████████████████ |" in FOUND.to_markdown()
    assert "<td>2025-14</td>" in FOUND._repr_html_()


def test_what_nobody_says_is_told_so() -> None:
    none = MatchCount(
        query="q", answered=False, reviews=0, of=310, share=None, estimated=None, stars=None,
        min_similarity=0.4, found_share=None, false_share=None, complete=True, groups=(),
    )  # fmt: skip
    assert terminal(none.document(), 80).splitlines()[1:] == ["No review says this, of 310."]
