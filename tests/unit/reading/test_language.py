from __future__ import annotations

import socket

import pytest

from reviewlens.reading.language import detect_languages

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


def test_language_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewlens.reading import language

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    language._model.cache_clear()
    assert detect_languages(["Die Lieferung kam zu spät\nund war kaputt"]) == ["de"]
