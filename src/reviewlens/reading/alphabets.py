"""Which of the encodings of Latin scripts a text is in, told by the letters that its bytes become.

Polish read as Western European is `sprzêt` and `dzia³a`: letters that no one language has together.
"""

from __future__ import annotations

from collections import Counter

WESTERN = "cp1252"
# Letters beyond ASCII of languages that are written in an encoding.
_ALPHABETS = {
    WESTERN: (
        "äöüß", "àâçéèêëîïôœùûüÿ", "áéíñóúü¡¿ªº", "àèéìíîòóùú", "áâãàçéêíóôõúüªº", "éëïóöüèáíê",
        "åäöé", "æøåéèóòô", "áðéíóúýþæö", "àçèéíïòóúü·",
    ),
    "cp1250": (
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž",
    ),
    "cp1254": ("çğıöşüâîûİ",),
}  # fmt: skip
_BESIDE = {WESTERN: ("mac_roman",), "cp1250": ("iso8859_2",)}
"""Encodings of the same languages, less usual."""
LATIN = (*_ALPHABETS, *(name for names in _BESIDE.values() for name in names))
_SIGNS = frozenset("‘’‚‛“”„‟‹›«»–—…•€£©®™°§½¼¾´`·\xa0\xad")
_NEARLY_ALL = 0.97
_GAP = 0.05


def by_letters(sample: bytes) -> str:
    """Return the encoding whose bytes are the letters of one language; empty where none tells.

    Western European is kept wherever its letters are those of one of its languages.

    Args:
        sample: A text that is in one of the encodings of `LATIN`.
    """
    counts = Counter(byte for byte in sample if byte >= 0x80)
    western = _covered(counts, WESTERN, WESTERN)
    if western >= _NEARLY_ALL:
        return WESTERN
    others = {
        name: _covered(counts, name, encoding)
        for encoding in _ALPHABETS
        for name in (encoding, *_BESIDE.get(encoding, ()))
        if name != WESTERN
    }
    best = max(others, key=lambda name: others[name])
    return best if others[best] >= max(_NEARLY_ALL, western + _GAP) else ""


def _covered(counts: Counter[int], encoding: str, languages: str) -> float:
    """Return the share of letters beyond ASCII that the one language has which has most."""
    letters: Counter[str] = Counter()
    for byte, count in counts.items():
        letter = bytes((byte,)).decode(encoding, "replace")
        if letter not in _SIGNS:
            letters[letter if letter == "İ" else letter.lower()] += count
    if not letters:
        return 1.0  # signs alone
    return max(
        sum(count for letter, count in letters.items() if letter in alphabet) / letters.total()
        for alphabet in _ALPHABETS[languages]
    )
