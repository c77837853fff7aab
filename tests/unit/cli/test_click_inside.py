"""What click and rich do not document, and the commands use."""

from __future__ import annotations

import click
import pytest

from reviewlens.cli.options import declared_on, options_of
from reviewlens.document import wrapped


def test_options_wait_on_a_function_until_it_is_a_command() -> None:
    @click.option("--one")
    @click.option("--other")
    def shown() -> None: ...

    assert [option.name for option in declared_on(shown)] == ["one", "other"]
    made = click.command()(shown)
    assert [option.name for option in made.params] == ["one", "other"]
    assert declared_on(test_options_wait_on_a_function_until_it_is_a_command) == []


def test_options_of_a_decorator_come_in_order() -> None:
    def both(command: object) -> object:
        return click.option("--one")(click.option("--other")(command))  # type: ignore[arg-type]

    assert [option.name for option in options_of(both)] == ["one", "other"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("手机壳", 5, ["手机", "壳"]),
        ("a 手机壳 b", 5, ["a 手", "机壳", "b"]),
        ("手机 carton", 6, ["手机", "carton"]),
        ("“cartons”", 5, ["“cart", "ons”"]),
    ],
)
def test_a_line_takes_the_columns_that_are_asked_for(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrapped(text, width) == lines
