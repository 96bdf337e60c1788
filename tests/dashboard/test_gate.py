"""The gate: nobody gets past it by mistake, and whoever watches it never sleeps on a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import gate
from data.errors import Denied
from metrics.query import Visitor
from tests.dashboard.test_provider import ENVIRONMENT

ADA = Visitor(id="p-1", role="rep", hierarchy="field", node="N")


class Keeper:
    """A doorkeeper who does as told."""

    def __init__(self, answer: Visitor | Exception) -> None:
        self.answer, self.asked = answer, 0
        self.provider = type("P", (), {"recheck": 0.01, "clients": {"default": None, "okta": None}})()

    def enter(self, claims: object, page: str) -> Visitor:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def overdue(self, pages: set[str]) -> list[str]:
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("a fault")
        return ["two"] if self.asked == 2 else []


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(gate.cache, "is_demo", lambda: False)
    monkeypatch.setattr(gate.cache, "visitors", lambda: {"rep": ADA})
    gate._unguarded.cache_clear()
    yield
    gate.post(None)
    gate._unguarded.cache_clear()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What the page of a closed door says."""
    said: list[tuple[str, object]] = []
    monkeypatch.setattr(gate.sign_in, "sign_in", lambda words, names, failed: said.append((words, names)))
    monkeypatch.setattr(gate.sign_in, "turned_away", lambda words, *, signed_in: said.append((words, signed_in)))
    return said


def test_whoever_is_let_in_is_handed_on(shown: list) -> None:
    gate.post(Keeper(ADA))  # type: ignore[arg-type]
    assert gate.enter({"as": "leader"}) == ADA
    assert shown == []


def test_whoever_is_not_signed_in_gets_the_buttons_and_nothing_else(shown: list) -> None:
    gate.post(Keeper(gate.SignedOut("Sign in.")))  # type: ignore[arg-type]
    assert gate.enter({"as": "leader"}) is None
    assert shown == [("Sign in.", ("default", "okta"))]


def test_whoever_is_turned_away_is_told_why(shown: list) -> None:
    gate.post(Keeper(Denied("No place.", todo="Ask.")))  # type: ignore[arg-type]
    assert gate.enter({}) is None
    assert shown == [("No place. Ask.", True)]


def test_a_fault_is_no_way_in(shown: list) -> None:
    gate.post(Keeper(KeyError("fault")))  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        gate.enter({})
    assert shown == []


def test_a_provider_without_a_doorkeeper_lets_nobody_in(
    shown: list, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The app was started in another way than by `onepicture serve`: nobody would end its sessions."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ONEPICTURE_AS", "rep")
    assert gate.enter({}) is None
    assert "onepicture serve" in shown[0][0]


def test_the_operator_s_word_counts_where_no_provider_is(shown: list, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEPICTURE_AS", "rep")
    assert gate.enter({"as": "leader"}) == ADA


def test_the_watch_runs_pages_again_and_after_a_fault_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(gate, "_open_pages", lambda: {"one", "two"})
    monkeypatch.setattr(gate, "_run_again", ran.append)
    keeper = Keeper(ADA)

    async def _for_a_while() -> None:
        watching = asyncio.create_task(gate.watch(keeper))  # type: ignore[arg-type]
        while keeper.asked < 4:
            await asyncio.sleep(0.01)
        watching.cancel()

    asyncio.run(asyncio.wait_for(_for_a_while(), 20))
    assert sorted(ran[:2]) == ["one", "two"]
    assert ran[2:] == ["two"]


def test_the_watch_wakes_at_once_when_somebody_signs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_open_pages", set)
    keeper = Keeper(ADA)
    keeper.asked, keeper.provider.recheck = 2, 60.0

    async def _woken() -> None:
        watching = asyncio.create_task(gate.watch(keeper))  # type: ignore[arg-type]
        while keeper.asked < 3:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(gate.look_now)
        while keeper.asked < 4:
            await asyncio.sleep(0.01)
        watching.cancel()

    asyncio.run(asyncio.wait_for(_woken(), 20))
