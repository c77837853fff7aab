"""Each answer counts the reviews that are not read once, and tells nothing of them by meaning."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import TooFewReviews, UnreadLanguages

TOPICS = {
    "Kettle": "The kettle leaks from the bottom after {} weeks of use",
    "Parcel": "My parcel came {} days late and the box was crushed",
    "Coffee": "Good coffee with a taste of nuts, I drink {} cups of it",
}
CHINESE = [f"味道很好，送餐很快，第{number}次点了" for number in range(1, 12)]
ARABIC = [f"وصلت السماعات متأخرة جدا بعد {number} أيام" for number in range(2, 8)]
HEADER = "id,text,stars,date,product,author"


class EnglishEncoder(FakeEncoder):
    """Reads English."""

    languages = frozenset({"en"})


def rows() -> list[str]:
    """Return 60 English reviews of March and April, and 17 others: 2 of February, 15 of April."""
    english = [
        f'e{number},"{text.format(number + 2)}",{1 + number % 5},2026-0{3 + number % 2}-10,'
        f"{product},ann"
        for number in range(20)
        for product, text in TOPICS.items()
    ]
    others = [
        f'f{number},"{text}",1,2026-0{2 if number < 2 else 4}-20,Kettle,li'
        for number, text in enumerate([*CHINESE, *ARABIC])
    ]
    return [f"{line.split(',')[0]}-{place},{line.partition(',')[2]}"
            for place, line in enumerate([*english, *others])]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unread")
    (folder / "mixed.csv").write_text("\n".join([HEADER, *rows()]) + "\n", encoding="utf-8")
    with Corpus.open(folder / "r.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(folder / "mixed.csv", force=True)
        assert opened.stats().unread == {"zh": 11, "ar": 6}
    return folder


@pytest.fixture
def corpus(made: Path) -> Iterator[Corpus]:
    with Corpus.open(made / "r.db", encoder=EnglishEncoder()) as opened:
        yield opened


def not_read(answer: Any) -> list[str]:
    return [note for note in answer.notes if "does not read" in note]


ASKED: dict[str, Callable[[Corpus], Any]] = {
    "anomalies": lambda corpus: corpus.anomalies(),
    "classify": lambda corpus: corpus.classify(labels=["late", "coffee"]),
    "clusters": lambda corpus: corpus.clusters(clusters=3),
    "compare": lambda corpus: corpus.where(rating="1..2").compare(),
    "count": lambda corpus: corpus.count_matches("the box was crushed"),
    "diversity": lambda corpus: corpus.diversity(),
    "duplicates": lambda corpus: corpus.duplicates(),
    "evaluate": lambda corpus: corpus.evaluate(),
    "layout": lambda corpus: corpus.layout(),
    "map": lambda corpus: corpus.map(),
    "recommend": lambda corpus: corpus.recommend(for_product="Kettle"),
    "report": lambda corpus: corpus.report(),
    "sample": lambda corpus: corpus.sample(3),
    "search": lambda corpus: corpus.search("the box was crushed"),
    "similar": lambda corpus: corpus.similar(corpus.where(language="en").matching_ids()[0]),
    "trends": lambda corpus: corpus.trends(query="the box was crushed"),
    "ask": lambda corpus: corpus.ask("was the box crushed?"),
}


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_counts_those_not_read_once(corpus: Corpus, name: str) -> None:
    [note] = not_read(ASKED[name](corpus))
    assert note.startswith("17 reviews are in languages (Chinese 11, Arabic 6) that ")


def test_themes_count_them_once_as_well(made: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(made / "r.db", tmp_path / "r.db")
    with Corpus.open(copy, encoder=EnglishEncoder()) as opened:
        themes = opened.themes
        for answer in (themes.save(clusters=3), themes.list(), themes.news()):
            assert len(not_read(answer)) == 1


def test_an_answer_by_what_is_no_meaning_leaves_none_out(corpus: Corpus) -> None:
    found = corpus.trends(by="language", min_reviews=1)
    assert {group.group: group.reviews for group in found.groups} == {"en": 60, "zh": 11, "ar": 6}
    assert not_read(found) == []
    assert len(corpus.to_frame()) == corpus.size() == 77


@pytest.mark.parametrize("name", ["diversity", "evaluate", "map", "layout", "sample"])
def test_a_question_of_none_that_is_read_says_so(corpus: Corpus, name: str) -> None:
    with pytest.raises(TooFewReviews, match="11 reviews are in Chinese, which"):
        ASKED[name](corpus.where(language="zh"))


# -- the report ------------------------------------------------------------------------------------


def test_a_report_counts_all_and_tells_of_those_read(corpus: Corpus, tmp_path: Path) -> None:
    files = [tmp_path / f"r.{ending}" for ending in ("html", "md", "xlsx")]
    april = corpus.report(*files)
    assert (april.reviews, april.read, april.reviews_before) == (45, 30, 30)
    assert (april.looked_at, april.unread) == (77, {"zh": 11, "ar": 6})
    assert april.histogram["1"] == 15 + 6
    assert april.stars is not None
    assert april.stars.value == pytest.approx((15 + 90) / 45, abs=0.2)
    assert {part.name: part.reviews for part in april.products}["Kettle"] == 25
    assert sum(theme.reviews for theme in april.themes) + april.without_theme == 30
    assert all(theme.share.value == round(theme.reviews / 30, 4) for theme in april.themes)
    assert f" of {30:,}" in " ".join(claim.text for claim in april.claims)
    html, markdown = (file.read_text(encoding="utf-8") for file in files[:2])
    assert html.count("does not read") == markdown.count("does not read") == 1
    assert html.index("does not read") < html.index("Main points")
    assert markdown.index("does not read") < markdown.index("Main points")
    pandas = pytest.importorskip("pandas")
    sheets = pandas.read_excel(files[2], sheet_name=None, engine="calamine")
    cells = [str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel()]
    assert sum("does not read" in cell for cell in cells) == 1


def test_a_report_of_a_period_that_is_not_read_has_its_volume(corpus: Corpus) -> None:
    found = corpus.where(language="zh").report()
    assert (found.reviews, found.read, found.themes) == (9, 0, ())
    assert found.stars is not None
    assert found.stars.value == 1.0


def test_a_month_of_which_none_is_read_has_no_share(corpus: Corpus) -> None:
    found = corpus.report()
    assert [one.period for one in found.periods] == ["2026-02", "2026-03", "2026-04"]
    assert found.themes
    assert all(len(theme.history) == 3 for theme in found.themes)
    assert all(theme.history[0] is None for theme in found.themes)


# -- the others ------------------------------------------------------------------------------------


def test_a_map_leaves_them_out_and_its_page_says_so(corpus: Corpus, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    found = corpus.map(page)
    assert {point.language for point in found.points} == {"en"}
    assert page.read_text(encoding="utf-8").count("does not read") == 1
    assert "zh" not in corpus.layout().languages.names


def test_a_comparison_counts_them_on_each_side(corpus: Corpus) -> None:
    alone = corpus.where(rating="1..2", language="en").compare(
        corpus.where(rating="3..5", language="en")
    )
    found = corpus.where(rating="1..2").compare(corpus.where(rating="3..5"))
    assert (found.a.reviews, found.a.unread, found.b.unread) == (alone.a.reviews + 17, 17, 0)
    assert found.a.stars is not None
    assert found.a.stars.value < 1.5
    assert (found.themes, found.words) == (alone.themes, alone.words)
    [note] = not_read(found)
    assert ": 17 on side A, 0 on side B." in note


def test_a_side_of_too_few_that_are_read_is_refused(corpus: Corpus) -> None:
    with pytest.raises(TooFewReviews, match=r"0 reviews that the encoder reads are on side A .*11"):
        corpus.where(language="zh").compare(corpus.where(language="en"))


def test_an_evaluation_draws_from_those_that_are_read(corpus: Corpus) -> None:
    found = corpus.evaluate()
    assert (found.reviews, found.sampled) == (60, 60)
    [index] = [figure for figure in found.figures if figure.task == "index"]
    assert index.estimate.value == 1.0


def test_what_is_asked_about_must_be_read(corpus: Corpus) -> None:
    theirs = corpus.where(language="zh").matching_ids()[0]
    for asked in ({"review_id": theirs}, {"for_author": "li"}):
        with pytest.raises(UnreadLanguages, match="Chinese, which the encoder does not read"):
            corpus.recommend(**asked)
    with pytest.raises(UnreadLanguages, match="following a phrase goes by meaning"):
        corpus.trends(query="味道很好")
    with pytest.raises(UnreadLanguages, match="labelling by descriptions goes by meaning"):
        corpus.classify(labels=["味道", "送餐"])
    ours = corpus.where(language="en").matching_ids()[0]
    assert len(corpus.recommend(review_id=ours)) > 0


# -- queries that are not read ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", [None, "hybrid"])
@pytest.mark.parametrize("query", ["แบตเตอรี่หมดเร็วมาก", "Das Paket kam leider viel zu spät an"])
def test_a_query_whose_words_nobody_has_finds_nothing(
    corpus: Corpus, query: str, mode: Any
) -> None:
    answer = corpus.search(query, mode=mode)
    assert (answer.mode, answer.answered, answer.matches) == ("keyword", False, ())
    [note] = answer.notes
    assert note.endswith("it is looked for by its words alone, and no similarity counts.")
    assert "No review found." in answer.to_markdown()
    assert "by its words alone" in answer.to_markdown()
    assert "by its words alone" in answer._repr_html_()


def test_a_question_in_their_language_is_answered_by_words(corpus: Corpus) -> None:
    answer = corpus.ask("味道很好")
    assert answer.answered
    ids = set(corpus.where(language="zh").matching_ids())
    assert {one.review_id for one in answer.evidence} <= ids
    assert all(claim.reviews == 1 for claim in answer.claims)


def test_a_side_cannot_be_preferred_of_what_is_not_read(corpus: Corpus) -> None:
    with pytest.raises(UnreadLanguages, match="a polarity goes by meaning: ask in English"):
        corpus.search("味道很好", polarity="positive")
    answer = corpus.search("味道很好", polarity="auto")
    assert (answer.mode, answer.side) == ("keyword", None)
    assert {match.language for match in answer} == {"zh"}


@pytest.mark.cjk
def test_marks_of_a_query_are_no_words(tmp_path: Path) -> None:
    texts = [f"Why does it leak after {number} weeks???" for number in range(2, 20)]
    file = tmp_path / "marks.csv"
    file.write_text("text\n" + "".join(f'"{text}"\n' for text in [*texts, CHINESE[0]]), "utf-8")
    with Corpus.open(tmp_path / "m.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(file)
        assert [match.language for match in opened.search("味道很好吗?")] == ["zh"]
        found = opened.search("味道很好吗?", mode="keyword")
        assert [match.language for match in found] == ["zh"]


def test_the_command_shows_no_hit_of_another_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "en.csv").write_text(
        "text\n" + "".join(f'"{TOPICS["Parcel"].format(n)}"\n' for n in range(2, 30)), "utf-8"
    )
    base = ["--uri", str(tmp_path / "c.db")]
    assert run([*base, "ingest", str(tmp_path / "en.csv")]) == 0
    capsys.readouterr()
    run([*base, "search", "ร้านนี้ส่งของช้ามาก", "-f", "json"])
    told = capsys.readouterr()
    assert json.loads(told.out)["matches"] == []
    assert told.err.count("does not read Thai") == 1
