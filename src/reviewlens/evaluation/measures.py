"""`evaluate`: draw a sample, ask it in every way, and measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, embed_queries
from reviewlens.errors import TooFewReviews, Unsupported
from reviewlens.evaluation.metrics import (
    bootstrapped_mean,
    ndcg,
    paired_difference,
    recall,
    reciprocal_rank,
)
from reviewlens.evaluation.results import Evaluation, Figure, Skipped, Task
from reviewlens.evaluation.sample import (
    Questions,
    Sample,
    draw_sample,
    sentence_questions,
    title_questions,
)
from reviewlens.evaluation.ways import Embedded, WordIndex, embed, rankings, text_id
from reviewlens.ground.estimates import Estimate, share
from reviewlens.ground.neighbors import nearest
from reviewlens.results import OnProgress
from reviewlens.search import MODES, Mode
from reviewlens.search.languages import unread_notes
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 10
LEAST_QUESTIONS = 20
INDEX_QUERIES = 200
_SAME = 1e-5  # of a cosine: what rounding makes of equal ones

Measure = Callable[[Sequence[str], Sequence[str]], float]
MEASURES: dict[Task, dict[str, Measure]] = {
    "self-retrieval": {
        "recall@1": lambda ranking, relevant: recall(ranking, relevant, 1),
        "recall@10": lambda ranking, relevant: recall(ranking, relevant, 10),
        "mrr@10": lambda ranking, relevant: reciprocal_rank(ranking, relevant, 10),
    },
    "title": {
        "mrr@10": lambda ranking, relevant: reciprocal_rank(ranking, relevant, 10),
        "ndcg@10": lambda ranking, relevant: ndcg(ranking, relevant, 10),
    },
}
_ASKS_BY: dict[Task, str] = {
    "self-retrieval": "have two sentences or more, one of which is in no other text",
    "title": "have a title",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One way to search the sample."""

    texts: Embedded
    mode: Mode
    words: WordIndex | None

    @property
    def name(self) -> str:
        return self.texts.encoder.name


def evaluate(
    store: ReviewStore,
    encoders: Sequence[Encoder],
    *,
    filters: Filters | None = None,
    size: int = 1_000,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Measure how well each encoder finds what is in a sample of the stored reviews.

    Titles are no part of the texts that are searched, so that they can be asked by.

    Args:
        store: Where the reviews are.
        encoders: Those to compare, the one that others are compared with first. That of the
            collection is asked by words and by both as well.
        filters: Which reviews.
        size: Reviews to draw at most.
        seed: Of all draws.
        on_progress: Told of the stage `encoding`, in texts.

    Raises:
        TooFewReviews: The sample has fewer than 20 different texts.
    """
    chosen = filters or Filters()
    sample = draw_sample(store, chosen, size, seed)
    unread = unread_notes(store, chosen, "left out")
    if len(sample.texts) < LEAST_QUESTIONS:
        raise TooFewReviews(
            f"{len(sample.texts)} different texts are too few to judge a search by; wanted at "
            f"least {LEAST_QUESTIONS}: widen the filters, or ingest more"
            + "".join(f". {note}" for note in unread)
        )
    skipped: list[Skipped] = []
    figures = list(_index(store, chosen, seed))
    questions: dict[Task, Questions] = {
        "self-retrieval": sentence_questions(sample.texts, seed),
        "title": title_questions(sample),
    }
    with ExitStack() as stack:
        ways: list[_Way] = []
        for number, encoder in enumerate(encoders):
            if on_progress is not None:
                on_progress("encoding", number * len(sample.texts), _all(encoders, sample))
            texts = embed(sample.texts, encoder)
            ways.append(_Way(texts, "dense", None))
            if encoder.fingerprint == store.pin.fingerprint:
                ways += _by_words(texts, store, stack, skipped)
        if on_progress is not None:
            on_progress("encoding", _all(encoders, sample), _all(encoders, sample))
        for task, asked in questions.items():
            figures += _retrieval(task, asked, ways, seed, skipped)
    figures += _neighbors([way.texts for way in ways if way.mode == "dense"], sample, seed, skipped)
    return Evaluation(
        collection=store.name,
        reviews=sample.reviews,
        sampled=sample.sampled,
        texts=len(sample.texts),
        seed=seed,
        figures=tuple(figures),
        skipped=tuple(skipped),
        notes=(
            *dict.fromkeys(note for encoder in encoders for note in encoder.notes),
            *unread,
        ),
    )


def _all(encoders: Sequence[Encoder], sample: Sample) -> int:
    return len(encoders) * len(sample.texts)


def _by_words(
    texts: Embedded, store: ReviewStore, stack: ExitStack, skipped: list[Skipped]
) -> list[_Way]:
    """Return the ways that look for words, as far as the collection has them."""
    reason = store.lacking_keywords
    if not reason:
        try:
            words = stack.enter_context(WordIndex(texts, store.analyzer))
        except Unsupported as error:
            reason = str(error)
        else:
            return [_Way(texts, mode, words) for mode in MODES if mode != "dense"]
    for task in MEASURES:
        skipped.append(Skipped(task, "keyword, hybrid", reason))
    return []


def _retrieval(
    task: Task, questions: Questions, ways: Sequence[_Way], seed: int, skipped: list[Skipped]
) -> list[Figure]:
    """Return the figures of a task in which each query has one text to find."""
    asked = len(questions.queries)
    if asked < LEAST_QUESTIONS:
        reason = f"{asked:,} texts {_ASKS_BY[task]}; wanted at least {LEAST_QUESTIONS}"
        skipped.append(Skipped(task, "", reason))
        return []
    relevant = [[text_id(place)] for place in questions.targets]
    vectors = {
        way.texts.encoder.fingerprint: embed_queries(way.texts.encoder, questions.queries)
        for way in ways
        if way.mode == "dense"
    }
    found = [
        rankings(
            way.texts,
            way.mode,
            way.words,
            questions.queries,
            vectors[way.texts.encoder.fingerprint],
            DEPTH,
        )
        for way in ways
    ]
    figures = []
    for name, measure in MEASURES[task].items():
        values = [
            [measure(ranking, wanted) for ranking, wanted in zip(answers, relevant, strict=True)]
            for answers in found
        ]
        for way, own in zip(ways, values, strict=True):
            figures.append(
                _figure(task, name, way.name, way.mode, own, values[0], way is ways[0], seed)
            )
    return figures


def _figure(
    task: Task,
    measure: str,
    encoder: str,
    mode: str,
    values: Sequence[float],
    reference: Sequence[float],
    first: bool,  # noqa: FBT001 - a private function
    seed: int,
    chance: float | None = None,
) -> Figure:
    counted = measure.startswith("recall")
    return Figure(
        task=task,
        measure=measure,
        encoder=encoder,
        mode=mode,
        estimate=share(round(sum(values)), len(values))
        if counted
        else bootstrapped_mean(values, seed=seed),
        chance=chance,
        queries=len(values),
        difference=None if first else paired_difference(values, reference, seed=seed),
    )


def _neighbors(
    encoders: Sequence[Embedded], sample: Sample, seed: int, skipped: list[Skipped]
) -> list[Figure]:
    """Return how often the nearest texts have the stars and the product of a text."""
    import numpy as np

    stars = ["" if np.isnan(one) else str(int(np.floor(one + 0.5))) for one in sample.stars]
    figures: list[Figure] = []
    for measure, what, values in (
        ("same_stars", "stars", stars),
        ("same_product", "product", list(sample.products)),
    ):
        kept = np.array([place for place, value in enumerate(values) if value], dtype=np.intp)
        names, codes = np.unique([values[place] for place in kept], return_inverse=True)
        counts = np.bincount(codes) if len(kept) else np.zeros(0)
        if len(kept) < LEAST_QUESTIONS or len(names) < 2:
            reason = f"{len(kept):,} texts have {what}, with {len(names)} different values; "
            reason += f"wanted at least {LEAST_QUESTIONS} texts and two values"
            skipped.append(Skipped("neighbors", measure, reason))
            continue
        chance = float((counts * (counts - 1)).sum() / (len(kept) * (len(kept) - 1)))
        shares = [_agreement(texts.pooled()[kept], codes) for texts in encoders]
        for number, (texts, own) in enumerate(zip(encoders, shares, strict=True)):
            name = texts.encoder.name
            figures.append(
                _figure(
                    "neighbors",
                    measure,
                    name,
                    "dense",
                    own,
                    shares[0],
                    number == 0,
                    seed,
                    round(chance, 4),
                )
            )
    return figures


def _agreement(vectors: NDArray[np.float32], codes: NDArray[np.intp]) -> list[float]:
    """Return for each text the share of its ten nearest that have its own code."""
    graph = nearest(vectors, DEPTH)
    agreed: list[float] = (codes[graph.rows] == codes[:, None]).mean(axis=1).tolist()
    return agreed


def _index(store: ReviewStore, filters: Filters, seed: int) -> list[Figure]:
    """Return how many of the true nearest passages the collection's index finds.

    Passages are compared with all others, themselves included; one as near as the last of the
    true ones counts as found.
    """
    import numpy as np

    keys = store.passage_ids(filters, base=store.languages.readable)
    random = np.random.default_rng(seed)
    drawn = random.choice(len(keys), min(INDEX_QUERIES, len(keys)), replace=False)
    chosen = store.get([keys[place] for place in sorted(drawn.tolist())], ("vector",))
    queries = np.stack([one.vector for one in chosen.values() if one.vector is not None])
    count = min(DEPTH, len(keys))
    best = np.full((len(queries), count), -np.inf, dtype=np.float32)
    for page in store.pages(keys, ("vector",)):
        block = np.stack([one.vector for one in page if one.vector is not None])
        seen = np.concatenate([best, queries @ block.T], axis=1)
        best = -np.partition(-seen, count - 1, axis=1)[:, :count]
    found = store.search(queries, count, filters)
    last = best.min(axis=1)
    right = sum(
        hit.similarity >= least - _SAME
        for hits, least in zip(found, last, strict=True)
        for hit in hits
    )
    estimate: Estimate = share(right, count * len(queries))
    name = f"recall@{count}"
    return [Figure("index", name, store.pin.encoder, "dense", estimate, None, len(queries), None)]
