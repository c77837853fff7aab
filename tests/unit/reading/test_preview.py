"""A first look at a file, before its columns are decided."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.ingest import preview
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.preview import look_at
from reviewlens.results import FilePreview


def previewed(path: Path, content: str | bytes, **options: str) -> FilePreview:
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    return preview(look_at(path, ReadOptions(**options)))  # type: ignore[arg-type]


def test_columns_stand_with_their_roles_and_different_examples(tmp_path: Path) -> None:
    rows = "Text;Score;city\nGood;4;Bonn\nGood;5; \nBad;1;Kiel\nSo so;3;Bonn\nNever;2;Ulm\n"
    found = previewed(tmp_path / "in.csv", rows)
    assert (found.file, found.encoding, found.delimiter) == (
        str(tmp_path / "in.csv"),
        "utf-8",
        ";",
    )
    assert [(column.name, column.role, column.examples) for column in found.columns] == [
        ("Text", "text", ("Good", "Bad", "So so")),
        ("Score", "rating", ("4", "5", "1")),
        ("city", "", ("Bonn", "Kiel", "Ulm")),
    ]


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        ("what,when\nIt broke,01/02/2024\n", ["", ""]),  # no text column
        ("text,date\nIt broke,01/02/2024\n", ["text", "time"]),  # day or month first
        ("text,rating\n", ["text", "rating"]),  # no row
        ("评论,评分\n很好,5\n", ["text", "rating"]),
    ],
)
def test_file_that_a_plan_refuses_can_be_looked_at(
    tmp_path: Path, rows: str, roles: list[str]
) -> None:
    found = previewed(tmp_path / "in.csv", rows)
    assert [column.role for column in found.columns] == roles


def test_encoding_and_delimiter_are_taken_as_given(tmp_path: Path) -> None:
    found = previewed(
        tmp_path / "in.csv", "text|note\nschön|x\n".encode("cp1252"), encoding="cp1252",
        delimiter="|",
    )  # fmt: skip
    assert (found.encoding, found.delimiter) == ("cp1252", "|")
    assert found.columns[0].examples == ("schön",)
    with pytest.raises(InputError, match="cannot be a delimiter"):
        previewed(tmp_path / "in.csv", "text\nx\n", delimiter="ab")


def test_long_values_are_cut(tmp_path: Path) -> None:
    found = previewed(tmp_path / "in.csv", f"text\n{'a' * 500}\n")
    assert found.columns[0].examples == ("a" * 119 + "…",)


def test_document_is_looked_at_and_its_copy_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spools = tmp_path / "spools"
    spools.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spools))
    found = previewed(tmp_path / "in.md", "# Lamp\n\nIt broke at once.\n")
    assert {column.name: column.role for column in found.columns}["text"] == "text"
    assert not list(spools.iterdir())
    with pytest.raises(UnreadableFile, match="holds no text"):
        previewed(tmp_path / "in.md", "   \n")
    with pytest.raises(UnreadableFile, match="is empty"):
        previewed(tmp_path / "in.csv", b"")
    assert not list(spools.iterdir())
