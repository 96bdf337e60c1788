"""What each consent says on the day of the data, product by product: one rule for metrics and cues alike.

The latest choice captured for a product, or for all of them, holds. Of two choices of one day the one that allows
less holds, because an export's day has no hour that two time zones would agree on. A consent whose last day is gone
must be asked for anew. Where nothing is on record, the account's own rule decides; without one an opt-in is required.
"""

from __future__ import annotations

CONSENT_NOW = """
CREATE TABLE consent_now AS
WITH today AS (SELECT as_of, anchor FROM build_info),
mine AS (SELECT product FROM product WHERE own),
said AS (
    SELECT c.party, c.channel, m.product, c.opt, c.captured, c.expires
    FROM consent c, today t, mine m
    WHERE c.captured <= t.as_of AND (c.product IS NULL OR c.product = m.product)
    QUALIFY row_number() OVER (
        PARTITION BY c.party, c.channel, m.product ORDER BY c.captured DESC, c.opt DESC, c.expires NULLS LAST) = 1),
known AS (SELECT party, channel FROM said UNION SELECT party, channel FROM consent_rule)
SELECT k.party, k.channel, m.product, s.opt, s.captured, s.expires, coalesce(r.rule, 'opt_in_required') AS rule,
       t.anchor AS period_start, t.anchor AS period_end,
       CAST(CASE WHEN r.rule = 'never' OR s.opt = 'out' THEN FALSE
                 WHEN s.opt = 'in' THEN coalesce(s.expires >= t.as_of, TRUE)
                 ELSE coalesce(r.rule = 'opt_in_not_required', FALSE) END AS BIGINT) AS quantity
FROM known k CROSS JOIN mine m CROSS JOIN today t
LEFT JOIN said s ON s.party = k.party AND s.channel = k.channel AND s.product = m.product
LEFT JOIN consent_rule r ON r.party = k.party AND r.channel = k.channel
"""

STATEMENTS = (CONSENT_NOW,)
