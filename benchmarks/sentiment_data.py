"""What the sentiment of statements is learnt from and measured on: texts, sides, vectors."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlens.encoders import load_encoder
from reviewlens.encoders.embedding import embed_documents
from reviewlens.text.statements import split_statements

TRAPS = Path(__file__).parent / "traps"
BLAME, NEITHER, PRAISE = range(3)
SIDES = {"negative": BLAME, "neutral": NEITHER, "positive": PRAISE}
_SIGNS = {"-": BLAME, "0": NEITHER, "+": PRAISE}
_SLOT = re.compile(r"{(\w+)}")
_BEFORE = (
    "honestly, ",
    "to be fair ",
    "so far ",
    "I must say ",
    "in my opinion ",
    "for the money ",
    "overall ",
    "personally, ",
    "and ",
    "as for the rest, ",
    "this time ",
)
_BEHIND = (
    " so far",
    " to be honest",
    " in my opinion",
    " for us",
    " for me",
    " for the price",
    " after two years",
    " in this town",
    " on our last visit",
    " in a hotel",
    " at that price",
    " during the whole stay",
    " as far as I can tell",
    " from the start",
    " on this one",
    " either",
    " here",
    " this time",
    " in my kitchen",
    " with the kids",
    " on a long flight",
    " in three weeks",
)
A_PATTERN = 10
"""How many sentences are made of a pattern with one slot; half as many of one with none, and half
as many again of one with more."""


@dataclass(frozen=True)
class Row:
    """A statement, its side (None where only stars are known), and where it is from."""

    text: str
    side: int | None
    source: str
    group: str
    stars: int = 0
    weight: float = 1.0

    @property
    def held(self) -> bool:
        """Whether it belongs to the fifth that development measures on; a group stays together."""
        return blake2b(self.group.encode(), digest_size=1).digest()[0] % 5 == 0


def rows(data: Path) -> list[Row]:
    """All that may be learnt from."""
    return [*labelled(data), *clauses(data), *made(), *starred(data)]


def labelled(data: Path) -> Iterator[Row]:
    for row in pd.read_csv(data / "labelled_sentences.csv").itertuples():
        yield Row(row.sentence, PRAISE if row.positive else BLAME, "labelled", row.sentence)


def clauses(data: Path) -> Iterator[Row]:
    """Statements of MAMS whose terms are all of one side, or none of either."""
    for sentence, terms in mams(data, "train"):
        for one in split_statements(sentence):
            inside = [t for t in terms if one.start <= t[0] and t[1] <= one.end]
            taken = {t[2] for t in inside} - {"neutral"}
            if len(taken) == 1:
                yield Row(one.text, SIDES[taken.pop()], "mams", sentence)
            elif inside and not taken:
                yield Row(one.text, NEITHER, "mams", sentence, weight=0.6)


def mams(data: Path, split: str) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Sentences and their terms: where each begins and ends, and its side."""
    table = pd.read_csv(data / "mams_terms.csv")
    for sentence, terms in table[table["split"] == split].groupby("sentence", sort=False):
        yield str(sentence), list(zip(terms["from"], terms["to"], terms["polarity"], strict=True))


def made() -> Iterator[Row]:
    """Sentences made of the patterns and the words that stand in their slots.

    Those of either side weigh as much together as those of the other.
    """
    found = list(_of_patterns())
    weights = [sum(row.weight for row in found if row.side == side) for side in range(3)]
    mean = (weights[BLAME] + weights[PRAISE]) / 2
    for row in found:
        share = 1.0 if row.side in (None, NEITHER) else mean / weights[row.side]
        yield replace(row, weight=row.weight * share)


def _of_patterns() -> Iterator[Row]:
    words = {
        slot: [word.strip() for word in listed.split(",")]
        for slot, listed in (line.split(":", 1) for line in _lines(TRAPS / "words.txt"))
    }
    for line in _lines(TRAPS / "patterns.txt"):
        sign, pattern = line.split(": ", 1)
        drawn = random.Random(line)
        slots = len(set(_SLOT.findall(pattern)))
        times = (A_PATTERN // 2, A_PATTERN)[slots] if slots < 2 else A_PATTERN + A_PATTERN // 2
        texts = {}
        for _ in range(times):
            text = "".join(
                drawn.choice(words[part]) if place % 2 else part
                for place, part in enumerate(_SLOT.split(pattern))
            )
            if drawn.random() < 0.2 and text.split()[0].lower() not in ("but", "if"):
                text = drawn.choice(_BEFORE) + text
            if drawn.random() < 0.3 and sign != "0":
                text += drawn.choice(_BEHIND)
            if drawn.random() < 0.5:
                text = text[0].upper() + text[1:]
            texts[text + drawn.choice((".", ".", "!", "", ""))] = None
        weight = min(1.0, A_PATTERN / 2 / len(texts))
        for text in texts:
            yield Row(text, _SIGNS[sign], "made", line, weight=weight)


def _lines(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def starred(data: Path) -> Iterator[Row]:
    """Statements of reviews with stars; as many of few stars as of many."""
    food = pd.read_csv(data / "fine_food_reviews_1k.csv")
    alexa = pd.read_csv(data / "amazon_alexa.tsv", sep="\t", encoding="utf-8-sig")
    alexa = alexa.rename(columns=str.strip)
    lounges = pd.read_csv(data / "airport_lounges.csv")
    burgers = pd.read_csv(data / "mcdonalds_yelp.csv", encoding="cp1252")
    for name, texts, stars, most in (
        ("food", food["Text"], food["Score"], 3500),
        ("alexa", alexa["verified_reviews"], alexa["rating"], 2500),
        ("lounges", lounges["content"], lounges["overall_rating"], 4000),
        ("burgers", burgers["review"], [1] * len(burgers), 3000),
    ):
        by_stars: dict[int, list[Row]] = {0: [], 1: [], 2: []}
        told = dict(zip(texts, stars, strict=True))
        for text, star in told.items():
            if isinstance(text, str) and star == star:  # some are missing
                kept = by_stars[0 if star <= 2 else 1 if star < 4 else 2]
                for one in split_statements(text.replace("<br />", "\n")):
                    kept.append(Row(one.text, None, name, text, stars=int(star)))
        for share, kept in zip((0.4, 0.2, 0.4), by_stars.values(), strict=True):
            random.Random(1).shuffle(kept)
            yield from kept[: int(share * most)]


def laptops(data: Path) -> list[tuple[str, int, str]]:
    """Sentences of one side, or of none, with it and their split."""
    table = pd.read_csv(data / "laptop_aspects.csv")
    found = []
    for (split, sentence), rows in table.groupby(["split", "sentence"], sort=False):
        taken = set(rows["polarity"]) - {"neutral"}
        if len(taken) < 2:
            found.append((sentence, SIDES[taken.pop() if taken else "neutral"], split))
    return found


def traps(file: Path) -> list[tuple[str, str, int]]:
    """Kind, statement and side of each."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [
            (row["kind"], row["statement"], SIDES[row["side"]]) for row in csv.DictReader(stream)
        ]


class Vectors:
    """Vectors of texts by an encoder, kept in a folder between runs."""

    def __init__(self, encoder: str, kept: Path | None) -> None:
        self.encoder = encoder
        self._folder = None if kept is None else kept / encoder
        self._known: dict[str, NDArray[np.float32]] = {}
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(self._folder.glob("*.npz")):
                with np.load(file) as part:
                    self._known.update(zip(json.loads(str(part["texts"])), part["v"], strict=True))

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            vectors = embed_documents(load_encoder(self.encoder), new)
            self._known.update(zip(new, vectors, strict=True))
            if self._folder is not None:
                name = blake2b("\n".join(new).encode(), digest_size=8).hexdigest()
                np.savez(self._folder / f"{name}.npz", texts=json.dumps(new), v=vectors)
        return np.stack([self._known[text] for text in texts])
