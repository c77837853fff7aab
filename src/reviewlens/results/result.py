"""What all results have in common: tables, quotes, times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from reviewlens.document import Document, Facts, Table, Text, agreed, markdown, notebook, shown
from reviewlens.results.frames import frame_of, read_result
from reviewlens.results.tables import flat_rows, row_kind

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_FIGURE, _SHOWN_FIGURES = 40, 6

OnProgress = Callable[[str, int, int], None]
"""Told how far a long run is: the stage (`checking`, `writing`, `copying`), done, in all."""


def iso_time(milliseconds: int | None) -> str | None:
    """Return UTC milliseconds as ISO 8601, None for none."""
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return (
        moment.isoformat(timespec="seconds" if milliseconds % 1000 == 0 else "milliseconds")[:-6]
        + "Z"
    )


def iso_month(milliseconds: int | None) -> str:
    """Return the month of UTC milliseconds as `2026-03`, empty for none."""
    return (iso_time(milliseconds) or "")[:7]


@dataclass(frozen=True, slots=True)
class Quote:
    """What backs a claim: a review, or the part of it that says so.

    Attributes:
        review_id: Whose words they are.
        text: The review, or a part of it.
        stars: 1 to 5, None where there are none.
        time: ISO 8601 in UTC, None where there is none.
    """

    review_id: str
    text: str
    stars: float | None
    time: str | None


class Tabular:
    """A result that is a sequence of rows: iterated over, indexed and sliced, and a table.

    Attributes:
        details_help: What the details of its document are; empty where there are none.
    """

    __slots__ = ()
    details_help: ClassVar[str] = ""

    def _rows(self) -> Sequence[Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows())

    def __iter__(self) -> Iterator[Any]:
        """Return the rows, in order."""
        return iter(self._rows())

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - one row, or some by a slice
        """Return a row by its place, or a tuple of rows by a slice."""
        found = self._rows()[place]
        return tuple(found) if isinstance(place, slice) else found

    def __bool__(self) -> bool:
        """Whether there is a result, which may be one of no rows."""
        return True

    def __repr__(self) -> str:
        """Return what it is, how many rows it has, and its figures, on one line."""
        return _told(self, rows=len(self))

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas table, one row each, in order.

        Estimates have three columns (`share`, `share_low`, `share_high`), quotes one for each of
        their fields, dates are `datetime64[ns, UTC]`, and no cell holds a mapping or a record.
        """
        return frame_of(self._rows(), type(self))

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Self:
        """Return a result from its JSON, as a command or the API gives it.

        Args:
            text: The JSON, or what it was decoded to.

        Raises:
            InputError: It is not that of such a result.
        """
        return read_result(cls, text)

    def document(self, *, details: bool = False) -> Document:
        """Return what the result says in words; here its rows as a table.

        Args:
            details: Also what is looked at by few; no difference where there is nothing more.
        """
        header, cells = flat_rows(self._rows(), row_kind(type(self)))
        rows = tuple(tuple(map(shown, row)) for row in cells)
        names = tuple(name.replace("_", " ") for name in header)
        return (Table(names, rows, texts=len(names)),) if names else ()

    def to_markdown(self, *, details: bool = False) -> str:
        """Return the same in Markdown, and its notes; see `document`."""
        return markdown((*self.document(details=details), *_noted(self)))

    def _repr_html_(self) -> str:
        return notebook((*self.document(), *_noted(self)))


def _noted(result: Any) -> Document:  # noqa: ANN401 - a result
    """Return what the user should know besides, which a command says on stderr."""
    return tuple(Text(note, "soft") for note in getattr(result, "notes", ()))


def _told(result: Any, *, rows: int | None = None) -> str:  # noqa: ANN401 - a result
    """Return a result on one line: its class, its rows, and those of its fields that are plain."""
    figures = [
        f"{item.name}={value!r}" if len(repr(value)) <= _SHOWN_FIGURE else f"{item.name}=…"
        for item in fields(result)
        if isinstance(value := getattr(result, item.name), str | int | float) and value != ""
    ]
    counted = [] if rows is None else [f"{rows:,} {agreed(rows, 'row', 'rows')}"]
    told = ", ".join([*counted, *figures[:_SHOWN_FIGURES]])
    return f"<{type(result).__name__}{': ' if told else ''}{told}>"


class Single:
    """A result that is one record."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return what it is, and its figures, on one line."""
        return _told(self)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Self:
        """Return a result from its JSON; see `Tabular.from_json`."""
        return read_result(cls, text)

    def document(self, *, details: bool = False) -> Document:
        """Return what the result says in words: each of its figures; see `Tabular.document`."""
        facts = {item.name.replace("_", " "): getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]
        return (Facts(self._title(), facts),)

    def _title(self) -> str:
        return ""

    def to_markdown(self, *, details: bool = False) -> str:
        """Return the same in Markdown; see `document`."""
        return markdown(self.document(details=details))

    def _repr_html_(self) -> str:
        return notebook(self.document())
