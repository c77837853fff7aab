"""Tables in parts, of which only the first has a header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reviewlens.reading.dates import is_time
from reviewlens.reading.files import Input
from reviewlens.reading.names import Role
from reviewlens.reading.ratings import is_rating
from reviewlens.reading.tables import Form, open_table


def goes_on(source: Input, form: Form, header: Sequence[str], columns: Mapping[Role, str]) -> bool:
    """Tell whether a table has no header, and goes on where another one ended.

    It does where its first line is as wide, holds none of the other's names, and has a rating and a
    date where the other one has these.

    Args:
        source: The table.
        form: How it is read.
        header: Of the other one.
        columns: The columns of the other one by role.
    """
    if source.form == "document" or form.names is not None:
        return False
    with open_table(source, form) as table:
        line = table.line
    if len(line) != len(header) or set(line) & set(header):
        return False
    cells = dict(zip(header, line, strict=True))
    typed = [
        told(cells[name])
        for told, name in ((is_rating, columns.get("rating")), (is_time, columns.get("time")))
        if name
    ]
    return bool(typed) and all(typed)
