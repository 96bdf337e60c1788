"""Privacy: consents, and physicians whose prescribing may not be shown to the field (PDRP)."""

from __future__ import annotations

from data.contract.table import DAY, FLAG, TEXT, Column, Table

CONSENT = Table(
    name="consent",
    domain="privacy",
    grain="one row a person, channel and product: a consent captured, with its expiry",
    key=("party", "channel", "product", "captured", "opt"),
    columns=(
        Column(name="party", type=TEXT, doc="Who.", sensitivity="consent", required=True),
        Column(name="channel", type=TEXT, doc="email, tracking, phone ...", sensitivity="consent", required=True),
        Column(name="product", type=TEXT, doc="Product, or empty for all."),
        Column(name="opt", type=TEXT, doc="in or out.", sensitivity="consent", required=True, allowed=("in", "out")),
        Column(name="captured", type=DAY, doc="Day it was given or withdrawn.", sensitivity="consent", required=True),
        Column(name="expires", type=DAY, doc="Last day it holds; empty = it never ends.", sensitivity="consent"),
    ),
)

CONSENT_RULE = Table(
    name="consent_rule",
    domain="privacy",
    grain="one row a person and channel: what holds where no consent is on record",
    key=("party", "channel"),
    columns=(
        Column(name="party", type=TEXT, doc="Who.", sensitivity="consent", required=True),
        Column(name="channel", type=TEXT, doc="email, phone ...", sensitivity="consent", required=True),
        Column(
            name="rule",
            type=TEXT,
            doc="opt_in_required, opt_in_not_required, or never; without a row an opt-in is required.",
            sensitivity="consent",
            required=True,
            allowed=("opt_in_required", "opt_in_not_required", "never"),
        ),
    ),
)

PDRP = Table(
    name="pdrp",
    domain="privacy",
    grain="one row a physician's choice under the AMA Physician Data Restriction Program, dated",
    key=("party", "from_date"),
    columns=(
        Column(name="party", type=TEXT, doc="Who.", sensitivity="privacy", required=True),
        Column(
            name="opted_out",
            type=FLAG,
            doc="True = prescribing may not be shown to reps and their managers.",
            sensitivity="privacy",
            required=True,
        ),
        Column(name="from_date", type=DAY, doc="First day.", sensitivity="privacy", required=True),
        Column(name="to_date", type=DAY, doc="Last day; empty = still.", sensitivity="privacy"),
        Column(name="listed", type=DAY, doc="Day of the list or export that says so.", sensitivity="privacy"),
    ),
)

TABLES = (CONSENT, CONSENT_RULE, PDRP)
