"""Writer metrics: who writes, who is new, who lapsed, who grows, and who makes the volume."""

from __future__ import annotations

from metrics.catalog.facts import DECILE, OUTCOME_BEFORE, OUTCOME_LOOKBACK
from metrics.catalog.outcomes import OWN_TRX
from metrics.declare import Measure, Metric, SubjectMeasure

WRITERS = SubjectMeasure(
    name="writers",
    inputs=(OWN_TRX,),
    expr="count(*) FILTER (WHERE own_trx >= 1)",
    doc="Subjects with at least one prescription.",
)
TRX_BEFORE = Measure(
    name="trx_before", fact=OUTCOME_BEFORE, expr="sum(quantity)", scope="own", doc="TRx in the window just before."
)
TRX_BACK = Measure(
    name="trx_back", fact=OUTCOME_LOOKBACK, expr="sum(quantity)", scope="own", doc="TRx in the year before the window."
)
NEW_WRITERS = SubjectMeasure(
    name="new_writers",
    inputs=(OWN_TRX, TRX_BACK),
    expr="count(*) FILTER (WHERE own_trx >= 1 AND coalesce(trx_back, 0) = 0)",
    doc="Writers who wrote none in the year before.",
)
LAPSED_WRITERS = SubjectMeasure(
    name="lapsed_writers",
    inputs=(OWN_TRX, TRX_BEFORE),
    expr="count(*) FILTER (WHERE trx_before >= 1 AND coalesce(own_trx, 0) = 0)",
    doc="Writers of the window before who write none now.",
)
GROWERS = SubjectMeasure(
    name="growers",
    inputs=(OWN_TRX, TRX_BEFORE),
    expr="count(*) FILTER (WHERE trx_before > 0 AND own_trx > trx_before)",
    doc="Subjects who wrote before and write more now.",
)
DECLINERS = SubjectMeasure(
    name="decliners",
    inputs=(OWN_TRX, TRX_BEFORE),
    expr="count(*) FILTER (WHERE trx_before > 0 AND coalesce(own_trx, 0) < trx_before)",
    doc="Subjects who wrote before and write less now, or none.",
)
DECILES = Measure(name="volume_decile", fact=DECILE, expr="sum(quantity)", scope="named", doc="Volume decile.")
TOP_DECILE = SubjectMeasure(
    name="top_decile",
    inputs=(DECILES,),
    expr="count(*) FILTER (WHERE volume_decile >= 8)",
    doc="Subjects in volume deciles 8 to 10.",
)

METRICS = (
    Metric(
        name="writers",
        title="Writers",
        band="outcome",
        unit="count",
        better="up",
        definition="HCPs (or practices) with at least one prescription of the product, or of any of ours.",
        formula="writers",
        measures=(WRITERS,),
        zero=True,
    ),
    Metric(
        name="trx_per_writer",
        title="TRx per writer",
        band="outcome",
        unit="ratio",
        better="up",
        definition="TRx of our products over the HCPs (or practices) that wrote at least one: depth.",
        formula="own_trx / writers",
        measures=(OWN_TRX, WRITERS),
    ),
    Metric(
        name="new_writers",
        title="New writers",
        band="outcome",
        unit="count",
        better="up",
        definition="Writers of the window with no prescription of the product in the year before it.",
        formula="new_writers",
        measures=(NEW_WRITERS,),
        zero=True,
    ),
    Metric(
        name="lapsed_writers",
        title="Lapsed writers",
        band="outcome",
        unit="count",
        better="down",
        definition="Writers of the window just before with no prescription in this one.",
        formula="lapsed_writers",
        measures=(LAPSED_WRITERS,),
        zero=True,
    ),
    Metric(
        name="growers",
        title="Growers",
        band="outcome",
        unit="count",
        better="up",
        definition="HCPs (or practices) who wrote in the window before and write more in this one.",
        formula="growers",
        measures=(GROWERS,),
        zero=True,
    ),
    Metric(
        name="decliners",
        title="Decliners",
        band="outcome",
        unit="count",
        better="down",
        definition="HCPs (or practices) who wrote in the window before and write less, or nothing, in this one.",
        formula="decliners",
        measures=(DECLINERS,),
        zero=True,
    ),
    Metric(
        name="top_decile_hcps",
        title="HCPs in deciles 8 to 10",
        band="outcome",
        unit="count",
        definition=(
            "HCPs in volume deciles 8 to 10 of the product's market over the last year: sorted by volume, "
            "each decile holds a tenth of it, not a tenth of the HCPs. Name a product."
        ),
        formula="top_decile",
        measures=(TOP_DECILE,),
        source="PharmaSUG 2022, paper SA-104",
    ),
    Metric(
        name="volume_decile",
        title="Volume decile",
        band="outcome",
        unit="count",
        definition=(
            "10 for the HCPs who write the first tenth of the market's volume over the last year, 1 for the last. "
            "It belongs to one HCP and one product. Name a product."
        ),
        formula="volume_decile",
        measures=(DECILES,),
        source="PharmaSUG 2022, paper SA-104",
        rows_only=True,
    ),
)
