"""Uploads: kept in a place of the server's own, looked at, planned, stored."""

from __future__ import annotations

import csv
import gzip
import json
import re
import stat
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import InputError
from reviewlens.ingest import IngestSettings
from reviewlens.reading.given import ENDINGS as GIVEN
from reviewlens.server import Options, make_app
from reviewlens.server.routes.uploads import Settings, rejects_name
from reviewlens.server.service import Service
from reviewlens.server.uploads import Uploads, ending_of, shown_name

CSV = b"""id,title,text,stars,date,product
1,Broken,The lamp arrived broken,1,2024-01-05,lamp
2,Warm,A warm lamp for reading,5,2024-02-10,lamp
3,,,,2024-03-15,granola
4,Stale,The granola was stale,2,2024-03-16,granola
"""
MOST = 200_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("uploading") / "reviews.db"
    corpus = Corpus.open(path, encoder=FakeEncoder(dimension=8))
    app = make_app(corpus, Options(most_upload_bytes=MOST))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def service_of(client: TestClient) -> Service:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    return service


def folder_of(client: TestClient) -> Path:
    folder = service_of(client).uploads._folder
    assert folder is not None
    return folder.path


def upload(client: TestClient, content: bytes = CSV, name: str = "lamps.csv") -> str:
    answer = client.post("/api/v1/uploads", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["upload"])


def names_on_disk(client: TestClient) -> list[str]:
    return [path.name for path in folder_of(client).iterdir()]


# -- receiving -----------------------------------------------------------------------------------


def test_upload_is_kept_under_a_name_of_ours_in_a_folder_nobody_else_may_enter(
    client: TestClient,
) -> None:
    answer = client.post("/api/v1/uploads", files={"file": ("../../etc/lamps.csv", CSV)}).json()
    assert (answer["name"], answer["bytes"]) == ("lamps.csv", len(CSV))
    kept = service_of(client).uploads.find(answer["upload"])
    assert kept is not None
    assert kept.path.parent == folder_of(client)
    assert re.fullmatch(r"[0-9a-f]{32}\.csv", kept.path.name)
    assert kept.path.read_bytes() == CSV
    assert stat.S_IMODE(folder_of(client).stat().st_mode) == 0o700


@pytest.mark.parametrize("extra", [1, 100_000])
def test_too_large_a_file_is_refused_while_it_comes_and_nothing_is_left(
    client: TestClient, extra: int
) -> None:
    upload(client)
    before = names_on_disk(client)
    answer = client.post("/api/v1/uploads", files={"file": ("x.csv", b"x" * (MOST + extra))})
    assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")
    assert names_on_disk(client) == before


def test_what_is_no_form_with_a_file_is_refused(client: TestClient) -> None:
    asked = client.post("/api/v1/uploads", json={"file": "x"})
    assert (asked.status_code, asked.json()["field"]) == (415, "file")
    other = client.post("/api/v1/uploads", files={"other": ("x.csv", CSV)})
    assert (other.status_code, "no file" in other.json()["message"]) == (400, True)
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\nabc'
    for broken in (head, b"nonsense", b""):
        cut = client.post("/api/v1/uploads", content=broken, headers=form)
        assert (cut.status_code, cut.json()["error"]) == (400, "InvalidRequest")


def test_field_that_is_no_file_is_passed_over(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/uploads", data={"note": "x" * 1000}, files={"file": ("a.csv", CSV)}
    )
    assert answer.json()["bytes"] == len(CSV)


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.csv", ".csv"),
        ("A.B.XLSX", ".xlsx"),
        ("a.csv.gz", ".csv.gz"),
        ("2024.zip", ".zip"),
        ("a.md", ".md"),
        ("a.pdf", ".pdf"),
        ("C:\\reviews\\a.tsv", ".tsv"),
    ],
)
def test_endings_that_ingest_takes_are_taken(name: str, ending: str) -> None:
    assert ending_of(name) == ending


@pytest.mark.parametrize("name", ["a.exe", "a", "", ".csv/..", "a.csv.exe", "a.doc", "-"])
def test_other_endings_are_refused_with_those_that_are_taken(client: TestClient, name: str) -> None:
    with pytest.raises(InputError, match=r"\.xlsx"):
        ending_of(name)


def test_shown_name_has_no_folder_and_nothing_invisible() -> None:
    assert shown_name("../a\u202eb\u200b\r\n.csv") == "ab.csv"
    assert shown_name("..\\评论.csv") == "评论.csv"
    assert len(shown_name("x" * 500 + ".csv")) == 120
    assert shown_name("x" * 500 + ".csv").endswith(".csv")
    assert rejects_name("lamps.csv.gz") == "lamps.rejects.csv"


# -- looking, planning, storing ------------------------------------------------------------------


def test_preview_shows_columns_and_what_they_are_taken_for(client: TestClient) -> None:
    found = client.get(f"/api/v1/uploads/{upload(client)}/preview").json()
    assert found["file"] == "lamps.csv"
    roles = {column["name"]: column["role"] for column in found["columns"]}
    assert (roles["text"], roles["stars"], roles["date"]) == ("text", "rating", "time")


def test_plan_tells_what_would_become_of_rows_and_stores_nothing(client: TestClient) -> None:
    plan = client.post(f"/api/v1/uploads/{upload(client)}/plan", json={}).json()
    assert (plan["read"], plan["accepted"], plan["rejected"]) == (4, 3, 1)
    assert plan["files"][0]["file"] == "lamps.csv"
    assert service_of(client).corpus._session.existing() is None
    corrected = client.post(
        f"/api/v1/uploads/{upload(client)}/plan",
        json={"columns": {"text": "title", "title": None, "id": "id"}, "source": "shop"},
    ).json()
    assert corrected["files"][0]["columns"]["text"] == "title"
    assert "title" not in corrected["files"][0]["columns"]
    assert corrected["first_rows"][0]["review_id"] == "shop:1"


def test_ingest_stores_and_gives_the_rejected_rows_as_a_download(client: TestClient) -> None:
    answer = client.post(
        f"/api/v1/uploads/{upload(client)}/ingest", json={"source": "a", "columns": {"id": "id"}}
    )
    report = answer.json()
    assert (report["read"], report["indexed"], report["rejected"]) == (4, 3, 1)
    assert report["rejects_file"] == "lamps.rejects.csv"
    rejects = client.get(f"/api/v1/jobs/{answer.headers['X-Job']}/rejects")
    assert rejects.headers["Content-Disposition"] == 'attachment; filename="lamps.rejects.csv"'
    (row,) = csv.DictReader(StringIO(rejects.text))
    assert (row["file"], row["line"], row["raw"]) == (
        "lamps.csv",
        "4",
        "3,,,,2024-03-15,granola",
    )
    assert service_of(client).corpus.where(source="a").size() == 3


def test_no_path_of_the_server_is_in_any_answer(client: TestClient) -> None:
    place = str(folder_of(client))
    broken = gzip.compress(CSV)[:-20]
    for content, name in ((CSV, "a.csv"), (b"\x00\x01\x02" * 99, "b.csv"), (broken, "c.csv.gz")):
        key = upload(client, content, name)
        answers = [
            client.get(f"/api/v1/uploads/{key}/preview"),
            client.post(f"/api/v1/uploads/{key}/plan", json={}),
            client.post(f"/api/v1/uploads/{key}/ingest", json={}),
            client.post(f"/api/v1/uploads/{key}/plan", json={"columns": {"text": "none"}}),
        ]
        for answer in answers:
            assert place not in answer.text
            assert service_of(client).uploads.find(key).path.name not in answer.text  # type: ignore[union-attr]
            assert answer.status_code in (200, 422), answer.text
        assert name in answers[-1].text


def test_packed_file_is_read_and_its_ids_do_not_depend_on_the_upload(client: TestClient) -> None:
    settings = {"source": "packed"}
    first = client.post(f"/api/v1/uploads/{upload(client)}/ingest", json=settings).json()
    packed = upload(client, gzip.compress(CSV), "lamps.csv.gz")
    again = client.post(f"/api/v1/uploads/{packed}/ingest", json=settings).json()
    assert (first["indexed"], again["unchanged"]) == (3, 3)


def test_settings_that_are_none_are_refused(client: TestClient) -> None:
    key = upload(client)
    for wrong, field in (
        ({"colums": {}}, "colums"),
        ({"columns": {"texts": "a"}}, "columns.texts.[key]"),
        ({"rejects_file": "/etc/passwd"}, "rejects_file"),
        ({"tokenizer": "/etc/passwd"}, "tokenizer"),
        ({"latest": 0}, "latest"),
    ):
        answer = client.post(f"/api/v1/uploads/{key}/ingest", json=wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    crossed = client.post(f"/api/v1/uploads/{key}/plan", json={"min_tokens": 9, "max_tokens": 1})
    assert (crossed.status_code, crossed.json()["error"]) == (422, "InputError")


def test_failure_names_the_setting_at_fault_also_where_a_job_failed(client: TestClient) -> None:
    key = upload(client)
    for wrong, field in (
        ({"columns": {"text": "none"}}, "columns.text"),
        ({"source_column": "none"}, "source_column"),
        ({"rating_scale": "many"}, "rating_scale"),
        ({"delimiter": "::"}, "delimiter"),
        ({"encoding": "utf8000"}, "encoding"),
        ({"text_template": "{"}, "text_template"),
    ):
        answer = client.post(f"/api/v1/uploads/{key}/plan", json=wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    client.post(f"/api/v1/uploads/{key}/ingest", json={"columns": {"id": "none"}})
    failure = client.get("/api/v1/jobs").json()[-1]["failure"]
    assert (failure["error"], failure["field"]) == ("ColumnError", "columns.id")


def test_settings_are_those_of_ingest_but_for_the_path() -> None:
    assert set(Settings.model_fields) == set(IngestSettings.__annotations__) - {"rejects_file"}
    assert all(field.description for field in Settings.model_fields.values())


def test_cancelled_ingest_keeps_what_it_stored_and_the_next_completes_it(
    client: TestClient,
) -> None:
    rows = "".join(f"{n},t,lamp number {n} of many,3,2024-01-01,lamp\n" for n in range(1300))
    key = upload(client, b"id,title,text,stars,date,product\n" + rows.encode())
    settings = {"source": "many", "columns": {"id": "id"}}
    corpus = service_of(client).corpus
    work = client.post(f"/api/v1/uploads/{key}/ingest?wait=0", json=settings).json()
    while client.get(f"/api/v1/jobs/{work['job']}").json()["stage"] != "writing":
        time.sleep(0.01)
    client.post(f"/api/v1/jobs/{work['job']}/cancel")
    with client.stream("GET", f"/api/v1/jobs/{work['job']}/events") as stream:
        last = [line for line in stream.iter_lines() if line.startswith("data: ")][-1]
    if json.loads(last.removeprefix("data: "))["state"] == "cancelled":
        assert 0 < corpus.where(source="many").size() <= 1300
    again = client.post(f"/api/v1/uploads/{key}/ingest?wait=60", json=settings).json()
    assert again["unchanged"] + again["indexed"] == 1300
    assert corpus.where(source="many").size() == 1300


@pytest.mark.parametrize("route", ["plan", "ingest"])
def test_job_is_cancelled_while_its_file_is_surveyed(client: TestClient, route: str) -> None:
    key = upload(client, b"- a\n" * (MOST // 4), "list.md")
    started = time.monotonic()
    work = client.post(f"/api/v1/uploads/{key}/{route}?wait=0", json={}).json()
    client.post(f"/api/v1/jobs/{work['job']}/cancel")
    service_of(client).jobs.find(work["job"]).task.future.result(10)  # type: ignore[union-attr]
    assert client.get(f"/api/v1/jobs/{work['job']}").json()["state"] == "cancelled"
    assert time.monotonic() - started < 2


def test_searches_are_answered_however_many_uploads_are_looked_at(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_of(client)
    key, enough = upload(client), threading.Event()
    client.post(f"/api/v1/uploads/{key}/ingest", json={"source": "asked"})
    preview = service.corpus.preview
    monkeypatch.setattr(
        service.corpus, "preview", lambda *args, **more: enough.wait(10) and preview(*args, **more)
    )
    looks = [
        threading.Thread(target=client.get, args=(f"/api/v1/uploads/{key}/preview",))
        for _ in range(service.options.threads)
    ]
    for look in looks:
        look.start()
    try:
        while service._waiting < len(looks):
            time.sleep(0.01)
        started = time.monotonic()
        assert client.get("/api/v1/search", params={"q": "lamp"}).status_code == 200
        assert time.monotonic() - started < 5
    finally:
        enough.set()
        for look in looks:
            look.join()


# -- keeping -------------------------------------------------------------------------------------


def test_removed_upload_is_gone(client: TestClient) -> None:
    key = upload(client)
    kept = service_of(client).uploads.find(key)
    assert kept is not None
    assert client.delete(f"/api/v1/uploads/{key}").status_code == 204
    assert not kept.path.exists()
    for answer in (
        client.delete(f"/api/v1/uploads/{key}"),
        client.get(f"/api/v1/uploads/{key}/preview"),
        client.post(f"/api/v1/uploads/{key}/plan", json={}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "NotFound")


def put(uploads: Uploads, name: str = "a.csv", size: int = 10) -> str:
    path = uploads.place(name)
    path.write_bytes(b"x" * size)
    return uploads.keep(path, name).upload


def test_oldest_upload_that_nobody_reads_makes_room() -> None:
    uploads = Uploads(most=2)
    first, second = put(uploads), put(uploads)
    read = uploads.find(first)
    assert read is not None
    with uploads.used(read) as path:
        third = put(uploads)
        assert path.exists()
    assert uploads.find(second) is None
    assert uploads.find(first) is not None
    assert uploads.find(third) is not None
    uploads.close()


def test_upload_that_is_read_is_removed_when_it_has_been_read() -> None:
    uploads = Uploads()
    kept = uploads.find(put(uploads))
    assert kept is not None
    with uploads.used(kept) as path:
        uploads.remove(kept)
        assert path.exists()
        assert uploads.find(kept.upload) is None
    assert not path.exists()
    with pytest.raises(InputError, match="upload it again"), uploads.used(kept):
        pass
    uploads.close()


def test_uploads_are_removed_beyond_their_size_and_age_and_at_the_end() -> None:
    small = Uploads(most_bytes=25)
    first, second, third = (put(small) for _ in range(3))
    assert [small.find(one) is not None for one in (first, second, third)] == [False, True, True]
    old = Uploads(seconds=0.01)
    key = put(old)
    time.sleep(0.02)
    assert old.find(key) is None
    folder = small._folder
    assert folder is not None
    assert folder.path.is_dir()
    small.close()
    assert not folder.path.exists()
    old.close()
    small.close()  # again does nothing


def test_uploads_of_a_server_that_was_killed_are_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / "reviewlens-abc.locked"
    left.mkdir()
    (left / "lamps.csv").write_bytes(CSV)
    Uploads()
    assert not left.exists()


def test_two_who_upload_at_once_do_not_meet(client: TestClient) -> None:
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(upload(client))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 4


def test_texts_are_joined_and_known_exports_named_over_http(client: TestClient) -> None:
    content = (
        b"Review date,Guest name,Positive review,Negative review,Review score\n"
        b"2024-05-01,kim,quiet room,small bath,9\n2024-05-02,lou,,cold soup,3\n"
    )
    at = f"/api/v1/uploads/{upload(client, content, 'stays.csv')}"
    looked = client.get(f"{at}/preview").json()
    assert looked["preset"] == "booking"
    assert [c["name"] for c in looked["columns"] if c["role"] == "text"] == [
        "Positive review",
        "Negative review",
    ]
    plan = client.post(f"{at}/plan", json={}).json()
    assert plan["files"][0]["preset"] == "booking"
    assert plan["files"][0]["text_columns"] == ["Positive review", "Negative review"]
    assert "Booking.com" in plan["notes"][0]
    named = {"columns": {"text": ["Negative review", "Guest name"]}, "preset": "none"}
    plan = client.post(f"{at}/plan", json=named).json()
    assert plan["first_rows"][0]["embedded"] == "small bath\nkim"
    assert "preset" not in plan["files"][0]
    for wrong in ({"columns": {"rating": ["a"]}}, {"columns": {"text": []}}, {"preset": "x"}):
        assert client.post(f"{at}/plan", json=wrong).status_code == 422


def test_what_an_ingest_reads_can_be_uploaded_and_chosen(client: TestClient) -> None:
    lines = (
        b'{"text": "The lamp arrived broken", "stars": 1}\n{"text": "A warm lamp", "stars": 5}\n'
    )
    plan = client.post(f"/api/v1/uploads/{upload(client, lines, 'a.jsonl')}/plan", json={}).json()
    assert plan["read"] == 2
    assert all(ending_of(f"a{ending}") == ending for ending in GIVEN)
    script = client.get("/static/upload/choosing.js").text
    assert f'const ENDINGS = "{",".join(GIVEN)}";' in script


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("delete", {"everything": "yes"}),
        ("reindex", {"force": "yes"}),
        ("doctor", {"mend": "yes"}),
        ("uploads/{}/ingest", {"force": "yes"}),
        ("uploads/{}/ingest", {"replace": 1}),
        ("uploads/{}/plan", {"skip_rows": 100_001}),
    ],
)
def test_flag_that_is_not_true_or_false_is_refused(
    client: TestClient, path: str, body: dict[str, object]
) -> None:
    answer = client.post(f"/api/v1/{path.format(upload(client))}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(body)))
