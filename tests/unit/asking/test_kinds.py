import sys
from subprocess import run
from time import perf_counter

import numpy as np
import pytest

from reviewlens.asking.kinds import EXEMPLARS, KINDS, Kind, Numbers, _numbers, read_question
from reviewlens.asking.signs import _SIGNS


def exemplars() -> list[tuple[str, str]]:
    found = []
    kind = ""
    for line in EXEMPLARS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            kind = line[3:]
        elif line:
            found.append((kind, line.partition(": ")[2].replace("[", "").replace("]", "")))
    return found


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What do people complain about when it comes to the ferry?", "complaints"),
        ("anything bad about the ferry", "complaints"),
        ("What do people like least about the ferry?", "complaints"),
        ("what's good about the ferry", "praise"),
        ("What do passengers wish the ferry had?", "wishes"),
        ("Is the ferry worth the fare?", "judgement"),
        ("Why do passengers give the ferry one star?", "why"),
        ("Why would they rather walk than take the ferry?", "why"),
        ("How many passengers mention seasickness?", "how_many"),
        ("Since when do people complain about the ferry?", "when"),
        ("complaints about the ferry by month", "when"),
        ("Which ferry is best for cars?", "which"),
        ("Has the ferry got better?", "change"),
        ("Is the ferry better than a year ago?", "change"),
        ("Is the ferry better than the bridge?", "compare"),
        ("ferry vs bridge", "compare"),
        ("How long does the crossing take?", "fact"),
        ("How many cars can the ferry carry?", "fact"),
        ("What do people say about the ferry?", "saying"),
        ("ferry timetable", "saying"),
        ("Write me a poem about ships", "off_topic"),
        ("What is the capital of Norway?", "off_topic"),
    ],
)
def test_each_kind_is_told_in_a_field_that_no_exemplar_is_of(question: str, kind: Kind) -> None:
    read = read_question(question)
    assert read.kind == kind
    assert 0.5 < read.sure <= 1


def test_praise_and_complaints_are_never_taken_for_each_other() -> None:
    other = {"complaints": "praise", "praise": "complaints"}
    asked = [(kind, question) for kind, question in exemplars() if kind in other]
    assert len(asked) > 80
    assert not [one for one in asked if read_question(one[1]).kind == other[one[0]]]


def test_there_are_forty_exemplars_of_each_kind_and_the_numbers_tell_them() -> None:
    told = exemplars()
    assert {kind for kind, _ in told} == set(KINDS)
    for kind in KINDS:
        own = [question for one, question in told if one == kind]
        right = sum(read_question(question).kind == kind for question in own)
        assert len(own) >= 40
        assert right >= 0.95 * len(own), kind


def test_the_numbers_were_learnt_with_the_signs_that_there_are() -> None:
    known = [name[2:] for name in _numbers().rows if name.startswith("~ ")]
    signs = {f"{kind} {number}" for number, (kind, _) in enumerate(_SIGNS)}
    assert len(known) > 50
    assert set(known) <= signs, "train anew: python benchmarks/kinds.py train"


def test_a_question_is_of_nothing_in_reviews_only_where_that_is_sure() -> None:
    weights = np.zeros((1, len(KINDS)), dtype=np.float32)
    weights[0, KINDS.index("off_topic")] = 3.0
    weights[0, KINDS.index("fact")] = 1.0
    assert Numbers.of([], weights).kind_of("Who does?")[0] == "fact"
    weights[0, KINDS.index("off_topic")] = 5.0
    assert Numbers.of([], weights).kind_of("Who does?")[0] == "off_topic"


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("What annoys people?", "negative"),
        ("What do people enjoy?", "positive"),
        ("Why do people return the kettle?", "negative"),
        ("Why do people love the kettle?", "positive"),
        ("How many people complain about the lid?", "negative"),
        ("How many people praise the lid?", "positive"),
        ("How many people mention the lid?", None),
        ("Is the lid good?", None),
        ("What do people wish for?", None),
        ("Which kettle is the worst?", "negative"),
    ],
)
def test_a_question_has_the_side_that_it_asks_for(question: str, side: str | None) -> None:
    assert read_question(question).side == side


@pytest.mark.parametrize("question", ["", "  ", "?!", "🚢", "早餐怎么样？", "Как завтрак?"])
def test_what_cannot_be_read_asks_what_people_say(question: str) -> None:
    assert read_question(question).kind in ("saying", "judgement")
    assert read_question(question).question == question


def test_a_question_is_read_in_five_milliseconds() -> None:
    asked = [question for _, question in exemplars()]
    read_question(asked[0])
    start = perf_counter()
    for question in asked:
        read_question(question)
    assert (perf_counter() - start) / len(asked) < 0.005


def test_reading_a_question_imports_no_scikit_learn() -> None:
    code = (
        "import sys; from reviewlens.asking.kinds import read_question; "
        "read_question('Is it good?'); sys.exit('sklearn' in sys.modules or 'torch' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
