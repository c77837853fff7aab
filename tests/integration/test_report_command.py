"""`report` from stored reviews to files; and what is planted."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

from rich.cells import cell_len

from asked import Asked
from fakes import FakeEncoder, Register
from reviewlens import Corpus
from reviewlens.report import ReportTheme

SUBJECTS = {
    "battery": ("charge", "drains", "empty", "hours", "dies"),
    "parcel": ("box", "crushed", "courier", "dented", "carton"),
    "refund": ("support", "email", "answer", "money", "waiting"),
}
WEBSHOP, SURVEY = "191 200 205 210 198 203 212", "80 81 83 86 91 79 82 87 92"
PAIRING = {f"webshop:{one}" for one in WEBSHOP.split()} | {
    f"app-survey:{one}" for one in SURVEY.split()
}


def write(path: Path, months: range) -> Path:
    """Twelve reviews a month; from the fourth on eight of these are of the refund, before none.

    None has four or five stars: reading stars from texts, for oddities, is tested elsewhere.
    """
    rows = ["id,text,stars,date,product"]
    for month in months:
        for place in range(12):
            late = month >= 3 and place < 8
            subject = "refund" if late else ("battery", "parcel")[place % 2]
            words = [SUBJECTS[subject][(month + place + step * step) % 5] for step in range(3)]
            text = f"{subject} {' '.join(words)} word{month * 12 + place}"
            day = f"2025-0{month + 1}-{place + 10}"
            rows.append(f"{month}-{place},{text},{1 if late else 3},{day},kettle {place % 2}")
    if 0 in months:
        rows.append("undated,battery drains,3,,kettle 1")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_report_from_file_to_pages(asked: Asked, tmp_path: Path, registered: Register) -> None:
    encoder = FakeEncoder(window=200)
    with asked.open(encoder) as corpus:
        corpus.ingest(write(tmp_path / "early.csv", range(3)))
        corpus.themes.save()
        corpus.ingest(write(tmp_path / "late.csv", range(3, 6)))
    registered(encoder.name, lambda: encoder)
    ask = partial(asked.ask, "report")

    outputs = [f"june.{ending}" for ending in ("html", "md", "xlsx")]
    files = [part for name in outputs for part in ("-o", name)]
    told = ask(*files)
    assert all(cell_len(line) <= 80 for line in told.out.splitlines())
    assert told.out.startswith("2025-06, 2025-06-01 to 2025-06-30, against 2025-05")
    assert "12 reviews, 12 in 2025-05" in told.out
    assert "written: june.html" in told.err
    assert "no date" in told.err
    first = [Path(name).read_bytes() for name in outputs]
    assert b"refund" in first[0]
    assert b"refund" in first[1]
    found = json.loads(ask(*files, "-f", "json").out)
    assert [Path(name).read_bytes() for name in outputs] == first

    assert found["themes_saved"] is True
    assert (found["reviews"], found["undated"], found["period"]) == (12, 1, "month")
    assert found["news"]["reviews"] == 36
    assert sum(len(theme["review_ids"]) for theme in found["themes"]) == 12
    rows = list(csv.DictReader(io.StringIO(ask("-f", "csv").out)))
    assert [row["label"] for row in rows] == [theme["label"] for theme in found["themes"]]
    assert {"share_low", "review_ids", "since"} <= set(rows[0])

    march = ask("--of", "2025-03", "--product", "kettle 0", "-f", "jsonl")
    assert "too few to compare with" in march.err
    themes = [json.loads(line) for line in march.out.splitlines()]
    assert set(themes[0]) == set(ReportTheme.__dataclass_fields__)
    assert sum(theme["reviews"] for theme in themes) == 6
    assert "found 2025-01, 2025-02" in ask("--of", "2026-01", status=1).err
    assert "names no quarter" in ask("--period", "quarter", "--of", "2025-06", status=1).err
    assert "wanted an ending of" in ask("-o", "june.pdf", status=1).err
    assert "0 of 1 reviews have a date" in ask("--where", "review_id=undated", status=1).err
    assert not Path("june.pdf").exists()


def test_planted_theme_is_named_with_its_quotes(sample_path: Path, tmp_path: Path) -> None:
    page = tmp_path / "october.html"
    with Corpus.open(sample_path) as corpus:
        found = corpus.report(page)
    assert (found.name, found.reviews) == ("2026-10", 14)
    assert not found.themes_saved
    planted = found.themes[0]
    assert {"update", "bluetooth"} <= set(planted.label.split(", "))
    assert planted.since is not None
    assert planted.since.period == "2026-08"
    assert {quote.review_id for quote in planted.quotes} <= PAIRING
    assert PAIRING.issuperset(planted.review_ids)
    [claim] = [one for one in found.claims if "bluetooth" in one.text]
    assert {quote.review_id for quote in claim.quotes} <= PAIRING
    text = page.read_text(encoding="utf-8")
    assert all(quote.review_id in text for quote in planted.quotes)
