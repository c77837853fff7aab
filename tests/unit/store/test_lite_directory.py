"""Opening a Milvus Lite directory: what is in the way, and what stays behind."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from reviewlens.errors import StoreError, StoreLocked
from reviewlens.store.connection import Connection


def test_a_lock_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "reviews.db" / "LOCK").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"its LOCK cannot be read \(Is a directory\)") as caught:
        Connection(str(tmp_path / "reviews.db"))
    assert not isinstance(caught.value, StoreLocked)


def test_a_lock_without_rights_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reviews.db").mkdir()
    (tmp_path / "reviews.db" / "LOCK").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreError, match=r"LOCK cannot be read .*make its files your own"):
        Connection(str(tmp_path / "reviews.db"))


def test_a_name_that_the_system_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="give another --uri"):
        Connection(str(tmp_path / ("x" * 300 + ".db")), create=True)


def test_opening_again_leaves_no_further_handler(tmp_path: Path) -> None:
    def handlers() -> list[int]:
        loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
        return [len(one.handlers) + len(one.filters) for one in [logging.root, *loggers]]

    path = str(tmp_path / "reviews.db")
    Connection(path, create=True).close()
    before = handlers()
    Connection(path).close()
    assert handlers() == before
