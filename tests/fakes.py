"""Stand-ins that do the real thing in a simple way."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from reviewlens.encoders import Encoder, TokenCount
from reviewlens.search.matches import Matches
from reviewlens.store import Condition, Filters, choose

Register = Callable[[str, Callable[[], Encoder]], None]

_EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# An East Asian character, any other word, or a run of punctuation.
_TOKENS = re.compile(rf"[{_EAST_ASIAN}]|[^\W{_EAST_ASIAN}]+|[^\w\s]+")
_UNKNOWN = re.compile(rf"[{_EAST_ASIAN}]")
_LIGHT = re.compile(
    r"\W+|an?|and|are|as|at|but|by|for|from|had|has|have|i|in|is|it|its|me|my|not|of|on|or|so|that|"
    r"the|they|this|to|very|was|we|were|with|you"
)
_BATCH = 256
_BUCKETS = 2**14  # words are hashed, not remembered: memory does not grow with the vocabulary


class Wrapped:
    """Stands in for an object: what a subclass does not define is the object's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class EmptyCorpus:
    """What a server asks of a corpus: finds nothing."""

    def only(self, filters: Filters) -> Self:
        del filters
        return self

    def prepare(self, queries: list[str]) -> None: ...

    def search_many(self, queries: list[str], *rest: Any, **more: Any) -> list[Matches]:
        del rest, more
        return [Matches(query, False, (), None) for query in queries]

    def close(self) -> None: ...


class FakeEncoder:
    """A bag of words: each word has a fixed random direction, a text is the sum of its words'.

    Texts that share words are near each other, so it can really rank. The commonest English
    words and punctuation weigh a tenth. East Asian characters are the tokens it does not know.

    Args:
        dimension: Numbers in a vector; with fewer it is faster, and ranks long texts worse.
        window: Tokens that are embedded; what passes it is cut off.
        name: Another name is another encoder, with another fingerprint and other vectors.

    Attributes:
        calls: How often `encode_documents` and `encode_queries` were called.
        encoded: How many texts they were given in all.
    """

    def __init__(
        self, *, dimension: int = 256, window: int = 254, name: str = "fake-bag-of-words"
    ) -> None:
        self.name = name
        self.notes: tuple[str, ...] = ()
        self.dimension = dimension
        self.window = window
        self.calls = 0
        self.encoded = 0
        self._directions = _directions(name, dimension)

    @property
    def fingerprint(self) -> str:
        identity = f"{self.name} {self.dimension} {self.window}"
        return hashlib.sha256(identity.encode()).hexdigest()

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        return [
            TokenCount(len(_TOKENS.findall(text)), len(_UNKNOWN.findall(text))) for text in texts
        ]

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        self.encoded += len(texts)
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        sums = [np.empty((0, self.dimension), dtype=np.float32), *map(self._sums, batches)]
        vectors = np.concatenate(sums)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_documents(texts)

    def _sums(self, texts: Sequence[str]) -> NDArray[np.float32]:
        words = [_TOKENS.findall(text.lower())[: self.window] or [""] for text in texts]
        flat = [word for text in words for word in text]
        buckets = [zlib.crc32(word.encode(errors="replace")) % _BUCKETS for word in flat]
        light = [_LIGHT.fullmatch(word) is not None for word in flat]
        weights = np.where(light, np.float32(0.1), np.float32(1.0))
        starts = np.cumsum([0, *(len(text) for text in words[:-1])])
        return np.add.reduceat(self._directions[buckets] * weights[:, None], starts, axis=0)


@lru_cache(maxsize=8)
def _directions(name: str, dimension: int) -> NDArray[np.float32]:
    seed = zlib.crc32(name.encode())
    found = np.random.default_rng(seed).standard_normal((_BUCKETS, dimension), dtype=np.float32)
    found.flags.writeable = False  # all encoders of that name share it
    return found


def chosen(
    *,
    where: str | Condition | Sequence[str | Condition] | None = None,
    review_ids: str | Sequence[str] | None = None,
    **arguments: Any,
) -> Filters:
    """The filters that arguments by name describe, conditions and ids among them."""
    several = (where,) if isinstance(where, str | Condition) else where or ()
    return choose(*several, ids=review_ids, **arguments)
