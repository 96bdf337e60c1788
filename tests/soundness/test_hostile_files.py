"""Files that people write into a workspace or put back into it, made hostile: refused in words, and nothing happens.

Policy, visitors, settings and mappings: too large, too deep, no text, of wrong kinds at every place. Backups: links,
names that climb, a manifest without end, packed into an archive.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import run
from data.backup import MANIFEST, back_up, restore
from data.errors import BadInput, OnepictureError
from data.mapping import load_mapping, read_layout
from data.workspace import Workspace
from metrics import policy_file
from metrics.catalog.roles import ROLES
from metrics.policy import DECLARED, within
from metrics.policy_force import in_force
from metrics.visitors import visitors
from tests.smallco import MAPPING
from tests.soundness.hostile import HOSTILE, files

POLICY = """[[change]]
role = "rep"
sensitivity = "rx"
from = "Y"
to = "A"
reason = "r"
who = "w"
day = 2026-01-31
"""
VISITORS = """[[visitor]]
id = "rep"
role = "rep"
hierarchy = "field"
node = "SM_N1a"
name = "n"
team = "core"
studies = ["S1"]
from_date = 2026-01-01
[[visitor.span]]
node = "SM_N1a"
hierarchy = "field"
"""
DERIVED = """name = "derived"
derive = "ctms"
without = ["metrics"]
not_used = [{ file = "*.md", because = "words" }]
[[rename]]
pattern = "a$"
to = "a"
lower = true
source = "sites"
[recode.own]
x = "y"
"""
SETTINGS = 'kind = "company"\nlayout = 1\nsecret = "s3cr3t-s3cr3t"\nkeep = 3\nsources = ["exports"]\n'
DRESSES: dict[str, bytes] = {
    "a deep list": b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "deep tables": b"[" + b"a." * 5_000 + b"a]\nb = 1",
    "deep tables in a line": b"a = " + b"{a = " * 3_000 + b"1" + b"}" * 3_000,
    "ten megabytes": b'a = "' + b"x" * 10_000_000 + b'"',
    "a number without end": b"a = " + b"9" * 5_000,
    "no text": b"\xff\xfe\x00\x01",
    "a nul": b"\x00",
    "a key twice": b"a = 1\na = 2",
    "no date": b"a = 2026-13-45",
    "a key of megabytes": b"x" * 2_000_000 + b" = 1",
}
VALUES: tuple[Any, ...] = (
    1, -1, 1.5, float("nan"), True, [], [[[]]], {}, {"a": {"b": 1}}, "", "x" * 100_000, dt.date(2026, 1, 1),
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.time(1), *(words for name, words in HOSTILE.items() if name != "long"),
)  # fmt: skip


def _settings(workspace: Workspace) -> None:
    _ = workspace.kind, workspace.secret, workspace.keeps, workspace.sources


def _policy(workspace: Workspace) -> None:
    policy_file.read((workspace.home / policy_file.NAME).read_text("utf-8", "surrogateescape"))


READ: dict[str, tuple[str, Callable[[Workspace], object]]] = {
    "policy.toml": (POLICY, _policy),
    "visitors.toml": (VISITORS, visitors),
    "workspace.toml": (SETTINGS, _settings),
    "smallco.toml": (MAPPING, lambda workspace: load_mapping(workspace.home / "smallco.toml")),
    "derived.toml": (DERIVED, lambda workspace: load_mapping(workspace.home / "derived.toml")),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def _in_words(refused: OnepictureError) -> None:
    """An error in three parts, short enough to be read, that gives away no secret."""
    assert refused.what and refused.todo and refused.where
    assert refused.exit_code in (2, 3, 4)
    assert "s3cr3t" not in str(refused)
    json.dumps(str(refused))


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", READ)
def test_a_hostile_text_in_the_place_of_a_setting_is_refused_in_words(
    workspace: Workspace, name: str, dress: str
) -> None:
    (workspace.home / name).write_bytes(DRESSES[dress])
    with pytest.raises(OnepictureError) as refused:
        READ[name][1](workspace)
    _in_words(refused.value)
    assert len(str(refused.value)) < 1_000


def _spoilt(told: Any, values: tuple[Any, ...], top: Any = None) -> Iterator[Any]:
    """The whole document, each time with one value anywhere in it replaced by something of another kind."""
    top = told if top is None else top
    for key in list(told) if isinstance(told, dict) else range(len(told)):
        was = told[key]
        for value in values:
            told[key] = value
            yield top
        told[key] = was
        if isinstance(was, (dict, list)):
            yield from _spoilt(was, values, top)


def _again(target: str, told: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a document as its file would be read, without the way through text."""
    if target in ("smallco.toml", "derived.toml"):
        read_layout(told, target.removesuffix(".toml"))
        return
    given = partial(lambda answer, *_, **__: answer, copy.deepcopy(told))
    monkeypatch.setattr("data.toml_text.read", given)
    monkeypatch.setattr("data.toml_text.parsed", given)
    READ[target][1](workspace)


@pytest.mark.parametrize("name", READ)
def test_a_value_of_another_kind_at_any_place_is_read_or_refused_and_never_a_fault(
    workspace: Workspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, said, tried = READ[name][0], [], 0
    for given in ("policy.toml", "visitors.toml"):
        (workspace.home / given).write_text(READ[given][0], "utf-8")
        READ[given][1](workspace)
    for told in _spoilt(tomllib.loads(text), VALUES[:14] if name == "smallco.toml" else VALUES):
        tried += 1
        with monkeypatch.context() as patch:
            try:
                _again(name, told, workspace, patch)
            except OnepictureError as problem:
                said.append(problem)
    assert not [str(each) for each in said if not (each.what and each.todo) or "s3cr3t" in str(each)]
    assert len(said) > tried / 3


@pytest.mark.parametrize("dress", DRESSES)
def test_a_policy_that_cannot_be_read_opens_nothing(workspace: Workspace, dress: str) -> None:
    (workspace.home / policy_file.NAME).write_bytes(DRESSES[dress])
    found = in_force(workspace)
    assert found.state == "unreadable" and found.finding is not None
    assert all(within(cell, told, DECLARED.cells[cell]) for cell, told in found.policy.cells.items())
    assert set(found.policy.roles) == set(ROLES)


# --- backups ---


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a workspace, whole."""
    workspace = Workspace.create(tmp_path / "home")
    workspace.visitors_path.write_text(VISITORS, "utf-8")
    return back_up(workspace, tmp_path / "safe")


def _links_out(folder: Path) -> None:
    (folder / "visitors.toml").unlink()
    (folder / "visitors.toml").symlink_to(folder.parent.parent / "private")


def _folder_links_out(folder: Path) -> None:
    (folder / "staged").symlink_to(folder.parent.parent)
    _adds(folder, "staged/private")


def _links_to_itself(folder: Path) -> None:
    (folder / "visitors.toml").unlink()
    (folder / "visitors.toml").symlink_to("visitors.toml")


def _adds(folder: Path, name: str) -> None:
    with (folder / MANIFEST).open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64}  {name}\n")


def _says(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


SPOILT: dict[str, Callable[[Path], None]] = {
    "a link out": _links_out, "a folder that leads out": _folder_links_out, "a link to itself": _links_to_itself,
    "a name that climbs": lambda folder: _adds(folder, "../../private"),
    "a name from the top": lambda folder: _adds(folder, "/etc/passwd"),
    "a name with a nul": lambda folder: _adds(folder, "a\x00b"),
    "a name without end": lambda folder: _adds(folder, "a/" * 100_000),
    "a manifest of noise": lambda folder: _says(folder / MANIFEST, bytes(range(256)) * 1_000),
    "a manifest that is a folder": lambda folder: _is_a_folder(folder / MANIFEST),
    "a folder in a file's place": lambda folder: _is_a_folder(folder / "visitors.toml"),
    "settings without end": lambda folder: _says(folder / "workspace.toml", b"a = " + b"[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
def test_a_hostile_backup_is_refused_in_words_and_nothing_is_put_anywhere(
    backup: Path, tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "private").write_text("s3cr3t", "utf-8")
    SPOILT[how](backup)
    before = files(tmp_path)
    with pytest.raises(BadInput) as refused:
        restore(backup, tmp_path / "new")
    _in_words(refused.value)
    assert run(["restore", str(backup), "--home", str(tmp_path / "new")]) == 2
    assert "s3cr3t" not in capsys.readouterr().err
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".new*"))
    assert files(tmp_path) == before


@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_an_archive_in_a_backups_place_is_not_unpacked(
    backup: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither its climbing names nor its links do anything, whether it is put back or read as an export."""
    path, outside = tmp_path / f"backup.{ending}", tmp_path / "climbed"
    if ending == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("../climbed", "out")
    else:
        with tarfile.open(path, "w") as archive:
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, str(outside)
            archive.addfile(link)
            archive.add(backup, "../climbed")
    home = tmp_path / "new"
    assert run(["restore", str(path), "--home", str(home)]) == 2
    assert "no whole backup" in capsys.readouterr().err
    assert run(["check", str(path), "--home", str(home)]) in (0, 2)
    told = capsys.readouterr()
    assert "this kind of file is not read" in told.err or "an archive is not read" in told.err
    assert not home.exists() and not outside.exists()


def test_a_sound_backup_is_put_back(backup: Path, tmp_path: Path) -> None:
    """What the refusals above are held against."""
    assert restore(backup, tmp_path / "new").visitors_path.read_text() == VISITORS
