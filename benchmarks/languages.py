"""How often is the language of a sentence told right, and English taken for another?

    python benchmarks/languages.py SHARED [SENTENCES]

SHARED is the folder of public review files (`../shared/data`). SENTENCES has a file a language,
`de.txt`, of one sentence a line, such as the test sentences of the language detector lingua: of
each language 200 of five words or more are drawn by a seed; of Chinese and Japanese, which have no
such words, any. Without it, these are left out.

Short sentences as in reviews are in `short_reviews.json`, 30 of each language and fewer of such as
Swiss German (`gsw`) and Serbian in Latin letters: told alone, where nine in ten others are English,
and where all others are.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reviewlens.text.languages import detect_languages, shares

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "tr", "vi", "ko")
DRAWN, LEAST_WORDS = 200, 5
OWN = Path(__file__).with_name("short_reviews.json")
TOLD_AS = {"bs": "hr", "gsw": "de", "hi-Latn": "", "sr-Latn": "hr"}
"""What sentences are to be told as, where that is not their language."""
MOSTLY_ENGLISH = 0.9
SHORT = {
    "banking77_test.csv": ("text", "en"),
    "labelled_sentences.csv": ("sentence", "en"),
    "fine_food_reviews_1k.csv": ("Summary", "en"),
    "amazon_alexa.tsv": ("verified_reviews", "en"),
    "airport_lounges.csv": ("content", "en"),
    "mcdonalds_yelp.csv": ("review", "en"),
    "waimai_10k.csv": ("review", "zh"),
}
"""Columns of the files, and the language that all of them are in but for a handful."""


def sentences(file: Path) -> list[str]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    spaced = file.stem not in ("zh", "ja")
    some = [line for line in lines if line and (not spaced or len(line.split()) >= LEAST_WORDS)]
    return random.Random(0).sample(some, min(DRAWN, len(some)))


def told(found: Sequence[str], own: str) -> str:
    others = Counter(code for code in found if code not in ("", own))
    right, empty = found.count(own) / len(found), found.count("") / len(found)
    wrong = ", ".join(f"{code} {count}" for code, count in others.most_common(4))
    return (
        f"{len(found):>6} right {right:.4f}  not told {empty:.4f}  "
        f"another {others.total() / len(found):.4f}  {wrong}"
    )


def short_sentences() -> None:
    for language, texts in json.loads(OWN.read_text(encoding="utf-8")).items():
        code = TOLD_AS.get(language, language)
        mostly = {"en": MOSTLY_ENGLISH, code or "es": 1 - MOSTLY_ENGLISH}
        for name, usual in (("alone", {}), ("in a tenth", mostly), ("first", {"en": 1.0})):
            print(f"{language}  short, {name} {told(detect_languages(texts, usual), code)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("sentences", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.sentences is not None:
        files = {code: sentences(arguments.sentences / f"{code}.txt") for code in LANGUAGES}
        together = [text for texts in files.values() for text in texts]
        usual = shares(detect_languages(together))
        for code, texts in files.items():
            print(f"{code}  alone {told(detect_languages(texts), code)}")
            print(f"{code}  in one file {told(detect_languages(texts, usual), code)}")
    short_sentences()
    for name, (column, own) in SHORT.items():
        separator = "\t" if name.endswith(".tsv") else ","
        frame = pd.read_csv(arguments.shared / name, sep=separator, encoding_errors="replace")
        texts = frame[column].dropna().astype(str).tolist()
        alone = detect_languages(texts)
        print(f"{name}  alone {told(alone, own)}")
        print(f"{name}  in its file {told(detect_languages(texts, shares(alone)), own)}")


if __name__ == "__main__":
    main()
