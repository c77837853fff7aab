from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence

import pytest

from reviewlens.errors import ColumnError
from reviewlens.reading.columns import Choice, choose_columns, find_column, name_columns
from reviewlens.reading.names import Role
from reviewlens.reading.sides import joiner


def chosen_of(
    header: str, *rows: str, given: Mapping[str, str | Sequence[str]] | None = None
) -> Choice:
    sample = [row.split(",") for row in rows]
    return choose_columns("f.csv", name_columns(header.split(",")), sample, given or {})


def choose(
    header: str, *rows: str, given: Mapping[str, str | Sequence[str]] | None = None
) -> tuple[dict[Role, str], list[str]]:
    choice = chosen_of(header, *rows, given=given)
    return choice.columns, choice.notes


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
        "f.csv: the text is read from column 'text' ('two'); 'comment' ('one') could be it too "
        "(--text-column, or give several, which are joined)."
    ]


def test_flag_wins_and_empty_flag_means_none() -> None:
    chosen, _ = choose("text,body,score", "a,b,5", given={"text": "BODY", "rating": ""})
    assert chosen == {"text": "body"}


def test_columns_of_one_name_are_told_apart_in_time() -> None:
    started = time.thread_time()
    names = name_columns(["a", "a_2", *["a"] * 99_998])
    assert names[:4] == ["a", "a_2", "a_3", "a_4"]
    assert len(set(names)) == 100_000
    assert time.thread_time() - started < 5


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Review Created (UTC),Review Username,Review Title,Review Content,Review Stars",
            "2024-05-01 08:00:00,kim,Fine,It does what it should,4",
            "text=Review Content title=Review Title rating=Review Stars "
            "time=Review Created (UTC) author=Review Username",
        ),
        (
            "Reviewer Name,Review Title,Review Message,Product ID,Review Score,Created_at",
            "kim,Fine,It does what it should,88,4,2024-05-01",
            "text=Review Message title=Review Title rating=Review Score time=Created_at "
            "product=Product ID author=Reviewer Name",
        ),
        (
            "Carimbo de data/hora,Nota,Comentário",
            "13/05/2024 08:00:00,4,Chegou bem",
            "text=Comentário rating=Nota time=Carimbo de data/hora",
        ),
        (
            "Data,Voto,Recensione,Prodotto",
            "2024-05-01,4,Arrivato bene,Bollitore",
            "text=Recensione rating=Voto time=Data product=Prodotto",
        ),
        (
            "Datum,Beoordeling,Opmerking,Klant",
            "2024-05-01,4,Goed aangekomen,Eva",
            "text=Opmerking rating=Beoordeling time=Datum author=Klant",
        ),
        (
            "Дата,Оценка,Отзыв,Автор,Товар",
            "2024-05-01,4,Всё хорошо,Ева,Чайник",
            "text=Отзыв rating=Оценка time=Дата product=Товар author=Автор",
        ),
        (
            "작성일,평점,리뷰,작성자,상품명",
            "2024-05-01,4,잘 받았습니다,김,주전자",
            "text=리뷰 rating=평점 time=작성일 product=상품명 author=작성자",
        ),
        (
            "Tarih,Puan,Yorum,Kullanıcı,Ürün",
            "2024-05-01,4,Güzel geldi,Ece,Su ısıtıcı",
            "text=Yorum rating=Puan time=Tarih product=Ürün author=Kullanıcı",
        ),
        (
            "Data,Ocena,Treść,Użytkownik,Produkt",
            "2024-05-01,4,Wszystko dobrze,Ewa,Czajnik",
            "text=Treść rating=Ocena time=Data product=Produkt author=Użytkownik",
        ),
        (
            "Tanggal,Penilaian,Ulasan,Pengguna,Produk",
            "2024-05-01,4,Barang bagus,Eva,Ketel",
            "text=Ulasan rating=Penilaian time=Tanggal product=Produk author=Pengguna",
        ),
        (
            "日期,評分,評論,暱稱,產品",
            "2024-05-01,4,很好用,小明,水壺",
            "text=評論 rating=評分 time=日期 product=產品 author=暱稱",
        ),
        (
            "投稿日,評価,口コミ,投稿者,商品名",
            "2024-05-01,4,とても良い,花子,やかん",
            "text=口コミ rating=評価 time=投稿日 product=商品名 author=投稿者",
        ),
        (
            "Data recensione,Titolo recensione,Recensione,Voto,Nome utente",
            "2024-05-01,Bene,Arrivato bene ieri,4,Eva",
            "text=Recensione title=Titolo recensione rating=Voto time=Data recensione "
            "author=Nome utente",
        ),
        (
            "Bewertungsdatum,Titel der Bewertung,Bewertung (Sterne),Kommentartext",
            "2024-05-01,Gut,4,Kam gut bei uns an",
            "text=Kommentartext title=Titel der Bewertung rating=Bewertung (Sterne) "
            "time=Bewertungsdatum",
        ),
        (
            "Yorum Tarihi,Puan,Yorum,Kullanıcı Adı,Ürün Adı",
            "2024-05-01,4,Güzel geldi,Ece,Su ısıtıcı",
            "text=Yorum rating=Puan time=Yorum Tarihi product=Ürün Adı author=Kullanıcı Adı",
        ),
        (
            "Дата отзыва,Оценка,Отзыв",
            "2024-05-01,4,Всё хорошо",
            "text=Отзыв rating=Оценка time=Дата отзыва",
        ),
        (
            "用户昵称,评分,评论内容,评论时间,商品名称",
            "小明,4,很好用,2024-05-01,水壶",
            "text=评论内容 rating=评分 time=评论时间 product=商品名称 author=用户昵称",
        ),
        (
            "type,id,attributes.body,attributes.stars,attributes.createdAt",
            "review,7,It does what it should,4,2024-05-01",
            "text=attributes.body rating=attributes.stars time=attributes.createdAt id=id",
        ),
        (
            "author.name.label,updated.label,im:rating.label,id.label,content.label",
            "kim,2024-05-01,4,7,It does what it should",
            "text=content.label rating=im:rating.label time=updated.label "
            "author=author.name.label id=id.label",
        ),
        (
            "author.name,name,reviewBody,reviewRating.bestRating,reviewRating.ratingValue",
            "kim,Fine,It does what it should,5,4",
            "text=reviewBody rating=reviewRating.ratingValue author=author.name",
        ),
        (
            "NPS,Feedback,Conversation created at (UTC)",
            "9,It does what it should,2024-05-01",
            "text=Feedback rating=NPS time=Conversation created at (UTC)",
        ),
        (
            "reviewedIn,reviewDescription,ratingScore",
            '"Reviewed in Spain on May 1, 2024",It does what it should,4',
            "text=reviewDescription rating=ratingScore",
        ),
        (
            "RecordedDate,Response ID,Comments",
            "2024-05-01 08:00:00,R_1,It does what it should",
            "text=Comments time=RecordedDate id=Response ID",
        ),
    ],
)
def test_names_of_other_exports_and_languages_are_known(
    header: str, row: str, expected: str
) -> None:
    [sample] = csv.reader([row])
    chosen = choose_columns("f.csv", name_columns(header.split(",")), [sample], {}).columns
    assert " ".join(f"{role}={name}" for role, name in chosen.items()) == expected


def test_column_of_dates_is_no_text_whatever_its_name_is() -> None:
    dates = ("2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04")
    chosen, notes = choose("Feedback,Customer comment", *rows_of(dates, SAYINGS))
    assert chosen["text"] == "Customer comment"
    assert "'Feedback' is not used as the text: it holds dates, such as '2024-05-01'" in notes[0]


def test_thumbs_and_dates_that_are_left_are_told_with_examples_that_are_some() -> None:
    thumbs = ("👍", "👎") * 12
    days = ("soon", *(f"2024-05-{day:02}" for day in range(1, 24)))
    texts = [f"as good as on day {n}" for n in range(24)]
    _, notes = choose("text,mood,when", *rows_of(texts, thumbs, days))
    assert any("'mood' holds ratings, such as '👍', '👎'" in note for note in notes)
    assert any("'when' holds dates, such as '2024-05-01', '2024-05-02'" in note for note in notes)


SAYINGS = ("arrived on a rainy day", "the lid does not close", "quiet but slow", "would buy again")


def rows_of(*columns: Sequence[object]) -> list[str]:
    return [",".join(map(str, row)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("name", "values", "taken"),
    [
        ("Overall rating (1-5)", (5, 1, 3, 4), True),
        ("AppRating", (5, 1, 3, 4), True),
        ("Bewertung (1-5)", (5, 1, 3, 4), True),
        ("How satisfied are you?", (5, 1, 3, 4), True),
        ("How satisfied are you?", ("Very", "Not", "So so", "Very"), False),
        ("Customer score", ("0.53", "0.12", "0.99", "0.31"), False),
        ("helpful score", (5, 1, 3, 4), False),
        ("is_recommended", (1, 0, 1, 1), True),
        ("Would recommend?", ("TRUE", "FALSE", "TRUE", "TRUE"), True),
        ("vote", ("👍", "👎", "👍", "👍"), True),
    ],
)
def test_words_make_a_rating_where_the_values_agree(
    name: str,
    values: Sequence[object],
    taken: bool,  # noqa: FBT001
) -> None:
    chosen, _ = choose(f"text,{name}", *rows_of(SAYINGS, values))
    assert (chosen.get("rating") == name) == taken


def test_measured_score_is_no_rating_beside_stars() -> None:
    measured = ("0.8765432187654321", "0.1234567812345678", "0.5555123455551234", "0.9")
    chosen, notes = choose("text,score,AppRating", *rows_of(SAYINGS, measured, (5, 1, 3, 4)))
    assert chosen["rating"] == "AppRating"
    assert notes == [
        "f.csv: column 'score' is not used as the rating: it holds measured numbers, such as "
        "'0.8765432187654321' (--rating-column 'score' insists)."
    ]


def test_full_date_is_the_time_beside_days_ago() -> None:
    ago, dates = ("2 days ago",) * 4, ("2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04")
    chosen, notes = choose("text,published_at,published_at_date", *rows_of(SAYINGS, ago, dates))
    assert chosen["time"] == "published_at_date"
    assert "'published_at' is not used as the time: it holds mostly no dates" in notes[0]


@pytest.mark.parametrize(
    ("header", "product"),
    [("appid,game_title,text", "game_title"), ("asin,company,text", "asin")],
)
def test_readable_name_is_the_product_rather_than_a_key(header: str, product: str) -> None:
    rows = rows_of((620, 730, 440, 620), ("Kettle Quest", "Iron Lid", "Old Pot", "Pan"), SAYINGS)
    chosen, notes = choose(header, *rows)
    assert chosen["product"] == product
    assert ["a name, rather than from 'appid'" in note for note in notes] == (
        [True] if product == "game_title" else []
    )


def test_column_that_plainly_holds_a_role_is_told() -> None:
    dates = ("2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04")
    chosen, notes = choose("text,grade,used on", *rows_of(SAYINGS, (5, 1, 3, 4), dates))
    assert "rating" not in chosen
    assert notes[0] == (
        "f.csv: no column is read as the rating; 'grade' holds ratings, such as '5', '1' "
        "(--rating-column 'grade')."
    )
    assert notes[1] == (
        "f.csv: no column is read as the time; 'used on' holds dates, such as '2024-05-01', "
        "'2024-05-02' (--time-column 'used on')."
    )


def test_two_sides_become_one_text_with_marks() -> None:
    choice = chosen_of(
        "score,Positive_Review,Negative_Review",
        *rows_of((9, 4), ("quiet room", "No Positive"), ("No Negative", "cold soup")),
    )
    assert [(part.header, part.mark) for part in choice.texts] == [
        ("Positive_Review", "Positive review"),
        ("Negative_Review", "Negative review"),
    ]
    assert "the text is joined from columns 'Positive_Review' and" in choice.notes[0]
    join = joiner(choice.texts, ["score", "Positive_Review", "Negative_Review"])
    assert join(["9", "quiet room", "small bath"]) == (
        "Positive review: quiet room\nNegative review: small bath"
    )
    assert join(["4", "No Positive", "cold soup"]) == "Negative review: cold soup"


@pytest.mark.parametrize("values", [("1", "0"), ("0.25", "0.75"), ("TRUE", "FALSE")])
def test_ticks_and_counts_are_no_sides_of_a_text(values: tuple[str, str]) -> None:
    with pytest.raises(ColumnError, match="no column with a usual name"):
        choose("likes,dislikes,x", *[",".join((*values, "a"))] * 9)


def test_columns_given_for_the_text_are_joined() -> None:
    choice = chosen_of("a,b,c", "one,two,three", given={"text": ["C", "a"]})
    assert choice.columns == {"text": "c"}
    assert joiner(choice.texts, ["a", "b", "c"])(["one", "two", "three"]) == "three\none"


def test_long_questions_are_a_header_and_shown_whole() -> None:
    asked = "Please tell us in your own words what we should have done better for you"
    with pytest.raises(ColumnError) as caught:
        choose(f"Stamp,{asked}", *rows_of((1, 2, 3, 4), SAYINGS))
    said = str(caught.value)
    assert "header line" not in said
    assert f"it has Stamp, {asked}: " in said
    assert f"give --text-column {asked!r}" in said


def test_title_that_repeats_is_the_name_of_the_product() -> None:
    names = ("Small Kettle", "Iron Pot", "Big Pan")
    rows = [f"{names[n % 3]},it was as good as on day {n}" for n in range(30)]
    chosen, notes = choose("title,review", *rows)
    assert chosen == {"text": "review", "product": "title"}
    assert "its values repeat, as names of products do, such as 'Small Kettle'" in notes[0]
    assert "the product is read from column 'title', whose values repeat" in notes[1]
    titled = [f"Day {n},it was as good as on day {n}" for n in range(30)]
    assert choose("title,review", *titled)[0] == {"text": "review", "title": "title"}


def test_average_of_all_is_not_the_rating_beside_that_of_each() -> None:
    chosen, notes = choose("text,rating,review_rating", *rows_of(SAYINGS, (4.5,) * 4, (5, 1, 3, 4)))
    assert chosen["rating"] == "review_rating"
    assert "'rating' ('4.5') could be it too" in notes[0]


def test_columns_of_one_name_are_rivals() -> None:
    header = "Comment,Comment,Rating,Rating"
    rows = rows_of(SAYINGS, SAYINGS[::-1], (5, 1, 3, 4), (2, 2, 1, 4))
    chosen, notes = choose(header, *rows)
    assert chosen == {"text": "Comment", "rating": "Rating"}
    assert "'Comment_2' ('would buy again') could be it too (--text-column" in notes[0]
    assert "'Rating_2' ('2') could be it too (--rating-column)" in notes[1]


def test_sides_beside_a_text_are_told() -> None:
    chosen, notes = choose("comments,pros,cons", *rows_of(SAYINGS, SAYINGS, SAYINGS))
    assert chosen["text"] == "comments"
    assert notes == [
        "f.csv: the text is read from 'comments' alone; --text-column 'pros' --text-column 'cons' "
        "joins others."
    ]


def test_recommendation_is_no_rival_of_a_rating() -> None:
    chosen, notes = choose("text,stars,recommended", *rows_of(SAYINGS, (5, 1, 3, 4), (1, 0, 1, 1)))
    assert chosen["rating"] == "stars"
    assert notes == []


def test_wide_table_is_looked_through_in_time() -> None:
    header = ["text", *(f"c{number}" for number in range(8_000))]
    rows = [[f"as good as on day {n}", *["said in a few words"] * 8_000] for n in range(30)]
    started = time.thread_time()  # whatever else the machine does
    assert choose_columns("f.csv", header, rows, {}).columns == {"text": "text"}
    assert time.thread_time() - started < 5


def test_empty_column_is_no_rival() -> None:
    chosen, notes = choose("content,comments", *rows_of(("",) * 4, SAYINGS))
    assert chosen == {"text": "comments"}
    assert notes == []
