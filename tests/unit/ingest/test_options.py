"""Settings of an ingest are of the kind that they are declared to be, or refused by name."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reviewlens.errors import InputError
from reviewlens.ingest import ingest_options
from reviewlens.ingest.options import DEFAULTS, IngestOptions, IngestSettings
from reviewlens.questions import settings_of


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("date_order", "MDY", "one of dmy, mdy, ymd; did you mean 'mdy'?"),
        ("date_order", "ydm", "one of dmy, mdy, ymd"),
        ("repeats", "dorp", "did you mean 'drop'?"),
        ("long", "cut", "one of split, truncate"),
        ("quoted_rows", "splt", "did you mean 'split'?"),
        ("force", "no", "True or False"),
        ("replace", 1, "True or False"),
        ("sheet", 5.5, "a text or a whole number"),
        ("sheet", 0, "a whole number from 1"),
        ("rating_scale", (1, math.nan), "the lowest and the highest"),
        ("rating_scale", (-math.inf, math.inf), "the lowest and the highest"),
        ("rating_scale", (1,), "the lowest and the highest"),
        ("rating_scale", (1, 10**400), "the lowest and the highest"),
        ("rating_scale", ("1", "10"), "a text or a pair of numbers"),
        ("rating_scale", "10..1", "such as 1..10"),
        ("latest", "5", "a whole number"),
        ("latest", 1.5, "a whole number"),
        ("latest", True, "a whole number"),
        ("latest", 0, "from 1"),
        ("skip_rows", -1, "from 0 to 100,000"),
        ("skip_rows", "1", "a whole number"),
        ("skip_rows", 10**12, "from 0 to 100,000"),
        ("source", 5, "a text"),
        ("source", [], "a text"),
        ("source", "shop\ud83d", "whole characters"),
        ("columns", ["text"], "for each role"),
        ("columns", {"text": 5}, "for each role"),
        ("text_template", 5, "a text"),
        ("min_tokens", "1", "a whole number"),
        ("tokenizer", 5, "a text"),
        ("names", "a,b", "a list of texts"),
        ("names", {"a", "b"}, "a list of texts"),
        ("quote", 5, "a text"),
        ("escape", b"x", "a text"),
    ],
)
def test_setting_of_another_kind_is_refused(name: str, value: Any, wanted: str) -> None:
    with pytest.raises(InputError) as refused:
        ingest_options(**{name: value})  # type: ignore[misc]
    assert wanted in str(refused.value)
    assert name.split("_")[0] in str(refused.value)
    assert refused.value.field == name


def test_none_is_not_given() -> None:
    settings: Any = dict.fromkeys(["source", "columns", "sheet", "latest", "long", "force"])
    assert ingest_options(**settings) == ingest_options() == IngestOptions()


def test_settings_are_taken_as_they_are() -> None:
    options = ingest_options(
        rating_scale=(1, 10), names=[], columns={"text": ["a", "b"], "time": ""}, sheet=2
    )
    assert options.read.rating_scale == (1.0, 10.0)
    assert options.read.names == ()
    assert options.read.columns == {"text": ("a", "b"), "time": ""}
    assert options.read.sheet == "2"


def test_settings_are_declared_for_the_command() -> None:
    settings = settings_of(IngestSettings, DEFAULTS)
    assert list(settings) == list(IngestSettings.__annotations__)
    assert all(setting.help for setting in settings.values())
    long, skipped, scale = (settings[name] for name in ("long", "skip_rows", "rating_scale"))
    assert (long.choices, long.default, long.many) == (("split", "truncate"), "split", False)
    assert skipped.range == "a whole number at least 0 and at most 100000"
    assert (scale.kind, scale.many, scale.default) == (str, False, None)


@pytest.mark.parametrize(
    ("code", "hint"),
    [("german", "; did you mean 'de'?"), ("eng", "; did you mean 'en'?"), ("xx", "for any")],
)
def test_a_code_of_no_language_is_refused(code: str, hint: str) -> None:
    with pytest.raises(InputError, match="which is the code of no language") as refused:
        ingest_options(reads=["en", code])
    assert str(refused.value).endswith(hint)
    assert refused.value.field == "reads"


def test_norwegian_is_one_language_and_any_is_no_code() -> None:
    assert ingest_options(reads=["nb", "ka"]).reads == {"no", "ka"}
    assert ingest_options(reads=["mul"]).reads == {"mul"}
