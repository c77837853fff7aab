"""Numbers that a noun and a word for a number tell of, in some forty languages.

A row of one table is a language: the stems of what has a number of its own (an order, a booking, a
customer, a parcel), and the stems of the words for a number. All forms are made of the two:
`numer zamówienia 5512077`, `sipariş numaram: 5512077`, `5512077 nolu sipariş`, `tilausnumero
5512077`, and, where the number has the form of one by itself, the noun alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from reviewlens.reading.order_values import CODED, END, NAMED, VALUE, may_be_number

# Stems, any ending may follow; but for what ends in a point, or in `!`, which may have an `s`.
_LANGUAGES = """
en: order! booking! reservation! ticket! reference! ref. case! customer! client! member
 membership! loyalty! rma!
 frequent_flyer! passenger! tracking! shipment! parcel! consignment! invoice! complaint! claim!
 contract! policy return! refund!
 transaction! payment! account! confirmation receipt! subscription request! itinerary| number
 num. no! no.
 nr. id! code ref. ref! reference!
de: bestell auftrag buchung reservier ticket vorgang kunden mitglied referenz sendung paket
 rechnung
 reklamation beschwerde vertrag versicherung retoure rucksend transaktion bestatigung beleg
 akten
 anfrage schaden| nummer nr! nr. num. kennung code referenz
fr: commande reservation billet ticket demande dossier client adherent membre reference ref.
 suivi colis
 envoi facture reclamation plainte contrat police retour remboursement confirmation sinistre
 abonne
 | numero num. no! n° code id! reference!
es: pedido reserva billete boleto ticket solicitud caso expediente cliente socio seguimiento
 envio paquete guia factura reclam queja contrato poliza devolucion reembolso transaccion cuenta
 confirmacion folio orden compra localizador incidencia| numero num. nro no. n° codigo cod. id!
 referencia
pt: pedido encomenda reserva bilhete chamado protocolo cliente socio referencia rastre fatura
 reclamac
 contrato apolice devoluc reembolso compra processo atendimento| numero num. nro no. n° codigo
 cod. id!
it: ordine prenotazion bigliett richiest pratica client riferiment spedizion tracciamento pacco
 fattura
 reclam segnalazion contratt polizz reso! rimborso transazion confer| numero num. nr. n. n°
 codice cod. id!
nl: bestel order boeking reserver ticket zaak dossier klant lid! referentie kenmerk zending
 pakket
 factuur klacht contract polis retour| nummer nr! nr. code id!
pl: zamowien zam. rezerwacj bilet zgloszen spraw klient referenc przesyl paczk listu faktur
 reklamac umow
 polis zwrot transakc potwierdz zlecen| numer nr! nr. kod id!
cs: objednav obj. rezervac vstupenk jizdenk letenk pripad zakazni klient referenc zasilk balik
 faktur
 reklamac staznost smlouv pojist vratk transakc ucet uctu potvrzen hlasen variabiln| cislo cisl
 c. kod id! symbol
sk: objednav obj. rezervac listk ziadost zakazni klient zasielk balik faktur reklamac staznost
 zmluv
 | cislo cisl c. kod id!
hu: rendeles megrendeles foglalas jegy! ugy! ugyfel ugylet referencia hivatkozas csomag
 kuldemeny szamla
 panasz reklamacio szerzodes kotveny tranzakcio nyomkovet bejelentes tagsag| szam azonosito kod
ro: comand comenz rezervar bilet tichet solicitar dosar client membru referint urmarir colet
 expedier
 factur reclamat plangere contract polit retur ramburs tranzact awb| numar nr! nr. cod id!
tr: siparis rezervasyon bilet talep musteri kargo takip gonderi fatura uye basvuru sikayet
 referans dosya
 police iade islem abone sozlesme destek kayit| numara no! no. kod nolu id!
fi: tilau varau lippu lipu tapau asiak viite seuranta lahety paket lasku reklamaatio valitu
 sopimu
 vakuutu palautu jasen tuki| numero nro nro. tunnu koodi nr.
sv: order bestallning bokning biljett arende kund medlem referens sparning forsandelse sandning
 paket
 kolli faktura reklamation klagomal avtal forsakring retur konto| nummer nr! nr. numret kod id!
da: ordre bestilling booking reservation reservasjon billet sag! sags sak! saks kunde medlem
 referanse sporing forsendelse sending pakke faktura reklamation klage aftale avtale police
 polise
 retur konto kvittering henvendelse| nummer nr! nr. numret kode id!
el: παραγγελι κρατησ εισιτηρι αιτημα υποθεσ πελατ μελους αναφορ αποστολ παρακολουθησ δεμα
 τιμολογι
 παραπον συμβολαι επιστροφ συναλλαγ| αριθμ αρ. κωδικ νο!
ru: заказ брон билет обращен заявк запрос клиент покупат ссылк референс отслежив отправлен
 посылк
 накладн счета фактур претенз жалоб договор полис возврат транзакц платеж дела чека участник
 трек
 | номер № код! id!
uk: замовлен бронюв квитк звернен заявк клієнт посилк відправлен накладн рахун скарг договор
 поліс
 повернен| номер № код! id!
bg: поръчк резервац билет заявк клиент пратк фактур жалб договор рекламац| номер № код! id!
hr: narudz rezervacij zahtjev zahtev kupc kupac klijent posiljk racun reklamacij zalb ugovor
 polic
 narocil karte predmeta poruzbin| broj br. sifra kod stevilk st. id!
vi: don! don_hang dat_cho dat_ve dat_phong van_don khach_hang hoa_don buu_kien kien_hang
 hop_dong khieu_nai
 yeu_cau giao_dich thanh_vien ve! tham_chieu theo_doi| ma! ma_so so!
id: pesanan order pemesanan booking tiket resi pengiriman paket pelanggan anggota faktur keluhan
 aduan
 kontrak polis transaksi referensi laporan| nomor nombor no! no. kode kod! id!
et: tellimus broneering pilet klien saadetis arve| number nr! nr. kood
lt: uzsakym pasutij rezervac klient siunt sutij saskait rekin| numer numur nr! nr. kod
th: คำสั่งซื้อ ออเดอร์ การจอง พัสดุ ติดตาม ลูกค้า สมาชิก ใบเสร็จ ตั๋ว เคส อ้างอิง| หมายเลข เลขที่ เลข
 รหัส
hi: ऑर्डर बुकिंग टिकट ग्राहक शिकायत ट्रैकिंग पार्सल इनवॉइस बिल रेफरेंस| नंबर नम्बर संख्या आईडी क्रमांक
he: הזמנ כרטיס פניי תיק! לקוח משלוח מעקב חביל חשבונית תלונ חוז פוליס אסמכתא| מספר מס קוד
ar: طلب حجز تذكر بلاغ قضي عميل زبون عضوي مرجع تتبع شحن طرد فاتور شكو عقد وثيق بوليص معامل
 مستخدم| رقم كود رمز
fa: سفارش رزرو بلیت مشتری پیگیری مرسول فاکتور شکایت قرارداد| شماره کد
"""
# What may stand between the two, and before the number.
_SMALL = (
    r"(?:d[eiou]l?(?:la|lo|le)?|d['’]|da|do|das|der|des|die|the|my|your|our|la|le|el|il|mon|ma|mi|mio|mia"
    r"|minha|meu|cu|mea|meu|moj\w{0,4}|mé\w{0,3}|mojej|mej|tua|az?|van|mijn|η|της|του|μου|моего|моей"
    r"|cua|toi|nay|saya|של|برای|की|का|कर|की)"
)
_IS = (
    r"(?:is|was|ist|war|lautet|est|etait|es|era|e|was|to|je|je:|on|oli|er|ar|este|είναι|ειναι|ηταν|era"
    r"|fue|foi|adalah|la|hu|هو|هي|है|הוא|היא|คือ|my|olan|ile|is:)"
)
# Before a noun in Arabic and Hebrew stand an article and some prepositions.
_ARTICLE = r"(?:(?:و|ب|ل|ك)?ال|لل|ה|ב|ל)?"
_LETTER = r"[^\W\d_]"
_BEGIN = r"(?<![^\W_])"
_GAP = r"[^\w\n]{0,4}"
_SAYS = rf"(?:{_GAP}{_IS}(?=[\s:=])(?:\s(?:the|el|la|le|il|lo|o|a|der|die|das))?(?![^\W_]))?{_GAP}"
# Letters and digits of a number that is called one: four digits do, and any code that has one.
_CODE = (
    r"(?P<value>(?!(?:19|20)\d\d(?!\d))(?-i:(?=[A-ZА-Я0-9/-]{0,9}\d)(?=(?:[/-]?\w){4})"
    rf"[A-ZА-Я0-9]{{1,14}}(?:[/-][A-ZА-Я0-9]{{1,12}}){{0,5}}){END})"
)
# What somebody has a number of, and buys none of.
_OWN = (
    r"(?:ref(?:eren[a-z]{1,4})?|ticket|case|booking|claim|dossier|caso|pratica"
    r"|vorgang|zaak|sinistre|reclamacion|incidencia)"
)
_FLIGHT = r"[A-Z]{2}\s?\d{3,4}(?!\w)"
_CALLED = r"nolu|no['’]?lu|numarali|szamu|sorszamu"
# Of these languages `order_words` knows what may stand before a number alone: no verb.
_AS_VERBS = frozenset(("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "id"))
_COMPOUNDING = frozenset(("de", "nl", "sv", "da", "fi", "hu", "et"))
_POSSESSIVE = (
    r"(?:my|our|your|their|meine?|unsere?|ihre?|mon|ma|notre|votre|mi|su|nuestr[ao]|il\smio|la\smia|minha|meu"
    r"|mijn|mitt?|min|m[oó]j[ae]?|můj|moje|мой|моя|моё|ваш[ае]?|το|η)"
)


def fold(text: str) -> str:
    """Return a text of the same length whose letters have no accents."""
    return text if text.isascii() else text.translate(_accents())


@cache
def _accents() -> dict[int, str]:
    blocks = ((0xC0, 0x250), (0x386, 0x3CF), (0x400, 0x460), (0x622, 0x627), (0x1E00, 0x2000))
    plain = {
        code: unicodedata.normalize("NFKD", chr(code))[0]
        for block in blocks
        for code in range(*block)
        if unicodedata.decomposition(chr(code))
    }
    strokes = zip("ıİłŁđĐøØςº", "iIlLdDoOσ°", strict=True)
    return plain | {ord(letter): other for letter, other in strokes}


def _stems(words: str) -> str:
    """Return what finds any of some stems with its endings, up to the end of a word."""
    found = []
    for word in fold(words).split():
        stem = re.escape(word.rstrip("!.")).replace("_", r"\s")
        ending = {".": r"\.", "!": "s?", "°": "", "№": ""}.get(word[-1], rf"{_LETTER}{{0,9}}?")
        closed = "" if word[-1] in ".°№" or "\u0900" <= word[0] <= "\u0e7f" else rf"(?!{_LETTER})"
        found.append((stem + ending, closed))
    return "|".join(stem + closed for stem, closed in found)


def _open(words: str) -> str:
    """Return what finds some stems at the front of a word that goes on: `tilausnumero`."""
    stems = (word.rstrip("!") for word in fold(words).split() if word[-1] not in ".°№")
    return "|".join(re.escape(word).replace("_", r"\s") for word in stems)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What finds the numbers of one language, and tells its nouns.

    Attributes:
        begins: The beginning of a word that is one of its nouns.
        header: A noun and a word for a number, and no more.
        noun: A noun, and no more.
        named: Numbers beside both.
        bare: Those beside a noun alone.
    """

    begins: re.Pattern[str]
    header: re.Pattern[str]
    noun: re.Pattern[str]
    named: tuple[re.Pattern[str], ...]
    bare: tuple[re.Pattern[str], ...]


@cache
def _languages() -> Mapping[str, _Rules]:
    rows = (row.partition(":") for row in re.split(r"\n(?!\s)", _LANGUAGES.strip()))
    return {language: _rules_of(language, words) for language, _, words in rows}


def _rules_of(language: str, words: str) -> _Rules:
    noun, _, number = words.partition("|")
    begin = "" if language == "th" else _BEGIN
    called, calling = f"(?:{_ARTICLE}(?:{_stems(noun)}))", f"(?:{_ARTICLE}(?:{_stems(number)}))"
    between = rf"[\s.:\-]{{0,3}}(?:{_SMALL}[\s']{{1,2}}){{0,2}}"
    pair = "|".join((
        rf"{begin}{called}{between}{calling}",
        rf"{begin}{calling}{between}(?:{_LETTER}{{2,12}}\s)?{called}",
        *(
            [rf"{begin}(?:{_open(noun)}){_LETTER}{{0,6}}?-?(?:{_stems(number)})"]
            if language in _COMPOUNDING
            else []
        ),
    ))  # fmt: skip
    is_ = _SAYS
    after = rf"(?:\s(?-i:(?![A-ZА-Я])){_LETTER}{{1,14}}){{0,2}}?{is_}"
    named = (
        rf"(?:{pair}){is_}{_CODE}",
        rf"(?:{pair}){after}{NAMED}",
        rf"(?<![\w.,-]){VALUE}(?:-\w{{1,3}})?\s(?:{_CALLED})\s{called}",
    )
    bare: tuple[str, ...] = ()
    if language not in _AS_VERBS:
        alone = " ".join(word for word in noun.split() if not word.startswith("ref"))
        alone = f"{begin}{_ARTICLE}(?:{_stems(alone)})"
        bare = (rf"{alone}{is_}{CODED}", rf"{alone}\s?(?P<value>\d{{6}}){END}")
    stems = (fold(word).rstrip("!.").partition("_")[0] for word in noun.split())
    at = f"{begin}{'' if language == 'th' else _ARTICLE}(?:{'|'.join(map(re.escape, stems))})"

    def compiled(*forms: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(form, re.IGNORECASE) for form in forms)

    begins, header, noun_alone = compiled(at, rf"(?:{pair})[\s.:#°]{{0,2}}", called)
    return _Rules(begins, header, noun_alone, compiled(*named), compiled(*bare))


_MINE = re.compile(
    rf"{_BEGIN}{_POSSESSIVE}\s(?:{_LETTER}{{2,12}}\s)?{_OWN}{_SAYS}"
    rf"(?!{_FLIGHT})(?=\w*(?-i:[A-ZА-Я])){_CODE}",
    re.IGNORECASE,
)


@cache
def _gate() -> re.Pattern[str]:
    begins = sorted({rules.begins.pattern for rules in _languages().values()})
    return re.compile("|".join(begins), re.IGNORECASE)


@lru_cache(maxsize=1 << 15)
def _spoken(word: str) -> tuple[str, ...]:
    """Return the languages of which a word begins as one of the nouns."""
    folded = fold(word)
    if _gate().search(folded) is None:
        return ()
    return tuple(of for of, rules in _languages().items() if rules.begins.search(folded))


def has_noun(text: str) -> bool:
    """Tell whether a word of a text is one that numbers are called by; cheap."""
    return any(map(_spoken, text.split()))


def is_called(header: str) -> bool:
    """Tell whether the name of a column says no more than that it holds such numbers."""
    return any(rules.header.fullmatch(fold(header)) for rules in _languages().values())


def is_noun(header: str) -> bool:
    """Tell whether the name of a column is what has such a number, and no more: `Ticket`."""
    return any(rules.noun.fullmatch(fold(header)) for rules in _languages().values())


def find_called(text: str) -> Iterator[tuple[int, int]]:
    """Yield where numbers begin and end that are called one in any of the languages."""
    first, last = _DIGIT.search(text), _LAST.match(text)
    if first is None or last is None:
        return
    begin, limit = max(0, first.start() - _BEFORE), last.end() + _BEHIND
    languages = {of for word in text[begin:limit].split() for of in _spoken(word)}
    if not languages:
        return
    folded = fold(text[:limit])
    for rule in (_MINE, *(rule for of in sorted(languages) for rule in _languages()[of].named)):
        yield from _fitting(rule, text, folded, begin, named=True)
    for rule in (rule for of in sorted(languages) for rule in _languages()[of].bare):
        yield from _fitting(rule, text, folded, begin, named=False)


def _fitting(
    rule: re.Pattern[str], text: str, folded: str, begin: int, *, named: bool
) -> Iterator[tuple[int, int]]:
    for match in rule.finditer(folded, begin):
        start, end = match.span("value")
        if may_be_number(text, start, end, named=named, of_goods=True):
            yield start, end


_DIGIT, _LAST = re.compile(r"\d"), re.compile(r".*\d", re.DOTALL)
_BEFORE, _BEHIND = 80, 40
"""Characters that the words of a number may take up in front of it, and behind it."""
