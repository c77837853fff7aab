"""Labels by descriptions, by examples and by a saved model."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_fscore_support,
)

from reviewlens.errors import ColumnError, EncoderMismatch, InputError, TooFewReviews
from reviewlens.ground.copies import distinct
from reviewlens.insights import classification as c
from reviewlens.insights.classification import evaluation, methods, models
from slices_of import ENCODER, slice_of

SUBJECTS = {
    "delivery": ["parcel crushed courier late box", "carton dented driver delayed shipping"],
    "price": ["expensive cost cheap money bargain", "overpriced dollars budget discount deal"],
    "taste": ["sour sweet flavour salty bitter", "delicious bland spicy tasty fresh"],
}


def reviews_of(count: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Texts of five words of a subject and four that say nothing, with the subject of each."""
    random = np.random.default_rng(seed)
    names = list(SUBJECTS)
    texts, labels = [], []
    for number in range(count):
        name = names[number % 3]
        words = " ".join(SUBJECTS[name]).split()
        fillers = [f"filler{random.integers(400)}" for _ in range(4)]
        texts.append(" ".join([*random.choice(words, 3, replace=False), *fillers]))
        labels.append(name)
    return texts, labels


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "_TREES", 10)


@pytest.fixture(scope="module")
def learned() -> c.Learned:
    texts, labels = reviews_of(60)
    return c.learn(ENCODER.encode_documents(texts), texts, labels, linear_only=True)


# -- by hand ---------------------------------------------------------------------------------------


def test_review_gets_the_nearest_description_unless_none_fits() -> None:
    vectors = np.array([[1, 0.1, 0], [0.1, 1, 0], [0.6, 0.62, 0], [0.1, 0, 1]])
    reviews = slice_of(["one", "two", "three", "four"], vectors)
    described = np.eye(3, dtype=np.float32)[:2]
    found = c.by_descriptions(reviews, {"a": "A", "b": "B"}, described, min_similarity=0.2)
    assert [row.label for row in found.rows] == ["a", "b", "b", None]
    assert found.rows[0].confidence == pytest.approx(1 / 1.01**0.5, abs=1e-4)
    assert found.rows[0].margin == pytest.approx(0.9 / 1.01**0.5, abs=1e-4)
    assert [(one.label, one.reviews) for one in found.labels] == [("b", 2), ("a", 1), (None, 1)]
    apart = c.by_descriptions(
        reviews, {"a": "A", "b": "B"}, described, min_similarity=0.2, min_margin=0.1
    )
    assert [row.label for row in apart.rows] == ["a", "b", None, None]
    both = c.by_descriptions(
        reviews, {"a": "A", "b": "B"}, described, several=True, min_similarity=0.2
    )
    assert [row.labels for row in both.rows] == [("a",), ("b",), ("b", "a"), ()]


def test_interval_of_repeated_folds_is_that_of_nadeau_and_bengio() -> None:
    # Mean 2, variance 1; t(2) at 97.5 % is 4.3027; the root of 1 / 3 + 0.25 is 0.76376.
    found = c.corrected_interval([1.0, 2.0, 3.0], 0.25)
    assert (found.value, found.low, found.high) == (2.0, -1.2862, 5.2862)


def test_median_stars_are_where_half_of_the_chance_is_reached() -> None:
    chances = np.array([[0.6, 0.1, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2, 0.2], [0, 0, 0, 0.5, 0.5]])
    assert c.median_stars(chances).tolist() == [1, 3, 4]


def test_wordings_are_told_apart_without_case_marks_and_spaces() -> None:
    texts = ["Love it!", "love  it", "LOVE IT...", "Love it not", "👍", "👎", "很好", "很好！"]
    assert distinct(texts).of_row.tolist() == [0, 0, 0, 1, 2, 3, 4, 4]


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    chances = np.array([[0.9, 0.1]] * 10 + [[0.4, 0.6]] * 10)
    true = evaluation.one_hot("classes", np.array([0] * 10 + [1] * 5 + [0] * 5), 2)
    # Ten bins of two in the order of confidence: of the five at 0.6 two are right in both, one in
    # one of them, two in none; the five at 0.9 are right in both.
    gaps = [0.4, 0.4, 0.1, 0.6, 0.6, *[0.1] * 5]
    found = evaluation.calibration_error("classes", chances, true)
    assert found == pytest.approx(np.mean(gaps))


# -- planted truth ---------------------------------------------------------------------------------


def test_subjects_are_learnt_from_a_few_examples_of_each() -> None:
    texts, labels = reviews_of(240)
    given = c.Given(tuple(label if row < 30 else None for row, label in enumerate(labels)))
    found, learned = c.by_examples(slice_of(texts), given)
    predicted = [row.label for row in found.rows[30:]]
    assert accuracy_score(labels[30:], predicted) >= 0.9
    assert found.given == 30
    assert all(
        row.given and row.label == labels[place] for place, row in enumerate(found.rows[:30])
    )
    # Out-of-fold figures foretell what is found on the others.
    assert learned.figures.accuracy.low <= accuracy_score(labels[30:], predicted)
    assert {one.method for one in learned.figures.candidates} == {"logistic", "ridge", "forest"}


def test_copies_do_not_flatter_the_figures() -> None:
    """Labels are drawn by lot, so that only a copy on the other side could tell one."""
    random = np.random.default_rng(3)
    texts = [f"word{number} other{number}" for number in range(40)] * 4
    labels = [str(label) for label in random.integers(2, size=40)] * 4
    found = c.learn(ENCODER.encode_documents(texts), texts, labels, linear_only=True)
    assert found.figures.texts == 40
    assert found.figures.accuracy.low < 0.6
    groups = distinct(texts).of_row
    for others, own in c.split_by_text(np.zeros(160, int), groups, 5, 0):
        assert not set(groups[others]) & set(groups[own])


def test_what_is_said_of_an_example_comes_from_a_model_that_has_not_seen_it() -> None:
    random = np.random.default_rng(0)
    texts = [f"word{row} other{row} more{row}" for row in range(60)]
    labels = random.permutation(["yes", "no"] * 30).tolist()
    vectors = random.standard_normal((60, 40))
    reviews = slice_of(texts, vectors, extra=[{"topic": label} for label in labels])
    given = c.given_labels(reviews, column="topic", examples=(), task="classes")
    found, learned = c.by_examples(reviews, given, method="forest")
    # A forest knows by heart what it has seen; of labels by chance it cannot tell the rest.
    seen = [
        learned.model.labels[row.argmax()] for row in learned.model.probabilities(reviews.vectors)
    ]
    right = [row.predicted == label for row, label in zip(found.rows, labels, strict=True)]
    assert np.mean([one == label for one, label in zip(seen, labels, strict=True)]) > 0.9
    assert np.mean(right) < 0.75
    assert np.mean([row.confidence for row in found.rows]) < 0.65


def test_several_labels_and_none_are_found() -> None:
    texts, truth = [], []
    one, other = reviews_of(180), reviews_of(180, seed=1)
    for place in range(120):
        both = place % 3 == 0
        texts.append(one[0][place] + (" " + other[0][place + 1] if both else ""))
        truth.append(tuple(sorted({one[1][place], *([other[1][place + 1]] if both else [])})))
    nothing = [
        " ".join(f"filler{(7 * row + word) % 400}" for word in range(8)) for row in range(40)
    ]
    texts, truth = texts + nothing, truth + [()] * 40
    given = c.Given(tuple(told if row % 2 else None for row, told in enumerate(truth)))
    found, learned = c.by_examples(slice_of(texts), given, task="several", method="ridge")
    pairs = [
        (row.labels, told) for row, told in zip(found.rows, truth, strict=True) if not row.given
    ]
    assert np.mean([set(said) == set(told) for said, told in pairs]) >= 0.7
    assert learned.figures.macro_f1.value >= 0.85
    # One threshold for all labels, that of the highest macro-F1 out of fold.
    true = np.array([[name in told for name in learned.model.labels] for told in truth[1::2]])
    macro = [
        f1_score(true, learned.probabilities >= one, average="macro", zero_division=0)
        for one in (learned.model.threshold, *np.linspace(0.1, 0.6, 11))
    ]
    assert macro[0] == pytest.approx(max(macro))
    assert macro[0] > min(macro) + 0.05
    assert found.labels[-1].label is None
    assert found.labels[-1].reviews >= 25


def test_stars_are_read_from_words_of_praise_and_blame() -> None:
    random = np.random.default_rng(0)
    words = {1: "awful broken useless", 2: "poor weak disappointing", 3: "okay average plain",
             4: "good solid nice", 5: "superb perfect wonderful"}  # fmt: skip
    stars = random.integers(1, 6, 200)
    texts = [
        f"{words[star]} {words[min(5, star + 1)].split()[0]} filler{row}"
        for row, star in enumerate(stars)
    ]
    given = c.Given(tuple(float(star) if row < 150 else None for row, star in enumerate(stars)))
    found, learned = c.by_examples(slice_of(texts), given, task="stars")
    assert learned.figures.mean_absolute_error is not None
    assert learned.figures.mean_absolute_error.value <= 0.5
    read = [row.stars for row in found.rows[150:]]
    assert np.abs(np.array(read, float) - stars[150:]).mean() <= 0.5
    assert np.mean([int(row.label or 0) for row in found.rows[150:]] == stars[150:]) >= 0.6
    chances = learned.model.probabilities(slice_of(texts).vectors)
    assert chances.min() >= 0
    assert chances.sum(axis=1) == pytest.approx(np.ones(200))


def test_confidence_is_calibrated() -> None:
    """A label that is right in 80 % of the reviews of a kind gets a confidence of about 0.8."""
    random = np.random.default_rng(5)
    vectors = np.repeat(np.eye(2, dtype=np.float32), 300, axis=0)
    vectors += random.normal(0, 0.02, vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [("ab" if place < 300 else "ba")[int(random.random() > 0.8)] for place in range(600)]
    texts = [f"text {row}" for row in range(600)]
    for method in ("logistic", "ridge"):
        learned = c.learn(vectors, texts, labels, method=method)
        sure = learned.model.probabilities(np.eye(2, dtype=np.float32)).max(axis=1)
        assert sure == pytest.approx([0.8, 0.8], abs=0.06)
        assert learned.figures.calibration_error < 0.08


# -- two roads to one answer -----------------------------------------------------------------------


def test_figures_are_those_of_scikit_learn(learned: c.Learned) -> None:
    labels = reviews_of(60)[1]
    figures, names = learned.figures, list(learned.model.labels)
    said = [names[place] for place in learned.said.argmax(axis=1)]
    assert figures.accuracy.value == round(accuracy_score(labels, said), 4)
    wanted = precision_recall_fscore_support(labels, said, labels=names, zero_division=0)
    for place, one in enumerate(figures.classes):
        found = (one.precision, one.recall, one.f1, one.support)
        assert found == pytest.approx([column[place] for column in wanted], abs=1e-4)
    assert figures.macro_f1.value == pytest.approx(wanted[2].mean(), abs=1e-4)
    assert figures.confusion == tuple(map(tuple, confusion_matrix(labels, said, labels=names)))
    wanted_brier = brier_score_loss(
        labels, learned.probabilities, labels=names, scale_by_half=False
    )
    assert figures.brier == pytest.approx(wanted_brier, abs=1e-4)
    [chosen] = [one for one in figures.candidates if one.chosen]
    assert chosen.log_loss == pytest.approx(log_loss(labels, learned.probabilities), abs=1e-4)


def test_logistic_scores_give_the_probabilities_of_scikit_learn() -> None:
    texts, labels = reviews_of(60)
    vectors = ENCODER.encode_documents(texts)
    for count in (2, 3):
        rows = [row for row, label in enumerate(labels) if label in list(SUBJECTS)[:count]]
        truth = np.array([list(SUBJECTS).index(labels[row]) for row in rows])
        method = methods.Method("logistic", 4.0)
        scores = methods.fit("classes", method, vectors[rows], truth, count, 0).scores(vectors)
        theirs = LogisticRegression(C=4.0, max_iter=500).fit(vectors[rows], truth)
        mine = models.calibrated("classes", scores, np.ones(1))
        assert mine == pytest.approx(theirs.predict_proba(vectors), abs=1e-3)


def test_proportional_odds_of_two_levels_are_a_logistic_regression() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(3, 2, 400)
    stars = np.where(random.random(400) < 1 / (1 + np.exp(3 - scores)), 5.0, 1.0)
    slope, *cuts = evaluation.proportional_odds(scores, stars)
    theirs = LogisticRegression(C=1e6).fit(scores[:, None], stars > 3)
    assert slope == pytest.approx(theirs.coef_[0, 0], rel=0.05)
    assert cuts[1] == pytest.approx(-theirs.intercept_[0], rel=0.05)
    assert np.ptp(cuts) < 1e-3  # no room for the levels without examples


def test_bootstrap_agrees_with_the_binomial_interval() -> None:
    said = np.zeros((400, 2), bool)
    said[:, 0] = True
    true = np.zeros((400, 2), bool)
    true[:300, 0] = True
    true[300:, 1] = True
    accuracy, _, error = evaluation.estimated(said, true, np.arange(400), 0)
    assert (accuracy.value, error) == (0.75, None)
    assert accuracy.low == pytest.approx(0.75 - 1.96 * (0.75 * 0.25 / 400) ** 0.5, abs=0.01)
    # Four copies of each are a quarter as much to go by.
    copied, _, _ = evaluation.estimated(said, true, np.arange(400) // 4, 0)
    assert copied.high - copied.low == pytest.approx(2 * (accuracy.high - accuracy.low), rel=0.15)


def test_forest_says_what_scikit_learn_says() -> None:
    from sklearn.ensemble import RandomForestClassifier

    vectors, truth = ENCODER.encode_documents(reviews_of(60)[0]), np.arange(60) % 3
    mine = methods.fit("classes", methods.Method("forest", None), vectors, truth, 4, 7)
    theirs = RandomForestClassifier(10, random_state=7).fit(vectors, truth)
    scores = mine.scores(vectors)
    assert scores.shape == (60, 4)
    assert np.exp(scores[:, :3]) - 0.1 == pytest.approx(theirs.predict_proba(vectors))


# -- choosing --------------------------------------------------------------------------------------


def test_balance_is_tried_where_labels_are_uneven() -> None:
    texts, labels = reviews_of(90)
    kept = [row for row in range(90) if labels[row] != "taste" or row < 12]
    uneven = [labels[row] for row in kept]
    texts = [texts[row] for row in kept]
    found = c.learn(ENCODER.encode_documents(texts), texts, uneven, linear_only=True)
    assert {one.balanced for one in found.figures.candidates} == {True, False}
    assert [one.chosen for one in found.figures.candidates].count(True) == 1
    best = max(one.score for one in found.figures.candidates)
    assert next(one.score for one in found.figures.candidates if one.chosen) == best


def test_large_sets_are_compared_on_a_sample() -> None:
    texts, labels = reviews_of(150)
    found = c.learn(ENCODER.encode_documents(texts), texts, labels, compared=60)
    assert (found.figures.compared, found.figures.examples) == (60, 150)
    assert "forest" not in {one.method for one in found.figures.candidates}
    assert found.figures.accuracy.value >= 0.9


# -- examples --------------------------------------------------------------------------------------


def test_columns_are_read_by_name() -> None:
    extra = ({"topic": " price "}, {"topic": ""}, {})
    reviews = slice_of(["a", "b", "c"], stars=[4, None, 2.5], products=("kettle", "", "lamp"),
                       extra=extra)  # fmt: skip
    assert c.given_labels(reviews, column="topic").targets == ("price", None, None)
    assert c.given_labels(reviews, column="stars").targets == ("4", None, "2.5")
    assert c.given_labels(reviews, column="product").targets == ("kettle", None, "lamp")
    assert c.given_labels(reviews, task="stars").targets == (4.0, None, 2.5)
    with pytest.raises(ColumnError, match="no review here has the column 'nosuch'; found topic"):
        c.given_labels(reviews, column="nosuch")


def test_cells_of_several_labels_are_split() -> None:
    cells = ("a; b", "None", "", " b ;a; b", ";")
    reviews = slice_of(["x"] * 5, extra=tuple({"t": cell} for cell in cells))
    found = c.given_labels(reviews, column="t", task="several").targets
    assert found == (("a", "b"), (), None, ("b", "a"), None)


def test_examples_of_a_file_are_ids_or_texts(tmp_path: Path) -> None:
    file = tmp_path / "examples.csv"
    file.write_text("﻿review_id,label,text\nr0001,a,\nr0009,b,\n,b,Late again\nr0000,,\nr0001,c,\n",
                    encoding="utf-8")  # fmt: skip
    found = c.given_labels(slice_of(["x", "y"]), examples=c.read_examples(file))
    assert found.targets == (None, "c")
    assert (found.outside, found.outside_targets) == (("Late again",), ("b",))
    assert [note[:10] for note in found.notes] == ["1 example ", "1 example "]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"id,label\n1,a\n", "wanted label, and review_id or text"), (b"", "columns none"),
     (b"text,label\n\xff\xfe,a\n", "wanted CSV in UTF-8")],
)  # fmt: skip
def test_examples_that_cannot_be_read_are_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "examples.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        c.read_examples(file)


def test_examples_leave_the_csv_module_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "examples.csv"
    file.write_text(f"text,label\n{'x' * 200_000},a\n", encoding="utf-8")
    before = csv.field_size_limit()
    [example] = c.read_examples(file)
    assert len(example.text) == 200_000
    assert csv.field_size_limit() == before


def test_texts_from_elsewhere_are_learnt_from() -> None:
    texts, labels = reviews_of(60)
    given = c.Given((None,) * 30, tuple(texts[30:]), tuple(labels[30:]))
    vectors = ENCODER.encode_documents(texts[30:])
    found, _ = c.by_examples(slice_of(texts[:30]), given, vectors, method="ridge")
    assert found.given == 0
    assert accuracy_score(labels[:30], [row.label for row in found.rows]) >= 0.85


# -- saved models ----------------------------------------------------------------------------------


def save(file: Path, learned: c.Learned, fingerprint: str = "f" * 64) -> Path:
    c.save_model(file, learned.model, learned.method, learned.figures, encoder="fake",
                 fingerprint=fingerprint)  # fmt: skip
    return file


def test_saved_model_says_the_same_again(learned: c.Learned, tmp_path: Path) -> None:
    first, second = save(tmp_path / "a.npz", learned), save(tmp_path / "b.npz", learned)
    assert first.read_bytes() == second.read_bytes()
    found = c.load_model(first)
    assert found.figures == learned.figures
    texts, labels = reviews_of(30, seed=9)
    new = c.by_model(slice_of(texts), found.model, method=found.method, figures=found.figures)
    assert accuracy_score(labels, [row.label for row in new.rows]) >= 0.85
    vectors = ENCODER.encode_documents(texts)
    assert (found.model.probabilities(vectors) == learned.model.probabilities(vectors)).all()
    with pytest.raises(EncoderMismatch, match=r"vectors of fake \(ffffffffffff\)"):
        found.require("other", "0" * 64)
    found.require("fake", "f" * 64)


@pytest.mark.parametrize("task", ["several", "stars"])
def test_every_task_can_be_saved(tmp_path: Path, task: models.Task) -> None:
    texts, labels = reviews_of(60)
    targets: Sequence[Any] = [(label,) for label in labels]
    if task == "stars":
        targets = [float(1 + 2 * (row % 3)) for row in range(60)]
    learned = c.learn(ENCODER.encode_documents(texts), texts, targets, task=task, method="ridge")
    found = c.load_model(save(tmp_path / "m.npz", learned))
    assert (found.model.task, found.model.threshold) == (task, learned.model.threshold)
    assert found.figures == learned.figures
    vectors = ENCODER.encode_documents(texts)
    assert (found.model.probabilities(vectors) == learned.model.probabilities(vectors)).all()


def changed(file: Path, **arrays: Any) -> None:
    with np.load(file) as found:
        np.savez(file, **{**found, **arrays})


def test_malformed_models_are_refused(learned: c.Learned, tmp_path: Path) -> None:
    def described(**changes: Any) -> Any:
        with np.load(save(tmp_path / "m.npz", learned)) as found:
            told = json.loads(found["description"].tobytes())
        return np.frombuffer(json.dumps({**told, **changes}).encode(), np.uint8)

    broken = {
        "its arrays do not fit its labels": {"weights": np.zeros(3)},
        "do not fit each other": {"weights": np.zeros((2, 256))},
        "are not all finite": {"intercepts": np.array([0, 0, np.nan])},
        "Object arrays cannot be loaded": {"weights": np.array([{}], dtype=object)},
        "format is 'other'": {"description": described(format="other")},
        "its task 'odd'": {"description": described(task="odd")},
        "labels": {"description": described(labels=3)},
        "Expecting value": {"description": np.frombuffer(b"no json", np.uint8)},
    }
    for message, arrays in broken.items():
        file = save(tmp_path / "m.npz", learned)
        changed(file, **arrays)
        with pytest.raises(InputError, match=r"cannot be used: .*wanted a file written by") as told:
            c.load_model(file)
        assert message == "labels" or message in str(told.value)
    file.write_bytes(b"no archive")
    with pytest.raises(InputError, match=r"it is no \.npz archive"):
        c.load_model(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("other.txt", "x")
    with pytest.raises(InputError, match="cannot be used"):
        c.load_model(file)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        c.load_model(tmp_path / "nosuch.npz")


def test_forest_is_used_but_not_saved(tmp_path: Path) -> None:
    texts, labels = reviews_of(30)
    vectors = ENCODER.encode_documents(texts)
    learned = c.learn(vectors, texts, labels, method="forest")
    said = [learned.model.labels[place] for place in learned.model.probabilities(vectors).argmax(1)]
    assert accuracy_score(labels, said) >= 0.9
    with pytest.raises(InputError, match="forest cannot be saved"):
        save(tmp_path / "m.npz", learned)
    with pytest.raises(InputError, match="forest cannot be saved"):
        c.learn(vectors, texts, labels, method="forest", linear_only=True)


# -- too little, and edges -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", "b"] * 3, "there are 6 labelled reviews, too few to learn from; wanted at least 8"),
        (["a"] * 9, r"there are 1 different labels \(a\) among 9 examples"),
        (["a"] * 8 + ["b"], "1 of 2 labels have a single distinct text: 'b'"),
        ([], "there are 0 labelled reviews"),
    ],
)
def test_too_few_examples_are_one_sentence(labels: list[str], message: str) -> None:
    texts = [f"text {row}" for row in range(len(labels))]
    given = c.Given((*labels, None))
    with pytest.raises(TooFewReviews, match=message):
        c.by_examples(slice_of([*texts, "unlabelled"]), given)


def few_examples(seed: int) -> tuple[list[str], list[str]]:
    """From 8 to 15 examples of two to five labels, some of them copies of each other."""
    random = np.random.default_rng(seed)
    count, labels = int(random.integers(8, 16)), int(random.integers(2, 6))
    names = [f"label{row % labels}" for row in range(count)]
    texts = [f"{name} word{row}" for row, name in enumerate(names)]
    for row in range(1, count):
        if random.random() < 0.15:
            before = int(random.integers(row))
            texts[row] = texts[before].upper()
            if random.random() < 0.8:
                names[row] = names[before]
    return texts, names


def learnt_from(seeds: range, task: models.Task, method: str) -> int:
    """Learn from examples by lot; return of how many sets something was learnt."""
    learnt = 0
    for seed in seeds:
        texts, names = few_examples(seed)
        targets: Sequence[Any] = {
            "classes": names,
            "several": [(name,) for name in names],
            "stars": [float(name[-1]) % 5 + 1 for name in names],
        }[task]
        try:
            learned = c.learn(
                ENCODER.encode_documents(texts), texts, targets, task=task, method=method
            )
        except TooFewReviews:
            continue
        learnt += 1
        assert 2 <= learned.figures.folds <= 5
        assert np.isfinite(learned.probabilities).all()
    return learnt


@pytest.mark.parametrize(("task", "sets"), [("classes", 6), ("stars", 2)])
def test_few_examples_are_learnt_from_or_refused(task: models.Task, sets: int) -> None:
    assert learnt_from(range(sets), task, "ridge") > 0


@pytest.mark.slow
@pytest.mark.parametrize("task", ["classes", "several", "stars"])
def test_every_small_set_of_examples_is_learnt_from_or_refused(task: models.Task) -> None:
    assert learnt_from(range(100), task, "auto") > 10


@pytest.mark.parametrize(("labels", "each"), [(2, 4), (3, 4), (4, 2), (7, 3), (8, 2)])
def test_few_texts_a_label_are_dealt_out(labels: int, each: int) -> None:
    truth = np.repeat(np.arange(labels), each)
    groups = np.arange(labels * each)
    parts = c.split_by_text(truth, groups, 5, 0)
    assert sorted(np.concatenate([own for _, own in parts])) == groups.tolist()
    for others, own in parts:
        assert set(truth[others]) == set(range(labels))  # each label can be learnt for each part
        assert len(own) > 0


def test_label_whose_texts_are_copies_is_too_little() -> None:
    texts = [f"text {row}" for row in range(8)] + ["Same!", "same", "SAME"]
    with pytest.raises(TooFewReviews, match="'b'"):
        c.learn(ENCODER.encode_documents(texts), texts, ["a"] * 8 + ["b"] * 3)


@pytest.mark.parametrize(
    ("stars", "message"),
    [([5.0] * 10, "all stars are the same"), ([1.0, 5.0], "2 reviews with stars, too few")],
)
def test_stars_need_something_to_learn_from(stars: list[float], message: str) -> None:
    texts = [f"text {row}" for row in range(len(stars))]
    with pytest.raises(TooFewReviews, match=message):
        c.learn(ENCODER.encode_documents(texts), texts, stars, task="stars")


def test_stars_of_one_text_are_too_little() -> None:
    with pytest.raises(TooFewReviews, match="1 distinct texts with stars"):
        c.learn(np.ones((9, 4), np.float32) / 2, ["same"] * 9, [1.0, 5, 2] * 3, task="stars")


def test_nothing_to_label_is_one_sentence(learned: c.Learned) -> None:
    nothing = slice_of([], np.empty((0, 256)))
    with pytest.raises(TooFewReviews, match="no review to label"):
        c.by_descriptions(nothing, {"a": "a"}, np.ones((1, 256), np.float32))
    with pytest.raises(TooFewReviews, match="no review to label"):
        c.by_model(nothing, learned.model, method="ridge", figures=learned.figures)


@pytest.mark.parametrize(
    ("labels", "message"),
    [(["a: x", "a: y"], "'a' is given twice"), ([": x"], "'' is empty")],
)
def test_labels_must_differ(labels: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        c.read_descriptions(labels)


def test_label_without_description_describes_itself() -> None:
    labels = ["price", "delivery: late: or broken"]
    assert c.read_descriptions(labels) == {"price": "price", "delivery": "late: or broken"}


def test_reviews_without_stars_and_all_the_same_text_are_labelled() -> None:
    reviews = slice_of(["很好 会再买"] * 5)
    found = c.by_descriptions(reviews, {"good": "很好"}, ENCODER.encode_queries(["很好"]))
    [summary] = found.labels
    assert (summary.label, summary.reviews, summary.mean_stars) == ("good", 5, None)
    assert found.rows[0].margin is None


def test_unsure_predictions_can_be_left_without_a_label(learned: c.Learned) -> None:
    texts, _ = reviews_of(30, seed=9)
    free = c.by_model(slice_of(texts), learned.model, method="ridge", figures=learned.figures)
    median = sorted(row.confidence for row in free.rows)[15]
    strict = c.by_model(slice_of(texts), learned.model, method="ridge", figures=learned.figures,
                        min_confidence=median - 1e-4)  # fmt: skip
    for one, other in zip(strict.rows, free.rows, strict=True):
        assert one.label == (other.label if other.confidence >= median else None)
    assert 0 < sum(row.label is None for row in strict.rows) < 30
    with pytest.raises(InputError, match="smallest confidence is 2"):
        c.by_model(slice_of(texts), learned.model, method="", figures=learned.figures,
                   min_confidence=2)  # fmt: skip


def test_fractions_of_stars_go_to_the_nearer_level() -> None:
    codes = evaluation.codes("stars", np.array([1.0, 1.5, 2.4, 4.6, 5.0]))
    assert (codes + 1).tolist() == [1, 2, 2, 5, 5]


def test_same_seed_gives_the_same_bytes() -> None:
    texts, labels = reviews_of(45)
    given = c.Given(tuple(label if row % 2 else None for row, label in enumerate(labels)))
    found = [json.dumps(asdict(c.by_examples(slice_of(texts), given, seed=3)[0])) for _ in range(2)]
    assert found[0] == found[1]


def test_progress_ends_at_its_total() -> None:
    seen: list[tuple[str, int, int]] = []
    texts, labels = reviews_of(30)
    c.learn(ENCODER.encode_documents(texts), texts, labels, linear_only=True,
            on_progress=lambda *step: seen.append(step))  # fmt: skip
    assert seen[-1][1] == seen[-1][2]
    assert [step[1] for step in seen] == sorted(step[1] for step in seen)


def test_to_frame_has_a_row_a_review(learned: c.Learned) -> None:
    texts, _ = reviews_of(9)
    found = c.by_model(slice_of(texts), learned.model, method="ridge", figures=learned.figures)
    assert found.to_frame()["review_id"].tolist() == [f"r{row:04}" for row in range(9)]
    assert len(replace(found, rows=found.rows[:2])) == 2
