"""What relevance has to know of a collection, measured on some of its reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reviewlens.encoders import Encoder
from reviewlens.search.matches import NO_RELEVANCE
from reviewlens.search.relevance.model import FEWEST_TEXTS, Measured, Unmeasured
from reviewlens.search.relevance.probes import Probes
from reviewlens.search.relevance.sample import Sample
from reviewlens.search.relevance.words import Words, terms

FEWEST_PROBES = 100
_FEWEST_REVIEWS = 3  # in a language that the collection is said to have


def measure(sample: Sample, probes: Probes, encoder: Encoder) -> Measured | Unmeasured:
    """Return what relevance has to know of a collection, or why it cannot be known.

    Args:
        sample: Some of its reviews.
        probes: As `load_probes` gives them.
        encoder: The collection's.
    """
    import numpy as np

    if sample.distinct < FEWEST_TEXTS:
        return Unmeasured.of_few(encoder.fingerprint, sample)
    if len(probes.texts) < FEWEST_PROBES:
        return Unmeasured(
            encoder.fingerprint,
            sample.reviews,
            f"{NO_RELEVANCE}: the encoder can read {len(probes.texts)} of the texts that it is "
            f"measured with (wanted {FEWEST_PROBES}), so that the nearest reviews are shown, "
            "however far.",
        )
    # As it is stored, so that the first search judges just as a later one.
    mean = sample.said_vectors.mean(axis=0)
    centroid = mean.astype(np.float16).astype(np.float32)
    return Measured(
        fingerprint=encoder.fingerprint,
        reviews=sample.reviews,
        languages=_languages(sample.languages),
        centroid=centroid,
        words=Words.of([terms(text) for text in sample.texts]),
    )


def _languages(given: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of some reviews at least."""
    counts = Counter(one for one in given if one)
    return tuple(sorted(one for one, count in counts.items() if count >= _FEWEST_REVIEWS))
