"""Hostile words in every place that takes one: an error in three parts or a sentence, no effect, nothing told.

What is typed is data. It is bound, escaped or refused, never run; no answer holds a path, a secret or a traceback.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from dashboard.cli import run
from dashboard.parts import page
from dashboard.printout import Form, Printout
from dashboard.session import LONGEST, problem, visit
from data.errors import OnepictureError
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics.query import Visitor
from tests.soundness.hostile import HOSTILE, files, quiet

QUERY = ("as", "node", "period", "product", "compare", "study", "site", "metric", "q")
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")


@pytest.fixture(scope="module")
def home(smallland_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallland with one visitor, one's own: what is tried is written down in its ledger."""
    own = Path(shutil.copytree(smallland_home, tmp_path_factory.mktemp("hostile") / "home"))
    path = Workspace.open(own).visitors_path
    path.write_text('[[visitor]]\nid = "rep"\nrole = "rep"\nhierarchy = "field"\nnode = "SM_N1a"\n', "utf-8")
    return own


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("place", QUERY)
def test_the_address_of_a_page_is_followed_or_answered_with_a_sentence(
    smallland_snapshot: Snapshot, place: str, words: str
) -> None:
    seen = visit(REP, {place: HOSTILE[words]}, smallland_snapshot, demo=True)
    assert seen.node is not None
    assert seen.node.id == "SM_N1a"
    assert all(len(each) < 3 * LONGEST for each in seen.said)
    assert place not in ("node", "period", "product", "compare", "as") or seen.said, "not followed, and said so"
    for each in seen.said:
        quiet(each, Path("/nowhere"), HOSTILE[words][:LONGEST].strip())
    assert "\r" not in seen.address("cues")
    assert "\n" not in seen.address("cues")
    assert "<" not in seen.address("cues")


@pytest.mark.parametrize("words", HOSTILE)
def test_a_sentence_is_shown_as_text_and_never_as_markup(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(page, "st", SimpleNamespace(html=lambda body, **_: drawn.append(body)))
    page.notice(f"There is no unit {HOSTILE[words][:LONGEST]}.")
    assert drawn
    assert not [tag for tag in ("<script", "<img") if tag in "".join(drawn)]


def test_a_page_never_says_where_the_data_lies(home: Path) -> None:
    with pytest.raises(OnepictureError) as missing:
        open_snapshot(Workspace.open(home), "no such snapshot")
    assert str(home) in str(missing.value), "its operator is told"
    assert str(home) not in problem(missing.value)


def test_a_cell_that_looks_like_a_formula_is_text_in_a_csv() -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "plain", -5, 2.5]
    written = Printout(columns=("node",), rows=[(each,) for each in cells]).written(Form.csv)
    lines = written.replace("\r", "").splitlines()[1:]
    computing = [line for line in lines if line.strip('"')[:1] in tuple("=+@\t")]
    assert not computing
    assert "-5" in lines
    assert "2.5" in lines


def _json(path: Path) -> Path:
    path.write_text("[" * 200_000 + "]" * 200_000, "utf-8")
    return path


def _csv(path: Path) -> Path:
    path.write_text(",".join(f"c{i}" for i in range(50_000)) + "\n" + '"' + "x" * 2_000_000, "utf-8")
    return path


def _workbook(path: Path) -> Path:
    """A workbook whose sheet unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/worksheets/sheet1.xml", "<a>" + "<b/>" * 20_000_000)
    return path


def _laughs(path: Path) -> Path:
    """A workbook whose entities stand for one another many times over."""
    nested = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", f'<!DOCTYPE t [<!ENTITY e0 "ha">{nested}]><Types>&e11;</Types>')
        book.writestr("xl/workbook.xml", "<workbook/>")
    return path


def _climbs(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("../../../../tmp/climbed.txt", "out")
    return path


def _one_value(path: Path) -> Path:
    """A Parquet file of a few thousand bytes that says two thousand million rows."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a FROM range(100_000_000)) TO '{path}' (ROW_GROUP_SIZE 50_000_000)")
    return path


def _one_word(path: Path) -> Path:
    """A Parquet file whose one value unpacks to four thousand times its size."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT repeat('x', 100_000_000) AS a) TO '{path}' (COMPRESSION zstd)")
    return path


def _zipped(path: Path) -> Path:
    """An archive that unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rx.csv", bytes(80 << 20))
    return path


BOMBS = {
    "bomb.zip": _zipped,
    "rows.parquet": _one_value, "word.parquet": _one_word,
    "nested.json": _json, "wide.csv": _csv, "bomb.xlsx": _workbook, "laughs.xlsx": _laughs, "climbs.xlsx": _climbs,
}  # fmt: skip


_MUCH, _UNKNOWN = "unpacks to more than 200 times its size", "no mapping knows this file"
SAID = {
    "bomb.zip": _MUCH, "rows.parquet": _MUCH, "word.parquet": _MUCH, "nested.json": "this kind of file is not read",
    "wide.csv": _UNKNOWN, "bomb.xlsx": _MUCH, "laughs.xlsx": "declares words of its own",
    "climbs.xlsx": "it is a zip archive, not a workbook",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused_in_words_and_changes_nothing(
    home: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(home)
    path = BOMBS[name](tmp_path / name)
    code = run(["check", str(path), "--home", str(home)])
    told = capsys.readouterr()
    assert code in (0, 2), told.err[-400:]
    assert SAID[name] in told.out + told.err
    assert not [word for word in ("Traceback", "site-packages") if word in told.out + told.err]
    assert files(home) == before
    assert not Path("/tmp/climbed.txt").exists()


@pytest.mark.parametrize("text", ["a = " + "[" * 3_000 + "]" * 3_000, "[[visitor]]\n" * 2_000, "\x00", "a = 1\na = 2"])
def test_a_hostile_list_of_visitors_is_refused_in_words(tmp_path: Path, text: str) -> None:
    from metrics.visitors import visitors

    workspace = Workspace.create(tmp_path / "home")
    workspace.visitors_path.write_text(text, "utf-8")
    with pytest.raises(OnepictureError) as refused:
        visitors(workspace)
    assert refused.value.what
    assert refused.value.todo
    json.dumps(str(refused.value))
