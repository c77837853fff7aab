"""`clusters --save` and `themes`: saved, named, given to later reviews, on a server too."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import CollectionMissing, InputError
from reviewlens.store import FIELDS, ThemeSets

SUBJECTS = {
    "battery": ("charge", "drains", "empty", "hours", "dies"),
    "parcel": ("box", "crushed", "courier", "dented", "carton"),
    "refund": ("support", "email", "answer", "money", "waiting"),
}

PAIRING = {f"webshop:{n}" for n in (191, 200, 205, 210, 198, 203, 212)} | {
    f"app-survey:{n}" for n in (80, 81, 83, 86, 91, 79, 82, 87, 92)
}


def lines_of(first: int, last: int) -> list[str]:
    lines = []
    for number, (subject, words) in enumerate(SUBJECTS.items()):
        for row in range(first, last - number):
            chosen = " ".join(words[(row + step * step) % 5] for step in range(3))
            lines.append(
                f"{subject}{row},{subject} {chosen} word{row},{number + 1},2024-0{number + 1}-05"
            )
    return lines


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(["id,text,stars,date", *lines]) + "\n", encoding="utf-8")
    return path


class Themed(Asked):
    """A collection with saved themes."""

    def listed(self) -> dict[int, Any]:
        found = json.loads(self.told("themes", "list", "-f", "json"))
        return {theme["cluster"]: theme for theme in found["themes"]}

    def stored(self) -> dict[str, int]:
        with self.open() as corpus:
            store = corpus._session.required()
            return {
                row.review_id: row.cluster
                for page in store.scan(("review_id", "cluster"))
                for row in page
            }


@pytest.fixture
def themed(asked: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Themed:
    found = Themed(asked.backend, asked.collection, capsys)
    with found.open() as corpus:
        corpus.ingest(
            write(tmp_path / "reviews.csv", [*lines_of(0, 12), "x,Love it!,5,2024-05-05"])
        )
    return found


@pytest.mark.backends("lite", "container-auth")
def test_themes_are_saved_filtered_by_and_given_to_later_reviews(
    themed: Themed, tmp_path: Path
) -> None:
    assert "no themes are saved" in themed.told("themes", "list", status=1)
    themed.told("clusters", "--save")
    themes = themed.listed()
    assert [one["reviews"] for one in themes.values()] == [12, 11, 10, 1]
    of = {one["quotes"][0]["review_id"].rstrip("0123456789"): n for n, one in themes.items()}
    before = themed.stored()
    assert Counter(before.values()) == {
        of["battery"]: 12,
        of["parcel"]: 11,
        of["refund"]: 10,
        of["x"]: 1,
    }
    found = json.loads(
        themed.told("search", "crushed", "--cluster", str(of["parcel"]), "-n", "20", "-f", "json")
    )
    assert {match["review_id"][:6] for match in found["matches"]} == {"parcel"}

    # Later reviews get a theme; one that says something else a new one, others keep theirs.
    changed = [*lines_of(0, 12), "x,Love it!,4,2024-05-05"]
    moved = themes[of["battery"]]["quotes"][0]["review_id"]
    changed[int(moved.removeprefix("battery"))] = (
        f"{moved},refund support money email waiting,1,2024-01-05"
    )
    with themed.open() as corpus:
        report = corpus.ingest(
            write(tmp_path / "reviews.csv", [*changed, *lines_of(12, 16), "y,ok,5,"])
        )
        assert report.unchanged >= 31
    after = themed.stored()
    assert len(after) == 34 + 9 + 1
    assert after[moved] == of["refund"]
    assert all(after[key] == number for key, number in before.items() if key != moved)
    for key in set(after) - set(before):
        assert after[key] == of.get(key.rstrip("0123456789"), of["x"])
    themes = themed.listed()
    assert themes[of["battery"]]["reviews"] == 11 + 4
    assert themes[of["battery"]]["new"] == 4
    assert {n: one["label"] for n, one in themes.items()} == {
        n: one["label"] for n, one in themed.listed().items()
    }
    # A review that has moved, or was deleted, leaves the quotes.
    assert moved not in [q["review_id"] for q in themes[of["battery"]]["quotes"]]
    gone = themes[of["parcel"]]["quotes"][0]["review_id"]
    with themed.open() as corpus:
        corpus.delete([gone])
    assert gone not in [q["review_id"] for q in themed.listed()[of["parcel"]]["quotes"]]


def test_analyst_names_merges_splits_hides_and_refits(themed: Themed) -> None:
    themed.told("clusters", "--save")
    of = {
        one["quotes"][0]["review_id"].rstrip("0123456789"): n for n, one in themed.listed().items()
    }
    battery, parcel, refund = (str(of[name]) for name in SUBJECTS)
    assert "Power" in themed.told("themes", "rename", battery, " Power   at last ")
    assert themed.listed()[of["battery"]]["name"] == "Power at last"
    assert "is called" in themed.told("themes", "rename", parcel, "power at last", status=1)
    themed.told("themes", "hide", refund)
    assert of["refund"] not in themed.listed()
    assert "hidden" in themed.told("themes", "show", refund)
    themed.told("themes", "hide", refund, "--undo")
    # Maps and oddities tell the saved themes.
    points = json.loads(themed.told("map", "-f", "json"))["points"]
    assert {p["label"] for p in points if p["review_id"].startswith("battery")} == {"Power at last"}
    odd = json.loads(themed.told("anomalies", "-n", "0", "-f", "json"))["anomalies"]
    assert "Power at last" in {one["theme_label"] for one in odd}

    themed.told("themes", "merge", parcel, refund)
    assert Counter(themed.stored().values())[of["parcel"]] == 21
    assert "there is no theme" in themed.told("themes", "show", refund, status=1)
    themed.told("themes", "split", parcel)
    numbers = {n for key, n in themed.stored().items() if key.startswith(("parcel", "refund"))}
    assert of["parcel"] in numbers
    assert of["refund"] not in numbers  # a number is never given again
    assert min(numbers - {of["parcel"]}) >= 4
    told = json.loads(themed.told("clusters", "--refit", "-f", "json"))
    assert str(of["battery"]) in told["refit"]["kept"]
    assert themed.listed()[of["battery"]]["name"] == "Power at last"
    assert Counter(themed.stored().values())[of["battery"]] == 12
    shown = themed.told("themes", "list")
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_several_sets_are_saved_and_one_is_in_use(themed: Themed) -> None:
    themed.told("clusters", "--save")
    first = themed.stored()
    themed.told("clusters", "--save", "fine", "--clusters", "6")
    assert json.loads(themed.told("themes", "sets", "-f", "json")) == {
        "sets": [{"set": "fine", "in_use": True}, {"set": "main", "in_use": False}]
    }
    fine = themed.stored()
    assert len(set(fine.values())) > len(set(first.values()))
    themed.told("themes", "use", "main")
    assert themed.stored() == first
    themed.told("themes", "drop", "main", "--yes")
    assert set(themed.stored().values()) == {-1}
    unused = themed.told("themes", "list", status=1)
    assert "no set of themes is in use; found fine: reviewlens themes use NAME" in unused
    assert "found fine" in themed.told("themes", "use", "main", status=1)
    assert "cannot be used for a set" in themed.told("clusters", "--save", "a b", status=1)
    themed.told("clusters", "--save", "--across", "product", status=2)
    themed.told("clusters", "--refit", "--rating", "1", status=2)
    # With the collection its sets are gone, and no name of theirs is told as a collection's.
    with themed.open() as corpus:
        store = corpus._session.required()
        assert not [name for name in store.collections() if "themes" in name]
        corpus.delete(everything=True)
    with themed.open() as corpus, pytest.raises(CollectionMissing):
        corpus.themes.list()


def test_copied_collection_has_the_same_themes(themed: Themed, tmp_path: Path) -> None:
    themed.told("clusters", "--save")
    themed.told("themes", "rename", "0", "Power")
    with Corpus.open(tmp_path / "copy.db", encoder=FakeEncoder()) as other:
        other.ingest(write(tmp_path / "before.csv", ["z,battery charge hours word9,1,2024-05-05"]))
    themed.told("copy", "--to", str(tmp_path / "copy.db"), "--to-collection", "reviews")
    with Corpus.open(tmp_path / "copy.db", encoder=FakeEncoder()) as other:
        copied = {theme.cluster: theme for theme in other.themes.list().themes}
        listed = themed.listed()
        assert {n: one.label for n, one in copied.items()} == {
            n: one["label"] for n, one in listed.items()
        }
        # The review that was there before has a theme too.
        battery = next(
            n for n, one in listed.items() if one["quotes"][0]["review_id"].startswith("b")
        )
        assert copied[battery].reviews == listed[battery]["reviews"] + 1


@pytest.mark.backends("lite", "container-auth")
def test_set_that_is_not_wholly_written_is_finished_at_the_next_run(themed: Themed) -> None:
    themed.told("clusters", "--save")
    expected = themed.stored()
    with themed.open() as corpus:
        store = corpus._session.required()
        store.confirm_themes("an older version")
        rows = [row for page in store.scan(FIELDS) for row in page][:5]
        store.upsert([replace(row, cluster=-1) for row in rows])
        sets = ThemeSets(store)
        sets._client.create_collection(f"{store.name}__themes__main_v9", dimension=4, auto_id=False)
    assert themed.stored() == expected
    with themed.open() as corpus:
        store = corpus._session.required()
        assert store.theme_version == ThemeSets(store).version("main")
        assert not [name for name in store._client.list_collections() if name.endswith("v9")]


# -- planted -------------------------------------------------------------------------------------


def test_planted_theme_of_the_last_quarter_emerges_and_is_adopted(
    sample_path: Path, tmp_path: Path
) -> None:
    database = tmp_path / "sample.db"
    shutil.copytree(sample_path, database)
    with Corpus.open(database) as corpus:
        corpus.where(until="2025-10-25").themes.save()
        before = {theme.cluster: theme.label for theme in corpus.themes.list().themes}
        news = corpus.themes.news()
        [emerging] = news.emerging
        assert {"update", "bluetooth"} <= set(emerging.label.replace(",", "").split())
        assert len(set(emerging.review_ids) & PAIRING) >= 12
        assert {quote.review_id for quote in emerging.quotes} <= PAIRING
        assert emerging.reviews_before <= 4
        assert (news.growing, news.shrinking, news.vanished) == ((), (), ())

        assert corpus.themes.adopt([]) == ()
        [number] = corpus.themes.adopt()
        assert number == max(before) + 1
        labels = {theme.cluster: theme.label for theme in corpus.themes.list().themes}
        assert labels == before | {number: emerging.label}
        assert corpus.where(cluster=[number]).size() >= len(emerging.review_ids)
        assert corpus.themes.news().emerging == ()
        with pytest.raises(InputError, match="there is no emerging theme 3; found 0"):
            corpus.themes.adopt([3])
