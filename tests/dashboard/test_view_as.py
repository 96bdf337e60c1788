"""Looking as somebody else in the app: begun in the ledger, named on every line, ended, and no use to others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard import view_as
from data.errors import Denied, WrongQuestion
from data.ledger import Ledger
from data.store import moment
from data.workspace import Workspace
from tests.dashboard.test_views import drawn, home, open_as, words

__all__ = ["home", "open_as"]


@pytest.fixture
def ledger(home: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))
    found = Ledger(Workspace.open(home))
    found.write_audit(who="steward", role="steward", did="sign_out")  # whatever was begun before has ended
    return found


def begin(ledger: Ledger, eyes: str, minutes: int = 0) -> None:
    """The line that the page writes when a steward begins."""
    ledger.write_audit(
        who="steward", role="steward", did="view_as", object=eyes, acting_as=eyes, reason="access_question",
        at=moment() - timedelta(minutes=minutes),
    )  # fmt: skip


def looked(ledger: Ledger) -> tuple[str, str]:
    last = ledger.audit_lines()[-1]
    return last.who, last.acting_as


def test_what_was_begun_shows_their_pages_under_a_banner_and_both_names(open_as, ledger: Ledger) -> None:
    begin(ledger, "regional_director")
    page = open_as("steward", view_as="regional_director")
    assert "You look as regional director" in words(page)
    assert "North" in words(page)
    assert "view_as=regional_director" in drawn(page)
    last = ledger.audit_lines()[-1]
    assert (last.who, last.role, last.acting_as, last.acting_role) == (
        "steward", "steward", "regional_director", "regional_director",
    )  # fmt: skip
    assert (last.did, last.scope, last.place[-1]) == ("view", "SM_N", "SM_N")


def test_an_address_alone_does_nothing(open_as, ledger: Ledger) -> None:
    assert "You look as" not in words(open_as("steward", view_as="rep"))
    assert looked(ledger) == ("steward", "")
    begin(ledger, "rep")
    assert "You look as" not in words(open_as("msl", view_as="rep"))
    assert looked(ledger) == ("msl", "")
    assert "You look as" not in words(open_as("steward", view_as="msl"))
    assert "You look as" not in words(open_as("steward"))
    assert "You look as" in words(open_as("steward", view_as="rep"))


def test_stop_ends_it_with_a_line_of_its_own(open_as, ledger: Ledger) -> None:
    begin(ledger, "rep")
    page = open_as("steward", view_as="rep")
    page = page.button(key="op_stop_looking").click().run()
    assert "You look as" not in words(page)
    ends = [line for line in ledger.audit_lines("steward") if line.did == "view_as_end"]
    assert (ends[-1].object, ends[-1].acting_as, ends[-1].reason) == ("rep", "rep", "stopped")
    assert "You look as" not in words(open_as("steward", view_as="rep"))


def test_it_ends_by_itself_after_its_time_and_with_the_session(open_as, ledger: Ledger) -> None:
    begin(ledger, "rep", minutes=61)
    assert "You look as" not in words(open_as("steward", view_as="rep"))
    assert [line.reason for line in ledger.audit_lines("steward") if line.did == "view_as_end"][-1] == "time"
    begin(ledger, "rep")
    ledger.write_audit(who="steward", role="steward", did="sign_out")
    assert "You look as" not in words(open_as("steward", view_as="rep"))


def test_a_steward_begins_on_the_audit_page_with_a_reason(open_as, ledger: Ledger) -> None:
    from dashboard import cache
    from tests.dashboard.test_navigation import of

    steward = of("steward")
    with pytest.raises(WrongQuestion, match="reason"):
        view_as.begin(steward, "rep", "curious")
    with pytest.raises(WrongQuestion, match="nobody"):
        view_as.begin(steward, "stranger", "access_question")
    with pytest.raises(WrongQuestion):
        view_as.begin(of("rep"), "msl", "access_question")
    view_as.begin(steward, "rep", "access_question")
    view_as.begin(steward, "msl", "number_question")
    told = [(line.did, line.object, line.reason) for line in ledger.audit_lines("steward")][-3:]
    assert told == [
        ("view_as", "rep", "access_question"), ("view_as_end", "rep", "stopped"), ("view_as", "msl", "number_question"),
    ]  # fmt: skip
    assert cache.workspace().home == Workspace.default_home()


def test_nothing_is_answered_in_their_name(open_as, ledger: Ledger) -> None:
    from dashboard import cache, trail
    from metrics.view_as import through
    from tests.dashboard.test_navigation import of

    begin(ledger, "msl")
    page = open_as("steward", view_as="msl")
    assert [button.key for button in page.button] == ["op_stop_looking"]
    before = ledger.cue_actions()
    with pytest.raises(Denied, match="somebody else's name"):
        trail.acted(through(of("msl"), of("steward"), cache.snapshot()), "c1", "done", None)
    assert ledger.cue_actions() == before
