import pytest

from reviewlens.asking.kinds import read_question


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What do people complain about?", ""),
        ("What do people complain about most?", ""),
        ("what do people complain about when it comes to the wifi?", "wifi"),
        ("anything bad about checkout?", "checkout"),
        ("Is the breakfast worth the money?", "breakfast"),
        ("How clean are the rooms?", "rooms"),
        ("Does the zip on the coat hold?", "zip on the coat"),
        ("Are the pictures crisp in fog?", "pictures"),
        ("why do people return the kettle", "kettle"),
        ("Why do people give few stars?", ""),
        ("Why is the pool rated so badly?", "pool"),
        ("How many people say the lid leaks?", "lid leaks"),
        ("How long does the battery last?", "battery"),
        ("Is there a gym?", "gym"),
        ("Since when do people complain about the lift?", "lift"),
        ("Which kettle is best for tea?", "tea"),
        ("Has the Old Town branch got better?", "Old Town branch"),
        ("What do people say about customer support?", "customer support"),
        ("What do people think of the Return Policy?", "Return Policy"),
        ("WLAN", "WLAN"),
        ("Write me a poem about wifi", ""),
    ],
)
def test_the_matter_is_what_is_left_of_a_question_without_its_frame(
    question: str, matter: str
) -> None:
    assert read_question(question).matter == matter


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Is the breakfast worth the money?", "worth the money"),
        ("Are the beds in the old wing comfortable?", "comfortable"),
        ("How easy is the grill to clean?", "easy to clean"),
        ("is it hard to set up?", "hard to set up"),
        ("How long does the battery last?", "long last"),
        ("What do people say about the beds?", ""),
    ],
)
def test_what_is_asked_of_the_matter_is_kept(question: str, asks: str) -> None:
    assert read_question(question).asks == asks


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Compare the rooms with the suites", ("rooms", "suites")),
        ("Is the sea view better than the garden view?", ("sea view", "garden view")),
        ("iOS vs Android", ("iOS", "Android")),
        ("How do Berlin and Munich compare?", ("Berlin", "Munich")),
        ("Which is better, the mini or the max?", ("mini", "max")),
        ("Is the kettle or the teapot better?", ("kettle", "teapot")),
        ("What is the difference between tea and coffee?", ("tea", "coffee")),
        ("What do people say about tea and coffee?", ()),
    ],
)
def test_a_comparison_has_two_parts(question: str, parts: tuple[str, ...]) -> None:
    assert read_question(question).parts == parts


@pytest.mark.parametrize(
    ("question", "kind", "matter"),
    [
        ("Worüber beschweren sich die Gäste beim Frühstück?", "complaints", "Frühstück"),
        ("Was gefällt den Gästen an der Bar?", "praise", "Bar"),
        ("Seit wann klagen Kunden über den Aufzug?", "when", "Aufzug"),
        ("Pourquoi les clients renvoient-ils la bouilloire ?", "why", "bouilloire"),
        ("Combien de clients se plaignent du bruit ?", "how_many", "bruit"),
        ("¿Qué dice la gente sobre el desayuno?", "saying", "desayuno"),
        ("¿Vale la pena el desayuno?", "judgement", "desayuno"),
        ("Da quando si lamentano gli ospiti del wifi?", "when", "wifi"),
        ("O que os clientes elogiam no hotel?", "praise", "hotel"),
        ("Is de bediening beter geworden?", "change", "bediening"),
        ("Waarom klagen klanten over de koffie?", "why", "koffie"),
    ],
)
def test_questions_in_other_languages_are_told_by_a_few_words(
    question: str, kind: str, matter: str
) -> None:
    read = read_question(question)
    assert (read.kind, read.matter) == (kind, matter)


def test_english_is_not_taken_for_another_language() -> None:
    assert read_question("What do people say about the menu a la carte?").kind == "saying"
    assert read_question("Is the pain au chocolat any good?").matter == "pain au chocolat"
