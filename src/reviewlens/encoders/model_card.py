"""What a model's card says: the README.md in its folder, with fields in YAML before the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reviewlens.settings import ANY_LANGUAGE

_CODE = re.compile(r"([a-z]{2})([-_].*)?", re.IGNORECASE)
_ANY = ("multilingual", ANY_LANGUAGE)


def card_languages(folder: Path) -> frozenset[str]:
    """Return the languages of a model by its card, as `LanguageReader` has them.

    A variety is its language: `pt-BR` is `pt`. Where no card says any, or it cannot be read, they
    are not known, which hinders nothing else.
    """
    card = folder / "README.md"
    if not card.is_file():
        return frozenset()
    from huggingface_hub.repocard import metadata_load

    try:
        fields: dict[str, Any] = metadata_load(card) or {}
    except Exception:  # a file that cannot be read, or YAML that is none
        return frozenset()
    said = fields.get("language")
    # In YAML a bare `no` is false, and Norwegian in a card.
    codes = ["no" if code is False else str(code) for code in _listed(said)]
    if any(code.lower() in _ANY for code in codes):
        return frozenset({ANY_LANGUAGE})
    found = [_CODE.fullmatch(code) for code in codes]
    return frozenset(match[1].lower() for match in found if match)


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
