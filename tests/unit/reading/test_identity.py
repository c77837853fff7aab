from __future__ import annotations

from itertools import product

from reviewlens.reading.identity import Identities, digest, is_rounded, join_id

PIECES = ["", "a", ":", "%", "%3A"]


def test_joined_ids_are_equal_only_for_equal_pairs() -> None:
    words = {"".join(pieces) for pieces in product(PIECES, repeat=3)}
    pairs = [(source, given) for source in words for given in words if given]
    assert len({join_id(source, given) for source, given in pairs}) == len(pairs)


def test_id_without_source_stays_as_it_is() -> None:
    assert join_id("", "R17") == "R17"
    assert join_id("shop", "R17") == "shop:R17"


def test_hash_is_the_same_on_every_machine() -> None:
    assert digest(["", "P1", "U1", "1000", "5.0", "Nice", "Good"]).hex() == (
        "1c252a4d70dfd3c663df58a37e97e70f"
    )
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_repeats_are_numbered_or_dropped() -> None:
    keep, drop = Identities("keep"), Identities("drop")
    first, second, third = (keep.of_content(["same"]) for _ in range(3))
    assert (second, third) == (f"{first}~2", f"{first}~3")
    assert [drop.of_content(["same"]) for _ in range(2)] == [first, None]


def test_given_id_tells_copy_from_conflict() -> None:
    ids = Identities("keep")
    answers = [ids.of_given("1", row) for row in (["1", "a"], ["1", "a"], ["1", "b"], ["1", "a"])]
    assert answers == ["new", "same", "other", "same"]


def test_spreadsheet_rounding_is_seen() -> None:
    assert is_rounded("5.70306E+17")
    assert is_rounded("6E+20")
    assert not any(map(is_rounded, ["570306133677760513", "5e12", "AE+17", "E+"]))
