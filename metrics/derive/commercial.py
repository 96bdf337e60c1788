"""What the build derives on the commercial side, one statement each over the contract's tables.

Detail weights: https://rxpromoroi.org/rapp/faqs_det.html. Volume deciles: PharmaSUG 2022, paper SA-104.
"""

from __future__ import annotations

# What is asked for when no product is named and a comparison must leave out the baskets that are not
# loaded throughout: "* like for like".
LIKE_FOR_LIKE = "*like"

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
UNION ALL SELECT 'named', product, product FROM product
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

# A product's weight in a call by its place among those discussed (primary detail equivalents).
DETAIL_WEIGHT = """
CREATE TABLE detail_weight AS
WITH weight(products, position, weight) AS (
    VALUES (1, 1, 1.00), (2, 1, 0.65), (2, 2, 0.35), (3, 1, 0.60), (3, 2, 0.30), (3, 3, 0.10),
           (4, 1, 0.55), (4, 2, 0.25), (4, 3, 0.10), (4, 4, 0.10)),
counted AS (
    SELECT *, least(count(*) OVER (PARTITION BY interaction), 4) AS products,
           row_number() OVER (PARTITION BY interaction ORDER BY position, product) AS place
    FROM detail)
SELECT c.interaction, c.party, c.actor, c.hierarchy, c.node, c.product, c.period_start, c.period_end,
       CAST(coalesce(w.weight, 0) AS DECIMAL(18, 4)) AS quantity
FROM counted c LEFT JOIN weight w ON w.products = c.products AND w.position = c.place
"""

# Days in the field: working days of an active rep's assignment, less the time off taken in them.
FIELD_DAY = """
CREATE TABLE field_day AS
WITH days AS (
    SELECT r.actor, r.hierarchy, r.node, s.first, s.last,
           greatest(s.first, coalesce(r.from_date, s.first)) AS begins,
           least(s.last, coalesce(r.to_date, s.last)) AS ends
    FROM roster r
    JOIN span s ON s.kind = 'period' AND coalesce(r.from_date, s.first) <= s.last
               AND coalesce(r.to_date, s.last) >= s.first
    WHERE r.role = 'rep' AND r.status = 'active' AND r.actor IS NOT NULL),
away AS (
    SELECT d.actor, d.node, d.begins, sum(t.quantity) AS away
    FROM days d JOIN time_off t ON t.actor = d.actor AND t.period_start >= d.begins AND t.period_end <= d.ends
    GROUP BY ALL)
SELECT CAST(NULL AS VARCHAR) AS party, d.actor, d.hierarchy, d.node, d.first AS period_start, d.last AS period_end,
       CAST(greatest(e.n - b.n - coalesce(a.away, 0), 0) AS DECIMAL(18, 4)) AS quantity
FROM days d
JOIN working_day b ON b.date = d.begins - 1
JOIN working_day e ON e.date = d.ends
LEFT JOIN away a ON a.actor = d.actor AND a.node = d.node AND a.begins = d.begins
"""

# Sorted by market volume, the HCPs that write the first tenth of it are decile 10, the last tenth
# decile 1; equal volumes share a decile. The market is the product's basket, over the last year. Opted-out
# physicians are outside: what they write would shape the deciles of others.
HCP_DECILE = """
CREATE TABLE hcp_decile AS
WITH year AS (SELECT first, last FROM span WHERE kind = 'window' AND shift = 'current' AND win IN ('R52', 'R12', 'Y')),
volume AS (
    SELECT o.subject AS party, p.asked AS product, y.last, sum(o.quantity) AS volume
    FROM outcome o
    JOIN year y ON o.period_start >= y.first AND o.period_end <= y.last
    JOIN product_scope p ON p.product = o.product AND p.scope = 'basket' AND p.asked <> '*'
    WHERE NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = o.subject)
    GROUP BY ALL HAVING sum(o.quantity) > 0),
ranked AS (
    SELECT *, sum(volume) OVER (PARTITION BY product) AS total,
           coalesce(sum(volume) OVER (PARTITION BY product ORDER BY volume DESC
                                      GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS above
    FROM volume)
SELECT party, product, last AS period_start, last AS period_end,
       CAST(10 - floor(10 * above / total) AS BIGINT) AS quantity
FROM ranked
"""

LIKE_SCOPE = """
INSERT INTO product_scope
WITH reach AS (
    SELECT min(first) AS first, max(last) AS last FROM coverage WHERE fact = 'outcome' AND basket IS NOT NULL),
lasting AS (
    SELECT c.basket FROM coverage c, reach r WHERE c.fact = 'outcome' AND c.basket IS NOT NULL
    GROUP BY c.basket, r.first, r.last HAVING min(c.first) <= r.first AND max(c.last) >= r.last),
short AS (
    SELECT basket FROM coverage WHERE fact = 'outcome' AND basket IS NOT NULL
    AND basket NOT IN (SELECT basket FROM lasting))
SELECT scope, '*like', product FROM product_scope
WHERE asked = '*' AND EXISTS (SELECT 1 FROM lasting) AND EXISTS (SELECT 1 FROM short)
  AND (product = '' OR product IN (SELECT product FROM basket WHERE basket IN (SELECT basket FROM lasting)))
"""

STATEMENTS = (PRODUCT_SCOPE, LIKE_SCOPE, PLAN_PERIOD, SPEND_SHARE, DETAIL_WEIGHT, FIELD_DAY, HCP_DECILE)
