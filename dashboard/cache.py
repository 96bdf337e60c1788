"""The one place that remembers what was asked: the snapshot, and answers by what was granted. See also drawn.py."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from dashboard import memory
from dashboard.memory import Memory
from dashboard.settings import settings
from data.ledger import CueAction, Ledger
from data.people import names as people_names
from data.people import version as people_version
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics import areas, definitions
from metrics import health as trust
from metrics.access import authorise, may_see_band, shared
from metrics.context import freshness
from metrics.cues.inbox import CueCard, count_by_node, cues_for
from metrics.definitions import Definition, Listed
from metrics.health import Health
from metrics.models import drivers, site_reading
from metrics.models.site_reading import SiteBook, SiteStory
from metrics.policy_force import one_policy, policy_version
from metrics.query import GrantedQuery, MetricQuery, Visitor
from metrics.reading import Cells, Reading, granted_part
from metrics.result import ask
from metrics.visitors import visitors as read_visitors

T = TypeVar("T")
Steps = tuple[tuple[str, float], ...]

_LARGE = 10_000_000  # cells of answers that are kept, about half a gigabyte


def _size(kept: object) -> int:
    """How many cells an answer has; what is no table counts as a small one."""
    return 1000 + (kept.size if isinstance(kept, Cells) else 0)


_process, _around = Memory(20), memory.holding_names(3000)
_answers = memory.holding_names(_LARGE, _size)
_running = threading.local()


@contextmanager
def one_run() -> Iterator[None]:
    """One run of the page: it stays on one snapshot and one policy, and asks nothing twice that may not change."""
    _running.seen, _running.rows = {}, 0
    try:
        with one_policy():
            yield
    finally:
        _running.seen = None


def _once(what: Hashable, find: Callable[[], T]) -> T:
    """What was found before in this run; found anew outside of one."""
    seen = getattr(_running, "seen", None)
    if seen is None:
        return find()
    if what not in seen:
        seen[what] = find()
    return seen[what]


def workspace() -> Workspace:
    """The workspace that the settings name. Raises NoSnapshot when there is none."""

    def _find() -> Workspace:
        home = settings().home
        return _process.of(("workspace", home), lambda: Workspace.open(home))

    return _once("workspace", _find)


def is_demo() -> bool:
    """Whether everybody in the workspace is invented, so that a reader may look as anyone."""
    here = workspace()
    return _once("demo", lambda: _process.of(("demo", here.home), lambda: here.is_demo))


def snapshot() -> Snapshot:
    """The snapshot that serves now, the same for the whole of a run."""
    return _once("snapshot", lambda: open_snapshot(workspace()))


def visitors() -> dict[str, Visitor]:
    """Who may look, by id, in the order of the file; read again every minute."""
    here = workspace()
    minute = "visitors", here.home, int(time.monotonic() // 60)
    return _once("visitors", lambda: _process.of(minute, lambda: {each.id: each for each in read_visitors(here)}))


def names_now() -> str:
    """The version of the store of names: what was remembered under an older one is dropped, erased names with it."""
    return _once("names", lambda: memory.names_are(people_version(workspace().people_path)))


def policy() -> str:
    """The version of the policy in force: what it grants is remembered no longer than it holds."""
    return _once("policy", lambda: policy_version(snapshot()))


def _rights(visitor: Visitor) -> Hashable:
    """On which snapshot somebody looks, and with which rights: a part of every key under which theirs is kept."""
    return str(snapshot().path), policy(), visitor


def handed() -> int:
    """How many rows this run was handed so far."""
    return getattr(_running, "rows", 0)


def hand(rows: int) -> None:
    """Count rows that this run was handed."""
    _running.rows = handed() + rows


def forget() -> None:
    """What was read of the ledger in this run no longer holds."""
    _running.seen = None


def answer(question: MetricQuery, visitor: Visitor) -> Reading:
    """Authorise, then answer, from memory where the same was granted on the same snapshot before.

    Raises Denied or WrongQuestion. Rights are checked on every call; only the answer is remembered.
    """
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    found = granted_part(_answer(shared(granted, serving), serving), granted, serving)
    hand(len(found.nodes))
    return found


def _answer(asked: GrantedQuery, serving: Snapshot) -> Cells:
    return _answers.of((str(serving.path), names_now(), asked), lambda: Cells(ask(asked, serving, _named)))


def bridge(question: MetricQuery, visitor: Visitor, node: str) -> Steps:
    """The exact bridge of a unit's change, for what is granted. Raises Denied or WrongQuestion."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    asked = shared(granted, serving)
    found = _answers.of((str(serving.path), "bridge", asked), lambda: _bridge(asked, serving))
    return found.get(node, ()) if node in below(granted.hierarchy, granted.within) else ()


def _bridge(granted: GrantedQuery, serving: Snapshot) -> dict[str, Steps]:
    frame = drivers.read(granted, serving)
    found: dict[str, list[tuple[str, float]]] = {}
    for node, factor, quantity in zip(frame["node"], frame["factor"], frame["quantity"], strict=True):
        found.setdefault(str(node), []).append((str(factor), float(quantity)))
    return {node: tuple(steps) for node, steps in found.items()}


def site_book(question: MetricQuery, visitor: Visitor) -> SiteBook:
    """The sites that are granted. Raises Denied or WrongQuestion."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    found = _answers.of((str(serving.path), "sites", granted), lambda: site_reading.book(granted, serving))
    hand(len(found.sites))
    return found


def site_story(question: MetricQuery, visitor: Visitor, study: str, site: str, of_all: bool) -> SiteStory:
    """The curve of a granted site, or of a study when no site is named; `of_all` counts the steps of every study."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    key = str(serving.path), "story", study, site, of_all, granted
    return _answers.of(key, lambda: site_reading.story(granted, serving, study, site or None, of_all))


def metrics_for(visitor: Visitor) -> Listed:
    """The metrics that a visitor may know, and why the others are not shown."""
    return _around.of(("metrics", _rights(visitor)), lambda: definitions.listed(visitor, snapshot()))


def definition(name: str, visitor: Visitor) -> Definition:
    """One metric's definition. Raises Denied or WrongQuestion."""
    return definitions.define(name, visitor, snapshot())


def health(visitor: Visitor) -> Health:
    """The health of the serving snapshot. Raises Denied for those who do not answer for the data."""
    return trust.health(visitor, snapshot(), workspace())


def ages(visitor: Visitor) -> dict[str, tuple[date, int]]:
    """How old each band's data is (its last day, and days since), for the bands the visitor may know."""
    key = "ages", _rights(visitor)
    return _around.of(key, lambda: {each.band: (each.last, each.age_days) for each in freshness(visitor, snapshot())})


def refused(visitor: Visitor, band: str) -> str:
    """Why the visitor may not know a band, in words; empty where they may."""
    return _around.of(("refused", band, _rights(visitor)), lambda: may_see_band(visitor, band, snapshot()) or "")


def ledger() -> Ledger:
    """The one store that is written while people work."""
    here = workspace()
    return _once("ledger", lambda: _process.of(("ledger", here.home), lambda: Ledger(here)))


def _named(ids: Iterable[str]) -> Mapping[str, str]:
    return people_names(workspace().people_path, ids)


def cues(visitor: Visitor) -> list[CueCard]:
    """The visitor's open cues on the serving snapshot, ranked, at most five."""
    done = actions(visitor)
    key = "cues", _rights(visitor), names_now(), done
    found = _around.of(key, lambda: cues_for(visitor, snapshot(), done, _named))
    hand(len(found))
    return found


def actions(visitor: Visitor) -> tuple[CueAction, ...]:
    """What the visitor has answered so far."""
    return _once(("actions", visitor.id), lambda: tuple(ledger().cue_actions(visitor.id)))


def answered(visitor: Visitor) -> list[tuple[CueCard, str]]:
    """The cues that the visitor closed and could open again, each with the answer given."""
    latest = {action.cue: action.action for action in actions(visitor)}
    closed = {cue: answer for cue, answer in latest.items() if answer not in ("accepted", "undone")}
    if not closed:
        return []
    key = "every cue", _rights(visitor), names_now()
    every = _around.of(key, lambda: cues_for(visitor, snapshot(), (), _named, most=1000))
    return [(card, closed[card.cue]) for card in every if card.cue in closed]


def cue_counts(visitor: Visitor, nodes: Sequence[str]) -> dict[str, int]:
    """How many open cues lie at or below each node."""
    key = "cue counts", _rights(visitor), tuple(nodes)
    return _around.of(key, lambda: count_by_node(visitor, snapshot(), nodes))


def below(hierarchy: str, node: str) -> frozenset[str]:
    """A node and everything below it."""
    return areas.below(snapshot(), hierarchy, node)
