"""Names of people under the keys of lists in JSON cells: `[{"name": "Anna", "comment": "…"}]`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from reviewlens.reading.names import normalise, words_of
from reviewlens.reading.personal import is_mere_owner, personal_kind

_DEEPEST = 20
_SHORTEST = len('{"name":"A"}')
# What beside a `name` says that it is a person's, and what the list of people is called.
_BESIDE = frozenset(
    """
    text comment comments reply body message content review feedback answer rating stars score
    email phone avatar date created createdat time timestamp likes age gender role country city
    """.split()  # noqa: SIM905
)
_LISTS = frozenset(
    """
    reply replies comment comments answer answers response responses author authors reviewer
    reviewers customer customers user users guest guests people person persons staff member members
    respondent respondents buyer buyers contributor contributors participant participants
    """.split()  # noqa: SIM905
)
# These are of things whatever stands beside their name.
_THINGS = frozenset("price sku quantity qty ean asin unit amount currency brand variant".split())  # noqa: SIM905
_PERSONS = frozenset(("author", "customer", "reviewer", "user", "guest", "buyer", "commenter"))


def lists_of_people(cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells that are an object or a list of such in JSON; cheap."""
    if max(map(len, cells), default=0) < _SHORTEST:
        return []
    return [
        number
        for number, cell in enumerate(cells)
        if cell[:1] in "[{" and len(cell) >= _SHORTEST and '":' in cell
    ]


def mask_people(header: str, cell: str, token: Callable[[str], str]) -> tuple[str, int]:
    """Return a JSON cell with names of people masked, and how many these were.

    Args:
        header: Of the cell's column; it may say that the list is of people.
        cell: The cell.
        token: Returns what stands for a name.
    """
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return cell, 0
    masked: list[str] = []

    def put(name: str) -> str:
        made = token(name)
        if made != name:  # no token already
            masked.append(name)
        return made

    made = _masked(value, put, _DEEPEST, people=_of_people(header))
    return (json.dumps(made, ensure_ascii=False), len(masked)) if masked else (cell, 0)


def _of_people(key: str) -> bool:
    return not _LISTS.isdisjoint(words_of(key.rpartition(".")[2]))


def _masked(value: object, put: Callable[[str], str], deep: int, *, people: bool) -> object:
    """Return a value of JSON with the names in it masked; `people`: whether it is of these."""
    if deep and isinstance(value, list):
        return [_masked(one, put, deep - 1, people=people) for one in value]
    if not deep or not isinstance(value, dict):
        return value
    keys = {normalise(key) for key in value}
    named = _THINGS.isdisjoint(keys) and (people or not _BESIDE.isdisjoint(keys))
    return {
        key: put(one)
        if isinstance(one, str) and one.strip() and _is_name(key, named=named)
        else _masked(one, put, deep - 1, people=_of_people(key))
        for key, one in value.items()
    }


def _is_name(key: str, *, named: bool) -> bool:
    plain = normalise(key)
    if plain in ("name", "naam", "nom", "nombre", "nome"):
        return named
    return plain in _PERSONS or (personal_kind(key) == "person" and not is_mere_owner(key))
