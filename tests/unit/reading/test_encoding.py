from __future__ import annotations

from io import BytesIO

import pytest

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.encoding import (
    SAMPLE_BYTES,
    check_encoding,
    decide_encoding,
    show_undecodable,
)
from reviewlens.reading.records import decoded_lines

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
        (FRENCH.encode("cp1252"), "cp1252", "charset-normalizer"),
        (b"don\x92t miss it\nIt\x92s good\n", "cp1252", "charset-normalizer"),
        ("Отличный товар, рекомендую!\n".encode("cp1251"), "cp1251", "charset-normalizer"),
        (
            "很快,好吃,味道足,量大\n没有送水没有送水\n".encode("gb18030"),
            "gb18030",
            "charset-normalizer",
        ),
        ("とても良い商品でした。\n".encode("cp932"), "cp932", "charset-normalizer"),
    ],
)
def test_encoding_is_decided(sample: bytes, name: str, decided: str) -> None:
    encoding = decide_encoding("f.csv", sample, complete=True)
    assert (encoding.name, encoding.decided) == (name, decided)


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
