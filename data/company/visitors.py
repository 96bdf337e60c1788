"""The demo's visitors: one for each role, each at a node where something is going on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemoVisitor:
    """Somebody who opens the demo: id, role, where they sit, and what they will find there."""

    id: str
    name: str
    role: str
    hierarchy: str
    node: str
    studies: tuple[str, ...] = ()
    story: str = ""


VISITORS = (
    DemoVisitor(
        id="leader", name="National leader", role="national_leader", hierarchy="field", node="US",
        story="Growth in the West hides the loss of Cardiva in Florida, Cleveland and the Northeast.",
    ),
    DemoVisitor(
        id="brand", name="Cardiva brand lead", role="brand_lead", hierarchy="field", node="US",
        story="One media vendor stopped reporting; some cardiologists are shown far too much.",
    ),
    DemoVisitor(
        id="region", name="Regional director, South", role="regional_director", hierarchy="field", node="US_SO",
        story="Tampa collapses; the realignment left Charlotte overloaded and Raleigh with room.",
    ),
    DemoVisitor(
        id="district", name="District manager, Florida", role="district_manager", hierarchy="field", node="US_SO_FLA",
        story="Tampa lost a quarter of Cardiva in eight weeks.",
    ),
    DemoVisitor(
        id="rep", name="Representative, Orlando", role="rep", hierarchy="field", node="US_SO_FLA_3",
        story="Two good writers decline; three tier A doctors were not seen for ten weeks.",
    ),
    DemoVisitor(
        id="msl", name="MSL, Florida", role="msl", hierarchy="medical", node="MED_S_2",
        story="The Orlando site of CARD-301 hardly enrols; a question waits; experts on the plan were not met.",
    ),
    DemoVisitor(
        id="meddir", name="Medical director", role="medical_director", hierarchy="medical", node="MED",
        story="Five sites flag; a few answers run out of time.",
    ),
    DemoVisitor(
        id="site", name="Site manager, CARD-301", role="site_manager", hierarchy="study", node="CARD-301",
        studies=("CARD-301",), story="Three sites flag, one has stalled, one is stuck in its contract.",
    ),
    DemoVisitor(
        id="steward", name="Data steward", role="steward", hierarchy="field", node="US",
        story="A week was restated, a feed is stale, a few rows cannot be placed.",
    ),
)  # fmt: skip


def demo_visitors() -> str:
    """The text of visitors.toml for a demo workspace."""
    blocks = []
    for one in VISITORS:
        lines = [f'{key} = "{getattr(one, key)}"' for key in ("id", "name", "role", "hierarchy", "node")]
        if one.studies:
            lines.append("studies = [" + ", ".join(f'"{study}"' for study in one.studies) + "]")
        blocks.append("\n".join(["[[visitor]]", *lines]))
    return "\n\n".join(blocks) + "\n"
