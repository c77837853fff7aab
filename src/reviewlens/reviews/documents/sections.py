"""What a document's pages and sections say."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.errors import MissingExtra, UnreadableFile

if TYPE_CHECKING:
    from markdown_it.token import Token
    from pypdf import PdfReader

MOST_BYTES = 200_000_000
MOST_PAGES = 10_000
MOST_CHARACTERS = 50_000_000
PAGE_BYTES = 10_000_000
"""Unpacked drawing commands of a page; a page of a book has some thousand."""
_FULL_LINE = 0.6
_LIST_MARK = re.compile(r"\s*(?:[-*•‣◦–·]|\(?\w{1,3}[.)])\s+\S")
_WORD_BREAK = re.compile(r"(\w)[-\u00ad]$")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_FRONT_MATTER = re.compile(r"---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


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


def text_sections(text: str) -> Iterator[Section]:
    """Yield the pages of a plain text, which form feeds part; without them it is one section."""
    line = 1
    pages = text.split("\f")
    for number, page in enumerate(pages, start=1):
        yield Section(joined_lines(page), "", number if len(pages) > 1 else None, line)
        line += page.count("\n")


def joined_lines(text: str) -> str:
    """Return a text with the lines of a paragraph joined, one paragraph a line.

    A line goes on in the next one if it is nearly as long as the longest, or if that begins in
    lower case, unless that is an item of a list. A word broken by a hyphen is put together.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    full = _FULL_LINE * max(map(len, lines), default=0)
    paragraphs: list[str] = []
    before = ""
    for line in lines:
        stripped = line.strip()
        on = before and stripped and not _LIST_MARK.match(line)
        if on and (len(before) >= full or stripped[0].islower()):
            paragraphs[-1] = _join(paragraphs[-1], stripped)
        elif stripped:
            paragraphs.append(stripped)
        before = line
    return "\n".join(paragraphs)


def _join(start: str, rest: str) -> str:
    if rest[0].islower() and _WORD_BREAK.search(start):
        return start[:-1] + rest
    if _EAST_ASIAN.match(start[-1]) and _EAST_ASIAN.match(rest[0]):
        return start + rest
    return f"{start} {rest}"


# -- Markdown ----------------------------------------------------------------------------------


def markdown_sections(text: str) -> Iterator[Section]:
    """Yield what stands in front of the first heading, and under each, without Markdown's signs."""
    from markdown_it import MarkdownIt

    if front := _FRONT_MATTER.match(text):
        text = "\n" * front[0].count("\n") + text[front.end() :]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    heads = [at for at, one in enumerate(tokens) if one.type == "heading_open" and not one.level]
    yield Section(_words(tokens[: heads[0] if heads else None]), "", None, 1)
    for at, after in zip(heads, [*heads[1:], len(tokens)], strict=False):
        opening, inline, _, *body = tokens[at:after]
        heading = " ".join(_plain(inline.children or []).split())
        yield Section(_words(body), heading, None, opening.map[0] + 1 if opening.map else 1)


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


def pdf_sections(path: Path, name: str) -> Iterator[Section]:
    """Yield the pages of a PDF with their text, empty ones too.

    Raises:
        UnreadableFile: It is encrypted, damaged, or beyond the limits.
        MissingExtra: The package `pypdf` is not installed.
    """
    if find_spec("pypdf") is None:
        raise MissingExtra("pypdf", "pdf", f"Reading {name}")
    from pypdf import PdfReader

    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(
            f"{name} has {path.stat().st_size / 1e6:,.0f} MB; at most {MOST_BYTES // 10**6} MB of "
            "a PDF are read: split it."
        )
    with _readable(name):
        reader = PdfReader(path)
        _unlock(reader, name)
        count = len(reader.pages)
    if count > MOST_PAGES:
        raise UnreadableFile(f"{name} has {count:,} pages; at most {MOST_PAGES:,} are read.")
    characters = 0
    for number in range(1, count + 1):
        with _readable(name):
            page = reader.pages[number - 1]
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > PAGE_BYTES:
                raise UnreadableFile(
                    f"Page {number} of {name} unpacks to more than {PAGE_BYTES // 10**6} MB, as a "
                    "bomb does; print the document to a new PDF."
                )
            text = page.extract_text()
        characters += len(text)
        if characters > MOST_CHARACTERS:
            raise UnreadableFile(
                f"{name} holds more than {MOST_CHARACTERS // 10**6} million characters; split it."
            )
        yield Section(joined_lines(text), "", number, number)


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
