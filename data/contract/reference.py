"""Reference tables: who and what there is, how it hangs together, and what was loaded."""

from __future__ import annotations

from data.contract.table import AMOUNT, DAY, FLAG, PLACE, TEXT, Column, Table

PARTY = Table(
    name="party",
    domain="reference",
    grain="one row a person or organisation, by its opaque id; names and outside ids live in the people store",
    key=("party",),
    columns=(
        Column(name="party", type=TEXT, doc="Opaque id; for a published organisation its public code.", required=True),
        Column(
            name="kind",
            type=TEXT,
            doc="What it is; erased = a clinician nobody knows any more, who counts and is shown nowhere.",
            required=True,
            allowed=("hcp", "hco", "site", "brick", "outlet", "practice", "erased"),
        ),
        Column(name="label", type=TEXT, doc="Name of an organisation; never of a person.", address=True),
        Column(name="specialty", type=TEXT, doc="Specialty in the source's words."),
        Column(name="city", type=TEXT, doc="City of an organisation.", address=True),
        Column(name="state", type=TEXT, doc="State or province code of an organisation.", address=True),
        Column(name="postcode", type=TEXT, doc="ZIP or postcode of an organisation, as text.", address=True),
        Column(name="latitude", type=PLACE, doc="Degrees north of an organisation.", address=True),
        Column(name="longitude", type=PLACE, doc="Degrees east of an organisation.", address=True),
        Column(name="access", type=TEXT, doc="Whether the HCP receives reps.", allowed=("open", "limited", "none")),
        Column(name="investigator", type=FLAG, doc="Whether the person is an investigator in a study."),
    ),
)

AFFILIATION = Table(
    name="affiliation",
    domain="reference",
    grain="one row a person or organisation in another organisation, dated",
    key=("party", "parent", "from_date"),
    columns=(
        Column(name="party", type=TEXT, doc="The member.", required=True),
        Column(name="parent", type=TEXT, doc="The organisation it belongs to.", required=True),
        Column(name="from_date", type=DAY, doc="First day; empty = always."),
        Column(name="to_date", type=DAY, doc="Last day; empty = still."),
    ),
)

HIERARCHY = Table(
    name="hierarchy",
    domain="reference",
    grain="one row a way to cut the company from the top to the leaf",
    key=("hierarchy",),
    columns=(
        Column(name="hierarchy", type=TEXT, doc="Its id.", required=True),
        Column(
            name="kind",
            type=TEXT,
            doc="Who is organised by it.",
            required=True,
            allowed=("field", "overlay", "medical", "study", "geography"),
        ),
        Column(name="name", type=TEXT, doc="Its name in the company's words.", required=True),
        Column(name="levels", type=TEXT, doc="Level names from the top down, joined by ' > '.", required=True),
        Column(
            name="subject", type=TEXT, doc="The word for what hangs below a leaf: HCP, practice, site.", required=True
        ),
        Column(name="subject_kinds", type=TEXT, doc="Party kinds it covers, joined by commas.", required=True),
    ),
)

NODE = Table(
    name="node",
    domain="reference",
    grain="one row a box of a hierarchy",
    key=("hierarchy", "node"),
    columns=(
        Column(name="hierarchy", type=TEXT, doc="Which hierarchy.", required=True),
        Column(name="node", type=TEXT, doc="Its id, unique in the workspace.", required=True),
        Column(name="level", type=TEXT, doc="The level it stands at.", required=True),
        Column(name="parent", type=TEXT, doc="The node above; empty at the top, or where it is unknown."),
        Column(name="name", type=TEXT, doc="Its name."),
    ),
)

ALIGNMENT = Table(
    name="alignment",
    domain="reference",
    grain="one row a subject in a leaf of a hierarchy for a team, dated",
    key=("subject", "hierarchy", "node", "team", "from_date"),
    columns=(
        Column(name="subject_kind", type=TEXT, doc="hcp, practice, site, brick ...", required=True),
        Column(name="subject", type=TEXT, doc="The party, brick or site.", required=True),
        Column(name="hierarchy", type=TEXT, doc="Which hierarchy.", required=True),
        Column(name="node", type=TEXT, doc="The leaf it is aligned to.", required=True),
        Column(name="team", type=TEXT, doc="core, or the overlay team's name.", required=True),
        Column(
            name="split", type=AMOUNT, doc="Share of the subject that counts here; the splits of a subject sum to 1."
        ),
        Column(name="from_date", type=DAY, doc="First day; empty = always."),
        Column(name="to_date", type=DAY, doc="Last day; empty = still."),
    ),
)

ROSTER = Table(
    name="roster",
    domain="reference",
    grain="one row a person in a role at a node, dated; a vacancy is a row with no actor",
    key=("hierarchy", "node", "role", "from_date"),
    columns=(
        Column(name="actor", type=TEXT, doc="Opaque id of the person; empty while vacant."),
        Column(
            name="role",
            type=TEXT,
            doc="rep, district_manager, regional_director, national_leader, msl ...",
            required=True,
        ),
        Column(name="hierarchy", type=TEXT, doc="Which hierarchy.", required=True),
        Column(name="node", type=TEXT, doc="Where the person sits.", required=True),
        Column(name="team", type=TEXT, doc="core, or the overlay team's name."),
        Column(
            name="status",
            type=TEXT,
            doc="active, leave or vacant.",
            required=True,
            allowed=("active", "leave", "vacant"),
        ),
        Column(name="from_date", type=DAY, doc="First day; empty = always."),
        Column(name="to_date", type=DAY, doc="Last day; empty = still."),
    ),
)

PRODUCT = Table(
    name="product",
    domain="reference",
    grain="one row a product",
    key=("product",),
    columns=(
        Column(name="product", type=TEXT, doc="Its id.", required=True),
        Column(name="name", type=TEXT, doc="Its name.", required=True),
        Column(name="own", type=FLAG, doc="Whether it is ours.", required=True),
    ),
)

BASKET = Table(
    name="basket",
    domain="reference",
    grain="one row a product in a market basket, as the company defines its market",
    key=("basket", "product"),
    columns=(
        Column(name="basket", type=TEXT, doc="The market's id.", required=True),
        Column(name="product", type=TEXT, doc="A product in it.", required=True),
        Column(name="name", type=TEXT, doc="The market's name."),
    ),
)

CALENDAR = Table(
    name="calendar",
    domain="reference",
    grain="one row a country and day",
    key=("country", "date"),
    columns=(
        Column(name="country", type=TEXT, doc="Country code.", required=True),
        Column(name="date", type=DAY, doc="The day.", required=True),
        Column(name="working", type=FLAG, doc="Whether the field works that day.", required=True),
    ),
)

ANNOTATION = Table(
    name="annotation",
    domain="reference",
    grain="one row a dated event worth a mark on a chart",
    key=("date", "hierarchy", "node", "product", "text"),
    columns=(
        Column(name="date", type=DAY, doc="When.", required=True),
        Column(name="hierarchy", type=TEXT, doc="Which hierarchy, or empty for all."),
        Column(name="node", type=TEXT, doc="Where, or empty for everywhere."),
        Column(name="product", type=TEXT, doc="Which product, or empty for all."),
        Column(name="text", type=TEXT, doc="What happened, in a few words.", required=True),
    ),
)

COVERAGE = Table(
    name="coverage",
    domain="reference",
    grain="one row a feed and market basket: what span it covers, and how",
    key=("feed", "fact", "basket"),
    columns=(
        Column(name="feed", type=TEXT, doc="Layout and source it came by.", required=True),
        Column(name="fact", type=TEXT, doc="The table it fills.", required=True),
        Column(name="basket", type=TEXT, doc="The market, or empty for all."),
        Column(
            name="grain",
            type=TEXT,
            doc="day, week, month or year.",
            required=True,
            allowed=("day", "week", "month", "year"),
        ),
        Column(name="first", type=DAY, doc="First day with rows."),
        Column(name="last", type=DAY, doc="Last day with rows."),
        Column(name="complete_from", type=DAY, doc="First day from which every row is in."),
        Column(
            name="absent",
            type=TEXT,
            doc="What a missing row means: zero (the source leaves zeros out) or unknown.",
            allowed=("zero", "unknown"),
        ),
        Column(name="published", type=FLAG, doc="Published openly: no small-cell rule of ours applies."),
    ),
)

TABLES = (
    PARTY,
    AFFILIATION,
    HIERARCHY,
    NODE,
    ALIGNMENT,
    ROSTER,
    PRODUCT,
    BASKET,
    CALENDAR,
    ANNOTATION,
    COVERAGE,
)
