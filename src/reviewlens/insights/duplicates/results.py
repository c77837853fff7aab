"""What is told of reviews that are copies of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.results import Quote, Tabular

Kind = Literal["exact", "near", "meaning"]
Flag = Literal["authors", "products", "dates", "polarity", "short"]
KINDS: tuple[Kind, ...] = ("exact", "near", "meaning")


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Reviews that say the same.

    Attributes:
        kind: `exact`: the same text but for case, white space and punctuation; `near`: the same
            but for small edits; `meaning`: the same in other words.
        review_ids: Its reviews; of an exact group all, in the order of ids; else one for each
            text, the one that all others are compared with first. Reviews that are exact copies
            of it are a group of their own, and near copies of one in a `meaning` group are too.
        similarity: The smallest to the first: 1 for exact, the Jaccard index of shingles for
            near, the cosine for meaning.
        authors: Different names among them; those without count for none. So with products.
        first: ISO time of the earliest, None without dates.
        last: Of the latest.
        flags: `authors`, `products`, `dates`: it spans several of them, as copied reviews do.
            `polarity`: near copies of which one negates what another says, or with stars three
            apart. `short`: so short a text that people write it by chance; it has no other flag.
        quotes: Up to three of its texts.
        sources: Different sources among them; those without count for none.
        author_names: Up to five of the authors, the one of most reviews first. So with products
            and sources.
    """

    kind: Kind
    review_ids: tuple[str, ...]
    similarity: float
    authors: int
    products: int
    first: str | None
    last: str | None
    flags: tuple[Flag, ...]
    quotes: tuple[Quote, ...]
    sources: int = 0
    author_names: tuple[str, ...] = ()
    product_names: tuple[str, ...] = ()
    source_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Duplicates(Tabular):
    """Groups of copies: those that span authors, products or dates first, then the largest.

    Attributes:
        reviews: Reviews looked at.
        texts: Distinct texts among them; the difference is how many exact copies there are.
        near: Threshold of near copies, a Jaccard index.
        meaning: Threshold of the same meaning, a cosine.
        recall: Share of the nearest neighbours that were found, 1 where all were compared.
        counts: Groups of each kind.
    """

    reviews: int
    texts: int
    near: float
    meaning: float
    recall: float
    counts: Mapping[str, int]
    groups: tuple[DuplicateGroup, ...]

    def _rows(self) -> Sequence[DuplicateGroup]:
        return self.groups
