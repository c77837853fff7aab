"""`words`: what word vectors and word counts say; needs no corpus."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import format_option
from reviewlens.cli.output import OutputFile, print_record, print_result
from reviewlens.encoders import WordCounts, WordVectors, compare_counts, compare_texts
from reviewlens.encoders.words import PACKAGED
from reviewlens.encoders.words.counts import DEFAULT_LIMIT, MOST_TERMS, WEIGHTINGS
from reviewlens.encoders.words.picture import ENDINGS as PICTURES
from reviewlens.errors import InputError
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    from reviewlens.encoders.words.counts import Weighting
    from reviewlens.encoders.words.vectors import AnalogyMethod

_NUMBER = r"\s*-?\d+(?:\.\d+)?\s*"
_NUMBERS = re.compile(rf"{_NUMBER}(?:,{_NUMBER})+")
_WIDEST_WORD = 24

_vectors_option = click.option(
    "--vectors",
    default=PACKAGED,
    show_default=True,
    metavar="NAME|FILE",
    help="Word vectors: that name, or a .txt, .vec or .bin file, also with .gz.",
)
_count_option = click.option(
    "-n", "count", type=click.IntRange(1), default=10, show_default=True, help="How many words."
)


@click.group()
def words() -> None:
    """Ask word vectors and word counts: nearest words, analogies, pictures, angles."""


@words.command()
@click.argument("word")
@_count_option
@_vectors_option
@format_option
def nearest(word: str, count: int, vectors: str, format_: str) -> None:
    """List the words that stand where WORD stands."""
    print_result(WordVectors.load(vectors).nearest(word, count), format_)


@words.command()
@click.argument("one")
@click.argument("other")
@click.argument("third")
@_count_option
@click.option(
    "--method",
    type=click.Choice(["add", "mul"]),
    default="add",
    show_default=True,
    help="add: cosine to ONE - OTHER + THIRD; mul: the cosines multiplied.",
)
@_vectors_option
@format_option
def analogy(
    one: str,
    other: str,
    third: str,
    count: int,
    method: AnalogyMethod,
    vectors: str,
    format_: str,
) -> None:
    """Find what is to THIRD as ONE is to OTHER: king man woman gives queen."""
    found = WordVectors.load(vectors).analogy(one, other, third, count, method=method)
    print_result(found, format_)


@words.command()
@click.argument("shown", metavar="WORD...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=OutputFile("the picture", PICTURES),
    required=True,
    metavar="FILE",
    help="What to write, by its ending: .png, .svg or .html.",
)
@_vectors_option
@format_option
def plot(shown: tuple[str, ...], output: str, vectors: str, format_: str) -> None:
    """Draw words on the plane in which they differ most (PCA)."""
    found = WordVectors.load(vectors).plot(shown, output)
    for note in found.notes:
        Messages.current.note(note)
    print_result(found, format_)
    if format_ == "table":
        click.echo(f"  file   {output}")


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


@words.command()
@click.argument("texts", metavar="FILE|TEXT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=OutputFile("the vectors", (".vec", ".txt")),
    required=True,
    metavar="FILE",
    help="Vectors file to write: .vec or .txt.",
)
@click.option(
    "--window",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Words to each side that count as near.",
)
@click.option(
    "--dimension",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Numbers in a vector at most; a small text gives fewer.",
)
@format_option
def learn(texts: tuple[str, ...], output: str, window: int, dimension: int, format_: str) -> None:
    """Learn word vectors from a small text (a file, - for stdin, or the text itself)."""
    sentences = [sentence for text in texts for sentence in split_sentences(_content(text))]
    found = WordVectors.learn(sentences, window=window, dimension=dimension)
    found.save(output)
    facts = {
        "file": output,
        "words": len(found),
        "dimension": found.dimension,
        "sentences": len(sentences),
        "window": window,
    }
    print_record(facts, format_, "word vectors learnt")


@words.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=OutputFile("the word counts", (".json",)),
    required=True,
    metavar="FILE",
    help="Where to, a .json file for --encoder.",
)
@click.option(
    "--weighting",
    type=click.Choice(WEIGHTINGS),
    default="tfidf",
    show_default=True,
    help="Of a word in a text: 1, how often, or how often and how rare.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_TERMS),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="The most frequent words, so many.",
)
@click.option("--text-column", metavar="HEADER", help="Column with the text.")
@click.option("--text-template", metavar="TEXT", help="As for ingest: '{Summary}: {Text}'.")
@format_option
def counts(
    files: tuple[str, ...],
    output: str,
    weighting: Weighting,
    limit: int,
    text_column: str | None,
    text_template: str | None,
    format_: str,
) -> None:
    """Make an encoder of word counts from reviews, to be given to --encoder."""
    columns = {} if text_column is None else {"text": text_column}
    options = ReadOptions(columns=columns, text_template=text_template)
    with survey_reviews(files, options) as survey:
        texts = [review.embedded for chunk in read_reviews(survey) for review in chunk.reviews]
    made = WordCounts.fit(texts, weighting=weighting, limit=limit)
    made.save(output)
    counted = made.count_tokens(texts)
    unknown = sum(count.unknown for count in counted) / sum(count.tokens for count in counted)
    facts = {
        "file": output,
        "weighting": weighting,
        "texts": len(texts),
        "words": len(made.terms),
        "words_left_out": f"{unknown:.1%}" if format_ == "table" else round(unknown, 4),
        "dimension": made.dimension,
    }
    print_record(facts, format_, "word counts made")


def _content(text: str) -> str:
    """The text of a file or of standard input, or the text itself."""
    if text == "-":
        return sys.stdin.read()
    try:
        is_file = Path(text).is_file()
    except (OSError, ValueError):  # a text may be too long for a path, or hold a zero byte
        is_file = False
    if not is_file:
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{text} cannot be read as text in UTF-8 ({error})") from error


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number
