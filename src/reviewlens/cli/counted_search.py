"""`search --count`: how many reviews say it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_answers, print_document
from reviewlens.cli.questions import Asking
from reviewlens.document import Gap, Part, Quote, Text, counted
from reviewlens.ground.phrases import stars
from reviewlens.reading.markup import clean_markup
from reviewlens.results import as_json
from reviewlens.search import CountGroup
from reviewlens.search.checked import ToCheck

_KEYS = {"y": True, "n": False, "u": None}


def check_count(asking: Asking, text: str, n: int, who: str) -> None:
    """Show reviews one by one, ask whether each says it, and keep what is said."""
    with asking.settings.open() as corpus:
        selection = asking.selection(corpus)
        shown = selection.to_check(text, n)
        judged: dict[str, bool | None] = {}
        try:
            for number, one in enumerate(shown.reviews, start=1):
                print_document(_to_read(one, number, len(shown.reviews)), err=True)
                key = click.prompt(
                    f"Does it say “{text}”? y(es), n(o), u(nsure), q(uit)",
                    type=click.Choice([*_KEYS, "q"]),
                    show_choices=False,
                    err=True,
                )
                if key == "q":
                    break
                judged[one.review_id] = _KEYS[key]
        except click.Abort:  # the end of the input, or Ctrl-C: what was said is kept
            click.echo(err=True)
        if judged:
            selection.judge(text, judged, shown, who=who)
    Messages.current.note(f"{counted(len(judged), 'judgement', 'is', 'are')} kept.")


def _to_read(one: ToCheck, number: int, of: int) -> Sequence[Part]:
    facts = " · ".join(filter(None, (stars(one.stars), (one.time or "")[:10], one.product)))
    return (
        Gap(),
        Text(f"{number} of {of}  {facts}  [{one.review_id}]", "soft"),
        *([Text(one.title, "strong")] if one.title else []),
        Quote(clean_markup(one.text), lines=12),
        *([Text(f"nearest: {one.statement}", "marked")] if one.statement else []),
    )


def count_queries(asking: Asking, texts: Sequence[str]) -> None:
    """Print how many reviews say each text."""
    least = asking.arguments["min_similarity"]
    with asking.settings.open() as corpus:
        selection = asking.selection(corpus)
        counts = [selection.count_matches(text, min_similarity=least) for text in texts]
    for note in dict.fromkeys(note for count in counts for note in count.notes):
        Messages.current.note(note)
    if asking.format == "table":
        parts = [part for count in counts for part in (Gap(), *count.document())]
        print_document(parts[1:])
    else:
        plain = [as_json(count) for count in counts]
        columns, single = CountGroup.__dataclass_fields__, len(counts) == 1
        print_answers(plain, asking.format, "groups", columns, single=single)
