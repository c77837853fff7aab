"""Numbers that the word beside them tells of, by kind of word; and what the same words are not."""

from __future__ import annotations

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
