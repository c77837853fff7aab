"""Which of the new clusters is which of the old themes?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.document import Document, Text
from reviewlens.results import Single

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.themes.model import ThemeSet

LEAST_SHARED = 0.2
"""Jaccard index below which a new theme does not go on as an old one."""
LEAST_PART = 0.25
"""Share of an old theme's reviews, or of a new one's, that is told as a part of it."""
_CENTRES_WEIGHT = 0.2


@dataclass(frozen=True, slots=True, repr=False)
class Refit(Single):
    """What became of the old themes.

    Attributes:
        kept: Old themes that go on, with the share of the reviews of both that both have, 0..1.
        born: New themes that no old one goes on as.
        died: Old themes that do not go on.
        split: Old themes a quarter of whose reviews or more are in each of several new ones.
        merged: New themes a quarter of whose reviews or more are of each of several old ones.
    """

    kept: dict[int, float]
    born: tuple[int, ...]
    died: tuple[int, ...]
    split: dict[int, tuple[int, ...]]
    merged: dict[int, tuple[int, ...]]

    def document(self, *, details: bool = False) -> Document:
        """Return what became of the old themes, a line each; see `Single.document`."""

        def named(numbers: Sequence[int]) -> str:
            return ", ".join(map(str, numbers))

        told = [f"{len(self.kept)} themes go on with their numbers and names"]
        if self.born:
            told.append(f"new: {named(self.born)}")
        if self.died:
            told.append(f"gone: {named(self.died)}")
        told += [f"{old} was split among {named(parts)}" for old, parts in self.split.items()]
        told += [f"{new} was merged of {named(parts)}" for new, parts in self.merged.items()]
        return tuple(map(Text, told))


def match_themes(old: ThemeSet, new: ThemeSet, before: Mapping[str, int]) -> tuple[ThemeSet, Refit]:
    """Give new themes the numbers and names of the old ones that they go on as.

    Pairs are chosen for the largest sum of the Jaccard indices of their reviews and, with less
    weight, the cosines of their centres (Hungarian algorithm); a pair that shares little is none.
    Numbers of themes that died are not given again.

    Args:
        old: The set that was saved.
        new: One just made, with numbers of its own.
        before: The old theme of reviews, by id.

    Source:
        Kuhn, "The Hungarian method for the assignment problem", 1955.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    ours, theirs = list(old.themes), list(new.themes)
    counts = np.zeros((len(ours), len(theirs)))
    row = {theme.number: place for place, theme in enumerate(ours)}
    column = {theme.number: place for place, theme in enumerate(theirs)}
    for review_id, member in new.members.items():
        if (own := before.get(review_id)) in row:
            counts[row[own], column[member.theme]] += 1
    # What is new since, or deleted, is no difference between the two.
    union = counts.sum(1, keepdims=True) + counts.sum(0, keepdims=True) - counts
    jaccard = np.divide(counts, union, out=np.zeros_like(counts), where=union > 0)
    silent = np.array([[a.says_nothing == b.says_nothing for b in theirs] for a in ours])
    near = np.array([[_cosine(a.centres, b.centres) for b in theirs] for a in ours])
    value = np.where(silent, jaccard + _CENTRES_WEIGHT * near, -1.0)
    pairs = [
        (int(one), int(other))
        for one, other in zip(*linear_sum_assignment(value, maximize=True), strict=True)
        if silent[one, other] and (jaccard[one, other] >= LEAST_SHARED or ours[one].says_nothing)
    ]
    number = {theirs[other].number: ours[one].number for one, other in pairs}
    next_number = old.next_number
    for theme in theirs:
        if theme.number not in number:
            number[theme.number] = next_number
            next_number += 1
    name = {ours[one].number: ours[one] for one, _ in pairs}
    themes = []
    for theme in theirs:
        was = name.get(number[theme.number])
        changed = replace(theme, number=number[theme.number])
        if was is not None:
            changed = replace(changed, name=was.name, hidden=was.hidden, origin=was.origin)
        themes.append(changed)
    members = {key: one._replace(theme=number[one.theme]) for key, one in new.members.items()}
    result = replace(
        new,
        name=old.name,
        next_number=next_number,
        themes=tuple(sorted(themes, key=lambda theme: theme.number)),
        members=members,
    )
    return result, Refit(
        kept={ours[a].number: round(float(jaccard[a, b]), 4) for a, b in sorted(pairs)},
        born=tuple(sorted(set(number.values()) - set(name))),
        died=tuple(theme.number for theme in ours if theme.number not in name),
        split=_parts(
            counts, [theme.number for theme in ours], [number[theme.number] for theme in theirs]
        ),
        merged=_parts(
            counts.T, [number[theme.number] for theme in theirs], [theme.number for theme in ours]
        ),
    )


def _parts(
    counts: NDArray[np.float64], of: list[int], among: list[int]
) -> dict[int, tuple[int, ...]]:
    found = {}
    for number, row in zip(of, counts, strict=True):
        total = row.sum()
        parts = [
            other
            for other, count in zip(among, row, strict=True)
            if total and count >= LEAST_PART * total
        ]
        if len(parts) > 1:
            found[number] = tuple(sorted(parts))
    return found


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the cosine of two themes' mean centres."""
    import numpy as np

    if not len(one) or not len(other):
        return 0.0
    a, b = one.mean(axis=0), other.mean(axis=0)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-12))
