"""A slice of the corpus in memory: what every insight works on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from reviewlens.errors import StoreError
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.placeholders import filled
from reviewlens.reading.template import fixed_words, without_fixed
from reviewlens.results import OnProgress, Quote, iso_time
from reviewlens.store import Filters, ReviewStore, StoredPassage, passage_id
from reviewlens.text.boilerplate import NO_BOILERPLATE, Boilerplate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIELDS = (
    "original",
    "title",
    "product",
    "author",
    "source",
    "language",
    "rating",
    "time",
    "tokens",
    "tokens_unknown",
    "cluster",
    "extra",
)
_LIGHT_FIELDS = ("product", "source", "language", "rating", "time", "cluster")


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Reviews with their vectors, one row each, ordered by id.

    Attributes:
        ids: Review ids.
        vectors: float32 of shape (reviews, dimension), unit length; a review of several passages
            has their mean at unit length.
        texts: As given, without markup.
        titles: Empty where there is none; so are products, authors, sources and languages.
        stars: float64 of shape (reviews,), 1 to 5, NaN where there are none.
        times: datetime64[ms] of shape (reviews,), UTC, NaT where there is none.
        tokens: int32 of shape (reviews,): how long the encoder found each review.
        unknown: int32 of shape (reviews,): how many of these tokens it does not know.
        clusters: int32 of shape (reviews,): the saved theme, -1 for none.
        extra: The other columns of each review.
        fixed: What stands in the text of each review and nobody said: a template's own words, and
            the marks of joined columns.
        boilerplate: What stands on so many reviews of the collection that it names none.
    """

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    texts: tuple[str, ...]
    titles: tuple[str, ...]
    products: tuple[str, ...]
    authors: tuple[str, ...]
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    stars: NDArray[np.float64]
    times: NDArray[np.datetime64]
    tokens: NDArray[np.int32]
    unknown: NDArray[np.int32]
    clusters: NDArray[np.int32]
    extra: tuple[Mapping[str, str], ...]
    fixed: tuple[tuple[str, ...], ...]
    boilerplate: Boilerplate = NO_BOILERPLATE

    def __len__(self) -> int:
        """Return the number of reviews."""
        return len(self.ids)

    def said(self, row: int) -> str:
        """Return the text of a review without what a template or a mark wrote, and boilerplate."""
        return self.boilerplate.without(without_fixed(self.texts[row], self.fixed[row]))

    def quote(self, row: int, text: str | None = None) -> Quote:
        """Return a review as what backs a claim, or a part of it."""
        import numpy as np

        stars, time = float(self.stars[row]), self.times[row]
        return Quote(
            self.ids[row],
            self.texts[row] if text is None else text,
            None if np.isnan(stars) else round(stars, 2),
            None if np.isnat(time) else iso_time(int(time.astype(np.int64))),
        )

    def take(self, rows: NDArray[np.intp]) -> Slice:
        """Return some of the reviews, in the order of `rows`."""

        def taken(values: Any) -> Any:  # noqa: ANN401 - a tuple or an array, or of all reviews
            if isinstance(values, Boilerplate):
                return values
            return tuple(values[row] for row in rows) if isinstance(values, tuple) else values[rows]

        return Slice(**{field.name: taken(getattr(self, field.name)) for field in fields(self)})

    def without_languages(self, codes: Collection[str]) -> Slice:
        """Return the reviews that are in none of some languages, such as those not read."""
        import numpy as np

        rows = np.flatnonzero([language not in codes for language in self.languages])
        return self if len(rows) == len(self) else self.take(rows)

    def meaning_nothing_in(self, codes: Collection[str]) -> Slice:
        """Return the reviews with vectors of zeros for those in some languages: near nothing."""
        vectors = self.vectors.copy()
        vectors[[language in codes for language in self.languages]] = 0
        return replace(self, vectors=vectors)


def read_slice(
    store: ReviewStore,
    filters: Filters | None = None,
    *,
    texts: bool = True,
    base: str = "",
    on_progress: OnProgress | None = None,
) -> Slice:
    """Read the reviews that match, vectors and all.

    Passages without a first one are what an interrupted ingest left, and no review yet.

    Args:
        store: Where the reviews are.
        filters: Which reviews; all without.
        texts: Whether texts, titles, authors, tokens and other columns are read; they are empty
            and 0 where not, which is quicker.
        base: An expression that must hold besides.
        on_progress: Told of the stage `reading`.
    """
    keys = store.passage_ids(filters or Filters(), base=base)
    return read_passages(store, keys, texts=texts, on_progress=on_progress)


def read_passages(
    store: ReviewStore,
    keys: Sequence[str],
    *,
    texts: bool = True,
    on_progress: OnProgress | None = None,
) -> Slice:
    """Read the reviews that some passages are of; those without their first passage are left out.

    Args:
        store: Where the reviews are.
        keys: Passage ids.
        texts: See `read_slice`.
        on_progress: Told of the stage `reading`.
    """
    import numpy as np

    stored_keys = set(keys)
    of_key = {key: key.rpartition("#")[0] for key in keys}
    ids = sorted({name for name in of_key.values() if passage_id(name, 0) in stored_keys})
    row_of = {name: row for row, name in enumerate(ids)}
    keys = [key for key in keys if of_key[key] in row_of]

    heads: list[Any] = [None] * len(ids)
    vectors = np.zeros((len(ids), store.pin.dimension), dtype=np.float32)
    tokens = np.zeros((2, len(ids)), dtype=np.int32)
    done = 0
    for page in store.pages(keys, (*(_FIELDS if texts else _LIGHT_FIELDS), "vector")):
        for stored in page:
            row = row_of[stored.review_id]
            vectors[row] += stored.vector
            tokens[:, row] += (stored.tokens, stored.tokens_unknown)
            if stored.passage == 0:
                heads[row] = stored
        done += len(page)
        if on_progress is not None:
            on_progress("reading", done, len(keys))
    # A review that was deleted meanwhile has left its row empty.
    kept = np.flatnonzero([head is not None for head in heads])
    if len(kept) < len(ids):
        heads, vectors, tokens = [heads[row] for row in kept], vectors[kept], tokens[:, kept]
    _bring_to_unit_length(vectors, heads)
    return Slice(
        ids=tuple(head.review_id for head in heads),
        vectors=vectors,
        texts=tuple(filled(clean_markup(head.original)) for head in heads),
        titles=tuple(clean_markup(head.title) for head in heads),
        products=tuple(head.product for head in heads),
        authors=tuple(head.author for head in heads),
        sources=tuple(head.source for head in heads),
        languages=tuple(head.language for head in heads),
        stars=np.array(
            [np.nan if head.rating is None else head.rating for head in heads], dtype=np.float64
        ),
        times=np.array(
            ["NaT" if head.time is None else head.time for head in heads], dtype="datetime64[ms]"
        )
        if heads
        else np.empty(0, dtype="datetime64[ms]"),
        tokens=tokens[0],
        unknown=tokens[1],
        clusters=np.array([head.cluster for head in heads], dtype=np.int32),
        extra=tuple(head.extra for head in heads),
        fixed=_fixed(store, [head.source for head in heads]),
        boilerplate=store.boilerplate,
    )


def _fixed(store: ReviewStore, sources: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return what the last ingest of each source wrote into its texts."""
    made = {source: fixed_of(settings) for source, settings in store.made_with.sources.items()}
    usual = made.get("", ())
    return tuple(made.get(source, usual) for source in sources)


def fixed_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an ingest wrote into texts, by its settings as `MadeWith` keeps them.

    Earlier versions kept the template alone, which is in the texts where no column is one.
    """
    if "fixed" in settings:
        return tuple(settings["fixed"])
    template = settings.get("text_template")
    return fixed_words(template) if template and "text" not in settings.get("columns", {}) else ()


def _bring_to_unit_length(vectors: NDArray[np.float32], heads: Sequence[StoredPassage]) -> None:
    """Divide the sum of each review's vectors by its length, in place.

    Raises:
        StoreError: A vector cannot be used; earlier versions stored such.
    """
    import numpy as np

    for row in np.flatnonzero(~vectors.any(axis=1)).tolist():
        vectors[row] = heads[row].vector  # the passages are opposite to each other
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    usable = np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 0)
    if not usable.all():
        review_id = heads[int(usable.argmin())].review_id
        raise StoreError(
            f"the review {review_id!r} has a vector that is zero or not finite, so that nothing "
            "can be told of the reviews together: `reviewlens reindex` embeds it anew"
        )
    vectors /= lengths


def drawn(keys: Sequence[str], most: int) -> list[str]:
    """Return so many of some keys at most, drawn at random, in order; the same ones each time."""
    import numpy as np

    if len(keys) <= most:
        return list(keys)
    rows = np.sort(np.random.default_rng(0).choice(len(keys), most, replace=False))
    return [keys[row] for row in rows]
