"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

Command = Callable[..., Any]
FORMATS = ("table", "json", "jsonl", "csv")


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


def declared(parameters: Iterable[click.Parameter]) -> Callable[[Command], Command]:
    """Add options that were made of a declaration, in order."""

    def add(command: Command) -> Command:
        before = getattr(command, "__click_params__", [])
        command.__click_params__ = [*before, *reversed(list(parameters))]  # type: ignore[attr-defined]
        return command

    return add


def options_of(decorator: Callable[[Command], Command]) -> list[click.Parameter]:
    """Return the options that a decorator adds."""

    def nothing() -> None:
        pass

    decorator(nothing)
    return declared_on(nothing)


def declared_on(function: Callable[..., object]) -> list[click.Parameter]:
    """Return the options that decorators left on a function, the first one first.

    click keeps them there, under a name that it does not document, until a command is made of it.
    """
    return list(reversed(getattr(function, "__click_params__", ())))
