"""Arguments by name: one that a method does not have is refused, whatever else it gathers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar

from reviewlens.ingestion import IngestSettings
from reviewlens.spelling import refuse_unknown
from reviewlens.store import FilterArguments

_GATHERED: dict[str, type] = {
    "Unpack[FilterArguments]": FilterArguments,
    "Unpack[IngestSettings]": IngestSettings,
}
"""What a method may gather as `**name`, by its annotation."""

_Class = TypeVar("_Class", bound=type)


def names_checked(cls: _Class) -> _Class:
    """Make the public methods of a class refuse an argument that they do not have.

    Python itself passes over any name where a method gathers `**filters`: a misspelt filter would
    be none, and a deletion by it would delete what it was to leave.

    Raises:
        TypeError: By the methods, before anything is done; it names the argument that is nearest.
    """
    for name in (name for name in dir(cls) if not name.startswith("_")):
        member = inspect.getattr_static(cls, name)
        if isinstance(member, classmethod):
            setattr(cls, name, classmethod(_checked(member.__func__, name)))
        elif inspect.isfunction(member):
            setattr(cls, name, _checked(member, name))
    return cls


def _checked(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    signature = inspect.signature(method)
    known: set[str] = set()
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            known |= _GATHERED[parameter.annotation].__annotations__.keys()
        elif parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            known.add(parameter.name)
    known -= {"self", "cls"}
    in_order = sorted(known)

    def checked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - those of the method
        if not kwargs.keys() <= known:
            refuse_unknown(kwargs, in_order, f"{name}() has no argument")
        return method(*args, **kwargs)

    update_wrapper(checked, method)
    # It stands for the method itself, no further wrapper of it: whether that one is a question on
    # one collection can still be seen.
    checked.__dict__ = {**vars(method), "__signature__": signature}
    return checked
