from __future__ import annotations

import re

import pytest

from reviewlens.document import (
    ROWS,
    Document,
    Entry,
    Facts,
    Gap,
    Part,
    Quote,
    Table,
    Text,
    bars,
    counted,
    markdown,
    notebook,
    terminal,
    wrapped,
)

ESCAPES = re.compile(r"\x1b\[\d+m")
HOSTILE = "<script>alert(1)</script> | *bold* `code` # head [link](x)"


def plain(document: Document, width: int) -> list[str]:
    return ESCAPES.sub("", terminal(document, width)).split("\n")


def test_entries_stand_behind_their_numbers() -> None:
    entry = Entry(
        "0.98 · webshop:1", (Text("it broke after a week of use"),), 7, "figures", "1 star"
    )
    assert plain((entry,), 24) == [
        "  7  0.98 · webshop:1",
        "     1 star",
        "     it broke after a",
        "     week of use",
    ]


def test_facts_leave_out_what_is_empty_and_align_the_rest() -> None:
    facts = Facts(
        "Looked at", {"texts": 1_234, "none": None, "by star": {"1": 2}, "ids": ("a", "b")}
    )
    assert plain((facts,), 80) == [
        "Looked at",
        "  texts    1,234",
        "  by star  1: 2",
        "  ids      a, b",
    ]


TABLE = Table(("product", "reviews"), (("A kettle with a long name", "12"), ("湯沸かし", "3,456")))


@pytest.mark.parametrize("width", [20, 40, 80, 160, 200])
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int) -> None:
    from rich.cells import cell_len

    lines = plain((TABLE,), width)
    assert all(cell_len(line) <= width for line in lines)
    words = " ".join(" ".join(lines).split())
    assert "3,456" in words
    assert set(["A", "kettle", "with", "a", "long", "name"]) <= set(words.split())
    ends = {cell_len(line) for line in lines if line.endswith(("12", "456", "reviews"))}
    assert len(ends) == 1  # figures stand below each other, also where characters take two columns


def test_a_wide_table_has_its_figures_at_the_edge_and_notes_below_its_rows() -> None:
    table = Table(("", ""), (("one", "1"), ("two", "2")), wide=True, notes=((), (Text("why"),)))
    assert plain((table,), 20) == ["  one              1", "  two              2", "    why"]


def test_bars_give_way_before_the_names_beside_them_and_show_their_end() -> None:
    assert bars([0, None, 1, 100, 50]) == "▁ ▂█▅"
    table = Table(("by", "", "n"), (("one", bars(range(30)), "1"), ("a name", "▁", "2")), drawn=1)
    wide, narrow = plain((table,), 80), plain((table,), 24)
    assert wide[1:] == ["  one     " + bars(range(30)) + "  1", "  a name  ▁" + " " * 31 + "2"]
    assert narrow[1:] == ["  one     …" + bars(range(30))[-10:] + "  1", narrow[2]]
    assert bars(range(30)) in markdown((table,))


def test_what_is_cut_ends_with_an_ellipsis() -> None:
    assert wrapped("one two three four", 9, 1) == ["one…"]
    assert wrapped("one two", 9, 1) == ["one two"]
    assert wrapped("", 9) == []
    assert wrapped("x" * 25, 10, 2) == ["x" * 10, "x" * 9 + "…"]


def every_part(text: str) -> Document:
    parts: tuple[Part, ...] = (
        Text(text),
        Text(text, "strong"),
        Quote(text, text, text),
        Facts(text, {text: text}),
        Table((text, text), ((text, text),), notes=((Text(text),),)),
        Gap(),
    )
    return (*parts, Entry(text, parts, 1, "strong", text))


def test_a_notebook_takes_no_text_for_html() -> None:
    shown = notebook(every_part(HOSTILE))
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 28
    opened = re.findall(r"<(\w+)", shown)
    assert sorted(opened) == sorted(re.findall(r"</(\w+)", shown))


def test_a_notebook_cuts_tables_and_lists_and_says_so() -> None:
    rows = tuple((str(number), "x") for number in range(ROWS + 5))
    entries = tuple(Entry(f"head {number}", (), number) for number in range(ROWS + 5))
    shown = notebook((Table(("", ""), rows), *entries))
    assert f"The first {ROWS} of {ROWS + 5} rows." in shown
    assert f"The first {ROWS} of {ROWS + 5} entries." in shown
    assert "head 19" in shown
    assert "head 20" not in shown


def test_markdown_reads_back_as_the_text_that_was_said() -> None:
    from markdown_it import MarkdownIt

    for text in (HOSTILE, "- no list", "1. no list either", "_a_ ~~b~~", r"back\slash"):
        html = MarkdownIt("commonmark").enable("table").render(markdown(every_part(text)))
        said = re.sub(r"<[^>]+>", "", html)
        for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            said = said.replace(mark, sign)
        assert said.count(text) == 28, text
        assert "<script" not in html
        assert "<code>" not in html


def test_markdown_of_a_list_keeps_what_belongs_to_an_entry_with_it() -> None:
    assert markdown((Entry("head", (Text("one"), Quote("two", "id")), 3, ""),)) == (
        "3. head\n\n   one\n\n   > id: “two”\n"
    )


def test_a_number_has_its_thing_and_its_verb_in_the_same_number() -> None:
    told = [counted(number, "review", "is", "are") for number in (0, 1, 2, 1_200)]
    assert told == ["0 reviews are", "1 review is", "2 reviews are", "1,200 reviews are"]
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
