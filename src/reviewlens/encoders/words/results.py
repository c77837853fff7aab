"""What questions to word vectors are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Entry, Facts, Text
from reviewlens.results.result import Single, Tabular


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

    def document(self, *, details: bool = False, file: str = "") -> Document:
        """Return how much of what tells the words apart is shown; see `Tabular.document`.

        Args:
            details: No difference.
            file: Where it was drawn.
        """
        x, y = self.explained
        told = f"{x + y:.0%} of the variance ({x:.1%} and {y:.1%})"
        facts = {"shown": told, "file": file}
        return (Facts(f"{len(self.points):,} words, {self.vectors}", facts),)


@dataclass(frozen=True, slots=True, repr=False)
class LearntVectors(Single):
    """Word vectors that were learnt from a small text.

    Attributes:
        file: Where they are.
        words: How many.
        dimension: Numbers in a vector.
        sentences: Of the text.
        window: Words to each side that counted as near.
    """

    file: str
    words: int
    dimension: int
    sentences: int
    window: int

    def _title(self) -> str:
        return "word vectors learnt"


@dataclass(frozen=True, slots=True, repr=False)
class MadeCounts(Single):
    """Word counts that were made of reviews.

    Attributes:
        file: Where they are.
        weighting: Of a word in a text.
        texts: How many they were made of.
        words: Of the vocabulary.
        words_left_out: Share of all words of the texts that are not in it, 0..1.
        dimension: Numbers in a vector.
    """

    file: str
    weighting: str
    texts: int
    words: int
    words_left_out: float
    dimension: int

    def document(self, *, details: bool = False) -> Document:
        """Return what was made; see `Tabular.document`."""
        facts = {name.replace("_", " "): getattr(self, name) for name in self.__slots__}
        return (
            Facts("word counts made", facts | {"words left out": f"{self.words_left_out:.1%}"}),
        )
