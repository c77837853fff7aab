"""docker-compose.yml: what it publishes, which version it starts, and that it ships no password."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

COMPOSE_FILE = Path(__file__).parents[1] / "docker-compose.yml"
DOCKERFILE = COMPOSE_FILE.with_name("Dockerfile")

# Before it port 9091 let anybody in without a password (CVE-2026-26190).
OLDEST_SAFE = (2, 6, 10)

PRIVATE_PORTS = {"2379", "9000", "9091"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def milvus(compose: dict[str, Any]) -> dict[str, Any]:
    names = ["milvus", "explorer"]
    assert list(compose["services"]) == names, "another service needs tests of its own"
    return dict(compose["services"]["milvus"])


@pytest.fixture(scope="module")
def explorer(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"]["explorer"])


def test_image_is_one_exact_safe_version(milvus: dict[str, Any]) -> None:
    match = re.fullmatch(r"milvusdb/milvus:v(\d+)\.(\d+)\.(\d+)", milvus["image"])

    assert match, f"{milvus['image']} is not one exact released version"
    assert tuple(int(part) for part in match.groups()) >= OLDEST_SAFE


def test_only_api_port_is_published_and_on_loopback(milvus: dict[str, Any]) -> None:
    assert milvus["ports"] == ["127.0.0.1:19530:19530"]
    assert "network_mode" not in milvus, "the host's network would publish every port"


def test_private_ports_are_named_in_no_binding(compose: dict[str, Any]) -> None:
    bindings = [port for service in compose["services"].values() for port in service["ports"]]

    assert not [port for port in bindings if PRIVATE_PORTS & set(re.split(r"[:/-]", str(port)))]


def test_embedded_etcd_listens_inside_its_container_alone(compose: dict[str, Any]) -> None:
    settings = yaml.safe_load(compose["configs"]["embedded-etcd"]["content"])

    assert settings["listen-client-urls"] == "http://127.0.0.1:2379"
    assert settings["advertise-client-urls"] == "http://127.0.0.1:2379"


def test_server_reads_the_etcd_settings_given(milvus: dict[str, Any]) -> None:
    (mounted,) = milvus["configs"]

    assert mounted["source"] == "embedded-etcd"
    assert mounted["target"] == milvus["environment"]["ETCD_CONFIG_PATH"]


def test_authentication_is_on(milvus: dict[str, Any]) -> None:
    assert milvus["environment"]["COMMON_SECURITY_AUTHORIZATIONENABLED"] == "true"


def test_password_is_required_and_has_no_default(milvus: dict[str, Any]) -> None:
    password = milvus["environment"]["COMMON_SECURITY_DEFAULTROOTPASSWORD"]

    # `:?` refuses an empty value too; `:-` would be a default.
    assert re.fullmatch(r"\$\{REVIEWLENS_MILVUS_PASSWORD:\?[^}]+\}", password)


def test_file_holds_no_other_secret() -> None:
    text = COMPOSE_FILE.read_text(encoding="utf-8")

    # Milvus' own default, and the object store's of its other compose files.
    assert not re.findall(r"root:Milvus\b|minioadmin|PASSWORD: +[^$]", text)


def test_health_is_checked(milvus: dict[str, Any]) -> None:
    assert milvus["healthcheck"]["test"][0] == "CMD"
    assert milvus["healthcheck"]["test"][-1].endswith(":9091/healthz")
    assert milvus["restart"] == "unless-stopped"


def test_data_is_in_named_volumes(compose: dict[str, Any], milvus: dict[str, Any]) -> None:
    sources = dict(volume.split(":")[:2] for volume in milvus["volumes"])

    assert set(sources) == set(compose["volumes"])
    assert sources["milvus-data"] == "/var/lib/milvus"
    assert milvus["environment"]["ETCD_DATA_DIR"].startswith("/var/lib/milvus/")


def test_explorer_starts_only_when_asked_for_and_after_milvus(explorer: dict[str, Any]) -> None:
    assert explorer["profiles"] == ["explorer"]
    assert explorer["depends_on"] == {"milvus": {"condition": "service_healthy"}}
    assert explorer["environment"]["REVIEWLENS_URI"] == "http://milvus:19530"


def test_explorer_is_published_on_loopback_alone_and_has_no_rights(
    explorer: dict[str, Any],
) -> None:
    assert explorer["ports"] == ["127.0.0.1:8765:8765"]
    assert explorer["read_only"] is True
    assert explorer["cap_drop"] == ["ALL"]
    assert explorer["security_opt"] == ["no-new-privileges:true"]


def test_explorers_token_is_a_secret_of_the_users_own(
    compose: dict[str, Any], explorer: dict[str, Any]
) -> None:
    assert explorer["secrets"] == ["access-token"]
    assert compose["secrets"] == {"access-token": {"environment": "REVIEWLENS_ACCESS_TOKEN"}}
    assert "/run/secrets/access-token" in DOCKERFILE.read_text(encoding="utf-8")


def test_image_runs_as_a_user_without_rights_and_tells_its_health() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")

    *_, last = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert last != "root"
    assert "HEALTHCHECK" in text
    assert "/healthz" in text


def test_compose_refuses_to_start_without_password() -> None:
    refused = _compose_config(password=None)

    assert refused.returncode != 0
    assert "REVIEWLENS_MILVUS_PASSWORD" in refused.stderr


def test_compose_accepts_the_file() -> None:
    accepted = _compose_config(password="a-password-of-a-test")

    assert accepted.returncode == 0, accepted.stderr
    environment = json.loads(accepted.stdout)["services"]["milvus"]["environment"]
    assert environment["COMMON_SECURITY_DEFAULTROOTPASSWORD"] == "a-password-of-a-test"


def _compose_config(*, password: str | None) -> subprocess.CompletedProcess[str]:
    """Have Compose itself read the file; no engine is needed for that."""
    if shutil.which("docker") is None or _run(["docker", "compose", "version"]).returncode != 0:
        pytest.skip("the Compose plugin of Docker is not installed")
    environment = {k: v for k, v in os.environ.items() if k != "REVIEWLENS_MILVUS_PASSWORD"}
    if password is not None:
        environment["REVIEWLENS_MILVUS_PASSWORD"] = password
    command = ["docker", "compose", "--file", str(COMPOSE_FILE), "config", "--format", "json"]
    return _run(command, environment)


def _run(
    command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
