"""What a person keeps private changes nothing that others see: the same company is built twice, with and without it.

An opted-out physician's scripts, the opens of a reader who did not agree to be tracked: whatever they are, a
representative and a district manager see the same cells, in the same order, the same cues and the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.errors import Denied, WrongQuestion
from data.snapshot import Snapshot, open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.catalog import METRICS
from metrics.context import annotations, freshness
from metrics.cues.inbox import count_by_node, cues_for
from metrics.definitions import define
from metrics.models import drivers
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from metrics.unlisted import companions, guarded
from tests import smallland

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
MANAGER = Visitor(id="district", role="district_manager", hierarchy="field", node="SM_N1")
DIRECTOR = Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N")
OPTED_OUT, UNTRACKED = "H03", "H02"
ASKED = (
    {"window": "C13W", "compare": "previous"},
    {"window": "R52", "compare": "year"},
    {"window": "2026-05-16..2026-08-14"},
    {"window": "C13W", "series": 6},
)
RX = tuple(name for name, metric in METRICS.items() if "rx" in metric.sensitivities)


def doubled(index: int, quantity: float) -> float:
    return 2 * quantity


def stopped(index: int, quantity: float) -> float:
    return 0 if index >= len(smallland.WEEKS) - 13 else 9 * quantity


def _built(home: Path, rows: smallland.Rows) -> Snapshot:
    made = smallland.workspace(home, rows=rows)
    build(made, smallland.AS_OF)
    return open_snapshot(made)


def _rewritten(change: Callable[[int, float], float]) -> smallland.Rows:
    """Smallland with other scripts of the opted-out physician; everybody else's are as they were."""
    rows = smallland.smallland()
    place = {end: index for index, end in enumerate(smallland.WEEKS)}
    for row in rows["outcome"]:
        if row["subject"] == OPTED_OUT:
            row["quantity"] = change(place[row["period_end"]], row["quantity"])
            row["nrx"] = min(row["nrx"], row["quantity"])
    return rows


def _questions(visitor: Visitor, snapshot: Snapshot) -> Iterator[MetricQuery]:
    hierarchy = next(each for each in snapshot.hierarchies() if each.id == visitor.hierarchy)
    own = snapshot.nodes(hierarchy.id)[str(visitor.node)].level
    for by in (*hierarchy.levels[hierarchy.depth(own) :], hierarchy.subject):
        for product in (None, "alfa", "rival"):
            for how in ASKED:
                yield MetricQuery(
                    metrics=tuple(METRICS), hierarchy=hierarchy.id, within=None, by=by, product=product, **how
                )


def _answered(visitor: Visitor, snapshot: Snapshot) -> dict[tuple[Any, ...], Any]:
    """Every cell in its order, with every reason, note and count, by question."""
    found: dict[tuple[Any, ...], Any] = {}
    for query in _questions(visitor, snapshot):
        key = (query.by, query.product, query.window, query.series)
        try:
            result = ask(authorise(query, visitor, snapshot), snapshot)
        except (Denied, WrongQuestion) as refused:
            found[key] = str(refused)
            continue
        cells = result.rows.astype(object).where(result.rows.notna(), None)
        found[(*key, "columns")] = list(cells)
        for name in cells:
            found[(*key, name)] = list(zip(cells.node_id, cells[name], strict=True))
        found[(*key, "words")] = (result.withheld, result.notes, result.not_shown, sorted(result.partial))
    return found


def _told(visitor: Visitor, snapshot: Snapshot) -> dict[str, Any]:
    """Cues with their reasons and order, counts of cues, bridges, definitions with their numbers, ages, marks."""
    nodes = [node for node in snapshot.nodes("field") if node.startswith(str(visitor.node))]
    found: dict[str, Any] = {
        "cues": [astuple(card) for card in cues_for(visitor, snapshot, most=1000)],
        "counts": count_by_node(visitor, snapshot, nodes),
        "ages": freshness(visitor, snapshot),
    }
    for product in (None, "alfa"):
        query = MetricQuery(
            metrics=("trx",), hierarchy="field", within=None, by="territory", product=product, compare="previous"
        )
        frame = drivers.read(authorise(query, visitor, snapshot), snapshot)
        found[f"bridge {product}"] = frame.astype(str).to_dict("records")
    for name in METRICS:
        try:
            found[f"definition {name}"] = repr(define(name, visitor, snapshot))
        except Denied as refused:
            found[f"definition {name}"] = str(refused)
    last = smallland.ANCHOR
    marks = annotations(visitor, snapshot, "field", str(visitor.node), last - timedelta(days=400), last)
    found["marks"] = [[str(day), text] for day, text in marks]
    return found


def _changed(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    assert after and before.keys() >= after.keys()
    return {key: (before[key], after[key]) for key in after if before[key] != after[key]}


class Plain(dict[str, dict[Any, Any]]):
    """What each visitor sees of Smallland as it is, found when it is asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __missing__(self, who: str) -> dict[Any, Any]:
        visitor = next(each for each in (REP, MANAGER, DIRECTOR) if each.id == who)
        self[who] = _answered(visitor, self._snapshot) | _told(visitor, self._snapshot)
        return self[who]


@pytest.fixture(scope="module")
def plain(smallland_snapshot: Snapshot) -> Plain:
    return Plain(smallland_snapshot)


@pytest.fixture(scope="module", params=[doubled, stopped], ids=lambda change: change.__name__)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return _built(tmp_path_factory.mktemp(request.param.__name__) / "home", _rewritten(request.param))


@pytest.mark.parametrize("who", [REP, MANAGER], ids=lambda who: who.id)
def test_an_opted_out_physicians_scripts_change_nothing_that_rep_and_manager_see(
    plain: Plain, other: Snapshot, who: Visitor
) -> None:
    changed = _changed(plain[who.id], _answered(who, other) | _told(who, other))
    assert changed == {}


def test_a_director_sees_totals_change_and_no_row(plain: Plain, other: Snapshot) -> None:
    changed = _changed(plain["region"], _answered(DIRECTOR, other))
    assert {key[0] for key in changed} <= {"region", "district", "territory"}
    assert ("region", "alfa", "C13W", None, "trx") in changed
    for key, (_, after) in changed.items():
        assert key[-1] == "words" or key[-1].partition("__")[0] in RX, key
        if key[0] == "territory" and key[-1] != "words":
            untouched = [node for node, _ in after if node != "SM_N1a"]
            told = dict(plain["region"][key])
            assert all(told[node] == value for node, value in after if node in untouched), key


def test_the_test_can_see(plain: Plain, tmp_path: Path) -> None:
    """Another physician's scripts, changed alike, do change what the representative sees."""
    rows = smallland.smallland()
    for row in rows["outcome"]:
        if row["subject"] == "H02":
            row["quantity"] *= 2
    snapshot = _built(tmp_path / "home", rows)
    changed = _changed(plain["rep"], _answered(REP, snapshot))
    assert {"HCP", "territory"} <= {key[0] for key in changed}


def _opens(opened: int, tracking: bool | None, consent: str | None = None) -> smallland.Rows:
    """Smallland where one of the readers did not agree, or took the consent back, and opened so many e-mails."""
    rows = smallland.smallland()
    for row in rows["exposure"]:
        if row["party"] == UNTRACKED:
            row["tracking"] = tracking
            row["quantity"] = opened if row["event"] == "opened" else 5
    if consent:
        said = {"party": UNTRACKED, "channel": "tracking", "opt": consent, "captured": date(2026, 11, 1)}
        rows["consent"].append(said)
    return rows


@pytest.mark.parametrize(
    ("tracking", "consent"),
    [
        (False, None),
        pytest.param(None, None, marks=pytest.mark.slow),
        pytest.param(True, "out", marks=pytest.mark.slow),
    ],
)
def test_what_an_untracked_reader_opens_changes_nothing_that_a_rep_sees(
    tmp_path: Path, tracking: bool | None, consent: str | None
) -> None:
    """In no row, total, order, cue or reason: there are fewer than eleven such readers."""
    quiet = _built(tmp_path / "quiet", _opens(0, tracking, consent))
    keen = _built(tmp_path / "keen", _opens(4, tracking, consent))
    for who in (REP, MANAGER, DIRECTOR):
        before = _answered(who, quiet) | _told(who, quiet)
        assert _changed(before, _answered(who, keen) | _told(who, keen)) == {}
    steward = Visitor(id="steward", role="steward", hierarchy="field", node=None)
    assert _changed(_answered_at_top(steward, quiet), _answered_at_top(steward, keen)) == {}


def _answered_at_top(visitor: Visitor, snapshot: Snapshot) -> dict[str, Any]:
    found = {}
    for name in ("emails_opened", "open_rate", "click_rate", "emails_delivered"):
        for by in ("nation", "territory", "HCP"):
            query = MetricQuery(metrics=(name,), hierarchy="field", within=None, by=by)
            try:
                result = ask(authorise(query, visitor, snapshot), snapshot)
                found[f"{name} {by}"] = (result.rows.astype(str).to_dict("records"), result.withheld)
            except Denied as refused:
                found[f"{name} {by}"] = str(refused)
    return found


@pytest.fixture(scope="module")
def forgotten(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Smallland where H01 of Shore and H09 of Valley were erased: counted as before, and nobody any more."""
    rows = smallland.smallland()
    for row in rows["party"]:
        if row["party"] in ("H01", "H09"):
            row["kind"] = "erased"
    return _built(tmp_path_factory.mktemp("forgotten") / "home", rows)


BY_PERSON = ("trx", "nrx", "share", "writers", "calls", "persons_met", "capped_calls", "reached_targets", "impressions",
             "exchanges", "engaged_experts", "planned_calls", "samples")  # fmt: skip


@pytest.mark.parametrize("role", ["rep", "district_manager", "regional_director", "brand_lead", "msl", "steward"])
def test_no_total_less_the_rows_tells_of_one_erased_person(
    role: str, forgotten: Snapshot, smallland_snapshot: Snapshot
) -> None:
    """Whatever a role is answered by person: a unit that counts an erased person counts one more whom no row tells."""
    home, node = {"rep": ("field", "SM_N1a"), "district_manager": ("field", "SM_N1"), "msl": ("medical", "ME_R1"),
                  "regional_director": ("field", "SM_N")}.get(role, ("field", "SM"))  # fmt: skip
    visitor, leaf = Visitor(id=role, role=role, hierarchy=home, node=None if role == "steward" else node), "SM_N1a"
    where, told = (leaf if home == "field" else "ME_R1"), 0
    for metric in BY_PERSON:
        asked = MetricQuery(metrics=(metric,), hierarchy=home, within=where if role != "rep" else None, by="HCP")
        try:
            granted = authorise(asked, visitor, forgotten)
        except (Denied, WrongQuestion):
            continue
        rows = ask(granted, forgotten).rows.set_index("node_id")[metric]
        truth = ask(authorise(asked, visitor, smallland_snapshot), smallland_snapshot).rows.set_index("node_id")[metric]
        assert "H01" not in rows.index
        if truth.get("H01"):
            gone = [who for who in rows.index if pd.isna(rows[who]) and truth.get(who) is not None]
            assert gone, f"{metric}: the total less the rows is what one person has"
            told += 1
    assert told


def test_no_cue_tells_of_whom_no_row_tells(forgotten: Snapshot) -> None:
    for visitor, beside in ((REP, "rep"), (MANAGER, "district")):
        hidden = {
            who for each in ("rx", "field_activity", "media_exposure") for who in guarded(forgotten, each, "hidden")
        }
        assert hidden, beside
        assert not hidden & {card.subject for card in cues_for(visitor, forgotten, most=99)}


def test_where_nobody_was_erased_no_row_is_missing(smallland_snapshot: Snapshot) -> None:
    assert not any(companions(smallland_snapshot, metric, "hidden") for metric in METRICS.values())
