"""What is kept with a collection in Milvus' own properties, read and checked when it is opened."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from reviewlens.errors import SchemaMismatch
from reviewlens.store.schema import OLDEST_VERSION, SCHEMA_VERSION

PREFIX = "reviewlens."

WRITTEN = f"{PREFIX}written."
"""What the names of properties begin with that tell when a server's collection was last written to.

They are of that collection on that server and are not carried anywhere: `ours` leaves them out."""


def ours(description: Mapping[str, Any]) -> dict[str, str]:
    """Return what reviewlens keeps with a described collection, by name."""
    return {
        key.removeprefix(PREFIX): str(value)
        for key, value in description.get("properties", {}).items()
        if key.startswith(PREFIX) and not key.startswith(WRITTEN)
    }


def read_properties(description: Mapping[str, Any], name: str, uri: str) -> dict[str, str]:
    """Return the properties of ours of a described collection, by name.

    Args:
        description: As Milvus describes the collection.
        name: What the user calls it.
        uri: Where it is.

    Raises:
        SchemaMismatch: It is not ours, of another schema version, or its properties are spoilt.
    """
    properties = ours(description)
    where = f"the collection {name!r} at {uri}"
    if not properties:
        raise SchemaMismatch(
            f"{where} was not made by reviewlens; choose another name with --collection"
        )
    version = properties.get("schema", "")
    if version.isdecimal() and not OLDEST_VERSION <= int(version) <= SCHEMA_VERSION:
        newer = int(version) > SCHEMA_VERSION
        by, cure = ("a newer", "update this one, or ") if newer else ("an older", "")
        raise SchemaMismatch(
            f"{where} was made by {by} reviewlens (schema version {version}, this one reads "
            f"{OLDEST_VERSION} to {SCHEMA_VERSION}): {cure}let that one `export` the reviews to a "
            "file, and ingest the file with this one under another --collection"
        )
    for key, (usable, wanted) in _WANTED.items():
        if not usable(properties.get(key, "")):
            raise _spoilt(where, key, properties.get(key), wanted)
    dimension = _dimension(description)
    if dimension is not None and int(properties["dimension"]) != dimension:
        wanted = f"{dimension}, as many as its vectors have numbers"
        raise _spoilt(where, "dimension", properties["dimension"], wanted)
    return properties


def _spoilt(where: str, key: str, value: str | None, wanted: str) -> SchemaMismatch:
    shown = "missing" if value is None else f"{value[:80]!r}"
    return SchemaMismatch(
        f"{where} cannot be used, for something has changed what is kept with it: the property "
        f"{PREFIX}{key} is {shown}, wanted {wanted}. Give it back with a Milvus client "
        "(alter_collection_properties); or ingest the files again under another --collection"
    )


def _dimension(description: Mapping[str, Any]) -> int | None:
    """Return the length of the vectors, None where the description does not tell."""
    for field in description.get("fields", ()):
        if field.get("name") == "vector":
            found = field.get("params", {}).get("dim")
            return None if found is None else int(found)
    return None


def _is_columns(text: str) -> bool:
    kept = _decoded(text or "{}")
    return (
        isinstance(kept, dict)
        and _are_texts(kept.get("extra", []))
        and isinstance(mapped := kept.get("mapped", {}), dict)
        and _are_texts(list(mapped.values()))
    )


def _is_scales(text: str) -> bool:
    kept = _decoded(text or "{}")
    return isinstance(kept, dict) and all(
        isinstance(ends, list)
        and len(ends) == 2
        and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
        for ends in kept.values()
    )


def _is_languages(text: str) -> bool:
    kept = _decoded(text or "{}")
    return isinstance(kept, dict) and all(
        _are_texts(kept.get(name, [])) for name in ("read", "met")
    )


def _is_made_with(text: str) -> bool:
    kept = _decoded(text or "{}")
    return (
        isinstance(kept, dict)
        and kept.keys() <= {"window", "sources"}
        and type(kept.get("window", 0)) is int
        and isinstance(sources := kept.get("sources", {}), dict)
        and all(isinstance(one, dict) for one in sources.values())
    )


def _is_boilerplate(text: str) -> bool:
    kept = _decoded(text or "{}")
    return (
        isinstance(kept, dict)
        and kept.keys() <= {"sentences", "former"}
        and all(map(_are_texts, kept.values()))
    )


def _is_mask(text: str) -> bool:
    kept = _decoded(text or "{}")
    return kept == {} or (
        isinstance(kept, dict)
        and isinstance(salt := kept.get("salt"), str)
        and re.fullmatch(r"(?:[0-9a-f]{2}){8,64}", salt) is not None
        and kept.get("what") in ("all", "author")
    )


def _are_texts(values: Any) -> bool:  # noqa: ANN401 - decoded JSON
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _decoded(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except ValueError:
        return None


_WANTED: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "schema": (str.isdecimal, f"the schema version, {OLDEST_VERSION} to {SCHEMA_VERSION}"),
    "encoder": (bool, "the name of the encoder that its vectors are of"),
    "fingerprint": (bool, "the fingerprint of the encoder that its vectors are of"),
    "dimension": (str.isdecimal, "how many numbers its vectors have"),
    "columns": (_is_columns, 'JSON such as {"extra": ["city"], "mapped": {"stars": "rating"}}'),
    "scales": (_is_scales, 'JSON such as {"shop": [1, 5]}'),
    "languages": (_is_languages, 'JSON such as {"read": ["en"], "met": ["de", "en"]}'),
    "boilerplate": (_is_boilerplate, 'JSON such as {"sentences": ["Sent from my phone"]}'),
    "mask": (_is_mask, 'JSON such as {"salt": "00…ff", "what": "all"}'),
    "made": (_is_made_with, 'JSON such as {"window": 254, "sources": {"": {"long": "split"}}}'),
}
"""Of each property that is read at every opening: whether it can be, and what it should be."""
