"""Which encoding a file of text is in, decided on its first 4 MB."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from difflib import get_close_matches

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.alphabets import ENCODINGS, likeliest_encoding, written_letters
from reviewlens.reading.files import foreign_form

SAMPLE_BYTES = 4_000_000
KEEP = "reviewlens.keep"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "cp1251", "gb18030", "big5", "cp932")
_NO_ENCODINGS_OF_FILES = {
    "idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape",
    "raw_unicode_escape", "unicode_internal",
}  # fmt: skip
"""Of names of hosts, and of Python's own notation."""
_ISO_2022 = re.compile(rb"\x1b(?:\$(?:[@AB]|[()][A-D])|\([IJ])")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_UTF_7 = re.compile(rb"\+[A-Za-z0-9+/]{3,}")
_ESCAPING = (
    (_ISO_2022, 1, ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr")),
    (_HZ, 1, ("hz",)),
    (_UTF_7, 4, ("utf-7",)),
)
"""What shows that other letters are written in ASCII, the fewest of them, and how."""
_LETTERS_A_DAMAGE = 10
_MOST_CHAOS = 0.5  # accents crowded in a few short reviews look messy to charset-normalizer
_CONTROL = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
_CONTROL_SHARE = 0.05
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ESCAPED = re.compile("[\udc00-\udcff]")
_GUESS_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding and how it was decided.

    Attributes:
        name: A name that Python knows.
        decided: `given`, `byte order mark`, `valid UTF-8`, … for the report.
        guessed: Whether it might be another.
    """

    name: str
    decided: str
    guessed: bool = False


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Turn each undecodable byte into a lone surrogate, for every codec alike."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in wrong), error.end


codecs.register_error(KEEP, _keep)


def is_decoded(text: str) -> bool:
    """Tell whether `text` was decoded without an undecodable byte."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def show_undecodable(text: str) -> str:
    r"""Write each undecodable byte as `\xNN`, so that the text can be stored and printed."""
    return _ESCAPED.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", text)


def check_encoding(given: str) -> Encoding:
    """Take the encoding that the user named.

    Raises:
        InputError: Python knows no such text encoding.
    """
    try:
        name = codecs.lookup(given).name
        if name in _NO_ENCODINGS_OF_FILES:
            raise LookupError(name)
        # Fails for a codec of bytes to bytes, such as `hex`, and where pieces cannot be decoded.
        codecs.getincrementaldecoder(given)(KEEP).decode("a\n".encode(given), final=True)
    except (LookupError, ValueError, TypeError) as error:
        close = get_close_matches(given.lower(), _COMMON, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(_COMMON)}."
        raise InputError(f"There is no encoding {given!r}; {hint}", field="encoding") from error
    return Encoding("utf-8-sig" if name == "utf-8" else name, "given")


def decide_encoding(name: str, sample: bytes, *, complete: bool) -> Encoding:
    """Decide the encoding from the first bytes of a file.

    In this order: a byte order mark; UTF-16 without one (every other byte is NUL); ASCII with
    escapes that are plainly ISO 2022, HZ or UTF-7; strict UTF-8; UTF-8 with a few damaged places
    (two valid sequences to each of them, as no other encoding has); the encoding that makes the
    likeliest letters (see `alphabets`); where none makes any, charset-normalizer's best answer
    among these, then among all. It often finds several equally good; cp1252, by far the most
    usual, then goes first.

    Args:
        name: The file, for messages.
        sample: Its first bytes, at most `SAMPLE_BYTES`.
        complete: Whether the sample is the whole file.

    Raises:
        UnreadableFile: The bytes are no text, or no encoding fits.
    """
    if kind := foreign_form(sample[:16]):
        raise UnreadableFile(f"{name} is {kind}; rows of text were expected.")
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return Encoding(encoding, "byte order mark")
    if wide := _wide_encoding(sample):
        return Encoding(wide, "pattern of NUL bytes")
    if escaping := _escaping_encoding(sample, complete=complete):
        return Encoding(escaping, "escapes", guessed=True)
    control = len(sample) - len(sample.translate(None, _CONTROL))
    if control > _CONTROL_SHARE * len(sample):
        raise UnreadableFile(
            f"{name} is not text: {control:,} of its first {len(sample):,} bytes are control "
            f"characters; a CSV, TSV or XLSX file was expected."
        )
    damaged = _damage(sample, "utf-8", complete=complete)
    if not damaged:
        return Encoding("utf-8", "valid UTF-8")
    valid = len(_MULTIBYTE.findall(sample))
    if valid >= 2 * damaged:
        return Encoding("utf-8", f"UTF-8 with {damaged} damaged places")
    if likeliest := likeliest_encoding(sample):
        return Encoding(likeliest, "likeliest letters", guessed=True)
    return _guess(name, sample)


def _damage(sample: bytes, encoding: str, *, complete: bool) -> int:
    """Count the places that an encoding has not; a character cut at the sample's end is none."""
    decoder = codecs.getincrementaldecoder(encoding)
    try:
        decoder().decode(sample, final=complete)
    except UnicodeDecodeError:
        return max(len(_ESCAPED.findall(decoder(KEEP).decode(sample, final=complete))), 1)
    return 0


def _escaping_encoding(sample: bytes, *, complete: bool) -> str:
    """Return the encoding that writes other letters in ASCII; empty where it is none.

    The letters must be of known languages: `+49 151` and `a+b` are no UTF-7.
    """
    complete = complete and len(sample) <= _GUESS_BYTES
    sample = sample[:_GUESS_BYTES]
    if not sample.isascii():
        return ""
    for mark, fewest, encodings in _ESCAPING:
        for encoding in encodings if mark.search(sample) else ():
            damaged = _damage(sample, encoding, complete=complete)
            text = codecs.getincrementaldecoder(encoding)(KEEP).decode(sample, final=complete)
            if written_letters(text) >= max(fewest, _LETTERS_A_DAMAGE * damaged):
                return encoding
    return ""


def _wide_encoding(sample: bytes) -> str:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _guess(name: str, sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    telling = _telling_lines(sample)
    answers = from_bytes(telling, cp_isolation=list(ENCODINGS), threshold=_MOST_CHAOS)
    answers = answers or from_bytes(telling)
    best = answers.best()
    if best is None:
        raise UnreadableFile(
            f"{name} is in no encoding that can be told; name it with --encoding, "
            f"such as --encoding cp1252.",
            field="encoding",
        )
    equal = [a for a in answers if (a.chaos, a.coherence) == (best.chaos, best.coherence)]
    usual = any("cp1252" in answer.could_be_from_charset for answer in equal)
    return Encoding("cp1252" if usual else best.encoding, "charset-normalizer", guessed=True)


def _telling_lines(sample: bytes) -> bytes:
    """Bring the lines that are not ASCII to the front: they alone tell encodings apart."""
    lines = sample.splitlines(keepends=True)
    telling = [line for line in lines if not line.isascii()]
    plain = [line for line in lines if line.isascii()]
    return b"".join(telling + plain)[:_GUESS_BYTES]
