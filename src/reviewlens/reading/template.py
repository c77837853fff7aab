"""What is embedded of a review: title and text, or what the user's template names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from reviewlens.errors import InputError
from reviewlens.reading.columns import find_column, require_column
from reviewlens.reading.limits import TEMPLATE_CHARACTERS, TEMPLATE_TIMES
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.names import Role
from reviewlens.reading.placeholders import is_placeholder

_TITLE, _CONTENT = "Title: ", "; Content: "
_COLUMNS = re.compile(r"\{[^{}]+\}")
_SIGNS = ".,;|/–—-"
_PIECES = re.compile(r"(\{\{|\}\}|\{[^{}]+\}|[{}])")


def compile_template(
    template: str,
    file: str,
    header: Sequence[str],
    roles: Mapping[Role, str],
    *,
    join: Callable[[Sequence[str]], str] | None = None,
) -> Callable[[Sequence[str]], str]:
    """Make a function from a row's fields to what is to be embedded.

    Args:
        template: Text with columns in braces, such as `{Summary} | {Text}`; a role such as
            `{title}` stands for its column where no header is called so. `{{` is a brace.
        file: Its name, for messages.
        header: The columns' names.
        roles: Role to header.
        join: Makes the text of a row, where it is in several columns.

    Returns:
        A function that fills the template with cleaned values; it returns an empty string when
        all of them are empty.

    Raises:
        InputError: A brace stands alone, no column is named, one is named too often, or the
            template is too long.
        ColumnError: A column named is missing.
    """
    if len(template) > TEMPLATE_CHARACTERS:
        raise InputError(
            f"The text template has {len(template):,} characters; at most "
            f"{TEMPLATE_CHARACTERS:,} are taken: shorten it.",
            field="text_template",
        )
    pieces: list[str | int] = []
    for piece in _PIECES.split(template):
        if piece in ("{{", "}}"):
            pieces.append(piece[0])
        elif piece in ("{", "}"):
            raise InputError(
                f"The text template {template!r} has a lone {piece!r}; write {{Column}} for a "
                f"column and {piece * 2} for the character.",
                field="text_template",
            )
        elif piece.startswith("{"):
            pieces.append(_column(piece[1:-1], file, header, roles, joined=join is not None))
        elif piece:
            pieces.append(piece)
    if not any(isinstance(piece, int) for piece in pieces):
        raise InputError(
            f"The text template {template!r} names no column; write for instance "
            f"'{{{header[0]}}}'.",
            field="text_template",
        )

    _refuse_repeated(pieces, [*header, "text"])

    def fill(fields: Sequence[str]) -> str:
        given = fields if join is None else [*fields, join(fields)]
        filled = [clean_markup(given[p]) if isinstance(p, int) else None for p in pieces]
        if all(part is None or is_placeholder(part) or not part for part in filled):
            return ""
        return "".join(
            str(p) if f is None else f for p, f in zip(pieces, filled, strict=True)
        ).strip()

    return fill


def _refuse_repeated(pieces: Sequence[str | int], header: Sequence[str]) -> None:
    [(place, times)] = Counter(p for p in pieces if isinstance(p, int)).most_common(1)
    if times > TEMPLATE_TIMES:
        raise InputError(
            f"The text template names {header[place]!r} {times:,} times; at most "
            f"{TEMPLATE_TIMES} are taken: name it once.",
            field="text_template",
        )


def fixed_words(template: str) -> tuple[str, ...]:
    """Return what a template writes itself, between its columns, where that has a letter.

    Of `{headline}. Pros: {pros} Cons: {cons}` this is `Pros:` and `Cons:`.
    """
    pieces = [
        piece.strip(f"{_SIGNS} ")
        for piece in _COLUMNS.split(template.replace("{{", " ").replace("}}", " "))
    ]
    ends = [piece for piece in pieces if any(map(str.isalpha, piece))]
    return tuple(dict.fromkeys(ends))


def without_fixed(text: str, fixed: Sequence[str]) -> str:
    """Take what a template or a mark wrote out of a text, each once, and leave its columns.

    What the reviewer says in the same words stays: only the first is taken.
    """
    for words in fixed:
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "\n", text, count=1)
    return text


def embed(title: str, text: str) -> str:
    """Put title and text together, both cleaned: `Title: …; Content: …` where both are there."""
    if title and text:
        return f"{_TITLE}{title}{_CONTENT}{text}"
    return f"{_TITLE}{title}" if title else text


def embedded_parts(text: str) -> list[tuple[int, int]]:
    """Return where the title and the text stand in what `embed` put together, in characters."""
    if not text.startswith(_TITLE):
        return [(0, len(text))]
    end = text.find(_CONTENT)
    if end < 0:
        return [(len(_TITLE), len(text))]
    return [(len(_TITLE), end), (end + len(_CONTENT), len(text))]


def _column(
    wanted: str, file: str, header: Sequence[str], roles: Mapping[Role, str], *, joined: bool
) -> int:
    # The id may yet be refused by the survey, so it is no role that a template can name.
    named = {str(role): name for role, name in roles.items() if role != "id"}
    by_role = named.get(wanted.strip().lower())
    if joined and wanted.strip().lower() == "text" and find_column(header, wanted) is None:
        return len(header)  # behind the columns, where the joined text is put
    if by_role and find_column(header, wanted) is None:
        return header.index(by_role)
    return header.index(require_column(file, header, wanted, "--text-template", "text_template"))
