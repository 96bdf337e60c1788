"""What every reader would wait for once, found before anybody asks: which cells are hidden from whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metrics.catalog import METRICS
from metrics.catalog.people import Crowd
from metrics.cells.hidden import hidden
from metrics.declare import SubjectMeasure
from metrics.policy_force import policy_of
from metrics.suppress import counted, loaded, published

Asked = tuple[tuple[str, ...], bool]


def find_ahead(snapshot: Any, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Find the hidden cells of every number that the policy in force grants to somebody as a sum; says of how many.

    They are kept beside the snapshot. `progress(what, done, total)` is told each as it begins.
    """
    wanted, least = _wanted(snapshot), policy_of(snapshot).least
    for done, ((name, (kinds, masked)), behind) in enumerate(wanted.items()):
        if progress:
            progress(name, done, len(wanted))
        hidden(snapshot, behind, kinds, masked, least)
    return len(wanted)


def _wanted(snapshot: Any) -> dict[tuple[str, Asked], Crowd | SubjectMeasure]:
    """The persons behind each such number, by whose eyes look at it: which hierarchies, with opt-outs or without."""
    policy = policy_of(snapshot)
    patients = policy.site_counts == "summed"
    shown = [each for each in METRICS.values() if loaded(each, snapshot) and not published(each, snapshot)]
    return {
        (behind.name, (role.hierarchy_kinds, role.masks_pdrp and "rx" in measure.sensitivities)): behind
        for role in policy.effective.values()
        for metric in shown
        for measure, behind in counted(metric, role.aggregates, patients)
    }
