"""What insights stand on: the reviews that a question is about, their neighbours, their themes.

What several parts of a question need is read once: it is kept with the question's lease.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.document import agreed
from reviewlens.errors import TooFewReviews
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice, read_slice
from reviewlens.insights.clusters.clustering import find_clusters
from reviewlens.results import OnProgress
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.search.languages import guess_notes, require_read, unread_notes
from reviewlens.session import Lease
from reviewlens.store import ThemeSets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

NEIGHBORS = 50
"""Neighbours of a review in the graph that all insights share."""


def slice_of(
    lease: Lease,
    *,
    fewest: int = 0,
    purpose: str = "",
    texts: bool = True,
    unread: bool = False,
    on_progress: OnProgress | None = None,
) -> Slice:
    """Read reviews and their vectors into memory.

    Reviews in a language that the encoder does not read have a vector that says nothing: they are
    left out, and told in a note of the answer.

    Args:
        lease: Which reviews.
        fewest: How many are needed at least.
        purpose: What they are needed for, for the error.
        texts: Whether their words are needed.
        unread: Read those that the encoder does not read as well.
        on_progress: Told of the stage `reading`.

    Raises:
        TooFewReviews: There are fewer.
    """
    readable = "" if unread else lease.store.languages.readable
    if readable:
        lease.once("unread", lambda: tell_unread(lease))
    found = lease.once(
        ("slice", texts, unread),
        lambda: read_slice(
            lease.store, lease.filters, texts=texts, base=readable, on_progress=on_progress
        ),
    )
    if len(found) < fewest:
        left = unread_notes(lease.store, lease.filters, "left out") if readable else ()
        raise _too_few(lease, len(found), fewest, purpose, " ".join(left))
    return found


def _too_few(lease: Lease, count: int, fewest: int, purpose: str, left: str) -> TooFewReviews:
    given = "matches the filters" if count == 1 else "match the filters"
    if not lease.filters:
        given = "is stored" if count == 1 else "are stored"
    return TooFewReviews(
        f"{count} review{agreed(count, '', 's')}{' that the encoder reads' if left else ''} "
        f"{given}, too few for "
        f"{purpose}; wanted at least {fewest}: "
        + ("widen the filters" if lease.filters else "ingest more")
        + (f", or reindex --encoder multilingual. {left}" if left else "")
    )


def require_read_texts(lease: Lease, texts: Sequence[str], what: str) -> None:
    """Refuse texts in a language that the encoder does not read; note those that look like one.

    Args:
        lease: Of the question.
        texts: What the user gave.
        what: What goes by their meaning, for the error.

    Raises:
        UnreadLanguages: One is in such a language.
    """
    store, encoder = lease.store, lease.encoder
    relevance = lease.session.kept(RelevanceKeeper).of(store, encoder, needed=False)
    for text in texts:
        require_read(text, encoder, store, relevance, what)
        for note in guess_notes(text, encoder, store, relevance):
            lease.note(f"{text}: {note}" if len(texts) > 1 else note)


def tell_unread(lease: Lease, what: str = "left out here, and found by their words") -> None:
    """Note how many reviews the encoder does not read, by language, and what becomes of them."""
    for note in unread_notes(lease.store, lease.filters, what):
        lease.note(note)


def graph_of(reviews: Slice, on_progress: OnProgress | None = None) -> NeighborGraph:
    """Return the neighbours of reviews."""
    return nearest(reviews.vectors, NEIGHBORS, on_progress=on_progress)


def theme_labels(lease: Lease) -> Mapping[int, str]:
    """Return what the saved themes are called, by number; none where none are saved."""
    return lease.once("theme labels", lambda: ThemeSets(lease.store).labels(lease.store.theme_set))


def themed(
    lease: Lease,
    reviews: Slice,
    *,
    seed: int = 0,
    graph: NeighborGraph | None = None,
    on_progress: OnProgress | None = None,
) -> tuple[Slice, Mapping[int, str]]:
    """Return reviews with the theme of each, and what the themes are called.

    Themes are the saved ones; where none are saved, clusters found now. Of too few reviews there
    are none, nor of those that the encoder does not read.

    Args:
        lease: Of the question.
        reviews: Of the lease, or some of them.
        seed: For clusters found now.
        graph: The neighbours of the reviews, where they are at hand.
        on_progress: Told of the stage `neighbours`.
    """
    import numpy as np

    if (reviews.clusters >= 0).any():
        return reviews, theme_labels(lease)
    unread = lease.store.languages.unread
    rows = np.flatnonzero([language not in unread for language in reviews.languages])
    read = reviews if len(rows) == len(reviews) else reviews.take(rows)
    if graph is None or read is not reviews:
        graph = graph_of(read, on_progress)
    try:
        found = find_clusters(read, graph, seed=seed)
    except TooFewReviews:
        return reviews, {}
    clusters = np.full(len(reviews), -1, dtype=np.int32)
    clusters[rows] = [one.cluster for one in found.assignments]
    labels = {cluster.cluster: cluster.label for cluster in found.clusters}
    return replace(reviews, clusters=clusters), labels


def vectors(lease: Lease) -> NDArray[np.float32]:
    """Return the vectors of the reviews, ordered by id.

    Returns:
        float32 of shape (reviews, dimension), unit length; a review of several passages has their
        mean at unit length.
    """
    return slice_of(lease, texts=False, unread=True).vectors


def texts(lease: Lease) -> tuple[str, ...]:
    """Return what the reviews say, ordered by id, without markup."""
    return slice_of(lease, unread=True).texts
