"""Numbers of orders, tickets, bookings and invoices in a text, told by the word beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reviewlens.reading.called import find_called, fold, has_noun
from reviewlens.reading.order_values import CODED, END, LONG, NAMED, VALUE, may_be_number
from reviewlens.reading.order_words import (
    CJK,
    CJK_NUMBER,
    CJK_THINGS,
    CJK_WORDS,
    NO_NOUNS,
    NUMBER,
    NUMBERED,
    OF_THINGS,
    PROGRAMS,
    THING_STEMS,
    WORDS,
)

_LETTER = rf"[^\W\d_{CJK}]"
_IS = (
    r"(?:is|was|are|were|ist|war|lautet|lautete|est|était|es|era|è|é|är|er|to|var|id[ée]m"
    r"|von|mit\sder)(?:\s(?:the|el|il|le|o))?"
)
_LINKED = r"[^\w]{0,4}"
# What a chat has between the question for a number and the answer.
_ANSWER = (
    r"[^\w]{0,6}(?:\[?\d\d:\d\d\]?[^\w]{0,3})?(?<!\w)(?:(?:my|meine?|ma|mi|mia|mijn)\s)?"
    r"(?:me|moi|yo|ich|io|eu|ik|ja|jag|jeg|я|我|私|나|customer|client|user|you|a|answer|antwort"
    r"|r[ée]ponse|respuesta|risposta|antwoord|odpowiedź|ответ)\s?[:：]\s?"
)
_LEADS = rf"(?:{_ANSWER}|{_LINKED})"
_WITH = r"(?:\s(?:with|mit|met|avec|con|com)(?:\s(?:the|der|dem|het|le|el|il|a|o))?(?=\s))?"
# What may stand between the word and such a number.
_BETWEEN = (
    rf"(?:{NUMBER}|{_IS}|de|do|da|di|del|della|der|des|here|right|its|it['’]s|my|atendimento|has|been"
    r"|created|opened|raised|given|under|unter|sous|bajo|sotto|onder|pod|wurde|the|please|bitte|soporte"
    r"|suporte|assistenza"
    r"|atenci[oó]n|reserva|prenotazione|client[e]?|(?:inc|sr|req|cs)(?!-))"
)
# What an airline calls a booking by: six signs, few of them digits.
_LOCATOR = re.compile(
    r"(?:(?<![^\W_])(?:pnr|passenger\sname\srecord|(?:record\s)?locator|conf(?:irmation)?\.?(?=\s?(?:code|n[or]|num|ref|\#))"
    r"|(?:booking|b(?:uch|oek|ok)ning|buchung|boeking|bestätigung)(?:s?[^\W\d_]{0,12})"
    r"|r[eé]serv(?:ation|a|ierung|ering|ierungs|erings)s?[^\W\d_]{0,9}|rezerwacj[ai]|брон[ьи]"
    r"|localizador|prenotazione|booked\sunder)"
    rf"(?:{_LINKED}{_BETWEEN}(?![^\W_])){{0,3}}|(?:予約|预订|预定|订座|예약)\s?{CJK_NUMBER}?[は是为는은]?)"
    rf"{_LEADS}(?P<value>(?-i:(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{{5,12}}"
    rf"|(?:(?<=[a-z]\s)|(?<=PNR\s)|(?<=[:：#(])|(?<=[:#]\s))[A-Z]{{6}}))(?![^\W{CJK}]|-)",
    re.IGNORECASE,
)
# Letters and digits that take turns; so do names of products, so the words before them are few.
_MIXED = (
    r"(?P<value>(?-i:(?:[A-Z]{2,4}-)?(?=\d*[A-Z]+\d+[A-Z]|[A-Z]*\d+[A-Z]+\d)[A-Z0-9]{5,12}))"
    r"(?![^\W_]|-)"
)
_CODES = (
    re.compile(
        rf"(?<![^\W_])(?:airbnb(?:\scode)?|(?:{WORDS}|{NUMBERED})"
        rf"(?:[\s.-]{{1,3}}(?:numbers?|no\.|nr\.?|ids?)|s?nummer|(?=\s?\#))(?:\s{_IS}(?=\s))?)[^\w]{{1,3}}"
        + _MIXED,
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![^\W_])(?:confirmation|(?:bkg|ticket)\sref|fahrkarte|billet|biglietto)[^\w]{1,3}"
        r"(?=\w{6,8}(?!\w))" + _MIXED,
        re.IGNORECASE,
    ),
    # `my Uber Eats order 5C2F1`
    re.compile(
        r"(?<![^\W_])(?:(?:my|our|your|the)\s(?:\w+\s){0,2}|eats\s|deliveroo\s|doordash\s)order[^\w]{1,3}"
        r"(?=(?-i:[A-F0-9]{5})(?!\w))" + _MIXED,
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![^\W_])(?:voucher|gift\s?(?:card|voucher)|coupon|gutschein|bon)[^\W_]{0,8}(?:\s(?:code|number|nr|no))?[:.\s]{1,3}"
        r"(?P<value>(?-i:(?=[A-Z0-9-]*(?:[A-Z]\d|\d[A-Z]))[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,6}){2,5}))(?![\w-])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<!\w)(?P<value>(?:sub|re|pi|ch|cus|in|ord|txn|pay|py|order)_(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,})(?!\w)"
    ),
)
CODE_WORDS = (
    *("pnr", "record", "loca", "booking", "reserv", "réserv", "buchung", "prenotazione", "boeking"),
    *("rezerwacj", "bokning", "conf", "order", "ticket", "tracking", "invoice", "pedido"),
    *("booked", "airbnb", "voucher", "gift", "coupon", "gutschein", "refund", "payment", "subscri"),
    *("bkg", "fahrkarte", "bill", "bigl", "number", "nummer", " no.", " nr", " id", "#"),
    *("брон", "予約", "预订", "预定", "订座", "예약"),
)
"""What one of the words before such a code has in it, in small letters."""
_FLIGHT = re.compile(r"[A-Z]{2}\d{3,4}|[A-Z]\d{3}[A-Z]?")
_NO_CODES = frozenset(
    """
    NUMBER STATUS CHANGE CANCEL REFUND TICKET FLIGHT ONLINE ISSUED DENIED CLOSED FAILED BOOKED
    LATELY SYSTEM PLEASE THANKS ALWAYS REALLY DOUBLE SINGLE LONDON BERLIN MADRID SUMMER WINTER
    SUNDAY FRIDAY MONDAY HORROR STRESS SERVER EXPERT REVIEW PERIOD TERROR RESORT HOSTEL HOTELS
    DELUXE CAMERA SUITES
    """.split()  # noqa: SIM905
)
_CALLED = re.compile(
    r"[#№°º号號]|n(?:u[mr]|r)|\bno?\b|\bid|co[dn]|kod|番号|番號|编号|번호|номер", re.IGNORECASE
)
# Goods may stand behind these words as well as their number.
_OF_GOODS = re.compile(
    r"\b(?:order|ordre|orden|r[ée]f|commande|bestell|pedido|ordine|encomenda|bestel|zam[oó]w|заказ|objedn|referen)",
    re.IGNORECASE,
)
# `the spare blade (ref. A00442-3)`: that of a thing, unless the noun has such numbers.
_REFERRED = re.compile(
    rf"(?<![^\W_])(?P<noun>{_LETTER}{{3,24}})[\s(,]{{1,3}}r[eé]f(?:[eé]r[a-z]{{2,5}})?\W{{0,3}}$",
    re.IGNORECASE,
)
_NO_THINGS = frozenset(
    """
    with quote quoting quoted under via for and but the our your their his her mon votre notre
    leur mein
    meine unsere parking courier bank appointment file payment job police travel call legal
    council tax
    hotel flight train gave given got was avec sous mit unter con per med met
    """.split()  # noqa: SIM905
)
_ORDER = re.compile(
    rf"(?<![^\W_])(?:(?:{WORDS}){_WITH}(?:{_LINKED}{NUMBER})?"
    rf"|(?:{NUMBERED})s?{_LINKED}(?:d['e]\s?)?(?:{NUMBER}|\#))"
    rf"(?:{_LINKED}{NUMBER})?(?:{_LINKED}{_IS}(?=[\s:=]))?{_LEADS}{VALUE}",
    re.IGNORECASE,
)
_ORDER_NAMED = re.compile(
    rf"(?<![^\W_])(?:{WORDS}|{NUMBERED})s?{_LINKED}(?:d['e]\s?)?(?:{NUMBER}|\#)"
    rf"(?:{_LINKED}{_IS}(?=[\s:=]))?{_LEADS}{NAMED}",
    re.IGNORECASE,
)
# Whatever is called by a number, but for what is no order's: `docket number`, `Mitgliedsnr.`,
# `número de póliza`. The noun is looked at afterwards.
_ANY = re.compile(
    rf"(?<![^\W_])(?:(?P<before>{_LETTER}{{2,20}})[\s.-]{{1,3}}"
    r"(?:numbers?|num|nbr|no(?=[.:]|\s[A-Z]?\d{6})|nr|ids?|nummer)"
    rf"|(?P<joined>{_LETTER}{{2,24}}?)-?(?:nummer|nummeret|numret|nr|(?<=-)id)"
    r"|(?:num[ée]ro|n[úu]mero|numer|nr|номер|№|n\s?[°º]|codice|(?:code|c[óo]digo|kod)(?=\sd[eio'’])|id)\.?\s?"
    rf"(?:d[eio]l?(?:la)?\s(?:[ls]a\s|el\s|mi\s|mon\s)?|d['’]\s?)?(?P<behind>{_LETTER}{{3,20}}))"
    rf"(?![^\W_{CJK}])(?:{_LINKED}{_IS}(?=[\s:=]))?{_LEADS}{NAMED}",
    re.IGNORECASE,
)
# The same where words are not parted: `会员号`, `お客様番号は`.
_ANY_CJK = re.compile(
    rf"(?P<noun>[{CJK}]{{1,6}}?)\s?{CJK_NUMBER}\s?[是为為はが는은가이]?{_LEADS}{NAMED}",
    re.IGNORECASE,
)
_SENT_CJK = re.compile(rf"(?:{CJK_WORDS})\s?[是为為はが]?{_LEADS}{CODED}", re.IGNORECASE)
_SENT, _SENT_LONG = (
    re.compile(
        rf"(?<![^\W_])(?!ref\b)(?:{NUMBERED}|{WORDS})(?:{_LINKED}{_BETWEEN}(?![^\W_])){{0,4}}{_LEADS}{value}",
        re.IGNORECASE,
    )
    for value in (CODED, LONG)
)
# `my SkyMiles 9284 771 023`
_OF_PROGRAM = re.compile(
    rf"(?<![^\W_])(?:{PROGRAMS})\W{{1,3}}(?=(?:[A-Z]{{2}}\s)?(?:\d\s?){{8}}){NAMED}", re.IGNORECASE
)
# `the reference I was given is QTR8821904`
_GIVEN = re.compile(
    r"(?<![^\W_])(?:ref(?:erence)?|number|code|ticket|case|claim|confirmation)\s(?:I|we|they|you|he|she|with|from)\s"
    rf"[^\d\n.!?:]{{2,30}}?(?:\s(?:is|was)|:)\s{CODED}",
    re.IGNORECASE,
)
# `my Etsy #2988213047`: what has so long a number is no product.
_SIGNED = re.compile(
    rf"(?<![^\W_])(?P<before>{_LETTER}{{2,20}})\s?\#\s?(?P<value>\d{{8,}}){END}", re.IGNORECASE
)
# `n° de suivi 123`, `number of my claim: 123`
_TURNED = re.compile(
    rf"(?<!\w){NUMBER}\.?\s(?:of|for|de|du|di|do|der|des|meiner|d')\s?"
    rf"(?:the|my|our|la|le|mon|ma|mi|mio|minha)?\s?(?:{WORDS}|{NUMBERED})"
    rf"(?:{_LINKED}{_IS}(?=[\s:=]))?{_LINKED}{VALUE}",
    re.IGNORECASE,
)
# The word at some distance, then the one for a number: `my account with you, number 0093284`.
_ASIDE = re.compile(
    rf"(?<![^\W_])(?:{WORDS}|{NUMBERED})(?![^\W_])[^\n]{{1,40}}?[(,]\s?{NUMBER}"
    rf"(?:{_LINKED}{_IS}(?=[\s:=]))?{_LINKED}{VALUE}",
    re.IGNORECASE,
)
# `the ticket I opened, 778401, is closed`
_BETWEEN_COMMAS = re.compile(
    rf"(?<![^\W_])(?:{WORDS})(?![^\W_])[^\d\n.!?]{{0,25}}"
    rf"(?:\d\d?\W{{1,2}}(?:\d\d?\.(?:\d{{2,4}})?|[^\W\d_]{{3,12}})?[^\d\n.!?]{{0,15}})?[,(]\s?(?:(?:the|die|das|der|el|la|le|il|het)\s)?"
    rf"(?=[A-Z]{{0,4}}(?:[^\d\s]?\d){{6}}){VALUE}(?=\s?[,)])",
    re.IGNORECASE,
)
# `A4711081, the customer number`, `4711081 is my order number`
_AFTERWARDS = re.compile(
    rf"(?<![\w.,-]){VALUE}[^\w\n]{{0,3}}(?:{_IS}\s)?(?:the|my|our|die|meine|mein|le|la|ma|mon|el|mi|il|mio|het|mijn)\s"
    rf"(?:(?:{WORDS}|{NUMBERED})[\s-]?{NUMBER}|{_LETTER}{{4,20}}n(?:umme|)r)(?![^\W_])",
    re.IGNORECASE,
)
# Four digits do beside capital letters or a sign for a number: `Ref: KX/4482/AB`, `order #1042`.
_SHORT = re.compile(r"(?:#\s?|[A-Z][-/]?)\d{4}(?!\d)")
_CALLED_SHORT = re.compile(
    rf"(?<![^\W_])(?:{WORDS}|{NUMBERED})s?(?![^\W_])(?:(?:{_LINKED}{NUMBER})?\s?\#\s?(?P<number>\d{{4}})"
    rf"|(?:(?<=ref)|(?<=ference)|{_LINKED}{NUMBER}|(?=[:#]))[^\w]{{0,3}}(?:{_IS}\s)?"
    r"(?P<code>(?-i:[A-Z]{1,5}[-/]?\d{4}(?:[-/][A-Z0-9]{1,5})?|\d{4}-[A-Z]{2,3})))(?![\w%$€£-]|[.,:/]\d)",
    re.IGNORECASE,
)
# Forms that are nothing else: Amazon's and Google's, those of parcels, and those that begin with
# their word.
_ALONE = re.compile(
    r"(?<![\w-])(?P<value>(?:\d{3}|[A-Z]\d{2})-\d{7}-\d{7}|[A-Z]{2}\s\d{3}\s\d{3}\s\d{3}\s[A-Z]{2}"
    r"|[A-Z]{2}\s\d{4}\s\d{4}\s\d\s?[A-Z]{2}|1Z\s[0-9A-Z]{3}\s[0-9A-Z]{3}\s\d\d\s\d{4}\s\d{4}"
    r"|9[2-5]\d\d(?:\s\d{4}){4}(?:\s\d\d)?|9[2-5]\d{20}|GPA\.\d{4}-\d{4}-\d{4}-\d{5}"
    r"|1Z[0-9A-Z]{8}\d{8}|[A-Z]{2}\d{9}[A-Z]{2}|JJ?D\d{16,20}|JVGL\d{16,20}|\d{3}\.\d{3}\.\d{3}-\d\d|[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]|3S[A-Z]{4,6}\d{6,11}|TBA\d{12}"
    r"|(?:SF|LP|YT)\d{13,16}"
    r"|(?:TCK|TKT|TICKET|INC|ORD|ORDER|RMA|INV|REF|REQ|CASE|PNR)"
    r"(?:[-#_/]?\d(?:[-/]?\d){4,}|\s\d{6,})|SR[ #]\d-\d{6,})(?![\w-])"
)
# Every value has so many digits; the rules, which are slow, look no further from them.
_DIGITS = re.compile(r"\d(?:[A-Za-z/_.-]{0,6}\d|\s\d){4,}")
_BEFORE, _BEHIND, _AFTER = 80, 80, 30
_FEWEST = 5
_NOUN = 26
"""Characters in front of the word of a number that a noun takes up."""
# What one of the words before a number is where it is that of an order.
_CALLS = re.compile(
    rf"(?<![^\W_])(?:{WORDS}|(?:{NUMBERED})s?(?:{NUMBER})?(?![^\W\d_])|{NUMBER}"
    rf"|(?:charge|notice|note|card|tck|tkt|inc|inv|req|[&]trace|trace|sr|flyer|blue|club|honors|post|tag|under|fiscale?|authori[sz]ation)(?![^\W\d_]))|(?:nummer|numret|nummeret|nr|-id)(?![^\W\d_])"
    rf"|{CJK_WORDS}|{CJK_NUMBER}|\#$",
    re.IGNORECASE,
)
_WORDS_BEFORE = 7
_NEXT = re.compile(rf"\s?(?:[,&+/]|and|und|et|y|e|en|or|oder|и)\s#?{VALUE}", re.IGNORECASE)


def may_be_order(before: str) -> bool:
    """Tell whether digits behind a text could be the number of an order; cheap."""
    return any(map(_calls, before.split()[-_WORDS_BEFORE:]))


@lru_cache(maxsize=8192)
def _calls(word: str) -> bool:
    return _CALLS.search(word) is not None or has_noun(word)


def find_orders(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers of orders begin and end, and each without its signs."""
    numbers = [(start, end, _bare(text[start:end])) for start, end in find_called(text)]
    numbers += _codes(text)
    spans = [digits.span() for digits in _DIGITS.finditer(text)]
    if not spans:
        yield from numbers
        return
    begin, limit = max(0, spans[0][0] - _BEFORE), spans[-1][1] + _BEHIND
    called = any(
        may_be_order(text[max(0, start - _BEFORE) : start])
        or _CALLS.search(text, end, end + _AFTER)
        for start, end in spans
    )
    for rule in _RULES if called else (_ALONE,):
        for match in rule.finditer(text, begin, limit):
            if rule in (_ANY, _ANY_CJK, _SIGNED) and not _is_of_person(match):
                continue
            if _is_of_thing(text[max(0, match.start() - _NOUN) : match.start("value")]):
                continue
            before = text[match.start() : match.start("value")]
            named = rule is _ALONE or _CALLED.search(before) is not None
            of_goods = _OF_GOODS.search(before) is not None
            found: re.Match[str] | None = match
            while found is not None:
                start, end = found.span("value")
                value = _bare(text[start:end])
                few = sum(map(str.isdigit, value)) < _FEWEST
                if not few and may_be_number(text, start, end, named=named, of_goods=of_goods):
                    numbers.append((start, end, value))
                found = None if rule is _ALONE else _NEXT.match(text, end)
    yield from sorted(numbers, key=lambda one: one[0] - one[1])  # the longest of those that overlap


def _codes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield codes of bookings, and what is a number with four digits."""
    small = text.lower()
    if any(word in small for word in CODE_WORDS):
        for match in _LOCATOR.finditer(text):
            if _is_code(match):
                yield *match.span("value"), match["value"]
        for rule in _CODES:
            for match in rule.finditer(text):
                yield *match.span("value"), _bare(match["value"])
    if _SHORT.search(text):
        for match in _CALLED_SHORT.finditer(text):
            name = match.lastgroup or ""
            yield *match.span(name), _bare(match[name])


def _bare(written: str) -> str:
    return "".join(filter(str.isalnum, written)).upper()


def _is_code(match: re.Match[str]) -> bool:
    """Tell whether what stands beside a word of a booking is its code: no word, and no flight."""
    value, before = match["value"], match.string[match.start() : match.start("value")]
    return value not in _NO_CODES and not (
        _FLIGHT.fullmatch(value) and _CALLED.search(before) is None
    )


def _is_of_thing(before: str) -> bool:
    """Tell whether a text ends in a reference that is that of the noun in front of it."""
    referred = _REFERRED.search(before)
    noun = "" if referred is None else referred["noun"]
    return noun.islower() and noun not in _NO_THINGS and not has_noun(noun)


def _is_of_person(match: re.Match[str]) -> bool:
    """Tell whether what has a number is no thing, telephone, or mere word of a sentence."""
    words = match.groupdict()
    if noun := words.get("noun"):
        return not noun.endswith(CJK_THINGS)
    if noun := words.get("joined"):
        noun = noun.casefold()
        forms = (noun, noun.removesuffix("s"))
        return not any(form in NO_NOUNS or form.endswith(_LONG_THINGS) for form in forms)
    noun = (words["before"] or words["behind"]).casefold()
    of_thing = noun.endswith(_LONG_THINGS) or fold(noun).startswith(THING_STEMS)
    return noun not in NO_NOUNS and not of_thing


_RULES = (
    *(_ALONE, _ANY, _ANY_CJK, _ORDER, _ORDER_NAMED, _SENT, _SENT_LONG, _SENT_CJK, _TURNED),
    *(_ASIDE, _BETWEEN_COMMAS, _AFTERWARDS, _GIVEN, _SIGNED, _OF_PROGRAM),
)
_LONG_THINGS = tuple(word for word in OF_THINGS if len(word) >= 4)
