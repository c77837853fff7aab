"""Themes that last: listed, found, named, joined, cut, hidden; and the sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from reviewlens.questions import Asked
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
    hidden: bool | None = None


def _add(
    asked: Asked[..., Any],
    path: str,
    name: str,
    *,
    verb: str = "POST",
    job: str | None = None,
    **told: Any,  # noqa: ANN401 - of the route
) -> None:
    QuestionRoute(
        asked=asked,
        path=path,
        verb=verb,
        name=name,
        job=job or name.replace("_", " "),
        writes=verb != "GET",
        method=lambda selection: getattr(selection.themes, asked.name),
        **told,
    ).add_to(router)


_add(Themes.list, "themes", "themes", verb="GET")
_add(
    Themes.save,
    "themes",
    "save_themes",
    files=False,
    body=("Finding", "How themes are found; the filters of the address say in which reviews."),
    given={
        "name": (_Name, None),
        "resolution": _RESOLUTION,
        "clusters": (Annotated[int | None, Field(ge=2, le=10_000)], None),
    },
)
_add(
    Themes.refit,
    "themes/refit",
    "refit",
    body=("Refitting", "How themes are found anew: as fine as they were, without a resolution."),
    given={"resolution": _RESOLUTION},
)
_add(
    Themes.adopt,
    "themes/adopt",
    "adopt_themes",
    body=("Adopting", "Which of the emerging themes of the news become themes, and of which news."),
    given={"which": (Annotated[list[_Place] | None, Field(max_length=10_000)], None)},
    result=Changed,
    answer=lambda numbers, _: Changed(numbers),
)
_add(Themes.get, "themes/{theme}", "theme", verb="GET", given=_THEME)


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


_add(
    Themes.merge,
    "themes/{theme}/merge",
    "merge_themes",
    body=("Merging", "The themes that are joined to another."),
    given={
        **_THEME,
        "themes": (Annotated[_Others, Field(min_length=1, max_length=10_000)], ...),
    },
    result=Changed,
    answer=lambda _, given: Changed((given["theme"],)),
)
_add(
    Themes.split,
    "themes/{theme}/split",
    "split_theme",
    job="split a theme",
    given=_THEME,
    result=Changed,
    answer=lambda numbers, _: Changed(numbers),
)
_add(Themes.sets, "theme_sets", "theme_sets", verb="GET")
_chosen: dict[str, Any] = {
    "given": _SET,
    "result": Named,
    "answer": lambda _, given: Named(given["name"]),
}
_add(Themes.use, "theme_sets/{name}/use", "use_themes", **_chosen)
_add(Themes.drop, "theme_sets/{name}", "drop_themes", verb="DELETE", **_chosen)
