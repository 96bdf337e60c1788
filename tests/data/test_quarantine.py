"""Rows set aside are listed with their reason, and come in once the mapping is put right; nothing is counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.conform import import_paths
from data.imported import imported
from data.quarantine import held, replay
from data.workspace import Workspace
from tests.data.handmade import staged

MAPPING = """
name = "visits"
[[source]]
id = "visit"
file = ["visit*"]
headers = ["id", "npi", "how", "day"]
[[source.target]]
table = "interaction"
[source.target.columns]
interaction = "id"
call_id = "id"
party = "'npi:' || npi"
channel = "recode(how, how)"
period_start = "CAST(day AS DATE)"
period_end = "CAST(day AS DATE)"
quantity = "1"
[recode.how]
Visit = "in_person"
"""
VISITS = "id,npi,how,day\n1,10,Visit,2026-01-05\n2,11,Fax,2026-01-06\n3,12,Fax,2026-01-07\n4,13,Visit,someday\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Four visits, of which two come by a way that has no word and one on no day."""
    made = Workspace.create(tmp_path / "home")
    made.mappings.mkdir()
    (made.mappings / "visits.toml").write_text(MAPPING, encoding="utf-8")
    (made.exports / "visits.csv").write_text(VISITS, encoding="utf-8")
    import_paths(made, [made.exports])
    return made


def _sums(workspace: Workspace) -> list[tuple[int, int, int]]:
    """Read, kept and quarantined of every file of every import; FileAccount itself refuses what does not add up."""
    return [(file.read, file.kept, file.quarantined) for each in imported(workspace) for file in each.files]


def test_what_is_held_is_told_by_file_and_reason(workspace: Workspace) -> None:
    found = [(each.file, each.reason, each.rows, each.lines) for each in held(workspace)]
    assert found[0] == ("visits.csv", 'recode.how has no word for "Fax"', 2, (3, 4))
    assert [rows for _, _, rows, _ in found] == [2, 1]
    assert _sums(workspace) == [(4, 1, 3)]


def test_a_word_added_lets_the_rows_in_and_the_rest_stays(workspace: Workspace) -> None:
    (workspace.mappings / "visits.toml").write_text(MAPPING + 'Fax = "other"\n', encoding="utf-8")
    (done,) = replay(workspace)
    assert (done.before, done.after, done.why) == (3, 1, "")
    assert _sums(workspace) == [(4, 3, 1)]
    assert staged(workspace, "interaction", "interaction, channel") == [
        ("1", "in_person"), ("2", "other"), ("3", "other")
    ]  # fmt: skip
    assert [each.rows for each in held(workspace)] == [1]


def test_nothing_is_read_again_where_nothing_was_put_right(workspace: Workspace) -> None:
    before = _sums(workspace)
    (done,) = replay(workspace)
    assert (done.before, done.after) == (3, 3) and "neither its mapping nor its files" in done.why
    assert _sums(workspace) == before


@pytest.mark.parametrize("gone", [True, False])
def test_another_delivery_is_no_replay(workspace: Workspace, gone: bool) -> None:
    file = workspace.exports / "visits.csv"
    (workspace.mappings / "visits.toml").write_text(MAPPING + 'Fax = "other"\n', encoding="utf-8")
    if gone:
        file.unlink()
    else:
        file.write_text(VISITS + "5,14,Visit,2026-02-01\n", encoding="utf-8")
    (done,) = replay(workspace)
    assert ("cannot be found" if gone else "has changed") in done.why
    assert _sums(workspace) == [(4, 1, 3)]
