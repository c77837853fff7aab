"""Vectors of what passages say; a statement that comes again is not encoded again.

The vector of a passage is the mean of those of its statements, each weighted by the root of its
length, at unit length.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from reviewlens.encoders import Encoder, ServedEncoder, embed_documents
from reviewlens.reading.template import embedded_parts
from reviewlens.store import pack
from reviewlens.text.boilerplate import NO_BOILERPLATE, Boilerplate
from reviewlens.text.statements import split_statements
from reviewlens.vectors import pooled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT_VECTORS = 20_000
"""How many are remembered: 31 MB with 384 dimensions."""
TEXTS_AT_ONCE = 2_048
"""How many are encoded between two signs of life: some 5 seconds of two cores. An ingest takes
about 5 % longer with a quarter of that, as cores wait for each other at the end of each."""

Span = tuple[int, int]


class Cut(Protocol):
    """A passage: its text, the tokens of that, and how many of them fit the window."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def tokens(self) -> int: ...  # noqa: D102
    @property
    def tokens_embedded(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """What is stored of a passage's meaning.

    Attributes:
        whole: float32 of shape (dimension,), unit length.
        statements: What it says, one by one, as `store.pack` puts it together.
    """

    whole: NDArray[np.float32]
    statements: str


class RecentVectors:
    """Encodes passages, and remembers the vectors of the statements that were used last.

    Args:
        encoder: Loads its weights only when there is something to encode.
        statements: Whether passages are taken apart; a collection of version 1 has each whole.
        boilerplate: What is left out of passages that say something besides.
        kept: How many vectors are remembered.
        at_once: How many texts are encoded between two signs of life.

    Attributes:
        encoded: How many different passages went through the encoder, or a statement of theirs.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        statements: bool = True,
        boilerplate: Boilerplate = NO_BOILERPLATE,
        kept: int = KEPT_VECTORS,
        at_once: int = TEXTS_AT_ONCE,
    ) -> None:
        self.encoded = 0
        self._statements = statements
        self._boilerplate = boilerplate
        self._most = kept
        self._at_once = at_once
        self._encoder = encoder
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()

    def of(
        self,
        passages: Sequence[Cut],
        languages: Sequence[str],
        *,
        review_ids: Sequence[str] = (),
        on_part: Callable[[], None] = lambda: None,
    ) -> list[Vectors]:
        """Return the vectors of some passages, in their order.

        Args:
            passages: Any number.
            languages: ISO 639-1 code of each, empty where it is not known.
            review_ids: Of the review that each is of, for messages.
            on_part: Called between parts of what is to be encoded, so that it can be stopped there.

        Raises:
            EncoderError: A text cannot be embedded.
        """
        spans = [self._spans(*one) for one in zip(passages, languages, strict=True)]
        keys: list[list[bytes]] = []
        found: dict[bytes, NDArray[np.float32]] = {}
        missing: dict[bytes, str] = {}
        owners: dict[bytes, str] = {}
        for place, (passage, own) in enumerate(zip(passages, spans, strict=True)):
            keys.append([])
            for start, end in own:
                said = passage.text[start:end]
                key = blake2b(said.encode(), digest_size=16).digest()
                keys[-1].append(key)
                if key in self._kept:
                    found[key] = self._kept[key]
                elif key not in missing:
                    missing[key] = said
                    owners[key] = review_ids[place] if review_ids else ""
        self.encoded += sum(not missing.keys().isdisjoint(own) for own in set(map(tuple, keys)))
        found.update(self._encoded(missing, owners, on_part))
        for key, vector in found.items():
            self._kept[key] = vector
            self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return [
            self._together(own, [found[key] for key in said])
            for own, said in zip(spans, keys, strict=True)
        ]

    def _spans(self, passage: Cut, language: str) -> list[Span]:
        text = passage.text
        if not self._statements:
            return [(0, len(text))]
        if passage.tokens_embedded < passage.tokens:
            text = text[: _read_of(text, self._encoder)]
        said = self._boilerplate.taken_from(text, statement_spans(text, language))
        return said or [(0, len(text))]

    def _together(self, spans: Sequence[Span], vectors: list[NDArray[np.float32]]) -> Vectors:
        import numpy as np

        # Short asides say less, and long ones not as much more as they are longer.
        weights = np.sqrt([end - start for start, end in spans])
        whole = vectors[0] if len(vectors) == 1 else pooled(vectors, weights)
        return Vectors(whole, pack(spans, np.stack(vectors)) if self._statements else "")

    def _encoded(
        self,
        texts: Mapping[bytes, str],
        review_ids: Mapping[bytes, str],
        on_part: Callable[[], None],
    ) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the vectors of texts, those of about equal length together."""
        keys = sorted(texts, key=lambda key: len(texts[key]))
        served = isinstance(self._encoder, ServedEncoder)  # it cuts requests of its own
        size = len(keys) if served else self._at_once
        for start in range(0, len(keys), max(1, size)):
            if start:
                on_part()
            part = keys[start : start + size]
            vectors = embed_documents(
                self._encoder,
                [texts[key] for key in part],
                ids=[review_ids[key] for key in part if review_ids[key]],
            )
            # Copies: a view would keep the vectors of all texts that were encoded with it.
            yield from zip(part, (vector.copy() for vector in vectors), strict=True)


def statement_spans(text: str, language: str = "") -> list[Span]:
    """Return where the statements of an embedded text begin and end, the title one of them."""
    return [
        (start + one.start, start + one.end)
        for start, end in embedded_parts(text)
        for one in split_statements(text[start:end], language)
    ]


def _read_of(text: str, encoder: Encoder) -> int:
    """Return how many characters of a text fit the window of an encoder."""
    fits, beyond = 0, len(text)
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        if encoder.count_tokens([text[:middle]])[0].tokens <= encoder.window:
            fits = middle
        else:
            beyond = middle
    return fits or len(text)
