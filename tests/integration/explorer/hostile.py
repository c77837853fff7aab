"""Fifty reviews that a page must show as the text they are."""

from __future__ import annotations

from pathlib import Path

_SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//example.invalid/x.js></SCRIPT>",
    "</textarea><script>alert(2)</script>",
    "</title><script>alert(3)</script>",
    "<script type=module>alert(4)</script>",
    "<scr<script>ipt>alert(5)</scr</script>ipt>",
    "<!--><script>alert(6)</script-->",
    "<noscript><p title='</noscript><script>alert(7)</script>'>",
    "<template><script>alert(8)</script></template>",
    "<style>*{background:url('javascript:alert(9)')}</style>",
)
_HANDLERS = (
    "<img src=x onerror=alert(10)>",
    '<img src="x" onload="alert(11)">',
    "<body onload=alert(12)>",
    "<details open ontoggle=alert(13)>open</details>",
    "<input autofocus onfocus=alert(14)>",
    "<video><source onerror=alert(15)></video>",
    "<marquee onstart=alert(16)>sale</marquee>",
    '" onmouseover="alert(17)',
    "' onclick='alert(18)",
    "<a onpointerenter=alert(19)>hover</a>",
)
_DRAWINGS = (
    "<svg onload=alert(20)>",
    "<svg><script>alert(21)</script></svg>",
    "<svg><animate onbegin=alert(22) attributeName=x dur=1s>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(23)</script>'></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(24)>#x'/></svg>",
    "<math><mtext><style><img src=x onerror=alert(25)></style></mtext></math>",
    "<object data='data:text/html,<script>alert(26)</script>'></object>",
    "<embed src='javascript:alert(27)'>",
    "<iframe src='javascript:alert(28)'></iframe>",
    "<link rel=stylesheet href='data:text/css,*{display:none}'>",
)
_LINKS = (
    "javascript:alert(30)",
    "[click](javascript:alert(31))",
    "<a href='javascript:alert(32)'>click</a>",
    "<a href='jav&#x09;ascript:alert(33)'>click</a>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgzNCk8L3NjcmlwdD4=",
    "<form action='javascript:alert(35)'><button>send</button></form>",
    "<base href='https://example.invalid/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(37)'>",
    "{{constructor.constructor('alert(38)')()}}",
    "${alert(39)} #{alert(39)} <%= alert(39) %>",
)
_CHARACTERS = (
    "safe \u202egnp.exe\u202c after an override from right to left",
    "\u2067isolated from right to left\u2069 and on",
    "zero\u200bwidth\u200cjoined\u200dtext\ufeff",
    "a line\u2028of another\u2029kind",
    "null \ufffd and bell \u0007 and escape \u001b[31m red",
    "combining z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b marks",
    "العربية من اليمين <b>إلى</b> اليسار",
    "中文评论<script>alert(47)</script>",
    "=HYPERLINK(\"http://example.invalid/\",\"prize\")",
    "&lt;script&gt;alert(49)&lt;/script&gt; &#60;b&#62;",
)  # fmt: skip

HOSTILE = (*_SCRIPTS, *_HANDLERS, *_DRAWINGS, *_LINKS, *_CHARACTERS)


def write_hostile(file: Path) -> None:
    """Write them as a CSV whose every column is as hostile as its text."""
    import csv

    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ["id", "text", "title", "rating", "date", "product", "author", "shop", "<b>size</b>"]
        )
        for number, text in enumerate(HOSTILE):
            product = HOSTILE[number % 5]
            rows.writerow(
                [f"{number}/{text[:20]}", f"The parcel came and it said: {text}", text,
                 1 + number % 5, f"2026-{1 + number % 9:02d}-03", product, text, text, text]
            )  # fmt: skip
