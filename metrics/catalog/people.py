"""How many persons stand behind a cell: what decides whether an aggregate may be shown at all."""

from __future__ import annotations

from metrics.catalog.facts import (
    CONGRESS,
    CONTACT,
    ENGAGED,
    EXPERT_PLAN,
    EXPOSURE,
    INQUIRY,
    INQUIRY_TO_DATE,
    OUTCOME,
    SAMPLE,
)
from metrics.catalog.writers import WRITERS
from metrics.declare import Measure, SubjectMeasure
from metrics.fact import Fact


def _people(fact: Fact) -> SubjectMeasure:
    rows = Measure(
        name=f"rows_{fact.name}",
        fact=fact,
        expr="sum(1) FILTER (WHERE quantity <> 0)",
        doc=f"Rows of {fact.name} that add something.",
    )
    return SubjectMeasure(
        name=f"people_{fact.name}",
        inputs=(rows,),
        expr=f"count(*) FILTER (WHERE rows_{fact.name} > 0 AND is_person)",
        doc=f"Persons behind {fact.name}.",
    )


PEOPLE: dict[str, SubjectMeasure] = {
    fact.name: _people(fact)
    for fact in (OUTCOME, CONTACT, SAMPLE, EXPOSURE, INQUIRY, INQUIRY_TO_DATE, ENGAGED, EXPERT_PLAN, CONGRESS)
}

# Who stands behind the volume of our products alone: of all who prescribe anything, those that write ours.
OURS: SubjectMeasure = WRITERS

# Facts counted by the persons of another: goals and deciles by who prescribes, calls and exchanges by who was met.
COUNTED_BY: dict[str, str] = {
    "goal": "outcome",
    "decile": "outcome",
    "detail": "contact",
    "interaction": "contact",
    "exchange": "engaged",
    "spend": "exposure",
}
