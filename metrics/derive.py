"""Tables the build derives once: spans of time, products in scope, plans by working day, spend by impression.

Each is one statement over the snapshot's contract tables. What a derived column gives away is
declared beside it (metrics/catalog/facts.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from data.errors import BadInput
from metrics.periods import DEFAULT, periods, standard_spans

# Hours promised for an answer, in working hours; a day has eight of them, from nine to five.
PROMISED_HOURS = {"standard": 40, "urgent": 8}
OPENS_AT, DAY_MINUTES = 9 * 60, 8 * 60


def grain_of(grain: str | None) -> str:
    """The outcome grain; weeks where no outcome is loaded."""
    return grain if grain in DEFAULT else "week"


def make_spans(con: Any, info: Any) -> None:
    """Write `span`: every standard window with its comparisons, and every outcome period loaded."""
    grain = grain_of(info.grain)
    rows: list[tuple[str, str, str | None, str, date, date]] = [
        (f"{found.win}:{found.shift}", "window", found.win, found.shift, found.first, found.last)
        for found in standard_spans(grain, info.anchor)
    ]
    found = con.execute("SELECT min(first) FROM coverage WHERE fact = 'outcome'").fetchone()
    first: date = (found and found[0]) or con.execute("SELECT min(first) FROM coverage").fetchone()[0] or info.anchor
    for each in periods(grain, info.anchor, first):
        rows.append((f"p:{each.last.isoformat()}", "period", None, "current", each.first, each.last))
    con.execute("CREATE TABLE span (span VARCHAR, kind VARCHAR, win VARCHAR, shift VARCHAR, first DATE, last DATE)")
    con.executemany("INSERT INTO span VALUES (?, ?, ?, ?, ?, ?)", rows)


PRODUCT_SCOPE = """
CREATE TABLE product_scope AS
WITH big AS (SELECT basket FROM basket GROUP BY basket HAVING count(DISTINCT product) > 1),
     peers AS (
        SELECT DISTINCT a.product AS asked, b.product AS product
        FROM basket a JOIN basket b ON b.basket = a.basket WHERE a.basket IN (SELECT basket FROM big)),
     mine AS (SELECT product FROM product WHERE own)
SELECT 'self' AS scope, product AS asked, product FROM product
UNION ALL SELECT 'self', '*', product FROM product
UNION ALL SELECT 'self', '*', ''
UNION ALL SELECT 'own', product, product FROM product
UNION ALL SELECT 'own', '*', product FROM mine
UNION ALL SELECT 'basket', asked, product FROM peers
UNION ALL SELECT DISTINCT 'basket', '*', product FROM peers WHERE asked IN (SELECT product FROM mine)
UNION ALL SELECT DISTINCT 'basket_own', asked, asked FROM peers
UNION ALL SELECT DISTINCT 'basket_own', '*', asked FROM peers WHERE asked IN (SELECT product FROM mine)
"""

# Planned calls to the end of each period, by working days gone of the cycle's; the difference of two
# roundings, so that a cycle's periods add up to its plan exactly.
PLAN_PERIOD = """
CREATE TABLE plan_period AS
WITH spread AS (
    SELECT p.party, p.product, p.tier, p.quantity, s.first, s.last,
           b.n AS before_cycle, e.n - b.n AS days, least(w.n, e.n) - b.n AS gone,
           greatest(least(v.n, e.n), b.n) - b.n AS gone_before
    FROM plan p
    JOIN span s ON s.kind = 'period' AND p.period_start <= s.last AND p.period_end >= s.first
    JOIN working_day b ON b.date = p.period_start - 1
    JOIN working_day e ON e.date = p.period_end
    JOIN working_day w ON w.date = s.last
    JOIN working_day v ON v.date = s.first - 1
    WHERE p.party IS NOT NULL)
SELECT party, product, tier, first AS period_start, last AS period_end,
       CAST(CAST(round(quantity * gone / days, 4) AS DECIMAL(18, 4))
            - CAST(round(quantity * gone_before / days, 4) AS DECIMAL(18, 4)) AS DECIMAL(18, 4)) AS quantity
FROM spread WHERE days > 0 AND gone > gone_before
"""

# Spend is known by campaign and month: each period's impressions carry their part of it, each person
# the difference of two roundings, so that the parts add up to the spend exactly.
SPEND_SHARE = """
CREATE TABLE spend_share AS
WITH shown AS (
    SELECT e.vendor, e.campaign, e.channel, e.product, coalesce(e.party, '') AS party,
           w.first, w.last, e.period_end AS day, sum(e.quantity) AS shown
    FROM exposure e JOIN span w ON w.kind = 'period' AND e.period_end BETWEEN w.first AND w.last
    WHERE e.event = 'impression' GROUP BY ALL),
matched AS (
    SELECT row_number() OVER (ORDER BY s.vendor, s.campaign, s.channel, s.product, s.period_start) AS bill,
           s.product, s.currency, s.quantity, s.vendor, s.campaign, s.channel, s.period_start, s.period_end
    FROM spend s),
parts AS (
    SELECT m.bill, m.product, m.currency, m.quantity, h.party, h.first, h.last, sum(h.shown) AS shown
    FROM matched m JOIN shown h
      ON h.vendor = m.vendor AND h.campaign = m.campaign AND h.channel = m.channel
     AND coalesce(h.product, '') = coalesce(m.product, '') AND h.day BETWEEN m.period_start AND m.period_end
    GROUP BY ALL),
running AS (
    SELECT *, sum(shown) OVER (PARTITION BY bill ORDER BY last, party ROWS UNBOUNDED PRECEDING) AS upto,
           sum(shown) OVER (PARTITION BY bill) AS total FROM parts),
shared AS (
    SELECT product, currency, party, first, last,
           CAST(round(quantity * upto / total, 4) AS DECIMAL(18, 4))
           - CAST(round(quantity * (upto - shown) / total, 4) AS DECIMAL(18, 4)) AS quantity
    FROM running
    UNION ALL
    SELECT m.product, m.currency, '', m.period_start, m.period_end, m.quantity FROM matched m
    WHERE m.bill NOT IN (SELECT bill FROM parts))
SELECT nullif(party, '') AS party, product, currency, first AS period_start, last AS period_end,
       CAST(sum(quantity) AS DECIMAL(18, 4)) AS quantity
FROM shared GROUP BY ALL
"""

# The clock of an inquiry counts working minutes: the minute it stops is found by turning the moment it
# was asked into working minutes gone, adding those promised, and turning back.
INQUIRY_STATE = """
CREATE TABLE inquiry_state AS
WITH days AS (SELECT n, min(date) AS day FROM working_day GROUP BY n),
asked AS (
    SELECT i.*, w.n, w.n > y.n AS works,
           least(greatest(date_diff('minute', CAST(CAST(i.received_at AS DATE) AS TIMESTAMP), i.received_at)
                          - $opens, 0), $day) AS minute
    FROM inquiry i
    JOIN working_day w ON w.date = CAST(i.received_at AS DATE)
    JOIN working_day y ON y.date = CAST(i.received_at AS DATE) - 1),
clock AS (
    SELECT *, CASE WHEN works THEN (n - 1) * $day + minute ELSE n * $day END
              + CASE urgency WHEN 'urgent' THEN $urgent ELSE $standard END * 60 AS stop FROM asked),
promised AS (
    SELECT c.*, coalesce(c.due_at, CAST(d.day AS TIMESTAMP)
               + to_minutes(CAST($opens + c.stop - (d.n - 1) * $day AS BIGINT))) AS promised_at
    FROM clock c LEFT JOIN days d ON d.n = CAST(ceil(c.stop / CAST($day AS DOUBLE)) AS BIGINT))
SELECT inquiry, party, product, urgency, received_at, responded_at, promised_at AS due_at,
       responded_at IS NULL AND promised_at <= CAST(CAST($as_of AS DATE) AS TIMESTAMP) AS overdue,
       period_start, period_end, quantity
FROM promised
"""


def derive(con: Any, info: Any) -> None:
    """Write product_scope, plan_period, spend_share and inquiry_state. Raises BadInput on mixed currencies."""
    currencies = [row[0] for row in con.execute("SELECT DISTINCT currency FROM spend ORDER BY 1").fetchall()]
    if len(currencies) > 1:
        raise BadInput(
            f"it is in {', '.join(currencies)}",
            where="spend",
            todo="Sums across currencies are refused: convert the file to one currency before importing it.",
        )
    for statement in (PRODUCT_SCOPE, PLAN_PERIOD, SPEND_SHARE):
        con.execute(statement)
    con.execute(
        INQUIRY_STATE,
        {
            "opens": OPENS_AT,
            "day": DAY_MINUTES,
            "as_of": info.as_of,
            **PROMISED_HOURS,
        },
    )
