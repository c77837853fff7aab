"""`themes`: the saved themes, what is new in them, and the analyst's word on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import format_option
from reviewlens.cli.output import (
    print_csv,
    print_document,
    print_json,
    print_json_lines,
    print_result,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.cli.settings import Settings
from reviewlens.document import Gap
from reviewlens.themes.saved import adopt_themes
from reviewlens.themes.saved import news as news_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewlens import Corpus
    from reviewlens.themes import ThemeSummary

_VOCABULARY = 20

_theme = click.argument("theme", type=click.IntRange(0))


@click.group()
def themes() -> None:
    """List, name and change the saved themes, and tell what is new in them."""


@themes.command("list")
@click.option("--hidden", is_flag=True, help="List hidden themes too.")
@format_option
@click.pass_obj
def list_(settings: Settings, /, hidden: bool, format_: str) -> None:  # noqa: FBT001
    """List the themes in use: how many reviews, which share, which stars, how many new."""
    with settings.open() as corpus:
        found = corpus.themes.list(hidden=hidden)
    print_result(found, format_)


@themes.command()
@_theme
@format_option
@click.pass_obj
def show(settings: Settings, /, theme: int, format_: str) -> None:
    """Show one theme: figures, words, finer parts, quotes."""
    with settings.open() as corpus:
        found = corpus.themes.get(theme)
    print_result(found, format_)


@themes.command()
@_theme
@click.argument("name")
@click.pass_obj
def rename(settings: Settings, /, theme: int, name: str) -> None:
    """Call THEME by NAME, which outlasts refits; an empty NAME takes it away."""
    with settings.open() as corpus:
        corpus.themes.rename(theme, name)
        _say_themes([corpus.themes.get(theme)])


@themes.command()
@_theme
@click.argument("others", type=click.IntRange(0), nargs=-1, required=True)
@click.pass_obj
def merge(settings: Settings, /, theme: int, others: tuple[int, ...]) -> None:
    """Join OTHERS to THEME, which keeps its number and name."""
    messages = Messages.current
    with settings.open() as corpus:
        corpus.themes.merge(theme, others, on_progress=messages.progress)
        messages.finish()
        _say_themes([corpus.themes.get(theme)])


@themes.command()
@_theme
@click.pass_obj
def split(settings: Settings, /, theme: int) -> None:
    """Cut THEME into its finer parts; the largest keeps its number and name."""
    messages = Messages.current
    with settings.open() as corpus:
        numbers = corpus.themes.split(theme, on_progress=messages.progress)
        messages.finish()
        _say_themes(_numbered(corpus, numbers))


@themes.command()
@_theme
@click.option("--undo", is_flag=True, help="Bring it back.")
@click.pass_obj
def hide(settings: Settings, /, theme: int, undo: bool) -> None:  # noqa: FBT001
    """Leave THEME out of lists and news; its reviews stay, and keep it."""
    with settings.open() as corpus:
        corpus.themes.hide(theme, hidden=not undo)
        _say_themes([corpus.themes.get(theme)])


@themes.command()
@format_option
@click.pass_obj
def sets(settings: Settings, /, format_: str) -> None:
    """List the saved sets; the reviews have the themes of the one in use."""
    with settings.open() as corpus:
        found = [{"set": name, "in_use": used} for name, used in corpus.themes.sets().items()]
    if format_ == "json":
        print_json({"sets": found})
    elif format_ == "jsonl":
        print_json_lines(found)
    elif format_ == "csv":
        print_csv(found, ("set", "in_use"))
    else:
        for one in found:
            click.echo(f"{'*' if one['in_use'] else ' '} {one['set']}")
        if not found:
            click.echo("no sets; make one with: reviewlens clusters --save")


@themes.command()
@click.argument("name")
@click.pass_obj
def use(settings: Settings, /, name: str) -> None:
    """Give the reviews the themes of the set NAME."""
    messages = Messages.current
    with settings.open() as corpus:
        corpus.themes.use(name, on_progress=messages.progress)
        messages.finish()
        print_document(corpus.themes.list().document())


@themes.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def drop(settings: Settings, /, name: str, yes: bool) -> None:  # noqa: FBT001
    """Delete the set NAME with its names; reviews stay, without a theme if it was in use."""
    messages = Messages.current
    with settings.open() as corpus:
        if not yes:
            click.confirm(f"Delete the themes {name!r} and their names?", abort=True, err=True)
        corpus.themes.drop(name, on_progress=messages.progress)
    messages.finish()


@question(news_question, method=lambda selection: selection.themes.news)
def news(asking: Asking, /) -> None:
    """Tell which themes grew, shrank, vanished or emerged since they were saved."""
    asking.show(asking.answer())


themes.add_command(news)


@question(adopt_themes, "adopt", method=lambda selection: selection.themes.adopt, formats=False)
@click.option("--all", "every", is_flag=True, help="Adopt all that are emerging.")
def adopt(asking: Asking, /, *, every: bool) -> None:
    """Make themes of emerging ones: WHICH are their places in `themes news`, from 1."""
    if bool(asking.arguments["which"]) == every:
        raise click.UsageError("give the places of emerging themes in `themes news`, or --all")
    numbers = asking.answer()
    if not numbers:
        Messages.current.note("No theme is emerging; nothing was adopted.")
    with asking.settings.open() as corpus:
        _say_themes(_numbered(corpus, numbers))


themes.add_command(adopt)


def _numbered(corpus: Corpus, numbers: Sequence[int]) -> list[ThemeSummary]:
    """Return some themes, all counted in one pass over the reviews."""
    listed = {one.cluster: one for one in corpus.themes.list(hidden=True).themes} if numbers else {}
    return [listed[number] for number in numbers]


def _say_themes(found: Sequence[ThemeSummary]) -> None:
    print_document([part for theme in found for part in (Gap(), theme.entry())])
