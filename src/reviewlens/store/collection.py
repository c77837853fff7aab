"""A collection's life: made under an alias, bound to an encoder, found again, dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from reviewlens.errors import CollectionMissing, EncoderMismatch, SchemaMismatch, StoreError
from reviewlens.store import schema
from reviewlens.store.addresses import is_local
from reviewlens.store.binding import Binding, check_name
from reviewlens.store.conditions import Columns
from reviewlens.store.connection import REQUEST_SECONDS, Connection, translated
from reviewlens.store.languages import Languages, decode_languages
from reviewlens.store.lite_files import aliases_wanted
from reviewlens.store.lite_words import require_words
from reviewlens.store.properties import PREFIX
from reviewlens.text.boilerplate import Boilerplate

THEMES = "__themes__"
"""What the names of collections that hold saved themes have in them."""

COMPANION = "__kept__"
"""How the name of the collection ends that holds what is kept beside one."""

VERSION = re.compile(r"_v(\d+)$")
"""How the names of a collection's versions end, and those of a set of themes."""

DROPPED = "dropped"
"""The property of a version that is being removed."""

COMPUTED = ("relevance", "floor", "polarity", "liking")
"""What the names of properties begin with that hold for these reviews and one encoder's vectors."""
_VECTORS, _CHECKED = "vectors", "checked"


@dataclass(frozen=True, slots=True)
class Pin:
    """What a collection is bound to for its life.

    Attributes:
        encoder: The encoder's name, for people.
        fingerprint: The encoder's identity, which decides.
        dimension: Length of its vectors.
        schema_version: Version of the fields.
    """

    encoder: str
    fingerprint: str
    dimension: int
    schema_version: int = schema.SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What the ingests of a collection were made with, besides its columns and rating scales.

    Attributes:
        window: Tokens that its encoder embeds of one text; 0 where no ingest or reindex has told
            since it is kept.
        sources: For each `--source` how it was last ingested: `long`, `text_template`, and
            `columns`, the headers taken for the roles, and `fixed`, what was ever written into
            texts by a template or as a mark, where anything was.
    """

    window: int = 0
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def joined(self, later: MadeWith) -> MadeWith:
        """Return what is known with what a later ingest tells."""
        return MadeWith(later.window or self.window, {**self.sources, **later.sources})


def encode_made_with(made_with: MadeWith) -> str:
    """Return the property that holds it."""
    return json.dumps(asdict(made_with), ensure_ascii=False)


class Collection(Binding):
    """One collection of Milvus Lite or a server.

    Its name is an alias of `NAME_v1`, so that a rebuilt collection can take its place in one
    step. What it is bound to stands in Milvus' own properties of the collection.
    """

    @classmethod
    def open(
        cls, uri: str, collection: str = "reviews", *, token: str = "", create: bool = False
    ) -> Self:
        """Open a collection of the Milvus at a path or URL.

        Args:
            uri: A path ending in `.db` (Milvus Lite) or a server's URL.
            collection: The collection's name.
            token: `user:password` or an API key.
            create: Let the database and the collection be missing; `create` then makes it.

        Raises:
            CollectionMissing: There is no such database or collection, and `create` is false.
            SchemaMismatch: The collection is not one of ours.
            StoreLocked, StoreUnreachable, AccessDenied: The Milvus cannot be used.
            StoreError: The name cannot be used.
        """
        check_name(collection)
        store = cls(Connection(uri, token=token, create=create), collection)
        if not create and store._actual is None:
            with store:
                raise store.missing()
        return store

    # -- the collection ----------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether the collection is there."""
        return self._actual is not None

    @property
    def pin(self) -> Pin:
        """The encoder and schema that the collection is bound to."""
        found = self._properties
        return Pin(
            found.get("encoder", ""),
            found.get("fingerprint", ""),
            int(found.get("dimension", 0)),
            int(found.get("schema", 0)),
        )

    @property
    def has_statements(self) -> bool:
        """Whether what passages say is kept one by one, and their vectors are means of that."""
        return self.pin.schema_version > schema.OLDEST_VERSION

    @property
    def columns(self) -> Columns:
        """The input's columns that a filter may name."""
        kept = json.loads(self._properties.get("columns", "{}"))
        disputed = {name: tuple(some) for name, some in kept.get("disputed", {}).items()}
        return Columns(tuple(kept.get("extra", ())), kept.get("mapped", {}), disputed)

    @property
    def scales(self) -> dict[str, tuple[float, float]]:
        """The rating scale last used for each source."""
        kept = json.loads(self._properties.get("scales", "{}"))
        return {source: (low, high) for source, (low, high) in kept.items()}

    @property
    def made_with(self) -> MadeWith:
        """What its ingests were made with."""
        return MadeWith(**json.loads(self._properties.get("made", "{}")))

    @property
    def languages(self) -> Languages:
        """Which languages its encoder reads, and which its reviews are in."""
        return decode_languages(self._properties.get("languages", ""))

    @property
    def boilerplate(self) -> Boilerplate:
        """What its last ingest left out of what is embedded, and its names leave out."""
        kept = json.loads(self._properties.get("boilerplate", "{}"))
        return Boilerplate(**{name: tuple(some) for name, some in kept.items()})

    @property
    def masking(self) -> dict[str, str]:
        """The `salt` of the tokens of masked details, and `what` is masked; empty where nothing."""
        kept: dict[str, str] = json.loads(self._properties.get("mask", "{}"))
        return kept

    def collections(self) -> list[str]:
        """Return the names under which this Milvus holds collections."""
        with translated(self.uri):
            names: list[str] = self._client.list_collections(timeout=REQUEST_SECONDS)
        beside = (name for name in names if THEMES in name or name.endswith(COMPANION))
        return sorted({VERSION.sub("", name) for name in set(names).difference(beside)})

    @property
    def analyzer(self) -> str:
        """What takes texts apart for keyword search; empty where there is none to be had.

        It was chosen when the collection was made, and is that of later versions as well.
        """
        return self._analyzer

    def missing(self) -> StoreError:
        """Return what to say where there is no such collection, or none that is called so."""
        nameless = [version for version in self._nameless() if self._holds_rows(version)]
        if nameless:
            return self._without_name(nameless)
        found = self.collections()
        return CollectionMissing(
            f"there is no collection {self.name!r} at {self.uri}; found "
            f"{', '.join(found) or 'none'}: ingest reviews first, or name another with "
            "--collection"
        )

    def create(self, pin: Pin, *, analyzer: str = "standard") -> None:
        """Make the collection, or complete one whose making was interrupted.

        Args:
            pin: What it is bound to.
            analyzer: One of `schema.Analyzer`, for good; a Milvus without keyword search has none.

        Raises:
            EncoderMismatch: It exists and is bound to another encoder.
            StoreError: There are reviews that have lost this name; nothing is removed.
        """
        if not self.exists:
            self._find()  # another process may have made it since this was opened
        if not self.exists:
            actual = f"{self.name}_v1"
            self._clear_the_way(actual)
            self._make(actual, pin, {}, analyzer=analyzer)
            self._give_name(actual)
            self._find()
        self.require(pin)

    def _clear_the_way(self, actual: str) -> None:
        """Remove what a process has left that was killed while it made or dropped the collection.

        Raises:
            StoreError: There are reviews in it, or it is not ours.
        """
        nameless = self._nameless()
        held = [version for version in nameless if self._holds_rows(version)]
        if held:
            raise self._without_name(held)
        with translated(self.uri):
            if actual in nameless:
                self._client.drop_collection(actual, timeout=REQUEST_SECONDS)
            elif self._client.has_collection(actual, timeout=REQUEST_SECONDS):
                raise SchemaMismatch(
                    f"the collection {actual!r} at {self.uri}, which {self.name!r} would be kept "
                    "in, was not made by reviewlens; choose another name with --collection"
                )

    def _give_name(self, actual: str) -> None:
        with translated(self.uri):
            # An alias of a collection that is gone may have been left.
            if self._aliased() is None:
                self._client.create_alias(actual, self.name, timeout=REQUEST_SECONDS)
            else:
                self._client.alter_alias(actual, self.name, timeout=REQUEST_SECONDS)

    def _nameless(self) -> list[str]:
        """Return the versions of ours that are there, where the name stands for none of them."""
        version = re.compile(rf"{re.escape(self.name)}_v\d+")
        with translated(self.uri):
            names = self._client.list_collections(timeout=REQUEST_SECONDS)
        return [
            name
            for name in sorted(names, key=lambda name: (len(name), name))
            if version.fullmatch(name) and "fingerprint" in self._described(name)[1]
        ]

    def _holds_rows(self, version: str) -> bool:
        """Return whether a version that has no name holds reviews that were not to be dropped."""
        description, properties = self._described(version)
        if DROPPED in properties:
            return False
        with translated(self.uri):
            indexes = self._client.list_indexes(version, timeout=REQUEST_SECONDS)
            if len(indexes) < 1 + bool(schema.described_analyzer(description)):
                return False  # its making was interrupted, before anything could be written
            self._client.load_collection(version, timeout=REQUEST_SECONDS)
            rows = self._client.query(
                version,
                filter='id != ""',
                output_fields=["id"],
                limit=1,
                timeout=REQUEST_SECONDS,
            )
        return bool(rows)

    def _without_name(self, versions: Sequence[str]) -> StoreError:
        whole = (
            f"write into aliases.json in it {aliases_wanted(self.uri)}"
            if is_local(self.uri)
            else f"give it back with MilvusClient(…).create_alias({versions[0]!r}, {self.name!r})"
        )
        return StoreError(
            f"reviews are at {self.uri} in {', '.join(versions)}, but the name {self.name!r} that "
            f"stood for them is lost: {whole}, or name another with --collection"
        )

    def _make(
        self, actual: str, pin: Pin, properties: Mapping[str, str], *, analyzer: str = ""
    ) -> None:
        """Make a version, which is not in service yet, with further properties."""
        with translated(self.uri):
            properties = {
                **properties,
                "schema": str(pin.schema_version),
                "encoder": pin.encoder,
                "fingerprint": pin.fingerprint,
                "dimension": str(pin.dimension),
                _VECTORS: _CHECKED,
            }
            keywords = self.milvus.keywords
            analyzer = analyzer or self._analyzer or "standard"
            if self.milvus.lite:
                require_words(analyzer)
            self._client.create_collection(
                actual,
                schema=schema.build_schema(
                    pin.dimension,
                    keywords=keywords,
                    analyzer=analyzer,
                    version=pin.schema_version,
                ),
                consistency_level="Strong",
                properties={PREFIX + key: value for key, value in properties.items()},
                timeout=REQUEST_SECONDS,
            )
            # Nothing is to be indexed yet, so there is nothing to wait for.
            self._client.create_index(
                actual,
                schema.build_index(keywords=keywords, lite=self.milvus.lite),
                timeout=REQUEST_SECONDS,
                sync=False,
            )

    def require(self, pin: Pin) -> None:
        """Refuse an encoder that is not the collection's.

        Raises:
            EncoderMismatch: The fingerprints differ.
        """
        mine = self.pin
        if mine.fingerprint != pin.fingerprint:
            raise EncoderMismatch(
                f"the collection {self.name!r} was made with the encoder {mine.encoder} "
                f"({mine.fingerprint[:12]}), not with {pin.encoder} ({pin.fingerprint[:12]}): "
                f"use --encoder {mine.encoder}, or another --collection, or rebuild this one with "
                "`reviewlens reindex`"
            )

    def remember(
        self,
        columns: Columns,
        scales: Mapping[str, tuple[float, float]],
        made_with: MadeWith | None = None,
    ) -> None:
        """Add to the columns, rating scales and settings that the collection knows."""
        with self._connection.remembering:
            known = self.columns.joined(columns)
            update = {
                "columns": json.dumps(asdict(known), ensure_ascii=False),
                "scales": json.dumps({**self.scales, **scales}, ensure_ascii=False),
            }
            if made_with is not None:
                update["made"] = encode_made_with(self.made_with.joined(made_with))
            self.keep(update)

    def remember_languages(self, languages: Languages) -> None:
        """Add to the languages that the collection knows."""
        with self._connection.remembering:
            known = self.languages.joined(languages)
            if known != self.languages:
                self.keep({"languages": known.encoded()})

    def keep_boilerplate(self, boilerplate: Boilerplate) -> None:
        """Say what is left out of what is embedded, from now on."""
        if boilerplate != self.boilerplate:
            self.keep({"boilerplate": json.dumps(asdict(boilerplate), ensure_ascii=False)})

    def keep_masking(self, salt: str, what: str) -> None:
        """Say how private details are masked, from now on."""
        self.keep({"mask": json.dumps({"salt": salt, "what": what})})

    def rename_columns(self, names: Mapping[str, str | None]) -> None:
        """Know extra columns by another name, and no more where that is None."""
        with self._connection.remembering:
            renamed = (names.get(name, name) for name in self.columns.extra)
            known = replace(self.columns, extra=tuple(filter(None, renamed)))
            self.keep({"columns": json.dumps(asdict(known), ensure_ascii=False)})

    def keep(self, update: Mapping[str, str]) -> None:
        """Keep properties with the collection, by name; those that are there already stay."""
        if all(self._properties.get(key) == value for key, value in update.items()):
            return
        self.require_service()
        with self._asking():
            self._client.alter_collection_properties(
                self._actual,
                properties={PREFIX + key: value for key, value in update.items()},
                timeout=REQUEST_SECONDS,
            )
        self._properties.update(update)

    @property
    def theme_set(self) -> str:
        """Name of the set of themes that the reviews' `cluster` is of; empty for none."""
        return self._properties.get("themes", "")

    @property
    def theme_version(self) -> str:
        """Version of the set that was last written to all reviews; empty for none."""
        return self._properties.get("themes_written", "")

    def choose_themes(self, name: str) -> None:
        """Say of which set the reviews' `cluster` is to be; `theme_version` tells when it is."""
        self.keep({"themes": name})

    @property
    def computed(self) -> dict[str, str]:
        """The properties that were computed from the reviews and their vectors."""
        return {
            name: value
            for name, value in self._properties.items()
            if value and name.startswith(COMPUTED)
        }

    def forget_computed(self) -> None:
        """Let them be computed anew when they are next needed."""
        self.keep(dict.fromkeys(self.computed, ""))

    def confirm_themes(self, version: str) -> None:
        """Say that all reviews have the themes of a version."""
        self.keep({"themes_written": version})

    @property
    def vectors_checked(self) -> bool:
        """Whether all vectors were checked before they were stored, or since."""
        return self._properties.get(_VECTORS) == _CHECKED

    def confirm_vectors(self) -> None:
        """Say that all vectors can be used."""
        self.keep({_VECTORS: _CHECKED})

    def drop(self) -> None:
        """Remove the collection with everything in it."""
        # A server drops none that an alias stands for, and this may be killed between the two.
        self.keep({DROPPED: "yes"})
        with self._changing():
            self._client.drop_alias(self.name, timeout=REQUEST_SECONDS)
            self._client.drop_collection(self._actual, timeout=REQUEST_SECONDS)
        self._actual, self._properties = None, {}

    def settle(self) -> None:
        """Write everything out, index it and load it, so that the next command does not pay."""
        with self._changing():
            self._client.flush(self._actual, timeout=REQUEST_SECONDS)
        with self._asking():
            self._client.load_collection(self._actual, timeout=REQUEST_SECONDS)

    def close(self) -> None:
        """Close the connection and release the directory at once."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()
