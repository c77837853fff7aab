"""What the insights tell of one period, in one result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.document import agreed
from reviewlens.errors import TooFewReviews
from reviewlens.ground.describing import given_stars, mean_stars, quotes
from reviewlens.ground.differences import adjusted, four_figures
from reviewlens.ground.estimates import Estimate, mean_difference, share
from reviewlens.insights.anomalies import KINDS, find_anomalies
from reviewlens.insights.base import graph_of
from reviewlens.insights.duplicates import find_duplicates
from reviewlens.insights.trends import (
    LEVEL,
    MOST_PERIODS,
    Groups,
    Trend,
    TrendGroup,
    Trends,
    by_theme,
    measure_trends,
)
from reviewlens.insights.trends.periods import period_numbers
from reviewlens.report.claims import claims_of
from reviewlens.report.methods import method_of
from reviewlens.report.periods import Chosen
from reviewlens.report.results import (
    CopiedReviews,
    Oddity,
    Part,
    Report,
    ReportTheme,
    unread_sentence,
)
from reviewlens.text.contentless import says_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.neighbors import NeighborGraph
    from reviewlens.ground.slices import Slice
    from reviewlens.insights.news import News

    Rows = NDArray[np.intp]

_PARTS = 10
_ODDITIES = 6
_COPIES = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Rows of the period, and of the period before."""

    now: Rows
    before: Rows


def make_report(
    reviews: Slice,
    graph: NeighborGraph,
    chosen: Chosen,
    *,
    labels: Mapping[int, str],
    saved: bool,
    counted: Slice | None = None,
    unread: Collection[str] = (),
    hidden: Collection[int] = (),
    news: News | None = None,
    notes: Sequence[str] = (),
    collection: str = "",
    encoder: str = "",
    filters: str = "all",
    seed: int = 0,
) -> Report:
    """Tell what came in a period, against the period before.

    A theme is asked two questions, as in `trends`: has its share changed against the period
    before, corrected for how many themes there are; and is there a point within the last 24
    periods since when it is another. What is odd and what is copied is sought among all reviews,
    since a text is odd or a copy only beside others, and told where it touches the period.

    Args:
        reviews: All that are not of after the period (see `up_to`); `clusters` holds the theme of
            each, -1 for none.
        graph: Their neighbours.
        chosen: The period; at least one review that is counted is of it.
        labels: What the themes are called.
        saved: Whether they are saved ones.
        counted: The same and those that the encoder does not read, which count in volume, stars and
            copies; the same alone without.
        unread: The languages that it does not read.
        hidden: Themes that are not told.
        news: What is new since they were saved, None where that is not known.
        notes: What the reader should know, to be told with what is found here.
        collection: For the head of the report.
        encoder: Likewise.
        filters: Likewise, in words.
        seed: For the folds in which stars are read from texts.
    """
    import numpy as np

    counted = reviews if counted is None else counted
    history, sides = _sides_of(counted, chosen)
    volume = measure_trends(history, _everything(len(history)), period=chosen.period, min_reviews=1)
    not_read = Counter(code for code in counted.languages if code in unread)
    told = [*([unread_sentence(not_read, encoder)] if not_read else []), *notes, *volume.notes]
    read_history, read = _sides_of(reviews, chosen)
    themes: tuple[ReportTheme, ...] = ()
    if len(read.now):
        themes = _themes(
            reviews, read_history, read, chosen, labels, hidden, saved, told, len(volume.periods)
        )
    else:
        told.append("the encoder reads no review of the period: nothing is told by meaning")
    oddities, odd = _oddities(reviews, graph, read, labels, seed, told)
    copies, copied = _copies(reviews, graph, counted, unread, sides)
    undated = int(np.isnat(counted.times).sum())
    if undated:
        told.append(
            f"{undated:,} of {len(counted):,} reviews "
            f"{agreed(undated, 'has no date and is', 'have no date and are')} of no period"
        )
    listed = {id_ for theme in themes for id_ in theme.review_ids}
    gathered = Report(
        name=chosen.name,
        period=chosen.period,
        first=chosen.first.isoformat(),
        last=chosen.last.isoformat(),
        name_before=chosen.name_before,
        collection=collection,
        encoder=encoder,
        filters=filters,
        claims=(),
        reviews=len(sides.now),
        reviews_before=len(sides.before),
        rate_ratio=_rate_ratio(sides, chosen),
        stars=mean_stars(counted, sides.now),
        stars_before=mean_stars(counted, sides.before),
        stars_change=_stars_change(counted, sides),
        histogram=_histogram(counted, sides.now),
        histogram_before=_histogram(counted, sides.before),
        periods=volume.periods,
        mean_stars=tuple(None if one.stars is None else one.stars.value for one in volume.trends),
        themes=themes,
        themes_saved=saved,
        without_theme=len(read.now) - len(listed),
        news=news,
        products=_parts(counted, counted.products, sides),
        sources=_parts(counted, counted.sources, sides),
        oddities=oddities,
        odd=odd,
        copies=copies,
        copied=copied,
        looked_at=len(counted),
        undated=undated,
        read=len(read.now),
        unread=dict(not_read.most_common()),
        notes=tuple(dict.fromkeys(told)),
        method=(),
    )
    return claims_of(method_of(gathered))


def _sides_of(reviews: Slice, chosen: Chosen) -> tuple[Slice, _Sides]:
    """Return the reviews of the periods that are followed, and the rows of the last two."""
    import numpy as np

    dated = ~np.isnat(reviews.times)
    number = np.full(len(reviews), chosen.number - MOST_PERIODS, dtype=np.int64)
    number[dated] = period_numbers(reviews.times[dated], chosen.period)
    sides = _Sides(
        np.flatnonzero(dated & (number == chosen.number)),
        np.flatnonzero(dated & (number == chosen.number - 1)),
    )
    return reviews.take(np.flatnonzero(dated & (number > chosen.number - MOST_PERIODS))), sides


def _everything(count: int) -> Groups:
    import numpy as np

    return Groups("review", ("all",), np.arange(count), np.zeros(count, np.int32), complete=True)


# -- volume and stars ------------------------------------------------------------------------------


def _rate_ratio(sides: _Sides, chosen: Chosen) -> Estimate | None:
    """Return reviews a day over those of before.

    Given how many there are in both, those of now are binomial; Wilson's interval of their share
    gives that of the ratio.

    Source:
        Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson series",
        Biometrika 31, 1940, for the conditional form.
    """
    now, before = len(sides.now), len(sides.before)
    if not before:
        return None
    part, days = share(now, now + before), chosen.days(-1) / chosen.days()

    def odds(p: float) -> float:
        return round(p / (1 - p) * days, 4)

    return Estimate(round(now / before * days, 4), odds(part.low), odds(part.high))


def _stars_change(reviews: Slice, sides: _Sides) -> Estimate | None:
    now, before = given_stars(reviews, sides.now), given_stars(reviews, sides.before)
    return mean_difference(now, before, low=1.0, high=5.0) if now and before else None


def _histogram(reviews: Slice, rows: Rows) -> dict[str, int]:
    found = Counter(str(int(star + 0.5)) for star in given_stars(reviews, rows))
    return {star: found[star] for star in "12345"} if found else {}


def _parts(reviews: Slice, names: Sequence[str], sides: _Sides) -> tuple[Part, ...]:
    import numpy as np

    rows_of: dict[str, list[int]] = {}
    for row in sides.now.tolist():
        rows_of.setdefault(names[row], []).append(row)
    before = Counter(names[row] for row in sides.before.tolist())
    rows_of.pop("", None)
    ranked = sorted(rows_of, key=lambda name: (-len(rows_of[name]), name))
    return tuple(
        Part(
            name,
            len(rows_of[name]),
            before[name],
            share(len(rows_of[name]), len(sides.now)),
            mean_stars(reviews, np.array(rows_of[name], dtype=np.intp)),
        )
        for name in ranked[:_PARTS]
    )


# -- themes ----------------------------------------------------------------------------------------


def _themes(
    reviews: Slice,
    history: Slice,
    sides: _Sides,
    chosen: Chosen,
    labels: Mapping[int, str],
    hidden: Collection[int],
    saved: bool,  # noqa: FBT001 - of this file alone
    notes: list[str],
    periods: int,
) -> tuple[ReportTheme, ...]:
    import numpy as np

    try:
        groups = by_theme(history, labels, saved=saved)
    except TooFewReviews:
        notes.append(
            f"{len(history):,} dated reviews are too few for themes; wanted at least 20 that say "
            "something"
        )
        return ()
    found = measure_trends(history, groups, period=chosen.period, min_reviews=1)
    notes += found.notes
    numbers = np.unique(history.clusters[history.clusters >= 0]).tolist()
    number_of = dict(zip(groups.names, numbers, strict=True))
    shown = [group for group in found.groups if number_of[group.group] not in hidden]
    rows = _rows_by_group(found)
    earlier = (None,) * (periods - len(found.periods))  # in which no review is read
    compared = [
        (rows[group.group][-1], _before(rows[group.group]))
        for group in shown
    ]  # fmt: skip
    corrected = _corrected(compared)
    made = [
        _theme(reviews, sides, number_of[group.group], group, rows[group.group], p, earlier)
        for group, p in zip(shown, corrected, strict=True)
    ]
    kept = [theme for theme in made if theme.reviews or theme.significant]
    return tuple(sorted(kept, key=lambda theme: (-theme.reviews, theme.cluster)))


def _rows_by_group(found: Trends) -> dict[str, list[Trend]]:
    rows: dict[str, list[Trend]] = {}
    for row in found.trends:
        rows.setdefault(row.group, []).append(row)
    return rows


def _before(rows: Sequence[Trend]) -> Trend | None:
    return rows[-2] if len(rows) > 1 else None


def _corrected(compared: Sequence[tuple[Trend, Trend | None]]) -> list[float | None]:
    """Return p of each theme, corrected for the themes that have a review in either period."""
    import numpy as np

    p = np.array([
        now.p if now.p is not None and before is not None and now.reviews + before.reviews
        else np.nan
        for now, before in compared
    ], dtype=np.float64)  # fmt: skip
    return [None if one != one else four_figures(one) for one in adjusted(p).tolist()]


def _theme(
    reviews: Slice,
    sides: _Sides,
    number: int,
    group: TrendGroup,
    rows: Sequence[Trend],
    p_adjusted: float | None,
    earlier: tuple[None, ...],
) -> ReportTheme:
    own = sides.now[reviews.clusters[sides.now] == number]
    quoted = own if len(own) else sides.before[reviews.clusters[sides.before] == number]
    now, before, point = rows[-1], _before(rows), group.change_point
    return ReportTheme(
        cluster=number,
        label=group.group,
        reviews=len(own),
        reviews_before=0 if before is None else before.reviews,
        share=share(len(own), len(sides.now)),
        share_before=None if before is None else before.share,
        change=now.change,
        p=now.p,
        p_adjusted=p_adjusted,
        significant=p_adjusted is not None and p_adjusted <= LEVEL,
        stars=mean_stars(reviews, own),
        history=(*earlier, *(None if row.share is None else row.share.value for row in rows)),
        since=point if point is not None and point.significant else None,
        quotes=quotes(reviews, quoted),
        review_ids=tuple(reviews.ids[row] for row in own.tolist()),
    )


# -- what is odd, what is copied -------------------------------------------------------------------


def _oddities(
    reviews: Slice,
    graph: NeighborGraph,
    sides: _Sides,
    labels: Mapping[int, str],
    seed: int,
    notes: list[str],
) -> tuple[tuple[Oddity, ...], int]:
    try:
        found = find_anomalies(reviews, graph, n=0, kinds=KINDS, themes=labels, seed=seed)
    except TooFewReviews as error:
        notes.append(f"no oddities were sought: {error}")
        return (), 0
    row_of = {reviews.ids[row]: row for row in sides.now.tolist()}
    # A review that says nothing is common, and no news for a meeting.
    odd = [
        one
        for one in found.anomalies
        if one.review_id in row_of and not says_nothing(one.text, one.title, one.language)
    ]
    return tuple(
        Oddity(
            reviews.quote(row_of[one.review_id]),
            one.product,
            one.score,
            tuple(reason.text for reason in one.reasons),
        )
        for one in odd[:_ODDITIES]
    ), len(odd)


def _copies(
    reviews: Slice,
    graph: NeighborGraph,
    counted: Slice,
    unread: Collection[str],
    sides: _Sides,
) -> tuple[tuple[CopiedReviews, ...], int]:
    """Return the groups that touch the period, without texts so short that chance makes them.

    Reviews that the encoder does not read are copies by their words alone.
    """
    if len(counted) < 2:
        return (), 0
    if len(counted) != len(reviews):
        reviews = counted.meaning_nothing_in(unread)
        graph = graph_of(reviews)
    here = {counted.ids[row] for row in sides.now.tolist()}
    touching = [
        CopiedReviews(group, tuple(one for one in group.review_ids if one in here))
        for group in find_duplicates(reviews, graph).groups
        if "short" not in group.flags and here.intersection(group.review_ids)
    ]
    return tuple(touching[:_COPIES]), len(touching)
