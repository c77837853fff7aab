"""Chinese words of Milvus Lite, without a file that anybody could have written.

Milvus Lite cuts Chinese with jieba, which keeps its dictionary as `jieba.cache` in the system's
directory for temporary files, and believes what lies there, whoever put it there. Here each process
makes it from the package, in a third of a second more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from reviewlens.errors import MissingExtra
from reviewlens.store.lite_version import is_known
from reviewlens.text.cjk import EXTRA, installed


def require_words(analyzer: str) -> None:
    """Refuse an analyzer that Milvus Lite cannot use here.

    Raises:
        MissingExtra: It is jieba's, which is not installed.
    """
    if analyzer == "jieba" and not installed("jieba"):
        raise MissingExtra(
            "jieba", EXTRA, "A collection of Milvus Lite that was made for Chinese words"
        )


def keep_no_dictionary() -> None:
    """Let Milvus Lite in this process keep no dictionary; a second call does nothing."""
    if not is_known():
        return
    from milvus_lite.analyzer.jieba_analyzer import JiebaAnalyzer

    if not hasattr(JiebaAnalyzer.__init__, "keeps_nothing"):
        JiebaAnalyzer.__init__ = _keeping_nothing(JiebaAnalyzer.__init__)


def _keeping_nothing(original: Callable[..., None]) -> Callable[..., None]:
    def begin(analyzer: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        import jieba

        jieba.dt.initialize = partial(_initialize, jieba.dt)
        original(analyzer, *args, **kwargs)

    begin.keeps_nothing = True  # type: ignore[attr-defined]
    return begin


def _initialize(tokenizer: Any) -> None:  # noqa: ANN401 - jieba has no types
    with tokenizer.lock:
        if not tokenizer.initialized:
            words = tokenizer.gen_pfdict(tokenizer.get_dict_file())
            tokenizer.FREQ, tokenizer.total = words
            tokenizer.initialized = True
