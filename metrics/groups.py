"""Groups of measures: those of one fact, or judged over the same facts subject by subject, are answered together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.fitting import expect
from metrics.catalog import METRICS
from metrics.declare import AnyMeasure, Measure, QuantileMeasure, SubjectMeasure
from metrics.fact import Fact


@dataclass(frozen=True)
class Group:
    """Measures that one SELECT answers together."""

    name: str
    measures: tuple[AnyMeasure, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it reads."""
        found: dict[Fact, None] = {}
        for measure in self.measures:
            found.update(dict.fromkeys(measure.facts if isinstance(measure, SubjectMeasure) else (measure.fact,)))
        return tuple(found)

    @property
    def by_product(self) -> bool:
        """Whether its facts know products; the others answer for every product alike."""
        return any(fact.product for fact in self.facts)

    @property
    def masks(self) -> bool:
        """Whether it reads prescriptions, so that opted-out physicians are kept apart."""
        return any("rx" in measure.sensitivities for measure in self.measures)

    @property
    def rollup(self) -> str:
        """The table in which the build keeps its answers."""
        return f"roll_{self.name}"

    @property
    def moves(self) -> bool:
        """Whether its numbers add up, so that who stood elsewhere can be taken from one node to another."""
        return not isinstance(self.measures[0], QuantileMeasure)

    @property
    def shifts(self) -> str:
        """The table of what the alignment of the day has more, or less, than today's."""
        return f"shift_{self.name}"


def group_of(measure: AnyMeasure) -> str:
    """The name of the group a measure belongs to."""
    if isinstance(measure, QuantileMeasure):
        return f"{measure.fact.name}_quantiles"
    if isinstance(measure, Measure):
        return f"{measure.fact.name}_calls" if measure.distinct else measure.fact.name
    domains = {fact.table.domain for fact in measure.facts}
    side = next((name for name in ("medical", "site", "outcome") if name in domains), "promotion")
    return f"subjects_{side}" if any(fact.product for fact in measure.facts) else f"subjects_{side}_any"


def groups(measures: Iterable[AnyMeasure]) -> tuple[Group, ...]:
    """The groups that answer these measures, each measure in one of them."""
    gathered: dict[str, dict[str, AnyMeasure]] = {}
    for measure in measures:
        gathered.setdefault(group_of(measure), {})[measure.name] = measure
    return tuple(Group(name, tuple(found.values())) for name, found in sorted(gathered.items()))


ALL_GROUPS: tuple[Group, ...] = groups(measure for metric in METRICS.values() for measure in metric.measures)
# An older snapshot that lacks one of these is refused when it is opened.
expect({group.rollup: [measure.name for measure in group.measures] for group in ALL_GROUPS})
expect({group.shifts: [measure.name for measure in group.measures] for group in ALL_GROUPS if group.moves})
