"""What all results have in common: tables, quotes, times."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_CHARACTERS = 300

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
    """Gives a result of rows its table and its HTML."""

    __slots__ = ()

    def _rows(self) -> Sequence[Any]:
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas table, one row each, in order."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self._rows()])

    def _repr_html_(self) -> str:
        rows = [asdict(row) for row in self._rows()]
        return html_table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def html_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an HTML table, every cell escaped and long ones cut."""

    def cell(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        text = "" if value is None else str(value)
        cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
        return f"<td>{html.escape(cut)}</td>"

    head = "".join(f"<th>{html.escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(cell(value) for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class Single:
    """Gives a result that is one record its HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        pairs = [(item.name, getattr(self, item.name)) for item in fields(self)]  # type: ignore[arg-type]
        return html_table(["figure", "value"], pairs)
