"""`serve`: the HTTP API and the explorer."""

from __future__ import annotations

import logging
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import language_model_options
from reviewlens.cli.settings import Settings
from reviewlens.errors import CollectionMissing, InputError, MissingExtra
from reviewlens.language_models import language_model
from reviewlens.server import Options, listen, run
from reviewlens.server.tokens import check_token
from reviewlens.store.addresses import is_loopback

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus

_NEW_TOKEN = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))' > {}"
_FILE = "reviewlens.token"


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; any but this machine's own needs --access-token-file.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8765,
    show_default=True,
    help="Port to listen at; 0 for any that is free.",
)
@click.option(
    "--access-token-file",
    metavar="FILE",
    help="File with the token that a user must have: one line of 22 characters or more.",
)
@click.option(
    "--read-only-token-file",
    metavar="FILE",
    help="File with a second token, for those who may look and change nothing.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="A name or address that browsers call this machine by; may be repeated.",
)
@click.option(
    "--max-upload",
    type=click.IntRange(1),
    default=2_048,
    show_default=True,
    metavar="MB",
    help="Largest file that may be uploaded.",
)
@click.option("--access-log", is_flag=True, help="Say on stderr what was asked, without texts.")
@click.option("--open", "open_", is_flag=True, help="Open the explorer in the browser.")
@language_model_options
@click.pass_obj
def serve(
    settings: Settings,
    /,
    *,
    host: str,
    port: int,
    access_token_file: str | None,
    read_only_token_file: str | None,
    allow_host: tuple[str, ...],
    max_upload: int,
    access_log: bool,
    open_: bool,
    llm_url: str | None,
    llm_model: str | None,
    llm_key_file: str | None,
) -> None:
    """Open the reviews in the browser, and answer programs by HTTP, on this machine."""
    if access_token_file is None and not is_loopback(host.strip("[]")):
        raise InputError(
            f"everyone who reaches {host} could read and change the reviews: give a token with "
            f"--access-token-file {_FILE} (make one: {_NEW_TOKEN.format(_FILE)}), or leave out "
            "--host"
        )
    if read_only_token_file is not None and access_token_file is None:
        raise InputError(
            "a token for reading alone says nothing while everyone may write: give "
            "--access-token-file as well"
        )
    token = _read_token(access_token_file)
    read_only_token = _read_token(read_only_token_file)
    try:
        import fastapi
        import uvicorn
    except ImportError as error:
        name = (error.name or "fastapi").partition(".")[0]
        raise MissingExtra(name, "server", "The web explorer") from error
    del fastapi, uvicorn
    options = Options(
        hosts=tuple(dict.fromkeys((*Options().hosts, *_names(host), *allow_host))),
        token=token,
        read_only_token=read_only_token,
        language_model=language_model(llm_url, llm_model, key_file=llm_key_file),
        most_upload_bytes=max_upload * 1024 * 1024,
        access_log=access_log,
    )
    _show_server_log()
    with listen(host.strip("[]"), port) as listener, settings.open() as corpus:
        _open_store(corpus)
        address = _address(host, listener.getsockname()[1])

        def started() -> None:
            Messages.current.note(
                f"reviewlens of {corpus.collection} at {address} (Ctrl-C ends it)"
            )
            if _is_wildcard(host) and not allow_host:
                Messages.current.note(
                    "Browsers are answered that ask for this machine by an address of its own; "
                    "allow the names it has with --allow-host NAME."
                )
            if open_:
                click.launch(address)

        run(corpus, options, listener, on_start=started)


def _is_wildcard(host: str) -> bool:
    return host.strip("[]") in ("", "0.0.0.0", "::")


def _names(host: str) -> list[str]:
    """Return what a browser calls the server by that listens at an address."""
    return [] if _is_wildcard(host) else [host.strip("[]")]


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if _is_wildcard(host) else host.strip("[]")
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _read_token(file: str | None) -> str:
    if file is None:
        return ""
    path = Path(file)
    make = f"make one: {_NEW_TOKEN.format(file)}"
    try:
        words = path.read_text(encoding="utf-8").split()
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise InputError(f"the token file {file} cannot be read: {reason}; {make}") from error
    if len(words) != 1:
        raise InputError(
            f"the token file {file} holds {len(words)} words; wanted one line, the token; {make}"
        )
    check_token(words[0], f"the token in {file}", make)
    if sys.platform != "win32" and mode & (stat.S_IRGRP | stat.S_IROTH):
        Messages.current.note(f"Others on this machine can read {file}: chmod 600 {file}")
    return words[0]


def _open_store(corpus: Corpus) -> None:
    """Take the Milvus Lite directory, or reach the server, before anyone asks."""
    try:
        corpus.size()
    except CollectionMissing:
        Messages.current.note(
            f"There are no reviews in {corpus.collection} yet: upload a file in the explorer."
        )


def _show_server_log() -> None:
    """Let the server say on stderr what went wrong inside, with the traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name in ("reviewlens.server", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
