"""Reviews that say nothing: that there is praise or blame, and not for what."""

from __future__ import annotations

import re
from functools import cache

from reviewlens.text.words import content_words

_MOST_WORDS = 4
_MOST_STOP_WORDS = 8
_WORD = re.compile(r"[^\W\d_]+")

# Words that judge and name nothing, and those for the thing reviewed whatever it is.
JUDGING = {
    "en": """
absolutely adore amazing amazed appreciate average awesome awful bad beautiful best better bought
brilliant cheers complaint complaints completely cool crap decent definitely deliver delivered
described description disappointed disappointing disappointment dislike enjoy enjoyed exactly
excellent excited expect expected expecting expectations extremely fab fabulous fantastic favorite
favourite fine garbage glad good great happy hate hated highly horrible impressed incredible item
junk liked likes love loved lovely loves loving luv marvelous meh nice ordered outstanding overall
perfect perfectly pleased poor pretty product products promised purchase purchased purchasing
quality rating recommend recommended recommending review reviews satisfied satisfaction satisfying
shit solid star stars stuff sucks superb terrible terrific thank thanks thankyou thumbs thx
totally trash truly useless value wanted wonderful worst worth worthless worthy wow yay yep yum
yummy
""",
    "de": """
alles artikel danke einfach empfehlen empfehlenswert empfehlung gerne gut gute guter gutes geliefert
kauf klasse perfekt produkt prima qualität schlecht schön sehr spitze super toll tolle
tolles wunderbar wie beschrieben zufrieden
""",
    "fr": """
achat adore bien bon bonne conforme content contente excellente génial magnifique merci mauvais nul
nulle parfait parfaite produit qualité recommande ravi ravie satisfait satisfaite très
""",
    "es": """
bueno buena calidad compra contento encanta excelente gracias genial gusta malo mala perfecto
perfecta producto recomendable recomiendo
""",
    "it": """
acquisto bello bella buono buona consigliato consiglio contenta fantastico grazie ottimo ottima
ottimi perfetto perfetta piace prodotto qualità soddisfatta soddisfatto
""",
    "pt": """
adorei bom boa gostei ótimo ótima obrigado perfeito recomendo
""",
    "nl": """
goed goede mooi tevreden aanrader
""",
    "ru": """
отлично отличный отличная отличное хороший хорошая хорошее хорошо супер класс прекрасно ужас ужасно
ужасный плохо плохой плохая понравилось понравился понравилась нравится рекомендую советую доволен
довольна спасибо товар качество покупка пять звёзд норм нормально
""",
    "zh": """
不错 好 好评 很好 满意 喜欢 推荐 东西 非常好 差评 差 垃圾 一般 还好 还行 可以 挺好 谢谢 质量 棒
""",
    "ja": """
良い いい 最高 満足 商品 好き 素晴らしい ありがとう 最悪 おすすめ
""",
}
"""By language; they count in each, as names and phrases of one stand in texts of others."""


def says_nothing(text: str, title: str, language: str) -> bool:
    """Tell whether a review has no subject: it is short, and its words only judge.

    At most four content words, all of them judging, or none, among at most eight others: a
    longer one that is all stop words (`I have one that they did not take back`) says something.

    Args:
        text: Without markup.
        title: Likewise; a review whose title says something does so itself.
        language: ISO 639-1 code, empty where it is not known.

    Raises:
        MissingExtra: It is Chinese or Japanese, and the extra `cjk` is not installed.
    """
    words = content_words(f"{title}\n{text}", language)
    others = sum(len(_WORD.findall(part)) for part in (title, text)) - len(words)
    return (
        len(set(words)) <= _MOST_WORDS
        and others <= _MOST_STOP_WORDS
        and judging_words().issuperset(words)
    )


@cache
def judging_words() -> frozenset[str]:
    """Return the words that judge and name nothing."""
    return frozenset(word for words in JUDGING.values() for word in words.split())
