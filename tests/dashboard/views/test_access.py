"""The Access page by role: what is seen, what is not and why; the grid and the simulator for the steward alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.access import hierarchy_of, refusal, role_of
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES, WORDS
from metrics.policy import GUARDED
from metrics.rights import rights
from tests.dashboard.test_navigation import of

Text = Callable[..., str]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_what_they_see_and_why_not_the_rest(text: Text, smallland_snapshot, role: str) -> None:
    said = text("access", role)
    found = rights(of(role), smallland_snapshot)
    assert f"You see {found.metrics} of {len(METRICS)} metrics" in said
    for right in found.rights:
        assert WORDS[right.name] in said
    hidden = [right for right in found.rights if not right.seen]
    assert all(any(limit.why[1:] in said for limit in right.limits) or right.why[1:] in said for right in hidden)


@pytest.mark.parametrize("role", ROLES)
def test_what_it_counts_is_what_the_door_grants(smallland_snapshot, role: str) -> None:
    visitor, found = of(role), rights(of(role), smallland_snapshot)
    hierarchy = hierarchy_of(smallland_snapshot, visitor.hierarchy)
    mine = role_of(visitor, smallland_snapshot)
    granted = {
        name
        for name, metric in METRICS.items()
        for by in (*found.levels, hierarchy.subject)
        if refusal(mine, metric, hierarchy, by) is None
    }
    assert found.metrics == len(granted)
    for right in found.rights:
        about = {name for name in granted if right.name in METRICS[name].sensitivities}
        assert right.metrics == len(about)
        if right.grant.how in ("N", "E"):
            assert not about and not right.seen
    assert [right.name for right in found.rights] == list(GUARDED)


@pytest.mark.parametrize("role", [name for name in ROLES if name != "steward"])
def test_nobody_but_the_steward_sees_the_grid_and_the_simulator(text: Text, role: str) -> None:
    said = text("access", role)
    for words in ("What a change would open", "What this deployment changed", "Would become"):
        assert words not in said


def test_the_steward_sees_the_grid_its_state_and_what_a_change_would_do(markup: Text) -> None:
    said = markup("access", "steward")
    assert "as declared: this deployment changed nothing" in said
    assert "What a change would open" in said and "Nothing was changed." in said
    for role in ROLES.values():
        assert role.title in said


def test_a_steward_is_not_told_what_holds_for_those_who_promote(text: Text) -> None:
    assert "those who promote" not in text("access", "steward")
    assert "those who promote" in text("access", "rep")
