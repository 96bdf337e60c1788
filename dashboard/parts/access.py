"""What a role sees and does not, as cards and sentences; and for the steward the grid, its changes, the simulator."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import access_sentences as say
from dashboard import policy_sentences as policy_say
from dashboard.offered import pages_between
from dashboard.parts.markup import Markup, join, tag
from metrics.catalog.roles import ROLES, WORDS
from metrics.policy import EVERYBODY, GUARDED, SETTINGS, Cell, Policy
from metrics.policy_simulation import Effect, Simulation
from metrics.rights import Grid, Right, Rights

ICONS = {"Y": "●", "A": "◐", "E": "○", "N": "–"}
SHORT = {"national_leader": "National", "brand_lead": "Brand", "regional_director": "Region", "district_manager":
         "District", "rep": "Rep", "msl": "MSL", "medical_director": "Med. dir.", "site_manager": "Sites",
         "steward": "Steward"}  # fmt: skip


def both(found: Rights) -> Markup:
    """What is seen, what is not and why, and where the visitor stands: three columns."""
    seen = [right for right in found.rights if right.seen]
    hidden = [right for right in found.rights if not right.seen]
    columns = (
        tag("div", tag("h2", "You see"), tag("ul", *map(_seen, seen)), class_="op-band op-b-field"),
        tag("div", tag("h2", "You do not see, and why"), tag("ul", *map(_hidden, hidden)), class_="op-band"),
        tag(
            "div",
            tag("h2", "Where and how far"),
            tag("ul", *[tag("li", tag("p", each)) for each in say.stands(found)]),
            class_="op-band",
        ),
    )
    return tag("section", *columns, class_="op-rights", aria_label="What you may know")


def _seen(right: Right) -> Markup:
    icon = tag("span", ICONS[right.grant.how], class_="op-icon", aria_hidden="true")
    count = tag("span", say.counted(right), class_="op-note")
    limit = tag("p", say.why(right), class_="op-note") if right.grant.how == "A" else None
    return tag("li", tag("p", icon, tag("b", f" {WORDS[right.name]}"), f": {say.how(right)}"), count, limit)


def _hidden(right: Right) -> Markup:
    source = say.source(right)
    public = tag("details", tag("summary", "Public source"), tag("p", source), class_="op-why") if source else None
    extra = f": {say.how(right)}" if right.grant.how == "E" else ""
    return tag("li", tag("p", tag("b", WORDS[right.name]), extra), tag("p", say.why(right), class_="op-note"), public)


def grid(found: Grid) -> Markup:
    """The grid as a table: a row a kind of data, a column a role; what this deployment changed is marked."""
    roles = [tag("th", SHORT.get(name, name), scope="col", title=role.title) for name, role in ROLES.items()]
    head = tag("tr", tag("th", "Kind of data", scope="col"), *roles)
    rows = [_row(name, WORDS[name], found.policy) for name in GUARDED]
    rows.append(_row("pdrp", "Opted-out physicians", found.policy))
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="op-children op-grid")
    everybody = [
        tag("li", f"{policy_say.about(cell)}: {policy_say.told(cell, found.policy.told(cell))}.")
        for cell in ((EVERYBODY, name) for name in SETTINGS)
    ]
    key = tag(
        "p",
        "Y row by row in the own area · A summed up, “A 2nd” from the second level up · "
        "E only that there was contact · N never. Marked: what this deployment opened (▲) or narrowed (▼).",
        class_="op-under",
    )
    scroll = tag("div", table, class_="op-scroll", tabindex="0", role="region", aria_label="The access grid")
    return tag("section", key, scroll, tag("ul", *everybody, class_="op-quiet"))


_CELLS = {"A from second": "A 2nd", "A from third": "A 3rd", "A from top": "A top"}


def _row(name: str, words: str, policy: Policy) -> Markup:
    return tag("tr", tag("th", words, scope="row"), *[_cell((role, name), policy) for role in ROLES])


def _cell(cell: Cell, policy: Policy) -> Markup:
    told, mark = policy.told(cell), policy_say.mark(cell, policy)
    shown = _CELLS.get(told, told)
    icon = {"opened": " ▲", "narrowed": " ▼"}.get(mark, "")
    tone = {"opened": "op-concern", "narrowed": "op-improvement"}.get(mark, "op-quiet" if told == "N" else None)
    words = ": ".join(filter(None, (policy_say.told(cell, told), say.mark_words(mark))))
    unseen = tag("span", f" ({say.mark_words(mark)})", class_="op-unseen") if mark else None
    return tag("td", f"{shown}{icon}", unseen, class_=tone, title=words)


def changes(found: Grid) -> Markup:
    """What this deployment changed, each with its reason, by whom and when."""
    if not found.policy.changes:
        return tag("p", "This deployment changed nothing of what is declared.", class_="op-quiet")
    return tag("ul", *[_card(policy_say.change(each), each.opens) for each in found.policy.changes], class_="op-made")


def _card(words: str, opens: bool) -> Markup:
    tone = "op-t-concern" if opens else "op-t-improvement"
    mark = tag("span", "▲ Opens" if opens else "▼ Narrows", class_="op-change op-quiet")
    return tag("li", mark, tag("p", words), class_=f"op-card {tone}")


def simulation(found: Simulation) -> Markup:
    """What a change would do: in one sentence, cell by cell, then visitor by visitor."""
    cells = [
        *(_card(each, True) for each in policy_say.cells(found.opened, found.before, found.after)),
        *(_card(each, False) for each in policy_say.cells(found.narrowed, found.before, found.after)),
    ]
    everybody = [tag("p", each, class_="op-under") for each in policy_say.everybody(found)]
    rows = [_effect(each) for each in found.touched]
    table = (
        tag("table", _folded(), tag("tbody", *rows), class_="op-children op-who", aria_label="For whom")
        if rows
        else None
    )
    title = tag("h3", policy_say.headline(found), class_="op-verdict", role="status")
    command = tag("code", "onepicture policy apply FILE")
    last = tag("p", "Nothing was changed. ", command, " makes the change.", class_="op-under")
    return tag("section", title, tag("ul", *cells, class_="op-made"), *everybody, table, last)


def _folded() -> Markup:
    return tag("thead", tag("tr", tag("th", "Visitor", scope="col"), tag("th", "What changes", scope="col")))


def _effect(each: Effect) -> Markup:
    title = ROLES[each.visitor.role].title if each.visitor.role in ROLES else each.visitor.role
    who = each.visitor.name or each.visitor.id
    lines: Sequence[str] = policy_say.effect(each, pages_between(each.before.role, each.after.role))
    name = tag("th", who, tag("span", title, class_="op-note op-block") if title != who else None, scope="row")
    return tag("tr", name, tag("td", join([tag("p", line) for line in lines]), class_="op-k-words"))


def held(words: str) -> Markup:
    """The finding that the file is not what was applied."""
    return tag("p", words, class_="op-said", role="status")
