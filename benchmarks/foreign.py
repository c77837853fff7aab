"""Are queries of few words told to be in another language, and English ones left alone?

    python benchmarks/foreign.py SHARED [--learn]

SHARED is the folder of public review files (`../shared/data`). `short_queries.json` holds ten
queries in each of 15 languages, of one to three words, some without their marks as people type
them, and English ones with names, typos and dialect, written before the rule and in two halves: the
second was not looked at while it was made. They are asked of the food reviews. Names of products,
of which no language can be told, are told as reviews are.

English that is taken for foreign is counted on the 160 queries of `queries/`, on the first words of
bank customers' questions and on words drawn from each file, with a slip of the finger or not: asked
of the file itself, and of another, which stands for reviews that do not have the words.

`--learn` fits the weights of `text/foreign.py` anew, on one to four words in a row of
`short_reviews.json`, `everyday.json` and the probes against one to five of the English files asked
of another, and prints them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from reviewlens.encoders import load_encoder, word_pieces
from reviewlens.search.known_words import slips
from reviewlens.search.relevance import probes
from reviewlens.text.foreign import Evidence, evidence, foreign_languages, words_of
from reviewlens.text.languages import detect_languages, guesses
from reviewlens.text.review_words import languages_of_word, unmarked
from reviewlens.text.scripts import languages_of_script
from reviewlens.text.words import stop_words

HERE = Path(__file__).parent
ENGLISH = frozenset({"en"})
FILES = {
    "fine_food_reviews_1k": ("csv", ("Summary", "Text")),
    "amazon_alexa": ("tsv", ("verified_reviews",)),
    "airport_lounges": ("csv", ("content",)),
    "mcdonalds_yelp": ("csv", ("review",)),
    "banking77_test": ("csv", ("text",)),
    "laptop_aspects": ("csv", ("sentence",)),
    "mams_sentences": ("csv", ("sentence",)),
}
ASKED = "fine_food_reviews_1k"
FIRST_WORDS = (1, 2, 3)
DRAWN = 300
UNMARKED_SHARE = 1 / 3
FALSE_ALARMS = 0.006
LEAST_LETTERS = 4


@dataclass(frozen=True)
class Reviews:
    """The texts of a file, and their words."""

    texts: list[str]
    words: frozenset[str]

    def known(self, words: Sequence[str]) -> Collection[str]:
        """Return those that they have, or one a letter away, as `search/known_words.py` does."""
        return {word for word in words if word in self.words or self.is_slip(word)}

    def is_slip(self, word: str) -> bool:
        """Tell whether a word is one of them, or a common one, but for a letter."""
        if not word.isascii() or len(word) < LEAST_LETTERS or languages_of_word(word):
            return False
        return any(one in self.words or one in stop_words("en") for one in slips(word))


@cache
def reviews(shared: Path, name: str) -> Reviews:
    ending, columns = FILES[name]
    separator = "\t" if ending == "tsv" else ","
    frame = pd.read_csv(shared / f"{name}.{ending}", sep=separator, encoding_errors="replace")
    texts = [text for column in columns for text in frame[column].dropna().astype(str)]
    # Tokens of a treebank, `-LRB-`, are no words that somebody asks for.
    texts = [text for text in texts if "RB-" not in text]
    words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
    return Reviews(texts, frozenset(words))


@cache
def pieces() -> Callable[[str], int] | None:
    tell = word_pieces(load_encoder(), ENGLISH)
    return None if tell is None else cache(tell)


def is_foreign(query: str, asked: Reviews, *, cut: bool = True) -> bool:
    if languages_of_script(query):
        return True
    told = foreign_languages(query, ENGLISH, asked.known, pieces() if cut else None)
    return told is not None


def rows(texts: Sequence[str], count: int, most: int, chance: random.Random) -> list[str]:
    """Return one to `most` words in a row, drawn from texts."""
    found: list[str] = []
    while len(found) < count:
        words = chance.choice(texts).split()
        size = chance.randint(1, most)
        if len(words) >= size:
            start = chance.randrange(len(words) - size + 1)
            row = " ".join(words[start : start + size]).strip('.,!?;:"()')
            if words_of(row):
                found.append(row)
    return found


def single_words(asked: Reviews, chance: random.Random) -> list[str]:
    some = sorted(word for word in asked.words if words_of(word) == [word])
    return chance.sample(some, DRAWN)


def short_queries(shared: Path) -> None:
    asked = reviews(shared, ASKED)
    halves = json.loads((HERE / "short_queries.json").read_text(encoding="utf-8"))
    names = halves.pop("names")
    for half, by_language in halves.items():
        english = by_language.pop("en")
        for cut in (True, False):
            found = {
                code: [query for query in queries if is_foreign(query, asked, cut=cut)]
                for code, queries in by_language.items()
            }
            told = sum(map(len, found.values()))
            of = sum(map(len, by_language.values()))
            wrong = [query for query in english if is_foreign(query, asked, cut=cut)]
            how = "with pieces" if cut else "without pieces"
            missed = [q for code, some in by_language.items() for q in some if q not in found[code]]
            print(f"{half}, {how}: told {told} of {of}; not {missed}")
            print(f"  English {len(wrong)} of {len(english)}: {wrong}")
        for usual in ({}, {"en": 1.0}):
            codes = detect_languages(names[half], usual)
            other = sum(code not in ("", "en") for code in codes)
            print(f"{half}, names: {other} of {len(codes)} told as another language than English")


def slip(row: str, chance: random.Random) -> str:
    """Return words with a letter of the longest left out, doubled, swapped or wrong."""
    words = row.lower().split()
    place = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[place]
    if len(word) < LEAST_LETTERS:
        return row
    at = chance.randrange(1, len(word) - 1)
    kinds = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + chance.choice("aeiourstn") + word[at + 1 :],
    )
    words[place] = chance.choice(kinds)
    return " ".join(words)


def natural() -> Iterator[tuple[str, str]]:
    for file in sorted((HERE / "queries").glob("*.json")):
        for query in json.loads(file.read_text(encoding="utf-8"))["queries"]:
            yield file.stem, query["text"]
            yield file.stem, query["short"]


def false_alarms(shared: Path) -> None:
    chance = random.Random(0)
    own: dict[str, list[tuple[str, str]]] = {"natural queries": list(natural())}
    own["words in a row"] = [
        (name, row) for name in FILES for row in rows(reviews(shared, name).texts, DRAWN, 3, chance)
    ]
    own["single words"] = [
        (name, word) for name in FILES for word in single_words(reviews(shared, name), chance)
    ]
    own["with a slip"] = [(name, slip(row, chance)) for name, row in own["words in a row"]]
    bank = reviews(shared, "banking77_test").texts
    own["first words of banking"] = [
        ("banking77_test", " ".join(text.split()[:count])) for text in bank for count in FIRST_WORDS
    ]
    for what, asked_for in own.items():
        others = [chance.choice([name for name in FILES if name != own]) for own, _ in asked_for]
        for where, names in (("own", [name for name, _ in asked_for]), ("another", others)):
            for cut in (True, False):
                wrong = sorted(
                    {
                        query
                        for (_, query), name in zip(asked_for, names, strict=True)
                        if is_foreign(query, reviews(shared, name), cut=cut)
                    }
                )
                alarms = sum(query in wrong for _, query in asked_for)
                print(
                    f"{what}, asked of {where} file, {'with' if cut else 'without'} pieces: "
                    f"{alarms / len(asked_for):.4f} of {len(asked_for):,} {wrong[:8]}"
                )


def foreign_texts() -> Iterator[list[str]]:
    by_language: dict[str, list[str]] = {}
    for name in ("short_reviews.json", "everyday.json"):
        for code, texts in json.loads((HERE / name).read_text(encoding="utf-8")).items():
            by_language.setdefault(code, []).extend(texts)
    with Path(probes.__file__).with_name("probes.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            by_language.setdefault(row["language"], []).append(row["text"])
    for code, texts in by_language.items():
        latin = [text for text in texts if not languages_of_script(text)]
        if code not in ("en", "hi-Latn") and len(latin) > 4:
            yield latin


def seen(query: str, asked: Reviews) -> Evidence:
    """Return what speaks for another language, where no slip of the finger is forgiven."""
    words = words_of(query)
    met = asked.words.intersection(words)
    return evidence(words, ENGLISH, met, guesses(query), pieces())


def learn(shared: Path) -> None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    chance = random.Random(3)
    asked = reviews(shared, ASKED)
    foreign = [
        seen(unmarked(row) if chance.random() < UNMARKED_SHARE else row, asked)
        for texts in foreign_texts()
        for row in rows(texts, DRAWN // 3, 4, chance)
    ]
    english = []
    for name in FILES:
        own = reviews(shared, name)
        for other in chance.sample([one for one in FILES if one != name], 2):
            some = rows(own.texts, DRAWN, 5, chance) + single_words(own, chance)[: DRAWN // 2]
            english += [seen(row, reviews(shared, other)) for row in some]
    table = np.array([astuple(one) for one in (*foreign, *english)])
    truth = np.array([1] * len(foreign) + [0] * len(english))
    for what, columns in (("with pieces", [0, 1, 2, 3, 4, 5]), ("without", [0, 1, 2, 4, 5])):
        model = LogisticRegression(C=100, max_iter=5_000).fit(table[:, columns], truth)
        odds = model.decision_function(table[:, columns])
        line = float(np.quantile(odds[truth == 0], 1 - FALSE_ALARMS))
        print(
            f"{what}: base {model.intercept_[0] - line:.2f}, {model.coef_[0].round(2).tolist()}; "
            f"{(odds[truth == 1] > line).mean():.3f} of {len(foreign):,} foreign ones told, "
            f"{len(english):,} English ones"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--learn", action="store_true")
    arguments = parser.parse_args()
    if arguments.learn:
        learn(arguments.shared)
        return
    short_queries(arguments.shared)
    false_alarms(arguments.shared)


if __name__ == "__main__":
    main()
