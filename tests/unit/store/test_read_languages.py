"""Which languages count as read."""

from __future__ import annotations

import pytest

from reviewlens.store.languages import Languages, unread_of


@pytest.mark.parametrize(
    ("codes", "read", "unread"),
    [
        (("en", "zh"), {"en"}, ("zh",)),
        (("hr", "en"), {"sr"}, ("en",)),
        (("no",), {"nb"}, ()),
        (("zh",), set(), ()),
        (("zh",), {"mul"}, ()),
    ],
    ids=["another", "told as Croatian", "another name", "nobody says", "any"],
)
def test_those_are_not_read_that_an_encoder_does_not_name(
    codes: tuple[str, ...], read: set[str], unread: tuple[str, ...]
) -> None:
    assert unread_of(codes, read) == unread


def test_an_expression_leaves_them_out() -> None:
    assert Languages(("en",), ("en", "th")).readable == 'language not in ["th"]'
    assert Languages(("sr",), ("hr",)).readable == ""
