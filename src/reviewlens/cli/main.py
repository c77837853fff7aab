"""The command `reviewlens`, its connection options, and what becomes of errors."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from reviewlens import __version__
from reviewlens.cli.collection import copy, delete, doctor, export, stats
from reviewlens.cli.ingest import ingest
from reviewlens.cli.options import encoder_options
from reviewlens.cli.output import Messages
from reviewlens.cli.search import search, similar
from reviewlens.corpus import DEFAULT_COLLECTION, DEFAULT_URI
from reviewlens.errors import LimitExceeded, ReviewLensError
from reviewlens.settings import Settings, read_token

_HELP = """Search and explain customer reviews, on your own machine.

\b
reviewlens ingest reviews.csv
reviewlens search "arrived broken"
"""


class _Group(click.Group):
    """Ends quietly when the reader of the output (`| head`) has gone."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - a command's result
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None  # click itself would print an empty line first
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=_Group, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
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
) -> None:
    """Keep the connection options for the command."""
    token = read_token(token_file, os.environ.get("REVIEWLENS_TOKEN"))
    context.obj = Settings(uri, collection, token, encoder, device)


for _command in (ingest, search, similar, stats, export, copy, delete, doctor):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 done, 1 our error, 2 usage, 3 a limit of the user's passed."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status; every error is one sentence on stderr."""
    Messages.current = Messages()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character shows its escape.
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = cli.main(arguments, prog_name="reviewlens", standalone_mode=False)
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
        Messages.current.error(
            f"an error that should not happen: {type(error).__name__}: {error}; please report it "
            "with the traceback that REVIEWLENS_TRACEBACK=1 shows"
        )
        return 1
