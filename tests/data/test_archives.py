"""A zip archive is read as if it lay there unpacked; one that cannot be is told, and nothing leaves its folder."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from data.conform import check_paths, import_paths
from data.errors import BadInput
from data.workspace import Workspace
from tests.data.handmade import ITEMS, mapping, months, quarantined, staged, write

ROWS = ("A1,2024-01-01,3", "A2,2024-01-01,4")


def _zip(**members: str | bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # Of 1980, so that it is the same bytes on every run.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def test_parts_inside_are_read_with_their_lines_and_the_archive_is_remembered(tmp_path: Path) -> None:
    inside = {
        "parts/items_1.csv": months(ROWS[0]),
        "parts/items_2.csv": months(ROWS[1], "A3,2024-01-01,many"),
        "__MACOSX/._items_1.csv": "x",
    }
    workspace = Workspace.create(tmp_path / "home")
    report = import_paths(workspace, [write(tmp_path / "in", {"all.zip": _zip(**inside)})], mapping(tmp_path, ITEMS))
    assert [(a.file, a.read, a.kept, a.quarantined) for a in report.accounts] == [
        ("all.zip/parts/items_1.csv", 1, 1, 0),
        ("all.zip/parts/items_2.csv", 2, 1, 1),
    ]
    assert staged(workspace, "outcome", "subject, quantity") == [("code:A1", 3), ("code:A2", 4)]
    assert quarantined(workspace) == [(3, "A3,2024-01-01,many", 'outcome.quantity: "many" is not a number')]
    (account,) = workspace.staged.glob("*/account.json")
    assert json.loads(account.read_text())["sources"] == ["../in/all.zip"]
    again = import_paths(workspace, [tmp_path / "in"], mapping(tmp_path, ITEMS))
    assert again.unchanged == ("items",)


def test_a_name_that_leads_out_of_the_archive_leads_nowhere(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in", {"all.zip": _zip(**{"../../items.csv": months(*ROWS), "/items_2.csv": months(*ROWS)})}
    )
    report = check_paths([folder], mapping(tmp_path, ITEMS))
    assert [account.read for account in report.accounts] == [2, 2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "items.toml"]


def _locked(content: bytes) -> bytes:
    """The archive with the mark of a password on its one member."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + struct.pack("<H", 1) + content[at + 2 :]


WHOLE = _zip(**{"items.csv": months(*ROWS)})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (WHOLE[:40], "the archive cannot be read: File is not a zip file. Copy or export it again."),
        (b"", "the archive cannot be read"),
        (_zip(), "the archive is empty"),
        (_locked(WHOLE), "the archive is locked with a password. Unpack it"),
        (WHOLE.replace(b"items.csv", b"items.c\xffv"), "this kind of file is not read"),
        (_zip(**{"items.csv": bytes(80 << 20)}), "the archive unpacks to more than 200 times its size"),
        (_zip(**{"inner.zip": WHOLE}), "an archive is not read. Unpack it"),
    ],
    ids=["cut off", "of no bytes", "empty", "locked", "a spoilt name", "a bomb", "an archive inside"],
)
def test_an_archive_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check_paths([write(tmp_path / "in", {"all.zip": content})], mapping(tmp_path, ITEMS))


def test_a_spoilt_archive_keeps_no_other_file_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"all.zip": WHOLE[:60], "items.csv": months(*ROWS)})
    report = check_paths([folder], mapping(tmp_path, ITEMS))
    assert [(account.file, account.kept) for account in report.accounts] == [("items.csv", 2)]
    assert [(f.code, f.where) for f in report.findings] == [("file_not_read", "all.zip")]
