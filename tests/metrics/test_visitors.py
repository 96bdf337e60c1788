"""Visitors: declared in a file, checked word by word, proposed once and never again."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput, WrongQuestion
from data.workspace import Workspace
from metrics.catalog.roles import ROLES
from metrics.query import Visitor
from metrics.visitors import propose, visitor, visitors, written
from tests import smallland

REP = '[[visitor]]\nid = "rep"\nrole = "rep"\nhierarchy = "field"\nnode = "SM_N1a"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def test_the_file_s_visitors_come_in_its_order(workspace: Workspace) -> None:
    more = 'studies = ["S1", "S2"]\nfrom_date = 2026-01-01\nto_date = 2026-12-31\nteam = "core"\nname = "Ann"\n'
    workspace.visitors_path.write_text(REP.replace('"rep"\nrole', '"two"\nrole') + more + REP)
    two, rep = visitors(workspace)
    assert (two.id, two.studies, two.team, two.name) == ("two", ("S1", "S2"), "core", "Ann")
    assert (two.from_date, two.to_date) == (date(2026, 1, 1), date(2026, 12, 31))
    assert rep == Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")


def test_without_a_file_nobody_may_look(workspace: Workspace) -> None:
    assert visitors(workspace) == ()
    with pytest.raises(WrongQuestion, match=r"\[\[visitor\]\]"):
        visitor(workspace, "rep")


def test_an_unknown_visitor_is_told_whom_it_may_have_meant(workspace: Workspace) -> None:
    workspace.visitors_path.write_text(REP)
    assert visitor(workspace, "rep").node == "SM_N1a"
    with pytest.raises(WrongQuestion, match='Did you mean "rep"') as caught:
        visitor(workspace, "repp")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (REP + REP, 'two visitors are called "rep"'),
        (REP.replace('role = "rep"', 'role = "repp"'), 'Did you mean "rep"'),
        (REP.replace('id = "rep"\n', ""), "visitor number 1: it has no id"),
        (REP.replace('hierarchy = "field"\n', ""), "it has no hierarchy"),
        (REP.replace('node = "SM_N1a"\n', ""), "it stands at no node"),
        (REP + 'nodes = "x"\n', 'Did you mean "node"'),
        (REP + 'from_date = "2026-01-01"\n', "from_date is no date"),
        (REP + "from_date = 2026-01-01T00:00:00\n", "from_date is no date"),
        (REP + "from_date = 2026-02-01\nto_date = 2026-01-01\n", "to_date lies before from_date"),
        (REP + 'studies = "S1"\n', "studies is no list"),
        (REP.replace('"field"', "3"), "hierarchy is no text"),
        ('role = "rep"\n', '"role" is no part of it'),
        ('visitor = "rep"\n', "visitor is no list of blocks"),
        ("[[visitor]\n", "cannot be read"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_in_words(workspace: Workspace, text: str, said: str) -> None:
    workspace.visitors_path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match=r"visitors\.toml") as caught:
        visitors(workspace)
    assert said in str(caught.value)
    assert caught.value.todo


def test_an_import_proposes_one_visitor_a_rung_at_the_fullest_node(workspace: Workspace) -> None:
    smallland.stage(workspace, smallland.smallland())
    assert propose(workspace)
    proposed = {each.id: (each.role, each.hierarchy, each.node) for each in visitors(workspace)}
    assert proposed == {
        "leader": ("national_leader", "field", "SM"),
        "brand": ("brand_lead", "field", "SM"),
        "region": ("regional_director", "field", "SM_N"),
        "district": ("district_manager", "field", "SM_N1"),
        "rep": ("rep", "field", "SM_N1a"),
        "meddir": ("medical_director", "medical", "ME"),
        "msl": ("msl", "medical", "ME_R1"),
        "site": ("site_manager", "study", "S1"),
        "steward": ("steward", "field", None),
    }
    assert {role for role, _, _ in proposed.values()} == set(ROLES)


def test_two_hierarchies_of_a_kind_are_told_apart(workspace: Workspace) -> None:
    rows = smallland.smallland()
    rows["hierarchy"].append(
        {**rows["hierarchy"][0], "hierarchy": "map", "kind": "geography", "levels": "nation > town"}
    )
    rows["node"] += [
        {"hierarchy": "map", "node": "MAP", "level": "nation", "parent": None, "name": "Map"},
        {"hierarchy": "map", "node": "MAP_1", "level": "town", "parent": "MAP", "name": "Town"},
    ]
    smallland.stage(workspace, rows)
    propose(workspace)
    own = {each.id: each.node for each in visitors(workspace) if each.hierarchy == "map"}
    assert own == {"leader-map": "MAP", "brand-map": "MAP", "rep-map": "MAP_1"}


def test_nobody_is_ever_added_to_a_file_that_exists(workspace: Workspace) -> None:
    smallland.stage(workspace, smallland.smallland())
    workspace.visitors_path.write_text(REP)
    assert not propose(workspace)
    assert workspace.visitors_path.read_text() == REP


def test_where_no_hierarchy_is_imported_nobody_is_proposed(workspace: Workspace) -> None:
    assert not propose(workspace)
    assert not workspace.visitors_path.exists()


def test_what_is_written_is_read_back_the_same(workspace: Workspace) -> None:
    odd = Visitor(
        id='a "b" \\ c', role="site_manager", hierarchy="study", node="S1", team="t", studies=("S1", "Ü"),
        from_date=date(2026, 1, 1), to_date=date(2026, 2, 1), name="line\nbreak \t Œ",
    )  # fmt: skip
    steward = Visitor(id="s", role="steward", hierarchy="field", node=None)
    workspace.visitors_path.write_text(written([odd, steward]), encoding="utf-8")
    assert visitors(workspace) == (odd, steward)
    assert len(tomllib.loads(written([odd]))["visitor"]) == 1


MOVED = REP.replace('node = "SM_N1a"\n', "") + (
    '[[visitor.span]]\nnode = "SM_S1a"\nto_date = 2026-10-31\n'
    '[[visitor.span]]\nnode = "SM_N1b"\nfrom_date = 2026-11-01\nteam = "core"\nstudies = ["*"]\n'
)


def test_who_moved_has_a_span_for_each_place(workspace: Workspace) -> None:
    workspace.visitors_path.write_text(MOVED)
    (moved,) = visitors(workspace)
    assert [(span.node, span.hierarchy) for span in moved.spans] == [("SM_S1a", "field"), ("SM_N1b", "field")]
    assert [span.on(date(2026, 10, 31)) for span in moved.spans] == [True, False]
    assert (moved.spans[1].team, moved.spans[1].studies) == ("core", ("*",))
    workspace.visitors_path.write_text(written([moved]))
    assert visitors(workspace) == (moved,)


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("2026-10-31", "2026-11-01", "overlaps another span"),
        ("to_date = 2026-10-31\n", "", "overlaps another span"),
        ('node = "SM_S1a"\n', "", "stands at no node"),
        ('node = "SM_S1a"\n', 'node = ""\n', "stands at no node"),
        ("to_date = 2026-10-31", "from_date = 2026-10-31\nto_date = 2026-10-01", "lies before"),
        ('team = "core"', "tem = 1", '"tem" is unknown'),
        ("[[visitor.span]]\nnode = \"SM_S1a\"", '[visitor.span]\nnode = "SM_S1a"', "cannot be read"),
    ],
)  # fmt: skip
def test_a_span_that_is_none_is_refused_in_words(workspace: Workspace, was: str, becomes: str, words: str) -> None:
    workspace.visitors_path.write_text(MOVED.replace(was, becomes, 1))
    with pytest.raises(BadInput, match=words):
        visitors(workspace)
