"""What the build derives for sites: days open to enrolment, and how long each step of activation took."""

from __future__ import annotations

SITE_DAY = """
CREATE TABLE site_day AS
SELECT i.site, i.study, s.first AS period_start, s.last AS period_end,
       CAST(date_diff('day', greatest(s.first, i.activated), least(s.last, coalesce(i.closed, s.last))) + 1
            AS DECIMAL(18, 4)) AS quantity
FROM site i
JOIN span s ON s.kind = 'period' AND i.activated <= s.last AND coalesce(i.closed, s.last) >= s.first
"""

ACTIVATION_STEP = """
CREATE TABLE activation_step AS
WITH step(step, begins, ends) AS (
    VALUES ('contract', 'contract_sent', 'contract_executed'), ('approval', 'submitted', 'approved'),
           ('activation', 'selected', 'activated'), ('first_subject', 'activated', 'first_enrolled'))
SELECT b.site, i.study, s.step, e.actual AS period_start, e.actual AS period_end,
       CAST(date_diff('day', b.actual, e.actual) AS DECIMAL(18, 4)) AS quantity
FROM step s
JOIN milestone b ON b.milestone = s.begins
JOIN milestone e ON e.milestone = s.ends AND e.site = b.site
JOIN site i ON i.site = b.site
WHERE b.actual IS NOT NULL AND e.actual IS NOT NULL
"""

STATEMENTS = (SITE_DAY, ACTIVATION_STEP)
