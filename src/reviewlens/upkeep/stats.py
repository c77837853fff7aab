"""What a collection holds, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reviewlens.results import Stats, iso_time
from reviewlens.store import ReviewStore

_FIELDS = (
    "passage",
    "rating",
    "time",
    "product",
    "source",
    "language",
    "tokens",
    "tokens_embedded",
    "tokens_unknown",
)
_MOST_VALUES = 20


def collect_stats(store: ReviewStore) -> Stats:
    """Count what is stored; one scan."""
    counted: dict[str, Counter[str]] = {
        name: Counter() for name in ("product", "source", "language")
    }
    stars: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    times: list[int] = []
    ratings = 0.0
    reviews = passages = 0
    for page in store.scan(_FIELDS, base=""):
        for stored in page:
            passages += 1
            for name in ("tokens", "tokens_embedded", "tokens_unknown"):
                tokens[name] += getattr(stored, name)
            if stored.passage > 0:
                continue
            reviews += 1
            for name, values in counted.items():
                values[getattr(stored, name)] += 1
            if stored.rating is not None:
                ratings += stored.rating
                stars[str(round(stored.rating))] += 1
            if stored.time is not None:
                times.append(stored.time)
    pin = store.pin
    rated = stars.total()
    return Stats(
        uri=store.uri,
        collection=store.name,
        reviews=reviews,
        passages=passages,
        encoder=pin.encoder,
        fingerprint=pin.fingerprint,
        dimension=pin.dimension,
        milvus=store.milvus.version,
        analyzer=store.analyzer,
        rated=rated,
        mean_rating=round(ratings / rated, 4) if rated else None,
        stars={star: stars[star] for star in sorted(stars)},
        dated=len(times),
        first=iso_time(min(times)) if times else None,
        last=iso_time(max(times)) if times else None,
        distinct_products=len(set(counted["product"]) - {""}),
        products=_largest(counted["product"]),
        sources=_largest(counted["source"]),
        languages=_largest(counted["language"]),
        tokens=tokens["tokens"],
        tokens_embedded=tokens["tokens_embedded"],
        tokens_unknown=tokens["tokens_unknown"],
        columns=store.columns.extra,
    )


def _largest(values: Counter[str]) -> Mapping[str, int]:
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:_MOST_VALUES])
