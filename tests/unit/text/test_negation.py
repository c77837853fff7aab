"""How often a text says no, in the languages whose negations are known."""

from __future__ import annotations

import pytest

from reviewlens.text.negation import negations


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Nothing is notable; it isn't knotty, no.", 3),
        ("en", "I didnt get it, and nobody cared", 2),
        ("de", "Kein Netzteil dabei, und niemand meldet sich. Nie wieder!", 3),
        ("fr", "Je n’ai rien reçu, et il ne marche plus", 2),
        ("fr", "encore plus de plaisir", 0),
        ("es", "No llegó nada, ningún aviso", 3),
        ("es", "Note: another piano", 0),
        ("it", "Non funziona, e nessuno risponde, nemmeno per posta", 3),
        ("pt", "Não recebi nada e ninguém responde, sem ajuda", 4),
        ("nl", "Nooit meer: niets werkt en niemand belt terug, zonder excuus", 4),
        ("ru", "Ничего не работает, никто не отвечает, никаких извинений", 5),
        ("ru", "Небольшая, нетяжёлая и удобная", 0),
        ("zh", "没有说明书，不好用，别买", 3),
        ("zh", "不错，特别好，未来还会买，无线也方便，不过送得慢", 0),
        ("ja", "電池がもたない。返事もありません。", 2),
        ("sv", "Den fungerar inte, och ingen svarar", 2),
        ("", "would never buy", 1),
        ("tr", "would never buy", 1),
    ],
)
def test_negations_are_counted(language: str, text: str, count: int) -> None:
    assert negations(text, language) == count
