"""A question about one team's activity, or about the sites of some studies: every table is read through its own rows.

Both are bound as values. What the contract cannot place in a team is in no team's numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlglot import exp, parse_one

from data.contract import CONTRACT
from data.errors import BadDeclaration
from metrics.catalog.derived import DERIVED
from metrics.declare import Metric
from metrics.loaded import remembered

_TABLES = {**CONTRACT, **DERIVED}
# Rows of media have no actor, but for an e-mail that somebody of the field sent.
_SENT = "exposure"
ACTED = frozenset(
    name
    for name, table in _TABLES.items()
    if "actor" in table.names and table.is_fact and table.domain in ("field", "medical", "media")
)
AT_SITES = frozenset(name for name, table in _TABLES.items() if "site" in table.names and table.domain == "site")

_IN_TEAM = (
    "EXISTS (SELECT 1 FROM roster AS r WHERE r.actor = o.actor AND lower(coalesce(r.team, 'core')) = lower($team) "
    "AND coalesce(r.from_date, DATE '0001-01-01') <= o.period_end "
    "AND coalesce(r.to_date, DATE '9999-12-31') >= o.period_start)"
)
_OF_STUDIES = "o.site IN (SELECT s.site FROM site AS s WHERE list_contains($studies, s.study))"


_ON_THE_DAY = """
SELECT DISTINCT actor, lower(coalesce(team, 'core')) FROM roster
WHERE actor IS NOT NULL AND coalesce(from_date, DATE '0001-01-01') <= $as_of
  AND coalesce(to_date, DATE '9999-12-31') >= $as_of
"""


def in_team(team: str | None, actor: str | None, snapshot: Any) -> bool:
    """Whether somebody is of a team on the day of the data; everybody is where no team is asked for."""
    if team is None:
        return True
    known = remembered(snapshot, "teams", lambda: set(snapshot.rows(_ON_THE_DAY, {"as_of": snapshot.as_of})))
    return (actor, team.lower()) in known


def by_team(metric: Metric) -> bool:
    """Whether a metric counts what somebody did, so that one team's part of it can be told from another's."""
    return any(fact.table.name in ACTED for fact in metric.facts)


def at_sites(metric: Metric) -> bool:
    """Whether a metric counts what is at sites."""
    return any(fact.table.name in AT_SITES for fact in metric.facts)


# Where everybody is of one team, what the company did is what the team did.
_SEVERAL = "SELECT DISTINCT lower(coalesce(team, 'core')) AS team FROM roster WHERE actor IS NOT NULL ORDER BY 1"


def teams(rows: Any) -> tuple[str, ...]:
    """The teams of a roster where there are several; `rows` answers a statement."""
    found = tuple(str(team) for (team,) in rows(_SEVERAL))
    return found if len(found) > 1 else ()


_WORD = re.compile(r"\w+")
_ADDS_UP = re.compile(r"roll_|subject_(?!kinds?$)")


@lru_cache(maxsize=256)
def differs_by_team(sql: str) -> bool:
    """Whether what a statement answers may depend on whose activity is looked at: on the safe side, by its words."""
    words = {word.lower() for word in _WORD.findall(sql)}
    return "$team" in sql or not words.isdisjoint(ACTED) or any(map(_ADDS_UP.match, words))


@lru_cache(maxsize=256)
def of_one_team(sql: str) -> str:
    """A statement that reads one team's activity alone, with the team bound as $team."""
    tree = parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Select)
    named = frozenset(each.name for each in tree.find_all(exp.Identifier))  # in USING no column is named
    return narrowed(tree, team=True, sites=False, named=named).sql(dialect="duckdb")


def narrowed(tree: exp.Select, team: bool, sites: bool, named: frozenset[str] | None = None) -> exp.Select:
    """The question with every table of activity, or of sites, read through the rows that are the visitor's own.

    With `named` no other column is read, so that a statement gives away no more than it did before.
    """

    def _own(part: exp.Expr) -> exp.Expr:
        if not isinstance(part, exp.Table):
            return part
        if part.name.startswith(("roll_", "subject_")):
            raise BadDeclaration(f"{part.name} adds up every team and study", where="own rows")
        wanted = []
        if team and part.name in ACTED:
            wanted.append(f"(o.actor IS NULL OR {_IN_TEAM})" if part.name == _SENT else _IN_TEAM)
        if sites and part.name in AT_SITES:
            wanted.append(_OF_STUDIES)
        if not wanted:
            return part
        columns = ["*", "rowid"] if named is None else [each for each in _TABLES[part.name].names if each in named]
        rows = (
            exp.select(*(f"o.{each}" for each in columns or ["period_end"]))
            .from_(exp.to_table(part.name).as_("o"))
            .where(*wanted)
        )
        return rows.subquery(part.alias_or_name)

    found = tree.transform(_own)
    assert isinstance(found, exp.Select)
    return found
