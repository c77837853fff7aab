"""Queries in another language than the reviews: what is near across languages.

Texts of one language are nearer to each other than to what says the same in another, even where an
encoder reads both. So a query is held against unrelated texts in the language of the reviews, not
its own, and what queries of its language have in common is partly taken off it, as some statements
are near to whatever is said in that language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.search.relevance.evidence import Question, Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.search.relevance.probes import Probes

_TAKEN_OFF = 0.5
"""Of the mean of a language's queries.

Of 0, 0.25, 0.4, 0.5, 0.6, 0.75 and 1 the best P@5 of 20 English questions of Chinese reviews, in
either half of them; of Chinese and German ones of English reviews it makes no difference.
"""
_NEAREST = 0.125
"""Share of the probes of the reviews' languages that a query is held against.

A share, as there are ten times as many in English as in others. With a quarter up to a tenth less
of what reviews say is refused, and with it up to a sixth less of what they do not.
"""
_FEWEST = 20


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """How a query of one language is compared with reviews in others.

    Attributes:
        shift: float32 of shape (dimension,): what is taken off the query's vector.
        probes: float32 of shape (probes, dimension): unrelated texts in the reviews' languages.
        nearest: Of these, how many a query is held against.
        scale: How near unrelated texts of the two are.
    """

    shift: NDArray[np.float32]
    probes: NDArray[np.float32]
    nearest: int
    scale: Scale

    def question(
        self, text: str, vector: NDArray[np.float32], centroid: NDArray[np.float32]
    ) -> Question:
        """Return a query as relevance sees it, see `Question.of`."""
        return Question.of(
            text, vector, frozenset(), centroid, self.probes, self.shift, self.nearest
        )


def across(probes: Probes, spoken: str, languages: Sequence[str]) -> Across | None:
    """Return how a query is compared with reviews in other languages.

    A language of which there are hardly any probes is stood for by all but those of the other side.

    Args:
        probes: As `load_probes` gives them.
        spoken: The query's language.
        languages: That the reviews are in, without that.

    Returns:
        None where the encoder reads too few probes of either side.
    """
    import numpy as np

    told, domains = np.array(probes.languages), np.array(probes.domains)
    asked, own = told == spoken, np.isin(told, list(languages))
    if asked.sum() < _FEWEST:
        asked = ~own
    if own.sum() < _FEWEST:
        own = told != spoken
    if min(asked.sum(), own.sum()) < _FEWEST:
        return None
    shift = _TAKEN_OFF * probes.vectors[asked].mean(axis=0)
    cosines = (probes.vectors[asked] - shift) @ probes.vectors[own].T
    unrelated = domains[asked][:, None] != domains[own]
    nearest = max(1, round(_NEAREST * int(own.sum())))
    return Across(shift, probes.vectors[own], nearest, Scale.measured(cosines[unrelated]))
