"""How texts are cut for multilingual-e5-small: into the most probable pieces.

To make a tokenizer of all 250,000 pieces takes over half a second, as long as the rest of a
search. So a few short texts are cut by one that knows only the pieces that occur in them, which
cuts them the same.

Source: Kudo, "Subword Regularization", ACL 2018.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.text_tokenizer import well_formed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

BEGIN, END, PAD, UNKNOWN = 0, 2, 1, 3
FILES = ("pieces.json", "scores.npy")
_SPACE = "\u2581"
_FEW = 10_000  # characters
_BATCH = 1_024  # texts
_NEVER = "\0"  # in no prepared text
_SPACES = re.compile(" {2,}")


class _Cutter(NamedTuple):
    """A tokenizer, and which of all pieces those that it knows are."""

    tokenizer: Tokenizer
    numbers: Sequence[int]


class Pieces:
    """Cuts texts.

    Args:
        pieces: By their numbers.
        scores: Of each, the logarithm of its probability.
        replaced: What stands for a character before a text is cut.
    """

    def __init__(
        self, pieces: Sequence[str], scores: NDArray[np.float32], replaced: Mapping[int, str]
    ) -> None:
        self._pieces = pieces
        self._scores = scores
        self._replaced = {0: " "} | dict(replaced)
        self._longest = max(map(len, pieces))
        # Never found in a text, where it would be the likeliest of all.
        self._numbers = {piece: number for number, piece in enumerate(pieces) if number != UNKNOWN}

    def count(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, order kept."""
        return [TokenCount(len(ids), ids.count(UNKNOWN)) for ids in self._cut(texts)]

    def ids(self, texts: Sequence[str], limit: int) -> list[list[int]]:
        """The ids of each text with those of its begin and end, `limit` of them at most."""
        return [[BEGIN, *ids[: limit - 2], END] for ids in self._cut(texts)]

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text with where they stand in it."""
        prepared, places = self._placed(well_formed(text))
        if not prepared:
            return []
        cutter = self._cutter([prepared])
        encoding = cutter.tokenizer.encode(prepared)
        tokens = []
        for number, piece, (start, end) in zip(
            encoding.ids, encoding.tokens, encoding.offsets, strict=True
        ):
            start += piece.startswith(_SPACE) and end - start > 1
            unknown = cutter.numbers[number] == UNKNOWN
            shown = prepared[start:end] if unknown else piece
            tokens.append(Token(shown, places[start], places[end - 1] + 1, unknown))
        return tokens

    def _cut(self, texts: Sequence[str]) -> list[list[int]]:
        found = []
        for start in range(0, len(texts), _BATCH):
            batch = [self._prepared(well_formed(text)) for text in texts[start : start + _BATCH]]
            cutter = self._cutter(batch)
            for encoding in cutter.tokenizer.encode_batch_fast(batch):
                found.append([cutter.numbers[number] for number in encoding.ids])
        return found

    def _prepared(self, text: str) -> str:
        text = _SPACES.sub(" ", text.translate(self._replaced))
        if text and not text.startswith(" "):
            text = f" {text}"
        return text.replace(" ", _SPACE)

    def _placed(self, text: str) -> tuple[str, list[int]]:
        """A text as it is cut, and where each of its characters stands in the text itself."""
        characters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for one in self._replaced.get(ord(character), character):
                if one != " " or characters[-1:] != [" "]:
                    characters.append(one)
                    places.append(place)
        if characters and characters[0] != " ":
            characters.insert(0, " ")
            places.insert(0, places[0])
        return "".join(characters).replace(" ", _SPACE), places

    def _cutter(self, prepared: Sequence[str]) -> _Cutter:
        if sum(map(len, prepared)) > _FEW:
            return self._whole
        ends = range(1, self._longest + 1)
        found = {
            number
            for text in prepared
            for start in range(len(text))
            for end in ends
            if (number := self._numbers.get(text[start : start + end])) is not None
        }
        return self._of(sorted(found))

    @cached_property
    def _whole(self) -> _Cutter:
        return self._of(sorted(self._numbers.values()))

    def _of(self, numbers: Sequence[int]) -> _Cutter:
        from tokenizers import Tokenizer, models, pre_tokenizers

        # The first is what is not known. The least score decides when that is taken.
        least = float(self._scores.min())
        vocabulary = [(_NEVER, least)]
        vocabulary += [(self._pieces[number], float(self._scores[number])) for number in numbers]
        tokenizer = Tokenizer(models.Unigram(vocabulary, 0))
        tokenizer.pre_tokenizer = pre_tokenizers.Split(_SPACE, "merged_with_next")
        return _Cutter(tokenizer, [UNKNOWN, *numbers])


def write_pieces(
    folder: Path, pieces: Sequence[str], scores: NDArray[Any], replaced: Mapping[int, str]
) -> None:
    """Write what `read_pieces` reads: the `FILES`."""
    import numpy as np

    content = {"pieces": pieces, "replaced": {str(point): text for point, text in replaced.items()}}
    (folder / FILES[0]).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    np.save(folder / FILES[1], scores)


def read_pieces(folder: Path) -> Pieces:
    """Read what `write_pieces` wrote."""
    import numpy as np

    content = json.loads((folder / FILES[0]).read_bytes())
    replaced = {int(point): text for point, text in content["replaced"].items()}
    return Pieces(content["pieces"], np.load(folder / FILES[1]), replaced)
