"""What questions to word vectors are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Entry, Facts, Text
from reviewlens.results import Tabular


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A word that was found.

    Attributes:
        word: As it stands in the vocabulary.
        similarity: Cosine to what was asked; for 3CosMul the ratio of cosines, which may pass 1.
    """

    word: str
    similarity: float


@dataclass(frozen=True, slots=True, repr=False)
class Neighbors(Tabular):
    """The words nearest to a word, or to a sum of words.

    Attributes:
        positive: Words that were added.
        negative: Words that were taken away.
        method: `add` or `mul`.
        vectors: Name of the word vectors.
        neighbors: The nearest first.
    """

    positive: tuple[str, ...]
    negative: tuple[str, ...]
    method: str
    vectors: str
    neighbors: tuple[Neighbor, ...]

    def _rows(self) -> Sequence[Neighbor]:
        return self.neighbors

    def document(self, *, details: bool = False) -> Document:
        """Return the words with their similarities; see `Tabular.document`."""
        first, *more = self.positive
        asked = " + ".join([" - ".join([first, *self.negative]), *more])
        title = "nearest to" if self.method == "add" else "by 3CosMul"
        return (
            Text(f"{title} {asked} ({self.vectors})"),
            *(
                Entry(f"{one.similarity:.2f}  {one.word}", (), place, "")
                for place, one in enumerate(self.neighbors, start=1)
            ),
        )


@dataclass(frozen=True, slots=True)
class WordPoint:
    """A word in a picture.

    Attributes:
        word: As it stands in the vocabulary.
        x: Along the direction in which the words differ most.
        y: Along the one in which they differ most after that.
    """

    word: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, repr=False)
class WordMap(Tabular):
    """Words on a plane.

    Attributes:
        vectors: Name of the word vectors.
        explained: Share of the words' variance along x and y, 0..1.
        points: One a word, in the order asked.
        notes: What the reader should know of the picture.
    """

    vectors: str
    explained: tuple[float, float]
    points: tuple[WordPoint, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[WordPoint]:
        return self.points

    def document(self, *, details: bool = False) -> Document:
        """Return how much of what tells the words apart is shown; see `Tabular.document`."""
        x, y = self.explained
        told = f"{x + y:.0%} of the variance ({x:.1%} and {y:.1%})"
        return (Facts(f"{len(self.points):,} words, {self.vectors}", {"shown": told}),)
