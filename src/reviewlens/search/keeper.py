"""What relevance knows of a collection: measured when first needed, kept, renewed as it grows."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from reviewlens.errors import CollectionReplaced, StoreError
from reviewlens.search.relevance import (
    FEWEST_TEXTS,
    Measured,
    Relevance,
    Unmeasured,
    load_probes,
    measure,
    read_measured,
    read_sample,
)

if TYPE_CHECKING:
    from reviewlens.encoders import Encoder
    from reviewlens.search.relevance import Probes
    from reviewlens.store import ReviewStore

_log = logging.getLogger(__name__)
_KEPT = "relevance"
_DUE = "relevance_due"
"""The property that is set from before a write until relevance has been looked at after it."""
_CHANGED = 0.1


class RelevanceKeeper:
    """Relevance of the collections asked so far; one thread at a time measures one."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[tuple[str, str], tuple[str, Measured | Unmeasured]] = {}
        self._probes: dict[str, Probes] = {}

    def _probes_of(self, encoder: Encoder) -> Probes:
        if encoder.fingerprint not in self._probes:
            self._probes[encoder.fingerprint] = load_probes(encoder)
        return self._probes[encoder.fingerprint]

    def of(
        self, store: ReviewStore, encoder: Encoder, *, needed: bool = True
    ) -> Relevance | Unmeasured | None:
        """Return what judges the answers of a collection, or why there is nothing.

        Args:
            store: The collection.
            encoder: Its encoder.
            needed: Measure it now where it is not known; else return None.
        """
        found = self._measured(store, encoder, needed=needed)
        if found is None or isinstance(found, Unmeasured):
            return found
        return Relevance(found, self._probes_of(encoder))

    def _measured(
        self, store: ReviewStore, encoder: Encoder, *, needed: bool
    ) -> Measured | Unmeasured | None:
        found = self._kept(store, encoder)
        if found is not None or not needed:
            return found
        with self._guard:
            found = self._kept(store, encoder)  # another thread may have measured it meanwhile
            if found is not None:
                return found
            return self._new(store, encoder)

    def _kept(self, store: ReviewStore, encoder: Encoder) -> Measured | Unmeasured | None:
        """Return what there is; no search waits while it is being renewed."""
        key = (store.version, encoder.fingerprint)
        kept = store.properties.get(_KEPT, "")
        known = self._known.get(key)
        if known is not None and known[0] == kept:
            return known[1]
        found = read_measured(kept, encoder.fingerprint)
        if found is not None:
            self._known[key] = (kept, found)
        return found

    @staticmethod
    def is_due(store: ReviewStore) -> bool:
        """Tell whether a run that wrote has not come to look at relevance."""
        return bool(store.properties.get(_DUE))

    @staticmethod
    def expect(store: ReviewStore) -> None:
        """Keep with the collection, before it is written to, that relevance is to be looked at."""
        if not store.properties.get(_DUE):
            store.keep({_DUE: "yes"})

    def renew(
        self, store: ReviewStore, encoder: Encoder, changed: int, *, due: bool = False
    ) -> None:
        """Measure anew where more than a tenth of the reviews has changed since.

        Args:
            store: The collection, everything written.
            encoder: Its encoder.
            changed: Reviews written since the last look.
            due: Whether an earlier run was stopped before it looked: it is not known how much that
                has changed.
        """
        if not changed and not due:
            return
        with self._guard:
            kept = read_measured(store.properties.get(_KEPT, ""), encoder.fingerprint)
            if kept is not None and not due:
                grown = abs(store.count() - kept.reviews)
                if max(changed, grown) <= _CHANGED * kept.reviews:
                    store.keep({_DUE: ""})
                    return
            self._new(store, encoder)

    def _new(self, store: ReviewStore, encoder: Encoder) -> Measured | Unmeasured:
        sample = read_sample(store)
        found: Measured | Unmeasured
        if sample.distinct < FEWEST_TEXTS:  # for which no probe need be embedded
            found = Unmeasured.of_few(encoder.fingerprint, sample)
        else:
            found = measure(sample, self._probes_of(encoder), encoder)
        stored = found.stored()
        try:
            store.keep({_KEPT: stored, _DUE: ""})
        except CollectionReplaced:
            raise
        except StoreError as error:
            # Who may only read has it for as long as the process lives.
            _log.debug("what relevance knows cannot be kept: %s", error)
        kept = store.properties.get(_KEPT, "")
        self._known[store.version, encoder.fingerprint] = (kept, found)
        return found
