"""What a result says in words: the parts of a short document, and what makes pages of them.

A result puts its words together once, by its method `document`; a terminal, a notebook and Markdown
show the same document, each in its own way:

>>> words = (Text("3 of 97 reviews"), Entry("0.981 · webshop:12", number=1))
>>> print(markdown(words))
3 of 97 reviews
<BLANKLINE>
1. **0.981 · webshop:12**
<BLANKLINE>
"""

from __future__ import annotations

import html as markup
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Literal

Tone = Literal["", "strong", "figures", "reason", "soft", "marked"]
"""A heading, a line of figures, why something is told, what is secondary, or words to be seen."""

ROWS = 20
"""Of a table, and entries of a list, that a notebook shows."""

_STYLES = {"strong": "1", "figures": "36", "reason": "33", "soft": "2", "marked": "1;4"}
"""Bold, cyan, yellow, faint, underlined, in the numbers of ECMA-48 (select graphic rendition)."""
_TAGS = {"strong": "strong", "reason": "em", "soft": "small", "marked": "mark"}
_MOST_LINES = 20
_ENTRY = 5  # columns before what belongs to an entry of a list
_LEAST_COLUMN = 8
_LEAST_NAME = 20  # columns of words beside bars, which give way first
_BARS = "▁▂▃▄▅▆▇█"
_WIDE = 94  # columns over which a name and its figures can still be seen to be one line
_CELL_CHARACTERS = 300
_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph.

    Attributes:
        text: Of one paragraph.
        tone: How it is meant.
        lines: That a terminal shows of it at most; the last one then ends with an ellipsis.
        inset: Columns that a terminal leaves before it.
        marked: Words in it that a terminal and a notebook make to be seen.
    """

    text: str
    tone: Tone = ""
    lines: int = _MOST_LINES
    inset: int = 0
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a review.

    Attributes:
        text: The words.
        review_id: Whose they are; empty where the entry names it.
        before: What is said of it: `typical`.
        lines: That a terminal shows of it at most.
        inset: Columns that a terminal leaves before it.
    """

    text: str
    review_id: str = ""
    before: str = ""
    lines: int = 2
    inset: int = 0

    def __str__(self) -> str:
        """Return it on one line: `typical, webshop:12: “…”`."""
        told = ", ".join(filter(None, (self.before, self.review_id)))
        return f"{told + ': ' if told else ''}“{' '.join(self.text.split())}”"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a list: its head and what is told of it.

    Attributes:
        head: Its first line.
        parts: What belongs to it.
        number: Its place or number; None for a list without.
        tone: Of the head.
        figures: A second line of the head, facts about the entry.
    """

    head: str
    parts: tuple[Part, ...] = ()
    number: int | None = None
    tone: Tone = "figures"
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, below a title; what is empty is left out.

    Attributes:
        title: Of them all; may be empty.
        facts: By name: texts, numbers, lists or mappings of them.
    """

    title: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under a header.

    Attributes:
        header: A name a column, may be empty.
        rows: Of as many texts; one of words may be several paragraphs, a line each.
        texts: How many columns at the left are words; the others are figures.
        wide: Whether a terminal puts the figures at its right edge.
        notes: What stands below each row, as many as rows, or none.
        drawn: Place of a column of bars, of which a narrow terminal shows the end alone.
        lines: That a terminal shows of a paragraph at most; all without.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1
    wide: bool = False
    notes: tuple[tuple[Part, ...], ...] = ()
    drawn: int | None = None
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Room between what stands before and behind it."""


Part = Text | Quote | Entry | Facts | Table | Gap
Document = tuple[Part, ...]


def counted(number: int, thing: str, one: str = "", several: str = "") -> str:
    """Return a number with its thing and, if given, a verb, in the plural where it is not one.

    >>> counted(1, "review", "is", "are"), counted(1_200, "file")
    ('1 review is', '1,200 files')
    """
    verb = agreed(number, one, several)
    return f"{number:,} {thing}{agreed(number, '', 's')}{f' {verb}' if verb else ''}"


def shown(value: Any) -> str:  # noqa: ANN401 - whatever a result holds
    """Return a value of a result as people read it; empty where there is none."""
    if value is None or value == "" or value == () or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key or '(none)'}: {shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)


def agreed(number: int, one: str, more: str) -> str:
    """Return the form of a word that goes with a number of things."""
    return one if number == 1 else more


def shortened(value: str) -> str:
    """Quote a value for a message, its beginning alone where it is long."""
    return repr(value if len(value) <= _QUOTED else value[: _QUOTED - 1] + "…")


def _told(facts: Facts) -> dict[str, str]:
    """Return facts as texts, without those that are empty."""
    texts = {name: shown(value) for name, value in facts.facts.items()}
    return {name: text for name, text in texts.items() if text}


def bars(figures: Sequence[float | None]) -> str:
    """Return a bar for each figure, the largest one full; none of what is absent."""
    most = max((figure for figure in figures if figure), default=1.0)
    steps = len(_BARS) - 1
    return "".join(
        " " if figure is None else _BARS[max(bool(figure), round(figure / most * steps))]
        for figure in figures
    )


# -- a terminal ------------------------------------------------------------------------------------


def terminal(document: Iterable[Part], width: int) -> str:
    """Return a document for a terminal, with its escapes for colours.

    Args:
        document: What is said.
        width: Columns of the terminal; a Chinese character takes two.
    """
    return "\n".join(line for part in document for line in _lines(part, width))


def wrapped(text: str, width: int, most: int | None = None) -> list[str]:
    """Return the lines of a text for a terminal, in which a Chinese character takes two columns.

    Args:
        text: One paragraph.
        width: Columns.
        most: Lines at most; the last one then ends with an ellipsis.
    """
    text = " ".join(text.split())
    lines = (
        textwrap.wrap(text, width, break_on_hyphens=False)
        if text.isascii()
        else _cells(text, width)
    )
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    cut = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: most - 1], cut + "…"]


def _cells(text: str, width: int) -> list[str]:
    """Return lines of so many columns; a word that is wider begins where there is room."""
    from rich.cells import cell_len, chop_cells

    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_len(longer) <= width:
            lines[-1] = longer
        elif cell_len(word) <= width:
            lines.append(word)
        else:
            lines[-1:] = chop_cells(longer, width)
    return lines


def _lines(part: Part, width: int) -> Iterator[str]:
    match part:
        case Gap():
            yield ""
        case Text():
            for line in wrapped(part.text, width - part.inset, part.lines):
                pieces = (_styled(*piece) for piece in _pieces(line, part))
                yield " " * part.inset + "".join(pieces)
        case Quote():
            for line in wrapped(str(part), width - part.inset, part.lines):
                yield " " * part.inset + line
        case Entry():
            yield from _entry(part, width)
        case Facts():
            yield from _facts(part, width)
        case Table():
            yield from _table(part, width)


def _pieces(line: str, part: Text) -> Iterator[tuple[str, Tone]]:
    """Return the pieces of a line, or of the whole text, each with its tone."""
    if not part.marked:
        yield line, part.tone
        return
    longest_first = sorted(part.marked, key=len, reverse=True)
    words = (
        rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest_first
    )
    for place, piece in enumerate(re.split(f"({'|'.join(words)})", line)):
        yield piece, "marked" if place % 2 else part.tone


def _styled(line: str, tone: Tone) -> str:
    return f"\x1b[{_STYLES[tone]}m{line}\x1b[0m" if tone else line


def _entry(part: Entry, width: int) -> Iterator[str]:
    number = "" if part.number is None else str(part.number)
    indent = " " * _ENTRY if number else ""
    for place, line in enumerate(wrapped(part.head, width - len(indent))):
        before = indent if place or not number else f"{number:>3}  "
        yield before + _styled(line, part.tone)
    for inner in _inner(part):
        for line in _lines(inner, width - _ENTRY):
            yield " " * _ENTRY + line


def _inner(part: Entry) -> Iterator[Part]:
    if part.figures:
        yield Text(part.figures, "figures")
    yield from part.parts


def _facts(part: Facts, width: int) -> Iterator[str]:
    if part.title:
        yield part.title
    texts = _told(part)
    room = width - 4
    # A name such as a long path has a line of its own.
    column = max((len(name) for name in texts if len(name) <= room // 2), default=0)
    for name, text in texts.items():
        lines = wrapped(text, room - column) or [""]
        if len(name) <= column:
            yield f"  {name:<{column}}  {lines.pop(0)}"
        else:
            yield f"  {name}"
        for line in lines:
            yield f"  {'':<{column}}  {line}"


def _table(part: Table, width: int) -> Iterator[str]:
    """Return the lines of a table: figures as wide as they are, words folded in what is left."""
    from rich.cells import cell_len

    rows = [part.header, *part.rows] if any(part.header) else list(part.rows)
    if not rows:
        return
    widths = [
        max(cell_len(line) for row in rows for line in row[place].split("\n"))
        for place in range(len(part.header))
    ]
    room = width - 2 * len(widths)
    words = range(part.texts)
    if part.drawn is not None:
        others = sum(
            widths[place] for place in range(part.texts, len(widths)) if place != part.drawn
        )
        least = sum(min(widths[place], _LEAST_NAME) for place in words)
        widths[part.drawn] = max(1, min(widths[part.drawn], room - others - least))
    while sum(widths) > room and max(widths[place] for place in words) > _LEAST_COLUMN:
        widths[max(words, key=widths.__getitem__)] -= 1
    if part.wide:
        widths[part.texts - 1] += max(0, min(room, _WIDE) - sum(widths))
    for place, row in enumerate(rows):
        heading = place == 0 and any(part.header)
        folded = [
            [
                line
                for text in cell.split("\n")
                for line in wrapped(text, columns, part.lines) or [""]
            ]
            if number < part.texts
            else [_end_of(cell, columns) if number == part.drawn else cell]
            for number, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ]
        for above in range(max(map(len, folded))):
            cells = [cell[above] if above < len(cell) else "" for cell in folded]
            yield _styled(_row(cells, widths, part), "strong" if heading else "")
        for note in () if heading or not part.notes else part.notes[place - any(part.header)]:
            yield from ("    " + line for line in _lines(note, width - 4))


def _end_of(cell: str, columns: int) -> str:
    """Return a cell of bars, padded, or its end where it is wider."""
    return f"{cell:<{columns}}" if len(cell) <= columns else "…" + cell[len(cell) - columns + 1 :]


def _row(cells: Sequence[str], widths: Sequence[int], part: Table) -> str:
    from rich.cells import cell_len

    padded = [
        cell + " " * (columns - cell_len(cell)) if number < part.texts else f"{cell:>{columns}}"
        for number, (cell, columns) in enumerate(zip(cells, widths, strict=True))
    ]
    return ("  " + "  ".join(padded)).rstrip()


# -- a notebook ------------------------------------------------------------------------------------


def notebook(document: Iterable[Part]) -> str:
    """Return a document as HTML: texts escaped, lists and tables cut after 20 rows, and so told."""
    return f"<div>{''.join(_html(document))}</div>"


def _html(document: Iterable[Part]) -> Iterator[str]:
    for kind, parts in groupby(document, key=type):
        if kind is Entry:
            yield from _html_list([part for part in parts if isinstance(part, Entry)])
        else:
            for part in parts:
                yield from _html_part(part)


def _html_list(entries: Sequence[Entry]) -> Iterator[str]:
    yield "<ul style='list-style: none; padding-left: 1em'>"
    for entry in entries[:ROWS]:
        number = "" if entry.number is None else f"{entry.number}. "
        yield f"<li><p>{number}{_toned(entry.head, entry.tone)}</p>"
        yield from _html(_inner(entry))
        yield "</li>"
    yield "</ul>"
    yield from _html_left(len(entries), "entries")


def _html_left(number: int, what: str) -> Iterator[str]:
    if number > ROWS:
        yield f"<p><small>The first {ROWS} of {number:,} {what}.</small></p>"


def _html_part(part: Part) -> Iterator[str]:
    match part:
        case Text():
            yield f"<p>{''.join(_toned(*piece) for piece in _pieces(part.text, part))}</p>"
        case Quote():
            yield f"<blockquote>{markup.escape(str(part))}</blockquote>"
        case Facts():
            if part.title:
                yield f"<p><strong>{markup.escape(part.title.strip())}</strong></p>"
            yield html_table((), list(_told(part).items()))
        case Table():
            rows: list[tuple[str, ...]] = list(part.rows)
            if part.notes:
                told = [" ".join(map(_plain, notes)) for notes in part.notes]
                rows = [(*row, note) for row, note in zip(rows, told, strict=True)]
            header = (*part.header, *([""] * bool(part.notes)))
            yield html_table(header, rows)


def html_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an HTML table: cells escaped, long ones and more than 20 rows cut, and so told."""

    def cell(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        text = "" if value is None else str(value)
        cut = text if len(text) <= _CELL_CHARACTERS else text[:_CELL_CHARACTERS] + "…"
        return f"<td>{markup.escape(cut)}</td>"

    head = "".join(f"<th>{markup.escape(name)}</th>" for name in header)
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows[:ROWS])
    left = "".join(_html_left(len(rows), "rows"))
    return f"<table>{top}<tbody>{body}</tbody></table>{left}"


def _toned(text: str, tone: Tone) -> str:
    tag, safe = _TAGS.get(tone), markup.escape(text)
    return f"<{tag}>{safe}</{tag}>" if tag else safe


def _plain(part: Part) -> str:
    return str(part) if isinstance(part, Quote) else getattr(part, "text", "")


# -- Markdown --------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])|^(\s*)([-+]|\d+[.)])(?=\s)", re.MULTILINE)


def markdown(document: Iterable[Part]) -> str:
    """Return a document as Markdown, in which no text is taken for a mark."""
    return "\n\n".join(filter(None, map(_markdown, document))) + "\n"


def _markdown(part: Part) -> str:
    match part:
        case Gap():
            return ""
        case Text():
            text = _escaped(part.text)
            return f"**{text}**" if part.tone == "strong" else text
        case Quote():
            return "> " + _escaped(str(part))
        case Facts():
            told = "\n".join(
                f"- {_escaped(name)}: {_escaped(t)}" for name, t in _told(part).items()
            )
            title = f"**{_escaped(part.title.strip())}**\n\n" if part.title else ""
            return title + told
        case Entry():
            bullet = "- " if part.number is None else f"{part.number}. "
            head = bullet + (f"**{_escaped(part.head)}**" if part.tone else _escaped(part.head))
            inside = "\n\n".join(filter(None, map(_markdown, _inner(part))))
            indent = " " * len(bullet)
            return "\n\n".join(filter(None, (head, re.sub("^(?=.)", indent, inside, flags=re.M))))
        case Table():
            line = partial("| {} |".format)
            rows = [part.header, *part.rows]
            lines = [line(" | ".join(map(_escaped, row))) for row in rows]
            signs = ["---"] * part.texts + ["---:"] * (len(part.header) - part.texts)
            notes = [_markdown(note) for notes in part.notes for note in notes]
            return "\n\n".join(["\n".join([lines[0], line(" | ".join(signs)), *lines[1:]]), *notes])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(
        lambda m: (
            f"\\{m[1]}"
            if m[1]
            else f"{m[2]}\\{m[3]}"
            if m[3] in "-+"
            else f"{m[2]}{m[3][:-1]}\\{m[3][-1]}"
        ),
        " ".join(text.split()),
    )
