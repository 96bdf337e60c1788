"""Whose numbers they are: the persons behind each measure, which decide whether an aggregate may be shown at all.

A sum stands on the persons with a row that adds to it: of answers in time, those who were answered in
time, not everybody who ever asked. A count of persons stands on those it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlglot import exp

from metrics.catalog import METRICS
from metrics.catalog.facts import EXPOSURE
from metrics.catalog.field import CONTACTS, REACHED_TARGETS
from metrics.catalog.media import MEDIA_REACHED_TARGETS, REACHED_HCPS, TIRED_HCPS
from metrics.declare import AnyMeasure, Measure, QuantileMeasure, SubjectMeasure
from metrics.fact import Fact

# Sums over persons judged one by one, and what counts the persons behind each.
STANDS_ON: dict[str, SubjectMeasure | Measure] = {
    "capped_calls": REACHED_TARGETS,
    "target_contacts": REACHED_TARGETS,
    "impressions_of_reached": REACHED_HCPS,
    "impressions_on_targets": MEDIA_REACHED_TARGETS,
    "shown_to_tired": TIRED_HCPS,
    "all_contacts": CONTACTS,
}
# Rows about nobody in person: what a site is and did, and the days that reps were out.
_NOBODY = ("site_state", "site_day", "activation_step", "field_day")
# A row that counts patients, at the site where they are; they are small cells only where the policy says so.
_PATIENTS = "enrolment"


@dataclass(frozen=True)
class Crowd:
    """The persons with a row of a fact that adds to a number: `adds` is the condition on the row.

    Of `patients` the row says how many they are. `what` is what the row adds.
    """

    name: str
    fact: Fact
    adds: str
    what: str = "quantity"

    @property
    def patients(self) -> bool:
        """Whether they are patients at sites."""
        return self.fact.table.name == _PATIENTS

    @property
    def subject(self) -> str:
        """What kind of subject stands at the leaf."""
        return "site" if self.patients else "hcp"

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Which products a number behind which they stand may be asked for: the scopes in use."""
        scopes = {m.scope for m in summed() if isinstance(m, Measure) and crowd_of(m) == self}
        return tuple(sorted(scopes | {"self"}))


def _adds(measure: Measure | QuantileMeasure) -> str:
    """The condition under which a row of its fact adds to a measure, over the fact's columns."""
    if isinstance(measure, QuantileMeasure):
        return f"{measure.column} IS NOT NULL AND quantity <> 0"
    tree = measure.tree
    conditions: list[str] = []
    if isinstance(tree, exp.Filter):
        conditions.append(f"({tree.expression.this.sql(dialect='duckdb')})")
    return " AND ".join([*conditions, f"{_what(measure)} <> 0"])


def _what(measure: Measure | QuantileMeasure) -> str:
    """What a row adds, over the fact's columns; a row of something that is not added up counts as it is."""
    if isinstance(measure, QuantileMeasure) or measure.distinct:
        return "quantity"
    tree = measure.tree.this if isinstance(measure.tree, exp.Filter) else measure.tree
    return str(tree.this.sql(dialect="duckdb")) if tree.this.find(exp.Column) else "quantity"


@lru_cache(maxsize=256)
def crowd_of(measure: Measure | QuantileMeasure) -> Crowd | None:
    """Who stands behind a sum or a quantile of rows; None where no person does."""
    fact = measure.fact
    if fact.table.name in _NOBODY or fact.time not in ("flow", "to_date"):
        return None
    return Crowd(f"{fact.name}: {_adds(measure)}", fact, _adds(measure), _what(measure))


@lru_cache(maxsize=1)
def summed() -> tuple[AnyMeasure, ...]:
    """Every measure of every metric, once."""
    return tuple(dict.fromkeys(measure for metric in METRICS.values() for measure in metric.measures))


# Who may not be told apart in e-mail opens and clicks, whoever looks: all who did not agree to be tracked and were
# written to, so that not even "none of them opened" is said of a few.
_UNASKED = "channel IN ('email', 'rep_email') AND NOT coalesce(tracking, FALSE) AND quantity <> 0"
UNTRACKED = Crowd("untracked readers", EXPOSURE, _UNASKED)


@lru_cache(maxsize=1)
def crowds() -> tuple[Crowd, ...]:
    """Everybody who stands behind some number, kind by kind."""
    stand_in = [each for each in STANDS_ON.values() if isinstance(each, Measure)]
    rows = [each for each in (*summed(), *stand_in) if isinstance(each, Measure | QuantileMeasure)]
    return tuple(dict.fromkeys([*filter(None, (crowd_of(each) for each in rows)), UNTRACKED]))
