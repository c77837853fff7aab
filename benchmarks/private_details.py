"""Are private details in reviews seen, and nothing else: planted ones, near misses, plain texts.

Invented details in the forms that people write are put into real reviews, a sentence each, in seven
languages; so are near misses: model numbers, prices, years, ISBNs. Even seeds are for tuning, odd
ones for the figures that are told. The details were written before the rules.

    python benchmarks/private_details.py --reviews FILE ...       # columns Text, content, …
    python benchmarks/private_details.py                          # short form, the sample reviews
"""

# ruff: noqa: E501 - tables of invented details

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewlens.reading.private import find_details
from setup import SAMPLE, describe, read_texts

KINDS = ("email", "phone", "card", "iban", "order")
Make = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with what was put into it.

    Attributes:
        text: The review.
        start: Where the detail or the near miss begins, -1 where nothing was put in.
        end: Where it ends.
        kind: One of `KINDS`; `none` of a near miss.
        form: By which form it was made.
    """

    text: str
    start: int
    end: int
    kind: str
    form: str


def digits(rng: random.Random, count: int, first: str = "0123456789") -> str:
    return rng.choice(first) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def shaped(*shapes: str) -> Make:
    """Make one of some shapes: `#` is a digit, `+` stays, `@` a letter A-Z, `%` a digit 2-9."""

    def make(rng: random.Random) -> str:
        put = {"#": lambda: digits(rng, 1), "%": lambda: digits(rng, 1, "23456789"),
               "@": lambda: rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")}  # fmt: skip
        return "".join(put[sign]() if sign in put else sign for sign in rng.choice(shapes))

    return make


GIVEN = [
    "anna",
    "jonas",
    "maria.l",
    "peter83",
    "k.lindqvist",
    "sofie_b",
    "tom-hardwick",
    "jürgen",
    "m.rossi",
    "claire.d",
]
HOSTS = [
    "example.com",
    "mail.example.co.uk",
    "post.example.de",
    "example.org",
    "web.example.fr",
    "exämple.de",
]


def email(rng: random.Random) -> str:
    name, host = rng.choice(GIVEN), rng.choice(HOSTS)
    return rng.choice((
        f"{name}@{host}", f"{name}{digits(rng, 2)}@{host}", f"{name}+shop@{host}",
        f"{name}@{host}".upper(), f"<{name}@{host}>", f"mailto:{name}@{host}",
    ))  # fmt: skip


def hidden_email(rng: random.Random) -> str:
    name, (host, top) = rng.choice(GIVEN), rng.choice((("example", "com"), ("post", "de")))
    return rng.choice((
        f"{name} [at] {host} [dot] {top}", f"{name}(at){host}.{top}", f"{name} at {host} dot {top}",
        f"{name} @ {host}.{top}", f"{name} AT {host} DOT {top}", f"{name}[at]{host}[dot]{top}",
        f"https://shop.example.com/unsubscribe?id=7&email={name}%40{host}.{top}&x=1",
        f"{name}&#64;{host}.{top}",
    ))  # fmt: skip


def luhn(body: str) -> str:
    """Return a number with its check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, sign in enumerate(reversed(body)):
        doubled = int(sign) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def card(rng: random.Random) -> str:
    prefix, length = rng.choice((("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16)))
    number = luhn(prefix + digits(rng, length - 1 - len(prefix)))
    cuts = (4, 10) if length == 15 else (4, 8, 12)
    parts = [number[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True)]
    return rng.choice(("", " ", "-", " ", ".")).join(parts)


def iban(rng: random.Random) -> str:
    country, body = rng.choice((
        ("DE", digits(rng, 18)), ("AT", digits(rng, 16)), ("ES", digits(rng, 20)),
        ("FR", digits(rng, 23)), ("GB", "WEST" + digits(rng, 14)), ("NL", "ABNA" + digits(rng, 10)),
        ("IT", "X" + digits(rng, 22)), ("CH", digits(rng, 17)), ("BE", digits(rng, 12)),
    ))  # fmt: skip
    number = int("".join(str(int(sign, 36)) for sign in f"{body}{country}00"))
    whole = f"{country}{98 - number % 97:02}{body}"
    blank = rng.choice(("", " ", " ", "-", " "))
    parts = blank.join(whole[start : start + 4] for start in range(0, len(whole), 4))
    return parts.lower() if rng.random() < 0.1 else parts


PHONES: Mapping[str, Make] = {
    "de": shaped("0171 2#####6", "0171/2######", "+49 171 2######", "0049 171 2######", "0151-2345####",
                 "030 2345####", "(030) 2345####", "+49 (0)30 2345####", "089/1234##", "01512345####",
                 "+49-89-2345##", "0221 / 47 11 ## ##"),
    "fr": shaped("06 12 ## ## ##", "06.12.##.##.##", "0612######", "+33 6 12 ## ## ##", "01 42 68 ## ##",
                 "+33 (0)1 42 68 ## ##", "0033 6 12 ## ## ##", "06-12-##-##-##", "01.42.68.##.##"),
    "gb": shaped("07911 12####", "07911 123 ###", "+44 7911 12####", "020 7946 0###", "(020) 7946 0###",
                 "+44 (0)20 7946 0###", "0161 496 0###", "0800 111 ####"),
    "us": shaped("(212) 555-01##", "212-555-01##", "212.555.01##", "+1 212 555 01##", "1-800-555-01##",
                 "+1-415-555-26##", "415 555 26##", "(415)555-26##", "1 (415) 555-26##", "+14155552671"),
    "in": shaped("+91 98765 #####", "098765 #####", "+91-98765-#####", "98765 #####", "+9198765#####"),
    "es": shaped("612 34 ## ##", "612 345 ###", "+34 612 345 ###", "91 123 ## ##", "+34 91 123 ## ##"),
    "it": shaped("347 123 ####", "+39 347 123 ####", "347 12 34 ###", "02 1234 ####", "+39 06 1234 ####"),
    "nl": shaped("06-1234####", "06 1234 ####", "+31 6 1234 ####", "020-123 ####"),
    "pt": shaped("912 345 ###", "+351 912 345 ###", "21 123 ####"),
    "br": shaped("(11) 91234-####", "+55 11 91234-####"),
    "ch": shaped("079 123 ## ##", "+41 79 123 ## ##", "044 123 ## ##"),
    "at": shaped("0664 123 ####", "+43 664 123 ####"),
    "au": shaped("0412 345 ###", "+61 412 345 ###", "(02) 9123 ####"),
    "cn": shaped("+86 138 1234 ####", "138 1234 ####"),
    "jp": shaped("090-1234-####", "+81 90-1234-####", "03-1234-####"),
}  # fmt: skip
BARE = shaped("98765#####", "415555####", "01712######", "0612######", "07911######", "2125550###")

ORDERS: Sequence[tuple[str, Make]] = (
    ("My order {} never came.", shaped("112-#######-#######", "#A1####", "#######", "A1####", "#4####")),
    ("Order number {} is still open.", shaped("112-#######-#######", "4#####", "FR-2024-####1", "SO4####")),
    ("order no. {}, still waiting", shaped("4#####-##", "7######", "W00######")),
    ("See order #{} for details.", shaped("4#####", "A1####", "112-#######-#######", "10##-####")),
    ("Order ID: {}", shaped("302-#######-#######", "OD1############", "4#######")),
    ("I wrote about it ({}) and heard nothing.", shaped("112-#######-#######", "TCK-2024-00###", "INC00#####")),
    ("Support ticket {} is unanswered.", shaped("TCK-2024-00###", "#8####", "8#####", "ABC-1####")),
    ("ticket no {} was closed without a word", shaped("5#####", "TCK-2024-00###", "2024-0####")),
    ("My order number is {} if anyone reads this.", shaped("5######", "#A1####", "GB-5#####")),
    ("Booking reference {} was lost.", shaped("QX7####", "8######", "BK-2#####")),
    ("The invoice number {} is wrong.", shaped("RE-2024-0####", "2024/0####", "INV-0####")),
    ("tracking number {} says delivered", shaped("1Z999AA1##########", "00340434############", "RR#########DE")),
    ("Bestellnummer {} ist nie angekommen.", shaped("302-#######-#######", "4#######", "B-2024-#####")),
    ("Meine Bestellung Nr. {} fehlt.", shaped("4#####", "2024-####1", "#A1####")),
    ("Die Bestell-Nr.: {} wurde storniert.", shaped("4#######", "AB-######")),
    ("Ticket-Nr. {} blieb ohne Antwort.", shaped("8#####", "TCK-2024-00###")),
    ("Rechnungsnummer {} stimmt nicht.", shaped("RE-2024-0####", "4#######")),
    ("Ma commande n° {} est perdue.", shaped("4#######", "FR-2024-#####", "402-#######-#######")),
    ("Numéro de commande : {}", shaped("4#######", "CMD-######")),
    ("Mi pedido {} no ha llegado.", shaped("4#######", "402-#######-#######", "#4####")),
    ("Número de pedido: {}", shaped("4#######", "PED-2024-####1")),
    ("Il mio ordine n. {} non è arrivato.", shaped("4#######", "402-#######-#######")),
    ("Numero d'ordine {}", shaped("4#######", "IT-######")),
    ("A minha encomenda n.º {} não chegou.", shaped("4#######", "PT-######")),
    ("Mijn bestelling {} is kwijt.", shaped("4#######", "NL-2024-#####")),
    ("Bestelnummer: {}", shaped("4#######")),
)  # fmt: skip

CARRIERS: Mapping[str, Sequence[str]] = {
    "email": ("Write to {} if you want the photos.", "Mail me at {}.", "{} is my address", "Contact: {}",
              "Schreibt mir an {}, danke.", "Mon adresse est {}.", "Mi correo es {}", "I asked ({}) twice."),
    "phone": ("Call me on {} any time.", "My number is {}.", "They can reach me at {}", "Tel. {}",
              "phone: {}, ask for me", "Ruft mich an: {}.", "Mein Handy: {}", "Appelez-moi au {}.",
              "Llámame al {}, gracias", "Il mio numero è {}.", "WhatsApp {}", "Nobody answered at {}, so beware."),
    "card": ("They charged my card {} twice.", "Paid with {} and never got it.", "Kreditkarte {} wurde belastet.",
             "card no. {}", "Ma carte {} a été débitée."),
    "iban": ("Please refund to {}.", "IBAN: {}", "Meine IBAN ist {}, bitte erstatten.", "Mon compte {} attend toujours.",
             "refund to my account {} and be done with it"),
}  # fmt: skip

NEAR: Sequence[tuple[str, Make]] = (
    ("I have the model {} since May.", shaped("WH-1000XM#", "RS-5####", "DS-7##-####", "MFC-L27##DW", "5####-B")),
    ("It cost ${} last year.", shaped("1,2##.99", "1##.##", "12##", "1 2##.00")),
    ("Der Preis war {} EUR.", shaped("1.2##,99", "12 ###,00", "1####")),
    ("In {} we bought three.", shaped("2019", "2023", "1998")),
    ("From {} it worked.", shaped("2019-2023", "2019 to 2022", "2001-02-03", "03/04/2019", "12.11.2018")),
    ("It arrived {}.", shaped("2019-03-0# 12:##:##", "1#.0#.2020 10:##", "2020/0#/1# 0#:##")),
    ("ISBN {} is the better book.", shaped("978-3-16-14####-#", "0-306-4####-#", "97831614####3", "03064####2")),
    ("The barcode says {}.", shaped("40063813339##", "01234567890#", "5012345678###")),
    ("ASIN {} is the same thing.", shaped("B00###@@##", "B07@##@###")),
    ("Firmware {} broke it.", shaped("1.2.3.4####", "10.15.7", "2.4.1-2019####", "v3.14.159##")),
    ("The router is at {}.", shaped("192.168.1.1##", "10.0.0.2##", "172.16.254.1")),
    ("It is {} in size.", shaped("120 x 80 x 45 cm", "1920x1080", "30-40-50", "8.5 x 11")),
    ("I walked {} steps with it.", shaped("10 000", "1 234 567", "12,345", "100000")),
    ("Lot {} was stale.", shaped("12#####", "L2#####", "0#/2019 1####")),
    ("Battery of {} mAh.", shaped("20000", "10 000", "26800")),
    ("I would order {} of them.", shaped("10000", "25000")),
    ("I had to order 2 of the {} boxes.", shaped("12345", "50000")),
    ("Open from {}.", shaped("08:00-18:30", "9.00 - 17.30", "10-12 and 14-16")),
    ("We sat at gate {} for hours.", shaped("B12", "C 1#", "2#")),
    ("Score {} in my list.", shaped("10/10/9/8/10", "5-4-5-5-4-5", "7 8 9 10 9 8")),
    ("Flight {} was late.", shaped("BA2490", "LH 4##", "UA 12##")),
    ("The serial number is {}.", shaped("SN-#######", "C02@##@#@@@#", "35209900######0")),
    ("Follow @{} for more.", shaped("teafan##", "shop_####")),
    ("2 @ {} each.", shaped("3.99", "12.50")),
    ("Zip code {}.", shaped("90210-####", "SW1A 1AA", "10115")),
    ("Coordinates {}.", shaped("52.5200, 13.40##", "48.8566 2.35##")),
    ("It was ticket to {} nights of joy.", shaped("1001", "365")),
    ("Echo dot at example of {} rooms", shaped("3", "12")),
)  # fmt: skip


def details(rng: random.Random, count: int) -> list[tuple[str, str, str, str]]:
    """Return sentences with `{}`, what stands there, its kind and its form."""
    made: list[tuple[str, str, str, str]] = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        if kind == "order":
            carrier, make = rng.choice(ORDERS)
            made.append((carrier, make(rng), kind, carrier))
            continue
        carrier = rng.choice(CARRIERS[kind])
        if kind == "email":
            hidden = rng.random() < 0.25
            made.append(
                (carrier, (hidden_email if hidden else email)(rng), kind, f"hidden={hidden}")
            )
        elif kind == "phone":
            bare = rng.random() < 0.1
            region = "bare" if bare else rng.choice(list(PHONES))
            if bare:
                carrier = rng.choice(CARRIERS[kind][:-1])
            made.append((carrier, (BARE if bare else PHONES[region])(rng), kind, region))
        else:
            made.append((carrier, (card if kind == "card" else iban)(rng), kind, carrier))
    return made


def plant(texts: Sequence[str], seed: int, count: int) -> list[Planted]:
    """Put details and as many near misses into texts, each into one of its own."""
    rng = random.Random(seed)
    near = [(carrier, make(rng), "none", carrier) for carrier, make in rng.choices(NEAR, k=count)]
    chosen = rng.sample(range(len(texts)), k=min(len(texts), 2 * count))
    planted = []
    for place, (carrier, what, kind, form) in zip(
        chosen, [*details(rng, count), *near], strict=False
    ):
        text = texts[place]
        cuts = [0, len(text), *(i + 2 for i in range(len(text) - 2) if text[i : i + 2] == ". ")]
        cut = rng.choice(cuts)
        before, after = text[:cut], text[cut:]
        gap = " " if before and not before[-1].isspace() else ""
        head = before + gap + carrier.partition("{}")[0]
        whole = f"{head}{what}{carrier.partition('{}')[2]} {after}"
        planted.append(Planted(whole, len(head), len(head) + len(what), kind, form))
    return planted


def judge(planted: Sequence[Planted], plain: set[str]) -> tuple[Counter[str], list[str]]:
    """Count what was seen, missed and seen where nothing is; return the mistakes too.

    What is found in a text as it was before is counted aside.
    """
    counts: Counter[str] = Counter()
    mistakes = []
    for one in planted:
        found = find_details(one.text)
        touching = [f for f in found if f.start < one.end and one.start < f.end]
        covered = sum(min(f.end, one.end) - max(f.start, one.start) for f in touching)
        counts["found"] += len(found)
        wrong = len(found) - len(touching) if one.kind != "none" else len(found)
        counts["wrong"] += wrong
        if wrong:
            told = [one.text[f.start : f.end] for f in found]
            mistakes.append(f"wrong {one.kind} {one.form!r}: {told}")
        if one.kind == "none":
            continue
        counts[f"{one.kind} planted"] += 1
        whole = covered >= len(one_detail(one))
        counts[f"{one.kind} seen"] += whole
        counts["called so"] += any(f.kind == one.kind for f in touching)
        if not whole:
            mistakes.append(f"missed {one.kind} {one.form!r}: {one.text[one.start : one.end]!r}")
    return counts, mistakes


def one_detail(one: Planted) -> str:
    """Return what of the planted has to be covered: without `<`, `mailto:`, a link around it."""
    what = one.text[one.start : one.end]
    if "email=" in what:
        return what.partition("email=")[2].partition("&x")[0]
    return what.strip("<>#").removeprefix("mailto:").removeprefix("MAILTO:")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, nargs="+", default=[SAMPLE])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--mistakes", action="store_true")
    arguments = parser.parse_args()
    print(describe())
    for file in arguments.reviews:
        texts = [text for text in dict.fromkeys(read_texts(file)) if text]
        alarms = {text: find_details(text) for text in texts}
        shown = [text[f.start : f.end] for text, found in alarms.items() for f in found]
        print(f"{file.name}: {len(texts):,} texts as they are, {len(shown)} details: {shown[:30]}")
        texts = [text for text, found in alarms.items() if not found]
        for seed in arguments.seeds:
            counts, mistakes = judge(
                plant(texts, seed, min(arguments.count, len(texts) // 2)), set(texts)
            )
            planted = sum(counts[f"{kind} planted"] for kind in KINDS)
            seen = sum(counts[f"{kind} seen"] for kind in KINDS)
            by_kind = ", ".join(
                f"{kind} {counts[f'{kind} seen']}/{counts[f'{kind} planted']}" for kind in KINDS
            )
            print(
                f"  seed {seed}: recall {seen / planted:.3f} ({by_kind}), precision "
                f"{1 - counts['wrong'] / max(1, counts['found']):.3f} of {counts['found']}, "
                f"called as they are {counts['called so'] / planted:.3f}"
            )
            if arguments.mistakes:
                print("\n".join(f"    {mistake}" for mistake in mistakes))


if __name__ == "__main__":
    main()
