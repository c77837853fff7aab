from __future__ import annotations

import pytest

from reviewlens.errors import InputError
from reviewlens.reading.names import Role
from reviewlens.reading.template import compile_template, embed, fixed_words, without_fixed

HEADER = ["Summary", "Text", "a:b"]
ROLES: dict[Role, str] = {"title": "Summary", "text": "Text", "id": "a:b"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{Summary} | {Text}", "Nice | Good & cheap"),
        ("{summary}/{a:b}", "Nice/c"),
        ("{title}: {text}", "Nice: Good & cheap"),
        ("{{{Text}}}", "{Good & cheap}"),
    ],
)
def test_template_is_filled_with_cleaned_values(template: str, filled: str) -> None:
    fill = compile_template(template, "f.csv", HEADER, ROLES)
    assert fill(["Nice", "Good &amp; cheap<br/>", "c"]) == filled
    assert fill(["", " ", ""]) == ""


@pytest.mark.parametrize("template", ["{Text} {", "}", "no column", "", "{id}"])
def test_template_that_cannot_be_filled_is_refused(template: str) -> None:
    with pytest.raises(InputError, match=r"The text template|has no column 'id'"):
        compile_template(template, "f.csv", HEADER, ROLES)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{Text}" * 11, "names 'Text' 11 times; at most 10"),
        ("{Text}" + "a" * 10_000, "has 10,006 characters; at most 10,000"),
    ],
)
def test_template_that_makes_much_of_each_row_is_refused(template: str, said: str) -> None:
    compile_template("{Text}" * 10, "f.csv", HEADER, ROLES)
    with pytest.raises(InputError, match=said) as refused:
        compile_template(template, "f.csv", HEADER, ROLES)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("title", "text", "embedded"),
    [
        ("T", "x", "Title: T; Content: x"),
        ("", "x", "x"),
        ("T", "", "Title: T"),
        ("", "", ""),
    ],
)
def test_title_and_text_are_put_together(title: str, text: str, embedded: str) -> None:
    assert embed(title, text) == embedded


def test_row_of_placeholders_alone_fills_no_template() -> None:
    fill = compile_template("Job: {job}; Age: {age}", "f.csv", ["job", "age"], {})
    assert fill(["N/A", " - "]) == ""
    assert fill(["N/A", "30"]) == "Job: N/A; Age: 30"


@pytest.mark.parametrize(
    ("template", "fixed"),
    [
        ("{headline}. Pros: {pros} Cons: {cons}", ("Pros:", "Cons:")),
        ("{Summary} | {Text}", ()),
        ("Age: {age}; Job: {job}", ("Age:", "Job:")),
        ("{{x}} says {text}", ("x  says",)),
    ],
)
def test_what_a_template_writes_itself_is_known(template: str, fixed: tuple[str, ...]) -> None:
    assert fixed_words(template) == fixed


def test_only_what_the_template_wrote_is_taken_out() -> None:
    text = "Good. Pros: all the pros: pay, Pros Cons: none"
    assert without_fixed(text, ("Pros:", "Cons:")).split("\n") == [
        "Good. ",
        " all the pros: pay, Pros ",
        " none",
    ]
    assert without_fixed("Prospects", ("Pros",)) == "Prospects"
