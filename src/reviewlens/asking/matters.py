"""What a question asks about: its words without those of its frame."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from reviewlens.asking.frames import CLASSES, EDGES, bare, compiled
from reviewlens.asking.predicates import parted

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LINKS, _LEADING, _TRAILING, _LATE, _COMPOUNDS, _OF_COMPOUNDS = (
    "|".join(_TABLES[name].split())
    for name in ("links", "leading", "trailing", "late", "compounds", "of_compounds")
)
_FORMS: dict[str, list[str]] = _TABLES["forms"]
_SHORT = 3
"""Words of a question that may be nothing but what it is about."""

_TIMES = (
    r"(?:times? of (?:the )?(?:year|day)|points?|months?|weeks?|years?|seasons?|quarters?|dates?|"
    r"days?|patch|version)"
)
_WHICH = (
    r"^(?:(?:on|in|at|for|from|with|of) )?(?:which|what|who|where) (?:of (?:the|these) )?"
    r"(?:(?!is|are|has|have|gets?|do|does|should|can)[\w'-]+ )*?"
    r"(?:(?:is|are|has|have|gets?|do|does|should|can|did) (?:the |a )?)?"
)
_CHANGED = (
    r"^what (?:has |have |is |got )?(?:changed|different|better|worse|new|improved)"
    r"(?: (?:at|in|with|for|on|about|(?:after|since|than|when)\b.*))?(?: (?=\w)|$)|"
    r", (?:has|have|is|are|did) .*$"
)
_TO_CHANGE = r"(?<=like )(?:the )?\w+ to \w+(?: (?:on|in|about|to|with))? "


def matter_of(question: str, kind: str) -> tuple[str, str]:
    """Return what a question asks about, and what is asked of it.

    Args:
        question: Without the words of filters.
        kind: Of `kinds.Kind`.

    Returns:
        The matter as it stands in the question, empty where all is meant; and the words of what is
        asked of it, such as `worth the money`, empty where the kind says all.
    """
    text = " ".join(question.replace("’", "'").split()).strip(EDGES)
    linked = compiled(rf"^.*?\b(?:{_LINKS})\s+(?=\S)(?!(?:the )?most$)").match(text)
    if linked is not None:
        return _behind_link(text[linked.end() :], kind), ""
    if kind == "why":
        return bare(_of_why(text)), ""
    if kind == "which":
        asks = compiled(_WHICH).sub("", text)
        return bare(_early(_of_form(text, kind) or "")), asks if asks != text else ""
    text = _prepared(text, kind)
    asks = ""
    if kind in ("judgement", "change", "fact"):
        text, asks = parted(_early(text))
        if asks or text == "":
            return bare(text), asks
    formed = _of_form(text, kind)
    if formed is not None:
        return bare(_early(formed)), asks
    plain = (
        compiled(rf"\b(?:{{ARTICLES}}|{{PLURALS}}|{_LINKS}|is|are|of|on)\b").search(text) is None
    )
    if kind == "saying" and plain and len(text.split()) <= _SHORT:
        return text, ""
    return bare(_without_end(_without_start(_early(text)))), asks


def _early(text: str) -> str:
    """Return a question without the times and sources that it ends with."""
    return compiled(rf"[,\s]+(?:{_LATE})$").sub("", text)


def _behind_link(text: str, kind: str) -> str:
    further = compiled(rf"^.*\b(?:{_LINKS})\s+(?=\S)").match(text)
    matter = _early(text[further.end() :] if further else text)
    if kind in ("how_many", "when", "saying", "change", "complaints", "praise"):
        matter = _without_end(matter)
    return bare(matter)


def _prepared(text: str, kind: str) -> str:
    """Return a question without what only questions of its kind have."""
    if kind == "when":
        text = compiled(
            r"^(?:plot |show me )?(?:(?:at|in|on|during|since|from|until|for) )?"
            rf"(?:which|what|how long) (?:{_TIMES} )?"
            r"(?:is|are|was|were|has|have|had|did|do|does) (?:been )?"
        ).sub("", text)
        text = compiled(
            rf"\b(?:by|per|each|every) {_TIMES}\b|\bover time\b|\b(?:been )?causing \w+$|"
            r"\b(?:been )?out of order.*$|^plot\b|\bturn(?:ed)? .*$|\bfall$"
        ).sub("", text)
        return " ".join(text.split())
    if kind == "change":
        text = compiled(_CHANGED).sub("", text)
        return re.sub(r"^(\w+ )?(?:satisfaction|feedback|opinions?) (?:with|on|of) ", r"\1", text)
    return re.sub(_TO_CHANGE, "", text) if kind == "wishes" else text


def _of_why(text: str) -> str:
    """Return of what the reason is asked, without what people did."""
    subject = compiled(
        r"\b(?:is|are|was|were|does|do|did|has|have|how come) "
        r"(?P<of>(?:the|this|these|my|our|their) .+|"
        r"(?!(?:(?:some|so|many|most|few|a lot of|other) )*(?:{PLURALS})\b)\w.*)$"
    ).search(text)
    kept = subject["of"] if subject else text
    kept = compiled(
        r"\s+(?:rated|gets?|getting|ha(?:s|ve) such|such|so|below|above|sent|returned|replaced)"
        r"\b.*$"
    ).sub("", kept)
    if subject and not compiled(r"\b(?:of|for)\b|^(?:the )?{REASON}\b").search(kept):
        return _without_end(kept)
    acted = compiled(r"\b(?:{PLURALS})\b (?P<did>.*)$").search(kept)
    if acted is None:
        return _without_end(_without_start(kept))
    given = compiled(
        r"\b(?:{ARTICLES})\s+(?!refund|money|lot)\S.*$|"
        r"\b(?:{LEAVE}|switch to|like|love|buy|stop buying) (?!because).+$"
    ).search(acted["did"])
    if given is None:
        return ""
    few = r"\s+(?:only )?(?:few|low|bad|one|two|three|\d) \w+$"
    return _without_end(_without_start(re.sub(few, "", given[0])))


def _of_form(text: str, kind: str) -> str | None:
    """Return what stands where a form of questions has its matter; None where it has none."""
    for form in _FORMS.get(kind, ()):
        found = compiled(form).search(text)
        if found is not None:
            matter = str(found[1])
            return _without_end(_without_start(matter)) if kind == "which" else matter
    return None


def _without_start(text: str) -> str:
    """Take off the words of the frame that a question begins with."""
    word = compiled(rf"^(?:{_LEADING})(?:'s|'t|n't)?(?=\s|$|,)[\s,]*")
    article = compiled(
        rf"^(?:{{ARTICLES}})\s+(?=(?:{_LEADING})(?:\s|$))(?!(?:{{ARTICLES}})\s+\S+$)"
    )
    compound = compiled(rf"^(?:{_COMPOUNDS}) (?:{_OF_COMPOUNDS})\b")
    while text and (found := word.match(text) or article.match(text)):
        if compound.match(text):
            break
        text = text[found.end() :]
    return text


def _without_end(text: str) -> str:
    """Take off the words of the frame that a question ends with."""
    word = compiled(rf"[\s,]+(?:{_TRAILING})$")
    while found := word.search(text):
        if compiled(r"\b(?:the|a|an|their|our|its)$").search(text[: found.start()]):
            break
        text = text[: found.start()].strip(EDGES)
    nothing = compiled(rf"^(?:{_TRAILING})$").match(text)
    return "" if nothing and not compiled(CLASSES["BEGIN"]).match(text) else text
