"""Reviews in a language that the encoder does not read: told, left out, found by their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import TooFewReviews, UnknownTokens, UnreadLanguages

TOPICS = {
    "kettle": "The kettle leaks from the bottom after {} weeks of use",
    "parcel": "My parcel came {} days late and the box was crushed",
    "coffee": "Good coffee with a taste of nuts, I drink {} cups of it",
}
ENGLISH = [text.format(number) for number in range(2, 22) for text in TOPICS.values()]
CHINESE = [f"味道很好，送餐很快，第{number}次点了" for number in range(1, 5)]
CHINESE.append(CHINESE[0])
GERMAN = [f"Das Paket kam leider erst nach {number} Wochen bei mir an" for number in range(2, 7)]


class EnglishEncoder(FakeEncoder):
    """Reads English."""

    languages = frozenset({"en"})


class ManyEncoder(FakeEncoder):
    """Reads whatever there is."""

    languages = frozenset({"mul"})


def written(file: Path, texts: list[str]) -> Path:
    file.write_text("text\n" + "".join(f'"{text}"\n' for text in texts), encoding="utf-8")
    return file


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return written(tmp_path / "english.csv", ENGLISH)


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    return written(tmp_path / "chinese.csv", CHINESE)


@pytest.fixture
def corpus(tmp_path: Path, english: Path) -> Iterator[Corpus]:
    with Corpus.open(tmp_path / "r.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(english)
        yield opened


def test_an_ingest_stops_where_more_than_a_tenth_is_not_read(corpus: Corpus, chinese: Path) -> None:
    with pytest.raises(UnreadLanguages, match=r"reads English, but 100% .* \(Chinese 100%; .*"):
        corpus.ingest(chinese)
    with pytest.raises(UnreadLanguages, match="reindex --encoder multilingual first, or ingest"):
        corpus.ingest(chinese)
    assert corpus.size() == 60
    [note] = [note for note in corpus.plan(chinese).notes if "would stop" in note]
    assert "--encoder multilingual" in note


def test_a_few_are_taken_and_told(corpus: Corpus, tmp_path: Path) -> None:
    texts = [f"The {name} is as good as the old one was" for name in "abcdefghijklmnopqrst"]
    report = corpus.ingest(written(tmp_path / "mixed.csv", [*texts, CHINESE[0]]))
    assert report.indexed == 21
    [note] = [note for note in report.notes if "does not read" in note]
    assert note.startswith("1 review is in Chinese, which ")


def test_the_user_may_say_what_the_encoder_reads(tmp_path: Path, english: Path) -> None:
    german = written(tmp_path / "german.csv", GERMAN)
    with Corpus.open(tmp_path / "r.db", encoder=FakeEncoder()) as opened:
        opened.ingest(english, reads=["en"])
        with pytest.raises(UnreadLanguages, match=r"reads English, but 100%"):
            opened.ingest(german)
        assert opened.ingest(german, reads=["en", "de"]).indexed == 5
        more = written(tmp_path / "more.csv", [f"{text} Wirklich." for text in GERMAN])
        assert opened.ingest(more).indexed == 5  # once said, it is said
        assert opened._session.required().languages.unread == ()


def test_an_encoder_that_says_nothing_or_reads_all_is_not_doubted(
    tmp_path: Path,
) -> None:
    german = written(tmp_path / "german.csv", GERMAN)
    for number, encoder in enumerate((FakeEncoder(), ManyEncoder())):
        with Corpus.open(tmp_path / f"{number}.db", encoder=encoder) as opened:
            report = opened.ingest(german)
            assert (report.indexed, report.notes) == (5, ())
            assert opened._session.required().languages.unread == ()


def test_what_goes_by_meaning_is_as_it_was_without_them(corpus: Corpus, chinese: Path) -> None:
    def asked() -> list[dict[str, object]]:
        answers = [
            corpus.clusters(clusters=3),
            corpus.anomalies(n=0),
            corpus.diversity(),
            corpus.sample(4),
            corpus.search("the box was crushed", 5),
        ]
        return [{**asdict(one), "notes": ()} for one in answers]

    before, kept = asked(), corpus._session.required().properties["relevance"]
    corpus.ingest(chinese, force=True)
    assert asked() == before
    assert corpus._session.required().properties["relevance"] == kept
    [note] = corpus.clusters(clusters=3).notes
    assert note.startswith("5 reviews are in Chinese, which ")
    assert corpus.stats().unread == {"zh": 5}
    assert "left out here, and found by their words" in note


def test_they_are_copies_by_their_words_alone(corpus: Corpus, chinese: Path) -> None:
    def groups(kind: str) -> list[set[str]]:
        return [set(group.review_ids) for group in corpus.duplicates().groups if group.kind == kind]

    meaning = groups("meaning")
    corpus.ingest(chinese, force=True)
    assert groups("meaning") == meaning
    theirs = {review.review_id for review in corpus.where(language="zh").reviews()}
    assert any(group <= theirs for group in groups("exact"))


def test_reviews_that_are_compared_have_no_theme_in_them(corpus: Corpus, chinese: Path) -> None:
    some, others = corpus.where(ids=corpus.matching_ids()[:30]), corpus.where(language=["en", "zh"])
    before = some.compare(corpus.where(language="en")).themes
    corpus.ingest(chinese, force=True)
    after = some.compare(others).themes
    assert {(one.name, one.reviews_a) for one in after} == {
        (one.name, one.reviews_a) for one in before
    }


def test_they_have_no_theme(corpus: Corpus, chinese: Path) -> None:
    corpus.themes.save(clusters=3)
    corpus.ingest(chinese, force=True)
    assert corpus.themes.list().new == 0
    assert {review.cluster for review in corpus.where(language="zh").reviews()} == {-1}
    corpus.themes.refit()
    assert {review.cluster for review in corpus.where(language="zh").reviews()} == {-1}


@pytest.mark.cjk
def test_a_query_in_their_language_finds_them_by_words(tmp_path: Path) -> None:
    thanks = "谢谢你们。这家店味道很好。下次再来。"
    both = written(tmp_path / "both.csv", [*ENGLISH[:40], *CHINESE[:2], thanks])
    with Corpus.open(tmp_path / "both.db", encoder=EnglishEncoder()) as opened:
        opened.ingest(both)
        answer = opened.search("味道很好")
        assert answer.mode == "keyword"
        assert {match.language for match in answer} == {"zh"}
        assert any("looked for by its words" in note for note in answer.notes)
        assert {match.strength for match in answer} == {None}  # the vectors say nothing
        sentences = [match.sentence for match in opened.search("味道很好", explain=True)]
        assert "这家店味道很好。" in sentences
        other = opened.search("Das Paket kam leider viel zu spät an")
        assert (other.mode, len(other)) == ("keyword", 0)
        assert any("does not read German" in note for note in other.notes)
        counted = opened.count_matches("the box was crushed", min_similarity=0.9)
        assert any("not counted" in note for note in counted.notes)
        assert counted.of == 40
        with pytest.raises(UnreadLanguages, match="counting goes by meaning: ask in English"):
            opened.count_matches("Das Paket kam leider viel zu spät an")
        for query in ("味道很好", "ร้าน", "сломан", "კარგი", "நல்லது"):
            with pytest.raises((UnreadLanguages, UnknownTokens)):
                opened.count_matches(query)

        for query, language in (("ร้าน", "Thai"), ("بطيء", "Arabic"), ("сломан", "Russian")):
            notes = opened.search(query).notes
            assert any(f"does not read {language}, " in note for note in notes)
        with pytest.raises(
            TooFewReviews, match=r"that the encoder reads match .* 3 reviews are in"
        ):
            opened.where(language="zh").clusters()
        [theirs, *_] = opened.where(language="zh").reviews()
        with pytest.raises(UnreadLanguages, match=r"is in Chinese, which .* does not read"):
            opened.similar(theirs.review_id)


@pytest.mark.cjk
def test_an_encoder_that_reads_them_takes_them_in_again(corpus: Corpus, chinese: Path) -> None:
    corpus.ingest(chinese, force=True)
    assert corpus._session.required().languages.unread == ("zh",)
    corpus.reindex(ManyEncoder(name="another"))
    assert corpus._session.required().languages.unread == ()
    assert len(corpus.anomalies(n=0)) == 65


def test_reviews_of_one_word_are_told_by_its_letters(corpus: Corpus, tmp_path: Path) -> None:
    texts = [f"The {name} is as good as the old one was" for name in "abcdefghijklmnopqrst"]
    corpus.ingest(written(tmp_path / "mixed.csv", [*texts, "ดีมาก", "კარგია"]))
    assert corpus.stats().unread == {"th": 1, "ka": 1}


def test_hindi_in_latin_letters_is_no_english(corpus: Corpus, tmp_path: Path) -> None:
    texts = [f"The {name} is as good as the old one was" for name in "abcdefghijklmnopqrst"]
    hindi = "bahut accha product hai, paisa vasool"
    corpus.ingest(written(tmp_path / "mixed.csv", [*texts, hindi]))
    assert [one.text for one in corpus.where(language="").reviews()] == [hindi]


FEW_WORDS = ["mala comida", "kaputt angekommen", "kotu ses", "quá đắt", "livraison lente"]


@pytest.mark.parametrize("mode", [None, "dense", "keyword", "hybrid"])
@pytest.mark.parametrize("query", FEW_WORDS)
def test_a_few_words_of_another_language_are_told_in_every_mode(
    corpus: Corpus, query: str, mode: Any
) -> None:
    [note] = [note for note in corpus.search(query, mode=mode).notes if "The query looks" in note]
    assert ", which fake-bag-of-words does not read: " in note
    assert ("by its words alone" in note) == (mode == "keyword")


@pytest.mark.parametrize(
    "query", ["kettle", "crushed", "ketle leaks", "wifi", "late parcel", "meh"]
)
def test_english_words_are_not_called_foreign(corpus: Corpus, query: str) -> None:
    assert [note for note in corpus.search(query).notes if "The query" in note] == []


def test_words_of_the_reviews_are_not_called_foreign(corpus: Corpus, tmp_path: Path) -> None:
    told = [note for note in corpus.search("Grüner Tee").notes if "The query" in note]
    assert "looks like German" in told[0]
    texts = [f"I drink {number} cups of Grüner Tee each day" for number in range(1, 6)]
    corpus.ingest(written(tmp_path / "tea.csv", texts))
    assert [note for note in corpus.search("Grüner Tee").notes if "The query" in note] == []


def test_whatever_goes_by_a_text_tells_of_its_language(corpus: Corpus) -> None:
    answers: list[Any] = [
        corpus.ask("mala comida"),
        corpus.count_matches("mala comida"),
        corpus.classify(labels=["mala comida", "late parcel"]),
    ]
    for answer in answers:
        assert sum("looks like Spanish" in note for note in answer.notes) == 1
    assert not any("looks like" in note for note in corpus.count_matches("late parcel").notes)


def test_an_encoder_that_reads_all_says_that_no_review_is_in_the_language(
    tmp_path: Path, english: Path
) -> None:
    with Corpus.open(tmp_path / "r.db", encoder=ManyEncoder()) as opened:
        opened.ingest(english)
        [note] = opened.search("kaputt angekommen").notes
        assert note == "The query looks like German, in which there is hardly a review."


def test_most_that_cannot_be_told_are_noted(corpus: Corpus, tmp_path: Path) -> None:
    codes = written(tmp_path / "codes.csv", [f"XJ-{number} LOT{number}" for number in range(30)])
    [planned] = [note for note in corpus.plan(codes).notes if "cannot be told" in note]
    [note] = [note for note in corpus.ingest(codes).notes if "cannot be told" in note]
    assert planned == note
    assert "cannot be told of any of the 30 reviews looked at, such as 'XJ-0 LOT0'" in note
    plain = written(tmp_path / "plain.csv", ["Nice", "Love it", "ok", "Great stuff", "So good"])
    assert not any("cannot be told" in note for note in corpus.ingest(plain).notes)


def test_shares_of_a_plan_are_those_of_the_ingest(corpus: Corpus, tmp_path: Path) -> None:
    codes = [f"XJ-{number} LOT{number}" for number in range(60)]
    short = ["tasse kaputt", "akku leer"]  # told by what the others are in
    mixed = written(tmp_path / "mixed.csv", [*codes, *short, *GERMAN * 4, *ENGLISH[:5]])
    with pytest.raises(UnreadLanguages) as stopped:
        corpus.ingest(mixed)
    # Those that are stored are not looked at again.
    told = "but 100% of the 22 of 82 reviews looked at whose language can be told are in other"
    assert told in str(stopped.value)
    corpus.ingest(mixed, force=True)
    assert corpus.stats().unread == {"de": 22}


@pytest.mark.parametrize(("count", "does"), [(1, "it is stored"), (2, "they are stored")])
def test_notes_of_one_review_and_of_several_are_sentences(
    corpus: Corpus, tmp_path: Path, count: int, does: str
) -> None:
    texts = [f"The {name} is as good as the old one was" for name in "abcdefghijklmnopqrst"]
    report = corpus.ingest(written(tmp_path / "mixed.csv", [*texts, *GERMAN[:count]]))
    [note] = [note for note in report.notes if "does not read" in note]
    assert f": {does} and found by {'its' if count == 1 else 'their'} words" in note
