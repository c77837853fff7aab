"""Themes that last: listed, found, named, joined, cut, hidden; and the sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StrictBool
from starlette.responses import Response

from reviewlens.results import OnProgress
from reviewlens.server.failures import Refused
from reviewlens.server.questions import QuestionRoute
from reviewlens.server.routes.long import Wait, answered, answers
from reviewlens.server.routes.parameters import Body
from reviewlens.server.service import Shared
from reviewlens.themes import Themes

router = APIRouter(tags=["themes"])

_MOST_NAME = 200
Number = Annotated[int, Path(ge=0, lt=2**63, description="Its number, as the list shows it.")]
_Name = Annotated[str | None, Field(max_length=_MOST_NAME)]
_Place = Annotated[int, Field(ge=1, le=10_000)]
_Others = list[Annotated[int, Field(ge=0, lt=2**63)]]
_FINENESS = "Higher gives more and smaller themes."
_RESOLUTION = (Annotated[float | None, Field(gt=0, le=1000, description=_FINENESS)], None)
_THEME = {"theme": (Number, ...)}
_SET = {"name": (Annotated[str, Path(max_length=_MOST_NAME, description="Name of the set.")], ...)}


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change was made to.

    Attributes:
        themes: Numbers of the themes that were changed or made.
    """

    themes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The set that was chosen or deleted."""

    name: str


class Word(Body):
    """The analyst's word on a theme; what is left out stays.

    Attributes:
        name: What it is called from now on; an empty one takes the name away.
        hidden: Whether it is left out of lists and news.
    """

    name: _Name = None
    hidden: StrictBool | None = None


QuestionRoute(asked=Themes.list, path="themes", name="themes").add_to(router)
QuestionRoute(
    asked=Themes.save,
    path="themes",
    verb="POST",
    name="save_themes",
    files=False,
    body=("Finding", "How themes are found; the filters of the address say in which reviews."),
    given={
        "name": (_Name, None),
        "resolution": _RESOLUTION,
        "clusters": (Annotated[int | None, Field(ge=2, le=10_000)], None),
    },
).add_to(router)
QuestionRoute(
    asked=Themes.refit,
    path="themes/refit",
    verb="POST",
    name="refit",
    body=("Refitting", "How themes are found anew: as fine as they were, without a resolution."),
    given={"resolution": _RESOLUTION},
).add_to(router)
QuestionRoute(
    asked=Themes.adopt,
    path="themes/adopt",
    verb="POST",
    name="adopt_themes",
    body=("Adopting", "Which of the emerging themes of the news become themes, and of which news."),
    given={"which": (Annotated[list[_Place] | None, Field(max_length=10_000)], None)},
    result=Changed,
    answer=lambda numbers, _: Changed(numbers),
).add_to(router)
QuestionRoute(asked=Themes.get, path="themes/{theme}", name="theme", given=_THEME).add_to(router)


@router.patch("/themes/{theme}", **answers(Changed))
async def change_theme(service: Shared, theme: Number, body: Word, wait: Wait = None) -> Response:
    """Give a theme a name, which outlasts refits, or leave it out of lists and news."""
    if body.name is None and body.hidden is None:
        message = "nothing says what to change: give name or hidden"
        raise Refused(message, 422, "InvalidRequest", "name")

    def change(_: OnProgress) -> Changed:
        if body.name is not None:
            service.corpus.themes.rename(theme, body.name)
        if body.hidden is not None:
            service.corpus.themes.hide(theme, hidden=body.hidden)
        return Changed((theme,))

    work = await service.answer("change a theme", change, wait=wait, cancellable=False, writes=True)
    return await answered(work)


QuestionRoute(
    asked=Themes.merge,
    path="themes/{theme}/merge",
    verb="POST",
    name="merge_themes",
    body=("Merging", "The themes that are joined to another."),
    given={
        **_THEME,
        "themes": (Annotated[_Others, Field(min_length=1, max_length=10_000)], ...),
    },
    result=Changed,
    answer=lambda _, given: Changed((given["theme"],)),
).add_to(router)
QuestionRoute(
    asked=Themes.split,
    path="themes/{theme}/split",
    verb="POST",
    name="split_theme",
    job="split a theme",
    given=_THEME,
    result=Changed,
    answer=lambda numbers, _: Changed(numbers),
).add_to(router)
QuestionRoute(asked=Themes.sets, path="theme_sets", name="theme_sets").add_to(router)
_chosen: dict[str, Any] = {
    "given": _SET,
    "result": Named,
    "answer": lambda _, given: Named(given["name"]),
}
QuestionRoute(
    asked=Themes.use, path="theme_sets/{name}/use", verb="POST", name="use_themes", **_chosen
).add_to(router)
QuestionRoute(
    asked=Themes.drop, path="theme_sets/{name}", name="drop_themes", verb="DELETE", **_chosen
).add_to(router)
