"""A model with one more layer, which shortens its vectors: written as a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.encoders.model_card import card_languages
from reviewlens.encoders.model_encoder import ModelEncoder
from reviewlens.errors import EncoderError, InputError
from reviewlens.files.trouble import cure_of, reason_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.encoders.model_folder import ModelFolder
    from reviewlens.encoders.protocol import Encoder

_LEFT_OUT = (".*", "README.md", "onnx", "openvino", "*.onnx", "*.h5", "*.msgpack", "*.ot")


def extensible_folder(encoder: Encoder) -> ModelFolder:
    """Return the folder of a model behind which a layer can be put.

    Raises:
        EncoderError: The encoder has no such folder.
    """
    if not isinstance(encoder, ModelEncoder):
        raise EncoderError(
            f"A layer learnt by PCA is written into the folder of a sentence-transformers model, "
            f"and {encoder.name} has none; --dimensions of ingest keeps the first numbers of any "
            "encoder's vectors."
        )
    if encoder.precision != "fp32":
        raise EncoderError(
            f"{encoder.name} is rounded, and a layer is learnt from exact vectors: leave int8 out "
            "here; the folder that is written can be given to --precision int8."
        )
    if encoder.folder.truncated:
        raise EncoderError(
            f"The model {encoder.name} says itself that its vectors are cut off (truncate_dim in "
            "config_sentence_transformers.json), and no layer can follow that; choose another."
        )
    return encoder.folder


def check_target(folder: Path) -> None:
    """Refuse a place where something is already, or where no folder can be made.

    Raises:
        InputError: The folder holds something, is a file, or cannot be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already; give --output a folder that is not.")
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise InputError(
            f"the model cannot be written to {folder}: in {above} no folder can be made; give "
            "--output another"
        )


def write_reduced(model: ModelFolder, folder: Path, *, components: NDArray[np.float64]) -> None:
    """Write the model followed by a layer that turns x into components · x.

    The vectors are scaled to unit length behind the layer, which has no bias, so that their
    length before it is no matter. A killed run leaves no folder of that name.

    Args:
        model: What comes first; its files are copied.
        folder: Not there, or empty.
        components: Shape (dimensions, model's dimension).

    Raises:
        InputError: The folder cannot be written.
    """
    check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            shutil.copytree(
                model.path,
                building,
                ignore=shutil.ignore_patterns(*_LEFT_OUT),
                dirs_exist_ok=True,
            )
            _write_card(building, card_languages(model.path))
            _add_layer(building, components)
            building.chmod(0o755)  # mkdtemp's are for their owner alone
            if folder.exists():
                folder.rmdir()
            building.rename(folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except shutil.Error as error:  # of each file that could not be copied
        raise InputError(
            f"the model cannot be written to {folder}: {error.args[0][0][2]}; make room there, or "
            "give --output another"
        ) from error
    except OSError as error:
        raise InputError(
            f"the model cannot be written to {folder}: {reason_of(error, str(folder.parent))}; "
            f"{cure_of(error)}"
        ) from error


def _write_card(folder: Path, languages: frozenset[str]) -> None:
    """Say which languages are read; the rest of the model's own card is not true of this one."""
    codes = "".join(f"- '{code}'\n" for code in sorted(languages))
    if codes:
        (folder / "README.md").write_text(f"---\nlanguage:\n{codes}---\n", encoding="utf-8")


def _add_layer(folder: Path, components: NDArray[np.float64]) -> None:
    import numpy as np
    from safetensors.numpy import save

    path = folder / "modules.json"
    modules = json.loads(path.read_bytes())
    for kind in ("Dense", "Normalize"):
        place = len(modules)
        own = f"{place}_{kind}"
        (folder / own).mkdir()
        type_ = f"sentence_transformers.models.{kind}"
        modules.append({"idx": place, "name": str(place), "path": own, "type": type_})
        if kind == "Dense":
            _write_dense(folder / own, components.shape)
            weights = {"linear.weight": np.ascontiguousarray(components, dtype=np.float32)}
            content = save(weights, metadata={"format": "pt"})
            (folder / own / "model.safetensors").write_bytes(content)
    path.write_text(json.dumps(modules, indent=2), encoding="utf-8")


def _write_dense(folder: Path, shape: tuple[int, ...]) -> None:
    config = {
        "in_features": shape[1],
        "out_features": shape[0],
        "bias": False,
        "activation_function": "torch.nn.modules.linear.Identity",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
