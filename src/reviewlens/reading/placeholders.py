"""Words that stand where nothing was written: `nan`, `N/A`, `-`, `keine Angabe`."""

from __future__ import annotations

import re

_LONGEST = 32
_SIGNS = re.compile(r"[\s\-–—_.…·*/\\,;:~|]+")
_EDGES = " \t\r\n\xa0.<>()[]\"'"
# What programs write, and what people write who have nothing to say; without points and brackets.
_KNOWN = """
    nan, -nan, null, nil, none, n/a, n.a, n. a, na, #n/a, #na, #n/a n/a, nat, undefined, #null,
    #null!, #value, #value!, #ref, #ref!, #div/0, #div/0!, #name?, #num, #num!,
    (blank), (empty), <empty>, [empty], no comment, no comments, no comment provided,
    no comments provided, no comment given, nocomment, no review, no review text, no text,
    no content, no answer, no response, no feedback, not applicable, not available, not provided,
    not specified,
    keine angabe, keine angaben, k.a, k. a, k/a, kein kommentar, keine kommentare, entfällt,
    kein text, keine antwort, nicht angegeben,
    sans commentaire, sans commentaires, pas de commentaire, aucun commentaire, non renseigné, s/o,
    sin comentario, sin comentarios, sin respuesta, no aplica, sin datos,
    nessun commento, senza commento, nessuna risposta, non disponibile,
    sem comentário, sem comentários, sem comentario, sem comentarios, sem resposta, não informado,
    geen commentaar, geen opmerking, geen opmerkingen, geen reactie, n.v.t, nvt,
    brak, brak komentarza, nie dotyczy, bez komentarza,
    нет комментариев, нет комментария, без комментариев, без комментария, нет данных, н/д,
    yorum yok, yorumsuz, yok,
    无, 无评论, 暂无评论, 没有评论, 暂无, 此用户没有填写评论, 该用户未填写评价内容, 空,
    なし, 特になし, コメントなし, 特にありません, 該当なし, 없음, 해당 없음, 의견 없음, 내용 없음
"""
_WORDS = frozenset(word.strip() for word in _KNOWN.split(","))
_ALONE = frozenset((*_EDGES, *"-–—_.…·*/\\,;:~|#", *(word for word in _WORDS if len(word) == 1)))
_BEGUN = frozenset(
    first + second
    for word in _WORDS
    for first in (word[0], word[0].upper())
    for second in (word[1:2], word[1:2].upper())
)
"""What a placeholder may begin with: most values do not, and need no further look."""


def is_placeholder(value: str) -> bool:
    """Tell whether a value that is not blank stands for none: a known word, or strokes and points.

    The whole value must be one: `None of it works` says something, and so do `?`, `!!` and `:)`.
    """
    if value[:2] not in _BEGUN and value[:1] not in _ALONE:
        return False
    if len(value) > _LONGEST and len(value := value.strip()) > _LONGEST:
        return False
    if _SIGNS.fullmatch(value):
        return not value.isspace()
    word = " ".join(value.casefold().split())
    return word in _WORDS or word.strip(_EDGES) in _WORDS


def filled(value: str) -> str:
    """Return a value, stripped; empty where it is blank or stands for none."""
    return "" if is_placeholder(value) else value.strip()
