"""The rating scale of each source, and what is doubtful about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from reviewlens.document import agreed, counted
from reviewlens.reading.ratings import (
    NPS,
    OUTLIERS,
    TOPS,
    Rating,
    Scale,
    guess_scale,
    names_other,
    outside,
    to_stars,
)

_FEW = 0.1


def settle_scales(
    ratings: Iterable[Mapping[tuple[str, Rating], int]],
    given: Scale | None,
    known: Mapping[str, Scale],
    nps: Collection[str] = (),
) -> tuple[dict[str, Scale], list[str]]:
    """Settle the scale of each source over all files.

    Args:
        ratings: For each file how often each source gives each rating.
        given: The user's scale, which holds for all.
        known: The scale on which each source was read before; it holds while it fits 99 % of the
            ratings.
        nps: Sources whose column of ratings says that it holds net promoter scores; they are on
            0..10 if 99 % of the ratings fit.

    Returns:
        The scales of the sources that have one, and notes for the user.
    """
    by_source: dict[str, Counter[Rating]] = {}
    for counts in ratings:
        for (source, rating), count in counts.items():
            by_source.setdefault(source, Counter())[rating] += count
    scales: dict[str, Scale] = {}
    notes: list[str] = []
    for source, found in sorted(by_source.items()):
        of = f" of source {source!r}" if source else ""
        scale, guessed = given, False
        if scale is None and source in nps and outside(found, NPS) <= OUTLIERS * found.total():
            scale = NPS
            notes.append(
                f"The ratings{of} are read as net promoter scores, 0..10, as their column is "
                f"called (--rating-scale LOW..HIGH)."
            )
        elif scale is None:
            scale = known.get(source)
            if not scale or outside(found, scale) > OUTLIERS * found.total():
                scale, guessed = guess_scale(found), True
        if scale is None:
            numbers = [rating.number for rating in found]
            notes.append(
                f"The ratings{of} run from {min(numbers):g} to {max(numbers):g}, which is no "
                f"usual scale; they are kept as given, without stars (--rating-scale "
                f"LOW..HIGH)."
            )
            continue
        scales[source] = scale
        lost = Counter({r: n for r, n in found.items() if to_stars(r, scale) is None})
        notes += _apart(found, lost, scale, of)
        if not given and not (scale == NPS and source in nps):
            notes += _doubts(found - lost, scale, of, guessed=guessed)
    return scales, notes


def _apart(counts: Counter[Rating], lost: Counter[Rating], scale: Scale, of: str) -> list[str]:
    """Tell the ratings that have no stars, and those that are read by a scale of their own."""
    notes = []
    zeros = sum(n for rating, n in lost.items() if rating.number == 0 and scale[0] == 1)
    if zeros:
        notes.append(
            f"{zeros:,} of {counted(counts.total(), 'rating')}{of} "
            f"{agreed(zeros, 'is 0 and is', 'are 0 and are')} taken as not rated, as the "
            f"scale is {_shown(scale)}; if 0 is the lowest rating, give "
            f"--rating-scale 0..{scale[1]:g}."
        )
        lost = Counter({rating: n for rating, n in lost.items() if rating.number != 0})
    if lost:
        gone = lost.total()
        notes.append(
            f"{counted(gone, 'rating')}{of} {agreed(gone, 'lies', 'lie')} outside {_shown(scale)}; "
            f"{agreed(gone, 'it is', 'they are')} kept as "
            f"given, without stars, such as {_commonest(lost)} (--rating-scale LOW..HIGH)."
        )
    others = {r: n for r, n in counts.items() if names_other(r, scale) and r not in lost}
    if others:
        own = sum(others.values())
        name = agreed(own, "names a highest one of its", "name a highest one of their")
        notes.append(
            f"{counted(own, 'rating')}{of} {name} own, such as {_commonest(others)}, and "
            f"{agreed(own, 'is', 'are')} read by it; the scale is {_shown(scale)} "
            f"(--rating-scale LOW..HIGH)."
        )
    return notes


def _doubts(counts: Counter[Rating], scale: Scale, of: str, *, guessed: bool) -> list[str]:
    """Tell where a few ratings, or none, speak for the ends of the scale."""
    low, high = scale
    total = counts.total()
    if not total:
        return []
    highest = max((r.number for r in counts if not names_other(r, scale)), default=high)
    if high > 5 and highest < 0.8 * high:
        return [
            f"The ratings{of} reach {highest:g} and are read as {_shown(scale)}; if their scale is "
            f"another, give --rating-scale."
        ]
    if not guessed:
        return []
    smaller = max((top for top in TOPS if 1 < top < high), default=0.0)
    if 2 * sum(n for r, n in counts.items() if r.out_of == high) > total:
        plain = Counter({r: n for r, n in counts.items() if not r.out_of})
        if not plain or not smaller or max(r.number for r in plain) > smaller:
            return []
        return [
            f"{plain.total():,} of {counted(total, 'rating')}{of} "
            f"{agreed(plain.total(), 'names', 'name')} no highest one, such as "
            f"{_commonest(plain)}, and {agreed(plain.total(), 'is', 'are')} read as "
            f"{_shown(scale)} like the others; if {agreed(plain.total(), 'it is', 'they are')} of "
            f"{smaller:g}, give these a --source of their own, or --rating-scale."
        ]
    if {rating.number for rating in counts} == {1.0}:
        return [
            f"{agreed(total, 'The only rating', f'All {total:,} ratings')}{of} "
            f"{agreed(total, 'is 1 and is', 'are 1 and are')} read as {_shown(scale)}; if 1 is the "
            f"best, give --rating-scale 0..1."
        ]
    notes = []
    above = {r: n for r, n in counts.items() if smaller and r.number > smaller and not r.out_of}
    if above and sum(above.values()) <= _FEW * total:
        notes.append(
            f"{sum(above.values()):,} of {counted(total, 'rating')}{of} above {smaller:g}, such as "
            f"{_commonest(above)}, {agreed(sum(above.values()), 'makes', 'make')} the scale "
            f"{_shown(scale)}; if "
            f"{agreed(sum(above.values()), 'it is an error', 'they are errors')}, give "
            f"--rating-scale {low:g}..{smaller:g}."
        )
    below = {r: n for r, n in counts.items() if r.number < 1}
    if low == 0 and 1 < high <= 10:
        notes.append(
            f"{sum(below.values()):,} of {counted(total, 'rating')}{of} below 1, such as "
            f"{_commonest(below)}, {agreed(sum(below.values()), 'makes', 'make')} the scale "
            f"{_shown(scale)}; if "
            f"{agreed(sum(below.values()), 'it stands', 'they stand')} for no rating, "
            f"give --rating-scale 1..{high:g}."
        )
    return notes


def _shown(scale: Scale) -> str:
    return f"{scale[0]:g}..{scale[1]:g}"


def _commonest(counts: Mapping[Rating, int]) -> str:
    rating = max(counts, key=lambda rating: (counts[rating], rating))
    return f"{rating.number:.12g}" + (f"/{rating.out_of:g}" if rating.out_of else "")
