"""Medical: scientific exchange, expert plans, congresses, inquiries, insights. Behind the wall."""

from __future__ import annotations

from data.contract.table import AMOUNT, FLAG, MOMENT, TEXT, Column, Table, period

_WHERE = (
    Column(name="actor", type=TEXT, doc="Opaque id of the MSL.", sensitivity="medical_exchange"),
    Column(name="hierarchy", type=TEXT, doc="The MSL's hierarchy.", sensitivity="medical_exchange"),
    Column(name="node", type=TEXT, doc="The MSL's node on that date.", sensitivity="medical_exchange"),
)

EXCHANGE = Table(
    name="exchange",
    domain="medical",
    grain="one row a person in a scientific exchange with an MSL",
    key=("exchange",),
    columns=(
        Column(name="exchange", type=TEXT, doc="Its id.", required=True),
        Column(name="party", type=TEXT, doc="Who.", sensitivity="medical_exchange", required=True),
        *_WHERE,
        Column(name="channel", type=TEXT, doc="How.", sensitivity="medical_exchange"),
        Column(name="reactive", type=FLAG, doc="Whether the person asked for it.", sensitivity="medical_exchange"),
        Column(name="topic", type=TEXT, doc="Topic code.", sensitivity="scientific_content"),
        *period("medical_exchange"),
    ),
)

EXPERT_PLAN = Table(
    name="expert_plan",
    domain="medical",
    grain="one row an expert on the medical plan of a cycle, with a scientific tier, never a prescribing one",
    key=("party", "node", "cycle"),
    columns=(
        Column(name="party", type=TEXT, doc="The expert.", sensitivity="medical_exchange", required=True),
        Column(name="hierarchy", type=TEXT, doc="The planner's hierarchy.", sensitivity="medical_exchange"),
        Column(name="node", type=TEXT, doc="The MSL territory that planned.", sensitivity="medical_exchange"),
        Column(name="cycle", type=TEXT, doc="The plan cycle's name.", required=True),
        Column(
            name="tier",
            type=TEXT,
            doc="Scientific tier: international, national, regional.",
            sensitivity="medical_exchange",
        ),
        *period("medical_exchange", AMOUNT, "Exchanges planned."),
    ),
)

CONGRESS = Table(
    name="congress",
    domain="medical",
    grain="one row an expert meeting planned at a congress",
    key=("congress", "party"),
    columns=(
        Column(name="congress", type=TEXT, doc="Which congress.", required=True),
        Column(name="party", type=TEXT, doc="Which expert.", sensitivity="medical_exchange", required=True),
        *_WHERE,
        Column(name="held", type=FLAG, doc="Whether the meeting took place.", sensitivity="medical_exchange"),
        *period("medical_exchange"),
    ),
)

INQUIRY = Table(
    name="inquiry",
    domain="medical",
    grain="one row a question a clinician put to medical information",
    key=("inquiry",),
    columns=(
        Column(name="inquiry", type=TEXT, doc="Its id.", required=True),
        Column(name="party", type=TEXT, doc="Who asked.", sensitivity="inquiry"),
        *(Column(name=column.name, type=TEXT, doc=column.doc, sensitivity="inquiry") for column in _WHERE),
        Column(name="product", type=TEXT, doc="Product asked about."),
        Column(name="topic", type=TEXT, doc="Topic code.", sensitivity="scientific_content"),
        Column(
            name="on_label",
            type=TEXT,
            doc="yes, no or unknown.",
            sensitivity="scientific_content",
            allowed=("yes", "no", "unknown"),
        ),
        Column(
            name="urgency",
            type=TEXT,
            doc="standard or urgent; sets the hours promised.",
            sensitivity="inquiry",
            allowed=("standard", "urgent"),
        ),
        Column(name="received_at", type=MOMENT, doc="When the clinician asked.", sensitivity="inquiry", required=True),
        Column(name="responded_at", type=MOMENT, doc="When the answer left; empty while open.", sensitivity="inquiry"),
        Column(
            name="due_at",
            type=MOMENT,
            doc="When the answer is promised, counted in working time.",
            sensitivity="inquiry",
        ),
        *period("inquiry"),
    ),
)

INSIGHT = Table(
    name="insight",
    domain="medical",
    grain="one row an insight an MSL recorded, as codes",
    key=("insight",),
    columns=(
        Column(name="insight", type=TEXT, doc="Its id.", required=True),
        Column(name="party", type=TEXT, doc="From whom.", sensitivity="scientific_content"),
        *_WHERE,
        Column(name="topic", type=TEXT, doc="Topic code.", sensitivity="scientific_content"),
        Column(name="actionable", type=FLAG, doc="Whether it was judged actionable.", sensitivity="scientific_content"),
        Column(
            name="decision", type=TEXT, doc="Reference of the decision it changed.", sensitivity="scientific_content"
        ),
        *period("scientific_content"),
    ),
)

TABLES = (EXCHANGE, EXPERT_PLAN, CONGRESS, INQUIRY, INSIGHT)
