"""Write docs/cli.md from the commands' own help; `make docs` runs it, a test holds it current."""

from __future__ import annotations

from pathlib import Path

import click

from reviewlens.cli.main import COMMANDS, cli, load_command

TARGET = Path(__file__).with_name("cli.md")
HEAD = """# The command line

Written by `make docs` from the commands' own help.

Results go to stdout; progress, notes and errors go to stderr. Exit status: 0 done, 1 an error of
reviewlens (one sentence that says what is wrong and what to do), 2 wrong usage, 3 a limit that you
set was passed, 130 stopped by Ctrl-C, 143 by SIGTERM.
"""


def render() -> str:
    parts = [HEAD, _section("reviewlens", cli)]
    for name in sorted(COMMANDS):
        command = load_command(name)
        parts.append(_section(f"reviewlens {name}", command))
        if isinstance(command, click.Group):
            parts += [
                _section(f"reviewlens {name} {inner}", command.commands[inner])
                for inner in sorted(command.commands)
            ]
    return "\n".join(parts)


def _section(name: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=name, terminal_width=90, help_option_names=["-h", "--help"]
    )
    return f"## {name}\n\n```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET.name} written")
