"""Whether another encoder can read the stored reviews at all, before hours are spent on it."""

from __future__ import annotations

from collections import Counter

from reviewlens import ingest
from reviewlens.encoders import Encoder, languages_of
from reviewlens.store import Filters, ReviewStore

_SAMPLE = 500


def require_readable(store: ReviewStore, encoder: Encoder) -> None:
    """Refuse an encoder that does not read a large part of the reviews; see `ingest`.

    Args:
        store: Where the reviews are; 500 of them, spread evenly, are looked at.
        encoder: Counts tokens; its weights are not needed.

    Raises:
        UnreadLanguages: More than 10 % of the reviews are in languages that it does not read.
        UnknownTokens: More than 10 % of the tokens are unknown to it.
    """
    keys = store.passage_ids(Filters(), base="passage == 0")
    sample = keys[:: max(1, len(keys) // _SAMPLE)]
    rows = store.get(sample, ("text", "language")).values()
    counts = encoder.count_tokens([row.text for row in rows])
    share = sum(unknown for _, unknown in counts) / max(1, sum(tokens for tokens, _ in counts))
    ingest.require_readable(
        Counter(row.language for row in rows), share, encoder, languages_of(encoder)
    )
