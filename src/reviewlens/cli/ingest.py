"""`ingest`: review files into the collection."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import declared, format_option
from reviewlens.cli.output import print_document, print_result
from reviewlens.cli.questions import option_of
from reviewlens.cli.settings import Settings, encoder_settings
from reviewlens.document import Facts
from reviewlens.errors import InputError, LimitExceeded
from reviewlens.ingest.options import DEFAULTS, IngestSettings
from reviewlens.questions import settings_of
from reviewlens.reading.names import ROLES
from reviewlens.reading.presets import presets
from reviewlens.results import IngestPlan, IngestReport


class _Limit(click.ParamType[tuple[float, bool]]):
    """`5%` as a share, `20` as a number of rows."""

    name = "limit"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[float, bool]:
        if isinstance(value, tuple):
            return value
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = -1.0
        if not 0 <= number < math.inf:
            self.fail(f"{value!r} is no limit; wanted a share such as 5% or a number of rows")
        return (number / 100, True) if text.endswith("%") else (number, False)


def _column_options(command: Any) -> Any:  # noqa: ANN401 - a click decorator
    for role in reversed(ROLES):
        several = " Several are joined." if role == "text" else ""
        command = click.option(
            f"--{role}-column",
            metavar="HEADER",
            multiple=role == "text",
            default=None,
            help=f"Column with the {role}; an empty text for none.{several}",
        )(command)
    return command


def _list_presets(context: click.Context) -> None:
    for preset in presets():
        facts = {"by": preset.marks, "see": preset.source}
        print_document([Facts(f"{preset.name}: {preset.title}", facts)])
    context.exit()


def columns_named(given: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return the columns that were named, by role: one alone as itself, several as they are."""
    named: dict[str, Any] = {role: given[f"{role}_column"] for role in ROLES}
    texts = named.pop("text")
    columns = {role: name for role, name in named.items() if name is not None}
    return {**({"text": texts[0] if len(texts) == 1 else texts} if texts else {}), **columns}


_NO_TEXTS = ("too_short", "label_row", "header_again", "older_version")
"""Reasons of rows that have no text of their own to be stored."""


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_column_options
@declared(
    option_of(setting)
    for name, setting in settings_of(IngestSettings, DEFAULTS).items()
    if name not in ("columns", "names")
)
@click.option(
    "--presets",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, wanted: _list_presets(context) if wanted else None,
    help="List the exports whose columns are known.",
)
@click.option("--no-header", is_flag=True, help="There is none: column 1, column 2 and so on.")
@click.option("--names", metavar="A,B,…", help="Names of the columns, where there is no header.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; touch nothing.")
@click.option(
    "--max-rejected", type=_Limit(), metavar="LIMIT", help="Exit with 3 beyond it: 5% or 20."
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of what goes to stderr.",
)
@click.option(
    "--quiet",
    is_flag=True,
    help="On stderr no progress, and of the notes only those on how the files were read.",
)
@encoder_settings
@format_option
def ingest(
    settings: Settings,
    /,
    files: tuple[str, ...],
    format_: str,
    dry_run: bool,  # noqa: FBT001 - click passes options by name
    max_rejected: tuple[float, bool] | None,
    log_format: str,
    quiet: bool,  # noqa: FBT001
    no_header: bool,  # noqa: FBT001
    names: str | None,
    **options: Any,  # noqa: ANN401 - the settings of IngestSettings
) -> None:
    """Read reviews from tables, JSON, workbooks or documents, or - for stdin."""
    messages = Messages.current = Messages(as_json=log_format == "json", quiet=quiet)
    options["columns"] = columns_named(options)
    for role in ROLES:
        del options[f"{role}_column"]
    if no_header or names is not None:
        options["names"] = [] if names is None else [name.strip() for name in names.split(",")]
    with settings.open() as corpus:
        if dry_run:
            result: IngestPlan | IngestReport = corpus.plan(files, **options)
        else:
            result = corpus.ingest(files, on_progress=messages.progress, **options)
    messages.finish()
    for note in result.notes:
        messages.note(note, weighty=note in result.decisions)
    print_result(result, format_)
    if max_rejected is not None:
        _hold_limit(result, *max_rejected)
    if isinstance(result, IngestReport):
        _refuse_empty(result)


def _refuse_empty(report: IngestReport) -> None:
    """End with an error where nothing is stored of what was read, or less than half of its texts.

    Raises:
        InputError: So it is.
    """
    taken = report.indexed + report.updated + report.unchanged + report.duplicate
    texts = sum(count for reason, count in report.reasons.items() if reason not in _NO_TEXTS)
    where = f"; they are in {report.rejects_file}" if report.rejects_file else ""
    most = max(report.reasons, key=lambda reason: report.reasons[reason], default="")
    if report.read and not taken:
        why = f", most of them as {most}" if most else ""
        raise InputError(
            f"nothing is stored: of {report.read:,} rows {report.rejected:,} were rejected{why}, "
            f"{report.skipped:,} have no text{where}; see the notes for what would help"
        )
    if texts > taken:
        raise InputError(
            f"of {texts + taken:,} rows with a text {texts:,} were rejected, most of them as "
            f"{most}{where}; the others are stored"
        )


def _hold_limit(
    result: IngestReport | IngestPlan,
    limit: float,
    share: bool,  # noqa: FBT001
) -> None:
    most = limit * result.read if share else limit
    if result.rejected > most:
        shown = f"{limit * 100:g}%" if share else f"{limit:g} rows"
        raise LimitExceeded(
            f"{result.rejected:,} of {result.read:,} rows were rejected, more than the "
            f"{shown} of --max-rejected; the others were taken"
        )
