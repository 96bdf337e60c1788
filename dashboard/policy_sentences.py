"""What a policy and a change of it say, in sentences that a field manager understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metrics.catalog import METRICS
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES, WORDS
from metrics.declare import BANDS
from metrics.policy import DECLARED, EVERYBODY, Cell, Change, Policy, within
from metrics.policy_limits import limits_of
from metrics.policy_simulation import Effect, Simulation

GRANTS = {
    "Y": "row by row, in the own area",
    "A": "summed up, never row by row",
    "A from third": "summed up, from the third level up",
    "A from second": "summed up, from the second level up",
    "A from top": "summed up, at the top only",
    "E": "only that there was contact, and when",
    "N": "not shown",
}
OPT_OUTS = {
    "hidden": "hidden, and outside every prescription number",
    "totals": "counted in totals, never shown as a row",
    "shown": "shown",
}
SITES = {"rows": "site by site, to those who see sites", "summed": "summed up only, small counts of patients hidden"}
BANDS_SAID = {"outcome": "outcome", "field": "field", "media": "media", "medical": "medical", "sites": "site"}


def told(cell: Cell, value: str) -> str:
    """What a cell says, in words."""
    name = cell[1]
    if name == "small_cell":
        return f"from {value} persons on"
    return {"pdrp": OPT_OUTS, "site_counts": SITES}.get(name, GRANTS).get(value, value)


def about(cell: Cell) -> str:
    """What a cell is about: of what, for whom."""
    role, name = cell
    if role == EVERYBODY:
        return "Counts of persons" if name == "small_cell" else "Counts at sites"
    what = "Opted-out physicians" if name == "pdrp" else WORDS[name]
    return f"{what} for the {ROLES[role].word}"


def change(each: Change) -> str:
    """One change as a sentence with its reason, who and when."""
    why = f" Because: {each.reason.rstrip('.')}." if each.reason else ""
    moved = f"{about(each.cell)}: {told(each.cell, each.was)} → {told(each.cell, each.to)}."
    return f"{moved}{why} {each.who}, {each.day.isoformat()}."


def cells(moved: Sequence[Cell], before: Policy, after: Policy) -> list[str]:
    """Each cell that moved, as a sentence."""
    return [f"{about(each)}: {told(each, before.told(each))} → {told(each, after.told(each))}." for each in moved]


def headline(found: Simulation) -> str:
    """What a change comes to, in one sentence."""
    if not found.opened and not found.narrowed:
        return "It changes nothing."
    opens = [each for each in found.effects if each.opens or each.cues_opened]
    closes = [each for each in found.effects if each.closes or each.cues_closed]
    parts = []
    if opens:
        parts.append(f"opens something for {_visitors(len(opens))}")
    if closes:
        parts.append(f"closes something for {_visitors(len(closes))}")
    if not parts:
        named = "a visitor here" if found.effects else "anybody: no visitor is declared"
        return f"It moves {_counted(len(found.opened) + len(found.narrowed), 'cell')} and touches no number of {named}."
    return f"It {' and '.join(parts)}."


def effect(each: Effect, pages: tuple[Sequence[str], Sequence[str]] = ((), ())) -> list[str]:
    """What a change does to one visitor: metrics by level, cues, pages. `pages` are those that open and close."""
    said = [*_metrics("Opens", each.opens, each.after.units), *_metrics("Closes", each.closes, each.before.units)]
    if each.pdrp:
        was, will = (OPT_OUTS.get(told, "not shown") for told in each.pdrp)
        said.append(f"Opted-out physicians: {was} → {will}.")
    for verb, kinds in (("Opens", each.cues_opened), ("Closes", each.cues_closed)):
        if kinds:
            named = "; ".join(f"{count} × {_inside(CUES[kind].title)}" for kind, count in kinds.items())
            said.append(f"{verb} {_counted(sum(kinds.values()), 'cue')}: {named}.")
    for verb, titles in zip(("Opens", "Closes"), pages, strict=True):
        if titles:
            said.append(f"{verb} the page{'s' if len(titles) > 1 else ''} {', '.join(titles)}.")
    return said


def everybody(found: Simulation) -> list[str]:
    """What a change does to every visitor's numbers alike."""
    before, after = found.before, found.after
    said = []
    if before.least != after.least:
        names = {name for each in found.effects for name in each.after.small}
        said.append(
            f"Counts of fewer than {after.least} persons are hidden, where it was {before.least}: "
            f"{_counted(len(names), 'metric')} that somebody here sees summed up."
        )
    if before.site_counts != after.site_counts:
        said.append(f"Counts at sites: {SITES[before.site_counts]} → {SITES[after.site_counts]}.")
    return said


def _metrics(verb: str, by_level: Mapping[str, Sequence[str]], units: Mapping[str, int]) -> Iterable[str]:
    """One sentence a set of metrics: "Opens 9 media metrics by HCP (412)". Levels with the same set share it."""
    levels: dict[tuple[str, ...], list[str]] = {}
    for level, names in by_level.items():
        levels.setdefault(tuple(names), []).append(level)
    for names, where in levels.items():
        bands = [band for band in BANDS if any(METRICS[name].band == band for name in names)]
        kinds = " and ".join(BANDS_SAID[band] for band in bands)
        ordered = sorted(where, key=lambda each: units.get(each, 0))
        places = ", ".join(f"{level} ({units.get(level, 0):,})" for level in ordered)
        some = ", ".join(METRICS[name].title for name in names[:4])
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        yield f"{verb} {_counted(len(names), f'{kinds} metric')} by {places}: {some}{more}."


def limit(cell: Cell) -> str:
    """The most that a deployment may set for a cell, and why; nothing where it has no limit."""
    found = limits_of(cell)
    return "; ".join(f"{each.why} ({each.source})" for each in found)


def mark(cell: Cell, policy: Policy) -> str:
    """How a cell stands to what is declared: opened, narrowed, or as declared."""
    now, declared = policy.told(cell), DECLARED.told(cell)
    if now == declared:
        return ""
    return "narrowed" if within(cell, now, declared) else "opened"


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _visitors(number: int) -> str:
    return "one visitor" if number == 1 else f"{number:,} visitors"
