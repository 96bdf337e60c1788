"""Placement: every hierarchy balanced, every total tied, nothing that hangs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.snapshot import Snapshot, assemble, open_snapshot
from tests import smallland
from tests.data.tinyland import Rows, aligned, met, node, outcome, tinyland

AS_OF = date(2026, 11, 22)
Made = Callable[[Rows], Snapshot]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Builds rows into a snapshot."""

    def _made(rows: Rows) -> Snapshot:
        workspace = smallland.workspace(tmp_path / "home", rows=rows)
        assemble(workspace, AS_OF)
        return open_snapshot(workspace)

    return _made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    workspace = smallland.workspace(tmp_path_factory.mktemp("placement") / "home")
    assemble(workspace, smallland.AS_OF)
    return open_snapshot(workspace)


VOLUME = """
    SELECT a.ancestor, sum(o.quantity) FROM outcome o JOIN place p ON p.subject = o.subject
    JOIN node_tree a ON a.hierarchy = p.hierarchy AND a.node = p.leaf
    WHERE p.hierarchy = ? GROUP BY a.ancestor
"""


def volumes(snapshot: Snapshot, hierarchy: str = "field") -> dict[str, float]:
    """The outcome below each node."""
    return {name: float(total) for name, total in snapshot.rows(VOLUME, [hierarchy])}


def leaves(snapshot: Snapshot, hierarchy: str = "field") -> dict[str, str]:
    return dict(snapshot.rows("SELECT subject, leaf FROM place WHERE hierarchy = ?", [hierarchy]))


def test_each_subject_stands_where_it_is_aligned_or_under_the_deepest_level_known(small: Snapshot) -> None:
    stands = leaves(small)
    assert {hcp: stands[hcp] for hcp in ("H01", "H05", "H08")} == {"H01": "SM_N1a", "H05": "SM_N1b", "H08": "SM_S1a"}
    assert stands["H11"] == "SM_S~unaligned~unaligned"
    assert stands["H12"] == stands[""] == stands["S2-01"] == "SM~unaligned~unaligned~unaligned"


def test_unaligned_children_are_the_parents_own_one_a_level(small: Snapshot) -> None:
    nodes = small.nodes("field")
    chain = {id: (each.level, each.parent, each.name) for id, each in nodes.items() if each.unaligned}
    assert chain == {
        "SM~unaligned": ("region", "SM", "Unaligned"),
        "SM~unaligned~unaligned": ("district", "SM~unaligned", "Unaligned"),
        "SM~unaligned~unaligned~unaligned": ("territory", "SM~unaligned~unaligned", "Unaligned"),
        "SM_S~unaligned": ("district", "SM_S", "Unaligned"),
        "SM_S~unaligned~unaligned": ("territory", "SM_S~unaligned", "Unaligned"),
        "SM_N1~unaligned": ("territory", "SM_N1", "Unaligned"),
    }


@pytest.mark.parametrize("hierarchy", ["field", "medical"])
def test_every_levels_total_is_the_whole(small: Snapshot, hierarchy: str) -> None:
    whole = float(small.rows("SELECT sum(quantity) FROM outcome")[0][0])
    below = volumes(small, hierarchy)
    for level in next(h.levels for h in small.hierarchies() if h.id == hierarchy):
        at = [id for id, each in small.nodes(hierarchy).items() if each.level == level]
        assert sum(below.get(id, 0) for id in at) == whole, level


def test_every_parent_is_the_sum_of_its_children(small: Snapshot) -> None:
    below, nodes = volumes(small), small.nodes("field")
    parents = {each.parent for each in nodes.values()} - {None}
    for parent in parents:
        children = [id for id, each in nodes.items() if each.parent == parent]
        assert sum(below.get(id, 0) for id in children) == below[parent], parent


def test_the_numbers_of_the_drawing(small: Snapshot) -> None:
    asked = VOLUME.replace("WHERE", "WHERE o.product = 'alfa' AND o.period_start >= DATE '2026-08-15' AND")
    found = {name: int(total) for name, total in small.rows(asked, ["field"])}
    assert [found[name] for name in ("SM", "SM_N1a", "SM_S", "SM_S~unaligned", "SM~unaligned")] == [
        1170, 182, 546, 156, 169,
    ]  # fmt: skip


def test_the_tree_holds_every_node_under_each_of_its_ancestors(small: Snapshot) -> None:
    above = small.rows("SELECT ancestor FROM node_tree WHERE hierarchy = 'field' AND node = 'SM_N1a' ORDER BY ancestor")
    assert above == [("SM",), ("SM_N",), ("SM_N1",), ("SM_N1a",)]
    assert small.rows("SELECT level, depth FROM node_tree WHERE ancestor = 'SM' AND node = 'SM_N1a'") == [
        ("territory", 3)
    ]


def test_a_manager_s_call_counts_under_the_managers_own_unaligned_leaf(small: Snapshot) -> None:
    assert small.rows("SELECT node FROM interaction WHERE call_id = 'C6'") == [("SM_N1~unaligned",)]


def test_a_hierarchy_with_several_tops_has_no_catch_all_until_something_needs_it(small: Snapshot, made: Made) -> None:
    assert set(small.nodes("study")) == {"S1", "S2", "S1-SM", "S1-NX", "S2-SM"}
    rows = smallland.smallland()
    rows["alignment"] = [row for row in rows["alignment"] if (row["subject"], row["hierarchy"]) != ("S2-01", "study")]
    nodes = made(rows).nodes("study")
    assert nodes["study~unaligned"].level == "study"
    assert nodes["study~unaligned~unaligned"].parent == "study~unaligned"


def test_a_node_without_a_known_parent_keeps_itself_under_unaligned_parents(made: Made) -> None:
    rows = tinyland()
    rows["node"][3] = node("TL_Rb", "territory", None)
    snapshot = made(rows)
    assert snapshot.nodes("field")["TL_Rb"].parent == "TL~unaligned"
    assert leaves(snapshot)["C"] == "TL_Rb"
    assert volumes(snapshot)["TL~unaligned"] == 8
    assert "node_without_parent" in {finding.code for finding in snapshot.findings()}


def test_nodes_without_anybody_below_are_left_out(made: Made) -> None:
    rows = tinyland()
    rows["node"] += [node("TL_E", "region", "TL"), node("TL_Ea", "territory", "TL_E")]
    assert set(made(rows).nodes("field")) == {"TL", "TL_R", "TL_Ra", "TL_Rb"}


def test_a_territory_with_activity_and_no_subject_stays(made: Made) -> None:
    rows = tinyland()
    rows["node"].append(node("TL_Rc", "territory", "TL_R"))
    rows["interaction"].append(met("I2", "A", "TL_Rc"))
    assert "TL_Rc" in made(rows).nodes("field")


@pytest.mark.parametrize(
    ("id", "level", "parent"),
    [("TL_R", "region", "TL_Ra"), ("TL_R", "region", "TL_R"), ("TL_Ra", "territory", "TL_Rb")],
)
def test_a_cycle_is_cut_and_reported_and_never_hangs(made: Made, id: str, level: str, parent: str) -> None:
    rows = tinyland()
    rows["node"] = [row for row in rows["node"] if row["node"] != id] + [node(id, level, parent)]
    snapshot = made(rows)
    assert "node_parent_not_above" in {finding.code for finding in snapshot.findings()}
    assert volumes(snapshot)["TL"] == 14


def test_a_node_with_two_parents_keeps_one_and_is_reported(made: Made) -> None:
    rows = tinyland()
    rows["node"] += [node("TL_Q", "region", "TL"), node("TL_Ra", "territory", "TL_Q")]
    snapshot = made(rows)
    assert snapshot.nodes("field")["TL_Ra"].parent == "TL_Q"
    assert "node_twice" in {finding.code for finding in snapshot.findings()}
    assert volumes(snapshot)["TL"] == 14


def test_a_parent_that_does_not_exist_is_reported(made: Made) -> None:
    rows = tinyland()
    rows["node"][3]["parent"] = "TL_X"
    snapshot = made(rows)
    assert snapshot.nodes("field")["TL_Rb"].parent == "TL~unaligned"
    assert "node_parent_unknown" in {finding.code for finding in snapshot.findings()}


def test_a_subject_stands_where_it_was_aligned_on_the_anchor(made: Made) -> None:
    rows = tinyland()
    rows["alignment"][0] = aligned("A", "TL_Ra", to_date=date(2026, 11, 10))
    rows["alignment"] += [
        aligned("A", "TL_Rb", from_date=date(2026, 11, 11)),
        aligned("B", "TL_Rb", from_date=date(2026, 11, 14)),
    ]
    stands = leaves(made(rows))
    assert (stands["A"], stands["B"]) == ("TL_Rb", "TL_Ra")


def test_of_two_places_on_one_day_the_larger_split_holds_and_twice_is_reported(made: Made) -> None:
    rows = tinyland()
    rows["alignment"] = [
        aligned("A", "TL_Ra", split=0.4),
        aligned("A", "TL_Rb", split=0.6),
        aligned("B", "TL_Ra"),
        aligned("C", "TL_Rb", split=0),
    ]
    snapshot = made(rows)
    stands = leaves(snapshot)
    assert (stands["A"], stands["C"]) == ("TL_Rb", "TL~unaligned~unaligned")
    assert "aligned_twice" in {finding.code for finding in snapshot.findings()}


def test_overlay_rows_do_not_move_a_subject_in_the_core_hierarchy(made: Made) -> None:
    rows = tinyland()
    rows["alignment"].append(aligned("A", "TL_Rb", team="overlay", from_date=date(2026, 6, 1)))
    assert leaves(made(rows))["A"] == "TL_Ra"


def test_who_is_shared_by_an_overlay_counts_once_in_every_total(made: Made) -> None:
    """The overlay stands beside the core; of A, who is split in it, one place has all, so that nothing counts twice."""
    rows = tinyland()
    rows["hierarchy"].append(
        {**rows["hierarchy"][0], "hierarchy": "overlay", "kind": "overlay", "levels": "nation > area"}
    )
    rows["node"] += [node("O", "nation", None, "overlay"), node("O_a", "area", "O", "overlay"),
                     node("O_b", "area", "O", "overlay")]  # fmt: skip
    rows["alignment"] += [
        aligned("A", where, hierarchy="overlay", team="cardiology", split=part)
        for where, part in (("O_a", 0.6), ("O_b", 0.4))
    ]
    snapshot = made(rows)
    assert volumes(snapshot)["TL"] == volumes(snapshot, "overlay")["O"] == 14
    overlay = volumes(snapshot, "overlay")
    assert overlay["O_a"] == 2 and overlay.get("O_b", 0) == 0 and overlay["O~unaligned"] == 12
    assert volumes(snapshot)["TL_Ra"] == 6  # the overlay's rows are never inside the core's
    most = "SELECT max(n) FROM (SELECT count(*) AS n FROM place WHERE hierarchy = ? GROUP BY subject)"
    assert [snapshot.rows(most, [hierarchy]) for hierarchy in ("field", "overlay")] == [[(1,)], [(1,)]]


def test_what_a_vendor_cannot_place_stands_under_unaligned_and_every_level_ties(made: Made) -> None:
    """A ZIP's remainder is a subject like any other (ZIP non-specific), placed nowhere and in every total."""
    rows = tinyland()
    rows["hierarchy"][0] = {**rows["hierarchy"][0], "subject_kinds": "hcp, brick"}
    rows["outcome"].append(outcome("zip-ZNS", 3, subject_kind="brick"))
    snapshot = made(rows)
    below, nodes = volumes(snapshot), snapshot.nodes("field")
    assert leaves(snapshot)["zip-ZNS"] == "TL~unaligned~unaligned" and below["TL~unaligned~unaligned"] == 3
    for level in ("nation", "region", "territory"):
        assert sum(below.get(id, 0) for id, each in nodes.items() if each.level == level) == 17


def test_somebody_with_rows_and_no_party_is_placed_all_the_same(made: Made) -> None:
    rows = tinyland()
    rows["outcome"].append(outcome("Z", 5))
    snapshot = made(rows)
    assert leaves(snapshot)["Z"] == "TL~unaligned~unaligned"
    assert volumes(snapshot)["TL"] == 19


def test_a_hierarchy_of_unknown_kind_is_left_out_and_reported(made: Made) -> None:
    rows = tinyland()
    rows["hierarchy"].append({**rows["hierarchy"][0], "hierarchy": "odd", "kind": "moon"})
    snapshot = made(rows)
    assert [each.id for each in snapshot.hierarchies()] == ["field"]
    assert {"hierarchy_broken"} <= {finding.code for finding in snapshot.findings()}


def test_a_fact_whose_node_is_unknown_counts_under_unaligned_and_is_reported(made: Made) -> None:
    rows = tinyland()
    rows["interaction"] += [met("I2", "A", "TL_OLD"), met("I3", "A", None)]
    snapshot = made(rows)
    assert dict(snapshot.rows("SELECT interaction, node FROM interaction")) == {
        "I1": "TL_Ra", "I2": "TL~unaligned~unaligned", "I3": None,
    }  # fmt: skip
    assert {"activity_node_unknown", "activity_without_node"} <= {finding.code for finding in snapshot.findings()}


@pytest.mark.real_data
def test_england_ties_at_every_level_and_the_ccg_nobody_places_keeps_its_node(real_data: Path, tmp_path: Path) -> None:
    import duckdb

    from data.conform import import_paths
    from data.workspace import Workspace

    workspace = Workspace.create(tmp_path / "home")
    import_paths(workspace, [real_data / "uk_england_practice_month_bnf745", real_data / "uk_england_orgs"])
    assemble(workspace)
    snapshot = open_snapshot(workspace)
    (england,) = snapshot.hierarchies()
    nodes, below = snapshot.nodes(england.id), volumes(snapshot, england.id)
    source = real_data / "uk_england_practice_month_bnf745" / "practice_month.parquet"
    (raw,) = duckdb.sql(f"SELECT sum(items) FROM '{source}'").fetchall()
    for level in england.levels:
        assert sum(below.get(id, 0) for id, each in nodes.items() if each.level == level) == raw[0]
    assert nodes["14L"].parent == "ENG~unaligned~unaligned"
    assert [id for id, each in nodes.items() if each.unaligned] == ["ENG~unaligned", "ENG~unaligned~unaligned"]
    assert (snapshot.grain, snapshot.anchor, snapshot.published >= {"outcome"}) == ("month", date(2018, 1, 31), True)
