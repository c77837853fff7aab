"""What is said of the columns that were chosen: guesses, rivals, what was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reviewlens.document import shortened
from reviewlens.reading.candidates import by_words
from reviewlens.reading.dates import is_time
from reviewlens.reading.evidence import are_dates, are_ratings, filled
from reviewlens.reading.names import Role, normalise, of_something_else, tells, usual_ranks
from reviewlens.reading.presets import Preset
from reviewlens.reading.ratings import is_rating
from reviewlens.reading.sides import TextPart

# Other columns of these roles would be worth a second look; an author may well have two.
_TELL_RIVALS: tuple[Role, ...] = ("text", "title", "rating", "time")
_SHOWN = 3
_MOST = 1_000  # columns that are looked through for what is missing


def product_note(
    found: Sequence[str], free: Sequence[str], values: Mapping[str, Sequence[str]]
) -> list[str]:
    """Tell of a product's name that is taken rather than a key, or found by its values alone."""
    ranks = usual_ranks("product")
    if not found:
        named = by_words("product", free, values)[:1]
        return [
            f"the product is read from column {name!r}, whose values repeat (--product-column)."
            for name in named
            if not tells("product", name)
        ]
    usual = [name for name in found if normalise(name) in ranks]
    first = min(usual, key=lambda name: ranks[normalise(name)])
    if found[0] == first:
        return []
    return [
        f"the product is read from column {found[0]!r}, a name, rather than from {first!r} "
        f"(--product-column {first!r})."
    ]


def preset_note(preset: Preset) -> str:
    """Tell which export a file was recognised as."""
    return (
        f"read as an export of {preset.title}, by its columns {quoted(preset.marks)} "
        f"(--preset none goes by names and values alone)."
    )


def rivals_of(role: Role, found: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Tell of other columns that could play a role, each with an example that tells them apart."""
    others = [name for name in found[1:] if filled(values[name])][:_SHOWN]
    if not others or role not in _TELL_RIVALS:
        return []
    rows = list(zip(*(values[name] for name in (found[0], *others)), strict=True))
    telling = [row for row in rows if row[0].strip() and any(value != row[0] for value in row[1:])]
    row = max(telling[:50], key=lambda row: sum(bool(v.strip()) for v in row), default=None)
    examples = [f" ({shortened(value.strip())})" for value in row or ()] or [""] * (len(others) + 1)
    rivals = " and ".join(
        f"{name!r}{such}" for name, such in zip(others, examples[1:], strict=False)
    )
    more = ", or give several, which are joined" if role == "text" else ""
    return [
        f"the {role} is read from column {found[0]!r}{examples[0]}; {rivals} could be it too "
        f"(--{role}-column{more})."
    ]


def unnamed_note(name: str) -> str:
    """Tell of a text that is found by its values alone."""
    return f"the text is read from {name!r}, as texts stand in it (--text-column, or --names)."


def joined_note(texts: Sequence[TextPart]) -> str:
    """Tell that a text is joined."""
    names = " and ".join(repr(part.header) for part in texts)
    return (
        f"the text is joined from columns {names}, each behind its mark "
        f"({' … '.join(f'{part.mark}:' for part in texts)}) (--text-column)."
    )


def left_over(role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Tell of columns that plainly hold what no column is read as."""
    holds, is_one = (are_dates, is_time) if role == "time" else (are_ratings, is_rating)
    holding = [name for name in header[:_MOST] if holds(filled(values[name]))]
    own = [name for name in holding if not of_something_else(name)]
    shown = own[:_SHOWN]
    if not shown:
        return []
    what = "dates" if role == "time" else "ratings"
    listed = " and ".join(
        f"{name!r} holds {what}, such as {_examples(filter(is_one, filled(values[name])))}"
        for name in shown
    )
    return [f"no column is read as the {role}; {listed} (--{role}-column {shown[0]!r})."]


def _examples(values: Iterable[str]) -> str:
    return ", ".join(shortened(value) for value in list(dict.fromkeys(values))[:2])


def quoted(names: Sequence[str]) -> str:
    """Return names for a message."""
    return " and ".join(map(repr, names))
