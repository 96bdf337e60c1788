"""Lines about one person become days: of each day the latest line that has begun holds, if it has not ended."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.entitled_days import Days
from data.entitlements import Entitlement

FIRST = date(2026, 1, 1)
_DAYS = st.none() | st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))


def line(node: str, first: date | None = None, last: date | None = None, role: str | None = "rep") -> Entitlement:
    return Entitlement(issuer="i", subject="ada", role=role, node=node, from_date=first, to_date=last, reason="r")


def _lines(told: list[tuple[date | None, date | None, bool]]) -> list[Entitlement]:
    ordered = [
        (min(pair), max(pair), gone) if None not in (pair := (first, last)) else (first, last, gone)  # type: ignore[type-var]
        for first, last, gone in told
    ]
    return [line(f"N{n}", first, last, None if gone else "rep") for n, (first, last, gone) in enumerate(ordered)]


@given(st.lists(st.tuples(_DAYS, _DAYS, st.booleans()), max_size=6))
def test_of_each_day_the_latest_line_that_has_begun_holds(told: list[tuple[date | None, date | None, bool]]) -> None:
    lines = _lines(told)
    days = Days.of(lines)
    for n in range(-2, 34):
        day = FIRST + timedelta(days=n)
        begun = [each for each in lines if (each.from_date or date.min) <= day]
        says = begun[-1] if begun and day <= (begun[-1].to_date or date.max) else None
        found = days.on(day)
        assert (found and found.node) == (says.node if says else None)
        held = [each for each in days.spans if (each.from_date or date.min) <= day <= (each.to_date or date.max)]
        assert len(held) <= 1


def test_who_moves_keeps_the_days_at_the_place_left() -> None:
    days = Days.of([line("OLD"), line("NEW", date(2026, 7, 1))])
    assert [(each.node, each.from_date, each.to_date) for each in days.spans] == [
        ("OLD", None, date(2026, 6, 30)),
        ("NEW", date(2026, 7, 1), None),
    ]
    assert days.until(date(2026, 6, 1)) == days.spans[:1]


def test_what_is_taken_back_is_gone_for_every_day() -> None:
    days = Days.of([line("OLD", None, date(2026, 6, 30)), line("NEW", date(2026, 7, 1)), line("", role=None)])
    assert [each.role for each in days.spans] == [None]
    assert days.until(date(2027, 1, 1)) == ()


def test_what_is_told_about_a_day_on_which_nothing_holds() -> None:
    days = Days.of([line("OLD", None, date(2026, 1, 5)), line("NEW", date(2026, 2, 1), date(2026, 2, 5))])
    near = [days.near(day) for day in (date(2026, 1, 20), date(2026, 3, 1))]
    assert [each and each.node for each in near] == ["NEW", "NEW"]
    assert Days().near(FIRST) is None
