"""`themes`: the saved themes, what is new in them, and the analyst's word on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import confirm, print_document
from reviewlens.cli.questions import Asking, question
from reviewlens.document import Gap
from reviewlens.themes import Themes

if TYPE_CHECKING:
    from reviewlens.corpus import Selection
    from reviewlens.themes import ThemeSummary


@click.group()
def themes() -> None:
    """List, name and change the saved themes, and tell what is new in them."""


def _say_changed(asking: Asking) -> Sequence[ThemeSummary]:
    """Change themes, and show those that were changed, as they are then."""

    def method(selection: Selection) -> Callable[..., Sequence[ThemeSummary]]:
        def change(**arguments: Any) -> Sequence[ThemeSummary]:  # noqa: ANN401
            numbers = asking.asked.of(selection)(**arguments)
            if numbers is None:
                numbers = (arguments["theme"],)
            listed = selection.themes.list(hidden=True).themes if numbers else ()
            return [one for number in numbers for one in listed if one.cluster == number]

        return change

    changed: Sequence[ThemeSummary] = asking.answer(method)
    print_document([part for theme in changed for part in (Gap(), theme.entry())])
    return changed


@question(Themes.list, group=themes)
def list_(asking: Asking, /) -> None:
    """List the themes in use: how many reviews, which share, which stars, how many new."""
    asking.show(asking.answer())


@question(Themes.get, "show", group=themes)
def show(asking: Asking, /) -> None:
    """Show one theme: figures, words, finer parts, quotes."""
    asking.show(asking.answer())


@question(Themes.rename, formats=False, group=themes)
def rename(asking: Asking, /) -> None:
    """Call THEME by NAME, which outlasts refits; an empty NAME takes it away."""
    _say_changed(asking)


@question(Themes.merge, formats=False, group=themes)
def merge(asking: Asking, /) -> None:
    """Join OTHERS to THEME, which keeps its number and name."""
    _say_changed(asking)


@question(Themes.split, formats=False, group=themes)
def split(asking: Asking, /) -> None:
    """Cut THEME into its finer parts; the largest keeps its number and name."""
    _say_changed(asking)


@question(Themes.hide, leave=("hidden",), formats=False, group=themes)
@click.option("--undo", is_flag=True, help="Bring it back.")
def hide(asking: Asking, /, *, undo: bool) -> None:
    """Leave THEME out of lists and news; its reviews stay, and keep it."""
    asking.arguments["hidden"] = not undo
    _say_changed(asking)


@question(Themes.sets, group=themes)
def sets(asking: Asking, /) -> None:
    """List the saved sets; the reviews have the themes of the one in use."""
    asking.show(asking.answer())


@question(Themes.use, formats=False, group=themes)
def use(asking: Asking, /) -> None:
    """Give the reviews the themes of the set NAME."""

    def method(selection: Selection) -> Callable[..., Any]:
        def used(**arguments: Any) -> Any:  # noqa: ANN401 - a list
            selection.themes.use(**arguments)
            return selection.themes.list()

        return used

    asking.show(asking.answer(method))


@question(Themes.drop, formats=False, group=themes)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def drop(asking: Asking, /, *, yes: bool) -> None:
    """Delete the set NAME with its names; reviews stay, without a theme if it was in use."""
    if not yes:
        name = asking.arguments["name"]
        confirm(f"Delete the themes {name!r} and their names?")
    asking.answer()


@question(Themes.news, group=themes)
def news(asking: Asking, /) -> None:
    """Tell which themes grew, shrank, vanished or emerged since they were saved."""
    asking.show(asking.answer())


@question(Themes.adopt, formats=False, group=themes)
@click.option("--all", "every", is_flag=True, help="Adopt all that are emerging.")
def adopt(asking: Asking, /, *, every: bool) -> None:
    """Make themes of emerging ones: WHICH are their places in `themes news`, from 1."""
    if bool(asking.arguments["which"]) == every:
        raise click.UsageError("give the places of emerging themes in `themes news`, or --all")
    if not _say_changed(asking):
        Messages.current.note("No theme is emerging; nothing was adopted.")
