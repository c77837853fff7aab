"""The cache: its directories are the user's alone, what others could have written is refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.encoders.graph_cache import find_graph, store_graph
from reviewlens.errors import EncoderError
from reviewlens.files.cache import make_private, user_cache
from reviewlens.search.relevance.probes import load_probes

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no modes")
NAME = "0123456789abcdef"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache with one graph, made under an umask that forbids nothing."""
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "above" / "cache"))
    before = os.umask(0)
    try:
        store_graph(NAME, _make)
        yield user_cache()
    finally:
        os.umask(before)


def _make(folder: Path) -> dict[str, str]:
    (folder / "model.onnx").write_bytes(b"a graph")
    return {}


def test_directories_are_private_whatever_the_umask_is(cache: Path, tmp_path: Path) -> None:
    load_probes(FakeEncoder(dimension=8))
    modes = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode)
        for path in tmp_path.rglob("*")
    }
    assert {f"above/cache/{name}" for name in (f"encoders/{NAME}/manifest.json", "probes")} <= set(
        modes
    )
    assert {path: mode for path, mode in modes.items() if mode & 0o077} == {}
    assert find_graph(NAME) is not None


@pytest.mark.parametrize(
    ("place", "mode"),
    [
        (f"encoders/{NAME}/manifest.json", 0o602),
        (f"encoders/{NAME}/model.onnx", 0o620),
        (f"encoders/{NAME}", 0o777),
        ("encoders", 0o770),
        (".", 0o777),
    ],
)
def test_what_others_could_write_is_refused(cache: Path, place: str, mode: int) -> None:
    path = cache / place
    path.chmod(mode)
    wanted = rf"{path} can be written by others \(mode {mode:04o}\).*chmod -R go-w {path}.*_CACHE"
    with pytest.raises(EncoderError, match=wanted):
        find_graph(NAME)
    if path.is_dir() and path.name != NAME:
        with pytest.raises(EncoderError, match=wanted):
            store_graph("another", _make)


def test_one_command_mends_a_cache_that_a_group_could_write(cache: Path) -> None:
    for path in (cache, *cache.rglob("*")):
        path.chmod(path.stat().st_mode | 0o020)
    with pytest.raises(EncoderError, match=rf"chmod -R go-w {cache}\)"):
        find_graph(NAME)


def test_what_belongs_to_another_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = cache / "encoders" / NAME / "manifest.json"
    if os.geteuid() == 0:
        os.chown(manifest, 12345, -1)
    else:  # root trusts no user
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(EncoderError, match=r"belongs to another user.*remove it"):
        find_graph(NAME)


def test_directory_in_which_each_removes_his_own_will_do(cache: Path) -> None:
    cache.chmod(0o1777)  # as /tmp
    assert find_graph(NAME) is not None
    make_private(cache / "another")


def test_probes_that_others_could_have_written_are_not_believed(
    cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = FakeEncoder(dimension=8)
    vectors = load_probes(encoder).vectors
    [file] = (cache / "probes").iterdir()
    np.save(file, -vectors)
    assert np.array_equal(load_probes(encoder).vectors, -vectors)
    file.chmod(0o666)
    assert np.array_equal(load_probes(encoder).vectors, vectors)
    assert "can be written by others" in caplog.text
