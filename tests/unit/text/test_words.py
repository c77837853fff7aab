"""The words of a text that say something, in several languages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from reviewlens.errors import MissingExtra
from reviewlens.text.cjk import words_note
from reviewlens.text.contentless import says_nothing
from reviewlens.text.words import _scikit_learns, content_words, distinct_terms, terms_of

CJK = pytest.mark.cjk


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The kettle leaks, and the lid broke!", "en", ["kettle", "leaks", "lid", "broke"]),
        ("Didn’t work: it's the kettle's lid", "en", ["work", "kettle", "lid"]),
        ("3 of 10, 4k screen, plan B", "en", ["4k", "screen", "plan"]),
        ("sugar-free BATTERY ❤️🔋", "en", ["sugar-free", "battery"]),
        ("Die Verpackung war nicht großartig", "de", ["verpackung", "großartig"]),
        ("L'emballage était écrasé", "fr", ["emballage", "écrasé"]),
        ("La caja está rota", "es", ["caja", "rota"]),
        pytest.param("手机壳质量不错，送餐太慢，有点贵", "zh",
              ["手机", "壳", "质量", "不错", "送餐", "太慢", "有点", "贵"], marks=CJK),
        pytest.param("音が静かで気に入りました。", "ja", ["音", "静か", "気に入る"], marks=CJK),
        ("배송이 느려요", "ko", ["배송이", "느려요"]),
        ("ok 5/5 👍 !!!", "en", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_words_that_say_something_are_kept_in_order(
    text: str, language: str, expected: list[str]
) -> None:
    assert content_words(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lid is loose", ["lid", "loose"]),
        pytest.param("味道很好 but the box", ["味道", "box"], marks=CJK),
        pytest.param("とても静かです", ["静か"], marks=CJK),
        pytest.param("The app says 設定を開く", ["app", "設定", "開く"], marks=CJK),
    ],
)
def test_unknown_language_is_told_by_the_script(text: str, expected: list[str]) -> None:
    assert content_words(text, "") == expected
    assert content_words(text, "xx")[-1] == expected[-1]


@pytest.mark.parametrize("word", ["full", "bottom", "thin", "thick", "system", "fire", "buy"])
def test_english_words_with_a_subject_are_no_stop_words(word: str) -> None:
    assert content_words(word, "en") == [word]


def test_stop_words_are_those_of_the_language() -> None:
    assert content_words("die die", "de") == []
    assert content_words("die die", "en") == ["die", "die"]


def test_english_stop_words_are_those_of_scikit_learn() -> None:
    assert _scikit_learns() == ENGLISH_STOP_WORDS


def test_dictionaries_are_loaded_when_needed() -> None:
    code = (
        "import sys; from reviewlens.text.words import content_words;"
        "content_words('Die Box', 'de'); content_words('The box', 'en');"
        "print([name for name in ('janome', 'rjieba', 'sklearn') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("without_cjk")
@pytest.mark.parametrize(
    ("language", "text", "package", "praise"),
    [
        ("ja", "音が静かで気に入りました。", "janome", "最高"),
        ("zh", "手机壳质量不错", "rjieba", "很好"),
    ],
)
def test_review_without_the_extra_is_refused_by_its_name(
    language: str, text: str, package: str, praise: str
) -> None:
    with pytest.raises(MissingExtra, match=rf"{package}.*pip install 'reviewlens\[cjk\]'"):
        content_words(text, language)
    with pytest.raises(MissingExtra):
        says_nothing(praise, "", language)


@pytest.mark.usefixtures("without_cjk")
def test_phrase_elsewhere_without_the_extra_is_one_word_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert content_words("The app says 設定を開く", "en") == ["app", "設定を開く"]
    assert content_words("ソニー Walkman", "") == ["ソニー", "walkman"]
    assert content_words("the 质量不错 box", "en") == ["质量不错", "box"]
    assert not says_nothing("great product, 設定が開かない", "", "en")
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "Chinese and Japanese phrases in reviews of other languages are taken as one word each"
    ]


@pytest.mark.usefixtures("without_cjk")
@pytest.mark.parametrize(
    ("languages", "named"), [({"en", "ja"}, "Japanese"), ({"zh", "ja"}, "Chinese and Japanese")]
)
def test_ingest_of_such_reviews_without_the_extra_notes_it(languages: set[str], named: str) -> None:
    [note] = words_note(languages)
    assert f"Some reviews are {named}:" in note
    assert "reviewlens[cjk]" in note
    assert list(words_note({"en", "ko"})) == []


@pytest.mark.cjk
def test_nothing_is_noted_of_such_reviews_with_the_extra() -> None:
    assert list(words_note({"ja", "zh"})) == []


def test_terms_are_words_and_pairs_of_different_ones() -> None:
    assert list(terms_of(["box", "box", "crushed"])) == ["box", "box", "crushed", "box crushed"]


def test_distinct_terms_share_no_word() -> None:
    ranked = ["crushed carton", "cartons", "courier", "couriers", "lid", "lids"]
    assert list(distinct_terms(ranked)) == ["crushed carton", "courier", "lid"]
    assert list(distinct_terms(ranked, 2)) == ["crushed carton", "courier"]
    assert list(distinct_terms(["hand", "handle"])) == ["hand", "handle"]
    assert list(distinct_terms([])) == []


@pytest.mark.parametrize(
    ("language", "ranked", "expected"),
    [
        ("de", ["verpackung", "verpackungen", "akku"], ["verpackung", "akku"]),
        ("fr", ["livraisons", "livraison", "colis"], ["livraisons", "colis"]),
        ("es", ["caja", "cajas", "envío"], ["caja", "envío"]),
        ("it", ["scatola", "scatole", "pacco"], ["scatola", "pacco"]),
        ("pt", ["caixa", "caixas", "entrega"], ["caixa", "entrega"]),
        ("nl", ["doos", "levering", "leveringen"], ["doos", "levering"]),
        ("ru", ["коробка", "коробки", "заряд"], ["коробка", "заряд"]),
        ("vi", ["carton", "cartons", "lid", "lids"], ["carton", "lid", "lids"]),
        ("zh", ["电池", "盒子"], ["电池", "盒子"]),
    ],
)
def test_forms_of_a_word_count_once_in_languages_with_stems(
    language: str, ranked: list[str], expected: list[str]
) -> None:
    assert list(distinct_terms(ranked, language=language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "Батарея не держит заряд, и коробка была мятая",
         ["батарея", "держит", "заряд", "коробка", "мятая"]),
        ("pt", "A bateria não dura e a caixa veio amassada",
         ["bateria", "dura", "caixa", "veio", "amassada"]),
        ("it", "La scatola era rotta e l'adesivo strappato",
         ["scatola", "rotta", "adesivo", "strappato"]),
        ("nl", "De doos was gescheurd en de batterij leeg",
         ["doos", "gescheurd", "batterij", "leeg"]),
        ("hi", "बैटरी खराब", ["बैटरी", "खराब"]),
        ("th", "แบตเตอรี่ เสีย", ["แบตเตอรี่", "เสีย"]),
    ],
)  # fmt: skip
def test_words_of_other_languages_are_whole(language: str, text: str, expected: list[str]) -> None:
    assert content_words(text, language) == expected
