"""Results: frozen, plain, and the same as JSON, table and HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass, replace
from typing import Any

import pandas as pd
import pytest

import reviewlens
from reviewlens import Check, Corpus, Diagnosis, ExportReport, Match, Matches
from reviewlens.document import html_table
from reviewlens.errors import InputError
from reviewlens.ground.estimates import Estimate
from reviewlens.insights.classification.kept_labels import Labels
from reviewlens.questions import asked_of
from reviewlens.results import Quote, Reviews, Single, StoredReview, Tabular, iso_time
from reviewlens.themes import Themes
from reviewlens.themes.correspondence import Refit

MATCH = Match(
    review_id="r1",
    similarity=0.5,
    rating=None,
    time="2024-01-05T00:00:00Z",
    product="lamp",
    title="<b>Bright</b> & warm",
    text="x" * 500,
    sentence=None,
    extra={"city": "Paris"},
)
RESULTS = [
    found
    for name in reviewlens.__all__
    if is_dataclass(found := getattr(reviewlens, name)) and isinstance(found, type)
]


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00Z"),
        (1_351_123_200_000, "2012-10-25T00:00:00Z"),
        (1_351_123_200_123, "2012-10-25T00:00:00.123Z"),
        (1_351_123_200_120, "2012-10-25T00:00:00.120Z"),
        (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
    ],
)
def test_time_is_iso_in_utc(milliseconds: int | None, expected: str | None) -> None:
    assert iso_time(milliseconds) == expected


def test_results_are_frozen_dataclasses() -> None:
    assert {found.__name__ for found in RESULTS} >= {"IngestReport", "Matches", "Stats"}
    with pytest.raises(FrozenInstanceError):
        MATCH.rating = 5.0  # type: ignore[misc]
    assert not any(hasattr(found, "__dict__") for found in (MATCH, ExportReport(0, "", "", ())))


@pytest.mark.parametrize("result", RESULTS)
def test_docstring_names_only_fields_that_are_there(result: type) -> None:
    listed = (result.__doc__ or "").partition("Attributes:")[2]
    named = [line.split(":")[0].strip() for line in listed.splitlines() if line.startswith(" " * 8)
             and not line.startswith(" " * 9) and ":" in line]  # fmt: skip
    known = {item.name for item in fields(result)}
    assert {name for line in named for name in line.split(", ")} <= known


def test_asdict_is_json() -> None:
    plain = asdict(Matches("q", answered=True, matches=(MATCH,), floor=None))
    assert json.loads(json.dumps(plain))["matches"][0]["extra"] == {"city": "Paris"}


def test_matches_are_a_table() -> None:
    frame = Matches("q", answered=True, matches=(MATCH, MATCH), floor=None).to_frame()
    names = [item.name for item in fields(Match) if item.name != "extra"]
    assert list(frame.columns) == [*names, "city"]
    assert list(frame["review_id"]) == ["r1", "r1"]
    empty = Matches("q", answered=False, matches=(), floor=0.5)
    assert (len(empty), len(empty.to_frame())) == (0, 0)


def test_html_is_escaped_and_cut() -> None:
    review = StoredReview("r1", None, None, "lamp", MATCH.title, MATCH.text)
    shown = Reviews((review,), total=1)._repr_html_()
    assert "&lt;b&gt;Bright&lt;/b&gt; &amp; warm" in shown
    assert "<b>" not in shown
    assert "x" * 300 + "…" in shown
    assert "x" * 301 not in shown


def test_html_of_nothing_is_a_table_still() -> None:
    empty = Reviews((), total=0)._repr_html_()
    assert empty.startswith("<div><table>")
    assert html_table(["a<"], [[None]]).count("<td></td>") == 1


@pytest.mark.parametrize(
    "result", [Diagnosis(healthy=True, checks=(Check("Disk", "ok", "1 GB"),)),
               ExportReport(3, "out.csv", "csv", ("review_id",))]
)  # fmt: skip
def test_every_result_shows_itself_in_a_notebook(result: Any) -> None:
    shown = result._repr_html_()
    values: Mapping[str, Any] = asdict(result)
    assert "Disk" in shown if "checks" in values else "out.csv" in shown


# -- sequences, tables, and back -------------------------------------------------------------------


def test_result_is_a_sequence_of_its_rows() -> None:
    found = Matches("q", answered=True, matches=(MATCH, MATCH), floor=None)
    assert list(found) == [MATCH, MATCH]
    assert found[0] == found[-1] == MATCH
    assert found[1:] == (MATCH,)
    assert len(found) == 2
    empty = Matches("q", answered=False, matches=(), floor=None)
    assert (list(empty), bool(empty)) == ([], True)  # an answer of no rows is an answer


def test_a_repr_is_one_line_that_says_what_it_is() -> None:
    many = Matches("broken", answered=True, matches=(MATCH,) * 300, floor=None)
    assert repr(many).startswith("<Matches: 300 rows, query='broken', answered=True")
    assert len(repr(many)) < 200
    assert "\n" not in repr(many)
    assert repr(Refit({0: 1.0}, (), (), {}, {})) == "<Refit>"


@dataclass(frozen=True, slots=True)
class Group:
    """A row with all that may be in one."""

    name: str
    share: Estimate
    stars: Estimate | None
    quote: Quote
    terms: tuple[str, ...]
    products: Mapping[str, int]
    first: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Groups(Tabular):
    """Some rows."""

    reviews: int
    labels: Mapping[int, str]
    groups: tuple[Group, ...]

    def _rows(self) -> Sequence[Group]:
        return self.groups


GROUPS = Groups(
    7,
    {3: "price"},
    (
        Group(
            "a", Estimate(0.5, 0.1, 0.9), None, Quote("1", "Good", 5.0, "2024-01-02T00:00:00Z"),
            ("x", "y"), {"Kettle": 2}, "2024-01-02T03:04:05Z",
        ),
        Group(
            "b", Estimate(0.25, 0.0, 1.0), Estimate(4.0, 3.0, 5.0),
            Quote("2", "Bad", None, None), (), {}, None,
        ),
    ),
)  # fmt: skip


def test_a_frame_is_tidy() -> None:
    frame = GROUPS.to_frame()
    assert list(frame.columns[:4]) == ["name", "share", "share_low", "share_high"]
    assert frame["share_low"].tolist() == [0.1, 0.0]
    assert frame["quote_text"].tolist() == ["Good", "Bad"]
    assert str(frame["first"].dtype) == "datetime64[ns, UTC]"
    assert frame["first"][0] == pd.Timestamp("2024-01-02T03:04:05Z")
    assert frame["first"].isna().tolist() == [False, True]
    assert frame["products_Kettle"][0] == 2
    assert not any(isinstance(cell, dict) for column in frame for cell in frame[column])


def test_a_frame_has_its_columns_whatever_the_rows_have() -> None:
    def columns_of(*groups: Group) -> list[str]:
        return list(replace(GROUPS, groups=groups).to_frame().columns)

    unrated, rated = GROUPS.groups
    of_both = columns_of(rated, unrated)
    assert of_both == columns_of(unrated, rated)
    assert columns_of(unrated) == of_both
    assert [name for name in columns_of() if name != "products"] == [
        name for name in of_both if name != "products_Kettle"
    ]
    own = replace(MATCH, extra={"city": "Paris", "rating": "good"})
    frame = Matches("q", answered=True, matches=(own,), floor=None).to_frame()
    assert frame[["city", "rating (column)"]].loc[0].tolist() == ["Paris", "good"]


def test_a_result_is_read_back_from_its_json() -> None:
    text = json.dumps(asdict(GROUPS))
    assert Groups.from_json(text) == GROUPS
    assert Groups.from_json(json.loads(text)) == GROUPS
    match = Matches("q", answered=True, matches=(MATCH,), floor=0.25)
    assert Matches.from_json(json.dumps(asdict(match))) == match


def test_what_questions_answer_is_shown_and_read_back() -> None:
    in_memory = {"Slice", "Layout"}  # arrays for who computes or draws with them
    kinds = {
        asked.result for owner in (Corpus, Themes, Labels) for asked in asked_of(owner).values()
    }
    records = {kind for kind in kinds if is_dataclass(kind)}
    bare = {kind.__name__ for kind in records if not issubclass(kind, Single | Tabular)}
    assert len(records) > 25
    assert bare == in_memory


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not the JSON of a Groups"),
        ('{"reviews": 1}', "labels is missing"),
        ('{"reviews": "many", "labels": {}, "groups": []}', "Groups.reviews is 'many', wanted int"),
        ('{"reviews": 1, "labels": {}, "groups": [], "more": 1}', "no field 'more'"),
        ("[]", "wanted an object"),
    ],
)
def test_what_is_no_such_result_is_told(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Groups.from_json(text)
