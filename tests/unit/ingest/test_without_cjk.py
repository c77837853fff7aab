"""Chinese and Japanese reviews where what takes them apart is not installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.encoders import ANY_LANGUAGE, TokenCount
from reviewlens.errors import MissingExtra
from reviewlens.search.modes import query_words
from reviewlens.text import cjk


class Multilingual(FakeEncoder):
    """Reads any language."""

    languages = frozenset({ANY_LANGUAGE})

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        return [TokenCount(tokens, 0) for tokens, _ in super().count_tokens(texts)]


ENGLISH = "".join(f"{n},The lid of kettle {n} does not close any more\n" for n in range(10, 40))
CHINESE = (
    "id,text\n1,这款手机的电池很差，充电太慢\n2,屏幕非常清晰，颜色漂亮\n"
    "3,送货员态度很好，准时送达\n"
)


def corpus_at(path: Path) -> Corpus:
    return Corpus.open(path, encoder=Multilingual())


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    (tmp_path / "zh.csv").write_text(CHINESE, encoding="utf-8")
    return tmp_path / "zh.csv"


@pytest.mark.usefixtures("without_cjk")
def test_collection_of_such_reviews_is_not_made(tmp_path: Path, chinese: Path) -> None:
    wanted = r"100% of these .*the package rjieba.*pip install 'reviewlens\[cjk\]'; --force goes on"
    with corpus_at(tmp_path / "new.db") as corpus:
        [stop] = [one for one in corpus.plan(chinese).notes if "would stop" in one]
        assert "reviewlens[cjk]" in stop
        with pytest.raises(MissingExtra, match=wanted):
            corpus.ingest(chinese)


@pytest.mark.usefixtures("without_cjk")
def test_forced_they_are_found_by_meaning_alone_and_that_is_told(
    tmp_path: Path, chinese: Path
) -> None:
    with corpus_at(tmp_path / "new.db") as corpus:
        notes = " ".join(corpus.ingest(chinese, force=True).notes)
        assert corpus.stats().analyzer == "standard"
        assert "pip install 'reviewlens[cjk]', then `reviewlens reindex` makes it anew" in notes
        assert "Some reviews are Chinese: they are stored" in notes
        assert corpus.search("电池", min_similarity=-1).matches


@pytest.mark.usefixtures("without_cjk")
def test_a_few_among_others_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text(CHINESE + ENGLISH, encoding="utf-8")
    with corpus_at(tmp_path / "new.db") as corpus:
        report = corpus.ingest(tmp_path / "few.csv")
        assert report.indexed == 33
        assert "Some reviews are Chinese" in " ".join(report.notes)
        assert corpus.stats().analyzer == "standard"


@pytest.mark.cjk
def test_collection_made_with_the_extra_is_refused_without_it(
    tmp_path: Path, chinese: Path, request: pytest.FixtureRequest
) -> None:
    with corpus_at(tmp_path / "made.db") as corpus:
        assert corpus.plan(chinese).notes == ()
        corpus.ingest(chinese)
    request.getfixturevalue("without_cjk")
    with (
        pytest.raises(MissingExtra, match=r"made for Chinese words .*'reviewlens\[cjk\]'"),
        corpus_at(tmp_path / "made.db") as corpus,
    ):
        corpus.stats()


@pytest.mark.usefixtures("without_cjk")
def test_query_is_refused_by_the_name_of_the_extra() -> None:
    with pytest.raises(MissingExtra, match="rjieba"):
        query_words("电池", "jieba")


def test_windows_has_no_jieba_and_needs_none(
    without_cjk: None, uninstall: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cjk.analyzer_lacks() == "rjieba"
    monkeypatch.setattr(cjk, "installed", lambda package: package == "rjieba")
    assert cjk.analyzer_lacks() == "jieba"
    monkeypatch.setattr("sys.platform", "win32")
    assert cjk.has_analyzer()
