"""What a cue gives away is read off its statements, and errs on the safe side."""

from __future__ import annotations

import pytest

from metrics.cues.run import RULES
from metrics.lineage import sensitivities


@pytest.mark.parametrize(
    ("sql", "classes"),
    [
        ("SELECT product FROM outcome", {"rx"}),
        ("SELECT count(*) FROM outcome WHERE quantity > 1", {"rx"}),
        ("SELECT 1 FROM plan p JOIN interaction i ON i.party = p.party", {"targeting", "field_activity"}),
        ("SELECT product FROM inquiry ORDER BY topic", {"inquiry", "scientific_content"}),
        ("SELECT count(*) FROM exchange", {"medical_exchange"}),
        ("SELECT i FROM interaction AS i", {"field_activity"}),
        ("WITH a AS (SELECT * FROM inquiry) SELECT 1 FROM a", {"inquiry", "scientific_content"}),
        ("SELECT e.* FROM exchange e JOIN place p ON p.subject = e.party", {"medical_exchange", "scientific_content"}),
        ("SELECT factor FROM bridge", {"rx"}),
        ("SELECT node FROM node_tree", set()),
    ],
)
def test_classes(sql: str, classes: set[str]) -> None:
    assert sensitivities([sql]) == classes


def test_the_wall_stands() -> None:
    """No medical cue reads a prescription or a target list; no commercial one an exchange or an inquiry."""
    medical = {"medical_exchange", "scientific_content", "inquiry"}
    for name in ("flagging_site", "inquiry_due", "expert_waiting"):
        assert not RULES[name].classes & {"rx", "targeting", "field_activity", "media_exposure"}, name
    for name in ("writing_less", "overdue_target", "consent_ending", "territory_falling", "vacant_territory"):
        assert not RULES[name].classes & medical, name
    assert "rx" not in RULES["overdue_target"].classes


def test_exact_classes() -> None:
    assert RULES["writing_less"].classes == {"rx", "targeting", "field_activity", "media_exposure"}
    assert RULES["flagging_site"].classes == {"site"}
    assert RULES["inquiry_due"].classes == {"inquiry"}
    assert RULES["expert_waiting"].classes == {"medical_exchange"}
    assert RULES["territory_falling"].classes == {"rx", "field_activity"}
