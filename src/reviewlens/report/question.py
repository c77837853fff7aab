"""`report`: one page for a period's meeting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from reviewlens.errors import TooFewReviews
from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.ground.slices import Slice
from reviewlens.insights.base import graph_of, slice_of, themed
from reviewlens.insights.news import News
from reviewlens.insights.trends import Period
from reviewlens.questions import Face, Ge
from reviewlens.report import Report, check_output, choose_period, make_report, up_to, write_report
from reviewlens.results import OnProgress
from reviewlens.session import Lease
from reviewlens.themes import ThemeSet, news_of, saved_themes


def report(
    lease: Lease,
    *outputs: Annotated[str | Path, Face(flag="-o/--output", metavar="FILE", local=True)],
    period: Period = "month",
    of: Annotated[str | None, Face(metavar="NAME")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Report:
    """Tell what reviews of a period say, against the period before, and write it to files.

    Themes are the saved ones; where none are saved, clusters found now, and a note says so.
    Reviews of after the period are left out of everything, so that its report stays the same
    when later ones come in. Reviews in a language that the encoder does not read count in volume
    and stars, and are left out of what goes by meaning.

    Args:
        *outputs: Files to write: .html, .md or .xlsx.
        period: `day`, `week` (ISO 8601), `month`, `quarter` or `year`.
        of: Its name, such as `2026-10`, `2026-W40` or `2026-Q4`; without it the latest that has
            reviews.
        seed: For clusters found now, for news and for oddities.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: There is no review, none has a date, or none is of this period.
        InputError: The period or its name is none, or a file cannot be written.
        MissingExtra: A format needs a package that is not installed, or a review is
            Chinese or Japanese and the extra `cjk` is not.
    """
    for output in outputs:
        check_output(output)
    store = lease.store
    unread = store.languages.unread
    counted = slice_of(lease, fewest=1, purpose="a report", unread=True, on_progress=on_progress)
    chosen = choose_period(counted.times, period, of)
    counted = up_to(counted, chosen)
    reviews = counted.without_languages(unread)
    graph = graph_of(reviews, on_progress)
    saved = bool((reviews.clusters >= 0).any())
    themes = saved_themes(store) if saved else None
    notes: list[str] = []
    news = None if themes is None else _news(reviews, graph, themes, seed, notes)
    reviews, labels = themed(lease, reviews, seed=seed, on_progress=on_progress, graph=graph)
    found = make_report(
        reviews,
        graph,
        chosen,
        counted=counted,
        unread=unread,
        labels=labels,
        saved=saved,
        hidden={one.number for one in themes.themes if one.hidden} if themes else (),
        news=news,
        notes=notes,
        collection=store.name,
        encoder=store.pin.encoder,
        filters=str(lease.filters),
        seed=seed,
    )
    for output in outputs:
        write_report(found, output)
    return found


def _news(
    reviews: Slice, graph: NeighborGraph, themes: ThemeSet, seed: int, notes: list[str]
) -> News | None:
    """Return what is new since the themes were saved; None, and a note, where it cannot be told."""
    try:
        return news_of(reviews, graph, themes, seed=seed)
    except TooFewReviews as error:
        notes.append(f"no news are told: {error}")
        return None
