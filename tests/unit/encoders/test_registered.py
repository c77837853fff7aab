"""Encoders of one's own that have a name: registered, or provided by an installed package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fakes import FakeEncoder, Register
from reviewlens.encoders import load_encoder, register_encoder
from reviewlens.errors import EncoderError


def provide(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package of one module that provides the encoder `acme`."""
    (folder / "acme_vectors.py").write_text(code, encoding="utf-8")
    about = folder / "acme_vectors-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: acme-vectors\nVersion: 1\n", encoding="utf-8")
    points = "[reviewlens.encoders]\nacme = acme_vectors:make\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "acme_vectors", raising=False)


def test_a_registered_encoder_is_found_by_its_name_until_it_is_taken_away(
    registered: Register,
) -> None:
    encoder = FakeEncoder(name="acme")
    registered("acme", lambda: encoder)
    assert load_encoder("acme") is encoder
    assert load_encoder("acme", dimensions=8).dimension == 8
    assert load_encoder("acme+8d").dimension == 8
    with pytest.raises(EncoderError, match="acme takes no such option; leave --precision int8 out"):
        load_encoder("acme", precision="int8")
    register_encoder("acme", None)
    with pytest.raises(EncoderError, match="acme"):
        load_encoder("acme")


def test_an_installed_package_provides_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from fakes import FakeEncoder\ndef make():\n    return FakeEncoder(name='acme')\n"
    provide(tmp_path, code, monkeypatch)
    assert load_encoder("acme").fingerprint == FakeEncoder(name="acme").fingerprint


def test_one_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provide(tmp_path, "def make():\n    raise KeyError('weights')\n", monkeypatch)
    told = r"The encoder acme of acme_vectors:make cannot be made \(KeyError: 'weights'\)"
    with pytest.raises(EncoderError, match=told):
        load_encoder("acme")
