"""Which reviews are unlike the rest, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.copies import Distinct, distinct, distinct_graph
from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.insights.anomalies.distance import Distances, distances, percentiles
from reviewlens.insights.anomalies.marks import (
    boilerplate,
    is_empty,
    other_language,
    own_languages,
    product_margins,
)
from reviewlens.insights.anomalies.polarity import Polarity, read_polarity
from reviewlens.insights.anomalies.results import (
    KINDS,
    Anomalies,
    Anomaly,
    Kind,
    Neighbor,
    Reason,
)
from reviewlens.text.words import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.neighbors import NeighborGraph
    from reviewlens.ground.slices import Slice

FEWEST_TEXTS = 20
"""Distinct texts without which nothing can be said to be unlike the rest."""

_NEIGHBORS_SHOWN = 3
_WORDS_SHOWN = 6
_WORDS_OF_TEXTS = 5_000
_FEWEST_NEIGHBORS = 5
_UNUSUAL = 0.9
_READ_LANGUAGE = 50  # rated reviews of a language before its stars are read
_PRODUCTS_TOLD = 0.6
_FAR_FROM_PRODUCT = 0.99


def find_anomalies(
    reviews: Slice,
    graph: NeighborGraph,
    *,
    n: int = 20,
    kinds: Sequence[Kind] | None = None,
    themes: Mapping[int, str] | None = None,
    seed: int = 0,
) -> Anomalies:
    """List the reviews that are most unlike the rest, each with why.

    Each distinct text has a mark of 0..1 for how far it lies from the others (see
    `distance.distances`), and a further mark for each of three kinds that distance does not see:
    boilerplate, a review unlike those of its product, stars that contradict the text. The score
    is the largest. Another language and an empty text are told as reasons and raise no score:
    the first lies far off anyway, the second is common and harmless.

    Copies are one text here: otherwise a text of many copies would stand in a dense place of its
    own making. Each copy is listed with the score of its text.

    Args:
        reviews: With vectors.
        graph: Their neighbours, at least 20 each, better 50: a clump of texts of another kind is
            found as long as it has fewer members than a text has neighbours.
        n: How many to list; 0 for all reviews, ordinary ones too.
        kinds: Only reviews of one of these kinds; None for all.
        themes: What the clusters of `reviews` are called.
        seed: For the folds in which stars are read from texts.

    Raises:
        TooFewReviews: Fewer than 20 distinct texts.
        InputError: A number below 0, or no such kind.
    """
    if n < 0:
        raise InputError(f"{n} anomalies are no number of them; wanted 0 for all, or more")
    if unknown := [kind for kind in kinds or () if kind not in KINDS]:
        raise InputError(f"there is no kind {unknown[0]!r}; wanted one of: {', '.join(KINDS)}")
    found = distinct(reviews.texts)
    if len(found) < FEWEST_TEXTS:
        raise TooFewReviews(
            f"{len(found)} different texts in {len(reviews)} reviews are too few to tell what is "
            f"unlike the rest; wanted at least {FEWEST_TEXTS}: widen the filters, or ingest more"
        )
    near = distinct_graph(found, reviews.vectors, graph)
    return _Search(reviews, found, near, themes or {}, seed).answer(n, kinds)


@dataclass(eq=False)
class _Search:
    """What one run knows, gathered once and asked row by row."""

    reviews: Slice
    texts: Distinct
    graph: NeighborGraph
    labels: Mapping[int, str]
    seed: int
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        most = max(_FEWEST_NEIGHBORS, len(self.texts) // 5)
        if self.graph.k > most:
            rows, similarities = self.graph.rows[:, :most], self.graph.similarities[:, :most]
            self.graph = NeighborGraph(rows, similarities, self.graph.recall)

    # -- marks -----------------------------------------------------------------------------------

    @cached_property
    def distances(self) -> Distances:
        return distances(self.graph, [len(text) for text in self.texts.texts])

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return own_languages(self.reviews.languages)

    @cached_property
    def foreign(self) -> dict[int, str]:
        return other_language(self.reviews.languages, self.reviews.products, self.languages)

    def words(self, text: int) -> list[str]:
        """Return the content words of a distinct text, each once, in order."""
        row = int(self.texts.first[text])
        words = content_words(self.reviews.said(row), self.reviews.languages[row])
        return list(dict.fromkeys(words))

    @cached_property
    def word_counts(self) -> tuple[Counter[str], int]:
        """In how many distinct texts each word is, and of how many: of a corpus, every so manieth.

        Cutting texts into words takes most of the time that a large corpus would.
        """
        step = -(-len(self.texts) // _WORDS_OF_TEXTS)
        read = range(0, len(self.texts), step)
        return Counter(word for text in read for word in self.words(text)), len(read)

    @cached_property
    def copies(self) -> list[int]:
        import numpy as np

        return [int(count) for count in np.bincount(self.texts.of_row)]

    @cached_property
    def forms(self) -> list[str]:
        """Why each distinct text is boilerplate, mostly empty."""
        return [boilerplate(self.reviews.texts[row]) for row in self.texts.first]

    @cached_property
    def boilerplate_score(self) -> float:
        return 1 - sum(map(bool, self.forms)) / len(self.forms)

    @cached_property
    def polarity(self) -> Polarity:
        import numpy as np

        reviews = self.reviews
        rated = Counter(
            language
            for language, stars in zip(reviews.languages, reviews.stars, strict=True)
            if not np.isnan(stars)
        )
        # A language of which there is little is read badly; one that is not known is a short text.
        readable = [rated[language] >= _READ_LANGUAGE for language in reviews.languages]
        if not any(language for language in reviews.languages):
            readable = [True] * len(reviews)
        polarity = read_polarity(
            reviews.vectors, reviews.stars, self.texts.of_row, readable, seed=self.seed
        )
        if polarity.told is None:
            self.notes.append(
                "stars were not compared with texts: that needs 20 different texts with one or "
                "two stars and 20 with four or five, in a language of 50 rated reviews"
            )
        elif np.isnan(polarity.good).all():
            self.notes.append(
                "stars were not compared with texts: here they cannot be told from them "
                f"(area under the ROC curve {polarity.told:.2f}; wanted 0.75)"
            )
        return polarity

    @cached_property
    def products(self) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
        """Margins of distinct texts, the scores of those that stand out, and like which."""
        import numpy as np

        first = self.texts.first
        margins, like, told = product_margins(
            self.reviews.vectors[first], [self.reviews.products[row] for row in first]
        )
        scores = np.zeros(len(first))
        known = np.flatnonzero(~np.isnan(margins))
        if len(known) and told >= _PRODUCTS_TOLD:
            scores[known] = percentiles(-margins[known])
            scores[(scores < _FAR_FROM_PRODUCT) | ~(margins < 0) | (np.array(like) == "")] = 0
        return margins, scores, like

    @cached_property
    def themes(self) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Numbers and centres of the clusters."""
        import numpy as np

        numbers = np.unique(self.reviews.clusters[self.reviews.clusters >= 0])
        if not len(numbers):
            return None
        sums = [self.reviews.vectors[self.reviews.clusters == one].sum(axis=0) for one in numbers]
        centres = np.stack(sums)
        return numbers, centres / np.linalg.norm(centres, axis=1, keepdims=True)

    # -- answers ---------------------------------------------------------------------------------

    def score(self, row: int) -> float:
        text = self.texts.of_row[row]
        marks = [float(self.distances.percentile[text]), float(self.products[1][text])]
        if self.forms[text]:
            marks.append(self.boilerplate_score)
        if self.polarity.contradicted[row]:
            marks.append(self._chance_of_opposite(row))
        return round(max(marks), 4)

    def _chance_of_opposite(self, row: int) -> float:
        good = float(self.polarity.good[row])
        return 1 - good if self.reviews.stars[row] >= 4 else good

    def kinds(self, row: int) -> list[Kind]:
        """The kinds that hold for a review."""
        text = self.texts.of_row[row]
        kinds: list[Kind] = []
        empty = is_empty(self.reviews.texts[row], lambda: self.words(int(text)))
        foreign = row in self.foreign
        if self.forms[text]:
            kinds.append("boilerplate")
        if self.polarity.contradicted[row]:
            kinds.append("stars contradict text")
        # Distance says nothing about the subject where the language, or that there is none, does.
        if not (empty or foreign):
            if self.distances.outlying[text]:
                kinds.append("off-topic")
            elif self.distances.percentile[text] >= _UNUSUAL:
                kinds.append("unusual")
            if self.products[1][text] > 0:
                kinds.append("unlike its product")
        if foreign:
            kinds.append("other language")
        if empty:
            kinds.append("empty")
        return kinds

    def reason(self, row: int, kind: Kind) -> Reason:
        text = self.texts.of_row[row]
        share = f"{float(self.distances.percentile[text]):.1%}"
        match kind:
            case "off-topic":
                words = f"far from all others: farther than {share} of texts of its length"
            case "unusual":
                words = f"farther from the others than {share} of texts of its length"
            case "other language":
                words = self.foreign[row]
            case "empty":
                words = "hardly a word that says anything"
            case "boilerplate":
                words = self.forms[text]
            case "unlike its product":
                margins, _, like = self.products
                words = (
                    f"nearer to the reviews of {like[text]} than to those of its own product, "
                    f"by {-margins[text]:.2f} of cosine similarity"
                )
            case "stars contradict text":
                stars, chance = float(self.reviews.stars[row]), self._chance_of_opposite(row)
                other = "one or two" if stars >= 4 else "four or five"
                given = f"{stars:.2g} star{'s' * (stars != 1)}"
                words = f"{given}, where the text speaks for {other} ({chance:.0%})"
        return Reason(kind, words)

    def answer(self, n: int, wanted: Sequence[Kind] | None) -> Anomalies:
        every = [self.kinds(row) for row in range(len(self.reviews))]
        scores = [self.score(row) for row in range(len(self.reviews))]
        counts = Counter(kind for kinds in every for kind in kinds)
        chosen = [
            row for row, kinds in enumerate(every) if wanted is None or set(wanted) & set(kinds)
        ]
        chosen.sort(key=lambda row: (-scores[row], -len(every[row]), self.reviews.ids[row]))
        return Anomalies(
            reviews=len(self.reviews),
            texts=len(self.texts),
            neighbors=self.graph.k,
            kinds={kind: counts[kind] for kind in KINDS},
            languages=self.languages,
            stars_told=self.polarity.told,
            anomalies=tuple(
                self.anomaly(row, scores[row], every[row]) for row in chosen[: n or None]
            ),
            notes=tuple(self.notes),
        )

    def anomaly(self, row: int, score: float, kinds: list[Kind]) -> Anomaly:
        import numpy as np

        reviews, text = self.reviews, self.texts.of_row[row]
        quote = reviews.quote(row)
        good = float(self.polarity.good[row])
        theme, similarity = self._theme(row)
        return Anomaly(
            review_id=reviews.ids[row],
            score=score,
            reasons=tuple(self.reason(row, kind) for kind in kinds),
            text=quote.text,
            title=reviews.titles[row],
            stars=quote.stars,
            time=quote.time,
            product=reviews.products[row],
            author=reviews.authors[row],
            source=reviews.sources[row],
            language=reviews.languages[row],
            distance=round(float(self.distances.distance[text]), 4),
            lof=round(float(self.distances.lof[text]), 4),
            words=len(quote.text.split()),
            characters=len(quote.text),
            unusual_words=self._unusual_words(int(text)),
            stars_expected=None if np.isnan(good) else round(good, 4),
            copies=self.copies[text],
            theme=theme,
            theme_label=self.labels.get(theme, ""),
            theme_similarity=similarity,
            neighbors=self._neighbors(int(text)),
        )

    def _unusual_words(self, text: int) -> tuple[str, ...]:
        counts, read = self.word_counts
        rare = [word for word in self.words(text) if counts[word] <= max(1, read // 500)]
        return tuple(sorted(rare, key=lambda word: counts[word])[:_WORDS_SHOWN])

    def _neighbors(self, text: int) -> tuple[Neighbor, ...]:
        found = []
        for place in range(min(_NEIGHBORS_SHOWN, self.graph.k)):
            row = int(self.texts.first[self.graph.rows[text, place]])
            similarity = round(float(self.graph.similarities[text, place]), 4)
            quote = self.reviews.quote(row)
            found.append(
                Neighbor(
                    quote.review_id,
                    similarity,
                    quote.text,
                    quote.stars,
                    self.reviews.products[row],
                )
            )
        return tuple(found)

    def _theme(self, row: int) -> tuple[int, float | None]:
        if self.themes is None:
            return -1, None
        numbers, centres = self.themes
        similarities = centres @ self.reviews.vectors[row]
        best = int(similarities.argmax())
        return int(numbers[best]), round(float(similarities[best]), 4)
