"""Phone numbers in a text, by their form and numbering plans, or by a word beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewlens.reading.called import fold
from reviewlens.reading.order_values import OF_SOMETHING
from reviewlens.reading.order_words import CJK

_SIGNS = r"[ \u00a0\u2007\u2009\u202f().\-\u2010-\u2013/]"
_NUMBER = re.compile(
    rf"(?<![^\W{CJK}])(?<![$€£#@*+=-])(?<!\d[.,:])(?<!\w/)(?:\+|\(\+)?\s?\(?\d(?:{_SIGNS}{{0,4}}\d){{6,44}}"
    rf"(?![^\W{CJK}]|[.,:]\d|\s?[%€$£°])"
)
_GROUP = re.compile(r"\d+")
# Without accents: abbreviations, and stems of words that any ending may follow.
_SHORT_WORDS = """
ph tel mob fon cel cell gsm cep tlf tf puh sdt dt τηλ κιν тел моб тлф phone call fax sms mobile
fone
zap dial bel bellen ring ringer ringe ruf ruft rufen appel appelez appeler
"""
_STEMS = """
called calling phoned phones telephone tele|phone telefon telephon mobil cellphone whatsapp
whats|app dialed
hotline helpline handy festnetz anruf rufnummer ruckruf erreichbar portable joindre joignable
rappel
telefono movil celular llam cellulare chiam telefone telemov ligue ligar liguem fone contato
contact
telefoon mobiel zadzwo dzwoni kontakt komork telefonu телефон звон позвон вотсап ватсап вайбер
viber
mobnr mobilnr handphone zapzap cep|tel arayin araya numaram bana|ulas dien|thoai goi lien|he
hivj hivhat
telefonszam mobilszam volejte zavolejte zavolat puhelin soita soitta numeroni τηλεφων κινητ
καλεστε
sunati suna|ti дзвон зателефон telepon hubungi nomor|saya nazovite pozovite skambin zvan helista
هاتف جوال موبايل محمول تلفون اتصل واتس رقمي تماس تلفن موبایل फोन मोबाइल कॉल व्हाट्सएप טלפון נייד
התקשר וואטסאפ
โทร เบอร์ มือถือ
"""
_PHRASES = (
    r"toll[ -]free|whats\sapp|reach(?:ed)?\s(?:me|us|him|her|them)|text\s(?:me|us|on|at)"
    r"|(?:can|could|please|or)\stext|contact(?:\snumber)?|my\s(?:\w+\s)?(?:number|no)"
    r"|(?:this|their|whose|the)\s(?:phone\s)?number\sis|zu\serreichen|meine\snummer|mon\snumero|mi\snumero"
    r"|(?:il\s)?mio\snumero|meu\snumero|mijn\snummer|mitt\snummer|mit\snummer|moj\snumer|moje\scislo"
    r"|(?:hp|wa)(?=\s?(?:no|number|[:.]))|mob(?:il)?nr"
)


def _words() -> str:
    short = "|".join(_SHORT_WORDS.split())
    stems = "|".join(fold(word).replace("|", r"\s?") for word in _STEMS.split())
    return rf"(?<![^\W_])(?:ال)?(?:(?:{short})(?![^\W\d_])|(?:{stems})\w*|{_PHRASES})"


_WORD = re.compile(
    rf"(?:{_words()}"
    r"|电话|手机|電話|携帯|連絡先|联系|致电|来电|拨打|微信|号码|전화|연락|휴대폰|핸드폰)(?!\ssizes?)[^\d\n]{0,24}$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[ ,]{0,2}(?:\(?(?:ext(?:ension)?|durchwahl|poste)\b[. ]{0,2}|x(?=\d))\d{1,5}(?![\w.,]?\d)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[^\w\n]{0,3}(?:is|ist|est|es|è|é)\s(?:my|mein|meine|mon|mi|il mio|meu)\b", re.IGNORECASE
)
# What a number is if it is called so: of a thing, not of a person.
_THING = re.compile(
    r"(?<![^\W_])(?:isbn(?:-1[03])?|ean|upc|gtin|asin|issn|imei|sku|barcode|model|modell|serial|s/?n|lot|batch|charge"
    r"|version|firmware|part|item|artikel|art|version|build|zip|plz|postcode|coordinates?|score|gate|flight|cep|c\.?p|cod(?:igo|\.)?\spostal|code\spostal|postleitzahl|kod\spocztowy|cap"
    r"|seriennummer|patent|license|licence|vat|ust)"
    r"(?:[^\w\n]{1,3}(?:number|no|nr|id|code|is|says))*[^\w\n]{0,3}(?:(?:says|is)\W)?$"
    r"|(?:型号|货号|批号|条码|条形码|编码|番号|序列号|артикул|код)[^\w\n]{0,3}$",
    re.IGNORECASE,
)
# The same at some distance, where no word for a telephone stands between: `the UPC on the bag is`.
_BARCODE = re.compile(
    r"(?<![^\W_])(?:isbn|ean|upc|gtin|barcode|imei|serial)(?![^\W_])[^\d\n.!?]{0,25}$",
    re.IGNORECASE,
)
# Forms that are mobile numbers in a text of that writing alone: `13844829103`, `8 916 448-29-10`.
_WRITTEN: Sequence[tuple[re.Pattern[str], re.Pattern[str], str]] = (
    (re.compile(r"[\u4e00-\u9fff]"), re.compile(r"1[3-9]\d{9}|1[3-9]\d \d{4} \d{4}"), "CN"),
    (re.compile(r"[\u0400-\u04ff]"),
     re.compile(r"[78][ -]?\(?9\d\d\)?[ -]?\d{3}[ -]?\d\d[ -]?\d\d"), "RU"),
)  # fmt: skip
# Days and spans of years, which are no part of a number.
_TIMES = re.compile(
    r"(?<!\d)(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d{1,2}\2\d{1,2}"
    r"|(?:(?:19|20)\d\d\D{1,3})+(?:19|20)\d\d|(?:0?[1-9]|1[0-2])[ ./-](?:19|20)\d\d)(?!\d)"
)
# A whole run that is none: opening hours (`08.20-09.40`), an address of a machine, a large figure.
_OTHER = re.compile(
    r"(?:[0-2]\d[0-5]\d|[0-2]?\d[.h][0-5]\d)\s?[-\u2013]\s?(?:[0-2]\d[0-5]\d|[0-2]?\d[.h][0-5]\d)|(?:\d{1,3}\.){3}\d{1,3}"
    r"|[1-9]\d?(?:[ \u00a0\u202f]\d{3})+|0?1?23456789?0?|(?:0[1-9]|1[0-2])[0-3]\d(?:19|20)\d\d"
    r"|(?:19|20)\d\d[01]\d[0-3]\d"
    r"|0?1[ .-]0?2[ .-]0?3[ .-]0?4(?:[ .-]0?5)?"
)

# Forms that are phone numbers without a word, each with the countries whose plan may hold it.
_FORMS: Sequence[tuple[re.Pattern[str], Sequence[str]]] = tuple(
    (re.compile(form), regions.split())
    for form, regions in (
        (r"(?:1[ .-]{1,2})?\(?[2-9]\d\d\)?[ .\-/]{0,3}[2-9]\d\d[ .-]{1,2}\d{4}", "US CA"),
        (r"\(\d{3}\) ?\d{7}", "US CA"),
        (r"1[38]00 \d{3} \d{3}", "AU"),
        (r"0 \d{2,5}[ ./-]{1,3}\d[\d ./-]{4,14}\d", "DE"),
        (r"\(?0\d{1,5}\)?[ ./-]{0,3}\d[\d ./-]{4,14}\d",
         "DE FR GB NL IT AT CH BE IN AU JP SE IE ZA NZ TR PL KR TW"),
        (r"0(?:1[567]\d{8,9}|[67]\d{8}|7\d{9}|4\d{8})", "DE FR GB NL AU"),
        (r"[679]\d\d ?(?:\d{3} \d{3}|\d\d \d\d \d\d)|[89]\d \d{3} \d\d \d\d", "ES PT PL"),
        (r"2\d{1,2} \d{3} \d{3,4}", "PT"),
        (r"80[0389] \d{3} \d{3}", "IT"),
        (r"\(?[1-9]\d\)?[ -]\d{3}[ -]\d\d[ -]\d\d", "PL"),
        (r"3\d\d[ /-](?:\d{3} ?\d{4}|\d\d \d\d \d{3}|\d{6,7})", "IT"),
        (r"(?:91[ -])?[6-9]\d{4}[ -]\d{5}", "IN"),
        (r"1[3-9]\d[ -]\d{4}[ -]\d{4}", "CN"),
        (r"\(?\d\d\)? ?9\d{4}[ -]\d{4}|\(\d\d\) ?\d{4}-\d{4}", "BR"),
        (r"0800[ -]?\d{3}[ -]?\d{3,4}", "GB"),
    )
)  # fmt: skip
_RUSSIAN = re.compile(r"[78]9\d{9}")
_BESIDE = 40
_LEAST, _MOST = 7, 15
_MOST_CALLED = 13
_DEVICE = re.compile(r"iphone|galaxy|pixel|android|nokia|samsung", re.IGNORECASE)
# Numbers that no plan holds, and that have the form of one all the same: those that are kept for
# films and examples, and any that is parted as in North America.
_LIKE = re.compile(
    r"1?[ .-]?8(?:00|33|44|55|66|77|88)[ .-]\d{3}[ .-]\d{4}"
    r"|(?:1[ .-]{1,2})?(?:\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([.-])\d{3}\1\d{4})"
    r"|\(?0(?:[ ()-]*7){2}[ -]*0[ -]*0[ -]*9[ -]*0[ -]*0[ -]*(?:\d[ -]*){2}\d"
    r"|\(?01632\)? ?960 ?\d{3}|\(?020\)? ?7946 ?0\d{3}|\(?0161\)? ?496 ?0\d{3}"
)

HIDDEN = "\ufffc"
"""What stands for each character of a detail that was found, while others are looked for."""
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_GONE = re.compile(rf"{HIDDEN}+|{LINK.pattern}", re.IGNORECASE)
_FAR = 200
"""Characters before a number in which other details stand, and the word for it before these."""
# What stands between two numbers of which the second is one because the first is: ` or `, `, `.
_JOINING = re.compile(rf"[^\d\n.!?{HIDDEN}]{{1,14}}")
_APART = 3
"""Digits by which two such numbers differ at most."""
_PARTING = re.compile(r"\s[/\u2013-]\s|\s/|/\s|\s(?=\(?(?:\+|0\d))")


def find_phones(text: str, first: int = 0) -> Iterator[tuple[int, int, str]]:
    """Yield where phone numbers begin and end, and each as its country would dial it.

    None begins before the place `first`. The value has neither country code nor the zero before
    the area: the same number written in both ways is one.
    """
    latest = (0, 0)
    for match in _NUMBER.finditer(text, first):
        before = fold(text[max(0, match.start() - _BESIDE) : match.start()])
        if _OTHER.fullmatch(match[0].strip(" ()")):
            continue
        if _THING.search(before) is None:
            far = fold(text[max(0, match.start() - _FAR) : match.start()])
            word = _WORD.search(before) or _WORD.search(_GONE.sub(HIDDEN, far)[-_BESIDE:])
            if word and (_DEVICE.search(word[0]) or OF_SOMETHING.match(text, match.end())):
                word = None  # `phone 5000000 times`, `phone: iPhone 13 14 15`
            called = word or _BEHIND.match(text, match.end()) or _joined(text, latest, match)
            if called is None and _BARCODE.search(before):
                continue
            if value := _of_writing(match[0], text):
                latest = match.end() - len(match[0].lstrip()), match.end()
                yield *latest, value
                continue
            for begin, part in _parted(match[0]):
                at = match.start() + begin
                for start, end, value in _in_run(part, at, called=called is not None):
                    extension = _EXTENSION.match(text, end)
                    latest = start, extension.end() if extension else end
                    yield *latest, value


def _joined(text: str, latest: tuple[int, int], match: re.Match[str]) -> re.Match[str] | None:
    """Return what joins a number to the one before it, of about as many digits; else None."""
    start, end = latest
    joining = _JOINING.fullmatch(text, end, match.start()) if end else None
    differ = sum(map(str.isdigit, text[start:end])) - sum(map(str.isdigit, match[0]))
    of_something = OF_SOMETHING.match(text, match.end())
    return joining if abs(differ) <= _APART and of_something is None else None


def _parted(run: str) -> Iterator[tuple[int, str]]:
    """Yield where each of several numbers in one run begins, and what is written of it."""
    start = 0
    for place in (*_borders(run), len(run)):
        yield start, run[start:place]
        start = place


def _borders(run: str) -> list[int]:
    """Return where a run of several numbers is parted: by signs, or as its groups come again."""
    groups = [group.span() for group in _GROUP.finditer(run)]
    sizes = [end - start for start, end in groups]
    if sum(sizes) <= _MOST_CALLED:
        return []
    for period in range(1, len(sizes) // 2 + 1):
        again = len(sizes) % period == 0 and sizes[period:] == sizes[:-period]
        if again and _LEAST <= sum(sizes[:period]) <= _MOST:
            return [groups[place - 1][1] for place in range(period, len(sizes), period)]
    borders, begin = [], 0
    for sign in _PARTING.finditer(run):
        sides = run[begin : sign.start()], run[sign.start() :]
        if all(sum(map(str.isdigit, side)) >= _LEAST for side in sides):
            borders.append(sign.start())
            begin = sign.start()
    return borders


def _of_writing(run: str, text: str) -> str:
    """Return a number that only the writing of its text shows to be one; empty for any other."""
    for script, form, region in _WRITTEN:
        if form.fullmatch(run.strip()) and script.search(text):
            return _dialled(run, (region,))
    return ""


def _in_run(run: str, offset: int, *, called: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the phone numbers in a run of digits and signs: of its groups as many as fit."""
    run = _TIMES.sub(lambda times: "x" * len(times[0]), run)
    groups = [group.span() for group in _GROUP.finditer(run)]
    if max((end - start for start, end in groups), default=1) == 1:
        return
    first, beside = 0, False
    while first < len(groups):
        for last in range(len(groups) - 1, first - 1, -1):
            start, end = groups[first][0], groups[last][1]
            while start and run[start - 1] in "(+":  # what stands before the number is a part of it
                start -= 1
            written = run[start:end]
            wide = sum(b - a for a, b in groups[first : last + 1]) >= 1.6 * (last + 1 - first)
            value = ""
            if wide and "x" not in written:  # no list of single digits, no day
                whole = last - first + 1 == len(groups)
                value = _number(written, called=beside or (called and not first), whole=whole)
            if value:
                yield offset + start, offset + end, value
                break
        else:
            first += 1
            continue
        first, beside = last + 1, True


def _number(written: str, *, called: bool, whole: bool) -> str:
    """Return a number as its country would dial it; empty where it is no phone number.

    Args:
        written: Digits and signs.
        called: Whether a word beside it says that it is one.
        whole: Whether no other digits stand beside it, as in the number of a parcel.
    """
    digits = "".join(filter(str.isdigit, written))
    if not _LEAST <= len(digits) <= _MOST:
        return ""
    if written.lstrip("(").startswith("+") or (digits.startswith("00") and (whole or called)):
        return _dialled("+" + digits.removeprefix("00"), (None,), strict=False)
    for form, regions in _FORMS:
        if form.fullmatch(written) and (value := _dialled(written, regions)):
            return value
    if _LIKE.fullmatch(written):
        return digits.lstrip("0")
    if called and len(digits) <= _MOST_CALLED and not digits.endswith("0000"):
        regions = ("RU",) if _RUSSIAN.fullmatch(digits) else ("US", "GB", "DE", "FR", "IN")
        return _dialled(written, regions) or digits.lstrip("0")
    return ""


def _dialled(written: str, regions: Sequence[str | None], *, strict: bool = True) -> str:
    """Return a number as the first country dials it in whose plan it is; empty where in none."""
    import phonenumbers

    for region in regions:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        fits = phonenumbers.is_valid_number if strict else phonenumbers.is_possible_number
        if fits(number):
            return str(number.national_number)
    return ""
