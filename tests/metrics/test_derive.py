"""What the build derives, on rows small enough to work out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from data import on_the_day
from data.contract import CONTRACT
from data.errors import BadInput
from metrics.derive import derive, make_spans

# November 2026: the 13th is a Friday, the 14th and 15th a weekend, the 11th a holiday.
HOLIDAYS = {date(2026, 11, 11)}
INFO = SimpleNamespace(grain="week", anchor=date(2026, 11, 13), as_of=date(2026, 11, 22))


@pytest.fixture
def con() -> Any:
    """An empty snapshot of the contract with a calendar and four weeks of time."""
    with duckdb.connect() as made:
        for table in CONTRACT.values():
            made.execute(f"CREATE TABLE {table.name} ({', '.join(f'{c.name} {c.type}' for c in table.columns)})")
        made.execute("CREATE TABLE build_info (as_of DATE, anchor DATE)")
        made.execute("INSERT INTO build_info VALUES (?, ?)", [INFO.as_of, INFO.anchor])
        on_the_day.write(made, "main", INFO.as_of)
        made.execute("CREATE OR REPLACE TABLE working_day (date DATE, n BIGINT)")
        gone, day = 0, date(2026, 10, 1)
        while day <= date(2026, 12, 31):
            gone += day.weekday() < 5 and day not in HOLIDAYS
            made.execute("INSERT INTO working_day VALUES (?, ?)", [day, gone])
            day += timedelta(days=1)
        made.execute("INSERT INTO coverage (feed, fact, grain, first, last) VALUES ('rx', 'outcome', 'week', ?, ?)",
                     [date(2026, 10, 17), INFO.anchor])  # fmt: skip
        make_spans(made, INFO)
        yield made


def _insert(con: Any, table: str, **row: Any) -> None:
    names = ", ".join(row)
    con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


@pytest.mark.parametrize(
    ("asked", "urgency", "due"),
    [
        # Eight working hours: from Tuesday noon, the holiday between, to Thursday noon.
        (datetime(2026, 11, 10, 12, 0), "urgent", datetime(2026, 11, 12, 12, 0)),
        # Before the doors open counts from nine; eight hours end at five the same day.
        (datetime(2026, 11, 10, 7, 30), "urgent", datetime(2026, 11, 10, 17, 0)),
        # After five counts from the next working morning.
        (datetime(2026, 11, 13, 19, 0), "urgent", datetime(2026, 11, 16, 17, 0)),
        # On a Saturday, from Monday.
        (datetime(2026, 11, 14, 11, 0), "urgent", datetime(2026, 11, 16, 17, 0)),
        # Forty working hours from Monday ten: five working days on, over a holiday and a weekend.
        (datetime(2026, 11, 9, 10, 0), "standard", datetime(2026, 11, 17, 10, 0)),
    ],
)
def test_an_answer_is_promised_in_working_hours(con: Any, asked: datetime, urgency: str, due: datetime) -> None:
    day = asked.date()
    _insert(
        con, "inquiry", inquiry="Q", received_at=asked, urgency=urgency, period_start=day, period_end=day, quantity=1
    )
    derive(con, INFO)
    assert con.execute("SELECT due_at FROM inquiry_state").fetchall() == [(due,)]


def test_a_moment_promised_by_the_source_stands(con: Any) -> None:
    due, day = datetime(2026, 11, 30, 12), date(2026, 11, 9)
    _insert(con, "inquiry", inquiry="Q", received_at=datetime(2026, 11, 9), due_at=due, urgency="urgent",
            period_start=day, period_end=day, quantity=1)  # fmt: skip
    derive(con, INFO)
    assert con.execute("SELECT due_at, overdue FROM inquiry_state").fetchall() == [(due, False)]


def test_planned_calls_spread_over_working_days_add_up_to_the_plan(con: Any) -> None:
    # A cycle of 4 weeks: 5 + 5 + 5 + 4 working days (a holiday in the last); 7 calls.
    _insert(con, "plan", party="H1", product="p", cycle="c", tier="A", period_start=date(2026, 10, 17),
            period_end=date(2026, 11, 13), quantity=7)  # fmt: skip
    derive(con, INFO)
    rows = con.execute("SELECT period_end, quantity FROM plan_period ORDER BY 1").fetchall()
    assert [row[1] for row in rows] == [Decimal("1.8421"), Decimal("1.8421"), Decimal("1.8421"), Decimal("1.4737")]
    assert sum(row[1] for row in rows) == 7


def test_a_cycle_that_runs_on_is_planned_to_date_only(con: Any) -> None:
    _insert(con, "plan", party="H1", product="p", cycle="c", tier="A", period_start=date(2026, 11, 7),
            period_end=date(2026, 11, 20), quantity=9)  # fmt: skip
    derive(con, INFO)
    assert con.execute("SELECT sum(quantity) FROM plan_period").fetchone() == (Decimal("4.0000"),)


def test_spend_follows_impressions_to_the_last_cent(con: Any) -> None:
    month = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
    shared = {"vendor": "v", "campaign": "c", "channel": "display", "product": "p"}
    _insert(con, "spend", **shared, **month, quantity=100, currency="USD")
    for party, shown in (("H1", 1), ("H2", 1), (None, 1)):
        day = {"period_start": date(2026, 10, 20), "period_end": date(2026, 10, 20)}
        _insert(
            con, "exposure", exposure=party or "x", party=party, event="impression", quantity=shown, **shared, **day
        )
    derive(con, INFO)
    rows = dict(con.execute("SELECT party, quantity FROM spend_share").fetchall())
    assert sum(rows.values()) == 100
    assert sorted(rows.values()) == [Decimal("33.3333"), Decimal("33.3333"), Decimal("33.3334")]


def test_spend_without_an_impression_stays_with_nobody(con: Any) -> None:
    month = {"period_start": date(2026, 10, 17), "period_end": date(2026, 10, 23)}
    _insert(
        con, "spend", vendor="v", campaign="c", channel="display", product="p", quantity=50, currency="USD", **month
    )
    derive(con, INFO)
    assert con.execute("SELECT party, quantity FROM spend_share").fetchall() == [(None, Decimal("50.0000"))]


def test_two_currencies_are_refused_in_words(con: Any) -> None:
    for currency in ("USD", "EUR"):
        _insert(con, "spend", vendor=currency, campaign="c", channel="display", quantity=1, currency=currency,
                period_start=date(2026, 10, 1), period_end=date(2026, 10, 31))  # fmt: skip
    with pytest.raises(BadInput, match="EUR, USD"):
        derive(con, INFO)


def test_product_scopes(con: Any) -> None:
    for product, own in (("alfa", True), ("beta", True), ("rival", False), ("alone", False)):
        _insert(con, "product", product=product, name=product, own=own)
    for basket, product in (("a", "alfa"), ("a", "rival"), ("b", "beta")):
        _insert(con, "basket", basket=basket, product=product)
    derive(con, INFO)
    found: dict[tuple[str, str], set[str]] = {}
    for scope, asked, product in con.execute("SELECT scope, asked, product FROM product_scope").fetchall():
        found.setdefault((scope, asked), set()).add(product)
    assert found["self", "*"] == {"alfa", "beta", "rival", "alone", ""}
    assert found["own", "*"] == {"alfa", "beta"}
    assert found["basket", "alfa"] == found["basket", "*"] == {"alfa", "rival"}
    assert found["basket_own", "*"] == {"alfa"}
    assert ("basket", "beta") not in found


def test_like_for_like_leaves_out_a_market_that_is_not_loaded_throughout(con: Any) -> None:
    for product, basket in (("alfa", "a"), ("rival", "a"), ("late", "b"), ("other", "b")):
        _insert(con, "product", product=product, name=product, own=product in ("alfa", "late"))
        _insert(con, "basket", basket=basket, product=product)
    for basket, first in (("a", date(2026, 10, 17)), ("b", date(2026, 11, 7))):
        _insert(con, "coverage", feed="rx", fact="outcome", basket=basket, grain="week", first=first, last=INFO.anchor)
    derive(con, INFO)
    found = con.execute("SELECT scope, product FROM product_scope WHERE asked = '*like' ORDER BY ALL").fetchall()
    assert ("self", "alfa") in found
    assert ("self", "") in found
    assert not [product for _, product in found if product in ("late", "other")]


def test_without_coverage_by_market_nothing_is_like_for_like(con: Any) -> None:
    _insert(con, "product", product="alfa", name="alfa", own=True)
    derive(con, INFO)
    assert con.execute("SELECT count(*) FROM product_scope WHERE asked = '*like'").fetchone() == (0,)
