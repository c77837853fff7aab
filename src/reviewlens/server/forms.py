"""The form with which a file is uploaded, written to disk as it comes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from reviewlens.server.failures import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request

    from reviewlens.server.uploads import StoredUpload, Uploads

FIELD = "file"


async def received(request: Request, uploads: Uploads, most_bytes: int) -> StoredUpload:
    """Keep the file of a form, which is never in memory as a whole.

    Args:
        request: With a body of `multipart/form-data`.
        uploads: Where the file goes.
        most_bytes: Largest file.

    Raises:
        Refused: There is no form or no file in it, or it is too large; nothing is kept.
        InputError: Files with its ending are not taken.
    """
    kind, parameters = parse_options_header(request.headers.get("Content-Type"))
    boundary = parameters.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _refused(f"wanted a form (multipart/form-data) with the field {FIELD!r}", 415)
    form = _Form(uploads)
    kept = None
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in request.stream():  # no more of it than `Bodies` lets through
            await asyncio.to_thread(parser.write, chunk)
        parser.finalize()
        if form.path is None or not form.whole:
            what = "ends too early" if form.path else f"has no file in the field {FIELD!r}"
            raise _refused(f"the form {what}", 400)
        if form.path.stat().st_size > most_bytes:
            raise _refused(
                f"the file has more than {most_bytes:,} bytes, which is the most that is taken: "
                "cut it in two, pack it as .gz, or use `reviewlens ingest`",
                413,
            )
        kept = uploads.keep(form.path, form.name)
    except (FormParserError, ClientDisconnect) as error:
        raise _refused(f"the form cannot be read: {error}", 400) from error
    finally:
        with suppress(OSError):  # a full disk has been told of, and what came is to be removed
            form.close()
        if kept is None and form.path is not None:
            form.path.unlink(missing_ok=True)
    return kept


class _Form:
    """Writes the first part called `file` to disk, and passes over all others."""

    def __init__(self, uploads: Uploads) -> None:
        self.path: Path | None = None
        self.name = ""
        self.whole = False
        self._uploads = uploads
        self._file: IO[bytes] | None = None
        self._header = self._value = self._disposition = b""

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._name_header,
            "on_header_value": self._fill_header,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self.close,
            "on_end": self._finish,
        }

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _begin(self) -> None:
        self._disposition = b""

    def _name_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _fill_header(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"filename")
        if self.path is None and name is not None and options.get(b"name") == FIELD.encode():
            self.name = name.decode("utf-8", "replace")
            self.path = self._uploads.place(self.name)
            self._file = self.path.open("xb")

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])

    def _finish(self) -> None:
        self.whole = True


def _refused(message: str, status: int) -> Refused:
    kind = {400: "InvalidRequest", 413: "TooLarge", 415: "InvalidRequest"}[status]
    return Refused(message, status, kind, FIELD)
