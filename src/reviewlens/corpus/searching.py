"""The questions of a corpus that are put in words, and the reviews that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

from reviewlens import asking, retrieval
from reviewlens.asking import BUDGET, MOST_READ, Answer
from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.slicing import Slicing
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.results import Matches
from reviewlens.retrieval import POLARITIES, Mode, Polarity, Preference
from reviewlens.store import FilterArguments, ReviewStore, build_filters

if TYPE_CHECKING:
    from reviewlens.language_models import LanguageModel


class Searching(Slicing):
    """Which reviews say what a text says, or what a review says, and what they say together."""

    def search(
        self,
        query: str,
        n: int = 10,
        *,
        mode: Mode | None = None,
        polarity: Polarity | None = None,
        min_similarity: float | None = None,
        explain: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> Matches:
        """Return the reviews nearest in meaning to a text, best first.

        Args:
            query: What to look for, in plain words.
            n: Reviews at most.
            mode: `dense` by meaning, `keyword` by words (BM25), `hybrid` by both; None for
                `hybrid` where the query has something like a product's number (XJ-900, E04), else
                `dense`. Where Milvus has no keyword search, `hybrid` answers as `dense` does, and
                `notes` says so.
            polarity: Prefer reviews that praise (`positive`), that complain (`negative`), or that
                do what the query does (`auto`), as a direction learnt from the corpus' stars
                reads them; None for what is nearest. Where the texts do not tell the stars, or
                there are too few, `auto` answers as None does, and `notes` says so.
            min_similarity: Smallest cosine similarity that counts as an answer, -1..1; None for
                the collection's own floor, which also weighs words.
            explain: Find the sentence that matched best in each review, and the words in it.
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            InputError: The query is empty, or a filter cannot be read.
            UnknownTokens: The encoder does not know most of the query's tokens.
            TooFewReviews: A polarity is wanted, and the corpus' stars do not teach it.
            Unsupported: The mode is `keyword`, and Milvus has no keyword search.
        """
        return self.search_many(
            [query],
            n,
            mode=mode,
            polarity=polarity,
            min_similarity=min_similarity,
            explain=explain,
            **filters,
        )[0]

    @on_one_collection
    def search_many(
        self,
        queries: Sequence[str],
        n: int = 10,
        *,
        mode: Mode | None = None,
        polarity: Polarity | None = None,
        min_similarity: float | None = None,
        explain: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> list[Matches]:
        """Answer many queries at once, in order; the arguments are those of `search`."""
        self._preload()
        store = self._required_store()
        encoder = self._encoder_for(store)
        prefer, notes = self._preference(store, polarity)
        answers = retrieval.search(
            store,
            encoder,
            queries,
            floor=self._floors.of(store, encoder, needed=min_similarity is None),
            embed=partial(self._queries.of, encoder),
            n=n,
            mode=mode,
            filters=build_filters(store.columns, **filters),
            min_similarity=min_similarity,
            explain=explain,
            prefer=prefer,
        )
        if not notes:
            return answers
        return [replace(answer, notes=(*answer.notes, *notes)) for answer in answers]

    @on_one_collection
    def prepare(self, queries: Sequence[str]) -> None:
        """Embed texts that will be searched for, so that a search for them finds it done.

        Their vectors are remembered until some thousand other texts have been searched for.

        Raises:
            CollectionMissing: Nothing has been ingested.
        """
        self._preload()
        self._queries.of(self._encoder_for(self._required_store()), queries)

    def _preference(
        self, store: ReviewStore, polarity: Polarity | None
    ) -> tuple[Preference | None, tuple[str, ...]]:
        """Return the side to prefer, and what the user should know where that is not to be had."""
        if polarity is None:
            return None, ()
        if polarity not in POLARITIES:
            raise InputError(
                f"there is no polarity {polarity!r}; wanted one of {', '.join(POLARITIES)}"
            )
        try:
            return Preference(polarity, self._liking(store)), ()
        except TooFewReviews as error:
            if polarity != "auto":
                raise
            return None, (f"Searched without polarity: {error}",)

    @on_one_collection
    def ask(
        self,
        question: str,
        *,
        n: int = 100,
        budget: int = BUDGET,
        model: LanguageModel | None = None,
        polarity: Polarity | None = None,
        min_similarity: float | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Answer:
        """Answer a question from the reviews found for it, each statement with its sources.

        Args:
            question: In plain words.
            n: Reviews to look at, at most: 1 to 1,000.
            budget: Tokens of the evidence at most, 50 or more.
            model: Writes the answer from the evidence (`language_models.ChatModel`), which is
                sent to it; where it fails, or cites nothing that exists, the answer is made of
                the reviews' own sentences, as it is without a model, and `notes` says so.
            polarity: As for `search`; reviews of the other side are left out.
            min_similarity: Smallest cosine similarity that counts as an answer, -1..1.
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            InputError: The question is empty, a number is out of range, or a filter cannot be read.
        """
        if not 1 <= n <= MOST_READ:
            raise InputError(f"{n} reviews cannot be looked at; wanted 1 to {MOST_READ:,}")
        matches = self.search(
            question,
            n,
            polarity=polarity,
            min_similarity=min_similarity,
            explain=True,
            **filters,
        )
        encoder = self._encoder_for(None)
        embed = partial(self._queries.of, encoder)
        return asking.answer(matches, encoder, budget=budget, model=model, embed=embed)

    @on_one_collection
    def similar(
        self,
        review_id: str,
        n: int = 10,
        *,
        min_similarity: float | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Matches:
        """Return the reviews nearest to a stored one, itself left out.

        Args:
            review_id: As `search` and `export` show it.
            n: Reviews at most.
            min_similarity: Smallest cosine similarity that counts, -1..1.
            **filters: See `FilterArguments`.

        Raises:
            NotFound: There is no such review.
        """
        store = self._required_store()
        return retrieval.similar(
            store,
            review_id,
            n=n,
            filters=build_filters(store.columns, **filters),
            min_similarity=min_similarity,
        )
