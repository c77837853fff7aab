"""What is used of pymilvus beyond what it documents, for the version in `KNOWN`.

These are the requests of Milvus' own protocol, as generated in `pymilvus.grpc_gen`, the way a
channel is handed to a client, the names of its loggers, how it tells an error that is not to be
repeated, and a check for sparse vectors that costs an import. Another version is used in the same
way, as there is no other; `tests/unit/store/test_pymilvus_inside.py` has a test for each part, that
fails where a version no longer has it or does otherwise.
"""

from __future__ import annotations

import logging
from typing import Any

KNOWN = ("3.0.2",)
"""Before one is added: run that test with it."""

LOGGERS = ("pymilvus", "pymilvus.milvus_client", "pymilvus.bulk_writer")


def silence() -> None:
    """Let pymilvus write nothing to stderr, where it tells each error with its traceback.

    It sets its loggers up when it is imported, which must be over.
    """
    import pymilvus  # noqa: F401

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def without_sparse() -> None:
    """Let pymilvus not import scipy.sparse at the first search, a twentieth of a second.

    It would know by it whether a vector is sparse, which none of ours is.
    """
    from pymilvus.client import utils

    helper = getattr(utils, "SciPyHelper", None)
    if helper is not None and hasattr(helper, "_checked"):
        helper._checked = True


def client_over(channel: Any, *, uri: str, token: str, timeout: float) -> Any:  # noqa: ANN401
    """Return a client of its own on a channel of gRPC's, which it does not share.

    Args:
        channel: Of gRPC, intercepted or not.
        uri: The server's address.
        token: `user:password` or an API key; empty for that in the address, or none.
        timeout: For what it asks to begin with.
    """
    from pymilvus import MilvusClient

    return MilvusClient(uri=uri, token=token, timeout=timeout, channel=channel, dedicated=True)


def service(channel: Any) -> Any:  # noqa: ANN401 - gRPC's
    """Return what sends Milvus' own requests over a channel."""
    from pymilvus.grpc_gen import milvus_pb2_grpc

    return milvus_pb2_grpc.MilvusServiceStub(channel)


def version_request() -> Any:  # noqa: ANN401 - a message of Milvus
    """Return the question for the server's version (`GetVersion`)."""
    from pymilvus.grpc_gen import milvus_pb2

    return milvus_pb2.GetVersionRequest()


def moment_request() -> Any:  # noqa: ANN401 - a message of Milvus
    """Return the question for the server's clock (`AllocTimestamp`)."""
    from pymilvus.grpc_gen import milvus_pb2

    return milvus_pb2.AllocTimestampRequest()


def description_request(collection: str) -> Any:  # noqa: ANN401 - a message of Milvus
    """Return the question for what is known of a collection (`DescribeCollection`)."""
    from pymilvus.grpc_gen import milvus_pb2

    return milvus_pb2.DescribeCollectionRequest(collection_name=collection)


def waiting_for(moment: int) -> dict[str, Any]:
    """Return what a read asks for that waits until the server shows all up to a moment."""
    return {"consistency_level": "Customized", "guarantee_timestamp": moment}


def check_status(status: Any) -> None:  # noqa: ANN401 - one of Milvus' messages
    """Raise pymilvus' error for an answer that tells of one.

    Raises:
        MilvusException: It does.
    """
    from pymilvus.exceptions import MilvusException

    if status.code or status.error_code:
        error: Exception = MilvusException.from_status(status)
        raise error


def final_error(status: Any, details: str | None) -> Exception:  # noqa: ANN401 - gRPC's
    """Return an error that pymilvus passes on and does not repeat."""
    from pymilvus.exceptions import MilvusException

    error: Exception = MilvusException(message=f"{status.name}: {details or 'no reason given'}")
    error.status = status  # type: ignore[attr-defined]  # pymilvus drops what caused an error
    return error
