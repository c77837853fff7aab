"""The questions of a corpus about its saved themes, and the analyst's word on them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection, once_on_one_collection
from reviewlens.corpus.labels import Labels
from reviewlens.errors import InputError, NotFound
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments, ReviewStore, ThemeSets

if TYPE_CHECKING:
    from reviewlens.insights.clusters import Clusters
    from reviewlens.insights.news import News
    from reviewlens.language_models import LanguageModel
    from reviewlens.neighbors import NeighborGraph
    from reviewlens.slices import Slice
    from reviewlens.themes import Refit, ThemeList, ThemeSet, ThemeSummary

OnStep = Callable[[str], None]


class Themes(Labels):
    """Themes that last: saved, named, given to later reviews."""

    @on_one_collection
    def save_themes(
        self,
        name: str | None = None,
        *,
        resolution: float | None = None,
        clusters: int | None = None,
        model: LanguageModel | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        on_step: OnStep | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Clusters:
        """Find clusters and save them as themes, which all reviews then have.

        Reviews that the filters leave out, and those of later ingests, get the theme whose centre
        is nearest. A set of the same name is replaced: its numbers and names are gone (`refit`
        keeps them). A process killed in between leaves the old set or the new one.

        Args:
            name: Of the set; the one in use, or `main`, without.
            resolution: As for `clusters`.
            clusters: As for `clusters`.
            model: As for `clusters`.
            seed: As for `clusters`.
            on_progress: Told of the stages `reading`, `neighbours` and `writing`.
            on_step: Called with the name of each step as it is done.
            **filters: Which reviews the themes are found in.

        Returns:
            The clusters; their numbers are those of the themes.

        Raises:
            TooFewReviews, InputError: As for `clusters`; or the name cannot be used.
        """
        from reviewlens.insights.clusters import FEWEST_REVIEWS, find_clusters, name_clusters
        from reviewlens.themes import DEFAULT_SET, make_set

        store = self._required_store()
        name = name or store.theme_set or DEFAULT_SET
        reviews = self.slice(
            fewest=FEWEST_REVIEWS, purpose="themes", on_progress=on_progress, **filters
        )
        graph = self._graph(reviews, on_progress)
        found = find_clusters(reviews, graph, resolution=resolution, clusters=clusters, seed=seed)
        if model is not None:
            found = name_clusters(found, model)
        made = make_set(name, reviews, found, created=_now())
        self._commit(store, made, on_progress, on_step)
        return found

    @on_one_collection
    def refit(
        self,
        *,
        resolution: float | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        on_step: OnStep | None = None,
    ) -> Refit:
        """Find the themes in use anew, in all reviews; those that go on keep number and name.

        Args:
            resolution: That of the set without, so that themes are as fine as they were.
            seed: As for `clusters`.
            on_progress: Told of the stages `reading`, `neighbours` and `writing`.
            on_step: Called with the name of each step as it is done.

        Raises:
            NotFound: No themes are saved.
            TooFewReviews: As for `clusters`.
        """
        from reviewlens.insights.clusters import FEWEST_REVIEWS, find_clusters
        from reviewlens.themes import make_set, match_themes

        store, old = self._themes_in_use()
        reviews = self.slice(fewest=FEWEST_REVIEWS, purpose="themes", on_progress=on_progress)
        found = find_clusters(
            reviews,
            self._graph(reviews, on_progress),
            resolution=resolution or old.resolution,
            seed=seed,
        )
        before = dict(zip(reviews.ids, reviews.clusters.tolist(), strict=True))
        made, refit = match_themes(old, make_set(old.name, reviews, found, created=_now()), before)
        self._commit(store, made, on_progress, on_step)
        return refit

    @on_one_collection
    def themes(self, *, hidden: bool = False) -> ThemeList:
        """List the themes in use with what they are by now.

        Args:
            hidden: List the hidden ones too.

        Raises:
            NotFound: No themes are saved.
        """
        from reviewlens.themes import list_themes

        store, found = self._themes_in_use()
        return list_themes(store, found, hidden=hidden)

    @on_one_collection
    def theme(self, theme: int) -> ThemeSummary:
        """Return one of the themes in use as it is by now, hidden or not.

        Raises:
            NotFound: There is no such theme, or no themes are saved.
        """
        from reviewlens.themes import list_themes, required

        store, found = self._themes_in_use()
        required(found, theme)
        listed = list_themes(store, found, hidden=True).themes
        return next(one for one in listed if one.cluster == theme)

    @on_one_collection
    def theme_sets(self) -> dict[str, bool]:
        """Return the names of the saved sets, and which of them is in use."""
        store = self._required_store()
        return {name: name == store.theme_set for name in ThemeSets(store).names()}

    @on_one_collection
    def news(
        self,
        *,
        rate: float = 0.05,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> News:
        """Tell which themes have grown, shrunk, vanished or emerged since they were saved.

        What has been adopted since counts as known; hidden themes are not told.

        Args:
            rate: How often themes without news may be told, 0.01 to 0.5.
            seed: For the permutations.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: Which reviews are compared, old and new ones.

        Raises:
            NotFound: No themes are saved.
            InputError: The rate is out of its range.
            TooFewReviews: Hardly any review is left that the themes were made from.
        """
        return self._news(rate, seed, on_progress, filters)[0]

    def _news(
        self, rate: float, seed: int, on_progress: OnProgress | None, filters: FilterArguments
    ) -> tuple[News, Slice, ThemeSet]:
        _, found = self._themes_in_use()
        reviews = self.slice(on_progress=on_progress, **filters)
        graph = self._graph(reviews, on_progress)
        return news_of(reviews, graph, found, rate=rate, seed=seed), reviews, found

    @once_on_one_collection
    def adopt_themes(
        self,
        which: Sequence[int] | None = None,
        *,
        rate: float = 0.05,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> tuple[int, ...]:
        """Make themes of those that are emerging.

        Args:
            which: Their places in `news().emerging`, from 1; None for all, nothing of an empty
                list.
            rate: As for `news`.
            seed: As for `news`.
            on_progress: Told of the stages `reading`, `neighbours` and `writing`.
            **filters: As for `news`.

        Returns:
            The numbers of the new themes.

        Raises:
            NotFound: There is none at such a place, or no themes are saved.
            InputError, TooFewReviews: As for `news`.
        """
        import numpy as np

        from reviewlens.themes import adopt

        news, reviews, found = self._news(rate, seed, on_progress, filters)
        every = range(1, len(news.emerging) + 1)
        places = list(every if which is None else dict.fromkeys(which))
        if missing := [place for place in places if not 0 < place <= len(news.emerging)]:
            raise NotFound(
                f"there is no emerging theme {missing[0]}; found {len(news.emerging)}: see "
                "`themes news`"
            )
        row_of = {review_id: row for row, review_id in enumerate(reviews.ids)}
        changed = found
        for place in places:
            emerging = news.emerging[place - 1]
            rows = np.array([row_of[review_id] for review_id in emerging.review_ids])
            terms = tuple(emerging.label.split(", "))
            changed = adopt(changed, reviews.take(rows), emerging.label, terms)
        if places:
            self._commit(self._required_store(), changed, on_progress)
        return tuple(range(found.next_number, changed.next_number))

    # -- the analyst's word ----------------------------------------------------------------------

    @once_on_one_collection
    def rename_theme(self, theme: int, name: str) -> None:
        """Give a theme a name, which outlasts refits; an empty one takes it away.

        Raises:
            NotFound: There is no such theme.
            InputError: Another one has this name.
        """
        store, found = self._themes_in_use("set", "theme")
        name = " ".join(name.split())
        others = [one for one in found.themes if one.number != theme and name]
        if taken := [one.number for one in others if one.called.casefold() == name.casefold()]:
            raise InputError(
                f"theme {taken[0]} is called {name!r} already; wanted another name, or merge them"
            )
        self._change(store, found, theme, name=name)

    @once_on_one_collection
    def hide_theme(self, theme: int, *, hidden: bool = True) -> None:
        """Leave a theme out of lists and news, or bring it back.

        Raises:
            NotFound: There is no such theme.
        """
        store, found = self._themes_in_use("set", "theme")
        self._change(store, found, theme, hidden=hidden)

    @once_on_one_collection
    def merge_themes(
        self, theme: int, others: Sequence[int], *, on_progress: OnProgress | None = None
    ) -> None:
        """Join themes to one, which keeps its number and name.

        Raises:
            NotFound: There is no such theme.
            InputError: It is joined to itself.
        """
        from reviewlens.themes import merged

        store, found = self._themes_in_use()
        self._commit(store, merged(found, theme, others), on_progress)

    @once_on_one_collection
    def split_theme(self, theme: int, *, on_progress: OnProgress | None = None) -> tuple[int, ...]:
        """Cut a theme into its finer parts; the largest keeps its number and name.

        Returns:
            The numbers of all parts, the kept one first.

        Raises:
            NotFound: There is no such theme.
            InputError: It has no finer parts.
        """
        from reviewlens.themes import required, split

        store, found = self._themes_in_use()
        required(found, theme)
        changed = split(found, theme, self.slice(cluster=[theme], on_progress=on_progress))
        self._commit(store, changed, on_progress)
        return (theme, *range(found.next_number, changed.next_number))

    @once_on_one_collection
    def use_themes(self, name: str, *, on_progress: OnProgress | None = None) -> None:
        """Give the reviews the themes of another saved set.

        Raises:
            NotFound: There is no such set.
        """
        store = self._required_store()
        self._required_set(store, name)
        store.choose_themes(name)
        self._settle_themes(store, on_progress)

    @once_on_one_collection
    def drop_themes(self, name: str, *, on_progress: OnProgress | None = None) -> None:
        """Delete a set of themes; if it is in use, reviews have no theme afterwards.

        Raises:
            NotFound: There is no such set.
        """
        store = self._required_store()
        self._required_set(store, name)
        if store.theme_set == name:
            store.choose_themes("")
            self._settle_themes(store, on_progress)
        ThemeSets(store).drop(name)

    # -- what they share -------------------------------------------------------------------------

    def _themes_in_use(self, *kinds: str) -> tuple[ReviewStore, ThemeSet]:
        store = self._required_store()
        found = self._saved_themes(store, *kinds)
        if found is None:
            raise NotFound(
                f"no themes are saved for the collection {store.name!r}; wanted some: "
                "reviewlens clusters --save"
            )
        return store, found

    @staticmethod
    def _required_set(store: ReviewStore, name: str) -> None:
        names = ThemeSets(store).names()
        if name not in names:
            raise NotFound(
                f"there is no set of themes {name!r}; found {', '.join(names) or 'none'}"
            )

    def _change(
        self, store: ReviewStore, found: ThemeSet, theme: int, **values: str | bool
    ) -> None:
        from reviewlens.themes import required, row_of

        changed = replace(required(found, theme), **values)  # type: ignore[arg-type]
        ThemeSets(store).update(store.theme_set, row_of(changed))

    def _commit(
        self,
        store: ReviewStore,
        made: ThemeSet,
        on_progress: OnProgress | None = None,
        on_step: OnStep | None = None,
    ) -> None:
        """Save a set under its name, choose it, and write it into the reviews."""
        from reviewlens.themes import rows_of

        step = on_step or (lambda _: None)
        ThemeSets(store).write(made.name, rows_of(made), step)
        store.choose_themes(made.name)
        step("set chosen")
        self._settle_themes(store, on_progress)
        step("reviews written")


def news_of(
    reviews: Slice, graph: NeighborGraph, found: ThemeSet, *, rate: float = 0.05, seed: int = 0
) -> News:
    """Tell what has changed since a set was saved; see `find_news`."""
    import numpy as np

    from reviewlens.insights.news import find_news
    from reviewlens.themes import keeps

    return find_news(
        reviews,
        graph,
        known=np.array(keeps(found, reviews), dtype=bool),
        labels=found.labels,
        hidden={theme.number for theme in found.themes if theme.hidden},
        rate=rate,
        seed=seed,
    )


def _now() -> int:
    return int(time.time() * 1000)
