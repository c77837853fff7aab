"""A map of reviews: the axes, and what is drawn."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reviewlens.errors import InputError, MissingExtra, TooFewReviews
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.pictures import ENDINGS, draw
from reviewlens.insights.projection import Projection, project, read_axes, write_axes
from slices_of import slice_of

HOSTILE = (
    "</script><script>alert(1)</script> <b>bold</b> <img src=x onerror=alert(2)> & %{x} $\\frac$"
)


def scattered(count: int = 40, dimension: int = 12, **more: Any) -> Slice:
    rng = np.random.default_rng(4)
    vectors = rng.standard_normal((count, dimension)) * np.linspace(3, 0.5, dimension) + 1
    return slice_of([f"text {n}" for n in range(count)], vectors, **more)


def places(found: Projection) -> Any:
    return np.array([(point.x, point.y) for point in found.points])


@pytest.fixture(scope="module")
def shown() -> Projection:
    """Twelve products, stars, dates and hostile names and texts."""
    reviews = scattered(
        60,
        products=[
            ["_under", "$\\frac$", "<b>x</b>", *(f"p{n}" for n in range(9))][n % 12]
            for n in range(60)
        ],
        stars=[None if n % 6 == 5 else n % 5 + 1 for n in range(60)],
        dates=[None if n == 7 else f"2024-{n % 6 + 1:02}-03" for n in range(60)],
        clusters=np.array([n % 4 - 1 for n in range(60)]),
    )
    return project(replace(reviews, texts=(HOSTILE, "=1+2", *reviews.texts[2:])))


# -- axes ----------------------------------------------------------------------------------------


def test_reviews_on_a_line_lie_on_one_axis() -> None:
    angles = np.array([-0.3, -0.1, 0.1, 0.3])
    vectors = np.stack([np.cos(angles), np.zeros(4), np.sin(angles)], axis=1)
    found = project(slice_of(list("abcd"), vectors))
    assert found.axes is not None
    assert found.axes.components[0] == pytest.approx((0, 0, 1), abs=1e-6)
    assert [point.x for point in found.points] == pytest.approx(np.sin(angles), abs=1e-5)
    assert found.axes.mean == pytest.approx(vectors.mean(axis=0), abs=1e-6)


@pytest.mark.parametrize("count", [5, 200])
def test_axes_are_those_of_scikit_learn(count: int) -> None:
    from sklearn.decomposition import PCA

    reviews = scattered(count)
    other = PCA(2, svd_solver="full").fit(reviews.vectors.astype(np.float64))
    found = project(reviews)
    assert found.axes is not None
    assert found.axes.explained == pytest.approx(other.explained_variance_ratio_, abs=2e-4)
    for mine, theirs in zip(places(found).T, other.transform(reviews.vectors).T, strict=True):
        assert abs(mine @ theirs) / np.linalg.norm(mine) / np.linalg.norm(theirs) > 0.99999
        assert np.abs(mine) == pytest.approx(np.abs(theirs), abs=1e-4)
    for component in found.axes.components:
        assert max(component, key=abs) > 0


def test_planted_groups_lie_apart() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat([0, 1, 2], 30)
    vectors = np.eye(8)[groups] + 0.1 * rng.standard_normal((90, 8))
    found = places(project(slice_of([str(n) for n in range(90)], vectors)))
    middles = np.stack([found[groups == group].mean(axis=0) for group in range(3)])
    nearest_middle = np.linalg.norm(found[:, None] - middles, axis=2).argmin(axis=1)
    assert (nearest_middle == groups).mean() >= 0.99


def test_new_reviews_land_without_moving_the_old(tmp_path: Path) -> None:
    reviews = scattered(40)
    old = project(reviews.take(np.arange(30)), encoder="e")
    assert old.axes is not None
    write_axes(old.axes, tmp_path / "axes.json")
    axes = read_axes(tmp_path / "axes.json")
    assert axes == old.axes
    new = project(reviews, axes=axes, encoder="e")
    assert new.points[:30] == old.points
    assert new.axes == old.axes
    one = project(reviews.take(np.array([35])), axes=axes, encoder="e")
    assert one.points[0] == new.points[35]


def test_axes_of_another_encoder_are_refused() -> None:
    axes = project(scattered(), encoder="one").axes
    with pytest.raises(InputError, match="made with another encoder"):
        project(scattered(), axes=axes, encoder="two")
    with pytest.raises(InputError, match="made with another encoder"):
        project(scattered(dimension=5), axes=axes, encoder="one")
    with pytest.raises(InputError, match="umap has no axes"):
        project(scattered(), axes=axes, encoder="one", method="umap")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"encoder": "", "reviews": 3, "mean": [NaN, 0], '
     '"components": [[1, 0], [0, 1]], "explained": [1, 0]}'],
)  # fmt: skip
def test_file_without_axes_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "axes.json").write_text(text)
    with pytest.raises(InputError, match="there are no axes in"):
        read_axes(tmp_path / "axes.json")


def test_copies_lie_on_one_point() -> None:
    found = project(slice_of(["味道很好"] * 5))
    assert set(map(tuple, places(found).tolist())) == {(0.0, 0.0)}
    assert found.axes is not None
    assert found.axes.explained == (0.0, 0.0)


def test_too_few_reviews_and_unknown_method_are_told() -> None:
    with pytest.raises(TooFewReviews, match="at least 3 reviews, found 2"):
        project(scattered(2))
    with pytest.raises(InputError, match="wanted pca or umap"):
        project(scattered(), method="tsne")  # type: ignore[arg-type]


def test_same_reviews_give_the_same_bytes(tmp_path: Path, shown: Projection) -> None:
    assert json.dumps(asdict(project(scattered()))) == json.dumps(asdict(project(scattered())))
    for ending in ("html", "png", "svg", "csv", "parquet"):
        one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
        draw(shown, one)
        draw(shown, two)
        assert one.read_bytes() == two.read_bytes(), ending


# -- umap ----------------------------------------------------------------------------------------


def test_umap_is_given_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    class Stub:
        def __init__(self, **options: Any) -> None:
            given.update(options)

        def fit_transform(self, vectors: Any) -> Any:
            return vectors[:, :2]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=Stub))
    reviews = scattered()
    graph = nearest(reviews.vectors, 20)
    found = project(reviews, method="umap", graph=graph, seed=7)
    rows, distances = given["precomputed_knn"]
    assert (rows[:, 0] == np.arange(40)).all()
    assert (rows[:, 1:] == graph.rows[:, :15]).all()
    assert (distances[:, 0] == 0).all()
    assert distances[:, 1:] == pytest.approx(1 - graph.similarities[:, :15], abs=1e-6)
    assert (given["random_state"], given["n_neighbors"], found.axes) == (7, 16, None)


@pytest.mark.slow
def test_umap_separates_planted_groups() -> None:
    pytest.importorskip("umap")
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(4), 40)
    reviews = slice_of(
        [str(n) for n in range(160)], np.eye(16)[groups] + 0.1 * rng.standard_normal((160, 16))
    )
    found = project(reviews, method="umap")
    assert found == project(reviews, method="umap")
    distances = np.linalg.norm(places(found)[:, None] - places(found)[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (groups[distances.argmin(axis=1)] == groups).mean() >= 0.98


@pytest.mark.parametrize(
    ("package", "file", "extra"),
    [("umap", None, "umap"), ("matplotlib", "m.png", "maps"),
     ("plotly.graph_objects", "m.html", "maps"), ("pyarrow", "m.parquet", "parquet")],
)  # fmt: skip
def test_missing_package_is_told_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, file: str | None, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    found = project(scattered())

    def ask() -> object:
        if file is None:
            return project(scattered(), method="umap")
        return draw(found, tmp_path / file)

    with pytest.raises(MissingExtra, match=rf"reviewlens\[{extra}\]"):
        ask()


# -- what is drawn -------------------------------------------------------------------------------


def traces(page: str) -> list[dict[str, Any]]:
    start = page.index("Plotly.newPlot(")
    found: list[dict[str, Any]]
    found, _ = json.JSONDecoder().raw_decode(page[page.index("[", start) :])
    return found


def test_page_shows_hostile_text_as_text(tmp_path: Path, shown: Projection) -> None:
    draw(shown, tmp_path / "map.html", color="product")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in page
    assert "<img src=x" not in page
    hovers = [text for trace in traces(page) for text in trace["text"]]
    (hostile,) = [text for text in hovers if "alert(1)" in text]
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in hostile
    assert re.sub(r"</?b>|<br>", "", hostile).count("<") == 0
    assert len(hovers) == 60
    assert any("&lt;b&gt;x&lt;/b&gt;" in trace["name"] for trace in traces(page))
    assert "r0000" in hostile
    assert "1 of 5 stars" in hostile


def test_page_fetches_nothing(tmp_path: Path, shown: Projection) -> None:
    draw(shown, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert len(page) > 1_000_000  # plotly's own script is in it
    assert re.findall(r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=[\"']?https?:", page) == []
    assert {trace["type"] for trace in traces(page)} == {"scattergl"}


@pytest.mark.parametrize(
    ("color", "names"),
    [
        (None, ["cluster 0 (15)", "cluster 1 (15)", "cluster 2 (15)", "no cluster (15)"]),
        ("stars", [*(f"{n} stars (10)" for n in range(1, 6)), "no stars (10)"]),
        ("time", [*(f"2024-{n:02} ({9 if n == 2 else 10})" for n in range(1, 7)), "no time (1)"]),
        ("language", ["en (60)"]),
        ("source", ["no source (60)"]),
    ],
)
def test_legend_tells_the_groups(
    tmp_path: Path, shown: Projection, color: Any, names: list[str]
) -> None:
    draw(shown, tmp_path / "map.html", color=color)
    found = traces((tmp_path / "map.html").read_text(encoding="utf-8"))
    assert [trace["name"] for trace in reversed(found)] == names
    marks = [(trace["marker"]["color"], trace["marker"]["symbol"]) for trace in found]
    assert len(set(marks)) == len(marks)


def test_small_groups_are_one_and_no_review_is_lost(tmp_path: Path, shown: Projection) -> None:
    draw(shown, tmp_path / "map.html", color="product")
    found = traces((tmp_path / "map.html").read_text(encoding="utf-8"))
    assert len(found) == 9
    assert found[0]["name"] == "4 others (20)"


@pytest.mark.parametrize("color", ["product", "stars"])
def test_picture_is_drawn_without_a_warning(tmp_path: Path, shown: Projection, color: Any) -> None:
    assert draw(shown, tmp_path / "map.png", color=color) == ()
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_labels_without_a_font_are_numbers_with_a_note(tmp_path: Path) -> None:
    egyptian = "\U00013000"  # no font that is looked for has it
    reviews = scattered(products=[egyptian, "kettle"] * 20)
    (note,) = draw(project(reviews), tmp_path / "map.png")
    assert "can draw 1 of the labels" in note
    assert draw(project(reviews), tmp_path / "map.html") == ()
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert {trace["name"] for trace in traces(page)} == {f"{egyptian} (20)", "kettle (20)"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_told(
    ending: str, shown: Projection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"map{ending}").symlink_to("/dev/full")
    with pytest.raises(InputError, match=rf"map{ending} cannot be written: No space.*make room"):
        draw(shown, tmp_path / f"map{ending}")
    assert capsys.readouterr().err == ""


def test_tables_hold_every_point(tmp_path: Path, shown: Projection) -> None:
    import pyarrow.parquet as parquet

    draw(shown, tmp_path / "points.parquet")
    table = parquet.read_table(tmp_path / "points.parquet")
    assert table.column_names[:4] == ["review_id", "x", "y", "text"]
    assert table.to_pylist() == [asdict(point) for point in shown.points]
    draw(shown, tmp_path / "points.csv")
    written = (tmp_path / "points.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [float(row["x"]) for row in rows] == [point.x for point in shown.points]
    assert (rows[0]["text"], rows[1]["text"]) == (HOSTILE, "'=1+2")


def test_output_that_cannot_be_written_is_told(tmp_path: Path, shown: Projection) -> None:
    with pytest.raises(InputError, match=r"wanted an ending of \.html, \.png"):
        draw(shown, tmp_path / "map.gif")
    with pytest.raises(InputError, match="no folder"):
        draw(shown, tmp_path / "nowhere" / "map.png")
    with pytest.raises(InputError, match="colour is 'mood'"):
        draw(shown, tmp_path / "map.png", color="mood")  # type: ignore[arg-type]
