"""The table of what is known of which language."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from reviewlens.text.contentless import JUDGING
from reviewlens.text.languages import NAMES
from reviewlens.text.support import SUPPORT, stemmer, support_of
from reviewlens.text.words import stop_words


@pytest.mark.parametrize("code", ["en", "de", "fr", "es", "it", "pt", "nl", "ru"])
def test_languages_of_reviews_are_known_in_full(code: str) -> None:
    known = SUPPORT[code]
    assert known.stemmer
    assert known.negates
    assert known.short_forms
    assert len(stop_words(code)) > 100
    assert JUDGING[code].split()


@pytest.mark.parametrize("code", ["zh", "ja"])
def test_chinese_and_japanese_have_what_their_scripts_need(code: str) -> None:
    assert SUPPORT[code].cutter
    assert SUPPORT[code].negates
    assert stop_words(code)
    assert JUDGING[code].split()


def test_stemmers_are_those_of_snowball() -> None:
    named = {known.stemmer for known in SUPPORT.values() if known.stemmer}
    assert named <= set(snowballstemmer.algorithms())
    assert SUPPORT.keys() <= NAMES.keys()


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("", ("battery", "batteries")),
        ("de", ("kopfhörer", "kopfhörern")),
        ("hr", ("baterija", "baterije")),
        ("sv", ("kartong", "kartongen")),
        ("ru", ("коробка", "коробку")),
        ("tr", ("paket", "paketler")),
    ],
)
def test_forms_of_a_word_have_one_stem(code: str, forms: tuple[str, str]) -> None:
    one, other = map(stemmer(code), forms)
    assert one == other


@pytest.mark.parametrize("code", ["en", "de", "ru"])
def test_threads_that_stem_at_once_do_not_disturb_each_other(code: str) -> None:
    algorithm = SUPPORT[code].stemmer
    ends = ["ied", "ingly", "ations", "heiten", "ungen", "ыми"]
    forms = [f"{start}{number:x}{end}" for number in range(300) for start in "bd" for end in ends]
    wanted = list(map(snowballstemmer.stemmer(algorithm).stemWord, forms))
    stemmer.cache_clear()
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(stemmer(code), forms)) == wanted
    finally:
        sys.setswitchinterval(switching)


def test_word_without_a_stemmer_is_its_own_stem() -> None:
    assert stemmer("vi")("cartons") == "cartons"
    assert support_of("xx").cutter == "spaces"
