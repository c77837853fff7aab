from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.ingest.vectors import RecentVectors, Vectors, statement_spans
from reviewlens.reading.model import Passage
from reviewlens.store import unpack
from reviewlens.text.boilerplate import Boilerplate
from reviewlens.vectors import pooled


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder(dimension=16)


def passages(texts: Sequence[str]) -> list[Passage]:
    return [Passage(0, text, tokens=1, tokens_embedded=1, tokens_unknown=0) for text in texts]


def of(vectors: RecentVectors, texts: Sequence[str]) -> list[Vectors]:
    return vectors.of(passages(texts), ["en"] * len(texts))


def whole(found: Sequence[Vectors]) -> NDArray[np.float32]:
    return np.stack([one.whole for one in found])


def test_a_text_that_comes_again_is_encoded_once(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder)
    texts = ["good lamp", "bad lamp", "good lamp", "good lamp", "kettle"]
    first = of(vectors, texts)
    assert encoder.encoded == 3
    again = of(vectors, ["kettle", "a new text", "good lamp"])
    assert encoder.encoded == 4
    wanted = encoder.encode_documents([*texts, "kettle", "a new text", "good lamp"])
    assert np.allclose(whole([*first, *again]), wanted, atol=1e-6)


def test_a_passage_counts_where_any_of_it_was_encoded(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder)
    of(vectors, ["The lamp is bright. The shade broke soon.", "The lamp is bright."])
    assert vectors.encoded == 2
    of(vectors, ["The lamp is bright. The shade broke soon."])
    assert vectors.encoded == 2
    of(vectors, ["The lamp is bright. It smells of paint."])
    assert vectors.encoded == 3


def test_the_encoder_is_left_alone_when_it_has_nothing_to_do(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder)
    assert of(vectors, []) == []
    of(vectors, ["lamp"])
    of(vectors, ["lamp"])
    assert encoder.calls == 1


def test_what_was_used_longest_ago_is_forgotten(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder, kept=2)
    for text in ("one", "two", "one", "three"):
        of(vectors, [text])
    assert vectors.encoded == 3
    of(vectors, ["one"])  # was used after `two`
    assert vectors.encoded == 3
    of(vectors, ["two"])
    assert vectors.encoded == 4


def test_more_texts_than_are_remembered_come_back_in_order(encoder: FakeEncoder) -> None:
    texts = [f"text {number % 7}" for number in range(20)]
    found = of(RecentVectors(encoder, kept=3), texts)
    assert np.allclose(whole(found), encoder.encode_documents(texts), atol=1e-6)


def test_a_remembered_vector_holds_no_others_in_memory(encoder: FakeEncoder) -> None:
    [first, _] = of(RecentVectors(encoder), ["one", "two"])
    assert first.whole.base is None


def test_many_texts_are_encoded_in_parts_of_about_equal_length(encoder: FakeEncoder) -> None:
    parts: list[list[str]] = []

    class Watched(FakeEncoder):
        def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
            parts.append(list(texts))
            return super().encode_documents(texts)

    texts = [("lamp " * (number * 7 % 10 + 1)).strip() for number in range(10)]
    pauses: list[int] = []
    vectors = RecentVectors(Watched(dimension=16), at_once=4)
    found = vectors.of(passages(texts), [""] * 10, on_part=lambda: pauses.append(len(parts)))
    assert np.allclose(whole(found), encoder.encode_documents(texts), atol=1e-6)
    assert [len(part) for part in parts] == [4, 4, 2]
    assert [text for part in parts for text in part] == sorted(texts, key=len)
    assert pauses == [1, 2]


def test_a_passage_is_the_mean_of_what_it_says(encoder: FakeEncoder) -> None:
    text = "Title: Broke soon; Content: The lamp is bright, but the shade broke. I want it back!"
    said = ["Broke soon", "The lamp is bright", "but the shade broke.", "I want it back!"]
    assert [text[start:end] for start, end in statement_spans(text, "en")] == said
    [found] = of(RecentVectors(encoder), [text])
    alone = encoder.encode_documents(said)
    lengths = np.sqrt([len(one) for one in said])
    assert np.allclose(found.whole, pooled(list(alone), lengths), atol=1e-6)
    packed = unpack(found.statements)
    assert packed is not None
    assert [text[start:end] for start, end in packed.spans] == said
    assert np.allclose(packed.vectors, alone, atol=0.01)


def test_a_collection_of_version_1_has_each_passage_whole(encoder: FakeEncoder) -> None:
    text = "The lamp is bright. The shade broke soon."
    [found] = of(RecentVectors(encoder, statements=False), [text])
    assert found.statements == ""
    assert np.allclose(found.whole, encoder.encode_documents([text])[0], atol=1e-6)


def test_what_passes_the_window_is_not_embedded() -> None:
    encoder = FakeEncoder(dimension=16, window=5)
    text = "The lamp is bright. The shade broke soon."
    cut = Passage(0, text, tokens=10, tokens_embedded=5, tokens_unknown=0)
    [found] = RecentVectors(encoder).of([cut], ["en"])
    packed = unpack(found.statements)
    assert packed is not None
    assert packed.spans.tolist() == [[0, 19]]


def test_boilerplate_is_left_out_where_something_else_is_said(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder, boilerplate=Boilerplate(("Sent from my phone",)))
    texts = ["The lamp is bright. Sent from my phone.", "Sent from my phone!"]
    wanted = encoder.encode_documents(["The lamp is bright.", texts[1]])
    found = of(vectors, texts)
    assert np.allclose(whole(found), wanted, atol=1e-6)
    packed = unpack(found[0].statements)
    assert packed is not None
    assert packed.spans.tolist() == [[0, 19]]
