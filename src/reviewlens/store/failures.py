"""What pymilvus and gRPC raise, as errors of ours: what was found, what was wanted, the cure."""

from __future__ import annotations

import re

from reviewlens.errors import AccessDenied, CollectionMissing, StoreError, StoreUnreachable
from reviewlens.store.addresses import is_local, without_password
from reviewlens.store.lite_errors import FULL, QUOTED, lite_error

_DENIED = re.compile(
    r"\bauth check|unauthenticated|missing authorization|permission[ _]den(y|ied)|privilege"
    r"|not authori[sz]ed",
    re.IGNORECASE,
)
_STARTING = re.compile(
    r"\b(service|server|proxy|node|coord\w*|milvus)\b.{0,40}\bnot (yet )?(ready|healthy|serving)\b"
    r"|\bstate ?code\W*(initiali[sz]ing|stand ?by)|\bservice unavailable\b",
    re.IGNORECASE,
)
_LOADING = re.compile(r"\bcollection (not (fully )?loaded|on recovering)\b|\bnot serviceable\b")
_LATE = re.compile(r"deadline|timed? ?out", re.IGNORECASE)
_UNREACHABLE = re.compile(r"unavailable|connect|refused|unreachable|resolution", re.IGNORECASE)

_TOO_LARGE = re.compile(r"exceed\w* the (limit|max\w*) size|maxOutputSize|message larger than max")
_TOKEN = "give it as user:password in a file with --token-file, or in REVIEWLENS_TOKEN"
_LOOK = "`docker compose ps` and `docker compose logs milvus` tell how it is"
_PORT = "give the address at which Milvus speaks gRPC, port 19530 if none was chosen"
_FOREIGN = "what answers there is not Milvus ({})"

_NO_ANSWER: tuple[tuple[str, str, str], ...] = (
    (
        r"http2 header with status|http proxy",
        "a web server or a proxy answers in its place ({})",
        f"{_PORT}; name hosts that are reached without a proxy in no_proxy",
    ),
    (r"certificate.verify", "its certificate is not trusted ({})",
     "name the certificates to trust in GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
    (r"handshake|\bssl\b|\btls\b", "it does not speak TLS, as https:// wants ({})",
     "give an http:// address, or the port at which it speaks TLS"),
    (r"http1|parsing http/2|settings frame", _FOREIGN,
     f"{_PORT}, with https:// if it speaks TLS"),
    (r"refused|no such file", "nothing listens there ({})",
     f"start it (docker compose up -d; {_LOOK}), or give the right address with --uri"),
    (r"resol|lookup|name not known|domain name", "its host cannot be found ({})",
     "check the spelling of --uri, and the network"),
    (r"no route|unreachable|host is down", "there is no way to its host ({})",
     "check --uri, the network, and whether that machine runs"),
    (r"closed|reset|broken pipe|goaway|end of file|\beof\b",
     "it takes connections and closes them ({}): it is starting or ending, or another program "
     "listens there",
     f"wait a moment and run the command again; {_LOOK}; or {_PORT}"),
)  # fmt: skip
"""Of words in which gRPC tells why nothing came: what they mean, and the cure."""


def is_too_large(error: BaseException | None) -> bool:
    """Return whether an error of pymilvus or gRPC tells of an answer that is too large."""
    return isinstance(error, Exception) and bool(_TOO_LARGE.search(_words(error)))


def translate(
    error: Exception,
    uri: str,
    *,
    token: bool | None = None,
    opening: bool = False,
    seconds: float | None = None,
) -> StoreError:
    """Return our error for one that pymilvus or gRPC raised.

    Args:
        error: Theirs.
        uri: The address, as the user gave it.
        token: Whether one was given; None where that is not known.
        opening: Whether it was not known yet that there is a Milvus.
        seconds: After how many it was raised.
    """
    from pymilvus import exceptions

    where = f"Milvus at {without_password(uri)}"
    text = _words(error).replace(uri, without_password(uri))
    reason = " ".join(text.split())[:300]
    text = QUOTED.sub("", text)
    status = _status(error)
    missing = (
        exceptions.CollectionNotExistException,
        exceptions.DescribeCollectionException,
    )
    if isinstance(error, missing) or getattr(error, "code", None) == 100:
        return CollectionMissing(f"{where} has no such collection: {reason}")
    silent = (
        status in ("UNAVAILABLE", "DEADLINE_EXCEEDED")
        or isinstance(error, (exceptions.MilvusUnavailableException, exceptions.ConnectError))
        or any(pattern.search(text) for pattern in (_STARTING, _LATE, _UNREACHABLE))
    )
    if is_local(uri):
        if status == "DEADLINE_EXCEEDED":
            reason = f"no answer came {_after(seconds)}"
        return lite_error(uri, reason, silent=silent)
    by_proxy = "http2 header" in text  # its statuses are a web server's
    if not by_proxy and (
        status in ("UNAUTHENTICATED", "PERMISSION_DENIED") or _DENIED.search(text)
    ):
        return AccessDenied(_denied(where, reason, token=token))
    if opening and status in ("UNIMPLEMENTED", "UNKNOWN", "INTERNAL") and not by_proxy:
        return StoreUnreachable(f"{where} does not answer: {_FOREIGN.format(reason)}; {_PORT}")
    if silent or by_proxy:
        return StoreUnreachable(_unreachable(where, status, text, seconds))
    full = re.search(FULL, text, re.IGNORECASE)
    cure = "; make room on the server's disk and run the same again" if full else ""
    if _LOADING.search(text):
        cure = (
            "; a server that was started loads its collections in the first minute or two: wait, "
            f"and run the command again; {_LOOK}"
        )
    return StoreError(f"{where} refused the request: {reason}{cure}")


def _words(error: Exception) -> str:
    if callable(details := getattr(error, "details", None)):  # gRPC's own
        return str(details())
    return str(getattr(error, "message", "") or error)


def _status(error: BaseException | None) -> str:
    """Return the name of gRPC's status that an error is of, empty for none."""
    import grpc

    met: set[int] = set()
    while error is not None and id(error) not in met:  # pymilvus raises errors from themselves
        met.add(id(error))
        if isinstance(error, grpc.FutureTimeoutError):
            return "DEADLINE_EXCEEDED"
        status = getattr(error, "status", None)
        if isinstance(error, grpc.RpcError) and hasattr(error, "code"):
            status = error.code()
        if isinstance(status, grpc.StatusCode):
            return str(status.name)
        error = error.__cause__
    return ""


def _denied(where: str, reason: str, *, token: bool | None) -> str:
    if re.search(r"permission|privilege|authori[sz]ed", reason, re.IGNORECASE):
        return (
            f"{where} refused access: {reason}; the token's user lacks the right, or the token is "
            f"missing: {_TOKEN}"
        )
    if token is None:
        return f"{where} refused access: {reason}; check the token, and {_TOKEN}"
    if token:
        return f"{where} does not accept the token ({reason}): it is wrong; {_TOKEN}"
    return f"{where} wants a token, and none was given ({reason}): it is missing; {_TOKEN}"


def _after(seconds: float | None) -> str:
    return "in time" if seconds is None else f"within {round(seconds, 1):g} s"


def _unreachable(where: str, status: str, text: str, seconds: float | None) -> str:
    why = re.sub("^[A-Z_]+: ", "", " ".join(text.rpartition("last error: ")[2].split())[:200])
    if _STARTING.search(text):
        return (
            f"{where} is starting, and not ready yet ({why}): wait a moment and run the command "
            f"again; {_LOOK}"
        )
    if status == "DEADLINE_EXCEEDED":
        return (
            f"{where} does not answer: nothing came {_after(seconds)}; it may hang, have too much "
            "to do or be starting, another program may listen there, or a firewall lie between: "
            f"{_LOOK}, and `docker compose restart milvus` starts it anew"
        )
    for pattern, found, cure in _NO_ANSWER:
        if re.search(pattern, text, re.IGNORECASE):
            return f"{where} does not answer: {found.format(why)}; {cure}"
    return f"{where} does not answer: {why}; check the address, and that it runs: {_LOOK}"
