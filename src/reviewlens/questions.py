"""What a question is: one function, declared once, from which every face of it is derived.

    def clusters(
        lease: Lease,
        *,
        resolution: Annotated[float | None, Gt(0), Le(1000)] = None,
        seed: Annotated[int, Ge(0)] = 0,
    ) -> Clusters:
        '''Group reviews by what they say: size, stars and quotes of each theme.

Args:
            resolution: Higher gives more and smaller clusters; without it the most stable.
            seed: The same one gives the same answer again.
        '''

    class Selection:
        clusters = Asked(find_clusters)

The method has the function's signature without its first parameter, and its docstring. Its names
and ranges are checked before anything is read. The command, the route, the rows of the
documentation and the key under which an answer is kept are made of `Asked.parameters`.

A parameter's annotation must exist when the program runs: what it names is imported, not only for
the type checker.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from importlib import import_module
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from annotated_types import Ge, Gt, Le, Lt

from reviewlens.errors import InputError, refuse_unknown

__all__ = [
    "Asked",
    "Face",
    "Ge",
    "Gt",
    "Later",
    "Le",
    "Lt",
    "Parameter",
    "Selected",
    "asked_of",
    "fixed",
    "help_of",
    "limit_of",
    "names_checked",
    "require_bool",
    "settings_of",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Bound = Ge | Gt | Le | Lt
_PLAIN = (int, float, str, bool)
_SECTION = re.compile(r"(Args|Returns|Raises|Source|Yields|Attributes|Example|Examples):\s*")
_ENTRY = re.compile(r"(\*{0,2}\w+): (.*)")


@dataclass(frozen=True, slots=True)
class Face:
    """How a parameter is called where its own name does not do.

    Attributes:
        flag: On the command line, `-n`, `--kind` or `-o/--output`; without a dash, `TEXT`, it is no
            option and stands by itself.
        metavar: What stands for its value in the help of the command.
        query: In the address of a request.
        hidden: Whether it is for Python alone.
        local: Whether it names something of the machine, which no request may.
    """

    flag: str = ""
    metavar: str = ""
    query: str = ""
    hidden: bool = False
    local: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question, as its annotation, its default and the docstring have it.

    Attributes:
        name: In Python.
        kind: `int`, `float`, `str`, `bool`, or another class, of one value.
        choices: The values that there are; none where any will do.
        many: Whether it takes several values.
        alone: Whether, where it takes several, one that is no list will do as well.
        optional: Whether None is "not given".
        required: Whether it has no default.
        default: What it is when it is not given.
        bounds: The range of a number.
        help: From the docstring, in one paragraph.
        face: How it is called elsewhere.
        classes: Of one value, where it is a text, a path, or True or False; empty otherwise.
    """

    name: str
    kind: Any
    choices: tuple[Any, ...]
    many: bool
    optional: bool
    required: bool
    default: Any
    bounds: tuple[_Bound, ...]
    help: str
    face: Face
    classes: tuple[type, ...] = ()
    alone: bool = True

    def listed(self, value: Any) -> Any:  # noqa: ANN401 - whatever was given
        """Return what was given as it can be read more than once: several values as a sequence.

        One value is one, also where several are wanted: a text is not its letters.
        """
        if not self.many or value is None or isinstance(value, Mapping | list | tuple):
            return value
        if isinstance(value, str) or not isinstance(value, Iterable):
            return value if self.alone else (value,)
        return tuple(value)

    @property
    def plain(self) -> bool:
        """Whether a command line and an address can say it."""
        return self.kind in _PLAIN and not self.face.hidden

    def check(self, value: Any) -> None:  # noqa: ANN401 - whatever was given
        """Refuse a value that is out of range, none of the choices, or of another class.

        Raises:
            InputError: It is.
        """
        if value is None and self.optional:
            return
        several = self.many and isinstance(value, Iterable) and not isinstance(value, str)
        for one in value if several else (value,):
            self._check(one)

    def _check(self, value: Any) -> None:  # noqa: ANN401
        if self.choices:
            if value not in self.choices:
                wanted = ", ".join(map(str, self.choices))
                raise InputError(
                    f"{self.name} is {value!r}; wanted one of {wanted}", field=self.name
                )
        elif self.kind in (int, float):
            number = Integral if self.kind is int else Real
            if (
                not isinstance(value, number)
                or isinstance(value, bool)
                or value != value  # not a number
                or not all(_within(value, bound) for bound in self.bounds)
            ):
                told = f"{self.name} is {value!r:.80}; wanted {self.range}"
                raise InputError(told, field=self.name)
        elif bool in self.classes:
            require_bool(self.name, value)
        elif self.classes and not isinstance(value, self.classes):
            raise InputError(f"{self.name} is {value!r:.80}; wanted a text", field=self.name)

    @property
    def range(self) -> str:
        """The range of a number in words."""
        words = {Ge: "at least", Gt: "above", Le: "at most", Lt: "below"}
        told = [f"{words[type(bound)]} {limit_of(bound):g}" for bound in self.bounds]
        number = "a whole number" if self.kind is int else "a number"
        return " ".join([number, " and ".join(told)]).strip()


def limit_of(bound: Ge | Gt | Le | Lt) -> Any:  # noqa: ANN401 - the number, as it was declared
    """Return the number of a bound."""
    return getattr(bound, type(bound).__name__.lower())


def require_bool(name: str, value: object) -> None:
    """Refuse what is neither True nor False: the text "no" would count as True.

    Raises:
        InputError: It is neither.
    """
    if not isinstance(value, bool):
        raise InputError(f"{name} is {value!r:.80}; wanted True or False", field=name)


def _within(value: Any, bound: _Bound) -> bool:  # noqa: ANN401 - a number of any size
    limit = limit_of(bound)
    if isinstance(bound, Ge):
        return bool(value >= limit)
    if isinstance(bound, Gt):
        return bool(value > limit)
    return bool(value <= limit if isinstance(bound, Le) else value < limit)


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
        self.name = ""
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
        """Take the name that the question has as a method."""
        self.name = name

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
            name: _parameter(parameter, hints[name], told.get(name, ""))
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
        return bound

    def key(self, arguments: Mapping[str, Any]) -> Hashable:
        """Return the key under which an answer to these arguments is kept."""
        bound = self.signature.bind(**arguments)
        bound.apply_defaults()
        return self.name, fixed(bound.arguments)


def _unknown() -> None:
    raise AssertionError


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


def help_of(function: Callable[..., Any]) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def settings_of(kind: type, defaults: Mapping[str, Any]) -> dict[str, Parameter]:
    """Return the settings that a `TypedDict` declares, by name, in order.

    Args:
        kind: Its docstring says what each `Attribute` is.
        defaults: What those are that have a default; None of all others.
    """
    hints = get_type_hints(kind, include_extras=True)
    told = argument_texts(kind)
    only = inspect.Parameter.KEYWORD_ONLY
    return {
        name: _parameter(
            inspect.Parameter(name, only, default=defaults.get(name)), hint, told[name]
        )
        for name, hint in hints.items()
    }


def argument_texts(described: Callable[..., Any]) -> dict[str, str]:
    """Return what a docstring says of each argument or attribute, each in one paragraph."""
    told: dict[str, list[str]] = {}
    section = name = ""
    for line in (inspect.getdoc(described) or "").splitlines():
        if _SECTION.fullmatch(line):
            section = line.strip()
        elif section in ("Args:", "Attributes:") and line.startswith(" "):
            entry = _ENTRY.fullmatch(line[4:]) if line[4:5].strip() else None
            if entry is not None:
                name = entry[1].lstrip("*")
                told[name] = [entry[2]]
            elif name:
                told[name].append(line.strip())
    return {name: " ".join(lines) for name, lines in told.items()}


def _parameter(parameter: inspect.Parameter, hint: Any, told: str) -> Parameter:  # noqa: ANN401
    several = parameter.kind is parameter.VAR_POSITIONAL
    hint, metadata = _bare(hint)
    kinds = list(_kinds(hint, many=several))
    plain = [found for found in kinds if found[0] in _PLAIN]
    free = any(not values for _, _, values in plain)  # another value than the choices will do
    choices = () if free else tuple(value for _, _, values in plain for value in values)
    return Parameter(
        name=parameter.name,
        kind=(plain or kinds)[0][0],
        choices=choices,
        many=any(many for kind, many, _ in plain if kind is plain[0][0]),
        optional=NoneType in get_args(hint),
        required=parameter.default is parameter.empty and not several,
        default=None if parameter.default is parameter.empty else parameter.default,
        bounds=tuple(one for one in metadata if isinstance(one, Ge | Gt | Le | Lt)),
        help=told,
        face=next((one for one in metadata if isinstance(one, Face)), Face()),
        classes=_classes(hint),
        alone=any(not many for _, many, _ in plain),
    )


def _classes(hint: Any) -> tuple[type, ...]:  # noqa: ANN401
    """Return the classes of one value where these are texts, paths or bool; none otherwise."""
    hint, _ = _bare(hint)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        parts = [_classes(part) for part in get_args(hint) if part is not NoneType]
        same = all(parts) and len({bool in part for part in parts}) == 1
        return tuple({one for part in parts for one in part}) if same else ()
    if origin in (Sequence, tuple, list):
        return _classes(get_args(hint)[0])
    return (hint,) if hint in (str, bool, Path) else ()


def _bare(hint: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401
    """Return a type without what it is annotated with, and that."""
    if get_origin(hint) is Annotated:
        bare, *metadata = get_args(hint)
        return bare, tuple(metadata)
    return hint, ()


def _kinds(hint: Any, *, many: bool = False) -> Iterator[tuple[Any, bool, tuple[Any, ...]]]:  # noqa: ANN401
    """Return the classes that a type allows, whether several values, and the choices."""
    hint, _ = _bare(hint)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        for part in get_args(hint):
            yield from _kinds(part, many=many)
    elif origin in (Sequence, tuple, list):
        yield from _kinds(get_args(hint)[0], many=True)
    elif origin is Literal:
        yield type(get_args(hint)[0]), many, get_args(hint)
    elif hint is Path:
        yield str, many, ()
    elif hint is not NoneType:
        yield hint, many, ()


def fixed(value: Any) -> Hashable:  # noqa: ANN401 - any arguments
    """Return arguments, lists and mappings in them included, as a part of a key."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, fixed(one)) for name, one in value.items()))
    if isinstance(value, list | tuple | set):
        return tuple(fixed(one) for one in value)
    hash(value)
    return value  # type: ignore[no-any-return]
