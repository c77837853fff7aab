"""Starting, finding and ending the Milvus servers that the integration tests run against.

Everything listens on 127.0.0.1 alone. `conftest.py` makes fixtures of what is here.
"""

from __future__ import annotations

import fcntl
import gc
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from pymilvus import MilvusClient

COMPOSE_FILE = Path(__file__).parents[2] / "docker-compose.yml"
LOOPBACK = "127.0.0.1"
START_SECONDS = 90
STOP_SECONDS = 10.0

# The password that every Milvus starts with unless it is given another one. A secret of nobody:
# these containers hold test data, listen on the loopback device and live for one test run.
ROOT_TOKEN = "root:Milvus"

# Milliseconds, instead of the defaults behind them: the same answers, sooner. A server that is
# asked by one test at a time spends nearly all of it waiting for its own clocks.
_TICK = "PROXY_TIMETICKINTERVAL"
_SOONER = {
    # 200. A read that must see what was written waits for the next tick. The server without
    # authorisation keeps it, as a user's does.
    _TICK: 50,
    # 1000, 1000 and 500. What looks whether a collection that is to be loaded has been.
    "QUERYCOORD_CHECKCHANNELINTERVAL": 100,
    "QUERYCOORD_CHECKSEGMENTINTERVAL": 100,
    "QUERYCOORD_DISTPULLINTERVAL": 100,
    # 2000. A flush waits until what was promised to writers has expired.
    "DATACOORD_SEGMENT_ASSIGNMENTEXPIRATION": 200,
}

_STARTED = ".started"  # ends the name of the file that tells of a container to be removed


@dataclass(frozen=True, slots=True)
class Backend:
    """A Milvus to test against: what a user would pass as `--uri` and as the token."""

    name: str
    uri: str
    token: str


def named_backend(name: str, request: pytest.FixtureRequest) -> Backend:
    """The Milvus of that name, started if no test has used it yet."""
    match name:
        case "lite":
            return Backend(name, str(request.getfixturevalue("lite_path")), "")
        case "lite-server":
            return Backend(name, request.getfixturevalue("lite_server"), "")
        case "container":
            return Backend(name, request.getfixturevalue("milvus_container"), "")
        case _:
            uri, token = request.getfixturevalue("milvus_container_with_auth")
            return Backend(name, uri, token)


@dataclass(frozen=True, slots=True)
class RunningContainer:
    """A started Milvus container, with what a test of the container itself needs to know."""

    uri: str
    token: str
    host_addresses: list[str]
    """The addresses of this machine on which any of the container's ports is published."""


def compose_image() -> str:
    """Return the image that docker-compose.yml starts, the one users run."""
    compose = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
    return str(compose["services"]["milvus"]["image"])


def image_problem(image: str) -> str | None:
    """Say why the image cannot be started, or None if it can.

    Decided within seconds: a pull is left to Docker only after the registry has answered for
    this very tag, because a pull without a network may retry for minutes.
    """
    # Where no engine listens, the client library drops its socket unclosed. Collected in here,
    # that warning ends here; later it would be an error of whichever test runs then.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        problem = _ask_engine(image)
        gc.collect()
    return problem


def _ask_engine(image: str) -> str | None:
    import docker
    from docker.errors import APIError, DockerException, ImageNotFound
    from requests.exceptions import RequestException

    try:
        with closing(docker.from_env(timeout=10)) as client:
            client.ping()
            try:
                client.images.get(image)
            except ImageNotFound:
                client.images.get_registry_data(image)
    except APIError as error:
        return (
            f"the image {image} is not on this machine and cannot be pulled "
            f"({_first_line(error.explanation)}). Name another in REVIEWLENS_TEST_MILVUS_IMAGE, "
            "or build one: python3 tests/integration/milvus_image/build.py"
        )
    except (DockerException, RequestException) as error:
        return f"no Docker engine answers ({_first_line(error)})"
    return None


def _first_line(text: object) -> str:
    return str(text).partition("\n")[0][:200]


def shared_container(folder: Path, image: str, *, authorization: bool) -> RunningContainer:
    """Return the container of that kind that all workers of a run share, started by the first.

    Args:
        folder: One for the whole run. What is started is noted there, for `remove_containers`.
        image: The image to start.
        authorization: Whether it asks for a token, and its clock ticks faster than a user's does.
    """
    kind = "guarded" if authorization else "open"
    record = folder / f"{kind}.json"
    with locked(folder / f"{kind}.lock"):
        if not record.exists():
            name = f"reviewlens-{kind}-{uuid.uuid4().hex}"
            # Before it is there, so that it is removed even if this process dies meanwhile.
            (folder / f"{name}{_STARTED}").touch()
            found = _started_container(name, image, authorization=authorization)
            unfinished = record.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(asdict(found)), encoding="utf-8")
            unfinished.rename(record)
    return RunningContainer(**json.loads(record.read_text(encoding="utf-8")))


def remove_containers(folder: Path) -> None:
    """Remove what `shared_container` started, once nobody uses it any more."""
    started = sorted(folder.glob(f"*{_STARTED}"))
    if not started:
        return
    import docker
    from docker.errors import NotFound

    with closing(docker.from_env()) as client:
        for note in started:
            with suppress(NotFound):  # its start may have failed
                client.containers.get(note.stem).remove(force=True, v=True)
            note.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time into the block; one that dies in it lets the next in."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        yield


def _started_container(name: str, image: str, *, authorization: bool) -> RunningContainer:
    from testcontainers.community.milvus import MilvusContainer
    from testcontainers.core.config import ConnectionMode, testcontainers_config
    from testcontainers.core.wait_strategies import HttpWaitStrategy

    # Inside a container, which some build machines are, testcontainers would go round by the
    # bridge's gateway. The ports are published on the loopback device, nowhere else.
    testcontainers_config.tc_host_override = LOOPBACK
    testcontainers_config.connection_mode_override = ConnectionMode.docker_host
    # Its sidecar would remove the container with the process that started it, although other
    # workers may still use it.
    testcontainers_config.ryuk_disabled = True
    container = MilvusContainer(image).with_name(name)
    # From 2.6 on the embedded etcd is refused without it; 2.3 does not mind.
    container.with_env("DEPLOY_MODE", "STANDALONE")
    container.with_env("COMMON_SECURITY_AUTHORIZATIONENABLED", str(authorization).lower())
    for setting, milliseconds in _SOONER.items():
        if authorization or setting != _TICK:
            container.with_env(setting, str(milliseconds))
    # Left alone, Docker publishes on every address of the machine, and 9091 knows no
    # authentication. The address without a port means: any free port.
    container.ports = {port: (LOOPBACK,) for port in container.ports}
    # The health check alone: the line that testcontainers waits for in the log as well is
    # printed before any part of the server runs, and need not stay the same in every version.
    health = HttpWaitStrategy(container.healthcheck_port, "/healthz")
    container.waiting_for(health.with_startup_timeout(START_SECONDS))
    try:
        container.start()
    except BaseException:
        container.stop()
        raise
    return RunningContainer(
        uri=f"http://{LOOPBACK}:{container.get_exposed_port(container.port)}",
        token=ROOT_TOKEN if authorization else "",
        host_addresses=_host_addresses(container.get_container_id()),
    )


def _host_addresses(container_id: str) -> list[str]:
    import docker

    with closing(docker.from_env()) as client:
        settings = client.containers.get(container_id).attrs["NetworkSettings"]
    bindings = [binding for port in settings["Ports"].values() for binding in port or ()]
    return sorted({binding["HostIp"] for binding in bindings})


def bare_client(uri: str, token: str, *, timeout: float) -> MilvusClient:
    """Connect with pymilvus alone, and leave an idle connection in peace.

    Clients of one address and one set of options share a connection. Milvus Lite hangs up on one
    that pings it every ten seconds, as pymilvus would, at the moment when the next test connects.
    """
    from pymilvus import MilvusClient

    options = {"grpc.keepalive_time_ms": 330_000}
    return MilvusClient(uri, token=token, timeout=timeout, grpc_options=options)


def drop_collections(backend: Backend, *, prefix: str) -> None:
    """Drop the collections called `prefix` or `prefix_…`, with their aliases."""
    client = bare_client(backend.uri, backend.token, timeout=10)
    try:
        for collection in client.list_collections(timeout=10):
            if re.match(rf"{prefix}(_|$)", collection):
                # A collection that an alias points to cannot be dropped.
                for alias in client.list_aliases(collection, timeout=10)["aliases"]:
                    client.drop_alias(alias, timeout=10)
                client.drop_collection(collection, timeout=10)
    finally:
        client.close()


@contextmanager
def running_lite_server(directory: Path) -> Iterator[str]:
    """Run `milvus-lite server` on a free port, with all it writes in the directory given."""
    port = _free_port()
    # Its default is to listen on every address, without authentication: never leave --host out.
    command = [_milvus_lite_command(), "server", "--host", LOOPBACK, "--port", str(port)]
    command += ["--data-dir", str(directory / "data")]
    log = directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for_lite_server(process, port, log)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        _terminate(process)


def _milvus_lite_command() -> str:
    beside = Path(sys.executable).with_name("milvus-lite")
    found = str(beside) if beside.exists() else shutil.which("milvus-lite")
    assert found, "the command milvus-lite is missing: install the package milvus-lite"
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for_lite_server(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            pytest.fail(f"milvus-lite server ended with {process.returncode}:\n{log.read_text()}")
        with socket.socket() as client:
            client.settimeout(1)
            return client.connect_ex((LOOPBACK, port)) == 0

    if not _becomes_true(answers, seconds=30):
        pytest.fail(f"milvus-lite server does not answer on port {port}:\n{log.read_text()}")


def _terminate(process: subprocess.Popen[bytes]) -> None:
    """End the process, by force if it must be, and make sure that it is gone."""
    for end in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        process.send_signal(end)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    assert process.poll() is not None, f"process {process.pid} is still there after SIGKILL"


def _becomes_true(question: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.1)
    return False
