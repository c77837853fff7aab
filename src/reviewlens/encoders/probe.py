"""The texts on which an exported or a half-precision model is compared with the original."""

from __future__ import annotations

LEAST_COSINE = 0.9999
"""Vectors nearer than this are those of one encoder."""

_SENTENCES = (
    "Arrived broken.",
    "The battery lasts two days, and I charge it at night: no complaints after 14 months!",
    "Je l'ai renvoyé, la couleur n'était pas celle de la photo…",
    "Mi perro no quiere comerlo <br /> & the bag was torn (again) 😡",
    "Zu süß für mich; die Kinder mögen es trotzdem sehr.",
    "Customer service asked for the order number 114-3941689-8772232 three times.",
    "质量很好，下次还会再买。",
    "I'd give it 3/5 — $12.99 is too much for 200 g of tea that tastes of nothing",
    "Excelente producto, llegó antes de lo esperado y muy bien embalado.",
    "WORST. PURCHASE. EVER. Do NOT buy from http://example.com/shop?id=7 !!!",
)
_WORDS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377)


def probe_texts() -> list[str]:
    """Return a fixed set of texts, from one word to more than a window of 256 tokens."""
    words = " ".join(_SENTENCES * 5).split()
    return [*_SENTENCES, *(" ".join(words[-length:]) for length in _WORDS)]
