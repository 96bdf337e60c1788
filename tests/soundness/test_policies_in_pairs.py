"""Of two policies the wider shows all that the narrower shows, and neither what no deployment may open: by the door.

Random pairs; every question goes the whole way, from the door through the query to the rows that are told.
"""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest

from data.errors import Denied
from data.levels import RUNGS
from metrics.access import authorise, hierarchy_of
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.grid import PDRP, PRESCRIBING
from metrics.policy import DECLARED, SITE_COUNTS, Policy, both, of_cells, opened
from metrics.policy_force import Simulated
from metrics.policy_limits import broken, limits_of
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from tests.soundness.test_firewall import VISITORS

ASKED = ("trx", "share", "calls", "impressions", "exchanges", "inquiries", "enrolled")
GRANTED = ("Y", "E", "N", "A", "A from third", "A from second", "A from top")
LEAST = ("11", "13", "40")
PAIRS = 6
# What no policy may open, typed a second time on purpose: role -> metrics that are never told row by row.
NEVER_ROWS = {
    "national_leader": {"exchanges", "inquiries", "enrolled"}, "brand_lead": {"exchanges", "inquiries", "enrolled"},
    "regional_director": {"exchanges", "inquiries", "enrolled"},
    "district_manager": {"exchanges", "inquiries", "enrolled"},
    "rep": {"exchanges", "inquiries", "enrolled"}, "steward": {"exchanges", "inquiries"},
    "msl": {"trx", "share", "calls", "impressions"}, "medical_director": {"trx", "share", "calls", "impressions"},
    "site_manager": {"trx", "share", "calls", "impressions"},
}  # fmt: skip


def _any(dice: random.Random) -> Policy:
    """A policy inside the hard limits, as a deployment might write one."""
    cells = {}
    for cell in sorted(DECLARED.cells):
        role, name = cell
        known = {"pdrp": PDRP, "site_counts": SITE_COUNTS, "small_cell": LEAST}.get(name, GRANTED)
        if name in PRESCRIBING and ROLES[role].medical:
            known = tuple(each for each in known if each not in ("Y", "E"))
        kept = [told for told in known if all(limit.kept(cell, told) for limit in limits_of(cell))]
        declared = DECLARED.cells[cell]
        cells[cell] = declared if declared in kept and dice.random() < 0.6 else dice.choice(kept)
    made = of_cells(cells)
    assert not list(broken(made))
    return made


def _narrower(wide: Policy, dice: random.Random) -> Policy:
    """The same policy with a quarter of its cells lowered."""
    lower = both(wide, _any(dice)).cells
    return of_cells({cell: lower[cell] if dice.random() < 0.25 else told for cell, told in wide.cells.items()})


def _told(question: MetricQuery, visitor: Visitor, snapshot: Any) -> tuple[tuple[str, ...], dict[tuple[str, str], Any]]:
    """The metrics granted, and each number told by row and metric where no small cell may be hidden.

    Which further cells are hidden, so that a small one cannot be found, is chosen anew under every policy.
    """
    try:
        granted = authorise(question, visitor, snapshot)
    except Denied:
        return (), {}
    rows = ask(granted, snapshot).rows.set_index("node_id")
    cells = {
        (str(node), name): rows.at[node, name]
        for name in granted.metrics
        if name not in granted.small
        for node in rows.index
    }
    return granted.metrics, {cell: value for cell, value in cells.items() if not pd.isna(value)}


def _questions(dice: random.Random, visitor: Visitor, snapshot: Any) -> list[MetricQuery]:
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    own = snapshot.nodes(hierarchy.id)[visitor.node].level if visitor.node else hierarchy.levels[0]
    levels = hierarchy.levels[hierarchy.depth(own) :]
    by = [hierarchy.subject, dice.choice(levels)]
    return [MetricQuery(metrics=ASKED, hierarchy=hierarchy.id, within=None, by=each, product="alfa") for each in by]


EACH = [each if at % 2 else pytest.param(each, marks=pytest.mark.slow) for at, each in enumerate(VISITORS)]


@pytest.mark.parametrize("visitor", EACH, ids=lambda visitor: visitor.role)
def test_the_wider_of_two_policies_shows_all_that_the_narrower_shows(smallland_snapshot: Any, visitor: Visitor) -> None:
    """A number that one policy tells is told by every wider one, unless the wider leaves fewer persons out of it."""
    dice, more, same = random.Random(f"20261122 {visitor.role}"), 0, 0
    for _ in range(PAIRS):
        wide = _any(dice)
        narrow = _narrower(wide, dice)
        assert not opened(wide, narrow)
        for question in _questions(dice, visitor, smallland_snapshot):
            few, narrowly = _told(question, visitor, Simulated(smallland_snapshot, narrow))
            many, widely = _told(question, visitor, Simulated(smallland_snapshot, wide))
            assert set(few) <= set(many), (question.by, set(few) - set(many))
            assert not set(narrowly) - set(widely), (question.by, sorted(set(narrowly) - set(widely))[:5])
            pdrp = wide.told((visitor.role, "pdrp")) == narrow.told((visitor.role, "pdrp"))
            for cell in narrowly if pdrp else ():
                assert narrowly[cell] == widely[cell], cell
            more += len(set(many) - set(few)) + len(set(widely) - set(narrowly))
            same += len(few)
            _inside_the_limits(visitor, question, many, widely, smallland_snapshot)
    # Six pairs drawn by chance touch little of what these two may know.
    assert (more and same) or visitor.role in ("brand_lead", "rep"), "pairs that show nothing different prove nothing"


def _inside_the_limits(
    visitor: Visitor, question: MetricQuery, granted: tuple[str, ...], told: dict[tuple[str, str], Any], snapshot: Any
) -> None:
    """What no policy may open stays shut: rows of the other side, exchange below the region, opted-out rows."""
    hierarchy = hierarchy_of(snapshot, question.hierarchy)
    rows = hierarchy.is_subject(question.by)
    if rows:
        assert not NEVER_ROWS[visitor.role] & set(granted)
    elif not ROLES[visitor.role].medical and RUNGS.index(hierarchy.rung(question.by)) > RUNGS.index("second"):
        assert "exchanges" not in granted
    if rows and visitor.role != "steward":
        assert ("H03", "trx") not in told and ("H03", "share") not in told
    assert "privacy" not in {each for name in granted for each in METRICS[name].sensitivities}
