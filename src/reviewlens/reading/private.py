"""What of a text belongs to a person: addresses, numbers and keys, found by their form.

One place decides. What has a checksum (cards, IBANs) is told by it, phone numbers by the numbering
plans of `phones`, order and ticket numbers by the word beside them. Names of people in running
text are not looked for; `personal` tells which columns hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_letters, digits
from urllib.parse import unquote

from reviewlens.reading.details import TOKEN, Detail, Kind
from reviewlens.reading.orders import find_orders
from reviewlens.reading.phones import HIDDEN, LINK, find_phones

# Five digits that nothing but signs parts: whatever of a number is a detail has them.
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){4}")
_FIRST_GROUPS = 24
"""Characters of a number that may stand before these, parted by more signs."""

_SIGNS = r"[ \u00a0\u2007\u2009\u202f.\-\u2010-\u2013/]"
_AT = r"(?:[@＠]|%40|&#0*64;|&#x40;|&commat;)"
_LOCAL = r"(?<![\w.+%-])([\w.+-][\w.+%'-]{0,99}?)"
_HOST = r"((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w@])"
_TOPS = (
    "com net org info biz edu gov io co me eu de at ch fr es it pt nl be uk ie us ca au in br mx"
    " pl se no dk fi cz ru cn jp kr"
).replace(" ", "|")
_DOT = r"(?:\.|[\[({]\s?(?:\.|dot|punkt|point|punto|ponto)\s?[\])}]|\s(?:dot|punkt|punto|ponto)\s)"
_NAMED_DOT = r"(?:dot|punkt|punto|ponto|point|punt|kropka)"
_NAMED_AT = r"(?:at|ät|arroba|arobase|chiocciola|apenstaart(?:je)?|ma[łl]pa|klammeraffe|snabel-?a)"
_EMAIL = re.compile(rf"{_LOCAL}{_AT}{_HOST}")
_PARTED = re.compile(
    rf"{_LOCAL}\s{{0,2}}(?:{_AT}|[\[({{]\s?(?:{_NAMED_AT}|@)\s?[\])}}])\s{{0,2}}"
    rf"((?:[\w-]{{1,63}}\s?{_DOT}\s?){{1,4}}(?:{_TOPS}))\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"(?<![\w.+%'-])((?:[\w+-]{{1,30}}\s{_NAMED_DOT}\s){{0,3}}[\w.+'-]{{1,64}})"
    rf"\s{_NAMED_AT}\s((?:[\w-]{{1,63}}\s{_NAMED_DOT}\s){{1,3}}(?:{_TOPS}))\b",
    re.IGNORECASE,
)
# `m.rossi at gmail.com`, `m.rossi@gmail,com`: of hosts that are nothing else, and with a sign that
# no word has, or beside a word for an address.
_MAILERS = r"(?:g(?:oogle)?mail|yahoo|hotmail|outlook|protonmail|ymail)"
_OF_MAILER = re.compile(
    rf"(?<![\w.+%'-])((?:(?<=mail\s)|(?<=mail:\s)|(?<=mail\sis\s)|(?=[^\W\d_]+[._\d-]))\w[\w.+-]{{1,63}})"
    rf"(?:\sat\s|\s?@\s?)({_MAILERS}\s?[.,]\s?(?:{_TOPS}))\b",
    re.IGNORECASE,
)
# What a text must have in it before the rules above, which are slow, can find anything.
ATS = re.compile(
    r"[@＠%&\])}](?:(?<=[@＠])|(?<=%)40|(?<=&)(?:#0*64|#x40|commat);"
    r"|(?<=\b[aä]t.)|(?<=\b[aä]t\s.)|(?<=\barroba.)|(?<=\barroba\s.)"
    r"|(?<=\bchiocciola.)|(?<=\barobase.)|(?<=\bmałpa.)|(?<=\bmalpa.)|(?<=\bapenstaartje.))",
    re.IGNORECASE,
)
# `point` and `punt` are words of their own, too.
DOTS = re.compile(
    rf"\sat\s{_MAILERS}\s?\.|"
    r"\s(?:dot|punkt|punto|ponto|kropka)\s|\s(?:arobase|apenstaart(?:je)?)\s\S+\s(?:point|punt)\s",
    re.IGNORECASE,
)
# "bought at amazon dot com", "look at ..."
_NO_LOCAL = frozenset(
    """
    a an the and or is was are it them this that one ones here there online only look looked looking
    buy bought buying purchase purchased sold sell sells order ordered available found find get got
    shop shopped shopping store stores price priced prices cheaper cheap sale deal deals see seen
    check checked review reviews reviewed me us you people folks guys team support service
    """.split()  # noqa: SIM905
)
_NO_HOST = frozenset("amazon ebay walmart target bestbuy etsy costco google youtube".split())  # noqa: SIM905

# A rule that begins with digits is fast where none stand: what may not be before them comes after.
_CARD = re.compile(rf"\d(?<![\w+]\d)(?<!\d[.,]\d)(?:{_SIGNS}{{0,3}}\d){{13,}}(?!\d)")
_GROUP = re.compile(r"\d+")
_CARD_GROUP, _MOST_GROUPS = 4, 19
"""Fewest digits of the first group of a card, and the most groups of one."""
_CARD_FORMS = re.compile(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d|35(?:2[89]|[3-8]\d))\d{12}"
    r"|60[6-8]\d{13}|8[12]\d{14}"
    r"|(?:62|50|5[6-8]|67)\d{14,17}"
)

_IBAN = re.compile(
    r"\d\d(?:(?<=[A-Za-z]{2}\d\d)|(?<=[A-Za-z]{2}\s\d\d))(?=[ \u00a0\u202f.\-]?[A-Za-z0-9])"
)
# Source: SWIFT, IBAN Registry, release 99.
_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18
DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23
IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27
MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19
SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_IBAN_DIGITS = 10
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}

KEY = re.compile(
    r"[?&;#/](?:[\w.-]*(?:token|secret|auth|session|signature|password|passwd|jwt)[\w.-]*"
    r"|(?:\w*api)?_?key|sid|sig|pwd|pw)=([^&;#\s]{6,})",
    re.IGNORECASE,
)


# Digits and letters as wide as Chinese signs, and the digits of Arabic, Persian and Hindi; the
# narrow form of each is one sign, too.
_WIDE = re.compile("[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]")
_NARROW = {ord(sign) + 0xFEE0: sign for sign in ascii_letters + digits + "+-#"} | {
    zero + int(sign): sign for zero in (0x660, 0x6F0, 0x966) for sign in digits
}


def narrow(text: str) -> str:
    """Return a text whose digits are those of English, of the same length."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


def find_details(text: str) -> list[Detail]:
    """Find the private details of a text, in their order; none overlaps another.

    Source: ISO/IEC 7812-1 (check digits of cards), ISO 13616-1 (IBAN).
    """
    text = narrow(text)
    found: list[Detail] = []
    rest = _without(text, [token.span() for token in TOKEN.finditer(text)])
    for find in (_emails, _ibans, _cards, _orders, _phones, _keys):  # what is surer first
        fit: list[Detail] = []
        taken = bytearray()
        for detail in find(rest):
            taken = taken or bytearray(map(HIDDEN.__eq__, rest))
            if not any(taken[detail.start : detail.end]):
                taken[detail.start : detail.end] = b"d" * (detail.end - detail.start)
                fit.append(detail)
        if fit:
            rest = _without(rest, sorted((detail.start, detail.end) for detail in fit))
            found += fit
    return sorted(found, key=lambda detail: detail.start)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text of the same length in which some parts do not stand, which hide others.

    An address with a digit stood between a number and the word for it; the digits of an order, in
    one run with those of a telephone.
    """
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], HIDDEN * (stop - start)]
        end = stop
    return "".join((*parts, text[end:])) if spans else text


def find_sure(text: str) -> list[Detail]:
    """Find only what no name of a product, id or date can be: addresses, cards and IBANs."""
    return [one for one in find_details(text) if one.kind in ("email", "card", "iban")]


def _orders(text: str) -> Iterator[Detail]:
    for start, end, value in find_orders(text):
        kind: Kind = "identity" if _IDENTITY.fullmatch(text, start, end) else "order"
        yield Detail(start, end, kind, value)


def _phones(text: str) -> Iterator[Detail]:
    if first := _DIGITS.search(text):
        for start, end, value in find_phones(text, max(0, first.start() - _FIRST_GROUPS)):
            yield Detail(start, end, "phone", value)


def _keys(text: str) -> Iterator[Detail]:
    if "=" in text:
        for link in LINK.finditer(text):
            for key in KEY.finditer(link[0]):
                start = link.start() + key.start(1)
                yield Detail(start, start + len(key[1]), "key", key[1])


def _emails(text: str) -> Iterator[Detail]:
    written = (_EMAIL, _PARTED, _OF_MAILER) if ATS.search(text) else ()
    said = (_SAID, _OF_MAILER) if DOTS.search(text) else ()
    for rule in (*written, *said):
        for match in rule.finditer(text):
            local, host = (
                unquote(match[1]).casefold(),
                re.sub(rf"\s*(?:{_DOT}|,|\s{_NAMED_DOT}\s)\s*", ".", match[2].casefold()),
            )
            if rule is not _EMAIL and (
                local in _NO_LOCAL or host.partition(".")[0] in _NO_LOCAL | _NO_HOST
            ):
                continue
            yield Detail(match.start(), match.end(), "email", f"{local}@{host}")


def _cards(text: str) -> Iterator[Detail]:
    """Yield card numbers; other digits may stand before and behind one, as those of its month."""
    for run in _CARD.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(run[0])]
        first = 0
        while first < len(groups):
            if last := _last_of_card(run[0], groups, first):
                start, end = groups[first][0], groups[last - 1][1]
                yield Detail(
                    run.start() + start, run.start() + end, "card", _bare(run[0][start:end])
                )
            first = last or first + 1


def _last_of_card(run: str, groups: Sequence[tuple[int, int]], first: int) -> int:
    """Return behind which group a card ends that begins with one; zero where none begins."""
    start, end = groups[first]
    if end - start < _CARD_GROUP and (first or end - start > 1):  # 4 1 1 1 ...
        return 0
    for last in range(min(first + _MOST_GROUPS, len(groups)), first, -1):
        number = _bare(run[start : groups[last - 1][1]])
        if _CARD_FORMS.fullmatch(number) and _checks(number):
            return last
    return 0


def _checks(number: str) -> bool:
    doubled = (2 * int(digit) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def _ibans(text: str) -> Iterator[Detail]:
    for match in _IBAN.finditer(text):
        begin = match.start() - (3 if text[match.start() - 1].isspace() else 2)
        left = _IBAN_LENGTHS.get(text[begin : begin + 2].upper(), 0)
        if begin and text[begin - 1].isalnum():
            continue
        place, gap = begin, 0
        while left and place < len(text) and gap < 3:
            sign = text[place]
            if sign.isascii() and sign.isalnum():
                left, gap = left - 1, 0
            elif sign in " \u00a0\u202f.-":
                gap += 1
            else:
                break
            place += 1
        written = _bare(text[begin:place])
        whole = written.upper()
        if left or whole[:2] not in _IBAN_LENGTHS or text[place : place + 1].isalnum():
            continue
        if written not in (whole, whole.lower()) or sum(map(str.isdigit, whole)) < _IBAN_DIGITS:
            continue  # words
        if int("".join(str(int(sign, 36)) for sign in whole[4:] + whole[:4])) % 97 == 1:
            yield Detail(begin, place, "iban", whole)


def _bare(written: str) -> str:
    return "".join(filter(str.isalnum, written))


# Numbers of taxpayers of Brazil and Italy: nothing else has their forms.
_IDENTITY = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d\d|[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]")
_FORMED = re.compile(r".*[@＠]|\(?\+|[A-Za-z]{2}\s?\d\d|(?:\d[^\w\n]{0,3}){13}\d")
_ABROAD = re.compile(r"\(?\+\s?\d")


def form_of(cell: str) -> Detail | None:
    """Return what a cell is by its own form as a whole, whatever its column is for.

    That is an address, an IBAN, a card, or a telephone with a country's code: other numbers may be
    those of orders as well. None for anything else.
    """
    written = narrow(cell.strip())
    if _FORMED.match(written) is None:
        return None
    found = find_details(written)
    if not found or (found[0].start, found[0].end) != (0, len(written)):
        return None
    sure = found[0].kind in ("email", "iban", "card")
    return found[0] if sure or (found[0].kind == "phone" and _ABROAD.match(written)) else None


_BESIDE: Mapping[Kind, str] = {"phone": "tel. ", "order": "order number "}


def value_of(kind: Kind, cell: str) -> str:
    """Return the value of a cell that is a detail of a kind as a whole, as `Detail` has it."""
    if kind == "identity":
        return "".join(filter(str.isalnum, narrow(cell).upper())) or cell
    said = _BESIDE.get(kind, "") + cell.strip()
    found = [detail.value for detail in find_details(said) if detail.kind == kind]
    return found[0] if len(found) == 1 else "".join(filter(str.isalnum, cell.casefold())) or cell
