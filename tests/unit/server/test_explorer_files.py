"""The explorer's files: that they fit together, load nothing from elsewhere, and can be read."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from reviewlens.server.pages import PAGES, document

WEB = Path(str(files("reviewlens.server"))) / "web"
SCRIPTS = sorted(WEB.rglob("*.js"))
SHEETS = sorted(WEB.rglob("*.css"))

# What would take a text for HTML or for a program, or set a style that the policy refuses.
FORBIDDEN = re.compile(
    r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\b"
    r"|setAttribute\(\s*[\"']style[\"']|DOMParser|srcdoc"
)
IMPORT = re.compile(r"^(?:import|export) ([^;]*?)\s*from \"([^\"]+)\";", re.MULTILINE)
COLOUR = re.compile(r"(?<![\w&-])#[0-9a-fA-F]{3,8}\b(?!\s*\{)|\b(?:rgb|hsl|oklch)a?\(")


def _named(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_what_a_script_imports_is_there(script: Path) -> None:
    for names, source in IMPORT.findall(script.read_text(encoding="utf-8")):
        assert source.startswith("/static/"), source
        target = WEB / source.removeprefix("/static/")
        assert target.is_file(), source
        wanted = {one.partition(" as ")[0].strip() for one in names.strip("{}").split(",")}
        assert wanted - {""} <= _exported(target), source


def _exported(script: Path) -> set[str]:
    text = script.read_text(encoding="utf-8")
    lists = re.findall(r"^export \{([^}]*)\}", text, re.MULTILINE)
    listed = {one.rpartition(" as ")[2].strip() for inside in lists for one in inside.split(",")}
    declared = r"^export (?:async )?(?:function|const|class) (\w+)"
    return listed | set(re.findall(declared, text, re.MULTILINE))


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_no_script_takes_a_text_for_html(script: Path) -> None:
    assert not FORBIDDEN.search(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES)
def test_a_document_has_nothing_inline_and_nothing_from_elsewhere(path: str) -> None:
    text = document(path)
    assert "$" not in text
    assert f'src="/static/{PAGES[path].module}.js"' in text
    assert f"<title>{PAGES[path].title} " in text
    assert re.search(r"<html lang=\"en\"", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    for address in re.findall(r"(?:src|href|action)=\"([^\"]+)\"", text):
        assert address.startswith("/"), address
        assert not address.startswith("//"), address
        if address.startswith("/static/"):
            assert (WEB / address.removeprefix("/static/")).is_file(), address


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_colours_before_it_is_drawn(path: str) -> None:
    head = document(path).partition("</head>")[0]
    assert '<script src="/static/shared/theme.js"></script>' in head
    assert "/static/shared/style.css" in head


@pytest.mark.parametrize("sheet", SHEETS, ids=_named)
def test_a_sheet_loads_nothing_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("sheet", SHEETS, ids=_named)
def test_colours_are_named_once(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = re.sub(r"^\s*--[\w-]+:[^;]*;", "", text, flags=re.MULTILINE)
    assert COLOUR.findall(named) == []
    known = _colours("light")
    for used in re.findall(r"var\(--([\w-]+)\)", text):
        assert used in known or re.search(rf"--{used}\b\s*:", text) or used in _PLAIN, used


def test_light_and_dark_name_the_same_colours() -> None:
    coloured = {name for name, value in _colours("light").items() if value.startswith("#")}
    assert set(_colours("dark")) - {"shadow"} == coloured - {"veil"}
    assert len(coloured) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        *[
            (text, ground, 4.5)
            for text in ("text", "muted", "accent", "accent-strong", "good", "warn", "bad")
            for ground in ("ground", "surface", "sunken", "hover")
        ],
        *[(f"series-{place}", "surface", 3.0) for place in range(1, 13)],
        ("accent-strong", "accent-soft", 4.5),
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-strong", 4.5),
        ("text", "mark", 4.5),
        ("on-mark", "mark-strong", 4.5),
        ("good", "good-soft", 4.5),
        ("warn", "warn-soft", 4.5),
        ("bad", "bad-soft", 4.5),
        ("edge", "surface", 3.0),
        ("edge", "ground", 3.0),
        ("star", "surface", 3.0),
        ("fill", "sunken", 3.0),
    ],
)
def test_colours_have_contrast(theme: str, text: str, ground: str, least: float) -> None:
    colours = _colours("light") | (_colours("dark") if theme == "dark" else {})
    assert _contrast(colours[text], colours[ground]) >= least


_PLAIN = ("sans", "mono", "shadow")


def _colours(theme: str) -> dict[str, str]:
    """Return the custom properties of a theme by name, those that are no colour too."""
    text = (WEB / "shared" / "style.css").read_text(encoding="utf-8")
    start = ":root {" if theme == "light" else ':root[data-theme="dark"] {'
    block = text.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_that_of_the_standard() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
