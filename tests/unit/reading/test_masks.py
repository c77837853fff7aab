"""Rows with their details masked before anything is made of them: reviews, rejects, notes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewlens.errors import ColumnError
from reviewlens.reading.details import TOKEN
from reviewlens.reading.masks import LEFT_OUT, Mask
from reviewlens.reading.model import Chunk, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

MASK = Mask("00112233445566778899aabbccddeeff")
HEADER = "id,text,Reviewer,Email,Phone,Order ID,rating,date,city\n"
ANNA = (
    '1,"Mail anna@example.com, or 0171 2345678",Anna Berg,anna@example.com,'
    "+49 171 2345678,,5,,Bonn\n"
)
AGAIN = "2,All is well,anna  berg,ANNA@EXAMPLE.COM,0171/2345678,112-1234567-1234567,4,,Bonn\n"
DETAILS = ("anna", "berg", "2345678", "1234567")


def chunks(path: Path, content: str, mask: Mask | None = MASK, **options: object) -> list[Chunk]:
    path.write_text(content, encoding="utf-8", newline="")
    with survey_reviews([path], ReadOptions(mask=mask, **options)) as survey:  # type: ignore[arg-type]
        return list(read_reviews(survey))


def reviews(read: list[Chunk]) -> list[Review]:
    return [review for chunk in read for review in chunk.reviews]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    return tmp_path / "in.csv"


def test_nothing_of_a_detail_is_left_in_a_review(csv_file: Path) -> None:
    first, second = reviews(chunks(csv_file, HEADER + ANNA + AGAIN))
    written = f"{first!r}{first.raw}{second!r}{second.raw}".casefold()
    assert [detail for detail in DETAILS if detail in written] == []
    assert first.extra["city"] == "Bonn"
    assert (first.review_id, first.rating) == ("1", 5.0)


def test_one_person_has_one_token_in_texts_and_columns(csv_file: Path) -> None:
    first, second = reviews(chunks(csv_file, HEADER + ANNA + AGAIN))
    email, phone = first.extra["Email"], first.extra["Phone"]
    assert first.text == f"Mail {email}, or {phone}"
    assert (second.extra["Email"], second.extra["Phone"]) == (email, phone)
    assert first.author == second.author
    assert all(TOKEN.fullmatch(one) for one in (email, phone, first.author))


FORMS = {
    "email": "anna@example.com",
    "iban": "DE89370400440532013000",
    "card": "4111 1111 1111 1111",
    "phone": "+49 171 2345678",
}


@pytest.mark.parametrize(
    "column", ["Konto", "Order ID", "Passport", "Customer", "Phone", "Card No"]
)
@pytest.mark.parametrize("kind", FORMS)
def test_what_has_a_form_of_its_own_is_that_in_any_column(
    csv_file: Path, kind: str, column: str
) -> None:
    content = f"text,{column}\nWrite to {FORMS[kind]} please,{FORMS[kind]}\nAll is well,KX-44820\n"
    for mask in (MASK, None):
        (chunk,) = chunks(csv_file, content, mask)
        assert chunk.private.details[kind] == 2  # type: ignore[index]
    (chunk,) = chunks(csv_file, content)
    first = chunk.reviews[0]
    told = first.author or first.extra[column]
    assert told in first.text
    assert TOKEN.fullmatch(told)


def test_other_salt_makes_other_tokens() -> None:
    assert Mask.new("all").token("email", "a@b.com") != Mask.new("all").token("email", "a@b.com")


def test_details_are_counted_with_and_without_a_mask(csv_file: Path) -> None:
    plain, masked = (chunks(csv_file, HEADER + ANNA + AGAIN, mask) for mask in (None, MASK))
    wanted = {"email": 3, "phone": 3, "person": 2, "order": 1}
    for read in (plain, masked):
        assert (read[0].private.rows, read[0].private.details) == (2, wanted)
    assert "anna@example.com" in reviews(plain)[0].text


def test_author_alone_is_masked(csv_file: Path) -> None:
    first, second = reviews(chunks(csv_file, HEADER + ANNA + AGAIN, Mask(MASK.salt, "author")))
    assert first.author == second.author
    assert TOKEN.fullmatch(first.author)
    assert first.extra["Email"] == "anna@example.com"
    assert "0171 2345678" in first.text


def test_ids_of_the_content_are_of_masked_content(csv_file: Path) -> None:
    content = "text,author\nMail anna@example.com,Anna Berg\n"
    (plain,), (masked,) = (reviews(chunks(csv_file, content, mask)) for mask in (None, MASK))
    assert plain.review_id != masked.review_id
    (again,) = reviews(chunks(csv_file, content))
    assert again == masked


def test_masked_reviews_masked_again_stay_as_they_are(csv_file: Path) -> None:
    (first, *_) = reviews(chunks(csv_file, HEADER + ANNA))
    extra = first.extra
    row = f'1,"{first.text}",{first.author},{extra["Email"]},{extra["Phone"]},,5,,Bonn\n'
    (again,) = reviews(chunks(csv_file, HEADER + row))
    assert (again.text, again.author, again.extra) == (first.text, first.author, first.extra)


@pytest.mark.parametrize(
    "text",
    [
        "Write to anna&#64;<b>example.com</b>",
        "Write to anna<i>@</i>example.com",
        "Write to anna&#46;b@example.com",
        "Write to anna@exam\u00adple.com or an\u200bna@example.com",
        "Call 0171&nbsp;234&nbsp;5678 now",
        "Card 4111<b>1111</b> 1111&#160;1111",
        "<p>anna@example.com</p>",
    ],
)
def test_markup_hides_no_detail(csv_file: Path, text: str) -> None:
    (review,) = reviews(chunks(csv_file, f"text,stars\n{text},5\n"))
    assert TOKEN.search(review.text)
    for part in ("anna", "example", "5678", "4111", "1111"):
        assert part not in f"{review!r}{review.raw}"


def test_row_without_its_columns_is_withheld(csv_file: Path) -> None:
    ragged = "9,text,Bob Kay,bob@example.com,1,2,3,4,5,6,7,8\n"
    quotes = '10,"Bob" Kay,bob@example.com\n'
    (chunk,) = chunks(csv_file, HEADER + ANNA + ragged + quotes)
    assert [row.raw for row in chunk.rejected] == [LEFT_OUT, LEFT_OUT]
    assert "bob" not in repr(chunk.rejected).casefold()


def test_rejected_row_is_masked(csv_file: Path) -> None:
    rows = HEADER + ANNA + ANNA.replace("Mail", "Write to")
    (chunk,) = chunks(csv_file, rows, columns={"id": "id"})
    (rejected,) = chunk.rejected
    assert rejected.reason == "duplicate_id"
    assert "Write to <email-" in rejected.raw
    assert [one for one in DETAILS if one in repr(rejected).casefold()] == []


def test_notes_quote_nothing_private(csv_file: Path) -> None:
    content = (
        "text,comment,Reviewer,rating,date\n"
        "write to anna@example.com about it all,also anna@example.com,Anna Berg,"
        "ask anna@example.com,5\nSo good that I say it,So bad that I say it,Bo,5,6\n"
    )
    csv_file.write_text(f"For anna@example.com;\n\n{content}", encoding="utf-8")
    with survey_reviews([csv_file], ReadOptions(mask=MASK)) as survey:
        told = " ".join((*survey.notes, repr(survey)))
    assert "<email-" in told
    assert "anna" not in told.casefold()


def test_error_quotes_nothing_private(csv_file: Path) -> None:
    csv_file.write_text("said,Reviewer\nask anna@example.com about it please,Anna Berg\n" * 3)
    with pytest.raises(ColumnError, match="<email-") as error:
        survey_reviews([csv_file], ReadOptions(mask=MASK))
    assert "anna" not in str(error.value).casefold()


def test_first_row_taken_for_a_header_is_masked(csv_file: Path) -> None:
    content = "text,anna@example.com\ngood,1\nbad,2\n"
    first, _ = reviews(chunks(csv_file, content))
    assert "anna" not in repr(first)


def test_objects_and_templates_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    row = {"body": "see anna@example.com", "user": {"email": "anna@example.com", "name": "Anna"}}
    (review,) = reviews(
        chunks(path, json.dumps(row) + "\n", text_template="{body} by {user.email}")
    )
    assert review.embedded == "see {0} by {0}".format(review.extra["user.email"])
    assert "anna" not in f"{review!r}{review.raw}".casefold()


def test_id_with_an_address_is_masked_and_other_ids_stay(csv_file: Path) -> None:
    content = "review_id,text\nanna@example.com-1,good\n112-1234567-1234567,bad\n"
    first, second = reviews(chunks(csv_file, content))
    assert first.review_id.startswith("<email-")
    assert second.review_id == "112-1234567-1234567"


def test_what_is_no_rating_is_masked_as_a_text_is(csv_file: Path) -> None:
    content = "text,stars\ngood,4\nbad,call me +49 171 9999123\nfine,5\n"
    (chunk,) = chunks(csv_file, content, columns={"rating": "stars"})
    assert [review.rating_given for review in chunk.reviews] == [4.0, None, 5.0]
    assert "9999123" not in f"{chunk!r}"
    assert chunk.private.details == {"phone": 1}


def test_barcodes_and_part_numbers_are_no_phone_numbers(csv_file: Path) -> None:
    content = (
        "text,GTIN,Part number,notes\n"
        "good,04006381333931,0601868109,call 0171 2345678\n"
        "bad,08806091234567,0986452041,anna@example.com\n"
    )
    first, second = reviews(chunks(csv_file, content))
    assert (first.extra["GTIN"], first.extra["Part number"]) == ("04006381333931", "0601868109")
    assert second.extra["GTIN"] == "08806091234567"
    assert "2345678" not in first.extra["notes"]
    assert "anna" not in second.extra["notes"]


def test_customers_that_are_kinds_are_neither_author_nor_masked(csv_file: Path) -> None:
    rows = "".join(f"{n},Fine and good,{('business', 'leisure')[n % 2]}\n" for n in range(8))
    read = reviews(chunks(csv_file, "id,text,Customer\n" + rows))
    assert {review.extra["Customer"] for review in read} == {"business", "leisure"}


def test_codes_of_few_digits_are_masked_in_their_column(csv_file: Path) -> None:
    content = "id,text,Booking Reference\n1,Fine,LZ4WQP\n2,Good,KXQWRT\n3,Bad,closed\n"
    cells = [review.extra["Booking Reference"] for review in reviews(chunks(csv_file, content))]
    assert [TOKEN.fullmatch(cell) is not None for cell in cells] == [True, True, False]


def test_kept_reviews_keep_what_was_counted(csv_file: Path) -> None:
    csv_file.write_text(HEADER + ANNA + AGAIN)
    with survey_reviews([csv_file], ReadOptions(mask=MASK)) as survey:
        first = list(read_reviews(survey, keep=True))
        assert list(read_reviews(survey)) == first


LISTED = (
    (
        "replies",
        [{"name": "Anna Berg", "body": "Sorry"}, {"author": {"name": "Bo Li"}}],
        ["Anna", "Bo"],
    ),
    ("data", [{"name": "Anna Berg", "comment": "Call 0171 2345678"}], ["Anna", "2345678"]),
    ("data", {"customer": "Anna Berg", "reviewer": {"firstName": "Anna"}}, ["Anna"]),
)


@pytest.mark.parametrize(("column", "value", "gone"), LISTED)
def test_names_under_keys_of_lists_are_masked(
    csv_file: Path, column: str, value: object, gone: list[str]
) -> None:
    lines = "".join(json.dumps({"id": n, "text": "Fine", column: value}) + "\n" for n in "12")
    source = csv_file.with_suffix(".jsonl")
    (chunk,) = chunks(source, lines)
    written = f"{chunk.reviews!r}"
    assert [one for one in gone if one in written] == []
    assert chunk.private.details["person"] >= 2
    (plain,) = chunks(source, lines, None)
    assert plain.private == chunk.private


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("items", '[{"name": "Blue mug", "price": 3}]'),
        ("comments", '[{"name": "Blue mug", "sku": "A1"}]'),
        ("data", '[{"name": "Blue mug"}]'),
        ("comments", '[{"name": "Anna", '),
        ("comments", f'[{{"name": "{MASK.token("person", "anna")}"}}]'),
    ],
)
def test_other_names_and_tokens_of_lists_stay(csv_file: Path, column: str, cell: str) -> None:
    quoted = cell.replace('"', '""')
    (chunk,) = chunks(csv_file, f'id,text,{column}\n1,Fine,"{quoted}"\n2,Good,\n')
    assert chunk.reviews[0].extra[column] == cell
    assert chunk.private.details == {}
