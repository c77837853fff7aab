"""A parameter of a question: name, kind, range and help, of its annotation and the docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt

from reviewlens.errors import InputError

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
        name: parameter_of(
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


def parameter_of(parameter: inspect.Parameter, hint: Any, told: str) -> Parameter:  # noqa: ANN401
    """Return what a function takes as a parameter of a question.

    Args:
        parameter: Of the function's signature.
        hint: Its type, with what it is annotated with.
        told: What the docstring says of it.
    """
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
