"""The facts: contract tables, and tables the build derives from them, seen as something countable."""

from __future__ import annotations

from data.contract import CONTRACT
from metrics.catalog.derived import (
    ACTIVATION_STEP,
    CONSENT_NOW,
    DETAIL_WEIGHT,
    FIELD_DAY,
    HCP_DECILE,
    INQUIRY_STATE,
    PLAN_PERIOD,
    SITE_DAY,
    SITE_STATE,
    SPEND_SHARE,
)  # fmt: skip
from metrics.fact import Fact

_INQUIRY_COLUMNS = (
    "inquiry.party", "inquiry.urgency", "inquiry.received_at", "inquiry.responded_at", "inquiry.due_at",
)  # fmt: skip

OUTCOME = Fact(
    name="outcome", table=CONTRACT["outcome"], subject="subject", product="product", doc="Prescriptions dispensed."
)
GOAL = Fact(name="goal", table=CONTRACT["goal"], subject="subject", product="product", doc="Prescriptions aimed for.")
INTERACTION = Fact(
    name="interaction",
    table=CONTRACT["interaction"],
    subject="party",
    product="product",
    place="actor",
    doc="Persons met in submitted calls.",
)
CONTACT = Fact(
    name="contact",
    table=CONTRACT["interaction"],
    subject="party",
    product="product",
    doc="Persons met in submitted calls, counted where the person is aligned.",
)
PLAN = Fact(
    name="plan",
    table=PLAN_PERIOD,
    subject="party",
    product="product",
    derived_from=("plan.party", "plan.product", "plan.tier", "plan.quantity", "plan.period_start", "calendar.date"),
    doc="Calls planned, by working day.",
)
SAMPLE = Fact(
    name="sample", table=CONTRACT["sample"], subject="party", product="product", place="actor", doc="Samples left."
)
MESSAGE = Fact(
    name="message", table=CONTRACT["message"], subject="party", product="product", place="actor",
    doc="Key messages given in calls.",
)  # fmt: skip
HEARD = Fact(
    name="heard",
    table=CONTRACT["message"],
    subject="party",
    product="product",
    doc="Key messages given in calls, counted where the person is aligned.",
)
ATTENDANCE = Fact(
    name="attendance", table=CONTRACT["attendance"], subject="party", product="product", place="actor",
    doc="Persons at events of the field.",
)  # fmt: skip
ATTENDED = Fact(
    name="attended",
    table=CONTRACT["attendance"],
    subject="party",
    product="product",
    doc="Persons at events of the field, counted where they are aligned.",
)
EXPOSURE = Fact(
    name="exposure", table=CONTRACT["exposure"], subject="party", product="product", doc="Media and e-mail exposure."
)
SPEND = Fact(
    name="spend",
    table=SPEND_SHARE,
    subject="party",
    product="product",
    derived_from=(
        "spend.vendor",
        "spend.campaign",
        "spend.channel",
        "spend.product",
        "spend.currency",
        "spend.quantity",
        "exposure.vendor",
        "exposure.campaign",
        "exposure.channel",
        "exposure.party",
        "exposure.quantity",
    ),
    doc="Media spend, allocated by impressions.",
)
EXCHANGE = Fact(
    name="exchange", table=CONTRACT["exchange"], subject="party", place="actor", doc="Scientific exchanges of MSLs."
)
ENGAGED = Fact(
    name="engaged",
    table=CONTRACT["exchange"],
    subject="party",
    doc="Scientific exchanges, counted where the expert is aligned.",
)
EXPERT_PLAN = Fact(
    name="expert_plan",
    table=CONTRACT["expert_plan"],
    subject="party",
    time="overlap",
    doc="Experts on the medical plan.",
)
INQUIRY = Fact(
    name="inquiry",
    table=INQUIRY_STATE,
    subject="party",
    product="product",
    derived_from=_INQUIRY_COLUMNS,
    doc="Questions to medical information, by the day they were asked.",
)
INQUIRY_TO_DATE = Fact(
    name="inquiry_to_date",
    table=INQUIRY_STATE,
    subject="party",
    product="product",
    derived_from=_INQUIRY_COLUMNS,
    time="to_date",
    doc="Questions to medical information asked so far.",
)
ENROLMENT = Fact(name="enrolment", table=CONTRACT["enrolment"], subject="site", doc="Subjects at sites in the window.")
ENROLMENT_TO_DATE = Fact(
    name="enrolment_to_date",
    table=CONTRACT["enrolment"],
    subject="site",
    time="to_date",
    doc="Subjects at sites since the study began.",
)
SITES = Fact(
    name="site_state",
    table=SITE_STATE,
    subject="site",
    time="state",
    derived_from=("site.activated", "site.closed", "site.plan_rate", "enrolment.quantity"),
    doc="The recruitment model's verdict on the window's last day.",
)

OUTCOME_BEFORE = Fact(
    name="outcome_before",
    table=CONTRACT["outcome"],
    subject="subject",
    product="product",
    time="before",
    doc="Prescriptions dispensed in the window just before.",
)
OUTCOME_LOOKBACK = Fact(
    name="outcome_lookback",
    table=CONTRACT["outcome"],
    subject="subject",
    product="product",
    time="lookback",
    doc="Prescriptions dispensed in the year before the window.",
)
DECILE = Fact(
    name="decile",
    table=HCP_DECILE,
    subject="party",
    product="product",
    time="state",
    derived_from=("outcome.subject", "outcome.quantity", "outcome.period_end"),
    latest=True,
    doc="Volume decile in the product's market, on the last day of the data.",
)
DETAIL = Fact(
    name="detail",
    table=DETAIL_WEIGHT,
    subject="party",
    product="product",
    place="actor",
    derived_from=("detail.position", "detail.party"),
    doc="Products discussed in calls.",
)
DAYS = Fact(
    name="field_day",
    table=FIELD_DAY,
    subject="party",
    place="actor",
    derived_from=("time_off.quantity", "time_off.actor", "roster.actor"),
    doc="Days that reps were in the field.",
)
CONGRESS = Fact(
    name="congress", table=CONTRACT["congress"], subject="party", doc="Expert meetings planned at congresses."
)
INSIGHT = Fact(name="insight", table=CONTRACT["insight"], subject="party", doc="Insights that MSLs recorded.")
SITE_DAYS = Fact(
    name="site_day",
    table=SITE_DAY,
    subject="site",
    derived_from=("site.activated", "site.closed"),
    doc="Days that sites were open to enrolment.",
)
SITE_DAYS_TO_DATE = Fact(
    name="site_day_to_date",
    table=SITE_DAY,
    subject="site",
    time="to_date",
    derived_from=("site.activated", "site.closed"),
    doc="Days that sites have been open so far.",
)
ACTIVATION = Fact(
    name="activation_step",
    table=ACTIVATION_STEP,
    subject="site",
    time="to_date",
    derived_from=("milestone.actual",),
    doc="Steps of site activation finished so far.",
)

CONSENT = Fact(
    name="consent",
    table=CONSENT_NOW,
    subject="party",
    product="product",
    time="state",
    derived_from=("consent.party", "consent.opt", "consent.captured", "consent.expires", "consent_rule.rule"),
    latest=True,
    doc="Consents, on the last day of the data.",
)

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        OUTCOME, GOAL, INTERACTION, CONTACT, PLAN, SAMPLE, MESSAGE, HEARD, ATTENDANCE, ATTENDED, EXPOSURE,
        SPEND, EXCHANGE, ENGAGED, EXPERT_PLAN, INQUIRY, INQUIRY_TO_DATE, ENROLMENT, ENROLMENT_TO_DATE, SITES,
        OUTCOME_BEFORE, OUTCOME_LOOKBACK, DECILE, DETAIL, DAYS, CONGRESS, INSIGHT, SITE_DAYS,
        SITE_DAYS_TO_DATE, ACTIVATION, CONSENT,
    )
}  # fmt: skip
