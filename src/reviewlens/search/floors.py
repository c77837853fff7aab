"""The floor of a collection: found when it is first needed, kept with it, renewed as it grows."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from reviewlens.errors import CollectionReplaced, StoreError
from reviewlens.search.relevance import (
    FEWEST_TEXTS,
    Floor,
    Floored,
    NoFloor,
    calibrate,
    load_probes,
    read_floor,
    read_sample,
)
from reviewlens.search.statements import nearest_saying

if TYPE_CHECKING:
    from reviewlens.encoders import Encoder
    from reviewlens.search.relevance import Probes
    from reviewlens.store import ReviewStore

_log = logging.getLogger(__name__)
_KEPT = "floor"
_DUE = "floor_due"
"""The property that is set from before a write until the floor has been looked at after it."""
_CHANGED = 0.1


class FloorKeeper:
    """Floors of the collections asked so far; one thread at a time calibrates one."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[tuple[str, str], tuple[str, Floor | NoFloor]] = {}
        self._probes: dict[str, Probes] = {}

    def _probes_of(self, encoder: Encoder) -> Probes:

        if encoder.fingerprint not in self._probes:
            self._probes[encoder.fingerprint] = load_probes(encoder)
        return self._probes[encoder.fingerprint]

    def of(
        self, store: ReviewStore, encoder: Encoder, *, needed: bool = True
    ) -> Floored | NoFloor | None:
        """Return what judges the answers of a collection, or why there is nothing.

        Args:
            store: The collection.
            encoder: Its encoder.
            needed: Calibrate a floor now where there is none; else return None.
        """
        found = self._floor_of(store, encoder, needed=needed)
        if found is None or isinstance(found, NoFloor):
            return found
        return Floored(found, found.unrelated(self._probes_of(encoder)))

    def _floor_of(
        self, store: ReviewStore, encoder: Encoder, *, needed: bool
    ) -> Floor | NoFloor | None:
        found = self._kept(store, encoder)
        if found is not None or not needed:
            return found
        with self._guard:
            found = self._kept(store, encoder)  # another thread may have calibrated it meanwhile
            if found is not None:
                return found
            _log.info(
                "The floor of this collection is being calibrated, once: what its reviews say "
                "against what no review says."
            )
            return self._calibrated(store, encoder)

    def _kept(self, store: ReviewStore, encoder: Encoder) -> Floor | NoFloor | None:
        """Return the floor that there is; no search waits while it is being renewed."""
        key = (store.version, encoder.fingerprint)
        kept = store.properties.get(_KEPT, "")
        known = self._known.get(key)
        if known is not None and known[0] == kept:
            return known[1]
        found = read_floor(kept, encoder.fingerprint)
        if found is not None:
            self._known[key] = (kept, found)
        return found

    @staticmethod
    def is_due(store: ReviewStore) -> bool:
        """Tell whether a run that wrote has not come to look at the floor."""
        return bool(store.properties.get(_DUE))

    @staticmethod
    def expect(store: ReviewStore) -> None:
        """Keep with the collection, before it is written to, that its floor is to be looked at."""
        if not store.properties.get(_DUE):
            store.keep({_DUE: "yes"})

    def renew(
        self, store: ReviewStore, encoder: Encoder, changed: int, *, due: bool = False
    ) -> None:
        """Calibrate anew where more than a tenth of the reviews has changed since.

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
            kept = read_floor(store.properties.get(_KEPT, ""), encoder.fingerprint)
            if kept is not None and not due:
                grown = abs(store.count() - kept.reviews)
                if max(changed, grown) <= _CHANGED * kept.reviews:
                    store.keep({_DUE: ""})
                    return
            self._calibrated(store, encoder)

    def _calibrated(self, store: ReviewStore, encoder: Encoder) -> Floor | NoFloor:

        sample = read_sample(store)
        found: Floor | NoFloor
        if sample.distinct < FEWEST_TEXTS:
            found = NoFloor.of_few(encoder.fingerprint, sample)
        else:
            fields = ("original", "title")
            search = partial(nearest_saying, store, filters=None, fields=fields)
            nearest = sample.nearest if sample.whole else search
            found = calibrate(sample, self._probes_of(encoder), encoder, nearest)
        stored = found.stored()
        try:
            store.keep({_KEPT: stored, _DUE: ""})
        except CollectionReplaced:
            raise
        except StoreError as error:
            # Who may only read has the floor for as long as the process lives.
            _log.debug("the floor cannot be kept: %s", error)
        kept = store.properties.get(_KEPT, "")
        self._known[store.version, encoder.fingerprint] = (kept, found)
        return found
