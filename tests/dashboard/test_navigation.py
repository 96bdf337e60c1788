"""Pages by role: the role's first page is first, and every link says where it leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard import navigation
from dashboard import offered as offered_pages
from dashboard.parts.header import header
from dashboard.parts.top import header_of
from dashboard.session import visit
from dashboard.words import ENGLISH
from data.snapshot import Snapshot
from metrics.catalog.roles import ROLES
from metrics.query import Visitor

STANDS = {
    "national_leader": ("field", "SM"),
    "brand_lead": ("field", "SM"),
    "regional_director": ("field", "SM_N"),
    "district_manager": ("field", "SM_N1"),
    "rep": ("field", "SM_N1a"),
    "msl": ("medical", "ME_R1"),
    "medical_director": ("medical", "ME"),
    "site_manager": ("study", "S1"),
    "steward": ("field", None),
}


def of(role: str) -> Visitor:
    """A visitor of that role in Smallland."""
    hierarchy, node = STANDS[role]
    studies = ("S1",) if role == "site_manager" else ()
    return Visitor(id=role, role=role, hierarchy=hierarchy, node=node, studies=studies)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_first_page_first_and_every_page_once(smallland_snapshot: Snapshot, role: str) -> None:
    seen = visit(of(role), {}, smallland_snapshot)
    pages = navigation.pages(seen)
    assert sorted(pages) == sorted(navigation.RENDERS)
    if ROLES[role].first_page in navigation.RENDERS:
        assert pages[0] == ROLES[role].first_page
    refused = {"sites": ROLES[role].grant("site").how not in ("Y", "A"), "audit": role != "steward"} | {
        "mapping": role != "steward",
        "team": ROLES[role].medical,
        "media": ROLES[role].medical,
        "export": True,
    }
    offered = [name for name in pages if not refused.get(name)]
    assert [title for _, title in navigation.links(seen)] == [offered_pages.TITLES[name] for name in offered]


def test_sites_are_not_offered_to_those_who_may_not_see_one(smallland_snapshot: Snapshot) -> None:
    offers = {
        role: "sites" in [address for address, _ in navigation.links(visit(of(role), {}, smallland_snapshot))]
        for role in ROLES
    }
    assert {role for role, offered in offers.items() if offered} == {
        "national_leader", "msl", "medical_director", "site_manager", "steward",
    }  # fmt: skip


def test_the_header_goes_up_only_as_far_as_the_visitor_may(smallland_snapshot: Snapshot) -> None:
    seen = visit(of("regional_director"), {"node": "SM_N1a"}, smallland_snapshot)
    top = header_of(seen, "one-picture", navigation.links(seen), smallland_snapshot, {}, "http://host", ENGLISH)
    assert [link.words for link in top.above] == ["North", "Lakes"]
    assert top.here == "Shore"
    assert top.previous is not None
    assert top.previous.words == "Island"
    assert top.visitor is None


def test_siblings_stay_within_the_parent(smallland_snapshot: Snapshot) -> None:
    seen = visit(of("national_leader"), {"node": "SM_N"}, smallland_snapshot)
    top = header_of(seen, "one-picture", navigation.links(seen), smallland_snapshot, {}, "", ENGLISH)
    assert top.previous is None
    assert top.following is not None
    assert top.following.words == "South"
    assert "node=SM_S" in top.following.href


def test_a_visitor_at_home_has_no_siblings(smallland_snapshot: Snapshot) -> None:
    seen = visit(of("regional_director"), {}, smallland_snapshot)
    top = header_of(seen, "one-picture", navigation.links(seen), smallland_snapshot, {}, "", ENGLISH)
    assert (top.previous, top.following, top.above) == (None, None, [])


def test_the_share_link_names_no_visitor(smallland_snapshot: Snapshot) -> None:
    seen = visit(of("national_leader"), {}, smallland_snapshot, demo=True)
    who = {"national_leader": of("national_leader")}
    top = header_of(seen, "cues", navigation.links(seen), smallland_snapshot, who, "http://host", ENGLISH)
    assert top.share.startswith("http://host/cues?node=SM")
    assert "as=" not in top.share
    assert top.visitor is not None


def test_whoever_signed_in_sees_as_whom_and_the_way_out(smallland_snapshot: Snapshot) -> None:
    seen = visit(replace(of("national_leader"), name="Ada"), {}, smallland_snapshot)
    top = header_of(seen, "cues", navigation.links(seen), smallland_snapshot, {}, "", ENGLISH, signed_in=True)
    assert top.visitor is not None
    assert (top.visitor.words, [link.words for link in top.visitor.links]) == ("Ada", ["Sign out"])
    assert 'href="./auth/logout" class="op-choice" target="_self"' in header(top)
    assert "auth/logout" not in header(replace(top, visitor=None))


def test_medical_roles_choose_no_product(smallland_snapshot: Snapshot) -> None:
    for role, chooses in (("msl", False), ("national_leader", True)):
        seen = visit(of(role), {}, smallland_snapshot)
        top = header_of(seen, "one-picture", navigation.links(seen), smallland_snapshot, {}, "", ENGLISH)
        assert ("Product" in [menu.about for menu in top.menus]) is chooses
