"""From an identity and an address to a visit: every hostile or stale value falls back with one sentence."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dashboard.session import Visit, identify, problem, visit
from data.errors import BadInput, Denied
from data.snapshot import Snapshot
from metrics.query import Visitor

LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
REGION = Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N")
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)
KNOWN = {each.id: each for each in (LEADER, REGION, REP, STEWARD)}


def test_an_empty_address_is_the_visitors_own_picture(smallland_snapshot: Snapshot) -> None:
    seen = visit(REGION, {}, smallland_snapshot)
    assert seen.node is not None
    assert (seen.node.id, seen.window, seen.product, seen.compare) == ("SM_N", "C13W", "alfa", "previous")
    assert seen.said == ()
    assert seen.below == "district"


def test_an_address_is_followed_and_written_back(smallland_snapshot: Snapshot) -> None:
    asked = {"node": "SM_N1", "period": "c4w", "product": "Beta", "compare": "year"}
    seen = visit(LEADER, asked, smallland_snapshot, demo=True)
    assert seen.said == ()
    written = parse_qs(urlsplit(seen.address("one-picture")).query)
    assert written == {
        "as": ["leader"], "node": ["SM_N1"], "period": ["C4W"], "product": ["beta"], "compare": ["year"]
    }  # fmt: skip
    again = visit(LEADER, {key: values[0] for key, values in written.items()}, smallland_snapshot, demo=True)
    assert again == seen


def test_the_alignment_of_the_day_is_carried_in_every_link_and_today_s_in_none(smallland_snapshot: Snapshot) -> None:
    seen = visit(REGION, {"alignment": "as-was"}, smallland_snapshot)
    assert seen.alignment == "as-was" and "alignment=as-was" in seen.address("sites", node="SM_N1")
    assert "alignment" not in seen.address("sites", alignment=None)
    assert "alignment" not in visit(REGION, {}, smallland_snapshot).address("one-picture")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"node": "SM_S"}, 'no unit "SM_S" in what you look after'),
        ({"node": "nowhere"}, 'no unit "nowhere" in what you look after'),
        ({"node": "' OR 1=1 --"}, "no unit"),
        ({"period": "C99X"}, 'no period "C99X"'),
        ({"period": "2014-01..2014-12"}, "no period"),
        ({"product": "<script>"}, "no product"),
        ({"compare": "tomorrow"}, "no comparison"),
        ({"alignment": "asked"}, 'no alignment "asked"'),
    ],
)
def test_what_cannot_be_followed_falls_back_with_one_sentence(
    smallland_snapshot: Snapshot, asked: dict[str, str], said: str
) -> None:
    seen = visit(REGION, asked, smallland_snapshot)
    assert len(seen.said) == 1
    assert said in seen.said[0]
    assert _same(seen, visit(REGION, {}, smallland_snapshot))


def _same(one: Visit, other: Visit) -> bool:
    return (one.node, one.window, one.product, one.compare) == (other.node, other.window, other.product, other.compare)


@settings(max_examples=60, deadline=None)
@given(
    some.dictionaries(some.sampled_from(["as", "node", "period", "product", "compare", "x"]), some.text(), max_size=6)
)
def test_no_address_breaks_or_widens_a_visit(smallland_snapshot: Snapshot, address: dict[str, str]) -> None:
    seen = visit(REP, address, smallland_snapshot)
    assert seen.visitor == REP
    assert seen.node is not None
    assert seen.node.id == "SM_N1a"
    assert all(len(one) < 300 for one in seen.said)


def test_only_a_demo_lets_the_address_say_who_looks() -> None:
    assert identify("region", None, KNOWN, demo=True) == REGION
    assert identify(None, None, KNOWN, demo=True) == LEADER
    assert identify("nobody", None, KNOWN, demo=True) == LEADER
    assert identify("leader", "rep", KNOWN, demo=False) == REP
    with pytest.raises(Denied, match="Nobody is signed in"):
        identify("leader", None, KNOWN, demo=False)
    with pytest.raises(Denied, match="no visitor"):
        identify(None, "ghost", KNOWN, demo=False)


def test_with_a_provider_only_a_sign_in_makes_a_visitor() -> None:
    assert identify("leader", None, KNOWN, demo=False, signed_in=lambda: REP) == REP
    for serve_as, demo in (("leader", False), (None, True)):
        with pytest.raises(Denied, match="taken at their word"):
            identify("leader", serve_as, KNOWN, demo=demo, signed_in=lambda: REP)


def test_goals_stand_beside_our_own_volumes_only(smallland_snapshot: Snapshot) -> None:
    assert visit(LEADER, {}, smallland_snapshot).aims
    assert not visit(LEADER, {"product": "all"}, smallland_snapshot).aims


def test_an_unknown_visitor_of_a_demo_is_said(smallland_snapshot: Snapshot) -> None:
    assert "no visitor" in visit(LEADER, {"as": "ghost"}, smallland_snapshot, demo=True).said[0]


def test_outside_a_demo_the_address_never_names_a_visitor(smallland_snapshot: Snapshot) -> None:
    assert "as=" not in visit(LEADER, {}, smallland_snapshot).address("cues")


def test_a_visitor_without_a_node_looks_from_the_top(smallland_snapshot: Snapshot) -> None:
    seen = visit(STEWARD, {}, smallland_snapshot)
    assert seen.node is not None
    assert seen.node.id == "SM"


def test_a_visitor_in_the_wrong_hierarchy_is_denied(smallland_snapshot: Snapshot) -> None:
    with pytest.raises(Denied):
        visit(Visitor(id="x", role="msl", hierarchy="field", node="SM"), {}, smallland_snapshot)


def test_errors_of_ours_have_words_and_others_have_none() -> None:
    assert problem(Denied("Not yours.", where="gate", todo="Ask.")).startswith("Not yours.")
    assert "gate" not in problem(Denied("Not yours.", where="gate"))
    assert "file.csv" in problem(BadInput("it is empty", where="file.csv"))
    assert problem(KeyError("secret")) == ""
