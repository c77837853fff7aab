"""Which languages a collection's encoder reads, and which its reviews are in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from reviewlens.settings import ANY_LANGUAGE

_SAME = {"bs": "hr", "sh": "hr", "sr": "hr", "nb": "no", "nn": "no"}
"""Languages that are told as one, or are written so in some model cards."""


def unread_of(codes: Iterable[str], read: Collection[str]) -> tuple[str, ...]:
    """Return those languages that are not read; none where it is not known what is.

    Who reads one of Croatian, Bosnian and Serbian reads all of them, and so with Norwegian.
    """
    if not read or ANY_LANGUAGE in read:
        return ()
    known = {_SAME.get(code, code) for code in read}
    return tuple(code for code in codes if _SAME.get(code, code) not in known)


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a collection, ISO 639-1.

    Attributes:
        read: What its encoder reads; empty where that is not known, `("mul",)` for any.
        met: What its ingests took reviews for, since that is kept.
    """

    read: tuple[str, ...] = ()
    met: tuple[str, ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """Those of its reviews that its encoder does not read."""
        return unread_of(self.met, self.read)

    @property
    def readable(self) -> str:
        """The Milvus expression of reviews that the encoder reads; empty where it reads all."""
        codes = ", ".join(json.dumps(code) for code in self.unread)
        return f"language not in [{codes}]" if codes else ""

    def joined(self, later: Languages) -> Languages:
        """Return what is known with what a later ingest tells."""
        met = {*self.met, *later.met} - {""}
        return Languages(later.read or self.read, tuple(sorted(met)))

    def encoded(self) -> str:
        """Return the property that holds them."""
        return json.dumps(asdict(self))


def decode_languages(text: str) -> Languages:
    """Return what a property holds; nothing is known where it is absent."""
    kept: dict[str, Any] = json.loads(text or "{}")
    return Languages(tuple(kept.get("read", ())), tuple(kept.get("met", ())))
