"""How likely two records are one person: a Fellegi-Sunter model, computed by Splink in an engine of its own.

After I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), with the weight of a name by how rare it is (W. E. Winkler, 1988). How often two different
persons agree is counted in the data itself; how often two records of one person agree is declared here, because
one company's few known doubles cannot teach it. The answer depends on the records alone, never on their order.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from data.linkage.record import Record

if TYPE_CHECKING:
    from splink.comparison_library import CustomComparison

REVIEW = 0.2
HALF = 0.5  # of the records without an id are taken to be somebody known
COMMON = 3  # persons who bear a name: a letter's difference between two such names is no slip
COMPARED = ("last", "first", "place", "specialty")
_LEAST = 1e-6
_WEAKER = 3  # times less, at least, does any lesser agreement say than the best one: where names are few, too

# Each comparison from the best agreement to none: what it takes, how often one person's records agree so, and how
# often two persons' do (None: counted in the data).
_SLIP = (
    "least(length({0}_l), length({0}_r)) >= 4 AND damerau_levenshtein({0}_l, {0}_r) <= "
    "CASE WHEN least(length({0}_l), length({0}_r)) >= 8 THEN 2 ELSE 1 END "
    "AND least({0}_borne_l, {0}_borne_r) < " + str(COMMON)
)
_DOUBLE = (
    "starts_with(last_l, last_r || ' ') OR starts_with(last_r, last_l || ' ') "
    "OR ends_with(last_l, ' ' || last_r) OR ends_with(last_r, ' ' || last_l)"
)
_INITIAL = "least(length(first_l), length(first_r)) = 1 AND left(first_l, 1) = left(first_r, 1)"
_SHORT = (
    "least(length(first_l), length(first_r)) >= 3 AND (starts_with(first_l, first_r) OR starts_with(first_r, first_l))"
)
_CITY = "city_l = city_r AND state_l = state_r"
Level = tuple[str, float, float | None]
LEVELS: dict[str, tuple[Level, ...]] = {
    "last": (("", 0.80, None), (_DOUBLE, 0.04, 0.0003), (_SLIP.format("last"), 0.10, 0.001)),
    "first": (
        ("", 0.82, None),
        (_INITIAL, 0.05, 0.03),
        (_SHORT, 0.04, 0.004),
        (_SLIP.format("first"), 0.06, 0.006),
    ),
    "place": (("postcode_l = postcode_r", 0.70, None), (_CITY, 0.10, None), ("state_l = state_r", 0.12, None)),
    "specialty": (("", 0.92, None),),
}
WORDS: dict[str, tuple[str, ...]] = {
    "last": ("same last name", "one last name is part of the other", "last names a slip apart", "another last name"),
    "first": ("same first name", "an initial that fits", "a short form", "first names a slip apart",
              "another first name"),
    "place": ("same ZIP", "same city", "same state", "another place"),
    "specialty": ("same specialty", "another specialty"),
}  # fmt: skip
# Which pairs are looked at at all: alike in one of these ways, and at least one of them without an NPI.
_ALIKE = (
    "l.last = r.last AND l.initial = r.initial",
    "l.last_begins = r.last_begins AND l.city = r.city AND l.state = r.state",
    "l.first = r.first AND l.postcode = r.postcode",
    "l.first = r.first AND l.last_begins = r.last_begins AND l.state = r.state",
    "l.first = r.first AND l.last_ends = r.last_ends AND l.state = r.state",
)
_OPEN = " AND NOT (l.known AND r.known) AND l.person <> r.person"
_GIVEN = """
CREATE TABLE given (
    person VARCHAR, known BOOLEAN, first VARCHAR, last VARCHAR, specialty VARCHAR, city VARCHAR, state VARCHAR,
    postcode VARCHAR)
"""
_GIVE = """
INSERT INTO given
SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8)
"""
_PREPARE = """
CREATE TABLE record AS
WITH said AS (SELECT * FROM given),
borne AS (SELECT last, count(DISTINCT person) AS n FROM said GROUP BY last),
called AS (SELECT first, count(DISTINCT person) AS n FROM said GROUP BY first)
SELECT row_number() OVER (ORDER BY person, first, last, specialty, city, state, postcode) AS unique_id, said.*,
    left(first, 1) AS initial, left(last, 3) AS last_begins, right(last, 4) AS last_ends, borne.n AS last_borne,
    called.n AS first_borne
FROM said JOIN borne USING (last) JOIN called USING (first)
ORDER BY unique_id
"""


_BEST = """
SELECT least(person_l, person_r) AS one, greatest(person_l, person_r) AS other, match_probability, gamma_last,
    gamma_first, gamma_place, gamma_specialty
FROM found
QUALIFY row_number() OVER (PARTITION BY one, other
    ORDER BY match_probability DESC, gamma_last, gamma_first, gamma_place, gamma_specialty) = 1
ORDER BY one, other
"""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Two records and how likely they are one person; `levels` says how they agree, by comparison (0 is the best)."""

    one: str
    other: str
    probability: float
    levels: dict[str, int | None]

    @property
    def against(self) -> tuple[str, ...]:
        """The comparisons that speak against it: known on both sides and not alike in any way."""
        return tuple(name for name, level in self.levels.items() if level == len(LEVELS[name]))

    @property
    def because(self) -> str:
        """How they agree and differ, in words."""
        return "; ".join(WORDS[name][level] for name, level in self.levels.items() if level is not None)


def scored(records: Sequence[Record]) -> list[Scored]:
    """Every pair, one of them without an NPI, that is likelier than REVIEW to be one person; each pair once."""
    if not any(record.told and record.npi is None for record in records):
        return []
    closed: dict[str, Any] = {
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 1,  # so that sums of fractions are added up in one order
    }
    with contextlib.closing(duckdb.connect(config=closed)) as con:
        _give(con, records)
        return _predicted(con, len(records))


def _give(con: duckdb.DuckDBPyConnection, records: Sequence[Record]) -> None:
    rows = [(record.key, record.npi is not None, *told) for record in records for told in sorted(record.told, key=str)]
    con.execute(_GIVEN)
    con.execute(_GIVE, [list(column) for column in zip(*rows, strict=True)])
    con.execute(_PREPARE)


def _predicted(con: duckdb.DuckDBPyConnection, persons: int) -> list[Scored]:
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    settings = SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=HALF / max(persons, 2),
        comparisons=[_comparison(con, name) for name in COMPARED],
        blocking_rules_to_generate_predictions=[CustomRule(rule + _OPEN) for rule in _ALIKE],
        additional_columns_to_retain=["person"],
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(DuckDBAPI(con).register("record"), settings, log_level=None)
    found = linker.inference.predict(threshold_match_probability=REVIEW).physical_name
    rows = con.execute(_BEST.replace("found", found)).fetchall()
    return [
        Scored(
            one=one, other=other, probability=likely, levels=dict(zip(COMPARED, map(_level, COMPARED, at), strict=True))
        )
        for one, other, likely, *at in rows
    ]


def _level(name: str, gamma: int) -> int | None:
    """A comparison's level as declared, the best first, from Splink's count from the worst; None where unknown."""
    return None if gamma < 0 else len(LEVELS[name]) - gamma


def _comparison(con: duckdb.DuckDBPyConnection, name: str) -> CustomComparison:
    """One comparison with its weights: how often two random persons agree so is counted here."""
    import splink.comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    by_chance = _by_chance(con)
    made: list[Any] = [
        levels.NullLevel(name) if name != "place" else levels.CustomLevel(_NO_PLACE).configure(is_null_level=True)
    ]
    left_m, left_u, best = 1.0, 1.0, 0.0
    for place, (test, m, declared) in enumerate(LEVELS[name]):
        u = declared if declared is not None else by_chance[name, place]
        u = max(u, _WEAKER * best * m) if place else u
        best = best or u / m
        level = (
            levels.CustomLevel(test)
            if test
            else levels.ExactMatchLevel(name, term_frequency_adjustments=name != "specialty")
        )
        made.append(level.configure(m_probability=m, u_probability=max(u, _LEAST)))
        left_m, left_u = left_m - m, left_u - u
    made.append(levels.ElseLevel().configure(m_probability=left_m, u_probability=max(left_u, _LEAST)))
    return CustomComparison(output_column_name=name, comparison_levels=made)


_NO_PLACE = "coalesce(postcode_l, state_l) IS NULL OR coalesce(postcode_r, state_r) IS NULL"
_AGREE = "SELECT coalesce(sum(n * n) / nullif(sum(n) ** 2, 0), 0) FROM (SELECT count(*)::DOUBLE AS n FROM record"


def _by_chance(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], float]:
    """How often two random records agree, by comparison and level, where it can be counted."""

    def agree(*columns: str) -> float:
        named = ", ".join(columns)
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        ((share,),) = con.execute(f"{_AGREE} WHERE {known} GROUP BY {named} ORDER BY {named})").fetchall()
        return float(share)

    zips, cities, states = agree("postcode"), agree("city", "state"), agree("state")
    return {
        ("last", 0): agree("last"),
        ("first", 0): agree("first"),
        ("specialty", 0): agree("specialty"),
        ("place", 0): zips,
        ("place", 1): max(cities - zips, _LEAST),
        ("place", 2): max(states - max(cities, zips), _LEAST),
    }
