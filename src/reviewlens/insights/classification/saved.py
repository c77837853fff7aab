"""A learnt model in a file: arrays and JSON, nothing that runs when it is read."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reviewlens.errors import EncoderMismatch, InputError
from reviewlens.files.outputs import written
from reviewlens.ground.estimates import Estimate
from reviewlens.insights.classification.models import STARS, LinearModel, Model
from reviewlens.insights.classification.results import Candidate, ClassFigures, Figures

_FORMAT = "reviewlens classification 1"
_MOST_BYTES = 500_000_000
_ARRAYS = ("weights", "intercepts", "calibration")


@dataclass(frozen=True, slots=True, eq=False)
class SavedModel:
    """A model with what it is bound to.

    Attributes:
        model: What predicts.
        method: How it was learnt.
        figures: How good it was on the reviews it was learnt from, out of fold.
        encoder: Name of the encoder whose vectors it reads.
        fingerprint: That encoder's identity, which decides.
    """

    model: LinearModel
    method: str
    figures: Figures
    encoder: str
    fingerprint: str

    def require(self, encoder: str, fingerprint: str) -> None:
        """Refuse the vectors of another encoder.

        Raises:
            EncoderMismatch: The fingerprints differ.
        """
        if self.fingerprint != fingerprint:
            raise EncoderMismatch(
                f"the model was learnt on vectors of {self.encoder} ({self.fingerprint[:12]}), "
                f"and the collection holds those of {encoder} ({fingerprint[:12]}): learn it "
                "again on this collection"
            )


def save_model(
    file: str | Path, model: Model, method: str, figures: Figures, *, encoder: str, fingerprint: str
) -> None:
    """Write a linear model as an .npz of arrays, its description as JSON among them.

    The same model gives the same bytes. There is no pickle in it: a file from a stranger can be
    wrong, but not harmful.

    Args:
        file: Where to; its ending is left as it is.
        model: What was learnt.
        method: How.
        figures: How good it is.
        encoder: Name of the encoder whose vectors it reads.
        fingerprint: That encoder's identity.

    Raises:
        InputError: The model is a forest, or the file cannot be written.
    """
    import numpy as np

    if not isinstance(model, LinearModel):
        raise InputError(
            f"the {method} cannot be saved as plain arrays; choose a linear method, such as "
            "--method logistic"
        )
    description = {
        "format": _FORMAT,
        "task": model.task,
        "labels": model.labels,
        "threshold": model.threshold,
        "method": method,
        "encoder": encoder,
        "fingerprint": fingerprint,
        "figures": asdict(figures),
    }
    text = json.dumps(description, ensure_ascii=False, sort_keys=True).encode()
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        description=np.frombuffer(text, dtype=np.uint8),
        weights=model.weights,
        intercepts=model.intercepts,
        calibration=model.calibration,
    )
    with written(Path(file).expanduser(), called="the model") as stream:
        stream.write(buffer.getvalue())


def load_model(file: str | Path) -> SavedModel:
    """Read what `save_model` wrote.

    Raises:
        InputError: The file cannot be read, or is not such a model.
    """
    path = Path(file).expanduser()
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _MOST_BYTES:
            raise _broken(file, f"it would take {size:,} bytes")
        return _read(path)
    except OSError as error:
        raise InputError(
            f"the model {file} cannot be read: {error.strerror or error}; wanted a file written "
            "by classify --save"
        ) from error
    except zipfile.BadZipFile as error:
        raise _broken(file, "it is no .npz archive") from error
    except (KeyError, TypeError, ValueError, EOFError, AttributeError) as error:
        raise _broken(file, str(error).splitlines()[0][:200] or type(error).__name__) from error


def _broken(file: str | Path, why: str) -> InputError:
    return InputError(
        f"the model {file} cannot be used: {why}; wanted a file written by classify --save"
    )


def _read(path: Path) -> SavedModel:
    """Read the file; whatever is wrong with its content is a ValueError or the like."""
    import numpy as np

    with np.load(path, allow_pickle=False) as found:
        told = json.loads(found["description"].astype(np.uint8).tobytes())
        if told["format"] != _FORMAT:
            raise ValueError(f"its format is {told['format']!r}, not {_FORMAT!r}")
        weights, intercepts, calibration = (found[name].astype(np.float64) for name in _ARRAYS)
    labels = tuple(str(label) for label in told["labels"])
    model = LinearModel(
        told["task"], labels, weights, intercepts, calibration, float(told["threshold"])
    )
    shapes = {
        "classes": ((len(labels),), (1,)),
        "several": ((len(labels),), (len(labels), 2)),
        "stars": ((1,), (5,)),
    }
    wanted = shapes.get(model.task)
    if wanted is None or (model.task == "stars" and labels != STARS):
        raise ValueError(f"its task {model.task!r} or its labels are not known")
    if weights.ndim != 2 or (intercepts.shape, calibration.shape) != wanted:
        raise ValueError("its arrays do not fit its labels")
    if len(weights) != len(intercepts):
        raise ValueError("its arrays do not fit each other")
    if not all(np.isfinite(one).all() for one in (weights, intercepts, calibration)):
        raise ValueError("its numbers are not all finite")
    return SavedModel(
        model,
        str(told["method"]),
        _figures(told["figures"]),
        str(told["encoder"]),
        str(told["fingerprint"]),
    )


def _figures(told: dict[str, Any]) -> Figures:
    estimates = ("accuracy", "macro_f1", "mean_absolute_error")
    return Figures(
        **{
            **told,
            **{name: Estimate(**told[name]) if told[name] else None for name in estimates},
            "labels": tuple(told["labels"]),
            "confusion": tuple(tuple(row) for row in told["confusion"]),
            "classes": tuple(ClassFigures(**one) for one in told["classes"]),
            "candidates": tuple(Candidate(**one) for one in told["candidates"]),
        }
    )
