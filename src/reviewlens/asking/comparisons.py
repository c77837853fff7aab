"""What a question compares."""

from __future__ import annotations

import re

from reviewlens.asking.frames import EDGES, bare, compiled

_BETWEEN = (
    r"\s+(?:vs\.?|versus)\s+",
    r"\s+than\s+",
    r"\s+compare[sd]? (?:to|with|against)\s+",
    r"\s+(?:apart|different|differ|differs) from\s+",
    r"\s+stacks? up against\s+",
    r"\s+against\s+",
    r",?\s+or\s+",
    r"\s+over\s+",
    r"\s+and\s+",
    r"\s+as \w+ as\s+",
    r"\s+with\s+",
    r"\s+to\s+",
)
_BEFORE = re.compile(
    r"^.*?\b(?:differences? between|prefer\w*,?|like (?:more|better|best|most),?|compare|contrast|"
    r"between|reviews of|better,|reliable,|think of|sets|should i \w+|do (?:people|\w+s) "
    r"(?:like|find|use|choose|rate)|which is (?:more )?\w+,|(?:which|what) .*?,)\s+",
    re.IGNORECASE,
)
_REVIEWS_OF = re.compile(r"^(?:the )?(?:reviews|ratings|opinions) (?:of|on|about) ", re.IGNORECASE)
_VERB = re.compile(r"^(?:how )?(?:is|are|was|were|do|does|did|should|can)\s+", re.IGNORECASE)
_AFTER = re.compile(
    r"[,\s-]+(?:which|what|who|where|differ|compare|compared|whose|in reviews|more|better|worse|"
    r"when it "
    r"comes to|do|does|is|are)\b.*$",
    re.IGNORECASE,
)


def parts_of(question: str) -> tuple[str, ...]:
    """Return the two that a question compares, as they stand in it; empty where they are not."""
    text = " ".join(question.replace("’", "'").split()).strip(EDGES)
    for between in _BETWEEN:
        found = re.search(between, text, re.IGNORECASE)
        if found is None:
            continue
        left, right = text[: found.start()], text[found.end() :]
        left = _REVIEWS_OF.sub("", _BEFORE.sub("", f"{left} ")).strip()
        verb = _VERB.match(left)
        right = re.sub(r"\s+more \w+$", "", right)
        if verb:
            words = left[verb.end() :].split()
            left = " ".join(words[: _compared_until(words)])
        left = re.sub(r"\s+(?:better|worse|more|less)$", "", left)
        parts = bare(left), bare(_AFTER.sub("", right))
        if all(parts):
            return parts
    return ()


def _compared_until(words: list[str]) -> int:
    predicate = compiled(
        r"(?:{BETTER}|{GOOD}|more|less|\w{3,}[^aeiou]er|\w+ier|rated|hold|as|higher|last)"
    )
    return next((at for at, one in enumerate(words) if at and predicate.fullmatch(one)), len(words))
