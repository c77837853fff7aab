"""Numbers of orders, tickets, bookings and invoices in a text, told by the word beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

# After these the number may follow at once: `order 4057-88213`.
_WORDS = (
    r"orders?|tickets?|booking|invoice|tracking|rma|pnr|claim|reference|ref[.:]|orden|purchase\sorder"
    r"|bestell(?:ung|nummer|nr|ungsnummer)?|auftrag(?:s?nummer|snr)?|buchung(?:snummer)?"
    r"|rechnung(?:snummer|snr)?|ticketnummer|vorgang(?:snummer)?|sendungsnummer|kundennummer"
    r"|commande|facture|pedido|factura|ordine|fattura|encomenda|fatura|bestelling|bestel(?:nummer|nr)"
    r"|ordernummer|factuur(?:nummer)?|boeking|zam[oó]wieni[ea]|заказ[а]?|订单号?|訂單|注文番号|注文"
)
# After these only with the word for a number, or its sign: `case no. 12345`.
_NUMBERED = (
    r"case|ref|ord|p\.?o|best|auftrags|rechnungs|cde|cmd|confirmation|reservation|return|customer|account"
    r"|member(?:ship)?|policy|shipment|parcel|incident|request|service|support"
    r"|kunden|kd|sendungs?|vorgangs?|reklamation|r[ée]servation|suivi|dossier|client|colis|r[ée]clamation"
    r"|reserva|env[ií]o|seguimiento|cliente|reclamaci[oó]n|prenotazione|spedizione|biglietto|reclamo"
    r"|rastreio|reclama[cç][aã]o|klant|zending|reservering"
)
_NUMBER = (
    r"(?:numbers?|n[uú]m(?:ber)?|nos?|nrs?|nbr|ids?|code|ref(?:erence)?|num[ée]ro|n[úu]mero|nummer"
    r"|nummers?|n(?:\.|\s)?[°ºo]|n(?=\.)|№|号码?|番号|номер)"
)
_IS = r"(?:is|was|are|were|ist|war|lautet|lautete|est|était|es|era|è|é|id[ée]m|von|mit\sder)"
_LINKED = r"[^\w\n]{0,4}"
_WITH = r"(?:\s(?:with|mit|met|avec|con|com)(?:\s(?:the|der|dem|het|le|el|il|a|o))?(?=\s))?"
_VALUE = (
    r"(?P<value>(?=(?:[A-Za-z/_-]{0,6}\d){5})[A-Za-z0-9]+(?:[-/_](?=[A-Za-z]*\d)[A-Za-z0-9]+)*)"
    r"(?![\w@]|[.,:]\d|\s?[%€$£°])"
)
# `order 10000 of them`, unless the number is called one: `order no. 10000 of May`.
_OF_SOMETHING = re.compile(
    r"\s?-?(?:mah|wh|watts?|w|v|k?g|mg|lbs?|oz|ml|l|km|m|mm|cm|inch(?:es)?|gb|mb|tb|rpm|hours?|hrs?"
    r"|pieces?|pcs|times?|of|more|units?|people|persons?|steps?|pages?|stück|mal|euros?|eur|usd"
    r"|dollars?|pounds?|rupees|rs|points?|miles?|boxes|bags|cans|pods|cups)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[:#№°º]|nu?[mr]|\bno?\b|\bid|code", re.IGNORECASE)
_ORDER = re.compile(
    rf"(?<![^\W_])(?:(?:{_WORDS}){_WITH}(?:{_LINKED}{_NUMBER}(?![^\W\d_]))?"
    rf"|(?:{_NUMBERED}){_LINKED}(?:d['e]\s?)?(?:{_NUMBER}(?![^\W\d_])|\#))"
    rf"(?:{_LINKED}{_NUMBER}(?![^\W\d_]))?(?:{_LINKED}{_IS}(?![^\W\d_]))?{_LINKED}{_VALUE}",
    re.IGNORECASE,
)
# `n° de suivi 123`, `number of my claim: 123`
_TURNED = re.compile(
    rf"(?<!\w){_NUMBER}\.?\s(?:of|for|de|du|di|do|der|des|meiner|d')\s?"
    rf"(?:the|my|our|la|le|mon|ma|mi|mio|minha)?\s?(?:{_WORDS}|{_NUMBERED})"
    rf"(?:{_LINKED}{_IS}(?![^\W\d_]))?{_LINKED}{_VALUE}",
    re.IGNORECASE,
)
# Forms that are nothing else: Amazon's, and those that begin with their word.
_ALONE = re.compile(
    r"(?<![\w-])(?P<value>(?:\d{3}|[A-Z]\d{2})-\d{7}-\d{7}"
    r"|(?:TCK|TKT|TICKET|INC|ORD|ORDER|RMA|INV|REF|REQ|CASE|PNR)[-#_/]?\d(?:[-/]?\d){4,})(?![\w-])"
)
_NEXT = re.compile(rf"\s?(?:,|&|and|und|et|y|e|en|or|oder|и)\s#?{_VALUE}", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[01]?\d\2(?:19|20)?\d\d|(?:19|20)\d\d[-/](?:19|20)\d\d"
)


def find_orders(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers of orders begin and end, and each without its signs."""
    for rule in (_ALONE, _ORDER, _TURNED):
        for match in rule.finditer(text):
            called = rule is _ALONE or _CALLED.search(text, match.start(), match.start("value"))
            found: re.Match[str] | None = match
            while found is not None:
                start, end = found.span("value")
                is_one = called or _OF_SOMETHING.match(text, end) is None
                if is_one and not _DATE.fullmatch(text, start, end):
                    yield start, end, "".join(filter(str.isalnum, text[start:end])).upper()
                found = None if rule is _ALONE else _NEXT.match(text, end)
