"""Which column plays which role, found by names and values or given by the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviewlens.document import shortened
from reviewlens.errors import ColumnError, InputError, nearest, refuse_unknown
from reviewlens.reading.candidates import by_usual_name, by_words
from reviewlens.reading.column_notes import (
    joined_note,
    left_over,
    preset_note,
    product_note,
    quoted,
    rivals_of,
    unnamed_note,
)
from reviewlens.reading.dates import is_time
from reviewlens.reading.evidence import (
    are_texts,
    filled,
)
from reviewlens.reading.names import (
    ROLES,
    Role,
    normalise,
    usual_ranks,
)
from reviewlens.reading.presets import Assigned, Preset, find_preset
from reviewlens.reading.ratings import is_rating
from reviewlens.reading.sides import TextPart, find_sides, marked

Given = Mapping[str, str | Sequence[str]]
"""Role to header as the user wants it, several for a text; an empty header: none."""

# A role that stays empty although a column holds it is told of these.
_HELD: tuple[Role, ...] = ("rating", "time")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Which column plays which role.

    Attributes:
        columns: Role to header; of a text in several columns the first.
        texts: The columns of a text that is in several, in order; else empty.
        notes: Sentences for the user.
        preset: The export that it was recognised as, None for none.
    """

    columns: dict[Role, str]
    texts: tuple[TextPart, ...]
    notes: list[str]
    preset: Preset | None = None


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


def unnamed(width: int) -> list[str]:
    """Return the names of columns of which none is called anything."""
    return [f"column {place}" for place in range(1, width + 1)]


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
    preset: str | None = None,
) -> Choice:
    """Choose a column for each role.

    What the user says comes first, then what the preset of a known export says, then names and
    values.

    A column found by its name must look its part in the sample: a rating column that holds
    mostly words, or a time column that holds mostly no dates, is not used; one that is given is.
    Of several the one whose values are plainly what they should be is taken, then the one whose
    name is the most usual.
    `name` is the author only when at least half of its values differ.

    Args:
        file: Its name, for messages.
        header: The columns' names.
        sample: The first records, each as wide as the header.
        given: Role to header as the user wants it; an empty header: none.
        text_needed: False where a template makes the text of other columns.
        sides: Whether two columns of what was liked and disliked may be the text.
        preset: The preset to take, `none` for none; found by the columns without.

    Raises:
        InputError: The preset is unknown, or its columns are not there.
        ColumnError: There is no text column, or a given one is missing.
    """
    values = {name: [row[i] for row in sample] for i, name in enumerate(header)}
    choosing = _Choosing(file, header, values, given, sides=sides)
    choosing.take_given()
    held = {name for name, some in values.items() if any(map(str.strip, some))}
    choosing.take_known(find_preset(header, preset, held=held))
    for role in ROLES:
        choosing.find(role)
    if "text" not in choosing.chosen and text_needed:
        raise _no_text(file, header, given, values)
    choosing.tell_left()
    return choosing.choice()


class _Choosing:
    """The roles that have a column so far, and what is to be told of them."""

    def __init__(
        self,
        file: str,
        header: Sequence[str],
        values: Mapping[str, Sequence[str]],
        given: Given,
        *,
        sides: bool,
    ) -> None:
        self._file, self._header, self._values = file, header, values
        self._given, self._sides = given, sides
        self.chosen: dict[Role, str] = {}
        self._texts: tuple[TextPart, ...] = ()
        self._known: Assigned | None = None
        self._notes: list[str] = []

    def take_given(self) -> None:
        """Take what the user says."""
        self._texts = _given_texts(self._file, self._header, self._given)
        if self._texts:
            self.chosen["text"] = self._texts[0].header
        for role in ROLES:
            wanted = self._given.get(role)
            if isinstance(wanted, str) and wanted:
                name = require_column(
                    self._file, self._header, wanted, f"--{role}-column", f"columns.{role}"
                )
                self.chosen[role] = name

    def take_known(self, known: Assigned | None) -> None:
        """Take what a preset says of roles that the user says nothing of."""
        self._known = known
        if known is None:
            return
        self._tell([preset_note(known.preset)])
        if self._sides and "text" not in self._given:
            self._texts = known.texts
        for role, name in known.columns.items():
            joined = role == "text" and bool(known.texts)
            if role in self._given or name in self.chosen.values() or (joined and not self._sides):
                continue
            self.chosen[role] = name

    def find(self, role: Role) -> None:
        """Find a column for a role by names and values, where it has none yet and may have one."""
        without = () if self._known is None else self._known.preset.without
        if role in self._given or role in self.chosen or role in without:
            return
        free = self._free()
        found, refused = by_usual_name(role, free, self._values)
        if role == "text" and self._sides:
            found = self._with_sides(found, free)
        if role == "product":
            self._tell(product_note(found, free, self._values))
        found = found or by_words(role, free, self._values)
        if role == "text" and not found and self._any_text():
            found = [name for name in free if are_texts(filled(self._values[name]))]
            self._tell([unnamed_note(name) for name in found[:1] if self._known is None])
        self._tell(refused)
        if found:
            self.chosen[role] = found[0]
            self._tell(rivals_of(role, found, self._values))

    def _any_text(self) -> bool:
        """Tell whether names say nothing: those of a survey's questions, or of no header."""
        if self._known is not None:
            return self._known.preset.asks
        return list(self._header) == unnamed(len(self._header))

    def tell_left(self) -> None:
        """Tell of columns that plainly hold what no column is read as."""
        for role in _HELD:
            if role not in self.chosen and role not in self._given:
                self._tell(left_over(role, self._free(), self._values))

    def choice(self) -> Choice:
        """Return what was chosen, roles in their order."""
        return Choice(
            columns={role: self.chosen[role] for role in ROLES if role in self.chosen},
            texts=self._texts if len(self._texts) > 1 else (),
            notes=self._notes,
            preset=None if self._known is None else self._known.preset,
        )

    def _with_sides(self, found: list[str], free: Sequence[str]) -> list[str]:
        """Join two sides of a review where no column is the text, else tell of them."""
        pair = find_sides(free, self._values)
        if pair and found:
            flags = " ".join(f"--text-column {part.header!r}" for part in pair)
            self._tell([f"the text is read from {found[0]!r} alone; {flags} joins others."])
        elif pair:
            self._texts = pair
            self._tell([joined_note(pair)])
            return [pair[0].header]
        return found

    def _free(self) -> list[str]:
        """Return the columns that may still play a role."""
        taken = {*self.chosen.values(), *(part.header for part in self._texts)}
        unused = frozenset() if self._known is None else self._known.unused
        return [name for name in self._header if name not in taken and name not in unused]

    def _tell(self, sentences: Iterable[str]) -> None:
        self._notes += [f"{self._file}: {sentence}" for sentence in sentences]


def check_given(given: Given) -> None:
    """Refuse roles that there are not, and several columns for what has one.

    Raises:
        InputError: There are such.
    """
    refuse_unknown(given, ROLES, "columns: there is no role")
    for role, names in given.items():
        if not isinstance(names, str) and (role != "text" or not all(names) or not names):
            raise InputError(
                f"columns: {role} is given as {list(names)}; wanted one header"
                + (", or several" if role == "text" else ""),
                field=f"columns.{role}",
            )


def _given_texts(file: str, header: Sequence[str], given: Given) -> tuple[TextPart, ...]:
    """Return the several columns that the user wants for the text; none where it is one."""
    wanted = given.get("text", "")
    if isinstance(wanted, str):
        return ()
    names = [require_column(file, header, name, "--text-column", "columns.text") for name in wanted]
    return marked(list(dict.fromkeys(names)))


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
            f"{_listed([repr(name) for name in header])}: give --no-header, or the columns' names, "
            f"such as --names text,stars,date.",
            field="columns.text",
        )
    if len(header) == 1 and are_texts([*header, *filled(values[header[0]])]):
        return ColumnError(
            f"{found}; its one column reads {shortened(header[0])} on top: give --names text if "
            f"that is a review too, else name it with --text-column.",
            field="columns.text",
        )
    holding = [name for name in header if are_texts(filled(values[name]))][:_SHOWN]
    hint = "name one with --text-column, or several, which are joined"
    if holding:
        flags = " ".join(f"--text-column {name!r}" for name in holding)
        example = shortened(filled(values[holding[0]])[0])
        hint = f"texts stand in {quoted(holding)}, such as {example}: give {flags}"
    return ColumnError(
        f"{found}; it has {_listed(header)}: {hint}, or put columns together with --text-template, "
        f"such as '{header[0]}: {{{header[0]}}}'.",
        field="columns.text",
    )


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(header[:30])
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return f"{shown}{more}"
