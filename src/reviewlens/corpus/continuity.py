"""One question, one version of the collection: what becomes of it when that is rebuilt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from reviewlens.errors import CollectionReplaced

if TYPE_CHECKING:
    from reviewlens.store import ReviewStore

_MOST_TIMES = 3


class Question(threading.local):
    """What a thread is asking at the moment.

    Args:
        lease: Keeps what it asks open.

    Attributes:
        store: Where it is asking; None while it asks nothing.
    """

    store: ReviewStore | None = None

    def __init__(self, lease: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self.lease = lease


class _Asked(Protocol):
    _question: Question

    def _serving_store(self) -> ReviewStore | None: ...

    def _follow(self, store: ReviewStore) -> None: ...


_Self = TypeVar("_Self", bound=_Asked)
_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def on_one_collection(
    method: Callable[Concatenate[_Self, _Arguments], _Answer],
) -> Callable[Concatenate[_Self, _Arguments], _Answer]:
    """Make all of a method's requests go to one version of the collection.

    Where that version was taken away meanwhile, the method is run again on the one in its place,
    so it must do no harm when it is run twice. What it calls asks the same version.
    """
    return _bound(method, times=_MOST_TIMES)


def once_on_one_collection(
    method: Callable[Concatenate[_Self, _Arguments], _Answer],
) -> Callable[Concatenate[_Self, _Arguments], _Answer]:
    """Do as `on_one_collection`, for what must not be run twice: the next call asks the new one."""
    return _bound(method, times=1)


def _bound(
    method: Callable[Concatenate[_Self, _Arguments], _Answer], *, times: int
) -> Callable[Concatenate[_Self, _Arguments], _Answer]:
    @wraps(method)
    def asked(self: _Self, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        if self._question.store is not None:
            return method(self, *args, **kwargs)
        with self._question.lease():
            for time in range(1, times + 1):
                store = self._serving_store()
                self._question.store = store
                try:
                    return method(self, *args, **kwargs)
                except CollectionReplaced:
                    if store is not None:
                        self._follow(store)
                    if store is None or time == times:
                        raise
                finally:
                    self._question.store = None
        raise AssertionError

    return asked
