#!/usr/bin/env python3
"""Build a Docker image of a real Milvus server without pulling any image.

The PyPI package `milvus` (2.3.5, the last one published) carries the standalone server for Linux
on x86-64: the Go binary, its shared libraries and nothing of an operating system. This script
unpacks it, adds from this machine the few files of the C library that the server expects to find,
and builds an image from scratch. It needs pip, a package index and a Docker engine; standard
library only, so that it runs before the project is installed.

    python3 tests/integration/milvus_image/build.py [--cache DIRECTORY] [--force]

The name of the image is the last line of what it prints.
"""

from __future__ import annotations

import argparse
import lzma
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.3.5"
IMAGE = f"reviewlens-milvus:{VERSION}"
HERE = Path(__file__).resolve().parent
BINARIES = "milvus/data/bin/"

LOADER = "ld-linux-x86-64.so.2"

# The C library is the one part that the wheel leaves out: it counts on the machine it is
# installed on. Loader and library are two halves of one build and must come from the same
# machine. libresolv belongs to them too: the wheel does carry one, but it is of an older C
# library, asks this one for private symbols it no longer has, and the server does not start.
HOST_LIBRARIES = (
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libresolv.so.2",
    # Loaded by name at run time when a host name is looked up, so `ldd` does not show them;
    # without them the server cannot resolve `localhost`.
    "libnss_files.so.2",
    "libnss_dns.so.2",
)
HOST_DIRECTORIES = (
    Path("/lib/x86_64-linux-gnu"),  # Debian and its family
    Path("/lib64"),  # Fedora and its family
    Path("/usr/lib64"),
    Path("/usr/lib"),  # Arch
)


class BuildError(Exception):
    """The image cannot be built; the message says why and what to do."""


def main() -> int:
    """Build the image unless it is there, and print its name."""
    arguments = _arguments()
    try:
        if arguments.force or not _image_exists():
            _check_platform()
            _build(arguments.cache)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    print(IMAGE)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"Build the image {IMAGE}.")
    parser.add_argument(
        "--cache",
        type=Path,
        default=_default_cache(),
        help="where the downloaded wheel is kept (default: %(default)s)",
    )
    parser.add_argument("--force", action="store_true", help="build even if the image is there")
    return parser.parse_args()


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "reviewlens" / "milvus-image"


def _image_exists() -> bool:
    try:
        found = subprocess.run(
            ["docker", "image", "inspect", IMAGE], capture_output=True, check=False, timeout=60
        )
    except FileNotFoundError:
        raise BuildError("no `docker` command: install Docker, or Debian's docker.io") from None
    return found.returncode == 0


def _check_platform() -> None:
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        raise BuildError(
            f"the server in the wheel is for Linux on x86_64, this is {system} on {machine}. "
            "Set REVIEWLENS_TEST_MILVUS_IMAGE to an image that can be pulled here instead."
        )


def _build(cache: Path) -> None:
    wheel = _download(cache)
    with tempfile.TemporaryDirectory(prefix="reviewlens-milvus-") as context:
        _assemble(wheel, Path(context))
        _run(["docker", "build", "--quiet", "--tag", IMAGE, context], "docker build")


def _download(cache: Path) -> Path:
    """Return the wheel, from the cache when an earlier run left it there whole."""
    cache.mkdir(parents=True, exist_ok=True)
    kept = _wheel_in(cache)
    if kept is not None:
        return kept
    # pip writes into a directory of its own and the finished file is moved: a run that is
    # interrupted leaves no half of a wheel for the next one to take for a whole.
    with tempfile.TemporaryDirectory(prefix="download-", dir=cache) as directory:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:"]
        command += ["--dest", directory, f"milvus=={VERSION}"]
        _run(command, "pip download")
        fresh = _wheel_in(Path(directory))
        if fresh is None:
            raise BuildError(f"pip downloaded no wheel of milvus {VERSION}")
        return fresh.replace(cache / fresh.name)


def _wheel_in(directory: Path) -> Path | None:
    return next(iter(sorted(directory.glob(f"milvus-{VERSION}-*.whl"))), None)


def _assemble(wheel: Path, context: Path) -> None:
    """Lay out the build context: the Dockerfile, and under root/ what becomes the image."""
    shutil.copy(HERE / "Dockerfile", context)
    root = context / "root"
    for directory in ("milvus/bin", "milvus/lib", "milvus/configs", "lib64", "etc"):
        (root / directory).mkdir(parents=True)
    # The server writes here; an image from scratch does not even have /tmp. Docker's COPY keeps
    # empty directories.
    for directory in ("tmp", "var/lib/milvus/etcd"):
        (root / directory).mkdir(parents=True)
    _unpack_server(wheel, root / "milvus")
    _copy_host_files(root)
    for name in ("milvus.yaml", "glog.conf"):
        shutil.copy(HERE / name, root / "milvus/configs")
    # Look in /etc/hosts, then ask the name server. Docker writes both files, not this order.
    (root / "etc/nsswitch.conf").write_text("hosts: files dns\n")


def _unpack_server(wheel: Path, target: Path) -> None:
    """Unpack the binary into bin/ and its libraries into lib/; both are lzma files in a zip."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if not (member.startswith(BINARIES) and member.endswith(".lzma")):
                continue
            name = Path(member).stem
            if name in HOST_LIBRARIES:
                continue
            path = target / ("bin" if name == "milvus" else "lib") / name
            with archive.open(member) as packed, lzma.open(packed) as plain, path.open("wb") as out:
                shutil.copyfileobj(plain, out)
            path.chmod(0o755)
    if not (target / "bin/milvus").exists():
        raise BuildError(f"{wheel.name} has no {BINARIES}milvus.lzma: not the wheel expected")


def _copy_host_files(root: Path) -> None:
    # The binary names its loader by this absolute path, on every distribution.
    shutil.copy(f"/lib64/{LOADER}", root / "lib64")
    libraries = root / "lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    for name in HOST_LIBRARIES:
        # `copy` follows links: the file arrives under the name that programs ask for.
        shutil.copy(_find_on_host(name), libraries / name)


def _find_on_host(name: str) -> Path:
    for directory in HOST_DIRECTORIES:
        if (directory / name).exists():
            return directory / name
    raise BuildError(f"{name} is in none of {', '.join(map(str, HOST_DIRECTORIES))}")


def _run(command: list[str], what: str) -> None:
    """Run a command with its output on stderr, so that stdout is the image's name alone."""
    done = subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise BuildError(f"{what} failed with exit code {done.returncode}; its output is above")


if __name__ == "__main__":
    sys.exit(main())
