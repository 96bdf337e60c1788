"""The policy as data: what it says, what narrows it, what opens it, and that a denial always wins."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from data.levels import RUNGS, Hierarchy
from metrics.access import refusal
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.grid import PDRP, PRESCRIBING
from metrics.policy import (
    DECLARED,
    EVERYBODY,
    GUARDED,
    LEAST,
    SITE_COUNTS,
    Change,
    Policy,
    both,
    cell_of,
    changed,
    narrowed,
    of_cells,
    opened,
    shut,
    within,
)
from metrics.policy_limits import broken

GRANTED = ("Y", "E", "N", "A", "A from third", "A from second", "A from top")
FIELD = Hierarchy(
    id="f",
    kind="field",
    name="Field",
    levels=("nation", "region", "district", "territory"),
    subject="HCP",
    subject_kinds=("hcp",),
)
DAY = date(2026, 11, 22)


def _sayings(cell: tuple[str, str]) -> st.SearchStrategy[str]:
    name = cell[1]
    known = {"pdrp": PDRP, "site_counts": SITE_COUNTS, "small_cell": tuple(map(str, range(1, 40)))}.get(name, GRANTED)
    if cell[1] in PRESCRIBING and ROLES[cell[0]].medical:
        known = tuple(each for each in known if each not in ("Y", "E"))
    return st.sampled_from(known)


CELLS = sorted(DECLARED.cells)
ANY_POLICY = st.fixed_dictionaries({cell: _sayings(cell) for cell in CELLS}).map(of_cells)


# One metric for each set of sensitivities: the door tells no others apart.
_UNLIKE = {metric.sensitivities: metric for metric in METRICS.values()}


def _readable(policy: Policy) -> set[tuple[str, str, str]]:
    """All that a policy lets be read: role, metric, level."""
    return {
        (role.name, metric.name, by)
        for role in policy.effective.values()
        for metric in _UNLIKE.values()
        for by in (*FIELD.levels, FIELD.subject)
        if refusal(role, metric, FIELD, by) is None
    }


def test_the_declared_grid_is_the_default_and_breaks_no_limit() -> None:
    assert {role.name: role.grants for role in DECLARED.roles.values()} == {r.name: r.grants for r in ROLES.values()}
    assert list(broken(DECLARED)) == []
    assert DECLARED.least == LEAST == 11


def test_a_cell_that_nobody_names_is_never() -> None:
    least = {(EVERYBODY, "small_cell"): "11", (EVERYBODY, "site_counts"): "rows"}
    empty = of_cells(least)
    for role in empty.roles.values():
        assert all(role.grant(name).how == "N" for name in GUARDED)
        assert role.pdrp == "hidden"
    open_metrics = {metric.name for metric in _UNLIKE.values() if not metric.sensitivities}
    assert {metric for _, metric, _ in _readable(empty)} == open_metrics


def test_the_version_tells_every_difference_and_nothing_else() -> None:
    same = changed(())
    assert same.version == DECLARED.version
    for cell in (("rep", "rx"), ("rep", "consent")):
        other = changed((Change(role=cell[0], sensitivity=cell[1], was="Y", to="N", who="a", day=DAY),))
        assert other.version != DECLARED.version
    assert changed((), 3).version.startswith("3-")


@pytest.mark.parametrize(
    ("cell", "one", "other", "narrower"),
    [
        (("rep", "rx"), "N", "E", True), (("rep", "rx"), "E", "N", False), (("rep", "rx"), "A", "Y", True),
        (("rep", "rx"), "A from second", "A", True), (("rep", "rx"), "A", "A from second", False),
        (("rep", "rx"), "E", "A", False), (("rep", "rx"), "A", "E", False), (("rep", "rx"), "E", "Y", True),
        (("rep", "pdrp"), "hidden", "totals", True), (("rep", "pdrp"), "shown", "totals", False),
        ((EVERYBODY, "small_cell"), "20", "11", True), ((EVERYBODY, "small_cell"), "10", "11", False),
        ((EVERYBODY, "site_counts"), "summed", "rows", True), ((EVERYBODY, "site_counts"), "rows", "summed", False),
    ],
)  # fmt: skip
def test_which_saying_shows_less(cell: tuple[str, str], one: str, other: str, narrower: bool) -> None:
    assert within(cell, one, other) == narrower


@given(ANY_POLICY, ANY_POLICY)
@settings(max_examples=40, deadline=None)
def test_whichever_of_two_policies_denies_wins(one: Policy, other: Policy) -> None:
    kept = both(one, other)
    assert _readable(kept) <= _readable(one) & _readable(other)
    assert kept.least >= max(one.least, other.least)
    for name, role in kept.roles.items():
        assert PDRP.index(role.pdrp) <= min(PDRP.index(each.roles[name].pdrp) for each in (one, other))
    assert opened(one, kept) == () and opened(other, kept) == ()


@given(ANY_POLICY, st.sampled_from(CELLS), st.data())
@settings(max_examples=60, deadline=None)
def test_narrowing_a_cell_never_opens_anything(policy: Policy, cell: tuple[str, str], data: st.DataObject) -> None:
    to = data.draw(_sayings(cell))
    after = of_cells(policy.cells | {cell: to})
    if within(cell, to, policy.cells[cell]):
        assert _readable(after) <= _readable(policy)
        assert opened(policy, after) == ()
    else:
        assert opened(policy, after) == (cell,)
    assert set(opened(policy, after)) == set(narrowed(after, policy))


@given(ANY_POLICY)
@settings(max_examples=30, deadline=None)
def test_a_closed_policy_shows_nothing(policy: Policy) -> None:
    nobody = shut("nobody can say")
    open_metrics = {metric.name for metric in _UNLIKE.values() if not metric.sensitivities}
    assert {metric for _, metric, _ in _readable(nobody)} <= open_metrics
    assert both(policy, nobody).closed and both(nobody, policy).closed


def test_existence_and_sums_are_not_each_others_narrowing() -> None:
    one = of_cells(DECLARED.cells | {("msl", "field_activity"): "A"})
    assert both(one, DECLARED).told(("msl", "field_activity")) == "N"


def test_sites_summed_up_leave_no_role_a_row() -> None:
    summed = of_cells(DECLARED.cells | {(EVERYBODY, "site_counts"): "summed"})
    assert all(role.grant("site").how != "Y" for role in summed.effective.values())
    assert summed.effective["site_manager"].grant("site").how == "A"
    assert summed.effective["rep"].grant("site").how == "N"


def test_words_for_a_cell_that_there_is_not() -> None:
    with pytest.raises(BadInput, match='Did you mean "rep"'):
        cell_of("repp", "rx", "here")
    with pytest.raises(BadInput, match='Did you mean "targeting"'):
        cell_of("rep", "targetting", "here")
    with pytest.raises(BadInput, match="small_cell"):
        cell_of(EVERYBODY, "rx", "here")
    assert RUNGS[-1] == "leaf"
