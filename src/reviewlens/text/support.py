"""What is known of each language beyond its letters: the table that docs/languages.md shows.

Stop words come with a package (`words.py`); words that only judge stand in `contentless.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Literal

Cutter = Literal["spaces", "rjieba", "janome", ""]

_STEMS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What is known of a language.

    Attributes:
        stemmer: Snowball's algorithm for its stems; empty where there is none.
        cutter: What takes a text apart into words: the spaces in it, or a package;
            empty where nothing here does.
        negations: Words that negate, in lower case, with spaces between: particles, pronouns,
            adverbs and prepositions.
        signs: Instead of words, a pattern of what negates in a script without spaces.
        short_forms: Patterns, with spaces between, of what stands before a full stop that ends no
            sentence. Those alone that a capital letter or a number follows: before a small letter
            no full stop ends one, by Unicode's rules.
        turns: Patterns, with spaces between, of words that begin a clause which says otherwise.
        concessions: The same of words that begin the clause before, which then ends at a comma.
        subjects: Patterns, with spaces between, of words that begin the subject of a clause.
        persons: The same of such that are a subject by themselves.
        asides: The same of clauses that say nothing by themselves.
        verbs: The same of finite verbs that clauses of their own have most often.
        also: A pattern of what joins such a clause to the one before.
        turning_signs: A pattern of what ends a clause before one that says otherwise, in a script
            without spaces.
    """

    stemmer: str = ""
    cutter: Cutter = "spaces"
    negations: str = ""
    signs: str = ""
    short_forms: str = ""
    turns: str = ""
    concessions: str = ""
    subjects: str = ""
    persons: str = ""
    asides: str = ""
    verbs: str = ""
    also: str = ""
    turning_signs: str = ""

    @property
    def negates(self) -> bool:
        """Whether its negations are known."""
        return bool(self.negations or self.signs)


# Stemmers: Snowball, https://snowballstem.org/algorithms/. Negations: what Universal Dependencies
# calls `Polarity=Neg` and `PronType=Neg` (https://universaldependencies.org/u/feat/Polarity.html,
# https://universaldependencies.org/u/feat/PronType.html), and the prepositions and adverbs that
# negate as well ("without", "hardly"), also as they are typed without accents and apostrophes.
# Short forms: titles, and what comes before names, numbers and, in German, any noun.
SUPPORT = {
    "ar": Support(stemmer="arabic"),
    "ca": Support(stemmer="catalan"),
    "cs": Support(stemmer="czech"),
    "da": Support(
        stemmer="danish",
        negations="ikke aldrig ingen intet ingenting hverken uden næppe nej",
    ),
    "de": Support(
        stemmer="german",
        negations="nicht nichts nix nie niemals niemand niemanden niemandem nirgends nirgendwo "
        "kein keine keinen keinem keiner keines keinerlei nein ohne weder kaum",
        short_forms=r"nr hr hrn fr str bzw evtl ggf inkl exkl zzgl sog ca tel abb vgl "
        r"art\.-nr best\.-nr z\.\s?b d\.\s?h u\.\s?a i\.\s?d\.\s?r v\.\s?a",
        turns="aber jedoch allerdings dennoch trotzdem hingegen dafür wohingegen",
        concessions="obwohl obgleich zwar wenngleich",
        subjects="der die das den dem unser unsere mein meine dieser diese dieses",
        persons="ich wir es er sie man",
        verbs="ist war sind waren hat hatte haben hatten wird wurde wurden kann konnte kam ging",
        also="und",
    ),
    "el": Support(stemmer="greek"),
    "en": Support(
        stemmer="english",
        negations="no not never none nothing nobody nowhere nor neither cannot without hardly "
        "barely aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt shouldnt wasnt "
        "werent wont wouldnt",
        short_forms=r"dr mr mrs ms prof st vs approx e\.g i\.e",
        turns=r"(?<!nothing\s)(?<!anything\s)(?<!(?<!at\s)\ball\s)(?<!last\s)but(?!\salso) "
        r"however nevertheless nonetheless whereas except\s(?:that|for) unfortunately (?<=,\s)yet "
        r"(?<=\sand\s)yet aside\sfrom apart\sfrom other\sthan",
        concessions=r"although even\sthough even\sif though "
        r"while(?=\s(?:the|it|they|this|i|we|some)\b) despite in\sspite\sof",
        subjects="the our my their his her its this that these those there most some all both",
        persons=r"(?:it|they|he|she|we|i|you)(?:['’]\w+)? "
        r"(?!(?:which|who|that|what|where|when|if|as|or|but)\b)"
        r"\w+(?:\s\w+)?\s(?:is|was|are|were)\b",
        verbs="is was are were isn['’]t wasn['’]t aren['’]t weren['’]t has had have hasn['’]t "
        "hadn['’]t haven['’]t does did do doesn['’]t didn['’]t don['’]t can can['’]t could "
        "couldn['’]t will won['’]t would wouldn['’]t should must might got gets came comes took "
        "takes went goes made makes gave gives tasted tastes looked looks seemed seems felt feels "
        "brought arrived kept",
        also="and|plus|so",
        asides=r"i\s(?:must|have\sto)\s(?:say|admit) i(?:['’]d)?\s(?:think|guess|suppose|believe|"
        r"say|mean|hope) you\sknow to\sbe\s(?:honest|fair) if\syou\sask\sme in\smy\sopinion",
    ),
    "es": Support(
        stemmer="spanish",
        negations="no nunca jamás jamas nada nadie ningún ningun ninguno ninguna ningunos "
        "ningunas sin ni tampoco apenas",
        short_forms=r"sr sra srta sres dra ud uds vd pág núm aprox avda ee ee\.\s?uu p\.\s?ej",
        turns=r"pero sin\sembargo no\sobstante en\scambio",
        concessions=r"aunque a\spesar\sde si\sbien",
        subjects="el la los las un una mi mis nuestro nuestra su sus este esta",
        verbs="es era está estaba son eran están estaban fue fueron tiene tenía hay había",
        also="y",
    ),
    "et": Support(stemmer="estonian"),
    "fa": Support(stemmer="persian"),
    "fi": Support(stemmer="finnish"),
    "fr": Support(
        stemmer="french",
        negations="pas jamais rien aucun aucune aucunement sans ni non guère guere",
        short_forms=r"mme mlle réf env boul p\.\s?ex c\.-à-d",
        turns=r"mais cependant toutefois pourtant néanmoins par\scontre en\srevanche",
        concessions=r"bien\squ(?:e|['’]\w+) quoique malgré même\ssi",
        subjects=r"le la les l['’]\w+ un une des mon ma mes notre nos ce cette ces",
        persons="il elle on nous je ils elles",
        verbs="est était sont étaient a avait ont avaient fut",
        also="et",
    ),
    "hi": Support(stemmer="hindi"),
    "hr": Support(stemmer="serbian"),
    "hu": Support(stemmer="hungarian"),
    "id": Support(stemmer="indonesian"),
    "it": Support(
        stemmer="italian",
        negations="non no mai niente nulla nessun nessuno nessuna neanche nemmeno neppure mica "
        "senza né nè",
        short_forms=r"sig sigg sig\.ra sig\.na dott dott\.ssa prof\.ssa avv pag "
        r"p\.\s?es ad\s?es",
        turns="ma però tuttavia invece",
        concessions=r"anche\sse sebbene nonostante benché",
        subjects=r"il lo la i gli le l['’]\w+ un una questo questa",
        verbs="è era sono erano ha aveva hanno avevano c['’]è",
        also="e",
    ),
    "ja": Support(
        cutter="janome",
        signs="ない|なく|なかった|ません|ずに",
        turns="しかし ただし でも、 けれども、",
        turning_signs="(?:けれども|けれど|けど|ものの|のに|ですが|ますが|たが|だが|いが)[、,，]",
    ),
    "ko": Support(),
    "lt": Support(stemmer="lithuanian"),
    "nl": Support(
        stemmer="dutch",
        negations="niet niets niks nooit niemand nergens geen geenszins noch nauwelijks nee zonder",
        short_forms=r"dhr mevr mw drs bijv incl excl o\.a m\.b\.v d\.w\.z",
        turns="maar echter daarentegen desondanks",
        concessions="hoewel ofschoon ondanks",
        subjects="de het een onze mijn deze dit",
        persons="ik wij we ze hij zij",
        verbs="is was zijn waren heeft had hebben hadden werd werden kan kon",
        also="en",
    ),
    "no": Support(
        stemmer="norwegian",
        negations="ikke aldri ingen ingenting intet verken uten neppe nei",
    ),
    "pl": Support(
        stemmer="polish",
        negations="nie nigdy nic niczego nikt nikogo nigdzie żaden żadna żadne żadnego żadnej "
        "żadnych bez ani",
        turns="ale jednak natomiast",
        concessions=r"chociaż choć mimo\sże pomimo",
    ),
    "pt": Support(
        stemmer="portuguese",
        negations="não nao nunca jamais nada ninguém ninguem nenhum nenhuma nenhuns nenhumas sem "
        "nem tampouco",
        short_forms=r"sr sra srta dra exmo exma pág aprox av p\.\s?ex",
        turns=r"mas porém contudo todavia no\sentanto",
        concessions=r"embora apesar\sd[eoa]s? ainda\sque",
        subjects="o a os as um uma meu minha nosso nossa este esta",
        verbs="é era foi são eram está estava estão tem tinha há havia",
        also="e",
    ),
    "ro": Support(stemmer="romanian"),
    "ru": Support(
        stemmer="russian",
        negations="не нет ни никогда ничего ничто ничем ничему никто никого никому никем нигде "
        "никуда никак никакой никакая никакое никакие никакого никаких никакому никаким нельзя "
        "без едва",
        short_forms=r"ул просп тел стр напр т\.\s?е т\.\s?к т\.\s?н",
        turns="но однако зато",
        concessions=r"хотя несмотря\sна",
    ),
    "sr": Support(stemmer="serbian"),
    "sv": Support(
        stemmer="swedish",
        negations="inte ej icke aldrig ingen inget inga ingenting varken knappt utan nej",
    ),
    "th": Support(cutter=""),
    "tr": Support(stemmer="turkish"),
    "uk": Support(
        negations="не ні немає нема ніколи нічого ніщо ніхто нікого ніде ніяк жоден жодна жодного "
        "без ледве",
    ),
    # Not what says the opposite or nothing of the kind: 不错, "not bad"; 不过, "but"; 特别, "very";
    # 未来, "the future"; 无线, "wireless".
    "zh": Support(
        cutter="rjieba",
        signs="不(?![错錯过過但仅僅管断斷同少久止])|[没沒](?![错錯])|[无無](?![线線论論比数數])|"
        "未(?![来來])|(?<![特区區级級分性个個])[别別](?![人墅])",
        turns="但是? 不过 不過 可是 然而 只是 虽然 雖然 尽管 儘管",
        turning_signs="[，,]",
    ),
}
"""By ISO 639-1 code; a language that is not here has words between spaces, and nothing else."""

_PLAIN = Support()


def support_of(language: str) -> Support:
    """Return what is known of a language.

    Args:
        language: ISO 639-1 code; empty where it is not known, which is taken for English.
    """
    return SUPPORT.get(language or "en", _PLAIN)


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Return what cuts the endings of a language's words; what leaves them where there is none."""
    algorithm = support_of(language).stemmer
    if not algorithm:
        return str
    import snowballstemmer

    cut = snowballstemmer.stemmer(algorithm).stemWord
    one_at_a_time = Lock()  # it keeps the word that it cuts in itself

    @lru_cache(_STEMS_KEPT)
    def stem(word: str) -> str:
        with one_at_a_time:
            found: str = cut(word)
        return found

    return stem
