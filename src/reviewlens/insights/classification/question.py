"""`classify`: which label each review gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from reviewlens.encoders import embed_documents, embed_queries
from reviewlens.errors import InputError
from reviewlens.files.outputs import check_file
from reviewlens.ground.slices import Slice
from reviewlens.insights import classification
from reviewlens.insights.base import require_read_texts, slice_of
from reviewlens.insights.classification import Classification, Example, Learned, Task
from reviewlens.insights.classification.attitudes import (
    Attitude,
    by_attitudes,
    read_attitudes,
    sentiments_of,
)
from reviewlens.questions import Face, Ge, Le, one_of
from reviewlens.results import OnProgress
from reviewlens.session import Lease
from reviewlens.settings import LABEL_FLOOR
from reviewlens.store import ReviewStore
from reviewlens.store.labels import check_column, write_labels

Labelling = Callable[[Slice], Classification]


@one_of("labels", "column", "examples", "stars", "model", required=True)
def classify(
    lease: Lease,
    labels: Annotated[Mapping[str, str] | Sequence[str] | None, Face(hidden=True)] = None,
    *,
    column: Annotated[str | None, Face(metavar="NAME")] = None,
    examples: Annotated[
        str | Path | Sequence[Example] | None, Face(metavar="FILE", local=True)
    ] = None,
    stars: bool = False,
    model: Annotated[str | Path | None, Face(metavar="FILE", local=True)] = None,
    several: Annotated[bool, Face(flag="--multi")] = False,
    separator: str = ";",
    none: str = "none",
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = LABEL_FLOOR,
    min_margin: Annotated[float, Ge(0), Le(2), Face(metavar="X")] = 0.0,
    min_confidence: Annotated[float, Ge(0), Le(1), Face(metavar="X")] = 0.0,
    method: Literal["auto", "logistic", "ridge", "forest"] = "auto",
    save: Annotated[str | Path | None, Face(metavar="FILE", local=True)] = None,
    write: Annotated[str | None, Face(metavar="NAME")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Classification:
    """Give each review a label, by descriptions, by examples, or by a model saved before.

    One of `labels`, `column`, `examples`, `stars` and `model` must be given.

    Args:
        labels: What a review under each label says; a name alone describes itself. Names of
            attitudes alone, such as `positive` and `negative`, are read as praise and blame.
        column: Learn from this column, and label the reviews where it is empty: an ingested
            one, or `stars`, `product`, `author`, `source`, `language`.
        examples: Learn from a CSV file with the columns `review_id` or `text`, and `label`, or
            from `insights.classification.Example` objects.
        stars: Learn stars from the text, and read them from every text.
        model: Apply a model that `save` wrote.
        several: A review may have any number of labels.
        separator: What stands between the labels of one review in a column or file.
        none: The word there for a review that has none; an empty cell is no example.
        min_similarity: With `labels`, the smallest cosine at which one fits, -1..1.
        min_margin: With `labels`, how far the nearest must be above the next, 0..2.
        min_confidence: With the others, the smallest probability of a predicted label, 0..1.
        method: `auto`, `logistic`, `ridge` or `forest`.
        save: Write what was learnt to this file, for `model`.
        write: Keep the labels with the reviews under this name, for filters.
        seed: For folds, the forest and intervals.
        on_progress: Told of the stages `reading`, `comparing` and `writing`.

    Raises:
        TooFewReviews: There is nothing to label, or there are too few examples.
        InputError: Not one of the five was given, or one cannot be used.
        EncoderMismatch: The model reads the vectors of another encoder.
        UnreadLanguages: The encoder does not read the language of a description.
    """
    if save is not None:
        if labels is not None or model is not None:
            raise InputError(
                "nothing is learnt here that could be saved; learn from a column, examples or stars"
            )
        check_file(Path(save).expanduser(), called="the model")
    if several and (stars or model is not None):
        raise InputError(
            "several labels a review were asked for, and yet stars are one, and a saved model "
            "says itself how many: leave one out"
        )
    store = lease.store
    if write is not None:
        check_column(store, write)
    # Each reads what it labels by at once, so that an error in it is told before the reviews
    # are read.
    if labels is not None:
        label = _by_descriptions(
            lease,
            labels,
            several=several,
            min_similarity=min_similarity,
            min_margin=min_margin,
        )
    elif model is not None:
        label = _by_model(store, model, min_confidence=min_confidence)
    else:
        label = _by_examples(
            lease,
            examples,
            column=column,
            task="stars" if stars else "several" if several else "classes",
            separator=separator,
            none=none,
            save=save,
            method=method,
            min_confidence=min_confidence,
            seed=seed,
            on_progress=on_progress,
        )
    reviews = slice_of(lease, fewest=1, purpose="labels", on_progress=on_progress)
    result = label(reviews)
    if write is not None:
        found = {row.review_id: (row.label, row.confidence) for row in result.rows}
        write_labels(store, write, found, on_progress=on_progress)
    return result


def _by_descriptions(
    lease: Lease,
    labels: Mapping[str, str] | Sequence[str],
    **options: Any,  # noqa: ANN401 - those of `by_descriptions`
) -> Labelling:
    described = classification.read_descriptions(labels)
    attitudes = read_attitudes(described)
    by_meaning = options["min_similarity"] != LABEL_FLOOR or options["min_margin"] != 0
    if attitudes is not None and not by_meaning and lease.store.has_statements:
        return _by_attitudes(lease, attitudes, several=options["several"])
    require_read_texts(lease, list(described.values()), "labelling by descriptions")

    def label(reviews: Slice) -> Classification:
        vectors = embed_queries(lease.encoder, list(described.values()))
        found = classification.by_descriptions(reviews, described, vectors, **options)
        if read_attitudes({name: name for name in described}) is None:
            return found
        note = (
            f"{' and '.join(described)} would be read as praise and blame without descriptions and "
            "limits, which tells them apart better"
        )
        return replace(found, notes=(*found.notes, note))

    return label


def _by_attitudes(lease: Lease, attitudes: Mapping[Attitude, str], *, several: bool) -> Labelling:
    def label(reviews: Slice) -> Classification:
        sentiments = sentiments_of(lease.store, lease.filters)
        return by_attitudes(reviews, attitudes, sentiments, several=several)

    return label


def _by_examples(
    lease: Lease,
    examples: str | Path | Sequence[Example] | None,
    *,
    column: str | None,
    task: Task,
    separator: str,
    none: str,
    save: str | Path | None,
    **options: Any,  # noqa: ANN401 - those of `by_examples`
) -> Labelling:

    if isinstance(examples, str | Path):
        examples = classification.read_examples(examples)
    cells = classification.usable_examples(examples or ())

    def label(reviews: Slice) -> Classification:
        told = classification.given_labels(
            reviews, column=column, examples=cells, task=task, separator=separator, none=none
        )
        vectors = embed_documents(lease.encoder, told.outside)
        result, learned = classification.by_examples(
            reviews, told, vectors, task=task, linear_only=save is not None, **options
        )
        if save is not None:
            _save(save, learned, lease.store)
        return result

    return label


def _by_model(store: ReviewStore, file: str | Path, *, min_confidence: float) -> Labelling:
    loaded = classification.load_model(file)
    loaded.require(store.pin.encoder, store.pin.fingerprint)

    def label(reviews: Slice) -> Classification:
        return classification.by_model(
            reviews,
            loaded.model,
            method=loaded.method,
            figures=loaded.figures,
            min_confidence=min_confidence,
        )

    return label


def _save(file: str | Path, learned: Learned, store: ReviewStore) -> None:
    classification.save_model(
        file,
        learned.model,
        learned.method,
        learned.figures,
        encoder=store.pin.encoder,
        fingerprint=store.pin.fingerprint,
    )
