"""Words become a question; a name that means two places lists them.

field:   US  >  North (N)  >  Salem (S1)         study:  CARD-1 > US (C1-US)
                            > Troy  (T1)
             >  South (S)  >  Salem (S2)
"""

from __future__ import annotations

import pytest

from dashboard.question import find_node, question
from data.errors import WrongQuestion
from data.levels import Hierarchy, Node
from metrics.query import Visitor

FIELD = Hierarchy(
    id="field",
    kind="field",
    name="Field",
    levels=("nation", "region", "territory"),
    subject="HCP",
    subject_kinds=("hcp",),
)
STUDY = Hierarchy(
    id="study", kind="study", name="Studies", levels=("study", "country"), subject="site", subject_kinds=("site",)
)
NODES = [
    ("field", "US", "nation", None, "United States"),
    ("field", "N", "region", "US", "North"),
    ("field", "S", "region", "US", "South"),
    ("field", "S1", "territory", "N", "Salem"),
    ("field", "T1", "territory", "N", "Troy"),
    ("field", "S2", "territory", "S", "Salem"),
    ("study", "CARD-1", "study", None, "CARD-1"),
    ("study", "C1-US", "country", "CARD-1", "United States"),
]


class Smallplace:
    """Two hierarchies that share a name."""

    whole = True

    def hierarchies(self) -> tuple[Hierarchy, ...]:
        """Both."""
        return (FIELD, STUDY)

    def nodes(self, hierarchy: str) -> dict[str, Node]:
        """Those of one."""
        return {
            node: Node(id=node, hierarchy=h, level=level, parent=parent, name=name)
            for h, node, level, parent, name in NODES
            if h == hierarchy
        }


PLACES = Smallplace()
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="US")
MANAGER = Visitor(id="site", role="site_manager", hierarchy="study", node="CARD-1")


def _ask(visitor: Visitor = LEADER, **words: str | None):
    asked = {"metrics": "trx", "by": "region", "within": None, "period": "C13W", "product": None, "compare": None}
    return question(visitor=visitor, places=PLACES, **{**asked, **words})


@pytest.mark.parametrize("word", ["N", "North", "north", "NORTH"])
def test_a_node_is_found_by_id_and_by_name(word: str) -> None:
    assert find_node(word, (FIELD,), PLACES).id == "N"


def test_a_name_that_two_nodes_bear_lists_both() -> None:
    with pytest.raises(WrongQuestion, match=r"S1 \(territory Salem, in North\); S2 \(territory Salem, in South\)"):
        find_node("Salem", (FIELD,), PLACES)


def test_a_misspelt_name_is_corrected() -> None:
    with pytest.raises(WrongQuestion, match='Did you mean "North"'):
        find_node("Noth", (FIELD,), PLACES)


def test_the_visitors_own_hierarchy_comes_first() -> None:
    assert _ask(within="United States").within == "US"
    assert _ask(MANAGER, by="country", within="United States").hierarchy == "study"


def test_the_level_chooses_the_hierarchy_where_the_node_does_not() -> None:
    assert _ask(by="country", within="CARD-1").hierarchy == "study"
    assert _ask(by="site").hierarchy == "study"


def test_without_a_node_the_door_decides_where_the_visitor_stands() -> None:
    asked = _ask()
    assert (asked.hierarchy, asked.within, asked.by) == ("field", None, "region")


def test_levels_and_metrics_are_spelt_our_way() -> None:
    asked = _ask(metrics=" trx, share,trx ,", by="hcp")
    assert asked.metrics == ("trx", "share")
    assert asked.by == "HCP"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"metrics": " , "}, "no metric"),
        ({"by": "regoin"}, 'Did you mean "region"'),
        ({"within": "Nowhere"}, 'no node "Nowhere"'),
        ({"compare": "budget"}, "previous or"),
    ],
)
def test_a_wrong_word_is_answered_with_what_to_do(words: dict[str, str], said: str) -> None:
    with pytest.raises(WrongQuestion, match=said):
        _ask(**words)
