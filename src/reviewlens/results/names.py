"""Names of fields in JSON and tables, where Python keeps one for itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar


def json_name(name: str) -> str:
    """Return what a field is called in JSON: `for_` is `for`."""
    return name.removesuffix("_")


def as_json(result: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return a result as its JSON has it."""
    return asdict(result, dict_factory=_named)


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {json_name(name): value for name, value in pairs}


class Sided:
    """A result with `for_` and `against`; its fields have their names of JSON in the API, too."""

    __slots__ = ()
    # What FastAPI's pydantic goes by, which is not needed for the rest.
    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "alias_generator": json_name,
        "populate_by_name": True,
    }
