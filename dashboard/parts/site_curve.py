"""One site's or study's curve against plan, and how far the sites have come on the way to their first subject."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import drawn, words
from dashboard import site_sentences as say
from dashboard.charts import enrolment_curve
from dashboard.parts import page
from dashboard.parts.markup import bar, join, tag
from metrics.models.site_reading import SiteBook, SiteStory


def draw(book: SiteBook, story: SiteStory, study: str, site: str) -> None:
    """The chosen site's curve against its plan, or the study's."""
    curve = story.curve
    so_far = [each for each in curve if each["enrolled"] is not None]
    if not so_far:
        return page.notice("No subject has been enrolled or planned there yet.")
    last = next((each for each in reversed(curve) if each["high"] is not None), None)
    enrolled, planned = float(so_far[-1]["enrolled"]), float(so_far[-1]["planned"])
    of_site = [each for each in book.sites if each["site"] == site]
    waiting = sum(each["state"] == "planned" for each in book.sites if each["study"] == study)
    of_study = [each for each in book.studies if each["study"] == study]
    if of_site:
        finding = say.curve_title(say.short(of_site[0]["name"], study), enrolled, planned, last)
        under = str(of_site[0]["reason"] or "")
    else:
        finding, under = (
            say.study_title(of_study[0]),
            "Subjects so far against plan. " + say.open_sites_alone(int(of_study[0]["open"]), waiting),
        )
    labels = {
        "enrolled": "" if last else words.plain(enrolled),
        "planned": f"plan {words.plain(curve[-1]['planned'])}",
    }
    if last:
        labels["middle"] = (
            f"{words.plain(last['middle'])} ({words.plain(last['low'])}{words.DASH}{words.plain(last['high'])})"
        )
    theme = page.colours()
    spec = drawn.specification("enrolment_curve", theme.name, build=lambda: enrolment_curve.spec(theme))
    shaded = f" Shaded: 80{words.NARROW}% range." if last else ""
    page.finding(finding, f"{words.sentence(under)}{shaded}", name="op-curve")
    table = enrolment_curve.table(curve, labels, _ticks(curve), _tips(curve), _rules(so_far))
    st.vega_lite_chart(table, spec, theme=None, alt=enrolment_curve.alt_text(finding, labels))
    return None


def _ticks(curve: list[dict[str, Any]]) -> list[tuple[pd.Timestamp, str]]:
    starts = pd.date_range(curve[0]["day"], curve[-1]["day"], freq="QS")
    chosen = starts[:: max(1, -(-len(starts) // 5))]
    return [(at, f"{words.MONTHS[at.month - 1]} {at.year % 100:02d}") for at in chosen]


def _tips(curve: list[dict[str, Any]]) -> list[str]:
    told, locale = [], page.locale()
    for row in curve:
        day = say.as_date(row["day"])
        parts = [words.day(day, locale, year=True) if day else ""]
        parts += [f"{name} {words.plain(row[name])}" for name in ("enrolled", "planned") if words.known(row[name])]
        if words.known(row["high"]):
            parts.append(
                f"likely {words.plain(row['middle'])} ({words.plain(row['low'])} to {words.plain(row['high'])})"
            )
        told.append(" · ".join(parts))
    return told


def _rules(so_far: list[dict[str, Any]]) -> list[tuple[pd.Timestamp, str]]:
    known = pd.Timestamp(so_far[-1]["day"])
    return [(known, f"data to {words.day(known.date(), page.locale())}")]


def activation(story: SiteStory) -> None:
    """How many sites have come how far, with the median days since they were selected."""
    steps = {str(row["milestone"]): row for row in story.steps}
    if not steps:
        return
    counts = {name: int(row["sites"]) for name, row in steps.items()}
    most = max(counts.values())
    rows = []
    for name, row in steps.items():
        days = f"{words.plain(row['days'])} days" if words.known(row["days"]) and name != "selected" else ""
        rows.append(
            tag(
                "tr",
                tag("th", say.STEPS[name], scope="row"),
                tag("td", bar(counts[name], "sites", f"{counts[name]} of {most}", full=most), class_="op-k-goal"),
                tag("td", str(counts[name]), class_="op-k-number"),
                tag("td", days, class_="op-k-number op-quiet"),
            )
        )
    titles = (("Step", ""), ("", "op-k-goal"), ("Sites", "op-k-number"), ("Median from selection", "op-k-number"))
    heads = [tag("th", word, scope="col", class_=shape) for word, shape in titles]
    page.finding(say.activation_title(counts), name="op-activation")
    st.html(tag("table", tag("thead", tag("tr", *heads)), tag("tbody", join(rows)), class_="op-children op-steps"))
