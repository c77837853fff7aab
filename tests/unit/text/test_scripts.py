from __future__ import annotations

import pytest

from reviewlens.text.languages import detect_languages
from reviewlens.text.scripts import languages_of_script

OWN_LETTERS = {
    "th": "ดีมาก",
    "ka": "კარგია",
    "el": "πολύ καλό",
    "hy": "շատ լավ",
    "ta": "நல்லது",
    "ko": "좋아요",
    "zh": "好吃",
    "ja": "おいしい",
}


@pytest.mark.parametrize("code", OWN_LETTERS)
@pytest.mark.parametrize("usual", [{}, {"en": 1.0}])
def test_letters_of_one_language_tell_it(code: str, usual: dict[str, float]) -> None:
    assert detect_languages([OWN_LETTERS[code]], usual) == [code]


@pytest.mark.parametrize(
    ("text", "likeliest", "usual"),
    [
        ("отлично", "ru", "uk"),
        ("منتج رائع", "ar", "fa"),
        ("बहुत अच्छा", "hi", "mr"),
        ("מוצר מעולה", "he", "yi"),
    ],
)
def test_letters_of_several_languages_leave_those(text: str, likeliest: str, usual: str) -> None:
    assert {likeliest, usual} <= set(languages_of_script(text))
    assert detect_languages([text]) == [likeliest]
    assert detect_languages([text], {"en": 0.9, "de": 0.1}) == [likeliest]


def test_the_file_tells_which_of_several_it_is() -> None:
    texts = ["Добре", "Супер"]
    assert detect_languages(texts, {"uk": 0.9, "en": 0.1}) == ["uk", "uk"]
    assert detect_languages(texts, {"bg": 0.9, "en": 0.1}) == ["bg", "bg"]


@pytest.mark.parametrize("text", ["Great! ¯\\_(ツ)_/¯", "ಠ_ಠ", "Size Ω and π", "Déjà vu", "", "👍"])
def test_a_letter_here_and_there_tells_nothing(text: str) -> None:
    assert languages_of_script(text) == ()


def test_a_name_in_latin_letters_does_not_hide_the_script() -> None:
    assert detect_languages(["กาแฟ Nespresso อร่อยมาก"]) == ["th"]
    assert detect_languages(["Чайник Bosch сломался"], {"en": 1.0}) == ["ru"]
