"""Servers that speak the OpenAI protocol: where one is, and why it gives no answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import openai

_BUSY = (408, 409, 429)
_SHOWN_CHARACTERS = 200


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
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        place = parts.netloc.rpartition("@")[2]
        address = f"{parts.scheme}://{place}{parts.path}".rstrip("/")
        return cls(url.strip(), address, parts.hostname)

    def shown(self, text: str, key: str) -> str:
        """Return a server's or a library's words on one line, cut, and without key or password."""
        login = urlsplit(self.url).netloc.rpartition("@")[0]
        for secret in (key, login, login.partition(":")[2]):
            if secret:
                text = text.replace(secret, "…")
        line = " ".join(text.split()).rstrip(".")
        return line if len(line) <= _SHOWN_CHARACTERS else line[:_SHOWN_CHARACTERS] + "…"

    def busy(self, response: Any, key: str) -> str | None:  # noqa: ANN401 - httpx's
        """Return what to tell of an answer after which the client asks again, else None."""
        if response.status_code not in _BUSY and response.status_code < 500:
            return None
        wait = response.headers.get("retry-after")
        told = f" (retry after {self.shown(wait, key)})" if wait else ""
        return f"{self.address} answered {response.status_code}{told}"

    def failure(
        self, error: openai.OpenAIError, *, key: str, seconds: float, tries: int, setting: str
    ) -> str | None:
        """Return in a sentence why there is no answer; None where it depends on what was asked.

        Args:
            error: The client's.
            key: Not to be shown.
            seconds: How long an answer may take.
            tries: How often the server was asked.
            setting: What holds the address.
        """
        import openai

        where = self.address
        if isinstance(error, openai.APITimeoutError):
            return f"{where} gave no answer within {seconds:g} s; try again later."
        if isinstance(error, openai.APIConnectionError):
            reason = self.shown(str(error.__cause__ or error), key)
            return f"{where} cannot be reached ({reason}); check {setting} and the network."
        if not isinstance(error, openai.APIStatusError):
            return f"{where} gave an answer that cannot be read ({self.shown(str(error), key)})."
        status, said = error.status_code, self.said(error, key)
        if status in _BUSY:
            return (
                f"{where} is still busy after {tries} tries, or the quota is used up "
                f"({status}: {said}); run the same command again later."
            )
        if status >= 500:
            return f"{where} failed {tries} times ({status}: {said}); try again later."
        return None

    def said(self, error: openai.APIStatusError, key: str) -> str:
        """Return the reason that the server gave, whichever way it is nested."""
        body: object = error.body
        while isinstance(body, dict):
            body = next(
                (body[name] for name in ("error", "message", "detail") if body.get(name)), ""
            )
        return self.shown(body, key) if isinstance(body, str) and body else "no reason given"
