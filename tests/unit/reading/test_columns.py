from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from reviewlens.reading.columns import Role, choose_columns, find_column, name_columns


def choose(
    header: str, *rows: str, given: Mapping[str, str] | None = None
) -> tuple[dict[Role, str], list[str]]:
    sample = [row.split(",") for row in rows]
    return choose_columns("f.csv", name_columns(header.split(",")), sample, given or {})


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Id,ProductId,UserId,ProfileName,HelpfulnessNumerator,Score,Time,Summary,Text",
            "1,B1,U1,bob,0,5,1351123200,Nice,Good",
            "text=Text title=Summary rating=Score time=Time product=ProductId author=UserId id=Id",
        ),
        (
            "reviewerID,asin,reviewerName,reviewText,overall,summary,unixReviewTime,reviewTime",
            "A,B,bob,Good,5.0,Nice,1252800000,09 13 2009",
            "text=reviewText title=summary rating=overall time=unixReviewTime product=asin "
            "author=reviewerID",
        ),
        (
            "rating,title,text,images,asin,parent_asin,user_id,timestamp",
            "5.0,Nice,Good,[],B,P,U,1588687728923",
            "text=text title=title rating=rating time=timestamp product=asin author=user_id",
        ),
        (
            "review_id,user_id,business_id,stars,date,text,useful",
            "r,u,b,5.0,2011-10-07 15:02:29,Good,1",
            "text=text rating=stars time=date product=business_id author=user_id id=review_id",
        ),
        (
            "reviewId,userName,userImage,content,score,thumbsUpCount,at,appVersion",
            "r,bob,http,Good,5,0,2021-01-01 10:00:00,1.2",
            "text=content rating=score time=at author=userName id=reviewId",
        ),
        (
            "Review Title,Review Content,Stars,Date Created (UTC),Consumer Name,Review Id",
            "Nice,Good,5,2021-01-01T10:00:00Z,bob,r",
            "text=Review Content title=Review Title rating=Stars time=Date Created (UTC) "
            "author=Consumer Name id=Review Id",
        ),
        (
            "Titel,Bewertung,Sterne,Datum,Artikel,Kunde",
            "Schön,Gut,5,31.12.2020,Tasse,Eva",
            "text=Bewertung title=Titel rating=Sterne time=Datum product=Artikel author=Kunde",
        ),
        (
            "Rezension,Bewertung",
            "Gut,5",
            "text=Rezension rating=Bewertung",
        ),
        (
            "Titre,Commentaire,Note,Date,Auteur",
            "Bien,Bon,4,2020-01-01,Eve",
            "text=Commentaire title=Titre rating=Note time=Date author=Auteur",
        ),
        (
            "reseña,calificación,fecha",
            "Bueno,5,2020-01-01",
            "text=reseña rating=calificación time=fecha",
        ),
    ],
)
def test_columns_of_usual_exports_are_found(header: str, row: str, expected: str) -> None:
    chosen, _ = choose(header, row)
    assert " ".join(f"{role}={name}" for role, name in chosen.items()) == expected


def test_headers_are_stripped_and_made_unique() -> None:
    header = ["\ufeff   rating", '"Text"', "", "Text", "", "Text_2"]
    assert name_columns(header) == ["rating", "Text", "column_3", "Text_2", "column_5", "Text_2_2"]


def test_column_is_found_in_any_case_and_punctuation() -> None:
    assert find_column(["Review Text", "id"], "review_text") == "Review Text"
    assert find_column(["id"], "review_text") is None


@pytest.mark.parametrize(("values", "used"), [("ann bob cid dan", True), ("a a a a", False)])
def test_name_is_the_author_only_when_it_rarely_repeats(values: str, used: bool) -> None:  # noqa: FBT001
    chosen, notes = choose("name,text", *(f"{value},fine" for value in values.split()))
    assert ("author" in chosen) == used
    assert bool(notes) != used


@pytest.mark.parametrize(
    ("header", "row", "role"), [("text,date", "good,soon", "time"), ("text,score", "a,b", "rating")]
)
def test_column_that_does_not_look_its_part_is_not_used(header: str, row: str, role: Role) -> None:
    chosen, notes = choose(header, row)
    assert role not in chosen
    assert "is not used as the " + role in notes[0]


def test_rival_column_leaves_a_note() -> None:
    chosen, notes = choose("comment,text", "one,two")
    assert chosen["text"] == "text"
    assert notes == [
        "f.csv: the text is read from column 'text'; 'comment' could be it too (--text-column)."
    ]


def test_flag_wins_and_empty_flag_means_none() -> None:
    chosen, _ = choose("text,body,score", "a,b,5", given={"text": "BODY", "rating": ""})
    assert chosen == {"text": "body"}


def test_columns_of_one_name_are_told_apart_in_time() -> None:
    started = time.monotonic()
    names = name_columns(["a", "a_2", *["a"] * 99_998])
    assert names[:4] == ["a", "a_2", "a_3", "a_4"]
    assert len(set(names)) == 100_000
    assert time.monotonic() - started < 5
