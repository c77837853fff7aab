"""What a collection holds, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reviewlens.reading.ratings import NPS, is_nps
from reviewlens.results import Stats, iso_time
from reviewlens.session import Lease
from reviewlens.store import ReviewStore

_FIELDS = (
    "passage",
    "rating",
    "rating_given",
    "time",
    "product",
    "source",
    "language",
    "tokens",
    "tokens_embedded",
    "tokens_unknown",
)
_MOST_VALUES = 20


def stats(lease: Lease) -> Stats:
    """Count what is stored: reviews, stars, dates, products, languages, tokens."""
    return collect_stats(lease.store)


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
    promoting = _promoter_sources(store)
    promoters: Counter[str] = Counter()
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
            if stored.rating_given is not None and stored.source in promoting:
                promoters[_group(stored.rating_given)] += 1
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
        nps=_promoter_score(promoters),
        unread={code: counted["language"][code] for code in store.languages.unread},
    )


def _promoter_sources(store: ReviewStore) -> set[str]:
    """Return the sources on 0..10, where a column of ratings says that it holds promoter scores."""
    mapped = store.columns.mapped.items()
    if not any(field == "rating_given" and is_nps(header) for header, field in mapped):
        return set()
    return {source for source, scale in store.scales.items() if scale == NPS}


def _group(score: float) -> str:
    return "promoters" if score >= 9 else "passives" if score >= 7 else "detractors"


def _promoter_score(groups: Counter[str]) -> Mapping[str, int]:
    """Return how many are in each group, and the score.

    Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
    """
    if not groups:
        return {}
    counted = {name: groups[name] for name in ("promoters", "passives", "detractors")}
    lead = groups["promoters"] - groups["detractors"]
    return {**counted, "score": round(100 * lead / groups.total())}


def _largest(values: Counter[str]) -> Mapping[str, int]:
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:_MOST_VALUES])
