"""Which policy is in force: what was applied, what a hand changed, and what holds when nothing can be read."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from data.errors import BadInput, Denied
from data.ledger import Ledger
from data.policies import applied
from data.workspace import Workspace
from metrics.policy import DECLARED, opened
from metrics.policy_change import apply
from metrics.policy_file import NAME
from metrics.policy_force import in_force, one_policy, policy_of, policy_version
from metrics.query import Visitor
from metrics.standing import role_of

WIDER = """
[[change]]
role = "regional_director"
sensitivity = "media_exposure"
from = "A"
to = "Y"
reason = "a pilot"
who = "W"
day = 2026-11-22
"""
NARROWER = """
[[change]]
role = "rep"
sensitivity = "rx"
from = "Y"
to = "N"
who = "W"
day = 2026-11-22
"""
MEDIA, RX = ("regional_director", "media_exposure"), ("rep", "rx")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace where nothing was changed yet."""
    return Workspace.create(tmp_path / "here")


def _hand(workspace: Workspace, text: str) -> None:
    (workspace.home / NAME).write_text(text, "utf-8")


def test_nothing_changed_is_what_is_declared(workspace: Workspace) -> None:
    assert in_force(workspace).state == "declared" and policy_of(workspace).digest == DECLARED.digest


def test_what_is_applied_is_in_force_at_once_and_audited(workspace: Workspace) -> None:
    before = policy_version(workspace)
    apply(workspace, WIDER, who="Ada")
    assert in_force(workspace).state == "applied" and policy_of(workspace).told(MEDIA) == "Y"
    assert policy_version(workspace) != before and policy_version(workspace).startswith("1-")
    (line,) = [each for each in Ledger(workspace).audit_lines() if each.did == "policy"]
    assert line.who == "Ada" and "a pilot" in line.reason and line.policy == policy_version(workspace)
    assert before in str(applied(workspace)[0].before)


def test_an_edit_by_hand_opens_nothing_and_is_a_finding(workspace: Workspace) -> None:
    _hand(workspace, WIDER)
    found = in_force(workspace)
    assert found.state == "held" and found.policy.told(MEDIA) == "A"
    assert found.finding is not None and "regional_director media_exposure" in found.finding.what
    assert found.finding.code == "policy_held" and found.finding.severity == "error"
    apply(workspace, WIDER, who="Ada")
    assert in_force(workspace).finding is None and policy_of(workspace).told(MEDIA) == "Y"


def test_an_edit_by_hand_narrows_at_once(workspace: Workspace) -> None:
    _hand(workspace, NARROWER)
    assert policy_of(workspace).told(RX) == "N" and in_force(workspace).state == "held"


def test_a_file_taken_away_takes_no_narrowing_with_it(workspace: Workspace) -> None:
    apply(workspace, NARROWER + WIDER, who="Ada")
    (workspace.home / NAME).unlink()
    policy = policy_of(workspace)
    assert policy.told(RX) == "N", "what was narrowed stays narrow"
    assert policy.told(MEDIA) == "A", "what the removed file opened is closed"


@pytest.mark.parametrize("text", ["[[change", WIDER.replace("a pilot", ""), '[[change]]\nrole = "nobody"'])
def test_a_file_that_cannot_be_read_opens_nothing(workspace: Workspace, text: str) -> None:
    apply(workspace, NARROWER + WIDER, who="Ada")
    _hand(workspace, text)
    found = in_force(workspace)
    assert found.state == "unreadable" and found.finding is not None
    assert found.policy.told(RX) == "N" and found.policy.told(MEDIA) == "A"
    assert opened(DECLARED, found.policy) == ()


def test_bytes_that_are_no_text_open_nothing(workspace: Workspace) -> None:
    (workspace.home / NAME).write_bytes(b"\xff\xfe\x00")
    assert in_force(workspace).state == "unreadable" and opened(DECLARED, policy_of(workspace)) == ()


def test_with_a_broken_ledger_and_no_file_nobody_sees_anything(workspace: Workspace) -> None:
    workspace.ledger_path.write_bytes(b"this is no database, and long enough to be taken for one" * 40)
    policy = policy_of(workspace)
    assert policy.closed
    with pytest.raises(Denied, match="Nobody can say which access policy is in force"):
        role_of(Visitor(id="x", role="steward", hierarchy="field", node=None), workspace)


def test_an_old_policy_laid_back_by_hand_is_noticed(workspace: Workspace) -> None:
    apply(workspace, WIDER, who="Ada")
    apply(workspace, NARROWER, who="Ada")
    _hand(workspace, WIDER)
    assert in_force(workspace).state == "held"
    assert policy_of(workspace).told(MEDIA) == "A" and policy_of(workspace).told(RX) == "N"


def test_a_narrowing_taken_back_needs_a_reason(workspace: Workspace) -> None:
    apply(workspace, NARROWER, who="Ada")
    with pytest.raises(BadInput, match="opens rep rx again"):
        apply(workspace, "", who="Ada")
    assert policy_of(workspace).told(RX) == "N" and len(applied(workspace)) == 1
    apply(workspace, "", who="Ada", reason="The review ended")
    assert policy_of(workspace).told(RX) == "Y" and applied(workspace)[-1].reason == "The review ended"
    assert in_force(workspace).state == "applied"


def test_a_refused_file_changes_nothing(workspace: Workspace) -> None:
    for text in (WIDER.replace("a pilot", ""), WIDER.replace("media_exposure", "medical_exchange")):
        with pytest.raises(BadInput):
            apply(workspace, text, who="Ada")
    with pytest.raises(BadInput, match="nobody is named"):
        apply(workspace, WIDER, who="  ")
    assert applied(workspace) == () and not (workspace.home / NAME).exists()


def test_a_ledger_that_was_written_into_breaks_no_limit(workspace: Workspace) -> None:
    apply(workspace, WIDER, who="Ada")
    with sqlite3.connect(workspace.ledger_path) as store:
        cells = '{"rep medical_exchange": "Y", "everybody small_cell": "2", "rep pdrp": "shown"}'
        store.execute("UPDATE policy_applied SET cells = ?", [cells])
    _hand(workspace, "[[broken")
    policy = policy_of(workspace)
    assert policy.told(("rep", "medical_exchange")) == "N" and policy.least == 11
    assert policy.told(("rep", "pdrp")) == "hidden"


def test_two_workspaces_in_one_process_do_not_mix(workspace: Workspace, tmp_path: Path) -> None:
    other = Workspace.create(tmp_path / "there")
    apply(workspace, WIDER, who="Ada")
    for _ in range(3):
        assert policy_of(workspace).told(MEDIA) == "Y" and policy_of(other).told(MEDIA) == "A"


def test_many_threads_read_one_policy(workspace: Workspace) -> None:
    apply(workspace, WIDER, who="Ada")
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(policy_version(workspace))) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(seen) == 16 and len(set(seen)) == 1


def test_asking_again_costs_microseconds(workspace: Workspace) -> None:
    policy_of(workspace)
    best = min(_timed(workspace) for _ in range(5))
    assert best < 100e-6, f"{best * 1e6:.1f} microseconds a call"


def _timed(workspace: Workspace, calls: int = 500) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        policy_of(workspace)
    return (time.perf_counter() - began) / calls


def test_one_page_is_not_drawn_under_two_policies(workspace: Workspace) -> None:
    with one_policy():
        before = policy_of(workspace).digest
        _hand(workspace, NARROWER)
        assert policy_of(workspace).digest == before
    assert policy_of(workspace).digest != before, "the next one is"
