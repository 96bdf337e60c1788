"""The Definitions page by role: what may be known is explained, the rest is named by its kind and reason only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from metrics.access import hierarchy_of, refusal, role_of
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from tests.dashboard.test_navigation import STANDS, of

Text = Callable[..., str]


def _may(role: str, snapshot) -> dict[str, bool]:
    visitor = of(role)
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    level = snapshot.nodes(hierarchy.id)[visitor.node].level if visitor.node else hierarchy.levels[0]
    return {name: refusal(role_of(visitor, snapshot), each, hierarchy, level) is None for name, each in METRICS.items()}


@pytest.mark.parametrize("role", ROLES)
def test_the_list_has_what_may_be_known_and_nothing_else(markup: Text, smallland_snapshot, role: str) -> None:
    listed = set(re.findall(r"metric=(\w+)", markup("definitions", role)))
    assert listed == {name for name, may in _may(role, smallland_snapshot).items() if may}


@pytest.mark.parametrize("role", ["rep", "msl", "site_manager", "national_leader"])
def test_what_is_refused_is_said_by_kind_and_never_explained(text: Text, smallland_snapshot, role: str) -> None:
    refused = [name for name, may in _may(role, smallland_snapshot).items() if not may]
    assert refused
    for name in (refused[0], refused[-1]):
        said = text("definitions", role, metric=name)
        assert ROLES[role].word in said
        assert "Not shown to you" in said
        assert METRICS[name].definition not in said
        assert METRICS[name].formula not in said or len(METRICS[name].formula) < 12


def test_a_definition_has_everything_behind_it(text: Text) -> None:
    said = text("definitions", "national_leader", metric="call_plan_attainment")
    metric = METRICS["call_plan_attainment"]
    for part in (
        metric.formula,
        "planned calls",
        "plan_period",
        "higher is better",
        "Who may see it",
        "SELECT",
        "$win",
    ):
        assert part in said
    assert all(role.title in said for role in ROLES.values())


def test_an_unknown_name_is_guessed_at(text: Text) -> None:
    assert "goal_attainment" in text("definitions", "national_leader", metric="goal_atainment")


@pytest.mark.parametrize(("wanted", "found", "lost"), [("plan calls", "Call-plan attainment", "Match rate")])
def test_a_search_narrows_the_list(view, wanted: str, found: str, lost: str) -> None:
    page = view("definitions", "national_leader")
    page.text_input[0].input(wanted).run()
    body = " ".join(element.proto.body for element in page.get("html"))
    assert found in body
    assert f">{lost}<" not in body
    page.text_input[0].input("zzzz").run()
    assert "Nothing is called" in " ".join(element.proto.body for element in page.get("html"))


def test_every_visitor_of_the_test_stands_somewhere() -> None:
    assert set(STANDS) == set(ROLES)
