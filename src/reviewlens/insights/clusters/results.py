"""What `find_clusters` answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Entry, Facts, Gap, Part, Text
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import dates, mean_stars
from reviewlens.ground.phrases import share as share_of
from reviewlens.insights.clusters.partition import Trial
from reviewlens.results import Quote, Tabular


@dataclass(frozen=True, slots=True)
class Subcluster:
    """A finer part of a cluster.

    Attributes:
        subcluster: Its number within the cluster, 0 the largest.
        label: Its terms, as they tell it from the other parts.
        reviews: How many.
        stars: Their mean, None without stars.
        quote: The review nearest to its centre.
    """

    subcluster: int
    label: str
    reviews: int
    stars: Estimate | None
    quote: Quote


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reviews that speak of the same.

    Attributes:
        cluster: Its number, 0 the largest; the reviews that say nothing come last.
        label: Its terms, joined; no two clusters have the same.
        terms: The words and pairs of words that tell it from the others, best first.
        reviews: How many.
        share: Of the reviews that say something, 0..1; None for those that say nothing. With
            sentences as unit a review counts in each of its clusters, and shares sum to over 1.
        stars: Their mean, 1..5, None without stars.
        histogram: Reviews by whole stars, `1` to `5`; empty without stars.
        products: Reviews by product, most first, at most five.
        first: Earliest date, ISO 8601 in UTC, None without dates.
        last: Latest date.
        confidence: Mean of its reviews' confidence, 0..1.
        stability: How much of it is found again in random subsamples, 0..1; None for those that
            say nothing, which are told by a rule.
        says_nothing: True for the one group of reviews that say nothing (`Love it!`, `ok`).
        quotes: Three reviews (or sentences) nearest to its centre, no text or review twice.
        extremes: Three that are farthest from its centre: where it ends.
        subclusters: Its finer parts, largest first.
    """

    cluster: int
    label: str
    terms: tuple[str, ...]
    reviews: int
    share: Estimate | None
    stars: Estimate | None
    histogram: Mapping[str, int]
    products: Mapping[str, int]
    first: str | None
    last: str | None
    confidence: float
    stability: float | None
    says_nothing: bool
    quotes: tuple[Quote, ...]
    extremes: tuple[Quote, ...]
    subclusters: tuple[Subcluster, ...]

    def entry(self, *, details: bool = False) -> Entry:
        """Return it as an entry of a list: its label, its figures and what it says.

        Args:
            details: Also its finer parts, intervals, dates and more quotes.
        """
        facts = [f"{self.reviews:,} reviews"]
        if self.share is not None:
            facts.append(share_of(self.share, details=details))
        if self.stars is not None:
            facts.append(mean_stars(self.stars, details=details))
        parts = self._details() if details else [Words(self.quotes[0].text)]
        return Entry(self.label, tuple(parts), self.cluster, "strong", " · ".join(facts))

    def _details(self) -> Iterator[Part]:
        held = "" if self.stability is None else f", stability {self.stability:.2f}"
        lines = {
            "found": f"confidence {self.confidence:.2f}{held}",
            "stars 1 to 5": ", ".join(map(str, self.histogram.values())),
            "products": ", ".join(f"{name}: {count}" for name, count in self.products.items()),
            "dates": dates(self.first, self.last),
        }
        yield from (Text(f"{name}: {text}") for name, text in lines.items() if text)
        for part in self.subclusters:
            stars = "" if part.stars is None else f", {mean_stars(part.stars)}"
            number = f"{self.cluster}.{part.subcluster}"
            yield Text(f"{number} {part.label} ({part.reviews}{stars})")
        for before, quotes in (("typical", self.quotes), ("at the edge", self.extremes)):
            yield from (Words(quote.text, quote.review_id, before) for quote in quotes)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a review belongs; with sentences as unit, one of the clusters that it belongs to.

    Attributes:
        cluster: The cluster that stability chose.
        confidence: Share of the weight of its edges that leads into its own cluster, 0..1; of its
            surest sentence there.
        subcluster: The finer part, numbered within the cluster.
    """

    review_id: str
    cluster: int
    confidence: float
    subcluster: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many reviews have a cluster.

    Attributes:
        assigned: Share of all reviews, 0..1: every review has one.
        confident: Share of all reviews whose confidence, in one cluster at least, is
            `confidence` or more.
        confidence: That bound.
    """

    assigned: float
    confident: float
    confidence: float


@dataclass(frozen=True, slots=True, repr=False)
class Clusters(Tabular):
    """What the reviews are about, largest cluster first.

    Attributes:
        clusters: By falling size; the reviews that say nothing last.
        assignments: Each review's cluster, by id; with sentences as unit each of its clusters.
        unit: What has one cluster: `review` or `sentence`.
        rows: How many of these there are.
        reviews: How many reviews were looked at.
        coverage: How many have a cluster, and with what confidence.
        stability: Adjusted mutual information of these clusters with those of random subsamples
            of 80 %, 1 for the same, 0 for chance.
        resolution: Of the modularity: given, searched for, or the most stable.
        resolutions: All that were tried, with their stability.
        across: The field whose groups were centred first, None for none.
        recall: Share of the true nearest neighbours that the graph holds, 0..1.
        notes: What the user should know besides.
    """

    clusters: tuple[Cluster, ...]
    assignments: tuple[Assignment, ...]
    unit: str
    rows: int
    reviews: int
    coverage: Coverage
    stability: float
    resolution: float
    resolutions: tuple[Trial, ...]
    across: str | None
    recall: float
    notes: tuple[str, ...] = ()

    details_help = "Show subclusters, intervals, dates, more quotes."

    def _rows(self) -> Sequence[Cluster]:
        return self.clusters

    def document(self, *, details: bool = False) -> Document:
        """Return the clusters, each with its figures and quotes; see `Tabular.document`."""
        entries = (part for one in self.clusters for part in (Gap(), one.entry(details=details)))
        return (Text(self._looked_at()), *entries, *(self._how() if details else ()))

    def _looked_at(self) -> str:
        themes = sum(not cluster.says_nothing for cluster in self.clusters)
        sentences = f", {self.rows:,} sentences" if self.unit == "sentence" else ""
        one = "one" if self.unit == "review" else "one or more"
        return (
            f"{self.reviews:,} reviews{sentences} in {themes} clusters, stability "
            f"{self.stability:.2f} of 1; every review has {one}, {self.coverage.confident:.0%} "
            f"with a confidence of {self.coverage.confidence:g} or more"
        )

    def _how(self) -> Iterator[Part]:
        tried = [
            f"{trial.resolution:g}: {trial.clusters} ({trial.stability:.2f})"
            for trial in self.resolutions
        ]
        figures = {
            "resolution": f"{self.resolution:g}",
            "tried": tried,
            "across": self.across,
            "recall of neighbours": f"{self.recall:.2f}",
        }
        yield Gap()
        yield Facts("How they were found (resolution: clusters, stability)", figures)
