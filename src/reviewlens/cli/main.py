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
from reviewlens.cli.index import DERIVED
from reviewlens.cli.messages import Messages, NotesHandler
from reviewlens.cli.options import encoder_options
from reviewlens.cli.settings import Settings, read_token
from reviewlens.errors import LimitExceeded, ReviewLensError
from reviewlens.files.trouble import cannot_write, is_trouble_of_storage
from reviewlens.settings import DEFAULT_COLLECTION, DEFAULT_URI

if TYPE_CHECKING:
    from reviewlens.encoders import Encoder, Precision

_HELP = """Search and explain customer reviews, on your own machine.

\b
reviewlens ingest reviews.csv
reviewlens search "arrived broken"
"""

COMMANDS = {
    "ask": (
        "reviewlens.cli.ask:ask",
        "Answer QUESTION from the reviews, with the ids of those that say so.",
    ),
    "classify": (
        "reviewlens.cli.classify:classify",
        "Give each review a label, by words, by examples, or as a saved model does.",
    ),
    "clusters": (
        "reviewlens.cli.clusters:clusters",
        "Group reviews by what they say: size, stars and quotes of each theme.",
    ),
    "compare": (
        "reviewlens.cli.compare:compare",
        "Tell which themes and words are more of the reviews A than of the reviews B.",
    ),
    "copy": (
        "reviewlens.cli.collection:copy",
        "Copy every review to another Milvus, vectors and all, without encoding.",
    ),
    "delete": (
        "reviewlens.cli.delete:delete",
        "Delete reviews by id or by filter, or the whole collection; asks before.",
    ),
    "diversity": (
        "reviewlens.cli.diversity:diversity",
        "Measure how varied reviews are, by group; or choose N to read instead of all.",
    ),
    "doctor": (
        "reviewlens.cli.collection:doctor",
        "Check the set-up: packages, model, Milvus, disk, memory; what to do about troubles.",
    ),
    "duplicates": (
        "reviewlens.cli.duplicates:duplicates",
        "Group copied reviews: word for word, nearly so, or in meaning.",
    ),
    "evaluate": (
        "reviewlens.cli.evaluate:evaluate",
        "Measure how well reviews are found: index, sentences, titles, neighbours.",
    ),
    "export": (
        "reviewlens.cli.export:export",
        "Write reviews to FILE, by its ending: .csv, .jsonl, .parquet or .xlsx.",
    ),
    "ingest": (
        "reviewlens.cli.ingest:ingest",
        "Read reviews from tables, JSON, workbooks or documents, or - for stdin.",
    ),
    "map": (
        "reviewlens.cli.map:map_",
        "Draw a map of reviews on which near ones say alike: HTML, PNG, SVG, or a table.",
    ),
    "recommend": (
        "reviewlens.cli.recommend:recommend",
        "Recommend products or reviews for a review, a product or an author, with the reason.",
    ),
    "reduce": (
        "reviewlens.cli.reduce:reduce",
        "Measure what shorter vectors lose, and write a model that makes them.",
    ),
    "reindex": (
        "reviewlens.cli.reindex:reindex",
        "Rebuild the collection from what it holds, with another --encoder or its own.",
    ),
    "report": (
        "reviewlens.cli.report:report",
        "Write one page for a period's meeting: what came, what changed, what is odd.",
    ),
    "search": (
        "reviewlens.cli.search:search",
        "Find the reviews that say what TEXT says, whatever words they use.",
    ),
    "serve": (
        "reviewlens.cli.serve:serve",
        "Open the reviews in the browser, and answer programs by HTTP, on this machine.",
    ),
    "similar": (
        "reviewlens.cli.search:similar",
        "Find the reviews most like the review REVIEW_ID, itself left out.",
    ),
    "stats": (
        "reviewlens.cli.collection:stats",
        "Count what is stored: reviews, stars, dates, products, languages, tokens.",
    ),
    "labels": (
        "reviewlens.cli.labels:labels",
        "List, rename and drop the labels that classify kept with the reviews.",
    ),
    "themes": (
        "reviewlens.cli.themes:themes",
        "List, name and change the saved themes, and tell what is new in them.",
    ),
    "tokens": (
        "reviewlens.cli.tokens:tokens",
        "Show how TEXT, or - for stdin, is cut into tokens, and what an encoder embeds of it.",
    ),
    "trends": (
        "reviewlens.cli.trends:trends",
        "Count what is said over time: themes, a column or a phrase, and what has changed.",
    ),
    "words": (
        "reviewlens.cli.words:words",
        "Ask word vectors and word counts: nearest words, analogies, pictures, angles.",
    ),
}
"""Where each command is, and its short help, so that a list of them need not import them."""

GROUPS = {
    "Start": ("ingest", "stats", "serve", "doctor"),
    "Ask": ("search", "similar", "ask", "clusters", "compare", "classify", "recommend"),
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
    command: click.Command | None = None
    if name in COMMANDS:
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(import_module(module), attribute)
    elif name in DERIVED:
        command = import_module("reviewlens.cli.questions").derived(name)
    return command


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
    commands=[
        *(click.Command(name, help=text) for name, (_, text) in COMMANDS.items()),
        *(click.Command(name, help=text) for name, text in DERIVED.items()),
    ],
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
    uri: str,
    collection: str,
    token_file: str | None,
    encoder: str | None,
    device: str | None,
    precision: Precision | None,
    dimensions: int | None,
) -> None:
    """Keep the connection options for the command."""
    token = read_token(token_file, os.environ.get("REVIEWLENS_TOKEN"))
    used = encoder or context.obj
    context.obj = Settings(uri, collection, token, used, device, precision, dimensions)


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
