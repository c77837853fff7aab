"""What a saved set of themes is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_SET = "main"


class Member(NamedTuple):
    """A review as it was when its theme was found.

    Attributes:
        theme: Its number.
        confidence: 0..1.
        digest: Of what the review said; a review that says something else by now is no member.
    """

    theme: int
    confidence: float
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A theme that lasts: its number is never given to another.

    Attributes:
        number: What `cluster` is in the reviews.
        label: Its terms, joined, as they were found.
        name: The analyst's word for it, empty where there is none.
        terms: Words that tell it from the others, best first.
        vocabulary: Its commonest content words, with how many of its reviews have them.
        says_nothing: Whether it is the group of reviews that say nothing, told by a rule.
        hidden: Whether it is left out of lists and news.
        origin: Where it comes from: `found`, `split from 3`, `adopted`.
        quotes: Ids of the reviews nearest to its centre.
        centres: float32 of shape (parts, dimension), unit length: the means of its finer parts.
    """

    number: int
    label: str
    name: str
    terms: tuple[str, ...]
    vocabulary: Mapping[str, int]
    says_nothing: bool
    hidden: bool
    origin: str
    quotes: tuple[str, ...]
    centres: NDArray[np.float32]

    @property
    def called(self) -> str:
        """The analyst's word, else the label."""
        return self.name or self.label


@dataclass(frozen=True, slots=True, eq=False)
class ThemeSet:
    """Themes found together, and which reviews they were found in.

    Attributes:
        name: Of the set.
        created: UTC milliseconds.
        resolution: At which they were found; a refit takes it again.
        stability: Of the clusters, 0..1.
        sharpness: What a cosine is multiplied by before the softmax that gives the confidence of an
            assigned theme; fitted on the members.
        next_number: The number of the next new theme.
        themes: By number.
        members: By review id, the reviews that the themes were found in.
        adopted: Likewise, later ones that were adopted as a theme.
    """

    name: str
    created: int
    resolution: float
    stability: float
    sharpness: float
    next_number: int
    themes: tuple[Theme, ...]
    members: Mapping[str, Member]
    adopted: Mapping[str, Member] = field(default_factory=dict)

    def theme(self, number: int) -> Theme | None:
        """Return a theme by number."""
        return next((theme for theme in self.themes if theme.number == number), None)

    @property
    def labels(self) -> dict[int, str]:
        """What the themes are called, by number."""
        return {theme.number: theme.called for theme in self.themes}
