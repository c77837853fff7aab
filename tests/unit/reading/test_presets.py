"""Exports of known makes: rows under the real header, made up for these tests."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewlens.errors import InputError
from reviewlens.reading.names import ROLES
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.presets import find_preset, presets
from reviewlens.reading.preview import look_at
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey, survey_reviews

SAID = ("The lid closes well and it is quiet", "It leaks from the very first day on")

# name; header; two rows, in which `…` is what was said; which column plays which role
EXPORTS = """
google-play
Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,Review Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Millis Since Epoch,Developer Reply Text,Review Link
org.example.pot,7,1.7,en,oriole,2024-05-01T08:00:00Z,1714550400000,2024-05-03T08:00:00Z,1714723200000,5,,…,,,,http://play.google.com/console/app/reviews?reviewId=aa-1&corpus=P
org.example.pot,7,1.7,de,husky,2024-05-02T08:00:00Z,1714636800000,2024-05-02T08:00:00Z,1714636800000,1,,…,2024-05-04T08:00:00Z,1714809600000,Sorry to hear,http://play.google.com/console/app/reviews?reviewId=aa-2&corpus=P
text=Review Text title=Review Title rating=Star Rating time=Review Submit Millis Since Epoch product=Package Name id=Review Link

google-play-scraper
reviewId,userName,userImage,content,score,thumbsUpCount,reviewCreatedVersion,at,replyContent,repliedAt,appVersion
r1,Kim,http://img/1,…,5,0,1.2,2024-05-01 08:00:00,,,1.2
r2,Lou,http://img/2,…,1,4,1.2,2024-05-02 08:00:00,We are sorry about that,2024-05-03 08:00:00,1.2
text=content rating=score time=at author=userName id=reviewId

app-store-connect
id,rating,title,body,reviewerNickname,createdDate,territory
10,5,Fine,…,kim,2024-05-01T08:00:00-07:00,USA
11,1,Bad,…,lou,2024-05-02T08:00:00-07:00,DEU
text=body title=title rating=rating time=createdDate author=reviewerNickname id=id

app-store-scraper
,date,review,rating,isEdited,userName,title,developerResponse
0,2024-05-01 08:00:00,…,5,False,kim,Fine,
1,2024-05-02 08:00:00,…,1,True,lou,Bad,
text=review title=title rating=rating time=date author=userName

trustpilot
Review ID,Review Created (UTC),Review Consumer User ID,Review Title,Review Content,Review Stars,Source Of Review,Review Language,Domain URL,Webshop Name,Business Unit ID,Tags,Company Reply Date (UTC),Location Name,Location ID
t1,2024-05-01,c1,Fine,…,5,Trustpilot,en,https://pots.example,Pots,u1,,,Pots of Oslo,l1
t2,2024-05-02,c2,Bad,…,1,Trustpilot,en,https://pots.example,Pots,u1,,2024-05-03,Pots of Rome,l2
text=Review Content title=Review Title rating=Review Stars time=Review Created (UTC) product=Location Name author=Review Consumer User ID id=Review ID

booking
Review date,Guest name,Reservation number,Review title,Positive review,Negative review,Review score,Staff,Cleanliness,Location,Facilities,Comfort,Value for money,Property reply
2024-05-01 08:00:00,Kim,901,Fine,…,,9,10,9,8,8,9,9,
2024-05-02 08:00:00,Lou,902,Bad,,…,4,5,5,5,5,5,5,Thanks for your words
text=Positive review title=Review title rating=Review score time=Review date author=Guest name id=Reservation number

booking-515k
Hotel_Address,Additional_Number_of_Scoring,Review_Date,Average_Score,Hotel_Name,Reviewer_Nationality,Negative_Review,Review_Total_Negative_Word_Counts,Total_Number_of_Reviews,Positive_Review,Review_Total_Positive_Word_Counts,Total_Number_of_Reviews_Reviewer_Has_Given,Reviewer_Score,Tags,days_since_review,lat,lng
1 Quay,12,8/3/2017,7.7,Hotel Quay,Norway,No Negative,0,140,…,8,7,9.6,[' Couple '],0 days,52.3,4.9
1 Quay,12,8/14/2017,7.7,Hotel Quay,Chile,…,8,140,No Positive,0,7,4.2,[' Solo '],0 days,52.3,4.9
text=Positive_Review rating=Reviewer_Score time=Review_Date product=Hotel_Name

tripadvisor
hotel_id,user_id,title,text,review,overall,cleanliness,value,location,rooms,sleep_quality,date_stayed,date
80,u1,Fine,…,Fine …,5,5,5,5,5,5,2012-04-01,2012-05-01
81,u2,Bad,…,Bad …,1,1,1,1,1,1,2012-04-01,2012-05-02
text=text title=title rating=overall time=date product=hotel_id author=user_id

amazon-2023
rating,title,text,images,asin,parent_asin,user_id,timestamp,helpful_vote,verified_purchase
5.0,Fine,…,[],B01,B00,U1,1714550400000,0,True
1.0,Bad,…,[],B02,B00,U2,1714636800000,3,True
text=text title=title rating=rating time=timestamp product=asin author=user_id

amazon-2018
reviewerID,asin,reviewerName,helpful,reviewText,overall,summary,unixReviewTime,reviewTime
A1,B01,kim,"[0, 0]",…,5.0,Fine,1252800000,"09 13, 2009"
A2,B01,lou,"[0, 0]",…,1.0,Bad,1252886400,"09 14, 2009"
text=reviewText title=summary rating=overall time=unixReviewTime product=asin author=reviewerID

amazon-us
marketplace,customer_id,review_id,product_id,product_parent,product_title,product_category,star_rating,helpful_votes,total_votes,vine,verified_purchase,review_headline,review_body,review_date
US,1,R1,B01,9,Small Kettle,Kitchen,5,0,0,N,Y,Fine,…,2015-08-31
US,2,R2,B01,9,Small Kettle,Kitchen,1,2,3,N,Y,Bad,…,2015-08-30
text=review_body title=review_headline rating=star_rating time=review_date product=product_title author=customer_id id=review_id

yelp
review_id,user_id,business_id,stars,useful,funny,cool,text,date
r1,u1,b1,5.0,1,0,0,…,2018-07-07 22:09:11
r2,u2,b1,1.0,0,0,0,…,2018-07-08 22:09:11
text=text rating=stars time=date product=business_id author=user_id id=review_id

google-business
reviewId,reviewer.displayName,starRating,comment,createTime,updateTime,reviewReply.comment,name
g1,Kim,5,…,2024-05-01T08:00:00Z,2024-05-01T08:00:00Z,,accounts/1/locations/2/reviews/g1
g2,Lou,1,…,2024-05-02T08:00:00Z,2024-05-02T08:00:00Z,We are sorry about that,accounts/1/locations/2/reviews/g2
text=comment rating=starRating time=createTime author=reviewer.displayName id=reviewId

google-maps
place_id,place_name,review_id,reviewer_name,rating,review_text,published_at,published_at_date,response_from_owner_text
p1,Quay Bar,m1,Kim,5,…,2 days ago,2024-05-01 08:00:00,
p1,Quay Bar,m2,Lou,1,…,2 days ago,2024-05-02 08:00:00,We are sorry about that
text=review_text rating=rating time=published_at_date product=place_name author=reviewer_name id=review_id

steam
recommendationid,appid,game_title,language,review,timestamp_created,timestamp_updated,voted_up,votes_up,weighted_vote_score,author.steamid,author.playtime_forever
501,620,Kettle Quest,english,…,1714550400,1714550400,1,4,0.5238095521926880,7656,120
502,620,Kettle Quest,english,…,1714636800,1714636800,0,0,0.4738095521926880,7657,80
text=review rating=voted_up time=timestamp_created product=game_title author=author.steamid id=recommendationid

steam-2017
app_id,app_name,review_text,review_score,review_votes
620,Kettle Quest,…,1,0
620,Kettle Quest,…,-1,1
text=review_text rating=review_score product=app_name

glassdoor
firm,date_review,job_title,current,location,overall_rating,work_life_balance,culture_values,diversity_inclusion,career_opp,comp_benefits,senior_mgmt,recommend,ceo_approv,outlook,headline,pros,cons
Pots & Co,2015-05-05,Baker,Current,,5,4,4,,4,4,4,v,o,r,Fine,…,
Pots & Co,2015-06-05,Baker,Former,,1,1,1,,1,1,1,x,o,r,Bad,,…
text=pros title=headline rating=overall_rating time=date_review product=firm

yotpo
appKey,Review ID,Review Creation Date,Review Type,Review Status,Status Details,Review Source,Review Score,Review Title,Review Content,Sentiment Score,Profanity Flag,Comment Date,Comment Content,Order ID,Order Date,Reviewer Display Name,Reviewer Email,Product ID,Product Title,Product Description
k,y1,2024-05-01,product,Published,,widget,5,Fine,…,0.9712345678901234,no,,,o1,2024-04-01,kim,k@x.example,p1,Small Kettle,A kettle for two
k,y2,2024-05-02,product,Published,,widget,1,Bad,…,0.0712345678901234,no,2024-05-03,We are sorry about that,o2,2024-04-02,lou,l@x.example,p1,Small Kettle,A kettle for two
text=Review Content title=Review Title rating=Review Score time=Review Creation Date product=Product Title author=Reviewer Display Name id=Review ID

judgeme
title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply,reply_date,picture_urls,ip_address,location,metaobject_handle
Fine,…,5,2024-05-01 08:00:00 UTC,web,ok,kim,k@x.example,77,small-kettle,,,,,,review-1
Bad,…,1,2024-05-02 08:00:00 UTC,web,ok,lou,l@x.example,77,small-kettle,We are sorry about that,2024-05-03 08:00:00 UTC,,,,review-2
text=body title=title rating=rating time=review_date product=product_handle author=reviewer_email id=metaobject_handle

kudobuzz
Reviewer Name,Reviewer Email,Review Title,Reviewer Image,Review Message,Product ID,Review Score,Verified,Published,Created_at
kim,k@x.example,Fine,http://img/1,…,17,5,TRUE,FALSE,2024-05-01 08:00:00
lou,l@x.example,Bad,http://img/2,…,17,1,TRUE,FALSE,2024-05-02 08:00:00
text=Review Message title=Review Title rating=Review Score time=Created_at product=Product ID author=Reviewer Name

okendo
name,email,body,handle,productId,rating,sku,dateCreated,title,countryCode
kim,k@x.example,…,small-kettle,17,5,K1,2024-05-01,Fine,us
lou,l@x.example,…,small-kettle,17,1,K1,2024-05-02,Bad,de
text=body title=title rating=rating time=dateCreated product=handle author=email

woocommerce
comment_ID,comment_post_ID,product_SKU,comment_author,comment_author_url,comment_author_email,comment_date,comment_date_gmt,comment_content,comment_approved,comment_parent,user_id,rating
31,17,K1,kim,,k@x.example,2024-05-01 10:00:00,2024-05-01 08:00:00,…,1,0,5,5
32,17,K1,lou,,l@x.example,2024-05-02 10:00:00,2024-05-02 08:00:00,…,1,0,6,1
text=comment_content rating=rating time=comment_date_gmt product=product_SKU author=comment_author_email id=comment_ID

delighted
Response ID,Email,Name,Score,Comment,Response Date,Tags
d1,k@x.example,Kim,9,…,2024-05-01 08:00:00,
d2,l@x.example,Lou,3,…,2024-05-02 08:00:00,
text=Comment rating=Score time=Response Date author=Email id=Response ID

delighted-api
id,person,survey_type,score,comment,permalink,created_at,updated_at
1,11,nps,9,…,https://delighted.example/r/1,1714550400,1714550400
2,12,nps,3,…,https://delighted.example/r/2,1714636800,1714636800
text=comment rating=score time=created_at author=person id=id

nps
customer_name,nps_score,comment,submitted_at,product_name
Kim,10,…,2024-05-01,Kettle
Lou,3,…,2024-05-02,Kettle
text=comment rating=nps_score time=submitted_at product=product_name author=customer_name

nps-columns
Date,NPS,Comments
2024-05-01,10,…
2024-05-02,3,…
text=Comments rating=NPS time=Date

typeform
#,How likely are you to recommend us?,What is the main reason?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags
q1,9,…,completed,2024-05-01 07:58:00,,2024-05-01 08:00:00,n1,
q2,3,…,completed,2024-05-02 07:58:00,,2024-05-02 08:00:00,n2,
text=What is the main reason? rating=How likely are you to recommend us? time=Submit Date (UTC) id=#

qualtrics
StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage,Q1 - How satisfied are you?,Q2
2024-05-01 07:58:00,2024-05-01 07:59:00,IP Address,1.2.3.4,100,60,TRUE,2024-05-01 08:00:00,R_1,,,,,52.3,4.9,anonymous,EN,5,…
2024-05-02 07:58:00,2024-05-02 07:59:00,IP Address,1.2.3.5,100,60,TRUE,2024-05-02 08:00:00,R_2,,,,,52.3,4.9,anonymous,EN,1,…
text=Q2 rating=Q1 - How satisfied are you? time=RecordedDate id=ResponseId

qualtrics-legacy
ResponseID,ResponseSet,IPAddress,StartDate,EndDate,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalDataReference,Finished,Status,How satisfied are you?,Why?
R_1,Default,1.2.3.4,2014-05-01 07:58:00,2014-05-01 08:00:00,,,,,1,0,5,…
R_2,Default,1.2.3.5,2014-05-02 07:58:00,2014-05-02 08:00:00,,,,,1,0,1,…
text=Why? rating=How satisfied are you? time=EndDate id=ResponseID

surveymonkey
Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,How satisfied are you with the kettle?,What should be better?
1001,C1,05/13/2024 07:58:00 AM,05/13/2024 08:00:00 AM,1.2.3.4,,,,,5,…
1002,C1,05/14/2024 07:58:00 AM,05/14/2024 08:00:00 AM,1.2.3.5,,,,,1,…
text=What should be better? rating=How satisfied are you with the kettle? time=End Date id=Respondent ID

zendesk
id,assignee_id,group_id,requester_id,ticket_id,score,comment,reason,created_at,updated_at
61,7,8,9,301,good,…,,2024-05-01T08:00:00Z,2024-05-01T08:00:00Z
62,7,8,10,302,bad,…,,2024-05-02T08:00:00Z,2024-05-02T08:00:00Z
text=comment rating=score time=created_at author=requester_id id=id

intercom
id,created_at,conversation_rating.rating,conversation_rating.remark,conversation_rating.created_at,conversation_rating.contact.id,source.body
c1,1714540000,5,…,1714550400,k1,Hello there my kettle leaks
c2,1714630000,1,…,1714636800,k2,Hello there my kettle leaks
text=conversation_rating.remark rating=conversation_rating.rating time=conversation_rating.created_at author=conversation_rating.contact.id id=id
"""  # noqa: E501
CASES = [case.strip().splitlines() for case in EXPORTS.strip().split("\n\n")]


def survey_of(tmp_path: Path, lines: Sequence[str], **options: object) -> Survey:
    rows = [row.replace("…", said) for row, said in zip(lines[1:], SAID, strict=True)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([lines[0], *rows]) + "\n", encoding="utf-8")
    return survey_reviews([path], ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_export_is_recognised_and_read(tmp_path: Path, case: list[str]) -> None:
    name, *lines, expected = case
    survey = survey_of(tmp_path, lines)
    file = survey.files[0]
    assert file.preset is not None
    assert file.preset.name == name
    wanted = dict(re.findall(rf"({'|'.join(ROLES)})=(.*?)(?= (?:{'|'.join(ROLES)})=|$)", expected))
    assert dict(file.columns) == wanted
    reviews = [review for chunk in read_reviews(survey) for review in chunk.reviews]
    assert [said in review.text for review, said in zip(reviews, SAID, strict=True)] == [True] * 2
    if "time" in wanted:
        assert [review.time is not None for review in reviews] == [True, True]
    if "rating" in wanted and name != "zendesk":  # its words are left to what reads ratings
        ratings = [review.rating or 0 for review in reviews]
        assert ratings[0] > ratings[1] > 0
    assert f"read as an export of {file.preset.title}" in survey.notes[0]
    assert "--preset none" in survey.notes[0]


def test_every_preset_has_its_case_and_a_source() -> None:
    assert [preset.name for preset in presets()] == [case[0] for case in CASES]
    assert len(presets()) >= 20
    assert all(preset.source for preset in presets())


def test_of_several_columns_one_that_holds_something_is_taken(tmp_path: Path) -> None:
    case = next(case for case in CASES if case[0] == "trustpilot")
    lines = [re.sub("Pots of (Oslo|Rome)", "", line) for line in case[1:-1]]
    assert survey_of(tmp_path, lines).files[0].columns["product"] == "Webshop Name"


def test_preset_is_switched_off_and_insisted_on(tmp_path: Path) -> None:
    case = next(case for case in CASES if case[0] == "booking-515k")
    survey = survey_of(tmp_path, case[1:-1], preset="none", date_order="mdy")
    assert survey.files[0].preset is None
    assert not any("export of" in note for note in survey.notes)
    with pytest.raises(InputError, match="is no export of Steam: it has no column"):
        survey_of(tmp_path, case[1:-1], preset="steam")
    with pytest.raises(InputError, match="did you mean 'steam'"):
        survey_of(tmp_path, case[1:-1], preset="steem")


def test_what_the_user_says_comes_before_the_preset(tmp_path: Path) -> None:
    case = next(case for case in CASES if case[0] == "yotpo")
    survey = survey_of(tmp_path, case[1:-1], columns={"time": "Order Date", "author": ""})
    assert survey.files[0].columns["time"] == "Order Date"
    assert "author" not in survey.files[0].columns


def test_edited_play_review_keeps_its_id_and_its_link(tmp_path: Path) -> None:
    case = CASES[0]
    first = [r for c in read_reviews(survey_of(tmp_path, case[1:-1])) for r in c.reviews]
    edited = [line.replace("2024-05-03T08", "2024-05-09T08") for line in case[1:-1]]
    edited[1] = edited[1].replace("corpus=P", "corpus=Q")
    later = [r for c in read_reviews(survey_of(tmp_path, edited)) for r in c.reviews]
    assert [r.review_id for r in first] == [r.review_id for r in later] == ["aa-1", "aa-2"]
    assert first[0].time == later[0].time
    assert first[0].extra["Review Link"].startswith("http://play")
    assert first[0].extra["Reviewer Language"] == "en"


def test_ratings_without_a_text_are_told(tmp_path: Path) -> None:
    header, row = CASES[0][1], next(csv.reader(io.StringIO(CASES[0][2])))
    row[11] = row[15] = ""
    survey = survey_of(tmp_path, [header, CASES[0][2], ",".join(row)])
    assert survey.notes[1].endswith(
        "1 of 2 rows has a rating and no text; it says nothing, and is skipped."
    )


def test_rows_without_a_text_and_a_rating_that_is_one_are_not_said_to_be_skipped(
    tmp_path: Path,
) -> None:
    header, row = CASES[0][1], next(csv.reader(io.StringIO(CASES[0][2])))
    row[11], row[15], row[9] = "", "", "offered"
    survey = survey_of(tmp_path, [header, CASES[0][2], ",".join(row)])
    assert not any("are skipped" in note for note in survey.notes)
    assert sum(chunk.silent for chunk in read_reviews(survey)) == 0


def test_scale_of_a_preset_holds_for_low_ratings(tmp_path: Path) -> None:
    case = next(case for case in CASES if case[0] == "booking")
    low = [line.replace(",9,10,9,8,8,9,9,", ",5,5,5,5,5,5,5,") for line in case[1:-1]]
    assert survey_of(tmp_path, low).scales == {"": (1.0, 10.0)}


def test_preview_names_the_export(tmp_path: Path) -> None:
    survey_of(tmp_path, CASES[4][1:-1])
    assert look_at(tmp_path / "export.csv", ReadOptions()).preset == "trustpilot"


def test_most_marks_win() -> None:
    marks = ["id", "score", "comment", "ticket_id", "requester_id", "permalink", "survey_type"]
    found = find_preset(marks)
    assert found is not None
    assert found.preset.name in ("zendesk", "delighted-api")
    assert find_preset(["text", "rating"]) is None
