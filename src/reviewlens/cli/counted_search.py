"""`search --count`: how many reviews say it."""

from __future__ import annotations

from collections.abc import Sequence

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_answers, print_document
from reviewlens.cli.questions import Asking
from reviewlens.document import Gap
from reviewlens.results import as_json
from reviewlens.search import CountGroup


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
