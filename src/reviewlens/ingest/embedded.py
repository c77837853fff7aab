"""What was embedded of a stored review, and whether its hash says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewlens.ingest.changes import embedding_hash
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.template import embed
from reviewlens.store import Long, Made, StoredPassage, made_of, spaces
from reviewlens.text.boilerplate import NO_BOILERPLATE, Boilerplate


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was embedded of a review.

    Attributes:
        text: All of it.
        long: What became of it if it was longer than the window.
        sure: Whether the hash says so.
    """

    text: str
    long: Long
    sure: bool

    def made(self, passages: Sequence[str]) -> Made | None:
        """Return what is to be kept with the review where it is cut into these passages."""
        return made_of(self.text, passages, self.long)


def embedded_of(
    passages: Sequence[StoredPassage], window: int, boilerplate: Boilerplate = NO_BOILERPLATE
) -> Embedded:
    """Return what was embedded of a review.

    Args:
        passages: Those of the review, in order, the first one among them.
        window: Of the encoder that they are embedded with, in tokens; 0 where it is not known, and
            nothing is then sure.
        boilerplate: What the collection leaves out.
    """
    wanted = passages[0].content_hash.partition(".")[0]
    first: Embedded | None = None
    for text, long in _candidates(passages):
        if window and wanted in embedding_hashes(text, long, window, boilerplate):
            return Embedded(text, long, sure=True)
        first = first or Embedded(text, long, sure=False)
    assert first is not None  # there is always one
    return first


def embedding_hashes(text: str, long: str, window: int, boilerplate: Boilerplate) -> Iterator[str]:
    """Return the first parts of a content hash by what may have been left out of a text."""
    different = dict.fromkeys(state.identity(text) for state in boilerplate.states())
    return (embedding_hash(one, long, window) for one in different)


def default_text(head: StoredPassage) -> str:
    """Return what is embedded of a review without a template."""
    return embed(clean_markup(head.title), clean_markup(head.original))


def _candidates(passages: Sequence[StoredPassage]) -> Iterator[tuple[str, Long]]:
    """Yield the text and the treatment that are kept with the review.

    A review of one passage has no need of that where it would have been split. Of one that an
    earlier version wrote, the hash tells the treatment; where it was cut, its text is the one that
    is embedded without a template, if the passages are that text, or else they are joined by
    blanks.
    """
    head, texts = passages[0], [passage.text for passage in passages]
    if head.made is not None:
        yield head.made.text(texts), head.made.long
    elif len(texts) == 1:
        cut_off = head.tokens > head.tokens_embedded
        yield texts[0], "truncate" if cut_off else "split"
        yield texts[0], "split" if cut_off else "truncate"
    else:
        if spaces(default_text(head), texts) is not None:
            yield default_text(head), "split"
        yield " ".join(texts), "split"
