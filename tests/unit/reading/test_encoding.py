from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.encoding import (
    SAMPLE_BYTES,
    check_encoding,
    decide_encoding,
    show_undecodable,
)
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.records import decoded_lines
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

FRENCH = "Très bon café, déjà commandé.\nEmballage abîmé à la réception, dommage.\n"


@pytest.mark.parametrize(
    ("sample", "name", "decided"),
    [
        (b"plain", "utf-8", "valid UTF-8"),
        (FRENCH.encode(), "utf-8", "valid UTF-8"),
        (FRENCH.encode("utf-8-sig"), "utf-8-sig", "byte order mark"),
        (FRENCH.encode("utf-16"), "utf-16", "byte order mark"),
        (FRENCH.encode("utf-16-le"), "utf-16-le", "pattern of NUL bytes"),
        (FRENCH.encode("utf-16-be"), "utf-16-be", "pattern of NUL bytes"),
        (FRENCH.encode() + b"\xe9\n", "utf-8", "UTF-8 with 1 damaged places"),
        ("สินค้าดีมาก ส่งเร็ว\nแตกตั้งแต่วันแรก\n".encode("cp874"), "cp874", "charset-normalizer"),
    ],
)
def test_encoding_is_decided(sample: bytes, name: str, decided: str) -> None:
    encoding = decide_encoding("f.csv", sample, complete=True)
    assert (encoding.name, encoding.decided) == (name, decided)


GERMAN = "Schöner Koffer, große Fächer\n"
CZECH = "Příšerně pomalé, nedoporučuji\n"
RUSSIAN = "Отличный товар, рекомендую!\n"
JAPANESE = "色は写真より少し暗い\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (FRENCH, "cp1252 mac_roman cp850"),
        (GERMAN, "cp1252 mac_roman cp850"),
        (f"{FRENCH}{GERMAN}La batería dura poco. ¿Qué más?\n", "cp1252 mac_roman cp850"),
        ("Não gostei, mas a informação está correta\n", "cp1252 mac_roman cp850"),
        ("Også på køl, men gik i stykker på første dag\n", "cp1252 mac_roman cp850"),
        ("I don’t miss it – it’s “good”\n", "cp1252 mac_roman"),
        (CZECH, "cp1250 cp852 iso8859_2"),
        ("Źle działa, bateria słaba, dziękuję\n", "cp1250 cp852"),
        ("Sajnos két hét után tönkrement, nem jó minőségű\n", "cp1250 cp852"),
        ("Çok güzel ürün, hızlı kargo, teşekkürler\n", "cp1254"),
        ("Kokybė gera, siunčia greitai, ačiū už šį pirkinį\n", "cp1257"),
        (RUSSIAN, "cp1251 koi8_r cp866"),
        ("Πολύ καλό προϊόν, το συνιστώ\n", "cp1253"),
        ("מוצר מצוין, ממליץ בחום\n", "cp1255"),
        ("منتج ممتاز وأنصح به\n", "cp1256"),
        (JAPANESE, "cp932 euc_jp iso2022_jp utf-7"),
        ("届くのが早い\n味が薄い\n", "cp932 euc_jp iso2022_jp utf-7"),
        ("质量很好,下次还会再来\n", "gb18030 hz utf-7"),
        ("东西坏了,不给退\n", "gb18030 hz utf-7"),
        ("孩子很喜歡,顏色漂亮\n", "big5"),
        ("배터리가 금방 닳아요\n", "cp949 iso2022_kr utf-7"),
    ],
)
def test_encoding_is_told_from_a_line_or_two(text: str, names: str) -> None:
    for name in names.split():
        sample = f"id,text,stars\n1,{text}".encode(name)
        found = decide_encoding("f.csv", sample, complete=True)
        assert sample.decode(found.name) == sample.decode(name), name
        assert found.guessed


@pytest.mark.parametrize(
    "text",
    [
        "Call +49 151 1234567 or ann+shop@example.com",
        "C++ is +1, A+ service\n5+ stars, 1+1=2, +++ great +++",
        "+tollsten- Artikel +Versand +Qualitaet- +Lieferung",
        "from ~{ab} to ~5 or ~{zz~}",
        "\x1b[31mred\x1b[0m and \x1b(0 frames",
    ],
)
def test_signs_in_plain_text_are_no_escapes(text: str) -> None:
    assert decide_encoding("f.csv", text.encode(), complete=True).decided == "valid UTF-8"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FRENCH, "cp850"),
        (JAPANESE, "iso2022_jp"),
        ("质量很好\n下次还会再来\n", "hz"),
        (FRENCH, "utf-7"),
    ],
)
def test_guessed_encoding_is_read_and_told_and_another_insisted_on(
    tmp_path: Path, text: str, name: str
) -> None:
    path = tmp_path / "f.csv"
    wanted = text.splitlines()
    rows = "".join(f'"{line}",5\n' for line in wanted)
    path.write_bytes(f"text,stars\n{rows}".encode(name))
    with survey_reviews([path], ReadOptions()) as survey:
        assert [one.text for chunk in read_reviews(survey) for one in chunk.reviews] == wanted
        assert f"it is read as {name}, by" in survey.notes[0]
        assert "(--encoding)" in survey.notes[0]
    with survey_reviews([path], ReadOptions(encoding="latin-1")) as survey:
        assert survey.files[0].encoding == "iso8859-1"
        assert not any("--encoding" in note for note in survey.notes)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Świetny sprzęt, żona zadowolona, łącze działa źle"),
        ("iso8859_2", "Świetny sprzęt, żona zadowolona, łącze działa źle"),
        ("cp1250", "Polecam, szybka wysyłka i dobra jakość"),
        ("cp1250", "Výborný výrobek, rychlé doručení, děkuji, příště znovu"),
        ("cp1250", "Nagyon jó termék, őszintén ajánlom, a hűtő is"),
        ("cp1250", "Loša kvaliteta, čekao sam dva tjedna, nažalost ništa"),
        ("cp1254", "Ürün çok güzel, kargo hızlıydı, teşekkürler"),
        ("cp1252", "Très déçu, ça ne marche pas à 50 € – dommage…"),
        ("cp1252", "Größe passt\nmuy cómodo, ¿dónde está mañana?\nè così, perché no\nnão é bom"),
        ("cp1252", "Rigtig god, men leveringen var for sløv på Ærø"),
        ("cp1252", "Mycket bra, snabb leverans, är nöjd på alla sätt"),
        ("mac_roman", "Déjà commandé, très bon café"),
        ("cp1252", "Mjög góð þjónusta, ég er ánægður með þetta"),
    ],
)
def test_letters_of_a_language_tell_latin_encodings_apart(encoding: str, text: str) -> None:
    sample = f"text;stars\n{text};5\n".encode(encoding)
    assert decide_encoding("f.csv", sample, complete=True).name == encoding


def test_character_cut_at_the_edge_of_the_sample_is_no_damage() -> None:
    sample = b"x" * (SAMPLE_BYTES - 1) + "é".encode()[:1]
    assert decide_encoding("f.csv", sample, complete=False).decided == "valid UTF-8"
    assert decide_encoding("f.csv", sample, complete=True).name != "utf-8"


def test_random_bytes_are_not_text() -> None:
    with pytest.raises(UnreadableFile, match=r"is not text: .* control characters"):
        decide_encoding("f.csv", bytes(range(256)), complete=True)


def test_given_utf8_strips_a_mark() -> None:
    assert check_encoding("UTF8").name == "utf-8-sig"


def test_undecodable_bytes_are_shown() -> None:
    assert show_undecodable("caf\udce9") == "caf\\xe9"


@pytest.mark.parametrize(
    "name",
    [
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "raw-unicode-escape",
        "hex",
        "rot13",
        "a\0b",
    ],
)
def test_encoding_that_no_file_of_text_is_in_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="There is no encoding") as refused:
        check_encoding(name)
    assert refused.value.field == "encoding"


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "cp1252", "gb18030", "big5", "utf-7"])
def test_encoding_of_text_is_taken(name: str) -> None:
    assert check_encoding(name).decided == "given"


@pytest.mark.parametrize("name", ["utf-16", "utf-32"])
def test_encoding_that_needs_a_mark_which_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"f\.csv cannot be read as .*BOM") as refused:
        list(decoded_lines(BytesIO(b"text,stars\nA warm lamp,5 \n"), name, "f.csv"))
    assert refused.value.field == "encoding"
