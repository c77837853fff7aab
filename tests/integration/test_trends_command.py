"""`trends` from stored reviews to what is printed; and what is planted."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len

from asked import Asked
from fakes import FakeEncoder, Register
from reviewlens import Corpus
from reviewlens.document import terminal
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.estimates import Estimate
from reviewlens.insights.trends import ChangePoint, PeriodTotal, Trend, TrendGroup, Trends
from reviewlens.results import Quote

SUBJECTS = {
    "battery": ("charge", "drains", "empty", "hours", "dies"),
    "parcel": ("box", "crushed", "courier", "dented", "carton"),
    "refund": ("support", "email", "answer", "money", "waiting"),
}
WEBSHOP, SURVEY = "191 200 205 210 198 203 212", "80 81 83 86 91 79 82 87 92"
PAIRING = {f"webshop:{one}" for one in WEBSHOP.split()} | {
    f"app-survey:{one}" for one in SURVEY.split()
}


def write(path: Path) -> Path:
    """Twelve reviews a month; from the fourth on eight of these are of the refund, before none."""
    rows = ["id,text,stars,date,product,shop"]
    for month in range(6):
        for place in range(12):
            late = month >= 3 and place < 8
            subject = "refund" if late else ("battery", "parcel")[place % 2]
            words = [SUBJECTS[subject][(month + place + step * step) % 5] for step in range(3)]
            text = f"{subject} {' '.join(words)} word{month * 12 + place}"
            day = f"2025-0{month + 1}-{place + 10}"
            rows.append(
                f"{month}-{place},{text},{1 if late else 4},{day},kettle {place % 2},店{place % 3}"
            )
    # A review of two passages, the second of which alone speaks of the refund.
    filler = " ".join(f"sentence number {n} is of the weather." for n in range(24))
    rows.append(f"long,{filler} {'refund ' * 60},,2025-06-28,kettle 0,")
    rows.append("undated,battery drains,3,,kettle 1,")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_trends_from_file_to_output(asked: Asked, tmp_path: Path, registered: Register) -> None:
    encoder = FakeEncoder(window=200)
    with asked.open(encoder) as corpus:
        report = corpus.ingest(write(tmp_path / "reviews.csv"))
        assert report.encoded == report.indexed + 1
    registered(encoder.name, lambda: encoder)
    ask = partial(asked.ask, "trends")

    answer = json.loads(ask("--period", "month", "-f", "json").out)
    assert set(answer) == set(Trends.__dataclass_fields__)
    assert set(answer["trends"][0]) == set(Trend.__dataclass_fields__)
    assert (answer["by"], answer["reviews"], answer["undated"]) == ("theme", 74, 1)
    assert [one["reviews"] for one in answer["periods"]] == [12, 12, 12, 12, 12, 13]
    [begun] = [one for one in answer["groups"] if "refund" in one["group"]]
    point = begun["change_point"]
    assert (point["period"], point["reviews_before"], point["significant"]) == ("2025-04", 0, True)
    assert {quote["review_id"][0] for quote in point["quotes"]} <= set("345")
    risen = [row for row in answer["trends"] if row["significant"] and row["change"]["value"] > 0]
    assert [(row["group"], row["period"]) for row in risen] == [(begun["group"], "2025-04")]

    refund = ("--query", "refund", "--min-similarity", "0.4", "--period", "month")
    shown = ask(*refund, "--details", "-o", "trends.png", "-o", "trends.svg").out
    assert all(cell_len(line) <= 80 for line in shown.splitlines())
    assert "▲ 2025-04" in shown
    assert "0.0% before 2025-04" in shown
    assert (tmp_path / "trends.png").stat().st_size > 10_000
    assert (tmp_path / "trends.svg").stat().st_size > 10_000
    crossed = ask("--by", "shop", "--period", "quarter", "--across", "stars", "-n", "1").out
    assert "1 star " in crossed
    assert "4 stars " in crossed
    assert "… and" in crossed

    rows = list(csv.DictReader(io.StringIO(ask("--by", "shop", "-f", "csv").out)))
    assert {row["group"] for row in rows} == {"店0", "店1", "店2"}
    assert float(rows[0]["share_low"]) <= float(rows[0]["share"]) <= float(rows[0]["share_high"])
    lines = ask("--by", "shop", "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["group"] for line in lines] == [row["group"] for row in rows]

    with asked.open(encoder) as corpus:
        matches = len(corpus.search("refund", 100, min_similarity=0.4))
        assert corpus.trends(query="refund", min_similarity=0.4).groups[0].reviews == matches > 10
        assert corpus.where(product="kettle 1", rating="4..").trends(by="stars").reviews == 24
        with pytest.raises(InputError, match="no column 'shopp'"):
            corpus.trends(by="shopp")
        with pytest.raises(TooFewReviews, match="4 reviews are too few for themes"):
            corpus.where(since="2025-06", rating="4..").trends()
        with pytest.raises(TooFewReviews, match="0 reviews match the filters"):
            corpus.where(product="none").trends()
    query = ("--query", "refund", "--min-similarity", "0.9", "--period", "week", "-f", "json")
    last = json.loads(ask(*query).out)["trends"][-1]
    assert (last["period"], last["reviews"], last["of"]) == ("2025-W26", 1, 1)  # second passage

    ask("--by", "shop", "--query", "refund", status=2)
    assert "a phrase is empty" in ask("--query", " ", status=1).err
    assert "wanted an ending of .png or .svg" in ask("-o", "trends.pdf", status=1).err


@pytest.mark.parametrize(
    "text", ["it came late and broken " * 300, "包裹来晚了" * 300, "ok", "a" * 500]
)
def test_quote_is_two_lines_that_begin_with_its_id(text: str) -> None:
    change = Estimate(0.5, 0.4, 0.6)
    point = ChangePoint(
        "2025", 0, 5, change, 5, 5, change, change, 0.0, 0.0, True,
        (Quote("shop:12", text, None, None),),
    )  # fmt: skip
    group = TrendGroup("all", None, 5, change, None, None, point)
    total = PeriodTotal("2025", "2025-01-01", "2025-12-31", 5)
    row = Trend("all", None, "2025", "2025-01-01", 5, 5, change, None, None, None, None, False, ())
    found = Trends("theme", "year", None, (total,), (group,), (row,), 5, 0, 0, 0, 5, 0, 0, None, ())
    lines = terminal(found.document(), 80).splitlines()
    lines = lines[lines.index("▲ all: 50.0% before 2025, 50.0% since (5 of 5 reviews)") + 1 :]
    assert len(lines) == (1 if text == "ok" else 2)
    assert lines[0].startswith("  shop:12: “")
    assert all(cell_len(line) <= 80 for line in lines)
    assert text == "ok" or sum(map(cell_len, lines)) > 115


# -- planted -------------------------------------------------------------------------------------


def test_theme_that_begins_in_the_last_quarter_is_the_one_that_rises(sample_path: Path) -> None:
    with Corpus.open(sample_path) as corpus:
        found = corpus.trends()
        version = corpus.trends(by="version")
        phrase = corpus.trends(query="update broke the bluetooth pairing", across="product")
    assert (found.period, len(found.periods), found.undated) == ("month", 24, 6)
    points = [(one.group, one.change_point) for one in found.groups]
    [(name, rise)] = [
        (name, point) for name, point in points if point is not None and point.significant
    ]
    assert "bluetooth" in name
    assert rise.period == "2026-08"
    assert rise.before.high < rise.since.low
    assert rise.change.low > 0.15
    assert {quote.review_id for quote in rise.quotes} <= PAIRING
    assert not any(row.significant for row in found.trends)

    risen = {
        one.group: one.change_point.period
        for one in version.groups
        if one.change_point is not None
        and one.change_point.significant
        and one.change_point.change.value > 0
    }
    assert risen["4.0.0"] in ("2026-07", "2026-08")
    assert [
        (one.within, one.change_point.period)
        for one in phrase.groups
        if one.change_point is not None and one.change_point.significant
    ] == [("Ovandil Pebble Earbuds", "2026-08"), ("Ovandil Halo Lamp", "2026-08")]
