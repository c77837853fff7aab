"""Where the encoder reads none of the reviews asked about, that is said, and not that none says it.

And what is in a language that is not read is looked for by the words that matter.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus

TOPICS = (
    "The kettle leaks from the bottom after {} weeks of use",
    "My parcel came {} days late and the box was crushed",
    "Good coffee with a taste of nuts, I drink {} cups of it",
)
ENGLISH = [text.format(number) for number in range(2, 22) for text in TOPICS]
GERMAN = [
    *(f"Das Paket kam leider erst nach {number} Wochen bei mir an" for number in range(2, 7)),
    *(f"Der Akku hält leider nur {number} Stunden ohne Strom" for number in range(2, 7)),
]
NONE_READ = "None of the 10 reviews selected (German 10) is read by fake-bag-of-words"
NO_MATCH = "No review matches the filters."


class EnglishEncoder(FakeEncoder):
    """Reads English."""

    languages = frozenset({"en"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("none-read")
    rows = "".join(f'"{text}"\n' for text in [*ENGLISH, *GERMAN])
    (folder / "mixed.csv").write_text(f"text\n{rows}", encoding="utf-8")
    with Corpus.open(folder / "r.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(folder / "mixed.csv", force=True)
        assert opened.stats().unread == {"de": 10}
    return folder


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Iterator[Corpus]:
    for kept in made.glob("r.db*"):
        copy = shutil.copytree if kept.is_dir() else shutil.copy
        copy(kept, tmp_path / kept.name)
    with Corpus.open(tmp_path / "r.db", encoder=EnglishEncoder()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        (None, ": they are looked for by their words alone."),
        ("dense", "; they are found by words: search --mode keyword."),
    ],
)
def test_a_search_says_that_none_is_read(corpus: Corpus, mode: Any, what: str) -> None:
    found = corpus.where(language="de").search("battery", mode=mode)
    assert found.notes == (f"{NONE_READ}{what}",)
    assert found.to_markdown().startswith("No review found.")


def test_where_none_is_read_words_find_them(corpus: Corpus) -> None:
    for mode in (None, "keyword"):
        found = corpus.where(language="de").search("Akku", mode=mode)
        assert (found.mode, len(found)) == ("keyword", 5)
        assert all("Akku" in match.text for match in found)


def test_a_count_says_that_none_is_read(corpus: Corpus) -> None:
    for least in (None, 0.3):
        found = corpus.where(language="de").count_matches("battery", min_similarity=least)
        assert found.notes == (f"{NONE_READ}; they are found by words: search --mode keyword.",)
        assert (found.answered, found.of) == (False, 0)
        assert "No review could be looked at\n" in found.to_markdown()
        assert "No review says this" not in found.to_markdown()


@pytest.mark.parametrize("question", ["What do they say of the battery?", "What do they dislike?"])
def test_an_answer_says_that_none_is_read(corpus: Corpus, question: str) -> None:
    found = corpus.where(language="de").ask(question)
    assert found.text == f"{NONE_READ}; they are found by words: search --mode keyword."
    assert (found.answered, found.notes) == (False, ())


def test_one_that_is_not_read_is_told_in_its_number(corpus: Corpus) -> None:
    [name, *_] = corpus.where(language="de").matching_ids()
    assert corpus.where(ids=[name]).ask("What do they say of the battery?").text == (
        "The one review selected (German) is not read by fake-bag-of-words; it is found by its "
        "words: search --mode keyword."
    )


@pytest.mark.parametrize("filters", [{"language": "ru"}, {"product": "nothing"}])
def test_filters_that_leave_no_review_are_told(corpus: Corpus, filters: dict[str, Any]) -> None:
    chosen = corpus.where(**filters)
    for mode in (None, "dense", "keyword"):
        assert chosen.search("battery", mode=mode).notes == (NO_MATCH,)
    assert chosen.count_matches("battery").notes == (NO_MATCH,)
    assert chosen.ask("What do they say of the battery?").text == NO_MATCH
    assert chosen.ask("What do they dislike?").text == NO_MATCH


def test_what_none_says_of_reviews_that_are_read_is_said_as_ever(corpus: Corpus) -> None:
    chosen = corpus.where(language=["de", "en"])
    assert chosen.ask("What do they say of the swimming pool?").text == "No review says this."
    assert chosen.count_matches("swimming pool").of == 60


def test_nothing_shown_is_not_called_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("text\n" + "".join(f'"{text}"\n' for text in ENGLISH[:9]), encoding="utf-8")
    with Corpus.open(tmp_path / "few.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(file)
        [note] = opened.search("kettle").notes
        assert "the nearest reviews are shown" in note
        assert opened.where(language="ru").search("kettle").notes == (NO_MATCH,)


def test_reviews_that_have_the_words_tell_the_language_of_a_query(corpus: Corpus) -> None:
    [note] = [note for note in corpus.search("Akku").notes if note.startswith("The query")]
    assert note.startswith("The query looks like German, which fake-bag-of-words does not read")
    assert note.endswith("Ask in English, or reindex --encoder multilingual.")


@pytest.mark.parametrize(
    "question", ["Was sagen die Leute über den Akku?", "Warum beschweren sich die Leute beim Akku?"]
)
def test_a_question_that_is_not_read_is_looked_for_by_its_matter(
    corpus: Corpus, question: str
) -> None:
    for chosen, every in ((corpus.where(), 70), (corpus.where(language="de"), 10)):
        answer = chosen.ask(question)
        assert (answer.answered, answer.found, answer.of) == (True, 5, every)
        assert "5 reviews speak of it; who praises and who complains cannot be told." in answer.text
        assert all("Akku" in one.text for one in answer.evidence)
