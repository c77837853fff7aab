"""The questions of a corpus that are answered over all its vectors."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.slicing import Slicing
from reviewlens.defaults import LEAST_REVIEWS
from reviewlens.encoders import embed_documents
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.outputs import check_file
from reviewlens.results import OnProgress
from reviewlens.store import (
    Condition,
    FilterArguments,
    Filters,
)

# Each method imports what answers it, so that a search does not wait for what it does not use.
if TYPE_CHECKING:
    from reviewlens.insights.anomalies import Anomalies
    from reviewlens.insights.anomalies import Kind as AnomalyKind
    from reviewlens.insights.clusters import Across, Clusters, Unit
    from reviewlens.insights.diversity import Diversity
    from reviewlens.insights.duplicates import Duplicates
    from reviewlens.insights.pictures import Color
    from reviewlens.insights.projection import Method, Projection
    from reviewlens.insights.recommendations import Basis, Recommendations, Wanted
    from reviewlens.insights.sampling import Kind, Sample
    from reviewlens.language_models import LanguageModel

_log = logging.getLogger(__name__)


class Insights(Slicing):
    """Clusters, anomalies, duplicates and so on, of all reviews or those that a filter leaves."""

    # -- how varied ----------------------------------------------------------------------------

    @on_one_collection
    def diversity(
        self,
        *,
        by: str | None = None,
        min_reviews: int = LEAST_REVIEWS,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Diversity:
        """Measure how varied reviews are: mean pairwise similarity and Vendi score.

        Args:
            by: A figure for each `product`, `source`, `language`, `author`, `cluster`, `stars`,
                `month`, `year` or value of another column; None for all together.
            min_reviews: Smaller groups are left out, and counted; 2 or more.
            seed: For the draws that the intervals come from.
            on_progress: Told of the stage `reading`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: There are fewer than two reviews, or no group is large enough.
            InputError: There is no such column.
        """
        from reviewlens.insights.diversity import measure_diversity

        reviews = self.slice(on_progress=on_progress, **filters)
        return measure_diversity(reviews, by=by, min_reviews=min_reviews, seed=seed)

    @on_one_collection
    def sample(
        self,
        n: int,
        *,
        kind: Kind = "representative",
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Sample:
        """Choose the few reviews to read instead of all; no text is chosen twice.

        Args:
            n: How many; all different texts where there are no more.
            kind: `representative`: those to which all reviews are as near as can be; `diverse`:
                those that are most unlike each other.
            seed: For the draw of candidates where there are more than 7,000 reviews.
            on_progress: Told of the stage `reading`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: There is no review.
            InputError: The kind is unknown, or n is below 1.
        """
        from reviewlens.insights.sampling import choose_sample

        return choose_sample(
            self.slice(on_progress=on_progress, **filters), n, kind=kind, seed=seed
        )

    # -- what next -----------------------------------------------------------------------------

    @on_one_collection
    def recommend(
        self,
        *,
        review_id: str | None = None,
        for_product: str | None = None,
        author: str | None = None,
        n: int = 10,
        kind: Wanted = "product",
        diversity: float = 0.3,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Recommendations:
        """Recommend products or reviews for a review, a product or an author.

        What has been seen is left out: the product itself, all products of the author, copies of
        the texts asked about. The filters say what may be recommended; what is asked for is found
        whether they leave it or not.

        Args:
            review_id: What is like this review. One of the three must be given.
            for_product: What is like the reviews of this product, weighted by their stars.
            author: What is like the reviews that this author liked (4 or 5 stars), and unlike
                those of 1 or 2.
            n: How many at most.
            kind: `product` or `review`.
            diversity: 0 for the most similar ones, 1 for those most unlike each other.
            seed: Without effect, as nothing here is random.
            on_progress: Told of the stage `reading`.
            **filters: See `FilterArguments`.

        Raises:
            NotFound: There is no such review, product or author.
            InputError: Not one of them was given.
            TooFewReviews: Nothing is left to recommend, or the author liked nothing.
        """
        from reviewlens.insights.recommendations import recommend, unknown_name
        from reviewlens.slices import read_slice

        del seed
        named = {"review": review_id, "product": for_product, "author": author}
        given: list[tuple[Basis, str]] = [
            (basis, name)  # type: ignore[misc]
            for basis, name in named.items()
            if name is not None
        ]
        if len(given) != 1:
            raise InputError("give one of review_id, for_product and author")
        basis, name = given[0]
        field = "review_id" if basis == "review" else basis
        store = self._required_store()
        asked = read_slice(store, Filters(where=(Condition(field, "=", (name,)),)))
        if not name or len(asked) == 0:  # an empty name is that of none
            pages = store.scan((field,))
            raise unknown_name(basis, name, {getattr(row, field) for page in pages for row in page})
        reviews = self.slice(on_progress=on_progress, **filters)
        return recommend(
            reviews, asked, basis=basis, name=name, n=n, kind=kind, diversity=diversity
        )

    # -- what they are about -------------------------------------------------------------------

    @on_one_collection
    def clusters(
        self,
        *,
        resolution: float | None = None,
        clusters: int | None = None,
        across: Across | None = None,
        unit: Unit = "review",
        model: LanguageModel | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Clusters:
        """Group reviews by what they say, each group with its label, stars and quotes.

        Args:
            resolution: Above 0; higher gives more and smaller clusters. None takes the one, of
                0.25 to 32, whose clusters are found again most nearly in subsamples.
            clusters: About so many, 2 or more, instead of a resolution.
            across: `product`, `language` or `source`: what is common to all reviews of one is
                taken out first, so that a theme that all share is one cluster.
            unit: `sentence` cuts reviews into sentences and encodes these, so that a review may be
                in several clusters, and is counted once in each.
            model: Names the clusters from their keywords and quotes, which are sent to it; a
                cluster to which it gives no usable name keeps its keywords.
            seed: For the subsamples.
            on_progress: Told of the stages `reading`, `encoding` (of sentences) and `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: Fewer than 20, or than 20 that say something.
            InputError: Both a resolution and a number of clusters, one out of its range, or but
                one group to look across.
        """
        from reviewlens.insights.clusters import (
            FEWEST_REVIEWS,
            by_sentence,
            centred,
            find_clusters,
            name_clusters,
        )

        reviews = self.slice(
            fewest=FEWEST_REVIEWS, purpose="clusters", on_progress=on_progress, **filters
        )
        if unit == "sentence":
            encode = partial(embed_documents, self._encoder_for(self._required_store()))
            reviews = by_sentence(reviews, encode, on_progress=on_progress)
        elif unit != "review":
            raise InputError(f"the unit is {unit!r}; wanted review or sentence")
        if across is not None:
            reviews = centred(reviews, across)
        found = find_clusters(
            reviews,
            self._graph(reviews, on_progress),
            resolution=resolution,
            clusters=clusters,
            across=across,
            unit=unit,
            seed=seed,
        )
        return found if model is None else name_clusters(found, model)

    # -- what is odd ----------------------------------------------------------------------------

    @on_one_collection
    def anomalies(
        self,
        *,
        n: int = 20,
        kinds: Sequence[AnomalyKind] | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Anomalies:
        """List the reviews that are most unlike the rest, each with why.

        Args:
            n: How many; 0 for all, ordinary ones too.
            kinds: Only reviews of one of these kinds (`insights.anomalies.KINDS`), none where
                there are none of these; None for all.
            seed: For the folds in which stars are read from texts.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: Fewer than 20, or than 20 different texts.
            InputError: A number below 0, or no such kind.
        """
        from reviewlens.insights.anomalies import FEWEST_TEXTS, find_anomalies

        reviews = self.slice(
            fewest=FEWEST_TEXTS, purpose="anomalies", on_progress=on_progress, **filters
        )
        graph = self._graph(reviews, on_progress)
        reviews, themes = self._themed(reviews, seed=seed, graph=graph)
        return find_anomalies(reviews, graph, n=n, kinds=kinds, themes=themes, seed=seed)

    @on_one_collection
    def duplicates(
        self,
        *,
        near: float = 0.8,
        meaning: float = 0.95,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Duplicates:
        """Group the reviews that are copies of each other, word for word, nearly, or in meaning.

        Args:
            near: Smallest Jaccard index of near copies, above 0 to 1; 1 finds none.
            meaning: Smallest cosine of texts of the same meaning; above 1 finds none.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: Fewer than two.
            InputError: A threshold outside of its range.
        """
        from reviewlens.insights.duplicates import find_duplicates

        reviews = self.slice(fewest=2, purpose="copies", on_progress=on_progress, **filters)
        graph = self._graph(reviews, on_progress)
        return find_duplicates(reviews, graph, near=near, meaning=meaning)

    # -- a map ---------------------------------------------------------------------------------

    @on_one_collection
    def map(
        self,
        *outputs: str | Path,
        method: Method = "pca",
        color: Color | None = None,
        axes: str | Path | None = None,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Projection:
        """Lay reviews on a plane, so that near ones say alike, and draw them.

        Args:
            *outputs: Files to write: .html, .png, .svg, .parquet or .csv.
            method: `pca`, or `umap`, which separates groups better and moves with every review.
            color: What colours tell: `cluster`, `product`, `stars`, `time`, `language` or
                `source`; None for clusters where there are enough reviews for them, else products,
                else stars. Clusters are the saved themes, else those of `clusters`, found anew.
            axes: File of the axes of an earlier `pca` map, on which these reviews are laid, so that
                none moves; if it is not there, the axes are written to it.
            seed: For `umap` and clusters.
            on_progress: Told of the stages `reading` and `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: There are fewer than three, and no axes; or too few for clusters, and
                these are asked for.
            InputError: A file, the method, the colour or the axes cannot be used.
            MissingExtra: A package that draws, or `umap-learn`, is not installed.
        """
        from reviewlens.insights.pictures import check_output, draw
        from reviewlens.insights.projection import project, read_axes, write_axes

        for output in outputs:
            check_output(output, color)
        if axes is not None and not Path(axes).exists():
            if method != "pca":
                raise InputError(
                    f"{method} has no axes to write to {axes}; leave them out or use pca"
                )
            check_file(axes, called="the axes")
        store = self._required_store()
        known = read_axes(axes) if axes is not None and Path(axes).exists() else None
        reviews = self.slice(on_progress=on_progress, **filters)
        graph = None
        labels: dict[int, str] = {}
        if method == "umap" or color in ("cluster", None):
            graph = self._graph(reviews, on_progress)
        if graph is not None and color in ("cluster", None):
            reviews, labels = self._themed(reviews, seed=seed, graph=graph)
            if color is not None and not (reviews.clusters >= 0).any():
                raise TooFewReviews(
                    "these reviews are too few for clusters; wanted at least 20 that say "
                    "something: take another --color, widen the filters, or ingest more"
                )
        found = project(
            reviews,
            method=method,
            axes=known,
            encoder=store.pin.fingerprint,
            graph=graph,
            labels=labels,
            seed=seed,
        )
        if axes is not None and known is None:
            assert found.axes is not None
            write_axes(found.axes, axes)
        for output in outputs:
            for note in draw(found, output, color=color):
                _log.info(note)
        return found
