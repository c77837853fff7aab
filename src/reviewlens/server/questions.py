"""A route for a question: its parameters, its limits and its answer, from the declaration."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from reviewlens.corpus import Selection
from reviewlens.questions import Asked, Ge, Parameter, limit_of
from reviewlens.results import Tabular
from reviewlens.server.bodies import check_count, check_texts
from reviewlens.server.routes.long import Format, Wait, answered, long, table
from reviewlens.server.routes.parameters import Filtered, Named, language_model
from reviewlens.server.service import Service, Shared
from reviewlens.server.tables import tabulated

_MOST_RESULTS = 1_000
"""The most that a question may be asked for at once, whatever the server allows."""

_MOST, _MOST_SEED = 1_000_000, 2**32 - 1

Method = Callable[[Selection], Callable[..., Any]]
"""Returns what is asked of a selection."""


def add_question(
    router: APIRouter,
    asked: Asked[..., Any],
    *,
    path: str | None = None,
    method: Method | None = None,
    defaults: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Add the route that asks a question.

    Args:
        router: That it is a part of.
        asked: The question.
        path: Of the route; the question's name without.
        method: Returns what is asked of a selection; its method of that name without.
        defaults: What a parameter is here when it is not given.
    """
    name = (path or asked.name).strip("/")
    ask = method or (lambda selection: getattr(selection, asked.name))
    parameters = {
        given.name: given
        for given in asked.parameters.values()
        if given.plain and not given.face.local
    }
    tells = "on_progress" in asked.parameters
    rows = isinstance(asked.result, type) and issubclass(asked.result, Tabular)

    async def endpoint(**given: Any) -> Response:  # noqa: ANN401 - as FastAPI has read them
        service: Service = given["service"]
        arguments = {
            one.name: _value(one, given[one.face.query or one.name]) for one in parameters.values()
        }
        _check(service, parameters, arguments)
        if asked.language_model:
            wanted = given.get("named", service.options.language_model is not None)
            arguments["model"] = language_model(service, named=wanted)
        selection: Selection = service.corpus
        if asked.filtered:
            selection = selection.only(given["filters"])
        format_ = given.get("format", "json")
        if asked.brief:
            return await service.read(lambda: tabulated(ask(selection)(**arguments), format_, name))
        work = await service.answer(
            name,
            lambda progress: ask(selection)(
                **arguments, **({"on_progress": progress} if tells else {})
            ),
            key=(given.get("filters"), asked.key(arguments)),
            wait=given["wait"],
            cancellable=tells,
        )
        return await answered(work, format_)

    shared: dict[str, Any] = {"service": (Shared, inspect.Parameter.empty)}
    if asked.filtered:
        shared["filters"] = (Filtered, inspect.Parameter.empty)
    last: dict[str, Any] = {}
    if asked.language_model and asked.language_model.face.query:
        last["named"] = (Named, False)
    if not asked.brief:
        last["wait"] = (Wait, None)
    if rows:
        last["format"] = (Format, "json")
    own = {
        one.face.query or one.name: (
            _annotation(one),
            defaults.get(one.name, _default(one)),
        )
        for one in parameters.values()
    }
    endpoint.__name__ = asked.name
    endpoint.__doc__ = asked.help
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=value)
            for key, (kind, value) in {**shared, **own, **last}.items()
        ]
    )
    declared = long(asked.result, rows=rows)
    if asked.brief:
        declared = table(asked.result) if rows else {"response_model": asked.result}
    router.get(f"/{name}", **declared)(endpoint)


def _annotation(parameter: Parameter) -> Any:  # noqa: ANN401 - a type
    kind: Any = Literal[parameter.choices] if parameter.choices else parameter.kind
    limits: dict[str, Any] = {
        type(bound).__name__.lower(): limit_of(bound) for bound in parameter.bounds
    }
    if parameter.kind in (int, float) and not any(key in limits for key in ("le", "lt")):
        limits["le"] = _most(parameter)
    if parameter.many:
        inner = Annotated[kind, Query(**limits)] if limits else kind
        return Annotated[list[inner], Query(description=parameter.help)]  # type: ignore[valid-type]
    if parameter.optional:
        kind = kind | None
    return Annotated[kind, Query(description=parameter.help, **limits)]


def _most(parameter: Parameter) -> float:
    """Return the largest number that a request may give."""
    if parameter.name == "seed":
        return _MOST_SEED
    of_all = Ge(0) in parameter.bounds  # 0 is for all of them
    return _MOST_RESULTS if parameter.name == "n" and not of_all else _MOST


def _default(parameter: Parameter) -> Any:  # noqa: ANN401
    if parameter.required:
        return inspect.Parameter.empty
    return [] if parameter.many else parameter.default


def _value(parameter: Parameter, given: Any) -> Any:  # noqa: ANN401
    """Return what a parameter is given; a list that is not in the address is none."""
    if parameter.many:
        return tuple(dict.fromkeys(given)) or (None if parameter.optional else ())
    return given


def _check(service: Service, parameters: dict[str, Parameter], arguments: dict[str, Any]) -> None:
    """Refuse what is longer, or more, than the server allows."""
    for name, parameter in parameters.items():
        value = arguments[name]
        if parameter.kind is str and not parameter.choices and value:
            texts = list(value) if parameter.many else [value]
            check_texts(service.options, texts, field=parameter.face.query or name)
        if name == "n" and value is not None:
            check_count(service.options, value)
