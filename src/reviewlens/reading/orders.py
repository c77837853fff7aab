"""Numbers of orders, tickets, bookings and invoices in a text, told by the word beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# After these the number may follow at once: `order 4057-88213`.
_WORDS = (
    r"orders?|tickets?|booking|invoice|tracking|rma|pnr|claim|reference|ref[.:]|orden|purchase\sorder"
    r"|complaint|waybill|awb|consignment|dispute|incident|tkt|conf[.]?\s?\#"
    r"|bestell(?:ung|nummer|nr|ungsnummer)?|auftrag(?:s?nummer|snr)?|buchung(?:snummer|scode)?"
    r"|rechnung(?:snummer|snr)?|ticketnummer|vorgang(?:snummer)?|sendungsnummer|kundennummer"
    r"|commande|facture|pedido|factura|localizador|ordine|fattura|pratica|encomenda|fatura|protocolo"
    r"|bestelling|bestel(?:nummer|nr)|ordernummer|factuur(?:nummer)?|boeking|track\s(?:en|&|and)\strace"
    r"|reserveringsnummer|zam[oó]wieni[ea]|zg[łl]oszeni[ea]|przesy[łl]k[ai]|faktur[ay]|rezerwacj[ai]"
    r"|reklamacj[ai]|(?:boekings?|klacht|zendings?|pakket|bokning|ärende|kolli|ordre|sags?|bookings?"
    r"|forsendelses?|sporings?|spårnings?|faktura|klage|reklamations?|retur|beställnings?|sändnings?)s?(?:nummer|nr|numret|nummeret)"
    r"|заказ[а]?|订单号?|訂單|注文番号|注文"
)
# After these only with the word for a number, or its sign: `case no. 12345`; or before what is
# long, or has capital letters in it, as no count of things has: `shipment JD0146000092`.
_NUMBERED = (
    r"case|ref|ord|p\.?o|best(?=[.-])|auftrags|rechnungs|cde|cmd|confirmation|reservation|return|customer|account"
    r"|member(?:ship)?|policy|shipment|parcel|incident|request|service|support"
    r"|kunden|kd|sendungs?|vorgangs?|reklamation|r[ée]servation|suivi|dossier|client|colis|r[ée]clamation"
    r"|reserva|env[ií]o|seguimiento|cliente|reclamaci[oó]n|prenotazione|spedizione|biglietto|reclamo"
    r"|rastreio|reclama[cç][aã]o|klant|zending|reservering"
)
_NUMBER = (
    r"(?:numbers?|n[uú]m(?:ber)?|nos?|nrs?|nbr|ids?|code|ref(?:erence)?|num[ée]ro|n[úu]mero|numer|nummer"
    r"|nummers?|n(?:\.|\s)?[°ºo]|n(?=\.)|№|号码?|番号|номер)"
)
_IS = r"(?:is|was|are|were|ist|war|lautet|lautete|est|était|es|era|è|é|id[ée]m|von|mit\sder)"
_LINKED = r"[^\w]{0,4}"
_WITH = r"(?:\s(?:with|mit|met|avec|con|com)(?:\s(?:the|der|dem|het|le|el|il|a|o))?(?=\s))?"
# Groups of which one at least has a digit: `FV/7719/05/2024`, `A1009-55872-XL`, `8841.207.335`.
_GROUP = r"(?:[A-Za-z]*\d[A-Za-z0-9]*|(?-i:[A-Z]{1,4})(?![a-z]))"
_PARTED = (
    rf"{_GROUP}(?:[-/_]{_GROUP}|\.(?=\d{{3}}(?!\d))\d{{3}}|(?<=\d\d\d)\s\d{{3,5}}(?![\w.,:]))*"
)
_END = r"(?![\w@]|[.,:]\d|\s?[%€$£°])"
_VALUE = rf"(?P<value>(?=(?:[A-Za-z/_.-]{{0,6}}\d|\s\d){{5}}){_PARTED}){_END}"
_CODED = (
    rf"(?P<value>(?=[A-Za-z0-9]*(?:\d[-/_.]?){{8}}|\d{{4}}\.\d{{3}}"
    rf"|(?=(?:[A-Za-z/_-]{{0,6}}\d){{5}})[\w/-]*(?-i:[A-Z])){_PARTED}){_END}"
)
# What may stand between the word and such a number.
_BETWEEN = (
    rf"(?:{_NUMBER}|{_IS}|de|do|da|di|del|della|der|des|er|är|here|right|its|it['’]s|my|atendimento"
    r"|atenci[oó]n|reserva|prenotazione|client[e]?|inc|sr|req|cs)"
)
# What an airline calls a booking by: six signs, few of them digits.
_LOCATOR = re.compile(
    r"(?<![^\W_])(?:pnr|(?:record\s)?locator|(?:booking|reservation|conf(?:irmation|\.)?)(?:\s(?:code|number|no\.?|ref(?:erence)?)|\s?\#)"
    r"|booking|r[ée]servation|reserva|buchungs(?:code|nummer)|localizador|c[oó]digo\sde\sreserva"
    r"|(?:codice\s(?:di\s)?)?prenotazione|code\sde\sr[ée]servation|(?:boekings?|reserverings?|bokning|bookings?)s?(?:code|kod|kode|nummer)"
    r"|(?:kod\s)?rezerwacj[ai])"
    rf"(?:{_LINKED}{_BETWEEN}(?![^\W_])){{0,3}}{_LINKED}"
    r"(?P<value>(?-i:(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,12}|(?<=[a-z]\s)[A-Z]{6}))(?![\w-])",
    re.IGNORECASE,
)
CODE_WORDS = (
    *("pnr", "loca", "booking", "reserv", "réserv", "buchungs", "prenotazione", "boeking"),
    *("rezerwacj", "bokning", "conf", "order", "ticket", "tracking", "invoice", "pedido"),
)
"""What one of the words before such a code has in it, in small letters."""
# `order 10000 of them`, unless the number is called one: `order no. 10000 of May`.
OF_SOMETHING = re.compile(
    r"\s?-?(?:mah|wh|watts?|w|v|k?g|mg|lbs?|oz|ml|l|km|m|mm|cm|inch(?:es)?|gb|mb|tb|rpm|hours?|hrs?"
    r"|pieces?|pcs|times?|of|more|units?|people|persons?|steps?|pages?|stück|mal|euros?|eur|usd"
    r"|dollars?|pounds?|rupees|rs|points?|miles?|boxes|bags|cans|pods|cups"
    r"|lumens?|lm|btu|k[čc]|czk|zł|pln|kr|sek|dkk|nok|chf|yen|psi|dpi|iu|mcg|ppm|cfm|k?cal|calories"
    r"|downloads?|presses|followers|reviews|views|items|bottles|rolls|tablets|capsules|pills|clicks)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[:#№°º]|nu?[mr]|\bno?\b|\bid|code", re.IGNORECASE)
_ORDER = re.compile(
    rf"(?<![^\W_])(?:(?:{_WORDS}){_WITH}(?:{_LINKED}{_NUMBER}(?![^\W\d_]))?"
    rf"|(?:{_NUMBERED})s?{_LINKED}(?:d['e]\s?)?(?:{_NUMBER}(?![^\W\d_])|\#))"
    rf"(?:{_LINKED}{_NUMBER}(?![^\W\d_]))?(?:{_LINKED}{_IS}(?=[\s:=]))?{_LINKED}{_VALUE}",
    re.IGNORECASE,
)
_SENT = re.compile(
    rf"(?<![^\W_])(?!ref\b)(?:{_NUMBERED}|{_WORDS})(?:{_LINKED}{_BETWEEN}(?![^\W_])){{0,4}}{_LINKED}{_CODED}",
    re.IGNORECASE,
)
# `n° de suivi 123`, `number of my claim: 123`
_TURNED = re.compile(
    rf"(?<!\w){_NUMBER}\.?\s(?:of|for|de|du|di|do|der|des|meiner|d')\s?"
    rf"(?:the|my|our|la|le|mon|ma|mi|mio|minha)?\s?(?:{_WORDS}|{_NUMBERED})"
    rf"(?:{_LINKED}{_IS}(?=[\s:=]))?{_LINKED}{_VALUE}",
    re.IGNORECASE,
)
# Forms that are nothing else: Amazon's, and those that begin with their word.
_ALONE = re.compile(
    r"(?<![\w-])(?P<value>(?:\d{3}|[A-Z]\d{2})-\d{7}-\d{7}"
    r"|(?:TCK|TKT|TICKET|INC|ORD|ORDER|RMA|INV|REF|REQ|CASE|PNR)"
    r"(?:[-#_/]?\d(?:[-/]?\d){4,}|\s\d{6,})|SR[ #]\d-\d{6,})(?![\w-])"
)
# Every value has so many digits; the rules, which are slow, look no further from them.
_DIGITS = re.compile(r"\d(?:[A-Za-z/_.-]{0,6}\d|\s\d){4,}")
_BEFORE, _BEHIND = 80, 80
# What one of the words before a number is where it is that of an order.
_CALLS = re.compile(
    rf"(?<![^\W_])(?:{_WORDS}|(?:{_NUMBERED})s?(?:{_NUMBER})?(?![^\W\d_])"
    r"|(?:tck|tkt|inc|inv|req|trace|sr)(?![^\W\d_]))",
    re.IGNORECASE,
)
_WORDS_BEFORE = 5
_NEXT = re.compile(rf"\s?(?:,|&|and|und|et|y|e|en|or|oder|и)\s#?{_VALUE}", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[01]?\d\2(?:19|20)?\d\d|(?:19|20)\d\d[-/](?:19|20)\d\d"
    r"|(?:19|20)\d\d[01]\d[0-3]\d"
)


def may_be_order(before: str) -> bool:
    """Tell whether digits behind a text could be the number of an order; cheap."""
    return any(map(_calls, before.split()[-_WORDS_BEFORE:]))


@lru_cache(maxsize=8192)
def _calls(word: str) -> bool:
    return _CALLS.search(word) is not None


def find_orders(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers of orders begin and end, and each without its signs."""
    small = text.lower()
    if any(word in small for word in CODE_WORDS):
        for match in _LOCATOR.finditer(text):
            yield *match.span("value"), match["value"]
    spans = [digits.span() for digits in _DIGITS.finditer(text)]
    if not spans:
        return
    begin, limit = max(0, spans[0][0] - _BEFORE), spans[-1][1] + _BEHIND
    called = any(may_be_order(text[max(0, start - _BEFORE) : start]) for start, _ in spans)
    for rule in (_ALONE, _ORDER, _SENT, _TURNED) if called else (_ALONE,):
        for match in rule.finditer(text, begin, limit):
            named = rule is _ALONE or _CALLED.search(text, match.start(), match.start("value"))
            found: re.Match[str] | None = match
            while found is not None:
                start, end = found.span("value")
                is_one = named or OF_SOMETHING.match(text, end) is None
                if is_one and not _DATE.fullmatch(text, start, end):
                    yield start, end, "".join(filter(str.isalnum, text[start:end])).upper()
                found = None if rule is _ALONE else _NEXT.match(text, end)
