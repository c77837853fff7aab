from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.errors import AmbiguousDates
from reviewlens.reading.dates import DateOrder, OrderEvidence, is_time, parse_time


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
    ["", "5", "12345", "2019", "May", "5 May", "may be good", "Nov 2023", "2 days ago", "banana",
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
    assert evidence.doubts() == []
    evidence.add(["31/12/2023"])
    assert evidence.settle("f.csv", "date") == "mdy"
    [doubt] = evidence.doubts()
    assert doubt.startswith("of 193 dates that tell their order 1 contradict the others, such as")
    evidence.add(["30/11/2023"])
    with pytest.raises(AmbiguousDates, match=r"'31/12/2023'.*'\d+/\d+/2021'"):
        evidence.settle("f.csv", "date")
