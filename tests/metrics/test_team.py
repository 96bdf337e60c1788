"""A team read from granted answers: verdicts, places of the quadrant, and what must stay unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field

from metrics.team import ASKED, AWAY, GAINING, LOSING, UNKNOWN, team


@dataclass
class Said:
    """An answer as a team reads it: numbers by metric and unit, reasons of those that are not there."""

    numbers: dict[str, dict[str, float]]
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: dict[str, list[float]] = field(default_factory=dict)

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(self.numbers)

    def name(self, node: str) -> str:
        return node.upper()

    def now(self, metric: str, node: str) -> float | None:
        return self.numbers[node].get(metric)

    def line(self, metric: str, node: str) -> list[float]:
        return self.lines.get(node, [])

    def reason(self, metric: str, node: str) -> str:
        return self.reasons.get((metric, node), "")


def _own(made: float, planned: float, evolution: float, days: float = 60.0) -> dict[str, float]:
    return {
        "call_plan_attainment": 100 * made / planned, "capped_calls": made, "planned_calls": planned,
        "evolution_index": evolution, "field_days": days, "market_trx": 1000.0,
    }  # fmt: skip


FOUR = {"a": _own(165, 196, 96), "b": _own(158, 177, 92), "c": _own(105, 165, 105), "d": _own(160, 184, 103)}
WOBBLE = [10.0, 10.4, 9.8, 10.2, 9.9, 10.1, 10.3, 9.7, 10.0, 10.2, 9.8, 10.1, 10.0]


def _seen(numbers: dict[str, dict[str, float]], lines: dict[str, list[float]] | None = None, **reasons: str):
    told = {tuple(key.split("__")): words for key, words in reasons.items()}
    return team(Said(numbers, told), Said(numbers, lines=lines or {}), 13)


def test_every_territory_lies_in_its_place_and_the_worst_comes_first() -> None:
    seen = _seen(FOUR)
    assert [each.node for each in seen.members] == ["c", "a", "d", "b"]
    assert {each.node: each.quadrant for each in seen.members} == {
        "a": "effort", "b": "content", "c": "plan", "d": "share",
    }  # fmt: skip
    assert {each.node: each.effort for each in seen.members}["c"] == "below"
    assert seen.members[0].concern
    assert not any(each.stands_out for each in seen.members[1:])


def test_a_share_moves_only_beyond_its_own_noise() -> None:
    fallen, risen = [each - 1.5 for each in WOBBLE], [each + 1.5 for each in WOBBLE]
    lines = {"a": WOBBLE + fallen, "b": WOBBLE + risen, "c": WOBBLE + WOBBLE[::-1], "d": WOBBLE[:5]}
    said = {each.node: each.result for each in _seen(FOUR, lines).members}
    assert said == {"a": LOSING, "b": GAINING, "c": "level", "d": UNKNOWN}


def test_who_was_not_in_the_field_is_not_called_lazy() -> None:
    for absent in (_own(10, 165, 105, days=20.0), {**_own(10, 165, 105), "field_days": None}):
        reasons = {"field_days__c": "unknown"} if absent["field_days"] is None else {}
        found = {each.node: each for each in _seen({**FOUR, "c": absent}, **reasons).members}["c"]
        assert found.effort == AWAY
        assert not found.quadrant
        assert not found.stands_out


def test_what_is_withheld_is_neither_placed_nor_judged() -> None:
    hidden = dict.fromkeys(ASKED)
    reasons = {"call_plan_attainment__c": "fewer than 11 persons", "field_days__c": "fewer than 11 persons"}
    found = {each.node: each for each in _seen({**FOUR, "c": hidden}, **reasons).members}["c"]
    assert (found.effort, found.quadrant, found.peers) == (UNKNOWN, "", None)
    assert found.reasons["call_plan_attainment"] == "fewer than 11 persons"


def test_unaligned_is_nobody_of_the_team() -> None:
    assert "x~unaligned" not in [each.node for each in _seen({**FOUR, "x~unaligned": _own(0, 500, 50)}).members]
