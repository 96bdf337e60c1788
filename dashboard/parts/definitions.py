"""One metric's definition with everything behind it, and the list of all that the visitor may know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard import words
from dashboard.parts import page
from dashboard.parts.markup import Markup, join, tag
from dashboard.parts.numbers import TITLES
from dashboard.session import Visit
from metrics.declare import BANDS, Metric
from metrics.definitions import Definition, FeedNow

PAGE = "definitions"
BETTER = {"up": "higher is better", "down": "lower is better", None: "no direction is better"}
UNITS = {"count": "a count", "percent": "percent", "index": "an index, 100 is level", "money": "an amount of money",
         "ratio": "a ratio"}  # fmt: skip


def link(visit: Visit) -> Callable[[str], str]:
    """The address of a metric's definition, with the visit's own state."""
    return lambda metric: visit.address(PAGE, metric=metric, study=None, site=None, q=None)


def definition(found: Definition) -> Markup:
    """The definition as three columns: what it is, where it comes from, who may see it; and its SQL."""
    metric = found.metric
    columns = tag("div", _what(found), _whence(found), _who(found), class_="op-define")
    sql = tag(
        "details",
        tag("summary", "The SQL it becomes"),
        tag(
            "p",
            "Values are bound, never written into the text: $hierarchy, $within, $win and so on.",
            class_="op-under",
        ),
        tag("pre", tag("code", found.sql), tabindex="0", role="region", aria_label=f"SQL of {metric.title}"),
        class_="op-more op-sql",
    )
    return tag("section", columns, sql, class_=f"op-b-{metric.band} op-band op-definition", aria_label=metric.title)


def _what(found: Definition) -> Markup:
    metric, parts = found.metric, found.explanation.measures
    terms = [
        join([tag("dt", name.replace("_", " ")), tag("dd", doc, tag("code", expr, class_="op-expr"))])
        for name, expr, doc in parts
    ]
    return tag(
        "div",
        tag("h2", "How it is counted"),
        tag("p", tag("code", metric.formula, class_="op-formula")),
        tag("dl", *terms),
    )


def _whence(found: Definition) -> Markup:
    metric, meaning = found.metric, found.explanation
    least = (
        f"A denominator of at least {metric.least}; below it the cell reads “too few to say”." if metric.least else ""
    )
    rows = [
        ("Unit", f"{UNITS[metric.unit]}; {BETTER[metric.better]}"),
        ("Evidence", least or "No minimum: every count is shown, small cells of persons apart."),
        ("Tables", ", ".join(meaning.tables)),
        ("Public source", meaning.source),
    ]
    terms = [join([tag("dt", label), tag("dd", text)]) for label, text in rows if text]
    feeds = tag("ul", *[tag("li", _feed(each)) for each in found.feeds]) if found.feeds else tag("p", "Not loaded.")
    return tag("div", tag("h2", "Where it comes from now"), feeds, tag("dl", *terms))


def _feed(feed: FeedNow) -> Markup:
    age = words.age(feed.age_days) if feed.age_days is not None else ""
    last = f"to {words.day(feed.last, page.locale(), year=True)}, {age}" if feed.last else "no dated rows"
    return join([tag("b", feed.feed), tag("span", f" fills {feed.fact.replace('_', ' ')}, {last}", class_="op-quiet")])


def _who(found: Definition) -> Markup:
    rows = [
        tag("tr", tag("th", role, scope="row"), tag("td", how, class_="op-quiet" if how == "not shown" else None))
        for role, how in found.seen_by
    ]
    return tag("div", tag("h2", "Who may see it"), tag("table", tag("tbody", *rows), class_="op-children op-who"))


def catalogue(visit: Visit, metrics: Sequence[Metric], chosen: str) -> Markup:
    """Every metric as a link, one column a band."""
    bands = [band for band in BANDS if any(metric.band == band for metric in metrics)]
    columns = [
        tag(
            "div",
            tag("h2", TITLES[band]),
            tag("ul", *[_link(visit, metric, chosen) for metric in metrics if metric.band == band]),
            class_=f"op-band op-b-{band}",
        )
        for band in bands
    ]
    wide = f"--op-wide:repeat({max(len(bands), 1)}, minmax(0, 1fr))"
    return tag("nav", join(columns), class_="op-strip op-catalogue", style=wide, aria_label="Every metric")


def _link(visit: Visit, metric: Metric, chosen: str) -> Markup:
    here = metric.name == chosen
    shape, where = "op-go op-defined", visit.address(PAGE, metric=metric.name, study=None, site=None)
    words_of = tag(
        "a",
        metric.title,
        href=where,
        title=metric.definition,
        class_=f"{shape} op-is" if here else shape,
        aria_current="page" if here else None,
    )
    return tag("li", words_of)


def not_shown(reasons: Sequence[str]) -> Markup:
    """What the role may not see, by its name and reason; never a number or a metric of it."""
    if not reasons:
        return Markup("")
    items = [tag("li", reason) for reason in reasons]
    return tag("section", tag("h2", "Not shown to you", class_="op-finding"), tag("ul", *items, class_="op-quiet"))
