"""Words on a plane: where they lie, and labels that do not overlap."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from reviewlens.encoders import WordVectors
from reviewlens.encoders.words.labels import place_labels
from reviewlens.errors import InputError

EIGHT = ["man", "woman", "king", "queen", "cat", "dog", "father", "mother"]
WITHOUT_FONT = "\U00013000"  # of Egypt; no font that is looked for has it


@pytest.fixture
def vectors() -> WordVectors:
    words = [*EIGHT, "面条", "$x$", "<b>", WITHOUT_FONT]
    rows = np.random.default_rng(3).standard_normal((len(words), 5)).astype(np.float32)
    return WordVectors(words, rows, name="few")


def boxes(
    points: list[tuple[float, float]], sizes: list[tuple[float, float]], *, marker: float = 8
) -> tuple[list[tuple[float, float, float, float]], bool]:
    offsets, free = place_labels(points, sizes, (0, 0, 600, 400), marker=marker)
    made = []
    for (x, y), (width, height), offset in zip(points, sizes, offsets, strict=True):
        a, b = x + offset.x, y + offset.y
        made.append((a - width / 2, b - height / 2, a + width / 2, b + height / 2))
    return made, free


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("seed", range(5))
def test_labels_overlap_neither_each_other_nor_points_nor_edges(seed: int) -> None:
    generator = np.random.default_rng(seed)
    points = [(300 + x, 200 + y) for x, y in (generator.standard_normal((25, 2)) * 25).tolist()]
    sizes = [(float(width), 14.0) for width in generator.integers(20, 70, 25)]
    placed, free = boxes(points, sizes)
    assert free
    assert not [1 for one, other in combinations(placed, 2) if overlap(one, other)]
    dots = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    assert not [1 for one in placed for dot in dots if overlap(one, dot)]
    assert all(x0 >= 0 and y0 >= 0 and x1 <= 600 and y1 <= 400 for x0, y0, x1, y1 in placed)


def test_label_alone_is_above_its_point_and_equal_points_have_both_labels() -> None:
    [alone], free = boxes([(100, 100)], [(40, 14)])
    assert alone == (80, 107, 120, 121)
    placed, free = boxes([(100, 100), (100, 100)], [(40, 14), (40, 14)])
    assert free
    assert not overlap(*placed)


def test_label_of_a_point_in_a_corner_is_inside() -> None:
    [(left, low, right, high)], free = boxes([(2, 398)], [(60, 14)])
    assert free
    assert left >= 0
    assert low >= 0
    assert right <= 600
    assert high <= 400


def test_area_that_is_full_is_told() -> None:
    assert boxes([(300, 200)] * 40, [(300.0, 100.0)] * 40)[1] is False


def test_places_are_the_principal_components(vectors: WordVectors, tmp_path: Path) -> None:
    from sklearn.decomposition import PCA

    found = vectors.plot(EIGHT, tmp_path / "words.svg")
    unit = np.array([vectors[word] / np.linalg.norm(vectors[word]) for word in EIGHT])
    reference = PCA(2).fit(unit)
    expected = reference.transform(unit)
    places = np.array([(point.x, point.y) for point in found.points])
    assert np.abs(places) == pytest.approx(np.abs(expected), abs=1e-4)
    assert found.explained == pytest.approx(reference.explained_variance_ratio_, abs=1e-4)
    assert [point.word for point in found.points] == EIGHT


@pytest.mark.parametrize("ending", ["png", "svg", "html"])
def test_the_same_words_give_the_same_file(
    vectors: WordVectors, tmp_path: Path, ending: str
) -> None:
    words = [*EIGHT, "面条", "$x$", "<b>"]
    for name in ("one", "two"):
        vectors.plot(words, tmp_path / f"{name}.{ending}")
    content = (tmp_path / f"one.{ending}").read_bytes()
    assert content == (tmp_path / f"two.{ending}").read_bytes()
    if ending == "html":
        assert b"queen" in content
        assert b'"showarrow":true,"text":"&lt;b&gt;"' in content  # plotly reads labels as HTML
    if ending == "png":
        assert content.startswith(b"\x89PNG")


def test_labels_without_a_font_are_numbers_with_a_note(
    vectors: WordVectors, tmp_path: Path
) -> None:
    found = vectors.plot([WITHOUT_FONT, "king"], tmp_path / "words.png")
    assert "can draw 1 of the labels" in found.notes[0]
    assert vectors.plot([WITHOUT_FONT, "king"], tmp_path / "words.html").notes == ()


def test_what_cannot_be_drawn_is_refused(vectors: WordVectors, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one word is a point"):
        vectors.plot(["king", "King"], tmp_path / "words.png")
    with pytest.raises(InputError, match=r"wanted an ending of \.png, \.svg or \.html"):
        vectors.plot(EIGHT, tmp_path / "words.gif")
    with pytest.raises(InputError, match="there is no folder"):
        vectors.plot(EIGHT, tmp_path / "nowhere" / "words.png")


def test_words_that_do_not_differ_lie_on_one_point(tmp_path: Path) -> None:
    same = WordVectors(["a", "b"], np.ones((2, 3), dtype=np.float32), name="same")
    found = same.plot(["a", "b"], tmp_path / "words.html")
    assert [(point.x, point.y) for point in found.points] == [(0, 0), (0, 0)]
    assert found.explained == (0, 0)
