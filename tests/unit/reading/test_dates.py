from __future__ import annotations

import json
import runpy
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.errors import AmbiguousDates
from reviewlens.reading.dates import DateOrder, OrderEvidence, is_time, parse_time
from reviewlens.reading.months import month_names

VALUES = Path(__file__).parents[3] / "docs" / "values.md"


def written_forms() -> list[tuple[str, str, str]]:
    """Return the forms in the document: language, as written, what it is read as."""
    table = VALUES.read_text(encoding="utf-8").partition("## Dates")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    return [
        (language, form.strip("`"), read_as)
        for language, forms, read_as in (row for row in rows if len(row) == 3)
        for form in forms.split("`, `")
        if forms.startswith("`")
    ]


@pytest.mark.parametrize(("language", "form", "read_as"), written_forms())
def test_form_in_the_document_is_read(language: str, form: str, read_as: str) -> None:
    expected = datetime.fromisoformat(read_as).isoformat()
    assert shown(form) == expected, language


def test_the_document_has_three_forms_in_each_of_twelve_languages() -> None:
    languages = [language for language, _, _ in written_forms() if language != "any"]
    assert sum(languages.count(language) >= 3 for language in set(languages)) >= 12


def shown(value: str, order: DateOrder | None = None) -> str | None:
    time = parse_time(value, order)
    return None if time is None else datetime.fromtimestamp(time / 1000, UTC).isoformat()[:19]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1351123200", "2012-10-25T00:00:00"),
        ("1351123200.0", "2012-10-25T00:00:00"),
        ("1351123200000", "2012-10-25T00:00:00"),
        ("20210304", "2021-03-04T00:00:00"),
        ("2021-03-04", "2021-03-04T00:00:00"),
        ("2021-03-04T05:06:07Z", "2021-03-04T05:06:07"),
        ("2021-03-04 05:06:07+02:00", "2021-03-04T03:06:07"),
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("2021-03-04 05:06:07 UTC", "2021-03-04T05:06:07"),
        ("2021.03.04", "2021-03-04T00:00:00"),
        ("2021/3/4 5:06 PM", "2021-03-04T17:06:00"),
        ("31-Jul-18", "2018-07-31T00:00:00"),
        ("19th November 2023", "2023-11-19T00:00:00"),
        ("Nov 19, 2023", "2023-11-19T00:00:00"),
        ("November 19, 2023 at 12:00 AM", "2023-11-19T00:00:00"),
        ("Tue, 31 Jul 2018 10:00:00 GMT", "2018-07-31T10:00:00"),
        ("Tue Nov 19 10:00:00 PST 2019", "2019-11-19T18:00:00"),
        ("Reviewed in the United States on July 3, 2019", "2019-07-03T00:00:00"),
    ],
)
def test_unambiguous_time_reads_as_utc(value: str, expected: str) -> None:
    assert shown(value) == expected
    assert shown(f"  {value} ", "mdy") == expected


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("03/04/2021", "dmy", "2021-04-03T00:00:00"),
        ("03/04/2021", "mdy", "2021-03-04T00:00:00"),
        ("2/21/15 0:36", "mdy", "2015-02-21T00:36:00"),
        ("2/21/15 0:36", "dmy", None),
        ("31.12.69", "dmy", None),
        ("31.12.70", "dmy", "1970-12-31T00:00:00"),
        ("31.12.68", "dmy", "2068-12-31T00:00:00"),
        ("21-03-04", "ymd", "2021-03-04T00:00:00"),
        ("09 13, 2009", "mdy", "2009-09-13T00:00:00"),
    ],
)
def test_numeric_date_follows_the_order(value: str, order: DateOrder, expected: str | None) -> None:
    assert shown(value, order) == expected


@pytest.mark.parametrize(
    "value",
    ["", "5", "12345", "2019", "May", "5 May", "may be good", "2 days ago", "banana",
     "2021-02-30", "31/02/2021", "00/00/0000", "0001-01-01", "1969-12-31", "2101-01-01",
     "99999999999", "4133980800000000", "1.35112E+12"],
)  # fmt: skip
def test_unreadable_time_is_none(value: str) -> None:
    assert not is_time(value)


@given(st.datetimes(datetime(1973, 4, 1), datetime(2099, 1, 1)))
def test_every_spelling_of_one_moment_agrees(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    expected = int(moment.timestamp()) * 1000
    assert parse_time(str(expected)) == expected
    assert parse_time(str(expected // 1000)) == expected
    assert parse_time(moment.isoformat()) == expected
    assert parse_time(f"{moment:%d/%m/%Y %H:%M:%S}", "dmy") == expected
    assert parse_time(f"{moment:%m/%d/%Y %I:%M:%S %p}", "mdy") == expected
    assert parse_time(f"{moment:%d %B %Y, %H:%M:%S}") == expected


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2021", "13/04/2021"], "dmy"),
        (["03/04/2021", "04/13/2021"], "mdy"),
        (["05/05/2021", "06/06/2021"], "dmy"),
        (["2021-03-04", "1351123200", "soon", "31-Jul-18"], None),
        (["03/04/2021", "31/31/2021", "04/13/2021"], "mdy"),
    ],
)
def test_order_is_settled_by_the_file(values: list[str], order: str | None) -> None:
    evidence = OrderEvidence()
    for value in values:
        evidence.add([value])
    assert evidence.settle("f.csv", "date") == order


def test_order_that_nothing_settles_names_both_readings() -> None:
    evidence = OrderEvidence()
    evidence.add(["01/02/2021"])
    with pytest.raises(AmbiguousDates, match=r"1 February 2021 .* 2 January 2021 with --date"):
        evidence.settle("f.csv", "date")


def test_odd_date_among_many_does_not_decide_the_order() -> None:
    evidence = OrderEvidence()
    evidence.add({f"{month}/{day}/2021" for month in range(1, 13) for day in range(13, 29)})
    assert evidence.order_doubts() == []
    evidence.add(["31/12/2023"])
    assert evidence.settle("f.csv", "date") == "mdy"
    [doubt] = evidence.order_doubts()
    assert doubt.startswith("of 193 dates that tell their order 1 contradicts the others, such as")
    evidence.add(["30/11/2023"])
    with pytest.raises(AmbiguousDates, match=r"'31/12/2023'.*'\d+/\d+/2021'"):
        evidence.settle("f.csv", "date")


@pytest.mark.parametrize(
    ("values", "header", "guess"),
    [
        (["05.03.2024", "06.04.2024"], ["date", "text"], "as dots between the numbers say"),
        (["05/03/2024"], ["Datum", "text"], "as the language of the header says ('Datum')"),
        (["05/03/2024"], ["date", "commentaire"], "language of the header says ('commentaire')"),
        (["05/03/2024"], ["Posted", "Recensione"], "language of the header says ('Recensione')"),
    ],
)
def test_day_first_is_a_guess_that_is_told(
    values: list[str], header: list[str], guess: str
) -> None:
    evidence = OrderEvidence()
    evidence.add(values)
    assert evidence.settle("f.csv", header[0], header) == "dmy"
    [doubt] = evidence.order_doubts()
    assert guess in doubt
    assert "(--date-order mdy)" in doubt


@pytest.mark.parametrize("header", [["date", "text"], ["date", "data"], ["date", "note"]])
def test_english_header_does_not_settle_the_order(header: list[str]) -> None:
    evidence = OrderEvidence()
    evidence.add(["05/03/2024"])
    with pytest.raises(AmbiguousDates):
        evidence.settle("f.csv", "date", header)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("IST", 18), ("CEST", 21), ("CET", 22), ("JST", 14), ("BST", 22), ("PKT", 18), ("KST", 14),
        ("GMT", 23), ("MSK", 20), ("GMT+2", 21), ("UTC+05:30", 18), ("+0200", 21), ("(CET)", 22),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "written",
    ["Mar 1, 2024 11:30 PM", "2024-03-01 23:30:00", "1 Mar 2024 23:30", "01/03/2024 23:30",
     "vom 1. März 2024 23:30", "Fri Mar 1 2024 23:30:00"],
)  # fmt: skip
def test_zone_behind_a_time_is_followed(written: str, zone: str, hour: int) -> None:
    found = shown(f"{written} {zone}")
    assert found is not None
    assert int(found[11:13]) == hour


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mar 1, 2024 11:30 PM PDT", "2024-03-02T06:30:00"),
        ("2024-03-01 23:30:00 AEST", "2024-03-01T13:30:00"),
        ("Fri Mar 1 23:30:00 IST 2024", "2024-03-01T18:00:00"),
        ("Fri Mar 01 2024 23:30:00 GMT-0800 (Pacific Standard Time)", "2024-03-02T07:30:00"),
    ],
)
def test_zone_is_read_wherever_it_stands(value: str, expected: str) -> None:
    assert shown(value) == expected


@pytest.mark.parametrize(
    "value", ["Mar 1, 2024 11:30 PM XYZT", "Fri Mar 1 23:30:00 XYZ 2024", "2024-03-01 23:30 QQT"]
)
def test_zone_that_is_not_known_makes_no_date_and_no_warning(value: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_time(value) is None


def test_zones_are_told_with_how_many_dates_name_them() -> None:
    evidence = OrderEvidence()
    evidence.add(
        ["2024-03-01 23:30 QQT"] * 3 + ["Mar 1, 2024 11:30 PM IST", "2024-03-01 10:00 CET"]
    )
    unknown, india = evidence.doubts()
    assert unknown.startswith("3 dates name the time zone QQT, which is not known, such as '2024-")
    assert "1 date names the time zone IST" in india
    assert "India's, UTC+05:30" in india


def test_days_of_a_spreadsheet_are_dates_in_a_column_of_them() -> None:
    evidence = OrderEvidence()
    evidence.add(["45292", "45293.5", "", "unknown"])
    assert evidence.serials
    assert evidence.doubts() == [
        "the dates are read as days of a spreadsheet's calendar: 45292 is 1 January 2024 "
        "(--time-column '' for none)."
    ]
    assert parse_time("45293.5", serials=True) == parse_time("2024-01-02T12:00")
    assert parse_time("45293.5") is None
    evidence.add(["2024-01-01", "2024-01-02", "2024-01-03"])
    assert not evidence.serials


@pytest.mark.parametrize(
    "value",
    ["Jan 5 - Jan 7, 2024", "Mar 2024 5 stars", "may be 5 or 2024", "order 20210304",
     "30 février 2024", "2024年13月1日", "March 5, 2024 25:00", "5 mars", "mars"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(value: str) -> None:
    assert not is_time(value)


def test_names_of_months_are_those_of_cldr() -> None:
    script = Path(__file__).parents[3] / "docs" / "months.py"
    found = runpy.run_path(str(script))
    assert json.loads(found["text"]()) == month_names()


def test_names_of_months_mean_one_month_in_all_languages() -> None:
    names = month_names()
    assert {"january", "märz", "fevrier", "agosto", "mrt", "września", "ağustos"} <= names.keys()
    assert {names[name] for name in ("mei", "mayo", "maio", "мая", "mayis", "toukokuuta")} == {5}
