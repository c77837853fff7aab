"""Exports whose columns are known: what marks each, and which column plays which role."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from reviewlens.errors import InputError, nearest
from reviewlens.reading.names import Role, normalise
from reviewlens.reading.ratings import Scale
from reviewlens.reading.sides import TextPart

NO_PRESET = "none"
"""What switches presets off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An export of a make; see `presets.toml` for what each field means."""

    name: str
    title: str
    source: str
    marks: tuple[str, ...]
    columns: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    without: tuple[Role, ...] = ()
    sides: Mapping[str, str] = field(default_factory=dict)
    nothing: tuple[str, ...] = ()
    scale: Scale | None = None
    id_in: str = ""
    asks: bool = False
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a preset says of the columns of one file.

    Attributes:
        preset: The preset.
        columns: Role to header.
        texts: The columns that make up the text together; else empty.
        unused: Headers that play no role.
    """

    preset: Preset
    columns: Mapping[Role, str]
    texts: tuple[TextPart, ...]
    unused: frozenset[str]


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets."""
    text = files("reviewlens.reading").joinpath("presets.toml").read_text(encoding="utf-8")
    return tuple(_preset(**entry) for entry in tomllib.loads(text)["preset"])


def find_preset(
    header: Sequence[str], wanted: str | None = None, *, held: Container[str] | None = None
) -> Assigned | None:
    """Find the preset of an export by its columns.

    Args:
        header: The columns' names.
        wanted: A preset's name, which is taken if its columns are there; `none` for none.
        held: The columns that hold something, which go first for a role; all without.

    Returns:
        The one with the most columns to mark it; None where there is none.

    Raises:
        InputError: There is no preset of this name, or the columns that mark it are missing.
    """
    if wanted == NO_PRESET:
        return None
    by_key = {normalise(name): name for name in reversed(header)}
    held = header if held is None else held
    if wanted:
        preset = named_preset(wanted)
        missing = [mark for mark in preset.marks if normalise(mark) not in by_key]
        if missing:
            raise InputError(
                f"this is no export of {preset.title}: it has no column "
                f"{' and none '.join(map(repr, missing))} (--preset none reads it by names)",
                field="preset",
            )
        return _assigned(preset, by_key, held)
    marked = [p for p in presets() if all(normalise(mark) in by_key for mark in p.marks)]
    best = max(marked, key=lambda preset: len(preset.marks), default=None)
    return None if best is None else _assigned(best, by_key, held)


def named_preset(name: str) -> Preset:
    """Return the preset of a name.

    Raises:
        InputError: There is none.
    """
    by_name = {preset.name: preset for preset in presets()}
    if name in by_name:
        return by_name[name]
    near = nearest(name, by_name)
    hint = f"did you mean {near!r}?" if near else "`ingest --presets` lists them."
    raise InputError(f"There is no preset {name!r}; {hint}", field="preset")


def id_of(value: str, pattern: str) -> str:
    """Return what of a cell is the id; the cell itself where the pattern finds nothing in it.

    Args:
        value: What stands in the id column.
        pattern: `Preset.id_in`; empty where the cell is the id.
    """
    match = re.search(pattern, value) if pattern else None
    return value if match is None else match[1]


def scales_of(exports: Iterable[tuple[Preset | None, Iterable[str]]]) -> dict[str, Scale]:
    """Return the scale of each source whose files are all of exports with one and the same.

    Args:
        exports: For each file its preset, None for none, and the sources that it rates.
    """
    found: dict[str, set[Scale | None]] = {}
    for preset, sources in exports:
        for source in sources:
            found.setdefault(source, set()).add(preset.scale if preset else None)
    return {
        source: scale
        for source, scales in found.items()
        if len(scales) == 1 and (scale := next(iter(scales))) is not None
    }


def _assigned(preset: Preset, by_key: Mapping[str, str], held: Container[str]) -> Assigned:
    def present(names: Sequence[str]) -> list[str]:
        return [by_key[normalise(name)] for name in names if normalise(name) in by_key]

    columns = {
        role: next((name for name in found if name in held), found[0])
        for role, names in preset.columns.items()
        if (found := present(names))
    }
    sides = [(present([name]), mark) for name, mark in preset.sides.items()]
    texts = tuple(TextPart(header, mark) for some, mark in sides for header in some)
    if texts:
        columns = {"text": texts[0].header, **columns}
    return Assigned(preset, columns, texts, frozenset(present(preset.unused)))


def _preset(
    *,
    columns: Mapping[Role, str | list[str]],
    scale: Sequence[float] = (),
    marks: Sequence[str],
    without: Sequence[Role] = (),
    nothing: Sequence[str] = (),
    unused: Sequence[str] = (),
    name: str,
    title: str,
    source: str,
    sides: Mapping[str, str] | None = None,
    id_in: str = "",
    asks: bool = False,
) -> Preset:
    return Preset(
        name=name,
        title=title,
        source=source,
        marks=tuple(marks),
        columns={
            role: (some,) if isinstance(some, str) else tuple(some)
            for role, some in columns.items()
        },
        without=tuple(without),
        sides=sides or {},
        nothing=tuple(nothing),
        scale=(float(scale[0]), float(scale[1])) if scale else None,
        id_in=id_in,
        asks=asks,
        unused=tuple(unused),
    )
