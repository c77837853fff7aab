"""Whether another encoder can read the stored reviews at all, before hours are spent on it."""

from __future__ import annotations

from reviewlens.encoders import Encoder
from reviewlens.errors import UnknownTokens
from reviewlens.ingest import UNKNOWN_SHARE
from reviewlens.store import Filters, ReviewStore

_SAMPLE = 500


def require_readable(store: ReviewStore, encoder: Encoder) -> None:
    """Refuse an encoder that does not know a large part of the tokens.

    Args:
        store: Where the reviews are; 500 of them, spread evenly, are looked at.
        encoder: Counts tokens; its weights are not needed.

    Raises:
        UnknownTokens: More than 10 % of the tokens are unknown to it.
    """
    keys = store.passage_ids(Filters(), base="passage == 0")
    sample = keys[:: max(1, len(keys) // _SAMPLE)]
    counts = encoder.count_tokens([row.text for row in store.get(sample, ("text",)).values()])
    share = sum(unknown for _, unknown in counts) / max(1, sum(tokens for tokens, _ in counts))
    if share > UNKNOWN_SHARE:
        raise UnknownTokens(
            f"{encoder.name} does not know {share:.0%} of the tokens of these reviews (at most "
            f"{UNKNOWN_SHARE:.0%} is wanted), so that searches would find nonsense: choose "
            "another --encoder; --force goes on all the same"
        )
