"""`search --compare`: the answers of several collections, such as of two encoders, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_csv, print_json, print_json_lines, terminal_width
from reviewlens.cli.questions import Asking
from reviewlens.document import wrapped
from reviewlens.ground.phrases import padded
from reviewlens.results import Match, Matches

_LEAST_COLUMN = 24
_GAP = "  "


def compare_collections(asking: Asking, others: str, texts: Sequence[str]) -> None:
    """Ask several collections the same and print what each answers.

    Args:
        asking: With the first collection, and the arguments of a search.
        others: Names of the others, with commas between them.
        texts: What is asked.
    """
    settings, format_ = asking.settings, asking.format
    given = {**asking.arguments, "explain": format_ == "table"}
    n = given["n"]
    names = list(dict.fromkeys([settings.collection, *_names(others)]))
    if len(names) < 2:
        raise click.BadParameter(
            f"{others!r} names no other collection than {settings.collection!r}; wanted the name "
            "of another one",
            param_hint="--compare",
        )
    answers: dict[str, list[Matches]] = {}
    for name in names:
        # An encoder that was named is for the first; the others have their own.
        own = settings if name == settings.collection else replace(settings, encoder=None)
        with replace(own, collection=name).open() as corpus:
            answers[name] = asking.selection(corpus).search_many(texts, **given)
        for note in dict.fromkeys(note for one in answers[name] for note in one.notes):
            Messages.current.note(f"{name}: {note}")
    rows = [
        {"collection": name, **asdict(answers[name][place])}
        for place in range(len(texts))
        for name in names
    ]
    if format_ == "json":
        print_json(rows)
    elif format_ == "jsonl":
        print_json_lines(rows)
    elif format_ == "csv":
        print_csv(
            [
                {"collection": row["collection"], "query": row["query"], **match}
                for row in rows
                for match in row["matches"]
            ],
            header=["collection", "query", *Match.__dataclass_fields__],
        )
    else:
        for place, text in enumerate(texts):
            if len(texts) > 1:
                click.echo(click.style(text, bold=True))
            _print_side_by_side({name: answers[name][place] for name in names}, n)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _print_side_by_side(answers: dict[str, Matches], n: int) -> None:
    """Print a column for each collection; a review that all of them found is marked with =."""
    most = max(1, (terminal_width() - 4 + len(_GAP)) // (_LEAST_COLUMN + len(_GAP)))
    names = list(answers)
    found = [{match.review_id for match in answers[name].matches} for name in names]
    common = set.intersection(*found)
    for start in range(0, len(names), most):
        shown = names[start : start + most]
        width = (terminal_width() - 4 - len(_GAP) * (len(shown) - 1)) // len(shown)
        _print_line("", shown, width, bold=True)
        for rank in range(max((len(answers[name]) for name in shown), default=0)):
            cells = []
            for name in shown:
                matches = answers[name].matches
                cells.append(_cell(matches[rank], width, common) if rank < len(matches) else [])
            for line in range(max(map(len, cells))):
                texts = [cell[line] if line < len(cell) else "" for cell in cells]
                _print_line(f"{rank + 1}" if line == 0 else "", texts, width)
    share = f"{len(common)} of the first {n}" if n > 1 else f"{len(common)} of 1"
    click.echo(f"= found by all: {share}")


def _cell(match: Match, width: int, common: set[str]) -> list[str]:
    mark = "= " if match.review_id in common else ""
    stars = "" if match.rating is None else f" · {match.rating:.2g}★"
    head = wrapped(f"{mark}{match.similarity:.2f}{stars} · {match.review_id}", width)
    text = match.sentence or match.text
    title = [match.title] if match.title else []
    body = [line for part in (*title, text) for line in wrapped(part, width)]
    return [*head, *body[:4]]


def _print_line(number: str, texts: Sequence[str], width: int, *, bold: bool = False) -> None:
    line = f"{number:>3} " + _GAP.join(padded(text, width) for text in texts)
    click.echo(click.style(line.rstrip(), bold=bold or None))
