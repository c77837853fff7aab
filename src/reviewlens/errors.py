"""The errors of reviewlens, one family.

::

    ReviewLensError                 anything we refuse or cannot do; its text is for the user
    ├── InputError                  a file or a value given cannot be used
    │   ├── UnreadableFile          missing, a directory, no permission, binary, a bomb, empty
    │   ├── ColumnError             a column is missing, or does not hold what it was said to hold
    │   ├── AmbiguousDates          day and month cannot be told apart
    │   ├── UnknownTokens           the encoder cannot read a large part of the text
    │   ├── UnreadLanguages         a large part of the reviews is in languages it does not read
    │   ├── ConflictingIds          ids are stored already, with another author, product or date
    │   ├── FilterError             a filter that cannot be compiled
    │   ├── NotFound                nothing is stored under the id, number or name that is asked for
    │   └── TooFewReviews           not enough reviews, or not enough of a kind, for the question
    ├── EncoderError                a model cannot be found, loaded or trusted
    │   ├── EncoderMismatch         the collection was made with another encoder
    │   └── EmbeddingServerError    a server that embeds refused, or gave what cannot be right
    ├── StoreError                  Milvus refused, or gave an answer that cannot be right
    │   ├── StoreUnreachable        no answer from the address, or not in time
    │   ├── StoreLocked             another process holds the Milvus Lite directory
    │   ├── AccessDenied            token missing or wrong
    │   ├── CollectionMissing       there is no such collection, or no database at the path
    │   ├── CollectionReplaced      a rebuilt collection has taken its place meanwhile
    │   ├── SchemaMismatch          the collection is not one of ours, or of another version
    │   └── Unsupported             this Milvus lacks the feature
    ├── LanguageModelError          a server that writes refused, or gave what cannot be used
    ├── LimitExceeded               a limit that the user set was passed (exit status 3)
    └── MissingExtra                an optional dependency is not installed

Every message says what is wrong, what was found, what was wanted and the cure.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "AccessDenied",
    "AmbiguousDates",
    "CollectionMissing",
    "CollectionReplaced",
    "ColumnError",
    "ConflictingIds",
    "EmbeddingServerError",
    "EncoderError",
    "EncoderMismatch",
    "FilterError",
    "InputError",
    "LanguageModelError",
    "LimitExceeded",
    "MissingExtra",
    "NotFound",
    "ReviewLensError",
    "SchemaMismatch",
    "StoreError",
    "StoreLocked",
    "StoreUnreachable",
    "TooFewReviews",
    "UnknownTokens",
    "UnreadLanguages",
    "UnreadableFile",
    "Unsupported",
]


class ReviewLensError(Exception):
    """The root of the family; catch it to catch everything reviewlens raises on purpose."""


class InputError(ReviewLensError):
    """A file or a value given by the user cannot be used.

    Attributes:
        field: The setting that is at fault or would help, by its name in the Python API, such as
            `date_order`, or `columns.rating` for a column; None where none is told.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class UnreadableFile(InputError):
    """The file is missing, a directory, unreadable, binary, empty, or expands beyond reason."""


class ColumnError(InputError):
    """A column is missing, or does not hold what it was said to hold."""


class AmbiguousDates(InputError):
    """The dates can be read day first and month first, and nothing in the input settles it."""


class UnknownTokens(InputError):
    """A large part of the text is unknown to the encoder."""


class UnreadLanguages(InputError):
    """A large part of the reviews is in languages that the encoder does not read."""


class ConflictingIds(InputError):
    """Ids of this run are stored already, with another author, product or date."""


class FilterError(InputError):
    """A filter names no field, or a value that the field cannot hold."""


class NotFound(InputError):
    """Nothing is stored under the id, number or name of what was asked for."""


class TooFewReviews(InputError):
    """There are not enough reviews, or not enough of a kind, for the question."""


class EncoderError(ReviewLensError):
    """A model cannot be found, loaded or trusted."""


class EncoderMismatch(EncoderError):
    """The collection is pinned to another encoder."""


class EmbeddingServerError(EncoderError):
    """A server that embeds cannot be reached, refused, or gave what cannot be right."""


class StoreError(ReviewLensError):
    """Milvus refused a request, or answered what cannot be right."""


class StoreUnreachable(StoreError):
    """Nothing answers at the address, or not in time."""


class StoreLocked(StoreError):
    """Another process holds the Milvus Lite directory."""


class AccessDenied(StoreError):
    """The token is missing, wrong, or lacks a right."""


class CollectionMissing(StoreError):
    """There is no such collection, or no database at the path."""


class CollectionReplaced(StoreError):
    """A rebuilt collection has taken the place of the one that was asked."""


class SchemaMismatch(StoreError):
    """The collection was not made by reviewlens, or by another version of its schema."""


class Unsupported(StoreError):
    """This Milvus lacks the feature."""


class LanguageModelError(ReviewLensError):
    """A server that writes cannot be reached, refused, or gave what cannot be used."""


class LimitExceeded(ReviewLensError):
    """A limit that the user set was passed."""


class MissingExtra(ReviewLensError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str, purpose: str, otherwise: str = "") -> None:
        super().__init__(
            f"{purpose} needs the package {package}, which is not installed; "
            f"install it with: pip install 'reviewlens[{extra}]'"
            + (f"; {otherwise}" if otherwise else "")
        )


def in_words(error: Exception) -> str:
    """Return an error as a note tells it: ours say what is wrong, others need their kind."""
    return str(error) if isinstance(error, ReviewLensError) else f"{type(error).__name__}: {error}"


def refuse_unknown(given: Iterable[str], known: Iterable[str], complaint: str) -> None:
    """Refuse names of arguments that are not known, which would otherwise be passed over.

    Args:
        given: The names.
        known: Those that there are.
        complaint: What is said of an unknown one, such as `there is no filter`.

    Raises:
        TypeError: One is not known; it is Python's error for such a name.
    """
    names = list(known)
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        near = nearest(unknown, names)
        wanted = f"wanted one of {', '.join(names)}" if names else "it takes none"
        if near is not None:
            wanted = f"did you mean {near!r}?"
        raise TypeError(f"{complaint} {unknown!r}; {wanted}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelt most like another, in whatever case; None for none."""
    by_case = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_case, n=1)
    return by_case[near[0]] if near else None
