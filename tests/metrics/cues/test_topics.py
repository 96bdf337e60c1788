"""topic_surge: three who ask, and more than the half year before makes likely."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.topics import topic_surge

Put = Callable[..., None]
NOON = datetime(2026, 11, 20, 12)


@pytest.fixture
def asking(land: Scene, put: Put) -> Scene:
    """In region MR eight ask about dosing within a month; before, one a month did, and one a month about safety."""
    tree = {"MM": ("nation", 0), "MR": ("medical region", 1), "MT": ("MSL territory", 2)}
    put("hierarchy", ["hierarchy", "kind", "name", "levels", "subject", "subject_kinds"], [["q", "medical", "Medical", "nation > medical region > MSL territory", "HCP", "hcp"]])  # fmt: skip  # noqa: E501
    lines = [["q", up, node, *tree[node]] for node, ups in (("MM", ["MM"]), ("MR", ["MM", "MR"]), ("MT", [*tree])) for up in ups]  # fmt: skip  # noqa: E501
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], lines)
    put("node", ["hierarchy", "node", "name"], [["q", "MR", "Medical south"]])
    rows = [[f"n{k}", f"H{k:02}", "DOSING", "ours", NOON - timedelta(days=k)] for k in range(8)]
    for month in range(1, 7):
        rows += [[f"{topic}{month}", "H20", topic, "ours", NOON - timedelta(days=30 * month + 5)] for topic in ("DOSING", "SAFETY")]  # fmt: skip  # noqa: E501
    put("inquiry", ["inquiry", "party", "topic", "product", "received_at", "hierarchy", "node"], [[*row, "q", "MT"] for row in rows])  # fmt: skip  # noqa: E501
    return land


def found(scene: Scene) -> list[Found]:
    return [cue for cue in topic_surge(scene) if cue.hierarchy == "q"]


def test_said_to_the_medical_director(asking: Scene) -> None:
    (cue,) = found(asking)
    assert (cue.role, cue.node, cue.subject, cue.thing) == ("medical_director", "MM", "MR", "DOSING")
    assert cue.headline == "Medical south: 8 clinicians ask about dosing"
    assert cue.reasons == (
        "8 questions on dosing in 30 days from 8 who asked",
        "The half year before had 6, which makes 1.1 in 30 days",
        "100 % of them are about Ours",
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inquiry SET party = 'H01' WHERE received_at > DATE '2026-11-01'",
        "DELETE FROM inquiry WHERE inquiry IN ('n0', 'n1', 'n2', 'n3', 'n4', 'n5')",
        "UPDATE inquiry SET topic = NULL",
        "UPDATE inquiry SET received_at = received_at - INTERVAL 40 DAY",
        "UPDATE inquiry SET node = NULL, hierarchy = NULL, party = NULL",
    ],
    ids=["one who asks often", "no more than ever", "no topic", "a month ago", "from nowhere"],
)
def test_otherwise_nothing(asking: Scene, change: str) -> None:
    asking.con.execute(change)
    assert found(asking) == []
