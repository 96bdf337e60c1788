"""Field: what reps did, what they were to do, and when they were away."""

from __future__ import annotations

from data.contract.table import AMOUNT, COUNT, TEXT, Column, Table, period

_WHERE = (
    Column(name="actor", type=TEXT, doc="Opaque id of who did it.", sensitivity="field_activity"),
    Column(name="hierarchy", type=TEXT, doc="The actor's hierarchy.", sensitivity="field_activity"),
    Column(name="node", type=TEXT, doc="The actor's node on that date.", sensitivity="field_activity"),
)

CHANNELS = ("in_person", "phone", "video", "email", "chat", "other")

INTERACTION = Table(
    name="interaction",
    domain="field",
    grain="one row a person met in a submitted call; a group call's header is left out",
    key=("interaction",),
    columns=(
        Column(name="interaction", type=TEXT, doc="Its id.", required=True),
        Column(name="call_id", type=TEXT, doc="The call; a group call's people share it.", required=True),
        Column(name="party", type=TEXT, doc="Who was met.", sensitivity="field_activity", required=True),
        *_WHERE,
        Column(name="product", type=TEXT, doc="Product detailed first; empty when none was."),
        Column(name="channel", type=TEXT, doc="How.", sensitivity="field_activity", allowed=CHANNELS),
        *period("field_activity"),
        Column(name="submitted", type="DATE", doc="Day it was submitted.", sensitivity="field_activity"),
    ),
)

DETAIL = Table(
    name="detail",
    domain="field",
    grain="one row a product discussed with a person in a submitted call",
    key=("interaction", "product"),
    columns=(
        Column(name="interaction", type=TEXT, doc="Which interaction.", required=True),
        Column(name="call_id", type=TEXT, doc="Which call.", required=True),
        Column(name="party", type=TEXT, doc="Who was met.", sensitivity="field_activity", required=True),
        *_WHERE,
        Column(name="product", type=TEXT, doc="Product discussed.", required=True),
        Column(
            name="position",
            type=COUNT,
            doc="1 = first; weighs the primary detail equivalents.",
            sensitivity="field_activity",
        ),
        *period("field_activity"),
    ),
)

MESSAGE = Table(
    name="message",
    domain="field",
    grain="one row a key message shown to a person in a submitted call",
    key=("shown",),
    columns=(
        Column(name="shown", type=TEXT, doc="Its id.", required=True),
        Column(name="interaction", type=TEXT, doc="Which interaction.", required=True),
        Column(name="call_id", type=TEXT, doc="Which call.", required=True),
        Column(name="party", type=TEXT, doc="Who was met.", sensitivity="field_activity", required=True),
        *_WHERE,
        Column(name="product", type=TEXT, doc="Product it speaks of."),
        Column(name="message", type=TEXT, doc="Which message.", sensitivity="field_activity", required=True),
        Column(
            name="reaction",
            type=TEXT,
            doc="How it was received, as the rep noted it.",
            sensitivity="field_activity",
            allowed=("positive", "neutral", "negative"),
        ),
        *period("field_activity"),
    ),
)

ATTENDANCE = Table(
    name="attendance",
    domain="field",
    grain="one row a person who attended an event of the field",
    key=("attendance",),
    columns=(
        Column(name="attendance", type=TEXT, doc="Its id.", required=True),
        Column(name="event", type=TEXT, doc="Which event.", sensitivity="field_activity", required=True),
        Column(name="party", type=TEXT, doc="Who attended.", sensitivity="field_activity", required=True),
        *_WHERE,
        Column(name="product", type=TEXT, doc="Product the event was about."),
        *period("field_activity"),
    ),
)

SAMPLE = Table(
    name="sample",
    domain="field",
    grain="one row a sample product left with a person",
    key=("sample",),
    columns=(
        Column(name="sample", type=TEXT, doc="Its id.", required=True),
        Column(name="party", type=TEXT, doc="Who received it.", sensitivity="field_activity", required=True),
        *_WHERE,
        Column(name="product", type=TEXT, doc="Product sampled.", required=True),
        *period("field_activity", COUNT, "Units left."),
    ),
)

TIME_OFF = Table(
    name="time_off",
    domain="field",
    grain="one row an absence of a field person",
    key=("actor", "period_start"),
    columns=(
        Column(name="actor", type=TEXT, doc="Who was away.", sensitivity="field_activity", required=True),
        Column(name="hierarchy", type=TEXT, doc="The actor's hierarchy.", sensitivity="field_activity"),
        Column(name="node", type=TEXT, doc="The actor's node.", sensitivity="field_activity"),
        *period("field_activity", AMOUNT, "Working days away."),
    ),
)

PLAN = Table(
    name="plan",
    domain="field",
    grain="one row a target, node, product, channel and cycle: calls planned",
    key=("party", "node", "product", "channel", "cycle"),
    columns=(
        Column(name="party", type=TEXT, doc="The target.", sensitivity="targeting", required=True),
        Column(name="hierarchy", type=TEXT, doc="The planner's hierarchy.", sensitivity="targeting"),
        Column(name="node", type=TEXT, doc="The territory that planned.", sensitivity="targeting"),
        Column(name="product", type=TEXT, doc="Product planned for."),
        Column(name="channel", type=TEXT, doc="Channel planned; empty = any call."),
        Column(name="cycle", type=TEXT, doc="The plan cycle's name.", sensitivity="targeting", required=True),
        Column(name="tier", type=TEXT, doc="A, B, C: the target's tier for the product.", sensitivity="targeting"),
        *period("targeting", AMOUNT, "Calls planned over the whole cycle."),
    ),
)

TABLES = (INTERACTION, DETAIL, MESSAGE, SAMPLE, ATTENDANCE, TIME_OFF, PLAN)
