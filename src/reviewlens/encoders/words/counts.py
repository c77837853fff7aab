"""Texts as counts of words: the plain baseline that every other encoder has to beat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from reviewlens.document import Document, Gap, Table
from reviewlens.encoders.model import digest
from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.vectors import angle, cosine
from reviewlens.encoders.words.cut import CUTTING, count_tokens, cut_words, plain_words, tokens_of
from reviewlens.errors import EncoderError, InputError
from reviewlens.files.outputs import written_text
from reviewlens.questions import Ge, Le
from reviewlens.results import Tabular
from reviewlens.settings import ANY_LANGUAGE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

Weighting = Literal["one-hot", "tf", "tfidf"]

WEIGHTINGS: tuple[str, ...] = get_args(Weighting)
DEFAULT_LIMIT = 2_000
MOST_TERMS = 32_767
"""Milvus holds vectors of 32,768 numbers at most, and one is for texts without a known word."""
WINDOW = 4_096
"""Words of a text that are counted; a text beyond it is cut into passages."""
_KIND = "reviewlens word counts"
_FORMAT = 1


class WordCounts:
    """A number for each word of a vocabulary: whether, or how often, a text has it.

    Words are alike or different, nothing between: `cheap` is as far from `inexpensive` as from
    `elephant`. One more number is for texts with none of the words, which are at right angles to
    all others. Vectors have unit length, so that a long text does not count more.

    Args:
        terms: All different, in lower case; at most 32,767.
        weighting: `one-hot`: 1 for each word that is there. `tf`: how often it is there. `tfidf`:
            that, times how rare the word is among the texts (log((1 + n) / (1 + with it)) + 1).
        idf: How rare each word is, for `tfidf`; 1 each otherwise.
        name: The file that holds them; what `load_encoder` takes.
    """

    def __init__(
        self, terms: Sequence[str], weighting: Weighting, idf: Sequence[float], *, name: str = ""
    ) -> None:
        self.name = name or "word counts, not saved"
        self.notes: tuple[str, ...] = ()
        self.window = WINDOW
        self.languages = frozenset({ANY_LANGUAGE})
        self.terms = tuple(terms)
        self.weighting: Weighting = weighting
        self.idf = tuple(idf)
        self._places = {term: place for place, term in enumerate(self.terms)}

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        weighting: Weighting = "tfidf",
        limit: Annotated[int, Ge(1), Le(MOST_TERMS)] = DEFAULT_LIMIT,
    ) -> WordCounts:
        """Take the vocabulary from texts: their most frequent words.

        Args:
            texts: Such as the reviews that will be searched.
            weighting: Of a word in a text: 1 (`one-hot`), how often it is there (`tf`), or how
                often and how rare it is (`tfidf`).
            limit: Words of the vocabulary at most, the most frequent; of equally frequent ones the
                first by spelling.

        Raises:
            InputError: An argument cannot be used, or there is no word in the texts.

        Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
        """
        import numpy as np
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        if weighting not in WEIGHTINGS:
            raise InputError(
                f"the weighting is {weighting!r}; wanted one of {', '.join(WEIGHTINGS)}"
            )
        if not 1 <= limit <= MOST_TERMS:
            raise InputError(f"the limit is {limit:,} words; wanted 1 to {MOST_TERMS:,}")
        words = [plain_words(text) for text in texts]
        if not any(words):
            raise InputError(f"there is no word in the {len(texts):,} texts; wanted some to count")
        vectorizer = CountVectorizer(analyzer=_as_they_are)
        counts = vectorizer.fit_transform(words)
        spelt = vectorizer.get_feature_names_out()
        kept = np.sort(np.lexsort((spelt, -np.asarray(counts.sum(axis=0)).ravel()))[:limit])
        idf = np.ones(len(kept))
        if weighting == "tfidf":
            idf = TfidfTransformer().fit(counts[:, kept]).idf_.round(8)
        return cls(spelt[kept].tolist(), weighting, idf.tolist())

    @classmethod
    def load(cls, file: str | Path) -> WordCounts:
        """Load word counts that `save` wrote.

        Raises:
            EncoderError: They are not in the file.
        """
        path = Path(file).expanduser()
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if found["kind"] != _KIND or found["format"] != _FORMAT:
                raise ValueError("it holds something else, or is of another release")
            terms, idf = [str(term) for term in found["terms"]], [float(i) for i in found["idf"]]
            usable = len(set(terms)) == len(terms) == len(idf) and 1 <= len(terms) <= MOST_TERMS
            if found["weighting"] not in WEIGHTINGS or not usable or not min(idf) > 0:
                raise ValueError("its figures do not fit together")
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise EncoderError(
                f"{file} cannot be read as word counts ({reason}); wanted a file that "
                "reviewlens words counts wrote."
            ) from error
        return cls(terms, found["weighting"], idf, name=str(path.resolve()))

    def save(self, file: str | Path) -> None:
        """Write them as JSON, which `load_encoder` takes; they are called after the file then.

        Raises:
            InputError: The name does not end in .json, or the file cannot be written.
        """
        path = Path(file).expanduser()
        if path.suffix.lower() != ".json":
            raise InputError(f"word counts are kept in a .json file; {file} is none")
        content = {"kind": _KIND, "format": _FORMAT, **self._definition()}
        with written_text(path, called="the word counts") as stream:
            stream.write(json.dumps(content, ensure_ascii=False, indent=0) + "\n")
        self.name = str(path.resolve())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors."""
        return digest(
            {"scheme": 1, "kind": _KIND, "cutting": CUTTING, "window": WINDOW, **self._definition()}
        )

    @property
    def dimension(self) -> int:
        """Numbers in a vector: one a word, and one for texts with none of them."""
        return len(self.terms) + 1

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the words of each text, and those that the vocabulary lacks; order kept."""
        return count_tokens(texts, self._places)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the words of a text in order, those not in the vocabulary as they stand."""
        return tokens_of(text, self._places)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.
        """
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension))
        if len(texts):
            vectors[:, :-1] = self._counted(texts).toarray() * np.array(self.idf)
        vectors[:, -1] = ~vectors.any(axis=1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by, as documents."""
        return self.encode_documents(texts)

    def _definition(self) -> dict[str, Any]:
        return {"weighting": self.weighting, "terms": self.terms, "idf": self.idf}

    def _counted(self, texts: Sequence[str]) -> csr_matrix:
        from sklearn.feature_extraction.text import CountVectorizer

        words = [
            [cut.word for cut in islice(cut_words(text, self._places), WINDOW) if cut.word]
            for text in texts
        ]
        binary = self.weighting == "one-hot"
        return CountVectorizer(
            analyzer=_as_they_are, vocabulary=self._places, binary=binary
        ).transform(words)


def names_word_counts(name: str) -> bool:
    """Tell whether an encoder's name is that of a file of word counts."""
    return Path(name).suffix.lower() == ".json" and not Path(name).is_dir()


@dataclass(frozen=True, slots=True)
class Pair:
    """How two texts, or two lists of numbers, stand to each other.

    Attributes:
        first: Number of the one, from 1.
        second: Number of the other.
        cosine: Of the angle between them.
        angle: In degrees: 0 for the same direction, 90 for nothing in common.
    """

    first: int
    second: int
    cosine: float
    angle: float


@dataclass(frozen=True, slots=True, repr=False)
class Angles(Tabular):
    """Texts as counts of words, and the angles between them.

    Attributes:
        terms: The words of all texts, by spelling; empty where numbers were given.
        counts: A list of numbers a text, one a word.
        pairs: Each text with each that follows it.
    """

    terms: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]
    pairs: tuple[Pair, ...]

    def _rows(self) -> Sequence[Pair]:
        return self.pairs

    def document(self, *, details: bool = False) -> Document:
        """Return the counts of each text, then the angles; see `Tabular.document`."""
        texts = len(self.counts)
        terms = self.terms or tuple(f"number {place + 1}" for place in range(len(self.counts[0])))
        rows = tuple(
            (term[:_WIDEST_WORD], *(f"{number:g}" for number in numbers))
            for term, numbers in zip(terms, zip(*self.counts, strict=True), strict=True)
        )
        pairs = tuple(
            (f"{pair.first} and {pair.second}", f"{pair.cosine:.4f}", f"{pair.angle:.2f}°")
            for pair in self.pairs
        )
        return (
            Table(("", *map(str, range(1, texts + 1))), rows),
            Gap(),
            Table(("", "cosine", "angle"), pairs),
        )


_WIDEST_WORD = 24


def compare_texts(texts: Sequence[str]) -> Angles:
    """Count the words of texts, and measure the angle between each two.

    Args:
        texts: Two or more, each with a word in it.

    Raises:
        InputError: There are fewer, or one has no word.
    """
    words = [plain_words(text) for text in texts]
    for number, found in enumerate(words, start=1):
        if not found:
            raise InputError(f"text {number} has no word; wanted one to be counted")
    terms = sorted({word for text in words for word in text})
    return compare_counts([[text.count(term) for term in terms] for text in words], terms=terms)


def compare_counts(counts: Sequence[Sequence[float]], *, terms: Sequence[str] = ()) -> Angles:
    """Measure the angle between each two of some lists of numbers.

    Args:
        counts: Two lists or more, as long as each other, none of zeros alone.
        terms: What each number counts, where that is known.

    Raises:
        InputError: There are fewer lists, or they are not such.
    """
    if len(counts) < 2:
        raise InputError(f"an angle is between two; {len(counts)} given")
    numbered = enumerate(counts, start=1)
    pairs = [
        Pair(first, second, round(cosine(u, v), 6), round(angle(u, v), 4))
        for (first, u), (second, v) in combinations(numbered, 2)
    ]
    return Angles(tuple(terms), tuple(tuple(row) for row in counts), tuple(pairs))


def _as_they_are(words: Sequence[str]) -> Sequence[str]:
    return words
