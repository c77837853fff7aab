"""Private details in texts and columns: forms that are seen, and what looks like one."""

from __future__ import annotations

import time
from itertools import product

import pytest

from reviewlens.reading.columns import choose_columns
from reviewlens.reading.details import TOKEN
from reviewlens.reading.personal import column_kind, names_author, names_things, personal_kind
from reviewlens.reading.private import find_details, find_sure
from reviewlens.reading.suspects import suspects

# Kind, and a text with the detail in braces.
SEEN = """
email|you can reach me under {Sarah.O'Brien@example.ie} for details
email|{info@shop-example.co.uk}, sent 3 mails
email|E-Mail:{max_mustermann99@example.de}!
email|contact {john.doe(at)example(dot)com}
email|mail me: {john.doe [at] gmail [dot] com}
email|{john.doe AT gmail DOT com}
email|{j.doe @ gmail . com}
email|{john at yahoo dot com}
email|my gmail is {john_doe_77 at gmail dot com} ok
email|{USER+tag%test@sub.domain.example.org}
email|"{anna.b@example.com}"
email|email={anna%40example.com}&x
email|{анна@example.com} пишите
email|{john@example.travel} and
email|{john@example.photography}.Great
phone|Call {+1 (555) 123-4567} now
phone|{+1.555.123.4567}
phone|{555-123-4567} ask for Joe
phone|{(555) 123 4567}
phone|ph: {5551234567}
phone|my cell {555.123.4567}
phone|my phone # is {555-0147}
phone|tel:{+442079460018}
phone|{+44 20 7946 0018}
phone|{020 7946 0018}
phone|{07700 900 123}
phone|{07700900123}
phone|{+44 7700 900123}
phone|{01632 960 001}
phone|{+49 30 901820}
phone|A great product, serial liars though. Ligue {+351 912 345 345}
phone|I bought this product; appelez {0612756771}
phone|{+49 (0) 30 / 901 820-0}
phone|{030-901820} in Berlin
phone|Telefon {030 901820}
phone|Handy: {0160-99123456}
phone|{0 171 / 234 56 78}
phone|{+49.171.2345678}
phone|mobil unter {0176 / 12 34 56 78} erreichbar
phone|{06.39.98.12.34}
phone|{06-39-98-12-34}
phone|tél : {0639981234}
phone|{+33 (0) 6 39 98 12 34}
phone|{+336 39 98 12 34}
phone|{0033639981234}
phone|{+91-9876543210}
phone|{+91 98765-43210}
phone|call {9876543210}
phone|whatsapp me at {+919876543210}
phone|mob no {98765 43210}
phone|{022-2345 6789} Mumbai office
phone|{011 23456789}
phone|{+39 06 698 12345}
phone|cell. {333 1234567}
phone|{+34 91 123 45 67}
phone|{+86 10 8888 8888}
phone|{+81-3-1234-5678}
phone|{+55 (11) 98765-4321}
phone|{+61 2 9876 5432}
phone|{1300 123 456} is their line; call
phone|call 1 {800 555 0199}
phone|{1-888-555-0123}
phone|Toll free {18005550199}
phone|({415) 555-2671} x 12
phone|{415-555-2671} ext. 12
phone|my no. is {4155552671}
phone|contact no: {4155552671}
phone|{+7 (916) 123-45-67}
phone|тел. {8 916 123-45-67}
phone|{+31 (0)6 12345678}
phone|{+48 600 123 456}
phone|Please text {415 555 2671}
phone|{+90 532 123 45 67}
phone|{+971 50 123 4567}
card|{4111 1111 1111 1111}
card|{4111-1111-1111-1111},
card|card#{4111111111111111}
card|{5555 5555 5555 4444} exp 12/26
card|{378282246310005}
card|{3782 822463 10005}
card|{6011-1111-1111-1117}
card|{4111 1111 1111 1111} 12/26 123
card|Visa:{4012888888881881}
card|{3530 1113 3330 0000}
card|{5105.1051.0510.5100}
iban|{DE89 3704 0044 0532 0130 00}
iban|{DE89370400440532013000}.
iban|{GB29 NWBK 6016 1331 9268 19} thanks
iban|{GB29NWBK60161331926819}
iban|{FR14 2004 1010 0505 0001 3M02 606}
iban|{de89 3704 0044 0532 0130 00}
iban|IBAN:{NL91ABNA0417164300}
iban|{NL91-ABNA-0417-1643-00}
iban|{ES91 2100 0418 4502 0005 1332}
iban|{CH93 0076 2011 6238 5295 7}
iban|{IT60 X054 2811 1010 0000 0123 456} mio
iban|({AT611904300234573201})
order|Order {112-1234567-1234567} arrived broken
order|{112-1234567-1234567}
order|Order#{A12345}
order|order # {A12345}
order|my order #{12345} from May
order|Order No: {ORD-98765}
order|order no {98765}
order|order nr. {98765}
order|Order number - {2023/11/45678}
order|(order number {R123456789})
order|order id={5f3a9c12345}
order|Ticket {TCK-2024-00123}
order|ticket #{884123}
order|ticket id {884123}
order|ticket number: {INC0012345}
order|Support case #{00123456}
order|case number {00123456}
order|Reference {REF-2024-88121} still open
order|reference number is {8812345}
order|booking no. {12345678}
order|Booking ID {7788123}
order|confirmation code {5512345}
order|invoice {INV-2024-0012}
order|invoice #{2024001234}
order|tracking # {1Z999AA10123456784}
order|tracking: {1Z999AA10123456784}
order|Tracking {RR123456789DE}
order|RMA {1234567}
order|RMA#{1234567}
order|Bestellnummer: {305-9876543-1234567}
order|Bestellung {4711081}
order|Bestellung mit der Nummer {4711081}
order|Bestell-Nr. {4711-0815}
order|Auftragsnummer {A-4711081}
order|Auftrag {4711081} wurde
order|Rechnung Nr. {2024-00471}
order|Kundennummer {8812345}
order|Kd.-Nr. {8812345}
order|Sendungsnummer {00340434123456789012}
order|commande n°{4711081}
order|commande numéro {4711081}
order|commande no. {FR-4711081}
order|n° de commande {4711081}
order|commande #{4711081}
order|numéro de suivi {6A12345678901}
order|pedido núm. {4711081}
order|pedido número {4711081}
order|nº de pedido {4711081}
order|pedido #{4711081}
order|ordine numero {4711081}
order|ordine n. {4711081}
order|ordine #{4711081}
order|encomenda número {4711081}
order|pedido n.º {4711081}
order|bestelling met nummer {4711081}
order|My order (#{4711081}) is late
order|Order: {4711081}.
order|the order number was {4711081}
order|my order, number {4711081}, came
order|order nbr {4711081}
order|Customer ID: {C-881234}
order|account number {88123456}
order|PNR {88123456}
order|claim {88123456} pending
order|https://shop.example.com/orders/{4711081}/view
order|https://shop.example.com/track?order={4711081}
order|orderId={4711081}
key|https://shop.example.com/reset?token={8f3a9b2c4d}&u=1
key|see https://x.example.com/a?access_token={eyJhbGciOi.JIUzI1}
key|https://x.example.com/?api_key={abcd1234efgh}
email|drop me a line: {s.meyer@t-online-example.de}
email|{jean-luc.picard@starfleet-example.org}, merci
email|e-mail {k_w@ex.io}
email|my email is {marta dot lopez at example dot es}
email|{marta [@] example.com}
email|{marta (arroba) example.es}
email|mon mail : {marta arobase exemple point fr} merci
email|{marta.b chiocciola esempio punto it}
email|stuur naar {m.jansen apenstaartje voorbeeld punt nl}
email|{marta małpa przyklad kropka pl}
phone|biuro {(22) 623 45 67}
phone|tel. do recepcji: {12 634 55 10}
order|Booking reference {Q4XTRB} was unknown at the desk
order|our PNR {7HKWMZ}, three seats
order|Localizador {M3TR9K}: sin asiento
order|Reservation {4410.882.019} was never there
order|complaint number {C-3301-7742}
order|Order confirmation {SO0031187} says two
order|Shipment {JD014611110284417} went back
order|dossier n° {2023-SAV-55102}
order|Pratica {RCL-77120/23} chiusa
order|Numer przesyłki {620011117733018255}
order|Faktura {FV/5501/03/2023} z błędem
order|Pedido {ES-7720144} sin entregar
order|my booking reference is {QKZWRT} and nobody knew
order|conf. # {J4N8R2T7} was lost
order|consignment no {JD0001164417830055}
order|incident {INC 0044910} was closed
order|dispute ID {PP-D-70044912}
order|tkt#{559031} is forgotten
order|my order number is {5X8Y2Z9W3}
email|'{anna@example.org}'
order|{SR 1-40017733} is closed
order|Reservation {HMQP3XT2LB} was cancelled
phone|numero verde {800 314 271} occupato
card|Debit card {6075210043217795} was charged
order|Ärendenummer: {CS0440917}, stängt
order|Ordrenummer {DK200-55017} er væk
order|boekingsnummer: {NLB-50132}
order|Protocolo de atendimento {20230417550011}
order|localizador de reserva es {R4TKX7}
email|min mejl {m.berg snabel-a example punkt se}
phone|<b>{1800 555 0166}</b> is dead
order|Case no. {50071 4410} - open since May
order|RMA {R2019917-B} is being looked at
order|Protocolo {20230917004418} sem resposta
email|{marta (at ) example.com}
email|{marta (ÄT) beispiel.de}
email|{marta at beispiel punkt de}
email|{marta arroba ejemplo punto es}
email|{marta＠example.com}
email|write to {marta&#064;example.com}
email|{MARTA@EXAMPLE.CO.IN}
email|{marta@xn--exmple-cua.de}
email|contact:{marta@example.com}/Berlin
email|user={marta.lopez@example.com}
email|marta's mail {marta@mail.example.museum}
phone|you can ring on {0161 496 0123}
phone|{+44(0)161 496 0123}
phone|T: {01614960123}
phone|M {07911123456}
phone|{07911-123-456}
phone|{(0161) 496-0123}
phone|{212/555-0187}
phone|{1 212 555 0187}
phone|{+12125550187}
phone|{(212)5550187}
phone|{2125550187} is my number
phone|Anruf unter {030 / 12 34 56 78}
phone|{+49 (171) 234 56 78}
phone|{(+49) 171 2345678}
phone|{0171-234 56 78}
phone|{0171.2345678}
phone|Tel.: {089 / 123 456-78}
phone|Tel.Nr. {0711 1234567}
phone|Tel {06131/1234-0}
phone|N° {06 12 34 56 78}
phone|mon portable : {06 1234 5678}
phone|{01 23 45 67 89}
phone|{+33-1-23-45-67-89}
phone|{+91 (98765) 43210}
phone|{+91 9876 543 210}
phone|{91-98765-43210}
phone|Ph no- {9876543210}
phone|Mob: {98765-43210}
phone|{080-41234567} Bangalore
phone|contact me {98 76 54 32 10}
phone|Mi teléfono es {+34 612-34-56-78}
phone|{912 34 56 78}
phone|cellulare {3471234567}
phone|{+39 347-1234567}
phone|{347/1234567}
phone|{(11) 3456-7890} São Paulo
phone|{+41 44 668 18 00}
phone|{+43 1 234 56 78}
phone|{+32 470 12 34 56}
phone|{0470/12.34.56}
phone|{+46 70 123 45 67}
phone|{070-123 45 67}
phone|{+353 87 123 4567}
phone|{+64 21 123 4567}
phone|{+27 82 123 4567}
phone|{+65 9123 4567}
phone|{+852 9123 4567}
phone|{+60 12-345 6789}
phone|{+62 812-3456-7890}
phone|{0812-3456-7890}
phone|{+84 91 234 56 78}
phone|{+20 100 123 4567}
phone|my landline {01632 960123}
card|{4539 1488 0343 6467}
card|{4539148803436467}exp
card|{4539–1488–0343–6467}
card|{4539  1488  0343  6467}
card|{4539/1488/0343/6467}
card|card ({5425 2334 3010 9903})
card|{3714 496353 98431}
card|{3714-496353-98431}
card|cc no {6011000990139424}
card|Maestro {6759 6498 2643 8453}
iban|{DE 89 3704 0044 0532 0130 00}
iban|{DE89-3704-0044-0532-0130-00}
iban|{DE89.3704.0044.0532.0130.00}
iban|IBAN {GB82WEST12345698765432}!
iban|{PL61 1090 1014 0000 0712 1981 2874}
iban|{PT50 0002 0123 1234 5678 9015 4}
iban|{BE68 5390 0754 7034}
iban|{SE45 5000 0000 0583 9825 7466}
iban|{NO93 8601 1117 947}
iban|{IE29 AIBK 9311 5212 3456 78}
iban|Meine Bankverbindung: {DE89370400440532013000}, Sparkasse
order|order number: {112-1234567-1234567}.
order|Order no.{12345678}
order|Order#:{12345678}
order|Ord. No. {12345678}
order|order ref {AB12345}
order|order reference: {AB-12345}
order|my order, {112-1234567-1234567}, is late
order|order with number {12345678}
order|P.O. number {12345678}
order|PO# {12345678}
order|purchase order no {12345678}
order|Ticket: #{12345}
order|ticket ({TCK-2024-00123})
order|ticketnr. {123456}
order|Ticketnummer {2024-00123}
order|support ticket no. {ABC-12345}
order|case id: {5003x00001AbCdE}
order|Case # {12345-67890}
order|incident {INC1234567}
order|reference no. {REF/2024/00123}
order|Ref: {2024/00123}
order|Ref. {AB123456}
order|reservation number {1234567890}
order|booking {ABC12345}
order|confirmation no. {55512345}
order|return label {RMA-123456}
order|return no. {123456}
order|invoice number {2024-00123}
order|Bestellnr. {12345678}
order|Best.-Nr. {12345678}
order|Bestell-Nummer: {12345678}
order|Bestellung #{12345678}
order|Bestellung {302-1234567-1234567} storniert
order|Auftrags-Nr. {12345678}
order|Auftragsnr.: {12345678}
order|Rechnungs-Nr. {RE-12345}
order|Vorgangsnummer {123456789}
order|commande numéro {12345678}
order|Cde n° {12345678}
order|N° commande: {12345678}
order|numéro de ticket {12345678}
order|facture n° {F2024-00123}
order|número de orden {12345678}
order|orden {12345678}
order|nº pedido: {12345678}
order|ticket número {12345678}
order|ordine nr {12345678}
order|n. ordine {12345678}
order|numero ordine: {12345678}
order|nr zamówienia {12345678}
order|номер заказа {12345678}
order|заказ № {12345678}
order|订单号：{123456789012}
order|注文番号 {250-1234567-1234567}
order|bestelnr. {12345678}
order|ordernr {12345678}
""".strip().splitlines()
NONE = """
Der Sony KD55XH9505 ist top
the model number KDL-55W805C is on the back
Sony KD-55XH9505 was cheaper
Phone: iPhone 13 14 15 16
my phone is 5000000 times better
Handy 3000 4000 mAh
call button 1000000 presses
expires 05 2025 06 2026
claim 100000 lumens
my order of 03152024
meet me @ starbucks.com
bought @amazon.com
The cat looked at the dot com on the box
Watch with movement 2824-2, ref 126610LN style
01 02 03 04 05 are the marks of the dial
ordered on 20230417 and here the next day
The keypad has the digits 0123456789 and no enter
CEP 04547-130 fora da área
Booking for 12 nights with breakfast
our reservation of 2019 and the one of 2021
confirmation came in 20000 milliseconds
the case 4000 and the parcel 25000 of them
I paid $1,299.99 for it in 2019
1.234.567,89 EUR
from 2019-2020-2021
2024-03-01 12:30:55
01/02/2019 10:30
opening 08:00-18:00, 0800-1800
0830 - 0930
08.20-09.40
10.30-18.30 Uhr
ISBN 978-3-16-148410-0
ISBN-10: 0-306-40615-2
EAN 4006381333931
UPC 012345678905
ASIN B00ABCD123
Canon EOS 5D Mark IV, model 90210-1234
WH-1000XM4
Samsung UN55TU8000FXZA
model number 8812345678
serial number 12345678901
version 10.0.19041.1234
192.168.100.200
IP 10.0.0.138
120 x 80 x 45 cm
I counted 10 000 000 beans
1 234 567 steps
order 10000 of them
I ordered 50000 mAh
in order to get 20000 points
ordered 2 12345
a case of 24 12oz cans
case 12345
ticket to 2019
call it 10/10
phone 2019 2020
iPhone 12 128GB 2021
my phone has 6000 mAh
I called 3 times in 2019 2020
bought at amazon dot com
it at Amazon.com
@shopname thanks
2@3.99
lat 52.520008 13.404954
zip 90210-1234
12345678
5-4-5-5-4-5-3
7 8 9 10 11 12 13
100-240V 50-60Hz
2400 x 1600 x 1200 dpi
1080p 60fps 4000 5000
4x4x4 10-20-30
the 2011-12-13 14 show
0.123456789
3.14159265358979
GTIN 00012345678905
IMEI 352099001761481
1303862400
1303862400000
lot 20190412-33
$ 1 200 300
+1 from me, +2 from 2019
size 10-12-14-16
item 123-456-7890
Boeing 737-800 777-300
flights BA 2490 2491 2492
Room 1204 1205 1206
June 12 2019, 15 2019
24/7 365 days 2019
3-5 6-8 months 2019 12
AC1200 1200 300 867 Mbps
part no. 415-555-2671
80 000 000 people
page 123-124 125-126
https://www.example.com/dp/B00ABCD123/ref=sr_1_1?ie=UTF8&qid=1303862400&sr=8-1
https://www.youtube.com/watch?v=dQw4w9WgXcQ
customer service is 10000 times better
order by 2019
ordered on 03/04/2019
order 03/04/2019
order placed 12.11.2018 at 10
tracking 24 hours 12345
invoice 2019
""".strip().splitlines()
PERSONAL = {
    "person": "Reviewer, userId, Customer Name, profileName, author, reviews.username, Kunde, "
    "姓名, First Name, RecipientFirstName, Submitted by, username (column)",
    "email": "Email, E-mail, email_address, Courriel, RecipientEmail, メールアドレス, "
    "Guest email address",
    "phone": "Phone, Telefon, CustomerPhone, Contact Number, 手机号, телефон, tel",
    "order": "Order ID, Bestellnummer, Ticket #, booking_reference",
    "network": "IP Address, IPAddress",
    "link": "reviewer_profile_url, userImage",
    "address": "shipping address, Anschrift",
}
IMPERSONAL = (
    "text, title, city, name, Product Name, hotel_address, address, phone_model, url, version, "
    "microphone, automobile, review_id, order_date, email_verified, user_rating, Author country, "
    "company, zip, recipe"
)


@pytest.mark.parametrize("case", SEEN)
def test_detail_is_found_whole_and_called_what_it_is(case: str) -> None:
    kind, _, marked = case.partition("|")
    wanted = marked[marked.index("{") + 1 : marked.rindex("}")]
    text = marked.replace("{", "").replace("}", "")
    found = find_details(text)
    assert wanted in "".join(text[one.start : one.end] for one in found)
    assert kind in {one.kind for one in found}
    assert suspects(["nothing", text, ""]) == [1]


BESIDE_EACH_OTHER = {
    "email": ("ola4@wp.pl", "ola@wp.pl"),
    "iban": ("DE89 3704 0044 0532 0130 00", "PL61109010140000071219812874"),
    "card": ("4111 1111 1111 1111", "5500-0000-0000-0004"),
    "phone": ("501 222 334", "0151-22334450", "+48 501 222 335"),
}
BETWEEN = (
    *("proszę o kontakt {} lub {}, dzięki", "Kontakt: {} oder {}, danke", "contact me {} or {}."),
    *("contactez-moi {} ou {}, merci", "mi contacto {} o {}, gracias", "telefon {} veya {}"),
    *(
        "мой телефон {} или {}, спасибо",
        "फोन {} या {}",
        "tel. {} / {}",
        "tel. {} {}",
        "tel. {} - {}",
    ),
)


@pytest.mark.parametrize("kinds", list(product(BESIDE_EACH_OTHER, repeat=2)), ids="-".join)
def test_no_detail_hides_another_behind_it(kinds: tuple[str, str]) -> None:
    pairs = product(*(BESIDE_EACH_OTHER[kind] for kind in kinds))
    texts = [form.format(*pair) for pair in pairs if len(set(pair)) > 1 for form in BETWEEN]
    found = {text: tuple(one.kind for one in find_details(text)) for text in texts}
    assert {text: told for text, told in found.items() if told != kinds} == {}
    assert suspects(texts) == list(range(len(texts)))


@pytest.mark.parametrize("order", ["zamówienie 7784/2024", "Bestellnummer 7784123", "order A77814"])
@pytest.mark.parametrize("other", [one for some in BESIDE_EACH_OTHER.values() for one in some])
def test_number_of_an_order_hides_nothing_and_nothing_hides_it(order: str, other: str) -> None:
    for text in (f"{order}, tel. {other}", f"tel. {other}, {order}", f"{order} tel: {other}!"):
        rest = text
        for one in reversed(find_details(text)):
            rest = rest[: one.start] + rest[one.end :]
        assert not any(map(str.isdigit, rest)), rest


@pytest.mark.parametrize(
    "text",
    [
        "tel. 501 222 334 501 222 335 501 222 336",
        "tel. 501 222 334 / 501 222 335 / 501 222 336",
        "Call 501 222 334, 501 222 335 and 501 222 336",
    ],
)
def test_each_of_several_phone_numbers_is_found(text: str) -> None:
    assert [one.value for one in find_details(text)] == ["501222334", "501222335", "501222336"]


def test_phone_number_is_found_behind_a_token_and_a_link() -> None:
    for before in ("<email-3f9a0c1b2d4e>", "https://example.org/p/12"):
        (one,) = find_details(f"kontakt {before} lub 501 222 334")
        assert (one.kind, one.value) == ("phone", "501222334")


def test_figure_beside_a_phone_number_is_none() -> None:
    text = "Call 501 222 333, bought 4006381333931 there, 501 222 334 times"
    assert [one.value for one in find_details(text)] == ["501222333"]


@pytest.mark.parametrize(
    "text",
    [
        "We drove 12345 miles on it and never looked back.",
        "It is the best of all (and that) of 20000 I have seen; 1,000 % & more = better :)",
        "At the port we waited (on a boat). Review 54321",
    ],
)
def test_text_with_neither_addresses_nor_words_beside_its_numbers_is_not_looked_at(
    text: str,
) -> None:
    assert suspects([text]) == []


def test_orders_far_from_each_other_are_found() -> None:
    fine = "It was fine. " * 20
    text = (
        f"Order RMA-123456 came late. {fine}Then order 4711081. {fine}tracking 1Z999AA10123456784"
    )
    found = [one.value for one in find_details(text)]
    assert found == ["RMA123456", "4711081", "1Z999AA10123456784"]


def test_many_details_in_one_text_take_no_time_that_grows_with_their_square() -> None:
    started = time.process_time()
    assert len(find_details("anna@example.com " * 20_000)) == 20_000
    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", NONE)
def test_what_looks_like_a_detail_is_none(text: str) -> None:
    assert find_details(text) == []


@pytest.mark.parametrize(
    "forms",
    [
        (
            "anna@example.com",
            "ANNA@Example.com",
            "anna [at] example [dot] com",
            "anna%40example.com",
        ),
        ("+49 171 2345678", "0171/2345678", "0049 (171) 234 56 78", "tel 01712345678"),
        ("звоните 8 916 555-01-10", "tel. 89165550110", "+7 916 555-01-10"),
        ("(415) 555-2671", "+1 415 555 2671", "1-415-555-2671"),
        ("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"),
        ("DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        ("order #112-1234567-1234567", "Bestellnummer: 112-1234567-1234567"),
    ],
)
def test_one_detail_has_one_value_however_it_is_written(forms: tuple[str, ...]) -> None:
    assert len({(one.kind, one.value) for form in forms for one in find_details(form)}) == 1


def test_each_of_several_orders_is_found() -> None:
    text = "orders 12345678, 12345679 and #A445566 are late"
    assert [text[one.start : one.end] for one in find_details(text)] == [
        "12345678",
        "12345679",
        "A445566",
    ]


def test_wrong_check_digits_are_neither_card_nor_iban() -> None:
    found = find_details("4111 1111 1111 1112 and DE88 3704 0044 0532 0130 00")
    assert {"card", "iban"}.isdisjoint(one.kind for one in found)


def test_token_is_no_detail() -> None:
    token = "<order-123456789012>"
    assert TOKEN.fullmatch(token)
    assert find_details(f"order {token}, tel {token}") == []


def test_names_of_products_and_ids_hold_only_what_is_sure() -> None:
    assert find_sure("Order 12345678, tel. 0171 2345678") == []
    sure = find_sure("card 4111111111111111 of anna@example.com")
    assert [one.kind for one in sure] == ["card", "email"]


@pytest.mark.parametrize(("kind", "headers"), PERSONAL.items())
def test_column_of_a_person_is_known_by_its_name(kind: str, headers: str) -> None:
    assert {header: personal_kind(header) for header in headers.split(", ")} == dict.fromkeys(
        headers.split(", "), kind
    )


def test_column_of_something_else_is_not_a_persons() -> None:
    assert [one for one in IMPERSONAL.split(", ") if personal_kind(one) is not None] == []


NAMES = ["Anna Berg", "Tom Baines", "Priya Raman", "J. Doe", "Lena Voss", "K. Okafor"]
CODES = ["LZ4WQP", "R7KD2M", "QX7719", "4471203", "C-881234", "20938471"]
STREETS = ["14 Elm Row", "88 Kings Rd", "Apt 4B, 210 W", "3 Harbour View", "19 Mill Ln", "7 Hill"]
KINDS_OF_GUESTS = ["business", "leisure", "business", "family", "leisure", "solo"]
HEADERS = {
    "person": (
        NAMES,
        "客户姓名, Имя клиента, Müşteri adı, Contact person, Passenger, Facebook profile, "
        "Nome cliente, Twitter handle, Prénom et nom, Vevő neve, Asiakkaan nimi, اسم العميل, "
        "Tên khách hàng, "
        "Kundenavn, 고객명, お客様のお名前, Name, Customer, User, "
        "Instagram, Lead guest, Numele clientului",
    ),
    "order": (
        CODES,
        "Booking Reference, Nº de pedido, Numer zamówienia, Case ID, N. ordine, Číslo zákazníka, "
        "预订号, Rendelésszám, رقم الحجز, Mã đơn hàng, 주문 번호, Ticket, "
        "Frequent flyer number, № заказа",
    ),
    "address": (
        STREETS,
        "Street, Dirección, Address, Адрес доставки, Địa chỉ, 收货地址, Cím, Adresse",
    ),
}
OTHERS = (
    (KINDS_OF_GUESTS, "Customer, Guest, Client, Customer type, Kunde, Usuario"),
    (["new", "returning", "returning", "new", "new", "returning"], "User, user, Visitor, 用户"),
    (["Retail", "Wholesale", "Retail", "Online"] * 12, "Customer, Buyer"),
    (["1 Main St", "22 Bay Rd", "1 Main St", "1 Main St"], "Address, Street, Dirección, 地址"),
    (
        ["A004-3", "B112-1", "A004-3", "A004-3"],
        "Reference, Référence produit, رقم المنتج, 商品番号",
    ),
    (["5", "3", "4", "5"], "Staff, Number of orders, Customer age, Member since, Case type, Host"),
    (
        ["Echo Dot", "Kettle", "Sofa X", "Mug"],
        "Product name, Ürün adı, 商品名, Store name, Nom du produit",
    ),
)


@pytest.mark.parametrize(("kind", "values", "headers"), [(k, *told) for k, told in HEADERS.items()])
def test_column_of_a_person_is_known_in_many_languages(
    kind: str, values: list[str], headers: str
) -> None:
    told = {header: column_kind(header, values) for header in headers.split(", ")}
    assert told == dict.fromkeys(told, kind)


WRITERS = (
    "Kundenname, Nombre del cliente, Buyer, Nom du client, Nome do cliente, Klantnaam, "
    "Imię i nazwisko, Müşteri adı, Имя клиента, Kundenavn, Asiakkaan nimi, 客户姓名, お客様名, "
    "고객명, Name des Kunden, Nutzername, Käufer, Acheteur, Comprador, Kupujący, Nome e cognome, "
    "اسم العميل, Tên khách hàng, Покупатель, 買家, Jméno zákazníka, Vevő neve, ग्राहक का नाम"
)
NO_WRITERS = (
    "Vorname, First name, Last name, Имя, Recipient name, Contact, Staff, Agent name, Sender, "
    "Reply author, Host name, Empfänger, Customer first name, Hotel name, Driver, Customer email"
)


def test_column_of_names_of_customers_is_the_author() -> None:
    assert [one for one in WRITERS.split(", ") if not names_author(one, NAMES)] == []
    assert [one for one in NO_WRITERS.split(", ") if names_author(one, NAMES)] == []
    assert not names_author("Kunde", KINDS_OF_GUESTS)
    rows = [["It is well made.", name, name.upper()] for name in NAMES]
    assert (
        choose_columns("", ["text", "Kundenname", "Buyer"], rows, {}).columns["author"] == "Buyer"
    )


def test_columns_of_identity_documents_are_told_as_such() -> None:
    headers = "DNI, Passport, SSN, Ausweisnummer, CPF, PESEL, 身份证号, ИНН, Codice fiscale"
    told = {header: column_kind(header, CODES) for header in headers.split(", ")}
    assert told == dict.fromkeys(told, "identity")
    assert [one.kind for one in find_details("meu CPF 123.456.789-09")] == ["identity"]


def test_columns_of_profiles_and_names_are_told_by_their_values() -> None:
    links = ["https://shop.example/u/anna", "https://shop.example/u/tom"]
    assert column_kind("Profil", links) == "link"
    assert column_kind("Profil", ["niedrig", "hoch"]) is None
    assert column_kind("नाम", ["राम कुमार", "सीता देवी"]) == "person"
    assert column_kind("Lieferanschrift", STREETS) == "address"


@pytest.mark.parametrize(("values", "headers"), OTHERS)
def test_values_tell_that_a_column_names_nobody(values: list[str], headers: str) -> None:
    assert [one for one in headers.split(", ") if column_kind(one, values) is not None] == []


@pytest.mark.parametrize(
    "names", [["Tom", "Anna", "Tom", "Bo"], ["anonymous", "guest", "Tom Baines", "Anna"]]
)
def test_column_of_reviewers_holds_names_though_some_come_back(names: list[str]) -> None:
    assert column_kind("Reviewer", names) == "person"


@pytest.mark.parametrize(
    "header",
    ["GTIN", "UPC", "ean_code", "SKU", "Part number", "itemNo", "Article no.", "Batch/Lot"],
)
def test_column_of_numbers_of_things_is_known_by_its_name(header: str) -> None:
    assert names_things(header)


@pytest.mark.parametrize(
    "header", ["Product review", "article", "item", "Customer number", "Order code", "notes", ""]
)
def test_other_columns_may_hold_anything(header: str) -> None:
    assert not names_things(header)


@pytest.mark.parametrize(
    "text",
    [
        *("1" * 60_000, "1 2 " * 15_000, "a@" * 30_000, "a.b+c" * 12_000 + "@", "(0)" * 20_000),
        *("order number is no " * 3_000 + "12345", "order" + " " * 50_000 + "12345"),
        *("12 34 567 " * 6_000, "4111 1111 1111 1112 " * 3_000, "http://a?" + "key=1&" * 9_000),
        *("tel 501 222 334, " * 3_000, "0171 2345678 / " * 3_000),
    ],
    ids=range(12),
)
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    began = time.process_time()
    find_details(text)
    assert time.process_time() - began < 15
