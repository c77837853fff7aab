"""What is known of each language beyond its letters: the table that docs/languages.md shows.

Stop words come with a package (`words.py`); words that only judge stand in `contentless.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
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
    """

    stemmer: str = ""
    cutter: Cutter = "spaces"
    negations: str = ""
    signs: str = ""
    short_forms: str = ""

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
    ),
    "el": Support(stemmer="greek"),
    "en": Support(
        stemmer="english",
        negations="no not never none nothing nobody nowhere nor neither cannot without hardly "
        "barely aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt shouldnt wasnt "
        "werent wont wouldnt",
        short_forms=r"dr mr mrs ms prof st vs approx e\.g i\.e",
    ),
    "es": Support(
        stemmer="spanish",
        negations="no nunca jamás jamas nada nadie ningún ningun ninguno ninguna ningunos "
        "ningunas sin ni tampoco apenas",
        short_forms=r"sr sra srta sres dra ud uds vd pág núm aprox avda ee ee\.\s?uu p\.\s?ej",
    ),
    "et": Support(stemmer="estonian"),
    "fa": Support(stemmer="persian"),
    "fi": Support(stemmer="finnish"),
    "fr": Support(
        stemmer="french",
        negations="pas jamais rien aucun aucune aucunement sans ni non guère guere",
        short_forms=r"mme mlle réf env boul p\.\s?ex c\.-à-d",
    ),
    "hi": Support(stemmer="hindi"),
    "hu": Support(stemmer="hungarian"),
    "id": Support(stemmer="indonesian"),
    "it": Support(
        stemmer="italian",
        negations="non no mai niente nulla nessun nessuno nessuna neanche nemmeno neppure mica "
        "senza né nè",
        short_forms=r"sig sigg sig\.ra sig\.na dott dott\.ssa prof\.ssa avv pag "
        r"p\.\s?es ad\s?es",
    ),
    "ja": Support(cutter="janome", signs="ない|なく|なかった|ません|ずに"),
    "ko": Support(),
    "lt": Support(stemmer="lithuanian"),
    "nl": Support(
        stemmer="dutch",
        negations="niet niets niks nooit niemand nergens geen geenszins noch nauwelijks nee zonder",
        short_forms=r"dhr mevr mw drs bijv incl excl o\.a m\.b\.v d\.w\.z",
    ),
    "no": Support(
        stemmer="norwegian",
        negations="ikke aldri ingen ingenting intet verken uten neppe nei",
    ),
    "pl": Support(
        stemmer="polish",
        negations="nie nigdy nic niczego nikt nikogo nigdzie żaden żadna żadne żadnego żadnej "
        "żadnych bez ani",
    ),
    "pt": Support(
        stemmer="portuguese",
        negations="não nao nunca jamais nada ninguém ninguem nenhum nenhuma nenhuns nenhumas sem "
        "nem tampouco",
        short_forms=r"sr sra srta dra exmo exma pág aprox av p\.\s?ex",
    ),
    "ro": Support(stemmer="romanian"),
    "ru": Support(
        stemmer="russian",
        negations="не нет ни никогда ничего ничто ничем ничему никто никого никому никем нигде "
        "никуда никак никакой никакая никакое никакие никакого никаких никакому никаким нельзя "
        "без едва",
        short_forms=r"ул просп тел стр напр т\.\s?е т\.\s?к т\.\s?н",
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

    stem: Callable[[str], str] = lru_cache(_STEMS_KEPT)(snowballstemmer.stemmer(algorithm).stemWord)
    return stem
