"""`clusters`: what the reviews are about."""

from __future__ import annotations

from dataclasses import asdict, replace

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import OutputFile, print_document, print_json, write_assignments
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection
from reviewlens.document import Gap


@question(Selection.clusters)
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
def clusters(asking: Asking, /, *, assignments: str | None, save: str | None, refit: bool) -> None:
    """Group reviews by what they say: size, stars and quotes of each theme."""
    given = asking.arguments
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
        header = ("review_id", "cluster", "confidence", "subcluster")
        rows = [[getattr(one, name) for name in header] for one in result.assignments]
        write_assignments(assignments, "the assignments", header, rows)
    if asking.format == "json":  # the assignments are a file of their own
        plain = asdict(replace(result, assignments=()))
        del plain["assignments"]
        print_json(plain)
    else:
        asking.show(result)


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
        print_document([*result.document(), Gap(), *listed.document()])
