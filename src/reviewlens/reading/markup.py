"""HTML in reviews: tags removed, entities resolved, everything else left alone."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

_BLOCKS = "address article blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li \
main ol p pre section table tbody td tfoot th thead tr ul"
_INLINE = "a abbr acronym b bdi bdo big center cite code del dfn em font i img ins kbd label mark \
nobr o:p q rp rt ruby s samp small span strike strong sub sup svg tt u var video wbr"
_OPENING = re.compile(r"<(?:!--|(script|style)\b)", re.IGNORECASE | re.ASCII)
_CLOSING = {
    "": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_TAG = re.compile(
    rf"""<(?:/\s*)?({"|".join(f"{_BLOCKS} {_INLINE}".split())})
    (?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*   # attributes, each with a value
    \s*/?>""",
    re.IGNORECASE | re.VERBOSE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp\b")
_SPACES = re.compile(r"[ \t\xa0]{2,}|\xa0")
_BLOCK_NAMES = frozenset(_BLOCKS.split())


def clean_markup(text: str) -> str:
    """Return the text as a reader sees it: tags gone, entities resolved, ends stripped.

    Only known tags go, and only when they are well formed: `I <3 this`, `price < 5 and > 3`
    and `a<b and c>d` are text, which `html.parser` takes for tags and drops. Entities need their
    semicolon (but for `&nbsp`), so `?a=1&copy=2` is left alone. Block tags and `<br>` become line
    breaks.
    """
    if "<" not in text and "&" not in text:
        return text.strip()
    if "<" in text:
        text = _TAG.sub(_replacement, _without_hidden(text))
    text = _lines_trimmed(resolve_entities(text))
    if "  " in text or "\t" in text or "\xa0" in text:
        text = _SPACES.sub(" ", text)
    return text.strip()


def resolve_entities(text: str) -> str:
    """Return the text with the characters that entities such as `&amp;` and `&#34;` stand for."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _lines_trimmed(text: str) -> str:
    """Drop blank lines, and the blanks at the ends of others."""
    first, *lines = text.split("\n")
    lines = [line for line in map(str.lstrip, lines) if line]
    return "\n".join(line.rstrip(" \t\xa0") for line in (first, *lines))


def _without_hidden(text: str) -> str:
    """Put a blank for each comment, script and style sheet that is closed.

    One regular expression would look for the end of each opening anew, which takes minutes where
    a thousand stand in a text and none is closed.
    """
    parts: list[str] = []
    unclosed: set[str] = set()
    kept, bracket = 0, 0
    for opening in _OPENING.finditer(text):
        name, inside = (opening[1] or "").lower(), opening.end()
        if opening.start() < kept or name in unclosed:
            continue
        if name:
            bracket = bracket if bracket >= inside else text.find(">", inside)
            if bracket < 0:
                break  # nothing further is closed
            inside = bracket + 1
        if closing := _CLOSING[name].search(text, inside):
            parts += [text[kept : opening.start()], " "]
            kept = closing.end()
        else:
            unclosed.add(name)
    return "".join([*parts, text[kept:]])


def _character(match: re.Match[str]) -> str:
    entity = match[0] if match[0].endswith(";") else f"{match[0]};"
    # unescape() would make "¬anentity;" of "&notanentity;"
    return unescape(entity) if entity[1] == "#" or entity[1:] in html5 else match[0]


def _replacement(match: re.Match[str]) -> str:
    return "\n" if match[1].lower() in _BLOCK_NAMES else ""
