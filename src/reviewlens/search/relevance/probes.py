"""Texts that a corpus of reviews is not asked: what relevance is held against."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, embed_queries
from reviewlens.errors import EncoderError
from reviewlens.files.cache import make_private, refuse_shared, user_cache
from reviewlens.search.relevance.evidence import Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_MOST_UNKNOWN = 0.5


@dataclass(frozen=True, eq=False)
class Probes:
    """Questions and phrases of many domains, embedded as queries.

    Attributes:
        texts: Those that the encoder can read.
        languages: ISO 639-1 code of each.
        domains: What each is about; those of one domain leave or stay together.
        vectors: float32 of shape (probes, dimension), unit length.
    """

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    vectors: NDArray[np.float32]

    @cached_property
    def scale(self) -> Scale:
        """How near texts of different domains are to each other."""
        import numpy as np

        domains = np.array(self.domains)
        cosines = (self.vectors @ self.vectors.T)[domains[:, None] != domains]
        return Scale.measured(cosines)


def load_probes(encoder: Encoder) -> Probes:
    """Return the probes that an encoder can read; their vectors are kept in the cache.

    Where the cache cannot be written, or others could have, they are embedded by each process.
    """
    import numpy as np

    table = (files("reviewlens.search.relevance") / "probes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    counts = encoder.count_tokens([text for _, _, text in rows])
    rows = [
        row
        for row, count in zip(rows, counts, strict=True)
        if count.unknown <= _MOST_UNKNOWN * count.tokens
    ]
    texts = [text for _, _, text in rows]
    vectors = _kept(encoder, texts)
    return Probes(
        tuple(texts),
        tuple(language for language, _, _ in rows),
        tuple(f"{language} {domain}" for language, domain, _ in rows),
        np.asarray(vectors),
    )


def _kept(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors from the cache, put there first if need be."""
    import numpy as np

    version = sha256("\n".join(texts).encode()).hexdigest()[:12]
    file = user_cache() / "probes" / f"{encoder.fingerprint}-{version}.npy"
    shape = (len(texts), encoder.dimension)
    try:
        refuse_shared(file)
        kept: NDArray[np.float32] = np.load(file)
        if kept.shape == shape and np.isfinite(kept).all():
            return kept
    except (OSError, ValueError, EOFError):
        pass  # not there yet, or cut short
    except EncoderError as error:
        _log.warning("The vectors of the probes are made anew: %s.", error)
    vectors = embed_queries(encoder, texts)
    try:
        _write(file, vectors)
    except (OSError, EncoderError) as error:
        _log.debug("the vectors of the probes cannot be kept: %s", error)
    return vectors


def _write(file: Path, vectors: NDArray[np.float32]) -> None:
    import numpy as np

    make_private(file.parent)
    descriptor, name = tempfile.mkstemp(prefix=".probes-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            np.save(stream, vectors)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
