"""Which languages the letters of a text leave: Thai ones are Thai, Cyrillic ones one of several."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LEAST_LETTERS = 3
"""Fewer say nothing of a language, but in Chinese, Japanese and Korean: `ಠ_ಠ` is a face."""

_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9d]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")
# Letters and vowel signs of any other script than the Latin one, whose last rows are 1E00 to 1EFF.
_NOT_LATIN = re.compile(
    r"[\u0370-\u1dbf\u1f00-\u1fff\u3041-\u9fff\uac00-\ud7a3\uf900-\ufdff\ufe70-\ufefc\uff66-\uff9d]"
)
_SCRIPTS = {
    "ARABIC": ("ar", "fa", "ur", "ps", "sd", "ug"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn", "as"),
    "CYRILLIC": (
        "ru",
        "uk",
        "bg",
        "sr",
        "be",
        "kk",
        "ky",
        "mk",
        "mn",
        "tg",
        "tt",
        "ba",
        "cv",
        "os",
    ),
    "DEVANAGARI": ("hi", "mr", "ne", "sa"),
    "ETHIOPIC": ("am", "ti"),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HEBREW": ("he", "yi"),
    "KANNADA": ("kn",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MALAYALAM": ("ml",),
    "MYANMAR": ("my",),
    "ORIYA": ("or",),
    "SINHALA": ("si",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAANA": ("dv",),
    "THAI": ("th",),
    "TIBETAN": ("bo",),
}
"""Languages by the first word of their letters' names in Unicode, that with most reviews first."""
NOT_IN_LATIN = frozenset({"ckb", "ja", "ko", "zh"}.union(*_SCRIPTS.values()))
"""Languages in which no text in Latin letters is."""


def languages_of_script(text: str) -> tuple[str, ...]:
    """Return the languages that at least half of the letters leave, that with most reviews first.

    Chinese writers use a kana now and then, so Japanese takes one in ten.

    Args:
        text: Any.

    Returns:
        ISO 639-1 codes; none where most letters are Latin ones, or no script has half of them.
    """
    if text.isascii() or not _NOT_LATIN.search(text):
        return ()
    letters = len(_LETTER.findall(text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    hangul = len(_HANGUL.findall(text))
    if kana + han + hangul and 2 * max(kana + han, hangul) >= letters:
        if hangul > kana + han:
            return ("ko",)
        return ("ja",) if 10 * kana >= kana + han else ("zh",)
    names = (unicodedata.name(one, "") for one in _NOT_LATIN.findall(text))
    [(script, count)] = Counter(name.partition(" ")[0] for name in names).most_common(1)
    return _SCRIPTS.get(script, ()) if count >= max(LEAST_LETTERS, letters / 2) else ()
