"""Which words are more of one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.ground.describing import by_nearness, words_said
from reviewlens.ground.differences import adjusted, difference, exact_p, four_figures
from reviewlens.ground.estimates import Estimate, Z, share
from reviewlens.ground.slices import Slice
from reviewlens.insights.comparison.results import Difference
from reviewlens.insights.comparison.themes import SIGNIFICANT
from reviewlens.results import Quote
from reviewlens.text.languages import shares
from reviewlens.text.passages import split_sentences
from reviewlens.text.words import content_words, distinct_terms, terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Figures = NDArray[np.float64]

FEWEST_MENTIONS = 5
"""Of a term, on both sides together, that it is looked at: less would only make the correction
for many comparisons harder on the others."""

# Rarer than this nothing is: a term that a side never says has no lower bound there.
_RAREST = 1e-12


@dataclass(frozen=True, slots=True)
class WordDifferences:
    """What `compare_words` found.

    Attributes:
        differences: Of the first side, then of the second.
        texts: How many different texts each side has.
        mentions: What all terms of each side sum to, each counted once a review.
        terms: How many were looked at.
        prior_size: What the prior weighs, in mentions.
        names_left_out: No product is on both sides, so the words of their names were left out.
    """

    differences: tuple[Difference, ...]
    texts: tuple[int, int]
    mentions: tuple[int, int]
    terms: int
    prior_size: float
    names_left_out: bool


@dataclass(frozen=True, slots=True, eq=False)
class LogOdds:
    """Of each term, the log-odds on one side minus those on the other.

    Attributes:
        value: float64 of shape (terms,).
        low: Lower bound of the 95 % interval.
        high: Upper bound.
        z: How far `value` is from 0, where the end of its interval on that side is 1.96 away.
    """

    value: Figures
    low: Figures
    high: Figures
    z: Figures


def compare_words(
    a: Slice, b: Slice, *, n: int = 10, prior_size: float | None = None
) -> WordDifferences:
    """Return the words and pairs of words that one side says more, beyond chance.

    A term is listed when both hold: the interval of its log-odds ratio leaves zero, so that it is
    more of what the side says and not merely in its longer reviews; and the share of reviews that
    say it differs by Fisher's exact test, corrected for all terms (Benjamini and Hochberg). They
    are ranked by z.

    A text that stands on a side more than once counts once there: five copies of a long review
    would make each of its words and pairs differ.

    Args:
        a: One side.
        b: The other side.
        n: Words a side at most; 0 for all.
        prior_size: See `log_odds`; None for `usual_prior`.
    """
    import numpy as np

    a, b = _without_copies(a), _without_copies(b)
    matrix, terms = _said(a, b)
    counts = [np.asarray(part.sum(axis=0)).ravel() for part in (matrix[: len(a)], matrix[len(a) :])]
    mentions = int(counts[0].sum()), int(counts[1].sum())
    size = usual_prior(sum(mentions)) if prior_size is None else prior_size
    looked_at = np.flatnonzero(counts[0] + counts[1] >= FEWEST_MENTIONS)
    names = _telling_names(a, b)
    if names:
        kept = [not names.issuperset(terms[at].split(" ")) for at in looked_at]
        looked_at = looked_at[np.array(kept, dtype=np.bool_)]
    names_of = [terms[at] for at in looked_at]
    matrix = matrix.tocsc()[:, looked_at]
    figures = _measured(counts[0][looked_at], counts[1][looked_at], a, b, mentions, size)
    found: list[Difference] = []
    language = next(iter(shares([*a.languages, *b.languages])), "")
    for side, reviews, first in (("a", a, 0), ("b", b, len(a))):
        place_of = {names_of[place]: place for place in _ranked(names_of, figures, side)}
        quoted: set[str] = set()
        for term in distinct_terms(list(place_of), n or None, language):
            place = place_of[term]
            rows = matrix[:, [place]].nonzero()[0] - first
            rows = np.sort(rows[(rows >= 0) & (rows < len(reviews))])
            quote = _quote(reviews, rows, term, quoted)
            quoted.add(quote.review_id)
            found.append(_told(term, place, figures, (len(a), len(b)), side, quote))
    return WordDifferences(
        tuple(found),
        (len(a), len(b)),
        mentions,
        len(looked_at),
        round(float(size), 4),
        bool(names),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """Of each term that is looked at, all of shape (terms,)."""

    said_a: Counts
    said_b: Counts
    shares: tuple[Figures, Figures, Figures]
    odds: LogOdds
    p: Figures
    p_adjusted: Figures


def _measured(
    said_a: Counts, said_b: Counts, a: Slice, b: Slice, mentions: tuple[int, int], size: float
) -> _Figures:
    import numpy as np

    of_a, of_b = np.full(len(said_a), len(a)), np.full(len(said_b), len(b))
    p = exact_p(said_a, of_a, said_b, of_b)
    return _Figures(
        said_a,
        said_b,
        difference(said_a, of_a, said_b, of_b),
        log_odds(said_a, said_b, *mentions, prior_size=size),
        p,
        adjusted(p),
    )


def _told(
    term: str, at: int, figures: _Figures, sizes: tuple[int, int], side: str, quote: Quote
) -> Difference:
    said_a, said_b = int(figures.said_a[at]), int(figures.said_b[at])
    odds = figures.odds
    return Difference(
        kind="word",
        name=term,
        cluster=None,
        more=side,
        reviews_a=said_a,
        reviews_b=said_b,
        share_a=share(said_a, sizes[0]),
        share_b=share(said_b, sizes[1]),
        difference=Estimate.rounded(*(figure[at] for figure in figures.shares)),
        log_odds=Estimate.rounded(odds.value[at], odds.low[at], odds.high[at]),
        z=round(float(odds.z[at]), 4),
        p=four_figures(figures.p[at]),
        p_adjusted=four_figures(figures.p_adjusted[at]),
        significant=True,
        quotes_a=(quote,) if side == "a" else (),
        quotes_b=(quote,) if side == "b" else (),
    )


def usual_prior(mentions: int) -> float:
    """Return how many mentions the prior weighs as much as, of so many on both sides.

    Three times their square root, at most a tenth of them: enough that a word which a side never
    says has an interval that ends, and so little that it fades as reviews come in. In simulations
    the intervals then held the true log-odds ratio in 93 to 97 % of the cases.
    """
    return min(3.0 * mentions**0.5, mentions / 10) or 1.0


def log_odds(
    said_a: Counts, said_b: Counts, mentions_a: int, mentions_b: int, *, prior_size: float
) -> LogOdds:
    """Return the log-odds ratio of terms under an informative Dirichlet prior.

    The prior gives each term as much of `prior_size` mentions as it has of all of them on both
    sides together, so that terms said seldom are drawn to no difference. `value` is the paper's.
    Its interval, 1.96 standard deviations to each side, is far too wide where a side never says a
    term, which is where the two differ most. So the interval here is made of the quantiles of
    each side's posterior, a Beta distribution, as Newcombe makes one of two shares; `z` is by the
    half of it that points to 0. Where a term is said often both are the paper's.

    Args:
        said_a: int64 of shape (terms,): how many reviews of one side say each.
        said_b: Of the other side; one of the two at least says a term.
        mentions_a: Sum over all terms of one side, those not given here included.
        mentions_b: Of the other side.
        prior_size: Above 0; the more, the nearer to 0 the log-odds ratio of a rare term.

    Source:
        Monroe, Colaresi and Quinn, "Fightin' Words: Lexical Feature Selection and Evaluation for
        Identifying the Content of Political Conflict", Political Analysis 16, 2008, section 3.5.
        Zou and Donner, "Construction of confidence limits about effect measures: a general
        approach", Statistics in Medicine 27, 2008, for the interval.
    """
    import numpy as np
    from scipy.special import betaincinv, logit

    prior = prior_size * (said_a + said_b) / max(1, mentions_a + mentions_b)
    logs, lows, highs = [], [], []
    for said, mentions in ((said_a, mentions_a), (said_b, mentions_b)):
        of_it, of_others = said + prior, mentions + prior_size - said - prior
        logs.append(np.log(of_it) - np.log(of_others))
        ends = (np.maximum(_RAREST, betaincinv(of_it, of_others, q)) for q in (0.025, 0.975))
        low, high = (logit(end) for end in ends)
        lows.append(np.minimum(low, logs[-1]))
        highs.append(np.maximum(high, logs[-1]))
    value = logs[0] - logs[1]
    below = np.hypot(logs[0] - lows[0], highs[1] - logs[1])
    above = np.hypot(highs[0] - logs[0], logs[1] - lows[1])
    z = Z * value / np.where(value > 0, below, above)
    return LogOdds(value, value - below, value + above, z)


def _without_copies(reviews: Slice) -> Slice:
    """Return the first review of each text; case and white space make no other text."""
    import numpy as np

    first: dict[str, int] = {}
    for row, text in enumerate(reviews.texts):
        first.setdefault(" ".join(text.split()).casefold(), row)
    return reviews.take(np.array(list(first.values()), dtype=np.intp))


def _said(a: Slice, b: Slice) -> tuple[Any, list[str]]:
    """Return which review says which term, a sparse matrix of 0 and 1, and the terms, sorted."""
    from sklearn.feature_extraction.text import CountVectorizer

    reviews = [(side, row) for side in (a, b) for row in range(len(side))]
    counter = CountVectorizer(
        analyzer=lambda review: terms_of(words_said(*review)), binary=True, dtype="int64"
    )
    try:
        matrix = counter.fit_transform(reviews)
    except ValueError:  # no review says anything
        from scipy.sparse import csr_matrix

        return csr_matrix((len(reviews), 0), dtype="int64"), []
    return matrix, counter.get_feature_names_out().tolist()


def _telling_names(a: Slice, b: Slice) -> frozenset[str]:
    """Return the words of the products' names where these alone tell which side a review is on."""
    products = set(a.products), set(b.products)
    if products[0] & products[1] or products == ({""}, {""}):
        return frozenset()
    names = sorted(products[0] | products[1])
    return frozenset(word for name in names for word in content_words(name, ""))


def _ranked(terms: Sequence[str], figures: _Figures, side: str) -> list[int]:
    """Return the places of the terms that a side says more, the surest difference first.

    Of terms with the same figures a pair of words comes first, as it says more.
    """
    import numpy as np

    sign = 1 if side == "a" else -1
    z = sign * figures.odds.z
    kept = (figures.p_adjusted <= SIGNIFICANT) & (z >= Z) & (sign * figures.shares[0] > 0)

    def key(place: int) -> tuple[float, int, str]:
        return -round(float(z[place]), 6), -terms[place].count(" "), terms[place]

    return sorted(np.flatnonzero(kept).tolist(), key=key)


def _quote(reviews: Slice, rows: NDArray[np.intp], term: str, quoted: set[str]) -> Quote:
    """Return a sentence that says a term, of the review most like all that say it.

    One that has been quoted for another term only where there is no other.
    """
    ordered = by_nearness(reviews, rows).tolist()
    row = next((row for row in ordered if reviews.ids[row] not in quoted), ordered[0])
    language = reviews.languages[row]
    for part in (reviews.texts[row], reviews.titles[row]):
        for sentence in split_sentences(part):
            if term in terms_of(content_words(sentence, language)):
                return reviews.quote(row, sentence)
    return reviews.quote(row)
