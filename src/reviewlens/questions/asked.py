"""A question as a method: its names and ranges are checked, then its function is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cached_property, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import (
    Any,
    ClassVar,
    Concatenate,
    Generic,
    ParamSpec,
    Protocol,
    TypeVar,
    get_args,
    get_type_hints,
    overload,
)

from reviewlens.errors import InputError, refuse_unknown
from reviewlens.questions.parameters import (
    Parameter,
    argument_texts,
    help_of,
    parameter_of,
    require_bool,
)

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Selected(Protocol):
    """What can be asked: a selection of reviews.

    Attributes:
        filter_names: What `where` takes, and no question.
    """

    filter_names: ClassVar[Collection[str]]

    def _ask(self, asked: Asked[..., _R], call: Callable[[Any], _R]) -> _R:
        """Call a question's function with a lease of what it asks, and return its answer."""
        ...


class Asked(Generic[_P, _R]):
    """A question as a method of the class in whose body it stands.

    Args:
        function: Takes a lease of what it asks, then its own parameters.
        times: How often it may be asked anew where the collection is replaced meanwhile: once for
            what must not be run twice.
        brief: Whether it is answered in a moment: a server makes no job of it.
        public: Whether it has a command and a route of its own name.
        filtered: Whether it is asked of a selection, and not of the corpus alone.

    Attributes:
        name: Of the method; the command and the route are called so too.
        kept: The attribute of a selection whose method it is, such as `themes`; empty for the
            selection's own.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Any, _P], _R],
        *,
        times: int = 3,
        brief: bool = False,
        public: bool = True,
        filtered: bool = True,
    ) -> None:
        self.name = self.kept = ""
        self.times = times
        self.brief = brief
        self.public = public
        self.filtered = filtered
        self._find: Callable[[], Callable[Concatenate[Any, _P], _R]] = lambda: function

    @classmethod
    def later(
        cls,
        find: Callable[[], Callable[Concatenate[Any, _P], _R]],
        *,
        times: int = 3,
        brief: bool = False,
        public: bool = True,
        filtered: bool = True,
    ) -> Asked[_P, _R]:
        """Return a question whose module is imported when it is first asked.

        Args:
            find: Returns its function.
            times: As for a question whose function is at hand.
            brief: Likewise.
            public: Likewise.
            filtered: Likewise.
        """
        asked: Asked[_P, _R] = cls(
            _unknown,  # type: ignore[arg-type]
            times=times,
            brief=brief,
            public=public,
            filtered=filtered,
        )
        asked._find = find
        return asked

    @cached_property
    def function(self) -> Callable[Concatenate[Any, _P], _R]:
        """What answers it, given a lease and its own arguments."""
        return self._find()

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name that the question has as a method, and whose method it is."""
        self.name = name
        self.kept = getattr(owner, "kept_as", "")

    def of(self, selection: Any) -> Callable[_P, _R]:  # noqa: ANN401 - of a corpus
        """Return the method that asks it of a selection."""
        return getattr(getattr(selection, self.kept) if self.kept else selection, self.name)  # type: ignore[no-any-return]

    @overload
    def __get__(self, selection: None, owner: type) -> Asked[_P, _R]: ...

    @overload
    def __get__(self, selection: Selected, owner: type) -> Callable[_P, _R]: ...

    def __get__(self, selection: Selected | None, owner: type) -> Asked[_P, _R] | Callable[_P, _R]:
        """Return the question itself of the class, and the method of a selection."""
        if selection is None:
            return self

        def ask(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            for name in kwargs.keys() - self.signature.parameters.keys():
                if name in selection.filter_names:
                    given = "'COLUMN=VALUE'" if name == "where" else f"{name}=…"
                    cure = f"ask it of corpus.where({given})" if self.filtered else "it is of all"
                    raise TypeError(
                        f"{self.name}() has no argument {name!r}, which says of which reviews it "
                        f"is asked: {cure}"
                    )
            bound = self.bind(*args, **kwargs)
            return selection._ask(
                self, lambda lease: self.function(lease, *bound.args, **bound.kwargs)
            )

        ask.__name__ = ask.__qualname__ = self.name
        ask.__doc__ = self.function.__doc__
        ask.__signature__ = self.signature  # type: ignore[attr-defined]
        return ask

    @cached_property
    def signature(self) -> inspect.Signature:
        """The function's, without its first parameter."""
        signature = inspect.signature(self.function)
        return signature.replace(parameters=list(signature.parameters.values())[1:])

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What can be given, by name, in order."""
        hints = get_type_hints(self.function, include_extras=True)
        told = argument_texts(self.function)
        return {
            name: parameter_of(parameter, hints[name], told.get(name, ""))
            for name, parameter in self.signature.parameters.items()
        }

    @property
    def language_model(self) -> Parameter | None:
        """What takes a language model, which neither a command line nor an address can say."""
        parameter = self.parameters.get("model")
        return None if parameter is None or parameter.plain else parameter

    @cached_property
    def result(self) -> Any:  # noqa: ANN401 - a class
        """The class of the answer; its name, where only a type checker knows it."""
        try:
            return get_type_hints(self.function)["return"]
        except NameError:  # of numpy or pandas, which are imported late
            return self.function.__annotations__["return"]

    @property
    def help(self) -> str:
        """The first paragraph of the docstring."""
        return help_of(self.function)

    def bind(self, *args: Any, **kwargs: Any) -> inspect.BoundArguments:  # noqa: ANN401
        """Return the arguments of a call, checked.

        Raises:
            TypeError: There is no such argument, or one is missing.
            InputError: One is out of its range.
        """
        names = list(self.signature.parameters)
        refuse_unknown(kwargs, names, f"{self.name}() has no argument")
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            told = f"{self.name}(): {error}; wanted {self.name}({', '.join(names)})"
            raise TypeError(told) from None
        for name, value in bound.arguments.items():
            parameter = self.parameters[name]
            bound.arguments[name] = value = parameter.listed(value)
            parameter.check(value)
        if trouble := self.unclear(bound.arguments):
            raise InputError(trouble)
        return bound

    def unclear(
        self, arguments: Mapping[str, Any], called: Callable[[Parameter], str] | None = None
    ) -> str:
        """Return what is wrong where not one alone of its alternatives is given; empty if nothing.

        Args:
            arguments: By name.
            called: Returns what a parameter is called; its name without.
        """
        names, required = getattr(self.function, "one_of", ((), False))
        given = [
            name
            for name in names
            if (value := arguments.get(name)) is not None and value is not False and value != ()
        ]
        if len(given) <= 1 and (given or not required):
            return ""
        called = called or (lambda parameter: parameter.name)
        told = [called(self.parameters[name]) for name in (names if required else given)]
        if required:
            return f"give one of {', '.join(told[:-1])} and {told[-1]}"
        return f"give {' or '.join(told)}, not both"

    def key(self, arguments: Mapping[str, Any]) -> Hashable:
        """Return the key under which an answer to these arguments is kept."""
        bound = self.signature.bind(**arguments)
        bound.apply_defaults()
        return self.name, fixed(bound.arguments)


def _unknown() -> None:
    raise AssertionError


def one_of(*names: str, required: bool = False) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Declare that a question takes one of some parameters, not several; with `required`, one."""

    def declare(function: Callable[_P, _R]) -> Callable[_P, _R]:
        function.one_of = names, required  # type: ignore[attr-defined]
        return function

    return declare


class Later:
    """A module that is imported when something of it is first used.

    The type checker is shown the import itself:

        if TYPE_CHECKING:
            from reviewlens.insights import diversity
        else:
            diversity = Later("reviewlens.insights.diversity")

    Args:
        name: Of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        """Return something of the module."""
        return getattr(import_module(self._name), name)


def names_checked(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a method refuse an argument that it does not have, with the one that is nearest.

    Where it gathers names by `**settings: Unpack[…]`, Python itself would pass over any. Its
    arguments that are declared `bool` must be True or False.
    """
    known: list[str] = []
    flags = [
        parameter.name
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.annotation in (bool, "bool")
    ]

    @wraps(method)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if not known:
            known.extend(_names_of(method))
        refuse_unknown(kwargs, known, f"{method.__name__}() has no argument")
        for name in flags:
            if name in kwargs:
                require_bool(name, kwargs[name])
        return method(*args, **kwargs)

    return checked


def _names_of(method: Callable[..., Any]) -> list[str]:
    names: set[str] = set()
    for parameter in inspect.signature(method).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            # Of the others, some are known to a type checker alone.
            gathering = SimpleNamespace(__annotations__={"all": parameter.annotation})
            [gathered] = get_args(get_type_hints(gathering, vars(inspect.getmodule(method)))["all"])
            names |= gathered.__annotations__.keys()
        elif parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            names.add(parameter.name)
    return sorted(names - {"self"})


def asked_of(owner: type) -> dict[str, Asked[..., Any]]:
    """Return the questions that a class declares, by name, in the order of its body."""
    found: dict[str, Asked[..., Any]] = {}
    for base in reversed(owner.__mro__):
        found |= {name: one for name, one in vars(base).items() if isinstance(one, Asked)}
    return found


def fixed(value: Any) -> Hashable:  # noqa: ANN401 - any arguments
    """Return arguments, lists and mappings in them included, as a part of a key."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, fixed(one)) for name, one in value.items()))
    if isinstance(value, list | tuple | set):
        return tuple(fixed(one) for one in value)
    hash(value)
    return value  # type: ignore[no-any-return]
