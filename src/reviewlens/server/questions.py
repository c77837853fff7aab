"""The route of a question or a change: parameters, limits and answer, from the declaration."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, StrictBool, create_model

from reviewlens.corpus import Selection
from reviewlens.questions import Asked, Ge, Parameter, limit_of
from reviewlens.results import OnProgress, Tabular
from reviewlens.server.bodies import check_count, check_texts
from reviewlens.server.routes.long import ROWS, Format, Wait, answered, answers
from reviewlens.server.routes.parameters import (
    Body,
    Filtered,
    FilteredBody,
    filters_of,
    language_model,
)
from reviewlens.server.service import Service, Shared
from reviewlens.server.tables import tabulated
from reviewlens.store import Filters

_MOST_RESULTS = 1_000
"""The most that a question may be asked for at once, whatever the server allows."""

_MOST, _MOST_SEED = 1_000_000, 2**32 - 1
_NAMED = "Let the server's language model name them."

Method = Callable[[Selection], Callable[..., Any]]
"""Returns what is asked of a selection."""


@dataclass(frozen=True, kw_only=True)
class QuestionRoute:
    """How a question is asked over HTTP, where its declaration does not tell.

    Attributes:
        path: Of the route; the question's name without. Parameters in it, `{theme}`, are those of
            the question.
        verb: The method of HTTP.
        name: Of the operation in the OpenAPI document; the question's without.
        help: What the document says of it; the question's without.
        job: What its job is called; without, as the path, or as the operation where it is about
            what a corpus keeps.
        method: Returns what is asked of a selection; its method of that name without.
        given: Annotations and defaults of what a request gives in another form than Python does;
            `...` for what must be given.
        defaults: What a parameter is here when it is not given.
        without: Parameters that no request may give.
        body: The body that parameters are read from: its name and help, or that of another route.
        address: Parameters that stand in the address all the same.
        filtered_body: Whether the filters stand in the body.
        files: Whether rows are given as files, too.
        writes: Whether it changes the corpus; of what a corpus keeps, all but GET do.
        result: The class of the answer, where `answer` makes another.
        answer: Makes the answer of what the method returned, and of its arguments.
        by: Answers in the place of the method: given the service, the request, the filters and
            the arguments.
    """

    asked: Asked[..., Any]
    path: str = ""
    verb: str = "GET"
    name: str = ""
    help: str = ""
    job: str = ""
    method: Method | None = None
    given: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    without: Collection[str] = ()
    body: tuple[str, str] | type[Body] | None = None
    address: Collection[str] = ()
    filtered_body: bool = False
    files: bool = True
    writes: bool = False
    result: Any = None
    answer: Callable[[Any, Mapping[str, Any]], Any] = lambda found, _: found
    by: Callable[[Service, Request, Filters, dict[str, Any]], Awaitable[Any]] | None = None

    def add_to(self, router: APIRouter) -> None:
        """Make it a route of a router."""
        files = ROWS if self._rows else ()
        declared = answers(self._result, files, long=not self.asked.brief)

        async def endpoint(**read: Any) -> Any:  # noqa: ANN401 - as FastAPI has read them
            return await self._answered(read)

        endpoint.__name__ = self.name or self.asked.name
        endpoint.__doc__ = self.help or self.asked.help
        endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(
                    name,
                    inspect.Parameter.KEYWORD_ONLY,
                    annotation=kind,
                    default=inspect.Parameter.empty if default is ... else default,
                )
                for name, (kind, default) in self._taken().items()
            ]
        )
        router.api_route(self._path, methods=[self.verb], **declared)(endpoint)

    @cached_property
    def body_class(self) -> type[Body] | None:
        """What a request's body is read into; None where the address says everything."""
        if isinstance(self.body, tuple):
            name, help = self.body
            fields: dict[str, Any] = self._fields(Field)
            base = FilteredBody if self.filtered_body else Body
            return create_model(name, __base__=base, __doc__=help, **fields)
        return self.body

    @cached_property
    def _path(self) -> str:
        return f"/{self.path or self.asked.name}"

    @cached_property
    def _job(self) -> str:
        kept = self.name.replace("_", " ") if self.asked.kept else ""
        return self.job or kept or self._path[1:]

    @cached_property
    def _writes(self) -> bool:
        return self.writes or (bool(self.asked.kept) and self.verb != "GET")

    @cached_property
    def _parameters(self) -> dict[str, Parameter]:
        """Those of the question that a request gives, by its names for them."""
        named = {
            one.face.query or one.name: one
            for one in self.asked.parameters.values()
            if one.name not in self.without
        }
        return {
            name: one
            for name, one in named.items()
            if name in self.given or (one.plain and not one.face.local)
        }

    @cached_property
    def _result(self) -> Any:  # noqa: ANN401 - a class
        return self.asked.result if self.result is None else self.result

    @cached_property
    def _rows(self) -> bool:
        kind = self._result
        return self.files and isinstance(kind, type) and issubclass(kind, Tabular)

    @cached_property
    def _tells(self) -> bool:
        return "on_progress" in self.asked.parameters

    def _fields(self, field: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
        """Return annotation and default of each parameter, as they stand in address or body."""
        in_body = field is Field
        fields = {
            name: self.given.get(name)
            or (_annotation(one, field), self.defaults.get(name, _default(one)))
            for name, one in self._parameters.items()
            if (name in self._in_body) == in_body
        }
        model = self.asked.language_model
        if model and model.face.query and bool(self.body) == in_body:
            fields[model.face.query] = (Annotated[bool, field(description=_NAMED)], False)
        return fields

    @cached_property
    def _in_body(self) -> frozenset[str]:
        apart = [*self.address, *re.findall(r"{(\w+)}", self._path)]
        return frozenset(self._parameters if self.body else ()).difference(apart)

    def _taken(self) -> dict[str, tuple[Any, Any]]:
        """Return what the endpoint takes: annotation and default of each, by name."""
        taken: dict[str, tuple[Any, Any]] = {"service": (Shared, ...)}
        if self.by is not None:
            taken["request"] = (Request, ...)
        if self.body_class is not None:
            taken["body"] = (self.body_class, ...)
        if self.asked.filtered and not self.filtered_body:
            taken["filters"] = (Filtered, ...)
        taken |= self._fields(Query)
        if not self.asked.brief:
            taken["wait"] = (Wait, None)
        if self._rows:
            taken["format"] = (Format, "json")
        return taken

    async def _answered(self, read: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any response
        service: Service = read["service"]
        body, format = read.get("body"), read.get("format", "json")
        arguments: dict[str, Any] = {}
        for name, one in self._parameters.items():
            value = getattr(body, name) if name in self._in_body else _listed(one, read[name])
            _check(service, name, one, value)
            arguments[one.name] = value
        if model := self.asked.language_model:
            named = getattr(body, model.face.query, None) if body else read.get(model.face.query)
            if named is None:
                named = service.options.language_model is not None
            arguments["model"] = language_model(service, named=named)
        filters = filters_of(body, service.options) if self.filtered_body else read.get("filters")
        if self.by is not None:
            found = await self.by(service, read["request"], filters or Filters(), arguments)
            if format == "json":
                return tabulated(found, format, self._job)
            return await service.read(lambda: tabulated(found, format, self._job))

        def call(progress: OnProgress) -> Any:  # noqa: ANN401 - any result
            selection = service.corpus if filters is None else service.corpus.only(filters)
            method = (self.method or self.asked.of)(selection)
            telling = {"on_progress": progress} if self._tells else {}
            return self.answer(method(**arguments, **telling), arguments)

        if self.asked.brief:
            return await service.read(lambda: tabulated(call(lambda *_: None), format, self._job))
        kept = not (self._writes or self.body)  # a body may be too large for a key
        work = await service.answer(
            self._job,
            call,
            key=(filters, self.asked.key(arguments)) if kept else None,
            wait=read["wait"],
            cancellable=self._tells,
            writes=self._writes,
        )
        return await answered(work, format)


def _annotation(parameter: Parameter, field: Callable[..., Any]) -> Any:  # noqa: ANN401 - a type
    kind: Any = Literal[parameter.choices] if parameter.choices else parameter.kind
    if kind is bool and field is Field:  # JSON has true and false; an address has words for them
        kind = StrictBool
    limits: dict[str, Any] = {
        type(bound).__name__.lower(): limit_of(bound) for bound in parameter.bounds
    }
    if parameter.kind in (int, float) and not any(key in limits for key in ("le", "lt")):
        limits["le"] = _most(parameter)
    if parameter.many:
        inner = Annotated[kind, field(**limits)] if limits else kind
        return Annotated[list[inner], field(description=parameter.help)]  # type: ignore[valid-type]
    if parameter.optional:
        kind = kind | None
    return Annotated[kind, field(description=parameter.help, **limits)]


def _most(parameter: Parameter) -> float:
    """Return the largest number that a request may give."""
    if parameter.name == "seed":
        return _MOST_SEED
    of_all = Ge(0) in parameter.bounds  # 0 is for all of them
    return _MOST_RESULTS if parameter.name == "n" and not of_all else _MOST


def _default(parameter: Parameter) -> Any:  # noqa: ANN401
    if parameter.required:
        return ...
    return [] if parameter.many else parameter.default


def _listed(parameter: Parameter, given: Any) -> Any:  # noqa: ANN401
    """Return what an address gives a parameter; a list that is not in it is none."""
    if parameter.many:
        return tuple(dict.fromkeys(given)) or (None if parameter.optional else ())
    return given


def _check(service: Service, name: str, parameter: Parameter, value: Any) -> None:  # noqa: ANN401
    """Refuse what is longer, or more, than the server allows."""
    if parameter.kind is str and not parameter.choices and value:
        given = value if parameter.many else [value]
        if texts := [one for one in given if isinstance(one, str)]:
            check_texts(service.options, texts, field=name)
    if name == "n" and value is not None:
        check_count(service.options, value)
