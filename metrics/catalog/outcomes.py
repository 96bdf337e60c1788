"""Outcome metrics: volume, share, evolution, goal, writers."""

from __future__ import annotations

from metrics.catalog.facts import DECILE, GOAL, OUTCOME, OUTCOME_BEFORE, OUTCOME_LOOKBACK
from metrics.declare import Measure, Metric, SubjectMeasure

TRX = Measure(name="trx", fact=OUTCOME, expr="sum(quantity)", doc="Prescriptions dispensed, new and refills.")
NRX = Measure(name="nrx", fact=OUTCOME, expr="sum(nrx)", doc="Dispensed under a new prescription number.")
OWN_TRX = Measure(
    name="own_trx", fact=OUTCOME, expr="sum(quantity)", scope="own", doc="TRx of the product asked for, or of all ours."
)
BASKET_TRX = Measure(
    name="basket_trx", fact=OUTCOME, expr="sum(quantity)", scope="basket", doc="TRx of every product in the basket."
)
GOAL_TRX = Measure(name="goal_trx", fact=GOAL, expr="sum(quantity)", scope="own", doc="TRx aimed for.")
SHARED_TRX = Measure(
    name="shared_trx",
    fact=OUTCOME,
    expr="sum(quantity)",
    scope="basket_own",
    doc="TRx of the product asked for, or of all ours, in baskets of two or more.",
)
WRITERS = SubjectMeasure(
    name="writers",
    inputs=(OWN_TRX,),
    expr="count(*) FILTER (WHERE own_trx >= 1)",
    doc="Subjects with at least one prescription.",
)

NBRX = Measure(name="nbrx", fact=OUTCOME, expr="sum(nbrx)", doc="First fills of the brand by patients new to it.")
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
        name="trx",
        title="TRx",
        band="outcome",
        unit="count",
        better="up",
        definition="All prescriptions dispensed, new and refills. Projected by the source, so it may be fractional.",
        formula="trx",
        measures=(TRX,),
        source="https://docs.oracle.com/cd/E35894_01/bia.7963/b66691/x_anyimp_configpharma.htm",
    ),
    Metric(
        name="nrx",
        title="NRx",
        band="outcome",
        unit="count",
        better="up",
        definition="Prescriptions dispensed under a new number. A renewal counts too: it is not a new patient.",
        formula="nrx",
        measures=(NRX,),
        source="http://www.pharmexec.com/real-time-response",
    ),
    Metric(
        name="market_trx",
        title="Market TRx",
        band="outcome",
        unit="count",
        definition="TRx of every product in the market basket, as the company defines its market.",
        formula="basket_trx",
        measures=(BASKET_TRX,),
    ),
    Metric(
        name="share",
        title="Market share",
        band="outcome",
        unit="percent",
        better="up",
        definition=(
            "TRx of the product over TRx of its market basket, same place and period, as a ratio of sums. "
            "Without a product: our products over their baskets. A basket of one product has no share."
        ),
        formula="100 * shared_trx / basket_trx",
        measures=(SHARED_TRX, BASKET_TRX),
        least=30,
    ),
    Metric(
        name="evolution_index",
        title="Evolution index",
        band="outcome",
        unit="index",
        better="up",
        definition=(
            "A hundred plus product growth over a hundred plus market growth, times 100: 100 = we grew as our market."
        ),
        formula="100 * (shared_trx * base(basket_trx)) / (base(shared_trx) * basket_trx)",
        measures=(SHARED_TRX, BASKET_TRX),
        source="https://pharmalyzer.at/en/sales-rep-overview",
    ),
    Metric(
        name="goal",
        title="Goal",
        band="outcome",
        unit="count",
        definition="TRx aimed for over the window; goals hang on subjects, so they roll up and mask like volume.",
        formula="goal_trx",
        measures=(GOAL_TRX,),
    ),
    Metric(
        name="goal_attainment",
        title="Goal attainment",
        band="outcome",
        unit="percent",
        better="up",
        definition="TRx of our products over the TRx aimed for in the same window.",
        formula="100 * own_trx / goal_trx",
        measures=(OWN_TRX, GOAL_TRX),
    ),
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
        name="nbrx",
        title="NBRx",
        band="outcome",
        unit="count",
        better="up",
        definition=(
            "First fills of the brand by patients with no history of it in the source's look-back. "
            "Gaps in the panel make patients look new: read its direction, not its sum."
        ),
        formula="nbrx",
        measures=(NBRX,),
        source="https://www.iqvia.com/locations/united-states/blogs/2022/10/five-things-to-know-about-using-nbrx",
    ),
    Metric(
        name="refills",
        title="Refills",
        band="outcome",
        unit="count",
        definition="TRx less NRx. Noise in a projection can make it negative.",
        formula="trx - nrx",
        measures=(TRX, NRX),
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
