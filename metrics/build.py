"""One build: load what was imported, judge the sites, add everything up, explain it, find the cues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from data.snapshot import assemble
from data.workspace import Workspace
from metrics.concealed import conceal
from metrics.crowds import count_crowds
from metrics.cues.run import find_cues
from metrics.derive import derive, make_spans
from metrics.models.declare import Model
from metrics.models.drivers import fit_bridge
from metrics.models.enrolment_forecast import fit_forecasts
from metrics.models.recruitment import fit_flags
from metrics.rollups import roll_up

FLAGS = Model(name="recruitment at sites", run=fit_flags, writes=("site_state",))
FORECASTS = Model(name="where enrolment goes", run=fit_forecasts, writes=("study_finish", "enrolment_forecast"))
BRIDGE = Model(name="why it moved", run=fit_bridge, writes=("bridge",))

STAGES: tuple[tuple[str, Callable[[Any, Any], None]], ...] = (
    ("spans of time", make_spans),
    ("plans, spend and inquiries", derive),
    (FLAGS.name, FLAGS),
    (FORECASTS.name, FORECASTS),
    ("whose prescribing is concealed", conceal),
    ("rollups", roll_up),
    ("how many stand behind each number", count_crowds),
    (BRIDGE.name, BRIDGE),
    ("cues", find_cues),
)


def build(
    workspace: Workspace, as_of: date | None = None, progress: Callable[[str, int, int], None] | None = None
) -> Any:
    """Build a snapshot of the workspace and make it the current one.

    `as_of` is the day the data speaks for, by default the latest day of anything that happened.
    `progress(stage, done, total)` is told each stage as it begins, and of loading and placing what is at hand. Returns
    the snapshot's SnapshotInfo. A failure leaves the last good snapshot serving.
    """

    done = 0

    def _say(what: str) -> None:
        if progress:
            progress(what, done, len(STAGES) + 1)

    def _told(name: str, stage: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        def _run(con: Any, info: Any) -> None:
            nonlocal done
            done += 1
            _say(name)
            stage(con, info)

        return _run

    return assemble(workspace, as_of, [_told(*each) for each in STAGES], _say)
