"""Sets of themes as rows of Milvus, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reviewlens.store import ThemeRow, chunks
from reviewlens.themes.model import Member, Theme, ThemeSet


def rows_of(found: ThemeSet) -> list[ThemeRow]:
    """Return the rows that hold a set."""
    rows = [
        ThemeRow(
            "set",
            "set",
            {
                "name": found.name,
                "created": found.created,
                "resolution": found.resolution,
                "stability": found.stability,
                "sharpness": found.sharpness,
                "next_number": found.next_number,
            },
        )
    ]
    for theme in found.themes:
        rows.append(row_of(theme))
        rows += [
            ThemeRow("centre", f"{theme.number:06}.{part:06}", {"theme": theme.number}, centre)
            for part, centre in enumerate(theme.centres)
        ]
    for kind, members in (("member", found.members), ("adopted", found.adopted)):
        rows += [
            ThemeRow(kind, f"{place:08}", part)
            for place, part in enumerate(chunks({key: list(one) for key, one in members.items()}))
        ]
    return rows


def row_of(theme: Theme) -> ThemeRow:
    """Return the row that holds a theme, without its centres."""
    data = {
        "number": theme.number,
        "label": theme.label,
        "name": theme.name,
        "terms": list(theme.terms),
        "vocabulary": dict(theme.vocabulary),
        "says_nothing": theme.says_nothing,
        "hidden": theme.hidden,
        "origin": theme.origin,
        "quotes": list(theme.quotes),
    }
    return ThemeRow("theme", f"{theme.number:06}", data)


def set_of(rows: Sequence[ThemeRow], dimension: int) -> ThemeSet:
    """Return the set that rows hold, as far as their kinds are among them."""
    import numpy as np

    rows = sorted(rows, key=lambda row: (row.kind, row.key))  # the parts of a theme have an order
    [head] = [row.data for row in rows if row.kind == "set"]
    centres: dict[int, list[Any]] = {}
    for row in rows:
        if row.kind == "centre":
            centres.setdefault(int(row.data["theme"]), []).append(row.vector)
    themes = []
    for row in rows:
        if row.kind == "theme":
            number = int(row.data["number"])
            own = centres.get(number, [])
            themes.append(
                Theme(
                    number=number,
                    label=row.data["label"],
                    name=row.data["name"],
                    terms=tuple(row.data["terms"]),
                    vocabulary=row.data["vocabulary"],
                    says_nothing=row.data["says_nothing"],
                    hidden=row.data["hidden"],
                    origin=row.data["origin"],
                    quotes=tuple(row.data["quotes"]),
                    centres=np.array(own, dtype=np.float32).reshape(len(own), dimension),
                )
            )
    return ThemeSet(
        name=head["name"],
        created=int(head["created"]),
        resolution=float(head["resolution"]),
        stability=float(head["stability"]),
        sharpness=float(head["sharpness"]),
        next_number=int(head["next_number"]),
        themes=tuple(themes),
        members=_members(rows, "member"),
        adopted=_members(rows, "adopted"),
    )


def _members(rows: Sequence[ThemeRow], kind: str) -> Mapping[str, Member]:
    return {
        key: Member(int(one[0]), float(one[1]), str(one[2]))
        for row in rows
        if row.kind == kind
        for key, one in row.data.items()
    }
