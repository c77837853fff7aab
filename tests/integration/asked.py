"""A collection that a test asks by commands, in this process."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run


class Asked:
    """A collection of a test's own, on one Milvus.

    Attributes:
        backend: Where it is.
        collection: Its name there.
    """

    def __init__(
        self, backend: Backend, collection: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.backend, self.collection, self._capsys = backend, collection, capsys

    def open(self, encoder: FakeEncoder | None = None) -> Corpus:
        return Corpus.open(
            self.backend.uri,
            collection=self.collection,
            encoder=FakeEncoder() if encoder is None else encoder,
            token=self.backend.token,
        )

    def ask(self, *arguments: str, status: int = 0) -> Any:
        """Run a command; return what it printed, `out` and `err`."""
        self._capsys.readouterr()
        where = ["--uri", self.backend.uri, "--collection", self.collection]
        assert run([*where, *arguments]) == status
        return self._capsys.readouterr()

    def told(self, *arguments: str, status: int = 0) -> str:
        """Run a command; return its answer, or its error where it has to fail."""
        said = self.ask(*arguments, status=status)
        return str(said.err if status else said.out)
