"""What the people of a role are judged by, and what they only see beside it. Self-checking at import."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import BadDeclaration, did_you_mean
from metrics import links
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.declare import Metric


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """The metrics that some roles are judged by, and those shown beside them so that they see the whole picture.

    A medical one reads no prescribing and no targets, counts no interactions towards anything, and has no share of
    voice; what it shows of promotion is context and never judged.
    """

    roles: tuple[str, ...]
    judged: tuple[str, ...]
    context: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"scorecard of {', '.join(self.roles)}"
        for role in self.roles:
            if role not in ROLES:
                raise BadDeclaration(f'role "{role}" is unknown', where=where, todo=did_you_mean(role, ROLES))
        for name in (*self.judged, *self.context):
            if name not in METRICS:
                raise BadDeclaration(f'no metric "{name}"', where=where, todo=did_you_mean(name, METRICS))
        if any(ROLES[role].medical for role in self.roles):
            self._medical(where)

    def _medical(self, where: str) -> None:
        for name in (*self.judged, *self.context):
            links.refuse_medical(METRICS[name].sensitivities, f"{where}, {name}")
        for name in self.judged:
            metric = METRICS[name]
            if links.share_of_voice(metric):
                raise BadDeclaration("it is a share of voice", where=f"{where}, {name}", todo=links.WHY_NO_TARGET)
            if _judged_by_count(metric):
                what = "medical people would be judged by a count of interactions"
                raise BadDeclaration(what, where=f"{where}, {name}", todo=links.WHY_NO_TARGET)


def _judged_by_count(metric: Metric) -> bool:
    return links.counts_interactions(metric) and (metric.better is not None or links.divides_by_plan(metric))
