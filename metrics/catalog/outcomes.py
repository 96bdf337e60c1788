"""Outcome metrics: volume, share, evolution, goal."""

from __future__ import annotations

from metrics.catalog.facts import GOAL, OUTCOME
from metrics.declare import Measure, Metric

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

UNITS = Measure(name="units", fact=OUTCOME, expr="sum(units)", doc="Quantity dispensed, or packs sold.")
NBRX = Measure(name="nbrx", fact=OUTCOME, expr="sum(nbrx)", doc="First fills of the brand by patients new to it.")

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
        name="units",
        title="Units",
        band="outcome",
        unit="count",
        better="up",
        definition=(
            "Quantity dispensed, in the source's unit (TQTY), or packs sold where the source tells sales. "
            "A long prescription and a short one differ here and count one each as TRx."
        ),
        formula="units",
        measures=(UNITS,),
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
)
