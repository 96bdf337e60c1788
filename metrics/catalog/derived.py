"""The tables that the build derives: their columns, and what each column gives away."""

from __future__ import annotations

from data.contract.table import AMOUNT, COUNT, DAY, FLAG, MOMENT, TEXT, Column, Table, period

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
        Column(
            name="hours", type=AMOUNT, doc="Working hours until the answer; empty while open.", sensitivity="inquiry"
        ),
        *period("inquiry"),
    ),
)

DETAIL_WEIGHT = Table(
    name="detail_weight",
    domain="field",
    grain="one row a product discussed with a person, with its weight by place in the call",
    key=("interaction", "product"),
    columns=(
        Column(name="interaction", type=TEXT, doc="Which interaction."),
        Column(name="party", type=TEXT, doc="Who was met.", sensitivity="field_activity"),
        Column(name="actor", type=TEXT, doc="Who did it.", sensitivity="field_activity"),
        Column(name="hierarchy", type=TEXT, doc="The actor's hierarchy.", sensitivity="field_activity"),
        Column(name="node", type=TEXT, doc="The actor's node.", sensitivity="field_activity"),
        Column(name="product", type=TEXT, doc="Product discussed."),
        *period("field_activity", AMOUNT, "Primary detail equivalents."),
    ),
)

FIELD_DAY = Table(
    name="field_day",
    domain="field",
    grain="one row a rep and outcome period: working days less time off",
    key=("actor", "node", "period_end"),
    columns=(
        Column(
            name="party",
            type=TEXT,
            doc="Always empty: a day belongs to nobody called on.",
            sensitivity="field_activity",
        ),
        Column(name="actor", type=TEXT, doc="The rep.", sensitivity="field_activity"),
        Column(name="hierarchy", type=TEXT, doc="The rep's hierarchy.", sensitivity="field_activity"),
        Column(name="node", type=TEXT, doc="The rep's node.", sensitivity="field_activity"),
        *period("field_activity", AMOUNT, "Days in the field."),
    ),
)

HCP_DECILE = Table(
    name="hcp_decile",
    domain="outcome",
    grain="one row a subject and product: volume decile in the product's market over the last year",
    key=("party", "product"),
    columns=(
        Column(name="party", type=TEXT, doc="Whose decile.", sensitivity="rx"),
        Column(name="product", type=TEXT, doc="Product whose market it is."),
        *period("rx", COUNT, "Decile, 10 for the HCPs who write the first tenth of the volume."),
    ),
)

SITE_DAY = Table(
    name="site_day",
    domain="site",
    grain="one row a site and outcome period: days open to enrolment",
    key=("site", "period_end"),
    columns=(
        Column(name="site", type=TEXT, doc="Which site.", sensitivity="site"),
        Column(name="study", type=TEXT, doc="Which study."),
        *period("site", AMOUNT, "Days open."),
    ),
)

ACTIVATION_STEP = Table(
    name="activation_step",
    domain="site",
    grain="one row a site and finished step of its activation, by the day it ended",
    key=("site", "step"),
    columns=(
        Column(name="site", type=TEXT, doc="Which site.", sensitivity="site"),
        Column(name="study", type=TEXT, doc="Which study."),
        Column(name="step", type=TEXT, doc="contract, approval, activation or first_subject.", sensitivity="site"),
        *period("site", AMOUNT, "Days the step took."),
    ),
)

CONSENT_NOW = Table(
    name="consent_now",
    domain="privacy",
    grain="one row a person, channel and own product of which something is known: what holds on the day of the data",
    key=("party", "channel", "product"),
    columns=(
        Column(name="party", type=TEXT, doc="Who.", sensitivity="consent"),
        Column(name="channel", type=TEXT, doc="email, tracking, phone ...", sensitivity="consent"),
        Column(name="product", type=TEXT, doc="Own product."),
        Column(name="opt", type=TEXT, doc="The latest choice: in, out, or none on record.", sensitivity="consent"),
        Column(name="captured", type=DAY, doc="Its day.", sensitivity="consent"),
        Column(name="expires", type=DAY, doc="Its last day.", sensitivity="consent"),
        Column(name="rule", type=TEXT, doc="What holds where nothing is on record.", sensitivity="consent"),
        *period("consent", COUNT, "1 where it holds, 0 where it does not."),
    ),
)

DERIVED: dict[str, Table] = {
    table.name: table
    for table in (
        PLAN_PERIOD, SPEND_SHARE, INQUIRY_STATE, SITE_STATE, DETAIL_WEIGHT, FIELD_DAY, HCP_DECILE, SITE_DAY,
        ACTIVATION_STEP, CONSENT_NOW,
    )
}  # fmt: skip
