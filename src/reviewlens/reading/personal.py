"""Which columns hold what belongs to a person, by their names and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from reviewlens.reading.called import is_called, is_noun
from reviewlens.reading.details import Kind
from reviewlens.reading.exports import RENAMED
from reviewlens.reading.names import normalise, of_something_else, tells, usual_ranks, words_of
from reviewlens.reading.order_words import CJK_NUMBER, CJK_WORDS
from reviewlens.reading.personal_words import (
    ADDRESSES,
    BESIDE,
    JOINING,
    KINDS_OF_CUSTOMERS,
    NAMES,
    NAMES_OF_PEOPLE,
    NETWORKS,
    ON_NETWORKS,
    OTHERS,
    OWNERS,
    PARTS_OF_NAMES,
    PROFILES,
    TELLING,
    WHOLE_NAMES,
    WRITERS,
)
from reviewlens.reading.placeholders import filled

_NUMBERED = frozenset(("order", "ticket", "booking", "invoice", "case", "reservation"))
# Of links to a person: `reviewer_profile_url`, `author link`, `userImage`.
_PERSONS = frozenset("profile author reviewer user customer avatar account".split())  # noqa: SIM905
_LINKS = frozenset("url link href uri image img photo picture avatar thumbnail".split())  # noqa: SIM905
# What beside a detail's name says that something else stands there: `email_verified`.
_ABOUT = frozenset(
    """
    verified sent count opened subscribed consent status date at template subject type domain os
    model brand number_of total opt optin valid bounced clicks app version has is language
    """.split()  # noqa: SIM905
)

# Columns of codes that things have, alone; of things, with a word for a number.
_CODES = frozenset(
    """
    gtin gtin13 gtin14 upc ean ean13 sku asin isbn issn mpn plu barcode serial batch lot
    artikelnummer artikelnr partnumber partno modelnumber modelno itemnumber itemno productcode
    productid productnumber sachnummer teilenummer seriennummer materialnummer modellnummer
    """.split()  # noqa: SIM905
)
_OF_THINGS = frozenset(
    """
    part article artikel artículo articolo artigo material model modell modelo modello modèle item
    product produkt producto prodotto produit catalog catalogue style
    """.split()  # noqa: SIM905
)
_NUMBER_WORDS = frozenset("number numbers no nr num code id ids nummer numero número".split())  # noqa: SIM905

_ASIDE = re.compile(r"\s*\((?:work|home|private|privat|optional|required)\)|\?\s*$", re.IGNORECASE)


_FEW_KINDS, _ROWS_A_KIND, _FEW_ROWS = 12, 10, 20
_DIFFER = 0.8
"""Of the values of a column, where hardly any comes back."""
_LONGEST_NAME, _FIGURE = 60, 3
_CODE = re.compile(r"(?=[\w/.# -]*\d)[A-Z#]{0,8}[A-Z0-9/._ -]{4,40}|[A-Z]{6}")


def column_kind(header: str, values: Sequence[str]) -> Kind | None:
    """Return what of a person a column holds, by its name and by what stands in it.

    A column that is called as customers are may tell of which kind each is (`business`, `leisure`);
    an address is a person's where hardly any comes back, and else a shop's.

    Args:
        header: The column's name.
        values: Some of its cells.
    """
    some = [value for value in map(filled, values) if value]
    kind = personal_kind(header)
    plain = normalise(header.removesuffix(RENAMED))
    if kind == "person" and (
        are_kinds(header, some) or (is_mere_owner(header) and not _are_names(some))
    ):
        return None
    if kind is not None or not some or len(set(some)) < _DIFFER * len(some):
        return kind
    numbered = 2 * sum(any(map(str.isdigit, value)) for value in some) >= len(some)
    if plain in _words(ADDRESSES):
        return "address" if numbered else None
    if plain in _words(_NAMES_ALONE):
        named = sum(_NAME.fullmatch(value) is not None for value in some)
        return "person" if named >= _DIFFER * len(some) else None
    if plain in _words(PROFILES):
        return "link" if all(map(_URL.match, some)) else None
    if plain in _words(NETWORKS):
        return None if all(map(str.isdigit, some)) else "person"
    return "order" if _is_noun(header) and 2 * sum(map(is_code, some)) > len(some) else None


def names_author(header: str, values: Sequence[str]) -> bool:
    """Tell whether a column holds who wrote each review, by a name and values of a person's.

    It is one for whole names, or for those of customers: neither a first name alone, which several
    share, nor who received, sent or answered something.

    Args:
        header: The column's name.
        values: Some of its cells.
    """
    plain = normalise(header.removesuffix(RENAMED))
    if of_something_else(header) or column_kind(header, values) != "person":
        return False
    if plain in _words(WHOLE_NAMES):
        return True
    parts = _cut(plain) or [normalise(word) for word in words_of(header)]
    parts = [part for part in parts if part not in _words(JOINING)]
    owners = [part for part in parts if _is_owner(part)]
    names = [part for part in parts if part not in owners]
    whole = _words(NAMES) - _words(PARTS_OF_NAMES)
    return (
        bool(owners) and _words(OTHERS).isdisjoint(owners) and all(part in whole for part in names)
    )


def is_mere_owner(header: str) -> bool:
    """Tell whether a header is a word for a person that says less than those of authors do."""
    plain = normalise(header.removesuffix(RENAMED))
    return _is_owner(plain) and plain not in usual_ranks("author") and _told_by({plain}) is None


def _are_names(some: Sequence[str]) -> bool:
    """Tell whether most values are no ratings and no sentences."""
    fit = sum(not (v.isdigit() and len(v) <= _FIGURE) and len(v) <= _LONGEST_NAME for v in some)
    return 2 * fit >= len(some)


_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_NAMES_ALONE = f"{NAMES} jmeno meno nev nama ten नाम ชื่อ"
# Two to four words with capital letters, or initials; or as many signs, where names have no more.
_NAME = re.compile(
    r"[^\W\d_a-z][^\W\d_]*[.’'-]?[^\W\d_]*(?: (?:(?:van|von|de|da|der|del|la|bin|al|el)[ -]){0,2}"
    r"[^\W\d_a-z][^\W\d_]*[.’'-]?[^\W\d_]*){1,3}|[\u4e00-\u9fff\uac00-\ud7af]{2,4}"
    r"|[\u0590-\u0e7f]{2,14}(?: [\u0590-\u0e7f]{2,14}){1,3}"
)


@cache
def _is_noun(header: str) -> bool:
    *before, last = words_of(header) or [""]
    return len(before) < 2 and not last.startswith(("ref", "réf")) and is_noun(last)  # or a part's


def is_code(value: str) -> bool:
    """Tell whether a cell could be the number of an order, and is no word, day or small figure."""
    digits = sum(map(str.isdigit, value))
    written = value.strip().upper() if digits else value.strip()
    return digits >= _FIGURE or _CODE.fullmatch(written) is not None


def are_kinds(header: str, some: Sequence[str]) -> bool:
    """Tell whether filled values say of which kind each customer is, and name nobody.

    Args:
        header: The name of their column; in one that is called as writers are, not as customers,
            only words that are known for kinds are such.
        some: The values.
    """
    seen = {" ".join(value.casefold().split()) for value in some}
    known = sum(map(_is_known_kind, seen))
    if known == len(seen):
        return bool(seen)
    plain = normalise(header.removesuffix(RENAMED))
    if plain not in _owners() - _words(WRITERS) or not all(map(_is_word, some)):
        return False
    if 2 * known >= len(seen):
        return True
    if len(some) < _FEW_ROWS:
        return 2 * len(seen) <= len(some) and all(map(str.islower, some))
    return len(seen) <= _FEW_KINDS and _ROWS_A_KIND * len(seen) <= len(some)


def _is_known_kind(value: str) -> bool:
    first, *_ = value.split(" ")
    return value in KINDS_OF_CUSTOMERS or first in KINDS_OF_CUSTOMERS - {"first"}


def _is_word(value: str) -> bool:
    """Tell whether a value is one word, or more of which those behind have no capital letter."""
    words = value.replace("-", " ").split()
    return all(map(str.isalpha, words)) and not any(word[:1].isupper() for word in words[1:])


@cache
def personal_kind(header: str) -> Kind | None:
    """Return what of a person a column holds by its name; None where it holds texts or figures.

    `name` alone, and `address`, may be a product's or a shop's and say nothing.
    """
    header = header.removesuffix(RENAMED)
    nested = header.split(".")
    if len(nested) > 1 and all(nested) and " " not in header:  # `reply.author`, `reply.author.name`
        return personal_kind(nested[-1]) or personal_kind(" ".join(nested[-2:]))
    header = _ASIDE.sub("", header)
    words, plain = words_of(header), normalise(header)
    if (told := _told_by({plain})) is not None or not plain:
        return told
    if len(words) > 1 and not _ABOUT.isdisjoint(words):
        return None
    if len(words) > 1 and not _PERSONS.isdisjoint(words) and not _LINKS.isdisjoint(words):
        return "link"
    if plain in _on_networks():
        return "person"
    parts = [normalise(word) for word in words]
    ends = {"".join(parts[first:]) for first in range(len(parts))}
    return _told_by(ends) or _of_owner(parts, plain) or _by_role(header, words, plain)


def _told_by(names: Collection[str]) -> Kind | None:
    """Return what names say that leave no doubt, whatever stands before them."""
    sure = set(names) - _words(_WEAK)
    return next((kind for kind, told in _telling().items() if not told.isdisjoint(sure)), None)


def _by_role(header: str, words: Sequence[str], plain: str) -> Kind | None:
    """Return what a header says that is a number's, or a person's alone."""
    called = is_called(_SPLIT.sub(" ", header)) and "of" not in words  # `Number of orders`
    if (
        called
        or _CALLED_CJK.fullmatch(header)
        or ("#" in header and not _NUMBERED.isdisjoint(words))
    ):
        return "order"
    if plain in ("name", "naam"):
        return None
    author = plain in usual_ranks("author") or tells("author", header)
    return "person" if author or _is_owner(plain) else None


_SPLIT = re.compile(r"[\s_/-]+|(?<=[a-zа-я])(?=[A-ZА-Я])")
_CALLED_CJK = re.compile(
    rf"(?:{CJK_WORDS}|客户|客戶|会员|會員|顾客|お客様|会員|追跡|预订|预定|预约|订座|案件|投诉|发票|交易|고객|회원|접수|문의|운송장)\s?{CJK_NUMBER}"
)
# Words for a name that may be a thing's; they tell of a person beside whose it is.
_WEAK = """
name namn nimi nume meno isim ad adi jmeno 名字 ชื่อ नाम الاسم alias portable via cep nev nama ten
"""


def _of_owner(parts: Sequence[str], plain: str) -> Kind | None:
    """Return what a header says that is made of whose it is, and of what that is, and no more."""
    parts = _cut(plain) or parts
    rest = [part for part in parts if part not in _words(JOINING)]
    whose = [part for part in rest if _is_owner(part)]
    what = [part for part in rest if part not in whose and part not in _words(BESIDE)]
    surely = not _words(NAMES_OF_PEOPLE).isdisjoint(what)
    if what and all(part in _words(NAMES) | _words(NAMES_OF_PEOPLE) for part in what):
        return "person" if whose or surely else None
    if not what:
        return "person" if whose and len(rest) > 1 else None
    joined = "".join(what)
    for kind, names in _telling().items():
        if joined in names and (whose or len(what) < len(rest)):
            return kind
    return "address" if joined in _words(ADDRESSES) and len(rest) > len(what) else None


def _cut(header: str) -> list[str]:
    """Return whose it is and what it is, of a header that is one word of both; else nothing."""
    names, owners = _words(NAMES) | _words(NAMES_OF_PEOPLE), _owners()
    known = {*names, *_words(ADDRESSES), *(one for told in _telling().values() for one in told)}
    for place in range(2, len(header)):
        first, last = header[:place], header[place:]
        last = last.removeprefix("の").removeprefix("的")
        if first in owners and last in known and header not in _THINGS:
            return [first, last]
        if first in known and last in owners:
            return [first, last]
    return []


_THINGS = frozenset(("hostname", "hostip"))


def _is_owner(word: str) -> bool:
    """Tell whether a word is one for a person, with an ending of few letters."""
    ends = range(_LONGEST_ENDING + 1) if len(word) > _SHORTEST_STEM else (0,)
    return any(
        word[: len(word) - end] in _owners() and (not end or len(word) - end >= _SHORTEST_STEM)
        for end in ends
    )


_SHORTEST_STEM, _LONGEST_ENDING = 5, 2


@cache
def _on_networks() -> frozenset[str]:
    pairs = (
        (normalise(net), normalise(word))
        for net in NETWORKS.split()
        for word in ON_NETWORKS.split()
    )
    return frozenset(name for net, word in pairs for name in (net + word, word + net))


def _owners() -> frozenset[str]:
    return _words(OWNERS)


@cache
def _words(words: str) -> frozenset[str]:
    return frozenset(map(normalise, words.split()))


@cache
def names_things(header: str) -> bool:
    """Tell whether a column holds numbers of things by its name, as barcodes and parts have."""
    words = {word.casefold() for word in words_of(header.removesuffix(RENAMED))}
    numbered = not words.isdisjoint(_CODES) or not words.isdisjoint(_NUMBER_WORDS)
    named = not words.isdisjoint(_CODES | _OF_THINGS)
    return numbered and named and words <= _CODES | _OF_THINGS | _NUMBER_WORDS


@cache
def _telling() -> Mapping[Kind, frozenset[str]]:
    return {kind: _words(names) for kind, names in TELLING.items()}
