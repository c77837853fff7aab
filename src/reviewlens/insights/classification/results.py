"""What a classification answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Entry, Facts, Gap, Part, Table, Text
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import interval, mean_stars
from reviewlens.results import Quote, Tabular

_SHOWN_LABELS = 12
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A review with its label.

    Attributes:
        review_id: Whose label it is.
        label: The one given, or else the one predicted; several are joined by `; `; None for none.
        labels: The same, one by one.
        confidence: Calibrated probability of `label`, 0..1 (of several, the least of theirs; of
            none, that no label fits); for a given label, by models that have not seen its text.
            With descriptions the cosine to the nearest one, -1..1; with attitudes how surely it
            praises or blames, 0..1.
        margin: How far `confidence` is above the next best label; None with one label or several
            a review.
        predicted: What the model says, whatever was given; for a given label, by models that have
            not seen its text.
        given: Whether the label was given as an example.
        stars: Stars read from the text, 1 to 5: the median of the predicted distribution; None
            unless stars were asked for.
    """

    review_id: str
    label: str | None
    labels: tuple[str, ...]
    confidence: float
    margin: float | None
    predicted: str | None
    given: bool
    stars: int | None


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """The reviews under one label.

    Attributes:
        label: None for the reviews under none.
        reviews: How many.
        given: How many of them were given as examples.
        share: Of all reviews, 0..1, with the 95 % interval of sampling (errors of the
            classification are not in it).
        mean_stars: With its 95 % interval; None without stars.
        quote: The review that has the label most surely; None under an unused label.
    """

    label: str | None
    reviews: int
    given: int
    share: Estimate
    mean_stars: Estimate | None
    quote: Quote | None

    def entry(self, *, details: bool = False) -> Entry:
        """Return it as an entry of a list: the label, its figures, a review."""
        facts = [f"{self.reviews:,} reviews", interval(self.share, ".0%")]
        if self.mean_stars is not None:
            facts.append(mean_stars(self.mean_stars, details=details))
        if details and self.given:
            facts.append(f"{self.given:,} given")
        quote = self.quote
        parts = () if quote is None else (Words(quote.text, quote.review_id),)
        label = "(no label)" if self.label is None else self.label
        return Entry(label, parts, None, "strong", " · ".join(facts))


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one label is found.

    Attributes:
        precision: Share of right ones among those predicted, 0 when none was.
        recall: Share of its examples that were found.
        f1: Harmonic mean of both.
        support: Examples with the label.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A method in the comparison, with its out-of-fold figures.

    Attributes:
        method: `logistic`, `ridge` or `forest`.
        strength: `C` of logistic, `alpha` of ridge, None for the forest.
        balanced: Whether each class weighs the same.
        score: Mean of accuracy and macro-F1; for stars minus the log loss. The highest was taken.
        chosen: Whether it was taken.
    """

    method: str
    strength: float | None
    balanced: bool
    accuracy: float
    macro_f1: float
    log_loss: float
    score: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the labels are, measured on examples whose text the model had not seen.

    Intervals are of 95 %, by a bootstrap over distinct texts.

    Attributes:
        examples: Labelled reviews.
        texts: Distinct ones among their texts; copies are never on both sides of a fold.
        folds: Parts of the cross-validation.
        accuracy: Share that is right; with several labels a review, right in all of them.
        macro_f1: Mean of the labels' F1.
        majority: Accuracy of always saying the commonest.
        mean_absolute_error: In stars; None unless stars were asked for.
        brier: Mean squared distance of the probabilities from the truth, summed over the labels
            (0..2); with several labels a review, their mean (0..1).
        calibration_error: Mean distance between confidence and accuracy over ten bins of equal
            size, 0..1.
        labels: In the order of `confusion`.
        confusion: Examples by true label (rows) and predicted label (columns); empty with
            several labels a review.
        classes: One a label.
        candidates: The methods compared.
        compared: Examples that they were compared on.
    """

    examples: int
    texts: int
    folds: int
    accuracy: Estimate
    macro_f1: Estimate
    majority: float
    mean_absolute_error: Estimate | None
    brier: float
    calibration_error: float
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    classes: tuple[ClassFigures, ...]
    candidates: tuple[Candidate, ...]
    compared: int

    def document(self, settings: Mapping[str, str | float | None]) -> Document:
        """Return how good the labels are, in words and tables."""
        error = self.mean_absolute_error
        facts = {
            "examples": f"{self.examples:,} with {self.texts:,} distinct texts, in "
            f"{self.folds} folds",
            "accuracy": f"{interval(self.accuracy, '.2f')}; always the commonest "
            f"{self.majority:.2f}",
            "macro-F1": interval(self.macro_f1, ".2f"),
            "stars off": "" if error is None else interval(error, ".2f"),
            "confidence off": f"{self.calibration_error:.3f} on average; Brier {self.brier:.3f}",
            "threshold": settings.get("threshold"),
        }
        classes = tuple(
            (one.label, f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}",
             f"{one.support:,}")
            for one in self.classes
        )  # fmt: skip
        tried = tuple(
            (one.method + (", balanced" if one.balanced else "") + (" *" if one.chosen else ""),
             "" if one.strength is None else f"{one.strength:g}",
             f"{one.accuracy:.3f}", f"{one.macro_f1:.3f}", f"{one.log_loss:.3f}")
            for one in self.candidates
        )  # fmt: skip
        return (
            Gap(),
            Facts("How good they are, on texts that were not learnt from", facts),
            Gap(),
            Table(("label", "precision", "recall", "F1", "examples"), classes),
            *(self._confused() if len(self.labels) <= _SHOWN_LABELS else ()),
            Gap(),
            Table(("method (* taken)", "strength", "accuracy", "macro-F1", "log loss"), tried),
        )

    def _confused(self) -> tuple[Part, ...]:
        if not self.confusion:
            return ()
        short = all(len(label) <= _SHORT for label in self.labels)
        numbers = [str(place) for place in range(1, len(self.labels) + 1)]
        names = [f"{number} {label}" for number, label in zip(numbers, self.labels, strict=True)]
        rows = tuple(
            (name, *map(str, row))
            for name, row in zip(self.labels if short else names, self.confusion, strict=True)
        )
        return (
            Gap(),
            Text("True label (rows) and predicted label (columns, in the same order)"),
            Table(("", *(self.labels if short else numbers)), rows),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Classification(Tabular):
    """Reviews by label.

    Attributes:
        method: `descriptions`, or the method that was taken: `logistic`, `ridge` or
            `forest`.
        task: `classes` (one label a review), `several` (any number), `stars`.
        reviews: Reviews looked at.
        given: How many of them came with a label.
        labels: Most reviews first; reviews under no label last.
        rows: One a review, ordered by id.
        figures: None where nothing was learnt here and none are saved with the model.
        settings: What was asked for: thresholds, descriptions.
        notes: What the user should know besides.
    """

    details_help = "Show how good the labels are, and how they came."

    method: str
    task: str
    reviews: int
    given: int
    labels: tuple[LabelSummary, ...]
    rows: tuple[Labelled, ...]
    figures: Figures | None
    settings: Mapping[str, str | float | None]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Labelled]:
        return self.rows

    def document(self, *, details: bool = False) -> Document:
        """Return each label with its share; see `Tabular.document`."""
        head = [f"{self.reviews:,} reviews"]
        if self.given:
            head.append(f"{self.given:,} came with their label")
        if self.figures is not None:
            right = interval(self.figures.accuracy, ".0%")
            head.append(f"on unseen texts {right} of the labels are right")
            if self.figures.mean_absolute_error is not None:
                off = self.figures.mean_absolute_error.value
                head.append(f"{off:.2f} stars off on average")
        return (
            Text("; ".join(head)),
            *(part for one in self.labels for part in (Gap(), one.entry(details=details))),
            *(self.figures.document(self.settings) if details and self.figures else ()),
        )
