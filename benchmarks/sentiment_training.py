"""How the numbers of `text/sentiment.npz` are learnt: two readers, of words and of vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from reviewlens.text.sentiment import DAMPING
from reviewlens.text.standing import FLAGS, PAIRED, STATES, marks

WIDTH = 3
"""How many numbers each stem has."""
OF_WORDS, OF_VECTORS = 24, 64
"""Hidden units of the reader of words, and of that of vectors."""
FEWEST, FEWEST_PAIRED = 2, 8
"""How many statements hold a stem that is learnt, and a pair of them."""
RATE, TABLE_RATE, BATCH = 0.003, 0.05, 128
FORGOTTEN, PAIRS_FORGOTTEN, WITHOUT_WORDS = 0.25, 0.5, 0.2
"""The shares of stems, of pairs, and of statements, whose words are left out while learning."""
SMOOTHED = 0.03


@dataclass(frozen=True)
class Marked:
    """The marks of statements, one behind the other; those of a statement begin at its start."""

    keys: torch.Tensor
    states: torch.Tensor
    starts: torch.Tensor
    flags: torch.Tensor

    def of(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the keys and states of statements, and the place of each among these."""
        counts = self.starts[rows + 1] - self.starts[rows]
        place = torch.repeat_interleave(torch.arange(len(rows)), counts)
        first = torch.cumsum(counts, 0) - counts
        entries = torch.arange(int(counts.sum())) - first[place] + self.starts[rows][place]
        return self.keys[entries], self.states[entries], place


def vocabulary(marked: Sequence[list[tuple[int, int]]]) -> NDArray[np.uint32]:
    """Return the stems that stand in statements enough, sorted."""
    counts: Counter[tuple[int, bool]] = Counter()
    for one in marked:
        counts.update({(key, state == PAIRED) for key, state in one})
    return np.array(
        sorted(
            {key for (key, pair), n in counts.items() if n >= (FEWEST_PAIRED if pair else FEWEST)}
        ),
        dtype=np.uint32,
    )


def mark(texts: Sequence[str], keys: NDArray[np.uint32]) -> Marked:
    """Return the marks of texts that are among the keys, each by its row there."""
    row = {int(key): place for place, key in enumerate(keys)}
    found = [marks(text) for text in texts]
    known = [[(row[key], state) for key, state in told if key in row] for told, _ in found]
    flat = np.array([one for told in known for one in told], dtype=np.int64).reshape(-1, 2)
    return Marked(
        torch.from_numpy(flat[:, 0].copy()),
        torch.from_numpy(flat[:, 1].copy()),
        torch.from_numpy(np.cumsum([0, *(len(told) for told in known)])),
        torch.tensor([flag for _, flag in found], dtype=torch.float32),
    )


_AS_IT_IS = torch.eye(WIDTH)
_TURNED = torch.eye(WIDTH).flip(0)
_BLAMED = torch.tensor([[0.5, 0, 0.5], [0, 0, 0], [0, 0, 0]])
_PRAISED = _BLAMED.flip(0)
_LEANINGS = (_AS_IT_IS, _TURNED, _AS_IT_IS, _BLAMED, _AS_IT_IS, _BLAMED, _PRAISED, _AS_IT_IS)
"""What the numbers of a stem lean to at first, by how it stands: `not bad` to praise."""


class Readers(nn.Module):
    """Both readers; without vectors, that of words alone."""

    def __init__(self, words: int, dimension: int) -> None:
        super().__init__()
        sums = STATES * WIDTH + FLAGS
        self.table = nn.Embedding(words, WIDTH)
        nn.init.normal_(self.table.weight, std=0.02)
        self.words_in, self.words_out = nn.Linear(sums, OF_WORDS), nn.Linear(OF_WORDS, 3)
        self.sums_out = nn.Linear(sums, 3, bias=False)
        with torch.no_grad():
            self.sums_out.weight[:, : STATES * WIDTH] = torch.cat(
                [_LEANINGS[n] for n in range(STATES)], 1
            )
        self.vectors_in = nn.Linear(dimension + sums + 3, OF_VECTORS)
        self.vectors_out = nn.Linear(OF_VECTORS, 3)
        self.vectors_straight = nn.Linear(dimension, 3, bias=False)
        self.dropout, self.dropout_words = nn.Dropout(0.3), nn.Dropout(0.1)

    def sums(self, marked: Marked, rows: torch.Tensor, forget: float) -> torch.Tensor:
        """Return what words tell: sums of numbers apart by how they stand, and flags."""
        keys, states, place = marked.of(rows)
        if forget:
            kept = torch.rand(len(keys)) >= torch.where(states == PAIRED, PAIRS_FORGOTTEN, forget)
            keys, states, place = keys[kept], states[kept], place[kept]
        summed = torch.zeros(len(rows) * STATES, WIDTH)
        summed = summed.index_add(0, place * STATES + states, self.table(keys))
        many = torch.bincount(place, minlength=len(rows)).float()
        summed = summed.reshape(len(rows), -1) / torch.sqrt(many + DAMPING).unsqueeze(1)
        return torch.cat([summed, marked.flags[rows]], dim=1)

    def by_words(self, sums: torch.Tensor) -> torch.Tensor:
        """Return the logits that words give."""
        hidden = torch.tanh(self.words_in(sums))
        return self.words_out(self.dropout_words(hidden)) + self.sums_out(sums)

    def by_both(
        self, sums: torch.Tensor, told: torch.Tensor, vectors: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits that vectors give beside words."""
        scaled = vectors * vectors.shape[1] ** 0.5
        all_in = torch.cat([self.dropout(scaled), sums, told], dim=1)
        hidden = torch.relu(self.vectors_in(all_in))
        straight = self.vectors_straight(scaled)
        return told + straight + self.vectors_out(self.dropout(hidden))


@dataclass(frozen=True)
class Task:
    """What is learnt from: marks, vectors, a share of each side and a weight a statement."""

    marked: Marked
    vectors: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor

    def and_(self, other: Task) -> Task:
        """Return both."""
        own, more = self.marked, other.marked
        marked = Marked(
            torch.cat([own.keys, more.keys]),
            torch.cat([own.states, more.states]),
            torch.cat([own.starts, more.starts[1:] + own.starts[-1]]),
            torch.cat([own.flags, more.flags]),
        )
        pairs = zip(
            (self.vectors, self.targets, self.weights),
            (other.vectors, other.targets, other.weights),
            strict=True,
        )
        return Task(marked, *(torch.cat(pair) for pair in pairs))


def smoothed(sides: Sequence[int]) -> torch.Tensor:
    """Return a share of each side: nearly all of one, as some are told wrong."""
    return torch.eye(3)[torch.tensor(sides)] * (1 - SMOOTHED) + SMOOTHED / 3


def learn(
    task: Task, words: int, *, epochs: int, seed: int = 0, readers: Readers | None = None
) -> Readers:
    """Return readers that learnt the task; of given ones, that of vectors alone learns anew."""
    torch.manual_seed(seed)
    fixed = readers is not None
    made = Readers(words, task.vectors.shape[1])
    if readers is not None:
        own = {key: value for key, value in readers.state_dict().items() if "vectors" not in key}
        made.load_state_dict(own, strict=False)
    learnt = [
        (name, one) for name, one in made.named_parameters() if not fixed or "vectors" in name
    ]
    decayed = [one for name, one in learnt if "table" not in name]
    tables = [one for name, one in learnt if "table" in name]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}]
        + ([{"params": tables, "lr": TABLE_RATE, "weight_decay": 0.02}] if tables else []),
        lr=RATE,
    )
    rows = len(task.targets)
    size = BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [group["lr"] for group in optimiser.param_groups],
        total_steps=epochs * -(-rows // size),
    )  # fmt: skip
    for _ in range(epochs):
        for batch in torch.randperm(rows).split(size):
            sums = made.sums(task.marked, batch, forget=FORGOTTEN)
            told = made.by_words(sums)
            # the words are left out at times, so that the vectors do not lean on them
            kept = (torch.rand(len(batch), 1) >= WITHOUT_WORDS).float()
            both = made.by_both(sums * kept, told * kept, task.vectors[batch])
            loss = _loss(both, task, batch) + (0 if fixed else _loss(told, task, batch))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return made.eval()


def _loss(logits: torch.Tensor, task: Task, batch: torch.Tensor) -> torch.Tensor:
    each = -(task.targets[batch] * torch.log_softmax(logits, 1)).sum(1)
    return (each * task.weights[batch]).mean()


@torch.no_grad()
def read(
    readers: Readers, marked: Marked, vectors: torch.Tensor
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the logits by words alone and by both."""
    told, both = [], []
    for rows in torch.arange(len(vectors)).split(2048):
        sums = readers.sums(marked, rows, forget=0)
        told.append(readers.by_words(sums))
        both.append(readers.by_both(sums, told[-1], vectors[rows]))
    return torch.cat(told).numpy(), torch.cat(both).numpy()


def starred_targets(
    read_: NDArray[np.float64], stars: NDArray[np.int64], sources: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Return the side of statements by how they read and by the stars of their review.

    How often statements of each side stand in reviews of so many stars is counted by how they
    read, apart for each file: Bayes' rule gives the rest.
    """
    taken = np.zeros_like(read_)
    for source in np.unique(sources):
        here = sources == source
        told = read_[here]
        for _ in range(5):
            of_stars = np.full((6, 3), 1.0)
            np.add.at(of_stars, stars[here], told)
            of_stars /= of_stars.sum(axis=0)
            told = read_[here] * of_stars[stars[here]]
            told /= told.sum(axis=1, keepdims=True)
        taken[here] = told
    return taken


def shares(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return probabilities."""
    raised = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def calibrated(
    logits: NDArray[np.float32], sides: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the slope and the offsets by which logits give probabilities (Platt scaling).

    Source: Platt, Probabilistic outputs for support vector machines, 1999; with three sides as in
    Guo et al., On calibration of modern neural networks, 2017, section 4.2.
    """
    slope, offset = torch.ones(1, requires_grad=True), torch.zeros(3, requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, offset], max_iter=200)
    given, wanted = torch.from_numpy(logits), torch.tensor(sides)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(given * slope + offset, wanted)
        loss.backward()
        return loss

    optimiser.step(closure)
    return slope.detach().numpy(), (offset - offset.mean()).detach().numpy()
