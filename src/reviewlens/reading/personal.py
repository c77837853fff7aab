"""Which columns hold what belongs to a person, by their names in some fifteen languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from reviewlens.reading.details import Kind
from reviewlens.reading.exports import RENAMED
from reviewlens.reading.names import normalise, tells, usual_ranks, words_of

# A header that ends in one of these, after normalising: `Contact E-Mail`, `RecipientFirstName`.
_ENDINGS: Mapping[Kind, str] = {
    "email": """
        whatisyouremail youremail
        email emailaddress emails mailaddress emailadresse mailadresse emailid courriel adressemail
        correo correoelectronico indirizzoemail enderecodeemail posta eposta emailadres
        メール メールアドレス 邮箱 電子郵件 电子邮件 이메일 почта
        """,
    "phone": """
        phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber mobileno
        cell cellphone cellnumber whatsapp whatsappnumber fax faxnumber contactnumber contactno
        handynr telefonprivat
        telefon telefonnummer handy handynummer mobil mobilnummer mobiltelefon rufnummer
        numerodetelephone telefono telefonomovil movil celular cellulare numeroditelefono
        telefone telemovel telefoonnummer telefoon mobiel telefonu ceptelefonu
        电话 手机 手机号 手機 電話 電話番号 携帯 전화 전화번호 телефон номертелефона
        """,
    "person": """
        firstname lastname fullname surname forename givenname familyname middlename maidenname
        vorname nachname familienname vollername prenom nomdefamille nomcomplet apellido apellidos
        nombrecompleto cognome nomecompleto sobrenome voornaam achternaam imie nazwisko soyad soyadi
        姓名 氏名 이름 имя фамилия фио contactname recipientname submittedby createdby
        postedby writtenby reviewedby respondent respondentname yourname whatisyourname kundenname
        namedeskunden screenname nickname sender recipient お名前 имяпользователя 买家 買家
        """,
    "address": """
        streetaddress homeaddress billingaddress shippingaddress deliveryaddress mailingaddress
        postaladdress customeraddress useraddress reviewerdaddress addressline1 addressline2
        anschrift wohnort strasse strassehausnummer lieferadresse rechnungsadresse adressepostale
        adressedelivraison direccionpostal direcciondeenvio indirizzodispedizione
        """,
    "network": "ip ipaddress ipaddr ipv4 ipv6 remoteaddr clientip useragentip ipadresse adresseip",
    "iban": "iban bankaccount bankaccountnumber kontonummer",
    "card": "cardnumber creditcard creditcardnumber kreditkarte kreditkartennummer cardno",
    "order": """
        orderid ordernumber orderno ordernr orderref orderreference ticketid ticketnumber ticketno
        bookingid bookingnumber bookingreference bookingref invoiceid invoicenumber invoiceno
        reservationid reservationnumber confirmationnumber trackingnumber trackingid caseid
        casenumber bestellnummer bestellnr auftragsnummer auftragsnr rechnungsnummer ticketnummer
        kundennummer sendungsnummer numerodecommande ncommande numerodepedido numeropedido
        numerodordine numeroordine numerodopedido bestelnummer ordernummer 订单号 訂單號 注文番号
        номерзаказа
        """,
}
_BEFORE = (
    "customer", "user", "reviewer", "client", "contact", "guest", "author", "buyer", "recipient",
)  # fmt: skip
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


@cache
def personal_kind(header: str) -> Kind | None:
    """Return what of a person a column holds by its name; None where it holds texts or figures.

    `name` alone, and `address`, may be a product's or a shop's and say nothing.
    """
    header = header.removesuffix(RENAMED)
    nested = header.split(".")
    if len(nested) > 1 and all(nested):  # `reply.author`, `reply.author.name`
        return personal_kind(nested[-1]) or personal_kind(" ".join(nested[-2:]))
    header = _ASIDE.sub("", header)
    words = words_of(header)
    plain = normalise(header)
    if not plain or (len(words) > 1 and not _ABOUT.isdisjoint(words)):
        return None
    if len(words) > 1 and not _PERSONS.isdisjoint(words) and not _LINKS.isdisjoint(words):
        return "link"
    parts = [normalise(word) for word in words]
    ends = {"".join(parts[first:]) for first in range(len(parts))} | {plain}
    ends |= {plain.removeprefix(person) for person in _BEFORE}
    for kind, names in _endings().items():
        if not ends.isdisjoint(names):
            return kind
    if "#" in header and not _NUMBERED.isdisjoint(words):
        return "order"
    if plain in ("name", "naam"):
        return None
    if plain in usual_ranks("author") or tells("author", header):
        return "person"
    return None


@cache
def names_things(header: str) -> bool:
    """Tell whether a column holds numbers of things by its name, as barcodes and parts have."""
    words = {word.casefold() for word in words_of(header.removesuffix(RENAMED))}
    numbered = not words.isdisjoint(_CODES) or not words.isdisjoint(_NUMBER_WORDS)
    named = not words.isdisjoint(_CODES | _OF_THINGS)
    return numbered and named and words <= _CODES | _OF_THINGS | _NUMBER_WORDS


@cache
def _endings() -> Mapping[Kind, frozenset[str]]:
    return {kind: frozenset(map(normalise, names.split())) for kind, names in _ENDINGS.items()}
