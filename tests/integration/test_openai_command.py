"""Reviews embedded by a server, from the plan to the answer, on a server too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from milvus_servers import Backend
from openai_server import EmbeddingServer, failing
from reviewlens import Corpus
from reviewlens.cli.main import run

KEY = "sk-proj-4f9a7secret"
MODEL = "openai:text-embedding-3-small"
REVIEWS = """id,text,stars,date
1,The kettle leaks from the bottom after a week.,1,2024-01-05
2,Crunchy crackers with plenty of salt.,5,2024-02-05
3,It arrived broken in a crushed box.,2,2024-03-05
4,It arrived broken in a crushed box.,1,2024-03-06
"""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    with EmbeddingServer(key=KEY) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


@pytest.fixture
def command(
    backend: Backend,
    collection_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REVIEWLENS_URI", backend.uri)
    monkeypatch.setenv("REVIEWLENS_COLLECTION", collection_name)
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    (tmp_path / "reviews.csv").write_text(REVIEWS, encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        out, err = capsys.readouterr()
        assert KEY not in out + err
        return status, out, err

    return call


@pytest.mark.backends("lite", "container-auth")
def test_from_the_plan_to_the_answer(server: EmbeddingServer, command: Command) -> None:
    status, out, _ = command("ingest", "reviews.csv", "--encoder", MODEL, "--dry-run", "-f", "json")
    plan = json.loads(out)
    assert (status, server.paths) == (0, [])
    assert plan["cost"] == round(plan["tokens_embedded"] * 0.02 / 1e6, 6)
    assert 30 < plan["tokens_embedded"] < 50
    assert any("cost $0.02 a million tokens in November 2026" in note for note in plan["notes"])

    status, out, err = command("ingest", "reviews.csv", "--encoder", MODEL, "-f", "json")
    report = json.loads(out)
    assert (status, report["indexed"], report["encoded"], report["encoder"]) == (0, 4, 3, MODEL)
    assert report["tokens"] == plan["tokens_embedded"]
    assert err.count(f"Texts of reviews and queries are sent to {server.url}") == 1

    status, out, err = command("search", "the kettle leaks", "-n", "1", "-f", "json")
    found = json.loads(out)
    assert (status, found["matches"][0]["review_id"]) == (0, "1")
    assert "sent to" in err
    assert server.requests[-1]["input"] == ["the kettle leaks"]

    sent = len(server.requests)
    status, out, err = command("ingest", "reviews.csv", "-f", "json", "--encoder", MODEL)
    assert (status, json.loads(out)["unchanged"], len(server.requests)) == (0, 4, sent)
    assert "sent to" not in err


def test_a_plan_is_readable_and_says_what_is_not_known(
    server: EmbeddingServer, command: Command
) -> None:
    _, out, _ = command("ingest", "reviews.csv", "--encoder", MODEL, "--dry-run")
    assert "tokens, $0.0000 at most" in out
    assert all(len(line) <= 80 for line in out.splitlines())
    _, out, err = command("ingest", "reviews.csv", "--encoder", "openai:bag", "--dry-run")
    assert "tokens\n" in out
    assert "$" not in out
    assert "What openai:bag costs is not known here" in err
    assert server.requests == []


def test_a_run_that_the_server_stopped_is_completed(
    server: EmbeddingServer, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.time.sleep", lambda _: None)
    server.faults += [failing(500, "out of memory")] * 5
    status, out, err = command("ingest", "reviews.csv", "--encoder", MODEL)
    assert (status, out) == (1, "")
    assert err.splitlines()[-1].startswith(f"reviewlens: {server.url} failed 5 times (500: out of")
    status, out, _ = command("ingest", "reviews.csv", "--encoder", MODEL, "-f", "json")
    assert (status, json.loads(out)["indexed"]) == (0, 4)


def test_doctor_checks_the_key(
    server: EmbeddingServer, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encoder_check() -> dict[str, str]:
        _, out, _ = command("--encoder", "openai:bag", "doctor", "-f", "json")
        return next(each for each in json.loads(out)["checks"] if each["name"] == "Encoder")

    found = encoder_check()
    assert found["state"] == "ok"
    assert found["found"].endswith(f"{server.url}, key accepted")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-one")
    found = encoder_check()
    assert (found["state"], found["cure"]) == ("trouble", "")
    assert "does not accept the key in OPENAI_API_KEY (401)" in found["found"]
    monkeypatch.delenv("OPENAI_API_KEY")
    assert "wants a key (401); set the environment variable" in encoder_check()["found"]


def test_another_model_is_refused_and_named(
    server: EmbeddingServer, command: Command, backend: Backend, collection_name: str
) -> None:
    assert command("ingest", "reviews.csv", "--encoder", "openai:bag+32d")[0] == 0
    with Corpus.open(backend.uri, collection=collection_name, token=backend.token) as corpus:
        assert corpus.stats().dimension == 32
        assert corpus.search("kettle").matches[0].review_id == "1"
    status, _, err = command("--encoder", "openai:bag", "search", "kettle")
    assert status == 1
    assert "use --encoder openai:bag+32d" in err
