"""The facts: contract tables seen as something countable, and the three tables that the build derives."""

from __future__ import annotations

from data.contract import CONTRACT
from data.contract.table import AMOUNT, FLAG, MOMENT, TEXT, Column, Table, period
from metrics.declare import Fact

PLAN_PERIOD = Table(
    name="plan_period",
    domain="field",
    grain="one row a target, product and outcome period: planned calls, spread over the cycle's working days",
    key=("party", "product", "period_end"),
    columns=(
        Column(name="party", type=TEXT, doc="The target.", sensitivity="targeting"),
        Column(name="product", type=TEXT, doc="Product planned for."),
        Column(name="tier", type=TEXT, doc="Tier of the target.", sensitivity="targeting"),
        *period("targeting", AMOUNT, "Calls planned for the period's working days."),
    ),
)

SPEND_SHARE = Table(
    name="spend_share",
    domain="media",
    grain="one row a person (or nobody known), product and outcome period: spend allocated by impressions",
    key=("party", "product", "currency", "period_end"),
    columns=(
        Column(name="party", type=TEXT, doc="Who was shown the impressions.", sensitivity="media_exposure"),
        Column(name="product", type=TEXT, doc="Product advertised."),
        Column(name="currency", type=TEXT, doc="ISO code.", sensitivity="media_spend"),
        *period("media_spend", AMOUNT, "Amount, allocated by impressions."),
    ),
)

SITE_STATE = Table(
    name="site_state",
    domain="site",
    grain="one row a site and day judged: the recruitment model's verdict",
    key=("site", "period_end"),
    columns=(
        Column(name="site", type=TEXT, doc="Which site.", sensitivity="site"),
        Column(name="study", type=TEXT, doc="Which study."),
        Column(name="is_open", type=FLAG, doc="Whether it is open to enrolment that day.", sensitivity="site"),
        Column(name="flag", type=FLAG, doc="Whether the evidence says it enrols too slowly.", sensitivity="site"),
        Column(
            name="on_track", type=FLAG, doc="Whether it is open and not behind plan beyond doubt.", sensitivity="site"
        ),
        *period("site"),
    ),
)

INQUIRY_STATE = Table(
    name="inquiry_state",
    domain="medical",
    grain="one row a question to medical information, with the moment its answer is promised",
    key=("inquiry",),
    columns=(
        Column(name="inquiry", type=TEXT, doc="Its id."),
        Column(name="party", type=TEXT, doc="Who asked.", sensitivity="inquiry"),
        Column(name="product", type=TEXT, doc="Product asked about."),
        Column(name="urgency", type=TEXT, doc="standard or urgent.", sensitivity="inquiry"),
        Column(name="received_at", type=MOMENT, doc="When the clinician asked.", sensitivity="inquiry"),
        Column(name="responded_at", type=MOMENT, doc="When the answer left.", sensitivity="inquiry"),
        Column(name="due_at", type=MOMENT, doc="When the answer is promised, in working hours.", sensitivity="inquiry"),
        Column(name="overdue", type=FLAG, doc="Open past that moment, on the day of the data.", sensitivity="inquiry"),
        *period("inquiry"),
    ),
)

DERIVED: dict[str, Table] = {table.name: table for table in (PLAN_PERIOD, SPEND_SHARE, INQUIRY_STATE, SITE_STATE)}

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

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        OUTCOME, GOAL, INTERACTION, CONTACT, PLAN, SAMPLE, EXPOSURE, SPEND, EXCHANGE, ENGAGED, EXPERT_PLAN, INQUIRY,
        INQUIRY_TO_DATE, ENROLMENT, ENROLMENT_TO_DATE, SITES,
    )
}  # fmt: skip
