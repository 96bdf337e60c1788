"""Checks: each fault becomes one Finding that counts it, sound data has none, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.findings import Finding
from data.snapshot import assemble, open_snapshot
from tests import smallland
from tests.data.tinyland import Rows, aligned, met, node, outcome, tinyland

AS_OF = date(2026, 11, 22)
Change = Callable[[Rows], Any]


def findings(tmp_path: Path, rows: Rows, as_of: date = AS_OF) -> tuple[Finding, ...]:
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    assemble(workspace, as_of)
    return open_snapshot(workspace).findings()


def _exposure(**more: Any) -> dict[str, Any]:
    day = date(2026, 11, 10)
    row = {"exposure": "E1", "party": "A", "vendor": "v", "channel": "display", "event": "impression"}
    return {**row, "period_start": day, "period_end": day, "quantity": 1, **more}


def _coverage(feed: str, grain: str, last: date, fact: str = "interaction") -> dict[str, Any]:
    return {"feed": feed, "fact": fact, "grain": grain, "first": date(2026, 1, 1), "last": last}


def _spend(currency: str) -> dict[str, Any]:
    span = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31), "quantity": 5}
    return {"vendor": "v", "campaign": currency, "channel": "display", "currency": currency, **span}


FAULTS: list[tuple[str, str, int, Change]] = [
    ("party_unknown", "outcome.subject", 1, lambda r: r["outcome"].append(outcome("Z", 1))),
    ("party_unknown", "alignment.subject", 1, lambda r: r["alignment"].append(aligned("Z", "TL_Ra"))),
    ("product_unknown", "outcome.product", 1, lambda r: r["outcome"].append(outcome("A", 1, product="q"))),
    ("product_unknown", "basket.product", 1, lambda r: r.update(basket=[{"basket": "b", "product": "q"}])),
    ("roster_unknown", "interaction.actor", 1, lambda r: r["interaction"].append(met("I2", "A", "TL_Ra", actor="U7"))),
    ("value_unknown", "exposure.channel", 1, lambda r: r.update(exposure=[_exposure(channel="carrier pigeon")])),
    ("period_reversed", "interaction", 1,
     lambda r: r["interaction"].append(met("I2", "A", "TL_Ra", period_start=date(2026, 11, 11)))),
    ("quantity_negative", "outcome", 1, lambda r: r["outcome"].append(outcome("A", -1, payer="x"))),
    ("quantity_blank", "outcome", 1, lambda r: r["outcome"].append({**outcome("A", 1, payer="x"), "quantity": None})),
    ("nrx_above_trx", "outcome", 1, lambda r: r["outcome"].append(outcome("A", 1, payer="x", nrx=2))),
    ("alignment_node_unknown", "alignment", 1, lambda r: r["alignment"].__setitem__(0, aligned("A", "TL_X"))),
    ("node_of_roster_unknown", "roster", 1, lambda r: r["roster"].append({**r["roster"][0], "node": "TL_X"})),
    ("split_sum", "alignment", 2,
     lambda r: r["alignment"].extend(aligned("A", place, split=0.4, team="o") for place in ("TL_Ra", "TL_Rb"))),
    ("node_level", "node", 1, lambda r: r["node"].append(node("TL_Z", "moon", "TL"))),
    ("hierarchy_of_node_unknown", "node", 1, lambda r: r["node"].append(node("TL_Z", "nation", None, "other"))),
    ("after_as_of", "interaction", 1, lambda r: r["interaction"].append(met("I2", "A", "TL_Ra", day=date(2027, 3, 1)))),
    ("date_odd", "interaction", 1, lambda r: r["interaction"].append(met("I2", "A", "TL_Ra", day=date(1926, 11, 10)))),
    ("feed_stale", "coverage", 1, lambda r: r.update(coverage=[
        _coverage("old", "day", date(2026, 11, 7)), _coverage("fresh", "day", date(2026, 11, 8)),
        _coverage("goals", "day", date(2026, 1, 8), fact="goal")])),
    ("outcome_gap", "outcome", 1, lambda r: r["outcome"].append(outcome("A", 1, date(2026, 10, 23)))),
    ("currencies", "spend", 2, lambda r: r.update(spend=[_spend("USD"), _spend("EUR")])),
    ("opt_outs_old", "pdrp", 2, lambda r: r.update(pdrp=[
        {"party": "A", "opted_out": True, "from_date": date(2025, 1, 1), "listed": date(2026, 8, 23)},
        {"party": "B", "opted_out": True, "from_date": date(2026, 1, 1)}])),
    ("consent_expired", "consent", 1, lambda r: r.update(consent=[
        {"party": "A", "channel": "email", "opt": "in", "captured": date(2025, 1, 1), "expires": date(2026, 11, 21)}])),
]  # fmt: skip


def test_sound_data_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, tinyland()) == ()


@pytest.mark.parametrize(("code", "where", "count", "change"), FAULTS, ids=[f"{f[0]}:{f[1]}" for f in FAULTS])
def test_a_fault_becomes_one_finding_that_counts_it(
    tmp_path: Path, code: str, where: str, count: int, change: Change
) -> None:
    rows = tinyland()
    change(rows)
    found = [finding for finding in findings(tmp_path, rows) if (finding.code, finding.where) == (code, where)]
    assert [finding.rows for finding in found] == [count]
    assert found[0].what
    assert found[0].todo


def test_a_finding_names_three_examples_and_counts_the_others(tmp_path: Path) -> None:
    rows = tinyland()
    rows["outcome"] += [outcome("A", 1, product=f"q{number}") for number in range(5)]
    (found,) = (f for f in findings(tmp_path, rows) if f.code == "product_unknown")
    assert found.what == '"q0", "q1", "q2" and 2 more is in no row of product'


def test_persons_are_counted_and_never_named(tmp_path: Path) -> None:
    rows = tinyland()
    rows["outcome"].append(outcome("Zoe", 1))
    assert not [finding for finding in findings(tmp_path, rows) if "Zoe" in str(finding)]


def test_bricks_need_no_party(tmp_path: Path) -> None:
    rows = tinyland()
    rows["outcome"].append(outcome("brick 7", 1, subject_kind="brick"))
    assert "party_unknown" not in {finding.code for finding in findings(tmp_path, rows)}


def test_the_unaligned_are_counted_with_their_share_of_prescriptions(tmp_path: Path) -> None:
    rows = tinyland()
    del rows["alignment"][2]
    (found,) = (f for f in findings(tmp_path, rows) if f.code == "unaligned")
    assert (found.where, found.rows) == ("hierarchy field", 1)
    assert "57.1 %" in found.what


def test_a_medical_hierarchy_is_never_told_in_prescriptions(tmp_path: Path) -> None:
    found = {
        f.where: f.what for f in findings(tmp_path, smallland.smallland()) if f.code == "unaligned" and "hcp" in f.what
    }
    assert "prescriptions" in found["hierarchy field"]
    assert "prescriptions" not in found["hierarchy medical"]


def test_an_as_of_far_after_the_outcome_is_doubted(tmp_path: Path) -> None:
    codes = {finding.code for finding in findings(tmp_path, tinyland(), as_of=date(2062, 3, 1))}
    assert "as_of_far" in codes


def test_the_gravest_come_first(tmp_path: Path) -> None:
    rows = tinyland()
    rows["outcome"] += [outcome("Z", 1), outcome("A", 1, product="q"), {**outcome("A", 1, payer="x"), "quantity": None}]
    rows["exposure"] = [_exposure(channel="carrier pigeon")]
    ranks = [("error", "warning", "note").index(finding.severity) for finding in findings(tmp_path, rows)]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_smallland_s_only_findings_are_those_it_was_drawn_with(tmp_path: Path) -> None:
    found = {(finding.code, finding.where) for finding in findings(tmp_path, smallland.smallland())}
    assert found == {("unaligned", "hierarchy field"), ("unaligned", "hierarchy medical")}
