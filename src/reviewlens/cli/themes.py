"""`themes`: the saved themes, what is new in them, and the analyst's word on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_csv, print_document, print_json, print_json_lines
from reviewlens.cli.questions import Asking, Method, question
from reviewlens.document import Gap
from reviewlens.themes import saved

if TYPE_CHECKING:
    from reviewlens.corpus import Selection
    from reviewlens.themes import ThemeSummary

_METHODS = {"show": "get"}
"""Where the command has another name than the method."""


@click.group()
def themes() -> None:
    """List, name and change the saved themes, and tell what is new in them."""


def _command(
    function: Callable[..., Any],
    name: str,
    *,
    filtered: bool = False,
    **more: Any,  # noqa: ANN401
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of the group of what can be asked of saved themes; see `question`."""

    def command(show: Callable[..., None]) -> click.Command:
        method = _METHODS.get(name, name)
        made = question(
            function,
            name,
            method=lambda selection: getattr(selection.themes, method),
            filtered=filtered,
            **more,
        )(show)
        themes.add_command(made)
        return made

    return command


def _changing(name: str) -> Method:
    """Return what changes themes, and answers with those that it changed, as they are then."""

    def method(selection: Selection) -> Callable[..., Sequence[ThemeSummary]]:
        def change(**arguments: Any) -> Sequence[ThemeSummary]:  # noqa: ANN401
            numbers = getattr(selection.themes, name)(**arguments)
            if numbers is None:
                numbers = (arguments["theme"],)
            listed = selection.themes.list(hidden=True).themes if numbers else ()
            return [one for number in numbers for one in listed if one.cluster == number]

        return change

    return method


def _say_changed(asking: Asking, name: str) -> Sequence[ThemeSummary]:
    changed: Sequence[ThemeSummary] = asking.answer(_changing(name))
    print_document([part for theme in changed for part in (Gap(), theme.entry())])
    return changed


@_command(saved.listed, "list")
def list_(asking: Asking, /) -> None:
    """List the themes in use: how many reviews, which share, which stars, how many new."""
    asking.show(asking.answer())


@_command(saved.theme, "show")
def show(asking: Asking, /) -> None:
    """Show one theme: figures, words, finer parts, quotes."""
    asking.show(asking.answer())


@_command(saved.rename_theme, "rename", formats=False)
def rename(asking: Asking, /) -> None:
    """Call THEME by NAME, which outlasts refits; an empty NAME takes it away."""
    _say_changed(asking, "rename")


@_command(saved.merge_themes, "merge", formats=False)
def merge(asking: Asking, /) -> None:
    """Join OTHERS to THEME, which keeps its number and name."""
    _say_changed(asking, "merge")


@_command(saved.split_theme, "split", formats=False)
def split(asking: Asking, /) -> None:
    """Cut THEME into its finer parts; the largest keeps its number and name."""
    _say_changed(asking, "split")


@_command(saved.hide_theme, "hide", leave=("hidden",), formats=False)
@click.option("--undo", is_flag=True, help="Bring it back.")
def hide(asking: Asking, /, *, undo: bool) -> None:
    """Leave THEME out of lists and news; its reviews stay, and keep it."""
    asking.arguments["hidden"] = not undo
    _say_changed(asking, "hide")


@_command(saved.theme_sets, "sets")
def sets(asking: Asking, /) -> None:
    """List the saved sets; the reviews have the themes of the one in use."""
    found = [{"set": name, "in_use": used} for name, used in asking.answer().items()]
    if asking.format == "json":
        print_json({"sets": found})
    elif asking.format == "jsonl":
        print_json_lines(found)
    elif asking.format == "csv":
        print_csv(found, ("set", "in_use"))
    else:
        for one in found:
            click.echo(f"{'*' if one['in_use'] else ' '} {one['set']}")
        if not found:
            click.echo("no sets; make one with: reviewlens clusters --save")


@_command(saved.use_themes, "use", formats=False)
def use(asking: Asking, /) -> None:
    """Give the reviews the themes of the set NAME."""

    def method(selection: Selection) -> Callable[..., Any]:
        def used(**arguments: Any) -> Any:  # noqa: ANN401 - a list
            selection.themes.use(**arguments)
            return selection.themes.list()

        return used

    asking.show(asking.answer(method))


@_command(saved.drop_themes, "drop", formats=False)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def drop(asking: Asking, /, *, yes: bool) -> None:
    """Delete the set NAME with its names; reviews stay, without a theme if it was in use."""
    if not yes:
        name = asking.arguments["name"]
        click.confirm(f"Delete the themes {name!r} and their names?", abort=True, err=True)
    asking.answer()


@_command(saved.news, "news", filtered=True)
def news(asking: Asking, /) -> None:
    """Tell which themes grew, shrank, vanished or emerged since they were saved."""
    asking.show(asking.answer())


@_command(saved.adopt_themes, "adopt", filtered=True, formats=False)
@click.option("--all", "every", is_flag=True, help="Adopt all that are emerging.")
def adopt(asking: Asking, /, *, every: bool) -> None:
    """Make themes of emerging ones: WHICH are their places in `themes news`, from 1."""
    if bool(asking.arguments["which"]) == every:
        raise click.UsageError("give the places of emerging themes in `themes news`, or --all")
    if not _say_changed(asking, "adopt"):
        Messages.current.note("No theme is emerging; nothing was adopted.")
