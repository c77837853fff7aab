"""Long work: shared by who asks the same, followed, cancelled, remembered for a while."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import InputError
from reviewlens.questions import fixed
from reviewlens.results import OnProgress, Quote
from reviewlens.server import make_app
from reviewlens.server.jobs import Jobs, Overloaded, Work
from reviewlens.server.routes.long import answered
from reviewlens.server.service import Service

QUOTE = Quote("r1", "It broke.", 1.0, None)


class Steps:
    """Work that goes one step on when it is told to, or for ever."""

    def __init__(self, result: Any = "whole") -> None:
        self.begun = threading.Event()
        self.go = threading.Event()
        self.runs = 0
        self._result = result

    def __call__(self, progress: OnProgress) -> Any:
        self.runs += 1
        self.begun.set()
        for step in range(1, 2000):
            progress("counting", step, 2000)
            if self.go.wait(0.005):
                return self._result
        raise AssertionError("nobody let it go on")


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs(readers=1)
    yield jobs
    jobs.close()


def finished(work: Work) -> Work:
    work.task.future.result(timeout=5)
    return work


def test_job_tells_its_stage_while_it_runs_and_its_result_when_done(jobs: Jobs) -> None:
    steps = Steps()
    work = jobs.start("counting", steps)
    assert steps.begun.wait(5)
    time.sleep(0.02)
    told = work.told()
    assert (told.state, told.stage, told.total, told.cancellable) == (
        "running", "counting", 2000, True,
    )  # fmt: skip
    steps.go.set()
    assert finished(work).result == "whole"
    assert (work.told().state, work.told().cancellable) == ("done", False)


def test_cancelled_job_stops_at_its_next_sign_of_progress(jobs: Jobs) -> None:
    steps = Steps()
    work = jobs.start("counting", steps)
    assert steps.begun.wait(5)
    jobs.cancel(work)
    assert finished(work).state == "cancelled"
    assert work.result is None


def test_waiting_job_is_cancelled_at_once_and_never_runs(jobs: Jobs) -> None:
    first, second = Steps(), Steps()
    running = jobs.start("first", first)
    waiting = jobs.start("second", second)
    assert first.begun.wait(5)
    jobs.cancel(waiting)
    assert waiting.state == "cancelled"
    first.go.set()
    finished(running)
    assert second.runs == 0


def test_cancelling_takes_shared_work_from_nobody_else(jobs: Jobs) -> None:
    steps = Steps()
    mine = jobs.start("counting", steps)
    theirs = jobs.join(mine.task)
    assert theirs is not None
    assert theirs.job != mine.job
    assert steps.begun.wait(5)
    jobs.cancel(mine)
    jobs.cancel(mine)  # twice, and still only mine
    assert (mine.state, theirs.state) == ("cancelled", "running")
    steps.go.set()
    assert finished(theirs).result == "whole"
    assert steps.runs == 1


def test_work_stops_when_the_last_who_wanted_it_gives_it_up(jobs: Jobs) -> None:
    steps = Steps()
    mine = jobs.start("counting", steps)
    theirs = jobs.join(mine.task)
    assert theirs is not None
    jobs.cancel(mine)
    jobs.cancel(theirs)
    finished(theirs)
    assert (mine.state, theirs.state) == ("cancelled", "cancelled")
    assert jobs.join(mine.task) is None


def test_work_that_tells_no_progress_says_that_it_cannot_be_cancelled(jobs: Jobs) -> None:
    begun, go = threading.Event(), threading.Event()

    def silent(_: OnProgress) -> str:
        begun.set()
        go.wait(5)
        return "whole"

    work = jobs.start("silent", silent, cancellable=False)
    assert begun.wait(5)
    assert work.told().cancellable is False
    jobs.cancel(work)
    assert (work.told().state, work.told().stage) == ("running", "cancelling")
    go.set()
    finished(work)


def test_our_error_is_told_and_any_other_is_not(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def ours(_: OnProgress) -> None:
        raise InputError("the column 'x' is not there")

    def others(_: OnProgress) -> None:
        raise ZeroDivisionError("/secret/path")

    failed = finished(jobs.start("ours", ours)).told().failure
    assert failed is not None
    assert (failed.error, failed.message) == ("InputError", "the column 'x' is not there")
    unexpected = finished(jobs.start("others", others)).told().failure
    assert unexpected is not None
    assert unexpected.error == "Unexpected"
    assert "secret" not in unexpected.message
    assert "ZeroDivisionError: /secret/path" in caplog.text  # the traceback is in the log


def test_only_one_job_writes_at_a_time_however_many_may_read() -> None:
    jobs = Jobs(readers=4)
    inside, most = 0, 0

    def write(_: OnProgress) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.02)
        inside -= 1

    for work in [jobs.start("write", write, writes=True) for _ in range(4)]:
        finished(work)
    jobs.close()
    assert most == 1


def test_ended_jobs_are_forgotten_beyond_their_number_with_the_files_they_left(
    tmp_path: Path,
) -> None:
    jobs = Jobs(kept=2)
    left = tmp_path / "rejects.csv"
    left.touch()
    oldest = finished(jobs.start("oldest", lambda _: 1, left=left))
    others = [finished(jobs.start("other", lambda _: 1)) for _ in range(2)]
    assert [work.job for work in jobs.list()] == [work.job for work in others]
    assert jobs.find(oldest.job) is None
    assert not left.exists()
    jobs.close()


def test_results_are_forgotten_beyond_their_size_and_age() -> None:
    large = Jobs(kept_bytes=1000)
    first, second = (finished(large.start("large", lambda _: "x" * 900)) for _ in range(2))
    assert [work.job for work in large.list()] == [second.job]
    old = Jobs(kept_seconds=0.01)
    finished(old.start("old", lambda _: 1))
    time.sleep(0.02)
    assert old.list() == []
    large.close()
    old.close()
    assert first.job != second.job


def test_too_many_waiting_jobs_are_refused() -> None:
    jobs = Jobs(readers=1, most_waiting=2)
    steps = Steps()
    jobs.start("first", steps)
    jobs.start("second", steps)
    with pytest.raises(Overloaded):
        jobs.start("third", steps)
    jobs.close()


def test_closing_cancels_and_waits() -> None:
    jobs = Jobs()
    steps = Steps()
    work = jobs.start("counting", steps, writes=True)
    assert steps.begun.wait(5)
    jobs.close()
    assert work.state == "cancelled"
    with pytest.raises(Overloaded):
        jobs.start("late", steps)


def test_ids_cannot_be_guessed(jobs: Jobs) -> None:
    ids = {jobs.start("one", lambda _: 1).job for _ in range(50)}
    assert len(ids) == 50
    assert all(len(job) >= 22 for job in ids)  # 128 bit


# -- over HTTP -----------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    corpus = Corpus.open(tmp_path / "none.db", encoder=FakeEncoder(dimension=8))
    with TestClient(make_app(corpus), base_url="http://127.0.0.1") as client:
        yield client


def service_of(client: TestClient) -> Service:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    return service


def ask(client: TestClient, call: Callable[[OnProgress], Any], **keys: Any) -> Work:
    """Ask the service as a route does, in the loop of the app."""
    assert client.portal is not None

    async def asked() -> Work:
        return await service_of(client).answer("counting", call, **keys)

    return client.portal.call(asked)


def response_of(client: TestClient, work: Work, format: str = "json") -> Response:
    assert client.portal is not None
    return client.portal.call(answered, work, format)


def test_a_question_is_answered_at_once_or_a_job_is_named(client: TestClient) -> None:
    steps = Steps(QUOTE)
    work = ask(client, steps, wait=0)
    first = response_of(client, work)
    assert first.status_code == 202
    assert json.loads(first.body)["job"] == work.job
    assert client.get(f"/api/v1/jobs/{work.job}/result").status_code == 409
    steps.go.set()
    finished(work)
    told = client.get(f"/api/v1/jobs/{work.job}").json()
    assert (told["state"], told["name"], told["failure"]) == ("done", "counting", None)
    result = client.get(f"/api/v1/jobs/{work.job}/result")
    assert result.json() == {
        "review_id": "r1", "text": "It broke.", "stars": 1.0, "time": None,
    }  # fmt: skip
    assert [one["job"] for one in client.get("/api/v1/jobs").json()] == [work.job]
    assert response_of(client, ask(client, steps)).status_code == 200


def test_result_of_rows_is_a_file_when_asked_for(client: TestClient) -> None:
    work = finished(ask(client, lambda _: [QUOTE]))
    found = client.get(f"/api/v1/jobs/{work.job}/result?format=csv")
    assert found.text == "\ufeffreview_id,text,stars,time\nr1,It broke.,1.0,\n"


def test_the_same_question_is_answered_once_until_the_corpus_changes(client: TestClient) -> None:
    steps = Steps()
    steps.go.set()
    works = [ask(client, steps, key="a") for _ in range(3)]
    assert steps.runs == 1
    assert {work.result for work in works} == {"whole"}
    ask(client, steps, key="b")
    assert steps.runs == 2
    service_of(client).changed()
    ask(client, steps, key="a")
    assert steps.runs == 3


def test_two_who_ask_the_same_at_once_have_jobs_of_their_own(client: TestClient) -> None:
    steps = Steps()
    mine, theirs = ask(client, steps, key="a", wait=0), ask(client, steps, key="a", wait=0)
    assert client.post(f"/api/v1/jobs/{mine.job}/cancel").json()["state"] == "cancelled"
    assert client.get(f"/api/v1/jobs/{mine.job}/result").json()["error"] == "Cancelled"
    assert client.get(f"/api/v1/jobs/{theirs.job}").json()["state"] == "running"
    steps.go.set()
    finished(theirs)
    assert client.get(f"/api/v1/jobs/{theirs.job}/result").json() == "whole"
    assert steps.runs == 1


def test_cancelled_question_is_asked_anew(client: TestClient) -> None:
    steps = Steps()
    first = ask(client, steps, key="a", wait=0)
    client.post(f"/api/v1/jobs/{first.job}/cancel")
    steps.go.set()
    assert finished(ask(client, steps, key="a")).result == "whole"


def test_failure_has_its_status_each_time(client: TestClient) -> None:
    def fail(_: OnProgress) -> None:
        raise InputError("no")

    work = ask(client, fail, key="a")
    for _ in range(2):
        found = client.get(f"/api/v1/jobs/{work.job}/result")
        assert (found.status_code, found.json()["message"]) == (422, "no")


def test_answers_of_a_server_that_others_write_to_grow_old(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewlens.server.service._FRESH_SECONDS", 0.0)
    steps = Steps()
    steps.go.set()
    ask(client, steps, key="a")
    ask(client, steps, key="a")
    assert steps.runs == 1  # nobody else writes to Milvus Lite
    service_of(client).corpus._session.uri = "http://localhost:19530"
    ask(client, steps, key="a")
    service_of(client).corpus._session.uri = "none.db"
    assert steps.runs == 2


def test_events_tell_progress_and_end_with_the_job(client: TestClient) -> None:
    steps = Steps()
    work = ask(client, steps, wait=0)
    assert steps.begun.wait(5)
    events: list[str] = []
    with client.stream("GET", f"/api/v1/jobs/{work.job}/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            events.append(line)
            steps.go.set()
    kinds = [line for line in events if line.startswith("event:")]
    told = [line.partition("data: ")[2] for line in events if line.startswith("data:")]
    assert kinds == ["event: progress"] * (len(kinds) - 1) + ["event: end"]
    assert len(kinds) > 1
    last = json.loads(told[-1])
    assert (last["job"], last["state"]) == (work.job, "done")
    assert json.loads(told[0])["stage"] == "counting"


def test_unknown_job_is_not_found(client: TestClient) -> None:
    for path in ("", "/result", "/events", "/rejects"):
        found = client.get(f"/api/v1/jobs/none{path}")
        assert (found.status_code, found.json()["error"]) == (404, "NotFound")
    assert client.post("/api/v1/jobs/none/cancel").status_code == 404


def test_keys_of_equal_arguments_are_equal() -> None:
    one = fixed({"product": ["a", "b"], "rating": None, "where": []})
    assert one == fixed({"where": [], "rating": None, "product": ["a", "b"]})
    assert one != fixed({"where": [], "rating": None, "product": ["b", "a"]})
    assert hash(one)


def test_shutdown_cancels_what_runs(tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "none.db", encoder=FakeEncoder(dimension=8))
    steps = Steps()
    with TestClient(make_app(corpus), base_url="http://127.0.0.1") as client:
        work = ask(client, steps, wait=0)
        assert steps.begun.wait(5)
    assert work.state == "cancelled"
    assert asyncio.run(answered(work)).status_code == 409
