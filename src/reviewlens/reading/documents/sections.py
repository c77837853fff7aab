"""What a document's pages and sections say."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.errors import UnreadableFile
from reviewlens.reading.limits import CONVERSION, ConversionLimits

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from pypdf import PdfReader

_FULL_LINE = 0.6
_LIST_MARK = re.compile(r"\s*(?:[-*•‣◦–·]|\(?\w{1,3}[.)])\s+\S")
_WORD_BREAK = re.compile(r"(\w)[-\u00ad]$")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_FRONT_MATTER = re.compile(r"---\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_DEFINITION = re.compile(r"^[ \t>]{0,20}(\[[^\]\n]{1,999}\]:[^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A page, or what stands under a heading.

    Attributes:
        text: Its paragraphs, one a line.
        heading: Empty where it has none.
        page: From 1; None where the document has no pages.
        line: On which it starts, from 1; of a PDF the page.
    """

    text: str
    heading: str
    page: int | None
    line: int


# -- plain text --------------------------------------------------------------------------------


def text_sections(text: str, name: str, limits: ConversionLimits = CONVERSION) -> Iterator[Section]:
    """Yield the pages of a plain text, which form feeds part; without them it is one section.

    Raises:
        UnreadableFile: There are too many.
    """
    pages = text.count("\f") + 1
    if pages > limits.pieces:
        raise _too_many(name, "pages", limits)
    start, line = 0, 1
    for number in range(1, pages + 1):
        end = text.find("\f", start) if number < pages else len(text)
        page = text[start:end]
        yield Section(joined_lines(page), "", number if pages > 1 else None, line)
        start, line = end + 1, line + page.count("\n")


def _too_many(name: str, what: str, limits: ConversionLimits) -> UnreadableFile:
    return UnreadableFile(
        f"{name} has more than {limits.pieces:,} {what}, which is the most read of one file; "
        "split it into several."
    )


def joined_lines(text: str) -> str:
    """Return a text with the lines of a paragraph joined, one paragraph a line.

    A line goes on in the next one if it is nearly as long as the longest, or if that begins in
    lower case, unless that is an item of a list. A word broken by a hyphen is put together.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    full = _FULL_LINE * max(map(len, lines), default=0)
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        stripped = line.strip()
        on = before and stripped and not _LIST_MARK.match(line)
        if on and (len(before) >= full or stripped[0].islower()):
            _join(paragraphs[-1], stripped)
        elif stripped:
            paragraphs.append([stripped])
        before = line
    return "\n".join("".join(parts) for parts in paragraphs)


def _join(parts: list[str], rest: str) -> None:
    """Add a line to the parts of its paragraph."""
    last = parts[-1]
    if rest[0].islower() and _WORD_BREAK.search(last[-2:]):
        parts[-1] = last[:-1]
    elif not (_EAST_ASIAN.match(last[-1]) and _EAST_ASIAN.match(rest[0])):
        rest = f" {rest}"
    parts.append(rest)


# -- Markdown ----------------------------------------------------------------------------------


def markdown_sections(
    text: str, name: str = "it", limits: ConversionLimits = CONVERSION
) -> Iterator[Section]:
    """Yield what stands in front of the first heading, and under each, without Markdown's signs.

    Raises:
        UnreadableFile: There are too many headings.
    """
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if front := _FRONT_MATTER.match(text):
        text = "\n" * front[0].count("\n") + text[front.end() :]
    heading, start, sections = "", 1, 1
    words: list[str] = []
    parser = MarkdownIt("commonmark").enable("table")
    for tokens, line in _blocks(parser, text, limits.part_characters):
        heads = [
            at for at, one in enumerate(tokens) if one.type == "heading_open" and not one.level
        ]
        words.append(_words(tokens[: heads[0] if heads else None]))
        for at, after in zip(heads, [*heads[1:], len(tokens)], strict=False):
            yield Section(_lines(words), heading, None, start)
            sections += 1
            if sections > limits.pieces:
                raise _too_many(name, "headings", limits)
            opening, inline, _, *body = tokens[at:after]
            heading = " ".join(_plain(inline.children or []).split())
            start = line + (opening.map[0] if opening.map else 0) + 1
            words = [_words(body)]
    yield Section(_lines(words), heading, None, start)


def _lines(words: Sequence[str]) -> str:
    return "\n".join(filter(None, words))


def _blocks(
    parser: MarkdownIt, text: str, part_characters: int
) -> Iterator[tuple[list[Token], int]]:
    """Parse Markdown part by part; yield the tokens of whole blocks, and the line of their part.

    A part may end in the middle of a block, so that its last one is left to the next part. Where it
    is the only one, more is taken.
    """
    env: MutableMapping[str, object] = {}
    if (
        len(text) > part_characters and "]:" in text
    ):  # what a part refers to may be defined in a later one
        defined = (match[1] for match in _DEFINITION.finditer(text))
        parser.parse("\n\n".join(defined), env)
    start, line, size = 0, 0, part_characters
    while start < len(text):
        end = text.find("\n", start + size) + 1 or len(text)
        tokens = parser.parse(text[start:end], env)
        last = next((at for at in reversed(range(len(tokens))) if _opens_block(tokens[at])), 0)
        if end == len(text) or not tokens:
            yield tokens, line
            start, line = end, line + text.count("\n", start, end)
            continue
        place = tokens[last].map
        lines = place[0] if place else 0
        if not lines:
            size *= 2
            continue
        yield tokens[:last], line
        for _ in range(lines):
            start = text.index("\n", start) + 1
        line, size = line + lines, part_characters


def _opens_block(token: Token) -> bool:
    return token.level == 0 and token.nesting >= 0


def _words(tokens: Sequence[Token]) -> str:
    """Return paragraphs, items of lists and rows of tables, each a line; code as it stands."""
    lines: list[str] = []
    cells: list[str] | None = None  # of the row of a table
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append(" | ".join(cells or []))
            cells = None
        elif token.type == "inline":
            plain = " ".join(_plain(token.children or []).split())
            (lines if cells is None else cells).append(plain)
        elif token.type in ("fence", "code_block", "html_block"):
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)


def _plain(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_plain(token.children or []))
        else:
            parts.append(token.content)
    return "".join(parts)


# -- PDF ---------------------------------------------------------------------------------------


def pdf_sections(
    path: Path, name: str, limits: ConversionLimits = CONVERSION
) -> Iterator[tuple[Section, int]]:
    """Yield the pages of a PDF with their text, empty ones too, each with the number of pages.

    Raises:
        UnreadableFile: It is encrypted, damaged, or beyond the limits.
    """
    from pypdf import PdfReader

    with _readable(name):
        reader = PdfReader(path)
        _unlock(reader, name)
        count = len(reader.pages)
    if count > limits.pages:
        raise UnreadableFile(
            f"{name} has {count:,} pages; at most {limits.pages:,} are read: split it."
        )
    characters = 0
    for number in range(1, count + 1):
        with _readable(name):
            page = reader.pages[number - 1]
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > limits.page_bytes:
                raise UnreadableFile(
                    f"Page {number} of {name} unpacks to more than {limits.page_bytes // 10**6} "
                    "MB, as a bomb does; print the document to a new PDF."
                )
            text = page.extract_text()
        characters += len(text)
        if characters > limits.characters:
            raise UnreadableFile(
                f"{name} holds more than {limits.characters // 10**6} million characters; split it."
            )
        yield Section(joined_lines(text), "", number, number), count


def _unlock(reader: PdfReader, name: str) -> None:
    """Open a PDF that is encrypted with an empty password, as one that only forbids printing is."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = bool(reader.decrypt(""))
    except DependencyError:
        opened = False
    if not opened:
        raise UnreadableFile(f"{name} is encrypted; save it without a password.")


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Translate what pypdf raises on a damaged file, which may be nearly any error."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # it tells of each repair
    try:
        yield
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableFile(
            f"{name} cannot be read as a PDF ({said}); open it and print it to a new PDF."
        ) from error
    finally:
        logger.setLevel(level)
