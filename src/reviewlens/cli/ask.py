"""`ask`: an answer from the reviews, with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reviewlens.asking import Statement
from reviewlens.asking.question import ask as ask_question
from reviewlens.cli.output import print_indented, print_rows, spread_estimates, terminal_width
from reviewlens.cli.questions import Asking, question
from reviewlens.document import wrapped

if TYPE_CHECKING:
    from reviewlens.asking import Answer, Statement

_SHOWN_CITATIONS = 6


@question(ask_question)
def ask(asking: Asking, /) -> None:
    """Answer QUESTION from the reviews, with the ids of those that say so."""
    answer = asking.answer()
    if asking.format == "table":
        _print_table(answer)
    else:
        print_rows(answer, answer.statements, asking.format, flat=_flat, header=_columns(Statement))


def _columns(row: type[Any]) -> list[str]:
    columns = [name for name in row.__dataclass_fields__ if name != "stars"]
    return [*columns, "stars", "stars_low", "stars_high"]


def _flat(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a statement
    from dataclasses import asdict

    return spread_estimates(asdict(row), ("stars",))


def _print_table(answer: Answer) -> None:
    if not answer.statements:
        click.echo(answer.text)
        return
    quoted = answer.method == "extractive"
    for number, statement in enumerate(answer.statements, start=1):
        text = f"“{statement.text}”" if quoted else statement.text
        for place, line in enumerate(wrapped(text, terminal_width() - 5)):
            click.echo((f"{number:>3}  " if place == 0 else " " * 5) + line)
        print_indented(f"{_counts(statement, answer.found)} · {_cited(statement)}", fg="cyan")
    by = "quotes" if answer.model is None or quoted else answer.model
    # Without a floor they are the nearest ones, whatever they say.
    does = "speak of it" if answer.floor is not None else "are the nearest"
    click.echo(
        f"\n{answer.found:,} reviews {does}; by {by}, from {len(answer.evidence)} of them, "
        f"{answer.tokens:,} tokens."
    )


def _counts(statement: Statement, found: int) -> str:
    stars = "" if statement.stars is None else f" · {statement.stars.value:.1f} stars"
    return f"{statement.reviews:,} of {found:,} reviews ({statement.share:.0%}){stars}"


def _cited(statement: Statement) -> str:
    shown = [f"[{one}]" for one in statement.citations[:_SHOWN_CITATIONS]]
    more = len(statement.citations) - len(shown)
    return " ".join(shown) + (f" and {more} more" if more else "")
