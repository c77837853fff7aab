"""Whether an encoder can read reviews at all, before hours are spent on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from reviewlens.encoders import Encoder, word_pieces
from reviewlens.errors import MissingExtra, UnknownTokens, UnreadLanguages
from reviewlens.settings import ANY_LANGUAGE
from reviewlens.store.languages import unread_of
from reviewlens.text.cjk import EXTRA, WITHOUT_SPACES, analyzer_lacks
from reviewlens.text.foreign import foreign_languages
from reviewlens.text.languages import named

UNKNOWN_SHARE = 0.10
UNREAD_SHARE = 0.10
FEWEST_TOLD = 20
"""Reviews whose language can be told, unless half of all can, before they stop an ingest."""
TOLD_SHARE = 0.10
"""The same as a share of all."""
_CURE = "use --encoder multilingual"
_CURE_STORED = (
    "reindex --encoder multilingual first, or ingest into another --collection with that encoder"
)
_CODE = re.compile(r"\S*\d\S*")
_LEAST_WORD = 3
_FEWEST_LOOKED_AT = 5
_SHOWN = 4
_LEAST_SHOWN = 0.01
_MOST_DECIMALS = 6


def require_readable(
    languages: Counter[str],
    unknown_share: float,
    encoder: Encoder,
    read: Collection[str],
    *,
    stored: bool = False,
) -> None:
    """Refuse an encoder that does not read a large part of the reviews, or know of their tokens.

    Args:
        languages: Reviews by language, empty of those whose language could not be told.
        unknown_share: Share of their tokens that the encoder does not know, 0..1.
        encoder: Which it is about.
        read: The languages that it reads.
        stored: Whether the collection is there, and bound to it.

    Raises:
        UnreadLanguages: More than 10 % of the reviews are in languages that it does not read, and
            of those whose language can be told, which are at least 20 or half of all.
        UnknownTokens: More than 10 % of the tokens are unknown to it.
    """
    cure = _CURE_STORED if stored else _CURE
    if complaint := _unread_complaint(languages, encoder, read, cure):
        raise UnreadLanguages(complaint, field="force")
    if complaint := _unknown_complaint(unknown_share, encoder, cure):
        raise UnknownTokens(complaint, field="force")


def require_words(languages: Counter[str]) -> None:
    """Refuse to make a collection of reviews that could not be found in it by their words.

    What takes texts apart is chosen when a collection is made.

    Args:
        languages: As for `require_readable`.

    Raises:
        MissingExtra: More than 10 % of the reviews are Chinese or Japanese, and the extra `cjk` is
            not installed.
    """
    # What is Chinese or Japanese shows in its letters, so that of the others none is.
    share = sum(languages[code] for code in WITHOUT_SPACES) / max(1, languages.total())
    if share > UNREAD_SHARE and (package := analyzer_lacks()):
        raise MissingExtra(
            package,
            EXTRA,
            f"Finding Chinese and Japanese reviews by their words, and {share:.0%} of these are "
            "such,",
            "--force goes on all the same, and they are found by meaning alone",
        )


def _unread_complaint(
    languages: Counter[str], encoder: Encoder, read: Collection[str], cure: str
) -> str:
    everything = languages.total()
    told = everything - languages[""]
    unread = Counter({code: languages[code] for code in unread_of(languages, read) if code})
    # Of texts hardly any of which can be told, the few that can say nothing of the others.
    few = told < max(min(FEWEST_TOLD, everything / 2), TOLD_SHARE * everything)
    if few or unread.total() <= UNREAD_SHARE * told:
        return ""
    shown = [
        f"{named(code)} {_percent(count / told, UNREAD_SHARE)}"
        for code, count in unread.most_common(_SHOWN)
        if count >= _LEAST_SHOWN * told
    ]
    more = " and others" if len(unread) > len(shown) else ""
    if everything == 1:
        of = "the review looked at is in another language"
    else:
        whose = " whose language can be told" if told < everything else ""
        out_of = f"{told:,} of {everything:,}" if told < everything else f"{told:,}"
        of = (
            f"{_percent(unread.total() / told, UNREAD_SHARE)} of the {out_of} reviews looked at"
            f"{whose} are in other languages"
        )
    return (
        f"{encoder.name} reads {' and '.join(map(named, sorted(read)))}, but {of} "
        f"({', '.join(shown)}{more}; at most {UNREAD_SHARE:.0%} is wanted), "
        f"of which it would find nonsense: {cure}, or a model of that language; "
        "--force goes on all the same, and those reviews are found by their words alone"
    )


def _unknown_complaint(share: float, encoder: Encoder, cure: str) -> str:
    if share <= UNKNOWN_SHARE:
        return ""
    return (
        f"{encoder.name} does not know {_percent(share, UNKNOWN_SHARE)} of the tokens of these "
        f"reviews (at most {UNKNOWN_SHARE:.0%} is wanted), so that searches would find nonsense: "
        f"{cure}, or a model that knows them, such as BAAI/bge-m3; --force goes on all the same"
    )


def _percent(share: float, most: float) -> str:
    """Return a share in percent; one above what is wanted with the decimals that show it so."""
    decimals = 0
    while share > most and decimals < _MOST_DECIMALS and round(100 * share, decimals) <= 100 * most:
        decimals += 1
    return f"{share:.{decimals}%}"


def says_nothing_of(text: str, read: Collection[str], encoder: Encoder) -> bool:
    """Tell whether a text whose language cannot be told looks like nothing that an encoder reads.

    Emoji, numbers and codes do, and words that look foreign; `Nice` and `ok` do not.

    Args:
        text: Of a review.
        read: The languages that the encoder reads; none where nobody says.
        encoder: It.
    """
    pieces = text.split()
    codes = sum(_CODE.fullmatch(piece) is not None for piece in pieces)
    words = [piece for piece in pieces if sum(map(str.isalpha, piece)) >= _LEAST_WORD]
    if not words and not text.isascii():
        return True
    if 2 * codes > len(pieces):
        return True
    known = frozenset(read) - {ANY_LANGUAGE}
    return foreign_languages(text, known, lambda words: (), word_pieces(encoder, read)) is not None


def untold_note(languages: Counter[str], unreadable: int, example: str, encoder: Encoder) -> str:
    """Return what is to be said where most reviews look like nothing that an encoder reads.

    Args:
        languages: As for `require_readable`.
        unreadable: Of how many of those that could not be told `says_nothing_of` is true.
        example: One of them.
        encoder: Which it is about.

    Returns:
        Nothing where most can be told, or most of the others look like what it reads, as short
        reviews do.
    """
    everything, untold = languages.total(), languages[""]
    if everything < _FEWEST_LOOKED_AT or 2 * untold <= everything or 2 * unreadable <= untold:
        return ""
    which = "any" if untold == everything else f"{untold:,}"
    return (
        f"The language cannot be told of {which} of the {everything:,} reviews looked at, such as "
        f"{example!r}: codes, emoji, or words that {encoder.name} may not read. They are found by "
        "their words; what goes by meaning may say little of them."
    )
