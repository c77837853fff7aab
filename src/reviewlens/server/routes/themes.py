"""Themes that last: listed, found, named, joined, cut, hidden; and the sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from reviewlens.insights.clusters import Clusters
from reviewlens.questions import fixed
from reviewlens.results import OnProgress
from reviewlens.server.failures import Failure, Refused
from reviewlens.server.routes.long import Format, Wait, answered, long
from reviewlens.server.routes.parameters import Filtered, language_model, request_body
from reviewlens.server.service import Shared
from reviewlens.themes import Refit, ThemeList, ThemeSummary

router = APIRouter(tags=["themes"])

_MOST_NAME = 200
Number = Annotated[int, Path(ge=0, lt=2**63, description="Its number, as the list shows it.")]
SetName = Annotated[str, Path(max_length=_MOST_NAME, description="Name of the set.")]
_Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
_Resolution = Annotated[float | None, Field(gt=0, le=1000)]
_Themes = Annotated[list[Annotated[int, Field(ge=0, lt=2**63)]], Field(max_length=10_000)]


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


@request_body
class Finding:
    """How themes are found; the filters of the address say in which reviews.

    Attributes:
        name: Of the set; the one in use, or `main`, without. A set of this name is replaced.
        resolution: Higher gives more and smaller themes; without it the most stable one is found.
        clusters: About so many, instead of a resolution.
        named: Let the server's language model name them.
        seed: The same one gives the same themes again.
    """

    name: Annotated[str | None, Field(max_length=_MOST_NAME)] = None
    resolution: _Resolution = None
    clusters: Annotated[int | None, Field(ge=2, le=10_000)] = None
    named: bool = False
    seed: _Seed = 0


@request_body
class Refitting:
    """How themes are found anew: as fine as they were, without a resolution."""

    resolution: _Resolution = None
    seed: _Seed = 0


@request_body
class Adopting:
    """Which of the emerging themes of the news become themes; rate and seed as for the news.

    Attributes:
        which: Their places in `emerging`, from 1; all without, none of an empty list.
    """

    which: Annotated[
        list[Annotated[int, Field(ge=1, le=10_000)]] | None, Field(max_length=10_000)
    ] = None
    rate: Annotated[float, Field(ge=0.01, le=0.5)] = 0.05
    seed: _Seed = 0


@request_body
class Word:
    """The analyst's word on a theme; what is left out stays.

    Attributes:
        name: What it is called from now on; an empty one takes the name away.
        hidden: Whether it is left out of lists and news.
    """

    name: Annotated[str | None, Field(max_length=_MOST_NAME)] = None
    hidden: bool | None = None


@request_body
class Merging:
    """The themes that are joined to another."""

    themes: Annotated[_Themes, Field(min_length=1)]


@router.get("/themes", **long(ThemeList, rows=True))
async def themes(
    service: Shared,
    hidden: Annotated[bool, Query(description="List the hidden ones too.")] = False,
    wait: Wait = None,
    format: Format = "json",
) -> Response:
    """List the themes in use with what they are by now."""
    work = await service.answer(
        "themes",
        lambda _: service.corpus.themes.list(hidden=hidden),
        key=fixed([hidden]),
        wait=wait,
        cancellable=False,
    )
    return await answered(work, format)


@router.post("/themes", **long(Clusters))
async def save_themes(
    service: Shared, body: Finding, filters: Filtered, wait: Wait = None
) -> Response:
    """Find clusters and save them as themes, which all reviews then have."""
    model = language_model(service, named=body.named)
    work = await service.write(
        "save themes",
        lambda progress: service.corpus.only(filters).themes.save(
            body.name,
            resolution=body.resolution,
            clusters=body.clusters,
            model=model,
            seed=body.seed,
            on_progress=progress,
        ),
        wait=wait,
    )
    return await answered(work)


@router.post("/themes/refit", **long(Refit))
async def refit(service: Shared, body: Refitting, wait: Wait = None) -> Response:
    """Find the themes in use anew, in all reviews; those that go on keep number and name."""
    work = await service.write(
        "refit",
        lambda progress: service.corpus.themes.refit(
            resolution=body.resolution, seed=body.seed, on_progress=progress
        ),
        wait=wait,
    )
    return await answered(work)


@router.post("/themes/adopt", **long(Changed))
async def adopt_themes(
    service: Shared, body: Adopting, filters: Filtered, wait: Wait = None
) -> Response:
    """Make themes of those that are emerging, as the news tell them under the same filters."""
    work = await service.write(
        "adopt themes",
        lambda progress: Changed(
            service.corpus.only(filters).themes.adopt(
                body.which, rate=body.rate, seed=body.seed, on_progress=progress
            )
        ),
        wait=wait,
    )
    return await answered(work)


@router.get("/themes/{theme}", **long(ThemeSummary))
async def theme(service: Shared, theme: Number, wait: Wait = None) -> Response:
    """Tell of one of the themes in use, hidden or not."""
    work = await service.answer(
        "theme",
        lambda _: service.corpus.themes.get(theme),
        key=theme,
        wait=wait,
        cancellable=False,
    )
    return await answered(work)


@router.patch("/themes/{theme}", **long(Changed))
async def change_theme(service: Shared, theme: Number, body: Word, wait: Wait = None) -> Response:
    """Give a theme a name, which outlasts refits, or leave it out of lists and news."""
    if body.name is None and body.hidden is None:
        raise Refused(
            Failure("InvalidRequest", "nothing says what to change: give name or hidden", "name"),
            422,
        )

    def change(_: OnProgress) -> Changed:
        if body.name is not None:
            service.corpus.themes.rename(theme, body.name)
        if body.hidden is not None:
            service.corpus.themes.hide(theme, hidden=body.hidden)
        return Changed((theme,))

    return await answered(
        await service.write("change a theme", change, wait=wait, cancellable=False)
    )


@router.post("/themes/{theme}/merge", **long(Changed))
async def merge_themes(
    service: Shared, theme: Number, body: Merging, wait: Wait = None
) -> Response:
    """Join themes to one, which keeps its number and name."""

    def merge(progress: OnProgress) -> Changed:
        service.corpus.themes.merge(theme, body.themes, on_progress=progress)
        return Changed((theme,))

    return await answered(await service.write("merge themes", merge, wait=wait))


@router.post("/themes/{theme}/split", **long(Changed))
async def split_theme(service: Shared, theme: Number, wait: Wait = None) -> Response:
    """Cut a theme into its finer parts; the largest keeps its number and name, and comes first."""
    work = await service.write(
        "split a theme",
        lambda progress: Changed(service.corpus.themes.split(theme, on_progress=progress)),
        wait=wait,
    )
    return await answered(work)


@router.get("/theme_sets")
async def theme_sets(service: Shared) -> dict[str, bool]:
    """Name the saved sets of themes, and tell which of them is in use."""
    return await service.read(service.corpus.themes.sets)


@router.post("/theme_sets/{name}/use", **long(Named))
async def use_themes(service: Shared, name: SetName, wait: Wait = None) -> Response:
    """Give the reviews the themes of another saved set."""

    def use(progress: OnProgress) -> Named:
        service.corpus.themes.use(name, on_progress=progress)
        return Named(name)

    return await answered(await service.write("use themes", use, wait=wait))


@router.delete("/theme_sets/{name}", **long(Named))
async def drop_themes(service: Shared, name: SetName, wait: Wait = None) -> Response:
    """Delete a set of themes; if it is in use, reviews have no theme afterwards."""

    def drop(progress: OnProgress) -> Named:
        service.corpus.themes.drop(name, on_progress=progress)
        return Named(name)

    return await answered(await service.write("drop themes", drop, wait=wait))
