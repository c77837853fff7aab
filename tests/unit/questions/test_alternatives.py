"""Parameters of which one may be given, or must."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reviewlens.cli.questions import flag_of
from reviewlens.errors import InputError
from reviewlens.questions import Asked, one_of


@one_of("by", "query_text", "stars", required=True)
def needed(
    lease: None,
    *,
    by: str | None = None,
    query_text: Sequence[str] = (),
    stars: bool = False,
) -> str:
    """Need one."""
    return by or " ".join(query_text)


@one_of("n", "share")
def excluding(lease: None, *, n: int | None = None, share: float | None = None) -> None:
    """Take one or none."""


@pytest.mark.parametrize(
    ("given", "clear"),
    [
        ({"by": "city"}, True),
        ({"by": ""}, True),  # refused, if at all, as a column that is not there
        ({"query_text": ["late"]}, True),
        ({"stars": True}, True),
        ({}, False),
        ({"query_text": ()}, False),
        ({"stars": False}, False),
        ({"by": "city", "stars": True}, False),
    ],
)
def test_one_must_be_given(given: dict[str, Any], clear: bool) -> None:  # noqa: FBT001
    asked = Asked(needed)
    if clear:
        asked.bind(**given)
    else:
        with pytest.raises(InputError, match=r"^give one of by, query_text and stars$"):
            asked.bind(**given)


def test_of_two_that_exclude_each_other_none_need_be_given() -> None:
    asked = Asked(excluding)
    asked.bind()
    asked.bind(n=0)
    with pytest.raises(InputError, match=r"^give n or share, not both$"):
        asked.bind(n=0, share=0.5)


def test_a_command_calls_them_by_its_options() -> None:
    told = Asked(needed).unclear({}, flag_of)
    assert told == "give one of --by, --query-text and --stars"
