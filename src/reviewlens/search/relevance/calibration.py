"""How a floor is found: the corpus' own sentences against questions of other domains.

What the collection surely says (its own sentences, parts of them, titles; each asked once with the
review that it is from and once without) is told from the probes, which it surely does not answer,
by a logistic regression over the evidence of the reviews found. The floor is the score that one
in fifty probes reaches. A domain that comes nearer than the others (recipes, where food is
reviewed) may well be answered and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, embed_queries
from reviewlens.ground.estimates import share
from reviewlens.search.matches import NO_FLOOR, FloorFigures
from reviewlens.search.relevance.evidence import Question, Words, terms
from reviewlens.search.relevance.fit import best_scores, fit
from reviewlens.search.relevance.model import (
    FEWEST_TEXTS,
    Floor,
    Nearest,
    NoFloor,
    spoken,
    terms_of,
)
from reviewlens.search.relevance.probes import Probes
from reviewlens.search.relevance.sample import Sample, questions
from reviewlens.search.relevance.share import Asked, CountLevel, calibrate_count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.search.relevance.fit import Evidence
    from reviewlens.store import Hit

FEWEST_PROBES = 100
FEWEST_QUESTIONS = 20
"""Sentences and titles of the reviews; of sentences alone for the level for counting."""
ANSWERED = 0.02
"""Share of the probes that reach the floor."""
STRONG = 0.005
"""Share of them that are a strong answer."""
CONSIDERED = 10
"""Reviews looked at for a query."""
SIGNS = (1, 1, -1, 1, -1, 0)
_FEWEST_OF_LANGUAGE = 20
_LANGUAGE_SHARE = 0.05  # of the reviews, for its probes to set the floor
_FEWEST_REVIEWS = 3  # in a language that the collection is said to have
_FOLDS = 5
_FAR = 3.0  # of median absolute deviations, scaled to standard deviations
_SCALE = 1.4826


def calibrate(
    sample: Sample, probes: Probes, encoder: Encoder, nearest: Nearest
) -> Floor | NoFloor:
    """Return the floor of a collection, or why it has none.

    Args:
        sample: Some of its reviews.
        probes: As `load_probes` gives them.
        encoder: The collection's.
        nearest: Its search.
    """
    if sample.distinct < FEWEST_TEXTS:
        return NoFloor.of_few(encoder.fingerprint, sample)
    if len(probes.texts) < FEWEST_PROBES:
        return NoFloor(
            encoder.fingerprint,
            sample.reviews,
            f"{NO_FLOOR}: the encoder can read {len(probes.texts)} of the texts that one "
            f"is calibrated with (wanted {FEWEST_PROBES}), so that the nearest reviews are shown, "
            "however far.",
        )
    import numpy as np
    from threadpoolctl import threadpool_limits

    asked = questions(sample)
    if len(asked) < FEWEST_QUESTIONS:
        return NoFloor(
            encoder.fingerprint,
            sample.reviews,
            f"{NO_FLOOR}: the reviews have {len(asked)} different sentences and titles to "
            f"calibrate one with (wanted {FEWEST_QUESTIONS}), so that the nearest reviews are "
            "shown, however far.",
        )
    vectors = embed_queries(encoder, [text for text, _, _ in asked])
    found = nearest(np.concatenate([vectors, probes.vectors]), CONSIDERED + 1)
    # Many small steps of few numbers: threads would only wait for each other.
    with threadpool_limits(1):
        return _calibrated(_Work(sample, probes, asked, vectors, found), encoder.fingerprint)


def _calibrated(work: _Work, fingerprint: str) -> Floor | NoFloor:
    import numpy as np

    related: set[str] = set()
    while True:
        said, unsaid = work.said(related), work.unsaid(related)
        weights, intercept = fit(work.plausible(said, unsaid), unsaid, SIGNS)
        scores = best_scores(unsaid, weights, intercept)
        nearer = set() if related else _near_domains(scores, work.domains(related))
        if not nearer:
            break
        related = nearer
    if weights[0] <= 0:
        return NoFloor(
            fingerprint,
            work.reviews,
            f"{NO_FLOOR}: with this encoder the corpus' own sentences are no nearer to it "
            "than other texts, so that the nearest reviews are shown, however far.",
        )
    level = float(np.quantile(scores, 1 - ANSWERED))
    levels = {"": round(level, 4)}
    for language, own in work.other_languages(related).items():
        other = float(np.quantile(best_scores(own, weights, intercept), 1 - ANSWERED))
        levels[language] = round(max(level, other), 4)
    return Floor(
        fingerprint=fingerprint,
        reviews=work.reviews,
        languages=work.languages,
        related=tuple(sorted(related)),
        weights=tuple(round(float(one), 5) for one in weights),
        intercept=round(intercept, 5),
        levels=levels,
        strong=round(float(np.quantile(scores, 1 - STRONG)), 4),
        figures=work.figures(said, unsaid, related),
        centroid=work.centroid,
        words=work.words,
        count=work.count_level(related),
    )


class _Work:
    """The evidence of one calibration, which depends on the domains left out."""

    def __init__(
        self,
        sample: Sample,
        probes: Probes,
        asked: Sequence[tuple[str, int, bool]],
        vectors: NDArray[np.float32],
        found: Sequence[Sequence[Hit]],
    ) -> None:
        import numpy as np

        self._sample, self._probes, self._asked, self._vectors = sample, probes, asked, vectors
        self._of_asked, self._of_probes = found[: len(asked)], found[len(asked) :]
        self.words = Words.of([terms(text) for text in sample.texts])
        # As it is stored, so that the first search judges just as a later one.
        mean = sample.vectors.mean(axis=0)
        self.centroid: NDArray[np.float32] = mean.astype(np.float16).astype(np.float32)
        self.languages = _languages(sample.languages, _FEWEST_REVIEWS)
        main = _languages(sample.languages, _LANGUAGE_SHARE * len(sample.languages))
        chosen = [place for place, one in enumerate(probes.languages) if one in main]
        self._main = chosen if len(chosen) >= FEWEST_PROBES else list(range(len(probes.texts)))
        self._spoken = [spoken(text, self.languages, self.words)[0] for text in probes.texts]
        self._domains = np.array(probes.domains)
        self.reviews = sample.reviews

    def domains(self, related: set[str]) -> list[str]:
        """Return the domain of each of the `unsaid`."""
        return [self._probes.domains[place] for place in self._kept(related)]

    def _kept(self, related: set[str]) -> list[int]:
        return [place for place in self._main if self._probes.domains[place] not in related]

    def asked_of_own(self, related: set[str]) -> list[Question]:
        """Return what is known of the corpus' own questions."""
        import numpy as np

        unrelated = self._probes.vectors[~np.isin(self._domains, list(related))]
        return [
            Question.of(terms(text), vector, self.words, self.centroid, unrelated)
            for (text, _, _), vector in zip(self._asked, self._vectors, strict=True)
        ]

    def count_level(self, related: set[str]) -> CountLevel | None:
        """Return the level for counting; None where the reviews have too few sentences."""
        reviews = self._sample.vectors
        # Titles such as "Great!" are said by many reviews, whichever they are from.
        own = [place for place, (_, _, title) in enumerate(self._asked) if not title]
        if len(own) < FEWEST_QUESTIONS:
            return None
        questions = self.asked_of_own(related)
        kept = self._kept(related)
        return calibrate_count(
            Asked([questions[place] for place in own], self._vectors[own] @ reviews.T),
            [self._asked[place][1] for place in own],
            Asked(
                [self._question(place, related) for place in kept],
                self._probes.vectors[kept] @ reviews.T,
            ),
        )

    def said(self, related: set[str]) -> list[Evidence]:
        """Return the evidence of the corpus' own questions, first with, then without their own."""
        given = list(zip(self.asked_of_own(related), self._asked, self._of_asked, strict=True))
        with_own = [self._evidence(question, hits) for question, _, hits in given]
        without = [
            self._evidence(
                question, [hit for hit in hits if hit.passage.review_id != self._sample.ids[row]]
            )
            for question, (_, row, _), hits in given
        ]
        return [*with_own, *without]

    def unsaid(self, related: set[str]) -> list[Evidence]:
        """Return the evidence of the probes in the corpus' languages."""
        return [self._probed(place, related) for place in self._kept(related)]

    def other_languages(self, related: set[str]) -> dict[str, list[Evidence]]:
        """Return the evidence of the probes in each language that the corpus lacks."""
        found: dict[str, list[Evidence]] = {}
        for place, language in enumerate(self._probes.languages):
            if self.languages and language not in self.languages:
                found.setdefault(language, []).append(self._probed(place, related))
        return {name: some for name, some in found.items() if len(some) >= _FEWEST_OF_LANGUAGE}

    def _probed(self, place: int, related: set[str]) -> Evidence:
        return self._evidence(self._question(place, related), self._of_probes[place])

    def _question(self, place: int, related: set[str]) -> Question:
        import numpy as np

        # A foreign query is not always of a domain that there are probes of.
        others = ~np.isin(self._domains, [*related, self._probes.domains[place]])
        return Question.of(
            self._spoken[place],
            self._probes.vectors[place],
            self.words,
            self.centroid,
            self._probes.vectors[others],
        )

    def _evidence(self, question: Question, hits: Sequence[Hit]) -> Evidence:
        import numpy as np

        return np.array(
            [
                question.evidence(hit.similarity, terms_of(hit), self.words)
                for hit in hits[:CONSIDERED]
            ]
        )

    def plausible(self, said: Sequence[Evidence], unsaid: Sequence[Evidence]) -> list[Evidence]:
        """Return the questions that seem to be answered: without its review one may not be."""
        import numpy as np

        weights, intercept = fit(said, unsaid, SIGNS)
        middle = np.median(best_scores(unsaid, weights, intercept))
        scores = best_scores(said, weights, intercept)
        return [one for one, score in zip(said, scores, strict=True) if score > middle]

    def figures(
        self, said: Sequence[Evidence], unsaid: Sequence[Evidence], related: set[str]
    ) -> FloorFigures:
        """Return how often a floor errs on domains and questions that it was not fitted to."""
        import numpy as np

        domains = np.array(self.domains(related))
        names = np.unique(domains)
        fold_of = dict(zip(names, np.arange(len(names)) % _FOLDS, strict=True))
        folds = np.array([fold_of[name] for name in domains])
        asked = np.arange(len(said)) % len(self._asked) % _FOLDS
        wrong = refused = 0
        for fold in range(_FOLDS):
            rest = [one for one, own in zip(unsaid, folds, strict=True) if own != fold]
            own_rest = [one for one, own in zip(said, asked, strict=True) if own != fold]
            weights, intercept = fit(self.plausible(own_rest, rest), rest, SIGNS)
            level = np.quantile(best_scores(rest, weights, intercept), 1 - ANSWERED)
            held = [one for one, own in zip(unsaid, folds, strict=True) if own == fold]
            wrong += int((best_scores(held, weights, intercept) >= level).sum())
            # Those asked with the review that they are from, which does say it.
            held = [said[place] for place in range(len(self._asked)) if place % _FOLDS == fold]
            refused += int((best_scores(held, weights, intercept) < level).sum())
        false, missed = share(wrong, len(unsaid)), share(refused, len(self._asked))
        return FloorFigures(
            false_answers=false.value,
            false_answers_low=false.low,
            false_answers_high=false.high,
            probes=len(unsaid),
            missed=missed.value,
            missed_low=missed.low,
            missed_high=missed.high,
            questions=len(self._asked),
            reviews=self._sample.reviews,
        )


def _languages(given: Sequence[str], least: float) -> tuple[str, ...]:
    """Return the languages of at least so many reviews."""
    counts = Counter(one for one in given if one)
    return tuple(sorted(one for one, count in counts.items() if count >= least))


def _near_domains(scores: NDArray[np.float64], domains: Sequence[str]) -> set[str]:
    """Return the domains whose middle score is far above that of the others."""
    import numpy as np

    names = sorted(set(domains))
    own = np.array(domains)
    middles = np.array([np.median(scores[own == name]) for name in names])
    middle = np.median(middles)
    spread = _SCALE * np.median(np.abs(middles - middle))
    far = middles > middle + _FAR * max(spread, 1e-6)
    return {name for name, is_far in zip(names, far, strict=True) if is_far}
