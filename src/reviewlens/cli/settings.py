"""Where the corpus is and how to reach it: read once, from flags and the environment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import reviewlens
from reviewlens.cli.options import Command, encoder_options
from reviewlens.errors import InputError
from reviewlens.settings import DEFAULT_COLLECTION, DEFAULT_URI

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus
    from reviewlens.encoders import Encoder, Precision


@dataclass(frozen=True, slots=True)
class Settings:
    """The group's options.

    Attributes:
        uri: A path ending in `.db`, or a server's URL.
        collection: Name of the collection.
        token: `user:password` or an API key, empty for none.
        encoder: A model's name or folder, or an encoder; None for the collection's own.
        device: Where the model runs; None picks.
        precision: `fp32` or `int8`; None for that of the encoder's name.
        dimensions: Numbers of each vector that are kept; None for what the encoder's name says.
    """

    uri: str = DEFAULT_URI
    collection: str = DEFAULT_COLLECTION
    token: str = ""
    encoder: str | Encoder | None = None
    device: str | None = None
    precision: Precision | None = None
    dimensions: int | None = None

    def with_encoder(
        self,
        encoder: str | None,
        device: str | None,
        precision: Precision | None,
        dimensions: int | None = None,
    ) -> Settings:
        """Return the settings with what is given of these in place of their own."""
        return replace(
            self,
            encoder=encoder or self.encoder,
            device=device or self.device,
            precision=precision or self.precision,
            dimensions=dimensions or self.dimensions,
        )

    def open(self) -> Corpus:
        """Return the corpus that these settings name; its modules are imported here."""
        return reviewlens.Corpus.open(
            self.uri,
            collection=self.collection,
            encoder=self.encoder,
            token=self.token,
            device=self.device,
            precision=self.precision,
            dimensions=self.dimensions,
        )


def encoder_settings(command: Command) -> Command:
    """Add `--encoder` and how it runs to a command, which is given settings that have them."""

    @wraps(command)
    def called(
        settings: Settings,
        /,
        encoder: str | None,
        device: str | None,
        precision: Precision | None,
        dimensions: int | None,
        **options: Any,  # noqa: ANN401 - the command's own
    ) -> None:
        command(settings.with_encoder(encoder, device, precision, dimensions), **options)

    return encoder_options(click.pass_obj(called))


def read_token(file: str | None, environment: str | None) -> str:
    """Return the token from a file, else from the environment's variable, else none.

    Raises:
        InputError: The file cannot be read, or is empty.
    """
    if file is None:
        return environment or ""
    try:
        token = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the token file {file} cannot be read: {error}; wanted one line, user:password"
        ) from error
    if not token:
        raise InputError(f"the token file {file} is empty; wanted one line, user:password")
    return token
