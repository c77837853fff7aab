"""Chinese and Japanese, which have no spaces: what takes them apart is in the extra `cjk`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Container, Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any

from reviewlens.errors import MissingExtra
from reviewlens.text.support import support_of

EXTRA = "cjk"
INSTALL = f"pip install 'reviewlens[{EXTRA}]'"
WITHOUT_SPACES = {"zh": "Chinese", "ja": "Japanese"}
"""Languages whose words are not told apart by spaces, by their code."""

_log = logging.getLogger(__name__)


@cache
def installed(package: str) -> bool:
    """Tell whether a package is there, without importing it."""
    return find_spec(package) is not None


def has_words(language: str) -> bool:
    """Tell whether the words of a text in that language can be told with what is installed."""
    return language not in WITHOUT_SPACES or installed(support_of(language).cutter)


def has_analyzer() -> bool:
    """Tell whether keyword search can look for Chinese words: see `analyzer_lacks`."""
    return not analyzer_lacks()


def analyzer_lacks() -> str:
    """Return the package that is missing for the analyzer `jieba`, empty where none is.

    Queries are cut by rjieba, texts by Milvus: by a server itself, by Milvus Lite, which is not
    on Windows, with jieba.
    """
    wanted = ("rjieba",) if sys.platform == "win32" else ("rjieba", "jieba")
    return next((package for package in wanted if not installed(package)), "")


def words_note(languages: Container[str]) -> Iterator[str]:
    """Yield what to say of reviews whose words cannot be told here; nothing where all can.

    Args:
        languages: ISO 639-1 codes of the reviews.
    """
    untold = [
        name for code, name in WITHOUT_SPACES.items() if code in languages and not has_words(code)
    ]
    if untold:
        yield (
            f"Some reviews are {' and '.join(untold)}: they are stored, but "
            "clusters, compare, anomalies and report, which tell their words, will ask for the "
            f"extra `{EXTRA}`: {INSTALL}"
        )


@cache
def tell_once(what: str) -> None:
    """Log once what is done without the extra, and how to install it."""
    _log.warning("%s: %s", what, INSTALL)


@cache
def chinese() -> Any:  # noqa: ANN401 - rjieba has no types
    """Return what cuts Chinese: `cut` gives its words, `tag` each with its kind as well.

    Raises:
        MissingExtra: It is not installed.
    """
    if not installed("rjieba"):
        raise MissingExtra("rjieba", EXTRA, "Telling the words of Chinese reviews")
    import rjieba

    return rjieba.Jieba()


@cache
def japanese() -> Callable[[str], Any]:
    """Return what cuts Japanese into tokens with their kinds and base forms.

    Raises:
        MissingExtra: It is not installed.
    """
    if not installed("janome"):
        raise MissingExtra("janome", EXTRA, "Telling the words of Japanese reviews")
    from janome.tokenizer import Tokenizer

    tokenize: Callable[[str], Any] = Tokenizer().tokenize
    return tokenize
