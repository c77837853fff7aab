"""The steps of a reindex, from the collection in service to the one that takes its place."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reviewlens.encoders import Encoder, languages_of
from reviewlens.ingest import fitting_analyzer
from reviewlens.results import OnProgress, ReindexReport
from reviewlens.store import (
    BEGUN,
    COMPUTED,
    LOOK_SECONDS,
    REPLACES,
    Analyzer,
    MadeWith,
    Pin,
    ReviewStore,
    Versions,
    encode_made_with,
)
from reviewlens.text.cjk import has_analyzer
from reviewlens.upkeep.reindex_rows import Copying
from reviewlens.upkeep.reindex_themes import Sets

GRACE_SECONDS = LOOK_SECONDS + 2.0
"""How long the old version stays after the swap: until every reader has looked for the new one,
and the requests begun before that have been answered."""

STEPS = (
    *("made", "copied", "themes written", "caught up", "ready"),
    *("swapped", "caught up again", "old one dropped"),
)
"""The named steps of a reindex, in order; those of copying a page come before `copied`."""

_MOST_PASSES = 10
_OF_THE_VERSION = (
    *("schema", "encoder", "fingerprint", "dimension", "themes", "themes_written"),
    *(REPLACES, BEGUN),
)
"""Names of properties that each version has for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who is told what.

    Attributes:
        progress: The stage `reindexing`, reviews done and in all.
        step: Each name of `STEPS` and of `reindex_rows.STEPS` as it is done.
        swapped: The version that is in service from now on.
    """

    progress: OnProgress | None
    step: Callable[[str], None]
    swapped: Callable[[ReviewStore], None]


def rebuild(
    store: ReviewStore,
    pin: Pin,
    encoder: Encoder | None,
    *,
    own: Callable[[], Encoder],
    grace: float,
    watching: Watching,
) -> ReindexReport:
    """Build a collection anew beside the one in service, and give it its name.

    Run again, an interrupted one is completed.

    Args:
        store: Bound to the version in service.
        pin: What the new one is bound to.
        encoder: Embeds the stored texts; None to take the stored vectors, which must be of `pin`.
        own: Makes the encoder that the stored vectors are of.
        grace: Seconds between the swap and the removal of the old version.
        watching: Who is told what.

    Raises:
        StoreError: Milvus cannot be used; what was in service still is.
        EncoderError: The encoder cannot be used.
    """
    started = time.monotonic()
    before = store.pin.encoder
    versions = Versions(store)
    if (old := versions.left_over) and store.pin.fingerprint == pin.fingerprint:
        # Killed between the swap and the end: what is in service is what was wanted.
        before = store.rebound(old).pin.encoder
        _finish(store, versions, old, watching.step)
        return _report(store, before, None, (), started, resumed=True)
    new = versions.unfinished(pin)
    resumed = new is not None
    versions.sweep(keep=new.version if new is not None else "")
    if new is None:
        new = versions.begin(pin, _carried(store, encoder), analyzer=_analyzer(store))
    watching.step("made")
    # Bound to the version by its name: it is read after the swap as well.
    old_one = store.rebound(store.version)
    copying = Copying(old_one, new, encoder, own, watching.step)
    copying.copy(resumed=resumed, on_progress=watching.progress)
    new.settle()
    watching.step("copied")
    sets = Sets(old_one, new, encoder)
    for _ in range(_MOST_PASSES):
        changed = sets.carry()
        watching.step("themes written")
        changed += copying.catch_up()  # last, so that little can change before the swap
        watching.step("caught up")
        if not changed:
            break
        new.settle()
    new.keep(_carried(store.rebound(store.version), encoder))
    sets.choose()
    watching.step("ready")
    store.require_service()  # of one that another process dropped, nothing may have been read
    served = versions.serve(new)
    watching.swapped(served)
    watching.step("swapped")
    time.sleep(grace)
    # A write that was under way at the swap has landed in the old version by now.
    if copying.catch_up(replaced=True):
        new.settle()
    watching.step("caught up again")
    _finish(served, Versions(served), store.version, watching.step)
    notes = () if encoder is None else encoder.notes
    return _report(served, before, copying, notes, started, resumed=resumed)


def _finish(
    store: ReviewStore, versions: Versions, old: str, on_step: Callable[[str], None]
) -> None:
    versions.drop(old)
    store.keep({REPLACES: ""})
    on_step("old one dropped")


def _analyzer(store: ReviewStore) -> Analyzer:
    """Return what fits the languages that the reviews are in by now; without `cjk` what it was."""
    if store.analyzer and not has_analyzer():
        return "jieba" if store.analyzer == "jieba" else "standard"
    pages = store.scan(("language",))
    return fitting_analyzer(Counter(row.language for page in pages for row in page))


def _carried(store: ReviewStore, encoder: Encoder | None) -> Mapping[str, str]:
    """Return the properties that hold for the new version as well; None keeps the encoder."""
    carried = {
        name: value
        for name, value in store.properties.items()
        if name not in _OF_THE_VERSION and (encoder is None or not name.startswith(COMPUTED))
    }
    if encoder is not None:
        carried["made"] = encode_made_with(store.made_with.joined(MadeWith(encoder.window)))
        read = tuple(sorted(languages_of(encoder)))
        carried["languages"] = replace(store.languages, read=read).encoded()
    return carried


def _report(
    store: ReviewStore,
    before: str,
    copying: Copying | None,
    notes: tuple[str, ...],
    started: float,
    *,
    resumed: bool,
) -> ReindexReport:
    passages = store.count(base="")
    inexact = 0 if copying is None else len(copying.inexact)
    if inexact:
        reviews = "1 review" if inexact == 1 else f"{inexact:,} reviews"
        notes = (
            *notes,
            f"What was embedded of {reviews} is not kept to the letter, as an earlier version "
            "ingested them or something has changed them since: where it was other than it is "
            "now, an ingest of the file will embed that again.",
        )
    if copying is not None and copying.doubted:
        notes = (
            *notes,
            f"After it was replaced, the old version answered that none of its {copying.doubted:,} "
            "reviews is there any more; that was not believed, and the new one keeps them. Where "
            "they were deleted at that moment, delete them again.",
        )
    return ReindexReport(
        collection=store.name,
        reviews=store.count(),
        passages=passages,
        encoded=0 if copying is None else copying.encoded,
        reused=passages if copying is None else copying.reused,
        encoder_before=before,
        encoder=store.pin.encoder,
        dimension=store.pin.dimension,
        inexact=inexact,
        resumed=resumed,
        notes=notes,
        seconds=round(time.monotonic() - started, 3),
    )
