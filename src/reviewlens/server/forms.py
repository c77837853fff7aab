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

    from starlette.requests import Request

    from reviewlens.server.uploads import StoredUpload, Uploads

FIELD = "file"
_FORM_BYTES = 64 * 1024
"""What the form around a file may add to it."""


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
        parser = MultipartParser(boundary, form.callbacks())  # type: ignore[arg-type]
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > most_bytes + _FORM_BYTES:
                raise _too_large(most_bytes)
            await asyncio.to_thread(parser.write, chunk)
        parser.finalize()
        kept = form.kept(most_bytes)
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
        self._uploads = uploads
        self._name = ""
        self._file: IO[bytes] | None = None
        self._taking = self._whole = False
        self._header: list[bytes] = [b"", b""]
        self._disposition = b""

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._part_of_header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._part_of_header(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def kept(self, most_bytes: int) -> StoredUpload:
        self.close()
        if self.path is None or not self._whole:
            what = "ends too early" if self.path else f"has no file in the field {FIELD!r}"
            raise _refused(f"the form {what}", 400)
        if self.path.stat().st_size > most_bytes:
            raise _too_large(most_bytes)
        return self._uploads.keep(self.path, self._name)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self._disposition = b""

    def _part_of_header(self, place: int, data: bytes) -> None:
        self._header[place] += data

    def _end_header(self) -> None:
        if self._header[0].lower() == b"content-disposition":
            self._disposition = self._header[1]
        self._header = [b"", b""]

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"filename")
        wanted = options.get(b"name") == FIELD.encode() and name is not None
        if wanted and self.path is None and name is not None:
            self._name = name.decode("utf-8", "replace")
            self.path = self._uploads.place(self._name)
            self._file = self.path.open("xb")
            self._taking = True

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._taking and self._file is not None:
            self._file.write(data[start:end])

    def _end(self) -> None:
        self._taking = False

    def _finish(self) -> None:
        self._whole = True


def _refused(message: str, status: int) -> Refused:
    kind = {400: "InvalidRequest", 413: "TooLarge", 415: "InvalidRequest"}[status]
    return Refused(message, status, kind, FIELD)


def _too_large(most_bytes: int) -> Refused:
    return _refused(
        f"the file has more than {most_bytes:,} bytes, which is the most that is taken: cut it in "
        "two, pack it as .gz, or use `reviewlens ingest`",
        413,
    )
