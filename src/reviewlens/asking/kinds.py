"""What kind of question is asked, about what, and from which side.

A question is told by its frame, the words that stand around what is asked about (`frames.py`), and
by phrases that tell a kind (`signs.py`). How much each of these counts is learnt from the exemplars
of `kinds.txt`, whose numbers are in `kinds.npz`: `benchmarks/kinds.py` learns and measures them.
Neither a vector nor a word of the matter is looked at, so that a question is read the same way with
any encoder and in any field.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, get_args

from reviewlens.asking import frames
from reviewlens.asking.comparisons import parts_of
from reviewlens.asking.frames import plain_words
from reviewlens.asking.matters import matter_of
from reviewlens.asking.other_languages import read_elsewhere
from reviewlens.asking.sides_asked import side_asked
from reviewlens.asking.signs import signs_of
from reviewlens.search.sides import Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal[
    "complaints",
    "praise",
    "wishes",
    "judgement",
    "why",
    "how_many",
    "when",
    "which",
    "change",
    "compare",
    "fact",
    "saying",
    "off_topic",
]
"""What a question asks for; `saying`, what people say about something, is all else."""
KINDS: tuple[Kind, ...] = get_args(Kind)

EXEMPLARS = Path(__file__).with_name("kinds.txt")
NUMBERS = Path(__file__).with_name("kinds.npz")

_SCALE = 3.0
"""The length of the row of a question without signs: as learning takes it best."""
_FIRST_SIGN = 2.0
"""What the most telling sign counts, of which rows have one at most."""

_SURELY_OFF = 0.7
"""The probability from which on a question is taken to be of nothing in reviews.

One that is wrongly taken so has no answer at all. Of 940 questions, each of a field that was left
out when learning, 48 above it are such rightly and none wrongly, two below it wrongly.
"""
_TOLD, _UNTOLD = 0.8, 0.5
"""How sure the kind of a question in another language is where a word tells it, and where none
does: set, not measured."""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it was read.

    Attributes:
        question: As it was asked.
        kind: What it asks for.
        matter: What it asks about, in its own words; empty where it asks about all.
        side: The side that it asks for; None where it asks for either.
        parts: Of a comparison the two that are compared; else empty.
        asks: What is asked of the matter, where that is told from it: `worth the money`.
        sure: The probability of the kind, 0..1; in another language than English a guess.
    """

    question: str
    kind: Kind
    matter: str
    side: Side | None
    parts: tuple[str, ...] = ()
    asks: str = ""
    sure: float = 0.0


def features_of(question: str) -> set[str]:
    """Return what tells the kind of a question; names of signs begin with `!` and `~`."""
    signs = signs_of(" ".join(plain_words(question)))
    first = {f"! {signs[0].split()[0]}", f"! {signs[0]}"} if signs else {"! none"}
    return frames.features_of(question) | first | {f"~ {one}" for one in signs}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was learnt.

    Attributes:
        rows: The row of each feature.
        weights: Of shape (features + 1, kinds); the last row counts for every question.
    """

    rows: Mapping[str, int]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, names: Sequence[str], weights: NDArray[np.float32]) -> Self:
        """Return the numbers of features, in their order."""
        return cls({name: row for row, name in enumerate(names)}, weights)

    def save(self, file: Path) -> None:
        """Write them."""
        import numpy as np

        names = np.frombuffer("\n".join(self.rows).encode(), dtype=np.uint8)
        np.savez_compressed(file, names=names, weights=self.weights.astype(np.float16))

    def row(self, features: Collection[str]) -> NDArray[np.float32]:
        """Return a question in numbers, of shape (features + 1,)."""
        import numpy as np

        found = np.zeros(len(self.rows) + 1, dtype=np.float32)
        places = [self.rows[one] for one in features if one in self.rows and one[0] != "!"]
        found[places] = _SCALE / np.sqrt(len(places) + 1)
        found[[self.rows[one] for one in features if one in self.rows and one[0] == "!"]] = (
            _FIRST_SIGN
        )
        found[-1] = 1.0
        return found

    def kind_of(self, question: str) -> tuple[Kind, float]:
        """Return the likeliest kind of a question, and its probability.

        That it is of nothing in reviews must be sure, or the next likeliest kind is meant.
        """
        import numpy as np

        logits = self.row(features_of(question)) @ self.weights
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        off = KINDS.index("off_topic")
        if shares[off] < _SURELY_OFF:
            shares[off] = 0.0
        best = int(shares.argmax())
        return KINDS[best], float(shares[best])


@cache
def _numbers() -> Numbers:
    import numpy as np

    with np.load(NUMBERS) as file:
        names = file["names"].tobytes().decode().split("\n")
        return Numbers.of(names, file["weights"].astype(np.float32))


def read_question(question: str) -> ReadQuestion:
    """Read a question: its kind, what it is about, its side, and of a comparison the two parts.

    A question in German, French, Spanish, Italian, Portuguese or Dutch is read by a few words of
    its language; one in any other but English asks what people say.

    Args:
        question: In a sentence or a few words, without the words of filters
            (`filters_in_words.py`).
    """
    text = " ".join(question.split())
    if not plain_words(text):
        return ReadQuestion(question, "saying", text.strip(" ?!."), None)
    elsewhere = read_elsewhere(text)
    if elsewhere is not None:
        kind = next(one for one in KINDS if one == elsewhere.kind)
        return ReadQuestion(
            question,
            kind,
            elsewhere.matter,
            side_asked(kind, ""),
            sure=_TOLD if elsewhere.told else _UNTOLD,
        )
    kind, sure = _numbers().kind_of(text)
    parts = parts_of(text) if kind == "compare" else ()
    matter, asks = ("", "") if kind in ("off_topic", "compare") else matter_of(text, kind)
    side = side_asked(kind, " ".join(plain_words(text)))
    return ReadQuestion(question, kind, matter, side, parts, asks, round(sure, 4))
