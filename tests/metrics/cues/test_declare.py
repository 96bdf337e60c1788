"""A cue declares itself soundly or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.errors import BadDeclaration
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES
from metrics.cues.declare import Lever
from metrics.cues.run import RULES


def test_a_lever_must_be_its_readers() -> None:
    with pytest.raises(BadDeclaration, match="not a lever of the msl role"):
        Lever(role="msl", lever="plan a call", action="Plan a call")
    with pytest.raises(BadDeclaration, match="unknown"):
        Lever(role="mls", lever="answer", action="Answer")


@pytest.mark.parametrize("change", [{"levers": ()}, {"about": "thing"}, {"control": 0.0}, {"points": -1.0}])
def test_a_contradiction_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadDeclaration):
        replace(CUES["writing_less"], **change)  # type: ignore[arg-type]


def test_every_cue_has_a_rule_and_every_rule_a_cue() -> None:
    assert set(RULES) == set(CUES)


@pytest.mark.parametrize("name", CUES)
def test_levers_cover_only_roles_declared(name: str) -> None:
    declared = {lever.role for lever in CUES[name].levers}
    assert declared <= set(ROLES)
    for role in set(ROLES) - declared:
        with pytest.raises(BadDeclaration):
            CUES[name].lever_of(role)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_two_cues_of_its_own(role: str) -> None:
    assert sum(any(lever.role == role for lever in cue.levers) for cue in CUES.values()) >= 2
