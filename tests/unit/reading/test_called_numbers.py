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
    "a noun and a word for a number, in some forty languages": """
        Sipariş numaram {4471203355}, hâlâ gelmedi
        Siparis numarasi {55120774} kargoda kayboldu
        {88213} nolu siparişim gelmedi
        Kargo takip no {7750012345678}
        Bilet numarası {235-2384719920}
        referans numaram {RF551207}
        رقم طلبي {551207} ولم يرد أحد
        طلب رقم {55120774}
        رقم التتبع {RR123456785SA}
        رقم الشحنة هو {7712055120}
        mã vận đơn {SPXVN0551207744}
        Mã đặt chỗ {KX7Q2M} không có
        mã khách hàng {KH55120}
        rendelési számom {551207}
        ügyfélszám {8812345}
        csomagszám: {PN551207744HU}
        Číslo objednávky {5512077}
        číslo rezervace {KX7Q2M}
        reklamace číslo {R-55120}
        číslo zásilky {DR5512077445C}
        tilausnumeroni on {5512077}
        varausnumero {KX7Q2M}
        seurantakoodi {JJFI55120774412345}
        viitenumero {551207}
        αρ. παραγγελίας: {551207}
        αριθμός αποστολής {551207744}
        Numer zamówienia {5512077}
        zamówienie nr {5512077/2024}
        numer klienta {8812345}
        zgłoszenie {ZG-55120}
        mitt ordernummer är {551207}
        kundnummer {8812345}
        ordre nr. {551207}
        bestillingsnummer {551207}
        kundenummer {8812345}
        referansenummer {551207}
        comanda nr. {551207} nu a ajuns
        comanda mea cu numărul {551207}
        cod client {8812345}
        주문번호 {20240551207}
        예약번호: {KX7Q2M}
        고객번호 {8812345}
        номер заказа {5512077}
        заказ номер {551207}
        трек-номер {RR123456785RU}
        номер клиента {8812345}
        замовлення № {551207}
        注文番号は{551207}です
        お客様番号{8812345}
        追跡番号{551207744123}
        订单号：{551207744}
        快递单号：{SF551207744123}
        My reference is {QX7719Z}
        Your ref: {QX7719Z}
        dossier n° {D55120}
        référence de ma commande : {QX7719Z}
        no. pesanan: {INV/20240512/551207}
        หมายเลขคำสั่งซื้อ {551207}
        מספר הזמנה {551207}
        broj narudžbe {551207}
        naročilo št. {551207}
        cel {11 5555-1234} whatsapp
        numaram {532 123 45 67}
        جوال {050 123 4567}
        sđt {0912 345 678}
        số điện thoại {091 234 5678}
        hívjanak: {06 30 123 4567}
        puh. {040 1234567}
        τηλ. {210 1234567}
        tel: {22 123 45 67}
        ring {070-123 45 67}
        sunați la {0722 123 456}
        연락처 {010 1234 5678}
        дзвоніть {067 123 45 67}
        telepon {0812-3456-7890}
        โทร {081 234 5678}
        טלפון {050-123-4567}
        lost property number {LP-20391}
        Warranty claim {WC-77120-3} denied
        Returns no. {R551207}
        My Amazon order {114-5512077-4412345}
        Order ref {AB1234}
        ticket no {0012384719920}
        complaint id {55120}
        they gave me reference {QX551207}
        Parcel {JD0002551207744123} lost
        account {AC-551207} blocked
        insurance policy number {PL-551207-K}
        customer ID {C551207}
        chat id {CH-551207}
        transaction {TX-55120-774} failed
        UPS {1Z999AA10123456784}
        Sendung {00340434551207744123} verschollen
        Vorgang {VG-2023-5512} offen
        Ticket-Nr. {551207}
        Reklamationsnummer {RK-55120}
        Meine Referenz: {RF-551207}
        Bestellung Nr {4711}
        numéro de dossier {D551207}
        réservation n° {KX7Q2M}
        colis {6A12345512077} perdu
        appelez-moi au {07 55 12 07 74}
        pedido {551-2077441} sin llegar
        reclamación nº {2023/55120}
        ticket n.º {551207}
        cel. {11 5512-0774}
        numero prenotazione {KX7Q2M}
        ordine {IT551207} mai arrivato
        chiamatemi al {333 5512077}
        protocolo nº {2023551207}
        meu telefone: {(11) 95512-0774}
        zaaknummer {Z-55120}
        pakket {3SABCD551207744}
        zlecenie nr {551207}
        moje zamówienie {551207} zaginęło
        nr tel. {512077441}
        variabilní symbol {5512077441}
        volejte prosím {777 551 207}
        zákaznické číslo: {551207}
        foglalási kód: {KX7Q2M}
        telefon: {30 551 2077}
        tilaukseni numero {551207}
        soittakaa {050 5512077}
        αριθμός κράτησης {KX7Q2M}
        αριθμός υπόθεσης {55120}
        αρ. αποστολής {551207744}
        beställning {551207} kom aldrig
        kolli-id {00370730551207744123}
        ordrenr. {551207}
        bookingnummer {KX7Q2M}
        ordrenummer {NO-551207}
        telefonen min er {455 12 077}
        numărul rezervării {KX7Q2M}
        sunați-mă la {0755 120 774}
        rezervasyon no {KX7Q2M}
        kargo takip numarası {5512077441}
        0 ile arayın {05551207744}
        رقم الفاتورة {INV-551207}
        كود الحجز {KX7Q2M}
        واتساب {+201005512077}
        mã số đơn {551207}
        hotline gọi {0905 512 077}
        số vé {738-5512077441}
        заказ {551207-0012} потеряли
        мой номер заказа {55-12077}
        телефон {8 (495) 551-20-77}
        телефонуйте {067 551 20 77}
        快递单号{YT5512077441234}
        预订号：{KX7Q2M}
        我的手机{13955120774}
        注文番号:{D01-5512077-4412345}
        受付番号は{551207}
        会員番号 {55120774}
        주문번호는 {551207744}입니다
        접수번호 {55120}
        회원번호 {551207}
        전화번호 {02-551-2077}
        kode booking {KX7Q2M}
        WA {0812-5512-0774}
        เบอร์ {081-551-2077}
        फ़ोन {98765 51207}
    """,
    "a matter of one's own": """
        mi caso es el {C-551207}
        My reference is {QX7719Z}
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
réf 4055171146
order was WH1000XM5
Claim: 10000 hours
case: 12000 mAh
order: 25000 pieces
Modell-Nr. 88123456
Model numarası 8812345
ürün kodu 8812345
رقم القطعة 8812345
cikkszám 8812345
číslo dílu 8812345
mallinumero 8812345
numer katalogowy 8812345
artikelnummer 8812345
număr de serie 8812345
모델번호 8812345
артикул 8812345
型番 8812345
商品编号 8812345
sipariş 15000 lira tuttu
objednávka za 15000 korun
tilaus maksoi 15000 euroa
commande de 12500 euros
заказ на 15000 рублей
注文 15000円
my order SM-G991B
part number 06A905115D fits
Referenz 5711/1A
order the DCD796D2
order 50 50123 screws
bought ticket at 12000
order 30000 BTU unit
warranty claim 100000 km
claim of 10000 hours
case of 10000 bags
tracking: 10000 steps a day
invoice of 12500
Modell SM-3310 ist gut
Best.-Nr. des Filters im Katalog ist egal
réf fabricant 551207
Cód. de producto 551207
codice EAN 8001234567890
número de série 551207744
onderdeelnummer 551207
kod produktu 551207
číslo výrobku 551207
cikkszáma 551207
sorozatszám: 551207744
viivakoodi 6412345678901
σειριακός αριθμός 551207744
serienummer 551207744
varenr. 551207
cod de bare 5941234567890
ürün kodu 551207
seri numarası 551207744
رقم المنتج 551207
باركود 6281234567890
số sê-ri 551207744
серийный номер 551207744
каталожный номер 551207
条形码6901234567892
货号551207
製造番号551207744
제품 번호 551207
바코드 8801234567890
nomor seri 551207744
sipariş ettim 12500 lira
bestilling på 12500 kroner
objednávka 12 500 Kč
παραγγελία 12500 ευρώ
đơn hàng 1250000 đồng
pesanan 125000 rupiah
We booked ticket 1 of 20000
case 4K60 capture
account for 100000 users
payment 12,500.00 USD
Claim: 20,000 mAh
policy 2023/2024 changed
booking 12.05.2023-14.05.2023
flight booking LH400 to JFK
the order 9x13 pan
Parcel 12x30x45
Ticket to ride 15th edition
the reference 1080p footage
Their claim of 99.999 uptime
réf 4055171146
order was WH1000XM5
Claim: 10000 hours
spare blade (ref. A00442-3) fits
the UPC on the bag is 0 41508 80012 4
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
