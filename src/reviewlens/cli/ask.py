"""`ask`: an answer from the reviews, with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.options import (
    filter_arguments,
    filter_options,
    format_option,
    language_model_options,
)
from reviewlens.cli.output import (
    Messages,
    print_indented,
    print_rows,
    spread_estimates,
    terminal_width,
    wrapped,
)
from reviewlens.settings import Settings

if TYPE_CHECKING:
    from reviewlens.asking import Answer, Statement
    from reviewlens.retrieval import Polarity

_SHOWN_CITATIONS = 6


@click.command()
@click.argument("question")
@click.option(
    "-n",
    "n",
    type=click.IntRange(1, 1_000),
    default=100,
    show_default=True,
    help="Reviews to look at, at most.",
)
@click.option(
    "--budget",
    type=click.IntRange(50),
    default=1_500,
    show_default=True,
    metavar="TOKENS",
    help="Tokens of the evidence at most.",
)
@click.option(
    "--polarity",
    type=click.Choice(["positive", "negative", "auto"]),
    help="Only reviews that praise, that complain, or that take the question's side.",
)
@click.option(
    "--min-similarity", type=float, metavar="X", help="Smallest cosine similarity, -1 to 1."
)
@language_model_options
@filter_options
@format_option
@click.pass_obj
def ask(
    settings: Settings,
    /,
    question: str,
    n: int,
    budget: int,
    polarity: Polarity | None,
    min_similarity: float | None,
    llm_url: str | None,
    llm_model: str | None,
    llm_key_file: str | None,
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Answer QUESTION from the reviews, with the ids of those that say so."""
    from reviewlens.language_models import language_model

    model = language_model(llm_url, llm_model, key_file=llm_key_file)
    with settings.open() as corpus:
        answer = corpus.ask(
            question,
            n=n,
            budget=budget,
            model=model,
            polarity=polarity,
            min_similarity=min_similarity,
            **filter_arguments(options),
        )
    for note in answer.notes:
        Messages.current.note(note)
    if format_ == "table":
        _print_table(answer)
    else:
        from reviewlens.asking import Statement

        print_rows(answer, answer.statements, format_, flat=_flat, header=_columns(Statement))


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
