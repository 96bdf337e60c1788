"""The exact bridge of a visit: what the change is made of."""

from __future__ import annotations

import streamlit as st

from dashboard import drawn, sentences, words
from dashboard.cache import Steps
from dashboard.charts import bridge as chart
from dashboard.parts import page
from dashboard.session import Visit
from dashboard.words import Locale
from metrics.alignment import CURRENT

ENDS = ("start", "end")


def factors(steps: Steps) -> dict[str, float]:
    """The parts of the change by name."""
    return {name: quantity for name, quantity in steps if name not in ENDS}


def draw(visit: Visit, title: str, steps: Steps, *, quiet: bool) -> None:
    """The bridge, or the sentence that says why there is none."""
    if visit.compare is None:
        page.finding(f"Why {title} moved", name="op-bridge")
        return page.notice("Choose a comparison above to see what the change is made of.")
    if visit.alignment != CURRENT:
        page.finding(f"Why {title} moved", name="op-bridge")
        return page.notice("Why it moved is told at today's alignment: choose it above.")
    if not steps:
        page.finding(f"Why {title} moved", name="op-bridge")
        return page.notice(f"Nothing is loaded to compare with the {words.compared(visit.compare, visit.window)}.")
    locale, theme = page.locale(), page.colours()
    quantities = [quantity for _, quantity in steps]
    labels = _labels(visit, [name for name, _ in steps])
    said = _words(quantities, locale)
    table = chart.table(labels, quantities, said)
    finding = sentences.bridge_title(title, quantities[0], quantities[-1], quiet=quiet, locale=locale)
    cut = chart.floor_of(table["end"].to_pylist())
    under = "Exact: the parts add up"
    page.finding(
        finding, f"{under}; bars cut below {words.compact(cut, locale)}" if cut > 0 else under, name="op-bridge"
    )
    spec = drawn.specification("bridge", theme.name, len(labels), build=lambda: chart.spec(theme, len(labels)))
    st.vega_lite_chart(table, spec, theme=None, alt=chart.alt_text(finding, labels, said))
    return None


def _labels(visit: Visit, names: list[str]) -> list[str]:
    window = words.window(visit.window)
    ends = {
        "start": "Last year" if visit.compare == "year" else f"Previous {window}",
        "end": f"This {window}",
    }
    return [ends.get(name) or sentences.factor_name(name) for name in names]


def _words(quantities: list[float], locale: Locale) -> list[str]:
    first, *steps, last = quantities
    return [
        words.compact(first, locale),
        *(words.signed(step, 0, locale) for step in steps),
        words.compact(last, locale),
    ]
