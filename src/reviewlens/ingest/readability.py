"""Whether an encoder can read reviews at all, before hours are spent on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from reviewlens.encoders import Encoder
from reviewlens.errors import MissingExtra, UnknownTokens, UnreadLanguages
from reviewlens.store.languages import unread_of
from reviewlens.text.cjk import EXTRA, WITHOUT_SPACES, analyzer_lacks
from reviewlens.text.languages import named, shares

UNKNOWN_SHARE = 0.10
UNREAD_SHARE = 0.10
_CURE = "use --encoder multilingual"
_CURE_STORED = (
    "reindex --encoder multilingual first, or ingest into another --collection with that encoder"
)
_SHOWN = 4
_LEAST_SHOWN = 0.01


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
        UnreadLanguages: More than 10 % of the reviews are in languages that it does not read.
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
    share_of = shares(languages)
    share = sum(share_of.get(code, 0.0) for code in WITHOUT_SPACES)
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
    share_of = shares(languages)
    unread = {code: share_of[code] for code in unread_of(share_of, read)}
    total = sum(unread.values())
    of_all = sum(languages[code] for code in unread) / max(1, languages.total())
    # Of texts hardly any of which can be told, the few that can say nothing of the others.
    if min(total, of_all) <= UNREAD_SHARE:
        return ""
    shown = [f"{named(code)} {one:.0%}" for code, one in unread.items() if one >= _LEAST_SHOWN]
    listed = ", ".join(shown[:_SHOWN])
    more = " and others" if len(unread) > len(shown[:_SHOWN]) else ""
    return (
        f"{encoder.name} reads {' and '.join(map(named, sorted(read)))}, but {total:.0%} of these "
        f"reviews are in other languages ({listed}{more}; at most {UNREAD_SHARE:.0%} is wanted), "
        f"of which it would find nonsense: {cure}, or a model of that language; "
        "--force goes on all the same, and those reviews are found by their words alone"
    )


def _unknown_complaint(share: float, encoder: Encoder, cure: str) -> str:
    if share <= UNKNOWN_SHARE:
        return ""
    return (
        f"{encoder.name} does not know {share:.0%} of the tokens of these reviews (at most "
        f"{UNKNOWN_SHARE:.0%} is wanted), so that searches would find nonsense: {cure}, or a model "
        "that knows them, such as BAAI/bge-m3; --force goes on all the same"
    )
