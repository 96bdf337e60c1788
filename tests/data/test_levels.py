"""Hierarchies as data: their words, their rungs, the Unaligned child, the path to the top."""

from __future__ import annotations

import pytest

from data.errors import OnepictureError, WrongQuestion
from data.levels import Hierarchy, Node, path, unaligned_id

FIELD = Hierarchy(
    id="field",
    kind="field",
    name="Field",
    levels=("nation", "region", "district", "territory"),
    subject="HCP",
    subject_kinds=("hcp", "site"),
)
ENGLAND = Hierarchy(
    id="england",
    kind="geography",
    name="England",
    levels=("nation", "region", "STP", "CCG"),
    subject="practice",
    subject_kinds=("practice",),
)
SHALLOW = Hierarchy(
    id="study", kind="study", name="Studies", levels=("study", "country"), subject="site", subject_kinds=("site",)
)


@pytest.mark.parametrize(("word", "own"), [("ccg", "CCG"), ("STP", "STP"), ("Practice", "practice")])
def test_a_level_is_found_in_any_case(word: str, own: str) -> None:
    assert ENGLAND.level(word) == own


def test_every_kind_that_hangs_below_a_leaf_may_be_asked_for() -> None:
    assert FIELD.level("hcp") == "HCP"
    assert FIELD.level("site") == "site"
    assert FIELD.is_subject("site")
    assert FIELD.depth("site") == FIELD.depth("HCP") == 4


def test_an_unknown_level_names_the_nearest_and_all() -> None:
    with pytest.raises(WrongQuestion, match='Did you mean "district"') as refused:
        FIELD.level("distrct")
    assert "nation, region, district, territory, HCP" in str(refused.value)


def test_rungs_are_places_not_words() -> None:
    assert [FIELD.rung(level) for level in (*FIELD.levels, "HCP")] == ["top", "second", "third", "leaf", "leaf"]
    assert [ENGLAND.rung(level) for level in ENGLAND.levels] == ["top", "second", "third", "leaf"]
    deep = Hierarchy(
        id="us",
        kind="geography",
        name="United States",
        levels=("nation", "region", "state", "county", "ZIP"),
        subject="HCP",
        subject_kinds=("hcp",),
    )
    assert [deep.rung(level) for level in deep.levels] == ["top", "second", "third", "leaf", "leaf"]
    assert [SHALLOW.rung(level) for level in ("study", "country", "site")] == ["top", "leaf", "leaf"]


def test_below_walks_down_to_the_subject_and_stops() -> None:
    assert [FIELD.below(level) for level in ("nation", "territory", "HCP")] == ["region", "HCP", None]


def test_the_unaligned_child_is_named_after_its_parent() -> None:
    child = unaligned_id(unaligned_id("ENG"))
    assert child == "ENG~unaligned~unaligned"
    assert Node(id=child, hierarchy="england", level="STP", parent="ENG~unaligned", name="Unaligned").unaligned


def test_a_path_runs_from_the_top() -> None:
    assert path("T", {"T": "D", "D": "R", "R": "N", "N": None}) == ("N", "R", "D", "T")


def test_a_cycle_is_said_not_walked_for_ever() -> None:
    with pytest.raises(OnepictureError, match="its own ancestor"):
        path("a", {"a": "b", "b": "a"})


def test_a_hierarchy_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(OnepictureError, match="kind"):
        Hierarchy(id="x", kind="sales", name="X", levels=("a",), subject="HCP", subject_kinds=("hcp",))
