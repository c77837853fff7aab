"""Which column plays which role, found by names and values or given by the user."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reviewlens.errors import ColumnError, nearest
from reviewlens.reading.dates import is_time
from reviewlens.reading.evidence import (
    PLAINLY,
    are_dates,
    are_names,
    are_ratings,
    are_texts,
    filled,
    is_measured,
    is_on_scale,
    share,
)
from reviewlens.reading.names import (
    ROLES,
    Role,
    asks_for_rating,
    normalise,
    of_something_else,
    tells,
    usual_ranks,
)
from reviewlens.reading.ratings import is_rating
from reviewlens.reading.sides import TextPart, find_sides, marked

Given = Mapping[str, str | Sequence[str]]
"""Role to header as the user wants it, several for a text; an empty header: none."""

# Other columns of these roles would be worth a second look; an author may well have two.
_TELL_RIVALS: tuple[Role, ...] = ("text", "title", "rating", "time")
# A product's name is worth more than its key; a company's is not the product's.
_PRODUCT_NAMES = """
product productname producttitle producthandle appname gametitle gamename hotelname itemname
itemtitle businessname booktitle produkt produktname produit producto prodotto produto urun produk
"""
_LIKE_DATA = 40
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Which column plays which role.

    Attributes:
        columns: Role to header; of a text in several columns the first.
        texts: The columns of a text that is in several, in order; else empty.
        notes: Sentences for the user.
    """

    columns: dict[Role, str]
    texts: tuple[TextPart, ...]
    notes: list[str]


def name_columns(fields: Sequence[str]) -> list[str]:
    """Give every column a name of its own.

    Padding, byte order marks and quotes are stripped, a column without a name becomes
    `column_3`, the second of the same name `text_2`.
    """
    names: dict[str, None] = {}
    copies: dict[str, int] = {}
    for number, field in enumerate(fields, start=1):
        name = stem = field.strip(" \t\r\n\ufeff\u200b\xa0\"'") or f"column_{number}"
        while name in names:
            copies[stem] = copies.get(stem, 1) + 1
            name = f"{stem}_{copies[stem]}"
        names[name] = None
    return list(names)


def find_column(header: Sequence[str], wanted: str) -> str | None:
    """Find a column by its header as given, else in any case and punctuation."""
    if wanted.strip() in header:
        return wanted.strip()
    key = normalise(wanted)
    return next((name for name in header if key and normalise(name) == key), None)


def find_text_column(header: Sequence[str]) -> str | None:
    """Find the first column that is named as the text of reviews usually is."""
    ranks = usual_ranks("text")
    return next((name for name in header if normalise(name) in ranks), None)


def require_column(file: str, header: Sequence[str], wanted: str, flag: str, field: str) -> str:
    """Find a column that the user named.

    Args:
        file: Its name, for messages.
        header: The columns' names.
        wanted: The name that was given.
        flag: Where the command takes it.
        field: Where the Python API takes it.

    Raises:
        ColumnError: There is none of this name.
    """
    if (found := find_column(header, wanted)) is not None:
        return found
    near = nearest(wanted, header)
    hint = f"give one of them to {flag}." if near is None else f"did you mean {flag} {near!r}?"
    raise ColumnError(
        f"{file} has no column {wanted!r}; it has {_listed(header)}; {hint}", field=field
    )


def choose_columns(
    file: str,
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    given: Given,
    *,
    text_needed: bool = True,
    sides: bool = True,
) -> Choice:
    """Choose a column for each role.

    A column found by its name must look its part in the sample: a rating column that holds
    mostly words, or a time column that holds mostly no dates, is not used. Of several the one whose
    values are plainly what they should be is taken, then the one whose name is the most usual.
    `name` is the author only when at least half of its values differ.

    Args:
        file: Its name, for messages.
        header: The columns' names.
        sample: The first records, each as wide as the header.
        given: Role to header as the user wants it; an empty header: none.
        text_needed: False where a template makes the text of other columns.
        sides: Whether two columns of what was liked and disliked may be the text.

    Raises:
        ColumnError: There is no text column, a given one is missing, or one does not hold what
            it was said to hold.
    """
    values = {name: [row[i] for row in sample] for i, name in enumerate(header)}
    texts = _given_texts(file, header, given)
    chosen: dict[Role, str] = {"text": texts[0].header} if texts else {}
    for role in ROLES:
        wanted = given.get(role)
        if isinstance(wanted, str) and wanted:
            chosen[role] = require_column(
                file, header, wanted, f"--{role}-column", f"columns.{role}"
            )
            _check_given(file, role, chosen[role], values[chosen[role]])
    notes: list[str] = []
    for role in (role for role in ROLES if role not in given):
        taken = {*chosen.values(), *(part.header for part in texts)}
        free = [name for name in header if name not in taken]
        found, refused = _by_usual_name(role, free, values)
        if role == "text" and not found and sides:
            texts = find_sides(free, values)
            found = [part.header for part in texts[:1]]
            notes += [f"{file}: {_joined_note(texts)}"] if texts else []
        found = found or _by_words(role, free, values)
        notes += [f"{file}: {sentence}" for sentence in refused]
        if found:
            chosen[role] = found[0]
            notes += [f"{file}: {said}" for said in _rivals(role, found, values)]
    if "text" not in chosen and text_needed:
        raise _no_text(file, header, given, values)
    taken = {*chosen.values(), *(part.header for part in texts)}
    notes += [
        f"{file}: {said}"
        for role in ("rating", "time")
        if role not in chosen and role not in given
        for said in _left(role, [name for name in header if name not in taken], values)
    ]
    return Choice(chosen, texts if len(texts) > 1 else (), notes)


def _given_texts(file: str, header: Sequence[str], given: Given) -> tuple[TextPart, ...]:
    """Return the several columns that the user wants for the text; none where it is one."""
    wanted = given.get("text", "")
    if isinstance(wanted, str):
        return ()
    names = [require_column(file, header, name, "--text-column", "columns.text") for name in wanted]
    return marked(list(dict.fromkeys(names)))


def _by_usual_name(
    role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Find the columns that could play a role, best first, and say which are refused and why.

    Of those refused only what would else have been taken is told.
    """
    ranks = usual_ranks(role)
    named = [name for name in header if normalise(name) in ranks]
    named.sort(key=lambda name: ranks[normalise(name)])
    found: list[str] = []
    refused: list[str] = []
    for name in named:
        if complaint := _complaint(role, name, values[name]) or _doubt(role, values[name]):
            if not found:
                refused.append(
                    f"column {name!r} is not used as the {role}: {complaint} "
                    f"(--{role}-column {name!r} insists)."
                )
        else:
            found.append(name)
    if len(found) > 1 or (found and role == "product"):
        found = _best_first(role, found, header, values)
    return found, refused


def _best_first(
    role: Role, found: list[str], header: Sequence[str], values: Mapping[str, Sequence[str]]
) -> list[str]:
    """Put the columns first whose values are plainly those of the role."""

    def plain(name: str) -> bool:
        some = filled(values[name])
        if role == "text":
            return are_texts(some)
        if role == "rating":
            return is_on_scale(some)
        if role == "time":
            return share(some, is_time) >= PLAINLY
        return bool(some)

    if role != "product":
        return sorted(found, key=lambda name: not plain(name))
    if are_names(filled(values[found[0]])):
        return found
    usual = _PRODUCT_NAMES.split()
    named = [name for name in header if normalise(name) in usual or _is_title(name)]
    readable = [name for name in named if are_names(filled(values[name]))]
    return [*readable, *(name for name in found if name not in readable)]


def _is_title(header: str) -> bool:
    return tells("product", header) and normalise(header).endswith(("name", "title"))


def _by_words(role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Find columns whose names have the words of a role, and whose values leave no doubt."""

    def fits(name: str) -> bool:
        some = filled(values[name])
        if role == "text":
            return tells(role, name) and are_texts(some)
        if role == "rating":
            return (tells(role, name) or asks_for_rating(name)) and is_on_scale(some)
        if role == "time":
            return tells(role, name) and bool(some) and share(some, is_time) >= PLAINLY
        return role != "id" and tells(role, name)

    return [name for name in header if fits(name)]


def _rivals(role: Role, found: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Tell of other columns that could play a role, each with an example that tells them apart."""
    if len(found) < 2 or role not in _TELL_RIVALS:
        return []
    others = found[1 : _SHOWN + 1]
    rows = list(zip(*(values[name] for name in (found[0], *others)), strict=True))
    telling = [row for row in rows if row[0].strip() and any(value != row[0] for value in row[1:])]
    row = max(telling[:50], key=lambda row: sum(bool(v.strip()) for v in row), default=None)
    examples = [f" ({shortened(value.strip())})" for value in row or ()] or [""] * len(found)
    rivals = " and ".join(
        f"{name!r}{such}" for name, such in zip(others, examples[1:], strict=False)
    )
    more = ", or give several, which are joined" if role == "text" else ""
    return [
        f"the {role} is read from column {found[0]!r}{examples[0]}; {rivals} could be it too "
        f"(--{role}-column{more})."
    ]


def _joined_note(texts: Sequence[TextPart]) -> str:
    names = " and ".join(repr(part.header) for part in texts)
    return (
        f"the text is joined from columns {names}, each behind its mark "
        f"({' … '.join(f'{part.mark}:' for part in texts)}) (--text-column)."
    )


def _left(role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Tell of columns that plainly hold what no column is read as."""
    holds = are_dates if role == "time" else are_ratings
    holding = [name for name in header if holds(filled(values[name]))]
    own = [name for name in holding if not of_something_else(name)]
    shown = own[:_SHOWN]
    if not shown:
        return []
    what = "dates" if role == "time" else "ratings"
    listed = " and ".join(
        f"{name!r} holds {what}, such as {_examples(values[name])}" for name in shown
    )
    return [f"no column is read as the {role}; {listed} (--{role}-column {shown[0]!r})."]


def _examples(values: Sequence[str]) -> str:
    return ", ".join(shortened(value) for value in list(dict.fromkeys(filled(values)))[:2])


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _doubt(role: Role, values: Sequence[str]) -> str:
    """Say what speaks against a column that only its name makes one of a role."""
    some = filled(values)
    if role == "rating" and is_measured(some):
        return f"it holds measured numbers, such as {shortened(some[0])}"
    return ""


def _complaint(role: Role, name: str, values: Sequence[str]) -> str:
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return ""
    example = f"such as {shortened(filled[0])}"
    if role == "text" and _share(filled, is_rating) > 0.5:
        return f"it holds numbers, {example}"
    if role == "rating" and _share(filled, is_rating) < 0.5:
        return f"it holds mostly no numbers, {example}"
    if role == "time" and _share(filled, is_time) < 0.5:
        return f"it holds mostly no dates, {example}"
    if role == "author" and normalise(name) == "name" and len(set(filled)) < 0.5 * len(filled):
        return "its values repeat, as names of products do"
    return ""


def _check_given(file: str, role: Role, name: str, values: Sequence[str]) -> None:
    if role in ("rating", "time") and (complaint := _complaint(role, name, values)):
        raise ColumnError(
            f"Column {name!r} of {file} cannot be the {role}: {complaint}; "
            f"name another with --{role}-column, or none with --{role}-column ''.",
            field=f"columns.{role}",
        )


def _no_text(
    file: str, header: Sequence[str], given: Given, values: Mapping[str, Sequence[str]]
) -> ColumnError:
    if given.get("text") == "":
        return ColumnError(
            f"{file}: a text column is needed; name one with --text-column, or put several "
            "together with --text-template.",
            field="columns.text",
        )
    if len(header) == 1 and (mark := re.search(r"[,;\t|^~]", header[0])):
        return ColumnError(
            f"{file} was read as a single column, {shortened(header[0])}; its delimiter is "
            f"probably {mark[0]!r}: give --delimiter {mark[0]!r}.",
            field="delimiter",
        )
    found = f"{file} has no column with a usual name for the review's text"
    if any(is_time(name) or is_rating(name) for name in header):
        return ColumnError(
            f"{found}; it seems to have no header line, for its first line reads "
            f"{_listed([repr(name) for name in header])}: put the columns' names on top, or "
            f"name one of these with --text-column.",
            field="columns.text",
        )
    holding = [name for name in header if are_texts(filled(values[name]))][:_SHOWN]
    hint = "name one with --text-column, or several, which are joined"
    if holding:
        flags = " ".join(f"--text-column {name!r}" for name in holding)
        example = shortened(filled(values[holding[0]])[0])
        hint = f"texts stand in {_quoted(holding)}, such as {example}: give {flags}"
    return ColumnError(
        f"{found}; it has {_listed(header)}: {hint}, or put columns together with --text-template, "
        f"such as '{header[0]}: {{{header[0]}}}'.",
        field="columns.text",
    )


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(map(repr, names))


def shortened(value: str) -> str:
    """Quote a value for a message, its beginning alone where it is long."""
    return repr(value if len(value) <= _LIKE_DATA else value[: _LIKE_DATA - 1] + "…")


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(header[:30])
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return f"{shown}{more}"
