"""What somebody would try who wants to know more than they may: each try, and what it must not tell."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.errors import Denied, WrongQuestion
from data.workspace import Workspace
from metrics.access import authorise, may_enter
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.context import annotations
from metrics.cues.inbox import count_by_node, cues_for
from metrics.health import health
from metrics.models import drivers
from metrics.periods import span
from metrics.query import GrantedQuery, MetricQuery, Visitor
from metrics.result import Result, ask
from metrics.suppress import is_few
from tests import smallland
from tests.soundness.auditor import Auditor, known

LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
BRAND = Visitor(id="brand", role="brand_lead", hierarchy="field", node="SM")
DIRECTOR = Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N")
MANAGER = Visitor(id="district", role="district_manager", hierarchy="field", node="SM_N1")
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
COMMERCIAL = (LEADER, BRAND, DIRECTOR, MANAGER, REP)
SITES = Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",))
THIN = 55  # the week, counted from the first, in which few of Shore write alfa
EVER = (date(2020, 1, 1), date(2030, 1, 1))


def _granted(snapshot: Any, visitor: Visitor, *metrics: str, **asked: Any) -> GrantedQuery:
    question = {"hierarchy": visitor.hierarchy, "within": None, "by": "territory", "product": "alfa", **asked}
    return authorise(MetricQuery(metrics=metrics, **question), visitor, snapshot)


def _ask(snapshot: Any, visitor: Visitor, *metrics: str, **asked: Any) -> Result:
    return ask(_granted(snapshot, visitor, *metrics, **asked), snapshot)


def _shown(result: Result, metric: str) -> set[str]:
    """The nodes that show a number."""
    return set(result.rows.node_id[result.rows[metric].notna()])


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Smallland with twenty physicians more in each territory and each Unaligned, who all write rival.

    Those of Shore write alfa all along but in one week, those of Island since the last 13 weeks, those of Valley have
    rows of alfa with a zero, those known nowhere write alfa all along. Nobody writes beta. In Shore
    a second physician has opted out, A02, who never wrote; A01 has zeros alone.
    """
    from data.snapshot import open_snapshot
    from metrics.build import build

    rows = smallland.smallland()
    rows["outcome"] = [row for row in rows["outcome"] if row["product"] != "beta"]
    many = {node: [f"{node[-3:]}_{k:02d}" for k in range(20)] for node in ("SM_N1a", "SM_N1b", "SM_S1a", "SM_S", "SM")}
    many["SM_N1a"] += ["A01", "A02"]
    for node, people in many.items():
        for hcp in people:
            rows["party"].append({"party": hcp, "kind": "hcp", "specialty": "family", "access": "open"})
            if node != "SM":
                rows["alignment"].append(
                    {"subject_kind": "hcp", "subject": hcp, "hierarchy": "field", "node": node, "team": "core",
                     "from_date": date(2025, 1, 1)}
                )  # fmt: skip
            for index, end in enumerate(smallland.WEEKS):
                alfa = {"SM_N1a": 5 if index != THIN else None, "SM_N1b": 5 if index >= 47 else None, "SM_S1a": 0,
                        "SM_S": None, "SM": 5}[node]  # fmt: skip
                volumes = {"alfa": 0 if hcp == "A01" else alfa, "rival": 0 if hcp == "A01" else 10}
                for product, quantity in volumes.items():
                    if quantity is not None and hcp != "A02":
                        rows["outcome"].append(
                            {"subject_kind": "hcp", "subject": hcp, "product": product, "nrx": 0,
                             **smallland._week(end, quantity)}
                        )  # fmt: skip
    rows["pdrp"].append({"party": "A02", "opted_out": True, "from_date": date(2026, 1, 1)})
    rows["annotation"].append(
        {"date": date(2026, 10, 2), "hierarchy": "field", "node": "SM_N1b", "text": "Island moved"}
    )
    made = smallland.workspace(tmp_path_factory.mktemp("crowd") / "home", rows=rows)
    build(made, smallland.AS_OF)
    return open_snapshot(made)


@pytest.mark.parametrize("visitor", COMMERCIAL, ids=lambda visitor: visitor.role)
@pytest.mark.parametrize("by", ["site", "SITE"])
def test_no_commercial_role_lists_sites_with_a_number_that_it_may_know(
    smallland_snapshot: Any, visitor: Visitor, by: str
) -> None:
    with pytest.raises(Denied, match="not shown one by one"):
        _granted(smallland_snapshot, visitor, "calls", "trx", "targets", "impressions", by=by)


def test_zeros_make_no_crowd(crowd: Any) -> None:
    """Valley has 23 physicians with rows of alfa, of whom three write it."""
    shown = _shown(_ask(crowd, LEADER, "trx"), "trx")
    assert {node for node in shown if not node.endswith("~unaligned")} == {"SM_N1a", "SM_N1b"}


@pytest.mark.parametrize("metric", ["writers", "trx_per_writer", "goal_attainment", "share"])
def test_who_writes_nothing_of_ours_does_not_hide_the_few_that_do(crowd: Any, metric: str) -> None:
    result = _ask(crowd, LEADER, metric, "market_trx", product=None)
    assert "SM_S1a" in _shown(result, "market_trx"), "23 physicians stand behind the market"
    assert "SM_S1a" not in _shown(result, metric), "seven or fewer behind what is ours"


def test_a_bridge_begins_and_ends_with_nothing_that_is_hidden(crowd: Any) -> None:
    for by in ("territory", "district", "region"):
        told = drivers.read(_granted(crowd, LEADER, "trx", by=by, compare="previous"), crowd)
        answer = _ask(crowd, LEADER, "trx", by=by, compare="previous")
        assert set(told.node) == _shown(answer, "trx") & _shown(answer, "trx__previous"), by
    mine = _granted(crowd, DIRECTOR, "trx", compare="previous")
    assert set(drivers.read(mine, crowd).node) == {"SM_N1a", "SM_N1b"}, "who sees rows sees the bridge of a few"


def test_an_index_of_two_windows_tells_neither(crowd: Any) -> None:
    """Three wrote alfa in Island in the window before, so that its share of then is hidden, and what needs it."""
    result = _ask(crowd, LEADER, "share", "evolution_index", compare="previous")
    assert "SM_N1b" in _shown(result, "share")
    assert "SM_N1b" not in _shown(result, "share__previous")
    assert "SM_N1b" not in _shown(result, "evolution_index")
    assert "fewer than" in (result.reason("share__previous", "SM_N1b") or "")
    assert result.reason("share", "SM_N1b") is None


def test_no_week_is_the_only_one_that_a_window_hides(crowd: Any) -> None:
    """A window less the weeks shown would tell the week that is not: a second week goes with it."""
    thin = pd.Timestamp(smallland.WEEKS[THIN])
    for by in ("territory", "district", "region", "nation"):
        weeks = _ask(crowd, LEADER, "trx", by=by, series=60).rows
        if by == "territory":
            assert "SM_N1a" in set(weeks.node_id[weeks.trx.isna() & (pd.to_datetime(weeks.period_end) == thin)])
        for window in ("C4W", "C13W", "QTD", "YTD", "R52"):
            whole = _ask(crowd, LEADER, "trx", by=by, window=window, compare="previous").rows
            ends = pd.to_datetime(weeks.period_end)
            inside = weeks[(ends >= whole.period_start.min()) & (ends <= whole.period_end.max())]
            missing = inside[inside.trx.isna()].groupby("node_id").size()
            alone = set(missing.index[missing == 1]) & set(whole.node_id[whole.trx.notna()])
            assert not alone, (by, window, alone)


def test_samples_and_details_are_counted_by_who_had_them(crowd: Any) -> None:
    for metric in ("samples", "details", "pde"):
        assert not _ask(crowd, LEADER, metric).rows[metric].fillna(0).any(), metric


def test_the_row_beside_an_opt_out_is_of_somebody_who_writes(crowd: Any) -> None:
    """A02 opted out and never wrote, A01 has zeros: neither stands for the scripts of H03."""
    rows = _ask(crowd, DIRECTOR, "trx", by="HCP").rows
    hidden = set(rows.node_id[rows.trx.isna()])
    assert {"H03", "A02", "H01"} <= hidden
    total = _ask(crowd, DIRECTOR, "trx").rows.set_index("node_id").trx["SM_N1a"]
    rest = total - rows[rows.parent == "SM_N1a"].trx.sum()
    assert rest == 13 * (4 + 2), "what is left is of H03 and H01 together"


@pytest.mark.parametrize("visitor", [DIRECTOR, LEADER])
def test_a_hidden_cell_has_one_word(crowd: Any, visitor: Visitor) -> None:
    """That a share is of too few scripts would tell how few they are."""
    by = "HCP" if visitor is DIRECTOR else "territory"
    names = [name for name, metric in METRICS.items() if "rx" in metric.sensitivities]
    result = _ask(crowd, visitor, *names, by=by, window="2026-11-07..2026-11-13")
    said: dict[tuple[str, str], set[str]] = {}
    for each in result.withheld:
        said.setdefault((each.metric, each.node_id), set()).add(each.reason)
    hiding = [
        words for words in said.values() if any("fewer than 11" in word or "restricted" in word for word in words)
    ]
    assert hiding
    assert all(len(words) == 1 for words in hiding)


class _WithCues:
    """A snapshot with one cue more about each of some physicians of Shore and of Island."""

    ABOUT = (("SM_N1a", "H01"), ("SM_N1a", "H02"), ("SM_N1a", "H03"), ("SM_N1b", "H05"))

    def __init__(self, snapshot: Any) -> None:
        self._snapshot = snapshot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def rows(self, sql: str, values: Any = ()) -> Any:
        if "FROM cue" not in sql:
            return self._snapshot.rows(sql, values)
        below = "SELECT node FROM node_tree WHERE hierarchy = ? AND ancestor = ?"
        inside = {row[0] for row in self._snapshot.rows(below, values)}
        opted = {row[0] for row in self._snapshot.rows("SELECT party FROM pdrp_now")}
        return [
            (f"c-{hcp}", "writing_less", "rep", "field", node, hcp, "alfa", "{subject}", '["a","b","c"]', "",
             1.0, smallland.AS_OF, 9, "", "", None, smallland.AS_OF, 0.0, 1.0, "scripts", 1.0, '["rx"]', "{}",
             "", hcp in opted, None)
            for node, hcp in self.ABOUT if node in inside
        ]  # fmt: skip


def test_no_cue_about_an_opt_outs_scripts_reaches_whose_totals_count_them(crowd: Any) -> None:
    """A cue is a row: neither the physician's, nor that of the one hidden beside."""
    told = _WithCues(crowd)
    both = {"H02", "H05"}
    for visitor, seen in ((DIRECTOR, both), (MANAGER, {"H01", *both}), (REP, {"H01", "H02"}), (LEADER, set())):
        assert {card.subject for card in cues_for(visitor, told, most=99)} == seen, visitor.role
        assert count_by_node(visitor, told, ["SM_N1"]) == {"SM_N1": len(seen)}, visitor.role


def test_what_happened_elsewhere_is_not_told(crowd: Any) -> None:
    assert "Island moved" in {text for _, text in annotations(MANAGER, crowd, "field", "SM_N1b", *EVER)}
    assert "Island moved" not in {text for _, text in annotations(REP, crowd, "field", "SM_N1a", *EVER)}
    for node in ("SM_N1b", "SM_N1", "SM", "SM_S1a", "no such node", ""):
        with pytest.raises(Denied):
            annotations(REP, crowd, "field", node, *EVER)


def test_cues_are_counted_nowhere_outside(crowd: Any) -> None:
    told = _WithCues(crowd)
    assert count_by_node(MANAGER, told, ["SM_N1b"]) == {"SM_N1b": 1}
    assert count_by_node(REP, told, ["SM_N1b", "SM_S", "SM_S1a"]) == {"SM_N1b": 0, "SM_S": 0, "SM_S1a": 0}


def test_a_refusal_names_nothing_outside(smallland_snapshot: Any) -> None:
    names = {node.name for node in smallland_snapshot.nodes("field").values()} - {"Shore"}
    for within in ("SM_N1b", "SM_S1a", "SM_N1", "SM_N1x", "SM_S1", "S1_S1a", "x' OR '1'='1"):
        with pytest.raises((Denied, WrongQuestion)) as refused:
            _granted(smallland_snapshot, REP, "trx", within=within)
        said = f"{refused.value.what} {refused.value.todo}".replace(f'"{within}"', "")
        assert not [name for name in names if name in said], said
        assert not [node for node in smallland_snapshot.nodes("field") if node != "SM_N1a" and f'"{node}"' in said], (
            said
        )
    with pytest.raises(Denied) as other:
        _granted(smallland_snapshot, SITES, "enrolled", within="S2", by="study")
    assert "Second study" not in f"{other.value.what} {other.value.todo}"


@pytest.mark.parametrize("series", [0, -1, -(2**70)])
def test_a_series_is_of_one_period_or_more(smallland_snapshot: Any, series: int) -> None:
    with pytest.raises(WrongQuestion, match="no series"):
        _granted(smallland_snapshot, REP, "trx", series=series)


@pytest.mark.parametrize("node", ["SM_N", "SM_N1a", "SM~unaligned", "nobody's"])
def test_who_stands_below_the_top_looks_over_no_other_hierarchy(smallland_snapshot: Any, node: str) -> None:
    """A leader of one region is still a leader by role: elsewhere nothing would bound what is seen."""
    steward = Visitor(id="steward", role="steward", hierarchy="field", node=None)
    assert may_enter(steward, smallland_snapshot, "medical") == ""
    whole = Visitor(id="m", role="medical_director", hierarchy="medical", node="ME")
    assert may_enter(whole, smallland_snapshot, "study") == ""
    part = Visitor(id="m", role="medical_director", hierarchy="medical", node=node.replace("SM", "ME"))
    with pytest.raises(Denied):
        may_enter(part, smallland_snapshot, "study")


def test_nobody_without_a_place_or_out_of_days_gets_in(smallland_snapshot: Any, smallland_home: Path) -> None:
    for role in ("national_leader", "rep", "msl", "site_manager", "medical_director"):
        home = {"msl": "medical", "medical_director": "medical", "site_manager": "study"}.get(role, "field")
        with pytest.raises(Denied):
            may_enter(Visitor(id="x", role=role, hierarchy=home, node=None), smallland_snapshot, home)
    gone = Visitor(id="x", role="rep", hierarchy="field", node="SM_N1a", to_date=date(2026, 11, 21))
    for look in (
        lambda: _granted(smallland_snapshot, gone, "trx"),
        lambda: cues_for(gone, smallland_snapshot),
        lambda: count_by_node(gone, smallland_snapshot, ["SM_N1a"]),
        lambda: annotations(gone, smallland_snapshot, "field", "SM_N1a", *EVER),
    ):
        with pytest.raises(Denied, match="not in force"):
            look()
    keeper = Visitor(id="x", role="steward", hierarchy="field", node=None, to_date=date(2026, 11, 21))
    with pytest.raises(Denied, match="not in force"):
        health(keeper, smallland_snapshot, Workspace.open(smallland_home))


def test_a_neighbours_unaligned_is_a_neighbour(smallland_snapshot: Any) -> None:
    for within in ("SM_S~unaligned", "SM~unaligned", "SM_S~unaligned~unaligned"):
        with pytest.raises(Denied):
            _granted(smallland_snapshot, DIRECTOR, "trx", within=within, by="territory")


def test_a_site_manager_of_one_study_sees_nothing_of_another(smallland_snapshot: Any) -> None:
    for by in ("study", "country", "site"):
        for within in (None, "S1"):
            rows = _ask(
                smallland_snapshot, SITES, "enrolled", "flagging_sites", within=within, by=by, product=None
            ).rows
            assert not [node for node in rows.node_id if str(node).startswith("S2")]
            assert len(rows)
    assert isinstance(rows, pd.DataFrame)


Key = tuple[str, str, pd.Timestamp, pd.Timestamp, str | None]


def _every_answer(
    snapshot: Any, metric: str, products: tuple[str | None, ...], every: int
) -> dict[Key, tuple[float | None, bool]]:
    """Every number that a leader is answered below every so-many-th node; and whether it is hidden for its few."""
    told: dict[Key, tuple[float | None, bool]] = {}
    asked: list[dict[str, Any]] = [{"series": 60}]
    asked += [{"window": each, "compare": "previous"} for each in ("C4W", "C13W", "QTD", "YTD", "R52")]
    asked += [{"window": each, "compare": "year"} for each in ("C4W", "C13W", "R52")]
    for hierarchy in (each for each in snapshot.hierarchies() if each.kind in ROLES[LEADER.role].hierarchy_kinds):
        for within, node in list(snapshot.nodes(hierarchy.id).items())[::every]:
            for by in hierarchy.levels[hierarchy.depth(node.level) :]:
                for product in products:
                    for each in asked:
                        question = {"hierarchy": hierarchy.id, "within": within, "by": by, "product": product, **each}
                        _note(told, _granted(snapshot, LEADER, metric, **question), snapshot, metric)
    return told


def _note(told: dict[Key, tuple[float | None, bool]], granted: GrantedQuery, snapshot: Any, metric: str) -> None:
    result = ask(granted, snapshot)
    for column in (metric, *([f"{metric}__{granted.compare}"] if granted.compare else [])):
        few = {each.node_id for each in result.withheld if each.metric == column and is_few(each.reason)}
        for row in result.rows.to_dict("records"):
            days = (row["period_start"], row["period_end"])
            if column != metric:
                before = span(snapshot.grain, snapshot.anchor, granted.window, str(granted.compare))
                days = (before.first, before.last)
            first, last = (pd.Timestamp(day) for day in days)
            value = None if pd.isna(row[column]) else float(row[column])
            key = (granted.hierarchy, row["node_id"], first, last, granted.product)
            now = (value, value is None and row["node_id"] in few)
            assert told.setdefault(key, now) == now, "the same number, however it is asked for"


def _heard(snapshot: Any, told: dict[Key, tuple[float | None, bool]]) -> tuple[Auditor, list[list[Any]]]:
    """Somebody who adds up what was told, row by row of what is known; and the small numbers that were hidden."""
    rows = snapshot.frame(
        "SELECT l.hierarchy, l.leaf, o.subject, o.product, o.period_start, o.period_end, o.quantity FROM outcome o "
        "JOIN place l ON l.subject = o.subject AND l.subject_kind = 'hcp' WHERE o.quantity <> 0"
    )
    rows["atom"] = list(zip(rows.leaf, rows["product"], rows.period_end, strict=True))
    auditor, small = Auditor(), []
    for (hierarchy, node, first, last, product), (value, few) in told.items():
        nodes = snapshot.nodes(hierarchy)
        leaves = {leaf for leaf in nodes if node in _above(nodes, leaf)}
        inside = rows[
            (rows.hierarchy == hierarchy) & rows.leaf.isin(leaves) & (rows.period_start >= first)
            & (rows.period_end <= last) & (rows["product"].eq(product) if product else True)
        ]  # fmt: skip
        if value is not None:
            assert value == float(inside.quantity.sum()), (node, first, last, product)
            auditor.sees(set(inside.atom), value)
        elif few and 0 < inside.subject.nunique() < 11:
            small.append(sorted(set(inside.atom)))
    return auditor, small


def _above(nodes: dict[str, Any], leaf: str) -> list[str]:
    found = [leaf]
    while nodes[found[-1]].parent:
        found.append(nodes[found[-1]].parent)
    return found


def _is_told_no_more(snapshot: Any, products: tuple[str | None, ...], every: int, most: int) -> None:
    auditor, small = _heard(snapshot, _every_answer(snapshot, "trx", products, every))
    assert len(auditor.seen) > 100 and small, "much is shown and something is hidden"
    tried = random.Random(7).sample(small, min(most, len(small)))
    assert not [each for each in auditor.bounds(tried) if known(each)]


def test_nobody_learns_a_hidden_number_from_all_that_is_answered(crowd: Any) -> None:
    """Asked through the door that pages, exports and the command line use: levels, parents, windows, periods."""
    _is_told_no_more(crowd, ("alfa", None), 5, 12)


@pytest.mark.slow
def test_nobody_learns_a_hidden_number_from_all_that_is_answered_of_everything(crowd: Any) -> None:
    _is_told_no_more(crowd, ("alfa", "rival", "beta", None), 1, 200)
