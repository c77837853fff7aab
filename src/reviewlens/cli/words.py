"""`words`: what word vectors and word counts say; needs no corpus."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import Command, format_option
from reviewlens.cli.output import OutputFile, print_result
from reviewlens.cli.questions import Asking, question
from reviewlens.encoders import WordCounts, WordVectors, compare_counts, compare_texts
from reviewlens.encoders.words import PACKAGED
from reviewlens.encoders.words.picture import ENDINGS as PICTURES
from reviewlens.encoders.words.results import LearntVectors, MadeCounts
from reviewlens.errors import InputError
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews
from reviewlens.text.passages import split_sentences

_NUMBER = r"\s*-?\d+(?:\.\d+)?\s*"
_FILE_NAME = re.compile(r"\S+\.(?:txt|md|csv|tsv)", re.IGNORECASE)
_NUMBERS = re.compile(rf"{_NUMBER}(?:,{_NUMBER})+")

_vectors_option = click.option(
    "--vectors",
    default=PACKAGED,
    show_default=True,
    metavar="NAME|FILE",
    help="Word vectors: that name, or a .txt, .vec or .bin file, also with .gz.",
)


def _output_option(
    called: str, endings: tuple[str, ...], help_: str
) -> Callable[[Command], Command]:
    kind = OutputFile(called, endings)
    return click.option("-o", "--output", type=kind, required=True, metavar="FILE", help=help_)


@click.group()
def words() -> None:
    """Ask word vectors and word counts: nearest words, analogies, pictures, angles."""


@question(WordVectors.nearest, group=words)
@_vectors_option
def nearest(asking: Asking, /, *, vectors: str) -> None:
    """List the words that stand where WORD stands."""
    asking.show(WordVectors.load(vectors).nearest(**asking.arguments))


@question(WordVectors.analogy, group=words)
@_vectors_option
def analogy(asking: Asking, /, *, vectors: str) -> None:
    """Find what is to THIRD as ONE is to OTHER: king man woman gives queen."""
    asking.show(WordVectors.load(vectors).analogy(**asking.arguments))


@question(WordVectors.plot, leave=("file",), group=words)
@_output_option("the picture", PICTURES, "What to write, by its ending: .png, .svg or .html.")
@_vectors_option
def plot(asking: Asking, /, *, output: str, vectors: str) -> None:
    """Draw words on the plane in which they differ most (PCA)."""
    found = WordVectors.load(vectors).plot(**asking.arguments, file=output)
    for note in found.notes:
        Messages.current.note(note)
    asking.show(found, file=output)


@words.command()
@click.argument("texts", metavar="TEXT TEXT...", nargs=-1, required=True)
@format_option
def angles(texts: tuple[str, ...], format_: str) -> None:
    """Count the words of texts and give the angle between each two; or of lists such as 3,2,0."""
    lists = [_NUMBERS.fullmatch(text) is not None for text in texts]
    if all(lists):
        counts = [[_number(part) for part in text.split(",")] for text in texts]
        found = compare_counts(counts)
    elif any(lists):
        raise click.UsageError("give texts, or lists of numbers, not both")
    else:
        found = compare_texts(texts)
    print_result(found, format_)


@question(WordVectors.learn, leave=("name",), group=words)
@click.argument("texts", metavar="FILE|TEXT...", nargs=-1, required=True)
@_output_option("the vectors", (".vec", ".txt"), "Vectors file to write: .vec or .txt.")
def learn(asking: Asking, /, *, texts: tuple[str, ...], output: str) -> None:
    """Learn word vectors from a small text (a file, - for stdin, or the text itself)."""
    sentences = [sentence for text in texts for sentence in split_sentences(_content(text))]
    found = WordVectors.learn(sentences, **asking.arguments)
    found.save(output)
    window = asking.arguments["window"]
    asking.show(LearntVectors(output, len(found), found.dimension, len(sentences), window))


@question(WordCounts.fit, "counts", group=words)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_output_option("the word counts", (".json",), "Where to, a .json file for --encoder.")
@click.option("--text-column", metavar="HEADER", help="Column with the text.")
@click.option("--text-template", metavar="TEXT", help="As for ingest: '{Summary}: {Text}'.")
def counts(
    asking: Asking,
    /,
    *,
    files: tuple[str, ...],
    output: str,
    text_column: str | None,
    text_template: str | None,
) -> None:
    """Make an encoder of word counts from reviews, to be given to --encoder."""
    columns = {} if text_column is None else {"text": text_column}
    options = ReadOptions(columns=columns, text_template=text_template)
    with survey_reviews(files, options) as survey:
        texts = [review.embedded for chunk in read_reviews(survey) for review in chunk.reviews]
    made = WordCounts.fit(texts, **asking.arguments)
    made.save(output)
    counted = made.count_tokens(texts)
    unknown = sum(count.unknown for count in counted) / sum(count.tokens for count in counted)
    left_out = round(unknown, 4)
    size = (len(texts), len(made.terms))
    asking.show(MadeCounts(output, made.weighting, *size, left_out, made.dimension))


def _content(text: str) -> str:
    """The text of a file or of standard input, or the text itself."""
    if text == "-":
        return sys.stdin.read()
    try:
        is_file = Path(text).is_file()
    except (OSError, ValueError):  # a text may be too long for a path, or hold a zero byte
        is_file = False
    if not is_file:
        if _FILE_NAME.fullmatch(text):
            raise InputError(f"There is no file {text}; check the path, or give the text itself.")
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{text} cannot be read as text in UTF-8 ({error})") from error


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number
