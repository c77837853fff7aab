"""What is told of reviews that are copies of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.document import Document, Entry, Facts, Text
from reviewlens.ground.phrases import dates
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
        notes: What the user should know besides.
    """

    details_help = "Show similarities and thresholds."

    reviews: int
    texts: int
    near: float
    meaning: float
    recall: float
    counts: Mapping[str, int]
    groups: tuple[DuplicateGroup, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[DuplicateGroup]:
        return self.groups

    def document(self, *, details: bool = False, n: int | None = None) -> Document:
        """Return the groups with what they say; see `Tabular.document`.

        Args:
            details: Also similarities and thresholds.
            n: Groups that are told of; all without.
        """
        told = self.groups[: n or None]
        left = len(self) - len(told)
        looked_at = {
            **{f"groups {kind}": count for kind, count in self.counts.items()},
            "near from": self.near,
            "meaning from": self.meaning,
            "neighbours found": f"{self.recall:.1%}",
        }
        return (
            Text(
                f"{len(self):,} groups of copies in {self.reviews:,} reviews; "
                f"{self.reviews - self.texts:,} repeat the text of another"
            ),
            *(_entry(number, one, details=details) for number, one in enumerate(told, start=1)),
            *((Text(f"and {left:,} more groups: -n 0 shows them"),) if left else ()),
            *((Facts("Looked at", looked_at),) if details else ()),
        )


_WORDS = {
    "exact": "the same text",
    "near": "the same but for small edits",
    "meaning": "the same in other words",
}
_IDS_SHOWN = 12


def _entry(number: int, group: DuplicateGroup, *, details: bool) -> Entry:
    facts = [_WORDS[group.kind], f"{len(group.review_ids)} reviews"]
    if "authors" in group.flags:
        facts.append(f"{group.authors} authors")
    if "products" in group.flags:
        facts.append(f"{group.products} products")
    if "dates" in group.flags:
        facts.append(dates(group.first, group.last))
    if "polarity" in group.flags:
        facts.append("they may contradict each other")
    if "short" in group.flags:
        facts.append("short, so perhaps by chance")
    if details:
        facts.append(f"similarity {group.similarity:.3f}")
    quotes = group.quotes if group.kind != "exact" else group.quotes[:1]
    ids = ", ".join(group.review_ids[:_IDS_SHOWN])
    more = len(group.review_ids) - _IDS_SHOWN
    ids += f" and {more:,} more" if more > 0 else ""
    texts = [Text(quote.text, lines=2) for quote in quotes]
    return Entry(" · ".join(facts), (*texts, Text(ids, "soft")), number)
