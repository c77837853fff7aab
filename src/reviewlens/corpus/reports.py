"""The question of a corpus that gathers all the others: what does this month say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.changes import said
from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.themes import Themes, news_of
from reviewlens.errors import TooFewReviews
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments

if TYPE_CHECKING:
    from reviewlens.insights.news import News
    from reviewlens.insights.trends import Period
    from reviewlens.neighbors import NeighborGraph
    from reviewlens.report import Report
    from reviewlens.slices import Slice
    from reviewlens.themes import ThemeSet


class Reports(Themes):
    """One page for a period."""

    @on_one_collection
    def report(
        self,
        *outputs: str | Path,
        period: Period = "month",
        of: str | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Report:
        """Tell what reviews of a period say, against the period before, and write it to files.

        Themes are the saved ones; where none are saved, clusters found now, and a note says so.
        Reviews of after the period are left out of everything, so that its report stays the same
        when later ones come in.

        Args:
            *outputs: Files to write: .html, .md or .xlsx.
            period: `day`, `week` (ISO 8601), `month`, `quarter` or `year`.
            of: Its name, such as `2026-10`, `2026-W40` or `2026-Q4`; None for the latest that has
                reviews.
            seed: For clusters found now, for news and for oddities.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: Which reviews are looked at. See `FilterArguments`.

        Raises:
            TooFewReviews: There is no review, none has a date, or none is of this period.
            InputError: The period or its name is none, or a file cannot be written.
            MissingExtra: A format needs a package that is not installed.
        """
        from reviewlens.report import check_output, choose_period, make_report, up_to, write_report

        for output in outputs:
            check_output(output)
        store = self._required_store()
        reviews = self.slice(fewest=1, purpose="a report", on_progress=on_progress, **filters)
        chosen = choose_period(reviews.times, period, of)
        reviews = up_to(reviews, chosen)
        graph = self._graph(reviews, on_progress)
        saved = bool((reviews.clusters >= 0).any())
        themes = self._saved_themes(store) if saved else None
        notes: list[str] = []
        news = None if themes is None else _news(reviews, graph, themes, seed, notes)
        reviews, labels = self._themed(reviews, seed=seed, on_progress=on_progress, graph=graph)
        found = make_report(
            reviews,
            graph,
            chosen,
            labels=labels,
            saved=saved,
            hidden={one.number for one in themes.themes if one.hidden} if themes else (),
            news=news,
            notes=notes,
            collection=store.name,
            encoder=store.pin.encoder,
            filters=said(filters),
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
