"""Labels of reviews: given as words, or by examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from reviewlens.corpus import Selection
from reviewlens.insights.classification import Classification, Example
from reviewlens.insights.classification.kept_labels import Labels
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.parameters import Body

router = APIRouter(tags=["labels"])

_LABELS = "Names of labels, each of which describes itself."
_MEANINGS = "What a review under each label says, by label."
_Text = Annotated[str, Field(max_length=10_000)]
_Short = Annotated[str, Field(max_length=1000)]
_Meanings = Annotated[
    dict[str, _Text] | None, Field(min_length=1, max_length=100, description=_MEANINGS)
]
_CELLS = {
    "separator": (Annotated[str, Field(min_length=1, max_length=10)], ";"),
    "none": (Annotated[str, Field(max_length=200)], "none"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What labels are called that were renamed, or were called that are gone."""

    name: str


class Labelled(Body):
    """A review, by its id, or a text of elsewhere, with its label."""

    label: _Short
    review_id: _Short = ""
    text: _Text = ""


def _by_examples(selection: Selection) -> Callable[..., Classification]:
    def classify(*, examples: list[Labelled] | None, **given: Any) -> Classification:  # noqa: ANN401
        if examples is not None:
            given["examples"] = [Example(one.review_id, one.text, one.label) for one in examples]
        return selection.classify(**given)

    return classify


_by_names = QuestionRoute(
    asked=Selection.classify,
    help="Give each review a label: of some described by their names, of a column, or stars.",
    given={"labels": (Annotated[list[str], Query(description=_LABELS)], []), **_CELLS},
    without=("write",),
)
_asked = QuestionRoute(
    asked=Selection.classify,
    verb="POST",
    name="classify_by",
    help="Give each review a label, by descriptions or examples; nothing is changed.",
    method=_by_examples,
    given={
        "labels": (_Meanings, None),
        "examples": (Annotated[list[Labelled] | None, Field(max_length=10_000)], None),
        **_CELLS,
    },
    without=("write",),
    body=(
        "Labelling",
        "What labels mean; one of `labels`, `column`, `examples` and `stars` must be given.",
    ),
)
_kept = QuestionRoute(
    asked=Selection.classify,
    path="labels",
    verb="POST",
    name="label",
    help="Give each review a label as `/classify` does, and keep the labels with the reviews.",
    job="classify",
    method=_by_examples,
    given={**_asked.given, "write": (Annotated[str, Query(min_length=1, max_length=200)], ...)},
    body=_asked.body_class,
    address=("write",),
    writes=True,
)
_NAME = {
    "name": (Annotated[str, Path(max_length=200, description="What the labels are called.")], ...)
}


for _route in (_by_names, _asked, _kept):
    _route.add_to(router)
QuestionRoute(asked=Labels.list, path="labels", name="labels").add_to(router)
QuestionRoute(
    asked=Labels.rename,
    path="labels/{name}/rename",
    name="rename_labels",
    verb="POST",
    given={**_NAME, "new_name": (Annotated[str, Field(min_length=1, max_length=200)], ...)},
    body=("Renaming", "What labels are called from now on."),
    answer=lambda _, given: Named(given["to"]),
    result=Named,
).add_to(router)
QuestionRoute(
    asked=Labels.drop,
    path="labels/{name}",
    name="drop_labels",
    verb="DELETE",
    given=_NAME,
    answer=lambda _, given: Named(given["name"]),
    result=Named,
).add_to(router)
