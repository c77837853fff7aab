"""`diversity`: how varied reviews are, and the few to read instead of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.figures import interval, padded, stars
from reviewlens.cli.output import print_indented, print_rows, terminal_width, wrapped
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.diversity import diversity_of
from reviewlens.results.tables import flat_record

if TYPE_CHECKING:
    from reviewlens.insights.diversity import Diversity, GroupDiversity
    from reviewlens.insights.sample import Kind, Sample


@question(diversity_of, "diversity")
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N reviews to read instead of all."
)
@click.option(
    "--kind",
    type=click.Choice(["representative", "diverse"]),
    default="representative",
    show_default=True,
    help="Which ones: those that stand for all, or those most unlike each other.",
)
@click.option("--details", is_flag=True, help="All figures, with typical and unusual reviews.")
def diversity(asking: Asking, /, *, sample: int | None, kind: Kind, details: bool) -> None:
    """Measure how varied reviews are, by group; or choose N to read instead of all."""
    if sample is None:
        result: Any = asking.answer()
    elif asking.arguments["by"] is not None:
        raise click.UsageError("give either --by COLUMN or --sample N")
    else:
        asking.arguments = {"n": sample, "kind": kind, "seed": asking.arguments["seed"]}
        result = asking.answer(lambda selection: selection.sample)
    if asking.format != "table":
        print_rows(result, result._rows(), asking.format, flat=flat_record)
    elif sample is None:
        _print_diversity(result, details=details)
    else:
        _print_sample(result, details=details)


def _print_diversity(result: Diversity, *, details: bool) -> None:
    width = terminal_width()
    title = f"Vendi of {result.equal_size}"
    name = max(20, width - 58)
    header = f"{result.by or '':<{name}} {'reviews':>8}  {'similarity':<22}  {title:<22}"
    click.echo(click.style(header.rstrip(), bold=True))
    for group in (result.overall, *result.groups):
        lines = wrapped(group.group or "all reviews", name)
        figures = (
            f"{interval(group.similarity, '.2f'):<22}  {interval(group.vendi_equal, '.1f'):<22}"
        )
        click.echo(f"{padded(lines[0], name)} {group.reviews:>8,}  {figures}".rstrip())
        for line in lines[1:]:
            click.echo(line)
        if details:
            _print_details(group)
    for note in _notes(result):
        print_indented(note, 0)


def _print_details(group: GroupDiversity) -> None:
    click.echo(f"    Vendi of all {group.reviews:,}: {interval(group.vendi, '.1f')}")
    for word, quote in (("typical", group.typical), ("unusual", group.unusual)):
        _print_quote(f"{word} · {quote.review_id}", quote.text, indent=4)


def _print_quote(heading: str, text: str, *, indent: int) -> None:
    width = terminal_width() - indent
    for line in wrapped(heading, width):
        click.echo(" " * indent + click.style(line, fg="cyan"))
    for line in wrapped(text, width - 2)[:3]:
        click.echo(" " * (indent + 2) + line)


def _notes(result: Diversity) -> list[str]:
    notes = [
        f"Vendi of {result.equal_size}: how many different things {result.equal_size} of these "
        "reviews say. In brackets: 95 % intervals.",
    ]
    if result.groups_left_out:
        notes.append(
            f"Left out: {result.groups_left_out:,} groups of fewer than {result.min_reviews} "
            f"reviews, {result.reviews_left_out:,} reviews in all."
        )
    if result.reviews_without:
        notes.append(f"{result.reviews_without:,} reviews have no {result.by}.")
    return notes


def _print_sample(result: Sample, *, details: bool) -> None:
    for number, chosen in enumerate(result.sample, start=1):
        share = f"stands for {chosen.stands_for:,}"
        facts = [
            share,
            stars(chosen.stars),
            (chosen.time or "")[:10],
            chosen.product,
            chosen.review_id,
        ]
        if details and chosen.nearest is not None:
            facts.append(f"nearest other {chosen.nearest:.2f}")
        _print_quote(f"{number}. " + " · ".join(f for f in facts if f), chosen.text, indent=0)
    note = (
        f"{len(result.sample):,} of {result.reviews:,} reviews; mean similarity of a review to "
        f"the nearest of them {result.coverage:.2f}"
    )
    note += f", the smallest {result.worst:.2f}" if details else ""
    print_indented(note, 0)
