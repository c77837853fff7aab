from __future__ import annotations

from reviewlens.text.boilerplate import NO_BOILERPLATE, Boilerplate, folded

LEFT_OUT = Boilerplate(("Sent from my phone", "Harbour Shop customer review"))


def test_sentence_is_found_whatever_its_case_white_space_and_signs() -> None:
    assert folded("[Sent  from\tmy PHONE!]") == folded("sent from my phone")
    text = "Title: Harbour shop customer review; Content: It broke. Sent from  my phone!"
    assert [text[start:end] for start, end in LEFT_OUT.spans(text)] == [
        "Harbour shop customer review",
        "Sent from  my phone!",
    ]


def test_sentence_that_says_more_is_none() -> None:
    assert LEFT_OUT.spans("It was sent from my phone to hers.") == []
    assert LEFT_OUT.spans("Sent from my phones.") == []


def test_text_that_says_nothing_else_keeps_it() -> None:
    text = "Title: Harbour Shop customer review; Content: Sent from my phone."
    parts = [(7, 35), (46, 65)]
    assert LEFT_OUT.taken_from(text, parts) == parts
    assert LEFT_OUT.identity(text) == text


def test_identity_tells_texts_apart_and_what_is_left_of_them() -> None:
    texts = ["It broke. Sent from my phone.", "It broke.", "Sent from my phone. It broke."]
    different = {one.identity(text) for text in texts for one in (LEFT_OUT, NO_BOILERPLATE)}
    assert len(different) == 5
    assert different.issuperset(texts)


def test_part_that_holds_a_sentence_and_more_loses_it() -> None:
    text = "Fine. Sent from my phone. Thanks"
    left = LEFT_OUT.taken_from(text, [(0, len(text))])
    assert [text[start:end].strip() for start, end in left] == ["Fine.", "Thanks"]


def test_words_of_names_hold_none() -> None:
    assert LEFT_OUT.without("Harbour Shop  customer review: it broke") == "\n: it broke"


def test_later_sentences_stand_behind_and_no_form_of_a_known_one_is_added() -> None:
    found = LEFT_OUT.joined(["sent from my phone.", "Posted by a friend"])
    assert found.sentences == (*LEFT_OUT.sentences, "Posted by a friend")


def test_states_are_what_may_have_been_left_out_once() -> None:
    first, second = LEFT_OUT.sentences
    assert [state.sentences for state in LEFT_OUT.states()] == [(first, second), (first,), ()]
    dropped = LEFT_OUT.dropped()
    assert dropped.sentences == ()
    assert [state.sentences for state in dropped.states()] == [(), (first, second), (first,)]
    assert dropped.dropped() == dropped


def test_collections_put_together_know_what_either_left_out() -> None:
    dropped = LEFT_OUT.dropped()
    assert NO_BOILERPLATE.merged(dropped) == dropped
    assert dropped.merged(LEFT_OUT) == Boilerplate(LEFT_OUT.sentences, LEFT_OUT.sentences)
