"""Sign-ins: one that ended stays ended, on every server of the workspace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.entitlements import Entitlement, Entitlements
from data.ledger import Ledger
from data.signins import SignIns
from data.store import Store
from data.workspace import Workspace
from tests.data.postgres import postgres


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def test_a_sign_in_is_first_seen_once_and_then_used(workspace: Workspace) -> None:
    signins = SignIns(Store(workspace))
    assert signins.touch("k", "p-1", at=100.0)
    assert not signins.touch("k", "p-1", at=160.0)
    known = signins.of(["k", "other"])
    assert set(known) == {"k"}
    assert (known["k"].first, known["k"].seen, known["k"].ended) == (100.0, 160.0, None)


def test_what_ended_stays_ended_and_other_servers_see_it(workspace: Workspace) -> None:
    here, there = SignIns(Store(workspace)), SignIns(Store(workspace))
    here.touch("k", "p-1", at=100.0)
    before = there.version()
    here.end("k", "p-1", "left", at=200.0)
    here.end("k", "p-1", "idle", at=300.0)
    there.touch("k", "p-1", at=400.0)
    known = there.of(["k"])["k"]
    assert (known.ended, known.why) == (200.0, "left")
    assert there.version() != before


def test_a_sign_in_that_was_never_used_can_end(workspace: Workspace) -> None:
    signins = SignIns(Store(workspace))
    signins.end("k", "p-1", "left", at=5.0)
    assert signins.of(["k"])["k"].ended == 5.0


def test_old_ones_are_dropped(workspace: Workspace) -> None:
    signins = SignIns(Store(workspace))
    signins.touch("old", "p-1", at=100.0)
    signins.touch("new", "p-1", at=900.0)
    signins.forget(500.0)
    assert set(signins.of(["old", "new"])) == {"new"}


def test_two_servers_may_see_the_same_sign_in_at_once(workspace: Workspace) -> None:
    stores = [SignIns(Store(workspace)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        firsts = list(pool.map(lambda each: each.touch("k", "p-1"), stores))
    assert firsts.count(True) == 1


@pytest.mark.xdist_group("postgres")
def test_servers_that_share_a_postgres_share_their_lists(workspace: Workspace, tmp_path: Path) -> None:
    with postgres(tmp_path / "server") as url:
        here, there = (Ledger(workspace, url) for _ in range(2))
        ada = Entitlement(issuer="https://id", subject="ada", role="rep", hierarchy="field", node="N", reason="new")
        Entitlements(here).grant(ada, "operator")
        known = Entitlements(there)
        (found,), before = known.of("https://id/", "ada").spans, known.version()
        assert (found.role, found.node) == ("rep", "N")
        Entitlements(here).revoke("https://id", "ada", "left", "operator")
        known.turned_away("https://id", "bob")
        assert (known.version() > before, [each.role for each in known.all()]) == (True, [None])
        stores = [SignIns(each.store) for each in (here, there)]
        with ThreadPoolExecutor(2) as pool:
            firsts = list(pool.map(lambda each: each.touch("k", "p-1", at=100.0), stores))
        stores[0].end("k", "p-1", "left", at=200.0)
        assert firsts.count(True) == 1
        assert (stores[1].of(["k"])["k"].ended, stores[1].version()) == (200.0, 200.0)
