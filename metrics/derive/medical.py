"""The clock of medical information: when an answer is promised, and how long it took, in working hours."""

from __future__ import annotations

from datetime import date

# Hours promised for an answer, in working hours; a day has eight of them, from nine to five.
PROMISED_HOURS = {"standard": 40, "urgent": 8}
OPENS_AT, DAY_MINUTES = 9 * 60, 8 * 60

# A moment is turned into working minutes gone; the promised ones are added and the sum is turned back.
# The same turning tells how long an answer took. This is the engine's named operation business_hours.
INQUIRY_STATE = """
CREATE TABLE inquiry_state AS
WITH days AS (SELECT n, min(date) AS day FROM working_day GROUP BY n),
moments AS (
    SELECT received_at AS moment FROM inquiry
    UNION SELECT responded_at FROM inquiry WHERE responded_at IS NOT NULL),
gone AS (
    SELECT m.moment, CASE WHEN w.n > y.n
        THEN (w.n - 1) * $day + least(greatest(
             date_diff('minute', CAST(CAST(m.moment AS DATE) AS TIMESTAMP), m.moment) - $opens, 0), $day)
        ELSE w.n * $day END AS minutes
    FROM moments m
    JOIN working_day w ON w.date = CAST(m.moment AS DATE)
    JOIN working_day y ON y.date = CAST(m.moment AS DATE) - 1),
clock AS (
    SELECT i.inquiry, i.party, i.product, i.urgency, i.received_at, i.responded_at, i.due_at, i.period_start,
           i.period_end, i.quantity,
           g.minutes + CASE i.urgency WHEN 'urgent' THEN $urgent ELSE $standard END * 60 AS stop,
           r.minutes - g.minutes AS took
    FROM inquiry i JOIN gone g ON g.moment = i.received_at LEFT JOIN gone r ON r.moment = i.responded_at),
promised AS (
    SELECT c.*, coalesce(c.due_at, CAST(d.day AS TIMESTAMP)
               + to_minutes(CAST($opens + c.stop - (d.n - 1) * $day AS BIGINT))) AS promised_at
    FROM clock c LEFT JOIN days d ON d.n = CAST(ceil(c.stop / CAST($day AS DOUBLE)) AS BIGINT))
SELECT inquiry, party, product, urgency, received_at, responded_at, promised_at AS due_at,
       responded_at IS NULL AND promised_at <= CAST(CAST($as_of AS DATE) AS TIMESTAMP) AS overdue,
       CAST(took / 60.0 AS DECIMAL(18, 4)) AS hours, period_start, period_end, quantity
FROM promised
"""


def inquiry_values(as_of: date) -> dict[str, object]:
    """What the statement binds: the working day, the promises, and the day the data speaks for."""
    return {"opens": OPENS_AT, "day": DAY_MINUTES, "as_of": as_of, **PROMISED_HOURS}
