"""What relevance has to know of a collection, measured on some of its reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, embed_queries
from reviewlens.search.matches import NO_RELEVANCE
from reviewlens.search.relevance.evidence import Question
from reviewlens.search.relevance.model import FEWEST_TEXTS, Measured, Unmeasured
from reviewlens.search.relevance.probes import Probes
from reviewlens.search.relevance.sample import Sample, questions
from reviewlens.search.relevance.share import Asked, CountLevel, calibrate_count
from reviewlens.search.relevance.words import Words, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_PROBES = 100
FEWEST_QUESTIONS = 20
"""Sentences of the reviews by which the level for counting is found."""
_FEWEST_REVIEWS = 3  # in a language that the collection is said to have
_FAR = 3.0  # of median absolute deviations, scaled to standard deviations
_SCALE = 1.4826


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
        count=_count_level(sample, probes, encoder, centroid),
    )


def _count_level(
    sample: Sample, probes: Probes, encoder: Encoder, centroid: NDArray[np.float32]
) -> CountLevel | None:
    """Return the level for counting; None where the reviews have too few sentences."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    own = questions(sample)
    if len(own) < FEWEST_QUESTIONS:
        return None
    vectors = embed_queries(encoder, [text for text, _ in own])
    nearest = (probes.vectors @ sample.said_vectors.T).max(axis=1)
    related = near_domains(nearest, probes.domains)
    domains = np.array(probes.domains)
    kept = np.flatnonzero(~np.isin(domains, list(related)))
    unrelated = probes.vectors[kept]

    def asked(vector: NDArray[np.float32], others: NDArray[np.float32]) -> Question:
        return Question.of("", vector, frozenset(), centroid, others)

    # Many small steps of few numbers: threads would only wait for each other.
    with threadpool_limits(1):
        return calibrate_count(
            Asked([asked(one, unrelated) for one in vectors], vectors @ sample.vectors.T),
            [row for _, row in own],
            Asked(
                [
                    asked(probes.vectors[place], unrelated[domains[kept] != domains[place]])
                    for place in kept.tolist()
                ],
                unrelated @ sample.vectors.T,
            ),
        )


def _languages(given: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of some reviews at least."""
    counts = Counter(one for one in given if one)
    return tuple(sorted(one for one, count in counts.items() if count >= _FEWEST_REVIEWS))


def near_domains(scores: NDArray[np.float32], domains: Sequence[str]) -> set[str]:
    """Return the domains whose middle score is far above that of the others.

    The reviews may well speak of these: recipes, where food is reviewed.
    """
    import numpy as np

    names = sorted(set(domains))
    own = np.array(domains)
    middles = np.array([np.median(scores[own == name]) for name in names])
    middle = np.median(middles)
    spread = _SCALE * np.median(np.abs(middles - middle))
    far = middles > middle + _FAR * max(spread, 1e-6)
    return {name for name, is_far in zip(names, far, strict=True) if is_far}
