"""Links that nobody may make: medical activity with the prescribing of a named HCP, and what medical is judged by.

Medical affairs answers to science: its activity is never directed by, set against or explained with
prescribing, its people have no target for how many interactions they hold, and no share of voice.
What something reads is derived from its expressions and statements; nothing here is typed by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from data.errors import BadDeclaration
from metrics.grid import PRESCRIBING

if TYPE_CHECKING:
    from metrics.declare import AnyMeasure, Metric

MEDICAL = frozenset({"medical_exchange", "scientific_content", "inquiry"})
# Tables of which a row is somebody met or something said to somebody.
INTERACTIONS = frozenset({"exchange", "interaction", "detail", "detail_weight", "sample"})
PROMOTION = frozenset({"interaction", "detail", "detail_weight", "sample", "exposure", "spend", "spend_share"})
PLANS = frozenset({"expert_plan", "plan", "plan_period", "goal"})

WHY_APART = (
    "Medical activity is never directed by, or measured against, prescribing: corporate integrity agreements with the "
    "US Office of Inspector General hold medical affairs apart from sales, and the FDA draft guidance on unsolicited "
    "requests (December 2011) keeps sales out of what medical does."
)
WHY_NO_TARGET = (
    "Medical people have no target for how many interactions they hold, and no share of voice: those are measures of "
    "promotion (corporate integrity agreements with the US Office of Inspector General; PhRMA Code)."
)


def refuse(sensitivities: Iterable[str], where: str) -> None:
    """Raise BadDeclaration where something reads both medical activity and prescribing."""
    read = frozenset(sensitivities)
    medical, prescribing = sorted(read & MEDICAL), sorted(read & PRESCRIBING)
    if medical and prescribing:
        raise BadDeclaration(
            f"it joins medical activity to prescribing ({', '.join(medical)} with {', '.join(prescribing)})",
            where=where,
            todo=WHY_APART,
        )


def refuse_medical(sensitivities: Iterable[str], where: str) -> None:
    """Raise BadDeclaration where something that medical people work by reads prescribing or targeting at all."""
    read = sorted(frozenset(sensitivities) & PRESCRIBING)
    if read:
        raise BadDeclaration(f"it shows {', '.join(read)} to medical people", where=where, todo=WHY_APART)


def refuse_target(metric: Metric, where: str) -> None:
    """Raise BadDeclaration where a metric sets a target on how many interactions medical people hold."""
    if metric.sensitivities & MEDICAL and counts_interactions(metric) and (metric.better or divides_by_plan(metric)):
        raise BadDeclaration("it is a target on a count of interactions", where=where, todo=WHY_NO_TARGET)


def counts_interactions(metric: Metric) -> bool:
    """Whether a metric adds up interactions themselves, not the persons or questions behind them."""
    return any(_table(measure) in INTERACTIONS for measure in metric.measures)


def divides_by_plan(metric: Metric) -> bool:
    """Whether a metric is measured against a plan or a goal."""
    return metric.ratio is not None and any(fact.table.name in PLANS for fact in metric.facts)


def share_of_voice(metric: Metric) -> bool:
    """Whether a metric is a part of promotion over more of it."""
    return metric.ratio is not None and all(fact.table.name in PROMOTION for fact in metric.facts)


def _table(measure: AnyMeasure) -> str:
    """The table whose rows a measure adds up; nothing for one that judges subjects first."""
    fact = getattr(measure, "fact", None)
    return fact.table.name if fact is not None else ""
