"""What a read of a server waits for, without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reviewlens.store.properties import PREFIX, WRITTEN, ours
from reviewlens.store.server import ServerClient, latest

NOW = 1_700_000_000.0


def moment(seconds: float) -> int:
    return int(seconds * 1000) << 18


class Clock:
    """A server's, which goes on by one at each look, and what it keeps."""

    def __init__(self) -> None:
        self.time = 100
        self.kept: dict[str, str] = {}
        self.away = False

    def now(self, *, timeout: float | None) -> int:
        self.time += 1
        return self.time

    def asked(self, collection: str, *, timeout: float | None) -> Callable[[], int]:
        last = latest(list(self.kept.values()), now=NOW)
        return lambda: last


class Client:
    """pymilvus' client, which tells what it was asked with."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waited: list[int] = []

    def query(self, collection: str, **asked: Any) -> dict[str, Any]:
        self.waited.append(asked.get("guarantee_timestamp", 0))
        return asked

    search = query

    def upsert(self, collection: str, data: object, **asked: Any) -> int:
        self.clock.time += 1
        if self.clock.away:
            raise OSError("it is away")
        return self.clock.time

    def delete(self, collection: str, **asked: Any) -> int:
        return self.upsert(collection, None)

    def alter_collection_properties(
        self, collection: str, *, properties: dict[str, str], timeout: float | None
    ) -> None:
        if self.clock.away:
            raise OSError("it is away")
        self.clock.kept.update(properties)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> ServerClient:
    return ServerClient(Client(clock), clock)  # type: ignore[arg-type]


def test_a_collection_without_a_moment_is_read_as_of_now(client: ServerClient) -> None:
    assert client.query("reviews", filter="a") == {"timeout": None, "filter": "a"}
    assert client.search("reviews", data=[]) == {"timeout": None, "data": []}


@pytest.mark.parametrize("name", ["upsert", "delete"])
def test_a_read_waits_for_a_moment_after_the_last_write(
    name: str, client: ServerClient, clock: Clock
) -> None:
    written = client.upsert("reviews", []) if name == "upsert" else client.delete("reviews", ids=[])
    asked = client.query("reviews")
    assert asked["consistency_level"] == "Customized"
    assert written < asked["guarantee_timestamp"] == clock.time
    assert client.search("reviews") == asked


def test_a_read_waits_for_the_later_of_two_writers(client: ServerClient, clock: Clock) -> None:
    clock.kept[f"{WRITTEN}another"] = "500"
    client.upsert("reviews", [])
    assert client.query("reviews")["guarantee_timestamp"] == 500
    clock.time = 900
    client.upsert("reviews", [])
    assert client.query("reviews")["guarantee_timestamp"] == clock.time


def test_a_write_whose_moment_cannot_be_kept_is_not_confirmed_and_is_waited_for(
    client: ServerClient, clock: Clock
) -> None:
    client.upsert("reviews", [])
    clock.away = True
    with pytest.raises(OSError, match="it is away"):
        client.delete("reviews")
    assert "guarantee_timestamp" not in client.query("reviews")
    assert "guarantee_timestamp" in client.query("themes")
    clock.away = False
    client.upsert("reviews", [])
    assert client.query("reviews")["guarantee_timestamp"] == clock.time


def test_a_read_that_did_not_wait_for_what_another_has_written_is_made_again(
    client: ServerClient, clock: Clock
) -> None:
    client.upsert("reviews", [])
    own = clock.time
    client.query("reviews")
    clock.kept[f"{WRITTEN}another"] = "500"
    assert client.search("reviews")["guarantee_timestamp"] == 500
    assert client.search("reviews")["guarantee_timestamp"] == 500
    clock.kept[f"{WRITTEN}another"] = "spoilt"
    assert "guarantee_timestamp" not in client.query("reviews")
    assert client._client.waited == [own, own, 500, 500, 500, 0]


@pytest.mark.parametrize(
    ("kept", "last"),
    [
        ([], 0),
        (["7", "12", "9"], 12),
        (["7", ""], 0),
        (["7", "0"], 0),
        (["7", "yesterday"], 0),
        (["7", "²"], 0),
        (["7", str(moment(NOW + 30))], moment(NOW + 30)),
        (["7", str(moment(NOW + 90))], 0),
    ],
)
def test_a_moment_that_cannot_be_relied_on_is_none(kept: list[str], last: int) -> None:
    assert latest(kept, now=NOW) == last


def test_moments_are_not_among_what_is_carried_to_another_collection() -> None:
    properties = {f"{PREFIX}schema": "1", f"{WRITTEN}3": "5", "foreign": "x"}
    assert ours({"properties": properties}) == {"schema": "1"}
