"""Servers that speak the OpenAI protocol: where one is, how it is asked, why it gives no answer."""

from __future__ import annotations

import email.utils
import ipaddress
import itertools
import logging
import math
import queue
import random
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import openai

Answer = TypeVar("Answer")

CONNECT_SECONDS = 10.0
MOST_WAIT_SECONDS = 120.0
"""The longest that a busy server may ask to be left alone before it is asked again."""

_BUSY = (408, 409, 429)
_OPENAI = "api.openai.com"
_SHOWN_CHARACTERS = 200
_SENT = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "host", "transfer-encoding", "user-agent", "x-stainless-raw-response",
}  # fmt: skip
"""Headers that a server needs, and one by which the library knows how to give its answer. It would
add what it knows of this machine, and what stands in variables for another server."""
_SENT_TO_OPENAI = {"openai-organization", "openai-project"}

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's API.

    Attributes:
        url: As the user gave it; it may hold a password.
        address: The same without one, to be shown.
        host: Its name.
    """

    url: str = field(repr=False)
    address: str
    host: str

    @classmethod
    def at(cls, url: str) -> Endpoint | None:
        """Return the endpoint at a URL, None where it is no http or https address."""
        try:
            parts = urlsplit(url.strip())
            host, _ = parts.hostname, parts.port  # is read, and refused, only now
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not host:
            return None
        return cls(url.strip(), _shown_address(url), host)

    @property
    def of_openai(self) -> bool:
        """Whether it is OpenAI's own."""
        return self.host == _OPENAI

    @property
    def on_this_machine(self) -> bool:
        """Whether the address is this machine's own, which no proxy stands before."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def shown(self, text: str, key: str) -> str:
        """Return a server's or a library's words on one line, cut, and without key or password."""
        login = urlsplit(self.url).netloc.rpartition("@")[0]
        for secret in (key, login, login.partition(":")[2]):
            if secret:
                text = text.replace(secret, "…")
        line = " ".join(text.split()).rstrip(".")
        return line if len(line) <= _SHOWN_CHARACTERS else line[:_SHOWN_CHARACTERS] + "…"


class Client:
    """What asks one server: no other one, no longer than a deadline, and told in a sentence.

    A redirect is an answer like any other, and not a good one: what was to be sent was meant for
    this server. A proxy in the environment is the user's own setting and used as such, but not on
    the way to this machine. Of headers only those are sent that are needed.

    Args:
        endpoint: The server.
        key: The key it wants; empty for none.
        setting: What holds its address, to be told.
        seconds: How long one answer may take.
        deadline: How long all takes at most, tries and waits together.
        patient: Whether a server that did not answer in time is asked again like a busy one.
        retries: How often a busy or failing server is asked again: after as long as its
            Retry-After says (two minutes at most), else 0.5, 1, 2, … seconds, each less by up to a
            quarter at random.
        refusal: Given a status and the server's words, a sentence for a request that is refused.
        raises: The error that carries the sentence.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        key: str,
        setting: str,
        seconds: float,
        deadline: float,
        patient: bool,
        retries: int,
        refusal: Callable[[int, str], str],
        raises: type[Exception],
    ) -> None:
        self._endpoint = endpoint
        self._key = key
        self._setting = setting
        self._seconds = min(seconds, deadline)
        self._deadline = deadline
        self._patient = patient
        self._retries = retries
        self._refusal = refusal
        self._raises = raises
        self._made: openai.OpenAI | None = None
        self._making = threading.Lock()

    def ask(self, request: Callable[[openai.OpenAI], Answer]) -> Answer:
        """Return what a request gives, made again while the server is busy or fails.

        Args:
            request: Made with the library's client; it may be given up while it still runs.

        Raises:
            Exception: As `raises` says: no answer, or none that can be read.
        """
        import openai

        end = time.monotonic() + self._deadline
        for tries in itertools.count(1):
            remaining = end - time.monotonic()
            try:
                return self._once(request, min(self._seconds, remaining))
            except (openai.OpenAIError, _Unanswered) as error:
                wait = self._wait(error, tries)
                if wait is None or time.monotonic() + wait >= end:
                    cut = remaining < self._seconds
                    raise self._raises(self._sentence(error, tries, cut=cut)) from error
                if isinstance(error, openai.APIStatusError):
                    _logger.info(
                        "%s answered %s; trying again.",
                        self._endpoint.address,
                        self._status(error),
                    )
                time.sleep(wait)
            except ValueError as error:  # what cannot be read as an answer
                raise self._raises(self._unreadable(error)) from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End its connections; a later request makes new ones."""
        with self._making:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    # -- one try ---------------------------------------------------------------------------------

    def _once(self, request: Callable[[openai.OpenAI], Answer], seconds: float) -> Answer:
        """Make the request once, and give it up when its time is over.

        The library's timeouts are of each part of an answer, and none of looking up a name: a
        server that sends a byte now and then would hold it for ever. So it runs beside.
        """
        client = self._client()
        outcomes: queue.SimpleQueue[tuple[Answer | None, BaseException | None]]
        outcomes = queue.SimpleQueue()

        def run() -> None:
            try:
                outcomes.put((request(client), None))
            except BaseException as error:
                outcomes.put((None, error))

        threading.Thread(target=run, daemon=True, name="reviewlens-request").start()
        try:
            answer, error = outcomes.get(timeout=max(seconds, 0.0))
        except BaseException as stopped:
            self.close()
            if isinstance(stopped, queue.Empty):
                raise _Unanswered from None
            raise
        if error is not None:
            raise error
        return answer  # type: ignore[return-value]  # there was no error

    def _client(self) -> openai.OpenAI:
        import openai

        with self._making:
            if self._made is None:
                host = self._endpoint.host
                place = f"[{host}]" if ":" in host else host
                direct: Any = {f"all://{place}": None} if self._endpoint.on_this_machine else {}
                self._made = openai.OpenAI(
                    api_key=self._key or "none",
                    base_url=self._endpoint.url,
                    max_retries=0,
                    timeout=openai.Timeout(
                        self._seconds, connect=min(CONNECT_SECONDS, self._seconds)
                    ),
                    default_headers={"Authorization": f"Bearer {self._key}"},
                    http_client=openai.DefaultHttpxClient(
                        follow_redirects=False,
                        mounts=direct,
                        event_hooks={"request": [self._strip]},
                    ),
                )
                weakref.finalize(self, self._made.close)
            return self._made

    def _strip(self, request: Any) -> None:  # noqa: ANN401 - httpx's
        sent = _SENT | (_SENT_TO_OPENAI if self._endpoint.of_openai else set())
        login = "@" in urlsplit(self._endpoint.url).netloc  # is sent in the key's place
        if not self._key and not login:  # a server that asks for no key gets none
            sent = sent - {"authorization"}
        for name in [name for name in request.headers if name.lower() not in sent]:
            del request.headers[name]

    # -- trying again ----------------------------------------------------------------------------

    def _wait(self, error: Exception, tries: int) -> float | None:
        """Return how long to wait before the next try, None where there is none."""
        import openai

        if tries > self._retries:
            return None
        asked = None
        if isinstance(error, openai.APIStatusError):
            if error.status_code not in _BUSY and error.status_code < 500:
                return None
            if error.response.headers.get("x-should-retry") == "false":
                return None
            asked = _retry_after(error.response.headers.get("retry-after"))
            if asked is not None and asked > MOST_WAIT_SECONDS:
                return None
        elif _is_late(error):
            if not self._patient:
                return None
        elif not isinstance(error, openai.APIConnectionError):
            return None
        if asked is not None:
            return asked
        return min(0.5 * 2.0 ** (tries - 1), 8.0) * (1 - 0.25 * random.random())

    # -- in a sentence ---------------------------------------------------------------------------

    def _sentence(self, error: Exception, tries: int, *, cut: bool) -> str:
        import openai

        where = self._endpoint.address
        if _is_late(error):
            seconds = self._deadline if cut else self._seconds
            return f"{where} gave no answer within {seconds:g} s; try again later."
        if isinstance(error, openai.APIConnectionError):
            reason = self._endpoint.shown(str(error.__cause__ or error), self._key)
            return f"{where} cannot be reached ({reason}); check {self._setting} and the network."
        if not isinstance(error, openai.APIStatusError):
            return self._unreadable(error)
        status, said = error.status_code, self._said(error)
        if 300 <= status < 400:
            return self._redirect(error)
        times = "1 try" if tries == 1 else f"{tries} tries"
        if status in _BUSY:
            return (
                f"{where} is still busy after {times}, or the quota is used up "
                f"({self._status(error)}: {said}); run the same command again later."
            )
        if status >= 500:
            times = "once" if tries == 1 else f"{tries} times"
            return f"{where} failed {times} ({status}: {said}); try again later."
        return self._refusal(status, said)

    def _redirect(self, error: openai.APIStatusError) -> str:
        location = error.response.headers.get("location", "")
        target = "one that it does not name"
        with suppress(ValueError):  # what stands there is no address
            if location:
                whole = urljoin(str(error.request.url), location)
                target = self._endpoint.shown(_shown_address(whole), self._key)
        return (
            f"{self._endpoint.address} sends to another address, {target} ({error.status_code}), "
            "where nothing was sent: texts go to no server but the one that was named. If it is "
            f"right, give that one as {self._setting}."
        )

    def _status(self, error: openai.APIStatusError) -> str:
        """Return an answer's status, and how long it asks to wait."""
        wait = error.response.headers.get("retry-after")
        told = f" (retry after {self._endpoint.shown(wait, self._key)})" if wait else ""
        return f"{error.status_code}{told}"

    def _said(self, error: openai.APIStatusError) -> str:
        """Return the reason that the server gave, whichever way it is nested."""
        body: object = error.body
        while isinstance(body, dict):
            body = next(
                (body[name] for name in ("error", "message", "detail") if body.get(name)), ""
            )
        if isinstance(body, str) and body:
            return self._endpoint.shown(body, self._key)
        return "no reason given"

    def _unreadable(self, error: Exception) -> str:
        said = self._endpoint.shown(str(error), self._key)
        return f"{self._endpoint.address} gave an answer that cannot be read ({said})."


class _Unanswered(Exception):
    """A try took longer than it may."""


def _is_late(error: Exception) -> bool:
    """Tell whether a server took the connection and did not answer in time."""
    import openai

    connecting = "Connect" in type(error.__cause__).__name__
    late = isinstance(error, openai.APITimeoutError) and not connecting
    return late or isinstance(error, _Unanswered)


def _shown_address(url: str) -> str:
    """Return a URL without login, query and fragment."""
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def _retry_after(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for; None without a time to come."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        moment = email.utils.parsedate_tz(header)
        if moment is None:
            return None
        try:
            seconds = email.utils.mktime_tz(moment) - time.time()
        except (ValueError, OverflowError):
            return None
    return seconds if seconds > 0 and not math.isnan(seconds) else None
