"""The Audit page: the steward's alone, narrowed and turned by its address, and honest about what was checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ledger import Ledger
from data.workspace import Workspace
from tests.dashboard.test_navigation import STANDS
from tests.dashboard.test_views import _view, drawn, home, open_as, words
from tests.data.audit.ledgers import LINE, another_process, tampering

__all__ = ["home", "open_as"]


@pytest.fixture
def ledger(home: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger of its own, with lines of two visitors."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))
    for path in home.glob("ledger.sqlite*"):
        path.unlink()
    another_process()
    found = Ledger(Workspace.open(home))
    for number in range(60):
        found.write_audit(**{**LINE, "who": "rep", "role": "rep", "object": "cues", "rows": number})
    found.write_audit(**{**LINE, "who": "msl", "role": "msl", "did": "view_site", "object": "S1-02", "place": ("ME",)})
    found.write_audit(**{**LINE, "who": "rep", "role": "rep", "did": "refused", "object": "trx", "reason": "not_yours"})
    return found


def page(home: Path, **address: str):
    """The page as a steward who has asked nothing of it, or this."""
    from streamlit.testing.v1 import AppTest

    def script(address: dict[str, str]) -> None:
        from dashboard import cache, navigation
        from dashboard.session import visit

        navigation.RENDERS["audit"](visit(cache.visitors()["steward"], address, cache.snapshot()))

    return AppTest.from_function(script, default_timeout=60, args=(address,)).run()


@pytest.mark.parametrize("role", [role for role in STANDS if role not in ("steward", "site_manager")])
def test_nobody_else_reads_it_or_is_offered_it(open_as, home: Path, ledger: Ledger, role: str) -> None:
    assert "audit?" not in drawn(open_as(role))
    refused = _view(home, role, "audit")
    assert refused.exception
    assert not refused.get("html")


def test_the_newest_lines_come_first_and_older_ones_a_link_away(home: Path, ledger: Ledger) -> None:
    said = words(page(home))
    assert "The last 40 lines, the newest first" in said
    assert "Every line checked still says what was written" in said
    assert "62" in said
    assert said.index("Was refused trx") < said.index("Opened a site S1-02")
    assert "older ›" in said
    older = words(page(home, at="1"))
    assert "Lines 41 to 62" in older
    assert "‹ newer" in older and "older ›" not in older


def test_it_is_narrowed_by_person_doing_place_and_time(home: Path, ledger: Ledger) -> None:
    assert "One line" in words(page(home, who="msl"))
    assert "S1-02" in words(page(home, did="view_site"))
    assert "One line" in words(page(home, where="ME"))
    assert "Nothing was written down that fits" in words(page(home, where="SM_N", at="9"))
    assert "Nothing was written down that fits" in words(page(home, who="msl", did="refused"))
    assert "The last 40 lines that fit" in words(page(home, span="today"))


def test_what_cannot_be_followed_asks_nothing(home: Path, ledger: Ledger) -> None:
    said = words(page(home, did="<script>", span="'; DROP", at="-1"))
    assert "The last 40 lines, the newest first" in said
    assert "<script>alert" not in drawn(page(home, who="<script>alert(1)</script>"))


def test_a_broken_line_is_said_first(home: Path, ledger: Ledger) -> None:
    with tampering(home / "ledger.sqlite") as connection:
        connection.execute("UPDATE audit_line SET rows = 99 WHERE seq = 7")
    said = words(page(home))
    assert "Not what was written: one place of the audit" in said
    assert "chain 1, line 7" in said
    assert "Restore the ledger" in said
