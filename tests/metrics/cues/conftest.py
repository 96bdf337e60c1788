"""Cueland: one region, two districts, eight territories; sixty HCPs; every cue can be made to fire and not to fire.

Friday 2026-11-13 is the anchor, Sunday 2026-11-22 the day of the data. Each HCP writes three scripts of "ours" and
seven of "theirs" a week for sixty weeks. HCP k stands in territory T(k mod 8); T0..T3 form D0, T4..T7 form D1.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import duckdb
import pytest

from metrics.cues.scene import Scene

AS_OF, ANCHOR = date(2026, 11, 22), date(2026, 11, 13)
WEEKS = [ANCHOR - timedelta(weeks=back) for back in range(59, -1, -1)]
HCPS = [f"H{k:02}" for k in range(60)]
Put = Callable[..., None]

_FIELD = {"R": "N", "D0": "R", "D1": "R", **{f"T{k}": f"D{k // 4}" for k in range(8)}}
_LEVELS = {"N": ("nation", 0), "R": ("region", 1), "D": ("district", 2), "T": ("territory", 3)}


def _tree(hierarchy: str, parents: dict[str, str], levels: dict[str, tuple[str, int]]) -> list[list[object]]:
    rows: list[list[object]] = []
    for node in {*parents, *parents.values()}:
        level, depth = levels[node[0]]
        above: str | None = node
        while above is not None:
            rows.append([hierarchy, above, node, level, depth])
            above = parents.get(above)
    return rows


@pytest.fixture
def land(con: duckdb.DuckDBPyConnection, put: Put) -> Scene:
    """Cueland without anything to say: a test adds what it needs."""
    columns = ["hierarchy", "kind", "name", "levels", "subject", "subject_kinds"]
    put("hierarchy", columns, [
        ["f", "field", "Field", "nation > region > district > territory", "HCP", "hcp"],
        ["m", "medical", "Medical", "nation > MSL territory", "HCP", "hcp,site"],
        ["s", "study", "Studies", "study > country", "site", "site"],
    ])  # fmt: skip
    tree = _tree("f", _FIELD, _LEVELS)
    tree += _tree("m", {"X1": "M"}, {"M": ("nation", 0), "X": ("MSL territory", 1)})
    tree += _tree("s", {"C1": "S1"}, {"S": ("study", 0), "C": ("country", 1)})
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], tree)
    names = [["f", node, f"Place {node}"] for node in ("N", *_FIELD)]
    put("node", ["hierarchy", "node", "name"], names)
    places = [["f", hcp, f"T{k % 8}", "hcp"] for k, hcp in enumerate(HCPS)]
    places += [["m", hcp, "X1", "hcp"] for hcp in HCPS]
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], places)
    put("product", ["product", "name", "own"], [["ours", "Ours", True], ["theirs", "Theirs", False]])
    scopes = [["own", "ours", "ours"], ["basket", "ours", "ours"], ["basket", "ours", "theirs"]]
    put("product_scope", ["scope", "asked", "product"], scopes)
    spans = [[str(end), "period", None, "current", end - timedelta(days=6), end] for end in WEEKS]
    spans.append(["now", "window", "C13W", "current", WEEKS[-13] - timedelta(days=6), ANCHOR])
    spans.append(["then", "window", "C13W", "previous", WEEKS[-26] - timedelta(days=6), WEEKS[-14]])
    put("span", ["span", "kind", "win", "shift", "first", "last"], spans)
    con.execute(
        """
        INSERT INTO working_day
        SELECT CAST(d AS DATE), CAST(count(*) FILTER (WHERE dayofweek(d) BETWEEN 1 AND 5) OVER (ORDER BY d) AS INTEGER)
        FROM range(TIMESTAMP '2025-01-01', TIMESTAMP '2027-12-31', INTERVAL 1 DAY) t(d);
        INSERT INTO outcome (subject_kind, subject, product, period_start, period_end, quantity)
        SELECT 'hcp', p.subject, x.product, s.first, s.last, x.quantity FROM place p
        CROSS JOIN (VALUES ('ours', 3), ('theirs', 7)) x(product, quantity) JOIN span s ON s.kind = 'period'
        WHERE p.hierarchy = 'f';
        CREATE TABLE bridge (hierarchy VARCHAR, node VARCHAR, win VARCHAR, shift VARCHAR, product VARCHAR,
            masked BOOLEAN, position INTEGER, factor VARCHAR, quantity DECIMAL(18,4), people BIGINT);
        CREATE TABLE inquiry_state (inquiry VARCHAR, party VARCHAR, product VARCHAR, urgency VARCHAR,
            received_at TIMESTAMP, responded_at TIMESTAMP, due_at TIMESTAMP);
        CREATE TABLE finding (position INTEGER, code VARCHAR, severity VARCHAR, what VARCHAR, "where" VARCHAR,
            todo VARCHAR, rows BIGINT);
        CREATE TABLE study_finish (study VARCHAR, as_at DATE, enrolled DOUBLE, target DOUBLE, planned DATE,
            early DATE, middle DATE, late DATE, chance DOUBLE);
        INSERT INTO coverage (feed, fact, first, last, grain) SELECT f, f, DATE '2025-10-01', DATE '2026-11-20', 'day'
        FROM (VALUES ('interaction'), ('exposure'), ('exchange')) t(f);
        """
    )
    return Scene(con, AS_OF, ANCHOR, "week")


YEARS = {"previous": (date(2024, 1, 1), date(2024, 12, 31)), "current": (date(2025, 1, 1), date(2025, 12, 31))}


@pytest.fixture
def years(con: duckdb.DuckDBPyConnection, put: Put) -> Scene:
    """Two years of 320 HCPs: nation > region R0, R1 > state S0..S3 > county K0..K7, forty HCPs a county.

    HCP k stands in county K(k mod 8) and writes about 150 of "ours" and 350 of "theirs" a year, a few more or fewer
    than the year before. The source hides counts below 100 and says nothing of whom it leaves out.
    """
    columns = ["hierarchy", "kind", "name", "levels", "subject", "subject_kinds"]
    put("hierarchy", columns, [["g", "geography", "Land", "nation > region > state > county", "HCP", "hcp,practice"]])
    parents = {"R0": "N", "R1": "N", **{f"S{k}": f"R{k // 2}" for k in range(4)}}
    parents |= {f"K{k}": f"S{k // 2}" for k in range(8)}
    levels = {"N": ("nation", 0), "R": ("region", 1), "S": ("state", 2), "K": ("county", 3)}
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], _tree("g", parents, levels))
    put("node", ["hierarchy", "node", "name"], [["g", node, f"Place {node}"] for node in ("N", *parents)])
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"],
        [["g", f"Y{k:03}", f"K{k % 8}", "hcp"] for k in range(320)])  # fmt: skip
    put("product", ["product", "name", "own"], [["ours", "Ours", True], ["theirs", "Theirs", False]])
    scopes = [["own", "ours", "ours"], ["basket", "ours", "ours"], ["basket", "ours", "theirs"]]
    put("product_scope", ["scope", "asked", "product"], scopes)
    put("basket", ["basket", "product"], [["b", "ours"], ["b", "theirs"]])
    put("span", ["span", "kind", "win", "shift", "first", "last"],
        [[shift, "window", "Y", shift, *days] for shift, days in YEARS.items()])  # fmt: skip
    put("coverage", ["feed", "fact", "first", "last", "grain", "absent"], [
        [fact, fact, YEARS["previous"][0], YEARS["current"][1], "year", "unknown"]
        for fact in ("outcome", "interaction")
    ])  # fmt: skip
    rows = []
    for k in range(320):
        for shift, odd in (("previous", (7 * k) % 23 - 11), ("current", (5 * k) % 19 - 9)):
            rows.append(["hcp", f"Y{k:03}", "ours", *YEARS[shift], 150 + odd, None])
            rows.append(["hcp", f"Y{k:03}", "theirs", *YEARS[shift], 350, None])
    put("outcome", ["subject_kind", "subject", "product", "period_start", "period_end", "quantity", "below"], rows)
    return Scene(con, YEARS["current"][1], YEARS["current"][1], "year")
