"""Rights are said from the declarations that the door reads; the grid and the simulator are the steward's."""

from __future__ import annotations

from typing import Any

import pytest

from data.errors import BadInput, Denied
from metrics.catalog.roles import ROLES, WHY, WORDS
from metrics.policy import GUARDED
from metrics.query import Visitor
from metrics.rights import grid, rights, tried
from tests.metrics.test_policy_force import WIDER

STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")


def test_every_kind_of_data_has_its_word_and_its_why() -> None:
    assert set(WORDS) == set(WHY) == set(GUARDED)


def test_a_rep_sees_rows_in_the_own_territory_and_nothing_behind_the_wall(smallland_snapshot: Any) -> None:
    found = rights(REP, smallland_snapshot)
    by_name = {right.name: right for right in found.rights}
    assert found.place == "Shore" and found.levels == ("territory",)
    assert by_name["rx"].seen and by_name["rx"].metrics == by_name["rx"].of
    for name in ("medical_exchange", "scientific_content", "inquiry", "site"):
        assert not by_name[name].seen and by_name[name].limits, name


def test_only_the_one_who_answers_for_the_data_sees_the_grid_or_tries_a_change(smallland_snapshot: Any) -> None:
    for role in (name for name in ROLES if name != "steward"):
        who = Visitor(id="x", role=role, hierarchy="field", node="SM")
        with pytest.raises(Denied, match="data steward"):
            grid(who, smallland_snapshot)
        with pytest.raises(Denied, match="data steward"):
            tried(who, smallland_snapshot, WIDER, ())
    assert grid(STEWARD, smallland_snapshot).state == "declared"


def test_a_change_is_tried_and_a_bad_one_refused_in_words(smallland_snapshot: Any) -> None:
    found = tried(STEWARD, smallland_snapshot, WIDER, (REP,))
    assert found.opened == (("regional_director", "media_exposure"),) and found.touched == ()
    with pytest.raises(BadInput, match="the change you wrote"):
        tried(STEWARD, smallland_snapshot, "[[change", ())
