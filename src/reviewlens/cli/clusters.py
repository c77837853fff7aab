"""`clusters`: what the reviews are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import (
    OutputFile,
    print_csv,
    print_document,
    print_indented,
    print_json,
    print_json_lines,
    print_pairs,
    terminal_width,
    write_assignments,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.document import wrapped
from reviewlens.ground.phrases import dates, mean_stars, said, share
from reviewlens.insights.clusters.question import clusters as clusters_question

if TYPE_CHECKING:
    from reviewlens.insights.clusters import Cluster, Clusters
    from reviewlens.themes import Refit


@question(clusters_question)
@click.option(
    "--assignments",
    type=OutputFile("the assignments"),
    metavar="FILE",
    help="Write the cluster of every review as CSV, with its confidence and subcluster.",
)
@click.option(
    "--save",
    metavar="NAME",
    is_flag=False,
    flag_value="",
    help="Save them as themes, which all reviews then have; NAME only for a second set.",
)
@click.option(
    "--refit",
    is_flag=True,
    help="Find the saved themes anew; those that go on keep their number and name.",
)
@click.option("--details", is_flag=True, help="Show subclusters, intervals, dates, more quotes.")
def clusters(
    asking: Asking,
    /,
    *,
    assignments: str | None,
    save: str | None,
    refit: bool,
    details: bool,
) -> None:
    """Group reviews by what they say: size, stars and quotes of each theme."""
    given = asking.arguments
    if given["clusters"] is not None and given["resolution"] is not None:
        raise click.UsageError("give --clusters or --resolution, not both")
    whole = not given["across"] and given["unit"] == "review"
    if refit:
        if save is not None or not whole or given["clusters"] or assignments or asking.filtered:
            raise click.UsageError(
                "--refit takes all reviews and the set in use; of the others only --resolution, "
                "--seed and --format go with it"
            )
        if asking.model:
            Messages.current.note(
                "No language model is asked: with --refit themes keep their names."
            )
        _refit(asking)
        return
    if save is None:
        result = asking.answer()
    elif not whole:
        raise click.UsageError(
            "themes are saved of whole reviews as they are: --save does not go with --across or "
            "--unit sentence"
        )
    else:
        asking.arguments = {
            "name": save or None,
            **{name: given[name] for name in ("clusters", "resolution", "seed")},
        }
        result = asking.answer(lambda selection: selection.themes.save)
    if assignments is not None:
        rows = [
            (one.review_id, one.cluster, one.confidence, one.subcluster)
            for one in result.assignments
        ]
        header = ("review_id", "cluster", "confidence", "subcluster")
        write_assignments(assignments, "the assignments", header, rows)
    if asking.format == "table":
        _print_clusters(result, details=details)
    else:
        _print_plain(result, asking.format)


def _refit(asking: Asking) -> None:
    messages, given = Messages.current, asking.arguments
    with asking.settings.open() as corpus:
        result = corpus.themes.refit(
            resolution=given["resolution"], seed=given["seed"], on_progress=messages.progress
        )
        listed = corpus.themes.list()
    messages.finish()
    if asking.format == "json":
        print_json({"refit": asdict(result), "themes": [asdict(one) for one in listed.themes]})
    elif asking.format != "table":
        asking.show(listed)
    else:
        for line in _became(result):
            click.echo(line)
        click.echo()
        print_document(listed.document())


def _became(result: Refit) -> list[str]:
    """Say what became of the old themes, a line each."""

    def named(numbers: Sequence[int]) -> str:
        return ", ".join(map(str, numbers))

    told = [f"{len(result.kept)} themes go on with their numbers and names"]
    if result.born:
        told.append(f"new: {named(result.born)}")
    if result.died:
        told.append(f"gone: {named(result.died)}")
    told += [f"{old} was split among {named(parts)}" for old, parts in result.split.items()]
    told += [f"{new} was merged of {named(parts)}" for new, parts in result.merged.items()]
    return [line for text in told for line in wrapped(text, terminal_width())]


def _print_plain(result: Clusters, format_: str) -> None:
    """Print all but the assignments, which are a file of their own."""
    if format_ == "json":
        plain = asdict(replace(result, assignments=()))
        del plain["assignments"]
        print_json(plain)
    elif format_ == "jsonl":
        print_json_lines(result.clusters)
    else:
        print_csv([asdict(cluster) for cluster in result.clusters])


def _print_clusters(result: Clusters, *, details: bool) -> None:
    themes = sum(not cluster.says_nothing for cluster in result.clusters)
    coverage = result.coverage
    looked_at = f"{result.reviews:,} reviews"
    if result.unit == "sentence":
        looked_at += f", {result.rows:,} sentences"
    one = "one" if result.unit == "review" else "one or more"
    head = (
        f"{looked_at} in {themes} clusters, stability {result.stability:.2f} of 1; "
        f"every review has {one}, {coverage.confident:.0%} with a confidence of "
        f"{coverage.confidence:g} or more"
    )
    print_indented(head, 0)
    for cluster in result.clusters:
        click.echo()
        _print_cluster(cluster, details=details)
    if details:
        click.echo()
        figures = {
            "resolution": f"{result.resolution:g}",
            "tried": [
                f"{trial.resolution:g}: {trial.clusters} ({trial.stability:.2f})"
                for trial in result.resolutions
            ],
            "across": result.across,
            "recall of neighbours": f"{result.recall:.2f}",
        }
        print_pairs("How they were found (resolution: clusters, stability)", figures)


def _print_cluster(cluster: Cluster, *, details: bool) -> None:
    click.echo(f"{cluster.cluster:>3}  " + click.style(cluster.label, bold=True))
    facts = [f"{cluster.reviews:,} reviews"]
    if cluster.share is not None:
        facts.append(share(cluster.share, details=details))
    if cluster.stars is not None:
        facts.append(mean_stars(cluster.stars, details=details))
    print_indented(" · ".join(facts), fg="cyan")
    if details:
        _print_details(cluster)
    else:
        print_indented(f"“{' '.join(cluster.quotes[0].text.split())}”", most=2)


def _print_details(cluster: Cluster) -> None:
    held = "" if cluster.stability is None else f", stability {cluster.stability:.2f}"
    lines = {
        "found": f"confidence {cluster.confidence:.2f}{held}",
        "stars 1 to 5": ", ".join(map(str, cluster.histogram.values())),
        "products": ", ".join(f"{name}: {count}" for name, count in cluster.products.items()),
        "dates": dates(cluster.first, cluster.last),
    }
    for name, text in lines.items():
        if text:
            print_indented(f"{name}: {text}")
    for part in cluster.subclusters:
        stars = "" if part.stars is None else f", {mean_stars(part.stars)}"
        print_indented(
            f"{cluster.cluster}.{part.subcluster} {part.label} ({part.reviews}{stars})",
        )
    for title, quotes in (("typical", cluster.quotes), ("at the edge", cluster.extremes)):
        for quote in quotes:
            print_indented(f"{title}, {said(quote)}", most=2)
