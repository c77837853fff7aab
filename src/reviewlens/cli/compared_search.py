"""`search --compare`: the answers of several collections, such as of two encoders, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_answers, print_document
from reviewlens.cli.questions import Asking
from reviewlens.document import Text
from reviewlens.search.matches import Match, Matches, side_by_side


def compare_collections(asking: Asking, others: str, texts: Sequence[str]) -> None:
    """Ask several collections the same and print what each answers.

    Args:
        asking: With the first collection, and the arguments of a search.
        others: Names of the others, with commas between them.
        texts: What is asked.
    """
    settings, format_ = asking.settings, asking.format
    given = {**asking.arguments, "explain": format_ == "table"}
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
    if format_ != "table":
        plain = [
            {"collection": name, **asdict(answers[name][place])}
            for place in range(len(texts))
            for name in names
        ]
        print_answers(plain, format_, "matches", Match.__dataclass_fields__)
        return
    for place, text in enumerate(texts):
        heading = [Text(text, "strong")] if len(texts) > 1 else []
        beside = side_by_side({name: answers[name][place] for name in names}, given["n"])
        print_document([*heading, *beside])


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]
