"""answers_at_risk: three of one region, four fifths of their time gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from metrics.cues.answers import answers_at_risk
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


@pytest.fixture
def waiting(land: Scene, put: Put) -> Scene:
    """Four open questions in region MR: one overdue, two due on Monday at ten, one next Friday; ten answers, nine in time."""  # fmt: skip  # noqa: E501
    tree = {"MM": ("nation", 0), "MR": ("medical region", 1), "MT": ("MSL territory", 2)}
    put("hierarchy", ["hierarchy", "kind", "name", "levels", "subject", "subject_kinds"], [["q", "medical", "Medical", "nation > medical region > MSL territory", "HCP", "hcp"]])  # fmt: skip  # noqa: E501
    lines = [["q", up, node, *tree[node]] for node, ups in (("MM", ["MM"]), ("MR", ["MM", "MR"]), ("MT", [*tree])) for up in ups]  # fmt: skip  # noqa: E501
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], lines)
    put("node", ["hierarchy", "node", "name"], [["q", "MR", "Medical south"]])
    asked = datetime(2026, 11, 16, 10)
    dues = {"q1": (2026, 11, 19, 10), "q2": (2026, 11, 23, 10), "q3": (2026, 11, 23, 10), "q4": (2026, 11, 27, 17)}
    states = [[name, f"H0{name[1]}", "standard", asked, None, datetime(*due)] for name, due in dues.items()]
    for k in range(10):
        states.append([f"a{k}", "H09", "standard", asked, datetime(2026, 11, 17 + (k == 0), 10), datetime(2026, 11, 17, 12)])  # fmt: skip  # noqa: E501
    put("inquiry_state", ["inquiry", "party", "urgency", "received_at", "responded_at", "due_at"], states)
    put("inquiry", ["inquiry", "party", "received_at", "hierarchy", "node"], [[row[0], row[1], row[3], "q", "MT"] for row in states])  # fmt: skip  # noqa: E501
    return land


def found(scene: Scene) -> list[Found]:
    return [cue for cue in answers_at_risk(scene) if cue.hierarchy == "q"]


def test_said_to_the_medical_director(waiting: Scene) -> None:
    (cue,) = found(waiting)
    assert (cue.role, cue.node, cue.subject) == ("medical_director", "MM", "MR")
    assert cue.headline == "Medical south: 3 answers overdue or about to be"
    assert cue.reasons == (
        "3 of 4 open questions have used four fifths of their time, 1 all of it",
        "The first was promised by Thu 19 Nov 10:00; they wait at 1 MSL territory",
        "90 % of 10 answers in 13 weeks were in time here",
    )
    assert cue.evidence["inquiries"] == ["q1", "q2", "q3"]
    assert cue.worth == (2.0, 3.0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inquiry_state SET responded_at = TIMESTAMP '2026-11-20 09:00:00' WHERE inquiry = 'q2'",
        "UPDATE inquiry_state SET due_at = TIMESTAMP '2026-12-23 10:00:00' WHERE inquiry = 'q2'",
        "UPDATE inquiry SET node = NULL, hierarchy = NULL WHERE inquiry = 'q2'",
    ],
    ids=["answered", "time enough", "nobody's"],
)
def test_two_are_the_msls_business(waiting: Scene, change: str) -> None:
    waiting.con.execute(change)
    assert found(waiting) == []
