"""Errors as HTTP tells them: one shape, and one table of statuses."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from reviewlens import errors
from reviewlens.files.trouble import is_trouble_of_storage

STATUS: dict[type[errors.ReviewLensError], int] = {
    errors.InputError: 422,
    errors.NotFound: 404,
    errors.EncoderMismatch: 409,
    errors.EmbeddingServerError: 502,
    errors.EncoderError: 500,
    errors.CollectionMissing: 404,
    errors.CollectionReplaced: 503,
    errors.StoreUnreachable: 503,
    errors.StoreLocked: 503,
    errors.AccessDenied: 502,
    errors.SchemaMismatch: 409,
    errors.Unsupported: 422,
    errors.StoreError: 500,
    errors.LanguageModelError: 502,
    errors.LimitExceeded: 422,
    errors.MissingExtra: 422,
    errors.ReviewLensError: 500,
}
"""The status of each error; of several that fit, that of the nearest base class."""

_log = logging.getLogger(__name__)

RETRY_SECONDS = 2

_FOLDERS = re.compile(
    r"""(?<![\w/\\.-])(?!//[^/])      # not within a name or a URL
    (?:[A-Za-z]:|~\w*|\.{1,2})?(?:[/\\]+[^\s/\\'"`,;:()<>]+)*[/\\]+(?=\S)
    | (?<![\w/\\.-])(?:[\w.-]+/)+(?=[\w.-]+\.db\b)""",
    re.VERBOSE,
)
_SCRATCH = re.compile(r"\S*reviewlens-serve-[^/\\\s]*[/\\]?")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request was not answered; the body of every status from 400 on.

    Attributes:
        error: The kind: the name of an error of reviewlens, or `InvalidRequest`, `NotFound`,
            `Refused`, `Overloaded`, `TooLarge`, `Unexpected`.
        message: What is wrong, what was found, what was wanted and the cure.
        field: The parameter at fault, or that would help, where one is.
    """

    error: str
    message: str
    field: str | None = None


FAILURES: dict[int | str, dict[str, Any]] = {
    "default": {"model": Failure, "description": "Why it was not answered."},
    422: {"model": Failure, "description": "What the request asks for cannot be answered."},
}
"""What every route declares besides its answers."""


class Refused(HTTPException):
    """A request that is not answered, and what is told instead.

    Args:
        message: What is wrong, and the cure.
        status: Of the response.
        kind: Of the failure.
        field: The parameter at fault.
        headers: Of the response, besides those of all.
    """

    def __init__(
        self,
        message: str,
        status: int,
        kind: str = "Refused",
        field: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.failure = Failure(kind, message, field)

    def response(self) -> JSONResponse:
        """Return the response that tells it."""
        response = respond(self.failure, self.status_code)
        response.headers.update(self.headers or {})
        return response


FULL = Failure(
    "Full",
    "the server cannot write to a disk, which may be full; whoever runs it finds the reason in "
    "its log",
)
UNEXPECTED = Failure(
    "Unexpected", "an error that should not happen; the server's log has the traceback"
)


def told(error: Exception) -> tuple[Failure, int]:
    """Return what is told of an error, of ours or not, and its status."""
    if isinstance(error, errors.ReviewLensError):
        return failure_of(error), status_of(error)
    return (FULL, 507) if is_trouble_of_storage(error) else (UNEXPECTED, 500)


def status_of(error: errors.ReviewLensError) -> int:
    """Return the HTTP status of an error of ours."""
    if is_trouble_of_storage(error.__cause__):
        return 507
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def failure_of(error: errors.ReviewLensError) -> Failure:
    """Return what is told of an error of ours: nothing of where the server has its files."""
    if status_of(error) == 507:
        _log.error("a disk cannot be written to: %s", error)
        return FULL
    field = error.field if isinstance(error, errors.InputError) else None
    # What an InputError quotes is of who asked; of the server's own it knows the scratch alone.
    message = _SCRATCH.sub("", str(error))
    return Failure(
        type(error).__name__,
        whole_text(message if isinstance(error, errors.InputError) else _FOLDERS.sub("", message)),
        field and whole_text(field),
    )


def wanted(name: str, known: Sequence[str]) -> str:
    """Return what is said of an unknown name: those that there are, and the nearest of them."""
    near = errors.nearest(name, known)
    hint = f"; did you mean {near}?" if near else ""
    return f"wanted of these: {', '.join(known) or 'none'}{hint}"


def whole_text(text: str) -> str:
    """Return a text in which what UTF-8 cannot hold is a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def printable(text: str, most: int = 200) -> str:
    """Return the beginning of what somebody sent, harmless in a message or a log."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:most])


def respond(failure: Failure, status: int) -> JSONResponse:
    """Return the response for a failure; one that passes says when to try again."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else None
    content = {name: value and whole_text(value) for name, value in asdict(failure).items()}
    return JSONResponse(content, status_code=status, headers=headers)
