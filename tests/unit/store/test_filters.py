"""What the user may say about filters, and the expression that comes of it.

That an expression matches what it says is tested on each Milvus, in tests/integration.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import chosen
from reviewlens import Corpus
from reviewlens.errors import FilterError
from reviewlens.store import Columns, Condition, Filters, choose
from reviewlens.store.filters import (
    compile_filters,
    literal,
    parse_condition,
    parse_rating,
    parse_time,
    star_bounds,
)

COLUMNS = Columns(
    ("city", "city code", "delay", "a", "a=b", "#odd"),
    {"Produkt": "product", "Score": "rating_given"},
)


def moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")[:-6]


# -- conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "operator", "values"),
    [
        ("city=Paris", "city", "=", ("Paris",)),
        ("city=Paris,Rome", "city", "=", ("Paris", "Rome")),
        (r"city=Paris\, TX", "city", "=", ("Paris, TX",)),
        (r"city=Paris\, TX,Rome", "city", "=", ("Paris, TX", "Rome")),
        ("city!=Paris", "city", "!=", ("Paris",)),
        ("city!=Paris,Rome", "city", "!=", ("Paris", "Rome")),
        ("city=", "city", "=", ("",)),
        ("city=a=b", "city", "=", ("a=b",)),
        ("city code=75", "city code", "=", ("75",)),
        ("a=b=c", "a=b", "=", ("c",)),
        ("#odd=1", "#odd", "=", ("1",)),
        ("delay>=3", "delay", ">=", ("3",)),
        ("delay <= 3 ", "delay", "<=", ("3",)),
        (" delay>3", "delay", ">", ("3",)),
        ("delay<3,5", "delay", "<", ("3,5",)),
        ("Produkt=lamp", "Produkt", "=", ("lamp",)),
        ("unknown>=3", "unknown", ">=", ("3",)),
        ('city=" or 1==1 or "\n', "city", "=", ('" or 1==1 or "\n',)),
    ],
)
def test_condition_is_read(text: str, column: str, operator: str, values: tuple[str, ...]) -> None:
    assert parse_condition(text, COLUMNS) == Condition(column, operator, values)


@pytest.mark.parametrize("text", ["city", "", "=Paris", "city~Paris"])
def test_condition_without_column_or_operator_is_refused(text: str) -> None:
    with pytest.raises(FilterError, match="wanted COLUMN=VALUE"):
        parse_condition(text, COLUMNS)


_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda name: name == name.strip()
)


@given(name=_names, value=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_known_column_and_value_is_read_back(name: str, value: str) -> None:
    escaped = value.replace(",", r"\,")
    if value.endswith("\\") or "\\," in value:
        return  # a backslash in front of a comma has no spelling; the API takes a Condition
    read = parse_condition(f"{name}={escaped}", Columns((name,)))
    assert read == Condition(name, "=", (value,)) or name in ("title", "product", "source")


# -- ratings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1..2", (1.0, 2.0)),
        ("4..", (4.0, None)),
        ("..2", (None, 2.0)),
        ("5", (5.0, 5.0)),
        ("3.5", (3.5, 3.5)),
        ("1.5..2.5", (1.5, 2.5)),
        (" 1 .. 2 ", (1.0, 2.0)),
        ("3..3", (3.0, 3.0)),
    ],
)
def test_rating_is_read(text: str, expected: tuple[float | None, float | None]) -> None:
    assert parse_rating(text) == expected


@pytest.mark.parametrize("text", ["", "..", "a", "1..b", "2..1", "1-2", "nan", "1..nan", "inf"])
def test_bad_rating_is_refused(text: str) -> None:
    with pytest.raises(FilterError, match="rating"):
        parse_rating(text)


# -- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01T00:00:00.000", "2024-12-31T23:59:59.999"),
        ("2024-02", "2024-02-01T00:00:00.000", "2024-02-29T23:59:59.999"),
        ("2023-02", "2023-02-01T00:00:00.000", "2023-02-28T23:59:59.999"),
        ("1900-02", "1900-02-01T00:00:00.000", "1900-02-28T23:59:59.999"),
        ("2000-02", "2000-02-01T00:00:00.000", "2000-02-29T23:59:59.999"),
        ("2024-4", "2024-04-01T00:00:00.000", "2024-04-30T23:59:59.999"),
        ("2024-02-29", "2024-02-29T00:00:00.000", "2024-02-29T23:59:59.999"),
        (" 2024-03-05 ", "2024-03-05T00:00:00.000", "2024-03-05T23:59:59.999"),
        ("2024-03-05T12:30:07", "2024-03-05T12:30:07.000", "2024-03-05T12:30:07.999"),
        ("2024-03-05 12:30:07", "2024-03-05T12:30:07.000", "2024-03-05T12:30:07.999"),
        ("2024-03-05T12:30:07Z", "2024-03-05T12:30:07.000", "2024-03-05T12:30:07.999"),
        ("2024-03-05T12:30:07+02:00", "2024-03-05T10:30:07.000", "2024-03-05T10:30:07.999"),
        ("2024-03-05T12:30:07.250", "2024-03-05T12:30:07.250", "2024-03-05T12:30:07.250"),
        # Less than a second given covers more than a second.
        ("2024-03-05T12:30", "2024-03-05T12:30:00.000", "2024-03-05T12:30:59.999"),
        ("2024-03-05T12", "2024-03-05T12:00:00.000", "2024-03-05T12:59:59.999"),
        ("2024-W10", "2024-03-04T00:00:00.000", "2024-03-10T23:59:59.999"),
        ("2024-W10-2", "2024-03-05T00:00:00.000", "2024-03-05T23:59:59.999"),
        ("20240305", "2024-03-05T00:00:00.000", "2024-03-05T23:59:59.999"),
    ],
)
def test_date_covers_from_its_first_to_its_last_millisecond(
    text: str, first: str, last: str
) -> None:
    assert (moment(parse_time(text)), moment(parse_time(text, end=True))) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2023-02-29", "2024-13", "2024-00", "2024-01-32", "2024-01-00", "24", "0000"],
)
def test_bad_date_is_refused(text: str) -> None:
    for end in (False, True):
        with pytest.raises(FilterError, match="cannot be read; wanted 2024, 2024-03"):
            parse_time(text, end=end)


@given(st.dates(datetime(1971, 1, 1).date(), datetime(2100, 12, 30).date()))
def test_days_follow_each_other_without_gap_or_overlap(day: datetime) -> None:
    start, end = parse_time(f"{day:%Y-%m-%d}"), parse_time(f"{day:%Y-%m-%d}", end=True)
    assert end - start + 1 == 86_400_000
    assert parse_time(f"{day:%Y-%m}") <= start < end <= parse_time(f"{day:%Y-%m}", end=True)
    assert parse_time(f"{day:%Y}") <= start < end <= parse_time(f"{day:%Y}", end=True)


# -- the expression ------------------------------------------------------------------------------


def unquoted(written: str) -> str:
    """What Milvus reads: its parsers know these escapes, and nothing more is written."""
    assert written[0] == written[-1] == '"'
    text, inside = "", iter(written[1:-1])
    for character in inside:
        assert character not in '"\n\r\t'
        if character == "\\":
            character = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}[next(inside)]
        text += character
    return text


@given(st.text(st.characters() | st.sampled_from("\"'\\%\n\r\t")))
def test_literal_is_read_as_the_text_it_was(text: str) -> None:
    assert unquoted(literal(text)) == text


@pytest.mark.parametrize(
    ("filters", "expression"),
    [
        ({}, ""),
        ({"rating": "4.."}, "rating >= 3.999900"),
        ({"rating": "1..2"}, "(rating >= 0.999900) and (rating <= 2.000100)"),
        ({"since": "1970"}, "time >= 0"),
        ({"since": "1970", "until": "1970-01-01"}, "(time >= 0) and (time <= 86399999)"),
        ({"product": "lamp"}, 'product in ["lamp"]'),
        ({"source": ["a", 'b"']}, 'source in ["a", "b\\""]'),
        ({"cluster": 0}, "cluster in [0]"),
        ({"where": "city=Paris"}, 'extra["city"] == "Paris"'),
        ({"where": "delay>=3"}, 'extra["#delay"] >= 3.0'),
        ({"where": "#odd=x"}, 'extra["##odd"] == "x"'),
        ({"where": "Produkt!=lamp"}, 'not (product in ["lamp"])'),
    ],
)
def test_filter_becomes_its_expression(filters: dict[str, object], expression: str) -> None:
    built = chosen(**filters)  # type: ignore[arg-type]
    assert compile_filters(built, COLUMNS) == expression
    assert bool(built) == bool(expression)


def test_undated_and_unrated_reviews_are_beyond_every_bound() -> None:
    from reviewlens.store.schema import NO_RATING, NO_TIME

    assert f"time >= {NO_TIME + 1}" in compile_filters(
        choose(until="1970-01-01T00:00:00.000"), COLUMNS
    )
    lowest = re.search(r"rating >= (\S+)\)", compile_filters(choose(rating=(None, 2.0)), COLUMNS))
    assert lowest
    assert float(lowest[1]) > NO_RATING


@pytest.mark.parametrize("rating", ["-5..2", "-1", "..-1", "-1e300..5", "..1e300"])
def test_no_range_of_stars_reaches_down_to_the_unrated(rating: str) -> None:
    from reviewlens.store.schema import NO_RATING

    filters = chosen(rating=rating)
    assert star_bounds(filters.get("rating"))[0] > NO_RATING
    assert len(compile_filters(filters, COLUMNS)) < 60


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2024-03", "2024-02"),
        (2025, 2024),
        (date(2024, 3, 2), "2024-03-01"),
        ("2024W10", "2024W09"),
    ],
)
def test_an_end_before_the_start_is_refused_not_an_empty_answer(
    since: object, until: object
) -> None:
    with pytest.raises(FilterError, match=f"from {since} on and up to {until}, which is earlier"):
        choose(since=since, until=until)
    assert choose(since="2024-03", until="2024-03")


@pytest.mark.parametrize("written", ["1...2", "...2", "4..."])
def test_three_dots_are_no_half_star(written: str) -> None:
    with pytest.raises(FilterError, match="cannot be read"):
        parse_rating(written)


def test_an_empty_list_selects_nothing_and_none_is_not_given() -> None:
    for name in ("product", "source", "language", "cluster", "review_ids"):
        empty = chosen(**{name: []})  # type: ignore[arg-type]
        assert compile_filters(empty, COLUMNS) == "passage < 0"
        assert empty
        assert not chosen(**{name: None})  # type: ignore[arg-type]
    assert not chosen(where=[])


def test_a_condition_needs_no_list_and_its_value_neither() -> None:
    condition = Condition("city", "=", "Paris")  # type: ignore[arg-type]
    assert condition == Condition("city", "=", ("Paris",))
    assert chosen(where=condition).where == (condition,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"raiting": "1"}, "where() has no argument 'raiting'; did you mean 'rating'"),
        ({"Product": "lamp"}, "where() has no argument 'Product'; did you mean 'product'"),
        ({"sinze": "2024"}, "did you mean 'since'"),
        ({"zzz": 1}, "'zzz'; wanted one of cluster, ids, language, product, rating, since"),
        ({"product": 5}, "product takes a text or several, not 5"),
        ({"product": ["lamp", None]}, "product takes a text or several; None is none"),
        ({"cluster": "3"}, "cluster takes the number of a theme or several, not '3'"),
        ({"cluster": True}, "cluster takes the number of a theme or several, not True"),
        ({"cluster": 3.5}, "cluster takes the number of a theme or several, not 3.5"),
        ({"rating": True}, "rating takes 1..2, 4.., a number or two, not True"),
        ({"rating": (1, 2, 3)}, "rating takes the lowest and the highest stars, not (1, 2, 3)"),
        ({"since": 2.5}, "a date is a text such as 2024-03 or a date, not 2.5"),
    ],
)
def test_what_is_no_filter_is_a_type_error(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        Corpus.open("nowhere.db").where(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("frame", [pd.DataFrame({"review_id": ["1"]}), {"review_id": "1"}])
def test_names_of_columns_are_no_ids(frame: object) -> None:
    corpus = Corpus.open("nowhere.db")
    with pytest.raises(TypeError, match="give a column of it"):
        corpus.delete(frame)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"product takes a text or several, not a (DataFrame|dict)"):
        corpus.where(product=frame)  # type: ignore[arg-type]


@pytest.mark.parametrize("condition", [5, ("city", "=", "Paris"), None])
def test_what_is_no_condition_is_a_type_error(condition: object) -> None:
    with pytest.raises(TypeError, match="a condition is a text such as 'city=Paris'"):
        Corpus.open("nowhere.db").where(condition)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({"rating": (1, 2)}, {"rating": "1..2"}),
        ({"rating": [None, 2.5]}, {"rating": "..2.5"}),
        ({"rating": 4}, {"rating": "4"}),
        ({"since": date(2024, 3, 5)}, {"since": "2024-03-05"}),
        ({"until": date(2024, 3, 5)}, {"until": "2024-03-05"}),
        ({"since": pd.Timestamp("2024-03-05 12:30")}, {"since": "2024-03-05T12:30"}),
        ({"since": datetime(2024, 3, 5, 12, 30, tzinfo=UTC)}, {"since": "2024-03-05T12:30"}),
        ({"since": 2024}, {"since": "2024"}),
        ({"product": ("a", "b")}, {"product": ["a", "b"]}),
        ({"cluster": np.int64(3)}, {"cluster": [3]}),
    ],
)
def test_values_are_texts_numbers_pairs_dates_or_lists(
    given: dict[str, object], same: dict[str, object]
) -> None:
    assert choose(**given) == choose(**same)  # type: ignore[arg-type]


def test_what_can_be_gone_through_once_is_read_and_said() -> None:
    found = choose(product=iter(["a", "b"]))
    assert (found, str(found)) == (choose(product=["a", "b"]), "product=a,b")


def test_chained_filters_both_hold() -> None:
    low = choose("size=L", rating="1..3", product=["a", "b"], since="2024")
    both = low & choose("size=L", "city!=Rome", rating="2..", product=["b", "c"], until="2025")
    assert both == choose(
        "size=L", "city!=Rome", rating="2..3", product=["b"], since="2024", until="2025"
    )
    assert (low & choose(product="z")).get("product") == ()
    assert low & Filters() == low == Filters() & low


def test_half_a_character_is_refused_before_milvus_is_asked() -> None:
    for arguments in (
        {"product": "a\ud800"},
        {"where": "city=\udcff"},
        {"review_ids": ["b", "\ud800"]},
    ):
        with pytest.raises(FilterError, match="half a character"):
            chosen(**arguments)  # type: ignore[arg-type]


def test_a_header_of_two_meanings_is_looked_for_in_both_or_refused() -> None:
    first = Columns(("size",), {"name": "product", "shop": "source"})
    both = first.joined(Columns(("shop",), {"size": "title", "name": "product"}))
    assert both.disputed == {}
    assert compile_filters(chosen(where="size=L"), both) == (
        '((exists extra["size"]) and (extra["size"] == "L")) or '
        '(not (exists extra["size"]) and (title in ["L"]))'
    )
    third = both.joined(Columns((), {"name": "author"}))
    assert third.disputed == {"name": ("author", "product")}
    assert third.joined(first).disputed == third.disputed
    with pytest.raises(FilterError, match="the author in one file and the product in another"):
        compile_filters(chosen(where="name=Ann"), third)


def test_base_holds_besides_alternatives() -> None:
    filters = chosen(where="city=Paris,Rome")
    assert compile_filters(filters, COLUMNS, base="passage == 0") == (
        '(passage == 0) and (extra["city"] == "Paris" or extra["city"] == "Rome")'
    )


def test_number_beyond_the_precision_of_floats_is_compared_as_text() -> None:
    filters = chosen(where="city=9007199254740993")
    assert "9007199254740992" not in compile_filters(filters, COLUMNS)  # its neighbour


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("citi=Paris", "no column 'citi'.*did you mean 'city'"),
        ("Product=lamp", "no column 'Product'.*did you mean 'product'"),
        ("zzz=1", "no column 'zzz'.*found title, product"),
        ("city>Paris", "'Paris', which is no number"),
        ("delay>=", "'', which is no number"),
        ("delay>=nan", "'nan', which is no number"),
        ("product>=lamp", "holds text, which has no order"),
        ("tokens=many", "'many', which is no number"),
        ("time>=2024", "filtered with --since and --until"),
        ("rating>=4", "filtered with --rating"),
    ],
)
def test_condition_that_cannot_hold_says_why(where: str, message: str) -> None:
    with pytest.raises(FilterError, match=f"(?s){message}"):
        compile_filters(chosen(where=where), COLUMNS)


@pytest.mark.parametrize(
    "condition", [Condition("city", "like", ("x",)), Condition("delay", ">", ("1", "2")),
                  Condition("city", "=", ())]
)  # fmt: skip
def test_condition_object_is_checked_too(condition: Condition) -> None:
    with pytest.raises(FilterError):
        compile_filters(Filters(where=(condition,)), COLUMNS)


def test_extra_column_comes_before_a_field_of_the_same_name() -> None:
    columns = Columns(("time", "tokens"))
    assert compile_filters(chosen(where="time=noon"), columns) == ('extra["time"] == "noon"')


def test_extra_column_of_one_file_hides_no_field_of_another() -> None:
    columns = Columns(("source",))
    assert compile_filters(chosen(where="source=web"), columns) == (
        '((exists extra["source"]) and (extra["source"] == "web")) or '
        '(not (exists extra["source"]) and (source in ["web"]))'
    )


@pytest.mark.parametrize("theme", [2**63, -(2**64)])
def test_a_theme_beyond_what_milvus_can_hold_is_refused(theme: int) -> None:
    with pytest.raises(FilterError, match=f"there is no theme {theme}"):
        chosen(cluster=[1, theme])
    assert chosen(cluster=2**63 - 1).get("cluster") == (2**63 - 1,)


def test_a_name_is_listed_once_to_choose_from() -> None:
    columns = Columns(extra=("size", "title"), mapped={"product": "product", "shop": "source"})
    assert columns.names() == [*dict.fromkeys(columns.names())]
