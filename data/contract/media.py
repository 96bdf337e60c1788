"""Media: who was shown or sent what, and what it cost. A rep-sent e-mail lives here and is never a call."""

from __future__ import annotations

from data.contract.table import AMOUNT, FLAG, TEXT, Column, Table, period

EXPOSURE = Table(
    name="exposure",
    domain="media",
    grain="one row a person (or nobody known), placement and day: impressions, clicks, e-mails sent, opened, clicked",
    key=("exposure",),
    columns=(
        Column(name="exposure", type=TEXT, doc="Its id.", required=True),
        Column(
            name="party", type=TEXT, doc="Who; empty when the vendor's id matched nobody.", sensitivity="media_exposure"
        ),
        Column(name="vendor", type=TEXT, doc="Vendor or system.", sensitivity="media_exposure", required=True),
        Column(name="campaign", type=TEXT, doc="Campaign.", sensitivity="media_exposure"),
        Column(
            name="channel",
            type=TEXT,
            doc="display, video, email, rep_email, social, search, endemic.",
            sensitivity="media_exposure",
            required=True,
            allowed=("display", "video", "email", "rep_email", "social", "search", "endemic"),
        ),
        Column(name="product", type=TEXT, doc="Product advertised."),
        Column(
            name="event",
            type=TEXT,
            doc="impression, click, visit; for e-mail sent, delivered, opened, clicked.",
            sensitivity="media_exposure",
            required=True,
            allowed=("impression", "click", "visit", "sent", "delivered", "opened", "clicked", "unsubscribed"),
        ),
        *period("media_exposure"),
        Column(name="actor", type=TEXT, doc="Sender of a rep-sent e-mail.", sensitivity="media_exposure"),
        Column(
            name="tracking",
            type=FLAG,
            doc="Whether the person agreed to be tracked: without it an open or click counts in totals alone.",
            sensitivity="media_exposure",
        ),
    ),
)

SPEND = Table(
    name="spend",
    domain="media",
    grain="one row a campaign, channel, product and month: money spent",
    key=("vendor", "campaign", "channel", "product", "period_start"),
    columns=(
        Column(name="vendor", type=TEXT, doc="Vendor.", sensitivity="media_spend", required=True),
        Column(name="campaign", type=TEXT, doc="Campaign.", sensitivity="media_spend", required=True),
        Column(name="channel", type=TEXT, doc="Channel.", sensitivity="media_spend", required=True),
        Column(name="product", type=TEXT, doc="Product advertised."),
        *period("media_spend", AMOUNT, "Amount spent."),
        Column(
            name="currency",
            type=TEXT,
            doc="ISO code; sums across currencies are refused.",
            sensitivity="media_spend",
            required=True,
        ),
    ),
)

TABLES = (EXPOSURE, SPEND)
