"""What is told of a review that is unlike the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.document import Document, Entry, Facts, Gap, Part, Text
from reviewlens.ground.phrases import stars
from reviewlens.results import Tabular

Kind = Literal[
    "off-topic",
    "unusual",
    "other language",
    "empty",
    "boilerplate",
    "unlike its product",
    "stars contradict text",
]
KINDS: tuple[Kind, ...] = (
    "off-topic",
    "unusual",
    "other language",
    "empty",
    "boilerplate",
    "unlike its product",
    "stars contradict text",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a review is listed.

    Attributes:
        kind: One of `KINDS`.
        text: The same in plain words, with the figures.
    """

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One of the reviews that are nearest, as what a listed one can be compared with.

    Attributes:
        similarity: Cosine similarity, -1..1.
        text: The review as given.
        stars: 1 to 5, None where there are none.
    """

    review_id: str
    similarity: float
    text: str
    stars: float | None
    product: str


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A review, how unlike the rest it is, and why.

    Attributes:
        score: 0..1, the largest of its marks: the share of texts that are nearer to the others
            than it is, their lengths being allowed for; for boilerplate, the share of texts that
            are none; for a review unlike its product's, the share that are more like theirs; for
            stars that contradict the text, the chance that the text speaks for the opposite.
        reasons: Why; none for an ordinary review, which only a list of all shows.
        distance: Mean cosine distance to the nearest distinct texts.
        lof: Local outlier factor: how much thinner it is around the text than around its
            neighbours, 1 for alike.
        words: Length of the text in words; `characters` for scripts without spaces.
        unusual_words: Words of the text that hardly another one has, rarest first.
        stars_expected: Chance that the text goes with four or five stars, as against one or two;
            None where the stars cannot be told from texts.
        copies: How many reviews have this text.
        theme: The cluster it is nearest to, -1 where there are none.
        theme_label: What that is called, empty without.
        theme_similarity: Cosine similarity to its centre, None without.
        neighbors: The nearest distinct texts.
    """

    review_id: str
    score: float
    reasons: tuple[Reason, ...]
    text: str
    title: str
    stars: float | None
    time: str | None
    product: str
    author: str
    source: str
    language: str
    distance: float
    lof: float
    words: int
    characters: int
    unusual_words: tuple[str, ...]
    stars_expected: float | None
    copies: int
    theme: int
    theme_label: str
    theme_similarity: float | None
    neighbors: tuple[Neighbor, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Anomalies(Tabular):
    """The reviews that are most unlike the rest, by falling score.

    Attributes:
        reviews: Reviews looked at.
        texts: Distinct texts among them.
        neighbors: Nearest texts that each one was compared with.
        kinds: How many of all the reviews each kind holds for, listed or not.
        languages: The corpus's own languages; others are `other language`.
        stars_told: How well stars are told from texts: the chance that of a good and a bad review
            the good one is seen to be so, 0.5 for not at all; None with too few of either.
        notes: What was not looked at, and why.
    """

    details_help = "Show distances, unusual words and neighbours."

    reviews: int
    texts: int
    neighbors: int
    kinds: Mapping[str, int]
    languages: tuple[str, ...]
    stars_told: float | None
    anomalies: tuple[Anomaly, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Anomaly]:
        return self.anomalies

    def document(self, *, details: bool = False) -> Document:
        """Return the reviews with their reasons; see `Tabular.document`."""
        told = "not compared" if self.stars_told is None else f"{self.stars_told:.2f}"
        looked_at = {
            "distinct texts": self.texts,
            "neighbours compared": self.neighbors,
            "languages": self.languages,
            "stars told from text (ROC AUC)": told,
        }
        return (
            Text(f"{len(self)} of {self.reviews:,} reviews, most unlike the rest first"),
            *(
                _entry(number, one, details=details)
                for number, one in enumerate(self.anomalies, start=1)
            ),
            Gap(),
            Facts("Of all these reviews", {kind: n for kind, n in self.kinds.items() if n}),
            *((Facts("Looked at", looked_at),) if details else ()),
        )


def _entry(number: int, one: Anomaly, *, details: bool) -> Entry:
    when = (one.time or "undated")[:10]
    facts = (f"{one.score:.3f}", stars(one.stars), when, one.product, one.review_id)
    parts: list[Part] = [Text(f"{reason.kind}: {reason.text}", "reason") for reason in one.reasons]
    parts.append(Text(one.text, lines=3))
    if details:
        parts += _details(one)
    return Entry(" · ".join(filter(None, facts)), tuple(parts), number)


def _details(one: Anomaly) -> list[Part]:
    theme = (
        "" if one.theme_similarity is None
        else f"{one.theme_label or one.theme} ({one.theme_similarity:.2f})"
    )  # fmt: skip
    figures = {
        "distance": f"{one.distance:.3f}, local outlier factor {one.lof:.2f}",
        "length": f"{one.words} words, {one.characters} characters",
        "language": one.language,
        "copies": str(one.copies) if one.copies > 1 else "",
        "unusual words": ", ".join(one.unusual_words),
        "nearest theme": theme,
    }
    lines = [f"{name}: {value}" for name, value in figures.items() if value]
    lines += [
        f"nearest {near.similarity:.2f} {near.review_id}: {near.text}" for near in one.neighbors
    ]
    return [Text(line, "soft", lines=1, inset=2) for line in lines]
