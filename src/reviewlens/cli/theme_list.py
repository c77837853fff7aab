"""Saved themes, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.figures import mean_stars, share
from reviewlens.cli.output import print_indented, print_numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewlens.themes import ThemeList, ThemeSummary


def print_themes(found: ThemeList) -> None:
    """Print the themes in use, for people."""
    head = f"{found.reviews:,} reviews, {found.new:,} of them since the themes were saved"
    print_indented(f"{head} ({found.set}, {found.created[:10]})", 0)
    say_themes(found.themes)


def say_themes(found: Sequence[ThemeSummary]) -> None:
    """Print some themes, for people."""
    for theme in found:
        click.echo()
        print_theme(theme)


def print_theme(theme: ThemeSummary) -> None:
    """Print one saved theme: its name, how many reviews, which stars."""
    words = f" ({', '.join(theme.terms)})" if theme.name and theme.terms else ""
    print_numbered(theme.cluster, theme.label + words, bold=True)
    facts = [f"{theme.reviews:,} reviews"]
    if theme.new:
        facts.append(f"{theme.new:,} new")
    if theme.share is not None:
        facts.append(share(theme.share))
    if theme.stars is not None:
        facts.append(mean_stars(theme.stars))
    if theme.hidden:
        facts.append("hidden")
    print_indented(" · ".join(facts), fg="cyan")
