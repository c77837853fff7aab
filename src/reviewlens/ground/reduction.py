"""What is lost with fewer dimensions: by keeping the first numbers, and by PCA.

The components are those about the origin (of the second moments, not of the covariances): to take
the mean off first would change every cosine, which loses far more than the components left out.

The loss is measured as recall: of the ten texts nearest to a text by whole vectors, how many are
among the ten nearest by shorter ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from reviewlens.document import Document, Table, Text
from reviewlens.encoders import Encoder, embed_documents
from reviewlens.encoders.reduced import ReducedEncoder, truncated
from reviewlens.encoders.reduced_folder import check_target, extensible_folder, write_reduced
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.estimates import Estimate, mean
from reviewlens.ground.phrases import interval
from reviewlens.questions import Face, Ge
from reviewlens.reading.given import listed
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews
from reviewlens.results import OnProgress, Tabular
from reviewlens.session import Lease
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEIGHBORS = 10
SAMPLE_TEXTS = 4_000
_LEAST_TEXTS = 5 * NEIGHBORS
"""Of which neighbours are compared: among fewer, nearly every text is a neighbour."""
_MOST_QUERIES = 2_000
_CHUNK = 256
_SAME = 1e-6  # of a cosine: what rounding makes of equal ones


@dataclass(frozen=True, slots=True)
class ReducedDimensions:
    """Fewer dimensions, and how much of a search they keep.

    Attributes:
        method: `first`, the first numbers of each vector (`--dimensions` of ingest), or `pca`.
        dimensions: Numbers in a vector.
        recall: Of the ten nearest texts by whole vectors, the share that is found again, with
            the 95 % interval over texts.
        held: With `pca`, the share of the vectors' squared length that the components hold;
            else None.
    """

    method: str
    dimensions: int
    recall: Estimate
    held: float | None


@dataclass(frozen=True, slots=True, repr=False)
class Reduction(Tabular):
    """What `reduce` measured and wrote.

    Attributes:
        encoder: The encoder whose vectors are shortened.
        dimension: Numbers in its vectors.
        learnt_from: Texts that PCA was fitted on.
        held_out: Other texts, on which the loss was measured, among each other.
        neighbors: How many nearest texts were compared.
        rows: For each method and number of dimensions what is kept, most dimensions first.
        folder: Where the model with the layer is, None when none was written.
    """

    encoder: str
    dimension: int
    learnt_from: int
    held_out: int
    neighbors: int
    rows: tuple[ReducedDimensions, ...]
    folder: str | None

    def _rows(self) -> Sequence[ReducedDimensions]:
        return self.rows

    def document(self, *, details: bool = False) -> Document:
        """Return what each number of dimensions keeps; see `Tabular.document`."""
        rows = tuple(
            (_METHODS[row.method], f"{row.dimensions}", interval(row.recall)) for row in self.rows
        )
        told = (
            f"Of the ten texts nearest to each of {self.held_out:,} by all {self.dimension} "
            f"dimensions of {self.encoder}, the share that is found with fewer, with the 95 % "
            f"interval; PCA was learnt from {self.learnt_from:,} other texts."
        )
        use = f"The model is in {self.folder}; use it with --encoder {self.folder}"
        return (
            Table(("kept", "dimensions", f"recall@{self.neighbors}"), rows),
            Text(told),
            *((Text(use),) if self.folder is not None else ()),
        )


_METHODS = {"first": "first numbers", "pca": "PCA"}


def reduce_dimensions(
    texts: Sequence[str],
    encoder: Encoder,
    dimensions: Sequence[int],
    *,
    vectors: NDArray[np.float32] | None = None,
    output: Path | None = None,
    sample: int = SAMPLE_TEXTS,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Reduction:
    """Measure what fewer dimensions lose, and write the model with a layer learnt by PCA.

    Half of the texts are for learning, the other half for measuring.

    Args:
        texts: As they are embedded; one that comes again counts once.
        encoder: Whose vectors are shortened.
        dimensions: How many numbers to keep, each 1 or more and fewer than the encoder has.
        vectors: Those of the texts, where they are known; else they are encoded.
        output: A folder to write the model to; `dimensions` is then a single one.
        sample: Texts that are used at most.
        seed: For which ones.
        on_progress: Told of the stage `encoding`.

    Raises:
        EncoderError: The encoder has no folder to write from.
        InputError: It has no more dimensions, or is a shortened one; there are several dimensions
            to write, or something is in the folder.
        TooFewReviews: The texts are too few to learn from, or to measure on.
    """
    wanted = sorted(set(dimensions), reverse=True)
    _check(encoder, wanted)
    if output is not None:
        model = extensible_folder(encoder)
        check_target(output)
        if len(wanted) > 1:
            raise InputError(f"{len(wanted)} numbers of dimensions are given; one can be written")
    chosen = _sampled(texts, sample, seed)
    half = len(chosen) // 2
    _check_enough(len(chosen), wanted[0])
    whole = _encoded(encoder, [texts[row] for row in chosen], vectors, chosen, on_progress)
    fitted, held_out = whole[:half], whole[half:][:_MOST_QUERIES]
    components, held = _principal(fitted, wanted[0])
    rows = []
    for number in wanted:
        first = recall(held_out, truncated(held_out, number))
        principal = recall(held_out, _projected(held_out, components[:number]))
        rows += [
            ReducedDimensions("first", number, first, None),
            ReducedDimensions("pca", number, principal, round(float(held[number - 1]), 4)),
        ]
    if output is not None:
        write_reduced(model, output, components=components)
    return Reduction(
        encoder=encoder.name,
        dimension=encoder.dimension,
        learnt_from=half,
        held_out=len(held_out),
        neighbors=NEIGHBORS,
        rows=tuple(rows),
        folder=None if output is None else str(output),
    )


def recall(
    whole: NDArray[np.float32], shorter: NDArray[np.float32], k: int = NEIGHBORS
) -> Estimate:
    """Return how many of the `k` nearest by whole vectors are among the `k` nearest by others.

    A text at the same cosine as the k-th nearest counts as one of them.

    Args:
        whole: Unit vectors of different texts, shape (n, dimension), n above `k`.
        shorter: Other unit vectors of the same texts, in the same order.
        k: Neighbours of each text, itself left out.
    """
    import numpy as np

    shares = []
    for start in range(0, len(whole), _CHUNK):
        places = np.arange(start, min(start + _CHUNK, len(whole)))
        exact, rough = whole[places] @ whole.T, shorter[places] @ shorter.T
        for similarities in (exact, rough):
            similarities[np.arange(len(places)), places] = -np.inf
        least = -np.partition(-exact, k - 1, axis=1)[:, k - 1, None]
        found = np.argsort(-rough, axis=1, kind="stable")[:, :k]
        shares += (np.take_along_axis(exact, found, axis=1) >= least - _SAME).mean(axis=1).tolist()
    return mean(shares, low=0.0, high=1.0)


def sampled_passages(
    store: ReviewStore, most: int, seed: int
) -> tuple[list[str], NDArray[np.float32]]:
    """Return texts of stored passages, drawn at random, and their vectors, (texts, dimension)."""
    import numpy as np

    keys = store.passage_ids(Filters())
    drawn = np.random.default_rng(seed).permutation(len(keys))[:most]
    texts, vectors = [], []
    for page in store.pages([keys[place] for place in sorted(drawn)], ("text", "vector")):
        for row in page:
            if row.text.strip() and row.vector is not None:
                texts.append(row.text)
                vectors.append(row.vector)
    return texts, np.array(vectors, dtype=np.float32)


def loss_note(encoder: Encoder) -> tuple[str, ...]:
    """Return what a shortened encoder lost on the texts it has just embedded; else nothing."""
    if not isinstance(encoder, ReducedEncoder):
        return ()
    whole = encoder.sample()
    if len(whole) < _LEAST_TEXTS:
        return ()
    kept = recall(whole, encoder.shortened(whole))
    return (
        f"With {encoder.dimension} of {whole.shape[1]} dimensions, {kept.value:.1%} of the "
        f"{NEIGHBORS} nearest texts stay the same (95 % interval {kept.low:.1%} to "
        f"{kept.high:.1%}, {len(whole):,} texts compared with each other).",
    )


def _check(encoder: Encoder, wanted: Sequence[int]) -> None:
    if isinstance(encoder, ReducedEncoder):
        raise InputError(
            f"{encoder.name} is shortened already; give the whole one: "
            f"--encoder {encoder.whole.name}"
        )
    if not wanted or not 1 <= wanted[-1] <= wanted[0] < encoder.dimension:
        raise InputError(
            f"{encoder.name} has {encoder.dimension} dimensions; wanted fewer, 1 to "
            f"{encoder.dimension - 1}, and found {', '.join(map(str, wanted)) or 'none'}."
        )


def _sampled(texts: Sequence[str], most: int, seed: int) -> list[int]:
    """Return where each of some different texts is, in random order."""
    import numpy as np

    places = list({text: place for place, text in reversed(list(enumerate(texts)))}.values())
    order = np.random.default_rng(seed).permutation(len(places))[:most]
    return [sorted(places)[place] for place in order]


def _check_enough(texts: int, dimensions: int) -> None:
    least = 2 * max(_LEAST_TEXTS, dimensions + 1)
    if texts < least:
        raise TooFewReviews(
            f"there are {texts:,} different texts, and {least:,} are wanted: half of them to learn "
            f"{dimensions} dimensions from, half to measure on; give more texts, or fewer "
            "dimensions"
        )


def _encoded(
    encoder: Encoder,
    texts: Sequence[str],
    vectors: NDArray[np.float32] | None,
    chosen: Sequence[int],
    on_progress: OnProgress | None,
) -> NDArray[np.float32]:
    import numpy as np

    if vectors is not None:
        return vectors[list(chosen)]
    parts = []
    for start in range(0, len(texts), _CHUNK):
        parts.append(embed_documents(encoder, texts[start : start + _CHUNK]))
        if on_progress is not None:
            on_progress("encoding", min(start + _CHUNK, len(texts)), len(texts))
    return np.concatenate(parts)


def _principal(
    vectors: NDArray[np.float32], dimensions: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return components (dimensions, width) and the share of squared length that so many hold."""
    import numpy as np
    from sklearn.decomposition import TruncatedSVD

    exact = vectors.astype(np.float64)
    # The seed is that of the iteration's start; scikit-learn settles the signs.
    learnt = TruncatedSVD(dimensions, algorithm="arpack", random_state=0).fit(exact)
    return learnt.components_, np.cumsum(learnt.singular_values_**2) / np.sum(exact**2)


def _projected(
    vectors: NDArray[np.float32], components: NDArray[np.float64]
) -> NDArray[np.float32]:
    import numpy as np

    projected = vectors @ components.T
    lengths = np.linalg.norm(projected, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (projected / lengths).astype(np.float32)
    return unit


def reduce(
    lease: Lease,
    paths: Annotated[str | Path | Sequence[str | Path], Face(flag="[FILE]...", local=True)] = (),
    *,
    dimensions: Annotated[int | Sequence[int], Ge(1), Face(metavar="N")],
    output: Annotated[
        str | Path | None, Face(flag="-o/--output", metavar="FOLDER", local=True)
    ] = None,
    sample: Annotated[int, Ge(100)] = SAMPLE_TEXTS,
    seed: Annotated[int, Ge(0)] = 0,
    columns: Mapping[str, str] | None = None,
    text_template: Annotated[str | None, Face(metavar="TEXT", local=True)] = None,
    on_progress: OnProgress | None = None,
) -> Reduction:
    """Measure what a search loses with shorter vectors, and write a model that makes them.

    Half of the texts are for learning (PCA), the other half for measuring, on which the ten
    nearest by whole and by shorter vectors are compared.

    Args:
        paths: Review files, as for `ingest`; none for the reviews of this collection, whose
            vectors are then taken as they are stored.
        dimensions: How many numbers of a vector to keep, fewer than the encoder has; several
            to compare them.
        output: A folder for the model with a layer learnt by PCA, which `encoder` takes
            afterwards; without it to measure alone.
        sample: Different texts that are used at most, 100 or more.
        seed: For which ones.
        columns: Header for a role, as for `ingest`, where its name does not tell.
        text_template: What is embedded of a row, as for `ingest`.
        on_progress: Told of the stages `reading` and `encoding`.

    Raises:
        EncoderError: The encoder has no folder to add a layer to.
        InputError: The encoder has no more dimensions, a file cannot be used, or the folder
            cannot be written.
        TooFewReviews: There are too few different texts.
    """
    if output is not None:
        check_target(Path(output).expanduser())
    given, _ = listed(paths)
    vectors = None
    if given:
        options = ReadOptions(columns=dict(columns or {}), text_template=text_template)
        with survey_reviews(given, options, on_progress=on_progress) as survey:
            read = [review for chunk in read_reviews(survey) for review in chunk.reviews]
        texts = [review.embedded for review in read if review.embedded.strip()]
        encoder = lease.session.encoder_for(None)
    else:
        store = lease.store
        encoder = lease.session.encoder_for(
            store if lease.session.encoders.wanted is None else None
        )
        texts, stored = sampled_passages(store, sample, seed)
        if encoder.fingerprint == store.pin.fingerprint:
            vectors = stored
    return reduce_dimensions(
        texts,
        encoder,
        [dimensions] if isinstance(dimensions, int) else dimensions,
        vectors=vectors,
        output=None if output is None else Path(output).expanduser(),
        sample=sample,
        seed=seed,
        on_progress=on_progress,
    )
