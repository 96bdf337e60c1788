"""Sites: studies, their sites, milestones and enrolment."""

from __future__ import annotations

from data.contract.table import AMOUNT, COUNT, DAY, TEXT, Column, Table, period

STUDY = Table(
    name="study",
    domain="site",
    grain="one row a study",
    key=("study",),
    columns=(
        Column(name="study", type=TEXT, doc="Its id.", required=True),
        Column(name="name", type=TEXT, doc="Its name.", required=True),
        Column(name="phase", type=TEXT, doc="Phase."),
        Column(name="status", type=TEXT, doc="Status in the source's words.", sensitivity="site"),
        Column(name="target", type=COUNT, doc="Subjects to enrol.", sensitivity="site"),
        Column(name="start", type=DAY, doc="First site opened.", sensitivity="site"),
        Column(name="finish", type=DAY, doc="Day enrolment is planned to finish.", sensitivity="site"),
    ),
)

SITE = Table(
    name="site",
    domain="site",
    grain="one row a study at a site; the site is a party of kind site",
    key=("site",),
    columns=(
        Column(name="site", type=TEXT, doc="The party id of this study at this site.", required=True),
        Column(name="study", type=TEXT, doc="Which study.", required=True),
        Column(name="country", type=TEXT, doc="Country code."),
        Column(name="status", type=TEXT, doc="planned, open, closed or as the source says.", sensitivity="site"),
        Column(name="activated", type=DAY, doc="Day the site opened to enrolment.", sensitivity="site"),
        Column(name="closed", type=DAY, doc="Day it closed; empty while open.", sensitivity="site"),
        Column(name="target", type=COUNT, doc="Subjects promised.", sensitivity="site"),
        Column(name="plan_rate", type=AMOUNT, doc="Subjects a week by plan once open.", sensitivity="site"),
        Column(name="investigator", type=TEXT, doc="Party id of the principal investigator.", sensitivity="site"),
    ),
)

MILESTONE = Table(
    name="milestone",
    domain="site",
    grain="one row a site and milestone of its activation",
    key=("site", "milestone"),
    columns=(
        Column(name="site", type=TEXT, doc="Which site.", required=True),
        Column(
            name="milestone",
            type=TEXT,
            doc="selected, contract_sent, contract_executed, submitted, approved, activated, first_enrolled.",
            required=True,
        ),
        Column(name="planned", type=DAY, doc="Planned day.", sensitivity="site"),
        Column(name="actual", type=DAY, doc="Actual day; empty while open.", sensitivity="site"),
    ),
)

ENROLMENT = Table(
    name="enrolment",
    domain="site",
    grain="one row a site, period, event and reason: subjects, actual or planned",
    key=("site", "event", "basis", "reason", "period_start", "period_end"),
    columns=(
        Column(name="site", type=TEXT, doc="Which site.", sensitivity="site", required=True),
        Column(name="study", type=TEXT, doc="Which study.", required=True),
        Column(
            name="event",
            type=TEXT,
            doc="What happened to the subjects.",
            sensitivity="site",
            required=True,
            allowed=("screened", "screen_failed", "enrolled", "randomised", "dropped", "completed"),
        ),
        Column(
            name="basis",
            type=TEXT,
            doc="actual, planned or forecast.",
            sensitivity="site",
            required=True,
            allowed=("actual", "planned", "forecast"),
        ),
        Column(name="reason", type=TEXT, doc="Coded reason, for failures and drop-outs.", sensitivity="site"),
        *period("site", AMOUNT, "Subjects."),
    ),
)

TABLES = (STUDY, SITE, MILESTONE, ENROLMENT)
