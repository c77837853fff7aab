"""The questions of a corpus about what differs: over time, and between slices."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.insights import Insights
from reviewlens.defaults import QUERY_FLOOR, TREND_REVIEWS
from reviewlens.encoders import embed_queries
from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.store import (
    Condition,
    FilterArguments,
    Filters,
    build_filters,
    parse_expression,
    passage_id,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.insights.comparison import Comparison
    from reviewlens.insights.trends import Across as TrendAcross
    from reviewlens.insights.trends import Period, Trends
    from reviewlens.slices import Slice
    from reviewlens.store import ReviewStore

_log = logging.getLogger(__name__)


class Changes(Insights):
    """What is said how often over time, and what tells two sides apart."""

    # -- how often over time -------------------------------------------------------------------

    @on_one_collection
    def trends(
        self,
        *outputs: str | Path,
        period: Period | None = None,
        by: str | None = None,
        query: str | Sequence[str] = (),
        across: TrendAcross | None = None,
        min_similarity: float = QUERY_FLOOR,
        min_reviews: int = TREND_REVIEWS,
        drawn: int = 12,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Trends:
        """Tell what is said how often, period by period, and which changes are more than chance.

        Args:
            *outputs: Pictures to draw: .png or .svg.
            period: `day`, `week` (ISO 8601), `month`, `quarter` or `year`; None for the finest of
                which there are no more than 24, years at the most.
            by: Follow the values of a column: `product`, `source`, `language`, `author`, `stars`,
                any ingested one, or one that `classify` wrote. None for themes: the saved ones,
                or, where none are saved, clusters found now.
            query: One phrase or several, which are followed instead of themes.
            across: `stars` or `product`: each group among the reviews with these stars, or of
                this product.
            min_similarity: With phrases, the smallest cosine at which a review says so, -1..1.
            min_reviews: Groups (and products to cross with) of fewer dated reviews are left out,
                and counted; 1 or more. Phrases stay.
            drawn: How many groups are drawn, the largest.
            seed: For clusters found now.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: No review has a date, there are too few for themes, or no group has
                enough.
            InputError: There is no such column, both a column and phrases are given, or another
                choice or a file cannot be used.
            MissingExtra: matplotlib, which draws, is not installed.
        """
        from reviewlens.insights import trends

        phrases = (query,) if isinstance(query, str) else tuple(query)
        if by is not None and phrases:
            raise InputError("a column and phrases are given to follow; give one of by and query")
        if not all(phrase.strip() for phrase in phrases):
            raise InputError("a phrase is empty; wanted a text, such as 'late delivery'")
        for output in outputs:
            trends.check_picture(output)
        store = self._required_store()
        reviews = self.slice(fewest=1, purpose="trends", on_progress=on_progress, **filters)
        if phrases:
            vectors = embed_queries(self._encoder_for(store), list(phrases))
            chosen = build_filters(store.columns, **filters)
            similarities = _best_similarities(store, chosen, reviews, vectors)
            groups = trends.by_phrase(phrases, similarities, min_similarity=min_similarity)
        elif by is not None:
            ingested = by in store.columns.extra
            groups = trends.by_column(reviews, by if ingested else store.columns.mapped.get(by, by))
        else:
            saved = bool((reviews.clusters >= 0).any())
            reviews, labels = self._themed(reviews, seed=seed, on_progress=on_progress)
            groups = trends.by_theme(reviews, labels, saved=saved)
        found = trends.measure_trends(
            reviews, groups, period=period, across=across, min_reviews=min_reviews
        )
        for output in outputs:
            for note in trends.draw_trends(found, output, most=drawn):
                _log.info(note)
        return found

    # -- what tells two sides apart ------------------------------------------------------------

    @on_one_collection
    def compare(
        self,
        a: FilterArguments | str,
        b: FilterArguments | str = "rest",
        *,
        n: int = 10,
        prior_size: float | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Comparison:
        """Tell which themes and words are more of one slice than of another, and their stars.

        Themes are the saved ones; where none are saved, clusters found now in both sides together.

        Args:
            a: One side: filters by name (`{"rating": "1..2"}`), or as one text
                (`rating=1..2 and product=Kettle`).
            b: The other side, likewise; `rest` for all reviews that are not on the first.
            n: Words a side at most; 0 for all that differ.
            prior_size: How many mentions the prior of the words weighs as much as, above 0; None
                for three times the square root of all, at most a tenth of them.
            seed: For clusters found now.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: What holds on both sides. See `FilterArguments`.

        Raises:
            TooFewReviews: A side has fewer than five reviews; the message says which.
            FilterError: A side cannot be read.
            InputError: A number out of its range.
        """
        import numpy as np

        from reviewlens.insights.comparison import compare_slices
        from reviewlens.slices import read_passages

        store = self._required_store()
        common = build_filters(store.columns, **filters)
        of_both = set(store.passage_ids(common)) if common or b == "rest" else None

        def found(side: FilterArguments | str) -> set[str]:
            given = parse_expression(side, store.columns) if isinstance(side, str) else side
            keys = set(store.passage_ids(build_filters(store.columns, **given)))
            return keys if of_both is None else keys & of_both

        keys_a = found(a)
        keys_b = of_both - keys_a if b == "rest" and of_both is not None else found(b)
        # What is on both sides is read once.
        reviews = read_passages(store, sorted(keys_a | keys_b), on_progress=on_progress)
        reviews, labels = self._themed(reviews, seed=seed, on_progress=on_progress)
        heads = [passage_id(name, 0) for name in reviews.ids]
        on_a, on_b = (
            reviews.take(np.flatnonzero([head in keys for head in heads]))
            for keys in (keys_a, keys_b)
        )
        return compare_slices(
            on_a, on_b, names=(said(a), said(b)), labels=labels, n=n, prior_size=prior_size
        )


def said(side: FilterArguments | str) -> str:
    """Return filters, such as those of a side of a comparison, in words."""
    if isinstance(side, str):
        return "the rest" if side == "rest" else side
    parts = []
    for name, value in side.items():
        if value is None:
            continue
        several = (value,) if isinstance(value, str) or not isinstance(value, Iterable) else value
        words = [
            f"{one.column}{one.operator}{','.join(one.values)}"
            if isinstance(one, Condition)
            else str(one)
            for one in several
        ]
        if name == "where":
            parts += words
        else:
            parts.append(f"{name}={','.join(words) if words else '[]'}")
    return " and ".join(parts) or "all"


def _best_similarities(
    store: ReviewStore, filters: Filters, reviews: Slice, vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return each review's cosine to each vector: that of its nearest passage, as `search` has it.

    Args:
        store: Where the passages of the long reviews are.
        filters: What the reviews were read with.
        reviews: Those of one passage have its vector.
        vectors: float32 of shape (vectors, dimension).

    Returns:
        float32 of shape (reviews, vectors).
    """
    import numpy as np

    found: NDArray[np.float32] = reviews.vectors @ vectors.T
    row_of = {name: row for row, name in enumerate(reviews.ids)}
    later = store.passage_ids(filters, base="passage > 0")
    long = sorted({key.rpartition("#")[0] for key in later} & row_of.keys())
    found[[row_of[name] for name in long]] = -1.0  # theirs is that of a mean
    for page in store.pages([*later, *(passage_id(name, 0) for name in long)], ("vector",)):
        for stored in page:
            if stored.review_id in row_of and stored.vector is not None:
                row = row_of[stored.review_id]
                found[row] = np.maximum(found[row], vectors @ stored.vector)
    return found
