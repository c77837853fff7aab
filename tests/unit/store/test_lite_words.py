"""Chinese words of Milvus Lite: no dictionary is kept, and none believed that lies about."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest
from milvus_lite.analyzer.jieba_analyzer import JiebaAnalyzer

from reviewlens.store.lite_words import keep_no_dictionary

jieba = pytest.importorskip("jieba", reason="needs the extra `cjk`")


def test_dictionary_in_the_directory_for_temporary_files_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"电池很差": 9}, 9)))
    keep_no_dictionary()
    analyzer = JiebaAnalyzer(mode="exact")
    jieba.dt.initialized = False  # other tests may have used it
    assert analyzer.tokenize("电池很差") == ["电池", "很差"]
    assert list(tmp_path.iterdir()) == [planted]


def test_no_dictionary_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    keep_no_dictionary()
    jieba.dt.initialized = False
    assert JiebaAnalyzer(mode="search").tokenize("手机") == ["手机"]
    assert list(tmp_path.iterdir()) == []
