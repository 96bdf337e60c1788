"""Whether the data is of its time: stale feeds, missing periods, dates that lie in the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data.checks.check import Check
from data.contract import CONTRACT
from data.dating import HAPPENED
from data.engine.duckdb import literal, quoted

# Days after which a feed that should have come again is stale, by its grain.
_STALE = {"day": 14, "week": 21, "month": 62, "year": 430}
# Companies look at the list of opted-out physicians once a quarter at least and have 90 days to follow it
# (ismanet.org, AMA Physician Data Restriction Program). An opt-out ends by the list's own dates alone.
_LIST_DAYS = 90
# A last outcome period this many days before as_of is an old feed, or as_of a mistyped date.
_FAR = {"week": 45, "month": 100, "year": 800}
_STEP = {"week": "INTERVAL 7 DAY", "month": "INTERVAL 1 MONTH", "year": "INTERVAL 1 YEAR"}


def checks(as_of: date, anchor: date, grain: str | None) -> Iterator[Check]:
    """Feeds that stopped, periods that are missing, dates that cannot be."""
    day = f"DATE {literal(as_of.isoformat())}"
    yield from _dates(day)
    yield from _feeds(day)
    if grain:
        yield from _outcome(as_of, anchor, grain)


def _dates(day: str) -> Iterator[Check]:
    for name, which in HAPPENED.items():
        yield Check(
            code="after_as_of",
            severity="warning",
            where=name,
            what="rows are dated after as_of; no window reaches them",
            todo="Correct mistyped dates, or build with a later --as-of.",
            sql=f"SELECT '', count(*) FROM {quoted(name)} WHERE {which} AND period_start > {day}",
        )
    for name in sorted(name for name, table in CONTRACT.items() if table.is_fact):
        yield Check(
            code="date_odd",
            severity="error",
            where=name,
            what="rows lie before 1990 or more than fifty years ahead",
            todo="Correct the mistyped dates.",
            sql=f"""SELECT '', count(*) FROM {quoted(name)}
                    WHERE period_start < DATE '1990-01-01' OR period_end > {day} + 18263""",
        )


def _feeds(day: str) -> Iterator[Check]:
    limit = " ".join(f"WHEN {literal(grain)} THEN {days}" for grain, days in _STALE.items())
    facts = ", ".join(literal(name) for name in HAPPENED)
    yield Check(
        code="feed_stale",
        severity="warning",
        where="coverage",
        what="feed {examples} has brought nothing new for long",
        todo="Ask for the missing delivery; its windows are marked until it comes.",
        sql=f"""SELECT feed, 1 FROM coverage
                WHERE fact IN ({facts}) AND {day} - "last" > CASE grain {limit} END""",
    )
    yield Check(
        code="consent_expired",
        severity="note",
        where="consent",
        what="consents have ended by as_of",
        todo="Ask for them anew before writing.",
        sql=f"SELECT '', count(*) FROM consent WHERE opt = 'in' AND expires < {day}",
    )
    yield Check(
        code="opt_outs_old",
        severity="warning",
        where="pdrp",
        what=f"the list of opted-out physicians is of {{examples}}, more than {_LIST_DAYS} days ago",
        todo="Fetch the list anew (PDRP, once a quarter at least); until then those on it stay opted out.",
        sql=f"""SELECT CAST(max(coalesce(listed, from_date)) AS VARCHAR), count(*) FROM pdrp
                HAVING {day} - max(coalesce(listed, from_date)) > {_LIST_DAYS}""",
    )
    yield Check(
        code="currencies",
        severity="error",
        where="spend",
        what="spend is in more than one currency ({examples}), which cannot be summed",
        todo="Convert it to one currency before importing.",
        sql="SELECT currency, count(*) FROM spend WHERE (SELECT count(DISTINCT currency) FROM spend) > 1 GROUP BY 1",
    )


def _outcome(as_of: date, anchor: date, grain: str) -> Iterator[Check]:
    """Holes in the outcome, and an anchor far behind as_of."""
    last = f"DATE {literal(anchor.isoformat())}"
    yield Check(
        code="outcome_gap",
        severity="error",
        where="outcome",
        what=f"no row at all for the {grain} of {{examples}}",
        todo="Import the missing delivery; sums over it are too small until then.",
        sql=f"""
            SELECT CAST(CAST(d.day AS DATE) AS VARCHAR), 1
            FROM (SELECT unnest(generate_series(min(period_start), {last}, {_STEP[grain]})) AS day FROM outcome) d
            WHERE NOT EXISTS (FROM outcome o WHERE d.day BETWEEN o.period_start AND o.period_end)""",
    )
    if grain == "week":
        yield Check(
            code="week_off_beat",
            severity="error",
            where="outcome",
            what="weeks ending on {examples} end on another weekday than the others, and lie across them",
            todo="Correct the dates (day and month may be swapped); until then windows hold parts of them.",
            sql="""
                SELECT CAST(period_end AS VARCHAR), count(*) FROM outcome
                WHERE isodow(period_end) <> (SELECT mode(isodow(period_end)) FROM outcome) GROUP BY 1""",
        )
    yield Check(
        code="as_of_far",
        severity="warning",
        where="build",
        what=f"as_of {as_of} lies far after the last outcome period, which ends on {anchor}",
        todo="Correct a mistyped date, give the day with --as-of, or import the latest outcome.",
        sql=f"SELECT '', 1 WHERE DATE {literal(as_of.isoformat())} - {last} > {_FAR[grain]}",
    )
