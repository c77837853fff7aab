from __future__ import annotations

import socket

import pytest

from reviewlens.text import languages
from reviewlens.text.languages import detect_languages, shares

SENTENCES = {
    "en": ["Arrived broken and nobody answers", "Best coffee I have had in years"],
    "de": ["Sehr schön und größer als erwartet", "Die Lieferung kam zu spät"],
    "fr": ["La livraison a pris trois semaines", "Bon rapport qualité prix"],
    "es": ["El envío tardó más de lo esperado", "Lo recomiendo a todos"],
    "it": ["La spedizione è stata veloce", "Non funziona più dopo due giorni"],
    "ja": ["とても良い商品でした", "説明書がわかりにくい", "二度と買いません"],
    "zh": ["速度快快快，饭菜热乎", "味道很好而且很实惠送得也很快", "两只斑马在空地上玩耍。"],
    "ko": ["배송이 빠르고 맛있어요"],
}


@pytest.mark.parametrize("code", SENTENCES)
def test_language_of_short_reviews_is_told(code: str) -> None:
    assert set(detect_languages(SENTENCES[code])) == {code}


def test_language_that_cannot_be_told_is_empty() -> None:
    texts = ["", "ok", "👍", "12345", "5/5", "!!!", "👍👍👍 10", "A++", "\n"]
    assert detect_languages(texts) == [""] * len(texts)


@pytest.mark.parametrize("text", ["QTabBar", "XJ-900", "Mambo Tango"])
def test_a_name_alone_tells_no_language(text: str) -> None:
    assert detect_languages([text]) == [""]


NAMES_OF_PRODUCTS = [
    "Samsung Galaxy Note 10 Plus Aura Glow",
    "IKEA PAX KOMPLEMENT BESTÅ",
    "Nespresso Vertuo Pop Coconut White",
    "Tefal Ingenio Emotion L9253",
    "Fjällräven Kånken Mini",
]


def test_names_of_products_tell_no_language() -> None:
    assert detect_languages(NAMES_OF_PRODUCTS) == [""] * len(NAMES_OF_PRODUCTS)
    told = detect_languages(NAMES_OF_PRODUCTS, {"en": 0.6, "fr": 0.4})
    assert set(told) <= {"en", ""}


def test_titles_and_cries_are_no_names() -> None:
    texts = ["Sehr Gute Qualität", "MUY MALO NO FUNCIONA", "Très Bon Produit", "Ottimo Prodotto"]
    assert detect_languages(texts) == ["de", "es", "fr", "it"]
    assert detect_languages(["Worst Coffee Ever", "Not As Advertised"]) == ["en", "en"]
    assert detect_languages(["Hunden Älskar Maten."]) == ["sv"]  # a sentence


@pytest.mark.parametrize(
    "text", ["The tablet gets EXTREMELY hot!", "So far so good!", "How do I reset it?"]
)
def test_short_english_is_told_by_its_stop_words(text: str) -> None:
    assert detect_languages([text]) == ["en"]


def test_what_the_file_is_in_tells_short_texts_and_not_long_ones() -> None:
    short = ["Great taste", "Love my Echo!", "Best tomato soup", "way too bitter", "Super!!!"]
    english, german = {"en": 0.98, "de": 0.02}, {"de": 0.98, "en": 0.02}
    assert detect_languages(short, english) == ["en"] * len(short)
    long = "The lid broke after two weeks and nobody at the shop answers."
    assert detect_languages([long], german) == ["en"]
    assert detect_languages(["Der Deckel ist nach zwei Wochen gebrochen."], english) == ["de"]
    assert detect_languages(["Sehr gute Qualität", "味道很好"], english) == ["de", "zh"]


SHORT = {
    "hr": ["Stiglo je razbijeno i prljavo", "Nisam zadovoljan ovim proizvodom"],
    "id": ["Barang rusak dan kotor", "Pengiriman sangat lambat sekali"],
    "nl": ["Niet tevreden over de service", "Geluid is helder en hard"],
    "pl": ["Nie polecam tego sklepu", "Pasuje idealnie do kuchni"],
    "pt": ["Não gostei do cheiro", "Veio com defeito"],
    "ro": ["Nu sunt mulțumit deloc", "Cadou pentru mama mea"],
    "sv": ["Jag är inte nöjd", "Maten var kall och tråkig"],
    "tr": ["Hiç memnun kalmadım", "Yemek soğuk geldi"],
    "vi": ["Giao hàng quá chậm"],
}


@pytest.mark.parametrize("code", SHORT)
@pytest.mark.parametrize("share", [0.0, 0.05])
def test_short_reviews_are_not_english_because_most_others_are(code: str, share: float) -> None:
    assert set(detect_languages(SHORT[code], {"en": 1 - share, code: share})) == {code}


def test_short_english_stays_english_where_others_are_met() -> None:
    texts = [
        "Great taste",
        "Wrong item sent",
        "Smells like rubber",
        "Way overpriced junk",
        "I love it",
    ]
    usual = {"en": 0.9, **dict.fromkeys(["nl", "sv", "de", "pl", "pt", "ro", "hr", "id"], 0.0125)}
    assert set(detect_languages(texts, usual)) <= {"en", ""}


def test_english_lists_of_words_have_no_foreign_ones() -> None:
    told = languages._stop_words()
    foreign = ("na", "za", "je", "que", "se", "il", "la", "com", "et", "non", "au", "su")
    assert [word for word in foreign if "en" in told.get(word, ())] == []
    assert all("en" in told[word] for word in ("the", "is", "not", "very", "would", "buy"))


@pytest.mark.parametrize(
    "text",
    [
        "bahut accha product hai, paisa vasool",
        "ye product bilkul bekar hai",
        "mujhe ye phone pasand aaya",
        "delivery bahut late hui",
    ],
)
@pytest.mark.parametrize("usual", [{}, {"en": 1.0}])
def test_hindi_in_latin_letters_is_not_told(text: str, usual: dict[str, float]) -> None:
    assert detect_languages([text], usual) == [""]


def test_italian_and_german_words_are_not_taken_for_hindi() -> None:
    assert detect_languages(["Hai sempre ragione", "Mein Hund liebt es"]) == ["it", "de"]


@pytest.mark.parametrize("usual", [{}, {"en": 1.0}])
def test_serbian_in_latin_letters_is_told_as_croatian(usual: dict[str, float]) -> None:
    texts = [
        "Veoma sam zadovoljan kupovinom",
        "Proizvod ne radi kako treba",
        "Hvala lijepo na brzoj dostavi",
        "Nije vredno tih para",
    ]
    assert set(detect_languages(texts, usual)) == {"hr"}
    assert detect_languages(["Веома сам задовољан куповином"], usual) == ["sr"]


@pytest.mark.parametrize("usual", [{}, {"en": 1.0}])
def test_swiss_german_is_told_as_german(usual: dict[str, float]) -> None:
    texts = ["Isch nöd so guet wie dänkt", "Mir händ lang müesse warte", "Das isch mega guet"]
    assert set(detect_languages(texts, usual)) == {"de"}


def test_danish_is_not_taken_for_norwegian() -> None:
    texts = ["Maden var kold og personalet uhøfligt", "Den gik i stykker efter kun to dage"]
    assert set(detect_languages(texts)) == {"da"}


def test_shares_are_of_what_could_be_told() -> None:
    assert shares(["en", "en", "en", "de", ""]) == {"en": 0.75, "de": 0.25}
    assert shares([""]) == {}


def test_language_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    languages._model.cache_clear()
    assert detect_languages(["Die Lieferung kam zu spät\nund war kaputt"]) == ["de"]
