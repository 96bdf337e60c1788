"""Small cells: nothing of 1 to 10 is shown, nor can be worked out from what is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from metrics.suppress import LEAST, hidden

PARENTS = {"US": None, "NE": "US", "SO": "US", "NE1": "NE", "NE2": "NE", "NE3": "NE", "SO1": "SO", "SO2": "SO"}


def _people(**leaves: int) -> dict[str, int]:
    total = {"NE": 0, "SO": 0, **leaves}
    for leaf, count in leaves.items():
        total[PARENTS[leaf]] += count
    return {**total, "US": total["NE"] + total["SO"]}


def test_a_lone_small_cell_takes_its_smallest_neighbour_with_it() -> None:
    assert hidden(_people(NE1=4, NE2=30, NE3=20, SO1=50, SO2=60), PARENTS) == {"NE1", "NE3"}


def test_two_small_cells_hide_each_other() -> None:
    assert hidden(_people(NE1=4, NE2=5, NE3=20, SO1=50, SO2=60), PARENTS) == {"NE1", "NE2"}


def test_zero_is_shown_and_hides_nobody() -> None:
    assert hidden(_people(NE1=0, NE2=30, NE3=20, SO1=50, SO2=60), PARENTS) == frozenset()


def test_a_neighbour_hidden_to_protect_another_is_not_told_by_its_children() -> None:
    # SO has 6 persons in all; NE is hidden beside it, so one of NE's own children must go too.
    found = hidden(_people(NE1=12, NE2=30, NE3=20, SO1=6, SO2=0), PARENTS)
    assert {"SO", "SO1", "NE"} <= found
    assert "NE1" in found


@given(st.fixed_dictionaries({leaf: st.integers(0, 40) for leaf in ("NE1", "NE2", "NE3", "SO1", "SO2")}))
def test_no_hidden_small_cell_can_be_worked_out(leaves: dict[str, int]) -> None:
    """An attacker knows every shown cell and that children add up: each hidden small cell keeps a free partner."""
    people = _people(**leaves)
    gone = hidden(people, PARENTS)
    assert {node for node, count in people.items() if 0 < count < LEAST} <= gone
    for parent in (None, "US", "NE", "SO"):
        family = [node for node, above in PARENTS.items() if above == parent and people[node] > 0]
        unknown = [node for node in family if node in gone]
        if parent is not None and parent not in gone and len(family) > 1:
            assert len(unknown) != 1, (parent, people, gone)
        if parent in gone and family:
            assert unknown, (parent, people, gone)
