"""The United States, real: claims and meals at every node equal sums that pandas makes of the raw files alone."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from data.conform import ImportReport, import_paths
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics.access import authorise
from metrics.build import build
from metrics.query import MetricQuery, Visitor
from metrics.result import Result, ask

pytestmark = pytest.mark.real_data
PARTD, GEO = "us_partd_openpay_prescribr", "us_geo"
LEVELS = ("nation", "region", "state", "county", "ZIP")
YEARS = {2013: "2013-01..2013-12", 2014: "Y"}
# As the US Census Bureau divides the states.
CENSUS = {
    "US-NE": "CT ME MA NH RI VT NJ NY PA",
    "US-MW": "IL IN MI OH WI IA KS MN MO NE ND SD",
    "US-S": "DE DC FL GA MD NC SC VA WV AL KY MS TN AR LA OK TX",
    "US-W": "AZ CO ID MT NV NM UT WY AK CA HI OR WA",
}
REGION = {state: region for region, states in CENSUS.items() for state in states.split()}
TARGET = {
    "anti_mrsa": "zyvox",
    "nasal_steroids": "nasonex",
    "neuropathic_pain": "lyrica",
    "nsaid": "voltaren",
    "opthalmic_antibiotic": "besivance",
    "opthalmic_corticosteroid": "lotemax_durezol",
    "oral_opioids": "oxycontin",
    "osteoporosis": "prolia",
    "vaginal_cream": "estrace",
}
LEADER = Visitor(id="leader", role="national_leader", hierarchy="us", node="US")
REP = Visitor(id="rep", role="rep", hierarchy="us", node="CA-Los Angeles County")


@dataclass(frozen=True)
class Raw:
    """The raw files as pandas reads them, apart from everything of ours."""

    folder: Path

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row a physician, class, year and product of the class, with the node it stands at on each level."""
        claims = pd.read_parquet(self.folder / PARTD / "hcp_class_year.parquet")
        claims = claims[claims.drug_class != "opioids"]
        own = claims.assign(
            product=claims.drug_class.map(TARGET),
            trx=claims.total_target_claims,
            meals=claims.total_target_payment_number.fillna(0),
        )
        rest = claims.assign(
            product=claims.drug_class + "_rest", trx=claims.total_class_claims - claims.total_target_claims, meals=0
        )
        both = pd.concat([own, rest], ignore_index=True)
        both = both[["year", "NPI", "product", "trx", "meals"]]
        return both.merge(self.places, on="NPI", how="left", validate="many_to_one")

    @cached_property
    def places(self) -> pd.DataFrame:
        """Each physician's node on each level."""
        master = pd.read_parquet(self.folder / PARTD / "hcp_master.parquet")
        zips = pd.read_parquet(self.folder / GEO / "zipcodes.parquet").query("country == 'US'")
        found = master.merge(zips, left_on="zip_partd", right_on="zip_code", how="left", validate="many_to_one")
        known = found.zip_code.notna()
        state = found.state.where(known, found.doc_state)
        return pd.DataFrame(
            {
                "NPI": found.NPI,
                "nation": "US",
                "region": state.map(REGION),
                "state": state,
                "county": (state + "-" + found.county).where(known, state + "~unaligned"),
                "ZIP": found.zip_code.where(known, state + "~unaligned~unaligned"),
            }
        )

    def sums(self, level: str, year: int, product: str | None, column: str) -> pd.Series:
        """What a node's own rows add up to; a node without a row is not there."""
        rows = self.rows[self.rows.year == year]
        rows = rows if product is None else rows[rows["product"] == product]
        return rows.groupby(level)[column].sum().astype("int64")


@pytest.fixture(scope="module")
def raw(real_data: Path) -> Raw:
    return Raw(real_data)


@pytest.fixture(scope="module")
def imported(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ImportReport]:
    workspace = Workspace.create(tmp_path_factory.mktemp("us") / "home")
    return workspace, import_paths(workspace, [real_data / GEO, real_data / PARTD])


@pytest.fixture(scope="module")
def us(imported: tuple[Workspace, ImportReport]) -> Snapshot:
    build(imported[0])
    return open_snapshot(imported[0])


def _asked(
    us: Snapshot, by: str, *, metrics: tuple[str, ...] = ("trx", "calls"), visitor: Visitor = LEADER, **more: str | None
) -> Result:
    asked = {"window": "Y", "within": None, **more}
    return ask(authorise(MetricQuery(metrics=metrics, hierarchy="us", by=by, **asked), visitor, us), us)


def test_every_row_is_kept_or_left_out_by_rule(imported: tuple[Workspace, ImportReport]) -> None:
    report = imported[1]
    told = {a.file: (a.read, a.kept, a.left_out) for a in report.accounts}
    assert told == {
        "hcp_class_year.parquet": (
            235_587,
            200_463,
            {"the class is OxyContin alone, which oral opioids hold already": 35_124},
        ),
        "hcp_master.parquet": (82_254, 82_254, {}),
        "zipcodes.parquet": (42_789, 41_749, {"outside the United States": 447, "in no Census region": 593}),
        "statepop.csv": (52, 51, {'recode.region ignores "PR"': 1}),
    }
    assert all(account.quarantined == account.superseded == 0 for account in report.accounts)
    assert len(report.not_used) == 14
    assert not [finding for finding in report.findings if finding.severity != "note"]


def test_claims_and_meals_at_every_node_of_every_level_in_both_years(us: Snapshot, raw: Raw) -> None:
    assert raw.sums("nation", 2013, None, "trx")["US"] == 26_189_451
    assert raw.sums("nation", 2014, None, "trx")["US"] == 18_815_594
    for year, window in YEARS.items():
        for level in LEVELS:
            _same(_asked(us, level, window=window), raw, level, year, None)


# Two classes at every run, one of them loaded in one year only; the others take half a minute more.
EACH_CLASS = [
    klass if klass in ("neuropathic_pain", "oral_opioids") else pytest.param(klass, marks=pytest.mark.slow)
    for klass in sorted(TARGET)
]


@pytest.mark.parametrize("klass", EACH_CLASS)
def test_each_product_at_every_node(us: Snapshot, raw: Raw, klass: str) -> None:
    for product in (TARGET[klass], f"{klass}_rest"):
        for year, window in YEARS.items():
            for level in LEVELS:
                answer = _asked(us, level, window=window, product=product)
                if (klass, year) == ("neuropathic_pain", 2014):
                    assert answer.rows.trx.isna().all()
                    assert answer.reason("trx", "US") == "not loaded"
                else:
                    _same(answer, raw, level, year, product)


def _same(answer: Result, raw: Raw, level: str, year: int, product: str | None) -> None:
    rows = answer.rows.set_index("node_id")
    expected = raw.sums(level, year, product, "trx")
    known = rows.trx.dropna().astype("int64")
    assert known.sort_index().to_dict() == expected.sort_index().to_dict(), (level, year, product)
    assert set(rows.index) == set(raw.places[level])
    meals = raw.sums(level, year, product, "meals").reindex(rows.index, fill_value=0)
    assert rows.calls.fillna(0).astype("int64").to_dict() == meals.to_dict(), (level, year, product)


def test_what_has_no_zip_stands_unaligned_in_its_state(us: Snapshot, raw: Raw) -> None:
    rows = _asked(us, "county", window=YEARS[2013]).rows
    unaligned = rows[rows.node_id.str.endswith("~unaligned")].set_index("node_id")
    expected = raw.sums("county", 2013, None, "trx")
    expected = expected[expected.index.str.endswith("~unaligned")]
    assert unaligned.trx.dropna().astype("int64").to_dict() == expected.to_dict()
    assert len(expected) == 51
    assert set(unaligned["node"]) == {"Unaligned"}
    assert raw.places.ZIP.str.endswith("~unaligned").sum() == 21_576 + 13


def test_the_region_below_a_leader_is_the_census_bureaus(us: Snapshot) -> None:
    names = _asked(us, "region").rows.set_index("node_id")["node"].to_dict()
    assert names == {"US-NE": "Northeast", "US-MW": "Midwest", "US-S": "South", "US-W": "West"}
    states = _asked(us, "state", within="US-NE").rows
    assert set(states.node_id) == set(CENSUS["US-NE"].split())


def test_a_physicians_row_says_below_where_the_source_hid_the_count(
    us: Snapshot, raw: Raw, imported: tuple[Workspace, ImportReport]
) -> None:
    with sqlite3.connect(imported[0].people_path) as people:
        party = dict(people.execute("SELECT npi, party FROM person").fetchall())
    for product, threshold in (("nasonex", 100), ("oxycontin", 11)):
        answer = _asked(us, "HCP", visitor=REP, product=product)
        mine = raw.rows.query("county == 'CA-Los Angeles County' and year == 2014 and product == @product")
        mine = mine.set_index(mine.NPI.map(party)).trx
        rows = answer.rows.set_index("node_id").trx
        assert rows.dropna().astype("int64").to_dict() == mine[mine > 0].to_dict(), product
        hidden = {each for each in rows.index if answer.reason("trx", each) == f"below {threshold}"}
        assert hidden == set(mine[mine == 0].index) != set(), product
        unknown = set(rows.index) - set(mine.index)
        assert rows[rows.index.isin(unknown)].isna().all(), product
        assert {answer.reason("trx", each) for each in unknown} == {None}, "absent is unknown, not below"


def test_a_year_is_the_finest_window(us: Snapshot) -> None:
    assert (us.grain, str(us.anchor), str(us.as_of)) == ("year", "2014-12-31", "2014-12-31")
    answer = _asked(us, "state", window="C13W")
    assert answer.rows[["trx", "calls"]].isna().all(axis=None)
    assert {(each.metric, each.reason) for each in answer.withheld} == {("trx", "yearly"), ("calls", "yearly")}


@pytest.mark.parametrize("compare", ["previous", "year"])
def test_years_are_compared_like_for_like_and_partial_meals_never(us: Snapshot, raw: Raw, compare: str) -> None:
    rows = raw.rows[raw.rows["product"].ne("lyrica") & raw.rows["product"].ne("neuropathic_pain_rest")]
    for level in LEVELS:
        answer = _asked(us, level, compare=compare)
        before = rows[rows.year == 2013].groupby(level).trx.sum().astype("int64").to_dict()
        told = answer.rows.set_index("node_id")
        assert told[f"trx__{compare}"].dropna().astype("int64").to_dict() == before
        assert told[f"calls__{compare}"].isna().all()
        assert answer.reason(f"calls__{compare}", "*") == "partly loaded"
        assert answer.notes == (
            "Compared like for like: without Drugs for neuropathic pain, not loaded in both windows.",
        )
    nation = _asked(us, "nation", compare=compare).rows.iloc[0]
    assert round(100 * (nation.trx / nation[f"trx__{compare}"] - 1), 1) == 6.4


def test_meals_of_2013_are_marked_as_part_of_the_year(us: Snapshot) -> None:
    assert _asked(us, "state", window=YEARS[2013]).partial == {"calls"}
    assert _asked(us, "state", window=YEARS[2014]).partial == frozenset()


def test_no_snapshot_names_a_physician(us: Snapshot) -> None:
    told = us.rows(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE data_type = 'VARCHAR' AND table_catalog = current_database() ORDER BY ALL"
    )
    assert ("party", "party") in told
    for table, column in told:
        # Not inside a hash or behind a decimal point, where digits may look like an NPI.
        npi = "(^|[^0-9a-f.])[12][0-9]{9}($|[^0-9a-f])"
        asked = f'SELECT count(*) FROM "{table}" WHERE regexp_matches("{column}", \'{npi}\')'
        assert us.rows(asked) == [(0,)], (table, column)
    assert us.rows(
        "SELECT count(*) FROM party WHERE kind = 'hcp' AND NOT regexp_matches(party, '^H[A-Z2-7]{10}$')"
    ) == [(0,)]
