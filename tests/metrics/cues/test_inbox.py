"""My cues on Smallland: the MSL's late question and flagging site, nobody else's business, done and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from data.errors import Denied
from metrics.cues.inbox import MOST, _varied, count_by_node, cues_for
from metrics.query import Visitor

MSL = Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1")
EAST = Visitor(id="east", role="msl", hierarchy="medical", node="ME_R2")
DIRECTOR = Visitor(id="director", role="medical_director", hierarchy="medical", node="ME")
MANAGER = Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",))
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node="SM")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")


@dataclass(frozen=True)
class Action:
    cue: str
    visitor: str
    action: str
    at: datetime


def kinds(visitor: Visitor, snapshot: Any, **more: Any) -> list[tuple[str, str]]:
    return [(card.kind, card.subject) for card in cues_for(visitor, snapshot, **more)]


def test_each_sees_their_own(smallland_snapshot: Any) -> None:
    assert kinds(MSL, smallland_snapshot) == [("flagging_site", "S1-02")]
    assert kinds(EAST, smallland_snapshot) == [("inquiry_due", "H08")]
    assert kinds(MANAGER, smallland_snapshot) == [("flagging_site", "S1-02")]
    assert kinds(REP, smallland_snapshot) == [("consent_ending", "H02")]
    assert kinds(LEADER, smallland_snapshot) == []


def test_a_manager_sees_the_teams_as_the_teams(smallland_snapshot: Any) -> None:
    cards = cues_for(DIRECTOR, smallland_snapshot)
    assert {(card.kind, card.subject, card.mine) for card in cards} == {
        ("inquiry_due", "H08", False),
        ("flagging_site", "S1-02", False),
        ("study_late", "S2", True),
    }


def test_a_card_is_whole(smallland_snapshot: Any) -> None:
    (card,) = cues_for(MSL, smallland_snapshot)
    assert card.headline == "Site S1-02 flags: 5 of 20 planned enrolled"
    assert len(card.reasons) == 3
    assert (card.lever, card.action, card.owner, card.node_name) == (
        "call a site",
        "Call the site",
        "U07",
        "Medical west",
    )
    assert card.due > smallland_snapshot.as_of
    assert 0 < card.worth_low < card.worth_high
    assert card.mine
    assert card.evidence["p_below"] == card.confidence


def test_names_come_from_the_people_store_or_not_at_all(smallland_snapshot: Any) -> None:
    (without,) = cues_for(EAST, smallland_snapshot)
    (named,) = cues_for(EAST, smallland_snapshot, names=lambda ids: {one: f"Dr {one}" for one in ids})
    assert without.headline == "The question of H08 is overdue"
    assert named.headline == "The question of Dr H08 is overdue"


@pytest.mark.parametrize(
    ("action", "day", "shown"),
    [
        ("done", 21, False),
        ("not_useful", 21, False),
        ("snoozed", 21, False),
        ("accepted", 21, True),
        ("snoozed", 10, True),
        ("done", 2, True),
    ],
)
def test_done_snoozed_and_not_useful_leave_for_a_while(
    smallland_snapshot: Any, action: str, day: int, shown: bool
) -> None:
    (card,) = cues_for(MSL, smallland_snapshot)
    acted = [Action(card.cue, "msl", action, datetime(2026, 11, day, 9, tzinfo=UTC))]
    assert bool(cues_for(MSL, smallland_snapshot, acted)) is shown
    assert cues_for(MANAGER, smallland_snapshot, acted)
    undone = [*acted, Action(card.cue, "msl", "undo", datetime(2026, 11, 22, 9, tzinfo=UTC))]
    assert cues_for(MSL, smallland_snapshot, undone)


def test_a_study_not_looked_after_is_not_seen(smallland_snapshot: Any) -> None:
    other = Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S2",))
    assert cues_for(other, smallland_snapshot) == []


def test_nobody_enters_anothers_hierarchy(smallland_snapshot: Any) -> None:
    with pytest.raises(Denied):
        cues_for(Visitor(id="x", role="rep", hierarchy="medical", node="ME_R1"), smallland_snapshot)


def test_counts_by_child_and_never_more_than_five(smallland_snapshot: Any) -> None:
    assert count_by_node(DIRECTOR, smallland_snapshot, ["ME_R1", "ME_R2"]) == {"ME_R1": 1, "ME_R2": 1}
    assert MOST == 5
    assert len(cues_for(DIRECTOR, smallland_snapshot, most=1)) == 1


def test_a_steward_sees_what_stands_nowhere_and_nobody_elses(smallland_snapshot: Any) -> None:
    """H12, who stands in no territory, writes 169 of the 1,170 alfa and none of the 156 beta: 12.7 %."""
    cards = cues_for(STEWARD, smallland_snapshot)
    assert {(card.node, card.node_name, card.about, card.mine) for card in cards} == {("", "All data", "data", True)}
    (unaligned,) = (card for card in cards if card.kind == "unaligned_share" and card.subject == "field")
    assert unaligned.headline.endswith("of scripts belong to no one")
    for visitor in (MSL, DIRECTOR, MANAGER, REP, LEADER):
        assert not [card for card in cues_for(visitor, smallland_snapshot, most=99) if card.role == "steward"]


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        ("aaaaaaab", "aaaab"),
        ("aaaaabcd", "aaabc"),
        ("aaaaaaaa", "aaaaa"),
        ("abababcc", "ababa"),
        ("ab", "ab"),
        ("", ""),
    ],
)
def test_of_five_at_most_three_are_of_a_kind_while_another_waits(kinds: str, first: str) -> None:
    cards = [SimpleNamespace(kind=kind, place=place) for place, kind in enumerate(kinds)]
    told = _varied(cards)  # type: ignore[arg-type]
    assert "".join(card.kind for card in told[:5]) == first
    places = [card.place for card in told]
    assert sorted(places) == list(range(len(kinds)))
    assert places[:5] == sorted(places[:5]) and places[5:] == sorted(places[5:])
