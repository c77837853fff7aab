"""No method of a corpus passes over an argument that it does not have."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewlens import Corpus
from reviewlens.errors import InputError
from reviewlens.ingest import IngestSettings

METHODS = sorted(
    name
    for name in dir(Corpus)
    if name[0] != "_"
    and name not in ("embedded", "themes", "labels", "open", "close", "only", "filter_names")
)


def arguments(method: str) -> Iterator[str]:
    """Yield the names of all arguments of a method."""
    signature = inspect.signature(getattr(Corpus.open("nowhere.db"), method))
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            yield from IngestSettings.__annotations__
        elif parameter.kind is not parameter.VAR_POSITIONAL and parameter.name != "self":
            yield parameter.name


@pytest.mark.parametrize("method", METHODS)
def test_misspelt_argument_is_refused_with_the_one_that_was_meant(method: str) -> None:
    corpus = Corpus.open("nowhere.db")
    for name in arguments(method):
        misspelt = name[:2] + name[3:]
        if len(name) > 3:
            with pytest.raises(TypeError) as refused:
                getattr(corpus, method)(**{misspelt: "1"})
            assert str(refused.value) == (
                f"{method}() has no argument {misspelt!r}; did you mean {name!r}?"
            )
    wanted = "wanted one of" if list(arguments(method)) else "it takes none"
    with pytest.raises(TypeError, match=rf"{method}\(\) has no argument 'zzzzz'; {wanted}"):
        getattr(corpus, method)(zzzzz=1)


def test_deleting_by_a_misspelt_filter_deletes_nothing() -> None:
    corpus = Corpus.open("nowhere.db")
    with pytest.raises(TypeError, match=r"where\(\) has no argument 'sinze'; did you mean 'since'"):
        corpus.delete(corpus.where(rating="1..1", sinze="2099"))  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("method", "others"), [("ingest", {}), ("plan", {}), ("reduce", {"dimensions": 2})]
)
def test_misspelt_role_of_a_column_is_refused(
    method: str, others: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "reviews.csv").write_text("Text,Stars\nGood,5\n", encoding="utf-8")
    corpus = Corpus.open(tmp_path / "reviews.db")
    columns = {"text": "Text", "raiting": "Stars"}
    with pytest.raises(TypeError, match="there is no role 'raiting'; did you mean 'rating'"):
        getattr(corpus, method)(tmp_path / "reviews.csv", columns=columns, **others)


@pytest.mark.parametrize("value", ["no", "yes", 1, None])
@pytest.mark.parametrize(
    ("method", "positional", "flag"),
    [
        ("delete", (), "everything"),
        ("copy", ("other.db",), "prune"),
        ("ingest", ([],), "force"),
        ("plan", ([],), "replace"),
        ("diagnose", (), "mend"),
        ("reindex", (), "force"),
        ("search", ("lamp",), "explain"),
        ("export", ("reviews.csv",), "excel"),
    ],
)
def test_flag_is_true_or_false(
    method: str, positional: tuple[Any, ...], flag: str, value: Any
) -> None:
    if value is None and method in ("ingest", "plan"):
        return  # of a setting, None is "not given"
    corpus = Corpus.open("nowhere.db")
    with pytest.raises(InputError, match=rf"{flag} is {value!r}; wanted True or False") as refused:
        getattr(corpus, method)(*positional, **{flag: value})
    assert refused.value.field == flag


@pytest.mark.parametrize("method", ["search", "count_matches", "similar", "ask", "search_many"])
@pytest.mark.parametrize("text", [None, 5, b"lamp"])
def test_text_of_a_question_is_a_text(method: str, text: Any) -> None:
    given = [text] if method == "search_many" else text
    with pytest.raises(InputError, match="wanted a text"):
        getattr(Corpus.open("nowhere.db"), method)(given)


def test_address_with_a_nul_byte_is_refused() -> None:
    with pytest.raises(InputError, match="NUL byte"):
        Corpus.open("re\0views.db").size()
