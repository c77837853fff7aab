"""Write the names of months, src/reviewlens/reading/months.json, from CLDR; `make docs` runs it.

The names are those that Babel has of CLDR, and forms that people write besides; Babel is needed for
this alone. A test holds the file to it.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from babel import Locale

from reviewlens.reading.months import LETTERS, folded

FILE = Path(__file__).parents[1] / "src" / "reviewlens" / "reading" / "months.json"
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "tr", "sv", "da", "nb", "fi", "cs", "ro",
    "hu", "uk", "el", "id", "ar", "he",
)  # fmt: skip
"""Whose names of months are known; Chinese, Japanese and Korean have numbers for names."""

# What people write besides CLDR's forms.
_MORE = (
    "", "", "mär mrz mär. mrt", "", "", "", "", "aou", "sept set sett setembre", "", "", "",
)  # fmt: skip


def month_names() -> dict[str, int]:
    """Return the numbers of months by their names, case folded, without points.

    A name that means different months in two languages is left out; accents may be missing.
    """
    months: dict[str, set[int]] = {}
    for language in LANGUAGES:
        forms = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[context][width].items():
                    _add(months, name, number)
    for number, names in enumerate(_MORE, start=1):
        for name in names.split():
            _add(months, name, number)
    return {name: min(numbers) for name, numbers in months.items() if len(numbers) == 1}


def _add(months: dict[str, set[int]], name: str, number: int) -> None:
    name = folded(name).strip(" .")
    letters = unicodedata.normalize("NFD", name)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for form in {name, unicodedata.normalize("NFC", bare)}:
        if LETTERS.fullmatch(form):
            months.setdefault(form, set()).add(number)


def text() -> str:
    """Return what the file holds."""
    return json.dumps(month_names(), ensure_ascii=False, indent=0, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.name} written")
