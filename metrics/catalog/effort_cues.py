"""Cues of effort against what it brings: HCPs and parts of the map that are met and write little."""

from __future__ import annotations

from metrics.cues.declare import Cue, Lever

CUES = (
    Cue(
        name="met_often_writes_little",
        title="An HCP is met often and writes little",
        rule=(
            "By the year, an HCP is among the tenth met most for a product, four times at least, and the source shows "
            "no script of it in that year. Never an opted-out physician."
        ),
        evidence="Calls of the whole year, the HCP known in the product's market that year and not opted out (PDRP).",
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Ask why, or see others"),),
        due=8,
        unit="calls a year",
        points=0.1,
        control=0.9,
    ),
    Cue(
        name="effort_without_scripts",
        title="Much effort brings little",
        rule=(
            "By the year, of a unit's contacts for a product at least ten points more than everywhere went to HCPs of "
            "whom the source shows no script of it, and chance is no explanation for it (false-discovery rate 10 % a "
            "level and product)."
        ),
        evidence=(
            "Calls of the whole year, ten HCPs and thirty contacts in the unit, each HCP known in the product's market "
            "that year and not opted out (PDRP)."
        ),
        about="node",
        levers=(
            Lever(role="district_manager", lever="redirect calls", action="Redirect the calls"),
            Lever(role="regional_director", lever="agree plans", action="Agree a plan"),
            Lever(role="national_leader", lever="set goals", action="Set goals by who writes"),
        ),
        due=10,
        unit="calls a week",
        points=0.5,
        control=0.7,
    ),
)
