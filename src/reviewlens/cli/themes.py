"""`themes`: the saved themes, what is new in them, and the analyst's word on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.figures import dates, interval, said
from reviewlens.cli.messages import Messages
from reviewlens.cli.options import format_option
from reviewlens.cli.output import (
    print_csv,
    print_indented,
    print_json,
    print_json_lines,
    print_rows,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.cli.settings import Settings
from reviewlens.cli.theme_list import print_theme, print_themes, say_themes
from reviewlens.insights.news import Emerging
from reviewlens.themes.saved import adopt_themes
from reviewlens.themes.saved import news as news_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewlens import Corpus
    from reviewlens.insights.news import Change, News
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
    if format_ != "table":
        print_rows(found, found.themes, format_)
    else:
        print_themes(found)


@themes.command()
@_theme
@format_option
@click.pass_obj
def show(settings: Settings, /, theme: int, format_: str) -> None:
    """Show one theme: figures, words, finer parts, quotes."""
    with settings.open() as corpus:
        found = corpus.themes.get(theme)
    if format_ != "table":
        print_rows(found, [found], format_)
        return
    print_theme(found)
    facts = {
        "named": f"found as {', '.join(found.terms)}" if found.name else "",
        "origin": found.origin,
        "dates": dates(found.first, found.last),
        "finer parts": str(found.parts) if found.parts > 1 else "",
        "hidden": "yes" if found.hidden else "",
        "words": ", ".join(list(found.vocabulary)[:_VOCABULARY]),
    }
    for name, text in facts.items():
        if text:
            print_indented(f"{name}: {text}")
    for quote in found.quotes:
        print_indented(said(quote), most=4)


@themes.command()
@_theme
@click.argument("name")
@click.pass_obj
def rename(settings: Settings, /, theme: int, name: str) -> None:
    """Call THEME by NAME, which outlasts refits; an empty NAME takes it away."""
    with settings.open() as corpus:
        corpus.themes.rename(theme, name)
        say_themes([corpus.themes.get(theme)])


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
        say_themes([corpus.themes.get(theme)])


@themes.command()
@_theme
@click.pass_obj
def split(settings: Settings, /, theme: int) -> None:
    """Cut THEME into its finer parts; the largest keeps its number and name."""
    messages = Messages.current
    with settings.open() as corpus:
        numbers = corpus.themes.split(theme, on_progress=messages.progress)
        messages.finish()
        say_themes(_numbered(corpus, numbers))


@themes.command()
@_theme
@click.option("--undo", is_flag=True, help="Bring it back.")
@click.pass_obj
def hide(settings: Settings, /, theme: int, undo: bool) -> None:  # noqa: FBT001
    """Leave THEME out of lists and news; its reviews stay, and keep it."""
    with settings.open() as corpus:
        corpus.themes.hide(theme, hidden=not undo)
        say_themes([corpus.themes.get(theme)])


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
        print_themes(corpus.themes.list())


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
@click.option("--details", is_flag=True, help="Show p-values, dates and all quotes.")
def news(asking: Asking, /, *, details: bool) -> None:
    """Tell which themes grew, shrank, vanished or emerged since they were saved."""
    found = asking.answer()
    if not asking.print(found):
        _print_news(found, details=details)


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
        say_themes(_numbered(corpus, numbers))


themes.add_command(adopt)


# -- printing ------------------------------------------------------------------------------------


def _print_news(found: News, *, details: bool) -> None:
    head = (
        f"{found.reviews:,} reviews since the themes were saved, {found.reviews_before:,} before; "
        f"{found.themes} themes compared"
    )
    print_indented(head, 0)
    if not len(found):
        click.echo("no news: no theme has changed by more than chance explains")
    for place, one in enumerate(found.emerging, start=1):
        near = ", ".join(f"{theme.cluster} ({theme.label})" for theme in one.nearest)
        _print_item(f"emerging {place}", one, f"nearest themes: {near}" if near else "", details)
    for kind in ("growing", "shrinking", "vanished"):
        for change in getattr(found, kind):
            _print_item(f"{kind}, theme {change.cluster}", change, "", details)


def _print_item(kind: str, one: Emerging | Change, more: str, details: bool) -> None:  # noqa: FBT001
    click.echo()
    print_indented(f"{kind}: {one.label}", 0, bold=True)
    print_indented(
        f"{one.reviews:,} reviews, {one.share.value:.1%} of the new ones; "
        f"{one.reviews_before:,} before, {one.share_before.value:.1%}; "
        f"{interval(one.difference, '+.1%')}",
        fg="cyan",
    )
    if more:
        print_indented(more)
    if details:
        print_indented(f"p {one.p:.4g}, corrected {one.p_adjusted:.4g}")
        if isinstance(one, Emerging) and one.first:
            print_indented(f"dates: {dates(one.first, one.last)}")
    for quote in one.quotes if details else one.quotes[:2]:
        print_indented(said(quote), most=3)


def _numbered(corpus: Corpus, numbers: Sequence[int]) -> list[ThemeSummary]:
    """Return some themes, all counted in one pass over the reviews."""
    listed = {one.cluster: one for one in corpus.themes.list(hidden=True).themes} if numbers else {}
    return [listed[number] for number in numbers]
