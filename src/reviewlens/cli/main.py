"""The command `reviewlens`, its connection options, and what becomes of errors."""

from __future__ import annotations

import gc
import io
import logging
import math
import os
import signal
import sys
import time
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from reviewlens import __version__
from reviewlens.cli.index import COMMANDS, DERIVED, MODULES
from reviewlens.cli.messages import Messages, NotesHandler
from reviewlens.cli.options import encoder_options
from reviewlens.cli.settings import Settings, read_token
from reviewlens.errors import LimitExceeded, ReviewLensError
from reviewlens.files.trouble import cannot_write, is_trouble_of_storage
from reviewlens.settings import DEFAULT_COLLECTION, DEFAULT_URI

if TYPE_CHECKING:
    from reviewlens.encoders import Encoder

_HELP = """Search and explain customer reviews, on your own machine.

\b
reviewlens ingest reviews.csv
reviewlens search "arrived broken"
"""

GROUPS = {
    "Start": ("ingest", "stats", "serve", "doctor"),
    "Ask": ("search", "count", "similar", "ask", "clusters", "compare", "classify", "recommend"),
    "Read a few instead of all": ("diversity", "sample", "map"),
    "Check": ("anomalies", "duplicates", "evaluate"),
    "Follow": ("themes", "labels", "trends", "report"),
    "Move and keep": ("export", "copy", "delete", "reindex", "reduce"),
    "Words and tokens": ("words", "tokens"),
}
"""Commands by what one wants, as `--help` lists them."""
_SIGNALS_SECONDS = 1.0
"""A signal that comes again sooner is the same one: `timeout` sends two."""


def load_command(name: str) -> click.Command | None:
    """Import a command of `COMMANDS`, or make that of a question that no module shows."""
    if name in COMMANDS:
        module = import_module(f"reviewlens.cli.{MODULES.get(name, name)}")
        made = (found for found in vars(module).values() if isinstance(found, click.Command))
        return next(command for command in made if command.name == name)
    if name in DERIVED:
        derived: click.Command = import_module("reviewlens.cli.questions").derived(name)
        return derived
    return None


class _Group(click.Group):
    """Imports a command when it is asked for; ends quietly when the output's reader has gone.

    Its `commands` hold names and short help alone, for the list in `--help` and for guessing what
    a misspelt name meant.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in GROUPS.items():
            with formatter.section(title):
                known = [name for name in names if name in self.commands]
                formatter.write_dl([(name, self.commands[name].help or "") for name in known])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - a command's result
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None  # click itself would print an empty line first
        except BrokenPipeError:
            _drop_output()
            return 0


@click.group(
    cls=_Group,
    help=_HELP,
    epilog="reviewlens COMMAND --help has the options of each; docs/cli.md has all of them, and "
    "README.md says where each command is told of.",
    commands=[click.Command(name, help=text) for name, text in (COMMANDS | DERIVED).items()],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="reviewlens")
@click.option(
    "--uri",
    envvar="REVIEWLENS_URI",
    default=DEFAULT_URI,
    show_default=True,
    help="Milvus Lite path ending in .db, or a server's URL.  [env: REVIEWLENS_URI]",
)
@click.option(
    "--collection",
    envvar="REVIEWLENS_COLLECTION",
    default=DEFAULT_COLLECTION,
    show_default=True,
    help="Name of the collection.  [env: REVIEWLENS_COLLECTION]",
)
@click.option(
    "--token-file",
    metavar="FILE",
    help="File with the server's user:password or API key.  [env: REVIEWLENS_TOKEN]",
)
@encoder_options
@click.pass_context
def cli(
    context: click.Context,
    /,
    token_file: str | None,
    encoder: str | None,
    **given: Any,  # noqa: ANN401 - other fields of the settings
) -> None:
    """Keep the connection options for the command."""
    token = read_token(token_file, os.environ.get("REVIEWLENS_TOKEN"))
    context.obj = Settings(token=token, encoder=encoder or context.obj, **given)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 done, 1 our error, 2 usage, 3 a limit of the user's passed."""
    # pymilvus and pandas make 90,000 objects that live to the end. The garbage collector would go
    # over them again and again, and once more on the way out: a tenth of the time of a search.
    gc.set_threshold(100_000)
    _end_when_told()
    try:
        sys.exit(run(arguments))
    finally:
        gc.freeze()


def _end_when_told() -> None:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does: what is unfinished is removed."""
    told = -math.inf

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal told
        before, told = told, time.monotonic()
        if told - before > _SIGNALS_SECONDS:
            raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # not each system has both
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)


def _show_log() -> None:
    logger = logging.getLogger("reviewlens")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers = [NotesHandler()]


def run(arguments: list[str] | None = None, *, encoder: Encoder | None = None) -> int:
    """Run the command and return its exit status; every error is one sentence on stderr.

    Args:
        arguments: Behind the command's name; None for those of the process.
        encoder: What is embedded with where `--encoder` names none; None for the collection's.
    """
    Messages.current = Messages()
    _show_log()
    if sys.stdout is None:
        # Closed by the shell: the next file opened would have its number, and be printed to.
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    status = _run(arguments, encoder)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        if not status:
            Messages.current.error(str(cannot_write("standard output cannot be written", error)))
        return status or 1
    return status


def _drop_output() -> None:
    """Let what could not be printed go, else Python would try again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str] | None, encoder: Encoder | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character shows its escape.
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = cli.main(
            arguments, prog_name="reviewlens", standalone_mode=False, obj=encoder
        )
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        Messages.current.error("stopped")
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except LimitExceeded as error:
        Messages.current.error(str(error))
        return 3
    except ReviewLensError as error:
        Messages.current.error(str(error))
        return 1
    except Exception as error:
        if os.environ.get("REVIEWLENS_TRACEBACK"):
            raise
        Messages.current.error(_told(error))
        return 1


def _told(error: Exception) -> str:
    """Return what is said of an error that is none of ours."""
    if isinstance(error, OSError) and is_trouble_of_storage(error):
        try:
            sys.stdout.flush()  # it tells whether that is what cannot be written
        except OSError:
            what = "standard output"
        else:
            what = str(error.filename or "standard output, or a file that is needed on the way,")
        return str(cannot_write(f"{what} cannot be written", error))
    return (
        f"an error that should not happen: {type(error).__name__}: {error}; please report it "
        "with the traceback that REVIEWLENS_TRACEBACK=1 shows"
    )
