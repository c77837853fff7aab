"""Which forms a number of an order, ticket or customer has, and which only look like one."""

from __future__ import annotations

import re

from reviewlens.reading.order_words import CJK

# Groups of which one at least has a digit: `FV/7719/05/2024`, `A1009-55872-XL`, `8841.207.335`,
# `gh-88213`, `a4f-88213-kk`.
_GROUP = (
    r"(?:[A-Za-z]*\d[A-Za-z0-9]*|(?-i:[A-ZА-Я]{1,6})(?![a-zа-я])|[a-z]{1,4}(?=-\d{5}|_\w*\d)"
    r"|(?<=\d-)[a-z]{1,2}(?!\w))"
)
_PARTED = (
    rf"{_GROUP}(?:[-/_]{_GROUP}|\.(?=\d{{3,6}}(?!\d))\d+|(?<=\d\d\d)\s\d{{3,5}}(?![\w.,:])){{0,8}}"
)
END = rf"(?![^\W{CJK}]|@|[.,:]\d|\s?[%€$£°])"
FIVE = r"(?=[A-Za-zА-Я/_.-]{0,10}\d(?:[A-Za-zА-Я/_.-]{0,6}\d|\s\d){4})"
_PREFIX = (
    r"(?!(?:isbn|ean|upc|gtin|imei|asin|vin|sku|usd|eur|gbp|inr|chf|pln|usa|zip|plz|am|pm)\b)"
    r"(?-i:[A-ZА-Я]{1,4})[ .]"
)
VALUE = rf"(?P<value>(?:{_PREFIX}(?=\d[\d/-]{{4}}))?{FIVE}{_PARTED}){END}"
CODED = (
    rf"(?P<value>(?:{_PREFIX}(?=\d{{6}})|(?=[A-Za-z0-9]*(?:\d[-/_.]?){{8}}|(?!\d*000)\d{{7}}(?![\w-])|\d{{4}}\.\d{{3}}|\d{{2,4}}/\d{{5}}|\d{{5,8}}/\d\d(?!\d)"
    rf"|{FIVE}[\w/-]*(?-i:[A-ZА-Я]))){_PARTED}){END}"
)
# Beside a word for a number: all that no space parts, or groups (`9400 1118 9922 33`, `K 448 119`,
# `44 71 88 29`, `AB 88213 K`), but for those of a time (`12345 20 days`).
_TIME = (
    r"(?!\s(?:more|days?|weeks?|months?|years?|hours?|hrs|min\w*|times|pairs?|[ap]\.?m|tagen?|wochen?"
    r"|monaten?|stunden|uhr|jours?|mois|semaines?|heures|d[ií]as?|meses|semanas?|horas|giorni|mesi"
    r"|settimane|ore|dagen|weken|maanden|uur|dni|tygodni)\b)"
)
_SPACED = (
    r"(?:\d{1,5}(?:\s(?:\d{2,6}|(?-i:[A-Z])(?=\s\d))){1,7}(?:\s\d)?|\d{6,8}(?:\s\d{4,12}){1,3})"
)
NAMED = (
    rf"(?P<value>(?:{_PREFIX}(?=\d[\d\s]{{2}}))?"
    rf"(?:{_SPACED}(?:\s(?-i:[A-Z]{{1,3}})(?!\w))?{END}{_TIME}"
    rf"|(?=[A-Za-zА-Я/_.-]{{0,10}}\d(?:[A-Za-zА-Я/_.-]{{0,8}}\d){{4}})"
    rf"[A-Za-zА-Я0-9](?:[A-Za-zА-Я0-9/_-]|\.(?=\d))*(?:(?<=\d)\s(?-i:[A-Z])(?!\w|['’]))?){END})"
)
# As long as the number of a parcel, in groups: `7749 1882 0031`; no telephone of another country.
LONG = (
    r"(?P<value>(?!00[1-9](?!(?:\s?\d){15}))(?:(?-i:[A-Z]{2}|\d[A-Z])\s(?=(?:\d\s?){10})|(?=(?:\d\s?){12}))"
    rf"\d{{3,8}}(?:\s\d{{3,12}}){{1,6}}(?:\s\d{{1,2}})?(?:\s(?-i:[A-Z]{{2}}))?){END}"
)
# `order 10000 of them`, unless the number is called one: `order no. 10000 of May`.
OF_SOMETHING = re.compile(
    r"\s?-?(?:mah|wh|watts?|w|v|k?g|mg|lbs?|oz|ml|l|km|m|mm|cm|inch(?:es)?|gb|mb|tb|rpm|hours?|hrs?"
    r"|pieces?|pcs|times?|of|more|units?|people|persons?|steps?|pages?|stück|mal|euros?|eur|usd"
    r"|dollars?|pounds?|rupees|rs|reais|points?|miles?|boxes|bags|cans|pods|cups"
    r"|lumens?|lm|btu|k[čc]|czk|zł|pln|kr|sek|dkk|nok|chf|yen|psi|dpi|iu|mcg|ppm|cfm|k?cal|calories"
    r"|downloads?|presses|followers|reviews|views|items|bottles|rolls|tablets|capsules|pills|clicks"
    r"|days?|weeks?|months?|years?|min(?:ute)?s?|sec(?:ond)?s?|cycles?|charges|revolutions?|users?"
    r"|stunden|tagen?|jahren?|schritte?|heures?|jours?|pas|horas?|d[ií]as?|passos|pasos|ore|giorni"
    r"|uur|dagen|godzin\w*|dni|hodin\w*|korun|koruny?|forint|ft|huf|lei|ron|euroa|tunti\w*|kronor|kroner"
    r"|saat|g[üu]n|lira\w*|tl|try|час\w*|дн\w*|руб\w*|грн|ευρώ|ώρες|đồng|vnd|đ|giờ|ngày|rupiah|jam|hari"
    r"|ساعة|يوم|ريال|درهم|جنيه|दिन|घंटे|रुपये|ש״?ח|שקל\w*)(?!\w)"
    r"|\s?(?:个|元|块|円|回|次|件|人|米|天|小时|時間|公里|万|年|月|台|歩|步|원|개|시간|일|บาท)",
    re.IGNORECASE,
)
# What a count looks like, and the name of a model: `10000`, `WH1000XM5`, `126610LN`, `5711/1A`.
_ROUND = re.compile(r"\d{1,4}[.,]?000|\d{1,2}0{5,6}")
_MODEL = re.compile(
    r"[A-Z]{1,5}-?\d{2,5}(?:[A-Z]{1,4}\d{0,5}){1,2}|\d{4,6}(?:/\d)?[A-Z]{1,4}|[A-Z]{2,3}\d{3}[A-Z]*"
)
# Days, and products of Amazon.
NO_NUMBER = re.compile(
    r"(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[01]?\d\2(?:19|20)?\d\d|(?:19|20)\d\d[-/](?:19|20)\d\d"
    r"|(?:19|20)\d\d[01]\d[0-3]\d|B0[0-9A-Z]{8}|\d+(?i:mah|wh|rpm|lm|btu)\d?"
)


def may_be_number(text: str, start: int, end: int, *, named: bool, of_goods: bool) -> bool:
    """Tell whether what stands beside the word of an order is its number, by its form.

    Args:
        text: All of it.
        start: Where the number begins.
        end: Where it ends.
        named: Whether a word or a sign says that it is a number, which a measure and the name of a
            model seldom have.
        of_goods: Whether the word beside it may stand before goods: `my order was WH1000XM5`.
    """
    if NO_NUMBER.fullmatch(text, start, end):
        return False
    if named:
        return True
    count = end - start < _NO_COUNT and OF_SOMETHING.match(text, end)
    return not (
        count
        or _ROUND.fullmatch(text, start, end)
        or (of_goods and _MODEL.fullmatch(text, start, end))
    )


_NO_COUNT = 9
"""Digits that no count of things has."""
