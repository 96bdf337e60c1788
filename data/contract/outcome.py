"""Outcome: what was prescribed, and what was hoped for."""

from __future__ import annotations

from data.contract.table import AMOUNT, COUNT, TEXT, Column, Table, period

OUTCOME = Table(
    name="outcome",
    domain="outcome",
    grain="one row a subject, product, payer and period: prescriptions dispensed; a missing row is not a zero",
    key=("subject", "product", "payer", "period_start", "period_end"),
    columns=(
        Column(name="subject_kind", type=TEXT, doc="hcp, practice, hco, brick or outlet.", required=True),
        Column(name="subject", type=TEXT, doc="Whose prescriptions.", sensitivity="rx", required=True),
        Column(name="product", type=TEXT, doc="Product dispensed.", required=True),
        Column(name="payer", type=TEXT, doc="Payer, where the source tells."),
        *period("rx", AMOUNT, "TRx: prescriptions dispensed, new and refills; projected, so it may be fractional."),
        Column(name="nrx", type=AMOUNT, doc="NRx: dispensed under a new prescription number.", sensitivity="rx"),
        Column(name="nbrx", type=AMOUNT, doc="NBRx: first fill of the brand by a patient new to it.", sensitivity="rx"),
        Column(name="units", type=AMOUNT, doc="Quantity dispensed (TQTY).", sensitivity="rx"),
        Column(name="cost", type=AMOUNT, doc="Cost of what was dispensed, in the source's currency.", sensitivity="rx"),
        Column(
            name="below",
            type=COUNT,
            doc="Where the source hid a small count, the number it lies below: the quantity is then a floor.",
            sensitivity="rx",
        ),
    ),
)

GOAL = Table(
    name="goal",
    domain="outcome",
    grain="one row a subject, product and period: TRx aimed for; on subjects, so it rolls up and masks like volume",
    key=("subject", "product", "period_start", "period_end"),
    columns=(
        Column(name="subject_kind", type=TEXT, doc="hcp, practice, brick ...", required=True),
        Column(name="subject", type=TEXT, doc="Whose goal.", sensitivity="rx", required=True),
        Column(name="product", type=TEXT, doc="Product.", required=True),
        *period("rx", AMOUNT, "TRx aimed for."),
    ),
)

TABLES = (OUTCOME, GOAL)
