"""Texts that stand in several columns: what was liked and what was not, joined into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from reviewlens.reading.evidence import filled, share
from reviewlens.reading.names import normalise
from reviewlens.reading.ratings import is_rating

# What was liked and what was not, as forms and shops head the two columns.
_PAIRS = """
    liked disliked; likes dislikes; like dislike; pros cons; pro con; pro contra; positivereview
    negativereview; reviewpositive reviewnegative; positive negative; positives negatives;
    positivecomment negativecomment; positivecomments negativecomments; positivefeedback
    negativefeedback; whatdidyoulike whatdidyoudislike; whatdoyoulike whatdoyoudislike;
    whatilike whatidislike; likedmost likedleast; likemost likeleast; advantages disadvantages;
    strengths weaknesses; thegood thebad; good bad; summarypositive summarynegative; vorteile
    nachteile; whatdoyoulikebest whatdoyoudislike; avantages inconvenients; pointspositifs
    pointsnegatifs; ventajas
    desventajas; puntospositivos puntosnegativos; vantagens desvantagens; pontospositivos
    pontosnegativos; pregi difetti; vantaggi svantaggi; voordelen nadelen; pluspunten minpunten;
    zalety wady; artilar eksiler; kelebihan kekurangan; достоинства недостатки; плюсы минусы;
    优点 缺点; 優點 缺點; 良い点 悪い点; 良かった点 悪かった点; 장점 단점
    """
PAIRS = tuple(tuple(normalise(name) for name in pair.split()) for pair in _PAIRS.split(";"))
_NOTHING = frozenset({"no positive", "no negative"})
_LEAST_LETTERS = 4
_FEW = 5


@dataclass(frozen=True, slots=True)
class TextPart:
    """A column that is a part of the text.

    Attributes:
        header: The column.
        mark: What stands before it, such as `Liked`; empty for nothing.
    """

    header: str
    mark: str = ""


def find_sides(header: Sequence[str], values: Mapping[str, Sequence[str]]) -> tuple[TextPart, ...]:
    """Find the two columns that say what was liked and what was not; empty where there are none.

    Args:
        header: The columns that play no other role.
        values: What stands in each.
    """
    by_name = {normalise(name): name for name in reversed(header)}
    for pair in PAIRS:
        sides = [by_name[name] for name in pair if name in by_name]
        if len(sides) == len(pair) and _are_written([v for side in sides for v in values[side]]):
            return marked(sides)
    return ()


def marked(headers: Sequence[str]) -> tuple[TextPart, ...]:
    """Return columns as parts of a text, with marks where they are two sides of a review."""
    names = tuple(normalise(name) for name in headers)
    if names not in PAIRS and names[::-1] not in PAIRS:
        return tuple(TextPart(name) for name in headers)
    return tuple(TextPart(name, _readable(name)) for name in headers)


def joiner(
    parts: Sequence[TextPart], header: Sequence[str], nothing: Sequence[str] = ()
) -> Callable[[Sequence[str]], str]:
    """Make a function from a row's fields to its text: each part on lines of its own.

    Args:
        parts: Columns; one that is empty, or says that there is nothing, is left out.
        header: The columns' names.
        nothing: What else stands in a column where there is nothing, such as `None given`.
    """
    empty = _NOTHING.union(value.casefold() for value in nothing)
    places = [(header.index(part.header), part.mark) for part in parts]

    def join(fields: Sequence[str]) -> str:
        given = [(mark, fields[place].strip()) for place, mark in places]
        return "\n".join(
            f"{mark}: {text}" if mark else text
            for mark, text in given
            if text and text.casefold() not in empty
        )

    return join


def _are_written(values: Sequence[str]) -> bool:
    """Tell whether values are written, and no counts, chances or ticks."""
    said = filled(values)
    if not said or share(said, is_rating) > 0.5:
        return False
    letters = median(sum(map(str.isalpha, value)) for value in said)
    wide = share(said, lambda value: not value.isascii()) > 0.5
    return (letters >= _LEAST_LETTERS or wide) and (len(said) <= _FEW or len(set(said)) > 2)


def _readable(header: str) -> str:
    words = header.replace("_", " ").rstrip("?: ").split()
    text = " ".join(words)
    return text[:1].upper() + text[1:] if text[1:].islower() else text.capitalize()
