"""How many persons stand behind a cell: what decides whether an aggregate may be shown at all."""

from __future__ import annotations

from metrics.catalog.facts import CONTACT, ENGAGED, EXPERT_PLAN, EXPOSURE, INQUIRY, INQUIRY_TO_DATE, OUTCOME
from metrics.declare import Measure, SubjectMeasure
from metrics.fact import Fact


def _people(fact: Fact) -> SubjectMeasure:
    rows = Measure(name=f"rows_{fact.name}", fact=fact, expr="sum(1)", doc=f"Rows of {fact.name}.")
    return SubjectMeasure(
        name=f"people_{fact.name}",
        inputs=(rows,),
        expr=f"count(*) FILTER (WHERE rows_{fact.name} > 0 AND is_person)",
        doc=f"Persons behind {fact.name}.",
    )


PEOPLE: dict[str, SubjectMeasure] = {
    fact.name: _people(fact) for fact in (OUTCOME, CONTACT, EXPOSURE, INQUIRY, INQUIRY_TO_DATE, ENGAGED, EXPERT_PLAN)
}

# Facts counted by the persons of another: goals by who prescribes, calls and exchanges by who was met.
COUNTED_BY: dict[str, str] = {
    "goal": "outcome",
    "interaction": "contact",
    "exchange": "engaged",
    "spend": "exposure",
}
