"""Builds the wheel, installs it where there is no clone, and uses it as a stranger would.

    python3 .ci/try_wheel.py

It looks that the wheel has what is in `src` and nothing else, installs it with the
extra `server` into an empty environment, and there, in an empty directory, runs `--help`, `ingest`
of a small CSV, `search`, and `serve`, which must answer and end when told to. All of it is in a
directory for temporary files that is removed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS = 120
REVIEWS = """id,text,stars,date
1,The lid broke on the first day,1,2026-01-02
2,Boils water in two minutes,5,2026-01-03
3,Arrived in a crushed box,2,2026-01-04
4,The battery is empty after an hour,1,2026-01-05
5,Support answered within a day,5,2026-01-06
"""
# What stands nowhere in Python's imports, so that a wheel without it would install all the same.
DATA = ("py.typed", "report/page.html.jinja", "search/relevance/probes.tsv", "server/web/search.js")


def say(text: str) -> None:
    """Say how far it is."""
    sys.stdout.write(f"[wheel] {text}\n")
    sys.stdout.flush()


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; stop where it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"[wheel] {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def sources(folder: Path) -> list[str]:
    """Copy what a wheel is made of, without what was built before; return the names below `src`."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, folder / name)
    built = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", folder / "src", ignore=built)
    files = (path for path in (folder / "src").rglob("*") if path.is_file())
    return [path.relative_to(folder / "src").as_posix() for path in files]


def build(folder: Path) -> Path:
    """Build the wheel, and look at what is in it."""
    wanted = {*sources(folder / "clone")}
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir",
        folder / "dist", folder / "clone", cwd=folder)  # fmt: skip
    [wheel] = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    if names != wanted:
        sys.exit(
            f"[wheel] it lacks {sorted(wanted - names)} and has besides {sorted(names - wanted)}"
        )
    if missing := {f"reviewlens/{name}" for name in DATA} - names:
        sys.exit(f"[wheel] it lacks {sorted(missing)}")
    say(f"{wheel.name}: {wheel.stat().st_size / 1000:,.0f} kB, {len(names)} files")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install it with the extra `server`; return the folder of its programs."""
    place = folder / "environment"
    run(sys.executable, "-m", "venv", place, cwd=folder)
    programs = place / "bin"
    # Compiling what is never run would take half of the time.
    run(programs / "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check",
        "-c", ROOT / "constraints.txt", f"{wheel}[server]", cwd=folder)  # fmt: skip
    run(programs / "pip", "check", cwd=folder)
    size = sum(path.lstat().st_size for path in place.rglob("*") if not path.is_dir())
    say(f"installed: {size / 1e6:,.0f} MB, not compiled")
    return programs


def use(programs: Path, place: Path) -> None:
    """Ingest, search and serve in an empty directory, with a home of its own."""
    env = {"PATH": f"{programs}:{os.defpath}", "HOME": str(place / "home"), "HF_HUB_OFFLINE": "1"}
    (place / "home").mkdir(parents=True)
    (place / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    command = programs / "reviewlens"

    def reviewlens(*arguments: str) -> str:
        return run(command, *arguments, cwd=place, env=env)

    wanted(reviewlens("--help"), "ingest")
    wanted(reviewlens("ingest", "reviews.csv", "-f", "json"), '"indexed": 5')
    wanted(reviewlens("search", "came damaged in its package", "-n", "1"), "crushed box")
    serve(command, place, env)


def serve(command: Path, place: Path, env: dict[str, str]) -> None:
    """Start the server, ask it for its health, a page and a search, and end it."""
    with (
        (place / "serve.log").open("w+") as log,
        subprocess.Popen([command, "serve", "--port", "0"], cwd=place, env=env, stderr=log) as one,
    ):
        try:
            address = address_of(one, place / "serve.log")
            wanted(fetch(f"{address}healthz"), "")
            page = fetch(address)
            wanted(page, "<title>")
            for script in re.findall(r'(?:src|href)="/(static/[^"]+)"', page):
                wanted(fetch(address + script), "")
            found = json.loads(fetch(f"{address}api/v1/search?q=crushed+box&n=1"))
            wanted(json.dumps(found), "crushed box")
            one.send_signal(signal.SIGTERM)
            status = one.wait(30)
        finally:
            one.kill()
    if status not in (0, 128 + signal.SIGTERM):
        sys.exit(f"[wheel] serve ended with {status}:\n{(place / 'serve.log').read_text()}")


def address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the server says where it is."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", log.read_text()):
            return found[0]
        time.sleep(0.1)
    sys.exit(f"[wheel] serve does not start:\n{log.read_text()}")


def fetch(address: str) -> str:
    """Return what is at an address."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(address, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def wanted(text: str, part: str) -> None:
    """Stop where a part is not in what came."""
    if part not in text:
        sys.exit(f"[wheel] {part!r} is not in what came:\n{text}")


def main() -> None:
    """Try it, and say how long each step took."""
    with tempfile.TemporaryDirectory(prefix="reviewlens-wheel-") as name:
        folder = Path(name)
        begun = time.monotonic()
        wheel = build(folder)
        built = time.monotonic()
        programs = install(wheel, folder)
        installed = time.monotonic()
        use(programs, folder / "elsewhere")
        used = time.monotonic()
    say(
        f"it works: built in {built - begun:.0f} s, installed in {installed - built:.0f} s, "
        f"used in {used - installed:.0f} s"
    )


if __name__ == "__main__":
    main()
