"""Numbers that the word beside them tells of, by kind of word; and what the same words are not."""

from __future__ import annotations

import time

import pytest

from reviewlens.reading.private import find_details
from reviewlens.reading.suspects import suspects

# The kind of word or form, and texts with the detail in braces.
SEEN = {
    "any noun with a word for a number": """
        My docket number is {CC/551/7720} and nobody calls
        Itinerary number {8155-2207-04} had no refund
        Loan no. {LN-00661204} was sold
        Transaction ID {4XK55120PP203844L} with a seller who vanished
        user ID {55120774}, I cannot log in
        Membership number {QLUB 55120774}, miles missing
        Serial no. of my claim: {SN-CL-551207}
    """,
    "compounds": """
        Schadennummer {S-1177-55120}, niemand zahlt
        Mitgliedsnr. {992 551 2077}, Punkte weg
        Zaaknummer {Z2022-55120} loopt nog
        Kundnummer {5512077}, ingen svarar
        Ordrenummer {NO551207} ble aldri sendt
        Pakkenummer {00370730255120774412} er væk
        Vorgangs-ID {VX-55120-77}
        Polisnummer {55.12.07.003} niet vergoed
    """,
    "turned round": """
        Numéro de contrat {CT55120774}, sans réponse
        Número de póliza: {PZ-551207}
        Nr klienta {5512077} nieznany
        Codice pratica {PR-55120/23} fermo
        N° de dossier {D-2022-55120}
    """,
    "no number's word, but a long number or capitals": """
        Frequent flyer {QF5512077} has no points
        Sinistre {2022SIN005512}, toujours rien
        Expediente {2022/551207} sin resolver
        Paczka {620099551207736482019384} w sortowni
        Nota fiscal {000.551.207} com erro
        Договор № {5512077-23}, связи нет
        Заявка {551207} висит
        Klacht {K-2022-55120} wordt genegeerd
        Ticket de soporte {SUP-55120} cerrado
        Обращение {СР-551207} закрыли
    """,
    "words that no space parts": """
        我的订单号是{2022110755120774}
        快递单号 {SF1355120774625} 没收到
        会员号 {55120774}，积分没了
        工单号 {WO-551207}，没人管
        お客様番号は{5512077}です
        お問い合わせ番号 {5512-0774-4612} で追跡
        予約番号 {R55K29} がない
        客服：请提供订单号。我：{551207743845}。
    """,
    "codes of bookings": """
        PNR {ZKWPTB} shows cancelled
        Bookingreferanse {K3PXWQ} virket ikke
        Бронь {7PQ4KX} пропала
        the trip booked under {JQ8WLM} was cancelled
        [10:02] Bot: your booking code? [10:03] Me: {K8QWZT}
    """,
    "answers in a chat": """
        Agent: order number? Me: {55120774}. Agent: hold on
        >> Kundennummer? << Meine Antwort: {55120774}
        Agent : numéro de commande ? Moi : {551-20774}
    """,
    "at some distance, or before its word": """
        My account with you, number {00551207}, was debited
        zu meiner Bestellung vom 3.5. (Nr. {551207744}) kam nichts
        It is {A5512077}, the customer number
        The ticket I opened, {551207}, is closed
        Mi pedido, el {5512-0774}, llegó abierto
        My Telstra ref is {SR1-5512077439}
        Bot: your case has been created: {5003X00005AbCdE}
    """,
    "four digits with capitals or a sign": """
        Ref: {KX/5512/AB}. No reply
        Your reference {GH-5512}, my patience is over
        order #{1042} never came
    """,
    "forms of parcels and of shops": """
        pakket met barcode {3SDEVC551207499} is kwijt
        {RR551207744GB} has not moved
        Premium not restored, {GPA.3312-5512-0774-88456}
    """,
    "telephones of countries without a plus": """
        手机 {13855120774}，请回电
        微信同号{13955120774}
        我的电话是{138-5512-0774}
        電話は{090-5512-0774}です
        连{１３８５５１２０７７４}也打不通
        перезвоните {89165512077}
        my handphone {85512077}, no one called
        Ring til mig på {55 12 07 74}
        Ring meg på {912 55 120}
        Tlf {912 77 120}
    """,
    "groups parted by spaces": """
        Kundennr.: {55 12 07 74}
        account no. {55 12 07 74}
        n° client {551 207 74}
        Auftrag Nr. {AB 55120 K}
        Versicherungsnummer {55 120774 A 901}
        eticket nr. {551 2384719920} is of no use
        commande {CMD 55120774} introuvable
        fedex {7751 1207 0031} sat in Memphis
        you still owe me the minibar charge - folio {338201}, room 614
        dpd {15501842 551207} left in the rain
        my SkyMiles {9284 551 207} are gone
        Membership card {5512 0774 9921} refused
        {RN 551 207 745 GB} vanished
        Consignment number {MU 551 207 745 GB}? gone
        UPS lost {1Z 551 AA1 01 2345 6784}
        They lost {9400 1118 5512 0774 5678 90}
        Il mio codice fiscale {RSSMRA80A01H501U} in chiaro
        CPF {123.456.789-09} vazado
    """,
    "small letters, and letters before a sign": """
        my ref: {gh-55120}
        Order {a5f-55120-kk} as the label has it
        order {ord_5f3k2m1x9q}
        PayPal dispute {PP-R-KLM-551207928}
        Refund ID {re_5NkQ8zL2} they say
    """,
    "abbreviations and nouns": """
        Terrible. (ref {5512-0774})
        Parking ref {PK551207} and still fined
        My ref was {AC/55120/27}.
        conf no {55120774}, not ready
        cust no {551207}
        hospital no {H551207}
        logged under {LG-55120}, then nothing
        credit note {CN-55120} never applied
        Reparaturauftrag {R-551207}
        réf. client {C551207}
        track&trace {JVGL0655120774112233}
        the bag tag {BA551207} was torn off
        factuur {2024.55120}
    """,
    "a clause or a day before the number": """
        the reference I was given is {QTR5512077}
        My order from 3 May ({55120774}) is lost
        Bestellung vom 3. Mai, {55120774}, nie gekommen
        Our claim with Allianz, {AL551207}, rejected
        {55120774} is mijn bestelnummer
        Mi pedido es el {5512077}
    """,
    "a sign for a number without more": """
        my Etsy #{5512077441}
        orders 55120 + #{55121}
        order nos. 551207 / {551208}
    """,
    "codes with few digits": """
        Airbnb code {HMX4KQ82TN} was cancelled
        My Delta confirmation {GH4K2P} vanished
        My Uber Eats order {5C2F1} had no drinks
        My voucher code {XMAS-7F3K-99QL} is void
        RA number {5Z1K9X} was never closed
        Bahn-Auftragsnummer {Q7R2KX}
    """,
    "telephones with an extension": """
        Ring {0161 496 0821 ext 22}
        tel {+44 (0)161 496 0821 x44} ask for Dave
        you can text {5550104477}
    """,
    "addresses at a mail service": """
        my mail {j.hollis at gmail.com}
        email {jane.hollis AT hotmail.com}
        mail: {hollis at yahoo.com}
        {jane.hollis@gmail,com}
    """,
    "addresses": """
        giulia scrive a {giulia(chiocciola)esempio.it}
    """,
}
NONE = """
    Ikea article number 10345512
    Hose model no. 5512077
    Bosch Ersatzteilnummer 00551207
    Zimmernummer 55120 gibt es nicht
    error code 50031207 on the display
    Lego set no. 42115512
    型号：13855120
    商品番号 5512077
    a number of 551207 people
    Our booking BA2490 was late
    Our booking DENIED us a room
    PNR STATUS never changed
    My #1 complaint and order #2 of three
    ordered the WH-1000XM4 in my 1st order
    Our orders for the party, 12500 in all, came
    Tickets (from 12000 to 15000 yen) are dear
    ring size 10 11 12 13 14
    The FCC ID 2ABCD55120 is on the back
    HP 2055120 toner
    Order the DW-0245 and not the DW-0240
    Заказ на 25000 рублей
    订单金额129900元
    花了1385512077元
order 2 3 4 5 6
The chip ID 5C2F1 is printed on it
auto-reference 12345
cross reference 12345678
Typ Nr. E-Nr. WAN28281
Art.-Nr. 502.758.14
user manual no. 12345678
Reference 116500LN Daytona
reference 5711/1A-010 is a grail
my ref 16710 GMT
Seiko ref SKX007
ref IW371446
order B07XJ8C8F5
claim: 10000mAh5
encomenda 12500 reais
Buchung DELUXE Zimmer
my order BA2490
use code BLACK-FRIDAY-2024
order (12.5.2024) was late
Pattern number B5K21 is lovely
lens number 24F14G is sharp
my new order WF100XM4 buds
rx 5700 XT and RX 6800
Barcode #0123456789012
SKU# 1234567890
SkyMiles 25000 for a blanket
IKEA 10345512 KALLAX
order ref. ISBN 0306482372
I have an account at gmail.com
great support at outlook.com
look at yahoo.com
the case I bought was SM-G991B
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize(
    "marked", [line for block in SEEN.values() for line in lines(block)], ids=str
)
def test_number_is_found_whole_and_looked_for(marked: str) -> None:
    begin, end = marked.index("{"), marked.rindex("}") - 1
    text = marked.replace("{", "").replace("}", "")
    assert any(one.start <= begin and end <= one.end for one in find_details(text))
    assert suspects(["nothing", text, ""]) == [1]


@pytest.mark.parametrize("text", lines(NONE))
def test_number_of_a_thing_is_none(text: str) -> None:
    assert find_details(text) == []


def test_wide_digits_are_those_of_the_same_number() -> None:
    narrow, wide = "电话：13855120774", "电话：１３８５５１２０７７４"
    assert [one.value for one in find_details(narrow)] == [one.value for one in find_details(wide)]


def test_chinese_number_is_one_with_and_without_its_country() -> None:
    values = {
        one.value for text in ("手机13855120774", "+86 138 5512 0774") for one in find_details(text)
    }
    assert values == {"13855120774"}


def test_russian_number_is_one_with_and_without_its_country() -> None:
    forms = ("звоните 8 (916) 551-20-77", "звоните +7 916 551-20-77")
    assert {one.value for text in forms for one in find_details(text)} == {"9165512077"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Hertz rental agreement H28819334: charged me $300", "H28819334"),
        ("Przesyłka InPost 620012345678901234567890 utknęła", "620012345678901234567890"),
        ("UPS 3 day shipping took 10 days", None),
        ("My APC UPS BE600M1 died", None),
    ],
)
def test_a_carrier_and_an_agreement_have_numbers(text: str, number: str | None) -> None:
    found = [text[one.start : one.end] for one in find_details(text)]
    assert found == ([] if number is None else [number])


def test_time_behind_a_number_is_no_part_of_it() -> None:
    text = "Order no. 55120 20 days ago"
    assert [text[one.start : one.end] for one in find_details(text)] == ["55120"]


@pytest.mark.parametrize("text", ["order no. " + "123 4567 " * 4_000, "dhl " + "123 " * 15_000])
def test_groups_without_an_end_cost_no_more_than_their_length(text: str) -> None:
    began = time.process_time()
    find_details(text)
    assert time.process_time() - began < 10
