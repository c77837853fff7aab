"""Which columns could play a role, by their names and by what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from reviewlens.document import shortened
from reviewlens.reading.dates import is_serial, is_time
from reviewlens.reading.evidence import (
    PLAINLY,
    are_names,
    are_ratings,
    are_texts,
    filled,
    is_list,
    is_measured,
    is_on_scale,
    is_written_date,
    repeat,
    share,
)
from reviewlens.reading.names import Role, asks_for_rating, normalise, tells, usual_ranks
from reviewlens.reading.personal import are_kinds, names_author
from reviewlens.reading.placeholders import is_placeholder
from reviewlens.reading.ratings import is_rating

# A product's name is worth more than its key; a company's is not the product's.
_PRODUCT_NAMES = """
product productname producttitle producthandle appname gametitle gamename hotelname itemname
itemtitle businessname booktitle produkt produktname produit producto prodotto produto urun produk
"""
# What may as well be the title of what is reviewed.
_TITLES = ("title", "titel", "titre", "titulo", "titolo")


def by_usual_name(
    role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Find the columns that could play a role, best first, and say which are refused and why.

    Of those refused only what would else have been taken is told.
    """
    ranks = usual_ranks(role)
    names = frozenset(header)
    called = {name: normalise(_as_written(name, names)) for name in header}
    named = [name for name in header if called[name] in ranks]
    named.sort(key=lambda name: ranks[called[name]])
    found: list[str] = []
    refused: list[str] = []
    for name in named:
        if complaint := complaint_of(role, name, values[name]) or _doubt(role, values[name]):
            if not found:
                insists = (
                    f" (--{role}-column {name!r} insists)" if _fits(role, values[name]) else ""
                )
                refused.append(f"column {name!r} is not used as the {role}: {complaint}{insists}.")
        else:
            found.append(name)
    if len(found) > 1 or (found and role == "product"):
        found = _best_first(role, found, header, values)
    return found, refused


def _as_written(name: str, header: Collection[str]) -> str:
    """Return a name without the number that tells it from another column of the same name."""
    first, _, number = name.rpartition("_")
    return first if number.isdecimal() and first in header else name


def _best_first(
    role: Role, found: list[str], header: Sequence[str], values: Mapping[str, Sequence[str]]
) -> list[str]:
    """Put the columns first whose values are plainly those of the role."""

    def plain(name: str) -> bool:
        some = filled(values[name])
        if role == "text":
            return are_texts(some)
        if role == "rating":
            return is_on_scale(some) and len(set(some)) > 1
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


def by_words(role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Find columns whose names have the words of a role, and whose values leave no doubt."""

    def fits(name: str) -> bool:
        some = filled(values[name])
        if role == "text":
            return tells(role, name) and are_texts(some)
        if role == "rating":
            return (tells(role, name) or asks_for_rating(name)) and is_on_scale(some)
        if role == "time":
            return tells(role, name) and bool(some) and share(some, is_time) >= PLAINLY
        if role == "product" and normalise(name) in (*_TITLES, "name"):
            return repeat(some) and are_names(some)
        if role == "author" and names_author(name, values[name]):
            return True
        return role != "id" and tells(role, name)

    found = [n for n in header if fits(n) and not complaint_of(role, n, values[n])]
    if role == "author":
        found.sort(key=lambda name: not tells(role, name))
    if role == "rating":  # before verdicts
        found.sort(key=lambda name: not are_ratings(filled(values[name])))
    return found


def _doubt(role: Role, values: Sequence[str]) -> str:
    """Say what speaks against a column that only its name makes one of a role."""
    some = filled(values)
    if role == "rating" and is_measured(some):
        return f"it holds measured numbers, such as {shortened(some[0])}"
    return ""


def _is_figure(value: str) -> bool:
    """Tell whether it is a rating in figures or signs; `one` and `true` may be texts."""
    return not value.isalpha() and is_rating(value)


def _fits(role: Role, values: Sequence[str]) -> bool:
    """Tell whether any value can be what the role is for; where none can, insisting fails."""
    if role == "rating":
        return any(map(is_rating, values))
    return role != "time" or any(is_time(value) or is_serial(value) for value in values)


def complaint_of(role: Role, name: str, values: Sequence[str]) -> str:
    """Say why a column cannot play a role, empty where it can: what most of its values are."""
    some = [value.strip() for value in values if value.strip() and not is_placeholder(value)]
    if not some:
        return ""
    example = f"such as {shortened(some[0])}"
    if role == "text" and share(some, _is_figure) > 0.5:
        return f"it holds numbers, {example}"
    if role == "text" and share(some, is_list) > 0.5:
        return f"it holds lists of objects, {example}"
    if role == "text" and share(some, is_written_date) > 0.5:
        return f"it holds dates, {example}"
    if role == "rating" and share(some, is_rating) < 0.5:
        return f"it holds mostly no numbers, {example}"
    if role == "time" and max(share(some, is_time), share(some, is_serial)) < 0.5:
        return f"it holds mostly no dates, {example}"
    if role == "title" and normalise(name) in _TITLES and repeat(some):
        return f"its values repeat, as names of products do, {example}"
    if role == "author" and normalise(name) == "name" and len(set(some)) < 0.5 * len(some):
        return "its values repeat, as names of products do"
    if role == "author" and are_kinds(name, some):
        return f"it holds kinds of customers, {example}"
    return ""
