"""The first pass over all input: what would become of each row, before any write.

It counts tokens, looks for ids that are stored already for another review, chooses the latest
reviews, and refuses input that would spoil the collection.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from reviewlens.document import agreed, counted
from reviewlens.encoders import Encoder, TokenCount, load_token_counter
from reviewlens.errors import ConflictingIds
from reviewlens.ingest.boilerplate import decide_boilerplate
from reviewlens.ingest.copies import Copies
from reviewlens.ingest.masking import masked_author
from reviewlens.ingest.options import IngestOptions
from reviewlens.ingest.readability import FEWEST_TOLD, require_readable, says_nothing_of
from reviewlens.ingest.stored import REQUEST_PASSAGES, StoredReviews, awaits_ingest
from reviewlens.reading.details import NOTHING, Told
from reviewlens.reading.masks import Mask
from reviewlens.reading.model import Chunk, Passage, Rejected, Review
from reviewlens.reading.names import Role
from reviewlens.reading.private import find_sure
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey
from reviewlens.results import LeftOut, OnProgress, TokenStatistics
from reviewlens.search.languages import languages_read
from reviewlens.store.languages import unread_of
from reviewlens.text.boilerplate import Boilerplate
from reviewlens.text.cjk import WITHOUT_SPACES, has_analyzer
from reviewlens.text.languages import detect_languages, shares
from reviewlens.text.passages import split_reviews

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.store import Analyzer, ReviewStore, StoredPassage

CONFLICT_SHARE = 0.01
WITHOUT_SPACES_SHARE = 0.01
"""From which share of reviews in them on keyword search has to look for words."""
_SAMPLE = 4_000
"""Reviews at most of which languages are told and boilerplate is found, half of them at least."""
_RUN_CHARACTERS = 1_000_000
_SHOWN_ROWS = 3
_SHOWN_REJECTS = 10
_EXAMPLE_CHARACTERS = 120

CountTokens = Callable[[Sequence[str]], list[TokenCount]]
Piece = tuple[Passage, ...] | Rejected
_Signature = tuple[str, str, int | None]

TAKEN, SKIPPED, OUTSIDE = 0, 1, 2
"""What `--latest` decides for a review; `OUTSIDE` is outside the token limits."""


@dataclass(slots=True)
class Inspection:
    """What the first pass found.

    Attributes:
        read: Rows read.
        duplicate: Rows that are another row once more.
        silent: Rows with a rating and no text.
        undated: Reviews whose date is absent or cannot be read.
        unrated: Reviews whose rating is absent, cannot be read, or has no place on the scale.
        unread: For `time` and `rating` the first value that could not be read.
        reasons: Rejected rows by reason.
        rejects: The first rejected rows.
        first: The first reviews.
        passages: Passages of each accepted row, in order; 0 outside the token limits.
        tokens: Tokens of each accepted row; 0 outside the limits, as in the two that follow.
        tokens_embedded: How many of them fit the encoder's window.
        tokens_unknown: How many of them the encoder does not know.
        beyond_window: Reviews longer than the encoder's window.
        alone: Those that are not stored yet by language, of a sample; each told by itself.
        languages: The same, told as `review_languages` does with those of the others.
        unreadable: How many of them neither can be told nor look like what the encoder reads.
        unreadable_example: The shortest of these.
        tokens_in: Tokens of the same by language.
        unknown_in: How many of them the encoder does not know.
        chosen: With `--latest`, what becomes of each accepted row; None without it.
        stored: What the collection holds of these reviews.
        copies: Rows and texts that stand there more than once.
        private: What the rows hold that belongs to a person.
        boilerplate: What is left out of what is embedded.
        left_out: What of that stands in a sample of the reviews.
        unmasked: Reviews whose author or product is stored as it was before it was masked.
    """

    read: int = 0
    duplicate: int = 0
    silent: int = 0
    undated: int = 0
    unrated: int = 0
    unread: dict[Role, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    rejects: list[Rejected] = field(default_factory=list)
    first: list[Review] = field(default_factory=list)
    passages: array[int] = field(default_factory=lambda: array("i"))
    tokens: array[int] = field(default_factory=lambda: array("i"))
    tokens_embedded: array[int] = field(default_factory=lambda: array("i"))
    tokens_unknown: array[int] = field(default_factory=lambda: array("i"))
    beyond_window: int = 0
    alone: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    unreadable_example: str = ""
    tokens_in: Counter[str] = field(default_factory=Counter)
    unknown_in: Counter[str] = field(default_factory=Counter)
    chosen: NDArray[np.int8] | None = None
    stored: StoredReviews = field(default_factory=lambda: StoredReviews(None))
    copies: Copies = field(default_factory=Copies)
    private: Told = NOTHING
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    left_out: tuple[LeftOut, ...] = ()
    unmasked: int = 0

    @property
    def unknown_share(self) -> float:
        """Share of all tokens that the encoder does not know, 0-1."""
        return sum(self.tokens_unknown) / max(1, sum(self.tokens))

    def unknown_of(self, read: Collection[str]) -> float:
        """Return the share of unknown tokens, 0-1, in reviews that the encoder is to read.

        Args:
            read: Languages that it reads; those of the others are not counted.
        """
        unread = unread_of(self.tokens_in, read)
        kept = [code for code in self.tokens_in if code not in unread]
        unknown = sum(self.unknown_in[code] for code in kept)
        return unknown / max(1, sum(self.tokens_in[code] for code in kept))

    @property
    def usual(self) -> dict[str, float]:
        """Share of each language, 0..1; nothing where too few could be told."""
        told = self.alone.total() - self.alone[""]
        return shares(self.alone) if told >= FEWEST_TOLD else {}

    def fate(self, row: int) -> int:
        """Return `TAKEN`, `SKIPPED` or `OUTSIDE` for an accepted row, by its number from 0."""
        if self.chosen is not None:
            return int(self.chosen[row])
        return TAKEN if self.passages[row] else OUTSIDE

    def statistics(self) -> TokenStatistics | None:
        """Return statistics of tokens a review, None when there is no review."""
        import numpy as np

        counts = np.asarray(self.tokens)[np.asarray(self.passages) > 0]
        if not len(counts):
            return None
        lower, median, upper = np.percentile(counts, [25, 50, 75], method="nearest").tolist()
        return TokenStatistics(
            smallest=int(counts.min()),
            lower_quartile=lower,
            median=median,
            upper_quartile=upper,
            largest=int(counts.max()),
            beyond_window=self.beyond_window,
        )


def fitting_analyzer(languages: Counter[str]) -> Analyzer:
    """Return what is to take texts apart for keyword search.

    Without it a Chinese sentence is one word. It finds English words as well, so that one in a
    hundred reviews decides. It takes the extra `cjk`.

    Args:
        languages: Reviews by language.
    """
    without = sum(languages[code] for code in WITHOUT_SPACES)
    enough = without >= WITHOUT_SPACES_SHARE * max(1, languages.total())
    return "jieba" if enough and without and has_analyzer() else "standard"


def split(reviews: Sequence[Review], encoder: Encoder, options: IngestOptions) -> list[Piece]:
    """Return the passages of each review, or why it is rejected, in order."""
    counter: CountTokens | None = None
    if options.tokenizer is not None:
        counter = load_token_counter(options.tokenizer)
    return split_reviews(
        reviews,
        limits=options.limits,
        window=encoder.window,
        count_tokens=encoder.count_tokens,
        count_for_limits=counter,
    )


def review_languages(reviews: Sequence[Review], usual: Mapping[str, float]) -> list[str]:
    """Return the language of each review; empty where it cannot be told.

    Args:
        reviews: Some.
        usual: Share of each language in the whole input, 0..1.
    """
    return detect_languages([review.text or review.title for review in reviews], usual)


def _note_languages(
    found: Inspection, sample: Sequence[_Sampled], encoder: Encoder, read: Collection[str]
) -> None:
    stored = found.stored.passages([one.review.review_id for one in sample])
    new = [
        one for one, passages in zip(sample, stored, strict=True) if one.accepted and not passages
    ]
    reviews = [one.review for one in new]
    found.alone.update(review_languages(reviews, {}))
    codes = review_languages(reviews, found.usual)
    found.languages.update(codes)
    for code, one in zip(codes, new, strict=True):
        found.tokens_in[code] += one.tokens
        found.unknown_in[code] += one.unknown
    untold = [review for code, review in zip(codes, reviews, strict=True) if not code]
    if 2 * len(untold) > len(reviews):
        texts = [review.text or review.title for review in untold]
        unreadable = [text for text in texts if says_nothing_of(text, read, encoder)]
        found.unreadable = len(unreadable)
        found.unreadable_example = min(unreadable, key=len, default="")[:_EXAMPLE_CHARACTERS]


@dataclass(frozen=True, slots=True)
class _Sampled:
    """A review, whether it is within the limits, its tokens, and how many are unknown."""

    review: Review
    accepted: bool
    tokens: int
    unknown: int


def _sampled(review: Review, piece: Piece) -> _Sampled:
    if isinstance(piece, Rejected):
        return _Sampled(review, accepted=False, tokens=0, unknown=0)
    tokens = sum(passage.tokens for passage in piece)
    unknown = sum(passage.tokens_unknown for passage in piece)
    return _Sampled(review, accepted=True, tokens=tokens, unknown=unknown)


def inspect(
    survey: Survey,
    encoder: Encoder,
    options: IngestOptions,
    store: ReviewStore | None,
    *,
    keep: bool = False,
    request_passages: int = REQUEST_PASSAGES,
    on_progress: OnProgress | None = None,
) -> Inspection:
    """Read all input once and judge it; store nothing.

    Args:
        survey: The files, with their columns decided.
        encoder: Counts tokens; its weights are not needed.
        options: What the user decided.
        store: Where the reviews are to go, None when it does not exist yet.
        keep: Keep the reviews for the second pass, which else reads the input again.
        request_passages: About how many passages it is asked at once.
        on_progress: Told the rows checked, at least after each million characters.

    Raises:
        UnreadLanguages: More than 10 % of the reviews are in languages that it does not read.
        UnknownTokens: More than 10 % of the tokens are unknown to the encoder.
        ConflictingIds: More than 1 % of the ids are stored already for another review.
    """
    tell = on_progress or (lambda stage, done, total: None)
    found = Inspection(stored=StoredReviews(store))
    conflicts = _Conflicts(survey, found.stored, request_passages)
    times = array("q")
    sample: list[_Sampled] = []
    step = 1
    outside: dict[int, str] = {}
    columns = {file.file: file.columns for file in survey.files}
    for chunk, mapped_id in _chunks(survey, keep=keep):
        found.read += chunk.read
        found.duplicate += chunk.duplicates
        found.silent += chunk.silent
        found.private += chunk.private
        found.copies.add(chunk.reviews)
        _note_rejects(found, chunk.rejected)
        found.first.extend(chunk.reviews[: _SHOWN_ROWS - len(found.first)])
        pieces: list[Piece] = []
        for reviews in _runs(chunk.reviews):
            if pieces:
                tell("checking", found.read - chunk.read, survey.rows)
            pieces += split(reviews, encoder, options)
        sample += map(_sampled, chunk.reviews[::step], pieces[::step])
        if len(sample) > _SAMPLE:
            sample, step = sample[::2], 2 * step
        for review, piece in zip(chunk.reviews, pieces, strict=True):
            times.append(-(2**63) if review.time is None else review.time)
            if isinstance(piece, Rejected):
                outside[len(found.passages)] = piece.reason
                _show_rejects(found, [piece])
                _note_tokens(found, ())
            else:
                _note_tokens(found, piece)
        taken = [
            r for r, p in zip(chunk.reviews, pieces, strict=True) if not isinstance(p, Rejected)
        ]
        _note_unread(found, taken, columns)
        passages = sum(found.passages[len(found.passages) - len(pieces) :])
        conflicts.look_at(chunk.reviews, passages, mapped_id=mapped_id)
        tell("checking", found.read, survey.rows)
    conflicts.ask_store()
    found.unmasked = conflicts.unmasked
    read = languages_read(encoder, store, options.reads)
    _note_languages(found, sample, encoder, read)
    accepted = [one.review.embedded for one in sample if one.accepted]
    found.boilerplate, found.left_out = decide_boilerplate(
        accepted, store, keep=options.keep_boilerplate
    )
    if options.latest is not None:
        found.chosen = choose_latest(times, found.passages, options.latest)
        outside = {row: why for row, why in outside.items() if found.chosen[row] == OUTSIDE}
    found.reasons.update(outside.values())
    if not options.force:
        share = found.unknown_of(read)
        require_readable(found.languages, share, encoder, read, stored=store is not None)
    if not options.replace:
        conflicts.refuse()
    return found


def _runs(reviews: Sequence[Review]) -> Iterator[Sequence[Review]]:
    """Part reviews where their texts have some characters together, for progress to be told."""
    start = size = 0
    for place, review in enumerate(reviews, start=1):
        size += len(review.embedded)
        if size >= _RUN_CHARACTERS or place == len(reviews):
            yield reviews[start:place]
            start, size = place, 0


def _chunks(survey: Survey, *, keep: bool) -> Iterator[tuple[Chunk, bool]]:
    """Yield the chunks, each with whether its file has a column of ids."""
    mapped = {file.file: "id" in file.columns for file in survey.files}
    for chunk in read_reviews(survey, keep=keep):
        first = next(iter(chunk.reviews), None)
        yield chunk, first is not None and mapped.get(first.location.file, False)


def _note_unread(
    found: Inspection, reviews: Sequence[Review], columns: Mapping[str, Mapping[Role, str]]
) -> None:
    """Count the reviews without a date and without stars, and keep what could not be read."""
    undated = [review for review in reviews if review.time is None]
    unrated = [review for review in reviews if review.rating is None]
    found.undated += len(undated)
    found.unrated += len(unrated)
    roles: tuple[tuple[Role, Sequence[Review]], ...] = (("time", undated), ("rating", unrated))
    for role, without in roles:
        if role in found.unread:
            continue
        for review in without:
            header = columns.get(review.location.file, {}).get(role, "")
            if written := review.extra.get(header, "") if header else "":
                found.unread[role] = written[:_EXAMPLE_CHARACTERS]
                break


def _note_rejects(found: Inspection, rejected: Sequence[Rejected]) -> None:
    found.reasons.update(row.reason for row in rejected)
    _show_rejects(found, rejected)


def _show_rejects(found: Inspection, rejected: Sequence[Rejected]) -> None:
    found.rejects.extend(rejected[: max(0, _SHOWN_REJECTS - len(found.rejects))])


def _note_tokens(found: Inspection, passages: tuple[Passage, ...]) -> None:
    found.passages.append(len(passages))
    found.tokens.append(sum(passage.tokens for passage in passages))
    found.tokens_embedded.append(sum(passage.tokens_embedded for passage in passages))
    found.tokens_unknown.append(sum(passage.tokens_unknown for passage in passages))
    found.beyond_window += len(passages) > 1 or found.tokens[-1] > found.tokens_embedded[-1]


def choose_latest(times: Sequence[int], fits: Sequence[int], latest: int) -> NDArray[np.int8]:
    """Decide as the OpenAI cookbook's notebook on these reviews does.

    A stable sort by time, the last `2 * latest`, of those the ones within the token limits,
    and of these the last `latest`.

    Args:
        times: UTC milliseconds of each review, the smallest integer for none.
        fits: Not 0 where a review is within the token limits.
        latest: How many to take at most.

    Returns:
        `TAKEN`, `SKIPPED` or `OUTSIDE` for each review, int8 of shape (reviews,).

    Source: Get_embeddings_from_dataset.ipynb of the OpenAI cookbook.
    """
    import numpy as np

    order = np.argsort(np.asarray(times, dtype=np.int64), kind="stable")[-2 * latest :]
    within = np.asarray(fits, dtype=bool)[order]
    chosen = np.full(len(times), SKIPPED, dtype=np.int8)
    chosen[order[~within]] = OUTSIDE
    chosen[order[within][-latest:]] = TAKEN
    return chosen


class _Conflicts:
    """Counts mapped ids that belong to another review: in the store, or in another file.

    The store is asked for every review, for the second pass needs to know what is there.
    """

    def __init__(self, survey: Survey, stored: StoredReviews, request_passages: int) -> None:
        self._known = stored
        self._request_passages = request_passages
        self._waiting: list[tuple[str, _Signature | None]] = []
        self._passages = 0
        several = sum("id" in file.columns for file in survey.files) > 1
        self._seen: dict[bytes, tuple[str, bytes]] | None = {} if several else None
        self._mask = survey.options.mask
        self.unmasked = 0
        self._ids = 0
        self._stored = 0
        self._between_files = 0
        self._example = ""

    def look_at(self, reviews: Sequence[Review], passages: int, *, mapped_id: bool) -> None:
        for review in reviews:
            self._waiting.append((review.review_id, _signature(review) if mapped_id else None))
        self._passages += passages
        if max(self._passages, len(self._waiting)) >= self._request_passages:
            self.ask_store()
        if mapped_id:
            self._ids += len(reviews)
            self._compare_files(reviews)

    def ask_store(self) -> None:
        """Compare the reviews that wait with those that are stored."""
        heads = self._known.read([review_id for review_id, _ in self._waiting])
        for review_id, signature in self._waiting:
            head = heads.get(review_id)
            if signature is None or head is None or awaits_ingest(head.content_hash):
                continue  # what was found damaged may have any author, product or date
            if _signature(head) == signature:
                continue
            if self._mask is not None and _masked(head, self._mask) == signature:
                self.unmasked += 1  # the same review, as it was stored before there was a mask
            else:
                self._stored += 1
                self._example = self._example or review_id
        self._waiting, self._passages = [], 0

    def _compare_files(self, reviews: Sequence[Review]) -> None:
        if self._seen is None:
            return
        for review in reviews:
            key = _digest(review.review_id)
            mine = (review.location.file, _digest(repr(_signature(review))))
            file, signature = self._seen.setdefault(key, mine)
            if file != mine[0] and signature != mine[1]:
                self._between_files += 1
                self._example = self._example or review.review_id

    def refuse(self) -> None:
        for count, where in (
            (self._stored, "stored already"),
            (self._between_files, "in two files"),
        ):
            if count > CONFLICT_SHARE * self._ids:
                raise ConflictingIds(
                    f"{count:,} of {counted(self._ids, 'id')} {agreed(count, 'is', 'are')} {where} "
                    f"for {agreed(count, 'a review', 'reviews')} with another author, "
                    f"product or date (for one, {self._example!r}), so that these reviews would "
                    "take the place of others: give each export its own --source NAME, or "
                    "--replace if they are the same reviews, corrected",
                    field="replace",
                )


def _signature(review: Review | StoredPassage) -> _Signature:
    return review.author, review.product, review.time


def _masked(head: StoredPassage, mask: Mask) -> _Signature:
    """Return the signature that a stored review has once it is masked."""
    product = mask.text(head.product, find_sure)[0] if mask.what == "all" else head.product
    return masked_author(mask, head.author), product, head.time


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()
