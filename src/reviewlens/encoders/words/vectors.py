"""What word vectors know: which words are near, and what is to one as another is to a third."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from reviewlens.encoders.words.conversion import open_vectors
from reviewlens.encoders.words.cut import find_word
from reviewlens.encoders.words.formats import PACKAGED
from reviewlens.encoders.words.picture import ENDINGS, draw_words
from reviewlens.encoders.words.results import Neighbor, Neighbors, WordMap
from reviewlens.encoders.words.training import learn_words
from reviewlens.errors import InputError
from reviewlens.files.outputs import check_file, written_text
from reviewlens.questions import Face, Ge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AnalogyMethod = Literal["add", "mul"]
_Number = Annotated[int, Ge(1), Face(flag="-n")]
_BLOCK = 65_536
_EPSILON = 0.001
_FREQUENT = 100_000  # words among which near spellings are looked for


class WordVectors:
    """A vector for each word of a vocabulary.

    Args:
        words: All different, the most frequent first.
        vectors: Shape (words, dimension), float32.
        name: What they are called in results and errors.
        lengths: Euclidean length of each vector; computed if it is None.

    Attributes:
        name: What they are called.
        words: The vocabulary, the most frequent word first.
    """

    def __init__(
        self,
        words: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        name: str,
        lengths: NDArray[np.float32] | None = None,
    ) -> None:
        import numpy as np

        if vectors.ndim != 2 or len(words) != len(vectors) or not vectors.size:
            raise InputError(
                f"there are {len(words)} words and vectors of shape {vectors.shape}; wanted a "
                "vector a word"
            )
        self.name = name
        self.words = words
        self._vectors = vectors
        self._lengths = np.linalg.norm(vectors, axis=1) if lengths is None else lengths

    @classmethod
    def load(cls, name: str = PACKAGED) -> WordVectors:
        """Load word vectors; the first time they are converted into a form that is mapped.

        Args:
            name: `glove-6b-50d`, which the extra `glove` installs; or a file, also packed with
                gzip: GloVe's or word2vec's text (`.txt`), fastText's `.vec`, word2vec's binary
                form (`.bin`), for which the extra `words` is needed.

        Raises:
            EncoderError: There are no such vectors, or they cannot be read.
            MissingExtra: A package that they need is not installed.
        """
        found = open_vectors(name)
        return cls(found.words, found.vectors, name=name, lengths=found.lengths)

    @classmethod
    def learn(
        cls,
        sentences: Sequence[str],
        *,
        window: Annotated[int, Ge(1)] = 2,
        dimension: Annotated[int, Ge(1)] = 50,
        name: str = "learnt",
    ) -> WordVectors:
        """Learn toy vectors from a small text: words with the same neighbours get alike vectors.

        Args:
            sentences: At most 2,000 different words; pairs do not reach from one into another.
            window: Words to each side that count as near, 1 or more.
            dimension: Numbers in a vector at most; a text of few words has fewer.
            name: What they are called.

        Raises:
            InputError: There are too few or too many words, or nothing can be learnt from them.
        """
        words, vectors = learn_words(sentences, window=window, dimension=dimension)
        return cls(words, vectors, name=name)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and find_word(word, self._places) is not None

    def __getitem__(self, word: str) -> NDArray[np.float32]:
        """Return the vector of a word, shape (dimension,), as it stands in the file."""
        import numpy as np

        return np.array(self._vectors[self._place(word)])

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._vectors.shape[1])

    def nearest(self, word: Annotated[str, Face(flag="WORD")], n: _Number = 10) -> Neighbors:
        """Return the words with the largest cosine to a word, itself left out.

        Args:
            word: As it stands in the vocabulary, or in upper case.
            n: How many words.

        Raises:
            InputError: The word is unknown; near spellings are named.
        """
        return self._found([word], [], n, "add")

    def analogy(
        self,
        one: Annotated[str, Face(flag="ONE")],
        other: Annotated[str, Face(flag="OTHER")],
        third: Annotated[str, Face(flag="THIRD")],
        n: _Number = 10,
        *,
        method: AnalogyMethod = "add",
    ) -> Neighbors:
        """Return what is to `third` as `one` is to `other`: king, man, woman give queen.

        The words asked are left out: without this rule the nearest word to king - man + woman is
        king itself.

        Args:
            one: Added.
            other: Taken away.
            third: Added.
            n: How many words.
            method: `add`: largest cosine to the sum one - other + third of unit vectors (3CosAdd).
                `mul`: largest cos(one) cos(third) / (cos(other) + 0.001), each cosine moved to
                0..1 (3CosMul): no one of the three can outweigh the others.

        Raises:
            InputError: A word is unknown; near spellings are named.

        Source: Mikolov, Yih and Zweig, "Linguistic regularities", 2013; Levy and Goldberg,
            "Linguistic regularities in sparse and explicit word representations", 2014.
        """
        return self._found([one, third], [other], n, method)

    def plot(
        self, words: Annotated[Sequence[str], Face(flag="WORD...")], file: str | Path
    ) -> WordMap:
        """Draw words where near ones mean alike, on the plane in which they differ most (PCA).

        Args:
            words: Two or more.
            file: What to write, by its ending: .png, .svg, or .html, a page that works offline.

        Raises:
            InputError: A word is unknown, there are fewer than two, or the file cannot be written.
            MissingExtra: The extra `maps` is not installed.
        """
        check_file(file, ENDINGS)
        places = list(dict.fromkeys(self._place(word) for word in words))
        if len(places) < 2:
            raise InputError("one word is a point; give two or more to be drawn")
        shown = [self.words[place] for place in places]
        return draw_words(shown, self._unit(places), self.name, file)

    def save(self, file: str | Path) -> None:
        """Write the vectors as word2vec text, which `load` and other tools read.

        Args:
            file: Ending in .txt or .vec.

        Raises:
            InputError: The ending is another, or the file cannot be written.
        """
        if Path(file).suffix.lower() not in (".txt", ".vec"):
            raise InputError(f"word vectors are written as text; {file} does not end in .txt, .vec")
        with written_text(file, called="the vectors") as stream:
            stream.write(f"{len(self)} {self.dimension}\n")
            for word, vector in zip(self.words, self._vectors, strict=True):
                stream.write(f"{word} {' '.join(f'{number:.6g}' for number in vector)}\n")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}

    def _place(self, word: str) -> int:
        found = find_word(word, self._places)
        if found is not None:
            return self._places[found]
        near = get_close_matches(word.lower(), self._like(word), n=3, cutoff=0.7)
        spelling = f"near in spelling: {', '.join(near)}" if near else "nothing is near in spelling"
        raise InputError(
            f"{word!r} is not among the {len(self):,} words of {self.name}; {spelling}; give "
            "another word or other word vectors"
        )

    def _like(self, word: str) -> list[str]:
        """Words of about the same length and the same beginning: to compare all takes seconds."""
        begin = word[:1].lower()
        return [
            other
            for other in islice(self.words, _FREQUENT)
            if abs(len(other) - len(word)) <= 2 and other[:1].lower() == begin
        ]

    def _unit(self, places: Sequence[int]) -> NDArray[np.float64]:
        import numpy as np

        rows = self._vectors[list(places)].astype(np.float64)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float64] = rows / np.where(lengths == 0, 1, lengths)
        return unit

    def _found(
        self, positive: Sequence[str], negative: Sequence[str], n: int, method: AnalogyMethod
    ) -> Neighbors:
        import numpy as np

        if n < 1:
            raise InputError(f"{n} words were asked for; wanted 1 or more")
        if method not in ("add", "mul"):
            raise InputError(f"the method is {method!r}; wanted add or mul")
        places = [self._place(word) for word in (*positive, *negative)]
        signs = np.array([1.0] * len(positive) + [-1.0] * len(negative))
        unit = self._unit(places)
        if method == "add":
            total = signs @ unit
            scores = self._cosines((total / (np.linalg.norm(total) or 1.0))[None])[0]
        else:
            cosines = (1 + self._cosines(unit)) / 2
            above, below = cosines[signs > 0].prod(axis=0), cosines[signs < 0].prod(axis=0)
            scores = above / (below + _EPSILON)
        scores[places] = -np.inf
        scores[self._lengths == 0] = -np.inf
        order = np.argsort(-scores, kind="stable")[:n]
        neighbors = [
            Neighbor(self.words[place], round(float(scores[place]), 4))
            for place in order
            if np.isfinite(scores[place])
        ]
        return Neighbors(
            positive=tuple(self.words[place] for place in places[: len(positive)]),
            negative=tuple(self.words[place] for place in places[len(positive) :]),
            method=method,
            vectors=self.name,
            neighbors=tuple(neighbors),
        )

    def _cosines(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cosines of unit vectors with all words, shape (vectors, words)."""
        import numpy as np

        cosines = np.empty((len(unit), len(self)))
        wanted = unit.astype(np.float32)
        for start in range(0, len(self), _BLOCK):
            block = slice(start, start + _BLOCK)
            lengths = self._lengths[block]
            cosines[:, block] = wanted @ self._vectors[block].T / np.where(lengths == 0, 1, lengths)
        return cosines
