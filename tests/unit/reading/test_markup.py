from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.reading.markup import clean_markup


@pytest.mark.parametrize(
    "text",
    ["I <3 this", "price < 5 and > 3", "a<b", "a<b and c>d", "x <y> z", "?a=1&copy=2", "AT&T",
     "R&D <b", "<<<", "Q&A; really", "5 > 4", "None"],
)  # fmt: skip
def test_text_that_only_looks_like_markup_survives(text: str) -> None:
    assert clean_markup(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Good<br /><br />stuff", "Good\nstuff"),
        ("<p>Hi <b>you</b></p><p>there", "Hi you\nthere"),
        ('<a href="https://x.y/?a=1" class=z>link</a>!', "link!"),
        ("Tom &amp; Jerry&nbsp;&#39;s&quot;", "Tom & Jerry 's\""),
        ("&lt;b&gt; stays", "<b> stays"),
        ("a <!-- hidden --> b", "a b"),
        ("a<script>evil()</script>b", "a b"),
        ("<3 &hearts; &notanentity;", "<3 ♥ &notanentity;"),
        ("  padded  ", "padded"),
    ],
)
def test_markup_is_cleaned(text: str, cleaned: str) -> None:
    assert clean_markup(text) == cleaned


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])))
def test_escaped_text_comes_back(text: str) -> None:
    assert clean_markup(html.escape(text)) == text


@pytest.mark.parametrize(
    "text",
    ["<!--" * 16_000, "<script" * 9_000, "<script>" * 8_000, "<script></script" * 4_000 + "<",
     "<" + " " * 65_000 + "x", "<style>x</style " + " " * 65_000],
)  # fmt: skip
def test_markup_that_is_never_closed_takes_no_time(text: str) -> None:
    started = time.thread_time()
    assert clean_markup(text) == clean_markup(clean_markup(text))
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a<!-- <b> -->c", "a c"),
        ("a<!---->b", "a b"),
        ("a<!-->b", "a<!-->b"),
        ("a<script>1<2</SCRIPT >b<style x='>'>y</style>c", "a b c"),
        ("a<script>b<!-- c -->d", "a<script>b d"),
        ("a<script b<style>c</style>d", "a<script b d"),
        ("a<scripts>b</scripts>", "a<scripts>b</scripts>"),
        ("a  \n  <b>b</b>\n\n c", "a\nb\nc"),
    ],
)
def test_hidden_markup_goes(text: str, clean: str) -> None:
    assert clean_markup(text) == clean
