"""What a private detail is, how a token for one looks, and how many some rows hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "person",
    "email",
    "phone",
    "card",
    "iban",
    "order",
    "key",
    "identity",
    "link",
    "address",
    "network",
]
KINDS: Mapping[Kind, str] = {
    "person": "names in columns",
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "card": "card numbers",
    "iban": "IBANs",
    "order": "order and ticket numbers",
    "key": "keys in links",
    "identity": "numbers of identity documents",
    "link": "links to profiles",
    "address": "postal addresses",
    "network": "network addresses",
}
"""Each kind, and how a report calls it; the last three, and the first, are of columns alone."""

TOKEN = re.compile(rf"<(?:{'|'.join(get_args(Kind))})-[0-9a-f]{{12}}>")
"""What stands in the place of a masked detail."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A private detail in a text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        kind: What it is.
        value: Itself without the freedom of writing it: the same for the same detail.
    """

    start: int
    end: int
    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """The private details of some rows.

    Attributes:
        rows: How many rows have any.
        details: How many there are of each kind.
    """

    rows: int = 0
    details: Mapping[Kind, int] = field(default_factory=dict)

    def __add__(self, other: Told) -> Told:
        """Return those of both."""
        return Told(self.rows + other.rows, Counter(self.details) + Counter(other.details))

    def words(self) -> str:
        """Say how many of what, the most frequent first."""
        kinds = sorted(self.details, key=lambda kind: -self.details[kind])
        return ", ".join(f"{KINDS[kind]} {self.details[kind]:,}" for kind in kinds)


NOTHING = Told()
"""Of rows without a private detail."""


def without_tokens(text: str) -> str:
    """Return a text without what stands for its masked details: no word, and of no language."""
    return TOKEN.sub(" ", text) if "<" in text else text
