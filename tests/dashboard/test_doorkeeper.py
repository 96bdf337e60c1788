"""The doorkeeper: every doubt is a no, a no holds from the next run on, and an open page hears of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.claims import key_of
from dashboard.doorkeeper import Doorkeeper, SignedOut
from dashboard.provider import GroupPlace, Provider, provider
from data.entitlements import Entitlement, Entitlements, group_issuer, person_id
from data.errors import Denied
from data.ledger import Ledger
from data.signins import SignIns
from data.workspace import Workspace
from tests.dashboard.test_provider import ENVIRONMENT

ISSUER = "https://id.example.com"
NOON = datetime(2026, 3, 15, 12).timestamp()
WEST = GroupPlace(group="West", role="regional_director", hierarchy="field", node="W")


class Door:
    """A doorkeeper whose clock the test turns, its lists, and what it wrote into the audit."""

    def __init__(self, home: Path, **changes: Any) -> None:
        known = provider({**ENVIRONMENT, "ONEPICTURE_CONTACT": "the field office"})
        assert known is not None
        self.provider: Provider = replace(known, idle=1800.0, absolute=36000.0, recheck=20.0, **changes)
        self.home, self.now = home, NOON
        self.lines: list[tuple[str, str, str, str]] = []
        self.keeper = self.another()
        self.entitlements, self.signins = Entitlements(self.store), SignIns(self.store.store)

    def another(self) -> Doorkeeper:
        """Another server of the same workspace, or this one after a restart."""
        self.store = Ledger(Workspace.create(self.home))
        written = lambda *line: self.lines.append(line)  # noqa: E731
        return Doorkeeper(self.provider, Entitlements(self.store), SignIns(self.store.store), written, lambda: self.now)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What a token of Ada's says, as Streamlit hands it on."""
        told = {
            "is_logged_in": True, "provider": "default", "iss": ISSUER, "sub": "ada", "aud": "onepicture",
            "iat": NOON, "exp": NOON + 36000, "nonce": "n1", "email": "ada@example.com", "email_verified": True,
            "name": "Ada",
        }  # fmt: skip
        return {key: value for key, value in (told | changes).items() if value is not None}

    def grant(self, **changes: Any) -> None:
        """Put Ada on the list."""
        told = {"issuer": ISSUER, "subject": "ada", "role": "rep", "hierarchy": "field", "node": "N", "reason": "new"}
        self.entitlements.grant(Entitlement(**(told | changes)), "operator")


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "home")


def test_who_is_on_the_list_comes_in_as_the_list_says(door: Door) -> None:
    door.grant(studies=("S1",), team="core")
    visitor = door.keeper.enter(door.claims(), "page")
    assert visitor.id == person_id(ISSUER, "ada")
    assert (visitor.role, visitor.hierarchy, visitor.node, visitor.team) == ("rep", "field", "N", "core")
    assert (visitor.studies, visitor.name) == (("S1",), "Ada")
    assert door.lines == [(visitor.id, "rep", "sign_in", "")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_logged_in": False},
        {"is_logged_in": "yes"},
        {"provider": "another"},
        {"iss": "https://evil.example.com"},
        {"iss": f"{ISSUER}.evil.example.com"},
        {"iss": None},
        {"aud": "another-app", "azp": "onepicture"},
        {"aud": ["another-app"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": NOON},
        {"exp": NOON - 60},
        {"iat": None},
        {"iat": NOON + 600},
        {"iat": NOON - 36001},
    ],
    ids=str,
)
def test_a_token_that_is_not_ours_or_over_lets_nobody_in(door: Door, wrong: dict[str, Any]) -> None:
    door.grant()
    with pytest.raises(SignedOut):
        door.keeper.enter(door.claims(**wrong), "page")
    assert not door.keeper.stands(door.claims(**wrong))


@pytest.mark.parametrize("verified", [False, None, "false", 0, "yes"])
def test_an_address_that_nobody_verified_is_a_polite_no(door: Door, verified: object) -> None:
    door.grant()
    with pytest.raises(Denied, match="not verified") as caught:
        door.keeper.enter(door.claims(email_verified=verified), "page")
    assert not isinstance(caught.value, SignedOut)
    assert door.lines[-1][2:] == ("refused", "e-mail not verified")


def test_an_unknown_person_is_told_whom_to_ask_and_is_written_down_once(door: Door) -> None:
    for _ in range(3):
        with pytest.raises(Denied, match="no place") as caught:
            door.keeper.enter(door.claims(), "page")
    number = person_id(ISSUER, "ada")
    assert "the field office" in caught.value.todo
    assert number in caught.value.todo
    assert door.lines == [(number, "", "refused", "unknown person")]
    assert [each.subject for each in door.entitlements.knocks()] == ["ada"]


def test_a_revocation_holds_at_the_next_run(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    door.entitlements.revoke(ISSUER, "ada", "left", "operator")
    door.now += 1.1
    with pytest.raises(Denied, match="taken back"):
        door.keeper.enter(door.claims(), "page")


def test_an_open_page_hears_of_it_without_a_run(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    door.now += 2
    assert door.keeper.overdue({"page"}) == []
    door.entitlements.revoke(ISSUER, "ada", "left", "operator")
    door.now += door.provider.recheck
    assert door.keeper.overdue({"page"}) == ["page"]


def test_an_open_page_is_run_again_when_its_reader_moves(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    door.grant(node="M")
    door.now += 20
    assert door.keeper.overdue({"page"}) == ["page"]
    assert door.keeper.enter(door.claims(), "page").node == "M"
    assert door.keeper.overdue({"page"}) == []


def test_a_page_whose_line_was_cut_is_still_looked_at_when_it_is_back(door: Door) -> None:
    """A browser that comes back within a minute gets its page without a run of it."""
    door.grant()
    door.keeper.enter(door.claims(), "page")
    assert door.keeper.overdue(set()) == []
    door.entitlements.revoke(ISSUER, "ada", "left", "operator")
    door.now += 50
    assert door.keeper.overdue(set()) == []
    door.now += 5
    assert door.keeper.overdue({"page"}) == ["page"]


def test_a_page_that_is_closed_is_forgotten(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    assert door.keeper.overdue(set()) == []
    door.now += 400
    assert door.keeper.overdue(set()) == []
    door.entitlements.revoke(ISSUER, "ada", "left", "operator")
    door.now += 60
    assert door.keeper.overdue({"page"}) == []


def test_the_days_of_an_entitlement_are_counted_by_the_calendar(door: Door) -> None:
    today = date.fromtimestamp(NOON)
    tomorrow = today + timedelta(days=1)
    door.grant(from_date=tomorrow, to_date=tomorrow)
    with pytest.raises(Denied, match="begins on 16 March 2026"):
        door.keeper.enter(door.claims(), "page")
    door.grant(from_date=today, to_date=today)
    door.now += 20
    door.keeper.enter(door.claims(), "page")
    door.now = NOON + 2 * 86400
    still = door.claims(exp=door.now + 60, iat=door.now - 60, nonce="n2")
    with pytest.raises(Denied, match="ended on 15 March 2026"):
        door.keeper.enter(still, "page")


def test_nobody_there_ends_the_session_for_good(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    door.now += door.provider.idle + 1
    assert door.keeper.overdue({"page"}) == ["page"]
    for keeper in (door.keeper, door.another()):
        with pytest.raises(SignedOut, match="30 minutes"):
            keeper.enter(door.claims(), "page")
    assert door.keeper.enter(door.claims(nonce="n2", iat=door.now, exp=door.now + 60), "page").role == "rep"


def test_a_run_that_the_server_asked_for_is_no_sign_of_life(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    for place in ("A", "B"):
        door.now += door.provider.idle * 0.6
        door.grant(node=place)
        if door.keeper.overdue({"page"}):
            try:
                door.keeper.enter(door.claims(), "page")
            except SignedOut:
                break
    else:
        pytest.fail("the pages that the server ran again kept the session alive")


def test_being_there_on_one_page_keeps_the_others(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "one")
    door.keeper.enter(door.claims(), "two")
    for _ in range(4):
        door.now += door.provider.idle * 0.6
        door.keeper.enter(door.claims(), "one")
    assert door.keeper.overdue({"one", "two"}) == []


def test_a_restart_remembers_who_was_there_and_when(door: Door) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")
    door.now += door.provider.idle + 1
    with pytest.raises(SignedOut, match="without a sign"):
        door.another().enter(door.claims(), "page")


def test_the_absolute_limit_ends_even_a_busy_session(door: Door) -> None:
    door.grant()
    claims = door.claims(exp=NOON + 10 * 36000)
    while door.now < NOON + door.provider.absolute:
        door.keeper.enter(claims, "page")
        door.now += door.provider.idle / 2
    with pytest.raises(SignedOut, match="10 hours"):
        door.keeper.enter(claims, "page")
    assert door.lines[-1][2:] == ("sign_out", "absolute")


def test_the_token_s_own_end_ends_the_session(door: Door) -> None:
    door.grant()
    claims = door.claims(exp=NOON + 300)
    door.keeper.enter(claims, "page")
    door.now += 299
    assert door.keeper.overdue({"page"}) == []
    door.now += 1
    assert door.keeper.overdue({"page"}) == ["page"]
    with pytest.raises(SignedOut, match="run out"):
        door.keeper.enter(claims, "page")


def test_signing_out_ends_every_page_and_every_server(door: Door) -> None:
    door.grant()
    other = door.another()
    door.keeper.enter(door.claims(), "one")
    other.enter(door.claims(), "two")
    door.keeper.leave(door.claims())
    assert door.keeper.overdue({"one"}) == ["one"]
    door.now += door.provider.recheck
    assert other.overdue({"two"}) == ["two"]
    with pytest.raises(SignedOut, match="You signed out"):
        other.enter(door.claims(), "two")
    assert door.lines[-1] == (person_id(ISSUER, "ada"), "", "sign_out", "left")


def test_two_sign_ins_of_one_person_end_one_by_one(door: Door) -> None:
    door.grant()
    second = door.claims(nonce="n2")
    assert key_of(second) != key_of(door.claims())
    door.keeper.leave(door.claims())
    assert door.keeper.enter(second, "page").role == "rep"


def test_a_group_gives_a_place_where_the_list_says_nothing(tmp_path: Path) -> None:
    door = Door(tmp_path / "home", group_claim="realm.roles", groups=(WEST, replace(WEST, group="Guests")))
    inside = door.claims(realm={"roles": ["West", "Guests", "Staff"]})
    assert door.keeper.enter(inside, "page").node == "W"
    door.entitlements.revoke(ISSUER, "ada", "on leave", "operator")
    door.now += 2
    with pytest.raises(Denied, match="taken back"):
        door.keeper.enter(inside, "page")


@pytest.mark.parametrize("realm", [{"roles": ["west"]}, {"roles": "Westerly"}, {"roles": None}, "West", None])
def test_no_group_of_ours_gives_nothing(tmp_path: Path, realm: object) -> None:
    door = Door(tmp_path / "home", group_claim="realm.roles", groups=(WEST,))
    with pytest.raises(Denied, match="no place"):
        door.keeper.enter(door.claims(realm=realm), "page")


def test_groups_that_disagree_give_nothing(tmp_path: Path) -> None:
    medical = GroupPlace(group="Science", role="medical_director", hierarchy="medical", node="M")
    door = Door(tmp_path / "home", group_claim="groups", groups=(WEST, medical))
    with pytest.raises(Denied, match="several places"):
        door.keeper.enter(door.claims(groups=["West", "Science"]), "page")


def test_a_store_that_cannot_be_read_lets_nobody_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.grant()
    door.keeper.enter(door.claims(), "page")

    def _broken() -> int:
        raise Denied("the ledger cannot be used")

    monkeypatch.setattr(door.keeper._entitlements, "version", _broken)
    door.now += 30
    assert door.keeper.overdue({"page"}) == ["page"]
    with pytest.raises(Denied):
        door.keeper.enter(door.claims(), "page")


def test_many_pages_are_looked_at_as_one_is(door: Door) -> None:
    """Read at once, the answers are those that each page would get by itself."""
    for number in range(60):
        door.grant(subject=f"s{number}")
        door.keeper.enter(door.claims(sub=f"s{number}", nonce=str(number)), f"page{number}")
    for number in range(0, 60, 7):
        door.entitlements.revoke(ISSUER, f"s{number}", "left", "operator")
    door.grant(subject="s1", node="M")
    door.another().leave(door.claims(sub="s2", nonce="2"))
    door.now += 30
    pages = {f"page{number}" for number in range(60)}
    expected = {f"page{number}" for number in (*range(0, 60, 7), 1, 2)}
    assert set(door.keeper.overdue(pages)) == expected


def test_looking_costs_next_to_nothing(door: Door) -> None:
    """A run of a page costs tens of milliseconds; the gate may not be seen beside it."""
    door.grant()
    claims = door.claims()
    door.keeper.enter(claims, "page")
    begun, rounds = time.process_time(), 500
    for _ in range(rounds):
        door.keeper.enter(claims, "page")
    assert (time.process_time() - begun) / rounds < 0.001


def test_a_doorkeeper_writes_signs_of_life_now_and_then(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.grant()
    calls: list[float] = []
    touch: Callable[..., bool] = door.keeper._signins.touch
    monkeypatch.setattr(door.keeper._signins, "touch", lambda *about: calls.append(about[2]) or touch(*about))
    for _ in range(100):
        door.keeper.enter(door.claims(), "page")
        door.now += 1
    assert len(calls) == 4


def test_who_moved_keeps_the_place_left_for_the_days_there(door: Door) -> None:
    today = date.fromtimestamp(NOON)
    door.grant(node="W1")
    door.grant(node="W2", from_date=today)
    visitor = door.keeper.enter(door.claims(), "page")
    assert visitor.node == "W2"
    assert [(each.node, each.from_date, each.to_date) for each in visitor.spans] == [
        ("W1", None, today - timedelta(days=1)),
        ("W2", today, None),
    ]
    door.grant(node="W3", from_date=today + timedelta(days=1))
    door.now += 2
    assert door.keeper.enter(door.claims(), "page") == visitor  # tomorrow's move is not yet today's


def test_another_role_before_is_no_place_left(door: Door) -> None:
    today = date.fromtimestamp(NOON)
    door.grant(role="district_manager", node="W")
    door.grant(node="W2", from_date=today)
    assert door.keeper.enter(door.claims(), "page").spans == ()


def test_what_the_list_says_of_a_group_holds_at_once_and_wins_over_the_table(tmp_path: Path) -> None:
    door = Door(tmp_path / "home", group_claim="groups", groups=(WEST,))
    inside = door.claims(groups=["West"])
    assert door.keeper.enter(inside, "page").node == "W"
    group = {"issuer": group_issuer(ISSUER), "subject": "West", "hierarchy": "field", "reason": "regions were cut anew"}
    door.entitlements.grant(Entitlement(role="regional_director", node="NW", **group), "operator")
    door.now += 2
    assert door.keeper.overdue({"page"}) == ["page"]
    assert door.keeper.enter(inside, "page").node == "NW"
    door.entitlements.revoke(group_issuer(ISSUER), "West", "nobody asked for it", "operator")
    door.now += 2
    assert door.keeper.overdue({"page"}) == ["page"]
    with pytest.raises(Denied, match="no place"):
        door.keeper.enter(inside, "page")


def test_a_group_s_days_end_by_the_calendar(tmp_path: Path) -> None:
    door = Door(tmp_path / "home", group_claim="groups")
    today = date.fromtimestamp(NOON)
    told = {"issuer": group_issuer(ISSUER), "subject": "Guests", "role": "rep", "hierarchy": "field", "node": "W1"}
    door.entitlements.grant(Entitlement(to_date=today, reason="a week's visit", **told), "operator")
    assert door.keeper.enter(door.claims(groups=["Guests"]), "page").node == "W1"
    door.now = NOON + 86400
    with pytest.raises(Denied, match="no place"):
        door.keeper.enter(door.claims(groups=["Guests"], exp=door.now + 60, iat=door.now - 60), "page")


def test_nobody_is_taken_for_a_group(tmp_path: Path) -> None:
    """A provider may call a person whatever it likes: lines about groups are no person's."""
    door = Door(tmp_path / "home", group_claim="groups")
    told = {"issuer": group_issuer(ISSUER), "role": "rep", "hierarchy": "field", "node": "W1", "reason": "r"}
    door.entitlements.grant(Entitlement(subject="ada", **told), "operator")
    with pytest.raises(Denied, match="no place"):
        door.keeper.enter(door.claims(), "page")
