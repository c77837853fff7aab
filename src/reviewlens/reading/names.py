"""How the columns of reviews are called: usual names, and words that such names are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Literal, get_args

Role = Literal["text", "title", "rating", "time", "product", "author", "id"]
ROLES: tuple[Role, ...] = get_args(Role)

# Ranked: of two columns the one named further to the front is taken.
_USUAL: Mapping[Role, str] = {
    "text": """
        reviewtext text reviewbody reviewcontent content body review verifiedreviews reviews
        reviewstext reviewmessage comment comments commenttext feedbacktext feedback message
        description rezension bewertungstext kommentar bewertung avis commentaire texte contenu
        resena comentario comentarios texto opinion opinie opinia recensione recensie testo commento
        avaliacao opiniao beoordeling opmerking tekst tresc recenzja recenzji opinii komentarz yorum
        degerlendirme ulasan komentar isiulasan 评论 评论内容 评价 内容 評論 評論內容 評價 內容 留言
        レビュー 本文 口コミ 感想 コメント 리뷰 리뷰내용 후기 내용
        отзыв отзыва текстотзыва комментарий nachricht mensaje messaggio mensagem bericht note
        """,
    "title": """
        summary reviewtitle title reviewsummary reviewheadline headline header heading subject
        reviewstitle reviewheading titel uberschrift titre titulo titolo tytul baslik judul
        onderwerp 标题 標題 タイトル 제목 заголовок
        """,
    "rating": """
        rating score starrating stars star overall reviewrating reviewscore reviewsrating ratings
        overallrating userrating ratingvalue reviewstars npsscore points sterne punkte bewertung
        note nota etoiles puntuacion calificacion estrellas valoracion avaliacao classificacao
        voto valutazione punteggio stelle beoordeling waardering sterren cijfer ocena gwiazdki
        puan yildiz penilaian peringkat bintang 评分 星级 評分 星級 評価 総合評価
        평점 별점 оценка рейтинг
        """,
    "time": """
        time unixreviewtime reviewsubmitmillissinceepoch timestamp date datetime reviewdate
        reviewtime reviewsubmitdateandtime reviewcreatedutc datecreatedutc reviewsdate at
        createdat created timestampcreated createdate createtime datecreated dateadded submittedat
        submissiondate submitdateutc publishedat publishedatdate publisheddate publishdate
        posteddate postedat dateposted datepublished reviewedat reviewcreationdate responsedate
        recordeddate enddate startdate updated datum zeitstempel fecha marcatemporal data
        carimbodedatahora horodateur tarih tarihi zamandamgasi tanggal stempelwaktu дата
        отметкавремени
        时间 日期 時間 時間戳記 日付 投稿日 投稿日時 タイムスタンプ 날짜 작성일 등록일 타임스탬프
        """,
    "product": """
        productid asin parentasin product productname productsku sku itemid item businessid
        business bookid appid appname gametitle gamename variation variant producttitle
        producthandle packagename clothingid hotelname hotel restaurant company produkt artikel
        artikelnummer produit producto prodotto produto urun urunadi produk 商品 产品 產品 商品名
        상품 상품명 товар товара produktu
        """,
    "author": """
        userid reviewerid authorid customerid consumerid author username reviewername profilename
        reviewer user authorsteamid consumername reviewusername guestname customername customer
        nickname reviewerdisplayname displayname reviewsusername authorname autor
        verfasser kunde auteur client pseudo cliente usuario autore utente klant gebruiker
        uzytkownik kullanici yazar pengguna penulis 用户 昵称 用戶 暱稱 投稿者 ニックネーム 작성자
        автор name naam
        """,
    "id": """
        reviewid reviewsid unitid recommendationid id uid uuid bewertungsid idavis responseid
        respondentid
        """,
}

# A name tells a role too when it has a word of the first kind, and all others are of the second.
_TELLING: Mapping[Role, tuple[str, str]] = {
    "text": (
        "text review comment comments feedback message body content description opinion remark "
        "remarks",
        "review comment feedback customer user guest reviewer the your our of on and any other "
        "further additional please leave full original written open ended answer free verbatim "
        "published conversation nps csat satisfaction survey",
    ),
    "title": (
        "title headline summary subject heading",
        "review comment feedback of the your",
    ),
    "rating": (
        "rating ratings rated rate score stars star sterne nota note puan ocena puntuacion voto "
        "recommend recommends recommended recommendation vote voted thumb thumbs nps csat "
        "satisfaction",
        "review reviews reviewer customer user guest overall total the my your of app product "
        "hotel item service is up general final given in out de utc value star stars five "
        "published conversation ticket",
    ),
    "time": (
        "date time timestamp datetime created posted published submitted datum fecha",
        "review reviews reviewed comment feedback survey response user post of the at on utc gmt "
        "date time iso local creation submission completed added published created posted "
        "submitted conversation ticket",
    ),
    "product": (
        "product item game app hotel restaurant business book movie film course company listing",
        "name title id reviewed the of full sku code",
    ),
    "author": (
        "author reviewer user username customer guest consumer nickname client buyer",
        "review name display full nick id the of",
    ),
    "id": ("id uuid guid", "review comment feedback"),
}
# A name may be put together of two usual ones: `Data recensione`, `Bewertungsdatum`, `评论时间`.
_JOINING = "de del della dell di da do des du der l la le van het of the"
_CALLED = "name nome nom nombre naam adi имя название nazwa nama 名 名称 名稱 이름"
# What an answer of a service wraps its fields in: `attributes.body`, `im:rating.label`.
_WRAPPED = re.compile(
    r"^(?:(?:attributes|_source|node|properties|fields)\.|im:)|\.(?:label|value|\$t|#text)$"
)
_ASKING = """
rate rating satisfied satisfaction recommend likely likelihood stars score happy zufrieden bewerten
weiterempfehlen recommander satisfait recomendar satisfecho
"""
_LEAST_WORDS_OF_A_QUESTION = 4
_STROKES = str.maketrans("ıłŁđĐøØ", "ilLdDoO")
_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+")
# Of what is not said by the reviewer: replies, lives, what was done to the file, counts.
_NOT_OF_THE_REVIEW = """
reply replied response responded answer answered developer owner merchant moderated birth last
scraped crawled retrieved exported judgment helpful votes likes dislikes count number followers age
price quantity total average avg mean weighted sentiment latitude longitude index rank year month
week day hour version build zip postcode phone ip
"""


def normalise(header: str) -> str:
    """Reduce a header to what makes it recognisable: `" Review_Text"` to `reviewtext`."""
    header = _bare(header)
    plain = unicodedata.normalize("NFKD", header.translate(_STROKES)).casefold()
    return "".join(character for character in plain if character.isalnum())


def words_of(header: str) -> list[str]:
    """Return the words of a header in lower case: two of `AppRating` and `Overall rating (1-5)`."""
    return [word.casefold() for word in _WORD.findall(_bare(header))]


@cache
def usual_ranks(role: Role) -> Mapping[str, int]:
    """Return the usual names of a role, normalised, each with its rank."""
    names = [normalise(name) for name in _USUAL[role].split()]
    return {name: rank for rank, name in reversed(list(enumerate(names)))}


def tells(role: Role, header: str) -> bool:
    """Tell whether a header's words say that the column plays a role, which its values may deny."""
    words = words_of(header)
    keys, beside = _telling(role)
    said = any(word in keys for word in words) and all(
        word in keys or word in beside for word in words
    )
    return said or _is_composed(role, words)


def _is_composed(role: Role, words: Sequence[str]) -> bool:
    """Tell whether words are usual names of a role, beside those of a text or beside `name`."""
    if role == "id":
        return False
    parts: list[str] = []
    for word in words:
        if (plain := normalise(word)) not in _JOINING.split():
            parts += _split(plain, _known(role))
        if "" in parts:
            return False
    return not usual_ranks(role).keys().isdisjoint(parts)


def _split(word: str, known: Collection[str]) -> tuple[str, ...]:
    """Return a word that is known, or the two that it is made of; an empty one where it is not."""
    if word in known:
        return (word,)
    for place in range(1, len(word)):
        first, last = word[:place], word[place:]
        if last in known and (first in known or (first[-1] == "s" and first[:-1] in known)):
            return first, last
    return ("",)


def asks_for_rating(header: str) -> bool:
    """Tell whether a header is a question that is answered with a rating."""
    words = words_of(header)
    long = len(re.findall(r"[^\s_]+", header)) >= _LEAST_WORDS_OF_A_QUESTION or "?" in header
    return long and not frozenset(_ASKING.split()).isdisjoint(words)


def of_something_else(header: str) -> bool:
    """Tell whether a header's words speak of a reply, a journey or a count, not of the review."""
    return not frozenset(_NOT_OF_THE_REVIEW.split()).isdisjoint(words_of(header))


def _bare(header: str) -> str:
    return _WRAPPED.sub("", header.strip())


@cache
def _known(role: Role) -> frozenset[str]:
    """Return what a name that is put together may be made of."""
    named = role in ("product", "author")
    return frozenset((*usual_ranks(role), *(_CALLED.split() if named else usual_ranks("text"))))


@cache
def _telling(role: Role) -> tuple[frozenset[str], frozenset[str]]:
    keys, beside = _TELLING[role]
    return frozenset(keys.split()), frozenset(beside.split())
