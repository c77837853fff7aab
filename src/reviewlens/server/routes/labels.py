"""Labels of reviews: given as words, or by examples."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from reviewlens.insights.classification import Classification, Example
from reviewlens.questions import fixed
from reviewlens.server.bodies import check_texts
from reviewlens.server.routes.long import Format, Wait, answered, long
from reviewlens.server.routes.parameters import Filtered, Seed, request_body
from reviewlens.server.service import Shared
from reviewlens.settings import LABEL_FLOOR

router = APIRouter(tags=["labels"])

Method = Literal["auto", "logistic", "ridge", "forest"]
_LABELS = "Names of labels, each of which describes itself."
_COLUMN = "Learn from this column, and label the reviews where it is empty."
_NONE = "The word in the column for a review that has no label."
_FLOOR = "With labels, the smallest cosine at which one fits."
_MARGIN = "With labels, how far the nearest must be above the next."
_CONFIDENCE = "With the others, the smallest probability of a predicted label."
_WRITE = "What the labels are kept as, for filters."
_Text = Annotated[str, Field(max_length=10_000)]


@router.get("/classify", **long(Classification, rows=True))
async def classify(
    service: Shared,
    filters: Filtered,
    labels: Annotated[list[str], Query(description=_LABELS)] = [],  # noqa: B006
    column: Annotated[str | None, Query(description=_COLUMN)] = None,
    stars: Annotated[bool, Query(description="Learn stars from the texts.")] = False,
    several: Annotated[bool, Query(description="Any number of labels a review.")] = False,
    separator: Annotated[
        str, Query(min_length=1, max_length=10, description="Between the labels of a cell.")
    ] = ";",
    none: Annotated[str, Query(max_length=200, description=_NONE)] = "none",
    min_similarity: Annotated[float, Query(ge=-1, le=1, description=_FLOOR)] = LABEL_FLOOR,
    min_margin: Annotated[float, Query(ge=0, le=2, description=_MARGIN)] = 0.0,
    min_confidence: Annotated[float, Query(ge=0, le=1, description=_CONFIDENCE)] = 0.0,
    method: Annotated[Method, Query(description="How to learn; the best without.")] = "auto",
    seed: Seed = 0,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Give each review a label: of some described by their names, of a column, or stars."""
    if labels:
        check_texts(service.options, labels, field="labels")
    given: dict[str, Any] = {
        "labels": labels or None,
        "column": column,
        "stars": stars,
        "several": several,
        "separator": separator,
        "none": none,
        "min_similarity": min_similarity,
        "min_margin": min_margin,
        "min_confidence": min_confidence,
        "method": method,
        "seed": seed,
    }
    selection = service.corpus.only(filters)
    work = await service.answer(
        "classify",
        lambda progress: selection.classify(**given, on_progress=progress),
        key=(filters, fixed(given)),
        wait=wait,
    )
    return await answered(work, format)


@request_body
class Labelled:
    """A review, by its id, or a text of elsewhere, with its label."""

    label: Annotated[str, Field(max_length=1000)]
    review_id: Annotated[str, Field(max_length=1000)] = ""
    text: _Text = ""


@request_body
class Labelling:
    """What labels mean; one of `labels`, `column`, `examples` and `stars` must be given.

    Attributes:
        labels: What a review under each label says, by label.
        column: Learn from this column, and label the reviews where it is empty.
        examples: Learn from these.
        stars: Learn stars from the texts, and read them from every text.
        several: A review may have any number of labels.
        separator: What stands between the labels of one review.
        none: The word for a review that has no label.
        min_similarity: With `labels`, the smallest cosine at which one fits; null for none.
        min_margin: With `labels`, how far the nearest must be above the next.
        min_confidence: With the others, the smallest probability of a predicted label.
        method: How to learn; `auto` takes what does best.
    """

    labels: Annotated[dict[str, _Text] | None, Field(min_length=1, max_length=100)] = None
    column: Annotated[str | None, Field(max_length=1000)] = None
    examples: Annotated[list[Labelled] | None, Field(max_length=10_000)] = None
    stars: bool = False
    several: bool = False
    separator: Annotated[str, Field(min_length=1, max_length=10)] = ";"
    none: Annotated[str, Field(max_length=200)] = "none"
    min_similarity: Annotated[float | None, Field(ge=-1, le=1)] = LABEL_FLOOR
    min_margin: Annotated[float, Field(ge=0, le=2)] = 0.0
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    method: Method = "auto"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0

    def arguments(self) -> dict[str, Any]:
        """Return them as arguments of `Corpus.classify`."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.examples is not None:
            given["examples"] = [
                Example(one.review_id, one.text, one.label) for one in self.examples
            ]
        return given


@router.post("/classify", **long(Classification, rows=True))
async def classify_by(
    service: Shared,
    body: Labelling,
    filters: Filtered,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Give each review a label, by descriptions or examples; nothing is changed."""
    given = body.arguments()
    work = await service.answer(
        "classify",
        lambda progress: service.corpus.only(filters).classify(**given, on_progress=progress),
        wait=wait,
    )
    return await answered(work, format)


@router.post("/labels", **long(Classification, rows=True))
async def label(
    service: Shared,
    body: Labelling,
    filters: Filtered,
    write: Annotated[str, Query(min_length=1, max_length=200, description=_WRITE)],
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """Give each review a label as `/classify` does, and keep the labels with the reviews."""
    given = body.arguments() | {"write": write}
    work = await service.write(
        "classify",
        lambda progress: service.corpus.only(filters).classify(**given, on_progress=progress),
        wait=wait,
    )
    return await answered(work, format)
