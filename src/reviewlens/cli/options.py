"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.output import FORMATS

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus, Selection

Command = Callable[..., Any]


class OutputFile(click.ParamType[str]):
    """A file that is written when the work is done, and refused before it where it cannot be.

    Args:
        called: What it holds, in the words of errors.
        endings: Those that it may have; none where any will do.
    """

    name = "file"

    def __init__(self, called: str, endings: Sequence[str] = ()) -> None:
        self._called = called
        self._endings = endings

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the name as it is given.

        Raises:
            InputError: It cannot be written.
        """
        from reviewlens.files.outputs import check_file

        check_file(value, self._endings, called=self._called)
        return str(value)


def format_option(command: Command) -> Command:
    """Add `-f/--format`."""
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How results are printed.",
    )(command)


def encoder_options(command: Command) -> Command:
    """Add `--encoder` and how it runs, which may stand before or after the command's name."""
    command = click.option(
        "--precision",
        type=click.Choice(["fp32", "int8"]),
        help="int8 is faster on the processor and a little less exact.",
    )(command)
    command = click.option("--device", help="Where the model runs: cpu, cuda, mps.")(command)
    command = click.option(
        "--dimensions",
        type=click.IntRange(min=1),
        metavar="N",
        help="Keep the first N numbers of each vector.",
    )(command)
    return click.option(
        "--encoder", metavar="NAME", help="Model name or folder; the collection's by default."
    )(command)


def language_model_options(command: Command) -> Command:
    """Add where a language model is; its key is never an option, which others could read."""
    command = click.option(
        "--llm-key-file",
        metavar="FILE",
        help="File with its key.  [env: REVIEWLENS_LLM_KEY, OPENAI_API_KEY]",
    )(command)
    command = click.option(
        "--llm-model",
        envvar="REVIEWLENS_LLM_MODEL",
        metavar="NAME",
        help="What the model is called there.  [env: REVIEWLENS_LLM_MODEL]",
    )(command)
    return click.option(
        "--llm-url",
        envvar="REVIEWLENS_LLM_URL",
        metavar="URL",
        help="A language model (OpenAI protocol), such as http://localhost:8080/v1; an empty text "
        "for none.  [env: REVIEWLENS_LLM_URL]",
    )(command)


def filter_options(command: Command) -> Command:
    """Add the filters, which are the same on every command."""
    from reviewlens.store.filters import FILTERS, WHERE

    command = click.option("--where", multiple=True, metavar="COND", help=WHERE)(command)
    for one in reversed([one for one in FILTERS.values() if one.shown]):
        command = click.option(
            f"--{one.name}",
            multiple=one.many,
            type=int if one.number else str,
            metavar=one.metavar,
            help=one.help.replace("`", ""),
        )(command)
    return command


def options_of(decorator: Callable[[Command], Command]) -> list[click.Parameter]:
    """Return the options that a decorator adds."""

    def nothing() -> None:
        pass

    decorator(nothing)
    return list(reversed(nothing.__click_params__))  # type: ignore[attr-defined]


def selected(corpus: Corpus, filters: dict[str, Any]) -> Selection:
    """Return those reviews of a corpus that the options of filters leave.

    An option that may be repeated, and is not given, has no values: as a filter, that would leave
    no review.
    """
    given = {name: value for name, value in filters.items() if value not in (None, ())}
    return corpus.where(*given.pop("where", ()), **given) if given else corpus
