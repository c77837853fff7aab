"""Sentences that stand on so many reviews that they say nothing of any one, to be left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from reviewlens.reading.template import embedded_parts
from reviewlens.text.statements import sentence_spans

Span = tuple[int, int]

_ENDS = re.compile(r"^\W+|\W+$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What a collection leaves out of what is embedded, and of the words of names.

    A sentence is found whatever its case, its white space and the signs around it.

    Attributes:
        sentences: As they are written most often, in the order in which they were found.
        former: Those that were left out once, and are no longer.
    """

    sentences: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def joined(self, sentences: Iterable[str]) -> Boilerplate:
        """Return what leaves out some more sentences besides."""
        by_key: dict[str, str] = {}
        for one in (*self.sentences, *sentences):
            by_key.setdefault(folded(one), one)
        return Boilerplate(tuple(by_key.values()), self.former)

    def merged(self, other: Boilerplate) -> Boilerplate:
        """Return what leaves out what either does, for reviews of both."""
        return Boilerplate(self.joined(other.sentences).sentences, self.former or other.former)

    def dropped(self) -> Boilerplate:
        """Return what leaves nothing out, and knows what was."""
        return Boilerplate((), self.sentences or self.former)

    def states(self) -> Iterator[Boilerplate]:
        """Yield what may have been left out of a stored review, what is so now first.

        Sentences are only ever added behind others, or all are dropped.
        """
        for count in range(len(self.sentences), -1, -1):
            yield Boilerplate(self.sentences[:count])
        for count in range(len(self.former), 0, -1):
            yield Boilerplate(self.former[:count])

    def spans(self, text: str) -> list[Span]:
        """Return where such sentences stand in what is embedded, the title a sentence."""
        if not self.sentences or not _pattern(self.sentences).search(text):
            return []
        keys = {folded(one) for one in self.sentences}
        return [
            (start, end)
            for start, end in embedded_sentences(text)
            if folded(text[start:end]) in keys
        ]

    def taken_from(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """Return what is left of some parts of a text; all of them where that says nothing.

        Args:
            text: What is embedded.
            spans: Where the parts begin and end, in order.
        """
        left = list(spans)
        for start, end in self.spans(text):
            left = [
                _trimmed(text, *part)
                for first, last in left
                for part in ((first, min(last, start)), (max(first, end), last))
                if any(map(str.isalnum, text[slice(*part)]))
            ]
        return left or list(spans)

    def identity(self, text: str) -> str:
        """Return what tells a text from others by what is embedded of it, to be hashed.

        It is the text where nothing is left out.
        """
        parts = embedded_parts(text)
        left = self.taken_from(text, parts)
        return text if left == parts else f"{text}\0{left}"

    def without(self, text: str) -> str:
        """Take the words of such sentences out of a text, wherever they stand in this order."""
        return _pattern(self.sentences).sub("\n", text) if self.sentences else text


NO_BOILERPLATE = Boilerplate()


def folded(sentence: str) -> str:
    """Return a sentence without case, the signs around it and how its words are spaced."""
    return unsigned(sentence).casefold()


def unsigned(sentence: str) -> str:
    """Return a sentence without the signs around it, and with one blank between its words."""
    return _ENDS.sub("", _SPACE.sub(" ", sentence))


def embedded_sentences(text: str) -> Iterator[Span]:
    """Yield where the sentences of what is embedded begin and end, the title one of them."""
    for part in embedded_parts(text):
        yield from sentence_spans(text, *part)


@cache
def _pattern(sentences: tuple[str, ...]) -> re.Pattern[str]:
    written = (r"\s+".join(map(re.escape, unsigned(one).split())) for one in sentences)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return a part without the white space around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
