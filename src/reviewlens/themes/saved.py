"""The saved themes of a corpus: found, listed, named, changed; and how reviews come by them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from reviewlens.errors import InputError, NotFound
from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.ground.slices import Slice, read_slice
from reviewlens.insights.base import graph_of, slice_of, tell_unread
from reviewlens.insights.clusters import FEWEST_REVIEWS, Clusters, find_clusters, name_clusters
from reviewlens.insights.news import News, find_news
from reviewlens.language_models import LanguageModel
from reviewlens.questions import Asked, Face, Ge, Gt, Le
from reviewlens.results import OnProgress
from reviewlens.session import KeptObject, Lease
from reviewlens.store import Filters, ReviewStore, ThemeSets, choose
from reviewlens.store.labels import write_themes
from reviewlens.themes.assignment import assign, keeps, themes_of
from reviewlens.themes.correspondence import Refit, match_themes
from reviewlens.themes.creation import adopt, make_set, merged, required, split
from reviewlens.themes.model import DEFAULT_SET, ThemeSet
from reviewlens.themes.rows import row_of, rows_of, set_of
from reviewlens.themes.summaries import SavedSet, SavedSets, ThemeList, ThemeSummary, list_themes

if TYPE_CHECKING:
    from reviewlens.ingest import Assign

OnStep = Callable[[str], None]
_Theme = Annotated[int, Face(flag="THEME")]
_Name = Annotated[str, Face(flag="NAME")]
_log = logging.getLogger(__name__)


def save_themes(
    lease: Lease,
    name: str | None = None,
    *,
    resolution: Annotated[float | None, Gt(0), Le(1_000)] = None,
    clusters: Annotated[int | None, Ge(2), Le(10_000)] = None,
    model: Annotated[LanguageModel | None, Face(query="named")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
    on_step: OnStep | None = None,
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

    Returns:
        The clusters; their numbers are those of the themes.

    Raises:
        TooFewReviews, InputError, MissingExtra: As for `clusters`; or the name cannot be used.
    """
    store = lease.store
    name = name or store.theme_set or DEFAULT_SET
    reviews = slice_of(lease, fewest=FEWEST_REVIEWS, purpose="themes", on_progress=on_progress)
    graph = graph_of(reviews, on_progress)
    found = find_clusters(reviews, graph, resolution=resolution, clusters=clusters, seed=seed)
    if model is not None:
        found = name_clusters(found, model)
    made = make_set(name, reviews, found, created=round(time.time() * 1000))
    _commit(store, made, on_progress, on_step)
    return found


def refit(
    lease: Lease,
    *,
    resolution: Annotated[float | None, Gt(0), Le(1_000)] = None,
    seed: Annotated[int, Ge(0)] = 0,
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
        TooFewReviews, MissingExtra: As for `clusters`.
    """
    store, old = _in_use(lease)
    reviews = slice_of(
        lease.of(Filters()), fewest=FEWEST_REVIEWS, purpose="themes", on_progress=on_progress
    )
    found = find_clusters(
        reviews,
        graph_of(reviews, on_progress),
        resolution=resolution or old.resolution,
        seed=seed,
    )
    before = dict(zip(reviews.ids, reviews.clusters.tolist(), strict=True))
    made, refit = match_themes(
        old, make_set(old.name, reviews, found, created=round(time.time() * 1000)), before
    )
    _commit(store, made, on_progress, on_step)
    return refit


def listed(lease: Lease, *, hidden: bool = False) -> ThemeList:
    """List the themes in use with what they are by now.

    Args:
        hidden: List the hidden ones too.

    Raises:
        NotFound: No themes are saved.
    """
    store, found = _in_use(lease)
    tell_unread(lease, "of no theme")
    return list_themes(store, found, lease.filters, hidden=hidden)


def theme(lease: Lease, theme: _Theme) -> ThemeSummary:
    """Return one of the themes in use as it is by now, hidden or not.

    Raises:
        NotFound: There is no such theme, or no themes are saved.
    """
    store, found = _in_use(lease)
    required(found, theme)
    listed = list_themes(store, found, lease.filters, hidden=True).themes
    return next(one for one in listed if one.cluster == theme)


def theme_sets(lease: Lease) -> SavedSets:
    """List the saved sets, and which of them the reviews have the themes of."""
    store = lease.store
    return SavedSets(
        tuple(SavedSet(name, name == store.theme_set) for name in ThemeSets(store).names())
    )


def news(
    lease: Lease,
    *,
    rate: Annotated[float, Ge(0.01), Le(0.5)] = 0.05,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> News:
    """Tell which themes have grown, shrunk, vanished or emerged since they were saved.

    What has been adopted since counts as known; hidden themes are not told.

    Args:
        rate: How often themes without news may be told, 0.01 to 0.5.
        seed: For the permutations.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        NotFound: No themes are saved.
        InputError: The rate is out of its range.
        TooFewReviews: Hardly any review is left that the themes were made from.
    """
    return _news(lease, rate, seed, on_progress)[0]


def adopt_themes(
    lease: Lease,
    which: Annotated[Sequence[int] | None, Ge(1), Face(flag="[WHICH]...")] = None,
    *,
    rate: Annotated[float, Ge(0.01), Le(0.5)] = 0.05,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> tuple[int, ...]:
    """Make themes of those that are emerging, as the news tell them under the same filters.

    Args:
        which: Their places in `news().emerging`, from 1; without it all, nothing of an empty
            list.
        rate: As for `news`.
        seed: As for `news`.
        on_progress: Told of the stages `reading`, `neighbours` and `writing`.

    Returns:
        The numbers of the new themes.

    Raises:
        NotFound: There is none at such a place, or no themes are saved.
        InputError, TooFewReviews: As for `news`.
    """
    import numpy as np

    news, reviews, found = _news(lease, rate, seed, on_progress)
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
        _commit(lease.store, changed, on_progress)
    return tuple(range(found.next_number, changed.next_number))


def rename_theme(lease: Lease, theme: _Theme, name: _Name) -> None:
    """Give a theme a name, which outlasts refits; an empty one takes it away.

    Raises:
        NotFound: There is no such theme.
        InputError: Another one has this name.
    """
    store, found = _in_use(lease, "set", "theme")
    name = " ".join(name.split())
    others = [one for one in found.themes if one.number != theme and name]
    if taken := [one.number for one in others if one.called.casefold() == name.casefold()]:
        raise InputError(
            f"theme {taken[0]} is called {name!r} already; wanted another name, or merge them"
        )
    _change(store, found, theme, name=name)


def hide_theme(lease: Lease, theme: _Theme, *, hidden: bool = True) -> None:
    """Leave a theme out of lists and news, or bring it back.

    Raises:
        NotFound: There is no such theme.
    """
    store, found = _in_use(lease, "set", "theme")
    _change(store, found, theme, hidden=hidden)


def merge_themes(
    lease: Lease,
    theme: _Theme,
    others: Annotated[Sequence[int], Face(flag="OTHERS...", query="themes")],
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Join themes to one, which keeps its number and name.

    Raises:
        NotFound: There is no such theme.
        InputError: It is joined to itself.
    """
    store, found = _in_use(lease)
    _commit(store, merged(found, theme, others), on_progress)


def split_theme(
    lease: Lease, theme: _Theme, *, on_progress: OnProgress | None = None
) -> tuple[int, ...]:
    """Cut a theme into its finer parts; the largest keeps its number and name.

    Returns:
        The numbers of all parts, the kept one first.

    Raises:
        NotFound: There is no such theme.
        InputError: It has no finer parts.
    """
    store, found = _in_use(lease)
    required(found, theme)
    changed = split(
        found,
        theme,
        slice_of(lease.of(choose(cluster=theme)), on_progress=on_progress),
    )
    _commit(store, changed, on_progress)
    return (theme, *range(found.next_number, changed.next_number))


def use_themes(lease: Lease, name: _Name, *, on_progress: OnProgress | None = None) -> None:
    """Give the reviews the themes of another saved set.

    Raises:
        NotFound: There is no such set.
    """
    store = lease.store
    _required_set(store, name)
    store.choose_themes(name)
    settle(store, on_progress)


def drop_themes(lease: Lease, name: _Name, *, on_progress: OnProgress | None = None) -> None:
    """Delete a set of themes; if it is in use, reviews have no theme afterwards.

    Raises:
        NotFound: There is no such set.
    """
    store = lease.store
    _required_set(store, name)
    if store.theme_set == name:
        store.choose_themes("")
        settle(store, on_progress)
    ThemeSets(store).drop(name)


def saved_themes(store: ReviewStore, *kinds: str, name: str | None = None) -> ThemeSet | None:
    """Return the set of themes that the reviews have, or one by name; None if not saved.

    Args:
        store: Where it is.
        kinds: What is needed of it: `set` and `theme`, `centre`, `member`; all without.
        name: Of the set.
    """
    name = store.theme_set if name is None else name
    rows = ThemeSets(store).read(name, *kinds) if name else []
    return set_of(rows, store.pin.dimension) if rows else None


def assigning(store: ReviewStore) -> Assign | None:
    """Return what tells the saved theme of a review, None where no themes are saved."""
    found = saved_themes(store, "set", "theme", "centre")
    if found is None:
        return None
    return lambda vectors, said: assign(found, vectors, said, unread=store.languages.unread)


def finish(store: ReviewStore) -> None:
    """Write the themes of a set into the reviews, if a process was killed before it had."""
    if not (store.theme_set or store.theme_version):
        return
    version = _version_in_use(store)
    if version is not None and version != store.theme_version:
        _log.info("Saved themes are being written into the reviews, which was interrupted.")
        ThemeSets(store).sweep()
        settle(store)


def settle(store: ReviewStore, on_progress: OnProgress | None = None) -> None:
    """Bring the theme of every review to the chosen set, and say so when it is done."""
    version = _version_in_use(store) or ""
    found = saved_themes(store)
    reviews = read_slice(store, on_progress=on_progress)
    write_themes(
        store, themes_of(found, reviews, unread=store.languages.unread), on_progress=on_progress
    )
    store.settle()
    store.confirm_themes(version)


def _version_in_use(store: ReviewStore) -> str | None:
    """Return what names the chosen set as it is now: empty of none, None of one not saved."""
    return ThemeSets(store).version(store.theme_set) if store.theme_set else ""


def _news(
    lease: Lease, rate: float, seed: int, on_progress: OnProgress | None
) -> tuple[News, Slice, ThemeSet]:
    _, found = _in_use(lease)
    reviews = slice_of(lease, on_progress=on_progress)
    graph = graph_of(reviews, on_progress)
    return news_of(reviews, graph, found, rate=rate, seed=seed), reviews, found


def news_of(
    reviews: Slice, graph: NeighborGraph, found: ThemeSet, *, rate: float = 0.05, seed: int = 0
) -> News:
    """Tell what has changed since a set was saved; see `find_news`."""
    import numpy as np

    return find_news(
        reviews,
        graph,
        known=np.array(keeps(found, reviews), dtype=bool),
        labels=found.labels,
        hidden={theme.number for theme in found.themes if theme.hidden},
        rate=rate,
        seed=seed,
    )


def _in_use(lease: Lease, *kinds: str) -> tuple[ReviewStore, ThemeSet]:
    store = lease.store
    found = saved_themes(store, *kinds)
    if found is None:
        others = ", ".join(ThemeSets(store).names())
        raise NotFound(
            f"no set of themes is in use; found {others}: reviewlens themes use NAME"
            if others
            else f"no themes are saved for the collection {store.name!r}; wanted some: "
            "reviewlens clusters --save"
        )
    return store, found


def _required_set(store: ReviewStore, name: str) -> None:
    names = ThemeSets(store).names()
    if name not in names:
        raise NotFound(f"there is no set of themes {name!r}; found {', '.join(names) or 'none'}")


def _change(store: ReviewStore, found: ThemeSet, theme: int, **values: str | bool) -> None:
    changed = replace(required(found, theme), **values)  # type: ignore[arg-type]
    ThemeSets(store).update(store.theme_set, row_of(changed))


def _commit(
    store: ReviewStore,
    made: ThemeSet,
    on_progress: OnProgress | None = None,
    on_step: OnStep | None = None,
) -> None:
    """Save a set under its name, choose it, and write it into the reviews."""
    step = on_step or (lambda _: None)
    ThemeSets(store).write(made.name, rows_of(made), step)
    store.choose_themes(made.name)
    step("set chosen")
    settle(store, on_progress)
    step("reviews written")


class Themes(KeptObject):
    """The themes of a corpus; what is told of reviews is told of those of a selection."""

    kept_as = "themes"

    list = Asked(listed)
    get = Asked(theme)
    sets = Asked(theme_sets, brief=True, filtered=False)
    news = Asked(news)
    save = Asked(save_themes)
    refit = Asked(refit, filtered=False)
    adopt = Asked(adopt_themes, times=1)
    rename = Asked(rename_theme, times=1, filtered=False)
    hide = Asked(hide_theme, times=1, filtered=False)
    merge = Asked(merge_themes, times=1, filtered=False)
    split = Asked(split_theme, times=1, filtered=False)
    use = Asked(use_themes, times=1, filtered=False)
    drop = Asked(drop_themes, times=1, filtered=False)
