"""Which column plays which role, found by the usual names or given by the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal, get_args

from reviewlens.errors import ColumnError, nearest
from reviewlens.reading.dates import is_serial, is_time
from reviewlens.reading.placeholders import is_placeholder
from reviewlens.reading.ratings import is_rating

Role = Literal["text", "title", "rating", "time", "product", "author", "id"]
ROLES: tuple[Role, ...] = get_args(Role)

# Ranked: of two columns the one named further to the front is taken.
_USUAL: Mapping[Role, str] = {
    "text": """
        reviewtext text reviewbody reviewcontent content body review verifiedreviews reviews
        reviewstext comment comments commenttext feedbacktext message description
        rezension bewertungstext kommentar bewertung avis commentaire texte contenu resena
        comentario texto opinion recensione testo 评论 评论内容 评价 内容 レビュー 本文 note
        """,
    "title": """
        summary reviewtitle title reviewsummary reviewheadline headline header heading subject
        reviewstitle titel uberschrift titre titulo titolo 标题 タイトル
        """,
    "rating": """
        rating score starrating stars star overall reviewrating reviewscore reviewsrating ratings
        overallrating userrating ratingvalue points sterne punkte bewertung note etoiles
        puntuacion calificacion estrellas valoracion voto 评分 星级 評価
        """,
    "time": """
        time unixreviewtime reviewsubmitmillissinceepoch timestamp date datetime reviewdate
        reviewtime reviewsubmitdateandtime reviewcreatedutc datecreatedutc reviewsdate at
        createdat created timestampcreated createdate datecreated dateadded submittedat
        submissiondate publishedat publisheddate publishdate posteddate postedat dateposted
        datepublished reviewedat updated datum fecha 时间 日期 日付
        """,
    "product": """
        productid asin parentasin product productname productsku sku itemid item businessid
        business bookid appid appname variation variant producttitle producthandle packagename
        clothingid hotelname hotel restaurant company produkt artikel artikelnummer produit
        producto prodotto 商品 产品
        """,
    "author": """
        userid reviewerid authorid customerid consumerid author username reviewername profilename
        reviewer user authorsteamid consumername customername customer nickname
        reviewerdisplayname displayname reviewsusername autor verfasser kunde auteur client pseudo
        cliente usuario autore 用户 昵称 name
        """,
    "id": """
        reviewid reviewsid unitid recommendationid id uid uuid bewertungsid idavis
        """,
}
# Other columns of these roles would be worth a second look; an author may well have two.
_TELL_RIVALS: tuple[Role, ...] = ("text", "title", "rating", "time")
_LIKE_DATA = 40


def normalise(header: str) -> str:
    """Reduce a header to what makes it recognisable: `" Review_Text"` to `reviewtext`."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(character for character in plain if character.isalnum())


def name_columns(fields: Sequence[str]) -> list[str]:
    """Give every column a name of its own.

    Padding, byte order marks and quotes are stripped, a column without a name becomes
    `column_3`, the second of the same name `text_2`.
    """
    names: dict[str, None] = {}
    copies: dict[str, int] = {}
    for number, field in enumerate(fields, start=1):
        name = stem = field.strip(" \t\r\n\ufeff\u200b\xa0\"'") or f"column_{number}"
        while name in names:
            copies[stem] = copies.get(stem, 1) + 1
            name = f"{stem}_{copies[stem]}"
        names[name] = None
    return list(names)


def find_column(header: Sequence[str], wanted: str) -> str | None:
    """Find a column by its header as given, else in any case and punctuation."""
    if wanted.strip() in header:
        return wanted.strip()
    key = normalise(wanted)
    return next((name for name in header if key and normalise(name) == key), None)


def find_text_column(header: Sequence[str]) -> str | None:
    """Find the first column that is named as the text of reviews usually is."""
    ranks = _ranks("text")
    return next((name for name in header if normalise(name) in ranks), None)


def require_column(file: str, header: Sequence[str], wanted: str, flag: str, field: str) -> str:
    """Find a column that the user named.

    Args:
        file: Its name, for messages.
        header: The columns' names.
        wanted: The name that was given.
        flag: Where the command takes it.
        field: Where the Python API takes it.

    Raises:
        ColumnError: There is none of this name.
    """
    if (found := find_column(header, wanted)) is not None:
        return found
    near = nearest(wanted, header)
    hint = f"give one of them to {flag}." if near is None else f"did you mean {flag} {near!r}?"
    raise ColumnError(
        f"{file} has no column {wanted!r}; it has {_listed(header)}; {hint}", field=field
    )


def choose_columns(
    file: str,
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    given: Mapping[str, str],
    *,
    text_needed: bool = True,
) -> tuple[dict[Role, str], list[str]]:
    """Choose a column for each role.

    A column found by its name must look its part in the sample: a rating column that holds
    mostly words, or a time column that holds mostly no dates, is not used; one that is given is.
    `name` is the author only when at least half of its values differ.

    Args:
        file: Its name, for messages.
        header: The columns' names.
        sample: The first records, each as wide as the header.
        given: Role to header as the user wants it; an empty header: none.
        text_needed: False where a template makes the text of other columns.

    Returns:
        The columns found, and notes for the user.

    Raises:
        ColumnError: There is no text column, or a given one is missing.
    """
    chosen: dict[Role, str] = {}
    notes: list[str] = []
    values = {name: [row[i] for row in sample] for i, name in enumerate(header)}
    for role in ROLES:
        wanted = given.get(role)
        if wanted:
            chosen[role] = require_column(
                file, header, wanted, f"--{role}-column", f"columns.{role}"
            )
    for role in ROLES:
        if role not in given:
            free = [name for name in header if name not in chosen.values()]
            found, refused = _by_usual_name(role, free, values)
            notes += [f"{file}: {sentence}" for sentence in refused]
            if found:
                chosen[role] = found[0]
            if len(found) > 1 and role in _TELL_RIVALS:
                notes.append(
                    f"{file}: the {role} is read from column {found[0]!r}; "
                    f"{' and '.join(map(repr, found[1:]))} could be it too (--{role}-column)."
                )
    if "text" not in chosen and text_needed:
        raise _no_text(file, header, given)
    return chosen, notes


@cache
def _ranks(role: Role) -> Mapping[str, int]:
    names = [normalise(name) for name in _USUAL[role].split()]
    return {name: rank for rank, name in reversed(list(enumerate(names)))}


def _by_usual_name(
    role: Role, header: Sequence[str], values: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Find the columns that could play a role, best first, and say which are refused and why."""
    ranks = _ranks(role)
    named = [name for name in header if normalise(name) in ranks]
    found: list[str] = []
    refused: list[str] = []
    for name in sorted(named, key=lambda name: ranks[normalise(name)]):
        if complaint := _complaint(role, name, values[name]):
            insists = f" (--{role}-column {name!r} insists)" if _fits(role, values[name]) else ""
            refused.append(f"column {name!r} is not used as the {role}: {complaint}{insists}.")
        else:
            found.append(name)
    return found, refused


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _is_figure(value: str) -> bool:
    """Tell whether it is a rating in figures or signs; `one` and `true` may be texts."""
    return not value.isalpha() and is_rating(value)


def _fits(role: Role, values: Sequence[str]) -> bool:
    """Tell whether any value can be what the role is for; where none can, insisting fails."""
    if role == "rating":
        return any(map(is_rating, values))
    return role != "time" or any(is_time(value) or is_serial(value) for value in values)


def _complaint(role: Role, name: str, values: Sequence[str]) -> str:
    filled = [value.strip() for value in values if value.strip() and not is_placeholder(value)]
    if not filled:
        return ""
    example = f"such as {shortened(filled[0])}"
    if role == "text" and _share(filled, _is_figure) > 0.5:
        return f"it holds numbers, {example}"
    if role == "rating" and _share(filled, is_rating) < 0.5:
        return f"it holds mostly no numbers, {example}"
    if role == "time" and max(_share(filled, is_time), _share(filled, is_serial)) < 0.5:
        return f"it holds mostly no dates, {example}"
    if role == "author" and normalise(name) == "name" and len(set(filled)) < 0.5 * len(filled):
        return "its values repeat, as names of products do"
    return ""


def _no_text(file: str, header: Sequence[str], given: Mapping[str, str]) -> ColumnError:
    if given.get("text") == "":
        return ColumnError(
            f"{file}: a text column is needed; name one with --text-column, or put several "
            "together with --text-template.",
            field="columns.text",
        )
    if len(header) == 1 and (mark := re.search(r"[,;\t|^~]", header[0])):
        return ColumnError(
            f"{file} was read as a single column, {shortened(header[0])}; its delimiter is "
            f"probably {mark[0]!r}: give --delimiter {mark[0]!r}.",
            field="delimiter",
        )
    found = f"{file} has no column with a usual name for the review's text"
    if any(len(n) > _LIKE_DATA or is_time(n) or is_rating(n) for n in header):
        return ColumnError(
            f"{found}; it seems to have no header line, for its first line reads "
            f"{_listed([shortened(name) for name in header])}: put the columns' names on top, or "
            f"name one of these with --text-column.",
            field="columns.text",
        )
    return ColumnError(
        f"{found}; it has {_listed(header)}: name one with --text-column, or put several together "
        f"with --text-template, such as '{header[0]}: {{{header[0]}}}'.",
        field="columns.text",
    )


def shortened(value: str) -> str:
    """Quote a value for a message, its beginning alone where it is long."""
    return repr(value if len(value) <= _LIKE_DATA else value[: _LIKE_DATA - 1] + "…")


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(header[:30])
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return f"{shown}{more}"
