"""Which encoding makes the likeliest text of bytes, by the letters that languages are written in.

Read in a wrong encoding, `café` becomes `cafÇ`, `caf‚` or `cafй`: letters of no language that has
the others, capitals in the middle of words, signs between letters. So each line is given the
probability of its characters in the language that suits it best, for every encoding that programs
export; the encoding under which all lines together are likeliest is taken.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

_LOOKED_AT = 4_000
"""Bytes."""
_LETTERS = {
    "English": "’’’’’’‘““””–—…é",
    "French": "éééééééééàààèèêêçùâîôûëïœ",
    "German": "üüääöß",
    "Spanish": "óóóíííáááééñúü¿¡",
    "Portuguese": "ããããçççáááéééêêóóíõúâôà",
    "Italian": "ààààèèèòòùùìé",
    "Dutch": "ëëéïèöü",
    "Swedish": "äääåååöööé",
    "Danish": "åååææøøé",
    "Icelandic": "áááíííððóóþþæöéúý",
    "Czech": "íííáááěěééřřššžžččýýůúňťďó",
    "Slovak": "áááíííééššžžččýúôľľťäňďóĺŕ",
    "Polish": "łłłąąęęóóżżśśćńź",
    "Hungarian": "ááááééééööőőóóíüúű",
    "Romanian": "ăăăîîşşţţâ",
    "Croatian": "čččšššžžććđ",
    "Turkish": "ıııııüüşşçğğöİâî",
    "Lithuanian": "ėėėšššųųįįžžąęūč",
    "Latvian": "āāāīīēēšžņļķūģč",
    "Estonian": "äääõõüüöšž",
    "Russian": "оооооееееааааииииннннтттсссрррвввллккммддппууяяыььггззббчйхжшюцщэфъё",
    "Ukrainian": "оооооааааииииннннвввееееііітттрррсссккллуудддмммппзьббягйчхцїєжющшфґ",
    "Serbian": "аааааииииооооееенннррртттсссјјвввкккддуумммллппззббгшћчжцњхђљџф",
    "Greek": "αααααοοοοιιιιεεεττττσσσννννηηυυρρππκκλλμμςςωωδγθβφχζξψάάέήίίόόύώϊϋ",
    "Hebrew": "יייייווווהההלללאאאררתתממששבבננדעקכפחםטגזסןצךףץ",
    "Arabic": "ااااااللللييييمممنننوووررتتبهةعدسفكقحجأشصطخىذثزضغءئظؤإآ،؟پچگ",
}
"""Those that are no ASCII, each the more times the more often it is written."""
_WESTERN = ("English", "French", "German", "Spanish", "Portuguese", "Italian", "Dutch", "Swedish",
            "Danish", "Icelandic")  # fmt: skip
_CENTRAL = ("Czech", "Slovak", "Polish", "Hungarian", "Romanian", "Croatian", "German")
_CYRILLIC = ("Russian", "Ukrainian", "Serbian")
_SMALL = {
    "cp1252": ((*_WESTERN, "Estonian"), 0),
    "cp1250": (_CENTRAL, -2),
    "cp1251": (_CYRILLIC, -2),
    "cp1253": (("Greek",), -2),
    "cp1254": (("Turkish",), -2),
    "cp1255": (("Hebrew",), -2),
    "cp1256": (("Arabic",), -2),
    "cp1257": (("Lithuanian", "Latvian", "Estonian"), -2),
    "mac_roman": (_WESTERN, -4),
    "koi8_r": (("Russian",), -4),
    "iso8859_2": (_CENTRAL, -3),
    "cp850": (_WESTERN, -4),
    "cp852": (_CENTRAL, -4),
    "cp866": (("Russian",), -4),
}
"""Those of one byte a character: their languages, and how rare they are, as a logarithm."""
_SIGNS = "’‘“”„«»–—…€£°™©®•·´½²³¿¡§№\xa0"
_BETWEEN_LETTERS = frozenset("’‘´·–—…\xa0")

# Characters that half of a text is made of; the rest is in the rows of the standard that have
# what is in common use.
_CHINESE = "的一是了不我很好有在人也都大上多用到要"
_KANA = "".join(map(chr, [*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC]))
_HANGUL = (
    "이다는고요의을를에가기도서은로지하나사시해한어으리자니아있게라일인들그보정대수부제전스주상좋"
)
_WIDE = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), f"{_CHINESE}这个就买还没说"),
    "big5": ("big5", range(0xA4, 0xC7), f"{_CHINESE}這個就買還沒說"),
    "cp932": ("euc_jp", range(0xB0, 0xD0), _KANA),
    "euc_jp": ("euc_jp", range(0xB0, 0xD0), _KANA),
    "cp949": ("euc_kr", range(0xB0, 0xC9), _HANGUL),
}
ENCODINGS = (*_SMALL, *_WIDE)
"""Those that programs export, the most usual first."""
_LAST = frozenset("ςךםןףץ")
"""Letters that end a word."""
_TELLING = re.compile(rb"[ -~\t]{0,9}(?:[\x80-\xff]+[ -~\t]{0,9})+")
_RARITY_OF_WIDE = -2
_UNUSUAL = math.log(1e-6)
"""Of a character that a language has not; so are the next, as logarithms of probabilities."""
_ASCII = math.log(1 / 20)
"""Of one that stands in no table: what is two bytes of one letter may be two letters elsewhere."""
_OTHER_LANGUAGE = math.log(1 / 10)
"""That a line is in another language than the one before."""
_MOST_UNUSUAL = 0.25
"""The share of such characters from which on a text is in no language that is known here."""


def likeliest_encoding(sample: bytes) -> str:
    """Return the encoding that makes the likeliest text of lines that are not all ASCII.

    All lines are in one language, or each is in any.

    Args:
        sample: Bytes of a text; what is far from any that is no ASCII is left out of account.

    Returns:
        A name that Python knows; empty where none makes words of any language that is known here.
    """
    sample = _telling(sample)
    encoding = max(ENCODINGS, key=lambda name: _likelihood(sample, name))
    text = sample.decode(encoding, "replace")
    return encoding if written_letters(text, [encoding]) else ""


def _likelihood(sample: bytes, encoding: str) -> float:
    """Return the logarithm of how likely a text is in an encoding, but for a constant."""
    text, languages = sample.decode(encoding, "replace"), _languages()[encoding]
    found = [
        [sum(language.get(one, _UNUSUAL) for one in _characters(line)) for language in languages]
        for line in text.split("\n")
    ]
    alone = max(map(sum, zip(*found, strict=True)))
    mixed = sum(map(max, found)) + len(found) * _OTHER_LANGUAGE
    rarity = _SMALL[encoding][1] if encoding in _SMALL else _RARITY_OF_WIDE
    return max(alone, mixed) + sum(one <= "\x7f" for one in text) * _ASCII + rarity


def _telling(sample: bytes) -> bytes:
    """Return what of a text surrounds bytes that are no ASCII, line by line, until it is enough."""
    pieces: list[bytes] = []
    size = 0
    for line in sample.splitlines():
        if size < _LOOKED_AT and not line.isascii():
            pieces.append(b" ".join(_TELLING.findall(line))[:_LOOKED_AT])
            size += len(pieces[-1])
    return b"\n".join(pieces)


def written_letters(text: str, encodings: Iterable[str] = ENCODINGS) -> int:
    """Count the characters that are no ASCII; 0 unless they are mostly letters of languages.

    Args:
        text: Text.
        encodings: Those whose languages are meant.
    """
    every = [character for line in text.splitlines() for character in _characters(line)]
    known = set().union(*(table for name in encodings for table in _languages()[name]))
    unusual = sum(character not in known for character in every)
    return len(every) if unusual <= _MOST_UNUSUAL * len(every) else 0


def _characters(line: str) -> list[str]:
    """Return the characters that are no ASCII; for one that cannot stand where it does, U+FFFD."""
    placed = zip(f" {line}", line, f"{line[1:]} ", strict=False)
    return [
        "\ufffd" if _is_odd(before, character, after) else character
        for before, character, after in placed
        if character > "\x7f"
    ]


def _is_odd(before: str, character: str, after: str) -> bool:
    """Tell whether a character cannot stand between two others."""
    if not character.isalpha():
        return before.isalpha() and after.isalpha() and character not in _BETWEEN_LETTERS
    if character in _LAST and after.isalpha():
        return True
    digits = [one.isascii() and one.isdigit() for one in (before, after)]
    latin = [one.isascii() and one.isalpha() for one in (before, after)]
    if character < "\u0370" and any(digits):
        return True
    if character >= "\u0370" and (any(latin) if character < "\u0700" else all(latin)):
        return True  # in a Latin word; Chinese, Japanese and Korean may stand beside one
    return before.islower() if character.isupper() else character.islower() and after.isupper()


@cache
def _languages() -> dict[str, list[dict[str, float]]]:
    """Return for each encoding the logarithm of a character's probability in its languages."""
    tables = {name: [_letters(one) for one in languages] for name, (languages, _) in _SMALL.items()}
    for name, (standard, rows, often) in _WIDE.items():
        common, signs = _of_rows(standard, rows), _of_rows(standard, (0xA1, 0xA3))
        tables[name] = [{**_shared(signs, 0.1), **_shared(common, 0.5), **_shared(often, 0.4)}]
    return tables


@cache
def _letters(language: str) -> dict[str, float]:
    small = _LETTERS[language]
    capitals = "".join(one for one in small.upper() if one not in small and not one.isascii())
    return {**_shared(_SIGNS, 0.06), **_shared(capitals, 0.06), **_shared(small, 0.88)}


def _shared(characters: str, share: float) -> dict[str, float]:
    """Return the logarithms of probabilities that make up a share together."""
    total = len(characters)
    return {one: math.log(share * count / total) for one, count in Counter(characters).items()}


def _of_rows(standard: str, rows: Iterable[int]) -> str:
    places = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return "".join(
        bytes([row, place]).decode(standard, "ignore") for row in rows for place in places
    )
