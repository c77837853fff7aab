"""A command for a question: options, filters and formats come from its declaration."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

import click

import reviewlens
from reviewlens.cli.filters import filter_options, selected
from reviewlens.cli.messages import Messages
from reviewlens.cli.options import (
    declared_on,
    format_option,
    language_model_options,
    options_of,
)
from reviewlens.cli.output import print_result
from reviewlens.cli.settings import Settings
from reviewlens.language_models import language_model
from reviewlens.questions import Asked, Ge, Gt, Le, Parameter, asked_of, limit_of

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus, Selection

Method = Callable[["Selection"], Callable[..., Any]]
"""Returns what is asked of a selection."""

_MODEL = ("llm_url", "llm_model", "llm_key_file")


class Asking:
    """A question as it was put on the command line.

    Args:
        settings: Where the corpus is.
        asked: The question.
        options: What was given: its arguments, where a language model is, the filters.
        format_: How the answer is printed.
        details: Whether its document has details.

    Attributes:
        asked: The question.
        arguments: Of it.
        format: The same.
        details: The same.
        model: Where a language model is, by the names of the options.
    """

    def __init__(
        self,
        settings: Settings,
        asked: Asked[..., Any],
        options: dict[str, Any],
        format_: str,
        *,
        details: bool = False,
    ) -> None:
        self.settings = settings
        self.format = format_
        self.details = details
        self.asked = asked
        self.model = {name: options.pop(name) for name in _MODEL if name in options}
        self.arguments = {name: options.pop(name) for name in asked.parameters if name in options}
        for name, parameter in asked.parameters.items():
            if parameter.many and parameter.optional and self.arguments.get(name) == ():
                self.arguments[name] = None
        self._filters = options

    @property
    def filtered(self) -> bool:
        """Whether any filter was given."""
        return any(value not in (None, ()) for value in self._filters.values())

    def selection(self, corpus: Corpus) -> Selection:
        """Return those reviews of a corpus that the filters leave."""
        return selected(corpus, self._filters)

    def answer(self, method: Method | None = None) -> Any:  # noqa: ANN401
        """Ask, and return the result; what it has to note is said.

        Args:
            method: Returns what is asked of the selection; the question's own method without.

        Raises:
            click.UsageError: Several of its alternatives are given, or none where one must be.
        """
        if trouble := self.asked.unclear(self.arguments, flag_of):
            raise click.UsageError(trouble)
        messages = Messages.current
        arguments = dict(self.arguments)
        signature = self.asked.signature.parameters
        if self.model and "model" in signature:
            url, name, key_file = (self.model[name] for name in _MODEL)
            arguments["model"] = language_model(url, name, key_file=key_file)
        if "on_progress" in signature:
            arguments["on_progress"] = messages.progress
        several: Sequence[Any] = ()
        for name, parameter in signature.items():
            if parameter.kind is parameter.VAR_POSITIONAL:
                several = arguments.pop(name, ())
        with self.settings.open() as corpus:
            selection = self.selection(corpus)
            result = (method or self.asked.of)(selection)(*several, **arguments)
        messages.finish()
        for note in getattr(result, "notes", ()):
            messages.note(note)
        return result

    def show(self, result: Any, **told: Any) -> None:  # noqa: ANN401
        """Print a result in the format that was asked for, with details where these were.

        Args:
            result: What a question answered.
            **told: What else its document takes.
        """
        print_result(result, self.format, details=self.details, **told)


def question(
    asked: Asked[..., Any] | Callable[..., Any],
    name: str = "",
    *,
    leave: Collection[str] = (),
    formats: bool = True,
    group: click.Group | None = None,
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of the function that shows a question's answer.

    Its own options, by `click.option` below this, are what it takes by name.

    Args:
        asked: The question, or a method of what is no corpus, whose `self` is not asked for.
        name: Of the command; the question's without.
        leave: Parameters that are no options.
        formats: Whether `--format` goes with it.
        group: The command that it is a part of.
    """
    if not isinstance(asked, Asked):
        function, asked = asked, Asked(asked, filtered=False)
        asked.name = function.__name__

    def command(show: Callable[..., None]) -> click.Command:
        own = [parameter.name for parameter in declared_on(show)]

        def callback(settings: Settings, /, **options: Any) -> None:  # noqa: ANN401
            format_ = options.pop("format_") if formats else "table"
            details = options.pop("details") if _details(asked) else False
            extra = {name: options.pop(name) for name in own}
            show(Asking(settings, asked, options, format_, details=details), **extra)

        made = click.Command(
            name or asked.name,
            callback=click.pass_obj(callback),
            params=[
                *(
                    option_of(parameter)
                    for parameter in asked.parameters.values()
                    if parameter.plain and parameter.name not in leave
                ),
                *declared_on(show),
                *_details(asked),
                *(options_of(language_model_options) if asked.language_model else ()),
                *(options_of(filter_options) if asked.filtered else ()),
                *(options_of(format_option) if formats else ()),
            ],
            help=inspect.getdoc(show) or asked.help,
        )
        if group is not None:
            group.add_command(made)
        return made

    return command


def derived(name: str) -> click.Command:
    """Return the command of a question that no module shows in a way of its own."""
    asked = asked_of(reviewlens.Corpus)[name]

    def show(asking: Asking, /) -> None:
        asking.show(asking.answer())

    show.__doc__ = asked.help
    return question(asked)(show)


def _details(asked: Asked[..., Any]) -> list[click.Parameter]:
    """Return the option `--details`, where the document of a question's answer has some."""
    told = getattr(asked.result, "details_help", "")
    return [click.Option(["--details"], is_flag=True, help=told)] if told else []


def flag_of(parameter: Parameter) -> str:
    """Return what a parameter is called on the command line."""
    return _flags_of(parameter)[-1]


def _flags_of(parameter: Parameter) -> list[str]:
    flags = parameter.face.flag or f"--{parameter.name.replace('_', '-')}"
    return flags.split("/")


def option_of(parameter: Parameter) -> click.Parameter:
    """Return the option, or the argument, that a parameter is on the command line."""
    face = parameter.face
    default = {} if parameter.required or parameter.many else {"default": parameter.default}
    if face.flag and not face.flag.startswith("-"):
        return click.Argument(
            [parameter.name],
            metavar=face.flag,
            required=parameter.required,
            nargs=-1 if parameter.many else 1,
            type=_type_of(parameter),
            **default,
        )
    flags = _flags_of(parameter)
    shown = parameter.default not in (None, False, (), "")
    help_ = parameter.help.replace("`", "")
    if parameter.kind is bool:
        return click.Option([*flags, parameter.name], is_flag=True, help=help_)
    return click.Option(
        [*flags, parameter.name],
        type=_type_of(parameter),
        multiple=parameter.many,
        required=parameter.required,
        show_default=shown,
        metavar=face.metavar or None,
        help=help_,
        **default,
    )


def _type_of(parameter: Parameter) -> click.ParamType[Any] | type:
    if parameter.choices:
        return click.Choice([str(one) for one in parameter.choices])
    if parameter.kind not in (int, float) or not parameter.bounds:
        return parameter.kind  # type: ignore[no-any-return]
    limits: dict[str, Any] = {}
    for bound in parameter.bounds:
        low = isinstance(bound, Ge | Gt)
        limits["min" if low else "max"] = limit_of(bound)
        if not isinstance(bound, Ge | Le):
            limits["min_open" if low else "max_open"] = True
    return click.IntRange(**limits) if parameter.kind is int else click.FloatRange(**limits)
