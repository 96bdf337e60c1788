"""Smallland: a company small enough to check every number by eye, staged as if it had been imported.

Time. Weeks end on Friday: 60 of them, the last one (the anchor) on 2026-11-13; as_of is Sunday 2026-11-22.
C13W runs 2026-08-15..2026-11-13, the 13 weeks before 2026-05-16..2026-08-14. Working days are Monday to
Friday but for 2026-09-07.

Field: nation > region > district > territory > HCP                Medical: nation > medical region > MSL territory
    SM Smallland                                                       ME Smallland medical
    |- SM_N North                                                      |- ME_R Medical region
    |  `- SM_N1 Lakes                                                     |- ME_R1  H01..H06, sites S1-01, S1-02
    |     |- SM_N1a Shore   H01 H02 H03 H04  site S1-01 S1-02             `- ME_R2  H07..H11, sites S1-03, S2-01
    |     `- SM_N1b Island  H05 H06 H07                                (H12: ME~unaligned~unaligned)
    |- SM_S South
    |  |- SM_S1 Hills                                              Study: study > country > site
    |  |  `- SM_S1a Valley  H08 H09 H10      site S1-03                S1 First study:  S1-SM: S1-01, S1-02
    |  `- (H11, known to the region only: SM_S~unaligned~unaligned)                      S1-NX: S1-03
    `- (H12, S2-01 and media shown to nobody known:                    S2 Second study: S2-SM: S2-01
        SM~unaligned~unaligned~unaligned)

Products. alfa and beta are ours, rival is not. Market "a" holds alfa and rival; market "b" holds beta
alone, so beta has no share. Each HCP Hk has k alfa a week, k + 1 in each of the last 13 weeks; every HCP
has 10 rival a week; H01..H06 have 2 beta a week. So over C13W, and over the 13 weeks before:
    alfa, nation      13 x (78 + 12) = 1,170      before 13 x 78 = 1,014
    alfa, SM_N1a      13 x (10 + 4)  =   182      before 13 x 10 =   130
    alfa, SM_S        13 x (38 + 4)  =   546      of it H11, under SM_S~unaligned, 13 x 12 = 156
    alfa, unaligned   13 x (12 + 1)  =   169      (H12)
    rival, nation     13 x 120       = 1,560      the same before
    beta, nation      13 x 12        =   156      the same before
    alfa's share      1,170 / 2,730  = 42.857 %   before 1,014 / 2,574 = 39.394 %
    alfa's goal       13 x (78 + 24) = 1,326      k + 2 a week and HCP, for the last 26 weeks; before the same
    alfa's attainment 1,170 / 1,326  = 88.235 %
NRx of an alfa or beta row is 1, of a rival row 5. H03 has opted out of prescriber data (PDRP); H04 had
opted out and came back: without H03 the nation's alfa is 1,170 - 13 x 4 = 1,118.

Field. Calls in C13W: C1 H01, C2 H02, C3 H02, C4 a group call with H03 and H04 (all by U01 at SM_N1a), C5 H05
(U02 at SM_N1b), C6 H06 (the district manager U03 at SM_N1, so it counts at SM_N1~unaligned), C7 H08 (U01 at
SM_N1a, though H08 lives in SM_S1a). That is 7 calls, 8 interactions, 7 persons met. C8 H01 lies before, C9
H01 after the anchor. SM_S1a is vacant. The plan's cycle is C13W itself: H01 4, H02 4, H03 2, H05 4, H08 4 calls
of alfa = 18 planned for 5 targets; calls made of those planned 1 + 2 + 1 + 1 + 1 = 6, so attainment is 33.3 %.

Media in C13W, vendor adnet, alfa: impressions H01 10, H05 3, nobody known 7 = 20, matched 13 / 20 = 65 %; one click
(H01). One rep-sent e-mail to H02, opened. Spend in US dollars: September 600, October 1,000. In July: 5 impressions
of H08, spend 500.

Medical. Exchanges: H01 (U07, ME_R1), H07 (U08, ME_R2, reactive). Expert plan: H01 2, H07 1, H09 1 exchanges, so
2 of 3 experts are covered. Inquiries: Q1 H01 answered in time, Q2 H02 late, Q3 H08 open and not yet due on the anchor,
Q4 from nobody known, in time.

Sites, weekly counts up to the anchor, 0.5 planned a week and site once open:
    S1-01  open 40 weeks   enrols 1 a week                      40 of 20 planned   screens 2 a week, 1 fails
    S1-02  open 40 weeks   enrols 1 in the first 5 weeks, then none      5 of 20   (the flagging one)
    S1-03  open 20 weeks   enrols 1 every second week                   10 of 10
    S2-01  open 30 weeks   enrols 1 a week                              30 of 15
Nobody here exists.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data.contract import CONTRACT
from data.workspace import Workspace

Rows = dict[str, list[dict[str, Any]]]

AS_OF = date(2026, 11, 22)
ANCHOR = date(2026, 11, 13)
WEEKS = tuple(ANCHOR - timedelta(days=7 * back) for back in range(59, -1, -1))
HCPS = tuple(f"H{number:02d}" for number in range(1, 13))
C13W = (date(2026, 8, 15), ANCHOR)

TERRITORY = {
    **dict.fromkeys(("H01", "H02", "H03", "H04"), "SM_N1a"),
    **dict.fromkeys(("H05", "H06", "H07"), "SM_N1b"),
    **dict.fromkeys(("H08", "H09", "H10"), "SM_S1a"),
    "H11": "SM_S",
}
MSL_TERRITORY = {hcp: "ME_R1" if hcp < "H07" else "ME_R2" for hcp in HCPS[:11]}
SITES = {"S1-01": ("S1", "SM", 40), "S1-02": ("S1", "SM", 40), "S1-03": ("S1", "NX", 20), "S2-01": ("S2", "SM", 30)}


def workspace(home: Path, *, shuffle: int | None = None, rows: Rows | None = None) -> Workspace:
    """A workspace with Smallland (or `rows`) staged in it. `shuffle` seeds another order of the rows."""
    made = Workspace.create(home)
    stage(made, smallland() if rows is None else rows, shuffle=shuffle)
    return made


def stage(workspace: Workspace, rows: Rows, name: str = "000001-smallland", shuffle: int | None = None) -> None:
    """Write rows as one import's staged Parquet files; columns that a row does not name are empty."""
    directory = workspace.staged / name
    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 1}) as con:
        for table, own in rows.items():
            ordered = list(own)
            if shuffle is not None:
                random.Random(shuffle).shuffle(ordered)
            _write(con, directory / f"{table}.parquet", table, ordered)


def _write(con: duckdb.DuckDBPyConnection, path: Path, table: str, rows: list[dict[str, Any]]) -> None:
    columns = CONTRACT[table].columns
    unknown = {name for row in rows for name in row} - {column.name for column in columns}
    assert not unknown, f"{table} has no column {unknown}"
    typed = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in columns)
    con.register("rows", pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object))
    numbered = "'smallland' AS _feed, CAST(row_number() OVER () AS BIGINT) AS _source_row"
    con.execute(f"COPY (SELECT {typed}, {numbered} FROM rows) TO '{path}' (FORMAT parquet)")


def smallland() -> Rows:
    """Every staged row of Smallland by table; a test may change it before it stages it."""
    return {**_reference(), **_outcome(), **_field(), **_media(), **_medical(), **_sites(), **_privacy()}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _week(end: date, quantity: float) -> dict[str, Any]:
    return {"period_start": end - timedelta(days=6), "period_end": end, "quantity": quantity}


def _on(day: str, quantity: float = 1) -> dict[str, Any]:
    return {"period_start": _day(day), "period_end": _day(day), "quantity": quantity}


def _cycle(quantity: float) -> dict[str, Any]:
    return {"period_start": C13W[0], "period_end": C13W[1], "quantity": quantity}


def _node(hierarchy: str, level: str, *nodes: tuple[str, str | None, str]) -> list[dict[str, Any]]:
    return [
        {"hierarchy": hierarchy, "level": level, "node": node, "parent": up, "name": name} for node, up, name in nodes
    ]


def _reference() -> Rows:
    aligned = [("hcp", hcp, "field", node) for hcp, node in TERRITORY.items()]
    aligned += [("hcp", hcp, "medical", node) for hcp, node in MSL_TERRITORY.items()]
    aligned += [
        ("site", "S1-01", "field", "SM_N1a"),
        ("site", "S1-02", "field", "SM_N1a"),
        ("site", "S1-03", "field", "SM_S1a"),
    ]
    aligned += [("site", site, "medical", "ME_R1" if site < "S1-03" else "ME_R2") for site in SITES]
    aligned += [("site", site, "study", f"{study}-{country}") for site, (study, country, _) in SITES.items()]
    posts = [
        ("U01", "rep", "field", "SM_N1a"),
        ("U02", "rep", "field", "SM_N1b"),
        (None, "rep", "field", "SM_S1a"),
        ("U03", "district_manager", "field", "SM_N1"),
        ("U04", "district_manager", "field", "SM_S1"),
        ("U05", "regional_director", "field", "SM_N"),
        ("U06", "national_leader", "field", "SM"),
        ("U07", "msl", "medical", "ME_R1"),
        ("U08", "msl", "medical", "ME_R2"),
    ]
    first = WEEKS[0] - timedelta(days=6)
    days = [first + timedelta(days=step) for step in range((date(2026, 12, 31) - first).days + 1)]
    return {
        "party": [
            *(
                {"party": hcp, "kind": "hcp", "specialty": "cardiology" if hcp < "H07" else "family", "access": "open"}
                for hcp in HCPS
            ),
            *({"party": site, "kind": "site", "label": f"Site {site}"} for site in SITES),
            {"party": "O1", "kind": "hco", "label": "Shore clinic"},
        ],
        "affiliation": [{"party": "H01", "parent": "O1", "from_date": _day("2024-01-01")}],
        "hierarchy": [
            {
                "hierarchy": "field",
                "kind": "field",
                "name": "Field",
                "levels": "nation > region > district > territory",
                "subject": "HCP",
                "subject_kinds": "hcp,site",
            },
            {
                "hierarchy": "medical",
                "kind": "medical",
                "name": "Medical",
                "levels": "nation > medical region > MSL territory",
                "subject": "HCP",
                "subject_kinds": "hcp,site",
            },
            {
                "hierarchy": "study",
                "kind": "study",
                "name": "Studies",
                "levels": "study > country",
                "subject": "site",
                "subject_kinds": "site",
            },
        ],
        "node": [
            *_node("field", "nation", ("SM", None, "Smallland")),
            *_node("field", "region", ("SM_N", "SM", "North"), ("SM_S", "SM", "South")),
            *_node("field", "district", ("SM_N1", "SM_N", "Lakes"), ("SM_S1", "SM_S", "Hills")),
            *_node(
                "field",
                "territory",
                ("SM_N1a", "SM_N1", "Shore"),
                ("SM_N1b", "SM_N1", "Island"),
                ("SM_S1a", "SM_S1", "Valley"),
            ),
            *_node("medical", "nation", ("ME", None, "Smallland medical")),
            *_node("medical", "medical region", ("ME_R", "ME", "Medical region")),
            *_node("medical", "MSL territory", ("ME_R1", "ME_R", "Medical west"), ("ME_R2", "ME_R", "Medical east")),
            *_node("study", "study", ("S1", None, "First study"), ("S2", None, "Second study")),
            *_node(
                "study",
                "country",
                ("S1-SM", "S1", "S1 in Smallland"),
                ("S1-NX", "S1", "S1 in Nextland"),
                ("S2-SM", "S2", "S2 in Smallland"),
            ),
        ],
        "alignment": [
            {
                "subject_kind": kind,
                "subject": subject,
                "hierarchy": hierarchy,
                "node": node,
                "team": "core",
                "from_date": _day("2025-01-01"),
            }
            for kind, subject, hierarchy, node in aligned
        ],
        "roster": [
            {
                "actor": actor,
                "role": role,
                "hierarchy": hierarchy,
                "node": node,
                "team": "core",
                "status": "active" if actor else "vacant",
            }
            for actor, role, hierarchy, node in posts
        ],
        "product": [
            {"product": "alfa", "name": "Alfa", "own": True},
            {"product": "beta", "name": "Beta", "own": True},
            {"product": "rival", "name": "Rival", "own": False},
        ],
        "basket": [
            {"basket": "a", "product": "alfa", "name": "Market A"},
            {"basket": "a", "product": "rival", "name": "Market A"},
            {"basket": "b", "product": "beta", "name": "Market B"},
        ],
        "calendar": [
            {"country": "SM", "date": day, "working": day.weekday() < 5 and day != _day("2026-09-07")} for day in days
        ],
        "annotation": [{"date": _day("2026-10-01"), "product": "alfa", "text": "New pack of Alfa"}],
        "coverage": [
            {
                "feed": f"smallland.{fact}",
                "fact": fact,
                "grain": grain,
                "first": first,
                "last": ANCHOR,
                "complete_from": first,
                "published": False,
            }
            for fact, grain in (
                ("outcome", "week"),
                ("goal", "week"),
                ("interaction", "day"),
                ("plan", "day"),
                ("exposure", "day"),
                ("spend", "month"),
                ("exchange", "day"),
                ("expert_plan", "day"),
                ("inquiry", "day"),
                ("enrolment", "week"),
            )
        ],
    }


def _outcome() -> Rows:
    outcome, goal = [], []
    for number, hcp in enumerate(HCPS, 1):
        for index, end in enumerate(WEEKS):
            volumes = {"alfa": (number + (index >= 47), 1), "rival": (10, 5), "beta": (2, 1)}
            for product, (quantity, nrx) in volumes.items():
                if product != "beta" or number <= 6:
                    outcome.append(
                        {"subject_kind": "hcp", "subject": hcp, "product": product, "nrx": nrx, **_week(end, quantity)}
                    )
            if index >= 34:
                goal.append({"subject_kind": "hcp", "subject": hcp, "product": "alfa", **_week(end, number + 2)})
    return {"outcome": outcome, "goal": goal}


def _field() -> Rows:
    calls = [
        ("C1", "H01", "U01", "SM_N1a", "in_person", "2026-09-01"),
        ("C2", "H02", "U01", "SM_N1a", "in_person", "2026-09-08"),
        ("C3", "H02", "U01", "SM_N1a", "video", "2026-10-06"),
        ("C4", "H03", "U01", "SM_N1a", "in_person", "2026-10-13"),
        ("C4", "H04", "U01", "SM_N1a", "in_person", "2026-10-13"),
        ("C5", "H05", "U02", "SM_N1b", "in_person", "2026-09-15"),
        ("C6", "H06", "U03", "SM_N1", "in_person", "2026-10-20"),
        ("C7", "H08", "U01", "SM_N1a", "phone", "2026-10-27"),
        ("C8", "H01", "U01", "SM_N1a", "in_person", "2026-06-02"),
        ("C9", "H01", "U01", "SM_N1a", "in_person", "2026-11-17"),
    ]
    met = [
        {
            "interaction": f"{call}-{hcp}",
            "call_id": call,
            "party": hcp,
            "actor": actor,
            "hierarchy": "field",
            "node": node,
            "product": "alfa",
            **_on(day),
        }
        for call, hcp, actor, node, _, day in calls
    ]
    channels = [channel for *_, channel, _ in calls]
    where = {"actor": "U01", "hierarchy": "field", "node": "SM_N1a"}
    return {
        "interaction": [
            {**row, "channel": channel, "submitted": row["period_start"]}
            for row, channel in zip(met, channels, strict=True)
        ],
        "detail": [{**row, "position": 1} for row in met],
        "sample": [{"sample": "A1", "party": "H01", **where, "product": "alfa", **_on("2026-09-01", 5)}],
        "time_off": [{**where, **_on("2026-09-21")}],
        "plan": [
            {
                "party": hcp,
                "hierarchy": "field",
                "node": TERRITORY[hcp],
                "product": "alfa",
                "cycle": "autumn",
                "tier": tier,
                **_cycle(calls),
            }
            for hcp, tier, calls in (
                ("H01", "A", 4),
                ("H02", "A", 4),
                ("H03", "B", 2),
                ("H05", "A", 4),
                ("H08", "A", 4),
            )
        ],
    }


def _media() -> Rows:
    shown = [
        ("E1", "H01", "display", "impression", "2026-10-05", 10),
        ("E2", "H05", "display", "impression", "2026-10-06", 3),
        ("E3", None, "display", "impression", "2026-10-07", 7),
        ("E4", "H01", "display", "click", "2026-10-05", 1),
        ("E5", "H02", "rep_email", "sent", "2026-10-08", 1),
        ("E6", "H02", "rep_email", "opened", "2026-10-09", 1),
        ("E7", "H08", "display", "impression", "2026-07-01", 5),
    ]
    exposure = []
    for id, hcp, channel, event, day, quantity in shown:
        sent = channel == "rep_email"
        source = (
            {"vendor": "crm", "actor": "U01", "tracking": True} if sent else {"vendor": "adnet", "campaign": "autumn"}
        )
        exposure.append(
            {
                "exposure": id,
                "party": hcp,
                "channel": channel,
                "event": event,
                "product": "alfa",
                **source,
                **_on(day, quantity),
            }
        )
    months = (("2026-07-01", "2026-07-31", 500), ("2026-09-01", "2026-09-30", 600), ("2026-10-01", "2026-10-31", 1000))
    bill = {"vendor": "adnet", "campaign": "autumn", "channel": "display", "product": "alfa", "currency": "USD"}
    spend = [
        {**bill, "period_start": _day(first), "period_end": _day(last), "quantity": amount}
        for first, last, amount in months
    ]
    return {"exposure": exposure, "spend": spend}


def _medical() -> Rows:
    west = {"actor": "U07", "hierarchy": "medical", "node": "ME_R1"}
    east = {"actor": "U08", "hierarchy": "medical", "node": "ME_R2"}
    asked = [
        ("Q1", "H01", west, "2026-10-01 09:00", "2026-10-02 10:00", "2026-10-05 09:00"),
        ("Q2", "H02", west, "2026-10-05 09:00", "2026-10-20 10:00", "2026-10-08 09:00"),
        ("Q3", "H08", east, "2026-11-12 09:00", None, "2026-11-17 09:00"),
        ("Q4", None, {}, "2026-10-12 09:00", "2026-10-13 10:00", "2026-10-15 09:00"),
    ]
    return {
        "exchange": [
            {
                "exchange": "X1",
                "party": "H01",
                **west,
                "channel": "in_person",
                "reactive": False,
                "topic": "T1",
                **_on("2026-09-10"),
            },
            {
                "exchange": "X2",
                "party": "H07",
                **east,
                "channel": "video",
                "reactive": True,
                "topic": "T2",
                **_on("2026-10-15"),
            },
        ],
        "expert_plan": [
            {
                "party": hcp,
                "hierarchy": "medical",
                "node": MSL_TERRITORY[hcp],
                "cycle": "autumn",
                "tier": tier,
                **_cycle(planned),
            }
            for hcp, tier, planned in (("H01", "national", 2), ("H07", "regional", 1), ("H09", "regional", 1))
        ],
        "congress": [{"congress": "CG1", "party": "H01", **west, "held": True, **_on("2026-09-11")}],
        "inquiry": [
            {
                "inquiry": id,
                "party": hcp,
                **where,
                "product": "alfa",
                "topic": "T1",
                "on_label": "yes",
                "urgency": "standard",
                "received_at": datetime.fromisoformat(received),
                "due_at": datetime.fromisoformat(due),
                "responded_at": datetime.fromisoformat(responded) if responded else None,
                **_on(received[:10]),
            }
            for id, hcp, where, received, responded, due in asked
        ],
        "insight": [{"insight": "I1", "party": "H01", **west, "topic": "T1", "actionable": True, **_on("2026-09-10")}],
    }


def _enrols(site: str, week: int) -> int:
    """Subjects that a site enrols in its week number 0, 1, 2, ..."""
    if site == "S1-02":
        return int(week < 5)
    return int(week % 2 == 0) if site == "S1-03" else 1


def _sites() -> Rows:
    sites, milestones, enrolment = [], [], []
    for site, (study, country, weeks) in SITES.items():
        opened = WEEKS[-weeks] - timedelta(days=6)
        sites.append(
            {
                "site": site,
                "study": study,
                "country": country,
                "status": "open",
                "activated": opened,
                "target": 30,
                "plan_rate": 0.5,
                "investigator": f"H0{1 + len(sites)}",
            }
        )
        milestones.append({"site": site, "milestone": "activated", "planned": opened, "actual": opened})
        for week, end in enumerate(WEEKS[-weeks:]):
            counts = [("enrolled", "planned", None, 0.5), ("enrolled", "actual", None, _enrols(site, week))]
            if site == "S1-01":
                counts += [("screened", "actual", None, 2), ("screen_failed", "actual", "eligibility", 1)]
            enrolment += [
                {"site": site, "study": study, "event": event, "basis": basis, "reason": reason, **_week(end, subjects)}
                for event, basis, reason, subjects in counts
                if subjects
            ]
    studies = [
        {
            "study": study,
            "name": name,
            "phase": "3",
            "status": "recruiting",
            "target": 100,
            "start": WEEKS[-40],
            "finish": _day("2027-12-31"),
        }
        for study, name in (("S1", "First study"), ("S2", "Second study"))
    ]
    return {"study": studies, "site": sites, "milestone": milestones, "enrolment": enrolment}


def _privacy() -> Rows:
    return {
        "consent": [
            {
                "party": "H01",
                "channel": "email",
                "opt": "in",
                "captured": _day("2025-01-10"),
                "expires": _day("2027-01-10"),
            },
            {
                "party": "H02",
                "channel": "email",
                "opt": "in",
                "captured": _day("2024-12-01"),
                "expires": _day("2026-12-01"),
            },
            {"party": "H03", "channel": "email", "opt": "out", "captured": _day("2026-01-01")},
        ],
        "pdrp": [
            {"party": "H03", "opted_out": True, "from_date": _day("2026-01-01")},
            {"party": "H04", "opted_out": True, "from_date": _day("2025-01-01")},
            {"party": "H04", "opted_out": False, "from_date": _day("2026-02-01"), "listed": _day("2026-10-01")},
        ],
    }
